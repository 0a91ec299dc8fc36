"""A report of checks as SARIF 2.1.0 (OASIS), which editors and code hosts show beside the rules."""

from __future__ import annotations

from typing import Any

from explain.check.pages import definition
from explain.check.said import answers_to, case_lines, clause_names, smallest
from explain.printed import json_text
from explain.version import own_version
from kb.program import Program
from queries.check import Finding, Report

LEVELS = {"fault": "error", "gap": "warning", "note": "note", "choice": "note"}


def as_sarif(program: Program, report: Report) -> str:
    """The report as a SARIF document with one run. A finding without a rule is placed at the first mark of its clause."""
    names = list(report.outcomes)
    run = {
        "tool": {"driver": {"name": "whichteam", "version": own_version(), "rules": [_rule(name) for name in names]}},
        "originalUriBaseIds": {"POLICIES": {"description": {"text": "The folder that holds the policy's folder"}}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(program, names, finding) for finding in report.findings],
    }
    return json_text({"version": "2.1.0", "runs": [run]})


def _rule(name: str) -> dict[str, Any]:
    return {"id": name, "shortDescription": {"text": definition(name)}}


def _result(program: Program, names: list[str], finding: Finding) -> dict[str, Any]:
    return {
        "ruleId": finding.check,
        "ruleIndex": names.index(finding.check),
        "level": LEVELS[finding.weight],
        "message": {"text": _message(program, finding)},
        "locations": [_location(place) for place in places(program, finding)[:1]],
        "relatedLocations": [_location(place) for place in places(program, finding)[1:]],
    }


def _message(program: Program, finding: Finding) -> str:
    parts = [finding.says]
    if finding.clauses:
        parts.append(f"Clauses: {clause_names(finding, program.policy)}.")
    if finding.case is not None:
        parts.append(f"{smallest(finding)}: {'; '.join(case_lines(program, finding.case))}.")
        parts += [f"Its answer {how}: {answer}" for how, answer in answers_to(program, finding)]
    if finding.advice:
        parts.append(f"What to do: {finding.advice}.")
    return " ".join(parts)


def places(program: Program, finding: Finding) -> list[str]:
    """Positions of a finding: its rules, else the first `@clause` line of each of its clauses."""
    if finding.where:
        return list(finding.where)
    first: dict[str, str] = {}
    for mark in program.policy.marks:
        for name in mark.clauses:
            first.setdefault(name, str(mark.position))
    return [first[clause] for clause in finding.clauses if clause in first]


def _location(place: str) -> dict[str, Any]:
    file, line, column = place.rsplit(":", 2)
    region = {"startLine": int(line), "startColumn": int(column)}
    artifact = {"uri": file, "uriBaseId": "POLICIES"}
    return {"physicalLocation": {"artifactLocation": artifact, "region": region}}
