"""Compares a new edition of a council's document with the old one, line by line and clause by clause.

Old lines are found by fingerprint (`queries/drift_lines.py`). The remaining ones lie between lines that were
found, and their position tells changed lines from lines that are gone: a `diff` on fingerprints.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from kb.edition import Edition
from kb.fingerprint import words_of
from kb.policy import Policy
from queries.drift_lines import Passage, passages_of
from queries.lint import Finding, Report

UNCHANGED, MOVED, CHANGED, GONE, UNTOLD = "unchanged", "moved", "changed", "gone", "not told"
STATUSES = (UNCHANGED, MOVED, CHANGED, GONE, UNTOLD)


@dataclass(frozen=True, slots=True)
class LineDrift:
    """What became of an old line. `judged`: position alone did not decide which passage took its place."""

    line: int
    status: str
    now: Passage | None = None
    judged: bool = False


@dataclass(frozen=True, slots=True)
class ClauseDrift:
    """What became of a clause: the gravest change to any of its lines."""

    clause: str
    status: str
    lines: tuple[LineDrift, ...]


@dataclass(frozen=True, slots=True)
class Drift:
    """A comparison of a new edition with the lines that the rules were read from."""

    lines: tuple[LineDrift, ...]
    clauses: tuple[ClauseDrift, ...]
    added: tuple[Passage, ...]

    @property
    def none(self) -> bool:
        """Whether the edition is the one that the rules were read from."""
        return not self.added and all(line.status == UNCHANGED for line in self.lines)


def drift(policy: Policy, edition: Edition) -> Drift:
    """Compares an edition with a policy's fingerprints."""
    passages = passages_of(policy.fingerprints, edition)
    lines, added = _aligned(policy, passages)
    found = {line.line: line for line in lines}
    clauses = tuple(
        _clause_drift(clause.id, [found.get(line, LineDrift(line, UNTOLD)) for line in clause.lines])
        for clause in policy.clauses.values()
        if not clause.house
    )
    return Drift(tuple(lines), clauses, tuple(added))


def lint_of_new(result: Drift, report: Report) -> list[Finding]:
    """The findings of lint in passages that are new or changed: an old fault is not told with each edition."""
    order = report.order
    now = [(line.now, line.status == CHANGED) for line in result.lines if line.now] + [
        (passage, True) for passage in result.added
    ]
    starts = sorted((order[passage.place], fresh) for passage, fresh in now if passage.place in order)

    def is_fresh(place: str) -> bool:
        before = [fresh for start, fresh in starts if start <= order.get(place, -1)]
        return bool(before) and before[-1]

    return [finding for finding in report.findings if any(map(is_fresh, finding.places))]


def _clause_drift(clause: str, lines: Sequence[LineDrift]) -> ClauseDrift:
    statuses = {line.status for line in lines}
    if statuses == {GONE}:
        status = GONE
    elif statuses & {GONE, CHANGED}:
        status = CHANGED
    else:
        status = next((s for s in (UNTOLD, MOVED) if s in statuses), UNCHANGED)
    return ClauseDrift(clause, status, tuple(lines))


# Changed or gone ------------------------------------------------------------------


def _aligned(policy: Policy, passages: Sequence[Passage]) -> tuple[list[LineDrift], list[Passage]]:
    """Each old line with what became of it, and the passages that replace no line."""
    old = sorted(policy.fingerprints)
    prints = [policy.fingerprints[line] for line in old]
    new = [policy.fingerprints[p.line] if p.line is not None else "" for p in passages]
    lines: dict[int, LineDrift] = {}
    gaps: list[tuple[list[int], list[int]]] = []
    for kind, a, b, c, d in SequenceMatcher(None, prints, new, autojunk=False).get_opcodes():
        if kind == "equal":
            lines |= {old[n]: LineDrift(old[n], UNCHANGED, passages[c + n - a]) for n in range(a, b)}
        else:
            gaps.append((list(range(a, b)), list(range(c, d))))
    spare: dict[str, list[int]] = {}
    for _, there in gaps:
        for number in there:
            if new[number]:
                spare.setdefault(new[number], []).append(number)
    added: list[Passage] = []
    for here, there in gaps:
        left: list[int] = []
        for n in here:
            if spare.get(prints[n]):
                lines[old[n]] = LineDrift(old[n], MOVED, passages[spare[prints[n]].pop(0)])
            else:
                left.append(old[n])
        fresh = [passages[number] for number in there if not new[number]]
        pairs = _pairs(policy, left, fresh)
        judged = len(left) != len(fresh)
        for line, taken in zip(left, pairs):
            status = GONE if taken is None else CHANGED
            lines[line] = LineDrift(line, status, None if taken is None else fresh[taken], judged and bool(fresh))
        added += [passage for number, passage in enumerate(fresh) if number not in pairs]
    added += [passages[number] for numbers in spare.values() for number in numbers]  # repeats of known lines
    return [lines[line] for line in old], sorted(added, key=list(passages).index)


def _pairs(policy: Policy, lines: Sequence[int], fresh: Sequence[Passage]) -> list[int | None]:
    """For each old line the passage that took its place, or None; in order, as many pairs as possible.

    If the numbers differ, the words that a passage shares with our paraphrases of the line's clauses decide.
    """
    if len(lines) == len(fresh):
        return list(range(len(fresh)))
    ours = [_telling(words) for words in (_paraphrased(policy, line) for line in lines)]
    theirs = [_telling(words_of(passage.text)) for passage in fresh]
    best = [[0.0] * (len(fresh) + 1) for _ in range(len(lines) + 1)]
    for i, own in enumerate(ours, 1):
        for j, other in enumerate(theirs, 1):
            best[i][j] = max(best[i - 1][j - 1] + 1 + _in_common(own, other), best[i][j - 1], best[i - 1][j])
    found: list[int | None] = [None] * len(lines)
    i, j = len(lines), len(fresh)
    while i and j:  # trace back the best alignment
        if best[i][j] == best[i - 1][j - 1] + 1 + _in_common(ours[i - 1], theirs[j - 1]):
            i, j = i - 1, j - 1
            found[i] = j
        elif best[i][j] == best[i][j - 1]:
            j -= 1
        else:
            i -= 1
    return found


def _telling(words: Iterable[str]) -> frozenset[str]:
    """The first six letters of each word, so that inflected forms match."""
    return frozenset(word[:6] for word in words)


def _paraphrased(policy: Policy, line: int) -> list[str]:
    """The longer words of our paraphrases of a line's clauses."""
    return [word for c in policy.clauses.values() if line in c.lines for word in words_of(c.paraphrase) if len(word) > 3]


def _in_common(ours: frozenset[str], theirs: frozenset[str]) -> float:
    """The share of a paraphrase's words that a passage has, scaled to 0 up to 0.9, so that it ranks below one more pair."""
    return 0.9 * len(ours & theirs) / len(ours) if ours else 0.0
