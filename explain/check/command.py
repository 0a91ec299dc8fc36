"""The commands `check` and `explain-check` on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

PolicyArgument = Annotated[str, typer.Argument(metavar="POLICY", help="Policy name or folder", show_default=False)]


def register(app: typer.Typer) -> None:
    """Adds the commands to `app`."""
    app.command()(check)
    app.command("explain-check")(explain_check)


def check(
    policy: PolicyArgument,
    format_: Annotated[str, typer.Option("--format", metavar="FORMAT", help="text, json, sarif or markdown")] = "text",
    only: Annotated[list[str] | None, typer.Option("--only", metavar="CHECK", help="Only this check; repeatable")] = None,
    rules_only: Annotated[bool, typer.Option("--rules-only", help="Only the form of the rules")] = False,
    deep: Annotated[bool, typer.Option("--deep", help="Also what depends on each reading; takes minutes")] = False,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="Day of the answers, YYYY-MM-DD; default: 2024-10-16")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write to this file")] = None,
    seconds: Annotated[
        float, typer.Option("--seconds", metavar="N", min=1, help="Processor time that each check may take, in seconds")
    ] = 60,
    everything: Annotated[bool, typer.Option("--all", help="Show every finding, and what was proved")] = False,
    exit_status: Annotated[bool, typer.Option("--exit-status", help="Exit 1 if a fault, gap or choice is found")] = False,
) -> None:
    """Check a policy's rules over every possible case.

    First the form of the rules, then the answers they give. Each finding comes
    with the smallest case that shows it. Shown is what to do first, and how many
    findings of each kind there are; `--only` and `--all` show the rest.

    \b
    Examples:
      whichteam check POLICY
      whichteam check POLICY --all
      whichteam check POLICY --only two-teams --only no-team
      whichteam check POLICY --deep --format markdown --out findings.md
    """
    from explain.check import checked

    wanted = checked.Wanted(format_, tuple(only or ()), rules_only, deep, as_of, out, seconds, everything)
    has_findings = checked.check(policy, wanted)
    if has_findings and exit_status:
        raise SystemExit(1)


def explain_check(
    name: Annotated[str, typer.Argument(metavar="CHECK", help="Name of a check, such as two-teams", show_default=False)],
) -> None:
    """Show what a check looks for, with an example.

    \b
    Example:
      whichteam explain-check two-teams
    """
    from explain.check import pages

    print(pages.page(name), end="")
