"""`whichteam intake` on the command line; the work is in `run`, loaded only when it is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(intake)


def intake(
    source: Annotated[
        str, typer.Argument(help="An Annex A workbook, a folder of SSD tables, or a database address", show_default=False)
    ],
    policy: Annotated[str, typer.Option("--policy", help="The policy whose teams these are", show_default=False)],
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="The day that the data speak for")] = None,
    teams: Annotated[Path | None, typer.Option("--teams", metavar="FILE", help="What the council's team names stand for")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Folder for one case file a child")] = None,
    report: Annotated[Path | None, typer.Option("--report", metavar="FILE", help="The report: .xlsx or .csv")] = None,
    propose_teams: Annotated[
        Path | None, typer.Option("--propose-teams", metavar="FILE", help="Write this teams file, for a person to check")
    ] = None,
    confirmed: Annotated[
        Path | None, typer.Option("--confirmed", metavar="FILE", help="A report in which people answered what was to confirm")
    ] = None,
    schema: Annotated[str | None, typer.Option("--schema", help="Schema of the database")] = None,
) -> None:
    """Read what a council has: case files, where each fact comes from, and what is to be put right.

    Examples:

        whichteam intake annex_a.xlsx --policy POLICY --propose-teams teams.toml

        whichteam intake annex_a.xlsx --policy POLICY --teams teams.toml --as-of 2024-11-20 --out cases/

        whichteam intake annex_a.xlsx --policy POLICY --teams teams.toml --confirmed cases/intake-report.xlsx --out more/

        whichteam intake postgresql+psycopg://user@host/db --schema ssd_development --policy POLICY --as-of 2024-11-20
    """
    from explain.intake.run import Wanted, run

    run(Wanted(source, policy, as_of, teams, out, report, propose_teams, schema, confirmed))
