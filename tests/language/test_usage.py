"""What a policy declares for itself is used."""

from __future__ import annotations

from pathlib import Path

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
