"""A case that somebody works on: what the register has of it, keeping what was changed, and notes on an answer.

Whoever works on a case names the last entry that they have seen (`seen`; 0: the child is new to them). A change that rests on
an older state is refused (`Stale`), so that nobody's work is lost in silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from kb.register.schema import MOST_TEXT, answers, children, notes
from kb.register.store import Store, checked_name, checked_text
from queries.decide import Decision
from queries.register.answering import Kept, Told, answer_row, read_answers
from queries.register.change import Entry, add, entries_of, policy_named, refuse_stale
from queries.register.editions import edition_on
from queries.register.history import notes_of
from queries.register.known import Child, Known, find_child, known, version_of


@dataclass(frozen=True)
class Held:
    """What the register has of a child for a day.

    policy   the edition in force on that day
    version  the child's last entry
    entries  the child's entries, oldest first
    """

    known: Known
    policy: str
    version: int
    entries: tuple[Entry, ...]

    @property
    def document(self) -> dict[str, Any]:
        """The case, as a case file has it."""
        return self.known.document(self.policy)


@dataclass(frozen=True, slots=True)
class Noted:
    """A note on an answer. `of_this`: the answer follows from the same facts, day and policy as the one asked about."""

    at: str
    by: str
    text: str
    as_of: str
    team: str | None
    of_this: bool


def held(store: Store, number: str, day: str) -> Held | None:
    """What the register has of a child for a day (ISO); None if it does not have the child. Errors: `InputError`."""
    with store.reading() as connection:
        row = connection.execute(select(children).where(children.c.number == number)).first()
        if row is None:
            return None
        child = Child(row.child, row.number, row.policy)
        code = edition_on(connection, child.policy, day)
        found = known(connection, child, day, policy_named(code).vocabulary)
        return Held(found, code, version_of(connection, child.id), tuple(entries_of(connection, child.id)))


def keep(store: Store, number: str, policy: str, given: Mapping[str, Any], by: str, day: str, seen: int) -> tuple[Known, int]:
    """Records changes for a day on a person's word. Gives what is known now, and the child's last entry.

    policy  the policy that a new child comes under
    Errors: `Stale`, `InputError`; nothing is recorded then.
    """
    added = add(store, number, given, by, day, "the app", policy, seen=seen)
    return added.known, added.version


def note_on(
    store: Store, document: Mapping[str, Any], decision: Decision, told: Told, text: str, by: str, made_by: str, seen: int
) -> int:
    """Keeps a note on the answer that somebody is looking at, and the answer itself if the register does not have it.

    document  the case that was decided, as a case file has it
    told      makes of the decision the answer as it is kept
    made_by   the program with its version
    Gives the child's last entry. Errors: `Stale`, `InputError`; nothing is kept then.
    """
    by, text = checked_name(by), checked_text(text, "note", MOST_TEXT, "what looks wrong")
    answer = {**told(decision), "notes": []}
    with store.writing() as writer:
        child = find_child(writer.connection, str(document["case_id"]))
        refuse_stale(writer.connection, child, seen)
        row = answer_row(child.id, document, decision, answer, made_by)
        there = read_answers(writer.connection, answers.c.child == child.id)
        same = [one.entry for one in there if _is_of(one, document, decision)]
        entry = same[-1] if same else writer.entry(by, "answer", [(answers, row)], child.id)
        return writer.entry(by, "note", [(notes, {"child": child.id, "answer": entry, "text": text})], child.id)


def _is_of(answer: Kept, document: Mapping[str, Any], decision: Decision) -> bool:
    """Whether an answer follows from the same facts on the same day under the same policy."""
    return answer.facts == document and answer.digest == decision.model.program.policy.digest


def noted(store: Store, document: Mapping[str, Any], decision: Decision) -> list[Noted]:
    """The notes on the answers of a child, the newest first. Errors: `InputError`."""
    with store.reading() as connection:
        child = find_child(connection, str(document["case_id"]))
        on = {one.entry: one for one in read_answers(connection, answers.c.child == child.id)}
        return [
            Noted(one.at, one.by, one.text, on[one.answer].as_of, on[one.answer].team, _is_of(on[one.answer], document, decision))
            for one in reversed(notes_of(connection, child))
            if one.answer in on
        ]
