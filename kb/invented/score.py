"""Scores a reader against the key of planted faults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kb.case import Day
from kb.intake.model import Intake
from kb.invented.faults import ASKED, DROPPED, SAME, TOLD, Planted


@dataclass(frozen=True, slots=True)
class Score:
    """How many faults of each kind were treated as expected, and what went wrong."""

    met: dict[int, int]
    planted: dict[int, int]
    missed: tuple[Planted, ...]
    changed: tuple[str, ...]
    lost: tuple[str, ...]


def score(good: Intake, faulty: Intake, key: Sequence[Planted]) -> Score:
    """Compares the cases read before (`good`) and after (`faulty`) the faults of `key` were planted.

    In the score, `changed` are children without a fault whose facts differ; `lost` are children without a fault who are
    missing.
    """
    before = {case.case_id: case.facts for case in good.cases}
    after = {case.case_id: case.facts for case in faulty.cases}
    told = {fault.where for fault in faulty.faults}
    touched = {planted.child for planted in key}
    met: dict[int, int] = {}
    planted: dict[int, int] = {}
    missed: list[Planted] = []
    for fault in key:
        planted[fault.kind] = planted.get(fault.kind, 0) + 1
        same = not fault.child or before[fault.child] == after.get(fault.child)
        if fault.expected == SAME:
            right = same
        elif fault.expected == DROPPED:
            right = same and any(count.ignored for count in faulty.counts if count.table == fault.table)
        elif fault.expected == TOLD:
            right = any(_is_about(where, fault) for where in told)
        elif fault.expected == ASKED:
            right = any(name.casefold() in fault.after.casefold() for name in faulty.unknown_teams)
        else:
            refused = any(_is_at(where, fault) for where in told)
            right = not refused and not _taken(fault.after, after.get(fault.child, {}))
        if right:
            met[fault.kind] = met.get(fault.kind, 0) + 1
        else:
            missed.append(fault)
    others = [child for child in before if child not in touched]
    changed = tuple(child for child in others if child in after and after[child] != before[child])
    return Score(met, planted, tuple(missed), changed, tuple(child for child in before if child not in after))


def _taken(standin: str, facts: Mapping[str, Any]) -> bool:
    """Whether a placeholder for "not recorded" was read as a value."""
    try:
        day = date.fromisoformat(standin).toordinal()
    except ValueError:
        return standin in facts.values()
    return Day(day) in facts.values()


def _is_about(where: str, fault: Planted) -> bool:
    """Whether the place of a message is the row of a fault, or its child."""
    return _is_at(where, fault) or where.startswith(f"child {fault.child}")


def _is_at(where: str, fault: Planted) -> bool:
    """Whether the place of a message is the row of a fault."""
    return any(f", {fault.table}, {counted} {fault.row}," in where for counted in ("row", "line"))
