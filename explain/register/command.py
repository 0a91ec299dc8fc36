"""The commands of `whichteam register`. Each calls the module that does the work, which is imported when it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from explain.options import Commands

Child = Annotated[str, typer.Argument(metavar="CHILD", help="Case number of the council", show_default=False)]
By = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who does this; default: the user of this computer")]
Seen = Annotated[int | None, typer.Option("--seen", metavar="N", help="Refuse if anything changed after entry N")]
Answer = Annotated[int | None, typer.Option("--answer", metavar="N", help="Number of the answer; default: the latest")]
Policy = Annotated[str | None, typer.Option("--policy", metavar="POLICY", help="Code of an installed policy")]
Set = Annotated[list[str] | None, typer.Option("--set", metavar="READING=VALUE", help="Use another reading; repeatable")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON")]

app = Commands(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="Keep facts, answers and decisions, and what was known when. The register is a file of yours, or WHICHTEAM_REGISTER.",
)


def register(main: typer.Typer) -> None:
    """Adds the group of commands to `main`."""
    main.add_typer(app, name="register")


@app.command()
def add(
    child: Child,
    facts: Annotated[
        list[str] | None, typer.Argument(metavar="[FACT=VALUE]...", help="FACT+=DATE adds a day", show_default=False)
    ] = None,
    case: Annotated[Path | None, typer.Option("--case", metavar="FILE", help="Take the facts of a case file")] = None,
    policy: Policy = None,
    day: Annotated[str | None, typer.Option("--day", metavar="DATE", help="Day that the facts speak of; default: today")] = None,
    source: Annotated[str | None, typer.Option("--source", metavar="TEXT", help="Where the facts come from")] = None,
    sibling: Annotated[list[str] | None, typer.Option("--sibling", metavar="CHILD", help="Link a brother or sister")] = None,
    by: By = None,
    seen: Seen = None,
) -> None:
    """Record facts about a child; a new child needs --policy.

    \b
    Examples:
      whichteam register add 4711 --policy POLICY --case case.json
      whichteam register add 4711 FACT=true ANOTHER=2024-11-19 --day 2024-11-20
    """
    from explain.register import changing

    changing.add(child, facts or [], case, policy, day, source, sibling or [], by, seen)


@app.command()
def answer(
    child: Child,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="Day of the answer; default: today")] = None,
    known_on: Annotated[
        str | None, typer.Option("--known-on", metavar="DATE", help="Only show what would follow from what was known then")
    ] = None,
    policy: Policy = None,
    set_: Set = None,
    by: By = None,
    seen: Seen = None,
) -> None:
    """Work out the answer for a child and keep it.

    \b
    Examples:
      whichteam register answer 4711
      whichteam register answer 4711 --as-of 2024-10-16 --known-on 2024-10-16
    """
    from explain.register import changing

    changing.answer(child, as_of, known_on, policy, set_ or [], by, seen)


@app.command()
def confirm(child: Child, answer: Answer = None, by: By = None, seen: Seen = None) -> None:
    """Confirm an answer in your name."""
    from explain.register import changing

    changing.confirm(child, answer, by, seen)


@app.command()
def override(
    child: Child,
    team: Annotated[str, typer.Argument(metavar="TEAM", help="Team code or name", show_default=False)],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why the answer is set aside", show_default=False)],
    answer: Answer = None,
    by: By = None,
    seen: Seen = None,
) -> None:
    """Decide on another team than the answer's."""
    from explain.register import changing

    changing.override(child, team, reason, answer, by, seen)


@app.command()
def note(
    child: Child,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The note; it should name nobody", show_default=False)],
    answer: Annotated[int | None, typer.Option("--answer", metavar="N", help="The answer that it is about")] = None,
    by: By = None,
    seen: Seen = None,
) -> None:
    """Keep a note about a child or an answer."""
    from explain.register import changing

    changing.note(child, text, answer, by, seen)


@app.command()
def undo(
    entry: Annotated[int, typer.Argument(metavar="ENTRY", help="Number of the entry, as history shows it", show_default=False)],
    by: By = None,
) -> None:
    """Take an entry back. Both stay in the log."""
    from explain.register import changing

    changing.undo(entry, by)


@app.command()
def edition(
    policy: Annotated[str, typer.Argument(metavar="POLICY", help="Code of an installed policy", show_default=False)],
    since: Annotated[str, typer.Option("--from", metavar="DATE", help="First day in force", show_default=False)],
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help="Last day in force; default: open")] = None,
    council: Annotated[
        str | None, typer.Option("--council", metavar="POLICY", help="Policy that the children come under")
    ] = None,
    by: By = None,
) -> None:
    """Record from when until when a policy is in force.

    \b
    Example:
      whichteam register edition POLICY --from 2024-04-01
    """
    from explain.register import changing

    changing.edition(policy, since, until, council, by)


@app.command()
def history(
    child: Child,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="What was known at the end of that day")] = None,
    as_json: Json = False,
) -> None:
    """Show a child's answers, what changed between them, and what was known when."""
    from explain.register import asked

    asked.history(child, on, as_json)
