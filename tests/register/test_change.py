"""Recording facts, answers and decisions, on SQLite and on PostgreSQL."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from kb.errors import InputError
from kb.register.audit import audit
from kb.register.schema import answers, children, entries, facts
from kb.register.store import open_store
from queries.register import answering, change
from queries.register.history import history
from queries.register.known import find_child, known
from tests.register.tiny import LATER, POLICY, Clock, made, told

HELD = {"team_on_record": "alpha", "icpc_required": True, "icpc_held_on": "2024-08-20", "record_up_to_date": True}


def refusal(call: Any, *given: Any, **named: Any) -> str:
    with pytest.raises(InputError) as error:
        call(*given, **named)
    return str(error.value)


def test_the_file_and_its_folder_are_for_their_owner_only(tmp_path: Path) -> None:
    made(tmp_path / "kept" / "register.sqlite")
    assert stat.S_IMODE((tmp_path / "kept").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "kept" / "register.sqlite").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["register.sqlite"]


def test_a_child_its_facts_answer_and_what_a_person_decided(place: str) -> None:
    clock = Clock()
    store = made(place, clock)
    added = change.add(store, "4711", HELD, "Ann", "2024-08-25", "a phone call", POLICY)
    assert (added.entry, added.new_child, dict(added.known.values)) == (2, True, HELD)
    found = answering.answer(store, "4711", told, "Ann", "test 1", "2024-08-26")
    assert (found.entry, found.told["status"], found.told["responsible_team"]) == (3, "decided", "beta")
    clock.tick()
    assert answering.confirm(store, "4711", "Ben").answer == 3
    decided = answering.override(store, "4711", "Gamma", " the child knows Gamma ", "Cat")
    assert (decided.team, decided.reason) == ("gamma", "the child knows Gamma")
    assert change.note(store, "4711", "rang the school", "Cat", 3) == 6
    told_of = history(store, "4711")
    (answer,) = told_of.answers
    assert (answer.answer.policy, answer.answer.version, answer.answer.program) == (POLICY, "2024", "test 1")
    assert answer.answer.facts == {"case_id": "4711", "policy": POLICY, "as_of": "2024-08-26", "facts": HELD}
    assert [(d.by, d.team) for d in answer.decided] == [("Ben", None), ("Cat", "gamma")]
    assert [(e.seq, e.by, e.what) for e in told_of.entries] == [
        (2, "Ann", "add"),
        (3, "Ann", "answer"),
        (4, "Ben", "confirm"),
        (5, "Cat", "override"),
        (6, "Cat", "note"),
    ]
    assert audit(store).whole


def test_nothing_is_overwritten_and_an_entry_can_be_taken_back(place: str) -> None:
    store = made(place)
    change.add(store, "4711", HELD, "Ann", "2024-08-25", policy=POLICY)
    second = change.add(store, "4711", {"icpc_required": False}, "Ben", "2024-08-25")
    assert second.replaced == {"icpc_required": (True, False)}
    assert change.undo(store, int(second.entry or 0), "Cat").by == "Ben"
    with store.reading() as connection:
        child = find_child(connection, "4711")
        vocabulary = change.policy_named(POLICY).vocabulary
        assert known(connection, child, "2024-08-25", vocabulary).values == HELD
        assert connection.execute(select(func.count()).select_from(facts)).scalar() == 5
    assert refusal(change.undo, store, 3, "Dan") == "undo: entry 3 was taken back already, by Cat (entry 4)"
    assert refusal(change.undo, store, 4, "Dan").startswith("undo: entry 4 took an entry back, which can't be taken back")
    assert refusal(change.undo, store, 99, "Dan").startswith("undo: there is no entry 99")
    assert refusal(change.undo, store, 1, "Dan").startswith("undo: entry 1 made the register, which can't be taken back")


def test_an_answer_that_somebody_confirmed_is_not_taken_back(place: str) -> None:
    store = made(place)
    change.add(store, "4711", HELD, "Ann", "2024-08-25", policy=POLICY)
    answering.answer(store, "4711", told, "Ann", "test", "2024-08-26")
    confirmed = answering.confirm(store, "4711", "Ben").entry
    assert refusal(change.undo, store, 3, "Ann") == (
        "undo: Ben confirmed an answer (entry 4) that rests on entry 3\n    take that back first: whichteam register undo 4"
    )
    change.undo(store, confirmed, "Ben")
    change.undo(store, 3, "Ann")
    assert history(store, "4711").answers == ()
    assert refusal(answering.confirm, store, "4711", "Ben").startswith("4711: has no answer yet")


def test_a_stale_change_is_refused_with_what_changed(place: str) -> None:
    clock = Clock()
    store = made(place, clock)
    seen = change.add(store, "4711", HELD, "Ann", "2024-08-25", policy=POLICY).version
    answering.answer(store, "4711", told, "Ann", "test", "2024-08-26")
    change.add(store, "4711", {"record_up_to_date": False}, "Ben", "2024-08-26")
    hint = "look at it again (whichteam register history 4711), then use --seen 4"
    for refused in (
        refusal(change.add, store, "4711", {"icpc_required": False}, "Cat", "2024-08-26", seen=seen),
        refusal(change.note, store, "4711", "x", "Cat", seen=seen),
        refusal(answering.confirm, store, "4711", "Cat", seen=seen),
        refusal(answering.answer, store, "4711", told, "Cat", "test", "2024-08-26", seen=seen),
    ):
        assert refused.startswith("4711: was changed since you looked at it: 3: Ann worked out an answer, 01 September 2024")
        assert "4: Ben recorded facts" in refused
        assert refused.endswith(hint)
    unseen = refusal(answering.confirm, store, "4711", "Cat")
    assert unseen.startswith("4711: was changed since you looked at it: 4: Ben recorded facts")
    assert answering.confirm(store, "4711", "Cat", seen=4).answer == 3


def test_what_says_nothing_new_is_not_recorded_again(place: str) -> None:
    store = made(place)
    change.add(store, "4711", HELD, "Ann", "2024-08-25", policy=POLICY)
    again = change.add(store, "4711", HELD, "Ben", "2024-08-30")
    assert (again.entry, again.version) == (None, 2)
    later = change.add(store, "4711", {"first_hearing_held_on": False}, "Ben", "2024-08-30")
    assert change.add(store, "4711", {"first_hearing_held_on": False}, "Ben", "2024-08-30").entry is None
    assert change.add(store, "4711", {"first_hearing_held_on": False}, "Ben", "2024-08-31").entry == int(later.entry or 0) + 1


def test_a_further_day_of_an_event_is_added_and_a_plain_value_takes_its_place(place: str) -> None:
    store = made(place)
    change.add(store, "4711", HELD, "Ann", "2024-08-25", policy=POLICY)
    added = change.add(store, "4711", {}, "Ann", "2024-08-30", further={"icpc_held_on": "2024-08-29"})
    assert added.known.values["icpc_held_on"] == ["2024-08-20", "2024-08-29"]
    assert change.add(store, "4711", {"icpc_held_on": "2024-08-21"}, "Ann", "2024-08-31").replaced == {
        "icpc_held_on": (["2024-08-20", "2024-08-29"], "2024-08-21")
    }
    assert "is nothing that happens again" in refusal(
        change.add, store, "4711", {}, "A", "2024-08-30", further={"icpc_required": "2024-08-29"}
    )


def test_brothers_and_sisters_are_linked_both_ways_and_once(place: str) -> None:
    store = made(place)
    for number in ("a1", "a2", "a3"):
        change.add(store, number, {"icpc_required": True}, "Ann", "2024-08-25", policy=POLICY)
    change.add(store, "a1", {}, "Ann", "2024-08-25", brothers_and_sisters=["a2"])
    linked = change.add(store, "a2", {}, "Ann", "2024-08-25", brothers_and_sisters=["a1", "a3"])
    assert (history(store, "a1").siblings, history(store, "a2").siblings, history(store, "a3").siblings) == (
        ("a2",),
        ("a1", "a3"),
        ("a2",),
    )
    change.undo(store, int(linked.entry or 0), "Ann")
    assert (history(store, "a2").siblings, history(store, "a3").siblings) == (("a1",), ())
    assert "is the child itself" in refusal(change.add, store, "a1", {}, "A", "2024-08-25", brothers_and_sisters=["a1"])


@pytest.mark.parametrize(
    ("given", "named", "message"),
    [
        ({"icpc_hold_on": "2024-08-20"}, {}, "facts: unknown fact `icpc_hold_on`\n    did you mean `icpc_held_on`?"),
        ({"icpc_required": "yes"}, {}, "facts.icpc_required: `yes` is not true or false"),
        ({"icpc_held_on": "2023-02-29"}, {}, "facts.icpc_held_on: `2023-02-29` is no day of the calendar"),
        ({"team_on_record": "alfa"}, {}, "facts.team_on_record: `alfa` is not a team of this policy\n    did you mean `alpha`?"),
        (
            {},
            {"day": "2024-09-03"},
            "--day: 2024-09-03 is still to come\n    facts speak of today or an earlier day; plans have dates of their own",
        ),
        ({}, {"policy": "tinny"}, "--policy: there is no policy `tinny`\n    did you mean `tiny`?"),
        ({}, {"policy": None}, "x1: is new in the register, and its policy is not named\n    add --policy POLICY"),
        ({}, {"by": "  "}, "--by: is empty\n    write the name of the person who does this"),
        ({}, {"by": "x" * 101}, "--by: has 101 characters, expected at most 100\n    make it shorter"),
        ({}, {"by": "A\x00nn"}, "--by: `A\\x00nn` holds the character \\x00, which is no text\n    take it out"),
        ({}, {"by": "A\udce9nn"}, "--by: `A\\udce9nn` holds the character \\udce9, which is no text\n    take it out"),
    ],
)
def test_bad_input_is_told_and_nothing_is_recorded(tmp_path: Path, given: Any, named: dict[str, Any], message: str) -> None:
    store = made(tmp_path / "r.sqlite")
    arguments = {"by": "Ann", "day": "2024-08-25", "policy": POLICY, **named}
    assert refusal(change.add, store, "x1", given, **arguments) == message
    with store.reading() as connection:
        assert [connection.execute(select(func.count()).select_from(table)).scalar() for table in (children, facts, entries)] == [
            0,
            0,
            1,
        ]


@pytest.mark.parametrize("number", ["", "..", "Ada Lovelace", "a/b", "1" * 101, "x\n", "№7", "'; DROP TABLE children; --"])
def test_what_is_no_case_number_is_refused(tmp_path: Path, number: str) -> None:
    store = made(tmp_path / "r.sqlite")
    assert "is not a case number" in refusal(change.add, store, number, {}, "Ann", "2024-08-25", policy=POLICY)


@pytest.mark.parametrize(
    "text", ['O\'Hara said "no"; DROP TABLE notes; --', "ünï — 子 🙂\nsecond line\twith a tab", "%s %(x)s :x {} \\"]
)
def test_any_text_of_a_note_comes_back_as_it_was_written(place: str, text: str) -> None:
    store = made(place)
    change.add(store, "4711", HELD, "Ann", "2024-08-25", policy=POLICY)
    change.note(store, "4711", text, "Zoë O'Hara")
    (note,) = history(store, "4711").notes
    assert (note.text, note.by) == (text, "Zoë O'Hara")
    assert audit(store).whole


def test_a_team_is_checked_against_the_policy_and_an_open_answer_is_not_confirmed(tmp_path: Path) -> None:
    store = made(tmp_path / "r.sqlite")
    change.add(store, "4711", {k: v for k, v in HELD.items() if k != "icpc_required"}, "Ann", "2024-08-25", policy=POLICY)
    answering.answer(store, "4711", told, "Ann", "test", "2024-08-26")
    assert refusal(answering.confirm, store, "4711", "Ann") == (
        "4711: answer 3 names no team (unknown): nothing to confirm\n"
        "    whichteam register override CHILD TEAM --reason TEXT says which team it is to be"
    )
    assert refusal(answering.override, store, "4711", "bta", "x", "Ann") == (
        "TEAM: there is no team `bta` in this policy\n    did you mean `beta`?"
    )
    assert (
        refusal(answering.override, store, "4711", "beta", " ", "Ann")
        == "--reason: is empty\n    write why the answer is set aside"
    )
    assert answering.override(store, "4711", "BETA", "the conference agreed", "Ann").team == "beta"


def test_a_contradiction_with_what_is_on_record_is_refused_whole(tmp_path: Path) -> None:
    store = made(tmp_path / "r.sqlite")
    change.add(store, "4711", {**HELD, "date_of_birth": "2017-02-28"}, "Ann", "2024-08-25", policy=POLICY)
    before = refusal(change.add, store, "4711", {"section_20_from": "2017-02-27", "icpc_required": False}, "Ben", "2024-08-25")
    assert "2017-02-27 is before the date of birth 2017-02-28" in before
    assert history(store, "4711").version == 2


def test_a_leap_day_is_a_day_like_others(tmp_path: Path) -> None:
    clock = Clock()
    clock.set("2024-03-01")
    store = made(tmp_path / "r.sqlite", clock)
    change.add(store, "4711", {"icpc_required": True, "team_on_record": "alpha"}, "Ann", "2024-02-28", policy=POLICY)
    change.add(store, "4711", {"icpc_held_on": "2024-02-29"}, "Ann", "2024-02-29")
    teams = [
        answering.work_out(store, "4711", told, day).told["responsible_team"]
        for day in ("2024-02-28", "2024-02-29", "2024-03-01")
    ]
    assert teams == ["alpha", "beta", "beta"]
    assert "no day of the calendar" in refusal(change.add, store, "4711", {}, "Ann", "2023-02-29")


def test_another_policy_and_readings_are_kept_with_the_answer(tmp_path: Path) -> None:
    store = made(tmp_path / "r.sqlite")
    change.add(store, "4711", HELD, "Ann", "2024-08-25", policy=POLICY)
    answering.answer(store, "4711", told, "Ann", "test", "2024-08-26", LATER, {"mood": "stern"})
    (one,) = history(store, "4711").answers
    assert (one.answer.policy, one.answer.team, one.answer.settings["mood"]) == (LATER, "gamma", "stern")
    with store.reading() as connection:
        digest = connection.execute(select(answers.c.digest)).scalar_one()
    assert digest == change.policy_named(LATER).digest


def test_a_clock_that_was_set_back_makes_no_disorder(place: str) -> None:
    clock = Clock()
    store = made(place, clock)
    change.add(store, "4711", HELD, "Ann", "2024-08-25", policy=POLICY)
    clock.set("2024-08-28")
    change.add(store, "4711", {"icpc_required": False}, "Ann", "2024-08-26")
    with store.reading() as connection:
        times = connection.execute(select(entries.c.at).order_by(entries.c.seq)).scalars().all()
    assert times == sorted(times)
    assert audit(store).whole


def test_reading_makes_no_register(tmp_path: Path) -> None:
    place = tmp_path / "none" / "register.sqlite"
    assert refusal(open_store, str(place)).splitlines()[0] == f"{place}: there is no register there yet"
    assert not place.parent.exists()
