"""What is due, what is found, what a new edition would have changed, and a journey through two editions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kb.errors import InputError
from kb.register.store import Store
from queries.load import load_program
from queries.register import answering, change, editions
from queries.register.due import Due, due
from queries.register.history import history
from queries.register.replaying import replay
from queries.register.searching import Wanted, search
from tests.register.test_change import refusal
from tests.register.tiny import LATER, POLICY, Clock, made, told

MOVED: dict[str, Any] = {"team_on_record": "alpha", "icpc_required": True, "icpc_held_on": "2024-08-20"}
CHILDREN: dict[str, dict[str, Any]] = {
    "moved": MOVED,
    "held-up": {**MOVED, "record_up_to_date": False},
    "booked": {"team_on_record": "alpha", "icpc_required": True, "icpc_held_on": "2024-09-10"},
    "visited": {**MOVED, "first_hearing_held_on": "2024-08-22"},
    "open": {"team_on_record": "alpha", "icpc_held_on": "2024-08-20"},
}


def filled(place: str | Path) -> Store:
    """Five children with an answer for 25 August."""
    clock = Clock()
    store = made(place, clock)
    for number, facts in CHILDREN.items():
        change.add(store, number, facts, "Ann", "2024-08-25", policy=POLICY)
        answering.answer(store, number, told, "Ann", "test", "2024-08-25")
        clock.tick()
    return store


def lines(found: list[Due]) -> list[tuple[Any, ...]]:
    return [(one.day, one.child, one.team, one.kind, one.code, one.state, one.to) for one in found]


def test_what_is_due_overdue_and_held_up(place: str) -> None:
    store = filled(place)
    held_up = ("2024-08-20", "held-up", "alpha", "blocked", "handover", "blocked", "beta")
    moved_on = ("2024-08-30", "moved", "beta", "limit", "visit_due", "due", None)
    waits = ("2024-08-30", "held-up", "alpha", "limit", "visit_due", "due", None)
    unsure = ("2024-08-30", "open", None, "limit", "visit_due", "due", None)
    working = [("2024-09-04", *one[1:]) for one in (waits, moved_on, unsure)]  # the bank holiday of 26 August lies between
    assert lines(due(store, "2024-08-25", 5)) == [held_up, waits, moved_on, unsure]
    assert lines(due(store, "2024-08-25", 14, "beta")) == [held_up, moved_on, working[1]]
    assert lines(due(store, "2024-08-25", 4)) == [held_up]
    late = due(store, "2024-09-01", 0)
    assert [(one.child, one.state) for one in late if one.kind == "limit"] == [
        (n, "overdue") for n in ("held-up", "moved", "open")
    ]
    transfer = ("2024-09-10", "booked", "alpha", "transfer", "handover", "due", "beta")
    assert transfer in lines(due(store, "2024-09-01", 9))
    assert (*transfer[:5], "overdue", "beta") in lines(due(store, "2024-09-11", 0))


def test_what_a_person_decided_changes_who_is_told(tmp_path: Path) -> None:
    store = filled(tmp_path / "r.sqlite")
    answering.override(store, "held-up", "gamma", "the school asked", "Ben")
    assert [one for one in due(store, "2024-08-25", 14, "alpha") if one.child == "held-up"] == []
    told_of = [one for one in due(store, "2024-08-25", 14, "gamma") if one.child == "held-up"]
    assert {(one.kind, one.overridden) for one in told_of} == {("limit", True)}


def test_only_the_latest_answer_counts_and_not_one_that_was_taken_back(tmp_path: Path) -> None:
    store = filled(tmp_path / "r.sqlite")
    change.add(store, "moved", {"first_hearing_held_on": "2024-08-26"}, "Ann", "2024-08-27")
    entry = answering.answer(store, "moved", told, "Ann", "test", "2024-08-27").entry
    assert [one for one in due(store, "2024-08-27") if one.child == "moved"] == []
    change.undo(store, int(entry or 0), "Ann")
    assert {one.code for one in due(store, "2024-08-27") if one.child == "moved"} == {"visit_due"}


def test_children_are_found(place: str) -> None:
    store = filled(place)
    answering.confirm(store, "moved", "Ben")
    answering.override(store, "visited", "gamma", "asked for", "Cat")

    def numbers(**wanted: Any) -> list[str]:
        found, count = search(store, Wanted(**wanted))
        assert count == len(found)
        return [one.number for one in found]

    assert numbers() == sorted(CHILDREN)
    assert numbers(number="V") == ["moved", "visited"]
    assert numbers(number="%") == numbers(number="_") == []
    assert numbers(team="beta") == ["moved"]
    assert numbers(team="gamma") == ["visited"]
    assert numbers(status="unknown") == ["open"]
    assert numbers(unconfirmed=True) == ["booked", "held-up", "open"]
    assert numbers(overridden=True) == ["visited"]
    assert numbers(person="ben") == ["moved"]
    assert numbers(since="2024-09-02") == numbers(until="2024-08-31") == []
    assert numbers(since="2024-09-01", until="2024-09-01", person="Cat") == ["visited"]
    found, count = search(store, Wanted(), 2)
    assert ([one.number for one in found], count) == (["booked", "held-up"], 5)
    assert [(one.number, one.decided_on, one.decided_by) for one in search(store, Wanted(number="visited"))[0]] == [
        ("visited", "gamma", "Cat")
    ]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda store: due(store, within=-1), "--within: -1 is not a number of days"),
        (lambda store: due(store, "2024-02-30"), "--on: `2024-02-30` is no day of the calendar"),
        (lambda store: search(store, Wanted(since="yesterday")), "--since: `yesterday` is not a date such as 2024-09-03"),
        (lambda store: search(store, Wanted(), 0), "--most: 0 is not a number of children"),
        (lambda store: history(store, "moved", "2031-01-01"), "--on: 2031-01-01 is still to come"),
        (lambda store: history(store, "mooved"), "child: there is no child `mooved` in the register\n    did you mean `moved`?"),
    ],
)
def test_what_can_not_be_asked_is_told(call: Any, message: str, tmp_path: Path) -> None:
    assert refusal(call, filled(tmp_path / "r.sqlite")).startswith(message)


# replay ------------------------------------------------------------------------------------------


def test_a_replay_under_the_same_policy_finds_no_difference(place: str) -> None:
    found = replay(filled(place), load_program(POLICY))
    assert (found.compared, found.differing, found.left_out) == (len(CHILDREN), [], {})


def test_a_replay_under_another_edition_tells_which_answers_would_differ(tmp_path: Path) -> None:
    store = filled(tmp_path / "r.sqlite")
    found = replay(store, load_program(LATER))
    assert {one.child: one.parts for one in found.differing} == {
        "moved": ["team", "possible teams", "transfer"],
        "held-up": ["transfer"],
        "booked": ["transfer"],
        "visited": ["team", "possible teams", "transfer"],
        "open": ["possible teams", "transfer"],
    }
    moved = next(one for one in found.differing if one.child == "moved")
    assert (moved.before[1], moved.after[1]) == ("beta", "gamma")
    assert [clause["id"] for clause in moved.clauses] == ["t2", "t3", "t4"]  # the route, its gate, the limit
    change.add(store, "moved", {"icpc_required": False}, "Ann", "2024-08-26")
    answering.answer(store, "moved", told, "Ann", "test", "2024-08-26")
    latest = replay(store, load_program(LATER), latest_only=True)
    assert (latest.compared, "moved" in {one.child for one in latest.differing}) == (5, False)


# editions ----------------------------------------------------------------------------------------


def test_each_step_of_a_journey_uses_the_edition_of_its_day(tmp_path: Path) -> None:
    clock = Clock()
    store = made(tmp_path / "r.sqlite", clock)
    clock.set("2025-03-01")
    for number, day in (("early", "2024-12-10"), ("late", "2025-01-10")):
        facts = {"team_on_record": "alpha", "with_team_since": "2024-11-01", "icpc_required": True, "icpc_held_on": day}
        change.add(store, number, facts, "Ann", "2025-02-01", policy=POLICY)
    editions.add_edition(store, POLICY, "2024-01-01", None, None, "Eve")
    editions.add_edition(store, LATER, "2025-01-01", None, POLICY, "Eve")

    def team(number: str, day: str) -> tuple[str, str]:
        found = answering.work_out(store, number, told, day)
        return found.program.policy.code, found.told["responsible_team"]

    assert team("early", "2024-12-31") == (POLICY, "beta")
    assert team("early", "2025-02-01") == (LATER, "beta")  # moved by the edition of its day, and stays
    assert team("late", "2024-12-31") == (POLICY, "alpha")
    assert team("late", "2025-02-01") == (LATER, "gamma")
    assert refusal(team, "late", "2023-12-31").startswith("editions: no edition of `tiny` is in force on 2023-12-31")


def test_an_edition_is_checked(tmp_path: Path) -> None:
    store = made(tmp_path / "r.sqlite")
    assert refusal(editions.add_edition, store, "tinny", "2024-01-01", None, None, "E").startswith(
        "--policy: there is no policy `tinny`"
    )
    assert refusal(editions.add_edition, store, POLICY, "2024-1-1", None, None, "E").startswith(
        "--from: `2024-1-1` is not a date"
    )
    assert refusal(editions.add_edition, store, POLICY, "2024-01-02", "2024-01-01", None, "E").startswith(
        "--until: 2024-01-01 is before"
    )
    with pytest.raises(InputError):
        editions.add_edition(store, POLICY, "2024-01-01", None, "nowhere", "E")
