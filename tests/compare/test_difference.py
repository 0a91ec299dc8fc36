"""Two programs are proved equivalent, or distinguished by a smallest case that brute force confirms."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.case import Case
from kb.engines.forward import Forward
from kb.engines.interface import Engine
from kb.engines.pydatalog import PyDatalog
from kb.errors import InputError
from kb.policy import load_policy
from kb.program import CONTRADICTION, Program, compile_policy, solve
from kb.space.search import Unsettled
from queries import compare
from queries.answer_rows import changed_kinds, outcome
from queries.compare import Difference, case_for, difference
from queries.compare_rules import STEPS, TEAM
from queries.decide import decide
from queries.mutants import mutants
from queries.steps import step_decision
from tests.helpers import CODES, case_of
from tests.helpers import program as tiny_program
from tests.rewritings import REWRITINGS
from tests.space.northshire import FACTS, FOLDER, case, northshire
from tests.strategies import AS_OF as RANDOM_DAY
from tests.strategies import case as random_case
from tests.strategies import facts, laws

DAY = case({}).as_of


def compared(first: Program, second: Program, **more: Any) -> Difference:
    return difference(first, second, DAY, **more)


# Rewritten, and the same ------------------------------------------------------------------


@pytest.mark.parametrize("rewriting", REWRITINGS)
def test_a_rewritten_policy_is_proved_the_same_on_every_day(rewriting: str) -> None:
    policy = load_policy(FOLDER)
    other = compile_policy(replace(policy, rules=REWRITINGS[rewriting](policy.rules)))
    found = compared(northshire(), other)
    assert (found.equivalent, found.searched) == (True, None)


BASE = "@clause t1.\nfront_door(alpha).\n@clause t2.\npoint_event(handover, referral_accepted_on).\n"
#: The two define `helped` differently; the route uses it only where they agree, or where they differ too.
HELPED = """predicate helped "helped" not "not helped".
helped :- known unborn{more}.
route(alpha, beta, handover) :- helped, known threshold_met.
"""


@pytest.mark.parametrize(("more", "differ"), [(", known threshold_met", False), (", known safeguarding_concern", True)])
def test_what_the_whole_search_gave_up_is_settled_step_by_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: str, differ: bool
) -> None:
    sides = []
    for name, extra in (("a", ""), ("b", more)):
        (tmp_path / name).mkdir()
        sides.append(tiny_program(tmp_path / name, BASE + HELPED.format(more=extra)))
    asked, smallest = [], compare._Question.smallest

    def gives_up_first(question: compare._Question, kind: str, told: Any) -> Any:
        asked.append(question)
        if question is asked[0]:
            raise Unsettled
        return smallest(question, kind, told)

    monkeypatch.setattr(compare._Question, "any_case", lambda question: True)
    monkeypatch.setattr(compare._Question, "smallest", gives_up_first)
    found = compared(*sides, enough=1)
    assert found.unsettled == ()
    assert [shown.kind for shown in found.found] == (["team"] if differ else [])


FORBIDS = """contradiction(odd_record) :- known unborn, known threshold_met.
"""
CONTRADICTIONS = (*CODES, ("contradiction", "odd_record", "the record is odd"))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("duty(call_back) :- known unborn, known threshold_met.\n", ""),
        (HELPED.format(more=""), HELPED.format(more=", not known threshold_met")),
    ],
)
def test_what_one_of_two_calls_impossible_tells_them_not_apart(tmp_path: Path, ours: str, theirs: str) -> None:
    """They differ only in records that are contradictory for the second."""
    sides = []
    for name, rules in (("a", ours), ("b", theirs + FORBIDS)):
        (tmp_path / name).mkdir()
        sides.append(tiny_program(tmp_path / name, BASE + rules, codes=CONTRADICTIONS))
    found = compared(*sides)
    assert (found.found, found.unsettled) == ((), ())
    assert not compared(sides[0], tiny_program(tmp_path, BASE + theirs, codes=CONTRADICTIONS)).equivalent


def test_pairs_that_were_found_stay_where_the_next_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sides = []
    for name, to in (("a", ("beta", "gamma")), ("b", ("gamma", "beta"))):
        (tmp_path / name).mkdir()
        rules = "".join(
            f"route(alpha, {team}, handover) :- {'' if n else 'not '}known threshold_met.\n" for n, team in enumerate(to)
        )
        sides.append(tiny_program(tmp_path / name, BASE + rules))
    whole = compared(*sides, most_pairs=10)
    pairs = [shown.outcomes for shown in whole.found if shown.kind == "team"]
    assert (len(pairs), whole.every_pair, whole.unsettled) == (2, True, ())
    smallest = compare._Question.smallest

    def gives_up_late(question: compare._Question, kind: str, told: Any) -> Any:
        if kind == "team" and len(told) == 1:
            raise Unsettled
        return smallest(question, kind, told)

    monkeypatch.setattr(compare._Question, "smallest", gives_up_late)
    found = compared(*sides, most_pairs=10)
    assert [shown.outcomes for shown in found.found if shown.kind == "team"] == pairs[:1]
    assert found.unsettled == ("team",)


#: Different rules with the same meaning, which the search has to prove.
SAME = {
    "a comparison turned round": (
        "route(alpha, beta, handover) :- threshold_level(Level), Level >= 3.",
        "route(alpha, beta, handover) :- threshold_level(Level), 3 <= Level.",
    ),
    "a helper between": (
        "route(alpha, beta, handover) :- threshold_met, safeguarding_concern.",
        'predicate both\n  "both"\n  not "not both".\nboth :- safeguarding_concern, threshold_met.\n'
        "route(alpha, beta, handover) :- both.",
    ),
    "a week for seven days": (
        "limit(visit_due, Day + 7 days) :- known contact_received_on(Day).",
        "limit(visit_due, Day + 1 weeks) :- known contact_received_on(Day).",
    ),
    "a narrower rule beside a wider": (
        "duty(call_back) :- threshold_met.",
        "duty(call_back) :- threshold_met.\nduty(call_back) :- threshold_met, safeguarding_concern.",
    ),
    "a condition that another brings with it": (
        "duty(call_back) :- known threshold_level(Level), Level >= 3.",
        "duty(call_back) :- known threshold_level(Level), Level >= 3, Level >= 2.",
    ),
}


@pytest.mark.parametrize("name", SAME)
def test_equivalent_rules_are_proved_equivalent(name: str, tmp_path: Path) -> None:
    one, other = two_tiny(tmp_path, *SAME[name])
    assert compared(one, other).equivalent
    assert compared(other, one).equivalent


def two_tiny(folder: Path, *rules: str) -> list[Program]:
    homes = [folder / str(number) for number in range(len(rules))]
    for home in homes:
        home.mkdir()
    return [tiny_program(home, BASE + text + "\n") for home, text in zip(homes, rules)]


#: Pairs that differ: the kind of difference, and the number of facts of the smallest case.
DIFFERENT = {
    "a case split on what is not recorded": (
        ("duty(call_back) :- threshold_met.", "duty(call_back) :- threshold_met, safeguarding_concern.\n"
         "duty(call_back) :- threshold_met, not safeguarding_concern."),
        "duties",
        1,
    ),
    "a bound moved by one": (
        (
            "duty(call_back) :- known threshold_level(Level), Level >= 3.",
            "duty(call_back) :- known threshold_level(Level), Level > 3.",
        ),
        "duties",
        1,
    ),
    "a day later": (
        (
            "limit(visit_due, Day + 7 days) :- known contact_received_on(Day).",
            "limit(visit_due, Day + 8 days) :- known contact_received_on(Day).",
        ),
        "deadlines",
        1,
    ),
    "28 days for a month": (
        (
            "limit(visit_due, Day + 28 days) :- known contact_received_on(Day).",
            "limit(visit_due, Day + 1 months) :- known contact_received_on(Day).",
        ),
        "deadlines",
        1,
    ),
    "a day that is not known": (
        ("limit(visit_due, undated).", "limit(visit_due, Day + 1 days) :- known contact_received_on(Day)."),
        "deadlines",
        1,
    ),
    "another team": (
        ("route(alpha, beta, handover) :- threshold_met.", "route(alpha, gamma, handover) :- threshold_met."),
        "team",
        3,
    ),
    "a date that comes with the move": (
        (
            "route(alpha, beta, goodbye).\noccurs(goodbye, Day) :- known contact_received_on(Day).",
            "route(alpha, beta, goodbye).\noccurs(goodbye, Day + 1 days) :- known contact_received_on(Day).",
        ),
        "date of the move",
        2,  # a move needs a recorded team
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DIFFERENT)
def test_a_planted_difference_is_found_with_a_smallest_case(name: str, tmp_path: Path) -> None:
    rules, kind, size = DIFFERENT[name]
    one, other = two_tiny(tmp_path, *rules)
    found = {differing.kind: differing for differing in compared(one, other).found}
    assert kind in found
    assert (len(found[kind].case.facts), found[kind].proved) == (size, True)


# Every planted difference of Northshire, against brute force -------------------------------


MOST_BY_FORCE = 2  # facts that brute force varies; three would take minutes
PLANTED = [
    "northshire/1_contacts.dl:7:1 without `not known only_visiting`",
    "northshire/1_contacts.dl:12:1 no longer an exception to ns3",
    "northshire/2_moves.dl:25:1 `limit(assessment_limit, Start + 7 weeks)` for `limit(assessment_limit, Start + 6 weeks)`",
    "northshire/2_moves.dl:53:1 `known Born + 17 years <= as_of` for `known Born + 16 years <= as_of`",
    "northshire/2_moves.dl:53:1 `known Born + 16 years < as_of` for `known Born + 16 years <= as_of`",
]


def kinds_between(other: Program, tried: Case, engine: Engine) -> tuple[str, ...]:
    """The kinds of difference between another program's answer and Northshire's for a case."""
    return changed_kinds(decide(northshire(), tried, engine), decide(other, tried, engine))


def smallest_by_force(one: Program, other: Program, most: int) -> int | None:
    """The size of the smallest case, among those that brute force tries, in which two programs differ."""
    for size in range(most + 1):
        for names in combinations(FACTS, size):
            for values in product(*(FACTS[name] for name in names)):
                tried = case(dict(zip(names, values)))
                first, second = step_decision(one, tried, Forward()), step_decision(other, tried, Forward())
                if {*changed_kinds(first, second)} - {STEPS} and not first.model.holding_of(CONTRADICTION):
                    return size
    return None


@pytest.mark.parametrize("text", PLANTED)
def test_no_smaller_case_is_found_by_brute_force(text: str) -> None:
    other = changed(text)
    found = compared(northshire(), other, enough=None)
    least = min(len(differing.case.facts) for differing in found.found)
    assert all(differing.proved for differing in found.found)
    assert not found.unsettled
    assert smallest_by_force(northshire(), other, min(least - 1, MOST_BY_FORCE)) is None


def changed(text: str) -> Program:
    return next(compile_policy(mutant.policy) for mutant in mutants(load_policy(FOLDER)) if mutant.name == text)


@cache
def mutated() -> list[tuple[str, Program, Difference]]:
    """A sample of small changes to Northshire's policy, with the difference reported for each."""
    found = []
    for mutant in list(mutants(load_policy(FOLDER)))[::5]:
        try:
            program = compile_policy(mutant.policy)
        except InputError:
            continue
        found.append((mutant.name, program, difference(northshire(), program, RANDOM_DAY.toordinal())))
    return found


