"""The commands of `whichteam register`. Each calls the module that does the work, which is imported when it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from explain.no_cache import Commands

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
    child: Annotated[str | None, typer.Argument(metavar="[CHILD]", help="Case number of the council", show_default=False)] = None,
    every: Annotated[bool, typer.Option("--all", help="Answer every child; an answer that stands is not kept again")] = False,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="Day of the answer; default: today")] = None,
    known_on: Annotated[
        str | None, typer.Option("--known-on", metavar="DATE", help="Only show what would follow from what was known then")
    ] = None,
    policy: Policy = None,
    set_: Set = None,
    by: By = None,
    seen: Seen = None,
) -> None:
    """Work out the answer for a child, or for all, and keep it.

    \b
    Examples:
      whichteam register answer 4711
      whichteam register answer 4711 --as-of 2024-10-16 --known-on 2024-10-16
      whichteam register answer --all
    """
    from explain.register import changing, keeping

    if (child is None) != every or (every and (known_on or policy or set_ or seen is not None)):
        changing.refuse_answer(child, every)
    if child is not None:
        changing.answer(child, as_of, known_on, policy, set_ or [], by, seen)
    elif code := keeping.answer_all(as_of, by):
        raise SystemExit(code)


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


@app.command()
def due(
    team: Annotated[str | None, typer.Option("--team", metavar="TEAM", help="Only what this team holds or is to receive")] = None,
    within: Annotated[int, typer.Option("--within", metavar="DAYS", help="Days ahead")] = 14,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="Seen from this day; default: today")] = None,
    as_json: Json = False,
) -> None:
    """List limits and transfers that are due, overdue or held up.

    \b
    Example:
      whichteam register due --team TEAM --within 14
    """
    from explain.register import asked

    asked.due(team, within, on, as_json)


@app.command()
def search(
    number: Annotated[str, typer.Argument(metavar="[NUMBER]", help="Part of a case number", show_default=False)] = "",
    team: Annotated[str | None, typer.Option("--team", metavar="TEAM", help="Team that holds the child")] = None,
    status: Annotated[str | None, typer.Option("--status", metavar="STATUS", help="decided, unknown, silent or conflict")] = None,
    person: Annotated[str | None, typer.Option("--person", metavar="NAME", help="Who did something about the child")] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="Something was recorded on or after this day")
    ] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help="Something was recorded on or before it")] = None,
    unconfirmed: Annotated[bool, typer.Option("--unconfirmed", help="Nobody decided about the latest answer")] = False,
    overridden: Annotated[bool, typer.Option("--overridden", help="The latest answer was set aside")] = False,
    most: Annotated[int, typer.Option("--most", metavar="N", help="How many to print")] = 50,
    as_json: Json = False,
) -> None:
    """Find children by number, team, status, person or time."""
    from explain.register import asked

    asked.search(number, team, status, person, since, until, unconfirmed, overridden, most, as_json)


@app.command()
def replay(
    policy: Annotated[str, typer.Option("--policy", metavar="POLICY", help="Policy name or folder", show_default=False)],
    set_: Set = None,
    latest: Annotated[bool, typer.Option("--latest", help="Only the latest answer of each child")] = False,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write every difference: .csv or .json")] = None,
) -> None:
    """Tell which past answers would differ under another policy.

    \b
    Example:
      whichteam register replay --policy ./new-edition --latest
    """
    from explain.register import asked

    asked.replay(policy, set_ or [], latest, out)


@app.command()
def audit(
    head: Annotated[
        list[str] | None, typer.Option("--head", metavar="HEAD", help="A head that was printed before; repeatable")
    ] = None,
) -> None:
    """Check that nothing was changed behind the register's back, and print its head.

    Print the head, or send it to somebody else: with it a later audit finds
    a log that was cut or made anew. Exit 1 if anything was changed.

    \b
    Example:
      whichteam register audit --head 4711-0b5f...
    """
    from explain.register import keeping

    if code := keeping.audit(head or []):
        raise SystemExit(code)


@app.command("import")
def import_(
    source: Annotated[
        str, typer.Argument(metavar="SOURCE", help="Caseload, Annex A workbook, SSD folder or database URL", show_default=False)
    ],
    policy: Policy = None,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="Day that the data describe")] = None,
    teams: Annotated[Path | None, typer.Option("--teams", metavar="FILE", help="Council's team names (TOML)")] = None,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE", help="Write every disagreement and refusal: .csv")
    ] = None,
    by: By = None,
) -> None:
    """Take in a caseload or a council's data, again and again.

    What people recorded stands; what the data say otherwise is told.

    \b
    Example:
      whichteam register import annex_a.xlsx --policy POLICY --as-of 2024-11-20
    """
    from explain.register import keeping

    if code := keeping.import_(source, policy, as_of, teams, report, by):
        raise SystemExit(code)


@app.command()
def export(
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="File for a child (.json), folder for all", show_default=False)
    ],
    child: Annotated[
        str | None, typer.Argument(metavar="[CHILD]", help="Case number; without it: a case file for each child")
    ] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="For all: the day of the cases")] = None,
) -> None:
    """Write all that is kept of a child, or every child's case."""
    from explain.register import keeping

    keeping.export(out, child, as_of)


@app.command()
def backup(file: Annotated[Path, typer.Argument(metavar="FILE", help="New file for the copy", show_default=False)]) -> None:
    """Copy the register as it stands now to a file."""
    from explain.register import keeping

    keeping.backup(file)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup", show_default=False)],
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace a register that holds anything; a copy of it is kept")
    ] = False,
) -> None:
    """Put a backup in the place of the register, after auditing it."""
    from explain.register import keeping

    keeping.restore(file, replace)


@app.command()
def check() -> None:
    """Check file, tables and rights. Exit 1 if anything is wrong."""
    from explain.register import keeping

    if code := keeping.check():
        raise SystemExit(code)


@app.command()
def erase(
    child: Annotated[str | None, typer.Argument(metavar="[CHILD]", help="Case number of the council", show_default=False)] = None,
    reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why; it stays, and names nobody")] = None,
    unchanged_for: Annotated[
        int | None, typer.Option("--unchanged-for", metavar="YEARS", help="Children of whom nothing was recorded for so long")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Erase them; without it they are only listed")] = False,
    by: By = None,
) -> None:
    """Erase a child, or those of whom nothing was recorded for years. A tombstone stays.

    \b
    Examples:
      whichteam register erase 4711 --reason "retention period over" --yes
      whichteam register erase --unchanged-for 25
    """
    from explain.register import keeping

    keeping.erase(child, reason, unchanged_for, yes, by)
