"""What the report says, whatever its form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from explain.words import spans
from kb.dates import in_words
from kb.policy import Policy
from queries.lint import Report as Lint
from queries.lint.terms import short_places
from queries.report import Settled

BLOCKS = 10
COUNTED = ("Findings", "Choices", "Notes")
FURTHER = 20  # further causes that are told in a line
MEANWHILE = 2  # readings of a cause that are told in its block


@dataclass(frozen=True)
class Block:
    """One thing to mend: six lines. `counts` are those of `COUNTED`; `children` is None if no caseload was given."""

    number: int
    cause: str
    question: str
    lines: str
    child: str
    meanwhile: str
    redline: str
    annex: str
    counts: tuple[int, int, int]
    children: int | None


@dataclass(frozen=True)
class Content:
    """The report.

    causes        further causes as (cause, lines, question, redline)
    index         pairs of lines and the causes that cite them
    housekeeping  pairs of a check of lint with its count, and where with what to do
    """

    title: str
    about: str
    blocks: tuple[Block, ...]
    causes: tuple[tuple[str, str, str, str], ...]
    more: str
    index: tuple[tuple[str, str], ...]
    housekeeping: tuple[tuple[str, str], ...]
    housekeeping_told: str
    basis: tuple[str, ...]
    cases: int | None


def content(
    policy: Policy, settled: Sequence[Settled], lint: Lint | None, conditions: Sequence[str], cases: int | None
) -> Content:
    """The content of the report.

    settled   causes, most harmful first
    lint      what lint found in the document, if it was given
    cases     number of cases of the caseload, if one was given
    """
    ordered = _ordered(settled)
    blocks = tuple(_block(policy, number, each) for number, each in enumerate(ordered[:BLOCKS], 1))
    rest = ordered[BLOCKS:]
    shown = ([each for each in rest if each.listed] or rest)[:FURTHER]
    others = len(rest) - len(shown)
    told = f"{others} more are in the annex." if others else ""
    return Content(
        f"{policy.name}: ten things to mend" if len(blocks) == BLOCKS else f"{policy.name}: what to mend",
        f"{policy.document}, {policy.version}. In order of harm. Lines are those of the published text; the wording is ours.",
        blocks,
        tuple((each.cause.cause, spans(each.cause.lines), each.cause.question, each.cause.redline) for each in shown),
        told,
        tuple(_index(ordered[: BLOCKS + len(shown)])),
        tuple(_housekeeping(lint)) if lint else (),
        _told(lint),
        tuple(conditions),
        cases,
    )


def _ordered(settled: Sequence[Settled]) -> list[Settled]:
    """Listed causes as their author has them; the others by weight, then by the children and the findings that they touch."""
    listed = [each for each in settled if each.listed]
    weights = ("gap", "fault", "choice", "note")
    others = sorted(
        (each for each in settled if not each.listed),
        key=lambda each: (weights.index(each.weight), -(each.children or 0), -len(each.findings)),
    )
    return [*listed, *others]


def _block(policy: Policy, number: int, settled: Settled) -> Block:
    cause = settled.cause
    sentences = [policy.readings[name].told(policy.settings[name]) for name in cause.readings]
    more = len(sentences) - MEANWHILE
    rest = f" And {more} more assumption{'s' if more > 1 else ''}." if more > 0 else ""
    meanwhile = " ".join(sentences[:MEANWHILE]) + rest or "Nothing: the answers say that the text leaves it open."
    parts = []
    if settled.findings:
        parts.append(f"finding{'s' if len(settled.findings) > 1 else ''} {spans(settled.findings)}")
    if settled.choices:
        parts.append(f"choice{'s' if len(settled.choices) > 1 else ''} {spans(settled.choices)}")
    if settled.notes:
        parts.append(f"{_count(len(settled.notes), 'note')}, first on {settled.notes[0]}")
    return Block(
        number,
        cause.cause,
        cause.question,
        spans(cause.lines),
        cause.child,
        meanwhile,
        cause.redline,
        "; ".join(parts),
        (len(settled.findings), len(cause.readings), len(settled.notes)),
        settled.children,
    )


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number > 1 else ''}"


def _index(settled: Sequence[Settled]) -> list[tuple[str, str]]:
    """Lines with the numbers of the causes that cite them; neighbours with the same causes together."""
    by_line: dict[int, list[str]] = {}
    for number, each in enumerate(settled, 1):
        name = str(number) if number <= BLOCKS else letter(number - BLOCKS)
        for line in each.cause.lines:
            by_line.setdefault(line, []).append(name)
    groups: dict[str, list[int]] = {}
    runs: list[tuple[list[int], str]] = []
    for line in sorted(by_line):
        told = ", ".join(by_line[line])
        groups.setdefault(told, []).append(line)
        if runs and runs[-1][1] == told and runs[-1][0][-1] == line - 1:
            runs[-1][0].append(line)
        else:
            runs.append(([line], told))
    return [(spans(tuple(lines)), told) for lines, told in runs]


def _housekeeping(lint: Lint) -> list[tuple[str, str]]:
    """One row a check: how many, where, and what to do with most of them. No words of the document."""
    rows: list[tuple[str, str]] = []
    for name, found in lint.found.items():
        if not found:
            continue
        places = tuple(sorted({p for f in found for p in f.places}, key=lambda place: lint.order.get(place, -1)))
        where = short_places(places, 9) if places else "the whole"
        ((advice, times),) = Counter(finding.advice for finding in found).most_common(1)
        most = advice if times > len(found) / 2 and ".tsv" not in advice else ""  # our own tables are no matter of the document
        rows.append((f"{name.replace('-', ' ')}: {len(found)}", f"{where}{': ' if most else ''}{most}"))
    return rows


def _told(lint: Lint | None) -> str:
    if lint is None:
        return "The document was not given; --document FILE adds what lint finds in it."
    return f"Found by lint on {in_words(lint.as_of.toordinal())}. whichteam lint tells each with its words and what to do."


def letter(number: int) -> str:
    """The letter of a further cause, counted from 1."""
    return "abcdefghijklmnopqrstuvwxyz"[number - 1]


def rows(block: Block) -> tuple[tuple[str, str], ...]:
    """The lines of a block below its question, as (label, text)."""
    return (
        ("Lines", block.lines),
        ("A child", block.child),
        ("Meanwhile", block.meanwhile),
        ("Redline", block.redline),
        ("Annex", block.annex or "none"),
    )
