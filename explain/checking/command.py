"""`whichteam check` and `whichteam explain-check`, added to the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

PolicyArgument = Annotated[str, typer.Argument(help="A policy, or the path of its folder", show_default=False)]


def register(app: typer.Typer) -> None:
    """Adds the commands to the command line."""
    app.command()(check)
    app.command("explain-check")(explain_check)


def check(
    policy: PolicyArgument,
    format_: Annotated[str, typer.Option("--format", metavar="text|json|sarif|markdown", help="How to print it")] = "text",
    only: Annotated[list[str] | None, typer.Option("--only", metavar="CHECK", help="Only this check; may be repeated")] = None,
    rules_only: Annotated[bool, typer.Option("--rules-only", help="Only the rules' form, not what they come to")] = False,
    deep: Annotated[bool, typer.Option("--deep", help="What depends on each reading too, which takes minutes")] = False,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="Cases asked on this day")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write to this file")] = None,
    exit_status: Annotated[bool, typer.Option("--exit-status", help="Exit 1 if a fault or a gap is found")] = False,
) -> None:
    """Check the rules of a policy: their form, then what they come to over every case that there is.

    Examples:

        whichteam check POLICY

        whichteam check POLICY --only two-teams --only no-team

        whichteam check POLICY --deep --format markdown --out findings.md
    """
    from explain.checking import checked

    wanted = checked.Wanted(format_, tuple(only or ()), rules_only, deep, as_of, out)
    found = checked.check(policy, wanted)
    if found and exit_status:
        raise SystemExit(1)


def explain_check(
    name: Annotated[str, typer.Argument(metavar="CHECK", help="A check, such as two-teams", show_default=False)],
) -> None:
    """Show what a check looks for, with an example.

    Example:

        whichteam explain-check two-teams
    """
    from explain.checking import pages

    print(pages.page(name), end="")
