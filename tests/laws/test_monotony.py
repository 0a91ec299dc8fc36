"""Monotonicity: recording one more fact never gives a team that was not possible before.

This holds for unrecorded facts that the answer says the holder depends on. It need not hold for others: rules with `known`
take an unrecorded fact as no, by the policy's own choice (an event that nobody recorded has not moved the case). Tested for
facts of types bool and enum.
"""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.engines.pydatalog import PyDatalog
from queries.decide import Decision, decide
from tests.strategies import blackpool, case, facts, laws

#: Records of children at the front door in which a fact is missing that the holder depends on.
AT_THE_DOOR = {
    "team_on_record": "none",
    "contact_received_on": "2024-09-02",
    "threshold_level": 3,
    "threshold_decision_on": "2024-09-03",
}
OPEN: tuple[dict[str, Any], ...] = (
    {**AT_THE_DOOR, "unborn": True, "viable_pregnancy_confirmed": True, "previous_involvements": []},
    {**AT_THE_DOOR, "threshold_level": 2, "unborn": False, "date_of_birth": "2015-02-11"},
)


def blanks(decision: Decision) -> list[str]:
    """The unrecorded bool and enum facts that an answer says the holder depends on."""
    known, recorded = blackpool().policy.vocabulary.facts, decision.case.facts
    return [name for name in decision.hangs_on if known[name].type in ("bool", "enum") and name not in recorded]


def filled(names: list[str], chance: random.Random) -> dict[str, Any]:
    """A value for each of some facts."""
    known = blackpool().policy.vocabulary.facts
    return {n: chance.choice(known[n].values) if known[n].type == "enum" else chance.random() < 0.5 for n in names}


@laws(120)
@given(start=st.sampled_from(OPEN), others=facts("blackpool", 6), chance=st.randoms(use_true_random=False))
def test_more_facts_never_lead_outside_what_was_possible(
    start: dict[str, Any], others: dict[str, Any], chance: random.Random
) -> None:
    recorded = {**others, **start}
    before = decide(blackpool(), case(blackpool(), recorded), PyDatalog())
    blank = blanks(before)
    if before.status != "unknown" or not blank:
        return
    more = filled(chance.sample(blank, chance.randint(1, len(blank))), chance)
    after = decide(blackpool(), case(blackpool(), {**recorded, **more}), PyDatalog())
    assert set(after.possible_teams) <= set(before.possible_teams)


@laws(120)
@given(facts=facts("blackpool", 20), chance=st.randoms(use_true_random=False))
def test_answering_what_is_asked_keeps_to_what_was_possible(facts: dict[str, Any], chance: random.Random) -> None:
    """The same for all bool and enum facts in `missing_facts`."""
    before = decide(blackpool(), case(blackpool(), facts), PyDatalog())
    simple = [n for n in before.missing_facts if blackpool().policy.vocabulary.facts[n].type in ("bool", "enum")]
    if before.status != "unknown" or not simple:
        return
    more = filled(simple, chance)
    after = decide(blackpool(), case(blackpool(), {**facts, **more}), PyDatalog())
    if after.responsible_team is not None:
        assert after.responsible_team in before.possible_teams


ASKED = ({"first_pregnancy", "significant_history_of_concern"}, {"needs_coordinated_support", "family_consents_to_early_help"})


@pytest.mark.parametrize(("start", "asked"), list(zip(OPEN, ASKED)))
def test_there_are_such_facts(start: dict[str, Any], asked: set[str]) -> None:
    """First pregnancy and history (lines 57 and 58); below the threshold, support and consent (line 12)."""
    assert set(blanks(decide(blackpool(), case(blackpool(), start), PyDatalog()))) == asked
