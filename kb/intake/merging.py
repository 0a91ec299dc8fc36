"""Merges records of one event from several sources, such as an episode in Annex A and in the census.

Records of one kind with the same first day (`events.tsv`) are one event. A value that one source lacks is taken from
another; if both have it, that of the later source counts. Two different ends are a contradiction: then the end is not
known, and this is reported. If an event has no end in one source and is missing from a later source with such events, its
end is not known either. An end that a row gets from another source counts for the team of that row too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from kb.dates import iso
from kb.errors import Fault
from kb.intake.model import UNUSABLE, Record
from kb.tables import read_table

_BIRTHS = ("born", "due")  # days that do not show up to which day a source has data
_END = "end"
_HOLDER = "holder"  # the kind of record that has the team of a row
_Key = tuple[str, ...]


@dataclass(frozen=True)
class Edition:
    """The records of one source by child, with its name, its kind, and the day that it states for its data."""

    name: str
    kind: str
    said_day: int | None
    children: Mapping[str, Sequence[Record]]

    def tells(self, kind: str) -> bool:
        """Whether it has any records of a kind."""
        return kind in self._kinds

    @cached_property
    def _kinds(self) -> frozenset[str]:
        return frozenset(record.kind for records in self.children.values() for record in records)


@dataclass(frozen=True)
class _Event:
    same_by: _Key
    may_change: _Key


@cache
def events() -> Mapping[str, _Event]:
    """The kinds of record that are merged (`events.tsv`)."""
    rows = read_table(Path(__file__).parent / "events.tsv", ("record", "same by", "may change"))
    return {row["record"]: _Event(tuple(row["same by"].split()), tuple(row["may change"].split())) for row in rows}


def merged(editions: Sequence[Edition], as_of: int) -> tuple[dict[str, list[Record]], list[Fault]]:
    """The records of all sources by child, each event once; and faults where sources contradict each other."""
    if len(editions) == 1:
        return {child: list(records) for child, records in editions[0].children.items()}, []
    reach = {id(edition): _reach(edition, as_of) for edition in editions}
    ordered = sorted(editions, key=lambda edition: reach[id(edition)])
    of_child: dict[str, list[tuple[Edition, Record]]] = {}
    for edition in ordered:
        for child, records in edition.children.items():
            of_child.setdefault(child, []).extend((edition, record) for record in records)
    faults: list[Fault] = []
    return {child: _of_child(child, told, ordered, faults) for child, told in of_child.items()}, faults


def _reach(edition: Edition, as_of: int) -> int:
    """The day up to which a source has data: the day that it states, or else its last day up to the day of the answer."""
    if edition.said_day is not None:
        return edition.said_day
    return max(
        (
            value
            for records in edition.children.values()
            for record in records
            for part, value in record.values.items()
            if part not in _BIRTHS and isinstance(value, int) and value <= as_of
        ),
        default=0,
    )


def _of_child(
    child: str, told: Sequence[tuple[Edition, Record]], ordered: Sequence[Edition], faults: list[Fault]
) -> list[Record]:
    """The records of one child, the events among them put together."""
    found: list[Record] = []
    ends: dict[str, Any] = {}
    groups: dict[tuple[Any, ...], list[tuple[Edition, Record]]] = {}
    for edition, record in told:
        key = _key(record)
        if key is None:
            found.append(record)
        else:
            groups.setdefault(key, []).append((edition, record))
    for group in groups.values():
        by_edition = {id(edition) for edition, _ in group}
        if len(by_edition) < len(group):  # one source has it twice: it is not clear which records belong together
            found += [record for _, record in group]
            continue
        record = _still_told(child, _together(child, group, faults), group[-1][0], ordered, faults)
        ends |= {part.source: record.values.get(_END) for _, part in group if part.values.get(_END) is None}
        found.append(record)
    return [_ended_with_its_row(record, ends) for record in found]


def _ended_with_its_row(record: Record, ends: Mapping[str, Any]) -> Record:
    """The team of a row, with the end that the event of the same row was given by another source."""
    end = ends.get(record.source)
    if record.kind != _HOLDER or end is None or record.values.get(_END) is not None:
        return record
    return Record(record.kind, {**record.values, _END: end}, record.source)


def _key(record: Record) -> tuple[Any, ...] | None:
    event = events().get(record.kind)
    if event is None:
        return None
    key = tuple(record.values.get(part) for part in event.same_by)
    return None if UNUSABLE in key or all(part is None for part in key) else (record.kind, *key)


def _together(child: str, group: Sequence[tuple[Edition, Record]], faults: list[Fault]) -> Record:
    """One record of an event, merged from those of several sources. The latest source is the last in `group`."""
    first = group[0][1]
    values = dict(first.values)
    sources = [first.source]
    for _, record in group[1:]:
        sources.append(record.source)
        for part in {*values, *record.values}:
            before, now = values.get(part), record.values.get(part)
            if before == now or (now is None and part not in events()[record.kind].may_change):
                continue
            if before is None:
                values[part] = now
            elif part != _END:
                values[part] = now if now is not None else before
            elif before is not UNUSABLE:
                values[part] = UNUSABLE
                faults.append(_contradiction(child, record, sources, before, now))
    return Record(first.kind, values, "; ".join(sources))


def _contradiction(child: str, record: Record, sources: Sequence[str], before: Any, now: Any) -> Fault:
    said = [f"it {'runs still' if not isinstance(day, int) else 'ended on ' + iso(day)}" for day in (before, now)]
    told = f"sources disagree on a {record.kind.replace('_', ' ')}: {said[0]} ({sources[0]}), {said[1]} ({sources[-1]})"
    return Fault(f"child {child}", told, "it counts as not known until the record is put right")


def _still_told(child: str, record: Record, last: Edition, ordered: Sequence[Edition], faults: list[Fault]) -> Record:
    """A record that has not ended; its end is not known if a later source has such events, but not this one."""
    if record.values.get(_END) is not None or _END not in events()[record.kind].may_change:
        return record
    later = [e for e in ordered[ordered.index(last) + 1 :] if e.tells(record.kind)]
    if not later or any(_alike(record, other) for other in later[-1].children.get(child, ())):
        return record
    what = record.kind.replace("_", " ")
    told = f"a {what} was running in {last.name} ({record.source}), and is not in {later[-1].name}"
    faults.append(Fault(f"child {child}", told, "whether it has ended counts as not known"))
    return Record(record.kind, {**record.values, _END: UNUSABLE}, record.source)


def _alike(record: Record, other: Record) -> bool:
    """Whether another record is of the same kind, has not ended, and has the same code if the kind has codes."""
    if other.kind != record.kind or other.values.get(_END) is not None:
        return False
    codes = [part for part in events()[record.kind].same_by if isinstance(record.values.get(part), str)]
    return all(other.values.get(part) == record.values[part] for part in codes)
