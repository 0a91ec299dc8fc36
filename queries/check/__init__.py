"""Checks of a policy over all possible cases: one check, one module, one page, one test file.

Each module has `NAME` and `find(subject)`; its page is the `.md` file of the same name beside it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from types import ModuleType

from kb.program import Program
from kb.space import ORDINARY_DAY
from kb.space.search import Unsettled
from queries.check import (
    ages,
    blank_route,
    circle,
    covered_rule,
    dead_rule,
    defaults,
    discretion,
    ends,
    groups,
    idle_exception,
    idle_gate,
    limits,
    loose_ends,
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
    undated_duty,
    unmet_gate,
)
from queries.check.finding import Finding, Outcome, Report
from queries.check.replay import for_people
from queries.check.subject import Subject

CHECKS: tuple[ModuleType, ...] = (
    circle,
    loose_ends,
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
    ends,
    ages,
    groups,
    unmet_gate,
    undated_duty,
    covered_rule,
    points_disagree,
    blank_route,
    precedence,
    same_value,
    notices,
    defaults,
    readings,
)
#: Processor time after which one check is stopped; what it has not settled by then is told.
SECONDS = 60.0
#: Checks that take minutes: run only if named, or with `deep`.
SLOW = (readings.NAME,)

__all__ = ["CHECKS", "SECONDS", "Finding", "Outcome", "Report", "check_names", "outcome", "run"]


def check_names() -> tuple[str, ...]:
    return tuple(module.NAME for module in CHECKS)


def outcome(module: ModuleType, subject: Subject, seconds: float = SECONDS) -> Outcome:
    """The result of one check. Where a whole record shows the same as a step, the record is the finding's case.

    seconds  processor time that it may take; the slow checks may take as long as they need
    """
    subject.limit.start(math.inf if module.NAME in SLOW else seconds)
    try:
        return for_people(subject.program, module.find(subject), subject.limit, subject.search)
    except Unsettled:
        return Outcome(unsettled=(f"all of it: it was stopped after {seconds:g} seconds",))


def run(
    program: Program,
    only: Iterable[str] = (),
    as_of: int = ORDINARY_DAY,
    started: Callable[[str], None] = lambda name: None,
    deep: bool = False,
    found: Callable[[str, Outcome], None] = lambda name, outcome: None,
    seconds: float = SECONDS,
) -> Report:
    """The report of the checks in `only`, or of all but the slow ones.

    as_of    day of the answers as an ordinal
    started  called with the name of each check as it begins
    found    called with the name and the result of each check as it ends
    seconds  processor time that each check may take
    deep     also run the slow checks, and find the settings of readings that settle a clash
    """
    subject = Subject(program, as_of, deep)
    wanted = set(only) or {name for name in check_names() if deep or name not in SLOW}
    outcomes: dict[str, Outcome] = {}
    for module in CHECKS:
        if module.NAME in wanted:
            started(module.NAME)
            outcomes[module.NAME] = outcome(module, subject, seconds)
            found(module.NAME, outcomes[module.NAME])
    subject.kept.save()
    policy = program.policy
    return Report(policy.code, policy.name, policy.version, policy.digest, as_of, policy.settings, subject.cases, outcomes)
