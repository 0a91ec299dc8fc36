"""A case: what is known about one child on one day, with every fact typed and checked.

Source: contract section 2. A fact that is absent or null is unknown, never false.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kb.dates import MINUTES_A_DAY, iso
from kb.errors import Fault, InputError, did_you_mean, plain
from kb.vocabulary.model import Fact, Vocabulary

MAX_LIST = 200
EARLIEST, LATEST = 1900, 2200  # years that a date of a case may have
NO_TEAM_ON_RECORD = "none"  # the contract's word for "no team has the child open"

ID = re.compile(r"[A-Za-z0-9._-]+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATETIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?")


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day as a day number, so that it can't be mistaken for true or false."""

    number: int


@dataclass(frozen=True)
class Case:
    """One child's case. `facts` holds only what is known."""

    case_id: str
    policy: str
    as_of: int
    facts: Mapping[str, Any]


def header(document: Any, name: str) -> tuple[str, str, int]:
    """Case id, policy and as-of day of a case document. Errors: `InputError`."""
    if not isinstance(document, dict):
        raise InputError([Fault(name, f"is {_kind(document)}, expected one case", "see the README for the form")])
    faults: list[Fault] = []
    allowed = ("case_id", "policy", "as_of", "facts")
    for key in document:
        if key not in allowed:
            faults.append(Fault(f"{name}: {key}", f"unknown part `{key}`", did_you_mean(str(key), allowed)))
    for key in allowed:
        if key not in document:
            faults.append(Fault(name, f"`{key}` is missing", "a case has case_id, policy, as_of and facts"))
    case_id, policy, as_of = document.get("case_id"), document.get("policy"), document.get("as_of")
    if "case_id" in document and not (isinstance(case_id, str) and ID.fullmatch(case_id) and case_id.strip(".")):
        faults.append(Fault(f"{name}: case_id", f"{_show(case_id)} is not a case id", "use letters, digits, `.`, `_` and `-`"))
    if "policy" in document and not isinstance(policy, str):
        faults.append(Fault(f"{name}: policy", f"{_show(policy)} is not one policy", "name one policy"))
    day = 0
    if "as_of" in document:
        try:
            day = _date(as_of).number
        except ValueError as error:
            faults.append(Fault(f"{name}: as_of", str(error), "write the date as 2024-09-03"))
    if "facts" in document and not isinstance(document["facts"], dict):
        faults.append(Fault(f"{name}: facts", f"is {_kind(document['facts'])}, expected names with values"))
    if faults:
        raise InputError(faults)
    return str(case_id), str(policy), day


def fit_to(document: Any, vocabulary: Vocabulary) -> tuple[Any, dict[str, str]]:
    """A case document made for one policy, with only the facts that another policy understands.

    Gives the document, and for each fact left out the reason.
    """
    left_out: dict[str, str] = {}
    kept: dict[str, Any] = {}
    for name, raw in document["facts"].items():
        fact = vocabulary.facts.get(name)
        if fact is None:
            left_out[name] = "the policy has no such fact"
            continue
        try:
            if raw is not None:
                typed_value(fact, raw, vocabulary)
            kept[name] = raw
        except ValueError as error:
            left_out[name] = str(error)
    return {**document, "facts": kept}, left_out


def make_case(document: Any, vocabulary: Vocabulary, name: str, as_of: int | None = None) -> Case:
    """A checked case from a document as in the contract. Errors: `InputError`, all faults."""
    case_id, policy, day = header(document, name)
    facts: dict[str, Any] = {}
    faults: list[Fault] = []
    for fact_name, raw in document["facts"].items():
        where = f"{name}: facts.{plain(str(fact_name))}"
        fact = vocabulary.facts.get(fact_name)
        if fact is None:
            hint = did_you_mean(str(fact_name), vocabulary.facts) or "see `whichteam facts` for the names"
            faults.append(Fault(where, f"unknown fact `{plain(str(fact_name))}`", hint))
            continue
        if raw is None:
            continue
        try:
            facts[fact_name] = typed_value(fact, raw, vocabulary)
        except ValueError as error:
            faults.append(Fault(where, str(error), hint_for(fact, raw, vocabulary)))
    when = day if as_of is None else as_of
    for fact_name, value in facts.items():
        past_only = vocabulary.facts[fact_name].type == "date" and vocabulary.facts[fact_name].past
        if past_only and isinstance(value, Day) and value.number > when:
            message = f"{date.fromordinal(value.number)} is after the as-of date {date.fromordinal(when)}"
            faults.append(Fault(f"{name}: facts.{fact_name}", message, "correct one of the two dates"))
    if faults:
        raise InputError(faults)
    return Case(case_id, policy, when, facts)


# One value --------------------------------------------------------------------------------