@laws(200)
@given(data=st.data())
def test_no_case_differs_that_compare_does_not_tell_of(data: st.DataObject) -> None:
    """Tried as single steps and, if no move differs, as records with their journey."""
    name, program, said = mutated()[data.draw(st.integers(0, len(mutated()) - 1))]
    drawn = random_case(northshire(), data.draw(facts(str(FOLDER))))
    if solve(northshire(), drawn, Forward()).holding_of(CONTRADICTION):
        return
    told = {differing.kind for differing in said.found} | set(said.unsettled)
    first, second = (step_decision(p, drawn, Forward()) for p in (northshire(), program))
    steps = set(changed_kinds(first, second))
    if told - {STEPS}:
        steps -= {STEPS}  # told only where nothing else is
    assert (name, steps - told) == (name, set())
    if not told & {TEAM, "possible teams", "move", STEPS}:
        assert (name, set(kinds_between(program, drawn, Forward())) - told) == (name, set())


def test_every_case_told_differs_under_both_programs() -> None:
    replayed = 0
    for _, program, said in mutated():
        for differing in said.found:
            answer = step_decision if differing.one_step else decide
            first, second = (answer(p, differing.case, PyDatalog()) for p in (northshire(), program))
            assert differing.kind in changed_kinds(first, second)
            replayed += 1
    assert replayed > 20


