"""What each predicate takes: the sorts of its arguments, and where its truth comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal as OneOf

from kb.conditions import PLANNED
from kb.language.model import Predicate
from kb.vocabulary.model import KINDS, Vocabulary

#: Sorts whose terms are values of the case rather than codes.
VALUE_SORTS = ("date", "datetime", "number")
#: Kinds of code that may stand where another kind is expected.
WIDER = {"team": ("team", "outcome"), "who": ("team", "body", "escalation"), "occasion": ("meeting", "point")}
_FACT_SORTS = {
    "date": "date",
    "event": "date",
    "datetime": "datetime",
    "int": "number",
    "team": "team",
    "point": "point",
    "list[team]": "team",
}

Source = OneOf["condition", "event", "given", "derived"]


@dataclass(frozen=True, slots=True)
class Signature:
    """Sorts of a predicate's arguments.

    `source` is `condition` for what a case records, `event` for the two predicates that
    take the name of an event, `given` for what is settled before any case, `derived` for
    what rules conclude.
    """

    sorts: tuple[str, ...]
    source: Source


def signatures(vocabulary: Vocabulary, predicates: dict[str, Predicate]) -> dict[str, Signature]:
    """The signature of every predicate that a rule may use."""
    found: dict[str, Signature] = {
        "happened": Signature(("event", "date"), "event"),
        PLANNED: Signature(("event", "date"), "event"),
        "recorded_date": Signature(("dated", "date"), "event"),
        "reading": Signature(("reading", "setting"), "given"),
        "listed_before": Signature(("code", "code"), "given"),
        "presupposes": Signature(("event", "event"), "given"),
    }
    for kind in KINDS:
        found[kind] = Signature((kind,), "given")
    for fact in vocabulary.facts.values():
        if fact.type != "list[record]":
            found[fact.name] = Signature(_fact_sorts(fact.type, fact.name), "condition")
    for calculated in vocabulary.calculated.values():
        key = (calculated.key,) if calculated.key else ()
        value = ("date",) if calculated.type == "event" else ()
        found[calculated.name] = Signature(key + value, "condition")
    for table in vocabulary.tables:
        found[table.name] = Signature(table.sorts, "given")
    for predicate in predicates.values():
        found[predicate.name] = Signature(predicate.sorts, "derived")
    return found


def _fact_sorts(kind: str, name: str) -> tuple[str, ...]:
    if kind == "bool":
        return ()
    return (_FACT_SORTS.get(kind, f"value of {name}"),)


def constants_of(sort: str, vocabulary: Vocabulary) -> tuple[str, ...] | None:
    """The codes that a sort allows, in order; None for values and for any code."""
    if sort in VALUE_SORTS or sort in ("setting", "reading", "code"):
        return None
    if sort.startswith("value of "):
        return vocabulary.facts[sort.removeprefix("value of ")].values
    if sort == "event":
        return vocabulary.of_type("event")
    if sort == "dated":
        return vocabulary.of_type("date", "event")
    if sort == "fact":
        return tuple(vocabulary.recorded)
    kinds = WIDER.get(sort, (sort,))
    if not any(kind in KINDS for kind in kinds):
        return None
    return tuple(code.code for kind in kinds for code in vocabulary.codes.get(kind, ()))
