"""What one check finds in a tiny policy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from queries.check import Finding, Outcome, run
from queries.check.replay import shows
from tests.helpers import program

#: Two moves out of Alpha: to Beta at the handover, to Gamma at the goodbye.
MOVES = """@clause t1.
front_door(alpha).
@clause t2.
route(alpha, beta, handover).
point_event(handover, icpc_held_on).
@clause t3.
route(alpha, gamma, goodbye) :- known first_hearing_held_on(_).
point_event(goodbye, first_hearing_held_on).
"""


def outcome(check: str, folder: Path, rules: str, **tables: Any) -> Outcome:
    """What a check makes of a tiny policy; each case found has to show its finding."""
    made = program(folder, rules, **tables)
    found = run(made, [check]).outcomes[check]
    assert [finding.says for finding in found.findings if not shows(made, finding)] == []
    return found


def found(check: str, folder: Path, rules: str, **tables: Any) -> list[Finding]:
    return list(outcome(check, folder, rules, **tables).findings)
