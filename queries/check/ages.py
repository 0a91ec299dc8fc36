"""Young people who turn 18 while a team has them, where no clause says what follows."""

from __future__ import annotations

from functools import partial

from kb.case import Case
from kb.language.model import Atom, Constant
from queries.check.finding import Finding, Outcome, outcome
from queries.check.notices import decided
from queries.check.subject import Subject, code, example

NAME = "ages"
OF_AGE = Atom("of_age")


def find(subject: Subject) -> Outcome:
    """For each team that takes children, the smallest case of somebody who has turned 18 and whom the team keeps, or a proof.

    Teams to which a clause brings young people by their age are meant to have adults and are left out.
    """
    by_age = {code(atom) for atom in subject.atoms("by_age_only")}
    for_adults = {to for _, to, point in subject.moves if point in by_age and _at_eighteen(subject, point)}
    teams = [team for team in subject.working_teams if team not in for_adults]
    grown = {subject.certain(OF_AGE): True, subject.search.came_before: False}  # with the team all along
    kept = [{subject.certain(Atom(name, (Constant(team),))): True for name in ("starts_with", "holds")} for team in teams]
    goals = [{**goal, **grown} for goal in kept]
    shown = subject.show_each(goals, decided(subject), subject.search)
    return outcome(teams, shown, partial(_finding, subject))


def _at_eighteen(subject: Subject, point: str) -> bool:
    """Whether a point can be reached by somebody of 18 only."""
    reached = [atom for atom in subject.atoms("reached") if code(atom) == point]
    younger = {subject.search.any_of(map(subject.certain, reached)): True, subject.certain(OF_AGE): False}
    return not subject.search.possible(younger)


def _finding(subject: Subject, team: str, case: Case, number: int) -> Finding:
    label = subject.team(team)
    clauses = subject.moving(move for move in subject.moves if move[1] == team)
    return Finding(
        NAME,
        "gap",
        f"Somebody who has turned 18 can stay with {label}: no clause moves or closes the case by then.",
        clauses,
        case=example(case, number, NAME),
        answer=subject.decide(case).status,
        advice="say what happens at 18 to a young person who was not in care",
        topic="at 18",
        claims=(("holds", team), ("of_age",)),
    )
