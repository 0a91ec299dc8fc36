"""Static checks of a policy's rules: everything that can be told before any case is seen.

One check, one module; each has `find(policy, table)` and returns its faults. All are run
and all faults are reported together, those of one kind together: first what is wrong, then
what is not finished (no team yet, clauses without a rule, facts that no rule reads). Circles through
`not` are found in `lowering/strata`, on ground rules, because only there is it exact; they
come before what is not finished.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import ModuleType

from kb.errors import Fault, InputError, joined
from kb.language.checks import (
    capitals,
    clauses,
    conclusions,
    exceptions,
    first_steps,
    left_open,
    lookup,
    names,
    recorded,
    safety,
    sorts,
    templates,
    unfinished,
    usage,
)
from kb.language.signature import Signature
from kb.policy import Policy

CHECKS: tuple[ModuleType, ...] = (
    names,
    sorts,
    capitals,
    safety,
    lookup,
    conclusions,
    recorded,
    left_open,
    clauses,
    exceptions,
    templates,
)
UNFINISHED: tuple[ModuleType, ...] = (first_steps, unfinished, usage)


def check(policy: Policy, table: Mapping[str, Signature]) -> None:
    """Runs every static check. Errors: `InputError` with all faults."""
    if faults := [*wrong(policy, table), *not_finished(policy, table)]:
        raise InputError(faults)


def wrong(policy: Policy, table: Mapping[str, Signature]) -> list[Fault]:
    """What is wrong with the rules, one kind after the other, each in the order of the files."""
    return _found(CHECKS, policy, table)


def not_finished(policy: Policy, table: Mapping[str, Signature]) -> list[Fault]:
    """What is declared and not yet there or used, one kind after the other."""
    return _found(UNFINISHED, policy, table)


def _found(modules: Iterable[ModuleType], policy: Policy, table: Mapping[str, Signature]) -> list[Fault]:
    found: list[Fault] = []
    for module in modules:
        found += sorted(module.find(policy, table), key=lambda fault: _order(fault.where))
    return joined(found)


def _order(where: str) -> tuple[str, int, int, str]:
    name, _, rest = where.partition(":")
    numbers = [int(part) for part in rest.split(":")[:2] if part.isdigit()]
    line, column = [*numbers, 0, 0][:2]
    return name, line, column, where
