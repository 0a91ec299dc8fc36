"""Small random cases of the invented council Northshire, and all their changes for brute force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from kb.case import NO_TEAM_ON_RECORD, Case, Day, make_case
from kb.engines.forward import Forward
from kb.episode import Misdated
from kb.language.model import Atom
from kb.program import CONTRADICTION, Program
from queries.decide import Decision, decide
from queries.load import load_program

FOLDER = Path(__file__).parent.parent / "councils" / "northshire"
AS_OF = "2024-05-20"
#: Facts that brute force varies, with the values used in random cases.
FACTS: dict[str, tuple[Any, ...]] = {
    "team_on_record": ("none", "welcome_desk", "first_response", "river_team", "family_team", "case_closed"),
    "threshold_met": (True, False),
    "lives_by_the_river": (True, False),
    "only_visiting": (True, False),
    "chronology_up_to_date": (True, False),
    "transfer_discussion_held": (True, False),
    "referral_accepted_on": ("2024-05-16", "2024-05-20", "2024-05-23", True, False),
    "planning_circle_held_on": ("2024-05-16", "2024-05-17", "2024-05-21", True, False),
    "assessment_completed_on": ("2024-05-10", "2024-05-16", "2024-05-22", True, False),
    "assessment_started_on": ("2024-05-10", "2024-05-17", False),
    "assessment_outcome": ("child_in_need_plan",),
    "date_of_birth": ("2008-05-19", "2008-05-20", "2008-05-21", "2014-01-01"),
}


def northshire() -> Program:
    return load_program(str(FOLDER))


def case(facts: Mapping[str, Any]) -> Case:
    document = {"case_id": "n1", "policy": "northshire", "as_of": AS_OF, "facts": dict(facts)}
    return make_case(document, northshire().policy.vocabulary, "n1")


#: Groups of related facts, of which some are varied or left unrecorded.
GROUPS = (
    ("threshold_met", "referral_accepted_on", "lives_by_the_river", "only_visiting"),
    ("planning_circle_held_on", "transfer_discussion_held", "assessment_completed_on", "assessment_started_on"),
    ("transfer_discussion_held", "date_of_birth", "team_on_record"),
)
#: Starting points of random cases, chosen so that each fact matters.
STARTS: tuple[dict[str, Any], ...] = (
    {"team_on_record": "none", "threshold_met": True, "referral_accepted_on": "2024-05-16", "lives_by_the_river": False},
    {
        "team_on_record": "first_response",
        "assessment_completed_on": "2024-05-10",
        "planning_circle_held_on": "2024-05-17",
        "transfer_discussion_held": True,
        "chronology_up_to_date": True,
    },
    {"team_on_record": "family_team", "date_of_birth": "2008-05-20", "transfer_discussion_held": True},
)


@st.composite
def cases(draw: st.DrawFn, blank: bool = False) -> tuple[Case, list[str]]:
    """A random case, and the related facts that may be varied or (`blank`) are left unrecorded."""
    which = draw(st.sampled_from(range(len(STARTS))))
    facts = dict(STARTS[which])
    group = draw(st.lists(st.sampled_from(GROUPS[which]), min_size=1, max_size=3, unique=True))
    for name in draw(st.lists(st.sampled_from(sorted(FACTS)), max_size=2, unique=True)):
        facts[name] = draw(st.sampled_from(FACTS[name]))
    for name in group:
        if blank:
            facts.pop(name, None)
        else:
            facts[name] = draw(st.sampled_from(FACTS[name]))
    return case(facts), group


def decided(case: Case) -> Decision:
    return decide(northshire(), case, Forward())


def contradictions(case: Case) -> set[Atom | Misdated]:
    """The contradictions of a record, and its days that can't be right."""
    decision = decided(case)
    return {*decision.model.holding_of(CONTRADICTION), *decision.misdated}


def candidates(fact: str, base: Case) -> list[Any]:
    """Values to try for a fact: every code, and days around the day of the answer and the case's other dates."""
    vocabulary = northshire().policy.vocabulary
    about = vocabulary.facts[fact]
    if about.type == "bool":
        return [True, False]
    if about.type == "enum":
        return list(about.values)
    if about.type == "team":
        codes = [*vocabulary.codes["team"], *vocabulary.codes["outcome"]]
        return [*(code.code for code in codes if code.code != NO_TEAM_ON_RECORD), NO_TEAM_ON_RECORD]
    turning = {base.as_of, *(value.number for value in base.facts.values() if isinstance(value, Day))}
    if fact == "date_of_birth":
        turning.add(case({"date_of_birth": "2008-05-20"}).facts["date_of_birth"].number)
    days = sorted({day + more for day in turning for more in (-1, 0, 1)})
    return [*([True, False] if about.type == "event" else []), *(Day(day) for day in days if day <= base.as_of or not about.past)]


def recorded_with(base: Case, changes: Mapping[str, Any]) -> Case:
    return replace(base, facts={**base.facts, **changes})


def every_change(base: Case, facts: Sequence[str]) -> Iterator[Case]:
    """The case with all of these facts changed, in every combination without a new contradiction."""
    already = contradictions(base)
    values = [[value for value in candidates(fact, base) if value != base.facts.get(fact)] for fact in facts]
    for chosen in product(*values):
        found = recorded_with(base, dict(zip(facts, chosen)))
        if contradictions(found) <= already:
            yield found