# Pairs of teams, other codes, other facts ---------------------------------------------------


BRANCHING: dict[str, tuple[Any, ...]] = {
    "team_on_record": (None, "none", "alpha", "beta", "gamma"),
    "threshold_met": (None, True, False),
    "safeguarding_concern": (None, True, False),
    "referral_accepted_on": (None, True, False),
}


def test_each_pair_of_teams_is_told_once(tmp_path: Path) -> None:
    one, other = two_tiny(
        tmp_path,
        "route(alpha, beta, handover) :- threshold_met.",
        "route(alpha, beta, handover) :- threshold_met, safeguarding_concern.\n"
        "route(alpha, gamma, handover) :- threshold_met, known not safeguarding_concern.",
    )
    found = compared(one, other, most_pairs=10)
    pairs = [differing.outcomes for differing in found.found if differing.kind == "team"]
    by_force = set()
    for values in product(*BRANCHING.values()):
        recorded = {name: value for name, value in zip(BRANCHING, values) if value is not None}
        answers = [outcome(decide(program, case_of(program, recorded), Forward())) for program in (one, other)]
        by_force |= {tuple(answers)} if answers[0] != answers[1] else set()
    assert set(pairs) == by_force
    assert len(set(pairs)) == len(pairs)
    assert found.every_pair
    assert not compared(one, other, most_pairs=1).every_pair


