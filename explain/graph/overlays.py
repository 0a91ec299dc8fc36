"""Overlays of the team graph for one case, many cases, and another version."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from explain.answer import headline
from explain.answer_parts import list_of
from explain.graph import said
from explain.graph.overlay import Overlay, all_but
from kb.dates import in_words
from kb.errors import many
from queries.decide import Decision
from queries.graph.compare import Comparison
from queries.graph.flows import Flows
from queries.graph.model import Key, TeamGraph
from queries.graph.place import Ahead, Place

Labels = Callable[[str, str], str]


def of_case(graph: TeamGraph, decision: Decision, place: Place) -> Overlay:
    """The child's team, the moves taken, the moves ahead, and what holds them up."""
    label = decision.model.program.policy.vocabulary.label
    ids = {move.key: move.id for move in graph.moves}
    points = {move.point: move.point_name for move in graph.moves}
    notes: dict[str, str] = {}
    lines: list[str] = []
    for code in place.began_with:
        lines.append(f"The journey begins with {graph.name_of(code)}.")
    for number, taken in enumerate(place.taken, 1):
        if taken.key[2]:
            _add(notes, ids[taken.key], f"Step {number}: taken{_dated(taken.on)}")
        lines.append(f"Step {number}: {_move_text(graph, points, taken.key)}{_dated(taken.on)}.")
    for number, ahead in enumerate(place.ahead):
        text = _ahead(label, ahead)
        _add(notes, ids[ahead.key], f"{'Next' if number == 0 else 'Also open'}: {text}")
        lines.append(f"{'Next' if number == 0 else 'Also open'}: {_move_text(graph, points, ahead.key)}: {text}.")
    if not place.ahead:
        lines.append("No move is ahead on what is recorded.")
    here = [code for code in place.possible if code in {team.code for team in graph.teams}]
    for code in here:
        notes[code] = "The child is here" if len(place.possible) == 1 else "The child may be here"
    keys, way = place.keys, [taken.key for taken in place.taken if taken.key[2]]
    strong = frozenset([*here, *(ids[key] for key in (*way, *(a.key for a in place.ahead[:1])))])
    kept = strong | frozenset([*place.began_with, *(ids[key] for key in keys), *(code for key in keys for code in key[:2])])
    title = f"Case {decision.case.case_id}: {headline(decision)}"
    key = "heavy lines and bold text: where the child is, the way here and the move told next; pale: the rest"
    return Overlay(title, tuple(lines), key, notes, strong, all_but(graph, kept))


def _add(notes: dict[str, str], of: str, note: str) -> None:
    """Appends a note to those of a move: a child may take a move more than once."""
    notes[of] = f"{notes[of]}; {note[0].lower()}{note[1:]}" if of in notes else note


def _move_text(graph: TeamGraph, points: Mapping[str, str], key: Key) -> str:
    at = f" at {points[key[2]]}" if key[2] else ""
    return f"from {graph.name_of(key[0])} to {graph.name_of(key[1])}{at}"


def _dated(day: str | None) -> str:
    return f" ({in_words(date.fromisoformat(day).toordinal())})" if day else ""


def _ahead(label: Labels, move: Ahead) -> str:
    failing, unknown = ([label("gate", gate) for gate in gates] for gates in (move.failing, move.not_recorded))
    text = ("held up" if failing else label("move_status", move.status)) + _dated(move.on)
    if failing:
        text += f"; it is not so that {list_of(failing, 'or that')}"
    if unknown:
        text += f"; nobody recorded whether {list_of(unknown, 'or')}"
    return text


def of_flows(graph: TeamGraph, flows: Flows, label: Labels) -> Overlay:
    """How many children took each move and where they are. `label` gives the name of (kind, code)."""
    notes = {code: f"{_children(count)} here now" for code, count in flows.held.items()}
    ids = {move.key: move.id for move in graph.moves}
    for move in graph.moves:
        parts = [f"{_children(flows.taken[move.key])} moved"] if flows.taken[move.key] else []
        waiting = {status: count for (key, status), count in flows.ahead.items() if key == move.key}
        parts += [f"{_children(count)}: {label('move_status', status)}" for status, count in sorted(waiting.items())]
        if parts:
            notes[move.id] = "; ".join(parts)
    lines = [f"No settled team, {label('status', status)}: {_children(count)}." for status, count in sorted(flows.open.items())]
    most = max(flows.taken.values(), default=0)
    strong = frozenset(ids[key] for key, count in flows.taken.items() if most and count == most)
    kept = frozenset(notes) | {code for move in graph.moves if move.id in notes for code in move.key[:2]}
    key = "heavy lines: the moves that most children took; pale: no child"
    return Overlay(f"Flow of {many(flows.cases, 'case')}", tuple(lines), key, notes, strong, all_but(graph, kept))


def _children(count: int) -> str:
    return f"{count} child{'' if count == 1 else 'ren'}"


def of_comparison(before: TeamGraph, after: TeamGraph, result: Comparison) -> tuple[TeamGraph, Overlay]:
    """Both graphs merged, with notes on what was added, removed and changed."""
    joined = replace(
        after,
        teams=(*after.teams, *(team for team in before.teams if team.code in result.only_before)),
        moves=(*after.moves, *(move for move in before.moves if move.key not in {m.key for m in after.moves})),
    )
    notes = {move.id: "Added" for move in joined.moves if move.key not in {m.key for m in before.moves}}
    notes |= {move.id: "Gone" for move in before.moves if move.key not in {m.key for m in after.moves}}
    for pair in result.changed:
        notes[pair.after.id] = "Changed: " + "; ".join(f"{c.part}: {c.before} → {c.after}" for c in pair.changes)
    notes |= dict.fromkeys(result.only_after, "Team added") | dict.fromkeys(result.only_before, "Team gone")
    strong = frozenset(notes)
    kept = strong | {code for move in joined.moves if move.id in notes for code in move.key[:2]}
    counts = (len(result.added), len(result.gone), len(result.changed), len(result.same))
    lines = ["{} moves added, {} gone, {} changed, {} the same.".format(*counts)]
    if here := said.differing_readings(after, before):
        lines.append(f"Here read with {here}; there with {said.differing_readings(before, after)}.")
    title, key = f"Compared with {before.name} ({before.version})", "heavy lines and bold text: what differs; pale: the rest"
    return joined, Overlay(title, tuple(lines), key, notes, strong, all_but(joined, kept))
