"""The report on a team graph as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from explain.graph import said
from explain.printed import json_text
from kb.errors import many
from queries.graph.model import Move, TeamGraph
from queries.graph.report import MOST, Journey, Report

CHANGE = (
    "A change of worker is counted for each move from one team to another; the first allocation from a front door "
    "and the end of social work are none."
)
CAUTION = "Journeys are put together from single moves; that one child can take them all in turn is not shown."


def as_text(graph: TeamGraph, report: Report) -> str:
    return "\n".join(_lines(graph, report)) + "\n"


def _lines(graph: TeamGraph, report: Report) -> Iterator[str]:
    def names(codes: Sequence[str]) -> str:
        return ", ".join(graph.name_of(code) for code in codes) or "none"

    yield f"{said.title(graph)}: report"
    yield f"{said.source(graph)}"
    yield said.proof(graph) or many(len(graph.moves), "move")
    yield "\nEntries, where a new contact starts"
    yield from (
        f"  {team.name} ({', '.join(said.in_order(c for s in team.said('front_door') for c in s.clauses))})"
        for team in graph.front_doors
    )
    yield "\nDead ends, teams from which no move leads on"
    yield f"  {names(report.dead_ends)}"
    yield "\nLoops, ways back to a team the child has left"
    yield from (f"  {' → '.join(graph.name_of(code) for code in loop)}" for loop in report.loops)
    if not report.loops:
        yield "  none"
    yield "\nTeams of the policy that no move from the front door leads to"
    yield f"  {names(report.unreachable)}"
    yield "\nMoves that no case can take"
    yield from (f"  {_move(graph, move)}" for move in report.never_taken)
    if report.not_checked:
        yield f"  {report.not_checked} of {len(graph.moves)} moves are not checked"
    elif not report.never_taken:
        yield "  none"
    yield "\nBottlenecks, teams on the shortest way between two others"
    for item in report.bottlenecks:
        yield f"  {graph.name_of(item.team)}: between {item.pairs:g} pair{'' if item.pairs == 1 else 's'}"
    if not report.bottlenecks:
        yield "  none: wherever a way leads on, a single move leads there too"
    yield from _journeys(graph, report)


def _journeys(graph: TeamGraph, report: Report) -> Iterator[str]:
    yield f"\nJourneys from the front door: {len(report.journeys)}{' and more' if report.more else ''}"
    yield f"  Most moves in one: {report.most_moves}. Most changes of worker: {report.most_changes}."
    yield f"  {CHANGE}"
    yield f"  {CAUTION}"
    if report.more:
        yield f"  Only the first {MOST:,} were looked at."
    yield "\nThe longest"
    for journey in report.longest:
        yield from _longest(graph, journey)
    yield "\nAll journeys"
    for journey in report.journeys:
        decided = "; the managers may decide a step of it" if journey.by_decision else ""
        changes = f"{journey.changes_of_worker} change{'' if journey.changes_of_worker == 1 else 's'} of worker"
        yield f"  {' → '.join(graph.name_of(code) for code in journey.teams)} ({changes}{decided})"


def _longest(graph: TeamGraph, journey: Journey) -> Iterator[str]:
    yield f"  {graph.name_of(journey.teams[0])}"
    for code, step in zip(journey.teams[1:], journey.steps):
        ways = "; or ".join(f"{said.point(move)} [{said.cited(move.clauses)}]" for move in step)
        yield f"    → {graph.name_of(code)}: {ways}"


def _move(graph: TeamGraph, move: Move) -> str:
    return f"{graph.name_of(move.origin)} → {graph.name_of(move.to)}: {said.point(move)} [{said.cited(move.clauses)}]"


def as_json(graph: TeamGraph, report: Report) -> str:
    """JSON with teams as codes and moves as ids."""
    document = {
        "policy": graph.policy,
        "version": graph.version,
        "moves": len(graph.moves),
        "checked_on": graph.checked_on,
        "entries": report.entries,
        "dead_ends": report.dead_ends,
        "loops": report.loops,
        "unreachable": report.unreachable,
        "never_taken": [move.id for move in report.never_taken],
        "not_checked": report.not_checked,
        "bottlenecks": [asdict(item) for item in report.bottlenecks],
        "most_moves": report.most_moves,
        "most_changes_of_worker": report.most_changes,
        "journeys": [_journey(journey) for journey in report.journeys],
        "more_journeys_or_loops": report.more,
    }
    return json_text(document)


def _journey(journey: Journey) -> dict[str, Any]:
    return {
        "teams": journey.teams,
        "changes_of_worker": journey.changes_of_worker,
        "by_decision": journey.by_decision,
        "steps": [
            [{"move": move.id, "clauses": [cited.clause for cited in move.clauses]} for move in step] for step in journey.steps
        ],
    }
