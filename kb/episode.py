"""The start of the present episode and of spells, and recorded days that can't be right. Days are ordinals.

An episode runs from the contact that opened the case to its closing. Anything older than the episode is history.
Source: laws of time 4, 9 and 12 (`tests/laws/time.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from kb.carried import DEATH, HOLDER, INVOLVEMENTS, SINCE
from kb.case import NO_TEAM_ON_RECORD, Case, Day, occurrences
from kb.vocabulary.model import Fact, Vocabulary


@dataclass(frozen=True, slots=True)
class Misdated:
    """An occurrence whose day can't be right: `fact` on `day` is dated before the event that it presupposes."""

    fact: str
    day: int
    presupposes: str


@dataclass(frozen=True)
class Episode:
    """An episode of a case.

    start        first day; None if the record shows nothing older
    enters_from  day after the last closing before it; events that open a case from outside count from this day on
    misdated     occurrences that are left out because their day can't be right
    """

    start: int | None
    enters_from: int | None
    misdated: tuple[Misdated, ...] = ()

    def holds(self, fact: Fact, day: int) -> bool:
        """Whether an occurrence belongs to the episode."""
        start = self.enters_from if fact.episode == "enters" else self.start
        return start is None or day >= start


def of_the_record(case: Case, vocabulary: Vocabulary) -> list[str]:
    """The recorded facts that speak of the day of the record only, other than the team on record and what it involves."""
    return [n for n in case.facts if vocabulary.facts[n].time == "record" and n not in (HOLDER, SINCE, INVOLVEMENTS)]


def closings(case: Case, vocabulary: Vocabulary) -> tuple[int, ...]:
    """The recorded days on which the case was closed, oldest first."""
    days = {day for name in vocabulary.of_episode("ends") for day in occurrences(case.facts.get(name))}
    return tuple(sorted(days | set(earlier_closings(case))))


def earlier_closings(case: Case) -> tuple[int, ...]:
    """The days on which earlier teams closed the case."""
    entries = case.facts.get(INVOLVEMENTS) or ()
    return tuple(sorted(e["closed_on"].number for e in entries if isinstance(e.get("closed_on"), Day)))


def taken_over(case: Case) -> int | None:
    """The day on which the team on record took over; None if not recorded. A closing by that day ended an earlier episode."""
    days = occurrences(case.facts.get(SINCE))
    return days[0] if days and case.facts.get(HOLDER) != NO_TEAM_ON_RECORD else None


def undated_before(case: Case) -> bool:
    """Whether the record shows an earlier closing without a day."""
    return any(not isinstance(e.get("closed_on"), Day) for e in case.facts.get(INVOLVEMENTS) or ())


def something_earlier(case: Case, episode: Episode, vocabulary: Vocabulary) -> bool:
    """Whether the record shows anything older than the episode: a closing, an earlier team, or an event."""
    start = episode.start
    before = start is not None and any(
        day < start for name, value in case.facts.items() if vocabulary.facts[name].recurs for day in occurrences(value)
    )
    return bool(before or case.facts.get(INVOLVEMENTS))


def never_known_before(case: Case) -> bool:
    """Whether the record says that no team had the child before."""
    return case.facts.get(INVOLVEMENTS) == ()


def opening_contact(case: Case, vocabulary: Vocabulary, by: int, at_the_front_door: bool) -> int | None:
    """The day of the contact that opened the case; None if there is none.

    Contacts up to the day `by` and after the last closing count. Of these it is the last one that a threshold decision, an
    acceptance or an assessment followed. If none was followed, the last contact opened the case only if the child is
    `at_the_front_door`: a contact about a child whose case is open does not begin an episode.
    """
    contacts = [day for name in vocabulary.of_episode("opens") for day in occurrences(case.facts.get(name)) if day <= by]
    ended = [day for day in closings(case, vocabulary) if contacts and day < max(contacts)]
    contacts = sorted(day for day in contacts if not ended or day >= ended[-1])
    confirming = [day for name in vocabulary.of_episode("confirms") for day in occurrences(case.facts.get(name))]
    limits = [*contacts[1:], None]
    for contact, following in reversed(list(zip(contacts, limits))):
        if any(contact <= day <= case.record_day and (following is None or day < following) for day in confirming):
            return contact
    return contacts[-1] if contacts and at_the_front_door else None


