"""`queries.ask`: compared with trying every reply to every question on small cases."""

from __future__ import annotations

from itertools import combinations, pairwise
from pathlib import Path
from shutil import copytree

from hypothesis import assume, given
from hypothesis import strategies as st

from kb.case import Case, Day, make_case
from kb.engines.forward import Forward
from kb.policy import find_policy
from queries.ask import fewest_replies, possible_teams, questions, still_matters
from queries.decide import decide
from queries.load import load_program
from queries.missing import facts_behind
from queries.replies import classes_of, outcome, replies
from queries.steps import step_decision
from tests.space.northshire import FACTS, case, cases, decided, every_change, northshire, recorded_with
from tests.strategies import laws


@laws(40)
@given(drawn=cases(blank=True))
def test_whether_a_question_still_matters(drawn: tuple[Case, list[str]]) -> None:
    base, among = drawn
    for fact in among:
        others = [name for name in among if name != fact]
        hangs = any(decided(replied).status == "unknown" for replied in every_change(base, others))
        assert still_matters(northshire(), base, fact, set(among)) is hangs


@laws(40)
@given(drawn=cases(blank=True))
def test_the_fewest_replies(drawn: tuple[Case, list[str]]) -> None:
    base, among = drawn
    wanted: set[str] = set()
    for size in range(len(among) + 1):
        settling = [
            names
            for names in combinations(among, size)
            if any(decided(replied).status == "decided" for replied in every_change(base, names))
        ]
        if settling:
            wanted = {name for names in settling for name in names}
            break
    assert fewest_replies(northshire(), base, set(among)) == wanted


@laws(40)
@given(drawn=cases(blank=True))
def test_the_teams_that_some_replies_give(drawn: tuple[Case, list[str]]) -> None:
    base, among = drawn
    step = decided(base).model.conditions.case
    assume(not set(among) & set(step.facts))  # with an unknown holder, the step is of one branch only
    answers = [step_decision(northshire(), replied, Forward()) for replied in every_change(step, among)]
    given_ = {team for answer in answers for team in answer.possible_teams}
    # A silent decision names no team; in the rules it is an outcome.
    assert set(possible_teams(northshire(), step, set(among))) - {"no_team"} == given_ - {"no_team"}


@laws(40)
@given(drawn=cases(blank=True), fact=st.sampled_from(sorted(FACTS)))
def test_each_reply_stands_for_just_the_days_that_come_to_the_same(drawn: tuple[Case, list[str]], fact: str) -> None:
    base, _ = drawn
    assume(fact not in base.facts)
    program = northshire()
    found = replies(program, base, fact, Forward(), classes_of(program, base.as_of))
    past = program.policy.vocabulary.facts[fact].past
    last_day = base.as_of + (0 if past else 60)
    births = [base.as_of - 16 * 365 - 4 + n for n in range(-3, 4)]
    dated = [reply for reply in found if isinstance(reply.value, Day)]
    for day in [*births, *range(base.as_of - 60, last_day + 1)] if dated else []:
        (mine,) = [reply for reply in dated if (reply.first or 0) <= day <= (reply.last or 10**7)]
        assert outcome(decided(recorded_with(base, {fact: Day(day)}))) == outcome(mine.decision), (mine, day)
    for before, after in pairwise(dated):
        assert before.last is not None
        assert after.first == before.last + 1
        assert outcome(before.decision) != outcome(after.decision)
    for reply in found:
        assert outcome(decided(recorded_with(base, {fact: reply.value}))) == outcome(reply.decision)


@laws(40)
@given(drawn=cases(blank=True))
def test_every_fact_that_alone_can_settle_the_holder_is_asked_for(drawn: tuple[Case, list[str]]) -> None:
    base, _ = drawn
    answer = decided(base)
    assume(answer.status == "unknown")
    asked = {question.fact.name for question in questions(northshire(), base, Forward())}
    about = facts_behind(answer.model, answer.model.open_of("holds"))
    for fact in about:
        differ = {outcome(decided(one)) for one in every_change(base, [fact])}
        if len(differ) > 1:
            assert fact in asked


NEW = {"team_on_record": "none", "threshold_met": True, "referral_accepted_on": "2024-05-16"}


def test_one_question_with_what_each_reply_decides() -> None:
    (question,) = questions(northshire(), case(NEW), Forward())
    assert (question.fact.name, question.among_fewest, question.settling) == ("lives_by_the_river", True, 2)
    assert {reply.value: reply.decision.responsible_team for reply in question.replies} == {
        False: "first_response",
        True: "river_team",
    }


def test_the_day_from_which_it_matters() -> None:
    """The day of the meeting is unrecorded: up to today it has moved the child, from tomorrow it is still to come."""
    base = case({"team_on_record": "first_response", "assessment_completed_on": "2024-05-16", "transfer_discussion_held": True})
    found = replies(northshire(), base, "planning_circle_held_on", Forward(), classes_of(northshire(), base.as_of))
    told = [(reply.value, reply.first, reply.last, reply.decision.responsible_team) for reply in found]
    today, later = Day(base.as_of), Day(base.as_of + 1)
    before = Day(base.facts["assessment_completed_on"].number - 1)  # before this day, it moved nobody
    assert told == [
        (False, None, None, "first_response"),
        (True, None, None, "family_team"),
        (before, None, before.number, "first_response"),
        (today, before.number + 1, today.number, "family_team"),
        (later, later.number, None, "first_response"),
    ]
    assert decide(northshire(), base, Forward()).responsible_team == "first_response"


def test_of_two_facts_that_settle_a_case_alike_the_first_is_asked(tmp_path: Path) -> None:
    """Sefton: the outcome of the conference and the first day of a plan would each settle the case."""
    folder = tmp_path / "sefton"
    copytree(find_policy("sefton"), folder)
    rules = folder / "2_front_door_and_assessment.dl"
    one = "plan_made :- icpc_outcome(child_protection_plan), unknown child_protection_plan_from(_)."
    both = "open plan_made :- unknown icpc_outcome(child_protection_plan), unknown child_protection_plan_from(_)."
    text = rules.read_text(encoding="utf-8")
    assert text.count(one) == 1
    rules.write_text(text.replace(one, both), encoding="utf-8")
    facts = {"team_on_record": "assessment_and_intervention_team", "icpc_held_on": "2024-10-01"}
    document = {"case_id": "c1", "policy": "sefton", "as_of": "2024-10-16", "facts": facts}
    for policy, asked in (("sefton", ["icpc_outcome"]), (str(folder), ["icpc_outcome", "child_protection_plan_from"])):
        program = load_program(policy)
        found = questions(program, make_case(document, program.policy.vocabulary, "c1"), Forward())
        assert [question.fact.name for question in found] == asked
        assert [question.among_fewest for question in found] == [True, False][: len(asked)]
