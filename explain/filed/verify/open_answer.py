"""An answer without a decided team: what all of its ends say is sure, anything else stands with the teams that it holds with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

NOBODY = "no_team"
UNDECIDED = ("unknown", "conflict")
PARTS = ("deadlines", "duties", "attendance", "co_working", "finding_codes")


def open_answer(answer: dict[str, Any], ends: list[dict[str, Any]], record: Any) -> dict[str, Any]:
    """The parts of an answer, as read off its one step or its several ways, with what its ends say."""
    exact, witnessed = record.get("possible"), []
    if exact:
        witnessed = [told["team"] for told in exact["witnesses"]]
        teams = witnessed if exact["exact"] else [*answer["possible_teams"], *witnessed]
        answer = {**answer, "possible_teams": list(dict.fromkeys(teams))}
    if exact and exact["exact"] and len(witnessed) == 1:  # all that is missing leads to one team
        decided = witnessed != [NOBODY]
        return {"status": "decided" if decided else "silent", "responsible_team": witnessed[0] if decided else None}
    ends = [end for end in ends if set(end["possible_teams"] or [NOBODY]) & set(answer["possible_teams"])]
    if not ends:
        return answer
    found = {**answer, **{part: _joined(part, shared(part, ends), answer[part]) for part in PARTS}}
    if "transfer" in answer:
        found |= _moved(answer, ends)
    told = record["decision"]
    rows = [
        _with_team(team, [end for end in ends if team in (end["possible_teams"] or [NOBODY])], found, told)
        for team in answer["possible_teams"]
    ]
    return {**found, "with_team": [row for row in rows if any(part for name, part in row.items() if name != "team")]}


def shared(part: str, answers: Sequence[dict[str, Any]]) -> list[Any]:
    """The rows that all answers have in one part."""
    first, *others = [answer[part] for answer in answers] or [[]]
    return [row for row in first if all(row in rows for rows in others)]


def _joined(part: str, rows: list[Any], own: list[Any]) -> list[Any]:
    if part == "deadlines":
        settled = [{**row, "met": None} for row in rows]
        own = [row for row in own if row not in settled]
    return [*rows, *(row for row in own if row not in rows)]


def _moves(end: dict[str, Any]) -> list[Any]:
    return [move for move in (end["transfer"], *end["further_transfers"]) if move]


def _moved(answer: dict[str, Any], ends: list[dict[str, Any]]) -> dict[str, Any]:
    """The move that all ends tell, else the answer's own, and the further ones that are open or that all ends have."""
    common, told, first = (
        [move for move in _moves(ends[0]) if all(move in _moves(end) for end in ends)],
        answer["transfer"],
        ends[0],
    )
    found: dict[str, Any] = {}
    if told not in common and first["transfer"] and all(end["transfer"] == first["transfer"] for end in ends):
        told = first["transfer"]
        found = {"blocked_by": first["blocked_by"], "unconfirmed_gates": first["unconfirmed_gates"]}
    open_ = [move for move in answer["further_transfers"] if move["status"] == "unknown" and move not in common]
    return {**found, "transfer": told, "further_transfers": [move for move in [*open_, *common] if move != told]}


def _with_team(team: str, ends: list[dict[str, Any]], found: dict[str, Any], told: Any) -> dict[str, Any]:
    """What holds with one team and is not sure whichever it is."""
    common = [move for move in _moves(ends[0]) if all(move in _moves(end) for end in ends)] if ends else []
    known = [told["transfer"], *told["further_transfers"]]
    parts = {part: [row for row in shared(part, ends) if row not in found[part]] for part in PARTS}
    return {"team": team, "moves": [move for move in common if move not in known], **parts}
