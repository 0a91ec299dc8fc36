"""JSON Schemas (2020-12) of cases and decisions, generated from the vocabulary.

They say the same as the contract's, with the codes of one policy filled in.
"""

from __future__ import annotations

from typing import Any

from kb.vocabulary.model import Fact, Vocabulary

Schema = dict[str, Any]

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_DATE: Schema = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "format": "date"}
_DATETIME: Schema = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?$"}
_NAME: Schema = {"type": "string", "minLength": 1}


def case_schema(vocabulary: Vocabulary) -> Schema:
    """What a case may look like: every fact with its type; absent or null is unknown."""
    return {
        "$schema": _DRAFT,
        "title": "Case",
        "type": "object",
        "additionalProperties": False,
        "required": ["case_id", "policy", "as_of", "facts"],
        "properties": {
            "case_id": {"type": "string", "minLength": 1, "pattern": "^[A-Za-z0-9._-]+$"},
            "policy": {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"},
            "as_of": _DATE,
            "facts": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    fact.name: {**_or_null(_fact(fact, vocabulary)), "description": fact.question}
                    for fact in vocabulary.facts.values()
                },
            },
        },
    }


def decision_schema(vocabulary: Vocabulary) -> Schema:
    """What a decision looks like, with the codes that this vocabulary has."""

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
    parts: Schema = {
        "case_id": _NAME,
        "policy": _NAME,
        "as_of": _DATE,
        "status": codes("status"),
        "responsible_team": _or_null(team),
        "possible_teams": _set_of(team),
        "missing_facts": _set_of({"enum": list(vocabulary.facts)}),
        "transfer": _or_null(transfer),
        "further_transfers": {"type": "array", "items": transfer},
        "blocked_by": _set_of(codes("gate")),
        "unconfirmed_gates": _set_of(codes("gate")),
        "deadlines": {
            "type": "array",
            "items": _record(
                {
                    "code": codes("deadline"),
                    "due": _DATE,
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
        "clauses": {
            "type": "array",
            "items": _record(
                {"id": _NAME, "lines": {"type": "array", "minItems": 1, "items": {"type": "integer", "minimum": 1}}}
            ),
        },
        "proof": {"type": "object"},
    }
    return {"$schema": _DRAFT, "title": "Decision", **_record(parts), "allOf": _invariants()}


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
    teams: Schema = {"enum": [code.code for kind in ("team", "outcome") for code in vocabulary.codes.get(kind, ())]}
    simple: dict[str, Schema] = {
        "bool": {"type": "boolean"},
        "int": {"type": "integer", "minimum": fact.minimum, "maximum": fact.maximum},
        "enum": {"enum": list(fact.values)},
        "date": _DATE,
        "datetime": _DATETIME,
        "event": {"anyOf": [_DATE, {"type": "boolean"}]},
        "team": teams,
        "list[enum]": {"type": "array", "items": {"enum": list(fact.values)}},
        "list[team]": {"type": "array", "items": teams},
    }
    if fact.type in simple:
        return simple[fact.type]
    fields = {name: _or_null(_fact(Fact(name, kind, "", "", "", ""), vocabulary)) for name, kind in fact.fields}
    return {"type": "array", "items": {"type": "object", "additionalProperties": False, "properties": fields}}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _set_of(items: Schema) -> Schema:
    return {"type": "array", "uniqueItems": True, "items": items}


def _record(properties: Schema) -> Schema:
    return {"type": "object", "additionalProperties": False, "required": list(properties), "properties": properties}
