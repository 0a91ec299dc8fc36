"""A program as SQL: from a table of coded cases to the firings of every rule, 64 cases a row.

The database gets one table, `cases`, with a row for each case: `w` (the number of the word that holds the
case's bit), `bit` (that bit) and an integer column for each value that a condition
reads, -1 where it is not known. The SQL has three kinds of statement:

    leaves    one row a word: in which cases each test holds, and in which a value is unknown,
              aggregated with `bit_or` over the 64 cases of the word
    halves    for each condition: certain where it holds and no value it reads is
              unknown; possible where it holds or such a value is unknown
    levels    the rules: bitwise AND, OR and NOT of columns of earlier statements

Each statement makes one table and qualifies every column it reads: no lateral aliases, no
nulls, no three-valued logic of the database. Only AND, OR and NOT of 64-bit integers,
comparisons, CASE, `bit_or` and joins on `w` are used. No text of a policy gets into the SQL: columns are numbered.
`explain/clause_sql.py` prints the SQL of one clause with the meaning of each column.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from kb.bulk.bits import ALL, NONE, words
from kb.bulk.conditions import BulkConditions
from kb.bulk.table import UNKNOWN, CaseTable, from_cases
from kb.engines.bulk.case_columns import CaseColumns
from kb.engines.bulk.plan import AND, NOT, TRUE, Plan, make_plan
from kb.lowering.halves import HalfProgram
from kb.program import Program

Item = TypeVar("Item")
Planes = NDArray[np.uint64]

AT_ONCE = 100  # values that one expression joins without brackets
WIDEST = 250  # columns of one statement; databases take long to plan wider ones
CASES = "cases"
CONCLUSIONS = "conclusions"  # a table like `halves`, with the conclusions that `script_of_rules` does not derive
_SOURCE = re.compile(r"(\w+)\.[qv]\d+")


@dataclass(frozen=True)
class Statement:
    """One table to be made: its columns as expressions, and the tables that these read."""

    table: str
    columns: tuple[tuple[str, str], ...]
    sources: tuple[str, ...]

    @property
    def grouped(self) -> bool:
        """Whether it aggregates the 64 cases of each word."""
        return self.sources[0] == CASES

    @property
    def select(self) -> str:
        """The table's SELECT."""
        first, *others = self.sources
        told = ", ".join(f"{expression} AS {name}" for name, expression in self.columns)
        joins = "".join(f" JOIN {table} ON {table}.w = {first}.w" for table in others)
        grouped = f" GROUP BY {first}.w" if self.grouped else ""
        return f"SELECT {first}.w AS w, {told} FROM {first}{joins}{grouped}"


@dataclass(frozen=True)
class Script:
    """All statements of a program for a table of cases, and how to read planes from their results.

    `inputs` are the halves that the rules read: half i is value `2 + i` of the plan. `places` has the table and column of
    each value of the plan. The plane of rule i is that of value `values[at[i]]`.
    """

    conditions: BulkConditions
    columns: CaseColumns
    inputs: tuple[int, ...]
    statements: tuple[Statement, ...]
    places: dict[int, tuple[str, str]]
    values: tuple[int, ...]
    at: NDArray[np.int64]

    def cases(self, start: int, stop: int) -> Any:
        """The rows `start` to `stop` of the table `cases`, as a `pyarrow.Table`."""
        return self.columns.table(start, stop)

    def planes(self, count: int, ask: Callable[[str, list[str]], Mapping[str, Any]]) -> Planes:
        """The planes of all rules for `count` cases. `ask` returns columns of a table, sorted by `w`."""
        found = np.empty((len(self.values), words(count)), np.uint64)
        wanted: dict[str, list[tuple[int, str]]] = {}
        for row, value in enumerate(self.values):
            if value in self.places:
                table, column = self.places[value]
                wanted.setdefault(table, []).append((row, column))
            else:
                found[row] = ALL if value == TRUE else NONE
        for table, rows in wanted.items():
            answer = ask(table, [column for _, column in rows])
            for row, column in rows:
                found[row] = np.asarray(answer[column], np.int64).view(np.uint64)
        return found


def script_of(program: Program, table: CaseTable) -> Script:
    """The SQL for all firings of a program in the cases of a table."""
    halves = program.halves
    conditions = BulkConditions(table, program.policy.vocabulary)
    plan = make_plan(halves, [n for n in halves.conditions if conditions.is_unknown(halves.atoms[n])])
    return _script(halves, plan, conditions)


