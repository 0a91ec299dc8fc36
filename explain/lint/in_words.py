"""What lint found, as a document."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from explain.document.blocks import Block, Document, Heading, Item, Items, Paragraph, coded, items
from explain.lint.pages import definition
from explain.lint.said import HEADINGS, summary, where
from queries.lint import Finding, Report


def found(report: Report) -> Document:
    """The findings by weight and check, each with its place, the words and what to do."""
    title = f"{report.document}: what lint found"
    findings = tuple(_findings(report)) or (Heading(2, "Nothing was found."),)
    notes = (Heading(2, "How sure this is"), items(*report.notes)) if report.notes else ()
    return Document(title, (Heading(1, title), Paragraph(summary(report)), *findings, *notes))


def _findings(report: Report) -> Iterator[Block]:
    """They are numbered through, those of one check together."""
    number = 1
    for weight, heading in HEADINGS.items():
        of_weight = [finding for finding in report.findings if finding.weight == weight]
        if of_weight:
            yield Heading(2, heading)
        for check, group in groupby(of_weight, key=lambda finding: finding.check):
            listed = list(group)
            yield Heading(3, check)
            yield Paragraph(coded(definition(check)))
            yield Items(tuple(_items(listed)), ordered=True, start=number)
            number += len(listed)


def _items(findings: list[Finding]) -> Iterator[Item]:
    """What to do is said once where it is the same as for the finding before."""
    advised = ""
    for finding in findings:
        words = finding.words if finding.words not in finding.says else ""
        advice = finding.advice if finding.advice != advised else ""
        below = (f"“{words}”" if words else "", f"What to do: {advice}." if advice else "")
        yield Item(f"{where(finding) or 'the whole'}: {finding.says}", tuple(Item(line) for line in below if line))
        advised = finding.advice
