"""The command `caseload`: what it takes. What it does is in `run`, which is loaded when it is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command()(caseload)


def caseload(
    file: Annotated[
        Path, typer.Argument(help="A folder of cases, or a table with our fact names (CSV, xlsx, Parquet)", show_default=False)
    ],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to write a row a child: .xlsx, .csv or .parquet")
    ] = None,
    policy: Annotated[str | None, typer.Option("--policy", help="Decide all under this policy (its name or folder)")] = None,
    engine: Annotated[str, typer.Option("--engine", help="columns, duckdb, or spark (Parquet only)")] = "columns",
    master: Annotated[
        str | None, typer.Option("--master", metavar="URL", help="With --engine spark: where it runs; local[*] if not named")
    ] = None,
    firings: Annotated[
        Path | None,
        typer.Option("--firings", metavar="FILE", help="With --engine spark: what tells each child's proof, as .parquet"),
    ] = None,
    why: Annotated[str | None, typer.Option("--why", metavar="ID", help="Explain one child of the file instead")] = None,
    full: Annotated[bool, typer.Option("--full", help="With --why: every step, with rule files and lines")] = False,
    compare: Annotated[
        str | None,
        typer.Option("--compare", metavar="OTHER", help="Another policy, or READING=VALUE: who would be answered otherwise"),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="Answer for this day instead of the cases' own")
    ] = None,
    exact: Annotated[
        bool,
        typer.Option("--exact", help="Where no team is decided, try every way of filling in what is missing"),
    ] = False,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="READING=VALUE", help="Choose another reading; may be repeated")
    ] = None,
) -> None:
    """Decide a whole caseload: a row a child, numbers for each team, what is missing and what blocks.

    Examples:

        whichteam caseload children.xlsx --out results.xlsx

        whichteam caseload cases/ --why ID

        whichteam caseload children.csv --compare READING=VALUE

        whichteam caseload children.parquet --engine spark --master local[4] --out results.parquet
    """
    from explain.caseload import run

    run.caseload(run.Request(file, out, policy, engine, why, full, compare, as_of, tuple(set_ or ()), master, firings, exact))
