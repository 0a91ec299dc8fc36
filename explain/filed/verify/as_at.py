"""The whole record, and what it comes to on a day: said a second time, from the columns of the vocabulary alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from .dates import day_of, iso
from .rules import Program
from .tally import of_entries, of_occurrences

HELD = ("died", "born", "holder", "since", "before")  # facts that time itself looks at, by their part in it


class Episode(NamedTuple):
    """A time between the opening of a case and its closing: first day, the day from which what opens it counts, wrong days."""

    start: int | None
    enters: int | None
    wrong: dict[tuple[str, int], str]
    counts: int | None = None  # the day from which events count for the stint


class Whole:
    """The whole record with how each fact stands in time: what it comes to on a day is worked out here, plainly."""

    def __init__(self, program: Program, case: Any, assumed: Any = None):
        self.program, self.case = program, case
        self.facts = {name: value for name, value in {**case["facts"], **(assumed or {})}.items() if value is not None}
        self.last = day_of(case["as_of"])
        self.recorded = day_of(case["recorded_on"])
        self.died, self.born, self.holder, self.since, self.before = (program.names[n] for n in HELD)
        self.closed_before = [day_of(entry["closed_on"]) for entry in self.facts.get(self.before, []) if entry.get("closed_on")]
        since, nobody = self.days(self.since), self.facts.get(self.holder) == "none"
        self.taken_over = since[0] if since and not nobody else None  # a closing by that day ended an earlier episode
        self.doors = {program.atoms[atom][1] for atom in program.heads("front_door", "outside")}

    def days(self, name: str) -> list[int]:
        """The days recorded of a fact, oldest first."""
        value = self.facts.get(name)
        if value is None or isinstance(value, bool) or self.column(name, "type") not in ("event", "date"):
            return []
        return [day_of(day) for day in (value if isinstance(value, list) else [value])]

    def column(self, name: str, column: str) -> str:
        return str(getattr(self.program.columns[name], column))

    def happens(self, name: str) -> bool:
        return self.column(name, "time") in ("event", "agreement")

    def of(self, column: str, value: str) -> list[str]:
        return [name for name in self.program.columns if self.column(name, column) == value]

    # the episode

    def closings(self) -> list[int]:
        return sorted({day for name in self.of("episode", "ends") for day in self.days(name)} | set(self.closed_before))

    def last_open(self, by: int | None = None) -> int:
        """The last day, up to `by` or the day of the record, on which something happened that only an open case has."""
        limit = self.recorded if by is None else by
        happened = [name for name in self.facts if self.happens(name) and name != self.died]
        open_ = [name for name in happened if self.column(name, "episode") != "ends"]
        return max((day for name in open_ for day in self.days(name) if day <= limit), default=0)

    def first_event(self) -> int:
        return min((day for name in self.facts if self.happens(name) for day in self.days(name)), default=self.last)

    def contact(self, by: int, front: bool) -> int | None:
        """The contact that opened the case: the last one that was followed up, or at the front door the last one."""
        found = sorted({day for name in self.of("episode", "opens") for day in self.days(name) if day <= by})
        ended = [day for day in self.closings() if found and day < found[-1]]
        found = [day for day in found if not ended or day >= ended[-1]]
        followed = [d for name in self.of("episode", "confirms") for d in self.days(name) if d <= self.recorded]
        for day, end in reversed(list(zip(found, [*found[1:], self.recorded + 1]))):
            if any(day <= d < end for d in followed):
                return day
        return found[-1] if found and front else None

    def episode(self, by: int, front: bool, ended: int | None = None) -> Episode:
        contact = self.contact(by, front)
        limit = by if contact is None else min(by, contact)
        own = [day for name in self.of("episode", "ends") for day in self.days(name) if day < self.last_open()]
        own = [*(day for day in own if day <= limit), *([] if ended is None else [ended])]
        over = max([*own, *(day for day in self.closed_before if day <= limit)], default=None)
        if over is None:
            return Episode(contact, None, self.misdated(contact))
        if contact == over and over not in own:  # a contact on the day on which an earlier team closed the case
            return Episode(contact, contact, self.misdated(contact))
        start = over + 1 if contact is None or contact <= over else contact
        return Episode(start, over + 1, self.misdated(start))

    def misdated(self, start: int | None) -> dict[tuple[str, int], str]:
        """Days that can't be right: everything that the event presupposes came later."""
        found: dict[tuple[str, int], str] = {}
        for name in self.facts:
            for day in self.days(name):
                history = start is not None and day < start and self.facts.get(self.before) != []
                others = self.program.columns[name].after
                if history or day > self.recorded or any(self.facts.get(other) is True for other in others):
                    continue
                known = {other: [d for d in self.days(other) if d <= self.recorded] for other in others}
                for other in self.of("episode", "opens"):
                    known[other] = [d for d in known.get(other, []) if d == start]
                known = {other: days for other, days in known.items() if days}
                if known and all(days[0] > day for days in known.values()):
                    found[name, day] = next(other for other in others if other in known)
        return found

    # the record as at a day

    def belongs(self, name: str, day: int, episode: Episode) -> bool:
        """Whether a day of a fact is of an episode, and can be right."""
        first = episode.enters if self.column(name, "episode") == "enters" else episode.start
        return (first is None or day >= first) and (name, day) not in episode.wrong

    def spell(self, name: str, day: int, episode: Episode) -> tuple[int, int | None, bool] | None:
        """The stay, plan, proceedings or assessment that ran on a day or was the last before it.

        Its first day, its end, and whether the first one on record began with an outcome such as an order.
        """
        told = [
            (d, self.column(fact, "part"), fact)
            for fact in self.of("spell", name)
            for event in [self.column(fact, "of") if fact in self.program.begins else fact]
            for d in (self.days(fact) if event == fact else self._begun(fact, event))
            if self.belongs(event, d, episode)
        ]
        found: tuple[int, int | None, bool] | None = None
        begun: set[str] = set()
        for on, part, fact in sorted(
            t for t in told if t[0] <= day and t[1] in ("starts", "ends")
        ):  # an end comes before a start
            if part == "ends":
                found = (found[0], on, found[2]) if found and found[1] is None else found
            elif found is None or found[1] is not None or fact in begun:
                found, begun = (on, None, found[2] if found else fact in self.program.begins), {fact}
            else:
                begun.add(fact)
        return found

    def _begun(self, outcome: str, event: str) -> list[int]:
        """The day on which an outcome begins a spell: that of the last day of its event by the day of the record."""
        given = self.facts.get(outcome)
        begins = any(one in self.program.begins[outcome] for one in (given if isinstance(given, list) else [given]))
        return [day for day in self.days(event) if day <= self.recorded][-1:] if begins else []

    def as_at(self, day: int, episode: Episode, gates: bool, undated: bool, closed: Iterable[Any] = ()) -> dict[str, Any]:
        """What was known on a day: `gates` says whether undated checks count, `undated` whether events on no known day do."""
        if any(d <= day for d in self.days(self.died)[:1]):
            found = {name: self.facts[name] for name in (self.born,) if name in self.facts}
            found[self.died] = iso(self.days(self.died)[0])
        else:
            spells = {n: self.spell(n, day, episode) for n in {c.spell for c in self.program.columns.values()} - {""}}
            found = {name: self._known(name, day, episode, spells, gates, undated) for name in self.facts}
            found = {name: value for name, value in found.items() if value is not None}
            if self.before in found:
                found[self.before] += [entry for entry in closed if entry not in found[self.before]]
            for name in self.of("part", "during"):
                spell = spells[self.column(name, "spell")]
                if name not in found and spell and spell[1] is not None:
                    found[name] = False
            for fact, outcome, value in self.program.told["shown"]:
                on = found.get(self.column(outcome, "of"))
                if outcome not in found and isinstance(on, str) and on == found.get(fact) and day_of(on) <= day:
                    found[outcome] = [value] if self.column(outcome, "type").startswith("list") else value
            found |= self._tallies(found, day)
        if self.facts.get(self.before) or (episode.start is not None and self.first_event() < episode.start):
            found[self.program.names["earlier"]] = True
        if day >= self.recorded:
            found[self.program.names["on_record"]] = True
        for name in self.of("type", "team"):
            agreed = self.column(name, "of")
            days = [d for d in self.days(agreed) if d <= self.recorded] if agreed else []
            if name in self.facts and agreed and self.column(agreed, "time") == "agreement" and days and days[-1] > day:
                found[self.program.names["later"]] = self.facts[name]
        return found

    def of_the_record(self) -> dict[str, Any]:
        """The facts that speak of the day of the record only, other than the team on record and what it involves."""
        names = set(self.of("time", "record")) - {self.holder, self.since, self.before}
        return {name: value for name, value in self.facts.items() if name in names}

    def _tallies(self, found: dict[str, Any], day: int) -> dict[str, Any]:
        """What lists come to as they stood on the day, and how often events had happened by then."""
        told: dict[str, Any] = {}
        for name, tally in self.program.tallies.items():
            if self.happens(tally["source"]):
                raw = self.facts.get(tally["source"])
                told[name] = of_occurrences(tally, raw, self.days(tally["source"]), day, self.program.holidays)
            else:
                told[name] = of_entries(tally, found.get(tally["source"]))
        return {name: value for name, value in told.items() if value is not None}

    def _known(self, name: str, day: int, ep: Episode, spells: Any, gates: bool, undated: bool) -> Any:
        value, time, of = self.facts[name], self.column(name, "time"), self.column(name, "of")
        if name in (self.holder, self.since):
            return None
        if name == self.before:
            return [entry for entry in value if not entry.get("closed_on") or day_of(entry["closed_on"]) <= day]
        if self.happens(name):
            return self._event(name, day, ep, spells, undated)
        if time == "outcome" or (time == "gate" and of):
            days = [d for d in self.days(of) if d <= self.recorded]
            if not days:
                return value if self.column(of, "time") != "agreement" or (undated and day >= self.recorded) else None
            return value if self._counts(of, days[-1], ep, spells) and day >= days[-1] else None
        if time == "gate":
            return value if gates else None
        if time == "record":
            return value if day >= self.recorded else None
        if time == "booking":
            return value if self._counts(name, day_of(value), ep, spells) else None
        if time == "state":
            return self._state(name, day, ep, spells)
        return value

    def _counts(self, name: str, day: int, episode: Episode, spells: Any) -> bool:
        if self.column(name, "episode") == "ends" and episode.counts is not None and day < episode.counts:
            return False
        spell = spells.get(self.column(name, "spell"))
        within = spell is None or self.column(name, "part") not in ("in", "ends") or day >= spell[0]
        return within and self.belongs(name, day, episode)

    def _event(self, name: str, day: int, episode: Episode, spells: Any, undated: bool) -> Any:
        value, days = self.facts[name], self.days(name)
        if value is True:
            return True if undated else None
        if value is False:
            return False if day <= self.recorded else None
        over = self.taken_over if self.taken_over is not None and self.column(name, "episode") == "ends" else None
        past = [
            d for d in days if (over is None or over > day or d > over) and d <= day and self._counts(name, d, episode, spells)
        ]
        ahead = [d for d in days if d > max(day, self.recorded)]
        told = [iso(d) for d in (*past[-1:], *ahead[:1])]
        if told:
            return told if len(told) > 1 else told[0]
        return False if self.column(name, "type") == "event" and day < days[0] <= self.recorded else None

    def _state(self, name: str, day: int, episode: Episode, spells: Any) -> Any:
        value, kind = self.facts[name], self.column(name, "spell")
        if episode.start is not None and day < episode.start:
            return None
        last = self.spell(kind, self.recorded, episode) if self.column(name, "part") == "during" else None
        if last is None:
            return value
        now = spells[kind]
        if now is None:
            return (value if last[1] is None else None) if last[2] else False
        ended = now[1] is not None
        if now != last:
            return not ended
        if ended == value:  # it had ended and is recorded as so, or was running and is recorded as not so
            return value if day >= self.recorded else None
        return value
