"""The command `report` on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Adds the command to `app`."""
    app.command()(report)


def report(
    policy: Annotated[str, typer.Argument(metavar="POLICY", help="Policy name or folder", show_default=False)],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Report: .docx, .html or .md", show_default=False)],
    document: Annotated[
        Path | None, typer.Option("--document", metavar="FILE", help="Council's document, to be looked through by lint")
    ] = None,
    cases: Annotated[
        Path | None, typer.Option("--cases", metavar="PATH", help="Count the children of these cases: folder or scenario file")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="Day of the answers, YYYY-MM-DD; default: 2024-10-16")
    ] = None,
    annex: Annotated[Path | None, typer.Option("--annex", metavar="FILE", help="Also write the findings of `check`: .md")] = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 if FILE is not current")] = False,
) -> None:
    """Write two pages for the policy's author: what to mend, first.

    Ten things in order of harm, each with lines and wording that would settle
    it; further causes, an index by line, and housekeeping.

    \b
    Examples:
      whichteam report POLICY --out report.docx
      whichteam report POLICY --out report.html --document policy.txt --cases cases/
    """
    from explain.report import reported

    if not reported.report(policy, reported.Wanted(out, document, cases, as_of, annex, check)):
        raise SystemExit(1)
