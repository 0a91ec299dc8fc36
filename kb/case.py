"""A case: what is recorded about one child, with every fact checked and typed.

A fact that is absent or null is unknown, never false. `docs/reference/case-and-decision.md` describes the file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from kb.carried import DEATH
from kb.dates import MINUTES_A_DAY, iso
from kb.errors import MAX_FAULTS, MAX_SHOWN, Fault, InputError, did_you_mean, shown
from kb.vocabulary.model import Fact, Vocabulary
from kb.vocabulary.naming import fact_hint

MAX_LIST = 200
MAX_OCCURRENCES = 200  # of one fact
MAX_OCCURRENCES_IN_ALL = 1_000  # of one record
EARLIEST, LATEST = 1900, 2200  # years that a date of a case may have
AS_OF = "as_of"
RECORDED_ON = "recorded_on"
DATE_HINT = "write the date as 2024-09-03"
ONE_CASE = "a case has case_id, policy, as_of and facts"
OCCURRENCES_HINT = "list the days on which it happened, oldest first, each once"
BLANK_HINT = "leave the fact out, or write null, if it is not known"
TWO_DEATHS = "a child dies once, and two days are recorded: {} and {}"
ONE_DEATH = "keep the day that is right"
NO_TEAM_ON_RECORD = "none"  # in a case file: no team has the case open

MAX_ID = 100  # characters of a case id, which names files too
ID = re.compile(r"[A-Za-z0-9._-]{1,100}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATETIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?")


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day as an ordinal (`date.toordinal`). A type of its own, so that it is not mistaken for a bool or an int."""

    number: int


@dataclass(frozen=True, slots=True)
class Moment:
    """A date with a time of day, in minutes: `ordinal * 1440 + minutes since midnight`."""

    minutes: int


@dataclass(frozen=True)
class Case:
    """One child's case. Days are ordinals.

    as_of        day of the answer
    facts        typed values (see `typed_value`) of the facts that are recorded; a fact with several occurrences has a
                 tuple of two or more `Day`, oldest first
    recorded_on  day on which the record was drawn up, if later than `as_of`
    assumed      facts in `facts` that nobody recorded: a branch of a journey assumes them
    """

    case_id: str
    policy: str
    as_of: int
    facts: Mapping[str, Any]
    recorded_on: int | None = None
    assumed: frozenset[str] = frozenset()

    @property
    def record_day(self) -> int:
        """The day of the record. Anything dated later is a plan."""
        return self.as_of if self.recorded_on is None else self.recorded_on


def occurrences(value: Any) -> tuple[int, ...]:
    """The days in the value of a fact, as ordinals, oldest first; empty if it has none."""
    days = value if isinstance(value, tuple) else (value,)
    return tuple(day.number for day in days if isinstance(day, Day))


def header(document: Any, name: str) -> tuple[str, str, int]:
    """Checks the top level of a case document: its case id, policy and as-of day (ordinal).

    `name` is the file name used in faults. Errors: `InputError` with all faults.
    """
    if not isinstance(document, dict):
        raise InputError([Fault(name, f"is {_kind(document)}, expected one case", "see the README for the form")])
    faults: list[Fault] = []
    needed = ("case_id", "policy", AS_OF, "facts")
    allowed = (*needed, RECORDED_ON)
    for key in document:
        if key not in allowed:
            part = shown(str(key))
            faults.append(Fault(f"{name}: {part}", f"unknown part `{part}`", did_you_mean(part, allowed)))
    for key in needed:
        if key not in document:
            faults.append(Fault(name, f"`{key}` is missing", ONE_CASE))
    case_id, policy = document.get("case_id"), document.get("policy")
    if "case_id" in document and not (isinstance(case_id, str) and ID.fullmatch(case_id) and case_id.strip(".")):
        faults.append(Fault(f"{name}: case_id", f"{_show(case_id)} is not a case id", _id_hint(case_id)))
    if "policy" in document and not isinstance(policy, str):
        faults.append(Fault(f"{name}: policy", f"{_show(policy)} is not one policy", "name one policy"))
    days: dict[str, int] = {}
    for key in (AS_OF, RECORDED_ON):
        if (key == AS_OF and key in document) or document.get(key) is not None:
            try:
                days[key] = _date(document[key]).number
            except ValueError as error:
                faults.append(Fault(f"{name}: {key}", str(error), DATE_HINT))
    if len(days) == 2 and days[RECORDED_ON] < days[AS_OF]:
        message = f"{iso(days[RECORDED_ON])} is before the as-of date {iso(days[AS_OF])}"
        faults.append(Fault(f"{name}: {RECORDED_ON}", message, "the record is drawn up on the day of the answer or later"))
    if "facts" in document and not isinstance(document["facts"], dict):
        faults.append(Fault(f"{name}: facts", f"is {_kind(document['facts'])}, expected names with values"))
    if faults:
        raise InputError(faults)
    return str(case_id), str(policy), days[AS_OF]


