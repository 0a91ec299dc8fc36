"""Sentences shared by all formats of a report of lint."""

from __future__ import annotations

from kb.dates import in_words
from queries.lint import Finding, Report
from queries.lint.terms import short_places

HEADINGS = {
    "fault": "Faults: the document is wrong or contradicts itself",
    "gap": "Gaps: the document leaves something out",
    "note": "To know: it may well be meant",
}
MOST = 8  # places of one finding that are told; JSON has all


def summary(report: Report) -> str:
    """The counts in one sentence."""
    counts = [(weight, sum(f.weight == weight for f in report.findings)) for weight in HEADINGS]
    told = ", ".join(f"{count} {weight}{'' if count == 1 else 's'}" for weight, count in counts)
    beside = f", beside the register of {report.policy}" if report.policy else ""
    return f"{report.words:,} words, as on {in_words(report.as_of.toordinal())}{beside}: {told}."


def where(finding: Finding) -> str:
    """The places of a finding, as `lines 3, 5 and 9`; empty if it is about the whole."""
    return short_places(finding.places, MOST)
