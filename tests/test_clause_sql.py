"""`whichteam explain-sql`: its whole output, messages for bad input, and the SQL run in DuckDB."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.random_table import random_steps
from explain.clause_sql import lines
from kb.bulk import arrays
from kb.bulk.bits import words
from kb.bulk.table import CaseTable
from kb.engines.bulk.columns import Columns
from kb.engines.bulk.sql import CONCLUSIONS, Planes, Script, script_of_rules
from kb.policy import load_policy
from kb.program import Program, compile_policy
from tests.helpers import START, make_policy, whichteam

RULES = (
    START
    + """predicate nearly_grown
  "the child is nearly grown up"
  not "the child is not nearly grown up".
@clause t2.
route(alpha, beta, handover) :- child_disabled, not nearly_grown.
point_event(handover, handover_on).
@clause t3.
nearly_grown :- date_of_birth(Born), Born + 16 years <= as_of.
"""
)
NORTHSHIRE = Path(__file__).parent / "councils" / "northshire"
SQL = """\
-- Clause t2 (line 2) of Tiny Council: Says t2.
-- Each row of a table but `cases` is for 64 cases, one bit a case; `w` is the number of the row.
-- Day numbers count from 1 January of the year 1. -1: not recorded.

-- The rules of the clause, and the column with the cases in which each one fires:
--   tiny/rules.dl:7:1
--     route(alpha, beta, handover) :- child_disabled, not nearly_grown.
--       certain level_0_0.v9, possible level_0_0.v7
--   tiny/rules.dl:8:1
--     point_event(handover, handover_on).
--       in every case

-- Table `cases`: a row a case, with `w`, `bit` (the bit of the case), `as_of` (day of the answer) and:
--   f0  child_disabled: 1 yes, 0 no

-- Table `conclusions`: what other rules conclude, a column for each:
--   v2  certain: nearly_grown
--   v3  possible: nearly_grown

CREATE TABLE leaves_0 AS
SELECT cases.w AS w,
  BIT_OR(CASE WHEN f0 = 1 THEN bit ELSE 0 END) AS q0,
  BIT_OR(CASE WHEN f0 = -1 THEN bit ELSE 0 END) AS q1
FROM cases GROUP BY cases.w;

CREATE TABLE halves_0 AS
SELECT leaves_0.w AS w,
  leaves_0.q0 & (~leaves_0.q1) AS v4,  -- certain: child_disabled
  leaves_0.q0 | leaves_0.q1 AS v5  -- possible: child_disabled
FROM leaves_0;

CREATE TABLE level_0_0 AS
SELECT conclusions.w AS w,
  halves_0.v5 & (~conclusions.v2) AS v7,
  halves_0.v4 & (~conclusions.v3) AS v9
FROM conclusions JOIN halves_0 ON halves_0.w = conclusions.w;
"""


@pytest.fixture(scope="module")
def northshire() -> Program:
    return compile_policy(load_policy(NORTHSHIRE))


def test_the_whole_output(tmp_path: Path) -> None:
    ran = whichteam("explain-sql", "t2", "--policy", make_policy(tmp_path, RULES))
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == SQL


def run(script: Script, table: CaseTable, conclusions: dict[str, Any]) -> Planes:
    """The planes of a script's rules, by DuckDB. `conclusions`: its table `conclusions`, without `w`."""
    import duckdb

    number = arrays.numbers(np.arange(words(len(table)), dtype=np.int32))
    with duckdb.connect(":memory:", config={"enable_external_access": "false"}) as connection:
        connection.register("cases", script.cases(0, len(table)))
        connection.register(CONCLUSIONS, arrays.table({"w": number, **conclusions}))
        for statement in script.statements:
            connection.execute(f"CREATE TABLE {statement.table} AS {statement.select}")
        made = {
            name: connection.execute(f"SELECT * FROM {name} ORDER BY w").fetchnumpy()
            for name in {CONCLUSIONS, *(statement.table for statement in script.statements)}
        }
    return script.planes(len(table), lambda name, columns: made[name])[script.at]


def test_the_sql_of_every_clause_gives_the_firings_of_its_rules(northshire: Program) -> None:
    """With the conclusions of other rules from the columns engine."""
    table = random_steps(northshire, 128, seed=7)
    (fired,) = [chunk.kept() for chunk in Columns(128).fire(northshire, table)]
    tried: set[int] = set()
    for clause in northshire.policy.clauses.values():
        rules = [n for n, rule in enumerate(northshire.halves.rules) if clause.id in _clauses(northshire, rule.ground)]
        script = script_of_rules(northshire, rules, table)
        given = {value: script.inputs[value - 2] for value, (made, _) in script.places.items() if made == CONCLUSIONS}
        columns = {f"v{value}": arrays.numbers(fired.half(half).view(np.int64)) for value, half in given.items()}
        planes = run(script, table, columns)
        assert [n for n, plane in zip(rules, planes) if (plane != fired.rule(n)).any()] == [], clause.id
        tried.update(rules)
    assert len(tried) == len(northshire.halves.rules) > 500


def _clauses(program: Program, ground: int) -> tuple[str, ...]:
    return program.rules[program.ground[ground].source].clauses


def test_what_is_printed_is_what_is_run(northshire: Program) -> None:
    """DuckDB accepts every line that is printed, comments included."""
    import duckdb

    for name in ("ns3", "house_move"):
        text = "\n".join(lines(northshire, northshire.policy.clauses[name]))
        assert len(duckdb.extract_statements(text)) == text.count("CREATE TABLE")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("t11",), "error: clause: there is no clause `t11`\n    did you mean `t1`?\n"),
        (("t1", "--policy", "blackpol"), "error: policy: there is no policy `blackpol`\n    did you mean `blackpool`?\n"),
    ],
)
def test_bad_input(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    policy = () if "--policy" in arguments else ("--policy", str(make_policy(tmp_path, START)))
    ran = whichteam("explain-sql", *arguments, *policy)
    assert (ran.code, ran.out, ran.err) == (2, "", message)


def test_a_clause_without_rules() -> None:
    ran = whichteam("explain-sql", "bp3")
    hint = "for the reason: whichteam clause bp3"
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"error: clause: no rule follows from `bp3`, so there is no SQL for it\n    {hint}\n"