def fit_to(document: Any, vocabulary: Vocabulary) -> tuple[Any, dict[str, str]]:
    """A case document reduced to the facts that another policy's vocabulary accepts.

    Returns the document, and the reason for each fact left out.
    """
    left_out: dict[str, str] = {}
    kept: dict[str, Any] = {}
    for name, raw in document["facts"].items():
        fact = vocabulary.recorded.get(name)
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


def make_case(document: Any, vocabulary: Vocabulary, name: str, as_of: int | None = None, step: bool = False) -> Case:
    """The checked case of a document.

    name   file name used in faults
    as_of  another day of the answer, as an ordinal; the document's own day then is the day of the record
    step   also accept facts that the journey sets, which a user's file may not have

    Errors: `InputError` with all faults.
    """
    case_id, policy, day = header(document, name)
    known = vocabulary.facts if step else vocabulary.recorded
    _check_size(document["facts"], known, name)
    facts: dict[str, Any] = {}
    faults: list[Fault] = []
    for fact_name, raw in document["facts"].items():
        where = f"{name}: facts.{shown(str(fact_name))}"
        fact = known.get(fact_name)
        if fact is None:
            hint = fact_hint(str(fact_name), known) if len(faults) < MAX_FAULTS else ""  # no more are told
            faults.append(Fault(where, f"unknown fact `{shown(str(fact_name))}`", hint))
            continue
        if raw is None:
            continue
        try:
            facts[fact_name] = typed_value(fact, raw, vocabulary)
        except ValueError as error:
            faults.append(Fault(where, str(error), hint_for(fact, raw, vocabulary)))
    when, recorded_on = _days(document, day, as_of)
    case = Case(case_id, policy, when, facts, recorded_on)
    faults += faults_of_days(case, vocabulary, name)
    if faults:
        raise InputError(faults)
    return case


def _days(document: Mapping[str, Any], own: int, asked: int | None) -> tuple[int, int | None]:
    """The day of the answer, and the day of the record if later. `own`: the document's `as_of`; `asked`: the user's."""
    record = own if document.get(RECORDED_ON) is None else _date(document[RECORDED_ON]).number
    day = own if asked is None else asked
    return day, record if record > day else None


def _check_size(facts: Mapping[str, Any], known: Mapping[str, Fact], name: str) -> None:
    """Refuses a record with too many occurrences, before they are parsed. Errors: `InputError`."""
    lengths = {n: len(raw) for n, raw in facts.items() if isinstance(raw, list) and n in known and known[n].recurs}
    total = sum(lengths.values())
    if total > MAX_OCCURRENCES_IN_ALL:
        most = max(lengths, key=lambda fact: lengths[fact])
        raise InputError(
            [
                Fault(
                    f"{name}: facts",
                    f"{total:,} dated occurrences are recorded, expected at most {MAX_OCCURRENCES_IN_ALL:,} in one record",
                    f"is it the record of one child? most are of `{most}`: {lengths[most]:,}",
                )
            ]
        )


