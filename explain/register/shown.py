"""How the register's facts, answers and entries are put in words and printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from rich.markup import escape

from explain.answer import contradictions, headline, parts
from explain.terminal import console, print_lines
from explain.values import value_words
from explain.words import ADVICE
from kb.case import typed_value
from kb.dates import in_words
from kb.errors import Fault, InputError
from kb.register.store import local
from kb.space.parts import number_of
from kb.vocabulary.model import Vocabulary
from queries.decide import Decision
from queries.register.known import Known, Recorded

KINDS = ("team", "outcome", "answer")


def print_text(lines: Iterable[str]) -> None:
    """Prints lines as they are, wrapped to the terminal."""
    for line in lines:
        console.print(escape(line), soft_wrap=not console.is_terminal)


def print_answer(decision: Decision) -> None:
    """Prints an answer in words, with the policy that it follows from."""
    policy = decision.model.program.policy
    console.print(f"[bold]{escape(headline(decision))}[/bold]")
    console.print(f"[dim]{escape(policy.name)}, {escape(policy.document)} ({escape(policy.version)})[/dim]")
    for line in contradictions(decision):
        console.print(f"[bold]{escape(line)}[/bold]")
    for part in parts(decision):
        console.print(f"\n[bold]{escape(part.title)}[/bold]")
        print_lines(part.lines)
    console.print(f"\n[dim]{ADVICE}[/dim]")


def readings_of(items: Iterable[str]) -> dict[str, str]:
    """Readings given as READING=VALUE. Errors: `InputError`."""
    found: dict[str, str] = {}
    for item in items:
        name, _, value = (part.strip() for part in item.partition("="))
        if not name or not value:
            raise InputError([Fault("--set", f"`{item}` is not READING=VALUE", "write both, with = between them")])
        found[name] = value
    return found


def when(at: str) -> str:
    """A moment of the register in local time: 3 September 2024, 14:05."""
    found = local(at)
    return f"{in_words(found.toordinal())}, {found:%H:%M}"


def day_words(day: str | None) -> str:
    return "no day known" if day is None else in_words(date.fromisoformat(day).toordinal())


def team_name(vocabulary: Vocabulary, code: str | None) -> str:
    """The name of a team or outcome; a code that this edition has not is told as it is."""
    if code is None:
        return "no team"
    return next((vocabulary.label(kind, code) for kind in KINDS if vocabulary.has(kind, code)), code.replace("_", " "))


def value_text(vocabulary: Vocabulary, name: str, value: Any) -> str:
    """A recorded value in words; one that this edition can't have is told as it is."""
    fact = vocabulary.facts.get(name)
    if value is None:
        return "not recorded"
    if fact is None:
        return str(value)
    try:
        typed = typed_value(fact, value, vocabulary)
    except ValueError:
        return str(value)
    number = number_of(typed)
    return value_words(fact, typed, number, number, vocabulary)


def label(vocabulary: Vocabulary, name: str) -> str:
    return vocabulary.facts[name].label if name in vocabulary.facts else name.replace("_", " ")


def fact_line(vocabulary: Vocabulary, one: Recorded) -> str:
    """A recorded fact with its day, who recorded it, when and from where."""
    what = "not known" if one.value is None else value_text(vocabulary, one.fact, one.value)
    by = one.by if one.origin == "person" else f"import by {one.by}"
    return (
        f"{label(vocabulary, one.fact)}: {what} (for {day_words(one.day)}; {by}, {when(one.at)}, entry {one.entry}; {one.source})"
    )


def disputes(known: Known, vocabulary: Vocabulary) -> list[str]:
    """What data say otherwise than people did, with both."""
    return [
        f"{label(vocabulary, name)}: {known.facts[name].by} recorded {_said(vocabulary, known.facts[name])}, and that stands; "
        f"{other.source} says {_said(vocabulary, other)}."
        for name, other in known.disputed.items()
    ]


def _said(vocabulary: Vocabulary, one: Recorded) -> str:
    return "that it is not known" if one.value is None else value_text(vocabulary, one.fact, one.value)


def answer_line(vocabulary: Vocabulary, told: Mapping[str, Any], team_code: str | None) -> str:
    """A kept answer in one sentence."""
    on = day_words(told["as_of"])
    if told["status"] == "decided":
        return f"On {on}: {team_name(vocabulary, team_code)}."
    possible = " or ".join(team_name(vocabulary, code) for code in told["possible_teams"])
    status = vocabulary.label("status", told["status"])
    return f"On {on}: {status}{f' ({possible})' if possible else ''}."


def move_text(vocabulary: Vocabulary, move: Mapping[str, Any] | None) -> str:
    """A transfer in words."""
    if move is None:
        return "none"
    day = f", {day_words(move['on'])}" if move["on"] else ""
    status = vocabulary.label("move_status", move["status"])
    point = (
        vocabulary.label("point", move["point"]) if vocabulary.has("point", move["point"]) else move["point"].replace("_", " ")
    )
    return f"{team_name(vocabulary, move['from'])} to {team_name(vocabulary, move['to'])} at {point}{day} ({status})"
