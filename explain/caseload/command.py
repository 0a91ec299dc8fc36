"""The command `caseload` on the command line; `run` does the work and is imported when the command runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Adds the command to `app`."""
    app.command()(caseload)


def caseload(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Folder of cases, or table: CSV, xlsx or Parquet", show_default=False)
    ],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Results, one row a child: .xlsx, .csv or .parquet")
    ] = None,
    policy: Annotated[
        str | None, typer.Option("--policy", metavar="POLICY", help="Policy name or folder; default: the cases' own")
    ] = None,
    engine: Annotated[str, typer.Option("--engine", metavar="ENGINE", help="columns, duckdb or spark")] = "columns",
    master: Annotated[str | None, typer.Option("--master", metavar="URL", help="Spark master; default: local[*]")] = None,
    firings: Annotated[
        Path | None,
        typer.Option("--firings", metavar="FILE", help="With spark: fired rules of each child (.parquet)"),
    ] = None,
    why: Annotated[str | None, typer.Option("--why", metavar="ID", help="Only show the proof for this child")] = None,
    full: Annotated[bool, typer.Option("--full", help="With --why: every step, with rule, file and line")] = False,
    compare: Annotated[
        str | None,
        typer.Option("--compare", metavar="OTHER", help="Policy or READING=VALUE: list changed answers"),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="Day of the answers, YYYY-MM-DD; default: the cases'")
    ] = None,
    exact: Annotated[
        bool,
        typer.Option("--exact", help="Compute exact possible teams where undecided"),
    ] = False,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="READING=VALUE", help="Set a reading otherwise; repeatable")
    ] = None,
) -> None:
    """Decide a whole caseload: one row a child.

    Prints numbers for each team, missing facts and what blocks moves.

    \b
    Examples:
      whichteam caseload children.xlsx --out results.xlsx
      whichteam caseload cases/ --why ID
      whichteam caseload children.csv --compare READING=VALUE
      whichteam caseload children.parquet --engine spark --out results.parquet
    """
    from explain.caseload import run

    run.caseload(run.Request(file, out, policy, engine, why, full, compare, as_of, tuple(set_ or ()), master, firings, exact))