def faults_of_days(case: Case, vocabulary: Vocabulary, name: str) -> list[Fault]:
    """Faults for impossible days: events before birth, past-only facts dated after the day of the record, two deaths."""
    faults: list[Fault] = []
    recorded = case.record_day
    born = occurrences(case.facts.get(vocabulary.birth))
    for fact_name, value in case.facts.items():
        fact, days = vocabulary.facts[fact_name], occurrences(value)
        where = f"{name}: facts.{fact_name}"
        if fact.past and days and days[-1] > recorded:
            message = f"{iso(days[-1])} is after the day of the record {iso(recorded)}"
            faults.append(Fault(where, message, "correct one of the two dates"))
        if fact.after_birth and days and born and days[0] < born[0]:
            message = f"{iso(days[0])} is before the date of birth {iso(born[0])}"
            faults.append(Fault(where, message, "only a child who has been born can have it: correct one of the two dates"))
        if fact_name == DEATH and len(days) > 1:
            faults.append(Fault(where, TWO_DEATHS.format(iso(days[0]), iso(days[-1])), ONE_DEATH))
    return faults


def with_occurrence(fact: Fact, recorded: Any, value: Any) -> Any:
    """The value of a fact after adding `value`: a day is added to the days of a recurring fact, else it replaces the value."""
    days = occurrences(recorded)
    if not (fact.recurs and isinstance(value, Day) and days):
        return value
    return in_order((*days, value.number))


def in_order(days: Iterable[int]) -> Day | tuple[Day, ...]:
    """Days as a case holds them: a single `Day`, or a tuple sorted and without repeats."""
    found = tuple(Day(day) for day in sorted(set(days)))
    return found if len(found) > 1 else found[0]


# One value --------------------------------------------------------------------------------


def typed_value(fact: Fact, raw: Any, vocabulary: Vocabulary) -> Any:
    """The typed value of a JSON value: `Day`, `Moment`, bool, int, str, or a tuple of these or of records.

    Errors: `ValueError` with what was found and what was expected.
    """
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
    if kind == "event" or fact.recurs:
        return _event(fact, raw)
    if kind == "date":
        return _date(raw)
    if kind == "point":
        return str(_expect(isinstance(raw, str) and vocabulary.has("point", raw), raw, "a transfer point of this policy"))
    if kind == "datetime":
        return _datetime(raw)
    _expect(isinstance(raw, list), raw, "a list")
    _expect(len(raw) <= MAX_LIST, len(raw), f"a list of at most {MAX_LIST}")
    if kind == "list[enum]":
        return tuple(_expect(isinstance(x, str) and x in fact.values, x, "one of " + ", ".join(fact.values)) for x in raw)
    if kind == "list[team]":
        return tuple(_team(x, vocabulary, or_none=False) for x in raw)
    return tuple(_record(fact, x, vocabulary) for x in raw)


def _event(fact: Fact, raw: Any) -> Any:
    """The typed value of a recurring fact: a day, several days in order or, for an event without a known day, a bool."""
    if isinstance(raw, bool) and fact.type == "event":
        return raw
    if not isinstance(raw, list):
        return _date(raw, "a date, true or false" if fact.type == "event" else "a date such as 2024-09-03")
    if not raw:
        raise ValueError("`[]` names no day, expected a date or a list of dates")
    _expect(len(raw) <= MAX_OCCURRENCES, len(raw), f"a list of at most {MAX_OCCURRENCES} days")
    days = [_date(day, "a date such as 2024-09-03, in a list of dates").number for day in raw]
    for before, after in pairwise(days):
        if after == before:
            raise ValueError(f"the list names {iso(after)} twice")
        if after < before:
            raise ValueError(f"{iso(after)} stands after {iso(before)}, which is later")
    return in_order(days)


def _record(fact: Fact, raw: Any, vocabulary: Vocabulary) -> Mapping[str, Any]:
    _expect(isinstance(raw, dict), raw, "an entry with " + ", ".join(name for name, _ in fact.fields))
    types = dict(fact.fields)
    entry: dict[str, Any] = {}
    for key, value in raw.items():
        if key not in types:
            raise ValueError(f"unknown part `{shown(str(key))}`, expected " + ", ".join(types))
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
    """The ordinal of a date written as 2024-09-03. Errors: `ValueError`."""
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


