"""Findings grouped by root cause, across checks.

The causes of a policy are listed by its author (`causes.yaml`). What belongs to none of them becomes a cause of its own: each
reading, and each group of findings of one check about the same clauses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from kb.causes import Cause
from kb.policy import Policy, Reading, shared_readings
from queries.check.finding import WEIGHTS, Finding
from queries.check.settings import lines_of

SHARE = 0.5  # of the lines of a finding that have to be among those of a cause
OURS = frozenset(
    ["dead-rule", "covered-rule", "said-twice", "idle-exception", "idle-gate"]
)  # faults of rules, not of the document
AS_READINGS = frozenset(["defaults"])  # what these tell is counted as choices


@dataclass(frozen=True)
class Settled:
    """What settling one cause settles.

    findings  numbers of the findings, as `whichteam check` numbers them; `weight` is the gravest of theirs
    choices   numbers of the findings that tell its readings as choices, without a search
    notes     ids of the clauses on which a reader noted something
    children  number of cases that it touches; None if none were given
    """

    cause: Cause
    findings: tuple[int, ...] = ()
    weight: str = "choice"
    notes: tuple[str, ...] = ()
    children: int | None = None
    listed: bool = True
    choices: tuple[int, ...] = ()


def numbered(groups: Mapping[str, Sequence[Sequence[Finding]]], weights: Sequence[str]) -> list[tuple[int, Finding]]:
    """Each finding with its number; those of one group have one. `groups`: weight to groups; `weights`: their order."""
    ordered = [group for weight in weights for group in groups.get(weight, ())]
    return [(number, finding) for number, group in enumerate(ordered, 1) for finding in group]


def settle(policy: Policy, causes: Sequence[Cause], findings: Sequence[tuple[int, Finding]]) -> list[Settled]:
    """Every cause with its findings and notes: first the listed ones, then those of findings and readings that are left.

    Findings about the encoding alone (`OURS`) and settings that all policies share are no fault of the document and are left out.
    """
    found: dict[int, list[tuple[int, Finding]]] = {}
    left: dict[int, list[Finding]] = {}
    for number, finding in findings:
        if finding.check not in OURS | AS_READINGS:
            home = _home(policy, causes, finding)
            if home is None:
                left.setdefault(number, []).append(finding)
            else:
                found.setdefault(home, []).append((number, finding))
    settled = [_settled(policy, cause, found.get(n, ())) for n, cause in enumerate(causes)]
    chosen = {finding.topic: number for number, finding in findings if finding.check in AS_READINGS}
    read = {reading for cause in causes for reading in cause.readings}
    shared = shared_readings()
    about = [(number, f) for number, group in left.items() for f in group if _reading_of(policy, f)]
    for reading in policy.readings.values():
        if reading.name not in read | shared:
            its = [(number, f) for number, f in about if _reading_of(policy, f) == reading.name]
            settled.append(replace(_settled(policy, _of_reading(policy, reading), its), listed=False))
    for number, group in sorted(left.items()):
        if not any(_reading_of(policy, finding) for finding in group):
            weight = min((f.weight for f in group), key=WEIGHTS.index)
            settled.append(Settled(_of_findings(policy, group), (number,), weight, listed=False))
    return [replace(s, choices=tuple(sorted(chosen[r] for r in s.cause.readings if r in chosen))) for s in settled]


def _reading_of(policy: Policy, finding: Finding) -> str:
    """The reading that a finding is about; empty if it is about none."""
    name = finding.otherwise.reading if finding.otherwise else finding.topic
    return name if name in policy.readings else ""


def _home(policy: Policy, causes: Sequence[Cause], finding: Finding) -> int | None:
    """The place of the cause of a finding: the one that has its reading, else the one that has most of its lines."""
    lines = {line for clause in finding.clauses for line in policy.clauses[clause].lines}
    if reading := _reading_of(policy, finding):
        return next((n for n, cause in enumerate(causes) if reading in cause.readings), None)
    shares = [len(lines & set(cause.lines)) / len(lines) if lines else 0.0 for cause in causes]
    best = max(shares, default=0.0)
    return shares.index(best) if best >= SHARE else None


def _settled(policy: Policy, cause: Cause, found: Iterable[tuple[int, Finding]]) -> Settled:
    its = list(found)
    lines = set(cause.lines)
    notes = tuple(c.id for c in policy.clauses.values() if c.note and not c.house and lines & set(c.lines))
    weight = min((finding.weight for _, finding in its), key=WEIGHTS.index, default="choice")
    return Settled(cause, tuple(sorted({number for number, _ in its})), weight, notes)


def _of_reading(policy: Policy, reading: Reading) -> Cause:
    """A reading as a cause: the question is why there is a choice, the redline names the sentences to choose from."""
    settings = dict.fromkeys([str(policy.settings[reading.name]), str(reading.default), *reading.alternatives])
    told = [reading.told(setting) for setting in settings if ".." not in setting]
    choose = " ".join(f"({'abcdefghij'[n % 10]}) {sentence}" for n, sentence in enumerate(told))
    lines = tuple(sorted({line for _, line in lines_of(reading)}))
    name = reading.name.replace("_", " ")
    child = "Two readers of the text would answer differently for the same child."
    return Cause(name.capitalize(), reading.why, child, f"Say which is meant: {choose}", lines, (reading.name,))


def _of_findings(policy: Policy, group: Sequence[Finding]) -> Cause:
    first = group[0]
    lines = tuple(sorted({line for finding in group for clause in finding.clauses for line in policy.clauses[clause].lines}))
    advice = f"{first.advice[:1].upper()}{first.advice[1:]}." if first.advice else "Say whether this is meant."
    more = f" {len(group) - 1} more are alike." if len(group) > 1 else ""
    return Cause(first.check.replace("-", " ").capitalize(), first.says, f"{first.says}{more}", advice, lines)


def count_children(settled: Sequence[Settled], cases: Iterable[tuple[frozenset[str], frozenset[int], bool]]) -> list[Settled]:
    """The same with the number of cases that each cause touches.

    cases   for each case readings that its answer uses, lines that it cites, and whether it is open (silent or in conflict)

    A cause with readings touches a case whose answer uses one of them, or is open and cites one of its lines; a cause without
    touches a case that cites one of its lines.
    """
    counts = [0] * len(settled)
    for readings, lines, is_open in cases:
        for n, each in enumerate(settled):
            cites = bool(lines & set(each.cause.lines))
            counts[n] += bool(readings & set(each.cause.readings)) or (cites and (is_open or not each.cause.readings))
    return [replace(each, children=count) for each, count in zip(settled, counts)]