def typed_value(fact: Fact, raw: Any, vocabulary: Vocabulary) -> Any:
    """One value in the form the engines use. Errors: ValueError with what was found and expected."""
    kind = fact.type
    if kind == "bool":
        return _expect(isinstance(raw, bool), raw, "true or false")
    if kind == "int":
        whole = isinstance(raw, int) and not isinstance(raw, bool)
        _expect(whole, raw, "a whole number")
        return _expect(fact.minimum <= raw <= fact.maximum, raw, f"a number from {fact.minimum} to {fact.maximum}")
    if kind == "enum":
        return _expect(isinstance(raw, str) and raw in fact.values, raw, "one of " + ", ".join(fact.values))
    if kind == "team":
        return _team(raw, vocabulary, or_none=True)
    if kind == "date":
        return _date(raw)
    if kind == "event":
        return raw if isinstance(raw, bool) else _date(raw, "a date, true or false")
    if kind == "datetime":
        return _datetime(raw)
    _expect(isinstance(raw, list), raw, "a list")
    _expect(len(raw) <= MAX_LIST, len(raw), f"a list of at most {MAX_LIST}")
    if kind == "list[enum]":
        return tuple(_expect(isinstance(x, str) and x in fact.values, x, "one of " + ", ".join(fact.values)) for x in raw)
    if kind == "list[team]":
        return tuple(_team(x, vocabulary, or_none=False) for x in raw)
    return tuple(_record(fact, x, vocabulary) for x in raw)


def _record(fact: Fact, raw: Any, vocabulary: Vocabulary) -> Mapping[str, Any]:
    _expect(isinstance(raw, dict), raw, "an entry with " + ", ".join(name for name, _ in fact.fields))
    types = dict(fact.fields)
    entry: dict[str, Any] = {}
    for key, value in raw.items():
        if key not in types:
            raise ValueError(f"unknown part `{key}`, expected " + ", ".join(types))
        if value is not None:
            part = Fact(key, types[key], key, "", "", "")
            entry[key] = typed_value(part, value, vocabulary)
    return entry


def _team(raw: Any, vocabulary: Vocabulary, or_none: bool) -> str:
    if or_none and raw == NO_TEAM_ON_RECORD:
        return NO_TEAM_ON_RECORD
    known = isinstance(raw, str) and (vocabulary.has("team", raw) or (or_none and vocabulary.has("outcome", raw)))
    return str(_expect(known, raw, "a team of this policy"))


def parse_day(raw: str) -> int:
    """The day number of a date written as 2024-09-03. Errors: ValueError."""
    return _date(raw).number


def _date(raw: Any, wanted: str = "a date such as 2024-09-03") -> Day:
    _expect(isinstance(raw, str) and bool(_DATE.fullmatch(raw)), raw, wanted)
    try:
        day = date.fromisoformat(raw)
    except ValueError:
        raise ValueError(f"{_show(raw)} is no day of the calendar") from None
    if not EARLIEST <= day.year <= LATEST:
        raise ValueError(f"{_show(raw)} is not between {EARLIEST} and {LATEST}")
    return Day(day.toordinal())


def _datetime(raw: Any) -> int:
    _expect(isinstance(raw, str) and bool(_DATETIME.fullmatch(raw)), raw, "a date and time such as 2024-09-06T10:00")
    try:
        moment = datetime.fromisoformat(raw)
    except ValueError:
        raise ValueError(f"{_show(raw)} is no time of the calendar") from None
    if not EARLIEST <= moment.year <= LATEST:
        raise ValueError(f"{_show(raw)} is not between {EARLIEST} and {LATEST}")
    return moment.toordinal() * MINUTES_A_DAY + moment.hour * 60 + moment.minute


def _expect(good: bool, raw: Any, wanted: str) -> Any:
    if not good:
        raise ValueError(f"{_show(raw)} is not {wanted}")
    return raw


def hint_for(fact: Fact, raw: Any, vocabulary: Vocabulary) -> str:
    """What to do about a value that can't be used; empty where there is nothing to say."""
    if isinstance(raw, str) and not fact.type.startswith("list"):
        if fact.type == "enum":
            return did_you_mean(raw, fact.values)
        if fact.type == "team":
            return did_you_mean(raw, (code.code for code in vocabulary.codes.get("team", ())))
    if fact.type in ("bool", "event") and raw in ("true", "false"):
        return "it is a text here: take the quotation marks off"
    return "leave the fact out, or write null, if it is not known" if raw in ("", "unknown", "?") else ""


def _kind(raw: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false", int: "a number", float: "a number"}
    return "empty" if raw is None else names.get(type(raw), "something else")


def _show(raw: Any) -> str:
    text = json.dumps(raw, ensure_ascii=False, default=str)
    return f"`{text[:60]}…`" if len(text) > 60 else f"`{text.strip(chr(34)) if isinstance(raw, str) else text}`"


# Back to a document -----------------------------------------------------------------------


def case_document(case: Case, vocabulary: Vocabulary) -> dict[str, Any]:
    """The document of a case: `make_case` reads it back as the same case."""
    facts = {name: written(vocabulary.facts[name], value) for name, value in case.facts.items()}
    return {"case_id": case.case_id, "policy": case.policy, "as_of": iso(case.as_of), "facts": facts}


def written(fact: Fact, value: Any) -> Any:
    """A typed value in the form in which case files have it."""
    if isinstance(value, Day):
        return iso(value.number)
    if fact.type == "datetime" and isinstance(value, int):
        return f"{iso(value // MINUTES_A_DAY)}T{value % MINUTES_A_DAY // 60:02d}:{value % 60:02d}"
    if fact.type == "list[record]" and value is not None:
        types = dict(fact.fields)
        return [{key: written(Fact(key, types[key], key, "", "", ""), part) for key, part in entry.items()} for entry in value]
    return list(value) if isinstance(value, tuple) else value
