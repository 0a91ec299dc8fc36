"""Derives facts from a child's records by the lines of `rules.tsv`. Records that disagree are reported, not chosen from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from kb.dates import iso
from kb.errors import Fault
from kb.intake.choose import AS_OF, Among, Disagree, Moments, NotKnown, NotSaid, finished, latest, nth
from kb.intake.model import UNUSABLE, Record, UnknownTeam
from kb.intake.occurrences import Dated, ends, every, further, in_each, last_run, runs, starts
from kb.intake.perhaps import Perhaps
from kb.intake.records import Lost
from kb.intake.rules import Derivation, Value, derivations
from kb.intake.teams import Teams
from kb.intake.whose import alike
from kb.vocabulary.model import Fact, Vocabulary

_TERM = 280  # days of a pregnancy up to the day the baby is due
PARTED_BY = "; "  # between rows
MOST_ROWS, FIRST_ROWS = 12, 3  # with more than MOST_ROWS rows, a message names the FIRST_ROWS
DATED = ("all", "complete", "further", "runs", "run", "each")  # ways to choose that give every day, not one
_TRUTH = {"yes": True, "no": False}


@dataclass
class Derived:
    """The result for one child: facts as in a case file, hints, and the source of each."""

    facts: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    hints: dict[str, tuple[Any, str, str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    unknown_teams: set[str] = field(default_factory=set)
    lines: dict[str, Derivation] = field(default_factory=dict)
    left_open: bool = False

    def sisters(self, fact: str) -> list[str]:
        """The facts derived from the same cells as a fact. If its value is refused, theirs are left out too."""
        line = self.lines.get(fact)
        if line is None or line.value.form == "word" or line.choose[0] in DATED:
            return []
        return [name for name, other in self.lines.items() if name != fact and other.record == line.record
                and line.value.words[0] in other.fields]  # fmt: skip


@dataclass(frozen=True)
class Deriver:
    """Derives the facts of one child after another.

    histories  kinds of record of which the source has all earlier ones
    others     index of children by values that link them, such as an address or family (`index_of`)
    """

    vocabulary: Vocabulary
    teams: Teams
    as_of: int
    others: Mapping[tuple[str, str, str], Sequence[str]]
    children: Mapping[str, Sequence[Record]]
    histories: frozenset[str] = frozenset()
    lost: Sequence[Lost] = ()

    @cached_property
    def _lost_rows(self) -> tuple[dict[str, list[Record]], dict[int, list[Record]]]:
        """Rows without a child, by the child of the row above and by the date of birth in the row (0: none)."""
        by_above: dict[str, list[Record]] = {}
        by_birth: dict[int, list[Record]] = {}
        for lost in self.lost:
            rows = [self._with_team(record) for record in lost.records]
            by_birth.setdefault(lost.born or 0, []).extend(rows)
            if lost.above and (lost.born is None or lost.born in self._births(lost.above)):
                by_above.setdefault(alike(lost.above), []).extend(rows)
        return by_above, by_birth

    def _births(self, child: str) -> set[int]:
        records = self.children.get(child, ())
        return {day for r in records if r.kind == "child" and isinstance(day := r.values.get("born"), int)}

    def _perhaps(self, child: str) -> Perhaps:
        """The rows without a child that may be about this one: those below its own, and others with a fitting date of birth."""
        if not self.lost:
            return Perhaps()
        by_above, by_birth = self._lost_rows
        births = self._births(child) or set(by_birth)
        others = [row for birth in {0, *births} for row in by_birth.get(birth, ())]
        return Perhaps(by_above.get(alike(child), ()), others)

    def derive(self, child: str) -> Derived:
        """The facts of one child."""
        by_kind: dict[str, list[Record]] = {}
        for record in self.children[child]:
            by_kind.setdefault(record.kind, []).append(self._with_team(record))
        found = Derived()
        perhaps = self._perhaps(child)
        moments: dict[str, Any] = {AS_OF: self.as_of}
        settled: set[str] = set()
        for line in derivations():
            if line.kind == "MOMENT":
                moments.setdefault(line.fact, None)
        for line in derivations():
            if line.kind == "MOMENT":
                if moments[line.fact] is not None:
                    continue
            elif not self._asked(line, settled, found):
                continue
            try:
                answer = self._answer(line, by_kind, moments, child, found)
                if line.kind != "HINT" and perhaps.leaves_open(line, answer, moments, self.as_of, found):
                    found.left_open = True
                    raise NotKnown
            except Disagree as clash:
                if line.kind != "HINT":
                    settled.add(line.fact)
                    found.faults.append(_conflict(child, line, clash.records, self.vocabulary.facts.get(line.fact)))
                answer = (UNUSABLE, "") if line.kind == "MOMENT" else None
            except NotKnown as why:
                if isinstance(why, NotSaid):
                    found.faults.append(
                        Fault(f"child {child}", str(why), f"`{line.fact}` counts as not known until a row says it")
                    )
                settled.add(line.fact)
                answer = (UNUSABLE, "") if line.kind == "MOMENT" else None
            if answer is None:
                continue
            raw, source = answer
            if line.kind == "MOMENT":
                moments[line.fact] = raw
                continue
            value = as_document(self.vocabulary.facts[line.fact], raw)
            if line.kind == "HINT":
                found.hints[line.fact] = value, source, line.why
            else:
                settled.add(line.fact)
                found.facts[line.fact] = value
                found.sources[line.fact] = source
                found.lines[line.fact] = line
        found.unknown_teams = {
            value.name for rs in by_kind.values() for r in rs for value in r.values.values() if isinstance(value, UnknownTeam)
        }
        return found

    def _asked(self, line: Derivation, settled: set[str], found: Derived) -> bool:
        """Whether a line is still needed: no earlier line gave its fact, or it adds days to those of earlier lines."""
        if line.fact not in self.vocabulary.facts:
            return False
        if line.choose[0] == "further" and line.fact in found.facts:
            return True
        return line.fact not in settled and line.fact not in found.hints

    def _with_team(self, record: Record) -> Record:
        """The record with the code of its team, if the settings or the policy name it."""
        name = record.values.get("team")
        if not isinstance(name, str):
            return record
        code = self.teams.code(name)
        team = UnknownTeam(name) if code is None else code
        return Record(record.kind, {**record.values, "team": team}, record.source)

    def _answer(
        self, line: Derivation, by_kind: Mapping[str, Sequence[Record]], moments: Moments, child: str, found: Derived
    ) -> tuple[Any, str] | None:
        """The value that a line gives with its source; None if it gives none. Errors: `Disagree`, `NotKnown`."""
        records = by_kind.get(line.record, ())
        how, *detail = line.choose
        if how == "closings":
            holders = by_kind.get(line.value.words[0] if line.value.words else "", ())
            return self._closings(records, holders, detail, line.record in self.histories)
        if not records:
            return None
        meeting = Among(records, moments).meeting(line.where, how not in ("agree", "any"))
        if how in DATED:
            return _told_days(self._days(line, meeting, by_kind, found), line, found)
        if how == "running":
            return _first_running(last_run(runs(meeting, detail[0], detail[1], self.as_of)))
        if how in ("alone", "shared"):
            return self._others(meeting, line, how, detail[0], child)
        if how == "list":
            return _listed(meeting, line.value)
        chosen = self._chosen(how, detail, records, meeting, moments)
        return _one(chosen, line, moments)

    def _chosen(
        self, how: str, detail: Sequence[str], records: Sequence[Record], meeting: Sequence[Record], moments: Moments
    ) -> Sequence[Record]:
        if how == "latest":
            return latest(meeting, detail[0])
        if how == "earliest":
            return latest(meeting, detail[0], last=False)
        if how == "nth":
            return nth(meeting, detail[1], int(detail[0]))
        if how == "finished":
            return finished(records, meeting, detail[0], self.as_of)
        return meeting[:1] if how == "any" else meeting

    def _days(
        self, line: Derivation, meeting: Sequence[Record], by_kind: Mapping[str, Sequence[Record]], found: Derived
    ) -> Dated:
        """The days that a line gives for a fact with several occurrences, each with its row."""
        how, *detail = line.choose
        field_ = line.value.words[0]
        if how in ("all", "complete"):
            return every(meeting, field_)
        if how == "further":
            return further(_known_days(found.facts.get(line.fact)), every(meeting, field_), int(detail[0]))
        if how == "runs":
            spans = runs(meeting, detail[0], detail[1], self.as_of)
            return starts(spans) if field_ == detail[0] else ends(spans)
        if how == "run":
            of_team = [record for record in meeting if record.values.get("team") == found.facts.get(detail[2])]
            return last_run(runs(of_team, detail[0], detail[1], self.as_of))
        spans = runs(by_kind.get(detail[0], ()), detail[1], detail[2], self.as_of)
        return in_each(spans, every(meeting, field_), detail[3:])

    def _closings(
        self, episodes: Sequence[Record], holders: Sequence[Record], names: Sequence[str], complete: bool
    ) -> tuple[Any, str] | None:
        """Closed episodes, the last first, each with the one team that had the child that day."""
        ends = [record.values.get("end") for record in episodes]
        if UNUSABLE in ends:
            raise NotKnown
        closed = sorted({end for end in ends if end is not None and end <= self.as_of}, reverse=True)
        entries: list[dict[str, Any]] = []
        sources: list[str] = []
        for day in closed:
            covering = [r for r in holders if _covers(r, day)]
            if not covering:
                raise NotSaid(f"no row says which team had the child when the case was closed on {iso(day)}")
            teams = {r.values["team"] for r in covering if r.values.get("team") not in (None, UNUSABLE)}
            if len(teams) > 1:
                raise Disagree(covering)
            team = teams.pop() if teams else UNUSABLE
            if not isinstance(team, str):
                raise NotKnown
            entries.append({names[0]: team, names[1]: iso(day)})
            sources += [r.source for r in covering[:1]]
        if not entries and not complete:
            return None
        return entries, PARTED_BY.join(dict.fromkeys(sources)) or "no closed episode in the history"

    def _others(self, records: Sequence[Record], line: Derivation, how: str, key: str, child: str) -> tuple[Any, str] | None:
        """Other children with the same value in a field: that there are none, or what is known of them."""
        for record in records:
            sharing = [c for c in self.others.get((record.kind, key, str(record.values.get(key))), ()) if c != child]
            if how == "alone":
                return None if sharing else (line.value.words[0], record.source)
            entries = [{name: self._of(other, "child", part) for name, part in line.value.mapping.items()} for other in sharing]
            return (entries, record.source) if entries else None
        return None

    def _of(self, child: str, kind: str, part: str) -> str | None:
        for record in self.children.get(child, ()):
            day = record.values.get(part) if record.kind == kind else None
            if isinstance(day, int):
                return iso(day)
        return None


def _known_days(value: Any) -> list[int]:
    """The days (ordinals) that earlier lines gave for a fact."""
    return [date.fromisoformat(day).toordinal() for day in ([value] if isinstance(value, str) else value or [])]


def _told_days(days: Dated, line: Derivation, found: Derived) -> tuple[Any, str] | None:
    """The days of a fact with their rows, oldest first, including those from earlier lines."""
    if not days:
        return None
    rows = [days[day] for day in sorted(days)]
    if line.choose[0] == "further" and line.fact in found.facts:
        rows = [found.sources[line.fact], *rows]
        days = dict.fromkeys(_known_days(found.facts[line.fact]), "") | days
    return tuple(sorted(days)), _rows_told(list(dict.fromkeys(rows)))


def _first_running(days: Dated) -> tuple[int, str] | None:
    """The first day of the running span, with its row; None if there is none."""
    return next(iter(days.items()), None)


def _rows_told(rows: Sequence[str]) -> str:
    """The rows for a message; of many only the first."""
    if len(rows) <= MOST_ROWS:
        return PARTED_BY.join(rows)
    return f"{PARTED_BY.join(rows[:FIRST_ROWS])} and {len(rows) - FIRST_ROWS} more"


def _covers(record: Record, day: int) -> bool:
    start, end = record.values.get("start"), record.values.get("end")
    if UNUSABLE in (start, end) or record.values.get("standing") != "holds":
        return False
    return (start is None or start <= day) and (end is None or day <= end) and (start is not None or end is not None)


def _one(chosen: Sequence[Record], line: Derivation, moments: Moments) -> tuple[Any, str] | None:
    """The one value that the chosen records give. Errors: `Disagree`, `NotKnown`."""
    values: dict[Any, Record] = {}
    for record in chosen:
        value = _value_of(record, line.value, moments)
        if value is not None:
            values.setdefault(value, record)
    unusable = values.pop(UNUSABLE, None)
    if len(values) > 1:
        raise Disagree(list(values.values()))
    if not values and unusable is None:
        return None
    value, chosen_record = next(iter(values.items()), (UNUSABLE, unusable))
    if value is UNUSABLE or isinstance(value, UnknownTeam) or chosen_record is None:
        raise NotKnown
    return value, chosen_record.source


def _value_of(record: Record, value: Value, moments: Moments) -> Any:
    if value.form == "word":
        return value.words[0]
    if value.form == "pregnancy":
        return _pregnancy(value.words[0], record.values.get(value.words[1]), moments.get(value.words[2]))
    raw = record.values.get(value.words[0])
    if raw is None or raw is UNUSABLE or not value.mapping:
        return raw
    if isinstance(raw, tuple):
        mapped = {value.mapping.get(part, "") for part in raw}
        return mapped.pop() or None if len(mapped) == 1 else None
    return value.mapping.get(raw, value.mapping.get("*", "")) or None


def _pregnancy(unit: str, due: Any, on: Any) -> int | None:
    """Complete weeks of pregnancy on a day, or the days over them, counted back from the day it is due."""
    if not isinstance(due, int) or not isinstance(on, int):
        return None
    days = _TERM - (due - on)
    return None if days < 0 else days // 7 if unit == "weeks" else days % 7


def _listed(records: Sequence[Record], value: Value) -> tuple[Any, str] | None:
    found: dict[str, str] = {}
    for record in records:
        raw = record.values.get(value.words[0])
        if raw is UNUSABLE:
            raise NotKnown
        for part in raw if isinstance(raw, tuple) else (raw,):
            mapped = value.mapping.get(str(part), "")
            if mapped:
                found.setdefault(mapped, record.source)
    return (list(found), next(iter(found.values()))) if found else None


def as_document(fact: Fact, raw: Any) -> Any:
    """A value in the form of a case file."""
    if raw in ("yes", "no") and fact.type in ("bool", "event"):
        return _TRUTH[raw]
    if isinstance(raw, tuple) and fact.type in ("date", "event"):
        return [iso(day) for day in raw] if len(raw) > 1 else iso(raw[0])
    if isinstance(raw, int) and not isinstance(raw, bool) and fact.type in ("date", "event"):
        return iso(raw)
    return raw


def _conflict(child: str, line: Derivation, records: Iterable[Record], fact: Fact | None) -> Fault:
    what = fact.label if fact else f"the day that `{line.fact}` stands for"
    told: list[str] = []
    for record in records:
        value = record.values.get(line.value.words[0]) if line.value.form == "field" else None
        value = value.name if isinstance(value, UnknownTeam) else value
        told.append(f"{iso(value) if isinstance(value, int) else value} ({record.source})")
    message = f"rows disagree on {what}: {', '.join(told)}"
    return Fault(f"child {child}", message, "it counts as not known until the record is put right")


def index_of(children: Mapping[str, Sequence[Record]]) -> dict[tuple[str, str, str], list[str]]:
    """Children by kind of record, field and value, for fields that link children."""
    wanted = {(line.record, line.choose[1]) for line in derivations() if line.choose[0] in ("alone", "shared")}
    found: dict[tuple[str, str, str], list[str]] = {}
    for child, records in children.items():
        for record in records:
            for kind, part in wanted:
                if record.kind == kind and part in record.values:
                    found.setdefault((kind, part, str(record.values[part])), []).append(child)
    return found
