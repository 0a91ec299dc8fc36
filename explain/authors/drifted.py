"""`whichteam drift`: the clauses, rules, examples and cases that a new edition of the document affects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from explain.authors.tested import read_cases
from explain.decision_json import decision_json
from explain.lint.as_json import finding_json
from explain.lint.said import where
from explain.printed import print_json
from explain.screen import screen
from explain.words import spans
from kb import output
from kb.edition import Edition, read_edition
from kb.engines.pydatalog import PyDatalog
from kb.errors import Fault, InputError, many
from kb.examples import read_examples
from kb.fingerprint import fingerprint
from kb.offered import quoted
from kb.policy import Policy, find_policy, load_policy
from kb.program import Program
from queries.decide import decide
from queries.drift import CHANGED, GONE, MOVED, STATUSES, UNCHANGED, UNTOLD, ClauseDrift, Drift, LineDrift, lint_of_new
from queries.drift import drift as find_drift
from queries.lint import Finding, lint
from queries.load import load_program

SHOWN = 200  # characters of a passage that are shown
FILE = "fingerprints.tsv"
ORDER = (GONE, CHANGED, UNTOLD, MOVED)


@dataclass(frozen=True, slots=True)
class Touched:
    """What depends on one clause: rules by position, examples by name, cases by id."""

    rules: tuple[str, ...]
    examples: tuple[str, ...]
    cases: tuple[str, ...]


def drift(name: str, document: Path, cases: Path | None, as_json: bool) -> int:
    """Prints what a new edition changes. Returns the exit code: 1 if anything changed, else 0.

    name      policy name or folder
    cases     folder or scenario file whose cases to report too

    Errors: `InputError`, also if the policy has no fingerprints.
    """
    program = load_program(name)
    policy = program.policy
    if not policy.fingerprints:
        hint = (
            f"write them from the edition that its rules were read from: whichteam drift {quoted(name)} --document FILE --accept"
        )
        raise InputError([Fault(f"{policy.code}/{FILE}", "there are no fingerprints to compare with", hint)])
    edition = read_edition(document)
    result = find_drift(policy, edition)
    given = list(read_cases(cases, program)) if cases else []
    touched: dict[str, Touched] = {}
    if drifted := [clause.clause for clause in result.clauses if clause.status != UNCHANGED]:
        examples = {
            e.name: _cited(load_program(name, dict(e.settings)), e.case) for e in read_examples(find_policy(name), policy)
        }
        others = {s.case.case_id: _cited(program, s.case) for s in given if s}
        touched = {clause: _touched(policy, clause, examples, others) for clause in drifted}
    linted = [] if result.none else lint_of_new(result, lint(edition, date.today(), policy))
    if as_json:
        print_json(_as_json(policy, edition, result, touched, linted))
    else:
        _print(policy, edition, result, touched, linted, bool(cases))
    return 0 if result.none else 1


def accept(name: str, document: Path) -> int:
    """Saves the fingerprints of an edition in the policy's folder. Errors: `InputError`."""
    folder = find_policy(name)
    policy = load_policy(folder)
    edition = read_edition(document)
    if not edition.counted:
        raise InputError([Fault(document.name, "a PDF has no lines to count by", "give the edition as text, HTML or Word")])
    numbered = [(_number(block.place), block.text) for block in edition.blocks]
    cited = {line for clause in policy.clauses.values() for line in clause.lines}
    missing = sorted(cited - {number for number, _ in numbered})
    if missing:
        message = f"the clauses cite lines that it has not: {spans(tuple(missing))}"
        raise InputError([Fault(document.name, message, f"bring the lines in {policy.code}/clauses.tsv up to date first")])
    text = "line\tsha256\n" + "".join(f"{number}\t{fingerprint(line)}\n" for number, line in numbered)
    output.write(folder / FILE, text, private=False)
    print(f"{policy.code}: kept the fingerprints of {many(len(numbered), 'line')} of {document.name}")
    return 0


def _number(place: str) -> int:
    """The line or paragraph number at the end of a place such as `line 12`."""
    return int(place.rsplit(" ", 1)[1])


def _cited(program: Program, case: Any) -> frozenset[str]:
    """The clauses that the answer to a case cites."""
    clauses = decision_json(decide(program, case, PyDatalog()), proof=False)["clauses"]
    return frozenset(clause["id"] for clause in clauses)


def _touched(policy: Policy, clause: str, examples: Mapping[str, frozenset[str]], cases: Mapping[str, frozenset[str]]) -> Touched:
    return Touched(
        tuple(str(rule.position) for rule in policy.rules if clause in rule.clauses),
        tuple(name for name, cited in examples.items() if clause in cited),
        tuple(name for name, cited in cases.items() if clause in cited),
    )


# In the terminal --------------------------------------------------------------------------


