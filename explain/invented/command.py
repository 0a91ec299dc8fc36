"""The command `invent` on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Adds the command to `app`."""
    app.command()(invent)


def invent(
    policy: Annotated[str, typer.Option("--policy", metavar="POLICY", help="Policy name or folder", show_default=False)],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="New folder to write to", show_default=False)],
    children: Annotated[int, typer.Option("--children", metavar="N", help="Number of children")] = 60,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Random seed")] = 1,
    form: Annotated[str, typer.Option("--format", metavar="FORMAT", help="own, annex-a, ssd, cin-census or ssda903")] = "own",
    faults: Annotated[float, typer.Option("--faults", metavar="SHARE", help="Share of children with a data fault, 0 to 1")] = 0.0,
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="Day of the data")] = "2024-11-20",
) -> None:
    """Generate invented children, with a key of the right teams.

    Some have a wrong team on record.

    \b
    Examples:
      whichteam invent --policy POLICY --children 300 --out invented/
      whichteam invent --policy POLICY --format annex-a --faults 0.1 --out invented/
    """
    from kb.case import parse_day
    from kb.errors import Fault, InputError
    from queries.invented import Wanted, make_invented
    from queries.load import load_program

    try:
        day = parse_day(as_of)
    except ValueError:
        raise InputError([Fault("--as-of", f"`{as_of}` is not a date", "write it as 2024-09-03")]) from None
    made = make_invented(load_program(policy), Wanted(children, seed, day, form, faults), out)
    print(f"{made.children:,} invented children; {made.wrong:,} with a wrong team on record, which the policy can tell.")
    if made.without_team:
        print(f"For {made.without_team:,} the policy gives no single team.")
    if made.faults:
        print(f"{made.faults:,} faults in the data, with a key.")
    for path in made.files:
        print(f"Wrote {path}")
