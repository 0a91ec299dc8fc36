"""Recording in the register: children, facts, brothers and sisters, notes, and taking an entry back.

Every change names who made it. One that rests on an older state of the child than there is (`seen`) is refused, with what
changed since.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, or_, select

from kb.case import ID, MAX_ID, hint_for, make_case, parse_day, typed_value
from kb.errors import Fault, InputError, shown
from kb.policy import Policy
from kb.register.chain import new_salt
from kb.register.schema import MOST_SOURCE, MOST_TEXT, answers, children, confirmations, entries, facts, notes
from kb.register.schema import brothers_and_sisters as links
from kb.register.store import Row, Store, Writer, checked_name, checked_text, local
from kb.vocabulary.naming import fact_hint
from queries.load import load_installed
from queries.register.known import (
    PERSON,
    Child,
    Known,
    Recorded,
    find_child,
    not_undone,
    recordings,
    version_of,
    what_counts,
)

MOST_ENTRIES = 2**31 - 1  # what a number of an entry can be, in either database
MOST_AHEAD = 1  # days after today that a fact may speak of: clocks differ
UNDONE_BY_THE_WAY = ("add", "import", "answer", "confirm", "override", "note", "edition", "sibling")
IN_WORDS = {
    "made": "made the register",
    "add": "recorded facts",
    "import": "read from data",
    "answer": "worked out an answer",
    "confirm": "confirmed an answer",
    "override": "overrode an answer",
    "note": "noted something",
    "undo": "took an entry back",
    "edition": "recorded an edition",
    "erase": "erased a child",
}


class Stale(InputError):
    """A change rests on an older state of the child than there is."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the log. `undone_by` is the entry that took it back."""

    seq: int
    at: str
    by: str
    what: str
    reverses: int | None = None
    undone_by: int | None = None


@dataclass(frozen=True)
class Added:
    """What `add` recorded: the entry (None: nothing was new), what was replaced, and what is known now."""

    entry: int | None
    new_child: bool
    replaced: Mapping[str, tuple[Any, Any]]
    known: Known
    version: int


def policy_named(code: str) -> Policy:
    """The installed policy with a code. Errors: `InputError`."""
    return load_installed(code, {}, "--policy").policy


def checked_number(number: str) -> str:
    """A case number that can stand in the register. Errors: `InputError`."""
    if not (ID.fullmatch(number) and number.strip(".")):
        hint = f"use at most {MAX_ID} letters, digits, `.`, `_` and `-`, and never a name"
        raise InputError([Fault("child", f"`{shown(number)}` is not a case number", hint)])
    return number


def checked_day(store: Store, day: str | None, where: str = "--day") -> str:
    """The day that facts speak of (ISO); today if none is named. Errors: `InputError` for a day that is still to come."""
    today = store.clock().astimezone().date()
    if day is None:
        return today.isoformat()
    try:
        number = parse_day(day)
    except ValueError as error:
        raise InputError([Fault(where, str(error), "write the date as 2024-09-03")]) from None
    if number > (today + timedelta(days=MOST_AHEAD)).toordinal():
        raise InputError(
            [Fault(where, f"{day} is still to come", "facts speak of today or an earlier day; plans have dates of their own")]
        )
    return date.fromordinal(number).isoformat()


def checked_facts(given: Mapping[str, Any], policy: Policy) -> None:
    """Errors: `InputError`, all faults, for facts that the policy has not and values that are none."""
    vocabulary, faults = policy.vocabulary, []
    for name, value in given.items():
        fact = vocabulary.recorded.get(name)
        if fact is None:
            faults.append(Fault("facts", f"unknown fact `{shown(name)}`", fact_hint(name, vocabulary.recorded)))
            continue
        try:
            if value is not None:
                typed_value(fact, value, vocabulary)
        except ValueError as error:
            faults.append(Fault(f"facts.{name}", str(error), hint_for(fact, value, vocabulary)))
    if faults:
        raise InputError(faults)


def refuse_stale(connection: Connection, child: Child, seen: int | None) -> None:
    """Errors: `Stale` if anything was recorded about the child after the entry `seen`, with what; `InputError` for no entry."""
    if seen is None or seen == (version := version_of(connection, child.id)):
        return
    if seen > version:
        raise InputError([Fault("--seen", f"there is no entry {seen} about {child.number}", f"its last entry is {version}")])
    since = entries_of(connection, child.id, after=seen)
    told = "; ".join(f"{one.seq}: {one.by} {IN_WORDS[one.what]}, {local(one.at):%d %B %Y %H:%M}" for one in since[:10])
    hint = f"look at it again (whichteam register history {child.number}), then use --seen {since[-1].seq}"
    raise Stale([Fault(child.number, f"was changed since you looked at it: {told}", hint)])


