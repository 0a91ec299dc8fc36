"""Register and rules agree."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers import START, faults

ONE = ("t1", "1", "route", "must", "Says one.")
TWO = ("t2", "2-4, 6", "route", "must", "Says two.")


def test_a_registered_clause_with_a_rule_is_fine(tmp_path: Path) -> None:
    assert faults(tmp_path, START, clauses=[ONE]) == []


def test_a_clause_out_of_scope_needs_no_rule(tmp_path: Path) -> None:
    assert faults(tmp_path, START, clauses=[ONE, (*TWO, "background")]) == []


@pytest.mark.parametrize(
    ("rules", "clauses", "expected"),
    [
        (
            START + "@clause t11.\nduty(call_back).",
            [ONE],
            ["tiny/rules.dl:3:1: unknown clause `t11`\n    did you mean `t1`?"],
        ),
        (
            START + "@clause zzzzzz.\nduty(call_back).",
            [ONE],
            ["tiny/rules.dl:3:1: unknown clause `zzzzzz`\n    register it in clauses.tsv"],
        ),
        (
            START + "@clause t2.\nduty(call_back).",
            [ONE, (*TWO, "background")],
            [
                "tiny/rules.dl:3:1: clause `t2` is registered as out of scope: background\n"
                "    remove the reason in clauses.tsv, or the rules"
            ],
        ),
        (
            START + "@clause t2.\nduty(call_back).\n@clause t1.\nfront_door(beta).",
            [ONE, TWO],
            ["tiny/rules.dl:5:1: clause `t1` is opened twice\n    first at tiny/rules.dl:1:1; put its rules together"],
        ),
        (
            START + "@clause t2.\n% nothing here",
            [ONE, TWO],
            ["tiny/rules.dl:3:1: clause `t2` has no rule under it\n    write one, or remove the line"],
        ),
        (
            START,
            [ONE, TWO],
            [
                "tiny/clauses.tsv: clause `t2` has no rule\n"
                "    write its rules under `@clause t2.`, or give a reason in column `out_of_scope`"
            ],
        ),
    ],
)
def test_clauses(tmp_path: Path, rules: str, clauses: list[tuple[str, ...]], expected: list[str]) -> None:
    assert faults(tmp_path, rules, clauses=clauses) == expected


TOGETHER = "@clause t1 t2.\nfront_door(alpha).\n"


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", []),
        ("@clause t1.\nduty(call_back).\n@clause t2.\nfinding(odd).", []),  # each may have rules of its own besides
        (
            "@clause t2 t1.\nduty(call_back).",
            ["3:1: clauses `t2` and `t1` are opened together twice\n    first at tiny/rules.dl:1:1; put its rules together"],
        ),
        (
            "@clause t1.\nduty(call_back).\n@clause t1.\nfinding(odd).",
            ["5:1: clause `t1` is opened twice\n    first at tiny/rules.dl:3:1; put its rules together"],
        ),
        ("@clause t1 t1.\nduty(call_back).", ["3:1: clause `t1` is named twice here\n    name it once"]),
        ("@clause t1 t3.\nduty(call_back).", ["3:1: unknown clause `t3`\n    register it in clauses.tsv"]),
        (
            "@clause t2 house_answer.\nduty(call_back).",
            ["3:1: clause `house_answer` is one of the house\n    share rules among clauses of the policy only"],
        ),
        (
            "@clause t2 exception_to t1.\nfront_door(beta).",
            ["1:1: `t2` is an exception to `t1`, so the two can't share a rule\n    write the rule under one of them"],
        ),
        ("@clause exception_to t1.\nduty(call_back).", ["3:1: unknown clause `exception_to`\n    register it in clauses.tsv"]),
    ],
)
def test_clauses_that_share_rules(tmp_path: Path, more: str, expected: list[str]) -> None:
    found = faults(tmp_path, TOGETHER + more, clauses=[ONE, TWO])
    assert [fault.split("\n    @clause")[0] for fault in found] == [f"tiny/rules.dl:{fault}" for fault in expected]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            ("t1", "1", "route", "shall", "Says one."),
            "tiny/clauses.tsv:2, column `force`: unknown force `shall`\n    forces: must, should, may, usually, none",
        ),
        (
            ("t1", "one", "route", "must", "Says one."),
            "tiny/clauses.tsv:2, column `lines`: `one` are not line numbers\n    write for example `52` or `16-21`",
        ),
        (
            ("t1", "6-2", "route", "must", "Says one."),
            "tiny/clauses.tsv:2, column `lines`: `6-2` are not line numbers\n    write for example `52` or `16-21`",
        ),
        (
            ("t1", "", "route", "must", "Says one."),
            "tiny/clauses.tsv:2, column `lines`: `t1` has no line of the document\n    write for example `52` or `16-21`",
        ),
    ],
)
def test_rows_of_the_register(tmp_path: Path, row: tuple[str, ...], expected: str) -> None:
    assert faults(tmp_path, START, clauses=[row]) == [expected]


def test_a_range_as_wide_as_memory_is_refused(tmp_path: Path) -> None:
    row = ("t1", "1-2000000", "route", "must", "Says one.")
    assert faults(tmp_path, START, clauses=[row]) == [
        "tiny/clauses.tsv:2, column `lines`: `1-2000000` are not line numbers\n    write for example `52` or `16-21`"
    ]


def test_a_clause_registered_twice_is_named_with_its_line(tmp_path: Path) -> None:
    assert faults(tmp_path, START, clauses=[ONE, ONE]) == [
        "tiny/clauses.tsv:3, column `id`: clause `t1` is registered twice\n    give one of them another id"
    ]


def test_a_policy_may_not_take_the_place_of_a_rule_of_the_house(tmp_path: Path) -> None:
    house = ("house_answer", "9", "route", "must", "Says it otherwise.")
    assert faults(tmp_path, START, clauses=[ONE, house]) == [
        "tiny/clauses.tsv:3, column `id`: clause `house_answer` is registered twice\n    give one of them another id"
    ]
