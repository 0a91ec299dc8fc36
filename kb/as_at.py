"""A case as it stood on one day: what had happened by then, what was planned, and who held the child.

`as_at` is the only place that works this out for one case. Source: laws of time 1, 4, 6, 8 and 11 (`tests/laws/time.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from kb.carried import (
    AGREED_LATER,
    CAME_AT,
    CAME_FROM,
    DEATH,
    HOLDER,
    INVOLVEMENTS,
    ON_RECORD,
    POINTS_PAST,
    SINCE,
    SOMETHING_EARLIER,
    STINT_FROM,
)
from kb.case import Case, Day, occurrences
from kb.episode import Episode, begun_by_outcome, something_earlier, spell_at, taken_over
from kb.tally import of_entries, of_occurrences
from kb.vocabulary.model import Fact, Vocabulary


@dataclass(frozen=True, slots=True)
class Stint:
    """The time one team holds the child: the state that is carried from one day of the journey to the next.

    Days are ordinals (`date.toordinal`).

    team       code of the team, or `none` as in `team_on_record`; None if not recorded
    since      first day of the stint; None if unknown
    counts     first day on which an event may end the stint; None if any day may
    came_from, came_at   team and transfer point of the move that began the stint; None for the first stint
    used       occurrences that have moved the child, as (fact, day); each moves the child at most once
    past       the transfer points of those occurrences, as (point, day)
    spent      (point, day) reached in this stint without moving the child
    closed     closings during the journey, as (team, day)
    moves      number of earlier moves
    """

    team: str | None
    since: int | None = None
    counts: int | None = None
    came_from: str | None = None
    came_at: str | None = None
    used: tuple[tuple[str, int | None], ...] = ()
    past: tuple[tuple[str, int | None], ...] = ()
    spent: tuple[tuple[str, int | None], ...] = ()
    closed: tuple[tuple[str, int], ...] = ()
    moves: int = 0


@dataclass(frozen=True)
class Seen:
    """Which parts of the record `as_at` uses.

    gates      whether undated gates are used (law 6)
    undated    whether events on no known day are used, as if they happened on the day of the record (law 8)
    any_day    whether events on no known day may have happened on any day
    loosened   facts that may still be recorded after their event: their value is left open
    record     whether facts of the day of the record count on every day
    booked     event to the fact that holds its booking; on planned days the booking counts as the event (law 11)
    """

    gates: bool = True
    undated: bool = True
    loosened: frozenset[str] = frozenset()
    booked: Mapping[str, str] | None = None
    any_day: bool = False
    record: bool = False


EVERYTHING = Seen()


def as_at(case: Case, day: int, stint: Stint, episode: Episode, vocabulary: Vocabulary, seen: Seen = EVERYTHING) -> Case:
    """The case as it stood on `day` (ordinal) in the given stint and episode. Facts not known by then are absent."""
    died = occurrences(case.facts.get(DEATH))
    view = _View(case, day, stint, episode, vocabulary, seen)
    facts: dict[str, Any] = {}
    if died and died[0] <= day:
        facts = {DEATH: Day(died[0]), **{n: case.facts[n] for n in (vocabulary.birth,) if n in case.facts}}
    else:
        for name, raw in case.facts.items():
            value = view.value(vocabulary.facts[name], raw)
            if value is not None:
                facts[name] = value
        for name in seen.loosened - set(case.facts):
            if vocabulary.facts[name].time == "event":
                facts[name] = Day(day)
        view.add_states_of_spells(facts)
        view.add_shown(facts)
        view.add_bookings(facts)
        facts |= _tallies(facts, case, day, vocabulary)
    earlier = {SOMETHING_EARLIER: True} if something_earlier(case, episode, vocabulary) else {}
    on_record = {ON_RECORD: True} if day >= case.record_day else {}
    carried = {**earlier, **on_record, **_carried(stint), **view.agreed_later()}
    return Case(case.case_id, case.policy, day, {**facts, **carried}, assumed=case.assumed)


def _tallies(facts: Mapping[str, Any], case: Case, day: int, vocabulary: Vocabulary) -> dict[str, Any]:
    """What lists come to as they stood on the day, and how often events had happened by then, whatever the episode."""
    found: dict[str, Any] = {}
    for name, tally in vocabulary.tallies.items():
        recurs = vocabulary.facts[tally.source].recurs
        raw = case.facts.get(tally.source) if recurs else facts.get(tally.source)
        value = of_occurrences(tally, raw, day) if recurs else of_entries(tally, raw)
        if value is not None:
            found[name] = value
    return found


def _carried(stint: Stint) -> dict[str, Any]:
    """The facts of a step that come from the stint rather than from the record (`kb.carried`)."""
    found: dict[str, Any] = {}
    if stint.team is not None:
        found[HOLDER] = stint.team
    if stint.since is not None:
        found[SINCE] = Day(stint.since)
    if stint.counts is not None:
        found[STINT_FROM] = Day(stint.counts)
    if stint.came_from is not None:
        found[CAME_FROM] = stint.came_from
    if stint.came_at is not None:
        found[CAME_AT] = stint.came_at
    past = [
        {"point": point, **({} if on is None else {"on": Day(on)})} for point, on in dict.fromkeys([*stint.past, *stint.spent])
    ]
    if past:
        found[POINTS_PAST] = tuple(past)
    return found


class _View:
    def __init__(self, case: Case, day: int, stint: Stint, episode: Episode, vocabulary: Vocabulary, seen: Seen):
        self.case, self.day, self.stint, self.episode = case, day, stint, episode
        self.vocabulary, self.seen = vocabulary, seen
        self.wrong = {(m.fact, m.day) for m in episode.misdated}
        since = taken_over(case)
        self.taken_over = since if since is not None and since <= day else None
        mine = {
            name: tuple(Day(d) for d in self._of_episode(vocabulary.facts[name], value))
            for name, value in case.facts.items()
            if vocabulary.facts[name].spell
        }
        for fact in (vocabulary.facts[name] for name in mine if vocabulary.facts[name].begins):
            on = begun_by_outcome(fact, case)
            days = [] if on is None else self._of_episode(vocabulary.facts[fact.of], Day(on))
            mine[fact.name] = tuple(map(Day, days))
        self.spells = {name: spell_at(name, mine, vocabulary, day) for name in vocabulary.spells}
        self.last_spells = {name: spell_at(name, mine, vocabulary, case.record_day) for name in vocabulary.spells}

    def value(self, fact: Fact, raw: Any) -> Any:
        """The value of a fact on the day; None if it was not known."""
        if fact.name in self.seen.loosened:
            return self._loosened(fact, raw)
        if fact.name in (HOLDER, SINCE):
            return None
        if fact.name == INVOLVEMENTS:
            return self._involvements(raw)
        if fact.recurs:
            return self._event(fact, raw)
        if fact.time == "outcome" or (fact.time == "gate" and fact.of):
            return self._outcome(fact, raw)
        if fact.time == "gate":
            return raw if self.seen.gates else None
        if fact.time == "record":
            return raw if self.seen.record or self.day >= self.case.record_day else None
        if fact.time == "booking":
            return raw if self._holds(fact, raw.number) else None
        if fact.time == "state":
            return self._state(fact, raw)
        return raw

    def _involvements(self, raw: Any) -> Any:
        """Involvements with the closings up to the day, including those made by the journey."""
        found = [e for e in raw if not isinstance(e.get("closed_on"), Day) or e["closed_on"].number <= self.day]
        on_the_way = [{"team": team, "closed_on": Day(day)} for team, day in self.stint.closed]
        return (*found, *(entry for entry in on_the_way if entry not in found))

    # events

    def _of_episode(self, fact: Fact, value: Any) -> list[int]:
        return [d for d in occurrences(value) if self.episode.holds(fact, d) and (fact.name, d) not in self.wrong]

    def _holds(self, fact: Fact, day: int) -> bool:
        """Whether an occurrence on `day` belongs to the present episode and, if it has one, to the running spell."""
        if not self.episode.holds(fact, day) or (fact.name, day) in self.wrong:
            return False
        if fact.episode == "ends" and self._ended_before(day):
            return False
        spell = self.spells.get(fact.spell)
        return spell is None or fact.part not in ("in", "ends") or day >= spell.start

    def _ended_before(self, day: int) -> bool:
        """Whether a closing on `day` came before the team on record took over."""
        counts = self.stint.counts
        return (counts is not None and day < counts) or (self.taken_over is not None and day <= self.taken_over)

    def _event(self, fact: Fact, raw: Any) -> Any:
        record = self.case.record_day
        if isinstance(raw, bool):
            if raw:
                return True if self.seen.undated and (self.seen.any_day or self.day >= record) else None
            return False if self.day <= record else None
        days = occurrences(raw)
        past = [d for d in days if d <= self.day and self._holds(fact, d)]
        planned = [d for d in days if d > record and d > self.day]
        if past and planned:
            return Day(past[-1]), Day(planned[0])
        if past or planned:
            return Day(past[-1] if past else planned[0])
        if fact.type == "event" and days[0] > self.day and days[0] <= record:
            return False
        return None

    def _loosened(self, fact: Fact, raw: Any) -> Any:
        """The value of a loosened fact: an event counts as happened by the day, an undated gate is left open."""
        if fact.time == "gate":
            return None
        if not fact.recurs:
            return raw
        value = self._event(fact, raw) if raw is not None else None
        return value if isinstance(value, Day) and value.number <= self.day else Day(self.day)

    # what belongs to an event

    def _outcome(self, fact: Fact, raw: Any) -> Any:
        event = self.vocabulary.facts[fact.of]
        days = [d for d in occurrences(self.case.facts.get(fact.of)) if d <= self.case.record_day]
        if not days and event.time == "agreement":
            return raw if self.seen.undated and self.day >= self.case.record_day else None
        if not days:
            return raw
        last = days[-1]
        if not self._holds(event, last):
            return None
        return raw if self.day >= last else None

    # states

    def _state(self, fact: Fact, raw: Any) -> Any:
        if self.episode.start is not None and self.day < self.episode.start:
            return None
        if fact.part != "during":
            return raw
        last, now = self.last_spells[fact.spell], self.spells[fact.spell]
        on_record = self.day >= self.case.record_day
        if last is None:
            return raw
        if now is None and last.ordered:
            return raw if last.end is None else None
        if now is None or (now.end is not None and (now != last or raw is False)):
            return False
        if now == last and (now.end is not None or raw is False):  # what was recorded last, whatever the days say
            return raw if on_record else None
        return True

    def add_states_of_spells(self, facts: dict[str, Any]) -> None:
        """Adds unrecorded states of spells that have ended: they are false."""
        for name, spell in self.spells.items():
            for state in self.vocabulary.spells[name]["during"]:
                if state not in facts and spell is not None and spell.end is not None:
                    facts[state] = False

    def add_shown(self, facts: dict[str, Any]) -> None:
        """Adds outcomes implied by another event on the same day (`shown_by.tsv`)."""
        for shown in self.vocabulary.shown:
            outcome = self.vocabulary.facts[shown.outcome]
            event, other = facts.get(outcome.of), facts.get(shown.fact)
            if outcome.name not in facts and isinstance(event, Day) and event == other and event.number <= self.day:
                facts[outcome.name] = (shown.value,) if outcome.type.startswith("list") else shown.value

    def add_bookings(self, facts: dict[str, Any]) -> None:
        """Adds events booked between the day of the record and `day`, as if they took place as booked."""
        for event, booking in (self.seen.booked or {}).items():
            on = self.case.facts.get(booking)
            if isinstance(on, Day) and self.case.record_day < on.number <= self.day and not isinstance(facts.get(event), Day):
                facts[event] = on

    def agreed_later(self) -> dict[str, Any]:
        """The team that the managers agreed on after the day, if any. Gates dated by that agreement fail until then."""
        for name, fact in self.vocabulary.facts.items():
            of = self.vocabulary.facts.get(fact.of)
            if fact.type == "team" and of is not None and of.time == "agreement" and name in self.case.facts:
                days = [d for d in occurrences(self.case.facts.get(fact.of)) if d <= self.case.record_day]
                if days and days[-1] > self.day and not self.seen.loosened:
                    return {AGREED_LATER: self.case.facts[name]}
        return {}


def moved_to(
    stint: Stint, team: str, on: int | None, origin: str, point: str | None, used: tuple[tuple[str, int | None], ...]
) -> Stint:
    """The stint that follows `stint` after a move to `team` on day `on` (None: unknown), caused by the occurrences `used`."""
    return replace(
        stint, team=team, since=on, counts=on if on is not None else stint.counts, came_from=origin, came_at=point,
        used=(*stint.used, *used), spent=(), moves=stint.moves + 1,
    )  # fmt: skip
