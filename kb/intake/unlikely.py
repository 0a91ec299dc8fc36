"""Days that can't be right beside the rest of a child's records: far ahead, long before the birth, long after the death,
or an end that the status of the case contradicts.

Nobody can tell which of two values is wrong, so the day is not used, and both are reported with their rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kb.dates import iso
from kb.errors import Fault
from kb.intake.model import UNUSABLE, Record

_AHEAD = ("born", "due", "end", "target")  # days that may be far ahead: an order, for example, has an end in years to come
_EVENTS = ("start", "on", "from", "done")
_ABOUT_BIRTH = ("child", "link", "mother")  # kinds of record that are no event
_CHILD, _BORN, _DIED = "child", "born", "died"
_STATUS, _START, _END, _ENDED = "status", "start", "end", "ended"
_YEAR, _PREGNANCY, _MONTH = 366, 300, 31
_SLIPS = 3  # so many records, or one in a hundred, with days over a year ahead are slips; more show that the answer is for an
_SHARE = 100  # earlier day than the data

Children = Mapping[str, Sequence[Record]]


def without_unlikely_days(children: Children, as_of: int) -> tuple[dict[str, list[Record]], list[Fault]]:
    """The records with the days that can't be right as "not known", and a fault for each."""
    faults: list[Fault] = []
    ahead = _ahead(children, as_of)
    found: dict[str, list[Record]] = {}
    for child, records in children.items():
        kept = [_not_ahead(child, record, as_of, faults) for record in records] if ahead else list(records)
        kept = _not_before_birth(child, kept, as_of, faults)
        found[child] = _not_after_death(child, kept, faults)
    return found, list(dict.fromkeys(faults))


def _ahead(children: Children, as_of: int) -> bool:
    """Whether some records, and only few, have days far ahead."""
    records = [record for of_child in children.values() for record in of_child]
    far = sum(bool(_far_days(record, as_of)) for record in records)
    return 0 < far <= max(_SLIPS, len(records) // _SHARE)


def _far_days(record: Record, as_of: int) -> dict[str, int]:
    limit = as_of + _YEAR
    return {part: day for part, day in record.values.items() if isinstance(day, int) and day > limit and part not in _AHEAD}


def _not_ahead(child: str, record: Record, as_of: int, faults: list[Fault]) -> Record:
    far = _far_days(record, as_of)
    for day in far.values():
        told = f"{iso(day)} ({record.source}) is more than a year after the day of the answer"
        faults.append(Fault(f"child {child}", told, "is the year right? it counts as not known"))
    return _without(record, far)


def without_contradicted_ends(children: Children, as_of: int) -> tuple[dict[str, list[Record]], list[Fault]]:
    """The records of one source with each end as "not known" that the status in its row contradicts, and a fault for each."""
    faults: list[Fault] = []
    found = {child: _not_against_status(child, records, as_of, faults) for child, records in children.items()}
    return found, faults


def _not_against_status(child: str, records: Sequence[Record], as_of: int, faults: list[Fault]) -> list[Record]:
    told: dict[str, str] = {}
    found: list[Record] = []
    both = _open_and_closed(records, as_of)
    for record in records:
        status, end = record.values.get(_STATUS), record.values.get(_END)
        start = record.values.get(_START)
        if status is not None and isinstance(start, int) and (record.kind, start) in both:
            rows = both[record.kind, start]
            told[rows] = f"a case that began on {iso(start)} is open in one row and closed in another ({rows})"
        elif status == _ENDED and end is None:
            told[record.source] = f"the status says that the case is closed, and no row says on which day ({record.source})"
        elif isinstance(status, str) and status != _ENDED and isinstance(end, int) and end <= as_of:
            told[record.source] = f"the status says that the case is open, and it was closed on {iso(end)} ({record.source})"
        else:
            found.append(record)
            continue
        found.append(Record(record.kind, {**record.values, _END: UNUSABLE}, record.source))
    faults += [Fault(f"child {child}", one, "the end counts as not known until the record is put right") for one in told.values()]
    return found


def _open_and_closed(records: Sequence[Record], as_of: int) -> dict[tuple[str, int], str]:
    """The kind and first day of each case that has a status, is open in one row and closed in another; with its rows."""
    groups: dict[tuple[str, int], list[Record]] = {}
    for record in records:
        start = record.values.get(_START)
        if record.values.get(_STATUS) is not None and isinstance(start, int):
            groups.setdefault((record.kind, start), []).append(record)
    found: dict[tuple[str, int], str] = {}
    for key, group in groups.items():
        ends = [record.values.get(_END) for record in group]
        if None in ends and any(isinstance(end, int) and end <= as_of for end in ends):
            found[key] = "; ".join(dict.fromkeys(record.source for record in group))
    return found


def _not_before_birth(child: str, records: list[Record], as_of: int, faults: list[Fault]) -> list[Record]:
    born = [day for r in records if r.kind == _CHILD and isinstance(day := r.values.get(_BORN), int) and day <= as_of]
    events = _events(records)
    early = [(day, source) for day, source in events if born and day < min(born) - _PREGNANCY]
    if not early:
        return records
    day, source = min(early)
    told = f"the date of birth {iso(min(born))} is more than ten months after {iso(day)} ({source})"
    faults.append(Fault(f"child {child}", told, "one of the two is wrong; both count as not known"))
    days = {day for day, _ in early}
    return [
        _without(record, [_BORN] if record.kind == _CHILD else [part for part in _EVENTS if record.values.get(part) in days])
        for record in records
    ]


def _not_after_death(child: str, records: list[Record], faults: list[Fault]) -> list[Record]:
    died = [day for r in records if r.kind == _CHILD and isinstance(day := r.values.get(_DIED), int)]
    late = [(day, source) for day, source in _events(records) if died and day > max(died) + _MONTH]
    if not late:
        return records
    day, source = max(late)
    told = f"the date of death {iso(max(died))} is more than a month before {iso(day)} ({source})"
    faults.append(Fault(f"child {child}", told, "did the child die? it counts as not known until the record is put right"))
    return [_without(record, [_DIED]) if record.kind == _CHILD else record for record in records]


def _events(records: Sequence[Record]) -> list[tuple[int, str]]:
    """The days on which something began or took place, each with its row."""
    return [
        (day, record.source)
        for record in records
        if record.kind not in _ABOUT_BIRTH
        for part in _EVENTS
        if isinstance(day := record.values.get(part), int)
    ]


def _without(record: Record, parts: Sequence[str] | Mapping[str, int]) -> Record:
    """A record with some of its values as "not known", where it has them."""
    there = [part for part in parts if part in record.values]
    return Record(record.kind, {**record.values, **dict.fromkeys(there, UNUSABLE)}, record.source) if there else record
