"""Groups of children who go to a team of their own from the front door, and not from a team that has them already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kb.case import Case
from kb.language.model import Atom, Constant
from kb.space.search import Unsettled
from kb.space.writing import fired
from kb.vocabulary.model import Fact
from queries.check.finding import Finding, Outcome
from queries.check.notices import decided
from queries.check.subject import Subject, code, example, names

NAME = "groups"
OF_A_CHILD = ("trait", "state")  # kinds of time of facts that say what a child is, not what was done


@dataclass(frozen=True)
class _Group:
    """Children for whom a fact has a value."""

    fact: Fact
    value: bool | str


def find(subject: Subject) -> Outcome:
    """Each group with a team of its own, with the smallest case of a child of the group who is with another team and stays.

    Where only teams of other groups are left, a child is with one of them for another reason, and nothing is told.
    """
    own_ways = _own_ways(subject)
    special = {team for _, team in own_ways}
    left_out = {way: left for way in own_ways if not special.issuperset(left := _left_out(subject, *way))}
    asked = [(group, team, at) for (group, team), left in left_out.items() for at in left[:1]]
    goals = [{subject.certain(_holds(at)): True, _of(subject, group): True} for group, _, at in asked]
    findings: list[Finding] = []
    unsettled: list[str] = []
    for (group, team, _), case in zip(asked, subject.show_each(goals, decided(subject), subject.search)):
        if isinstance(case, Case):
            left = left_out[group, team]
            findings.append(_finding(subject, group, team, own_ways[group, team], left, case, len(findings) + 1))
        elif isinstance(case, Unsettled):
            unsettled.append(f"{group.fact.name} {group.value} and {team}")
    return Outcome(tuple(findings), len(own_ways) - len(asked), tuple(unsettled))


def _own_ways(subject: Subject) -> dict[tuple[_Group, str], list[int]]:
    """The rules that take a group, and nobody else, from a front door to a team: (group, team) to their indices."""
    front = {code(atom) for atom in subject.atoms("front_door")}
    rules = subject.program.halves.rules
    routes = {index: made for index, made in subject.instances.items() if subject.program.rules[index].head.predicate == "route"}
    ways: dict[tuple[int, str, str], int] = {}
    for index, made in routes.items():
        by_move: dict[tuple[str, str], list[int]] = {}
        for rule in made:
            head = subject.program.ground[rules[rule].ground].head
            by_move.setdefault((code(head), code(head, 1)), []).append(fired(rule))
        ways |= {(index, *move): subject.search.any_of(keys) for move, keys in by_move.items() if move[0] in front}
    wanted = [(group, way) for group in _groups(subject) for way in ways]
    of_group = {group: _of(subject, group) for group in _groups(subject)}
    with_ = {each: subject.search.either([{ways[each[1]]: True, of_group[each[0]]: True}]) for each in wanted}
    without = {each: subject.search.either([{ways[each[1]]: True, of_group[each[0]]: False}]) for each in wanted}
    held, given_up = subject.search.can_hold([*with_.values(), *without.values()])
    found: dict[tuple[_Group, str], list[int]] = {}
    for each in wanted:
        group, (index, _, to) = each
        if with_[each] in held and without[each] not in held | given_up and to in subject.working_teams:
            found.setdefault((group, to), []).append(index)
    return found


def _groups(subject: Subject) -> Iterable[_Group]:
    """Every value of a fact that says what a child is, where it can change or come to light later."""
    for fact in subject.program.policy.vocabulary.facts.values():
        if fact.time in OF_A_CHILD and fact.name in subject.classes.facts:
            values: Iterable[bool | str] = fact.values if fact.type == "enum" else (True,) if fact.type == "bool" else ()
            yield from (_Group(fact, value) for value in values if not fact.fixed or fact.type == "bool")


def _of(subject: Subject, group: _Group) -> int:
    """The key of a case recording that the child is of a group."""
    return subject.search.recorded_as(group.fact.name, group.value)


def _left_out(subject: Subject, group: _Group, team: str) -> list[str]:
    """The teams that can have a child of the group and from which no clause takes one to the team, nor the team to them."""
    after = subject.reached_from(team)
    sending = {origin for origin, to, _ in subject.moves if to == team}
    others = [each for each in subject.working_teams if each != team and each not in after | sending]
    return [each for each in others if _can_have(subject, each, group)]


def _can_have(subject: Subject, team: str, group: _Group) -> bool:
    return subject.search.possible({subject.certain(_holds(team)): True, _of(subject, group): True})


def _holds(team: str) -> Atom:
    return Atom("holds", (Constant(team),))


def _finding(subject: Subject, group: _Group, team: str, rules: list[int], left: list[str], case: Case, number: int) -> Finding:
    vocabulary = subject.program.policy.vocabulary
    value = "" if isinstance(group.value, bool) else vocabulary.label(group.fact.name, group.value)
    who = group.fact.true.replace("{Value}", value)
    those = names([subject.team(each) for each in left], "or")
    says = f"Where {who}, a clause takes the child from the front door to {subject.team(team)}; none does so from {those}."
    clauses = subject.own(name for index in rules for name in subject.program.rules[index].clauses)
    return Finding(
        NAME,
        "note",
        says,
        clauses,
        case=example(case, number, NAME),
        answer=subject.decide(case).status,
        advice=f"say whether {subject.team(team)} takes such a child from a team that has the child already, and when",
        topic=team,
        claims=(("holds", left[0]),),
    )
