"""Twenty stories of what was known when: each asks for one day, with what was known then and with what is known today.

In the tiny council a child moves from Alpha to Beta at the conference, if one was needed and unless the record is known not
to be up to date. A story is what was recorded on which day, for which day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kb.case import make_case
from kb.errors import InputError
from kb.register.store import Store
from queries.register import answering, change
from queries.register.history import history
from queries.register.importing import Source, import_cases
from queries.register.known import find_child, known
from tests.register.tiny import POLICY, Clock, made, told

ALPHA, BETA, OPEN, NOTHING = "alpha", "beta", None, "nothing known"
#: What is recorded first in every story, on 5 September for that day.
START = {"team_on_record": "alpha", "icpc_required": True}
HELD = {"icpc_held_on": "2024-09-10"}


@dataclass(frozen=True)
class Step:
    """Something that was recorded: on which day, for which day, what, and whether a person said it or data did."""

    on: str
    facts: Mapping[str, Any]
    day: str = ""
    data: bool = False
    undoes: int = 0  # the step that is taken back, from 1; 0: none


@dataclass(frozen=True)
class Story:
    """`as_of` and `known_on` are what is asked; `then` is the team from what was known then, `today` from all that is known."""

    name: str
    steps: Sequence[Step]
    as_of: str
    known_on: str
    then: str | None
    today: str | None


def said(on: str, day: str = "", **facts: Any) -> Step:
    return Step(on, facts, day)


def read(on: str, day: str = "", **facts: Any) -> Step:
    return Step(on, facts, day, data=True)


STORIES = (
    Story("the conference was recorded five days late", [said("2024-09-15", **HELD)], "2024-09-12", "2024-09-12", ALPHA, BETA),
    Story("it was recorded on its day", [said("2024-09-10", **HELD)], "2024-09-12", "2024-09-12", BETA, BETA),
    Story("the day before it nothing had moved", [said("2024-09-10", **HELD)], "2024-09-09", "2024-09-20", ALPHA, ALPHA),
    Story(
        "a wrong day was put right later",
        [said("2024-09-10", **HELD), said("2024-09-20", icpc_held_on="2024-09-18")],
        "2024-09-12",
        "2024-09-12",
        BETA,
        ALPHA,
    ),
    Story(
        "a recording was taken back",
        [said("2024-09-10", **HELD), Step("2024-09-20", {}, undoes=1)],
        "2024-09-12",
        "2024-09-15",
        BETA,
        ALPHA,
    ),
    Story(
        "the record was found wanting later: a gate without a day speaks of the move whose event has happened (law 6)",
        [said("2024-09-10", **HELD), said("2024-09-20", record_up_to_date=False)],
        "2024-09-12",
        "2024-09-12",
        BETA,
        ALPHA,
    ),
    Story(
        "the record was not up to date, and was put right after the conference",
        [said("2024-09-10", record_up_to_date=False, **HELD), said("2024-09-16", record_up_to_date=True)],
        "2024-09-18",
        "2024-09-12",
        ALPHA,
        BETA,
    ),
    Story(
        "nobody knew whether a conference was needed until it was said",
        [
            said("2024-09-05", icpc_required=None),
            said("2024-09-10", **HELD),
            said("2024-09-14", "2024-09-05", icpc_required=True),
        ],
        "2024-09-12",
        "2024-09-12",
        OPEN,
        BETA,
    ),
    Story(
        "what was known became not known",
        [said("2024-09-10", **HELD), said("2024-09-14", icpc_required=None)],
        "2024-09-16",
        "2024-09-12",
        BETA,
        OPEN,
    ),
    Story(
        "no conference was needed after all",
        [said("2024-09-10", **HELD), said("2024-09-14", day="2024-09-05", icpc_required=False)],
        "2024-09-12",
        "2024-09-12",
        BETA,
        ALPHA,
    ),
    Story("data brought it later than it happened", [read("2024-09-22", **HELD)], "2024-09-12", "2024-09-20", ALPHA, BETA),
    Story(
        "data say otherwise than a person: the person stands",
        [said("2024-09-11", icpc_held_on=False), read("2024-09-15", **HELD)],
        "2024-09-16",
        "2024-09-16",
        ALPHA,
        ALPHA,
    ),
    Story(
        "a person corrects data",
        [read("2024-09-11", **HELD), said("2024-09-15", icpc_held_on=False)],
        "2024-09-16",
        "2024-09-12",
        BETA,
        ALPHA,
    ),
    Story(
        "a person's word is taken back, and data count again",
        [read("2024-09-11", **HELD), said("2024-09-15", icpc_held_on=False), Step("2024-09-20", {}, undoes=2)],
        "2024-09-16",
        "2024-09-16",
        ALPHA,
        BETA,
    ),
    Story(
        "two imports, the second puts right the first",
        [read("2024-09-11", **HELD), read("2024-09-18", icpc_held_on="2024-09-17")],
        "2024-09-14",
        "2024-09-14",
        BETA,
        ALPHA,
    ),
    Story(
        "an older file is imported after a newer one and changes nothing",
        [read("2024-09-18", **HELD), read("2024-09-20", day="2024-09-11", icpc_held_on=False)],
        "2024-09-18",
        "2024-09-19",
        BETA,
        BETA,
    ),
    Story(
        "asked for a day before anything was recorded", [said("2024-09-10", **HELD)], "2024-09-12", "2024-09-04", NOTHING, BETA
    ),
    Story(
        "the team on record was corrected for an earlier day",
        [said("2024-09-12", day="2024-09-05", team_on_record="gamma"), said("2024-09-12", **HELD)],
        "2024-09-14",
        "2024-09-10",
        ALPHA,
        "gamma",
    ),
    Story(
        "a later team on record does not change an earlier day",
        [said("2024-09-20", team_on_record="beta", with_team_since="2024-09-19")],
        "2024-09-12",
        "2024-09-12",
        ALPHA,
        ALPHA,
    ),
    Story(
        "recorded at the end of the day itself",
        [said("2024-09-12", **HELD)],
        "2024-09-12",
        "2024-09-12",
        BETA,
        BETA,
    ),
)


def played(store: Store, clock: Clock, story: Story) -> None:
    entries: list[int] = []
    clock.set("2024-09-05")
    change.add(store, "c1", START, "Ann", policy=POLICY)
    for step in story.steps:
        clock.set(step.on)
        if step.undoes:
            change.undo(store, entries[step.undoes - 1], "Zoë")
        elif step.data:
            vocabulary = change.policy_named(POLICY).vocabulary
            document = {"case_id": "c1", "policy": POLICY, "as_of": step.day or step.on, "facts": dict(step.facts)}
            import_cases(store, Source("file.csv", [make_case(document, vocabulary, "c1")], {}), POLICY, "nightly")
        else:
            change.add(store, "c1", step.facts, "Ben", step.day or None)
        entries.append(history(store, "c1").version)
    clock.set("2024-10-01")


def team(store: Store, as_of: str, known_on: str | None) -> str | None:
    if known_on is not None and not history(store, "c1", known_on).known.facts:
        with pytest.raises(InputError, match="nothing was recorded of it by then"):
            answering.work_out(store, "c1", told, as_of, known_on)
        return NOTHING
    found: str | None = answering.work_out(store, "c1", told, as_of, known_on).told["responsible_team"]
    return found


def test_there_are_twenty_stories() -> None:
    assert len({story.name for story in STORIES}) == len(STORIES) == 20


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name.replace(" ", "-"))
def test_the_answer_of_that_day_and_of_today(story: Story, tmp_path: Path) -> None:
    clock = Clock()
    store = made(tmp_path / "r.sqlite", clock)
    played(store, clock, story)
    assert (team(store, story.as_of, story.known_on), team(store, story.as_of, None)) == (story.then, story.today)


def test_history_of_a_day_has_what_was_known_answered_and_decided_by_then(place: str) -> None:
    clock = Clock()
    store = made(place, clock)
    clock.set("2024-09-05")
    change.add(store, "c1", START, "Ann", policy=POLICY)
    answering.answer(store, "c1", told, "Ann", "test")
    clock.set("2024-09-06")
    confirmed = answering.confirm(store, "c1", "Ben")
    change.note(store, "c1", "first", "Ben")
    clock.set("2024-09-12")
    change.add(store, "c1", HELD, "Ann")
    answering.answer(store, "c1", told, "Ann", "test")
    change.undo(store, confirmed.entry, "Ben")
    clock.set("2024-09-20")
    then, now = history(store, "c1", "2024-09-10"), history(store, "c1")
    assert (list(then.known.facts), list(now.known.facts)) == (
        ["team_on_record", "icpc_required"],
        ["team_on_record", "icpc_required", "icpc_held_on"],
    )
    assert ([t.answer.team for t in then.answers], [t.answer.team for t in now.answers]) == ([ALPHA], [ALPHA, BETA])
    assert ([[d.by for d in t.decided] for t in then.answers], [[d.by for d in t.decided] for t in now.answers]) == (
        [["Ben"]],
        [[], []],
    )
    assert [e.undone_by for e in then.entries if e.seq == confirmed.entry] == [None]
    changed = now.answers[1].changed
    assert changed is not None
    assert changed.facts == {"icpc_held_on": (None, "2024-09-10")}
    assert changed.parts["responsible_team"] == (ALPHA, BETA)
    assert changed.other == {"as_of": ("2024-09-05", "2024-09-12")}


def test_what_was_said_for_an_earlier_day_and_is_taken_as_still_so_is_told(tmp_path: Path) -> None:
    clock = Clock()
    store = made(tmp_path / "r.sqlite", clock)
    clock.set("2024-09-05")
    change.add(store, "c1", {**START, "icpc_held_on": False}, "Ann", policy=POLICY)
    clock.set("2024-09-20")
    vocabulary = change.policy_named(POLICY).vocabulary
    with store.reading() as connection:
        child = find_child(connection, "c1")
        same, later = (known(connection, child, day, vocabulary) for day in ("2024-09-05", "2024-09-20"))
    assert ([one.fact for one in same.said_earlier(vocabulary)], [one.fact for one in later.said_earlier(vocabulary)]) == (
        [],
        ["icpc_held_on"],
    )
