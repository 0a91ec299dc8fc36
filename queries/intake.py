"""Of what a council's data suggest: which replies could change an answer, and how many children each fact holds up.

A suggestion matters where the answer hangs on its fact (`missing_facts`), or where the answer with it is another one than
without: another status, team or move. Suggestions that change it only together all matter.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from kb.bulk.table import from_cases
from kb.case import Case, typed_value
from kb.engines.bulk.choose import engine_named
from kb.engines.bulk.interface import BulkEngine
from kb.intake.model import Hint
from kb.program import Program
from queries.bulk.caseload import decide_caseload, outcomes

_BATCH = 4_000  # records that are decided at a time

Done = Callable[[int, int], None]
Outcome = Any  # status, team and move of a record with its contradictions; None where columns can't follow its journey


@dataclass(frozen=True)
class HeldUp:
    """For each child the facts of which a reply could change the answer; for each fact the number of such children."""

    of_child: Mapping[str, frozenset[str]]
    children: Mapping[str, int]

    def matters(self, hint: Hint) -> bool:
        """Whether a reply to a suggestion could change the answer for its child."""
        return hint.fact in self.of_child.get(hint.case_id, frozenset())


def held_up(program: Program, cases: Sequence[Case], hints: Sequence[Hint], done: Done = lambda done, of: None) -> HeldUp:
    """What could change an answer, of the suggestions for some cases. `done` is told how far it has come."""
    suggested: dict[str, dict[str, Any]] = {}
    vocabulary = program.policy.vocabulary
    for hint in hints:
        with contextlib.suppress(ValueError):  # a suggestion that is no value of its fact could not be agreed to
            suggested.setdefault(hint.case_id, {})[hint.fact] = typed_value(vocabulary.facts[hint.fact], hint.value, vocabulary)
    concerned = [case for case in cases if case.case_id in suggested]
    if not concerned:
        return HeldUp({}, {})
    engine = engine_named("columns")
    found: dict[str, set[str]] = {}
    asked = len(concerned) + sum(len(facts) for facts in suggested.values())
    passed = 0
    for batch in _batches(concerned):
        decided = decide_caseload(program, from_cases(batch, vocabulary), engine)
        for row, case in enumerate(batch):
            found[case.case_id] = set(decided.missing.of_case(row)) & suggested[case.case_id].keys()
        passed += len(batch)
        done(passed, asked)
    before = dict(zip((case.case_id for case in concerned), _decided(program, concerned, engine)))
    tried = ((case, facts) for case in concerned for facts in _replies(suggested[case.case_id], found[case.case_id]))
    for batch in _batches(tried):
        records = [replace(case, facts={**case.facts, **facts}) for case, facts in batch]
        for (case, facts), after in zip(batch, _decided(program, records, engine)):
            if after is None or after != before[case.case_id]:
                _note(found[case.case_id], facts)
        passed += len(batch)
        done(min(passed, asked), asked)
    counts: dict[str, int] = {}
    for facts_of_child in found.values():
        for name in facts_of_child:
            counts[name] = counts.get(name, 0) + 1
    return HeldUp({child: frozenset(names) for child, names in found.items()}, counts)


def _replies(suggested: Mapping[str, Any], known: set[str]) -> Iterator[Mapping[str, Any]]:
    """Each suggestion that is not known to matter by itself, then all of them together."""
    single = [name for name in suggested if name not in known]
    for name in single:
        yield {name: suggested[name]}
    if len(suggested) > 1 and single:
        yield suggested


def _note(found: set[str], facts: Mapping[str, Any]) -> None:
    """That facts change an answer. All together they say something only where none of them did by itself."""
    if len(facts) == 1 or not found & facts.keys():
        found |= facts.keys()


def _decided(program: Program, cases: Sequence[Case], engine: BulkEngine) -> list[Outcome]:
    found: list[Outcome] = []
    for batch in _batches(cases):
        found += outcomes(program, from_cases(batch, program.policy.vocabulary), engine)
    return found


def _batches(items: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(items)
    while batch := list(islice(rest, _BATCH)):
        yield batch
