"""What the report says, whatever its form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from explain.document.blocks import (
    Block,
    Document,
    Facts,
    Heading,
    Paragraph,
    Run,
    Section,
    Table,
    Text,
    emphasis,
    items,
    strong,
)
from explain.words import spans
from kb.dates import in_words
from kb.policy import Policy
from queries.lint import Report as Lint
from queries.lint.terms import short_places
from queries.report import Settled

MOST = 10  # causes that have a block
FURTHER = 20  # further causes that are told in a line
MEANWHILE = 2  # readings of a cause that are told in its block


def content(
    policy: Policy, settled: Sequence[Settled], lint: Lint | None, conditions: Sequence[str], cases: int | None
) -> Document:
    """The report.

    settled   causes, most harmful first
    lint      what lint found in the document, if it was given
    cases     number of cases of the caseload, if one was given
    """
    ordered = _ordered(settled)
    first, rest = ordered[:MOST], ordered[MOST:]
    shown = ([each for each in rest if each.listed] or rest)[:FURTHER]
    title = f"{policy.name}: ten things to mend" if len(first) == MOST else f"{policy.name}: what to mend"
    about = f"{policy.document}, {policy.version}. In order of harm. Lines are those of the published text; the wording is ours."
    told = (
        *(_one(policy, number, each) for number, each in enumerate(first, 1)),
        *_further(shown, len(rest) - len(shown)),
        Section((Heading(2, "Index by line"), Paragraph(_index(ordered[: MOST + len(shown)])))),
        Section((Heading(2, "Housekeeping"), *_housekeeping(lint)), "box"),
        Section((Heading(2, "What this rests on"), items(*conditions)), "soft"),
    )
    return Document(title, (Heading(1, title), Paragraph(about, "soft"), _table(first, cases), Section(told, "flow")))


def _ordered(settled: Sequence[Settled]) -> list[Settled]:
    """Listed causes as their author has them; the others by weight, then by the children and the findings that they touch."""
    listed = [each for each in settled if each.listed]
    weights = ("gap", "fault", "choice", "note")
    others = sorted(
        (each for each in settled if not each.listed),
        key=lambda each: (weights.index(each.weight), -(each.children or 0), -len(each.findings)),
    )
    return [*listed, *others]


def _table(settled: Sequence[Settled], cases: int | None) -> Table:
    """The causes with their counts and, if there is a caseload of so many cases, the children that each one touches."""
    children = () if cases is None else (f"Children of {cases}",)
    rows = tuple(
        (str(number), each.cause.cause, spans(each.cause.lines), *_counts(each, cases is not None))
        for number, each in enumerate(settled, 1)
    )
    heads = ("No.", "To settle", "Lines", "Findings", "Choices", "Notes", *children)
    return Table(rows, heads, "Settle these first", named=1, numbers=frozenset({0, *range(3, len(heads))}))


def _counts(settled: Settled, with_children: bool) -> tuple[str, ...]:
    counts = (len(settled.findings), len(settled.cause.readings), len(settled.notes))
    return tuple(map(str, (*counts, settled.children) if with_children else counts))


def _one(policy: Policy, number: int, settled: Settled) -> Section:
    """One thing to mend: its question and what is said under it."""
    cause = settled.cause
    sentences = [policy.readings[name].told(policy.settings[name]) for name in cause.readings]
    more = len(sentences) - MEANWHILE
    rest = f" And {more} more assumption{'s' if more > 1 else ''}." if more > 0 else ""
    meanwhile = " ".join(sentences[:MEANWHILE]) + rest or "Nothing: the answers say that the text leaves it open."
    pairs = (
        ("Lines", spans(cause.lines)),
        ("A child", cause.child),
        ("Meanwhile", meanwhile),
        ("Redline", emphasis(cause.redline)),
        ("Annex", _annex(settled)),
    )
    return Section((Heading(2, f"{number}. {cause.question}"), Facts(pairs)), "block")


def _annex(settled: Settled) -> str:
    """What the annex has on a cause."""
    parts = []
    if settled.findings:
        parts.append(f"finding{'s' if len(settled.findings) > 1 else ''} {spans(settled.findings)}")
    if settled.choices:
        parts.append(f"choice{'s' if len(settled.choices) > 1 else ''} {spans(settled.choices)}")
    if settled.notes:
        parts.append(f"{_count(len(settled.notes), 'note')}, first on {settled.notes[0]}")
    return "; ".join(parts) or "none"


def _further(settled: Sequence[Settled], others: int) -> Iterator[Section]:
    """Further causes, each in a line; `others` are told in the annex only."""
    if settled:
        lines: list[Text] = [
            (
                strong(f"{_name(MOST + n)}. {each.cause.cause}"),
                f" (lines {spans(each.cause.lines)}): {each.cause.question} ",
                emphasis(each.cause.redline),
            )
            for n, each in enumerate(settled, 1)
        ]
        more = (Paragraph(f"{others} more are in the annex.", "soft"),) if others else ()
        yield Section((Heading(2, "Further causes"), items(*lines), *more))


def _name(number: int) -> str:
    """The number of a cause, or the letter of a further one."""
    return str(number) if number <= MOST else "abcdefghijklmnopqrstuvwxyz"[number - MOST - 1]


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number > 1 else ''}"


def _index(settled: Sequence[Settled]) -> tuple[str | Run, ...]:
    """Lines with the causes that cite them; neighbours with the same causes together."""
    by_line: dict[int, list[str]] = {}
    for number, each in enumerate(settled, 1):
        for line in each.cause.lines:
            by_line.setdefault(line, []).append(_name(number))
    groups: list[tuple[list[int], str]] = []
    for line in sorted(by_line):
        told = ", ".join(by_line[line])
        if groups and groups[-1][1] == told and groups[-1][0][-1] == line - 1:
            groups[-1][0].append(line)
        else:
            groups.append(([line], told))
    told_of: list[str | Run] = []
    for lines, told in groups:
        told_of += [f"{'; ' if told_of else ''}{spans(tuple(lines))}: ", strong(told)]
    return (*told_of, ".")


def _housekeeping(lint: Lint | None) -> Iterator[Block]:
    """One line a check: how many, where, and what to do with most of them. No words of the document."""
    if lint is None:
        yield Paragraph("The document was not given; --document FILE adds what lint finds in it.", "soft")
        return
    lines = []
    for name, found in lint.found.items():
        if not found:
            continue
        places = tuple(sorted({p for f in found for p in f.places}, key=lambda place: lint.order.get(place, -1)))
        where = short_places(places, 9) if places else "the whole"
        ((advice, times),) = Counter(finding.advice for finding in found).most_common(1)
        most = advice if times > len(found) / 2 and ".tsv" not in advice else ""  # our own tables are no matter of the document
        lines.append(f"{name.replace('-', ' ')}: {len(found)} ({where}{': ' if most else ''}{most})")
    if lines:
        yield items(*lines)
    day = in_words(lint.as_of.toordinal())
    yield Paragraph(f"Found by lint on {day}. whichteam lint tells each with its words and what to do.", "soft")
