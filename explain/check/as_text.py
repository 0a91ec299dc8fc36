"""A report of checks as plain text."""

from __future__ import annotations

from collections.abc import Iterator

from explain.check.said import (
    HEADINGS,
    Group,
    answers_to,
    case_lines,
    clause_names,
    conditions,
    grouped,
    settled,
    smallest,
    why_open,
)
from kb.program import Program
from queries.check import Report


def as_text(program: Program, report: Report) -> str:
    """The findings by weight, the counts of each check, and the conditions under which they hold."""
    return "\n".join(_lines(program, report)) + "\n"


def _lines(program: Program, report: Report) -> Iterator[str]:
    number = 0
    for weight, heading in HEADINGS.items():
        groups = grouped(finding for finding in report.findings if finding.weight == weight)
        if not groups:
            continue
        yield ""
        yield heading
        for group in groups:
            number += 1
            yield ""
            yield from _group(program, number, group)
    if not number:
        yield ""
        yield "Nothing was found."
    yield ""
    yield "Over every case there is"
    for name, outcome in report.outcomes.items():
        yield f"  {settled(name, outcome)}"
        yield from (f"    not settled: {what}" for what in outcome.unsettled)
    yield ""
    yield "This holds under these conditions"
    yield from (f"  {line}" for line in conditions(program, report))


def _group(program: Program, number: int, group: Group) -> Iterator[str]:
    finding = group.first
    yield f"{number}. {finding.says} [{finding.check}]"
    yield from (f"   So too: {other.says}" for other in group.others)
    if open_ := why_open(program, finding):
        yield f"   What is open: {open_}"
    if finding.clauses:
        yield f"   Clauses: {clause_names(finding, program.policy)}"
    yield from (f"   At: {place}" for place in finding.where)
    if finding.case is not None:
        yield f"   The {smallest(finding)[0].lower()}{smallest(finding)[1:]}:"
        yield from (f"     {line}" for line in case_lines(program, finding.case))
        yield from (f"   Its answer {how}: {answer}" for how, answer in answers_to(program, finding))
    if finding.settled_by:
        yield f"   Decided under: {'; '.join(finding.settled_by)}"
    if finding.advice:
        yield f"   What to do: {finding.advice}."
