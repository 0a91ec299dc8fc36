"""What checks found as a document: a page for the policy's author, and what the terminal shows of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from explain.check.pages import definition
from explain.check.said import (
    HEADINGS,
    KINDS,
    Group,
    answers_to,
    case_lines,
    clause_name,
    clause_names,
    conditions,
    grouped,
    settled,
    smallest,
    why_open,
)
from explain.document.blocks import Block, Document, Heading, Item, Items, Paragraph, Run, Table, cite, code, coded, items, strong
from explain.words import capital
from kb.program import Program
from queries.check import Report
from queries.check.finding import WEIGHTS, Weight

FIRST = 5  # causes that the short form shows
NUMBERS = ("", "One thing", "Two things", "Three things", "Four things", "Five things")
MOST_OTHERS = 2  # further findings of the same cause that the short form tells


def page(program: Program, report: Report) -> Document:
    """The page: findings by weight, readers' notes, what was proved, and under which conditions."""
    policy = program.policy
    title = f"{policy.name}: what the checks found"
    about = (
        f"{policy.document} ({policy.version}). The rules were searched over every step that a child's journey can have; each "
        "case here is the smallest that shows the point, of those without an agreement of managers if there are any, with an "
        "invented child. Where only a step shows it, what came before is taken as given. "
        "Clauses are told in our words and cited by the document's lines. ",
        code("whichteam clause ID"),
        " shows how one is encoded. Made by ",
        code(f"whichteam check {policy.code} --deep --format markdown"),
        ".",
    )
    rows = tuple(
        (name, coded(definition(name)), *(str(count) for count in (len(one.findings), one.proved, len(one.unsettled))))
        for name, one in report.outcomes.items()
    )
    proved = Table(rows, ("check", "what it looks for", "found", "proved", "not settled"), numbers=frozenset({2, 3, 4}))
    return Document(
        title,
        (
            Heading(1, title),
            Paragraph(about),
            *_findings(program, report),
            *_noted(program),
            Heading(2, "What was proved"),
            proved,
            items(*conditions(program, report)),
        ),
    )


def in_short(program: Program, report: Report, command: str, after: str = "") -> Document:
    """What to do first, the number of findings by kind and check, and the commands that show the rest.

    command  the command that made the report, without options about what is shown
    after    what has to come before, for the heading
    """
    groups = (group for weight in WEIGHTS for group in first_of_each_check(report, weight))
    most = [group for group in groups if group.first.advice][:FIRST]
    found: list[Block] = []
    if most:
        found.append(Heading(2, f"{NUMBERS[len(most)]} to do first{after}"))
    for number, group in enumerate(most, 1):
        found += _group(program, number, group, command)
    found += [Heading(2, "In all" if report.findings else "Nothing was found"), items(*_in_all(report)), Paragraph("")]
    ways = (
        (f"{command} --only {most[0].first.check if most else next(iter(report.outcomes))}", "one check, with all that it found"),
        (f"{command} --all", "everything, what was proved, and under which conditions"),
    )
    return Document(program.policy.name, (*found, Table(ways)))


def first_of_each_check(report: Report, weight: Weight) -> list[Group]:
    """The causes of one weight: first one of each check, then the second of each, and so on."""
    groups = grouped(finding for finding in report.findings if finding.weight == weight)
    seen: Counter[str] = Counter()
    placed: list[tuple[int, Group]] = []
    for group in groups:
        placed.append((seen[group.first.check], group))
        seen[group.first.check] += 1
    return [group for _, group in sorted(placed, key=lambda entry: entry[0])]


def _in_all(report: Report) -> Iterator[str]:
    """The number of findings of each weight and check, of things not settled and of things proved."""
    for weight in WEIGHTS:
        if counts := Counter(finding.check for finding in report.findings if finding.weight == weight):
            yield f"{KINDS[weight]}: {counts.total()} ({_counted(counts)})"
    if open_ := Counter({name: len(one.unsettled) for name, one in report.outcomes.items() if one.unsettled}):
        yield f"Not settled: {open_.total()} ({_counted(open_)})"
    yield f"Proved free of fault: {sum(one.proved for one in report.outcomes.values()):,}"


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def in_full(program: Program, report: Report) -> Document:
    """The findings by weight with the names of their clauses, the counts of each check, and the conditions."""
    counts = tuple(
        Item(settled(name, outcome), tuple(Item(f"not settled: {what}") for what in outcome.unsettled))
        for name, outcome in report.outcomes.items()
    )
    found = tuple(_findings(program, report, is_text=True)) or (Heading(2, "Nothing was found."),)
    ends = Heading(2, "Over every case there is"), Items(counts), Heading(2, "This holds under these conditions")
    return Document(program.policy.name, (*found, *ends, items(*conditions(program, report))))


def _findings(program: Program, report: Report, is_text: bool = False) -> Iterator[Block]:
    number = 0
    for weight, heading in HEADINGS.items():
        groups = grouped(finding for finding in report.findings if finding.weight == weight)
        if groups:
            yield Heading(2, heading)
        for group in groups:
            number += 1
            yield from _group(program, number, group, is_text=is_text)


def _group(program: Program, number: int, group: Group, command: str = "", is_text: bool = True) -> Iterator[Block]:
    """A finding, with those of the same cause.

    command  if given, only MOST_OTHERS of the same cause are told, and how this command shows the rest
    is_text  its check and places stand beside it, and no words of clauses
    """
    finding, policy = group.first, program.policy
    told = f"{number}. {finding.says}"
    yield Heading(3, (f"{told} ", cite(finding.check)) if is_text else told)
    if group.others:
        yield Paragraph("So too:")
        says = [other.says for other in group.others]
        yield items(*(others_told(says, f"{command} --only {finding.check}") if command else says))
    if open_ := why_open(program, finding):
        yield _labelled("What is open", open_)
    if finding.clauses and is_text:
        yield _labelled("Clauses", clause_names(finding, policy))
    elif finding.clauses:
        clauses = policy.clauses
        yield items(*((strong(clause_name(policy, name)), f" {clauses[name].paraphrase}") for name in finding.clauses))
    if is_text:
        yield from (_labelled("At", place) for place in finding.where)
    if finding.case is not None:
        yield Paragraph(strong(f"{smallest(finding)}:"))
        yield items(*case_lines(program, finding.case))
        yield from (_labelled(capital(how), answer) for how, answer in answers_to(program, finding))
    if finding.settled_by:
        yield _labelled("Decided under", *[part for name in finding.settled_by for part in ("; ", code(name))][1:])
    if finding.advice:
        yield _labelled("What to do", f"{finding.advice}.")
    if not is_text:
        yield Paragraph(f"{finding.check}{': ' if finding.where else ''}{', '.join(finding.where)}", "small")


def others_told(says: list[str], command: str) -> list[str]:
    """The findings of the same cause: those that are told, and how many more a command shows."""
    more = len(says) - MOST_OTHERS
    return says if more <= 1 else [*says[:MOST_OTHERS], f"And {more:,} more: {command}"]


def _labelled(label: str, *told: str | Run) -> Paragraph:
    return Paragraph((strong(f"{label}:"), " ", *told))


def _noted(program: Program) -> Iterator[Block]:
    noted = [clause for clause in program.policy.clauses.values() if clause.note and not clause.house]
    if noted:
        yield Heading(2, "What a reader noted")
        yield Paragraph("Questions that came up while the clauses were read. No search is behind them.")
        yield items(*((strong(clause_name(program.policy, one.id)), f" {capital(one.note)}") for one in noted))
