"""A report of lint as a Markdown page."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from explain.escape import markdown
from explain.lint.pages import definition
from explain.lint.said import by_weight, summary, where
from queries.lint import Report


def as_markdown(report: Report) -> str:
    """One table a check, under the headings of the weights."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"# {markdown(report.document)}: what lint found"
    yield ""
    yield markdown(summary(report))
    for heading, findings in by_weight(report).items():
        yield ""
        yield f"## {heading}"
        for check, group in groupby(findings, key=lambda f: f.check):
            yield ""
            yield f"### {check}"
            yield ""
            yield definition(check)
            yield ""
            yield "| where | what | words | what to do |"
            yield "|---|---|---|---|"
            for finding in group:
                cells = (where(finding) or "the whole", finding.says, finding.words, finding.advice)
                yield f"| {' | '.join(markdown(cell) for cell in cells)} |"
    if report.notes:
        yield ""
        yield "## How sure this is"
        yield ""
        yield from (f"- {markdown(note)}" for note in report.notes)