def entries_of(connection: Connection, child: int, after: int = 0, before: str | None = None) -> list[Entry]:
    """The entries about a child, oldest first; with `before`, as they stood at that moment."""
    asked = select(entries).where(entries.c.child == child, entries.c.seq > after).order_by(entries.c.seq)
    if before is not None:
        asked = asked.where(entries.c.at < before)
    found = connection.execute(asked).all()
    undone = {row.reverses: row.seq for row in found if row.reverses is not None}
    return [Entry(row.seq, row.at, row.by, row.what, row.reverses, undone.get(row.seq)) for row in found]


# Facts ---------------------------------------------------------------------------------------


def add(
    store: Store,
    number: str,
    given: Mapping[str, Any],
    by: str,
    day: str | None = None,
    source: str | None = None,
    policy: str | None = None,
    further: Mapping[str, str] | None = None,
    brothers_and_sisters: Sequence[str] = (),
    seen: int | None = None,
) -> Added:
    """Records facts about a child on somebody's word, and the child itself if it is new.

    given    values by fact, as in a case file; None records that it is not known
    day      the day that the facts speak of (ISO); None: today
    policy   for a new child: the code of its policy
    further  days by event, each added to the days that are on record
    seen     the child's last entry that the person has seen; 0: the person takes the child to be new
    Errors: `InputError`; nothing is recorded then.
    """
    by, number = checked_name(by), checked_number(number)
    day = checked_day(store, day)
    source = checked_text(source or "a person's word", "--source", MOST_SOURCE, "where the facts come from")
    _load_policy_of(store, number, policy)
    with store.writing() as writer:
        child, new = _child(writer, number, policy)
        if new is None:
            refuse_stale(writer.connection, child, seen)
        elif seen:
            raise InputError([Fault(number, "is no longer in the register: it was erased", "ask whoever runs the register")])
        loaded = policy_named(child.policy)
        before = recordings(writer.connection, child.id) if new is None else []
        earlier = what_counts(before, child, day, loaded.vocabulary)
        values = {**given, **_with_further(earlier, further or {}, loaded)}
        checked_facts(values, loaded)
        changed = {name: value for name, value in values.items() if _says_more(earlier, name, value)}
        added = [Recorded(writer.next, name, value, day, PERSON, source, writer.at, by) for name, value in changed.items()]
        after = what_counts([*before, *added], child, day, loaded.vocabulary)
        make_case(after.document(), loaded.vocabulary, number)
        linked = [row for other in brothers_and_sisters for row in _linked(writer.connection, child, other)]
        rows = [*(new or ()), *((facts, fact_row(child, one)) for one in added), *linked]
        replaced = {name: (earlier.facts[name].value, value) for name, value in changed.items() if name in earlier.facts}
        entry = writer.entry(by, "add", rows, child.id) if rows else None
        return Added(entry, new is not None, replaced, after, entry or version_of(writer.connection, child.id))


def _load_policy_of(store: Store, number: str, policy: str | None) -> None:
    """Loads the policy of a child before others are kept waiting. Errors: `InputError`."""
    with store.reading() as connection:
        code = connection.execute(select(children.c.policy).where(children.c.number == number)).scalar() or policy
    if code is not None:
        policy_named(code)


def _child(writer: Writer, number: str, policy: str | None) -> tuple[Child, list[tuple[Any, Row]] | None]:
    """The child with a number, and for a new one the row that adds it. Errors: `InputError`."""
    found = writer.connection.execute(select(children).where(children.c.number == number)).first()
    if found is not None:
        if policy is not None and policy != found.policy:
            message = f"comes under `{found.policy}`, not `{shown(policy)}`"
            raise InputError([Fault(number, message, "leave --policy out; answer takes --policy for an answer under another")])
        return Child(found.child, found.number, found.policy), None
    if policy is None:
        raise InputError([Fault(number, "is new in the register, and its policy is not named", "add --policy POLICY")])
    code = policy_named(policy).code
    return new_child(writer, number, code)


def new_child(writer: Writer, number: str, policy: str) -> tuple[Child, list[tuple[Any, Row]]]:
    """A new child, and the row that adds it with the next entry."""
    child = Child(writer.next, number, policy)
    return child, [(children, {"child": child.id, "number": number, "policy": policy, "salt": new_salt()})]


def _with_further(earlier: Known, further: Mapping[str, str], policy: Policy) -> dict[str, Any]:
    """Events with a day added to those on record. Errors: `InputError`."""
    found: dict[str, Any] = {}
    for name, day in further.items():
        fact = policy.vocabulary.recorded.get(name)
        if fact is None or not fact.recurs:
            hint = fact_hint(name, policy.vocabulary.recorded) if fact is None else "write NAME=VALUE"
            raise InputError([Fault("facts", f"`{shown(name)}` is nothing that happens again", hint)])
        before = earlier.values.get(name)
        days = before if isinstance(before, list) else [before] if isinstance(before, str) else []
        together = sorted({*days, day})
        found[name] = together if len(together) > 1 else day
    return found


