"""`queries.nearest`: compared with trying all changes on small cases."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kb.case import Case, Day, make_case
from kb.engines.forward import Forward
from kb.engines.pydatalog import PyDatalog
from kb.space.parts import Part, number_of
from queries.decide import Decision, decide
from queries.load import load_program
from queries.nearest import Change, nearest
from queries.replies import classes_of
from tests.space.northshire import candidates, case, cases, contradictions, decided, every_change, northshire, recorded_with
from tests.strategies import laws

TEAMS = [code.code for code in northshire().policy.vocabulary.codes["team"]]


def kept(free: list[str]) -> list[str]:
    return [name for name in northshire().policy.vocabulary.facts if name not in free]


def can_change(base: Case, free: list[str]) -> list[str]:
    facts = northshire().policy.vocabulary.facts
    return [name for name in free if not (facts[name].fixed and name in base.facts)]


def by_brute_force(base: Case, free: list[str]) -> dict[str, tuple[int, dict[frozenset[str], list[Case]]]]:
    """For each team: the least number of facts to change, and for each such set of facts the changed cases that give it."""
    found: dict[str, tuple[int, dict[frozenset[str], list[Case]]]] = {str(decided(base).responsible_team): (0, {})}
    for size in range(1, len(free) + 1):
        for names in combinations(can_change(base, free), size):
            for one in every_change(base, names):
                least, serving = found.setdefault(str(decided(one).responsible_team), (size, {}))
                if least == size:
                    serving.setdefault(frozenset(names), []).append(one)
    return found


def allows(change: Change, value: Any) -> bool:
    """Whether a change includes a value: its own, or one in its range of days."""
    if isinstance(value, Day) and isinstance(change.value, Day):
        return (change.first or 0) <= value.number <= (change.last or 10**7)
    return type(value) is type(change.value) and bool(value == change.value)


def same_to_the_rules(fact: str, value: Any, base: Case) -> list[Any]:
    """Values of a code fact that no rule distinguishes from this one."""
    if not isinstance(value, str):
        return [value]
    space = classes_of(northshire(), base.as_of)
    part = Part(fact)

    def signs(one: Any) -> list[Any]:
        return [space.truth(atom, part, one) for atom in space.single[part]]

    return [one for one in candidates(fact, base) if signs(one) == signs(value)]


@laws(30)
@given(drawn=cases())
def test_nearest_equals_brute_force(drawn: tuple[Case, list[str]]) -> None:
    base, free = drawn
    reachable = by_brute_force(base, free)
    for team in TEAMS:
        size, serving = reachable.get(team, (None, {}))
        found = nearest(northshire(), base, team, PyDatalog(), kept(free))
        assert (found.size, found.complete) == (size, True)
        assert {frozenset(change.fact for change in way) for way in found.ways} == set(serving)
        if size == 1:  # for a single fact, the ways together are exactly the values that give the team
            for (fact,), those in serving.items():
                changes = [change for (change,) in found.ways if change.fact == fact]
                serve = {one.facts[fact] for one in those}
                for value in candidates(fact, base):
                    if value != base.facts.get(fact):
                        alike = same_to_the_rules(fact, value, base)
                        assert any(allows(change, one) for change in changes for one in alike) is (value in serve), (fact, value)


@laws(25)
@given(drawn=cases(), team=st.sampled_from(TEAMS))
def test_every_way_gives_the_team_on_every_day_of_its_stretch_and_on_none_beside_it(
    drawn: tuple[Case, list[str]], team: str
) -> None:
    base, _ = drawn
    found = nearest(northshire(), base, team, PyDatalog())
    facts = northshire().policy.vocabulary.facts
    for way in found.ways:
        changed = recorded_with(base, {change.fact: change.value for change in way})
        assert serves(changed, base, team)
        assert not any(facts[change.fact].fixed and change.fact in base.facts for change in way)
        assert len(way) == found.size
        for change in way:
            number = number_of(change.value)
            if not isinstance(change.value, Day) or number is None:
                continue
            first = change.first or number - 400
            last = min(change.last or number + 400, base.as_of if facts[change.fact].past else 10**7)
            inside = {first, last, number, *range(first, last, max(1, (last - first) // 7))}
            outside = {*([first - 1] if change.first else []), *([last + 1] if change.last else [])}
            for day in inside | outside:
                other = recorded_with(changed, {change.fact: Day(day)})
                assert serves(other, base, team) is (day in inside), (change, day)


def serves(found: Case, base: Case, team: str) -> bool:
    return decided(found).responsible_team == team and contradictions(found) <= contradictions(base)


ASSESSED = {"team_on_record": "first_response", "assessment_completed_on": "2024-05-16", "transfer_discussion_held": False}


def test_ways_of_two_facts_each() -> None:
    found = nearest(northshire(), case(ASSESSED), "family_team", PyDatalog(), ["team_on_record"])
    day = case({"planning_circle_held_on": "2024-05-20"}).facts["planning_circle_held_on"]
    talked = Change("transfer_discussion_held", True)
    assert (found.size, found.ways) == (
        2,
        (
            (talked, Change("planning_circle_held_on", day, day.number - 4, day.number)),  # from the end of the assessment on
            (talked, Change("planning_circle_held_on", True)),
        ),
    )


def test_what_can_not_be_changed_gives_no_way() -> None:
    """A child of ten can be with the team for those over sixteen only by being on record there already."""
    child = {"team_on_record": "family_team", "date_of_birth": "2014-01-01", "transfer_discussion_held": True}
    found = nearest(northshire(), case(child), "bridge_team", PyDatalog(), ["team_on_record"])
    assert (found.size, found.ways, found.complete) == (None, (), True)
    undated = {name: value for name, value in child.items() if name != "date_of_birth"}
    found = nearest(northshire(), case(undated), "bridge_team", PyDatalog(), ["team_on_record"])
    birthday = case({"date_of_birth": "2008-05-20"}).facts["date_of_birth"].number
    assert [(change.fact, change.first, change.last) for (change,) in found.ways] == [("date_of_birth", None, birthday)]


def test_a_way_contradicts_nothing_that_is_recorded() -> None:
    """An assessment can't end before it begins, so no way has that."""
    facts = {
        "team_on_record": "first_response",
        "assessment_started_on": "2024-05-17",
        "planning_circle_held_on": "2024-05-20",
        "transfer_discussion_held": True,
    }
    found = nearest(northshire(), case(facts), "family_team", PyDatalog(), ["team_on_record"])
    days = [(change.first, change.last) for (change,) in found.ways if isinstance(change.value, Day)]
    start = case(facts).facts["assessment_started_on"].number
    assert all(first is not None and first >= start for first, _ in days)
    assert contradictions(case({**facts, "assessment_completed_on": "2024-05-16"}))