def script_of_rules(program: Program, rules: Sequence[int], table: CaseTable | None = None) -> Script:
    """The SQL for the firings of some plain rules only, given as indices in `program.halves.rules`.

    Conclusions that the rules use are not derived but read from a table `conclusions`, with the column `v` + number of their
    value. `table`: the cases, if the script is to be run; without it, every fact has a column.
    """
    halves = program.halves
    own = tuple(replace(halves.rules[index], head=2 * len(halves.atoms) + place) for place, index in enumerate(rules))
    read = {half // 2 for rule in own for half in (*rule.positive, *rule.negative)}
    derived = frozenset(read - halves.leaves)
    part = replace(halves, rules=own, conditions=tuple(sorted(read)), circular=False)
    vocabulary = program.policy.vocabulary
    conditions = BulkConditions(from_cases((), vocabulary) if table is None else table, vocabulary)
    looked_up = read - derived if table is not None else ()
    unknown = [number for number in looked_up if conditions.is_unknown(halves.atoms[number])]
    return _script(part, make_plan(part, unknown), conditions, derived)


def _script(halves: HalfProgram, plan: Plan, conditions: BulkConditions, derived: Collection[int] = ()) -> Script:
    columns = CaseColumns(conditions)
    written = _Writer(halves, plan, columns, derived)
    written.write()
    values, at = np.unique(np.array(plan.fired, np.int64), return_inverse=True)
    return Script(conditions, columns, plan.inputs, tuple(written.statements), written.places, tuple(values.tolist()), at)


class _Writer:
    """Writes the statements of a plan. `derived`: numbers of atoms that are read from the table `conclusions`."""

    def __init__(self, program: HalfProgram, plan: Plan, columns: CaseColumns, derived: Collection[int] = ()):
        self.plan = plan
        numbers = [half // 2 for half in plan.inputs[::2]]
        self.conditions = {
            2 + 2 * place: columns.condition(program.atoms[n]) for place, n in enumerate(numbers) if n not in derived
        }
        self.statements: list[Statement] = []
        self.leaf: dict[str, str] = {}
        given = [2 + place for place, half in enumerate(plan.inputs) if half // 2 in derived]
        self.places: dict[int, tuple[str, str]] = {value: (CONCLUSIONS, f"v{value}") for value in given}
        uses = Counter(value for _, left, right in plan.steps for value in {left, right})
        self.kept = {value for value in plan.fired if value >= plan.first} | {value for value, count in uses.items() if count > 1}

    def write(self) -> None:
        self._leaves()
        self._halves()
        for number, values in enumerate(self._levels()):
            for part, some in enumerate(_parts(values)):
                self._level(f"level_{number}_{part}", some)

    def _leaves(self) -> None:
        """Statements for the cases in which each test holds, and in which each column that a condition reads is unknown."""
        tests = [condition.test for condition in self.conditions.values()]
        tests += [_is_unknown(name) for condition in self.conditions.values() for name in condition.needs]
        for part, some in enumerate(_parts(list(dict.fromkeys(tests)))):
            table = f"leaves_{part}"
            self.leaf |= {test: f"{table}.q{n}" for n, test in enumerate(some)}
            gathered = tuple((f"q{n}", f"BIT_OR(CASE WHEN {test} THEN bit ELSE 0 END)") for n, test in enumerate(some))
            self.statements.append(Statement(table, gathered, (CASES,)))

    def _halves(self) -> None:
        """Statements for the certain and the possible half of each condition."""
        for part, some in enumerate(_parts(list(self.conditions.items()), WIDEST // 2)):
            texts: dict[str, str] = {}
            for certain, condition in some:
                holds, unknown = self.leaf[condition.test], [self.leaf[_is_unknown(name)] for name in condition.needs]
                possible = certain + 1
                texts[f"v{certain}"] = " & ".join([holds, *(f"(~{column})" for column in unknown)])
                texts[f"v{possible}"] = " | ".join([holds, *unknown])
                self.places |= {value: (f"halves_{part}", f"v{value}") for value in (certain, possible)}
            self.statements.append(_statement(f"halves_{part}", texts))

    def _levels(self) -> list[list[int]]:
        """The values that get a column of their own, by level: level n reads only halves and lower levels."""
        level: dict[int, int] = {}
        levels: dict[int, list[int]] = {}
        for value, (_, left, right) in enumerate(self.plan.steps, self.plan.first):
            level[value] = max(level[v] + (v in self.kept) if v in level else 0 for v in (left, right))
            if value in self.kept:
                levels.setdefault(level[value], []).append(value)
        return [levels[number] for number in sorted(levels)]

    def _level(self, table: str, values: Sequence[int]) -> None:
        texts = {f"v{value}": self._text(value) for value in values}
        self.statements.append(_statement(table, texts))
        self.places |= {value: (table, f"v{value}") for value in values}

    def _text(self, value: int) -> str:
        """The expression of a value over columns that exist already."""
        operation, left, _ = self.plan.steps[value - self.plan.first]
        if operation == NOT:
            return f"~{self._operand(left)}"
        return _joined([self._operand(v) for v in self._operands(value, operation)], "&" if operation == AND else "|")

    def _operands(self, value: int, operation: int) -> Iterator[int]:
        """What one operation joins, through however many steps, in their order."""
        waiting = [value]
        while waiting:
            here = waiting.pop()
            inside = here == value or (here not in self.places and self.plan.steps[here - self.plan.first][0] == operation)
            if inside:
                waiting += reversed(self.plan.steps[here - self.plan.first][1:])
            else:
                yield here

    def _operand(self, value: int) -> str:
        return ".".join(self.places[value]) if value in self.places else f"({self._text(value)})"


def _joined(texts: Sequence[str], sign: str) -> str:
    """Texts with a sign between them; many in groups, as databases nest what they read no deeper than some hundreds."""
    while len(texts) > AT_ONCE:
        texts = [f"({f' {sign} '.join(texts[n : n + AT_ONCE])})" for n in range(0, len(texts), AT_ONCE)]
    return f" {sign} ".join(texts)


def _is_unknown(column: str) -> str:
    return f"{column} = {UNKNOWN}"


def _statement(table: str, texts: dict[str, str]) -> Statement:
    sources = {source for text in texts.values() for source in _SOURCE.findall(text)}
    return Statement(table, tuple(texts.items()), tuple(sorted(sources)))


def _parts(items: Sequence[Item], most: int = WIDEST) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), most):
        yield items[start : start + most]
