"""What a policy declares for itself is used."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers import START, faults

FACT = ("loud", "bool", "", "whether it is loud", "it is loud", "it is quiet", "Is it loud?")
LISTED = ("noises", "enum", "bang; whistle", "the noise", "the noise is: {Value}", "the noise is not: {Value}", "Which noise?")
BUSY = 'predicate busy "it is busy" not "it is quiet".\n'


def test_a_fact_that_a_rule_reads_is_fine(tmp_path: Path) -> None:
    assert faults(tmp_path, START + "duty(call_back) :- loud.", facts=[FACT]) == []


def test_a_fact_that_is_asked_for_is_used(tmp_path: Path) -> None:
    assert faults(tmp_path, START + "ask(loud) :- cared_for.", facts=[FACT]) == []


def test_a_fact_that_no_rule_reads_is_named(tmp_path: Path) -> None:
    assert faults(tmp_path, START, facts=[FACT]) == [
        "tiny/facts.tsv: fact `loud` is declared and never used\n    use it, or remove it"
    ]


def test_each_unused_fact_is_named_once(tmp_path: Path) -> None:
    assert faults(tmp_path, START + "duty(call_back) :- not noises(bang).", facts=[FACT, LISTED]) == [
        "tiny/facts.tsv: fact `loud` is declared and never used\n    use it, or remove it"
    ]


def test_facts_that_no_rule_reads_are_named_together(tmp_path: Path) -> None:
    assert faults(tmp_path, START, facts=[FACT, LISTED]) == [
        "tiny/facts.tsv: 2 facts are declared and never used: `loud`, `noises`\n    use each in a rule, or remove it"
    ]


def test_what_is_wrong_comes_before_what_is_not_used(tmp_path: Path) -> None:
    """The same fault in several places is one fault; what it was meant for is not told to be unused."""
    rules = START + "duty(call_back) :- lode.\nduty(call_back) :- cared_for, lode.\n"
    assert faults(tmp_path, rules, facts=[FACT, LISTED]) == [
        "tiny/rules.dl:3:20: unknown predicate `lode` (also at tiny/rules.dl:4:31)\n    did you mean `loud`?",
        "tiny/facts.tsv: fact `noises` is declared and never used\n    use it, or remove it",
    ]


VISIT_FROM = ("visit_from", "event", "", "the visit", "the visit began", "no visit began", "When did the visit begin?")
VISIT_TO = ("visit_to", "event", "", "the end of the visit", "the visit ended", "no visit ended", "When did the visit end?")
NOISY = ("noisy", "bool", "", "whether the visit is noisy", "the visit is noisy", "the visit is quiet", "Is the visit noisy?")
EMPTY = ("", "")  # fixed, past


def in_time(row: tuple[str, ...], *cells: str) -> tuple[str, ...]:
    """A fact with its cells for time, spell, episode and after."""
    return (*row, *EMPTY, *cells, *[""] * (5 - len(cells)))


STARTS, ENDS = in_time(VISIT_FROM, "event", "starts visit"), in_time(VISIT_TO, "event", "ends visit")
PLAIN_START, PLAIN_END = in_time(VISIT_FROM, "event"), in_time(VISIT_TO, "event")


@pytest.mark.parametrize(
    ("facts", "unused"),
    [
        # the events that begin and end the spell of a fact that is read decide when it counts
        ([STARTS, ENDS, in_time(NOISY, "state", "in visit")], []),
        ([STARTS, ENDS, in_time(NOISY, "state", "during visit")], []),
        ([STARTS, ENDS, in_time(NOISY, "state")], ["visit_from", "visit_to"]),
        # so does the event whose outcome it is, and those that have to come before that one
        ([PLAIN_START, PLAIN_END, in_time(NOISY, "outcome of visit_from")], ["visit_to"]),
        ([PLAIN_START, in_time(VISIT_TO, "event", "", "", "visit_from"), in_time(NOISY, "outcome of visit_to")], []),
        ([PLAIN_START, PLAIN_END, in_time(NOISY, "state")], ["visit_from", "visit_to"]),
        # an event with a part in the episode opens or ends the case, whatever rules ask
        ([PLAIN_START, in_time(VISIT_TO, "event", "", "ends"), in_time(NOISY, "state")], ["visit_from"]),
    ],
)
def test_a_fact_on_whose_day_another_rests_is_used(tmp_path: Path, facts: list[tuple[str, ...]], unused: list[str]) -> None:
    names = ", ".join(f"`{name}`" for name in unused)
    told = f"fact {names} is" if len(unused) == 1 else f"{len(unused)} facts are"
    whole = {
        0: [],
        1: [f"tiny/facts.tsv: {told} declared and never used\n    use it, or remove it"],
        2: [f"tiny/facts.tsv: {told} declared and never used: {names}\n    use each in a rule, or remove it"],
    }
    assert faults(tmp_path, START + "duty(call_back) :- known noisy.", facts=facts) == whole[len(unused)]


def test_a_fact_that_is_only_counted_is_used(tmp_path: Path) -> None:
    calculated = "name\ttype\thow\tsource\tkey\tfield\tlabel\ttrue\tfalse\n"
    visits = "visits\tint\tcount\tvisit_from\t\t\tthe visits\tthere were {Value} visits\tthere were not {Value}\n"
    files = {"calculated.tsv": calculated + visits}
    counted = START + "duty(call_back) :- known visits(Number), Number > 2."
    assert faults(tmp_path / make(tmp_path, "a"), counted, facts=[PLAIN_START], files=files) == []
    assert faults(tmp_path / make(tmp_path, "b"), START, facts=[PLAIN_START], files=files) == [
        "tiny/facts.tsv: 2 facts are declared and never used: `visit_from`, `visits`\n    use each in a rule, or remove it"
    ]


def make(folder: Path, name: str) -> str:
    (folder / name).mkdir()
    return name


def test_a_predicate_that_is_concluded_and_read_is_fine(tmp_path: Path) -> None:
    assert faults(tmp_path, BUSY + START + "busy :- cared_for.\nduty(call_back) :- busy.") == []


def test_a_predicate_that_nothing_reads_is_named(tmp_path: Path) -> None:
    assert faults(tmp_path, BUSY + START + "busy :- cared_for.") == [
        "tiny/rules.dl:1:1: predicate `busy` is declared and never used\n    use it in a rule, or remove it"
    ]


def test_a_predicate_that_is_read_and_never_concluded_is_named(tmp_path: Path) -> None:
    """It could never hold, so the rule that reads it would be dead."""
    assert faults(tmp_path, BUSY + START + "duty(call_back) :- busy.") == [
        "tiny/rules.dl:1:1: predicate `busy` is used and no rule concludes it\n    write a rule for it, or remove it"
    ]


def test_a_shared_fact_need_not_be_used(tmp_path: Path) -> None:
    assert faults(tmp_path, START) == []
