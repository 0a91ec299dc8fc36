"""A comparison in the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from explain.compare.cases import Changed
from explain.compare.sides import cited, lines, outcome_name, recorded_facts, sides_of
from explain.compare.two import Pair, conditions, same_kinds, title
from explain.screen import screen
from explain.words import capital
from kb.errors import many
from queries.compare import Difference, Differing

NAMES = ("A", "B")


def show(two: Pair, result: Difference, day: int) -> None:
    """Prints whether the two are equivalent, else each difference with its case, and the conditions of the claim."""
    out = screen()
    for name, program in zip(NAMES, (two.first, two.second)):
        out.print(f"[bold]{name}[/bold]: {escape(title(program, two))}", soft_wrap=True)
    out.print()
    if result.equivalent:
        out.print("[bold]The two are equivalent[/bold]: proved, no case gets another answer.")
    else:
        kinds = list(dict.fromkeys(differing.kind for differing in result.found))
        verdict = f"They differ in: {', '.join(kinds)}." if kinds else "Whether they differ is not settled."
        out.print(f"[bold]{verdict}[/bold]")
        if same := same_kinds(result):
            out.print(f"Proved the same in every case: {', '.join(same)}.")
        if result.unsettled:
            out.print(f"Not settled, as the search was given up: {', '.join(result.unsettled)}.")
    for differing in result.found:
        _print_differing(two, differing)
    if not result.every_pair:
        out.print("\nMore pairs of teams differ: --all shows them.")
    out.print("\n[bold]What this rests on[/bold]")
    for condition in conditions(two, result, day):
        out.print(Padding(escape(condition), (0, 0, 0, 2), expand=False))


def _print_differing(two: Pair, differing: Differing) -> None:
    out = screen()
    facts = many(len(differing.case.facts), "fact")
    size = (
        f"the smallest case, {facts}" if differing.proved else f"a case of {facts}; whether there is a smaller one is not settled"
    )
    step = ", as one step of a journey: what came before is taken as given" if differing.one_step else ""
    out.print(f"\n[bold]{capital(differing.kind)}[/bold]: {size}{step}")
    for label, value in recorded_facts(two, differing):
        out.print(Padding(f"[dim]{escape(label)}: {escape(value)}[/dim]", (0, 0, 0, 2)))
    for name, side in zip(NAMES, sides_of(two, differing)):
        for line in side.says or ("None of these.",):
            out.print(Padding(f"[bold]{name}[/bold]  {escape(line)}", (0, 0, 0, 2), expand=False))
        for line in lines(side.because):
            out.print(Padding(escape(line), (0, 0, 0, 5), expand=False))


def show_cases(changed: Sequence[Changed], cases: int) -> None:
    """Prints a table of the cases of a folder whose answer changes; `cases` is how many there are."""
    out = screen()
    out.print(f"\n[bold]{len(changed)} of {many(cases, 'case')}[/bold] of the folder get another answer.")
    if not changed:
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("case", "A", "B", "differs in", "clauses of A", "clauses of B"):
        table.add_column(column, overflow="fold")
    for case in changed:
        teams = [escape(outcome_name(decision)) for decision in (case.first, case.second)]
        table.add_row(case.name, *teams, ", ".join(case.kinds), *(", ".join(cited(d)) for d in (case.first, case.second)))
    out.print(table)
