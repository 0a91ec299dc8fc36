"""Whether two programs give every case the same answer, or else the smallest case that tells them apart.

The two are put side by side over the same facts (`kb.joined`), with rules that say where an
answer of the one is no answer of the other; clingo searches for a case in which one of these
fires. None is a proof that there is none, on the day and under the limits of the space of
cases. Every case found is put to the pyDatalog engine under both programs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kb.case import Case
from kb.engines.pydatalog import PyDatalog
from kb.joined import Joined, join
from kb.language.model import Atom, Constant, Literal, Term
from kb.lowering.ground import GroundRule
from kb.program import Program
from kb.space.search import Search, Unsettled
from queries.decide import Decision, decide

TEAM, MOVE_DATE = "team", "date of the move"
#: Kinds of difference, by the predicate that concludes them and the places of the codes that the answer shows.
_CODES: dict[str, tuple[tuple[str, tuple[int, ...]], ...]] = {
    "possible teams": (("may_hold", (0,)),),
    "move": (("told", (0, 1, 2, 3)),),
    "further moves": (("further", (0, 1, 2, 3)),),
    "blocked by": (("blocked_by", (0,)),),
    "unconfirmed": (("unconfirmed", (0,)),),
    "duties": (("duty", (0,)),),
    "attendance": (("attendance", (0, 1, 2)),),
    "co-working": (("co_working", (0, 1, 2)),),
    "escalation": (("escalate_to", (0,)),),
    "findings": (("finding", (0,)),),
    "questions": (("ask", (0,)),),
}
#: The same, with the place of a date.
_DATED: dict[str, tuple[tuple[str, tuple[int, ...], int], ...]] = {
    "deadlines": (("deadline", (0, 2), 1), ("kept", (0, 2), 1)),
}
KINDS = (TEAM, "possible teams", "move", MOVE_DATE, *list(_CODES)[2:], *_DATED)
NO_TEAM = ("unknown", "silent", "conflict")  # what a child without one team comes to

View = dict[str, Any]


@dataclass(frozen=True)
class Differing:
    """A kind of answer that is not the same in both, with the smallest case that shows it.

    `outcomes` are the two teams, or the status where there is none.
    """

    kind: str
    case: Case
    first: Decision
    second: Decision

    @property
    def outcomes(self) -> tuple[str, str]:
        return outcome(self.first), outcome(self.second)


@dataclass(frozen=True)
class Difference:
    """What two programs do not answer alike. `unsettled` are kinds for which the search was given up.

    `atoms` counts the conclusions that are not the same word for word.
    """

    found: tuple[Differing, ...]
    unsettled: tuple[str, ...]
    atoms: int = 0

    @property
    def equivalent(self) -> bool:
        """Proved: no case has another answer."""
        return not self.found and not self.unsettled


def outcome(decision: Decision) -> str:
    """The team that holds the child, or the status where no one team does."""
    return decision.responsible_team or decision.status


def difference(
    first: Program,
    second: Program,
    as_of: int,
    codes: Mapping[str, str] | None = None,
    kinds: Sequence[str] = KINDS,
    most_pairs: int = 1,
    enough: int | None = None,
    started: Callable[[str], None] = lambda kind: None,
) -> Difference:
    """How the answers of two programs differ over every case of one day, or that they do not.

    `codes` tells which code of the first stands for which of the second. Kinds other than the
    team are looked for where both give the same team. `most_pairs` bounds the pairs of teams
    told; with `enough`, no more than so many differences are looked for. `started` is told of each kind.
    Errors: `InputError` where facts of the same name are not the same.
    """
    joined = _proved_alike(join(first, second, codes), as_of)
    if not joined.differing:
        return Difference((), ())
    rules = list(_differing(joined))
    seen = [kind for kind in kinds if any(rule.head == _differs(kind) for rule in rules)]
    if not seen:
        return Difference((), (), len(joined.differing))
    both = joined.program(rules)
    certain = {atom: both.halves.certain(both.halves.numbers[atom]) for atom in {rule.head for rule in rules}}
    search = Search(both, as_of, certain.values())
    sides = _Sides(first, second, {ours: other for other, ours in (codes or {}).items()})
    found: list[Differing] = []
    unsettled: list[str] = []
    same_team = {certain[_differs(TEAM)]: False} if _differs(TEAM) in certain else {}
    for kind in seen:
        started(kind)
        goal = {**({} if kind == TEAM else same_team), certain[_differs(kind)]: True}
        try:
            while (enough is None or len(found) < enough) and (case := search.smallest(goal)) is not None:
                found.append(sides.replay(kind, case))
                pair = certain.get(_pair(found[-1].outcomes)) if kind == TEAM else None
                if pair is None or len(found) >= most_pairs:
                    break
                goal = {**goal, pair: False}
        except Unsettled:
            unsettled.append(kind)
        if enough is not None and len(found) >= enough:
            break
    return Difference(tuple(found), tuple(unsettled), len(joined.differing))


def _proved_alike(joined: Joined, as_of: int) -> Joined:
    """Altered conclusions that no case tells apart are shared after all."""
    for _ in range(len(joined.altered)):
        if not joined.altered:
            break
        before = len(joined.altered)
        joined = joined.without(_alike(joined, as_of))
        if len(joined.altered) == before:
            break
    return joined


def _alike(joined: Joined, as_of: int) -> Iterator[Atom]:
    """Altered conclusions that hold, and may hold, in the same cases; where that is not shown at once, none."""
    both = joined.program()
    halves = both.halves
    keys = {
        atom: tuple(
            (
                half(halves.numbers[atom]) if atom in halves.numbers else None,
                half(halves.numbers[other]) if other in halves.numbers else None,
            )
            for half in (halves.certain, halves.possible)
        )
        for atom in joined.altered
        if (other := joined.second(atom))
    }
    search = Search(both, as_of, {key for pairs in keys.values() for pair in pairs for key in pair if key is not None})
    for atom, pairs in keys.items():
        try:
            if not search.possible({search.differs(pairs): True}):
                yield atom
        except Unsettled:
            continue


# Rules that say where the answers differ --------------------------------------------------


def _differs(kind: str) -> Atom:
    return Atom("differs", (Constant(kind),))


def _pair(outcomes: tuple[str, str]) -> Atom:
    return Atom("outcomes", tuple(map(Constant, outcomes)))


def _known(atom: Atom, holds: bool = True) -> Literal:
    return Literal(atom, negated=not holds, known=True)


def _compared(operator: str, left: Term, right: Term) -> Literal:
    """That two dates of the case stand so to each other, for certain; a date with itself: that there is one."""
    return Literal(Atom(operator, (left, right)), known=True)


def _rule(head: Atom, *body: Literal) -> GroundRule:
    return GroundRule(head, body, (), 0)


Bodies = list[tuple[Literal, ...]]
Rows = dict[tuple[Term, ...], Bodies]


def _differing(joined: Joined) -> Iterator[GroundRule]:
    sides = [_Answers(joined, second) for second in (False, True)]
    yield from _team(joined, sides)
    for kind, predicates in _CODES.items():
        for predicate, places in predicates:
            rows = [side.coded(predicate, places) for side in sides]
            yield from _rows_differ(kind, predicate, joined, rows)
    yield from _move_date(joined, sides)
    for kind, dated in _DATED.items():
        for predicate, places, place in dated:
            yield from _dates_differ(kind, predicate, joined, [side.dated(predicate, places, place) for side in sides])


class _Answers:
    """What one of the two programs can answer."""

    def __init__(self, joined: Joined, second: bool):
        self.joined = joined
        self.name = joined.second if second else lambda atom: atom
        self.by_predicate: dict[str, list[Atom]] = {}
        for atom in dict.fromkeys(rule.head for rule in (joined.theirs if second else joined.ours)):
            self.by_predicate.setdefault(atom.predicate, []).append(atom)

    def coded(self, predicate: str, places: Sequence[int]) -> Rows:
        """The codes that a predicate can show, each with the ways to it."""
        found: Rows = {}
        for atom in self.by_predicate.get(predicate, ()):
            body = [_known(self.name(atom))]
            if predicate == "may_hold":
                body.append(_known(self.name(Atom("status", (Constant("silent"),))), False))
            found.setdefault(tuple(atom.args[n] for n in places), []).append(tuple(body))
        return found

    def dated(self, predicate: str, places: Sequence[int], place: int) -> Rows:
        """Codes with the term of a date that has a value."""
        found: Rows = {}
        for atom in self.by_predicate.get(predicate, ()):
            row = (*(atom.args[n] for n in places), atom.args[place])
            found.setdefault(row, []).append((_known(self.name(atom)), _compared("=", row[-1], row[-1])))
        return found

    def outcomes(self) -> Rows:
        found = self.coded("responsible", (0,))
        for status in map(Constant, NO_TEAM):
            found[(status,)] = [(_known(self.name(Atom("status", (status,)))),)]
        return found


def _team(joined: Joined, sides: Sequence[_Answers]) -> Iterator[GroundRule]:
    """The two teams, wherever they are not the same."""
    ours, theirs = (side.outcomes() for side in sides)
    bodies = [literal.atom for rows in (ours, theirs) for ways in rows.values() for way in ways for literal in way]
    if all(atom not in joined.differing and not atom.predicate.startswith("other ") for atom in bodies):
        return
    for (one,), ways in ours.items():
        for (other,), other_ways in theirs.items():
            if one != other:
                head = Atom("outcomes", (one, other))
                yield from (_rule(head, *way, *other_way) for way in ways for other_way in other_ways)
                yield _rule(_differs(TEAM), _known(head))


def _rows_differ(kind: str, name: str, joined: Joined, rows: Sequence[Rows]) -> Iterator[GroundRule]:
    """Rows of one answer that are not in the other."""
    shown = ["first " + name, "second " + name]
    for row in dict.fromkeys([*rows[0], *rows[1]]):
        ways = [side.get(row, []) for side in rows]
        if ways[0] == ways[1]:
            continue
        atoms = [Atom(predicate, row) for predicate in shown]
        for atom, bodies in zip(atoms, ways):
            yield from (_rule(atom, *body) for body in bodies)
        yield _rule(_differs(kind), _known(atoms[0]), _known(atoms[1], False))
        yield _rule(_differs(kind), _known(atoms[1]), _known(atoms[0], False))


def _dates_differ(kind: str, name: str, joined: Joined, rows: Sequence[Rows]) -> Iterator[GroundRule]:
    """Rows with a date that are not in the other answer with the same date, by whatever name."""
    for number, (mine, other) in enumerate((rows, rows[::-1])):
        for row, ways in mine.items():
            if ways == other.get(row):
                continue
            shown = Atom(f"{('second', 'first')[number]} {name}", row)
            for found, bodies in other.items():
                if found[:-1] == row[:-1]:
                    same = () if found[-1] == row[-1] else (_compared("=", row[-1], found[-1]),)
                    yield from (_rule(shown, *body, *same) for body in bodies)
            yield from (_rule(_differs(kind), *way, _known(shown, False)) for way in ways)


def _move_date(joined: Joined, sides: Sequence[_Answers]) -> Iterator[GroundRule]:
    """The same move with another earliest date of its point."""
    firsts: list[Rows] = []
    for name, side in zip(("first", "second"), sides):
        dates = side.dated("date_of", (0,), 1)
        firsts.append({})
        for (point, on), ways in dates.items():
            earlier = Atom(f"{name} earlier", (point, on))
            for (other, before), others in dates.items():
                if other == point and before != on:
                    yield from (_rule(earlier, *way, _compared("<", before, on)) for way in others)
            firsts[-1][point, on] = [(*way, _known(earlier, False)) for way in ways]
    kind_of = {point: f"date of {point}" for rows in firsts for point, _ in rows}
    changed = {
        point
        for point in kind_of
        if any(
            atom in joined.differing for side in sides for atom in side.by_predicate.get("date_of", ()) if atom.args[0] == point
        )
    }
    for point in changed:
        mine = [{row: ways for row, ways in rows.items() if row[0] == point} for rows in firsts]
        yield from _dates_differ(kind_of[point], f"date of {point}", joined, mine)
    theirs = set(sides[1].by_predicate.get("told", ())) | set(sides[1].by_predicate.get("further", ()))
    for predicate in ("told", "further"):
        for atom in sides[0].by_predicate.get(predicate, ()):
            if atom.args[2] in changed and atom in theirs:
                both = _known(sides[0].name(atom)), _known(sides[1].name(atom))
                yield _rule(_differs(MOVE_DATE), *both, _known(_differs(kind_of[atom.args[2]])))


# Putting what was found to the engine -----------------------------------------------------


@dataclass(frozen=True)
class _Sides:
    """Two programs, and the codes of the second by those of the first."""

    first: Program
    second: Program
    codes: Mapping[str, str]

    def replay(self, kind: str, case: Case) -> Differing:
        """What both make of a case that was found. It has to tell them apart."""
        engine = PyDatalog()
        mine = case_for(self.first, case, {})
        other = case_for(self.second, case, self.codes)
        found = Differing(kind, mine, decide(self.first, mine, engine), decide(self.second, other, engine))
        back = {other: ours for ours, other in self.codes.items()}
        if kind not in changed_kinds(found.first, found.second, back):
            raise AssertionError(f"the search and the engine differ on {case.facts}")
        return found


def case_for(program: Program, case: Case, codes: Mapping[str, str]) -> Case:
    """A case with the facts that a program knows, in its codes."""
    vocabulary = program.policy.vocabulary
    facts = {name: _translated(value, codes) for name, value in case.facts.items() if name in vocabulary.facts}
    return replace(case, policy=program.policy.code, facts=facts)


def _translated(value: Any, codes: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return codes.get(value, value)
    if isinstance(value, tuple | list):
        return tuple(_translated(part, codes) for part in value)
    return {name: _translated(part, codes) for name, part in value.items()} if isinstance(value, dict) else value


def view(decision: Decision, codes: Mapping[str, str] | None = None) -> View:
    """An answer by kinds, without its reasons; in other codes, where some are given."""
    moves = [(m.origin, m.to, m.point, m.status, m.on) for m in (decision.transfer,) if m is not None]
    further = [(m.origin, m.to, m.point, m.status, m.on) for m in decision.further_transfers]
    found = {
        TEAM: outcome(decision),
        "possible teams": sorted(decision.possible_teams),
        "move": [move[:4] for move in moves],
        "further moves": [move[:4] for move in further],
        MOVE_DATE: [*moves, *further],
        "blocked by": sorted(decision.blocked_by),
        "unconfirmed": sorted(decision.unconfirmed_gates),
        "duties": sorted(decision.duties),
        "attendance": [tuple(row.values()) for row in decision.attendance],
        "co-working": [tuple(row.values()) for row in decision.co_working],
        "escalation": sorted(decision.escalate_to),
        "findings": sorted(decision.findings),
        "questions": sorted({str(atom.args[0]) for atom in decision.model.holding_of("ask")}),
        "deadlines": [tuple(row.values()) for row in decision.deadlines],
    }
    return {kind: _in_order(_renamed(value, codes or {})) for kind, value in found.items()}


def _in_order(value: Any) -> Any:
    return sorted(value, key=str) if isinstance(value, list) else value


def _renamed(value: Any, codes: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_renamed(part, codes) for part in value]
    return _translated(value, codes)


def changed_kinds(first: Decision, second: Decision, codes: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The kinds in which two answers differ; `codes` puts the second's into the first's."""
    mine, other = view(first), view(second, codes)
    return tuple(kind for kind in KINDS if mine[kind] != other[kind])
