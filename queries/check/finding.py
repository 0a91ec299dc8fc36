"""What a check reports: findings, each with a case that shows it, and what it proved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal as OneOf

from kb.case import Case

#: `fault`: the rules contradict themselves or say something idle. `gap`: the policy leaves a
#: child without an answer. `note`: what an author should know and may well have meant.
#: `choice`: the text can be read in another way, and the answer hangs on it.
Weight = OneOf["fault", "gap", "note", "choice"]
WEIGHTS: tuple[Weight, ...] = ("fault", "gap", "note", "choice")


@dataclass(frozen=True)
class Otherwise:
    """Another setting of a reading under which a case gets another answer, and the kind of
    answer that differs (`queries.differing.KINDS`)."""

    reading: str
    setting: str
    kind: str


@dataclass(frozen=True)
class Finding:
    """One finding: what is so, by which clauses, the smallest case that shows it, and what to do.

    `one_step`: the case is one step of a journey, with what came before taken as given (`queries.steps`); else it is a
    record. `where` are places of rules as file:line:column. `settled_by` names settings of readings
    under which the case is decided. Findings of one `topic` are told together.
    `claims` are conclusions, each a predicate and its first codes, that are certain in the case.
    `otherwise` is set where the case shows what hangs on a reading.
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
    """What one check found, what it proved free of fault, and what it could not settle."""

    findings: tuple[Finding, ...] = ()
    proved: int = 0
    unsettled: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """All checks of a policy, and the conditions under which they are proofs.

    `cases` is how many cases the classes of values make, not counting the orders of dates.
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
        """All findings, the gravest first, in the order of the checks."""
        return sorted((f for o in self.outcomes.values() for f in o.findings), key=lambda f: WEIGHTS.index(f.weight))
