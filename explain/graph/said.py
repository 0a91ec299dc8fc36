"""The team graph in words: titles, labels of moves, what is said of a team."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from explain.words import capital, spans
from queries.graph.model import IN_PART, NO, YES, Citation, Move, Team, TeamGraph

MAX_NAMED = 3

#: How the statements on a team read; `{others}` are the names that the statement gives.
_SAID = {
    "front_door": "front door",
    "never_holds": "holds no cases",
    "outside": "outside this policy: a child there is new to the front door",
    "passes_on": "may have passed the child on before it is known where to",
    "agreement_counts": "the managers may agree that the child is here",
    "in_place_of": "as long as it keeps the child, the answer may be: {others}",
    "co_working": "works alongside {others}",
    "attendance": "attends or is told of: {others}",
}


def title(graph: TeamGraph) -> str:
    """What the graph is of, with the version of the policy."""
    if graph.focus:
        return f"{graph.name}: moves into and out of {graph.name_of(graph.focus)}"
    return f"{graph.name}: where a child's case can move"


def source(graph: TeamGraph) -> str:
    """The document and version that the graph was read from."""
    return f"{graph.document} ({graph.version})"


def point(move: Move) -> str:
    """The transfer point, short: without its article."""
    return capital(move.point_name.removeprefix("the "))


def cited(clauses: Iterable[Citation]) -> str:
    """Clauses by id alone."""
    return ", ".join(clause.clause for clause in clauses)


def cited_in_full(clauses: Iterable[Citation]) -> str:
    """Clauses with lines and force."""
    said = (f"{c.clause} (line{'s' if len(c.lines) > 1 else ''} {spans(c.lines)}, {c.force})" for c in clauses)
    return "; ".join(said)


def remarks(move: Move) -> tuple[str, ...]:
    """What sets a move apart: left to the managers, by age alone, never taken."""
    found = []
    if move.discretionary == YES:
        found.append("managers may decide")
    if move.discretionary == IN_PART:
        found.append("at times for the managers to decide")
    if move.by_age:
        found.append("by age alone")
    if move.takable == NO:
        found.append("no case can take this")
    return tuple(found)


def statements(graph: TeamGraph, team: Team, wanted: Sequence[str] | None = None) -> tuple[str, ...]:
    """What the policy says of a team, each with its clauses."""
    found = []
    for what in wanted if wanted is not None else _SAID:
        said = team.said(what)
        if said:
            others = _names(graph, [s.label if what == "attendance" else graph.name_of(s.other) for s in said])
            clauses = in_order(clause for s in said for clause in s.clauses)
            found.append(f"{_SAID[what].format(others=others)} ({', '.join(clauses)})")
    return tuple(found)


def in_order(clauses: Iterable[str]) -> list[str]:
    """Ids of clauses, each once, counted as people count: 9 before 10."""
    return sorted(set(clauses), key=lambda name: [part.zfill(6) for part in re.split(r"(\d+)", name)])


def _names(graph: TeamGraph, names: Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(names))


def stands_for(graph: TeamGraph, team: Team) -> str:
    """In the place of which teams an outcome may be the answer, with the clauses."""
    said = [(other, s) for other in graph.everyone for s in other.said("in_place_of") if s.other == team.code]
    if not said:
        return ""
    clauses = in_order(clause for _, s in said for clause in s.clauses)
    whose = ", ".join(other.name for other, _ in said) if len(said) <= MAX_NAMED else f"any of {len(said)} teams"
    return f"may be the answer for a child with {whose} ({', '.join(clauses)})"
