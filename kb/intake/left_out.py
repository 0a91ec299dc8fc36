"""Tables and columns of the sources that are not read, with the reasons: `left_out.tsv` (without a column: a whole table)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from kb.intake.names import squash
from kb.tables import read_table

COLUMNS = ("source", "table", "column", "why")
UNKNOWN = "it is no column that this table has by its standard"


@cache
def left_out() -> Mapping[tuple[str, str, str], str]:
    """The reasons by source, table and column (squashed names)."""
    rows = read_table(Path(__file__).parent / "left_out.tsv", COLUMNS)
    return {(row["source"], squash(row["table"]), squash(row["column"])): row["why"] for row in rows}


def why_left_out(source: str, table: str, column: str) -> str:
    """Why a column of a table is not read."""
    known = left_out()
    for name in (squash(table), ""):
        if (source, name, squash(column)) in known:
            return known[source, name, squash(column)]
    return known.get((source, squash(table), ""), UNKNOWN)


def table_left_out(name: str, headings: Sequence[str] = ()) -> str:
    """Why a whole table is not read, found by its name or by all its headings; empty if it is no such table."""
    plain, found = squash(name), {squash(heading) for heading in headings if heading.strip()}
    for (source, table, column), why in left_out().items():
        if not table or column:
            continue
        if plain == table or (plain.startswith(table) and not plain[len(table)].isalpha()):
            return why
        own = {column for other, of_table, column in left_out() if (other, of_table) == (source, table) and column}
        if len(found) > 1 and found <= own:
            return why
    return ""


@cache
def columns_left_out(source: str, table: str) -> frozenset[str]:
    """The columns of a table that are left out (squashed names)."""
    return frozenset(column for other, name, column in left_out() if (other, name) == (source, squash(table)) and column)
