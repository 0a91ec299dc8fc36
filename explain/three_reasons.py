"""The three reasons to give first, for the app and the one-page record: the clause, then what is recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from explain.filed.content import Content
from explain.tree import Sentence
from explain.words import NOT_RECORDED
from kb.carried import HOLDER

MOST = 3
NAMED = 2  # missing facts that are named; more are counted
MOVE, HOLDS_UP = "The move", "What holds it up"


def three_reasons(content: Content) -> tuple[Sentence, ...]:
    """At most three sentences without reasons of their own, each with its clause.

    First comes the move that brought the child, or the record and the move that is ahead; then clauses and what is
    recorded, each fact once. Where something is missing or holds the move up, one of the three says what.
    """
    decision = content.decision
    rest = {group.title: group.sentences for group in content.why_rest}
    moved = [_moved(sentence) for sentence in content.why[: len(decision.came_by)]]
    lines = list(_lines([*content.why, *rest.get(MOVE, ())]))
    first = moved or [line for line in lines if line.facts == (HOLDER,)][:1] if decision.status == "decided" else []
    ahead = [line for line in rest.get(MOVE, ()) if line.clause_id and not moved]
    last = _missing(content) or _holding(content)
    found: list[Sentence] = []
    facts: set[str] = set()
    cited = {line.clause_id for line in moved}
    others = [line for line in lines if not line.open and line.clause_id not in cited - {""} and not _of_checks(line, content)]
    for line in [*first, *ahead, *sorted(others, key=partial(_weight, facts_first=bool(moved)))]:
        told = {sentence.text for sentence in found}
        if len(found) < MOST - len(last) and line.text not in told and not (line.facts and facts >= set(line.facts)):
            found.append(replace(line, reasons=()))
            facts |= set(line.facts)
    return (*found, *last)


def _missing(content: Content) -> tuple[Sentence, ...]:
    """What an open answer hangs on, as one sentence; none where nothing is missing."""
    facts = content.policy.vocabulary.facts
    named = content.decision.missing_facts if content.decision.status == "unknown" else ()
    if not named:
        return ()
    labels = [facts[name].label for name in named[:NAMED]]
    more = f", and {len(named) - NAMED} more" if len(named) > NAMED else ""
    return (Sentence(f"{NOT_RECORDED}{'; '.join(labels)}{more}", affirms=False, facts=named),)


def _holding(content: Content) -> tuple[Sentence, ...]:
    """The first thing that holds the move up, as one sentence; none where nothing does."""
    lines = next((part.lines for part in content.parts if part.title == HOLDS_UP), ())
    return (Sentence(lines[0].removesuffix("."), affirms=False),) if lines else ()


def _moved(sentence: Sentence) -> Sentence:
    """A move with the first clause among its reasons."""
    cited = next((reason for reason in _lines([sentence]) if reason.clause_id), sentence)
    return replace(sentence, clause=cited.clause, clause_id=cited.clause_id)


def _lines(sentences: Iterable[Sentence]) -> Iterator[Sentence]:
    """The reasons below some sentences, the nearest first within each."""
    for sentence in sentences:
        yield from sentence.reasons
        yield from _lines(sentence.reasons)


def _of_checks(line: Sentence, content: Content) -> bool:
    """Whether a line is about checks only, which have a place of their own."""
    facts = content.policy.vocabulary.facts
    return bool(line.facts) and all(facts[name].time == "gate" for name in line.facts)


def _weight(line: Sentence, facts_first: bool) -> int:
    if line.affirms and line.clause_id:
        return 1
    if line.affirms and line.facts:
        return 2 if line.facts == (HOLDER,) or not facts_first else 0
    return 3 if not line.affirms and line.reasons else 4