OTHER_CODES = tuple((kind, {"beta": "delta"}.get(code, code), *rest) for kind, code, *rest in CODES)


def test_a_team_by_another_code_is_the_same_team_under_a_map(tmp_path: Path) -> None:
    rules = "route(alpha, {0}, handover) :- threshold_met.\nduty(call_back) :- known team_on_record({0})."
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one = tiny_program(tmp_path / "a", BASE + rules.format("beta"))
    other = tiny_program(tmp_path / "b", BASE + rules.format("delta"), codes=OTHER_CODES)
    assert compared(one, other, codes={"delta": "beta"}).equivalent
    first = compared(one, other).found[0]
    assert (first.kind, first.outcomes) == ("team", ("beta", "delta"))


def test_a_case_reaches_the_second_program_in_its_own_codes(tmp_path: Path) -> None:
    one = tiny_program(tmp_path, BASE)
    found = case_for(one, case({"team_on_record": "family_team"}), {"family_team": "gamma"})
    assert (found.policy, found.facts) == ("tiny", {"team_on_record": "gamma"})


FACT = ("mood_of_day", "enum", "calm; stern", "the mood", "the mood is {Value}", "the mood is not {Value}", "What mood?")


def test_a_fact_that_means_something_else_is_refused(tmp_path: Path) -> None:
    programs = []
    for number, values in enumerate(("calm; stern", "calm; glad")):
        home = tmp_path / str(number)
        home.mkdir()
        rules = BASE + "duty(call_back) :- mood_of_day(calm)."
        programs.append(tiny_program(home, rules, facts=[(FACT[0], FACT[1], values, *FACT[3:])]))
    with pytest.raises(InputError) as error:
        compared(*programs)
    assert [str(fault) for fault in error.value.faults] == [
        "fact mood_of_day: is not the same in the two policies\n"
        "    one has the values calm, stern, the other the values calm, glad"
    ]


def test_a_fact_that_only_one_knows_may_make_the_difference(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one = tiny_program(tmp_path / "a", BASE)
    other = tiny_program(tmp_path / "b", BASE + "duty(call_back) :- known mood_of_day(stern).", facts=[FACT])
    (found,) = compared(one, other).found
    assert (found.kind, found.case.facts) == ("duties", {})
    assert found.second.duties == ("call_back",)
    assert found.second.case.facts == {"mood_of_day": "stern"}
