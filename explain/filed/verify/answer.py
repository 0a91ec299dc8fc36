"""The answer, read off the truths of the last step anew, and compared with the one in the record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .dates import in_words
from .model import Model
from .open_answer import NOBODY, PARTS, UNDECIDED, open_answer, shared
from .reading import sha256
from .way import Way

#: Parts of the answer with the predicate that gives each: lists of codes, and lists of rows with their names.
CODES = {
    **{"blocked_by": "blocked_by", "unconfirmed_gates": "unconfirmed", "duties": "duty"},
    **{"escalate_to": "escalate_to", "finding_codes": "finding"},
}
ROWS = {"attendance": ("code", "who", "meeting"), "co_working": ("code", "team", "with")}
#: The status of an answer by the ways that are in the record, with what it can be by more ways than these.
WITH_MORE_WAYS = {
    **{"decided": ("decided", "unknown", "conflict"), "silent": ("silent", "unknown", "conflict")},
    **{"unknown": ("unknown", "conflict"), "conflict": ("conflict",)},
}
SAID = {
    "decided": "On {day} {teams} holds the child.",
    "silent": "On {day} the policy names no team for this child.",
    "conflict": "On {day} the clauses give the child to {teams}, and nothing settles which.",
    "unknown": "On {day} it is not known who holds the child: {teams}.",
}


def several(record: Any) -> bool:
    """Whether the journey can have gone several ways."""
    return len(record["journey"]["ways"]) > 1 or record["journey"]["open"]


def is_open(record: Any) -> bool:
    """Whether the answer, or what led to it, is not decided."""
    return record["decision"]["status"] in ("unknown", "conflict") or "ends" in record["journey"]


def answer_faults(ways: list[Way], ends: list[Way], witnesses: list[tuple[str, Way]], record: Any) -> Iterator[str]:
    """What of the answer does not follow. Of several ways the move and what is asked are not worked out."""
    told, answers = record["decision"], [_read(way) for way in ways]
    one = len(ways) == 1
    expected = {**answers[0], **_around(ways[0], told, answers[0])} if one else _together(answers)
    if expected["status"] in UNDECIDED:
        expected = open_answer(expected, [_read(way) for way in ends] or ([] if one else answers), record)
        yield from _unwitnessed(witnesses)
    if record["journey"]["left_out"]:
        yield from _of_those_told(expected, told)
        expected = {}
    expected |= {"case_id": record["case"]["case_id"], "policy": record["program"]["code"], "as_of": record["case"]["as_of"]}
    for name, value in expected.items():
        if in_any_order(told.get(name)) != in_any_order(value):
            yield f"the answer's {name} is not what follows"
    if record["case"]["policy"] != record["program"]["code"]:
        yield "the policy of the case is not the one whose rules are told"
    if record["contradictions"] != list(dict.fromkeys(args[0] for args in ways[0].last.sure("contradiction"))):
        yield "the contradictions told are not those of the record"
    yield from _spoken(record)


def in_any_order(value: Any) -> Any:
    """A value in which the order of a list does not count, nor that of lists within, to be compared by type and all."""
    if isinstance(value, list):
        return sorted(sha256([in_any_order(entry)]) for entry in value)
    if isinstance(value, dict):
        return sha256({name: in_any_order(part) for name, part in value.items()})
    return sha256([value])


def _spoken(record: Any) -> Iterator[str]:
    """The question and the headline say the case, the day and the teams of the answer."""
    told, labels = record["decision"], record["program"]["codes"]
    day = in_words(told["as_of"])
    if record["question"] != f"Which team holds the child of case {told['case_id']} on {day}?":
        yield "the question is not the one that is answered"
    names = {code: label for kind in ("body", "outcome", "team") for code, label in labels.get(kind, [])}
    if told["status"] in UNDECIDED:
        names[record["program"]["names"]["closed"]] = "nobody, as the case is closed"
    teams = [names.get(code, code) for code in told["possible_teams"]]
    listed = "".join(teams) if len(teams) < 2 else None
    if listed is None:
        listed = f"{', '.join(teams[:-1])} {'and' if told['status'] == 'conflict' else 'or'} {teams[-1]}"
    said = SAID.get(told["status"], "")
    if told["status"] == "decided" and told["responsible_team"] in dict(labels.get("outcome", [])):
        said = "On {day} the case is {teams}."
    if record["headline"] != said.format(day=day, teams=listed):
        yield "the headline does not say what follows"


def _around(way: Way, told: Any, answer: dict[str, Any]) -> dict[str, Any]:
    """What stands beside the last step: the moves that plans foresee, as told, and the dates that can't be right.

    `answer` is that of the last step: of its further moves those stay that plans leave time for.
    """
    planned = [stint for stint in told["journey"] if stint["status"] == "planned"]
    known = [_route(move) for move in (answer["transfer"], *answer["further_transfers"]) if move]
    leaves = (planned[0]["from"] if planned else None) or "9999"
    by_age = {point for (point,) in way.last.sure("by_age_only")}  # not told of a team that the child leaves before
    further = [move for move in answer["further_transfers"] if move["point"] not in by_age or (move["on"] or "") <= leaves]
    origin = told["responsible_team"]
    for stint in planned:
        if stint["point"] is None:
            continue  # a planned closing is no move at a transfer point
        move = {"from": origin, "to": stint["team"], "point": stint["point"], "status": "upcoming", "on": stint["from"]}
        further += [move] if _route(move) not in known else []
        origin = stint["team"]
    wrong = {name for (fact, _), other in way.episodes[0].wrong.items() for name in (fact, other)}
    return {"further_transfers": further, "missing_facts": list(answer["missing_facts"] | wrong)}


def _route(move: Any) -> tuple[str, str, str]:
    return (move["from"], move["to"], move["point"])


def _read(way: Way) -> dict[str, Any]:
    """The answer that the last step of one way gives."""
    model = way.last
    status = model.sure("status")[0][0]
    responsible = [team for (team,) in model.sure("responsible")]
    kept = {sha256(args[:2]): args[2] == "yes" for args in model.sure("kept")}
    due = [(code, model.due(on), count, kept.get(sha256([code, on]))) for code, on, count in model.sure("deadline")]
    transfer = next((_move(model, args) for args in model.sure("told")), None)
    further = [_move(model, args) for args in model.sure("further")]
    last = way.steps[-1] if way.steps else {"to": None, "point": None}
    for move in (transfer, *further):
        if move and move["status"] == "completed" and (move["to"], move["point"]) == (last["to"], last["point"]):
            move["on"] = last["on"]
    found: dict[str, Any] = {
        "status": status,
        "responsible_team": responsible[0] if responsible else None,
        "possible_teams": [] if status == "silent" else [team for (team,) in model.sure("may_hold")],
        "missing_facts": _missing(model, status),
        "transfer": transfer,
        "further_transfers": further,
        "deadlines": [dict(zip(("code", "due", "day_count", "met"), row)) for row in set(due) if row[1]],
    }
    for field, name in CODES.items():
        found[field] = list({args[0] for args in model.sure(name)})
    for field, parts in ROWS.items():
        found[field] = [dict(zip(parts, row)) for row in {args[: len(parts)] for args in model.sure(field)}]
    return found


def _unwitnessed(witnesses: list[tuple[str, Way]]) -> Iterator[str]:
    for team, way in witnesses:
        if team not in (_read(way)["possible_teams"] or [NOBODY]):
            yield f"the record that is to give {team} does not"


def _together(answers: list[dict[str, Any]]) -> dict[str, Any]:
    """Status and teams of several ways: every team that is possible."""
    teams = list(dict.fromkeys(team for answer in answers for team in (answer["possible_teams"] or ["no_team"])))
    statuses = {answer["status"] for answer in answers}
    one = next(iter(statuses - {"silent"} or statuses))
    status = "conflict" if "conflict" in statuses else "unknown" if len(teams) > 1 else one
    return {
        "status": status,
        "possible_teams": [] if status == "silent" else teams,
        "responsible_team": teams[0] if status == "decided" else None,
        **{part: shared(part, answers) for part in PARTS},
    }


def _of_those_told(expected: dict[str, Any], told: Any) -> Iterator[str]:
    """Where some ways are not in the record: what those that are rule out. More ways add teams, and less is sure of all."""
    if told["status"] not in WITH_MORE_WAYS[expected["status"]]:
        yield "the answer's status can't follow from the ways told"
    if told["responsible_team"] != (told["possible_teams"][0] if told["status"] == "decided" else None):
        yield "the answer's responsible_team is not the one that is possible"
    if not {*expected.get("possible_teams", [])} <= {*told["possible_teams"]}:
        yield "the answer's possible_teams is without a team of the ways told"
    for part in PARTS:
        if part in expected and not all(_unsettled(row) in map(_unsettled, expected[part]) for row in told[part]):
            yield f"the answer's {part} has what does not hold in all of the ways told"


def _unsettled(row: Any) -> Any:
    """A row without whether a limit was kept, which is not sure of all ways where it is of some."""
    return {name: part for name, part in row.items() if name != "met"} if isinstance(row, dict) else row


def _move(model: Model, args: tuple[Any, ...]) -> dict[str, Any]:
    days = [day for point, on in model.sure("date_of") if point == args[2] and (day := model.day(on))]
    return {**dict(zip(("from", "to", "point", "status"), args)), "on": min(days, default=None)}


def _missing(model: Model, status: str) -> set[str]:
    """Facts not recorded that an open team, move, duty or co-working hangs on."""
    waiting = model.heads("duty", "co_working", *(["holds"] if status == "unknown" else []))
    moves = [list(args[:3]) for args in model.sure("told") + model.sure("further") if args[3] in ("unknown", "blocked")]
    waiting += [atom for atom in model.heads("route", "condition_open") if list(model.atoms[atom][1:]) in moves]
    found, seen = {args[0] for args in model.sure("ask")}, set[int]()
    while waiting:
        atom = waiting.pop()
        if atom in seen or not model.open(atom):
            continue
        seen.add(atom)
        found |= model.facts_in(atom, blank=True) if atom in model.conditions else set()
        for index in model.by_head.get(atom, []):
            if all(model.holds(claim) for claim in model.bodies[index][False]):
                body = model.program.told["rules"][index][1].split(", ")
                waiting += [int(part.rpartition(" ")[2]) for part in body if part and "known" not in part]
    return found
