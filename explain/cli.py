"""The command line. Each command parses its options and calls the module that does the work.

Exit codes: 0 if there is an answer (unknown, silent and conflict are answers), 2 for bad input.
With `--exit-status`: 3 unknown, 4 silent, 5 conflict.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from explain import extras
from explain.app import command as app_command
from explain.authors import command as authors
from explain.caseload import command as caseload
from explain.check import command as checking
from explain.intake import command as intake_command
from explain.invented import command as invent_command
from explain.lint import command as lint_command
from explain.no_cache import Commands
from explain.policy_names import notes_on_shadowed
from explain.printed import flush, safe_streams
from explain.register import command as register_command
from explain.report import command as report_command
from explain.version import own_version
from kb import output
from kb.errors import Fault, InputError, shown

app = Commands(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Which social work team holds a child's case under a council's transfer policy, and why. "
    "It advises; a person decides. Nothing leaves this machine.",
)

EXIT_BAD_INPUT = 2
NO_SUCH_PATH = (errno.ENAMETOOLONG, errno.EACCES, errno.EPERM, errno.ELOOP, errno.EROFS)
EXIT_BY_STATUS = {"decided": 0, "unknown": 3, "silent": 4, "conflict": 5}

CaseArgument = Annotated[Path, typer.Argument(metavar="CASE", help="Case file (JSON or YAML)", show_default=False)]
PolicyOption = Annotated[
    str | None, typer.Option("--policy", metavar="POLICY", help="Policy name or folder; default: the case's")
]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="Day of the answer, YYYY-MM-DD; default: the case's")]
Set = Annotated[list[str] | None, typer.Option("--set", metavar="READING=VALUE", help="Set a reading otherwise; repeatable")]


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"whichteam {own_version()}")
        raise typer.Exit


@app.callback()
def options_before_a_command(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit", is_eager=True, callback=_print_version)
    ] = False,
) -> None: ...


@app.command()
def decide(
    case: Annotated[
        Path, typer.Argument(metavar="CASE", help="Case file (JSON or YAML), or a folder of them", show_default=False)
    ],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="For a folder: where to write one JSON file a case")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, with the proof")] = False,
    policy: Annotated[
        list[str] | None, typer.Option("--policy", metavar="POLICY", help="Policy name or folder; twice: side by side")
    ] = None,
    as_of: AsOf = None,
    set_: Set = None,
    exit_status: Annotated[bool, typer.Option("--exit-status", help="Exit 3 if unknown, 4 if silent, 5 if in conflict")] = False,
) -> None:
    """Decide one case, or every case of a folder.

    \b
    Examples:
      whichteam decide case.json
      whichteam decide case.yaml --as-of 2024-10-16 --set day_count=working
      whichteam decide cases/ --out decisions/
    """
    from explain import commands

    day, settings = _day(as_of), _settings(set_)
    if case.is_dir():
        if out is None:
            _fail([Fault(str(case), "is a folder", "name a folder for the decisions: --out DIR")])
        if policy and len(policy) > 1:
            hint = "name one, or decide one case"
            _fail([Fault("--policy", "a folder of cases is decided under one policy", hint)])
        _exit(commands.decide_folder(case, out, policy[0] if policy else None, day, settings))
        return
    if out is not None:
        _fail(
            [
                Fault(
                    str(case),
                    "is one case, so there is no folder to write to",
                    "leave --out away, or name a folder of cases",
                )
            ]
        )
    statuses = commands.decide_one(case, policy or [], day, settings, as_json)
    if exit_status:
        _exit(max(EXIT_BY_STATUS[status] for status in statuses))


@app.command()
def why(
    case: CaseArgument,
    short: Annotated[bool, typer.Option("--short", help="One sentence")] = False,
    full: Annotated[bool, typer.Option("--full", help="Every step, with rule, values, file and line")] = False,
    all_proofs: Annotated[bool, typer.Option("--all-proofs", help="Every proof, smallest first (at most 100)")] = False,
    policy: PolicyOption = None,
    as_of: AsOf = None,
    set_: Set = None,
) -> None:
    """Show the proof of the answer, each step with its clause.

    \b
    Example:
      whichteam why case.json
    """
    from explain import why as reasons

    if short + full + all_proofs > 1:
        _fail([Fault("why", "more than one depth is wanted", "give one of --short, --full and --all-proofs")])
    depth: reasons.Depth = "short" if short else "full" if full else "all proofs" if all_proofs else "tree"
    reasons.why(case, policy, _day(as_of), _settings(set_), depth)


@app.command()
def journey(
    case: CaseArgument,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
    policy: PolicyOption = None,
    as_of: AsOf = None,
    set_: Set = None,
) -> None:
    """Show the child's teams over time and what moved the child.

    \b
    Examples:
      whichteam journey case.json
      whichteam journey case.json --as-of 2024-06-01
    """
    from explain import journey as told

    told.journey(case, policy, _day(as_of), _settings(set_), as_json)


@app.command("why-not")
def why_not(
    team: Annotated[str, typer.Argument(metavar="TEAM", help="Team code or name", show_default=False)],
    case: CaseArgument,
    all_: Annotated[bool, typer.Option("--all", help="Every route; default: the nearest 3")] = False,
    policy: PolicyOption = None,
    as_of: AsOf = None,
    set_: Set = None,
) -> None:
    """Show why a team does not hold the child.

    Lists the routes to the team, nearest first, and what fails in each.

    \b
    Example:
      whichteam why-not TEAM case.json
    """
    from explain import terminal

    terminal.why_not(team, case, policy, _day(as_of), _settings(set_), all_)


@app.command("what-if")
def what_if(
    case: CaseArgument,
    changes: Annotated[
        list[str], typer.Argument(metavar="FACT=VALUE", help="Facts to change; null removes one", show_default=False)
    ],
    policy: PolicyOption = None,
    as_of: AsOf = None,
    set_: Set = None,
) -> None:
    """Show the answer before and after changing some facts.

    Also lists every conclusion that changed.

    \b
    Example:
      whichteam what-if case.json FACT=true ANOTHER=2024-11-19
    """
    from explain import terminal

    terminal.what_if(case, policy, changes, _day(as_of), _settings(set_))


@app.command()
def ask(
    case: CaseArgument,
    interview: Annotated[bool, typer.Option("--interview", help="Ask at the prompt until nothing is left to ask")] = False,
    policy: PolicyOption = None,
    as_of: AsOf = None,
    set_: Set = None,
) -> None:
    """List unrecorded facts that could change the answer.

    Each is printed as a question, with what each reply would decide.

    \b
    Example:
      whichteam ask case.json --interview
    """
    from explain import asking

    asking.ask(case, policy, _day(as_of), _settings(set_), interview)


@app.command()
def nearest(
    team: Annotated[str, typer.Argument(metavar="TEAM", help="Team code or name", show_default=False)],
    case: CaseArgument,
    keep: Annotated[list[str] | None, typer.Option("--keep", metavar="FACT", help="Do not change this fact; repeatable")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Every change; default: the first 8")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
    policy: PolicyOption = None,
    as_of: AsOf = None,
    set_: Set = None,
) -> None:
    """Find the smallest changes of facts that give a team.

    Proves that no smaller change does, or that no change does.

    \b
    Example:
      whichteam nearest TEAM case.json --keep FACT
    """
    from explain import asking

    asking.nearest(team, case, policy, _day(as_of), _settings(set_), keep or [], all_, as_json)


@app.command()
def record(
    case: CaseArgument,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Filed decision: .html, .docx or .json", show_default=False)],
    calendar: Annotated[
        Path | None, typer.Option("--calendar", metavar="FILE", help="Also write deadlines and planned moves: .ics")
    ] = None,
    document: Annotated[
        Path | None, typer.Option("--document", metavar="FILE", help="Council's document as text, to quote its passages")
    ] = None,
    confirmed_by: Annotated[str | None, typer.Option("--confirmed-by", metavar="NAME", help="Who confirmed the answer")] = None,
    confirmed_on: Annotated[
        str | None, typer.Option("--confirmed-on", metavar="DATE", help="Day of the confirmation, YYYY-MM-DD")
    ] = None,
    overridden_to: Annotated[
        str | None, typer.Option("--overridden-to", metavar="TEAM", help="Team decided on instead; needs --reason")
    ] = None,
    reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why the answer was set aside")] = None,
    as_of: AsOf = None,
    set_: Set = None,
) -> None:
    """Write the decision to a file, with proof and deadlines.

    \b
    Examples:
      whichteam record case.json --out record.html --calendar deadlines.ics
      whichteam record case.json --out record.docx --confirmed-by "A Manager"
    """
    from explain.filed import command

    wanted = command.Wanted(out, calendar, document, confirmed_by, confirmed_on, overridden_to, reason)
    command.file_record(case, wanted, _day(as_of), _settings(set_))


@app.command()
def verify(
    record: Annotated[Path, typer.Argument(metavar="RECORD", help="Filed decision in JSON", show_default=False)],
    policy: Annotated[
        str | None, typer.Option("--policy", metavar="POLICY", help="Policy name or folder; default: the decision's")
    ] = None,
) -> None:
    """Check a filed decision and recompute its answer.

    Exit codes: 0 sound, under the rules installed here; 1 not sound;
    2 unreadable; 3 sound, under other rules.

    \b
    Example:
      whichteam verify record.json
    """
    from explain.filed import again

    _exit(again.check_record(record, policy))


@app.command()
def graph(
    policy: Annotated[str | None, typer.Argument(metavar="POLICY", help="Policy name or folder", show_default=False)] = None,
    format_: Annotated[
        str | None,
        typer.Option("--format", metavar="FORMAT", help="Default: by the ending of --out, else text"),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write to this file")] = None,
    case: Annotated[
        Path | None, typer.Option("--case", metavar="CASE", help="Mark the team, past moves and next move of a case")
    ] = None,
    cases: Annotated[Path | None, typer.Option("--cases", metavar="DIR", help="Count the moves of a folder of cases")] = None,
    compare: Annotated[
        tuple[str, str] | None,
        typer.Option("--compare", metavar="A B", help="Compare two policies or POLICY,READING=VALUE"),
    ] = None,
    around: Annotated[str | None, typer.Option("--around", metavar="TEAM", help="Only this team and its neighbours")] = None,
    report: Annotated[bool, typer.Option("--report", help="Report entries, dead ends, loops, bottlenecks")] = False,
    as_of: AsOf = None,
    set_: Set = None,
) -> None:
    """Show the teams of a policy and the moves between them.

    Formats: text, dot, svg, png, pdf, graphml, gexf, json, mermaid, csv, html.

    \b
    Examples:
      whichteam graph POLICY --out graph.svg
      whichteam graph --case case.json --out case.html
      whichteam graph POLICY --report
    """
    from explain.graph import command

    wanted = command.Wanted(policy, format_, out, case, cases, compare, around, report)
    command.write_graph(wanted, _day(as_of), _settings(set_))


@app.command()
def policies() -> None:
    """List the installed policies."""
    from explain import terminal

    terminal.policies()


@app.command()
def clause(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Clause ids, as decisions cite them", show_default=False)],
    policy: Annotated[str | None, typer.Option("--policy", metavar="POLICY", help="Search only this policy")] = None,
    tree: Annotated[bool, typer.Option("--tree", help="Show exceptions, and theirs, instead of rules")] = False,
) -> None:
    """Show a clause: lines, paraphrase and the rules for it.

    \b
    Examples:
      whichteam clause ID
      whichteam clause ID --tree
    """
    from explain import terminal

    terminal.clause(ids, policy, tree)


@app.command("explain-sql")
def explain_sql(
    clause: Annotated[str, typer.Argument(metavar="CLAUSE", help="Clause id, as decisions cite it", show_default=False)],
    policy: Annotated[str | None, typer.Option("--policy", metavar="POLICY", help="Search only this policy")] = None,
) -> None:
    """Print the SQL for a clause's rules, with a legend.

    \b
    Example:
      whichteam explain-sql ID
    """
    from explain import clause_sql

    clause_sql.explain_sql(clause, policy)


@app.command()
def facts(
    word: Annotated[
        str | None, typer.Argument(metavar="WORD", help="Only facts with this in name or question", show_default=False)
    ] = None,
    policy: Annotated[
        str | None, typer.Option("--policy", metavar="POLICY", help="Also the facts, counts and tables of this policy")
    ] = None,
) -> None:
    """List the case facts: name, type, question, time.

    \b
    Examples:
      whichteam facts conference
      whichteam facts --policy ./northshire
    """
    from explain import fact_list

    fact_list.facts(word, policy)


@app.command()
def codes(
    word: Annotated[
        str | None, typer.Argument(metavar="WORD", help="Only codes with this in code or name", show_default=False)
    ] = None,
    policy: Annotated[str | None, typer.Option("--policy", metavar="POLICY", help="Also the codes of this policy")] = None,
) -> None:
    """List the codes: teams, transfer points, gates, duties.

    Also deadlines, findings and the rest of what an answer may name,
    each with its name.

    \b
    Examples:
      whichteam codes --policy ./northshire
      whichteam codes meeting --policy ./northshire
    """
    from explain import code_list

    code_list.codes(word, policy)


@app.command()
def readings(policy: Annotated[str, typer.Argument(metavar="POLICY", help="Policy name or folder", show_default=False)]) -> None:
    """List what a policy leaves open, and the settings in use."""
    from explain import terminal

    terminal.readings(policy)


@app.command()
def sentences(
    policy: Annotated[str, typer.Argument(metavar="POLICY", help="Policy name or folder", show_default=False)],
    all_: Annotated[bool, typer.Option("--all", help="With every name filled in, not only the first")] = False,
) -> None:
    """List every sentence that an answer can contain.

    Each comes with the place in the policy that it is made from.

    \b
    Example:
      whichteam sentences POLICY
    """
    from explain.sentences import print_sentences

    print_sentences(policy, all_)


@app.command()
def coverage(policy: Annotated[str, typer.Argument(metavar="POLICY", help="Policy name or folder", show_default=False)]) -> None:
    """List clauses encoded, out of scope and missing.

    Exit 1 if a clause has no rule and no reason, or a rule no clause.
    """
    from explain import terminal

    _exit(terminal.coverage(policy))


@app.command("new-policy")
def new_policy(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Code of the new policy, such as northshire", show_default=False)],
    into: Annotated[Path, typer.Option("--into", metavar="DIR", help="Parent folder")] = Path("."),
    from_document: Annotated[
        Path | None,
        typer.Option("--from-document", metavar="FILE", help="Propose the register from this document: txt, html, docx, pdf"),
    ] = None,
) -> None:
    """Create the folder of a new policy from the template.

    With --from-document the folder has a row of the register for each paragraph
    of the document, without its words, and no rules.

    \b
    Examples:
      whichteam new-policy northshire && whichteam check ./northshire
      whichteam new-policy northshire --from-document policy.docx
    """
    from kb.offered import quoted
    from queries.new_policy import new_policy as make

    folder = make(name, into, from_document)
    place = str(folder) if folder.is_absolute() else f"./{folder}"
    print(f"Made {folder}. Check it with: whichteam check {quoted(place)}")


@app.command()
def schema(
    what: Annotated[str, typer.Argument(metavar="case|decision", help="Which schema", show_default=False)],
    policy: Annotated[str, typer.Argument(metavar="POLICY", help="Policy name or folder", show_default=False)],
) -> None:
    """Print the JSON Schema of cases or decisions.

    \b
    Example:
      whichteam schema case POLICY
    """
    from explain import commands

    if what not in ("case", "decision"):
        _fail([Fault("schema", f"there is no schema `{what}`", "choose case or decision")])
    commands.schema(what, policy)


checking.register(app)
lint_command.register(app)
report_command.register(app)
authors.register(app)
intake_command.register(app)
invent_command.register(app)
caseload.register(app)
register_command.register(app)
app_command.register(app)


def _day(raw: str | None) -> int | None:
    if raw is None:
        return None
    try:
        from kb.case import parse_day

        return parse_day(raw)
    except ValueError:
        _fail([Fault("--as-of", f"`{raw}` is not a date", "write it as 2024-09-03")])


def _settings(raw: list[str] | None) -> dict[str, str]:
    settings: dict[str, str] = {}
    for item in raw or []:
        name, equals, value = item.partition("=")
        if not equals or not value:
            _fail([Fault("--set", f"`{item}` is not READING=VALUE", "write for example --set day_count=working")])
        settings[name.strip()] = value.strip()
    return settings


def _fail(faults: list[Fault]) -> NoReturn:
    _print(faults)
    raise SystemExit(EXIT_BAD_INPUT)


def _print(faults: Iterable[Fault]) -> None:
    for fault in faults:
        print(f"error: {fault}", file=sys.stderr)


def _exit(code: int) -> None:
    if code:
        raise SystemExit(code)


def main() -> None:
    """Runs the command line and exits.

    Faults in the input are printed and give exit code 2, as does an unexpected error, in one line. With
    WHICHTEAM_DEBUG set, an unexpected error shows Python's traceback.
    """
    if not os.environ.get("WHICHTEAM_DEBUG"):
        sys.unraisablehook = lambda _: None  # exceptions in destructors of libraries
    with safe_streams():
        code = _run()
        try:
            flush()
        except OSError as error:
            code = code or _print_full(error)
        raise SystemExit(code)


def _print_full(error: OSError) -> int:
    """Reports that a write failed for lack of space; returns the exit code."""
    where = str(error.filename or "the output, or a temporary file")
    _print([Fault(where, f"can't be written: {(error.strerror or 'not possible').lower()}", "make room on the disk")])
    return EXIT_BAD_INPUT


def _run() -> int:
    for note in notes_on_shadowed():
        print(f"note: {note}", file=sys.stderr)
    try:
        app()
    except SystemExit as stop:
        return int(stop.code or 0)
    except InputError as error:
        _print(error.faults)
    except Exception as error:
        if isinstance(error, OSError) and error.errno in output.FULL:
            return _print_full(error)
        if isinstance(error, OSError) and error.filename is not None and error.errno in NO_SUCH_PATH:
            reason = (error.strerror or "not possible").lower()
            _print([Fault(shown(str(error.filename)), f"can't be used: {reason}", "check the path")])
            return EXIT_BAD_INPUT
        fault = extras.missing(error) if isinstance(error, ModuleNotFoundError) else None
        if fault is not None:
            _print([fault])
            return EXIT_BAD_INPUT
        if os.environ.get("WHICHTEAM_DEBUG"):
            raise
        from explain.unforeseen import print_unforeseen

        print_unforeseen(error)
    return EXIT_BAD_INPUT


if __name__ == "__main__":
    main()