def _says_more(earlier: Known, name: str, value: Any) -> bool:
    """Whether a person's word adds anything: another value, the word of a person in place of data, or a later day."""
    there = earlier.facts.get(name)
    if there is None:
        return True
    return there.value != value or there.origin != PERSON or (value is False and there.day < earlier.as_of)


def fact_row(child: Child, one: Recorded) -> Row:
    """A recording as a row of the table."""
    value = json.dumps(one.value, ensure_ascii=False, sort_keys=True)
    return {"child": child.id, "fact": one.fact, "value": value, "day": one.day, "origin": one.origin, "source": one.source}


def _linked(connection: Connection, child: Child, other: str) -> list[tuple[Any, Row]]:
    """The row that links a brother or sister, unless they are linked. Errors: `InputError`."""
    sibling = find_child(connection, other)
    if sibling.id == child.id:
        raise InputError([Fault("--sibling", f"`{shown(other)}` is the child itself", "name a brother or sister")])
    if sibling.id in siblings_of(connection, child.id):
        return []
    return [(links, {"child": child.id, "sibling": sibling.id})]


def siblings_of(connection: Connection, child: int) -> list[int]:
    """The brothers and sisters of a child, by their own numbers: of links that count, either way."""
    asked = select(links.c.child, links.c.sibling).where(
        or_(links.c.child == child, links.c.sibling == child), not_undone(links.c.entry)
    )
    return sorted({b if a == child else a for a, b in connection.execute(asked)})


# Notes and taking back -----------------------------------------------------------------------


def note(store: Store, number: str, text: str, by: str, answer: int | None = None, seen: int | None = None) -> int:
    """Keeps a note about a child, or about one of its answers; gives the number of the entry. Errors: `InputError`."""
    by, text = checked_name(by), checked_text(text, "note", MOST_TEXT, "the note")
    with store.writing() as writer:
        child = find_child(writer.connection, number)
        refuse_stale(writer.connection, child, seen)
        if answer is not None:
            check_answer(writer.connection, child, answer)
        return writer.entry(by, "note", [(notes, {"child": child.id, "answer": answer, "text": text})], child.id)


def check_answer(connection: Connection, child: Child, answer: int) -> None:
    """Errors: `InputError` unless an entry is an answer about a child that was not taken back."""
    asked = select(answers.c.entry).where(answers.c.child == child.id, answers.c.entry == answer, not_undone(answers.c.entry))
    if not 1 <= answer <= MOST_ENTRIES or connection.execute(asked).first() is None:
        hint = f"whichteam register history {child.number} lists its answers"
        raise InputError([Fault("--answer", f"{answer} is no answer about `{child.number}` that counts", hint)])


def undo(store: Store, entry: int, by: str) -> Entry:
    """Takes an entry back by an entry of its own; both stay in the log. Gives the entry taken back. Errors: `InputError`."""
    by = checked_name(by)
    with store.writing() as writer:
        row = None
        if 1 <= entry <= MOST_ENTRIES:
            row = writer.connection.execute(select(entries).where(entries.c.seq == entry)).first()
        if row is None:
            raise InputError([Fault("undo", f"there is no entry {entry}", "whichteam register history CHILD shows the numbers")])
        if row.what in ("made", "undo", "erase"):
            hint = {"undo": "do it again instead", "erase": "what is erased is gone; a backup may have it"}.get(row.what, "")
            raise InputError([Fault("undo", f"entry {entry} {IN_WORDS[row.what]}, which can't be taken back", hint)])
        by_whom = writer.connection.execute(select(entries).where(entries.c.reverses == entry)).first()
        if by_whom is not None:
            raise InputError([Fault("undo", f"entry {entry} was taken back already, by {by_whom.by} (entry {by_whom.seq})")])
        _check_nothing_rests_on(writer.connection, entry)
        writer.entry(by, "undo", child=row.child, reverses=entry)
        return Entry(row.seq, row.at, row.by, row.what)


def _check_nothing_rests_on(connection: Connection, answer: int) -> None:
    """Errors: `InputError` if somebody confirmed or overrode an answer that is to be taken back."""
    asked = (
        select(entries.c.seq, entries.c.by, entries.c.what)
        .join(confirmations, confirmations.c.entry == entries.c.seq)
        .where(confirmations.c.answer == answer, not_undone(entries.c.seq))
    )
    found = connection.execute(asked).first()
    if found is not None:
        message = f"{found.by} {IN_WORDS[found.what]} (entry {found.seq}) that rests on entry {answer}"
        raise InputError([Fault("undo", message, f"take that back first: whichteam register undo {found.seq}")])
