"""A program as SQL: from a table of coded cases to every rule's firing, 64 cases a row.

The database gets one table, `cases`, with a row a case: `w` (the number of the word that the
case's bit is in), `bit` (that bit) and a whole-number column for each value that a condition
looks at, -1 where it is not known. The SQL has three kinds of statement:

    leaves    one row a word: where each condition holds, and where a value is unknown,
              gathered by `bit_or` over the 64 cases of the word
    halves    for each condition explicitly: certain where it holds and nothing it needs is
              unknown; possible where it holds or something is unknown
    levels    the rules: bitwise AND, OR and NOT of what earlier statements gave

Each statement makes one table, and names every column it takes: no lateral aliases, no
nulls, no three-valued logic of the database. Only AND, OR and NOT of 64-bit whole numbers,
comparisons, CASE, `bit_or` and joins on `w` are used, so that sqlglot carries the SQL to
other engines. No word of a policy gets into the text: columns are numbered.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from kb.bulk import arrays
from kb.bulk.bits import WORD, unpack
from kb.bulk.conditions import BulkConditions, Rows
from kb.bulk.table import HAPPENED, UNKNOWN, Numbers, codes_of
from kb.conditions import PLANNED
from kb.engines.bulk.plan import AND, NOT, Plan
from kb.language.model import Atom, Constant, FixedDate, Term
from kb.lowering.halves import HalfProgram

Item = TypeVar("Item")

WIDEST = 250  # columns of one statement; wider ones take databases long to plan
_COLUMN = re.compile(r"\w+\.[qv]\d+")
BITS = np.left_shift(np.int64(1), np.arange(WORD, dtype=np.int64))


@dataclass(frozen=True)
class Statement:
    """One table to be made: its name and the SELECT that gives it."""

    table: str
    select: str


@dataclass(frozen=True)
class Condition:
    """A condition over the columns of `cases`: the test, and the columns it needs to be known."""

    test: str
    needs: tuple[str, ...]


class CaseColumns:
    """The columns of `cases` that the conditions of a program look at, made from a `CaseTable`."""

    def __init__(self, conditions: BulkConditions):
        self.conditions = conditions
        self.names: dict[object, str] = {}
        self.wanted: dict[str, object] = {}

    def condition(self, atom: Atom) -> Condition:
        """A condition in SQL; compare `kb.bulk.conditions.Rows.planes`."""
        vocabulary = self.conditions.vocabulary
        if atom.is_comparison:
            left, right = (self._term(term) for term in atom.args)
            operator = {"=": "=", "!=": "<>"}.get(atom.predicate, atom.predicate)
            return Condition(f"{left} {operator} {right}", tuple(n for n in (left, right) if n.startswith("t")))
        first = atom.args[0].value if atom.args and isinstance(atom.args[0], Constant) else None
        if atom.predicate == PLANNED:
            name = self._column("f", (str(first), None))
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
        if kind in ("enum", "team"):
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
        """The rows of `cases` for some cases."""
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


@dataclass(frozen=True)
class Script:
    """All statements of a program, and where each value of the plan comes to stand (table, column)."""

    statements: tuple[Statement, ...]
    places: dict[int, tuple[str, str]]


def write_sql(program: HalfProgram, plan: Plan, columns: CaseColumns) -> Script:
    """The SQL of a plan. The columns of `cases` that it needs are then known to `columns`."""
    return _Writer(program, plan, columns).script()


class _Writer:
    def __init__(self, program: HalfProgram, plan: Plan, columns: CaseColumns):
        self.plan = plan
        self.conditions = [columns.condition(program.atoms[half // 2]) for half in plan.inputs[::2]]
        self.statements: list[Statement] = []
        self.leaf: dict[str, str] = {}
        self.places: dict[int, tuple[str, str]] = {}
        uses = Counter(value for _, left, right in plan.steps for value in {left, right})
        self.kept = {value for value in plan.fired if value >= plan.first} | {value for value, count in uses.items() if count > 1}

    def script(self) -> Script:
        self._leaves()
        self._halves()
        for number, values in enumerate(self._levels()):
            for part, some in enumerate(_parts(values)):
                self._level(f"level_{number}_{part}", some)
        return Script(tuple(self.statements), self.places)

    def _leaves(self) -> None:
        """Where each test holds, and where each column that some condition needs is unknown."""
        tests = [condition.test for condition in self.conditions]
        tests += [_is_unknown(name) for condition in self.conditions for name in condition.needs]
        for part, some in enumerate(_parts(list(dict.fromkeys(tests)))):
            table = f"leaves_{part}"
            self.leaf |= {test: f"{table}.q{n}" for n, test in enumerate(some)}
            gathered = ", ".join(f"BIT_OR(CASE WHEN {test} THEN bit ELSE 0 END) AS q{n}" for n, test in enumerate(some))
            self.statements.append(Statement(table, f"SELECT w, {gathered} FROM cases GROUP BY w"))

    def _halves(self) -> None:
        """The certain and the possible half of each condition, explicitly."""
        for part, some in enumerate(_parts(list(enumerate(self.conditions)), WIDEST // 2)):
            texts: dict[str, str] = {}
            for place, condition in some:
                holds, unknown = self.leaf[condition.test], [self.leaf[_is_unknown(name)] for name in condition.needs]
                certain, possible = 2 + 2 * place, 3 + 2 * place
                texts[f"v{certain}"] = " & ".join([holds, *(f"(~{column})" for column in unknown)])
                texts[f"v{possible}"] = " | ".join([holds, *unknown])
                self.places |= {value: (f"halves_{part}", f"v{value}") for value in (certain, possible)}
            tables = {column.split(".")[0] for text in texts.values() for column in _COLUMN.findall(text)}
            self.statements.append(Statement(f"halves_{part}", _select(texts, tables)))

    def _levels(self) -> list[list[int]]:
        """The values that get a column, by how many tables they are away from the halves."""
        level: dict[int, int] = {}
        levels: dict[int, list[int]] = {}
        for value, (_, left, right) in enumerate(self.plan.steps, self.plan.first):
            level[value] = max(level[v] + (v in self.kept) if v in level else 0 for v in (left, right))
            if value in self.kept:
                levels.setdefault(level[value], []).append(value)
        return [levels[number] for number in sorted(levels)]

    def _level(self, table: str, values: Sequence[int]) -> None:
        texts = {f"v{value}": self._text(value) for value in values}
        tables = {column.split(".")[0] for text in texts.values() for column in _COLUMN.findall(text)}
        self.statements.append(Statement(table, _select(texts, tables)))
        self.places |= {value: (table, f"v{value}") for value in values}

    def _text(self, value: int) -> str:
        """A value in terms of columns that are there already."""
        operation, left, right = self.plan.steps[value - self.plan.first]
        if operation == NOT:
            return f"~{self._operand(left, operation)}"
        return f" {'&' if operation == AND else '|'} ".join(self._operand(v, operation) for v in (left, right))

    def _operand(self, value: int, within: int) -> str:
        if value in self.places:
            return ".".join(self.places[value])
        text = self._text(value)
        same = self.plan.steps[value - self.plan.first][0] == within != NOT
        return text if same else f"({text})"


def _is_unknown(column: str) -> str:
    return f"{column} = {UNKNOWN}"


def _select(texts: dict[str, str], tables: Iterable[str]) -> str:
    first, *others = sorted(tables)
    joins = "".join(f" JOIN {table} ON {table}.w = {first}.w" for table in others)
    columns = ", ".join(f"{text} AS {name}" for name, text in texts.items())
    return f"SELECT {first}.w AS w, {columns} FROM {first}{joins}"


def _parts(items: Sequence[Item], most: int = WIDEST) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), most):
        yield items[start : start + most]
