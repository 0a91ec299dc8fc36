"""`whichteam report`: runs the checks and writes the two pages for the policy's author."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from explain.authors.tested import read_cases
from explain.check.in_words import page
from explain.check.said import HEADINGS, conditions, grouped
from explain.decision_json import decision_json
from explain.document.as_html import as_html
from explain.document.as_markdown import as_markdown
from explain.document.as_word import Look, as_word
from explain.document.blocks import Document
from explain.report.content import content
from kb import output
from kb.case import Case, parse_day
from kb.causes import read_causes
from kb.edition import read_edition
from kb.engines.pydatalog import PyDatalog
from kb.errors import Fault, InputError, many
from kb.policy import find_policy
from kb.program import Program
from kb.space import ORDINARY_DAY
from queries.check import run
from queries.decide import decide
from queries.lint import lint
from queries.load import load_program
from queries.report import count_children, numbered, settle

STYLE = Path(__file__).with_name("report.css")
LOOK = Look(size=8.5, headings=(15, 9.5), after=1, margins=(1.4, 1.2))
FORMS: dict[str, Callable[[Document], bytes]] = {
    ".docx": lambda document: as_word(document, LOOK, datetime(2000, 1, 1)),
    ".html": lambda document: as_html(document, STYLE).encode(),
    ".md": lambda document: as_markdown(document).encode(),
}


@dataclass(frozen=True)
class Wanted:
    """Options of the command; see `whichteam report --help`."""

    out: Path
    document: Path | None = None
    cases: Path | None = None
    as_of: str | None = None
    annex: Path | None = None
    check: bool = False


def report(policy: str, wanted: Wanted) -> bool:
    """Writes the report, or with `check` compares it with what is written. Returns whether it is as it should be.

    Errors: `InputError`, before the checks run.
    """
    form = wanted.out.suffix.lower()
    if form not in FORMS:
        hint = "the ending chooses the form: " + ", ".join(FORMS)
        raise InputError([Fault(str(wanted.out), f"no report is written as `{wanted.out.suffix or wanted.out.name}`", hint)])
    made, annex = make(policy, wanted)
    data = FORMS[form](made)
    if wanted.check:
        same = wanted.out.is_file() and wanted.out.read_bytes() == data
        print(f"{wanted.out} is {'current' if same else 'not current: make it anew without --check'}.", file=sys.stderr)
        return same
    for path, written in ((wanted.out, data), *([(wanted.annex, annex.encode())] if wanted.annex else [])):
        output.write(path, written, private=False)
        print(f"Wrote {path}.", file=sys.stderr)
    return True


def make(policy: str, wanted: Wanted) -> tuple[Document, str]:
    """The content of the report, and its annex as Markdown if one is wanted. Errors: `InputError`."""
    day, today = _day(wanted.as_of)
    program = load_program(policy)
    causes = read_causes(find_policy(policy), program.policy)
    linted = lint(read_edition(wanted.document), today, program.policy) if wanted.document else None
    given = [each.case for each in read_cases(wanted.cases, program) if each] if wanted.cases else None
    found = run(program, (), day, lambda name: print(f"checking {name}", file=sys.stderr))
    groups = {
        weight: [(group.first, *group.others) for group in grouped(f for f in found.findings if f.weight == weight)]
        for weight in HEADINGS
    }
    settled = settle(program.policy, causes, numbered(groups, tuple(HEADINGS)))
    if given is not None:
        print(f"deciding {many(len(given), 'case')}", file=sys.stderr)
        settled = count_children(settled, _seen(program, given))
    basis = [f"Findings are numbered as by whichteam check {program.policy.code} --format markdown, which is the annex."]
    told = [*basis, *conditions(program, found)[:2]]
    made = content(program.policy, settled, linted, told, None if given is None else len(given))
    return made, as_markdown(page(program, found)) if wanted.annex else ""


def _seen(program: Program, cases: list[Case]) -> Iterator[tuple[frozenset[str], frozenset[int], bool]]:
    for case in cases:
        told = decision_json(decide(program, case, PyDatalog()))
        lines = frozenset(line for clause in told["clauses"] for line in clause["lines"])
        yield frozenset(told["proof"].get("readings", {})), lines, told["status"] in ("silent", "conflict")


def _day(raw: str | None) -> tuple[int, date]:
    """The day of the answers, and the day on which dates of the document have passed. Errors: `InputError`."""
    if raw is None:
        return ORDINARY_DAY, date.today()
    try:
        day = parse_day(raw)
    except ValueError:
        raise InputError([Fault("--as-of", f"`{raw}` is not a date", "write it as 2024-09-03")]) from None
    return day, date.fromordinal(day)
