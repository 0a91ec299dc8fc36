"""Clauses that an answer sets aside (`set_aside` of a decision), each with the clause or reading that prevailed.

Two kinds: a general clause whose conditions are met while an exception takes its place, and the losing side of a
clash that a reading settles.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kb.language.model import Atom
from kb.lowering.exceptions import SET_ASIDE
from kb.program import Model, Program
from queries.decide import Decision
from queries.proof import Claim, Prover, Step, needed


@dataclass(frozen=True, slots=True)
class ClauseSetAside:
    """A clause, the team it would give, and the clause id or reading that prevailed."""

    clause: str
    team: str
    by: str


@dataclass(frozen=True, slots=True)
class Beaten:
    """A route that the general clause would give if the narrow one were not an exception to it; `exception` proves that it is."""

    route: Atom
    general: str
    narrow: str
    exception: Step


def clauses_set_aside(decision: Decision) -> tuple[ClauseSetAside, ...]:
    """The clauses set aside in the steps that brought the child here and in the last step."""
    found = [ClauseSetAside(each.general, str(each.route.args[1]), each.narrow) for each in beaten_routes(decision)]
    if decision.status == "decided":  # otherwise no reading has settled a clash
        found += [each for model in _steps(decision) for each in _by_readings(model)]
    return tuple(each for each in dict.fromkeys(found) if each.team != decision.responsible_team)


def beaten_routes(decision: Decision) -> list[Beaten]:
    """The routes set aside by exceptions in the steps that brought the child here and in the last step."""
    found = (beaten for model in _steps(decision) for beaten in beaten_in(model))
    return list({(each.route, each.general, each.narrow): each for each in found}.values())


def _steps(decision: Decision) -> list[Model]:
    return [*(move.model for move in decision.came_by), decision.model]


def beaten_in(model: Model) -> Iterator[Beaten]:
    """The routes set aside in one step. Routes out of a team that the child was not with are left out."""
    beaten = set(model.holding_of(SET_ASIDE))
    program, prover = model.program, Prover(model)
    for rule in program.ground if beaten else ():
        if rule.head.predicate != "route":
            continue
        guard = next((literal.atom for literal in rule.body if literal.atom in beaten), None)
        if guard is None:
            continue
        if not model.possible(Atom("starts_with", rule.head.args[:1])):
            continue
        others = (literal for literal in rule.body if literal.atom.predicate != SET_ASIDE)
        general = str(guard.args[0])
        steps = [(step, _narrow(step, general, program)) for step in prover.all_steps(Claim(guard, "established"))]
        if not steps or not all(prover.holds(needed(literal, True)) for literal in others):
            continue
        gone = {str(atom.args[0]) for atom in beaten if atom.args[1] == guard.args[1]}
        exception, narrow = min(steps, key=lambda one: one[1] in gone)  # one that is itself not set aside, if there is one
        yield Beaten(rule.head, general, narrow, exception)


def _narrow(step: Step, general: str, program: Program) -> str:
    """The clause that makes an exception: of several that share the rule, the one that names the general clause."""
    assert step.rule is not None
    clauses = program.rules[program.ground[step.rule].source].clauses
    return next((name for name in clauses if name in program.policy.exceptions.get(general, ())), clauses[0])


def _by_readings(model: Model) -> Iterator[ClauseSetAside]:
    """The losing sides of clashes, each with the reading named after the clash, else the rule's, else the general one."""
    program = model.program
    fired, _ = model.fired_ground
    for atom in model.holding_of("clash"):
        for rule in (program.ground[n] for n in program.by_head[atom] if n in fired):
            named = [str(literal.atom.args[0]) for literal in rule.given if literal.atom.predicate == "reading"]
            named = [str(atom.args[0])] if str(atom.args[0]) in program.policy.readings else named
            clause = program.rules[rule.source].clause
            yield ClauseSetAside(clause, str(atom.args[1]), named[0] if named else _reading_of_clashes(program))


def _reading_of_clashes(program: Program) -> str:
    """The reading that the shared rules use to settle clashes; empty if there is none."""
    for rule in program.rules:
        read = {literal.atom.predicate: literal.atom for literal in rule.body}
        if "clash" in read and "reading" in read:
            return str(read["reading"].args[0])
    return ""
