"""The columns of facts.tsv on time, each with valid and invalid cells."""

from __future__ import annotations

from pathlib import Path

import pytest

from explain.fact_list import in_time
from kb.errors import InputError
from kb.vocabulary.load import FACT_COLUMNS, TIME_COLUMNS, load_vocabulary
from kb.vocabulary.model import Fact, Vocabulary

ALL = (*FACT_COLUMNS, *TIME_COLUMNS)
BELL = {
    "name": "bell_rung_on",
    "type": "event",
    "label": "the bell",
    "true": "the bell rang",
    "false": "the bell has not rung",
    "question": "When did the bell ring?",
    "time": "event",
}


def own(folder: Path, *rows: dict[str, str], columns: tuple[str, ...] = ALL) -> Vocabulary:
    """The vocabulary with a council's own facts."""
    home = folder / "northshire"
    home.mkdir(exist_ok=True)
    lines = ["\t".join(columns), *("\t".join({**BELL, **row}.get(column, "") for column in columns) for row in rows)]
    (home / "facts.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return load_vocabulary(home)


def refused(folder: Path, *rows: dict[str, str], columns: tuple[str, ...] = ALL) -> str:
    with pytest.raises(InputError) as caught:
        own(folder, *rows, columns=columns)
    return "\n".join(map(str, caught.value.faults))


@pytest.mark.parametrize("column", [*TIME_COLUMNS, "fixed", "past"])
def test_a_column_that_may_be_left_out(tmp_path: Path, column: str) -> None:
    """It is then as if all its cells were empty."""
    fewer = tuple(name for name in ALL if name != column)
    assert own(tmp_path, {}, columns=fewer) == own(tmp_path, {column: ""})


def test_facts_that_do_not_say_how_they_stand_in_time(tmp_path: Path) -> None:
    """An event happens on its day; everything else holds from the start of the present episode."""
    facts = own(tmp_path, {}, {"name": "bell_is_loud", "type": "bool"}, columns=FACT_COLUMNS).facts
    assert (facts["bell_rung_on"].time, facts["bell_is_loud"].time) == ("event", "state")


def test_columns_that_are_missing_are_told_together(tmp_path: Path) -> None:
    fewer = tuple(name for name in ALL if name not in ("true", "question"))
    assert refused(tmp_path, {}, columns=fewer) == (
        "northshire/facts.tsv:1: columns `true`, `question` are missing\n"
        "    the first line names the columns, parted by tabs: name, type, values, label, true, false, question"
    )


def test_a_column_that_is_there_twice(tmp_path: Path) -> None:
    assert refused(tmp_path, {}, columns=(*ALL, "label")) == (
        "northshire/facts.tsv:1: column `label` is there twice\n    keep one of them"
    )


SOUND = {"name": "bell_sound", "type": "enum", "values": "loud; clear; cracked", "time": "outcome of icpc_held_on"}
YES_NO = {"name": "bell_is_loud", "type": "bool"}
TIMES = "times: trait, state, event, outcome, booking, agreement, gate, record"


@pytest.mark.parametrize(
    ("good", "bad", "column", "expected"),
    [
        ({"time": ""}, {"time": "xx"}, "time", f"unknown time `xx`\n    {TIMES}"),
        ({}, {"time": "evnt"}, "time", "unknown time `evnt`\n    did you mean `event`?"),
        ({"time": "agreement"}, {"time": "step"}, "time", "unknown time `step`\n    did you mean `state`?"),
        (
            {"time": "agreement"},
            {"time": "state"},
            "time",
            "`bell_rung_on` is an event, but its time is `state`\n    write `event` (or `agreement`)",
        ),
        (
            {**YES_NO, "time": "state"},
            {**YES_NO, "time": "event"},
            "time",
            "a fact of type bool happens on no day\n    give it the type event or date, or another time",
        ),
        (
            {"type": "date", "time": "booking"},
            {**YES_NO, "time": "booking"},
            "time",
            "a booking is a date, but the type is bool\n    give it the type date, or another time",
        ),
        (
            {**YES_NO, "time": "outcome of icpc_held_on"},
            {**YES_NO, "time": "outcome"},
            "time",
            "`outcome` does not name an event\n    write `outcome of` and the name of an event",
        ),
        (
            {**YES_NO, "time": "gate of icpc_held_on"},
            {**YES_NO, "time": "state of icpc_held_on"},
            "time",
            "`state` belongs to no other fact\n    write `state`, without `of icpc_held_on`",
        ),
        (
            {**YES_NO, "time": "outcome of icpc_held_on"},
            {**YES_NO, "time": "outcome of icpc_held"},
            "time",
            "unknown fact `icpc_held`\n    did you mean `icpc_held_on`?",
        ),
        (
            {**YES_NO, "time": "outcome of icpc_held_on"},
            {**YES_NO, "time": "outcome of icpc_required"},
            "time",
            "`icpc_required` is not an event\n    name a fact that happens on a day",
        ),
        (
            {"after": "contact_received_on; icpc_held_on"},
            {"after": "contact_received"},
            "after",
            "unknown fact `contact_received`\n    did you mean `contact_received_on`?",
        ),
        (
            {"after": "icpc_held_on"},
            {"after": "icpc_booked_for"},
            "after",
            "`icpc_booked_for` is not an event\n    name a fact that happens on a day",
        ),
        (
            {},
            {"after": "bell_rung_on"},
            "after",
            "`bell_rung_on` names itself\n    name another event, or leave it out",
        ),
        (
            {**YES_NO, "time": "state"},
            {**YES_NO, "time": "state", "after": "icpc_held_on"},
            "after",
            "`bell_is_loud` happens on no day\n    leave it empty; only events come after others",
        ),
        (
            {"spell": "starts ringing"},
            {"spell": "starts"},
            "spell",
            "`starts` is no part of a spell\n    "
            "write `starts`, `in`, `during` or `ends` and the name of the spell, such as `starts care`",
        ),
        (
            {**SOUND, "spell": "starts ringing if loud; clear"},
            {**SOUND, "spell": "starts ringing if laud"},
            "spell",
            "`bell_sound` has no value `laud`\n    did you mean `loud`?",
        ),
        (
            {**SOUND, "spell": "starts ringing if loud"},
            {**SOUND, "spell": "ends care if loud"},
            "spell",
            "`bell_sound` starts no spell with some of its values\n"
            "    write `starts care`; `if` is for an outcome of type enum or list[enum]",
        ),
        (
            {"spell": "starts ringing"},
            {"spell": "starts ringing if loud"},
            "spell",
            "`bell_rung_on` starts no spell with some of its values\n"
            "    write `starts ringing`; `if` is for an outcome of type enum or list[enum]",
        ),
        (
            {"spell": "in care"},
            {"spell": "within care"},
            "spell",
            "`within care` is no part of a spell\n    "
            "write `starts`, `in`, `during` or `ends` and the name of the spell, such as `starts care`",
        ),
        (
            {"spell": "ends care"},
            {"spell": "ends caer"},
            "spell",
            "nothing starts a spell `caer`\n    did you mean `care`?",
        ),
        (
            {"spell": "in care"},
            {"spell": "in ringing"},
            "spell",
            "nothing starts a spell `ringing`\n    some event has to say `starts ringing`",
        ),
        (
            {**YES_NO, "time": "state", "spell": "during care"},
            {**YES_NO, "time": "state", "spell": "starts care"},
            "spell",
            "`bell_is_loud` happens on no day, so a spell can't start with it\n    name an event",
        ),
        (
            {**YES_NO, "time": "state", "spell": "during care"},
            {"spell": "during care"},
            "spell",
            "`bell_rung_on` is no state\n    `during` is for a fact of type bool and time state",
        ),
        ({"episode": "opens"}, {"episode": "open"}, "episode", "unknown part `open`\n    did you mean `opens`?"),
        (
            {"episode": "ends"},
            {**YES_NO, "time": "state", "episode": "ends"},
            "episode",
            "`bell_is_loud` happens on no day\n    only an event opens, confirms or ends an episode",
        ),
        ({"born": "yes"}, {"born": "no"}, "born", "`no` is not `yes`\n    write `yes`, or leave it empty"),
        ({"born": ""}, {"born": "day"}, "born", "`day` is for the date of birth\n    write `yes`, or leave it empty"),
    ],
)
def test_how_a_fact_stands_in_time(tmp_path: Path, good: dict[str, str], bad: dict[str, str], column: str, expected: str) -> None:
    assert own(tmp_path, good).recorded
    assert refused(tmp_path, bad) == f"northshire/facts.tsv:2, column `{column}`: {expected}"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({}, "happens on a day, and may happen again"),
        (
            {"spell": "starts ringing", "episode": "confirms", "after": "icpc_held_on; placed_on", "born": "yes"},
            "happens on a day, and may happen again; starts a spell of ringing; shows that the contact before it opened the "
            "case; comes after icpc_held_on or placed_on; not before birth",
        ),
        ({"time": "agreement"}, "an agreement: counts from its own day on, and may be made again"),
        ({"type": "date", "time": "booking", "spell": "in care"}, "a plan: the date that is set; belongs to a spell of care"),
        ({**YES_NO, "time": "trait"}, "holds all life long"),
        ({**YES_NO, "time": "state"}, "holds since the present episode began"),
        ({**YES_NO, "time": "state", "spell": "during care"}, "holds as long as a spell of care"),
        (
            {**YES_NO, "time": "outcome of icpc_held_on"},
            "the outcome of icpc_held_on: known from that day on, for the last time it happened",
        ),
        ({**YES_NO, "time": "gate"}, "a check: may be done after the event of the move"),
        (
            {**YES_NO, "time": "gate of icpc_held_on"},
            "a check: may be done after the event of the move; belongs to icpc_held_on",
        ),
        ({**YES_NO, "time": "record"}, "speaks of the day of the record only"),
    ],
)
def test_the_time_of_a_fact_in_words(tmp_path: Path, row: dict[str, str], said: str) -> None:
    facts = own(tmp_path, row).facts
    assert in_time(facts[row.get("name", "bell_rung_on")]) == said


def test_what_is_carried_from_day_to_day_is_in_no_group() -> None:
    vocabulary = load_vocabulary()
    steps = {name for name, fact in vocabulary.facts.items() if name not in vocabulary.recorded}
    assert steps
    assert [name for group in vocabulary.groups for name in group.facts if name in steps] == []
    assert {name for group in vocabulary.groups for name in group.facts} == set(vocabulary.recorded)


def test_what_happens_on_a_day_may_happen_again() -> None:
    again = [fact.name for fact in load_vocabulary().recorded.values() if fact.recurs]
    assert {"contact_received_on", "icpc_held_on", "managers_agreed_on"} <= set(again)
    assert not {"date_of_birth", "icpc_booked_for", "with_team_since", "hold_until"} & set(again)
    assert not Fact("x", "event", "", "", "", "").recurs
