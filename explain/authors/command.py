"""The commands `fmt`, `test`, `drift` and `compare` on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kb.errors import Fault, InputError

FORMATS = ("text", "json")

PolicyArgument = Annotated[str, typer.Argument(metavar="POLICY", help="Policy name or folder", show_default=False)]
Format = Annotated[str, typer.Option("--format", metavar="text|json", help="Output format")]


def register(app: typer.Typer) -> None:
    """Adds the commands to `app`."""
    app.command()(fmt)
    app.command("test")(run_examples)
    app.command()(drift)
    app.command()(compare)


def fmt(
    places: Annotated[
        list[str] | None, typer.Argument(metavar="FILE|POLICY", help="Rule files, policies or folders", show_default=False)
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; list unformatted files and exit 1")] = False,
) -> None:
    """Format rule files.

    Without arguments: the shared rules and every installed policy.

    \b
    Examples:
      whichteam fmt northshire/
      whichteam fmt --check
    """
    from explain.authors import fmt as formatter

    _exit(formatter.fmt(places or [], check))


def run_examples(
    policy: PolicyArgument,
    coverage: Annotated[bool, typer.Option("--coverage", help="Coverage by clause, worst first")] = False,
    misses: Annotated[bool, typer.Option("--misses", help="Uncovered rules and conditions, and why")] = False,
    house: Annotated[bool, typer.Option("--house", help="Include the shared rules")] = False,
    cases: Annotated[
        Path | None,
        typer.Option(
            "--cases",
            metavar="PATH",
            help="More cases: a folder, or a file of scenarios",
        ),
    ] = None,
    save: Annotated[Path | None, typer.Option("--save", metavar="DIR", help="Write the examples as case files")] = None,
    mutate: Annotated[bool, typer.Option("--mutate", help="Mutation test: change each rule; takes many minutes")] = False,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="CLAUSE", help="With --mutate: only this clause; repeatable")
    ] = None,
    sample: Annotated[int, typer.Option("--sample", metavar="N", min=0, help="With --mutate: only N changes, at random")] = 0,
    format_: Format = "text",
) -> None:
    """Run a policy's examples and measure rule coverage.

    Exit 1 if an example fails.

    \b
    Examples:
      whichteam test northshire/
      whichteam test northshire/ --coverage --misses
      whichteam test northshire/ --mutate --only CLAUSE
    """
    from explain.authors import tested

    wanted = tested.Wanted(checked_format(format_), coverage, misses, house, cases, save, mutate, tuple(only or ()), sample)
    _exit(tested.run_examples(policy, wanted))


def drift(
    policy: PolicyArgument,
    document: Annotated[
        Path, typer.Option("--document", metavar="FILE", help="New edition: .txt, .html, .docx or .pdf", show_default=False)
    ],
    cases: Annotated[
        Path | None, typer.Option("--cases", metavar="PATH", help="Also report these cases: folder or scenario file")
    ] = None,
    accept: Annotated[bool, typer.Option("--accept", help="Save this edition's fingerprints with the policy")] = False,
    format_: Format = "text",
) -> None:
    """Compare a new edition of the document with the old one.

    Lists the clauses, rules and examples to review. Exit 1 if they differ.

    \b
    Examples:
      whichteam drift northshire/ --document new-edition.docx
      whichteam drift northshire/ --document edition.txt --accept
    """
    from explain.authors import drifted

    as_json = checked_format(format_)
    _exit(drifted.accept(policy, document) if accept else drifted.drift(policy, document, cases, as_json))


def compare(
    first: Annotated[str, typer.Argument(metavar="A", help="Policy, folder, or POLICY,READING=VALUE", show_default=False)],
    second: Annotated[str, typer.Argument(metavar="B", help="The same for the other side", show_default=False)],
    teams: Annotated[
        Path | None, typer.Option("--map", metavar="FILE", help="Table of matching team codes: columns first, second")
    ] = None,
    cases: Annotated[
        Path | None, typer.Option("--cases", metavar="DIR", help="Also list the cases of a folder that change")
    ] = None,
    every_pair: Annotated[bool, typer.Option("--all", help="Every differing pair of teams; default: the first 10")] = False,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="Day of the answers, YYYY-MM-DD; default: 2024-10-16")
    ] = None,
    format_: Format = "text",
) -> None:
    """Prove two policies equivalent, or show where they differ.

    Each difference comes with the smallest case. Exit 1 if they differ.

    \b
    Examples:
      whichteam compare ./old/northshire ./new/northshire --cases cases/
      whichteam compare POLICY POLICY,READING=VALUE
      whichteam compare POLICY ANOTHER --map teams.tsv
    """
    from explain.compare import command as compared

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
    """Whether JSON is asked for. Errors: `InputError` if `raw` is neither text nor json."""
    if raw not in FORMATS:
        raise InputError([Fault("--format", f"there is no format `{raw}`", "choose text or json")])
    return raw == "json"


def _exit(code: int) -> None:
    if code:
        raise SystemExit(code)
