"""Which past answers would differ under another policy, edition or reading.

Every answer that was kept is decided anew from the facts that it was decided from. The columns engine decides all at once;
where it gives only bounds for the possible teams and they are not those kept, the case is decided exactly.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from kb.bulk.table import from_cases
from kb.case import AS_OF, RECORDED_ON, Case, parse_day, typed_value
from kb.dates import iso
from kb.engines.bulk.columns import Columns
from kb.engines.pydatalog import PyDatalog
from kb.program import Program
from kb.register.schema import answers, children
from kb.register.store import Store
from kb.vocabulary.model import Vocabulary
from queries.bulk.caseload import NONE_OF_THEM, Caseload, decide_caseload
from queries.decide import Decision
from queries.exact import decide_exactly
from queries.register.answering import unpacked
from queries.register.due import latest_answer
from queries.register.known import not_undone
from queries.undecided import UNDECIDED

BLOCK = 20_000  # answers that are decided together
Told = tuple[str, str | None, tuple[str, ...], tuple[str, str, str, str, str | None] | None]


@dataclass(frozen=True, slots=True)
class Differs:
    """An answer that would differ: status, team, possible teams and transfer as kept, and under the other policy.

    `clauses` are those that the kept answer cites; `case` is what was decided, for the reasons of the other answer.
    """

    child: str
    answer: int
    as_of: str
    policy: str
    before: Told
    after: Told
    clauses: tuple[Mapping[str, Any], ...]
    case: Case = field(repr=False)

    @property
    def parts(self) -> list[str]:
        names = ("answer", "team", "possible teams", "transfer")
        return [name for name, was, now in zip(names, self.before, self.after) if was != now]


@dataclass
class Replayed:
    """What a replay found. `left_out`: how many answers rest on facts that the other policy has not, by fact."""

    compared: int = 0
    differing: list[Differs] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)


def replay(
    store: Store, program: Program, latest_only: bool = False, done: Callable[[int], None] = lambda count: None
) -> Replayed:
    """Decides the answers that were kept under another program. `latest_only`: only the latest answer of each child.

    `done` is called with the number of further answers. Errors: `InputError`.
    """
    replayed, reader = Replayed(), CaseReader(program.policy.vocabulary)
    for rows in _blocks(store, latest_only):
        cases = [reader.case(unpacked(row.facts), program.policy.code, str(row.entry)) for row in rows]
        decided = decide_caseload(program, from_cases(cases, program.policy.vocabulary), Columns())
        replayed.compared += len(rows)
        replayed.differing += _differing(rows, cases, decided)
        done(len(rows))
    replayed.left_out = reader.left_out
    return replayed


def _blocks(store: Store, latest_only: bool) -> Iterator[Sequence[Any]]:
    columns = (children.c.number, answers.c.entry, answers.c.as_of, answers.c.policy, answers.c.status, answers.c.team)
    asked = select(*columns, answers.c.facts, answers.c.answer).join(children, children.c.child == answers.c.child)
    if latest_only:
        latest = latest_answer()
        asked = asked.join(latest, latest.c.entry == answers.c.entry)
    asked = asked.where(not_undone(answers.c.entry)).order_by(answers.c.entry)
    with store.reading() as connection:
        yield from connection.execution_options(yield_per=BLOCK).execute(asked).partitions(BLOCK)


class CaseReader:
    """Makes cases of the facts that were kept; a value that was read before is not read again."""

    def __init__(self, vocabulary: Vocabulary):
        self.vocabulary = vocabulary
        self.read: dict[tuple[str, type, Any], Any] = {}
        self.left_out: dict[str, int] = {}

    def case(self, document: Mapping[str, Any], policy: str, name: str = "") -> Case:
        """The case of a document as it was kept, for a policy."""
        facts: dict[str, Any] = {}
        for fact, raw in document["facts"].items():
            value = self._value(fact, raw)
            if value is None:
                self.left_out[fact] = self.left_out.get(fact, 0) + 1
            else:
                facts[fact] = value
        recorded = document.get(RECORDED_ON)
        day = parse_day(document[AS_OF])
        return Case(name or document["case_id"], policy, day, facts, None if recorded is None else parse_day(recorded))

    def _value(self, name: str, raw: Any) -> Any:
        """A value as engines use it; None for one that the policy has not."""
        key = (name, type(raw), json.dumps(raw, sort_keys=True) if isinstance(raw, list) else raw)
        if key not in self.read:
            fact = self.vocabulary.recorded.get(name)
            try:
                self.read[key] = None if fact is None else typed_value(fact, raw, self.vocabulary)
            except ValueError:
                self.read[key] = None
        return self.read[key]


def _differing(rows: Sequence[Any], cases: Sequence[Case], decided: Caseload) -> Iterator[Differs]:
    for number, (row, case) in enumerate(zip(rows, cases)):
        kept = unpacked(row.answer)
        before, after = _as_kept(kept), as_decided(decided, number)
        if before == after:
            continue
        if after[0] in UNDECIDED:
            after = _of(decide_exactly(decided.program, case, PyDatalog()))
        if before != after:
            yield Differs(row.number, row.entry, row.as_of, row.policy, before, after, tuple(kept["clauses"]), case)


def _as_kept(told: Mapping[str, Any]) -> Told:
    move = told["transfer"]
    transfer = None if move is None else (move["from"], move["to"], move["point"], move["status"], move["on"])
    return told["status"], told["responsible_team"], tuple(sorted(told["possible_teams"])), transfer


def as_decided(decided: Caseload, row: int) -> Told:
    team, move, on = decided.team[row], decided.move[row], decided.on[row]
    transfer = None if move == NONE_OF_THEM else (*decided.moves[move], None if on == NONE_OF_THEM else iso(int(on)))
    named = None if team == NONE_OF_THEM else decided.teams[team]
    return decided.statuses[decided.status[row]], named, tuple(sorted(decided.possible.of_case(row))), transfer


def _of(decision: Decision) -> Told:
    move = decision.transfer
    transfer = None if move is None else (move.origin, move.to, move.point, move.status, move.on)
    return decision.status, decision.responsible_team, tuple(sorted(decision.possible_teams)), transfer
