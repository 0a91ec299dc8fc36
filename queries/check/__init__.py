"""Checks of a policy over every case that there is. One check, one module, one page, one test file.

Each module has `NAME` and `find(subject)`; its page is the `.md` file of the same name beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from types import ModuleType

from kb.program import Program
from queries.check import (
    covered_rule,
    dead_rule,
    discretion,
    idle_exception,
    idle_gate,
    limits,
    no_team,
    points_disagree,
    said_twice,
    teams,
    two_teams,
)
from queries.check.finding import Finding, Outcome, Report
from queries.check.subject import Subject

CHECKS: tuple[ModuleType, ...] = (
    two_teams,
    no_team,
    dead_rule,
    idle_exception,
    idle_gate,
    said_twice,
    limits,
    discretion,
    teams,
    covered_rule,
    points_disagree,
)
#: An ordinary Wednesday, with no holiday near: claims are about cases asked on this day.
ORDINARY_DAY = date(2024, 10, 16).toordinal()

__all__ = ["CHECKS", "ORDINARY_DAY", "Finding", "Outcome", "Report", "check_names", "run"]


def check_names() -> tuple[str, ...]:
    return tuple(module.NAME for module in CHECKS)


def run(
    program: Program, only: Iterable[str] = (), as_of: int = ORDINARY_DAY, started: Callable[[str], None] = lambda name: None
) -> Report:
    """The report of some checks, or of all. `started` is told of each as it begins."""
    subject = Subject(program, as_of)
    wanted = set(only) or set(check_names())
    outcomes: dict[str, Outcome] = {}
    for module in CHECKS:
        if module.NAME in wanted:
            started(module.NAME)
            outcomes[module.NAME] = module.find(subject)
    policy = program.policy
    return Report(policy.code, policy.name, policy.version, policy.digest, as_of, policy.settings, subject.cases, outcomes)
