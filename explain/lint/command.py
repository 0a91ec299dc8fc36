"""The commands `lint` and `explain-lint` on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Adds the commands to `app`."""
    app.command()(lint)
    app.command("explain-lint")(explain_lint)


def lint(
    document: Annotated[
        Path, typer.Argument(metavar="DOCUMENT", help="Document: .txt, .html, .docx or .pdf", show_default=False)
    ],
    policy: Annotated[
        str | None, typer.Option("--policy", metavar="POLICY", help="Also compare with this policy's teams and clauses")
    ] = None,
    format_: Annotated[str, typer.Option("--format", metavar="FORMAT", help="text, json or markdown")] = "text",
    only: Annotated[list[str] | None, typer.Option("--only", metavar="CHECK", help="Only this check; repeatable")] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="Day on which dates have passed, YYYY-MM-DD; default: today")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write to this file")] = None,
    exit_status: Annotated[bool, typer.Option("--exit-status", help="Exit 1 if a fault or gap is found")] = False,
) -> None:
    """Look through a document before any rule exists.

    Finds names that vary, numbers and contents that do not match, empty
    fields, dates passed, limits without a start, and the like.

    \b
    Examples:
      whichteam lint policy.docx
      whichteam lint policy.txt --policy northshire/ --format markdown --out lint.md
    """
    from explain.lint import linted

    wanted = linted.Wanted(policy, format_, tuple(only or ()), as_of, out)
    if linted.look_through(document, wanted) and exit_status:
        raise SystemExit(1)


def explain_lint(
    name: Annotated[str, typer.Argument(metavar="CHECK", help="Name of a check, such as acronyms", show_default=False)],
) -> None:
    """Show what a check of lint looks for, with an example.

    \b
    Example:
      whichteam explain-lint acronyms
    """
    from explain.lint import pages

    print(pages.page(name), end="")
