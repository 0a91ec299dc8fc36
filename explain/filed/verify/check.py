"""The whole check of a record, and what it leaves unchecked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

from .answer import answer_faults, is_open, several
from .as_at import Whole
from .clauses import clause_faults, journey_faults
from .facts import fact_faults
from .proof import proof_faults
from .reading import sha256
from .rules import Program
from .shape import FORMAT, shape_faults
from .way import Way

OF_POSSIBLE = (
    "That no other team is possible where the answer is open: each team told was checked by a record that gives it, but not "
    "every way of filling in what is missing."
)
OF_GATES = "Which steps count checks that have no date of their own."
#: What is taken from the record: the parts, as patterns of their paths (`*` is anything), with the sentence that says so.
NOT_CHECKED = {
    "*.says": "The words of the proof.",
    "decision.findings*": "The words of what is to be noted (its codes were checked).",
    "decision.history*": "What of the present episode is told as history, and the clauses that are cited for it.",
    "decision.assumptions*": "What the answer takes as not so.",
    "decision.set_aside*": "What was set aside.",
    "decision.journey.planned*": "Moves that are planned.",
    "journey.open": "That there are no more ways that the journey can have gone, or that it can have gone one way only.",
    "journey.left_out": "How many more ways it can have gone.",
    "*.moves.*.gates": OF_GATES,
    "*.last.gates": OF_GATES,
    "*.moves.*.undated": "Which steps count events on no known day.",
    "*.record.points_past*": "That an event which had its effect, or came too soon, could move nobody again.",
    "possible": OF_POSSIBLE,
    "possible.exact": OF_POSSIBLE,
    "document.*": "Whether the council's document was given, and which of its lines differ from those that the clauses cite.",
    "clauses.*.passages*": "Punctuation, and letters other than a to z, in the council's own passages.",
    "confirmation*": "Who confirmed the answer, when, and the reason for setting it aside.",
    "*.order": "The order in which the entries of a list stand.",
}
#: The same where the journey can have gone several ways.
OF_SEVERAL = (
    "The journey can have gone several ways: status, teams, duties, deadlines, attendance and co-working were worked out "
    "from all that are told; the move, the stints, and that there are no more ways were not."
)
OF_LEFT_OUT = (
    "Ways that the journey can have gone are not in the record: of the answer was checked that the teams of the ways told are "
    "possible, and that its duties, deadlines, attendance, co-working and findings hold in all of them."
)
OF_OPEN = "Which clauses an open answer hangs on, and those cited for what holds whichever team it is."
MOST_TOLD = 100  # faults
ERRORS = (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError, StopIteration, RecursionError)


def verify(record: Any, program_hash: str | None = None, taken: list[str] | None = None) -> list[str]:
    """Everything that is wrong with a record; nothing where it is sound. `taken` is given what was taken from it unproved.

    `program_hash` is that of the rules that it has to be made with.
    """
    faults = list(shape_faults(record))
    if faults:
        return [f"the record is not in the form of a record: {fault}" for fault in faults[:20]]
    try:
        return list(dict.fromkeys(islice(_faults(record, program_hash, [] if taken is None else taken), MOST_TOLD)))
    except ERRORS:
        return ["the record is not in the form of a record: its rules, facts or proof name what is not there or can't be"]


def _faults(record: Any, program_hash: str | None, taken: list[str]) -> Iterator[str]:
    if record["format"] != FORMAT:
        yield f"the format is not {FORMAT}"
    if record["seal"] != sha256({key: part for key, part in record.items() if key != "seal"}):
        yield "the seal does not fit the record"
    if record["hashes"]["program"] != sha256(record["program"]) or program_hash not in (None, record["hashes"]["program"]):
        yield "the rules and tables are not those of the program named"
    if record["hashes"]["case"] != sha256(record["case"]):
        yield "the case does not fit its hash"
    ill_typed = list(fact_faults(record["program"], record["case"]))
    yield from ill_typed
    if ill_typed:  # nothing can be worked out from them
        return
    if record["case"]["recorded_on"] < record["case"]["as_of"]:
        yield "the record was drawn up before the day of the answer"
    program = Program(record)
    whole = Whole(program, record["case"])
    ways = [Way(program, whole, way, record if n == 0 else way["last"]) for n, way in enumerate(record["journey"]["ways"])]
    ends = [Way(program, whole, way, way["last"]) for way in record["journey"].get("ends", [])]
    witnesses = list(_witnesses(program, record))
    for way in (*ways, *ends, *(way for _, way in witnesses)):
        yield from way.problems()
    yield from _made_in_another(ways, record["journey"]["left_out"])
    yield from proof_faults(ways[0].last, record["proof"])
    yield from _told_twice(witnesses)
    yield from answer_faults(ways, ends, witnesses, record)
    yield from journey_faults(ways[0], record)
    yield from clause_faults(record)
    yield from _people(record)
    taken += dict.fromkeys(NOT_CHECKED.values())
    taken += [OF_LEFT_OUT] if record["journey"]["left_out"] else [OF_SEVERAL] if several(record) else []
    taken += [OF_OPEN] if is_open(record) else []
    taken += dict.fromkeys(sentence for way in (*ways, *ends) for sentence in way.taken)


def _made_in_another(ways: list[Way], left_out: Any) -> Iterator[str]:
    """Where one way takes a sure move as not made, another has to make it: its event is older than the stint in the one only."""
    made = {(step["point"], step["as_at"]) for way in ways for step in way.steps}
    for point, on in dict.fromkeys(move for way in ways for move in way.not_made):
        if not left_out and (point, on) not in made:
            yield f"no way of the journey makes the move that is sure on {on}"


def _witnesses(program: Program, record: Any) -> Iterator[tuple[str, Way]]:
    """Each possible team with the journey of the record that gives it: the case with what it fills in."""
    for told in record.get("possible", {}).get("witnesses", []):
        facts = record["case"]["facts"]
        if any(facts.get(name) not in (None, True) for name in told["filled"]):
            raise ValueError("a possible team rests on a record that changes what is recorded")
        case = {**record["case"], "facts": {**facts, **told["filled"]}}
        if list(fact_faults(record["program"], case)):
            raise ValueError("a possible team rests on facts that can't be")
        yield told["team"], Way(program, Whole(program, case), told["way"], told["way"]["last"])


def _told_twice(witnesses: list[tuple[str, Way]]) -> Iterator[str]:
    for team, many in Counter(team for team, _ in witnesses).items():
        if many > 1:
            yield f"the possible team {team} is told {many} times"


def _people(record: Any) -> Iterator[str]:
    """Who confirmed the answer, or set it aside and why: what of it can't be so."""
    told, codes = record["confirmation"], record["program"]["codes"]
    on, team = told["confirmed_on"], told["overridden_to"]
    if on is not None and date.fromisoformat(on) < date.fromisoformat(record["case"]["as_of"]):
        yield "the confirmation is older than the answer"
    if on is not None and not told["confirmed_by"]:
        yield "the confirmation names a day and nobody who confirmed"
    if bool(team) != bool((told["reason"] or "").strip()):
        yield "an override and its reason go together"
    if team is not None and team not in {code for kind in ("team", "outcome") for code, _ in codes.get(kind, [])}:
        yield "the team that the answer was set aside for is none of this policy"
