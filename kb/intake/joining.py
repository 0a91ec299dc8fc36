"""Joins a child that occurs under several ids: spellings of one id, and ids that the data link.

Children with different dates of birth are not joined. Both cases are reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from kb.dates import iso
from kb.errors import Fault
from kb.intake.model import Record
from kb.intake.whose import alike, plainest

LINK = "link"  # records that name another id of the same child
_BIRTH = ("child", "born")
_MONTH = 31
_SLIPS = 2  # digits in which a date with a slip may differ
_MARKS = re.compile(r"[^a-z0-9]")

Children = Mapping[str, Sequence[Record]]


def names_of(children: Children) -> tuple[dict[str, str], list[Fault], list[str]]:
    """For each child with several ids the id to use; faults where joining is doubtful; and notes on the others."""
    faults: list[Fault] = []
    notes: list[str] = []
    name_of: dict[str, str] = {}
    for spellings in _alike(children):
        _put_together(spellings, plainest(spellings), "are one id in several spellings", children, name_of, faults, notes)
    faults += _nearly_alike(children, name_of)
    by_id = {alike(child): child for child in children}
    for child, records in children.items():
        for value in (v for r in records if r.kind == LINK for v in r.values.values() if isinstance(v, str)):
            other = by_id.get(alike(value))
            if other is None or name_of.get(other, other) == name_of.get(child, child):
                continue
            if _born(children[child]) & _born(children[other]):  # an identifier of another kind may be another child's id
                ids = sorted((child, other))
                _put_together(ids, name_of.get(child, child), "are linked in the data", children, name_of, faults, notes)
    return {child: _last(child, name_of) for child in name_of}, faults, notes


def two_of_one_id(children: Children) -> tuple[dict[str, list[Record]], list[Fault]]:
    """The children, without records where two children seem to share an id, and the faults that report this.

    Two dates of birth are taken for one with a slip if they are within a month, have day and month swapped, or differ in one
    part or in two digits.
    """
    faults: list[Fault] = []
    found: dict[str, list[Record]] = {}
    for child, records in children.items():
        days = sorted(_born(records))
        found[child] = list(records)
        if len(days) > 1 and not all(_a_slip(iso(days[0]), iso(day), day - days[0]) for day in days[1:]):
            found[child] = []
            told = f"its rows have dates of birth that are no slip of one another ({', '.join(map(iso, days))}): two children?"
            faults.append(Fault(f"child {child}", told, "give each an id of its own; until then nothing is read of either"))
    return found, faults


def _a_slip(one: str, other: str, days: int) -> bool:
    parts, others = one.split("-"), other.split("-")
    same = sum(part == another for part, another in zip(parts, others))
    swapped = parts[0] == others[0] and parts[1:] == others[:0:-1]
    return days <= _MONTH or same > 1 or swapped or sum(a != b for a, b in zip(one, other)) <= _SLIPS


def _last(child: str, name_of: Mapping[str, str]) -> str:
    """The last id of a chain of replaced ids."""
    passed = {child}
    while child in name_of and name_of[child] not in passed:
        child = name_of[child]
        passed.add(child)
    return child


def renamed(children: Children, name_of: Mapping[str, str]) -> dict[str, list[Record]]:
    """The children under the ids to use, with the records of joined children together and without link records."""
    found: dict[str, list[Record]] = {}
    for child, records in children.items():
        found.setdefault(name_of.get(child, child), []).extend(record for record in records if record.kind != LINK)
    return found


def _alike(children: Children) -> Iterable[list[str]]:
    groups: dict[str, list[str]] = {}
    for child in children:
        groups.setdefault(alike(child), []).append(child)
    return [group for group in groups.values() if len(group) > 1]


def _nearly_alike(children: Children, name_of: Mapping[str, str]) -> list[Fault]:
    """Ids that differ by marks only, of children with one date of birth: they stay apart, and are asked about."""
    groups: dict[str, dict[str, None]] = {}
    for child in children:
        groups.setdefault(_MARKS.sub("", alike(child)), {})[name_of.get(child, child)] = None
    faults: list[Fault] = []
    for group in groups.values():
        ids = sorted(group)
        if len(ids) > 1 and set.intersection(*(_born(children[one]) for one in ids)):
            told = f"{' and '.join(f'`{one}`' for one in ids)} differ by marks only and have one date of birth"
            faults.append(Fault(f"child {ids[0]}", told, "are they one child? write one id; they count as different children"))
    return faults


def _put_together(
    ids: Sequence[str], name: str, why: str, children: Children, name_of: dict[str, str], faults: list[Fault], notes: list[str]
) -> None:
    shown = " and ".join(f"`{one}`" for one in ids)
    born = [_born(children[one]) for one in ids]
    if len(set().union(*born)) > 1 and not set.intersection(*(days for days in born if days)):
        days = ", ".join(sorted({iso(day) for of_one in born for day in of_one}))
        told = f"{shown} {why}, but their dates of birth differ ({days}): they count as different children"
        faults.append(Fault(f"child {name}", told, "are they one child? write one id and one date of birth"))
        return
    for one in ids:
        if one != name:
            name_of[one] = name
    told = f"{shown} {why}: they were read as one child, {name}"
    if all(born):
        notes.append(told)
    else:
        faults.append(Fault(f"child {name}", told, "if they are different children, give them different ids"))


def _born(records: Sequence[Record]) -> set[int]:
    kind, part = _BIRTH
    return {day for r in records if r.kind == kind and isinstance(day := r.values.get(part), int)}
