"""DuckDB fires the same rules as the columns engine."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.random_table import random_steps
from kb.bulk.bits import unpack
from kb.bulk.table import CaseTable
from kb.engines.bulk.choose import ENGINES, engine_named
from kb.engines.bulk.columns import Columns
from kb.engines.bulk.duckdb import DuckDB
from kb.engines.bulk.interface import BulkEngine
from kb.engines.bulk.sql import script_of
from kb.errors import InputError
from kb.policy import load_policy
from kb.program import Program, compile_policy
from queries.load import load_program

NORTHSHIRE = Path(__file__).parent.parent / "councils" / "northshire"


def differing_rules(made: Program, table: CaseTable, one: BulkEngine, other: BulkEngine) -> list[int]:
    """Rules that the two engines do not fire in the same cases. Chunks may be cut differently."""

    def firings(engine: BulkEngine) -> list[np.ndarray[tuple[int], np.dtype[np.bool_]]]:
        kept = [found.kept() for found in engine.fire(made, table)]
        return [np.concatenate([unpack(k.rule(rule), k.count) for k in kept]) for rule in range(len(made.halves.rules))]

    pairs = zip(firings(one), firings(other))
    return [rule for rule, (left, right) in enumerate(pairs) if not np.array_equal(left, right)]


@pytest.mark.parametrize("policy", ["blackpool", "sefton"])
def test_duckdb_agrees_with_columns(policy: str) -> None:
    made = load_program(policy)
    assert differing_rules(made, random_steps(made, 200, seed=31), Columns(64), DuckDB()) == []


def test_duckdb_in_chunks_and_with_columns_that_nobody_filled() -> None:
    made = compile_policy(load_policy(NORTHSHIRE))
    table = random_steps(made, 300, seed=32)
    few = replace(table, columns=dict(list(table.columns.items())[::2]), lists={}, later={})
    assert differing_rules(made, few, Columns(), DuckDB(chunk=128)) == []


def test_the_sql_names_no_code_and_takes_every_column_from_a_table() -> None:
    made = load_program("sefton")
    script = script_of(made, random_steps(made, 1))
    words = set(re.findall(r"[A-Za-z_]+", " ".join(statement.select for statement in script.statements)))
    allowed = {"SELECT", "FROM", "JOIN", "ON", "AS", "GROUP", "BY", "BIT_OR", "CASE", "WHEN", "THEN", "ELSE", "END", "AND"}
    allowed |= {"cases", "w", "bit", "as_of", "q", "v", "f", "m", "t", "leaves_", "halves_", "level_", "_"}
    assert words <= allowed
    made_before: set[str] = {"cases"}
    for statement in script.statements:
        assert set(statement.sources) <= made_before
        made_before.add(statement.table)


def test_engines_by_name() -> None:
    assert [type(engine_named(name)).__name__ for name in ENGINES] == ["Columns", "DuckDB"]
    with pytest.raises(InputError) as error:
        engine_named("colums")
    assert str(error.value) == "--engine: there is no engine `colums`\n    did you mean `columns`?"
