"""A report of checks as JSON.

Keys: `policy`, `name`, `version`, `digest` (of the rules), `as_of`, `settings` (reading to value),
`cases` (an integer as text, as it has some seventy digits), `conditions` (sentences), `checks` (name to
`findings` and `proved`, two counts, and `unsettled`, what could not be settled) and `findings`.

Each finding has `check`, `weight` (fault, gap, note, choice), `says`, `clauses` (`id`, `lines`), `where`
(file:line:column), `case` (as `whichteam decide` reads it, or null), `one_step` (the case is one step of a
journey, with facts that no case file has, and what came before is given), `answer` (status), `advice`,
`settled_by`, and `otherwise` (the `reading` and `setting` under which the answer differs, and the `kind` of
answer that does; or null).
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from explain.check.said import conditions
from explain.printed import json_text
from kb.case import case_document
from kb.dates import iso
from kb.program import Program
from queries.check import Finding, Report


def as_json(program: Program, report: Report) -> str:
    """The report as JSON text."""
    return json_text(document(program, report))


def document(program: Program, report: Report) -> dict[str, Any]:
    return {
        "policy": report.policy,
        "name": report.name,
        "version": report.version,
        "digest": report.digest,
        "as_of": iso(report.as_of),
        "settings": dict(report.settings),
        "cases": str(report.cases),
        "conditions": conditions(program, report),
        "checks": {
            name: {"findings": len(outcome.findings), "proved": outcome.proved, "unsettled": list(outcome.unsettled)}
            for name, outcome in report.outcomes.items()
        },
        "findings": [_finding(program, finding) for finding in report.findings],
    }


def _finding(program: Program, finding: Finding) -> dict[str, Any]:
    clauses = program.policy.clauses
    return {
        "check": finding.check,
        "weight": finding.weight,
        "says": finding.says,
        "clauses": [{"id": clause, "lines": list(clauses[clause].lines)} for clause in finding.clauses],
        "where": list(finding.where),
        "case": None if finding.case is None else case_document(finding.case, program.policy.vocabulary),
        "one_step": finding.case is not None and finding.one_step,
        "answer": finding.answer,
        "advice": finding.advice,
        "settled_by": list(finding.settled_by),
        "otherwise": None if finding.otherwise is None else asdict(finding.otherwise),
    }
