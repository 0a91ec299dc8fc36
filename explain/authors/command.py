"""The commands for authors, added to the command line: `fmt`, `drift` and `test`."""

from __future__ import annotations

from typing import Annotated

import typer

from kb.errors import Fault, InputError

FORMATS = ("text", "json")

PolicyArgument = Annotated[str, typer.Argument(help="A policy, or the path of its folder", show_default=False)]
Format = Annotated[str, typer.Option("--format", metavar="text|json", help="How to print it")]


def register(app: typer.Typer) -> None:
    """Adds the commands to the command line."""
    app.command()(fmt)


def fmt(
    places: Annotated[
        list[str] | None, typer.Argument(metavar="[FILE|POLICY]...", help="Rule files, policies or folders", show_default=False)
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; name the files to be laid out, and exit 1")] = False,
) -> None:
    """Lay rule files out in their one form. Without a name: every policy there is, and the rules of the house.

    Examples:

        whichteam fmt northshire/

        whichteam fmt --check
    """
    from explain.authors import fmt as formatter

    _exit(formatter.fmt(places or [], check))


def checked_format(raw: str) -> bool:
    """Whether JSON is asked for. Errors: `InputError` for anything but text and JSON."""
    if raw not in FORMATS:
        raise InputError([Fault("--format", f"there is no format `{raw}`", "choose text or json")])
    return raw == "json"


def _exit(code: int) -> None:
    if code:
        raise SystemExit(code)
