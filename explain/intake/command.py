"""The command `intake` on the command line; `run` does the work and is imported when the command runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Adds the command to `app`."""
    app.command()(intake)


def intake(
    source: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE...", help="Annex A, SSD, CIN census, SSDA903: files, folders, database", show_default=False
        ),
    ],
    policy: Annotated[str, typer.Option("--policy", metavar="POLICY", help="Policy name or folder", show_default=False)],
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="Day that the data describe, YYYY-MM-DD")] = None,
    teams: Annotated[
        list[Path] | None,
        typer.Option("--teams", metavar="FILE", help="Team names and their codes (TOML), or child, team, since (CSV)"),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Folder for one case file a child")] = None,
    report: Annotated[Path | None, typer.Option("--report", metavar="FILE", help="Report: .xlsx or .csv")] = None,
    propose_teams: Annotated[
        Path | None, typer.Option("--propose-teams", metavar="FILE", help="Only write a teams file for a person to check")
    ] = None,
    confirmed: Annotated[
        Path | None, typer.Option("--confirmed", metavar="FILE", help="Report with people's answers under To confirm")
    ] = None,
    schema: Annotated[str | None, typer.Option("--schema", metavar="SCHEMA", help="Database schema")] = None,
) -> None:
    """Read a council's data into case files and a report.

    Several sources are put together, child by child. See docs/data.md for sources, columns and the teams files.

    \b
    Examples:
      whichteam intake annex_a.xlsx --policy POLICY --propose-teams teams.toml
      whichteam intake annex_a.xlsx --policy POLICY --teams teams.toml \\
        --as-of 2024-11-20 --out cases/
      whichteam intake annex_a.xlsx cin.xml 903/ --policy POLICY \\
        --teams teams.toml --teams teams.csv --out cases/
      whichteam intake postgresql+psycopg://user@host/db --policy POLICY
    """
    from explain.intake.run import Wanted, run

    run(Wanted(tuple(source), policy, as_of, tuple(teams or ()), out, report, propose_teams, schema, confirmed))
