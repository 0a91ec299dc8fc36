"""What was known of a child: for a day, at a moment.

A fact stands in the register with two times: the day that it speaks of, and the moment at which it was recorded. What was
known on some day is what had been recorded by its end, less what had been undone by then. Of several recordings of a fact
one is used:

- what a person recorded comes before what was read from data, whatever the days: an import changes nothing that people said;
- then the latest day that is not after the day asked about, or, if all are after it, the earliest of them;
  of what happens on days of its own (events) and what holds for life (traits) the latest day at all;
- then the latest recording.

Source: law of time 1 (`tests/laws/time.py`); `docs/reference/case-and-decision.md` (types of facts, `recorded_on`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import aliased

from kb.case import AS_OF, RECORDED_ON
from kb.errors import Fault, InputError, did_you_mean, shown
from kb.register.schema import children, entries, facts
from kb.vocabulary.model import Vocabulary

PERSON, IMPORT = "person", "import"
MOST_NEAR = 2_000  # case numbers among which a like one is looked for


@dataclass(frozen=True, slots=True)
class Child:
    """A child of the register: its own number there, the council's case number, and the policy it comes under."""

    id: int
    number: str
    policy: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """A fact as it was recorded. `value` is as in a case file, None for "not known"; days and moments are ISO texts."""

    entry: int
    fact: str
    value: Any
    day: str
    origin: str
    source: str
    at: str
    by: str

    @property
    def text(self) -> str:
        return json.dumps(self.value, ensure_ascii=False, sort_keys=True)


@dataclass(frozen=True)
class Known:
    """What is known of a child for a day.

    facts       what counts, by fact, in the order of the vocabulary; values may be None (recorded as not known)
    disputed    what data say of a fact about which a person said something else, by fact
    """

    child: Child
    as_of: str
    facts: Mapping[str, Recorded]
    disputed: Mapping[str, Recorded]

    @property
    def recorded_on(self) -> str | None:
        """The day of the record, if it is later than the day asked about."""
        latest = max((one.day for one in self.facts.values() if one.value is not None), default="")
        return latest if latest > self.as_of else None

    @property
    def values(self) -> dict[str, Any]:
        return {name: one.value for name, one in self.facts.items() if one.value is not None}

    def document(self, policy: str | None = None) -> dict[str, Any]:
        """The case, as a case file has it."""
        recorded = {} if self.recorded_on is None else {RECORDED_ON: self.recorded_on}
        head = {"case_id": self.child.number, "policy": policy or self.child.policy, AS_OF: self.as_of}
        return {**head, **recorded, "facts": self.values}

    def said_earlier(self, vocabulary: Vocabulary) -> list[Recorded]:
        """What was recorded as not having happened for an earlier day, and is taken as still so."""
        found = [one for one in self.facts.values() if one.value is False and one.day < self.as_of]
        return [one for one in found if one.fact in vocabulary.facts and vocabulary.facts[one.fact].recurs]


def find_child(connection: Connection, number: str) -> Child:
    """The child with a case number. Errors: `InputError`."""
    row = connection.execute(
        select(children.c.child, children.c.number, children.c.policy).where(children.c.number == number)
    ).first()
    if row is None:
        near = [n for (n,) in connection.execute(select(children.c.number).order_by(children.c.child.desc()).limit(MOST_NEAR))]
        hint = did_you_mean(number, near) or "whichteam register search lists the children"
        raise InputError([Fault("child", f"there is no child `{shown(number)}` in the register", hint)])
    return Child(row.child, row.number, row.policy)


def version_of(connection: Connection, child: int) -> int:
    """The number of the last entry about a child: it tells whether anything changed since somebody looked."""
    newest = select(entries.c.seq).where(entries.c.child == child).order_by(entries.c.seq.desc()).limit(1)
    return int(connection.execute(newest).scalar_one())


def recordings(connection: Connection, child: int, before: str | None = None) -> list[Recorded]:
    """Every recording of a fact about a child that counts, oldest first; with `before` what counted at that moment."""
    asked = _counting(before).where(facts.c.child == child).order_by(facts.c.entry, facts.c.n)
    return [_recorded(row) for row in connection.execute(asked)]


def of_many(connection: Connection, first: int, last: int) -> dict[int, list[Recorded]]:
    """The same for the children from one number to another, by child."""
    asked = _counting(None).where(facts.c.child.between(first, last)).order_by(facts.c.entry, facts.c.n)
    found: dict[int, list[Recorded]] = {}
    for row in connection.execute(asked):
        found.setdefault(row.child, []).append(_recorded(row))
    return found


def _counting(before: str | None) -> Any:
    """An SQL query for the recordings that count (at a moment)."""
    asked = (
        select(facts, entries.c.at, entries.c.by)
        .join(entries, entries.c.seq == facts.c.entry)
        .where(not_undone(facts.c.entry, before))
    )
    return asked if before is None else asked.where(entries.c.at < before)


def _recorded(row: Any) -> Recorded:
    return Recorded(row.entry, row.fact, json.loads(row.value), row.day, row.origin, row.source, row.at, row.by)


def not_undone(entry: Any, before: str | None = None) -> Any:
    """An SQL condition: nothing undid an entry (before a moment)."""
    undo = aliased(entries)
    reversing = select(undo.c.seq).where(undo.c.reverses == entry)
    if before is not None:
        reversing = reversing.where(undo.c.at < before)
    return ~reversing.correlate_except(undo).exists()


def what_counts(recorded: Iterable[Recorded], child: Child, as_of: str, vocabulary: Vocabulary) -> Known:
    """What is known for a day from all that was recorded."""
    by_fact: dict[str, list[Recorded]] = {}
    for one in recorded:
        by_fact.setdefault(one.fact, []).append(one)
    order = [name for name in vocabulary.facts if name in by_fact]
    order += [name for name in by_fact if name not in vocabulary.facts]  # of another edition's vocabulary
    chosen: dict[str, Recorded] = {}
    disputed: dict[str, Recorded] = {}
    for name in order:
        lasting = name in vocabulary.facts and (vocabulary.facts[name].recurs or vocabulary.facts[name].time == "trait")
        said = [one for one in by_fact[name] if one.origin == PERSON]
        read = [one for one in by_fact[name] if one.origin == IMPORT]
        chosen[name] = _chosen(said or read, as_of, lasting)
        if said and read and _chosen(read, as_of, lasting).value != chosen[name].value:
            disputed[name] = _chosen(read, as_of, lasting)
    return Known(child, as_of, chosen, disputed)


def _chosen(recorded: Sequence[Recorded], as_of: str, lasting: bool) -> Recorded:
    by_then = [one for one in recorded if one.day <= as_of or lasting]
    if by_then:
        return max(by_then, key=lambda one: (one.day, one.entry))
    return max(recorded, key=lambda one: (-date.fromisoformat(one.day).toordinal(), one.entry))


def known(connection: Connection, child: Child, as_of: str, vocabulary: Vocabulary, before: str | None = None) -> Known:
    """What is known of a child for a day; with `before`, what was known at that moment."""
    return what_counts(recordings(connection, child.id, before), child, as_of, vocabulary)
