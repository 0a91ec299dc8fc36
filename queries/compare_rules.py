"""Rules that conclude where the answers of two programs differ, one conclusion for each kind of answer.

They compare what the two conclude side by side (`kb.product`) as `queries.decide` reads it: codes that are
established, and dates by value, not by term.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kb.language.model import Atom, Constant, Literal, Term
from kb.lowering.ground import GroundRule
from kb.product import OTHER, Product

TEAM, MOVE_DATE = "team", "date of the move"
DIFFERS = "differs"
#: Kinds of answer, with the predicates that conclude them and the positions of the codes shown.
CODES: dict[str, tuple[tuple[str, tuple[int, ...]], ...]] = {
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
#: The moves of a step: if certain and open moves are equal in every step, journeys are equal.
STEPS = "moves of a step"
MOVING: dict[str, tuple[int, ...]] = {"moved": (0, 1, 2), "closes": (), "opens": (0,)}
#: As CODES, with the position of a date.
DATED: dict[str, tuple[tuple[str, tuple[int, ...], int], ...]] = {
    "deadlines": (("deadline", (0, 2), 1), ("kept", (0, 2), 1)),
}
KINDS = (TEAM, "possible teams", "move", MOVE_DATE, *list(CODES)[2:], *DATED, STEPS)
NO_TEAM = ("unknown", "silent", "conflict")  # outcomes without a single team
UNKNOWN = Constant("unknown")
OUTCOMES = "outcomes"


def differs(kind: str) -> Atom:
    return Atom(DIFFERS, (Constant(kind),))


def pair(outcomes: tuple[str, str]) -> Atom:
    return Atom(OUTCOMES, tuple(map(Constant, outcomes)))


def _known(atom: Atom, holds: bool = True) -> Literal:
    return Literal(atom, negated=not holds, known=True)


def _possible(atom: Atom) -> Literal:
    """That an atom is not ruled out."""
    return Literal(atom, negated=True, known=True, inner_negated=True)


def _compared(operator: str, left: Term, right: Term) -> Literal:
    """That two dates certainly stand in this relation; `=` of a date with itself: that it has a value."""
    return Literal(Atom(operator, (left, right)), known=True)


def _rule(head: Atom, *body: Literal) -> GroundRule:
    return GroundRule(head, body, (), 0)


Bodies = list[tuple[Literal, ...]]
Rows = dict[tuple[Term, ...], Bodies]


def differing_rules(product: Product) -> Iterator[GroundRule]:
    sides = [_Answers(product, second) for second in (False, True)]
    yield from _team(product, sides)
    for kind, predicates in CODES.items():
        for predicate, places in predicates:
            rows = [side.coded(predicate, places) for side in sides]
            yield from _rows_differ(kind, predicate, product, rows)
    for predicate, places in MOVING.items():
        yield from _rows_differ(STEPS, predicate, product, [side.moving(predicate, places) for side in sides])
    yield from _move_date(product, sides)
    for kind, dated in DATED.items():
        for predicate, places, place in dated:
            yield from _dates_differ(kind, predicate, product, [side.dated(predicate, places, place) for side in sides])


class _Answers:
    """The answers that one of the two programs can give."""

    def __init__(self, product: Product, second: bool):
        self.product = product
        self.name = product.second if second else lambda atom: atom
        self.by_predicate: dict[str, list[Atom]] = {}
        for atom in dict.fromkeys(rule.head for rule in (product.theirs if second else product.ours)):
            self.by_predicate.setdefault(atom.predicate, []).append(atom)

    def coded(self, predicate: str, places: Sequence[int]) -> Rows:
        """The code tuples that a predicate can conclude, each with its bodies."""
        found: Rows = {}
        for atom in self.by_predicate.get(predicate, ()):
            body = [_known(self.name(atom))]
            if predicate == "may_hold":
                body.append(_known(self.name(Atom("status", (Constant("silent"),))), False))
            found.setdefault(tuple(atom.args[n] for n in places), []).append(tuple(body))
        return found

    def moving(self, predicate: str, places: Sequence[int]) -> Rows:
        """The moves of a step: those made, and those that are possible."""
        found: Rows = {}
        for atom in sorted(self.by_predicate.get(predicate, ()), key=str):
            codes = tuple(atom.args[n] for n in places)
            found.setdefault((Constant("made"), *codes), []).append((_known(self.name(atom)),))
            found.setdefault((Constant("open"), *codes), []).append((_possible(self.name(atom)),))
        return found

    def dated(self, predicate: str, places: Sequence[int], place: int) -> Rows:
        """Codes with a date term that has a value."""
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


def _team(product: Product, sides: Sequence[_Answers]) -> Iterator[GroundRule]:
    """Rules for pairs of different teams."""
    ours, theirs = (side.outcomes() for side in sides)
    bodies = [literal.atom for rows in (ours, theirs) for ways in rows.values() for way in ways for literal in way]
    if all(atom not in product.differing and not atom.predicate.startswith(OTHER) for atom in bodies):
        return
    for (one,), ways in ours.items():
        for (other,), other_ways in theirs.items():
            if one != other:
                head = Atom(OUTCOMES, (one, other))
                yield from (_rule(head, *way, *other_way) for way in ways for other_way in other_ways)
                yield _rule(differs(TEAM), _known(head))


def _rows_differ(kind: str, name: str, product: Product, rows: Sequence[Rows]) -> Iterator[GroundRule]:
    """Rules for rows of one answer that are not in the other."""
    shown = ["first " + name, "second " + name]
    for row in dict.fromkeys([*rows[0], *rows[1]]):
        ways = [side.get(row, []) for side in rows]
        if ways[0] == ways[1]:
            continue
        atoms = [Atom(predicate, row) for predicate in shown]
        for atom, bodies in zip(atoms, ways):
            yield from (_rule(atom, *body) for body in bodies)
        yield _rule(differs(kind), _known(atoms[0]), _known(atoms[1], False))
        yield _rule(differs(kind), _known(atoms[1]), _known(atoms[0], False))


def _dates_differ(kind: str, name: str, product: Product, rows: Sequence[Rows]) -> Iterator[GroundRule]:
    """Rules for rows with a date that are not in the other answer with the same date, whatever its term."""
    for number, (mine, other) in enumerate((rows, rows[::-1])):
        for row, ways in mine.items():
            if ways == other.get(row):
                continue
            shown = Atom(f"{('second', 'first')[number]} {name}", row)
            for found, bodies in other.items():
                if found[:-1] == row[:-1]:
                    same = () if found[-1] == row[-1] else (_compared("=", row[-1], found[-1]),)
                    yield from (_rule(shown, *body, *same) for body in bodies)
            yield from (_rule(differs(kind), *way, _known(shown, False)) for way in ways)


def _move_date(product: Product, sides: Sequence[_Answers]) -> Iterator[GroundRule]:
    """Rules for equal moves with different earliest dates of the point."""
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
            atom in product.differing for side in sides for atom in side.by_predicate.get("date_of", ()) if atom.args[0] == point
        )
    }
    for point in changed:
        mine = [{row: ways for row, ways in rows.items() if row[0] == point} for rows in firsts]
        yield from _dates_differ(kind_of[point], f"date of {point}", product, mine)
    theirs = set(sides[1].by_predicate.get("told", ())) | set(sides[1].by_predicate.get("further", ()))
    for predicate in ("told", "further"):
        for atom in sides[0].by_predicate.get(predicate, ()):
            if atom.args[2] in changed and atom in theirs:
                both = _known(sides[0].name(atom)), _known(sides[1].name(atom))
                yield _rule(differs(MOVE_DATE), *both, _known(differs(kind_of[atom.args[2]])))