def _datetime(raw: Any) -> Moment:
    _expect(isinstance(raw, str) and bool(_DATETIME.fullmatch(raw)), raw, "a date and time such as 2024-09-06T10:00")
    try:
        moment = datetime.fromisoformat(raw)
    except ValueError:
        raise ValueError(f"{_show(raw)} is no time of the calendar") from None
    if not EARLIEST <= moment.year <= LATEST:
        raise ValueError(f"{_show(raw)} is not between {EARLIEST} and {LATEST}")
    return Moment(moment.toordinal() * MINUTES_A_DAY + moment.hour * 60 + moment.minute)


def _expect(good: bool, raw: Any, wanted: str) -> Any:
    if not good:
        raise ValueError(f"{_show(raw)} is not {wanted}")
    return raw


def hint_for(fact: Fact, raw: Any, vocabulary: Vocabulary) -> str:
    """The hint for a value that can't be used; may be empty."""
    if isinstance(raw, str) and not fact.type.startswith("list"):
        if fact.type == "enum":
            return did_you_mean(raw, fact.values)
        if fact.type == "team":
            return did_you_mean(raw, (code.code for code in vocabulary.codes.get("team", ())))
    if fact.type in ("bool", "event") and raw in ("true", "false"):
        return "it is a text here: take the quotation marks off"
    if raw == [] and fact.recurs:
        return BLANK_HINT + ("; write false if it has not happened" if fact.type == "event" else "")
    if isinstance(raw, list) and fact.recurs:
        return OCCURRENCES_HINT
    if isinstance(raw, list) and fact.type in ("date", "datetime"):
        return "give one date: only what happens, and may happen again, takes a list"
    return BLANK_HINT if raw in ("", "unknown", "?") else ""


def _id_hint(raw: Any) -> str:
    """The hint for an invalid case id. YAML reads an unquoted `12` as a number and `no` as false."""
    if isinstance(raw, int) and not isinstance(raw, bool):
        return f'put it in quotation marks: case_id: "{raw}"'
    if isinstance(raw, bool | float):
        return "put it in quotation marks"
    if isinstance(raw, str) and len(raw) > MAX_ID:
        return f"use at most {MAX_ID} characters"
    return "use letters, digits, `.`, `_` and `-`"


def _kind(raw: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false", int: "a number", float: "a number"}
    return "empty" if raw is None else names.get(type(raw), "something else")


def _show(raw: Any) -> str:
    text = json.dumps(raw, ensure_ascii=False, default=str)
    return f"`{shown(text)}`" if len(text) > MAX_SHOWN or not isinstance(raw, str) else f"`{shown(text.strip(chr(34)))}`"


# Writing a document -----------------------------------------------------------------------


def case_document(case: Case, vocabulary: Vocabulary) -> dict[str, Any]:
    """The document of a case, with facts in the order of the vocabulary. `make_case` reads it back as the same case."""
    facts = {name: written(case.facts[name]) for name in vocabulary.facts if name in case.facts}
    recorded = {} if case.recorded_on is None else {RECORDED_ON: iso(case.recorded_on)}
    return {"case_id": case.case_id, "policy": case.policy, AS_OF: iso(case.as_of), **recorded, "facts": facts}


def written(value: Any) -> Any:
    """A typed value (or a `date` or `datetime`) as JSON data for a case file; None stays None."""
    if isinstance(value, Day):
        return iso(value.number)
    if isinstance(value, Moment):
        return moment_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [written(part) for part in value]
    if isinstance(value, Mapping):
        return {key: written(part) for key, part in value.items() if part is not None}
    return value


def moment_text(value: Moment) -> str:
    """A date and time as in case files: 2024-09-06T10:00."""
    hours, minutes = divmod(value.minutes % MINUTES_A_DAY, 60)
    return f"{iso(value.minutes // MINUTES_A_DAY)}T{hours:02d}:{minutes:02d}"
