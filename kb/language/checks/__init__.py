"""Static checks of a policy's rules: everything that can be told before any case is seen.

One check, one module; each has `find(policy, table)` and returns its faults. All are run
and all faults are reported together. Circles through `not` are found in `lowering/strata`,
on ground rules, because only there is it exact.
"""

from __future__ import annotations

from collections.abc import Mapping

from kb.errors import InputError
from kb.language.checks import clauses, exceptions, left_open, names, recorded, safety, sorts, templates, usage
from kb.language.signature import Signature
from kb.policy import Policy

CHECKS = (names, sorts, safety, recorded, left_open, clauses, exceptions, templates, usage)


def check(policy: Policy, table: Mapping[str, Signature]) -> None:
    """Runs every static check. Errors: `InputError` with all faults, in file order."""
    faults = dict.fromkeys(fault for module in CHECKS for fault in module.find(policy, table))
    if faults:
        raise InputError(sorted(faults, key=lambda fault: _order(fault.where)))


def _order(where: str) -> tuple[str, int, int, str]:
    name, _, rest = where.partition(":")
    numbers = [int(part) for part in rest.split(":")[:2] if part.isdigit()]
    line, column = [*numbers, 0, 0][:2]
    return name, line, column, where
