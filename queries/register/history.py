"""A child's history: entries, answers with what changed between them and why, and what was known when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from kb.register.schema import answers, children, confirmations, entries, notes
from kb.register.store import Store, end_of
from queries.register.answering import Decided, Kept, decisions_on, kept
from queries.register.change import Entry, checked_day, entries_of, policy_named, siblings_of
from queries.register.known import Child, Known, find_child, known, not_undone

#: Parts of an answer whose change is told.
PARTS = ("status", "responsible_team", "possible_teams", "transfer", "blocked_by", "deadlines", "duties")


@dataclass(frozen=True, slots=True)
class Changed:
    """What changed from one answer to the next.

    parts   the parts of the answer, each before and after
    facts   the facts used, each before and after (None: not recorded)
    other   what else differs: the day, the policy's files, settings, the program
    """

    parts: dict[str, tuple[Any, Any]]
    facts: dict[str, tuple[Any, Any]]
    other: dict[str, tuple[Any, Any]]


@dataclass(frozen=True)
class Told:
    """An answer with what changed since the one before, and what people decided about it."""

    answer: Kept
    changed: Changed | None
    decided: tuple[Decided, ...]


@dataclass(frozen=True, slots=True)
class Note:
    entry: int
    at: str
    by: str
    answer: int | None
    text: str


@dataclass(frozen=True)
class History:
    """All that the register has of a child; with a day asked about, as it stood at the end of that day."""

    child: Child
    siblings: tuple[str, ...]
    known: Known
    answers: tuple[Told, ...]
    notes: tuple[Note, ...]
    entries: tuple[Entry, ...]
    version: int


def history(store: Store, number: str, on: str | None = None) -> History:
    """The history of a child; with `on` (ISO) what was known, answered and decided at the end of that day.

    Errors: `InputError`.
    """
    day = checked_day(store, on, "--on")
    before = None if on is None else end_of(day)
    with store.reading() as connection:
        child = find_child(connection, number)
        vocabulary = policy_named(child.policy).vocabulary
        found = entries_of(connection, child.id, before=before)
        told = _answers(connection, child, before)
        return History(
            child,
            tuple(_numbers(connection, siblings_of(connection, child.id))),
            known(connection, child, day, vocabulary, before),
            tuple(told),
            tuple(notes_of(connection, child, before)),
            tuple(found),
            found[-1].seq if found else 0,
        )


def _numbers(connection: Connection, ids: Sequence[int]) -> list[str]:
    return list(
        connection.execute(select(children.c.number).where(children.c.child.in_(ids)).order_by(children.c.number)).scalars()
    )


def _answers(connection: Connection, child: Child, before: str | None) -> list[Told]:
    asked = (
        select(answers, entries.c.at, entries.c.by)
        .join(entries, entries.c.seq == answers.c.entry)
        .where(answers.c.child == child.id, not_undone(answers.c.entry, before))
        .order_by(answers.c.entry)
    )
    if before is not None:
        asked = asked.where(entries.c.at < before)
    found = [kept(row) for row in connection.execute(asked)]
    decided = decisions_on(connection, confirmations.c.child == child.id, before)
    return [
        Told(one, None if last is None else changes(last, one), tuple(d for d in decided if d.answer == one.entry))
        for last, one in zip([None, *found], found)
    ]


def changes(before: Kept, after: Kept) -> Changed:
    """What changed from one answer to another, and in what they rest on."""
    was, now = before.facts["facts"], after.facts["facts"]
    facts = {name: (was.get(name), now.get(name)) for name in dict.fromkeys([*was, *now]) if was.get(name) != now.get(name)}
    parts = {name: (before.told[name], after.told[name]) for name in PARTS if before.told[name] != after.told[name]}
    others = ("as_of", "policy", "version", "digest", "settings", "program")
    other = {name: (getattr(before, name), getattr(after, name)) for name in others}
    return Changed(parts, facts, {name: pair for name, pair in other.items() if pair[0] != pair[1]})


def notes_of(connection: Connection, child: Child, before: str | None = None) -> list[Note]:
    """The notes about a child that count, oldest first; with `before` those of that moment."""
    asked = (
        select(notes, entries.c.at, entries.c.by)
        .join(entries, entries.c.seq == notes.c.entry)
        .where(notes.c.child == child.id, not_undone(notes.c.entry, before))
        .order_by(notes.c.entry)
    )
    if before is not None:
        asked = asked.where(entries.c.at < before)
    return [Note(r.entry, r.at, r.by, r.answer, r.text) for r in connection.execute(asked)]
