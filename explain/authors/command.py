"""The commands for authors, added to the command line: `fmt`, `drift` and `test`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kb.errors import Fault, InputError

FORMATS = ("text", "json")

PolicyArgument = Annotated[str, typer.Argument(help="A policy, or the path of its folder", show_default=False)]
Format = Annotated[str, typer.Option("--format", metavar="text|json", help="How to print it")]


def register(app: typer.Typer) -> None:
    """Adds the commands to the command line."""
    app.command()(fmt)
    app.command("test")(run_examples)
    app.command()(drift)
    app.command()(compare)


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


def run_examples(
    policy: PolicyArgument,
    coverage: Annotated[bool, typer.Option("--coverage", help="What each clause has covered, the worst first")] = False,
    misses: Annotated[bool, typer.Option("--misses", help="Each rule and condition not covered, and why")] = False,
    house: Annotated[bool, typer.Option("--house", help="Count the rules of the house too")] = False,
    cases: Annotated[
        Path | None,
        typer.Option(
            "--cases",
            metavar="PATH",
            help="Cover these cases too: a folder, or a list of scenarios, whose expectations are tried",
        ),
    ] = None,
    save: Annotated[Path | None, typer.Option("--save", metavar="DIR", help="Write the examples as case files")] = None,
    mutate: Annotated[
        bool, typer.Option("--mutate", help="Change each rule a little: would an example notice? Takes many minutes")
    ] = False,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="CLAUSE", help="With --mutate: only this clause; may be repeated")
    ] = None,
    format_: Format = "text",
) -> None:
    """Run the examples of a policy, and tell what they cover of its rules. Exit 1 if one fails.

    Examples:

        whichteam test northshire/

        whichteam test northshire/ --coverage --misses

        whichteam test northshire/ --mutate --only CLAUSE
    """
    from explain.authors import tested

    wanted = tested.Wanted(checked_format(format_), coverage, misses, house, cases, save, mutate, tuple(only or ()))
    _exit(tested.run_examples(policy, wanted))


def drift(
    policy: PolicyArgument,
    document: Annotated[
        Path, typer.Option("--document", metavar="FILE", help="The new edition: .txt, .html, .docx or .pdf", show_default=False)
    ],
    cases: Annotated[
        Path | None, typer.Option("--cases", metavar="PATH", help="Tell of these cases too: a folder, or a list of scenarios")
    ] = None,
    accept: Annotated[bool, typer.Option("--accept", help="Keep this edition's fingerprints as those of the policy")] = False,
    format_: Format = "text",
) -> None:
    """Hold a new edition of the document against the one the rules were read from. Exit 1 if they differ.

    Examples:

        whichteam drift northshire/ --document new-edition.docx

        whichteam drift northshire/ --document edition.txt --accept
    """
    from explain.authors import drifted

    as_json = checked_format(format_)
    _exit(drifted.accept(policy, document) if accept else drifted.drift(policy, document, cases, as_json))


def compare(
    first: Annotated[str, typer.Argument(metavar="A", help="A policy, its folder, or POLICY,READING=VALUE", show_default=False)],
    second: Annotated[str, typer.Argument(metavar="B", help="Another, written in the same way", show_default=False)],
    teams: Annotated[
        Path | None, typer.Option("--map", metavar="FILE", help="Which code of A stands for which of B: columns first, second")
    ] = None,
    cases: Annotated[
        Path | None, typer.Option("--cases", metavar="DIR", help="Also the cases of a folder whose answer changes")
    ] = None,
    every_pair: Annotated[bool, typer.Option("--all", help="Every pair of teams that differs, not only the first")] = False,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="Compare answers for this day")] = None,
    format_: Format = "text",
) -> None:
    """Prove that two policies answer every case alike, or show the smallest case where they do not. Exit 1 if they differ.

    Examples:

        whichteam compare ./old/northshire ./new/northshire --cases cases/

        whichteam compare POLICY POLICY,READING=VALUE

        whichteam compare POLICY ANOTHER --map teams.tsv
    """
    from explain.comparing import command as compared

    wanted = compared.Wanted(first, second, teams, cases, every_pair, checked_format(format_))
    _exit(compared.compare(wanted, _day(as_of)))


def _day(raw: str | None) -> int | None:
    if raw is None:
        return None
    from kb.case import parse_day

    try:
        return parse_day(raw)
    except ValueError as error:
        raise InputError([Fault("--as-of", str(error), "write it as 2024-09-03")]) from None


def checked_format(raw: str) -> bool:
    """Whether JSON is asked for. Errors: `InputError` for anything but text and JSON."""
    if raw not in FORMATS:
        raise InputError([Fault("--format", f"there is no format `{raw}`", "choose text or json")])
    return raw == "json"


def _exit(code: int) -> None:
    if code:
        raise SystemExit(code)
