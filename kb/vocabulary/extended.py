"""Shared facts to which a policy adds values of its own, such as a third level at which a dispute may stand open.

The policy's facts.tsv has a row with the name and the type of the shared fact and the further values; its other cells
are empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from kb.errors import Fault, shown
from kb.tables import Row
from kb.vocabulary.model import WITH_VALUES, Fact

_VALUE = re.compile(r"[a-z][a-z0-9_]*$")


def added_values(row: Row) -> tuple[str, ...]:
    """The values that a row adds."""
    return tuple(part.strip() for part in row["values"].split(";") if part.strip())


def with_values_of(row: Row, fact: Fact) -> Fact:
    """The shared fact with the values that a row adds to it, after its own."""
    return replace(fact, values=tuple(dict.fromkeys((*fact.values, *added_values(row)))))


def faults_of_row(row: Row, fact: Fact) -> Iterator[Fault]:
    """What is wrong with a row that has the name of a shared fact."""
    name = row["name"]
    if fact.type not in WITH_VALUES:
        message = f"`{name}` is a shared fact already"
        yield row.fault("name", message, f"remove the row: rules may use `{name}` as `whichteam facts {name}` shows it")
        return
    if row["type"] != fact.type:
        yield row.fault("type", f"the shared fact `{name}` has the type {fact.type}", f"write {fact.type}")
    other = [column for column, cell in row.cells.items() if cell and column not in ("name", "type", "values")]
    if other and not _same(row, fact, other):
        message = f"`{name}` is a shared fact already, and a policy can only add values to it"
        yield row.fault(other[0], message, "leave this empty, or give the fact another name")
    new = [value for value in added_values(row) if value not in fact.values]
    if not new:
        yield row.fault("values", f"no value is added to the shared fact `{name}`", "write the further values, or remove the row")
    for value in new:
        if not _VALUE.match(value):
            yield row.fault("values", f"`{shown(value)}` is not a code", "use lower-case letters, digits and _")


def _same(row: Row, fact: Fact, columns: list[str]) -> bool:
    """Whether these cells say what the shared fact says."""
    own: Mapping[str, str] = {"label": fact.label, "true": fact.true, "false": fact.false, "question": fact.question}
    return all(column in own and row[column] == own[column] for column in columns)
