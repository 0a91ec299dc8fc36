"""A report of checks for programs.

Keys: `policy`, `name`, `version`, `digest` (of the rules), `as_of`, `settings` (reading to value),
`cases` (a whole number, as text: it has some seventy digits), `conditions` (sentences), `checks`
(name to `findings`, `proved` and `unsettled`: two counts and what was not settled) and `findings`,
each with `check`, `weight` (fault, gap, note, choice), `says`, `clauses` (`id`, `lines`), `where`
(file:line:column), `case` (as `whichteam decide` reads it, or null), `answer` (its status),
`advice`, `settled_by` and `otherwise` (the `reading` and its `setting` under which the answer differs,
and the `kind` of answer that does; or null).
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from explain.checking.said import conditions
from kb.case import Case, Day
from kb.dates import MINUTES_A_DAY, iso
from kb.program import Program
from kb.vocabulary.model import Vocabulary
from queries.check import Finding, Report


def as_json(program: Program, report: Report) -> str:
    """The report as JSON."""
    return json.dumps(document(program, report), ensure_ascii=False, indent=1) + "\n"


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
        "answer": finding.answer,
        "advice": finding.advice,
        "settled_by": list(finding.settled_by),
        "otherwise": None if finding.otherwise is None else asdict(finding.otherwise),
    }


def case_document(case: Case, vocabulary: Vocabulary) -> dict[str, Any]:
    """A case as a case file has it."""
    facts = {name: _value(value, vocabulary.facts[name].type) for name, value in case.facts.items()}
    return {"case_id": case.case_id, "policy": case.policy, "as_of": iso(case.as_of), "facts": facts}


def _value(value: Any, kind: str) -> Any:
    if isinstance(value, Day):
        return iso(value.number)
    if kind == "datetime":
        minutes = value % MINUTES_A_DAY
        return f"{iso(value // MINUTES_A_DAY)}T{minutes // 60:02d}:{minutes % 60:02d}"
    if isinstance(value, tuple):
        return [_value(part, "") for part in value]
    return {name: _value(part, "") for name, part in value.items()} if isinstance(value, dict) else value
