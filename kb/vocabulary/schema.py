"""JSON Schemas (2020-12) of cases and decisions, generated from the vocabulary.

`docs/reference/case-and-decision.md` describes both forms; here they have the codes of one policy.
"""

from __future__ import annotations

from typing import Any

from kb.case import MAX_LIST, MAX_OCCURRENCES
from kb.vocabulary.model import Fact, Vocabulary

Schema = dict[str, Any]

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_DATE: Schema = {"$ref": "#/$defs/date"}
_DATETIME: Schema = {"$ref": "#/$defs/datetime"}
_DATES: Schema = {"$ref": "#/$defs/dates"}
_EVENT: Schema = {"$ref": "#/$defs/event"}
_NAME: Schema = {"type": "string", "minLength": 1}

_IN_DECISIONS: Schema = {"date": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "format": "date"}}
_IN_CASES: Schema = {
    **_IN_DECISIONS,
    "datetime": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?$"},
    "dates": {
        "anyOf": [_DATE, {"type": "array", "minItems": 1, "maxItems": MAX_OCCURRENCES, "uniqueItems": True, "items": _DATE}],
        "description": "The day of it, or the days on which it happened, oldest first",
    },
    "event": {
        "anyOf": [_DATES, {"type": "boolean"}],
        "description": "As dates; true: happened, day not known; false: had not happened by the day of the record",
    },
}


def case_schema(vocabulary: Vocabulary) -> Schema:
    """The schema of a case: every fact with its type. Absent or null means unknown."""
    return {
        "$schema": _DRAFT,
        "title": "Case",
        "$defs": _IN_CASES,
        "type": "object",
        "additionalProperties": False,
        "required": ["case_id", "policy", "as_of", "facts"],
        "properties": {
            "case_id": {"type": "string", "minLength": 1, "pattern": "^[A-Za-z0-9._-]+$"},
            "policy": {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"},
            "as_of": {**_DATE, "description": "The day for which the answer is wanted"},
            "recorded_on": {**_or_null(_DATE), "description": "The day on which the record was drawn up; as_of if absent"},
            "facts": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    fact.name: {**_or_null(_fact(fact, vocabulary)), "description": fact.question}
                    for fact in vocabulary.recorded.values()
                },
            },
        },
    }


def decision_schema(vocabulary: Vocabulary) -> Schema:
    """The schema of a decision, with the codes of this vocabulary."""

    def codes(*kinds: str) -> Schema:
        return {"enum": [code.code for kind in kinds for code in vocabulary.codes.get(kind, ())]}

    team = codes("team", "outcome")
    transfer = _record(
        {
            "from": team,
            "to": team,
            "point": codes("point"),
            "status": codes("move_status"),
            "on": _or_null(_DATE),
        }
    )
    clause = _record({"id": _NAME, "lines": {"type": "array", "minItems": 1, "items": {"type": "integer", "minimum": 1}}})
    fact: Schema = {"enum": list(vocabulary.recorded)}
    stint = _record(
        {
            "team": _or_null(team),
            "from": _or_null(_DATE),
            "until": _or_null(_DATE),
            "point": _or_null(codes("point")),
            "status": {"enum": ["past", "present", "planned"]},
            "clauses": {"type": "array", "items": clause},
        },
        {"possible_teams": _set_of(team)},
    )
    aside = _record(
        {
            "clause": _NAME,
            "lines": {"type": "array", "items": {"type": "integer", "minimum": 1}},
            "team": _or_null(team),
            "by": _NAME,
        }
    )
    parts: Schema = {
        "case_id": _NAME,
        "policy": _NAME,
        "as_of": _DATE,
        "status": codes("status"),
        "responsible_team": _or_null(team),
        "possible_teams": _set_of(team),
        "missing_facts": _set_of(fact),
        "transfer": _or_null(transfer),
        "further_transfers": {"type": "array", "items": transfer},
        "blocked_by": _set_of(codes("gate")),
        "unconfirmed_gates": _set_of(codes("gate")),
        "deadlines": {
            "type": "array",
            "items": _record(
                {
                    "code": codes("deadline"),
                    "due": {"anyOf": [_DATE, _DATETIME]},
                    "day_count": codes("day_count"),
                    "met": {"type": ["boolean", "null"]},
                }
            ),
        },
        "duties": _set_of(codes("duty")),
        "attendance": {
            "type": "array",
            "items": _record(
                {
                    "code": codes("attendance"),
                    "who": codes("team", "body", "escalation"),
                    "meeting": codes("meeting", "point"),
                }
            ),
        },
        "co_working": {
            "type": "array",
            "items": _record({"code": codes("co_working"), "team": codes("team", "body"), "with": codes("team", "body")}),
        },
        "escalate_to": _set_of(codes("escalation")),
        "findings": {"type": "array", "items": _NAME},
        "journey": {"type": "array", "items": stint},
        "assumptions": _set_of(fact),
        "history": {"type": "array", "items": _record({"fact": fact, "on": _or_null(_DATE)})},
        "set_aside": {"type": "array", "items": aside},
        "clauses": {"type": "array", "items": clause},
        "proof": {"type": "object"},
    }
    return {"$schema": _DRAFT, "title": "Decision", "$defs": _IN_DECISIONS, **_record(parts), "allOf": _invariants()}


def _invariants() -> list[Schema]:
    def when(statuses: list[str], teams: Schema, responsible: str) -> Schema:
        then = {"properties": {"possible_teams": teams, "responsible_team": {"type": responsible}}}
        return {"if": {"properties": {"status": {"enum": statuses}}}, "then": then}

    return [
        when(["decided"], {"minItems": 1, "maxItems": 1}, "string"),
        when(["unknown", "conflict"], {"minItems": 2}, "null"),
        when(["silent"], {"maxItems": 0}, "null"),
    ]


def _fact(fact: Fact, vocabulary: Vocabulary) -> Schema:
    teams = [code.code for code in vocabulary.codes.get("team", ())]
    outcomes = [code.code for code in vocabulary.codes.get("outcome", ())]
    simple: dict[str, Schema] = {
        "bool": {"type": "boolean"},
        "int": {"type": "integer", "minimum": fact.minimum, "maximum": fact.maximum},
        "enum": {"enum": list(fact.values)},
        "date": _DATES if fact.recurs else _DATE,
        "datetime": _DATETIME,
        "event": _EVENT,
        "team": {"enum": [*teams, *outcomes]},
        "list[enum]": {"type": "array", "maxItems": MAX_LIST, "items": {"enum": list(fact.values)}},
        "list[team]": {"type": "array", "maxItems": MAX_LIST, "items": {"enum": teams}},
    }
    if fact.type in simple:
        return simple[fact.type]
    fields = {name: _or_null(_fact(Fact(name, kind, "", "", "", ""), vocabulary)) for name, kind in fact.fields}
    entry = {"type": "object", "additionalProperties": False, "properties": fields}
    return {"type": "array", "maxItems": MAX_LIST, "items": entry}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _set_of(items: Schema) -> Schema:
    return {"type": "array", "uniqueItems": True, "items": items}


def _record(properties: Schema, optional: Schema | None = None) -> Schema:
    every = {**properties, **(optional or {})}
    return {"type": "object", "additionalProperties": False, "required": list(properties), "properties": every}
