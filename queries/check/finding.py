"""The results of a check: findings with their cases, and what was proved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal as OneOf

from kb.case import Case
from kb.space.each import Shown
from kb.space.search import Unsettled

#: `fault`: rules contradict each other or have no effect. `gap`: the policy leaves a child
#: without an answer. `note`: possibly intended. `choice`: the answer depends on a reading.
Weight = OneOf["fault", "gap", "note", "choice"]
WEIGHTS: tuple[Weight, ...] = ("fault", "gap", "note", "choice")


@dataclass(frozen=True)
class Otherwise:
    """Another setting of a reading under which a case gets another answer, and the kind of answer that differs.

    `kind` is one of `queries.compare_rules.KINDS`.
    """

    reading: str
    setting: str
    kind: str


@dataclass(frozen=True)
class Finding:
    """One finding.

    says        the statement; `advice` is what to do
    clauses     ids of the clauses involved; `where` are positions of rules as file:line:column
    case        the smallest case that shows it
    one_step    the case is a single step of a journey, with what came before given (`queries.steps`)
    answer      status of the answer to the case
    settled_by  settings of readings under which the case is decided, as NAME=VALUE
    topic       findings of one topic are reported together
    claims      conclusions that are certain in the case, each a predicate and its first codes
    otherwise   set if the answer to the case depends on a reading
    """

    check: str
    weight: Weight
    says: str
    clauses: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    case: Case | None = None
    answer: str = ""
    advice: str = ""
    settled_by: tuple[str, ...] = ()
    topic: str = ""
    claims: tuple[tuple[str, ...], ...] = ()
    otherwise: Otherwise | None = None
    one_step: bool = True


@dataclass(frozen=True)
class Outcome:
    """The result of one check: findings, number of things proved free of fault, and what could not be settled."""

    findings: tuple[Finding, ...] = ()
    proved: int = 0
    unsettled: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """The results of some checks of a policy. `as_of` is an ordinal.

    `cases`: number of cases by classes of values, without the orders of dates.
    """

    policy: str
    name: str
    version: str
    digest: str
    as_of: int
    settings: Mapping[str, str | int]
    cases: int
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)

    @property
    def findings(self) -> list[Finding]:
        """All findings, gravest first, then in the order of the checks."""
        return sorted((f for o in self.outcomes.values() for f in o.findings), key=lambda f: WEIGHTS.index(f.weight))


def outcome(asked: Sequence[str], shown: Iterable[Shown], told: Callable[[str, Case, int], Finding], proved: int = 0) -> Outcome:
    """The outcome of a check that looked for one case of each code.

    shown   for each of `asked` its case, None if there is none, or `Unsettled`
    told    the finding for a code, its case and its number
    proved  how many other codes are proved free of fault
    """
    findings: list[Finding] = []
    unsettled: list[str] = []
    for each, case in zip(asked, shown):
        if isinstance(case, Unsettled):
            unsettled.append(each)
        elif case is None:
            proved += 1
        else:
            findings.append(told(each, case, len(findings) + 1))
    return Outcome(tuple(findings), proved, tuple(unsettled))
