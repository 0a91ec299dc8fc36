"""The account of an intake on screen: what was not read first, then each table with its rows and columns, and the sums."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from explain.escape import visible
from kb.errors import Fault
from kb.intake.model import Count, Entry, Intake

_MOST = 40  # entries that a screen shows; the report has all
_TOLD = 12  # things to put right beside an error


def account_lines(intake: Intake) -> Iterator[str]:
    """The lines of the account."""
    deciding = [entry for entry in intake.unread if entry.deciding]
    yield from _listed("NOT READ, and may hold facts that decide:", deciding)
    yield from _listed("Not read:", [entry for entry in intake.unread if not entry.deciding])
    unread = {(entry.file, entry.table or entry.file) for entry in intake.unread}
    counts = [count for count in intake.counts if (count.file, count.table) not in unread]
    for count in counts[:_MOST]:
        yield f"Read {_table(count, intake)}"
    if len(counts) > _MOST:
        yield f"Read {len(counts) - _MOST} more tables: see the report"
    read, used, refused = (sum(getattr(count, name) for count in intake.counts) for name in ("read", "used", "refused"))
    yield f"{read} rows: {used} used, {refused} refused, {read - used - refused} ignored."


def _listed(title: str, entries: Iterable[Entry]) -> Iterator[str]:
    listed = list(entries)
    if listed:
        yield title
    for entry in listed[:_MOST]:
        yield visible(f"  {entry}")
    if len(listed) > _MOST:
        yield f"  and {len(listed) - _MOST} more: see the report"


def _table(count: Count, intake: Intake) -> str:
    headings = [h for h in intake.headings if h.table == count.table and h.file == count.file]
    columns = sum(bool(heading.read_as) for heading in headings)
    told = [f"{count.used} of {count.read} rows"]
    told += [f"{count.refused} refused"] if count.refused else []
    told += [f"{number} {reason}" for reason, number in count.ignored.items()]
    name = count.table if count.table in (count.file, count.file.rpartition(".")[0]) else f"{count.file}, {count.table}"
    return visible(f"{name}: {'; '.join(told)}; {columns} of {len(headings)} columns")


def nothing_read(intake: Intake, name: str) -> list[Fault]:
    """What is said where no row of a source was used: what was found instead, and why it was not read."""
    faults = [Fault(name, "no row of it was read", "is it the right file? what was found in it is told below")]
    for entry in intake.unread:
        faults.append(Fault(f"{entry.file}, {entry.table}" if entry.table else entry.file, f"{entry.state}: {entry.why}"))
    for count in intake.counts:
        if not any((e.file, e.table or e.file) == (count.file, count.table) for e in intake.unread):
            found = f"{count.read} rows" if count.read else "no rows"
            reasons = "; ".join(f"{number} {reason}" for reason, number in count.ignored.items())
            faults.append(
                Fault(f"{count.file}, {count.table}", f"has {found}, none of them used{f': {reasons}' if reasons else ''}")
            )
    return faults + list(intake.faults[:_TOLD])
