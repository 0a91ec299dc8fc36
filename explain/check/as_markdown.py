"""A report of checks as a Markdown page for the policy's author."""

from __future__ import annotations

from collections.abc import Iterator

from explain.check.pages import definition
from explain.check.said import HEADINGS, Group, answers_to, case_lines, clause_name, conditions, grouped, smallest, why_open
from explain.escape import markdown
from explain.words import capital, spans
from kb.program import Program
from queries.check import Finding, Report


def as_markdown(program: Program, report: Report) -> str:
    """The page: findings by weight, readers' notes, what was proved, and under which conditions."""
    return "\n".join(_lines(program, report)) + "\n"


def _lines(program: Program, report: Report) -> Iterator[str]:
    policy = program.policy
    yield f"# {markdown(policy.name)}: what the checks found"
    yield ""
    yield (
        f"{markdown(policy.document)} ({markdown(policy.version)}). "
        "The rules were searched over every step that a child's journey can have; each "
        "case here is the smallest that shows the point, of those without an agreement of managers if there are any, with an "
        "invented child. Where only a step shows it, what came before is taken as given. "
        "Clauses are told in our words and cited by the document's lines. "
        f"`whichteam clause ID` shows how one is encoded. Made by `whichteam check {policy.code} --deep --format markdown`."
    )
    number = 0
    for weight, heading in HEADINGS.items():
        groups = grouped(finding for finding in report.findings if finding.weight == weight)
        if groups:
            yield ""
            yield f"## {heading}"
        for group in groups:
            number += 1
            yield ""
            yield from _group(program, number, group)
    yield from _noted(program)
    yield ""
    yield "## What was proved"
    yield ""
    yield "| check | what it looks for | found | proved | not settled |"
    yield "|---|---|---|---|---|"
    for name, outcome in report.outcomes.items():
        yield f"| {name} | {definition(name)} | {len(outcome.findings)} | {outcome.proved} | {len(outcome.unsettled)} |"
    yield ""
    yield from (f"- {line}" for line in conditions(program, report))


def _group(program: Program, number: int, group: Group) -> Iterator[str]:
    finding = group.first
    yield f"### {number}. {markdown(finding.says)}"
    if group.others:
        yield ""
        yield "So too:"
        yield ""
        yield from (f"- {markdown(other.says)}" for other in group.others)
    if open_ := why_open(program, finding):
        yield ""
        yield f"**What is open:** {markdown(open_)}"
    if finding.clauses:
        yield ""
        yield from (_clause(program, clause) for clause in finding.clauses)
    yield from _case(program, finding)
    if finding.settled_by:
        yield ""
        yield f"**Decided under:** {'; '.join(f'`{name}`' for name in finding.settled_by)}"
    if finding.advice:
        yield ""
        yield f"**Suggestion:** {markdown(finding.advice)}."
    yield ""
    yield f"<sub>{finding.check}{': ' if finding.where else ''}{', '.join(finding.where)}</sub>"


def _clause(program: Program, clause: str) -> str:
    return f"- **{clause_name(program.policy, clause)}** {markdown(program.policy.clauses[clause].paraphrase)}"


def _case(program: Program, finding: Finding) -> Iterator[str]:
    if finding.case is None:
        return
    yield ""
    yield f"**{smallest(finding)}**"
    yield ""
    yield from (f"- {markdown(line)}" for line in case_lines(program, finding.case))
    for how, answer in answers_to(program, finding):
        yield ""
        yield f"**{capital(how)}:** {markdown(answer)}"


def _noted(program: Program) -> Iterator[str]:
    noted = [clause for clause in program.policy.clauses.values() if clause.note and not clause.house]
    if not noted:
        return
    yield ""
    yield "## What a reader noted"
    yield ""
    yield "Questions that came up while the clauses were read. No search is behind them."
    yield ""
    for clause in noted:
        lines = f"line{'s' if len(clause.lines) > 1 else ''} {spans(clause.lines)}"
        yield f"- **{clause.id} ({lines})** {markdown(capital(clause.note))}"
