"""Single steps of a journey: a record with its holder and since when, as the search finds them.

Claims over all cases are claims over all such steps. Where a record that people can keep leads to the same,
reports show that record instead of the step.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kb.carried import HOLDER, SINCE, STINT_FROM
from kb.case import Case
from kb.engines.interface import Engine
from kb.program import Model, Program, solve
from kb.vocabulary.model import Vocabulary
from queries.decide import Decision, read_decision


def step_decision(program: Program, case: Case, engine: Engine) -> Decision:
    """The answer of a single step, whatever came before."""
    return read_decision(solve(program, case, engine), case)


def as_recorded(case: Case, vocabulary: Vocabulary) -> Case:
    """A step as a record: with `with_team_since` in place of what only the journey knows."""
    step = {name for name, fact in vocabulary.facts.items() if fact.time == "step"}
    facts = {name: value for name, value in case.facts.items() if name not in step}
    if STINT_FROM in case.facts and HOLDER in facts:
        facts[SINCE] = case.facts[STINT_FROM]
    order = {name: place for place, name in enumerate(vocabulary.facts)}
    return replace(case, facts={name: facts[name] for name in sorted(facts, key=lambda name: order.get(name, len(order)))})


def records_of(case: Case, vocabulary: Vocabulary) -> tuple[Case, ...]:
    """The records that may lead to a step, smaller first: without and with the day the team took over."""
    whole = as_recorded(case, vocabulary)
    if SINCE not in whole.facts:
        return (whole,)
    return replace(whole, facts={name: value for name, value in whole.facts.items() if name != SINCE}), whole


def is_step(case: Case, vocabulary: Vocabulary) -> bool:
    """Whether a case has facts that only a journey knows."""
    return any(vocabulary.facts[name].time == "step" for name in case.facts if name in vocabulary.facts)


def models_of(program: Program, decision: Decision, engine: Engine) -> Iterator[Model]:
    """The full model of each step of an answer: the last one, and those that moved the child."""
    yield decision.model
    moves = [move for stint in decision.journey if stint.status != "planned" for move in stint.moves]
    for move in dict.fromkeys([*moves, *(decision.branch.moves if decision.branch else ())]):
        yield solve(program, move.step.conditions.case, engine)
