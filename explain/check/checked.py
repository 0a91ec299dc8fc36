"""`whichteam check`: runs the checks and writes the report."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from explain.check.as_json import as_json
from explain.check.as_sarif import as_sarif
from explain.check.in_words import in_full, in_short, page
from explain.check.pages import known
from explain.document.as_markdown import as_markdown
from explain.document.as_text import as_text
from explain.printed import print_bytes
from explain.terminal import console
from kb import output
from kb.case import parse_day
from kb.errors import Fault, InputError, did_you_mean, many
from kb.language.checks.first_steps import has_begun
from kb.lowering.strata import layers
from kb.offered import quoted
from kb.policy import find_policy
from kb.program import Program
from kb.space import ORDINARY_DAY
from kb.without_faults import standing
from queries.check import SECONDS, Outcome, Report, run
from queries.check.subject import names
from queries.load import load_program

TEXT = "text"
WHOLE: dict[str, Callable[[Program, Report], str]] = {  # the formats that always have everything
    "json": as_json,
    "sarif": as_sarif,
    "markdown": lambda program, report: as_markdown(page(program, report)),
}
FORMATS = (TEXT, *WHOLE)
MOST_FAULTS = 20  # faults of form that are told at once


@dataclass(frozen=True)
class Wanted:
    """Options of the command; see `whichteam check --help`."""

    format: str
    only: tuple[str, ...]
    rules_only: bool
    deep: bool
    as_of: str | None
    out: Path | None
    seconds: float = SECONDS
    everything: bool = False

    def command(self, policy: str) -> str:
        """The command that makes the same report, without options about what is shown of it."""
        as_of = f" --as-of {self.as_of}" if self.as_of else ""
        return f"whichteam check {quoted(policy)}{' --deep' if self.deep else ''}{as_of}"


def check(policy: str, wanted: Wanted) -> bool:
    """Checks a policy and writes the report. Returns whether anything weightier than a note was found. Errors: `InputError`."""
    day = _asked(wanted)
    try:
        program = load_program(policy)
    except InputError as error:
        raise InputError(_told(_check_what_stands(policy, wanted, day) or error.faults, policy, wanted)) from None
    if wanted.rules_only or (wanted.format == TEXT and wanted.out is None):
        console.print(counts(program))
    if wanted.rules_only:
        return False
    report = _run(program, wanted, day)
    text = _text(program, report, policy, wanted) if wanted.format == TEXT else WHOLE[wanted.format](program, report)
    if wanted.out is None:
        if wanted.format == TEXT:
            print(text, end="")
        else:
            print_bytes(text.encode())
    else:
        output.write(wanted.out, text, private=False)
        print(f"Wrote {wanted.out}.", file=sys.stderr)
    return any(finding.weight != "note" for finding in report.findings)


def _text(program: Program, report: Report, policy: str, wanted: Wanted, after: str = "") -> str:
    """The report as text: all of it if everything or some checks were asked for, else what to do first."""
    full = wanted.everything or wanted.only
    return as_text(in_full(program, report) if full else in_short(program, report, wanted.command(policy), after))


def _told(faults: Sequence[Fault], policy: str, wanted: Wanted) -> Sequence[Fault]:
    """The faults of form that are told: the first of them, unless all were asked for."""
    more = len(faults) - MOST_FAULTS
    if more <= 1 or wanted.everything or wanted.rules_only:
        return faults
    hint = f"put these right first; `whichteam check {quoted(policy)} --rules-only` tells all"
    return [*faults[:MOST_FAULTS], Fault("the rest", f"{many(more, 'more fault')} are not told here", hint)]


def _run(program: Program, wanted: Wanted, day: int) -> Report:
    def started(name: str) -> None:
        print(f"checking {name}", file=sys.stderr)

    return run(program, wanted.only, day, started, wanted.deep, lambda name, outcome: _print_found(outcome), wanted.seconds)


def _check_what_stands(policy: str, wanted: Wanted, day: int) -> tuple[Fault, ...]:
    """Prints what the checks find in a policy without its faulty rules; returns the faults.

    Findings about clauses that lost a rule are left out. Nothing is returned if the rest can't be understood by itself, and
    nothing is printed for files and other formats than text: these are for whole policies.
    """
    left = standing(find_policy(policy))
    if left is None:
        return ()
    if wanted.format == TEXT and wanted.out is None and not wanted.rules_only and has_begun(left.program.policy):
        print("There are faults of form: see the end. What stands is checked.", file=sys.stderr)
        report = _run(left.program, wanted, day)
        kept = {
            name: replace(outcome, findings=tuple(f for f in outcome.findings if not set(f.clauses) & set(left.clauses)))
            for name, outcome in report.outcomes.items()
        }
        after = ", once the faults of form are put right"
        print(_text(left.program, replace(report, outcomes=kept), policy, wanted, after), end="")
        if left.rules:
            rules = "1 faulty rule is" if left.rules == 1 else f"{left.rules} faulty rules are"
            print(f"  {rules} left out; findings about {names(left.clauses) or 'no clause'} are not told.")
    return left.faults


def _print_found(outcome: Outcome) -> None:
    """Says what a check has found as soon as it ends; the report comes when all have."""
    if outcome.findings:
        more = len(outcome.findings) - 1
        print(f"  found: {outcome.findings[0].says}{f' And {more} more.' if more else ''}", file=sys.stderr)
    if outcome.unsettled:
        print(f"  not settled: {len(outcome.unsettled)}", file=sys.stderr)


def _asked(wanted: Wanted) -> int:
    """The day of the answers as an ordinal. Errors: `InputError` for an unknown format or check, or a bad date."""
    if wanted.format not in FORMATS:
        hint = did_you_mean(wanted.format, FORMATS) or "formats: " + ", ".join(FORMATS)
        raise InputError([Fault("--format", f"there is no format `{wanted.format}`", hint)])
    known(*wanted.only)
    if wanted.as_of is None:
        return ORDINARY_DAY
    try:
        return parse_day(wanted.as_of)
    except ValueError:
        raise InputError([Fault("--as-of", f"`{wanted.as_of}` is not a date", "write it as 2024-09-03")]) from None


def counts(program: Program) -> str:
    """A sentence with the number of rules; valid for a program that loaded, so its rules are well formed."""
    halves = program.halves
    return (
        f"{program.policy.code}: the rules are well formed. {many(len(program.policy.rules), 'rule')}, "
        f"{many(len(program.ground), 'ground rule')}, "
        f"{many(len(halves.rules), 'plain rule')} in {many(layers(halves), 'layer')} "
        f"over {many(len(halves.conditions), 'condition')}"
    )
