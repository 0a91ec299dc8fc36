"""Answering a whole register for a day: all children are decided through columns, and what is new is kept.

An answer stands if nothing was recorded about the child since, and all that follows on the day follows from the record as it
followed when the answer was worked out: the same rules fire, with the same days. Both days are decided through columns. Any
other child is answered as `answer` does, with clauses and reasons, so that what is kept is always whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, func, select

from kb.bulk.table import from_cases
from kb.case import Case
from kb.engines.bulk.columns import Columns
from kb.errors import Fault, InputError
from kb.program import Program
from kb.register.schema import answers, children, entries, facts
from kb.register.store import Store, checked_name
from queries.bulk.caseload import Caseload, decide_steps
from queries.bulk.journeys import last_steps
from queries.bulk.on_file import Keeping
from queries.load import load_installed
from queries.register.answering import Told, answer, unpacked
from queries.register.change import checked_day
from queries.register.editions import edition_on, editions_of
from queries.register.known import Child, not_undone, of_many, what_counts
from queries.register.replaying import CaseReader, as_decided

TOGETHER = 20_000  # children that are decided together
RECORDING = ("add", "import", "undo")  # entries that change what is known of a child


@dataclass
class AnsweredAll:
    """What came of it: how many children were answered anew, how many answers stand, of how many nothing is recorded."""

    kept: int = 0
    standing: int = 0
    empty: int = 0
    refused: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Last:
    """A child with its latest answer, if it has one, the last entry that recorded something, and whether any fact counts."""

    child: Child
    entry: int | None
    policy: str | None
    digest: str | None
    settings: str | None
    facts: bytes | None
    told: bytes | None
    recorded: int
    known: bool


def answer_all(
    store: Store,
    told: Told,
    by: str,
    made_by: str,
    as_of: str | None = None,
    done: Callable[[int], None] = lambda count: None,
) -> AnsweredAll:
    """Answers every child for a day (ISO; None: today) under the edition in force then.

    `done` is called with the number of further children. A child that can't be answered is told in `refused`, and the
    others are answered; one that was broken off is run again. Errors: `InputError`.
    """
    by, day, found = checked_name(by), checked_day(store, as_of, "--as-of"), AnsweredAll()
    for some in _blocks(store):
        standing, perhaps = _standing(store, some, day)
        for last in some:
            if last.child.id in standing:
                found.standing += 1
            elif not last.known:
                found.empty += 1
            else:
                kept = unpacked(last.told) if last.told is not None and last.child.id in perhaps else None
                try:
                    made = answer(store, last.child.number, told, by, made_by, day, unless=kept)
                    found.kept += made.entry is not None
                    found.standing += made.entry is None
                except InputError as error:
                    found.refused += [replace(fault, where=f"{last.child.number}: {fault.where}") for fault in error.faults]
            done(1)
    return found


def _blocks(store: Store) -> Iterator[Sequence[_Last]]:
    """The children in the order in which they came, some at a time."""
    start = 0
    while True:
        with store.reading() as connection:
            some = _some(connection, start)
        if not some:
            return
        yield some
        start = some[-1].child.id + 1


def _some(connection: Connection, start: int) -> list[_Last]:
    given, log = answers.alias(), entries.alias()
    newest = select(func.max(given.c.entry)).where(given.c.child == children.c.child, not_undone(given.c.entry))
    recorded = select(func.max(log.c.seq)).where(log.c.child == children.c.child, log.c.what.in_(RECORDING))
    known = select(facts.c.entry).where(facts.c.child == children.c.child, not_undone(facts.c.entry))
    some = (
        select(
            *(children.c.child, children.c.number, children.c.policy),
            newest.correlate_except(given).scalar_subquery().label("newest"),
            recorded.correlate_except(log).scalar_subquery().label("recorded"),
            known.correlate(children).exists().label("known"),
        )
        .where(children.c.child >= start)
        .order_by(children.c.child)
        .limit(TOGETHER)
        .subquery()
    )
    asked = (
        select(some, answers.c.entry, answers.c.policy.label("answer_policy"), answers.c.digest, answers.c.settings)
        .add_columns(answers.c.facts, answers.c.answer)
        .outerjoin(answers, answers.c.entry == some.c.newest)
        .order_by(some.c.child)
    )
    return [_last(row) for row in connection.execute(asked)]


def _last(row: Any) -> _Last:
    of_answer = (row.entry, row.answer_policy, row.digest, row.settings, row.facts, row.answer)
    return _Last(Child(row.child, row.number, row.policy), *of_answer, row.recorded or 0, row.known)


def _standing(store: Store, some: Sequence[_Last], day: str) -> tuple[set[int], set[int]]:
    """The children, by their own numbers, whose latest answer stands on a day, and those whose may stand.

    The latter are those whose journey can have gone several ways or runs through several editions.
    """
    found, perhaps = set[int](), set[int]()
    for council in dict.fromkeys(last.child.policy for last in some):
        with store.reading() as connection:
            try:
                program = load_installed(edition_on(connection, council, day), {}, "policy")
            except InputError:
                continue  # told with each child
            own = [last for last in some if last.child.policy == council and _may_stand(last, program)]
            perhaps |= {last.child.id for last in own}
            if own and len([each for each in editions_of(connection, council) if each.since <= day]) <= 1:
                found |= _unchanged(connection, own, day, program)
    return found, perhaps


def _may_stand(last: _Last, program: Program) -> bool:
    same = (last.policy, last.digest, last.settings) == (program.policy.code, program.policy.digest, "{}")
    return last.entry is not None and same and last.recorded < last.entry


def _unchanged(connection: Connection, some: Sequence[_Last], day: str, program: Program) -> set[int]:
    vocabulary = program.policy.vocabulary
    recorded = of_many(connection, some[0].child.id, some[-1].child.id)
    reader = CaseReader(vocabulary)
    before: list[Case] = []
    today: list[Case] = []
    compared: list[_Last] = []
    for last in some:
        then = unpacked(last.facts or b"")
        now = what_counts(recorded.get(last.child.id, ()), last.child, day, vocabulary).document(program.policy.code)
        if now["facts"] == then["facts"]:
            before.append(reader.case(then, program.policy.code))
            today.append(reader.case(now, program.policy.code))
            compared.append(last)
    if not compared:
        return set()
    was, is_ = (_followed(program, cases) for cases in (before, today))
    return {last.child.id for row, last in enumerate(compared) if was[row] == is_[row] is not None}


def _followed(program: Program, cases: Sequence[Case]) -> list[Any]:
    """All that follows for each case, to be compared; None where the journey can have gone several ways."""
    table = from_cases(cases, program.policy.vocabulary)
    steps = last_steps(program, table)
    keeping = Keeping(program, steps, Columns())
    decided = decide_steps(program, table, steps, keeping)
    return [
        None if row in steps.parted else (fired, as_decided(decided, row), int(decided.since[row]), _limits(decided, row))
        for row, fired in enumerate(keeping.fired)
    ]


def _limits(decided: Caseload, row: int) -> tuple[Any, ...]:
    """The time limits of a case, with their days and whether they were kept, and its next move."""
    limits = decided.deadlines
    at = slice(limits.offsets[row], limits.offsets[row + 1])
    told = zip(limits.codes[at].tolist(), limits.due[at].tolist(), limits.state[at].tolist())
    return (*told, (int(decided.next_move[row]), int(decided.next_on[row])))