def first_episode(case: Case, vocabulary: Vocabulary, by: int, at_the_front_door: bool, ended: int | None = None) -> Episode:
    """The episode on the day `by`. `ended`: last day of an earlier episode that a move of the journey closed.

    A contact on the day on which an earlier team closed the case opens it again.
    """
    contact = opening_contact(case, vocabulary, by, at_the_front_door)
    limit = by if contact is None else min(by, contact)
    own = [*(day for day in _ended(case, vocabulary) if day <= limit), *([] if ended is None else [ended])]
    last = max([*own, *(day for day in earlier_closings(case) if day <= limit)], default=None)
    again = contact is not None and contact == last and last not in own
    start = contact
    if last is not None and not again and (start is None or start <= last):
        start = last + 1
    enters_from = None if last is None else last if again else last + 1
    if start is not None and enters_from is None and contact is None:
        enters_from = start
    return Episode(start, enters_from, misdated(case, vocabulary, start))


def _ended(case: Case, vocabulary: Vocabulary) -> list[int]:
    """The closings that ended an earlier episode, as events followed that only an open case has."""
    days = (day for name in vocabulary.of_episode("ends") for day in occurrences(case.facts.get(name)))
    return [day for day in days if last_open_day(case, vocabulary) > day]


def last_open_day(case: Case, vocabulary: Vocabulary, by: int | None = None) -> int:
    """The last day, up to `by` (else the day of the record), of an event that only an open case has; 0 if there is none.

    A death is none: it may come after the case was closed.
    """
    limit = case.record_day if by is None else by
    days = [
        day
        for name, value in case.facts.items()
        if vocabulary.facts[name].recurs and vocabulary.facts[name].episode != "ends" and name != DEATH
        for day in occurrences(value)
        if day <= limit
    ]
    return max(days, default=0)


def misdated(case: Case, vocabulary: Vocabulary, start: int | None) -> tuple[Misdated, ...]:
    """The occurrences dated before all events that they presuppose and not explained by an earlier episode, in order of facts."""
    found: list[Misdated] = []
    for name, fact in vocabulary.facts.items():
        for day in occurrences(case.facts.get(name)):
            if day > case.record_day or (start is not None and day < start and not never_known_before(case)):
                continue
            other = _presupposed_later(case, vocabulary, fact, day, start)
            if other:
                found.append(Misdated(name, day, other))
    return tuple(found)


def _presupposed_later(case: Case, vocabulary: Vocabulary, fact: Fact, day: int, start: int | None) -> str:
    """An event that an occurrence presupposes and that is recorded only later; empty if there is none."""
    opens = vocabulary.of_episode("opens")
    recorded: dict[str, tuple[int, ...]] = {}
    for name in fact.after:
        raw = case.facts.get(name)
        if raw is True:
            return ""
        days = tuple(d for d in occurrences(raw) if d <= case.record_day)
        if name in opens:
            days = tuple(d for d in days if d == start)
        if days:
            recorded[name] = days
    if recorded and all(days[0] > day for days in recorded.values()):
        return next(iter(recorded))
    return ""


def at_front_door(team: Any, front_doors: Iterable[str]) -> bool:
    """Whether a child with this team on record is with the front door: no team, or one of `front_doors`."""
    return team == NO_TEAM_ON_RECORD or team in front_doors


# Spells ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Spell:
    """One stay in care, plan, set of proceedings or assessment.

    `end` is None while it runs; `first` marks the first spell of its kind on record. `ordered`: the first spell on record began
    with an outcome such as an order, which can also be made during a spell, so that what was before it is not known.
    """

    start: int
    end: int | None
    first: bool
    ordered: bool = False


def begun_by_outcome(fact: Fact, case: Case) -> int | None:
    """The day on which an outcome starts a spell: that of the last occurrence of its event on the day of the record."""
    value = case.facts.get(fact.name)
    given = value if isinstance(value, tuple) else (value,)
    days = [day for day in occurrences(case.facts.get(fact.of)) if day <= case.record_day]
    return days[-1] if days and any(one in fact.begins for one in given) else None


def spell_at(name: str, facts: Mapping[str, Any], vocabulary: Vocabulary, day: int) -> Spell | None:
    """The spell of kind `name` that was running on a day, or else the last one that had ended; None before the first.

    A second start without an end in between begins a new spell only if the same event starts it again.
    """
    parts = vocabulary.spells[name]
    starts = [(on, 1, fact) for fact in parts["starts"] for on in occurrences(facts.get(fact)) if on <= day]
    ends = [(on, 0, fact) for fact in parts["ends"] for on in occurrences(facts.get(fact)) if on <= day]
    current: Spell | None = None
    seen: set[str] = set()
    for on, opens, fact in sorted([*starts, *ends]):
        if not opens:
            if current is not None and current.end is None:
                current = replace(current, end=on)
        elif current is None or current.end is not None or fact in seen:
            ordered = bool(vocabulary.facts[fact].begins) if current is None else current.ordered
            current, seen = Spell(on, None, current is None, ordered), {fact}
        else:
            seen.add(fact)
    return current
