"""A report of lint as plain text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from explain.lint.said import by_weight, summary, where
from queries.lint import Report


def as_text(report: Report) -> str:
    """The findings by weight and check, each with its place, the words and what to do."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield summary(report)
    number = 0
    for heading, findings in by_weight(report).items():
        yield ""
        yield heading
        for check, group in groupby(findings, key=lambda f: f.check):
            yield ""
            yield f"  {check}"
            advised = ""
            for finding in group:
                number += 1
                yield f"  {number}. {where(finding) or 'the whole'}: {finding.says}"
                if finding.words and finding.words not in finding.says:
                    yield f"       “{finding.words}”"
                if finding.advice != advised:
                    yield f"       What to do: {finding.advice}."
                advised = finding.advice
    if not number:
        yield ""
        yield "Nothing was found."
    if report.notes:
        yield ""
        yield "How sure this is"
        yield from (f"  {note}" for note in report.notes)
