"""Wording shared by all formats of the team graph: titles, labels of moves, statements on teams."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from explain.words import capital, spans
from kb.dates import in_words
from kb.errors import many
from queries.graph.model import IN_PART, NO, NOT_CHECKED, YES, Citation, Move, Team, TeamGraph

MAX_NAMED = 3
_DAY = re.compile(r"\d{4}-\d\d-\d\d")

#: Text of the statements on a team; `{others}` are the names in the statement.
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
    """Title of the graph."""
    if graph.focus:
        return f"{graph.name}: moves into and out of {graph.name_of(graph.focus)}"
    return f"{graph.name}: where a child's case can move"


def source(graph: TeamGraph) -> str:
    """The document and version that the graph was read from."""
    return f"{graph.document} ({graph.version})"


def proof(graph: TeamGraph) -> str:
    """What was proved of the moves over all cases of a day; empty if nothing was checked."""
    if not graph.checked_on or not graph.moves:
        return ""
    day = in_words(date.fromisoformat(graph.checked_on).toordinal())
    never, open_ = (sum(move.takable == answer for move in graph.moves) for answer in (NO, NOT_CHECKED))
    result = f"{never} that no case can take" if never else "each can be taken" if not open_ else "none that no case can take"
    if open_:
        result += f", {open_} not settled"
    return f"{many(len(graph.moves), 'move')}, checked over all cases there can be on {day}: {result}."


def differing_readings(graph: TeamGraph, other: TeamGraph) -> str:
    """Shared readings that the two graphs set differently, as `NAME=VALUE, ...`."""
    theirs = dict(other.readings)
    return ", ".join(f"{name}={value}" for name, value in graph.readings if theirs.get(name, value) != value)


def recorded(graph: TeamGraph, witness: str) -> str:
    """The facts of a case in words. `witness` is a case document as JSON; empty for no case."""
    facts = json.loads(witness)["facts"] if witness else {}
    return "; ".join(f"{_spaced(name)}: {_value(graph, value)}" for name, value in facts.items())


def _value(graph: TeamGraph, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " and ".join(_value(graph, item) for item in value) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{_spaced(name)} {_value(graph, item)}" for name, item in value.items())
    if isinstance(value, str) and _DAY.fullmatch(value):
        return in_words(date.fromisoformat(value).toordinal())
    return _spaced(graph.name_of(value)) if isinstance(value, str) else str(value)


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def point(move: Move) -> str:
    """The name of the transfer point without its article."""
    return capital(move.point_name.removeprefix("the "))


def cited(clauses: Iterable[Citation]) -> str:
    """Clause ids."""
    return ", ".join(clause.clause for clause in clauses)


def cited_in_full(clauses: Iterable[Citation]) -> str:
    """Clause ids with lines and force."""
    parts = (f"{c.clause} (line{'s' if len(c.lines) > 1 else ''} {spans(c.lines)}, {c.force})" for c in clauses)
    return "; ".join(parts)


def remarks(move: Move) -> tuple[str, ...]:
    """What is special about a move: left to the managers, by age alone, taken by no case."""
    texts = []
    if move.discretionary == YES:
        texts.append("managers may decide")
    if move.discretionary == IN_PART:
        texts.append("at times for the managers to decide")
    if move.by_age:
        texts.append("by age alone")
    if move.takable == NO:
        texts.append("no case can take this")
    return tuple(texts)


def statements(graph: TeamGraph, team: Team, wanted: Sequence[str] | None = None) -> tuple[str, ...]:
    """What the policy says of a team, each statement with its clauses. `wanted` selects kinds of statement."""
    texts = []
    for what in wanted if wanted is not None else _SAID:
        made = team.said(what)
        if made:
            others = _names(graph, [s.label if what == "attendance" else graph.name_of(s.other) for s in made])
            clauses = in_order(clause for s in made for clause in s.clauses)
            texts.append(f"{_SAID[what].format(others=others)} ({', '.join(clauses)})")
    return tuple(texts)


def in_order(clauses: Iterable[str]) -> list[str]:
    """Clause ids, each once, in natural order (9 before 10)."""
    return sorted(set(clauses), key=lambda name: [part.zfill(6) for part in re.split(r"(\d+)", name)])


def _names(graph: TeamGraph, names: Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(names))


def stands_for(graph: TeamGraph, team: Team) -> str:
    """The teams in whose place an outcome may be the answer, with the clauses."""
    named_by = [(other, s) for other in graph.everyone for s in other.said("in_place_of") if s.other == team.code]
    if not named_by:
        return ""
    clauses = in_order(clause for _, s in named_by for clause in s.clauses)
    whose = ", ".join(other.name for other, _ in named_by) if len(named_by) <= MAX_NAMED else f"any of {len(named_by)} teams"
    return f"may be the answer for a child with {whose} ({', '.join(clauses)})"
