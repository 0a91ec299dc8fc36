"""`whichteam graph`: builds the graph and writes it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from explain.graph import comparison, report
from explain.graph.formats import BINARY, FORMATS, format_for
from explain.graph.overlay import NOTHING, Overlay
from explain.graph.overlays import of_case, of_comparison, of_flows
from explain.printed import print_bytes
from kb import output
from kb.engines.pydatalog import PyDatalog
from kb.errors import Fault, InputError, did_you_mean
from kb.program import Program
from kb.space import ORDINARY_DAY
from queries.decide import decide
from queries.graph.build import team_graph
from queries.graph.compare import compare
from queries.graph.flows import flows
from queries.graph.model import TeamGraph, around
from queries.graph.place import Place, place, with_agreed
from queries.graph.proved import proved
from queries.graph.report import report as findings
from queries.load import load_case, load_program, load_version

CASE_FILES = (".json", ".yaml", ".yml")


@dataclass(frozen=True)
class Wanted:
    """Options of the command; see `whichteam graph --help`."""

    policy: str | None
    format: str | None
    out: Path | None
    case: Path | None
    cases: Path | None
    compare: tuple[str, str] | None
    around: str | None
    report: bool


def write_graph(wanted: Wanted, as_of: int | None, settings: dict[str, str]) -> None:
    """Writes the graph, comparison or report to a file or standard output.

    `as_of`: day of the answer, or of the cases that the moves are checked over, as an ordinal; None for the default.
    Errors: `InputError`, before anything is written.
    """
    _one_question(wanted)
    form = format_for(wanted.format, wanted.out)
    if form in BINARY and wanted.out is None and sys.stdout.isatty():
        raise InputError([Fault(f"--format {form}", "is no text for a screen", f"name a file: --out graph.{form}")])
    if wanted.report:
        _put(_report(_graph(load_program(_policy(wanted), settings), as_of), form), form, wanted)
        return
    if wanted.compare:
        _put(_comparison(wanted, form, as_of, settings), form, wanted)
        return
    if wanted.case:
        graph, overlay = _case(wanted.case, wanted.policy, as_of, settings)
    elif wanted.cases:
        graph, overlay = _cases(wanted.cases, wanted.policy, as_of, settings)
    else:
        graph, overlay = _graph(load_program(_policy(wanted), settings), as_of), NOTHING
    if wanted.around:
        graph = around(graph, _team(graph, wanted.around))
    _put(FORMATS[form](graph, overlay), form, wanted)


def _one_question(wanted: Wanted) -> None:
    asked = {"--case": wanted.case, "--cases": wanted.cases, "--compare": wanted.compare, "--report": wanted.report}
    given = [name for name, value in asked.items() if value]
    if len(given) > 1:
        raise InputError([Fault("graph", f"{' and '.join(given)} are different questions", "ask one at a time")])
    if wanted.around and given in (["--compare"], ["--report"]):
        raise InputError([Fault("--around", f"does not go with {given[0]}", "leave one of them away")])


def _policy(wanted: Wanted) -> str:
    if wanted.policy is None:
        raise InputError(
            [Fault("graph", "no policy is named", "write for example: whichteam graph POLICY (see: whichteam policies)")]
        )
    return wanted.policy


def _graph(program: Program, day: int | None = None) -> TeamGraph:
    """The graph with the moves checked over all cases of a day (an ordinal)."""
    results = proved(program, ORDINARY_DAY if day is None else day)
    return team_graph(program, results.takable, results.witness, results.day)


def _team(graph: TeamGraph, name: str) -> str:
    """The code of a team given by code or name. Errors: `InputError` with a suggestion."""
    for team in graph.teams:
        if name == team.code or name.lower() in (known.lower() for known in team.names):
            return team.code
    known = [text for team in graph.teams for text in (team.code, *team.names)]
    teams = "teams: " + ", ".join(team.code for team in graph.teams)
    raise InputError([Fault("--around", f"there is no team `{name}`", did_you_mean(name, known) or teams)])


def _case(path: Path, policy: str | None, as_of: int | None, settings: dict[str, str]) -> tuple[TeamGraph, Overlay]:
    program, case = load_case(path, policy, as_of, settings)
    decision = decide(program, case, PyDatalog())
    position = place(decision)
    graph = with_agreed(_graph(program), position, decision.model)
    return graph, of_case(graph, decision, position)


def _cases(folder: Path, policy: str | None, as_of: int | None, settings: dict[str, str]) -> tuple[TeamGraph, Overlay]:
    """The graph with the flows of a folder of cases. Errors: `InputError`, the faults of all cases."""
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in CASE_FILES) if folder.is_dir() else []
    if not files:
        message = "holds no case file" if folder.is_dir() else "is not a folder"
        raise InputError([Fault(str(folder), message, "name a folder of case files, which end in .json, .yaml or .yml")])
    engine, graph = PyDatalog(), None
    faults: list[Fault] = []
    programs: dict[str, str] = {}
    places: list[Place] = []
    for path in files:
        try:
            program, case = load_case(path, policy, as_of, settings)
        except InputError as error:
            faults += list(error.faults)
            continue
        programs.setdefault(program.policy.code, path.name)
        decision = decide(program, case, engine)
        places.append(place(decision))
        graph = with_agreed(graph or _graph(program), places[-1], decision.model)
    if len(programs) > 1:
        named = ", ".join(f"{code} ({name})" for code, name in programs.items())
        faults.append(
            Fault(
                str(folder),
                f"the cases are under several policies: {named}",
                "name one to use for all: whichteam graph POLICY --cases DIR",
            )
        )
    if faults:
        raise InputError(faults)
    assert graph is not None
    return graph, of_flows(graph, flows(places), program.policy.vocabulary.label)


def _report(graph: TeamGraph, form: str) -> bytes:
    return _text_or_json("--report", form, report.as_text(graph, findings(graph)), report.as_json(graph, findings(graph)))


def _comparison(wanted: Wanted, form: str, as_of: int | None, settings: dict[str, str]) -> bytes:
    assert wanted.compare is not None
    before, after = (_graph(load_version(name, settings, "--compare"), as_of) for name in wanted.compare)
    result = compare(before, after)
    if form in ("text", "json"):
        text, document = comparison.as_text(before, after, result), comparison.as_json(before, after, result)
        return _text_or_json("--compare", form, text, document)
    if not (result.added or result.gone or result.changed or result.same):
        message = "no move joins teams that both know, so there is no one picture of both"
        raise InputError([Fault("--compare", message, "take --format text or json, or a graph of each")])
    joined, overlay = of_comparison(before, after, result)
    return FORMATS[form](joined, overlay)


def _text_or_json(what: str, form: str, text: str, document: str) -> bytes:
    if form not in ("text", "json"):
        raise InputError([Fault(what, f"can't be written as {form}", "formats: text, json")])
    return (text if form == "text" else document).encode()


def _put(content: bytes, form: str, wanted: Wanted) -> None:
    if wanted.out is not None:
        output.write(wanted.out, content, private=bool(wanted.case or wanted.cases))
        print(f"Written: {wanted.out}")
    elif form == "text":
        print(content.decode(), end="")
    else:
        print_bytes(content)