def test_changes_that_act_before_an_earlier_move_are_found() -> None:
    """The child moved at a conference; an assessment in the weeks before would have led to another team."""
    program = load_program("blackpool")
    facts = {
        "team_on_record": "assessment_and_support_team",
        "with_team_since": "2024-09-01",
        "icpc_held_on": "2024-11-19",
        "icpc_outcome": "child_protection_plan",
        "previous_involvements": [],
    }
    document = {"case_id": "n2", "policy": "blackpool", "as_of": "2024-11-20", "facts": facts}
    base = make_case(document, program.policy.vocabulary, "n2")
    found = nearest(
        program, base, "supporting_children_with_complex_needs", PyDatalog(), ["team_on_record", "managers_agreed_team"]
    )
    first, last = (date.fromisoformat(day).toordinal() for day in ("2024-09-01", "2024-11-18"))
    assert (found.size, found.complete, found.steps) == (2, True, 3)
    assert found.ways == (
        (Change("assessment_completed_on", Day(last), first, last), Change("significant_complex_needs_found", True)),
    )


def test_every_single_change_that_serves_a_child_who_went_up_and_down_is_told() -> None:
    program = load_program(str(Path(__file__).parent.parent / "councils" / "eastbank"))
    vocabulary = program.policy.vocabulary
    facts = {
        "team_on_record": "north_team",
        "with_team_since": "2024-01-04",
        "district": "north",
        "step_up_meeting_held_on": ["2024-02-01", "2024-06-01"],
        "step_down_meeting_held_on": "2024-04-01",
    }

    def asked(changes: dict[str, Any]) -> Decision:
        told = {"case_id": "e1", "policy": "eastbank", "as_of": "2024-10-16", "facts": {**facts, **changes}}
        return decide(program, make_case(told, vocabulary, "e1"), Forward())

    days = [f"2024-{month:02}-15" for month in range(1, 11)]
    dated = ("step_down_meeting_held_on", "crisis_meeting_held_on", "return_review_held_on", "moved_home_on")
    tried = [{name: day} for name in dated for day in days] + [{"district": "south"}, {"moved_to": "south"}]
    for team in ("north_team", "south_team", "edge_team"):
        serving = [change for change in tried if asked(change).responsible_team == team]
        found = nearest(program, asked({}).case, team, PyDatalog())
        told = {name for (change,) in found.ways for name in [change.fact]} if found.size == 1 else set()
        assert {name for change in serving for name in change} <= told, team
