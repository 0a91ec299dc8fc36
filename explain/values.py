"""Values of facts, and ranges of days or numbers, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from explain.words import moment_in_words, recorded
from kb.case import NO_TEAM_ON_RECORD, Day, Moment
from kb.dates import in_words
from kb.space.parts import number_of
from kb.vocabulary.model import Fact, Vocabulary

VALUE = "{Value}"  # placeholder in a fact's texts


def value_words(fact: Fact, value: Any, first: int | None, last: int | None, vocabulary: Vocabulary, any_: bool = False) -> str:
    """A value or, for days and numbers, the range it stands for.

    `first` and `last` are ordinals, minutes or numbers, by the type of the value; None for an open end.
    `any_`: any value will do.
    """
    if fact.type == "event" and isinstance(value, bool):
        return "it happened, on a day not recorded" if value else "it has not happened"
    number = number_of(value)
    if number is not None:
        say = in_words if isinstance(value, Day) else moment_in_words if isinstance(value, Moment) else str
        if first is not None and first == last:
            return say(number)
        if first is not None and last is not None:
            return f"from {say(first)} to {say(last)}"
        if first is not None:
            return f"{say(first)} or later" if isinstance(value, Day) else f"{say(first)} or more"
        if last is not None:
            return f"{say(last)} or earlier" if isinstance(value, Day) else f"{say(last)} or less"
        return "any day" if isinstance(value, Day) and any_ else "any" if any_ else say(number)
    if fact.type == "team":
        return _team_words(value, vocabulary)
    if isinstance(value, tuple) and value and not fact.recurs:
        return "; ".join(_entry_words(fact, entry, vocabulary) for entry in value)
    return recorded(value)


def _team_words(value: Any, vocabulary: Vocabulary) -> str:
    if value == NO_TEAM_ON_RECORD:
        return "no team"
    return next((vocabulary.label(kind, value) for kind in ("team", "outcome") if vocabulary.has(kind, value)), recorded(value))


def _entry_words(fact: Fact, entry: Any, vocabulary: Vocabulary) -> str:
    """An entry of a list: a code by name, a record with each of its fields."""
    if not isinstance(entry, Mapping):
        return _team_words(entry, vocabulary)
    types = dict(fact.fields)
    parts = [
        _team_words(part, vocabulary) if types[name] == "team" else f"{name.replace('_', ' ')} {recorded(part)}"
        for name, part in entry.items()
    ]
    return ", ".join(parts) or "an entry that says nothing more"


def as_recorded(fact: Fact, value: Any, vocabulary: Vocabulary) -> str:
    """A fact with a value as a clause."""
    if isinstance(value, bool):
        return fact.true if value else fact.false
    if value == () and VALUE not in fact.true:
        return fact.false
    number = number_of(value)
    words = value_words(fact, value, number, number, vocabulary)
    if VALUE in fact.true:
        return fact.true.replace(VALUE, words)
    return f"{fact.true} on {words}" if number is not None else f"{fact.true} ({words})"
