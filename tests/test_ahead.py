"""Upcoming facts: those that could move the child on from its present team, and no others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kb.engines.forward import Forward
from kb.program import Program
from queries.decide import decide
from queries.upcoming import facts_ahead
from tests.app.screen import all_samples, decided
from tests.helpers import case_of, program

#: Alpha passes to Beta if there is a threshold and the child is not in care; Beta to Gamma if the child is disabled.
RULES = """@clause t1.
front_door(alpha).
@clause t2.
route(alpha, beta, handover) :- threshold_met, not cared_for.
@clause t3.
route(beta, gamma, goodbye) :- child_disabled.
"""


def ahead(tiny: Program, facts: dict[str, Any]) -> dict[str, list[tuple[str, ...]]]:
    found = facts_ahead(decide(tiny, case_of(tiny, facts), Forward()))
    return {name: [tuple(map(str, route.args)) for route in routes] for name, routes in found.items()}


def test_only_moves_from_where_the_child_is_count(tmp_path: Path) -> None:
    tiny = program(tmp_path, RULES)
    first, second = ("alpha", "beta", "handover"), ("beta", "gamma", "goodbye")
    assert ahead(tiny, {"team_on_record": "alpha"}) == {"threshold_met": [first], "cared_for": [first]}
    assert ahead(tiny, {"team_on_record": "beta"}) == {"child_disabled": [second]}
    assert ahead(tiny, {"team_on_record": "gamma"}) == {}


def test_what_is_ruled_out_by_the_record_is_not_asked(tmp_path: Path) -> None:
    tiny = program(tmp_path, RULES)
    assert ahead(tiny, {"team_on_record": "alpha", "threshold_met": False}) == {}
    assert ahead(tiny, {"team_on_record": "alpha", "cared_for": True}) == {}
    only = {"cared_for": [("alpha", "beta", "handover")]}
    assert ahead(tiny, {"team_on_record": "alpha", "threshold_met": True}) == only


def test_facts_that_are_recorded_are_never_asked() -> None:
    for sample in all_samples().values():
        decision = decided(sample)
        found = facts_ahead(decision)
        assert not set(found) & set(decision.case.facts) - _undated(decision.case.facts)


def _undated(facts: Any) -> set[str]:
    """Events without a date, and lists, which may be asked about further."""
    return {name for name, value in facts.items() if value is True or isinstance(value, tuple)}
