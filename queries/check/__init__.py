"""Checks of a policy over all possible cases: one check, one module, one page, one test file.

Each module has `NAME` and `find(subject)`; its page is the `.md` file of the same name beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import ModuleType

from kb.program import Program
from kb.space import ORDINARY_DAY
from queries.check import (
    circle,
    covered_rule,
    dead_rule,
    defaults,
    discretion,
    idle_exception,
    idle_gate,
    limits,
    no_team,
    notices,
    points_disagree,
    precedence,
    readings,
    said_twice,
    same_value,
    teams,
    two_teams,
    unanswered,
)
from queries.check.finding import Finding, Outcome, Report
from queries.check.replay import for_people
from queries.check.subject import Subject

CHECKS: tuple[ModuleType, ...] = (
    circle,
    two_teams,
    no_team,
    unanswered,
    dead_rule,
    idle_exception,
    idle_gate,
    said_twice,
    limits,
    discretion,
    teams,
    covered_rule,
    points_disagree,
    precedence,
    same_value,
    notices,
    defaults,
    readings,
)
#: Checks that take minutes: run only if named, or with `deep`.
SLOW = (readings.NAME,)

__all__ = ["CHECKS", "Finding", "Outcome", "Report", "check_names", "outcome", "run"]


def check_names() -> tuple[str, ...]:
    return tuple(module.NAME for module in CHECKS)


def outcome(module: ModuleType, subject: Subject) -> Outcome:
    """The result of one check. Where a whole record shows the same as a step, the record is the finding's case."""
    return for_people(subject.program, module.find(subject))


def run(
    program: Program,
    only: Iterable[str] = (),
    as_of: int = ORDINARY_DAY,
    started: Callable[[str], None] = lambda name: None,
    deep: bool = False,
) -> Report:
    """The report of the checks in `only`, or of all but the slow ones.

    as_of    day of the answers as an ordinal
    started  called with the name of each check as it begins
    deep     also run the slow checks, and find the settings of readings that settle a clash
    """
    subject = Subject(program, as_of, deep)
    wanted = set(only) or {name for name in check_names() if deep or name not in SLOW}
    outcomes: dict[str, Outcome] = {}
    for module in CHECKS:
        if module.NAME in wanted:
            started(module.NAME)
            outcomes[module.NAME] = outcome(module, subject)
    policy = program.policy
    return Report(policy.code, policy.name, policy.version, policy.digest, as_of, policy.settings, subject.cases, outcomes)
