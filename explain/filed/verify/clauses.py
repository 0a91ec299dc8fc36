"""The journey told, the clauses that the answer rests on, and those clauses against the register of the policy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .answer import in_any_order, is_open, several
from .dates import iso
from .model import Model
from .reading import sha256
from .rules import MANNERS
from .way import Way


def journey_faults(way: Way, record: Any) -> Iterator[str]:
    """The stints told up to the day of the answer, and the clauses cited, where the journey can have gone one way only."""
    told = record["decision"]
    stints = [stint for stint in told["journey"] if stint["status"] != "planned"]
    if not stints or stints[-1]["status"] != "present" or stints[-1]["team"] != told["responsible_team"]:
        yield "the last stint is not with the holder that the answer names"
    yield from _history(way, told)
    if several(record):
        return
    line = list(_stints(way, told))
    if _plain(line) != _plain(stints):
        yield "the answer's journey is not the one that its steps make"
    clauses = [*_cited(way.last, record["proof"]), *_checks_met(way.last, told), *_uncounted(way, told)]
    for step, model in zip(way.steps, way.models):  # moves of one day too, which leave no stint between them
        clauses += _cited(model, step["proof"])
    expected = in_any_order(list({clause["id"]: clause for clause in clauses}.values()))
    given = in_any_order(told["clauses"])
    if given != expected and not (is_open(record) and set(expected) <= set(given)):
        yield "the answer's clauses is not what follows"


def _history(way: Way, told: Any) -> Iterator[str]:
    """What happened before the episode is told as history, and nothing is that did not happen."""
    whole, episode = way.recorded_only, way.episode
    given = {(entry["fact"], entry["on"]) for entry in told["history"]}
    happened = {(name, day) for name in whole.facts if whole.happens(name) for day in whole.days(name) if day <= whole.last}
    wrong = way.episodes[0].wrong
    before = {
        (name, iso(day))
        for name, day in happened
        if not whole.belongs(name, day, episode._replace(wrong={})) and (name, day) not in wrong
    }
    if not before <= given or not given <= {(name, iso(day)) for name, day in happened}:
        yield "the answer's history is not what the record shows"


def _uncounted(way: Way, told: Any) -> Iterator[dict[str, Any]]:
    """The clauses that make a point of an event which would lead out of the present team, were it not history or misdated."""
    program = way.program
    facts = {entry["fact"] for entry in told["history"]} | {fact for fact, _ in way.episodes[0].wrong}
    leading = {
        point
        for _, origin, _, point in map(program.atoms.__getitem__, program.heads("written"))
        if origin == told["responsible_team"]
    }
    for atom in program.heads("point_event"):
        if program.atoms[atom][1] in leading and program.atoms[atom][2] in facts:
            for index in program.by_head[atom]:
                source = program.told["sources"][program.told["rules"][index][2][0]]
                yield from _clauses_of(source)


def _stints(way: Way, answer: Any) -> Iterator[dict[str, Any]]:
    line = way.line()
    for number, stint in enumerate(line):
        clauses = _cited(stint["proof"][0], stint["proof"][1]) if stint["proof"] else []
        found = {"team": stint["team"], "from": stint["from"], "point": stint["point"], "clauses": clauses, "status": "past"}
        found["until"] = line[number + 1]["from"] if number + 1 < len(line) else None
        if number + 1 == len(line):
            found |= {"team": answer["responsible_team"], "status": "present"}
            if answer["status"] in ("unknown", "conflict"):
                found |= {"point": None, "clauses": [], "possible_teams": answer["possible_teams"]}
            elif answer["status"] == "silent":
                found["possible_teams"] = []
        yield found


def _plain(stints: list[Any]) -> list[Any]:
    return [{**stint, "clauses": sorted(map(sha256, stint["clauses"]))} for stint in stints]


def _checks_met(model: Model, told: Any) -> Iterator[dict[str, Any]]:
    """The clauses of the checks that are recorded as met, where the answer tells of a completed move."""
    move = told["transfer"]
    if move is None or move["status"] != "completed":
        return
    moves = [move["from"], move["point"]], [move["from"], move["to"], move["point"]]
    met = {args[0] for args in model.sure("gate_met")}
    for atom in model.heads("gate", "condition_gate"):
        _, *asked, check = model.atoms[atom]
        if asked in moves and check in met:
            for source in _all_that_conclude(model, atom):
                yield from _clauses_of(source)


def _cited(model: Model, proof: Any) -> list[dict[str, Any]]:
    """Clauses that speak for the answer: a claim that something is ruled out cites nothing.

    Of what rules without lines ask for, which are those of the house, every rule that comes to it is cited.
    """
    told = model.program.told
    lines: dict[str, list[int]] = {}
    seen: set[tuple[str, bool]] = set()
    waiting = [(conclusion["step"], True) for conclusion in proof["conclusions"]]
    while waiting:
        name, asked = waiting.pop()
        if (name, asked) in seen:
            continue
        seen.add((name, asked))
        step = proof["steps"][name]
        used = [told["sources"][n] for n in (told["rules"][step["rule"]][2] if "rule" in step else [])]
        premises = [p for p in step["premises"] if MANNERS[proof["steps"][p]["manner"]][1]]
        waiting += [(p, asked and not (used and used[0]["lines"])) for p in premises]
        if used and asked and step["manner"] == "established":
            used += _all_that_conclude(model, step["atom"])
        lines |= {clause["id"]: clause["lines"] for source in used for clause in _clauses_of(source)}
    return [{"id": name, "lines": at} for name, at in lines.items()]


def _clauses_of(source: Any) -> Iterator[dict[str, Any]]:
    """The clauses of the document that a rule encodes; those of the house have no lines."""
    for clause in [{"id": source["clause"], "lines": source["lines"]}, *source.get("also", [])]:
        if clause["lines"]:
            yield clause


def _all_that_conclude(model: Model, atom: int) -> Iterator[Any]:
    """The sources of every rule that comes to a conclusion for certain."""
    for index in model.by_head.get(atom, []):
        if all(map(model.holds, model.bodies[index][True])):
            yield model.program.told["sources"][model.program.told["rules"][index][2][0]]


def clause_faults(record: Any) -> Iterator[str]:
    """Clauses against the register, and the council's own passages against their fingerprints."""
    given, differs = record["document"]["given"], set(record["document"]["differs"])
    if [{"id": c["id"], "lines": c["lines"]} for c in record["clauses"]] != record["decision"]["clauses"]:
        yield "the clauses told are not those that the answer rests on"
    for clause in record["clauses"]:
        if record["program"]["register"].get(clause["id"]) != sha256({key: p for key, p in clause.items() if key != "passages"}):
            yield f"clause {clause['id']} is not as the register has it"
        passages = clause.get("passages", {})
        if set(passages) != {str(line) for line in clause["lines"] if given and line not in differs}:
            yield f"clause {clause['id']} does not show the passages that the document has for it"
        for line, text in passages.items():
            if sha256(" ".join(re.findall(r"[a-z0-9]+", text.lower())))[:16] != clause["fingerprints"][line]:
                yield f"the passage of line {line} is not the one that the rules were read from"
