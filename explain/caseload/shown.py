"""A caseload in the terminal: numbers for each team, missing facts, what blocks moves, and refused rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from rich.box import SIMPLE
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from explain.caseload.changes import changed_rows, clauses
from explain.caseload.rows import BLOCKED, team_label
from explain.screen import Screen
from explain.words import ADVICE
from kb.bulk.reader import CasesRead
from kb.program import Program
from queries.bulk.caseload import Caseload
from queries.bulk.compare import Changes
from queries.bulk.teams import Summary

MOST = 10  # entries of a list that are printed
BAR = 24  # characters of the longest bar
console = Screen()
errors = Screen(stderr=True)


def print_summary(summary: Summary, program: Program, note: str = "") -> None:
    """Prints the numbers of a caseload, then `note`."""
    vocabulary = program.policy.vocabulary
    policy, children = program.policy, _count(summary.children, "child", "children")
    console.print(f"[bold]{children}, {escape(policy.name)}[/bold] ({escape(policy.version)})")
    answers = [f"{count:,} {vocabulary.label('status', name)}" for name, count in summary.statuses.items()]
    console.print("Answers: " + escape(", ".join(answers)) + ".")
    console.print(
        f"The record shows another team than the policy for {summary.differ:,}; for {summary.not_known:,} that is not known."
    )
    console.print(
        f"Transfers: {summary.due:,} due, {summary.overdue:,} overdue, {summary.to_record:,} made and not yet on the record.\n"
    )
    table = Table("Team", "On record", "By policy", "In", "Out", "Due", "Overdue", box=SIMPLE, pad_edge=False)
    for column in table.columns[1:]:
        column.justify, column.no_wrap = "right", True
    for team in summary.teams:
        numbers = (team.on_record, team.by_policy, team.coming, team.going, team.due, team.overdue)
        table.add_row(escape(team_label(vocabulary, team.team)), *(f"{n:,}" for n in numbers))
    console.print(table)
    _bars("Facts that nobody recorded, and answers wait for", {vocabulary.facts[n].label: c for n, c in summary.missing.items()})
    _bars("What blocks moves: not shown that", {vocabulary.label("gate", n): c for n, c in summary.blocked.items()})
    if note:
        console.print(f"\n{note}")
    console.print(f"[dim]{ADVICE}[/dim]")


def bounds_told(count: int, tried: bool, spark: bool = False) -> str:
    """A sentence on the `count` undecided children whose possible teams are not exact; empty for none.

    `tried`: whether `--exact` was given. `spark`: whether Spark decided.
    """
    settled = "are not exact: --exact settles them" + (", without --engine spark" if spark else "")
    what = "could not be made exact" if tried else settled
    return f"The possible teams of {_count(count, 'child', 'children')} without a decided team {what}." if count else ""


def _bars(title: str, counts: dict[str, int]) -> None:
    if not counts:
        return
    console.print(f"\n[bold]{title}[/bold]")
    longest = max(counts.values())
    table = Table.grid(padding=(0, 2))
    for name, count in list(counts.items())[:MOST]:
        table.add_row(f"{count:,}", "█" * max(1, round(BAR * count / longest)), escape(name))
    table.columns[0].justify = "right"
    console.print(table)
    if len(counts) > MOST:
        console.print(f"[dim]and {len(counts) - MOST} more[/dim]")


def print_not_read(loaded: CasesRead) -> None:
    """Prints on standard error what was left out and refused, with places."""
    first = [str(fault) for fault in loaded.faults[:MOST]]
    print_left_out(loaded.notes, loaded.refused, loaded.total, first, len(loaded.faults), "an .xlsx lists them all")


def print_left_out(
    notes: Iterable[str], refused: int, total: int, told: Sequence[str], faults: int, where: str = "--out writes them all"
) -> None:
    """Prints notes and faults on standard error.

    refused, total  numbers of rows
    told            the first faults as text; `faults` is how many there are
    where           what to say about the faults that are not printed
    """
    for note in notes:
        errors.print(f"note: {escape(note)}", soft_wrap=True)
    if refused:
        errors.print(f"{refused:,} of {total:,} were refused; the others were decided.")
    for fault in told[:MOST]:
        errors.print(f"error: {escape(fault)}", soft_wrap=True)
    if faults > MOST:
        errors.print(f"and {faults - MOST:,} more faults; {where}")


def print_changes(changes: Changes, before: Caseload, after: Caseload, other: str) -> None:
    """Prints the children whose answer changes under another policy or reading; `other` is its name."""
    children = len(changes.before)
    console.print(
        f"\n[bold]Compared with {escape(other)}: {children:,} of {changes.compared:,} children are answered otherwise[/bold]"
    )
    missed = len(before) - changes.compared
    if missed:
        console.print(f"{_count(missed, 'child', 'children')} could not be read under it.")
    for name, count in changes.counts().items():
        if count:
            console.print(f"  {name}: {count:,}")
    if not children:
        return
    some = np.arange(min(MOST, children))
    both = ((before, changes.before), (after, changes.after))
    rows = [changed_rows(caseload, numbers[some]).to_pylist() for caseload, numbers in both]
    cited = [clauses(caseload, numbers[some]) for caseload, numbers in both]
    for place in some.tolist():
        console.print(f"\n[bold]{escape(rows[0][place]['Child'])}[/bold]: {', '.join(changes.of_child(place))}")
        for word, row, here, there in zip(("before", "after"), (r[place] for r in rows), cited, reversed(cited)):
            only = [clause for clause in here[place] if clause not in there[place]]
            own_clauses = f" Only here: {', '.join(only)}." if only else ""
            console.print(Padding(escape(f"{word}: {_answer(row)}{own_clauses}"), (0, 0, 0, 2), expand=False))
    if children > MOST:
        console.print(f"[dim]and {children - MOST:,} more; --out lists them all[/dim]")


def _answer(row: dict[str, object]) -> str:
    """The answer of one row as a line."""
    text = str(row["Team by policy"] or f"{row['Answer']}: {row['Possible teams']}".removesuffix(": ")) + "."
    if row["Move"]:
        text += f" {str(row['Move']).capitalize()}: to {row['To']} at {row['At']}."
    if row[BLOCKED]:
        text += f" Not shown: {row[BLOCKED]}."
    return text


def _count(number: int, one: str, several: str) -> str:
    return f"{number:,} {one if number == 1 else several}"
