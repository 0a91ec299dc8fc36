"""A bad line that opens a clause is told once: neither its rules nor its clause are told to be wrong for the same cause."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.without_faults import standing
from tests.helpers import faults_of, make_policy

CLAUSES = [(f"t{n}", str(n), "route", "must", f"Says {n}.") for n in (1, 2, 3, 4)]
RULES = """\
@clause t1.
front_door(alpha).
@clause t2.
route(alpha, beta, handover) :- known icpc_required.
@clause t3 exception_to t2.
route(alpha, gamma, handover) :- known icpc_required, known cared_for.
@clause t4 exception_to t2.
not route(alpha, beta, handover) :- known unborn.
"""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("@clause t2.", "@clause t2.", None),
        ("@clause t1.", "@clause T1.", "1:9: `T1` can't stand here"),
        ("@clause t2.", "@clause T2.", "3:9: `T2` can't stand here"),
        ("@clause t2.", "@clause t-2.", "3:10: `-` can't stand here"),
        ("@clause t2.", "@clause t2", "4:6: `(` can't stand here"),
        ("@clause t2.", "clause t2.", "3:8: `t2` can't stand here"),
        ("@clause t2.", "@Clause t2.", "3:1: `@` can't stand here"),
        ("@clause t3 exception_to t2.", "@clause t3 except t2.", "5:12: `except` is no clause"),
        ("@clause t3 exception_to t2.", "@clause t3 exception_to t2, t1.", "5:27: `,` can't stand here"),
        ("@clause t2.", "@clause t22.", "3:1: unknown clause `t22`"),
        ("@clause t1.", "@clause t11.", "1:1: unknown clause `t11`"),
        ("@clause t3 exception_to t2.", "@clause t3 exception_to t22.", "5:1: exception to unknown clause `t22`"),
        ("@clause t4 exception_to t2.", "@clause t4 exception_to t22.", "7:1: exception to unknown clause `t22`"),
        (
            "@clause t4 exception_to t2.",
            "@clause t4 exception_to t4.",
            "7:1: exceptions run in a circle: `t4` is an exception to `t4`",
        ),
        ("route(alpha, beta, handover) :-", "route(alpha, beta, handover) if", "4:30: `if` can't stand here"),
        ("@clause t2.\n", "% ", "clause `t2` has no rule"),
    ],
)
def test_a_bad_line_is_told_once(tmp_path: Path, old: str, new: str, expected: str | None) -> None:
    home = make_policy(tmp_path, RULES.replace(old, new, 1), clauses=CLAUSES)
    found = faults_of(home)
    if expected is None:
        assert found == []
        return
    (fault,) = found
    file = "clauses.tsv" if expected.startswith("clause ") else "rules.dl"
    assert fault.split("\n")[0] == f"tiny/{file}:{' ' if file == 'clauses.tsv' else ''}{expected}"
    left = standing(home)  # what `whichteam check` goes on with
    assert left is not None
    assert [str(told) for told in left.faults] == found


def test_an_exception_to_a_clause_without_rules_on_purpose_is_wrong(tmp_path: Path) -> None:
    clauses = [(*row, "background") if row[0] == "t2" else row for row in CLAUSES[:3]]
    rules = RULES.partition("@clause t2.")[0] + "@clause t3 exception_to t2.\nduty(call_back).\n"
    assert faults_of(make_policy(tmp_path, rules, clauses=clauses)) == [
        "tiny/rules.dl:3:1: `t3` concludes nothing that `t2` concludes, so it can't be an exception to it\n"
        "    conclude the same predicate, take it away with `not` before it, or remove `exception_to`"
    ]


DECLARED = """\
predicate over(Team: team)
  "{Team} is over the threshold"
  not "{Team} is not over it".
@clause t1.
front_door(alpha).
over(Team) :- known starts_with(Team).
duty(call_back) :- over(alpha).
"""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("over the", "over the", []),
        ("(Team: team)", "(Team: team", ['2:3: `"{Team} is over the threshold"` can\'t stand here']),
        ('over it".', "over it.", ["3:7: `\"` can't stand here"]),
        ("(Team: team)", "(Team team)", ["1:21: `team` can't stand here"]),
        ("predicate over(", "predicate ovr(", ["6:1: unknown predicate `over` (also at tiny/rules.dl:7:20)"]),
    ],
)
def test_a_declaration_that_can_not_be_read_is_told_once(tmp_path: Path, old: str, new: str, expected: list[str]) -> None:
    """Its uses are not told to be of something unknown, unless it can't be seen what they were to be."""
    left = standing(make_policy(tmp_path, DECLARED.replace(old, new, 1)))
    assert left is not None
    assert [f"{fault.where.removeprefix('tiny/rules.dl:')}: {fault.message}" for fault in left.faults] == expected
