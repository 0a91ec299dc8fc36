"""A report of lint as JSON.

Keys: `document` (name of the file), `as_of`, `policy` (code of the register, or null), `words`, `checks` (name to number of
findings), `notes` and `findings`. Each finding has `check`, `weight` (fault, gap, note), `says`, `places` (such as `line 12`,
`paragraph 3` or `page 2, line 4`), `lines` (their numbers, if they are lines or paragraphs), `words` and `advice`.
"""

from __future__ import annotations

import re
from typing import Any

from explain.printed import json_text
from queries.lint import Finding, Report


def as_json(report: Report) -> str:
    """The report as JSON text."""
    return json_text(document(report))


def document(report: Report) -> dict[str, Any]:
    return {
        "document": report.document,
        "as_of": report.as_of.isoformat(),
        "policy": report.policy or None,
        "words": report.words,
        "checks": {name: len(found) for name, found in report.found.items()},
        "notes": list(report.notes),
        "findings": [finding_json(finding) for finding in report.findings],
    }


def finding_json(finding: Finding) -> dict[str, Any]:
    numbers = [re.fullmatch(r"(?:line|paragraph) (\d+)", place) for place in finding.places]
    return {
        "check": finding.check,
        "weight": finding.weight,
        "says": finding.says,
        "places": list(finding.places),
        "lines": [int(number[1]) for number in numbers if number],
        "words": finding.words,
        "advice": finding.advice,
    }