def _print(
    policy: Policy,
    edition: Edition,
    result: Drift,
    touched: Mapping[str, Touched],
    linted: Sequence[Finding],
    with_cases: bool,
) -> None:
    counts = Counter(line.status for line in result.lines)
    summary = ", ".join(f"{counts[status]} {status}" for status in STATUSES if counts[status])
    screen().print(
        f"[bold]{escape(policy.code)}[/bold] against {escape(edition.name)}: of {many(len(result.lines), 'line')} {summary}."
    )
    if result.none:
        screen().print("Nothing has changed.")
    clauses = sorted((c for c in result.clauses if c.status != UNCHANGED), key=lambda c: ORDER.index(c.status))
    if clauses:
        screen().print("\n[bold]Clauses to read again[/bold]")
        screen().print(_table(policy, clauses, touched, with_cases))
        _print_touched(touched.values())
    lines = [line for line in result.lines if line.status in (CHANGED, GONE)]
    if lines:
        screen().print("\n[bold]Lines[/bold]")
        for line in lines:
            _entry(_line_told(line), line.now.text if line.now else "")
    if result.added:
        screen().print("\n[bold]New, under no clause[/bold]")
        for passage in result.added:
            _entry(passage.place, passage.text)
    if linted:
        screen().print("\n[bold]What lint finds in what is new or changed[/bold]")
        for finding in linted:
            _entry(f"{where(finding)}: {finding.says}", "")
    remarks = [*edition.notes, *_remarks(result)]
    if remarks:
        screen().print("\n[bold]How sure this is[/bold]")
        for remark in remarks:
            screen().print(Padding(escape(remark), (0, 0, 0, 2), expand=False))


def _table(policy: Policy, clauses: Sequence[ClauseDrift], touched: Mapping[str, Touched], with_cases: bool) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for title in ("clause", "what", "lines", "now at"):
        table.add_column(title, overflow="fold")
    for title in ("rules", "examples", *(["cases"] if with_cases else [])):
        table.add_column(title, justify="right")
    for clause in clauses:
        rests = touched[clause.clause]
        now = "; ".join(dict.fromkeys(line.now.place for line in clause.lines if line.now))
        row = [clause.clause, clause.status, spans(policy.clauses[clause.clause].lines), now]
        counts = [rests.rules, rests.examples, *([rests.cases] if with_cases else [])]
        table.add_row(*map(escape, row), *(str(len(part)) for part in counts))
    return table


def _print_touched(touched: Iterable[Touched]) -> None:
    """Prints the rules, examples and cases that depend on the clauses to review, each once."""
    rests = list(touched)
    files: dict[str, set[int]] = {}
    for place in (place for part in rests for place in part.rules):
        file, line, _ = place.rsplit(":", 2)
        files.setdefault(file, set()).add(int(line))
    rules = [f"{file}, line{'s' if len(lines) > 1 else ''} {spans(tuple(lines))}" for file, lines in sorted(files.items())]
    examples = list(dict.fromkeys(name for part in rests for name in part.examples))
    cases = [", ".join(dict.fromkeys(name for part in rests for name in part.cases))]
    for title, lines_of_part in (
        ("Their rules", rules),
        ("Examples that rest on them", examples),
        ("Cases that rest on them", cases),
    ):
        if any(lines_of_part):
            screen().print(f"\n[bold]{title}[/bold]")
            for line in lines_of_part:
                screen().print(Padding(escape(line), (0, 0, 0, 2), expand=False))


def _line_told(line: LineDrift) -> str:
    if line.now is None:
        return f"line {line.line} is gone" + (" (or one of its neighbours, see below)" if line.judged else "")
    return f"line {line.line}{', it seems,' if line.judged else ''} now reads, at {line.now.place}"


def _entry(title: str, text: str) -> None:
    shown = text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
    screen().print(Padding(escape(f"{title}: “{shown}”" if shown else title), (0, 0, 0, 2), expand=False))


def _remarks(result: Drift) -> list[str]:
    """Caveats: what can't be known without the words of the old edition."""
    remarks: list[str] = []
    statuses = {line.status for line in result.lines}
    if CHANGED in statuses:
        remarks.append("The old words are not kept: a line that was taken out where a new one was put in shows as changed.")
    if any(line.judged for line in result.lines):
        remarks.append(
            "Where the numbers of old and new lines differ, the words of our paraphrases decide which belong together."
        )
    untold = [c.clause for c in result.clauses if c.status == UNTOLD]
    if untold:
        remarks.append(f"There is no fingerprint for some lines of {', '.join(untold)}: nothing can be told of those.")
    return remarks


# As JSON ----------------------------------------------------------------------------------


def _as_json(
    policy: Policy, edition: Edition, result: Drift, touched: Mapping[str, Touched], linted: Sequence[Finding]
) -> dict[str, Any]:
    return {
        "policy": policy.code,
        "document": edition.name,
        "same": result.none,
        "lines": [_line_json(line) for line in result.lines],
        "clauses": [
            {
                "clause": clause.clause,
                "status": clause.status,
                "lines": [line.line for line in clause.lines],
                **(
                    {"rules": list(rests.rules), "examples": list(rests.examples), "cases": list(rests.cases)}
                    if (rests := touched.get(clause.clause))
                    else {}
                ),
            }
            for clause in result.clauses
        ],
        "new": [{"at": passage.place, "text": passage.text} for passage in result.added],
        "lint": [finding_json(finding) for finding in linted],
        "notes": [*edition.notes, *_remarks(result)],
    }


def _line_json(line: LineDrift) -> dict[str, Any]:
    row: dict[str, Any] = {"line": line.line, "status": line.status, "judged": line.judged}
    if line.now is not None:
        row["now"] = {"at": line.now.place} | ({"text": line.now.text} if line.status == CHANGED else {})
    return row
