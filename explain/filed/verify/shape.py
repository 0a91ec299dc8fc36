"""The parts of a record: each has just these parts, of just these types."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

FORMAT = "whichteam-record/4"
MOST_WAYS = 16  # of a journey, in one record
MOST_TEAMS = 300  # that are possible


class Either(NamedTuple):
    """A value of one of some shapes."""

    shapes: tuple[Any, ...]


class Each(NamedTuple):
    """An object with names that are not fixed, each with a value of one shape."""

    shape: Any


class Few(NamedTuple):
    """A list of a few values of one shape."""

    shape: Any
    least: int
    most: int


class Optional(NamedTuple):
    """A part that may be left out."""

    shape: Any


ANY, DAY, NOTHING = object(), object(), None  # any value; a date such as 2024-09-03; null
MOMENT = object()  # a date and time such as 2024-09-03T09:00
TEXT, NUMBER, FLAG = str, int, bool
MAYBE_TEXT, MAYBE_DAY = Either((TEXT, NOTHING)), Either((DAY, NOTHING))

MODEL = {"certain": [NUMBER], "open": [NUMBER]}
STEP = {
    **{"says": TEXT, "atom": NUMBER, "manner": TEXT, "premises": [TEXT]},
    **{"rule": Optional(NUMBER), "source": Optional(Each(ANY))},
}
PROOF = {"conclusions": [{"part": TEXT, "step": TEXT}], "steps": Each(STEP)}
MOVE = {"from": MAYBE_TEXT, "to": TEXT, "point": MAYBE_TEXT, "on": MAYBE_DAY}
AS_AT = {"as_at": DAY, "record": Each(ANY), "gates": FLAG}
WAY = {
    "assumed": Each(ANY),
    "moves": [{**MOVE, **AS_AT, "undated": FLAG, "model": MODEL, "proof": PROOF}],
    "quiet": [DAY],
    "last": {**AS_AT, "model": Optional(MODEL)},
}
CITED = {"id": TEXT, "lines": [NUMBER]}
TRANSFER = {**MOVE, "status": TEXT}
STINT = {
    **{"team": MAYBE_TEXT, "from": MAYBE_DAY, "until": MAYBE_DAY, "point": MAYBE_TEXT, "status": TEXT},
    **{"clauses": [CITED], "possible_teams": Optional([TEXT])},
}
DEADLINE = {"code": TEXT, "due": Either((DAY, MOMENT)), "day_count": TEXT, "met": Either((FLAG, NOTHING))}
ATTENDANCE, CO_WORKING = {"code": TEXT, "who": TEXT, "meeting": TEXT}, {"code": TEXT, "team": TEXT, "with": TEXT}
WITH_TEAM = {
    **{"team": TEXT, "moves": [TRANSFER], "deadlines": [DEADLINE], "duties": [TEXT], "attendance": [ATTENDANCE]},
    **{"co_working": [CO_WORKING], "finding_codes": [TEXT]},
}
DECISION = {
    **{"case_id": TEXT, "policy": TEXT, "as_of": DAY, "status": TEXT, "responsible_team": MAYBE_TEXT},
    **{"possible_teams": [TEXT], "missing_facts": [TEXT], "transfer": Either((TRANSFER, NOTHING))},
    **{"further_transfers": [TRANSFER], "blocked_by": [TEXT], "unconfirmed_gates": [TEXT]},
    **{"deadlines": [DEADLINE], "duties": [TEXT], "attendance": [ATTENDANCE], "co_working": [CO_WORKING]},
    **{"escalate_to": [TEXT], "findings": [TEXT], "with_team": Optional([WITH_TEAM])},
    **{"journey": [STINT], "assumptions": [TEXT], "history": [{"fact": TEXT, "on": DAY}], "set_aside": [ANY]},
    **{"clauses": [CITED], "finding_codes": [TEXT]},
}
CLAUSE = {
    **CITED,
    **{"fingerprints": Each(TEXT), "kind": TEXT, "force": TEXT, "paraphrase": TEXT, "note": TEXT},
    "passages": Optional(Each(TEXT)),
}
PROGRAM = {
    **{"made_by": TEXT, "code": TEXT, "name": TEXT, "document": TEXT, "version": TEXT, "digest": TEXT},
    **{
        "settings": Each(Either((TEXT, NUMBER))),
        "names": Each(TEXT),
        "facts": [[ANY]],
        "shown": [[TEXT]],
        "begins": Each([TEXT]),
    },
    "calculated": Each({"type": TEXT, "how": TEXT, "source": TEXT, "key": TEXT, "field": TEXT}),
    "tallies": Each({"how": TEXT, "source": TEXT, "fields": [TEXT], "count": NUMBER, "unit": TEXT}),
    **{"holidays": [DAY], "codes": Each([[TEXT]]), "register": Each(TEXT)},
    "sources": [{"at": TEXT, "clause": TEXT, "lines": [NUMBER], "also": Optional([CITED]), "text": TEXT}],
    **{"atoms": [[ANY]], "rules": [[ANY]]},
}
RECORD = {
    **{"format": TEXT, "question": TEXT, "headline": TEXT, "contradictions": [TEXT]},
    "case": {"case_id": TEXT, "policy": TEXT, "as_of": DAY, "recorded_on": DAY, "facts": Each(ANY)},
    "decision": DECISION,
    "confirmation": {
        **{"confirmed_by": MAYBE_TEXT, "confirmed_on": MAYBE_DAY, "overridden_to": MAYBE_TEXT, "reason": MAYBE_TEXT}
    },
    **{"clauses": [CLAUSE], "document": {"given": FLAG, "differs": [NUMBER]}},
    "journey": {"open": FLAG, "left_out": NUMBER, "ways": Few(WAY, 1, MOST_WAYS), "ends": Optional(Few(WAY, 1, MOST_WAYS))},
    "possible": Optional({"exact": FLAG, "witnesses": Few({"team": TEXT, "filled": Each(ANY), "way": WAY}, 0, MOST_TEAMS)}),
    **{"model": MODEL, "proof": PROOF, "program": PROGRAM, "hashes": {"program": TEXT, "case": TEXT}, "seal": TEXT},
}


def shape_faults(value: Any, shape: Any = RECORD, at: str = "the record") -> Iterator[str]:
    """Where a value is not of a shape: parts that are unknown, missing, or of another type."""
    if isinstance(shape, Optional):
        shape = shape.shape
    if isinstance(shape, Either):
        found = [list(shape_faults(value, one, at)) for one in shape.shapes]
        yield from [] if [] in found else max(found, key=len)
    elif isinstance(shape, Each):
        yield from _of_type(value, dict, "an object with names", at)
        for name, part in value.items() if isinstance(value, dict) else ():
            yield from shape_faults(part, shape.shape, _below(at, name))
    elif isinstance(shape, dict):
        yield from _object_faults(value, shape, at)
    elif isinstance(shape, Few):
        if isinstance(value, list) and not shape.least <= len(value) <= shape.most:
            yield f"{at} has {len(value):,} entries, not {shape.least} to {shape.most}"
        else:
            yield from shape_faults(value, [shape.shape], at)
    elif isinstance(shape, list):
        yield from _of_type(value, list, "a list", at)
        for number, part in enumerate(value if isinstance(value, list) else ()):
            yield from shape_faults(part, shape[0], f"{at}[{number}]")
    elif shape is DAY:
        yield from () if is_day(value) else [f"{at} is not a date such as 2024-09-03"]
    elif shape is MOMENT:
        yield from () if is_moment(value) else [f"{at} is not a date and time such as 2024-09-03T09:00"]
    elif shape is NOTHING:
        yield from () if value is None else [f"{at} is not null"]
    elif shape is not ANY:
        yield from _of_type(value, shape, {TEXT: "a text", NUMBER: "a whole number", FLAG: "true or false"}[shape], at)


def is_day(value: Any) -> bool:
    """Whether a value is a day of the calendar, written as 2024-09-03."""
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def is_moment(value: Any) -> bool:
    """Whether a value is a date and time, written as 2024-09-03T09:00."""
    if not isinstance(value, str) or len(value) != len("2024-09-03T09:00") or value[10] != "T":
        return False
    hours, colon, minutes = value[11:13], value[13], value[14:]
    return is_day(value[:10]) and colon == ":" and (hours + minutes).isdecimal() and hours < "24" and minutes < "60"


def _object_faults(value: Any, shape: dict[str, Any], at: str) -> Iterator[str]:
    yield from _of_type(value, dict, "an object with names", at)
    if isinstance(value, dict):
        yield from (f"{_below(at, name)} is no part of a record" for name in value if name not in shape)
        for name, part in shape.items():
            if name in value:
                yield from shape_faults(value[name], part, _below(at, name))
            elif not isinstance(part, Optional):
                yield f"{_below(at, name)} is missing"


def _of_type(value: Any, kind: type, wanted: str, at: str) -> Iterator[str]:
    if type(value) is not kind:  # true is no number
        yield f"{at} is not {wanted}"


def _below(at: str, name: str) -> str:
    return name if at == "the record" else f"{at}.{name}"
