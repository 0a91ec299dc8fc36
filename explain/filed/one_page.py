"""A decision on one page of A4, as blocks: the answer, three reasons, the checks, what was taken as not so, and who decided.

The full record is its annex. What has no room on the page is counted. Its length is measured by a test.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from explain.answer import NOTED, about_policy
from explain.assumptions import assumption_sentences, grave
from explain.deadlines import when
from explain.document.blocks import (
    Block,
    Columns,
    Heading,
    Item,
    Items,
    Paragraph,
    Section,
    Table,
    Text,
    cite,
    code,
    items,
    strong,
)
from explain.filed.content import Content
from explain.standing import beneath, heading, marks, passed_over_told, record_lags
from explain.three_reasons import three_reasons
from explain.tree import Sentence
from explain.words import ADVICE, Words, capital
from queries.clashes import clashes
from queries.gates import gates

MOST_CHECKS, MOST_ASSUMED, MOST_LIMITS, MOST_CLAUSES, MOST_NOTED = 12, 2, 3, 24, 3
LONGEST_REASON = 220  # characters of a manager's reason; the whole stands in the annex
REPLIES: dict[bool | None, Text] = {True: "Yes", False: strong("No"), None: strong("? Not known")}
T = TypeVar("T")


def one_page(content: Content, hashes: dict[str, str], annex: str) -> Iterator[Block]:
    """The blocks of the page, in the order in which it is read.

    hashes  names and values of the hashes of the record's JSON form
    annex   where the full record is
    """
    decision, doubtful = content.decision, content.doubtful
    head: Text = (
        strong(content.policy.name),
        " · Which team: decision record · ",
        strong(f"Case {content.case_id}"),
        f" · For {content.day}",
    )
    yield Section((Paragraph(head),), "header")
    shown = [strong(f"{mark.sign} {mark.words}", mark.kind) for mark in marks(decision, doubtful)]
    yield Paragraph((*shown[:1], *(part for mark in shown[1:] for part in ("  ", mark))), "marks")
    yield Heading(1, heading(decision, doubtful))
    moves = next((part.lines for part in content.parts if part.title == "The move"), ())
    lead = filter(None, [*content.contradictions, beneath(decision, doubtful), record_lags(decision), *moves[:1]])
    yield Paragraph(" ".join(lead))
    if noted := _noted(content):
        yield Heading(2, NOTED)
        yield items(*noted[:MOST_NOTED])
        yield from _more(noted, MOST_NOTED)
    yield Heading(2, "Reasons")
    yield Items(tuple(Item(_reason(each)) for each in three_reasons(content)), ordered=True)
    checks, beside = tuple(_checks(content)), tuple(_beside(content))
    yield from (Columns(checks, beside),) if checks and beside else (*checks, *beside)
    yield Section((Heading(2, "Who decided"), Table(_who(content))), "who")
    yield Section(tuple(Paragraph(line, "small") for line in _foot(content, hashes, annex)), "footer")


def _foot(content: Content, hashes: dict[str, str], annex: str) -> Iterator[Text]:
    policy, cited = content.policy, [clause.id for clause in content.clauses]
    left = f" and {len(cited) - MOST_CLAUSES} more" if len(cited) > MOST_CLAUSES else ""
    of_policy = " ".join([f"{policy.name}: {policy.document}, {policy.version}.", *about_policy(content.decision)])
    yield strong("Policy"), f" {of_policy} Clauses stand in our words. ", strong(ADVICE)
    yield strong("Clauses"), f" {' '.join(cited[:MOST_CLAUSES])}{left}"
    yield from ((strong(name), " ", code(value)) for name, value in (("Policy files", policy.digest), *hashes.items()))
    yield strong("Annex"), f" {annex}"


def _reason(sentence: Sentence) -> Text:
    text = f"{sentence.text.removesuffix('.')}."
    return (f"{text} ", cite(sentence.clause.removeprefix("clause "))) if sentence.clause else text


def _checks(content: Content) -> Iterator[Block]:
    found = gates(content.decision)
    if found:
        label = content.policy.vocabulary.label
        yield Heading(2, "Checks before the move")
        rows = tuple((capital(label("gate", gate.code)), REPLIES[gate.met]) for gate in found[:MOST_CHECKS])
        yield Table(rows, kind="checks")
        yield Paragraph(f"{sum(gate.met is True for gate in found)} of {len(found)} confirmed.")
        yield from _more(found, MOST_CHECKS)


def _beside(content: Content) -> Iterator[Block]:
    """What stands beside the checks: what was taken as not so, limits, and where clauses differ."""
    if assumed := grave(content.decision, content.assumed):
        yield Heading(2, "Taken as not so")
        yield Paragraph("Nobody recorded these. If one is otherwise, ask again.")
        yield items(*assumption_sentences(content.decision, content.assumed)[: min(len(assumed), MOST_ASSUMED)])
        yield from _more(assumed, MOST_ASSUMED)
    if limits := sorted((due for due in content.deadlines if due.of_case), key=lambda due: due.met is True):
        yield Heading(2, "Time limits")
        told = ((f"{due.name}: {when(due.due)}{f' ({due.counted})' if due.counted else ''}", due) for due in limits[:MOST_LIMITS])
        yield Table(tuple((name, capital(due.outcome)) for name, due in told))
        yield from _more(limits, MOST_LIMITS)
    if differ := _two_ways(content):
        yield Heading(2, "Clauses differ")
        yield items(*differ)


def _noted(content: Content) -> tuple[str, ...]:
    """What a reader has to know of this answer, but where clauses differ: that has a place of its own."""
    differ = {content.policy.vocabulary.label("finding", clash.finding) for clash in clashes(content.decision)}
    lines = [line for part in content.parts if part.title == NOTED for line in part.lines if line not in differ]
    return tuple(filter(None, (passed_over_told(content.decision), *lines)))


def _two_ways(content: Content) -> tuple[str, ...]:
    words = Words.of(content.decision.model)
    return tuple(
        f"{words.vocabulary.label('finding', clash.finding)} Set aside: {words.any_label(clash.other)} would have the child "
        f"({', '.join(map(words.clause_name, clash.clauses))})."
        for clash in clashes(content.decision)
    )


def _who(content: Content) -> tuple[tuple[str, str], ...]:
    who = content.confirmation
    decided = f"Another team was decided on: {content.overridden_to}" if content.overridden_to else "Agree with the answer"
    return (
        ("Decision", decided if who.by else "Not decided yet"),
        ("Decided by", who.by or ""),
        ("On", when(who.on) if who.on else ""),
        ("Reason", _short(who.reason or "")),
    )


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_REASON else f"{text[:LONGEST_REASON].rstrip()} … (in full in the annex)"


def _more(found: Sequence[T], most: int) -> Iterator[Paragraph]:
    """How many have no room on the page."""
    if len(found) > most:
        yield Paragraph(f"{len(found) - most} more in the annex.")
