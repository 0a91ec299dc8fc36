"""The table `cases` that the SQL of a program reads: one integer column for each value that a condition reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from kb.bulk import arrays
from kb.bulk.bits import WORD, unpack
from kb.bulk.conditions import BulkConditions, Rows
from kb.bulk.table import HAPPENED, UNKNOWN, Numbers, codes_of
from kb.conditions import PLANNED
from kb.language.model import Atom, Constant, FixedDate, Term

BITS = np.left_shift(np.int64(1), np.arange(WORD, dtype=np.int64))


@dataclass(frozen=True)
class Condition:
    """A condition as SQL over the columns of `cases`: the test, and the columns that have to be known for it."""

    test: str
    needs: tuple[str, ...]


class CaseColumns:
    """The columns of `cases` that the conditions of a program read, made from a `CaseTable`. `wanted`: what each one holds."""

    def __init__(self, conditions: BulkConditions):
        self.conditions = conditions
        self.names: dict[object, str] = {}
        self.wanted: dict[str, object] = {}

    def condition(self, atom: Atom) -> Condition:
        """A condition in SQL, with the meaning of `kb.bulk.conditions.Rows.planes`."""
        vocabulary = self.conditions.vocabulary
        if atom.is_comparison:
            left, right = (self._term(term) for term in atom.args)
            operator = {"=": "=", "!=": "<>"}.get(atom.predicate, atom.predicate)
            return Condition(f"{left} {operator} {right}", tuple(n for n in (left, right) if n.startswith("t")))
        first = atom.args[0].value if atom.args and isinstance(atom.args[0], Constant) else None
        if atom.predicate == PLANNED:
            name = self._column("f", (str(first), PLANNED))
            return Condition(f"{name} > as_of", (name,))
        calculated = vocabulary.calculated.get(atom.predicate)
        kind = calculated.type if calculated else vocabulary.facts[atom.predicate].type
        if kind.startswith("list"):
            name = self._column("m", (atom.predicate, first))
            return Condition(f"{name} = 1", (name,))
        name = self._column("f", (atom.predicate, first if calculated else None))
        if kind == "event":
            return Condition(f"{name} >= {HAPPENED} AND {name} <= as_of", (name,))
        if kind == "bool":
            return Condition(f"{name} = 1", (name,))
        if kind in ("enum", "team", "point"):
            codes = codes_of(vocabulary.facts[atom.predicate], vocabulary)
            number = codes.index(first) if isinstance(first, str) and first in codes else len(codes)
            return Condition(f"{name} = {number}", (name,))
        return Condition(f"{name} <> {UNKNOWN}", (name,))

    def _term(self, term: Term) -> str:
        if isinstance(term, FixedDate):
            return str(term.day)
        if isinstance(term, Constant) and isinstance(term.value, int):
            return str(term.value)
        return "as_of" if isinstance(term, Constant) else self._column("t", term)

    def _column(self, kind: str, what: object) -> str:
        name = self.names.get((kind, what))
        if name is None:
            name = self.names[kind, what] = f"{kind}{len(self.names)}"
            self.wanted[name] = what
        return name

    def table(self, start: int, stop: int) -> Any:
        """The rows `start` to `stop` of `cases`, as a `pyarrow.Table`."""
        rows = self.conditions.rows(start, stop)
        place = np.arange(stop - start)
        columns = {"w": (place // WORD).astype(np.int32), "bit": BITS[place % WORD], "as_of": rows.as_of}
        columns |= {name: self._values(rows, name, what) for name, what in self.wanted.items()}
        return arrays.table({name: arrays.numbers(column) for name, column in columns.items()})

    def _values(self, rows: Rows, name: str, what: object) -> Numbers:
        count = len(rows.as_of)
        if name.startswith("t"):
            values, known = rows.value(what)  # type: ignore[arg-type]
            if known is not None:
                values = np.where(unpack(known, count), values, UNKNOWN)
            return np.asarray(np.broadcast_to(values, count), np.int32)
        assert isinstance(what, tuple)
        fact, key = what
        if name.startswith("m"):
            listed = self.conditions.table.lists[fact].known[rows.span]
            held = listed if key is None else self.conditions.member(fact, key)[rows.span]
            return np.where(listed, held, UNKNOWN).astype(np.int8)
        return self.conditions.column(fact, key)[rows.span]
