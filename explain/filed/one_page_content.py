"""What stands on the one-page record, with its headings, and what has no room there and is counted.

Both forms of the page are made from this: `one_page.py` writes HTML, `word_page.py` Word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from explain.answer import NOTED
from explain.assumptions import assumption_sentences, grave
from explain.filed.as_html import spoken
from explain.filed.content import Content
from explain.standing import Mark, beneath, marks, passed_over_told, record_lags, title
from explain.three_reasons import three_reasons
from explain.words import Words, capital
from queries.clashes import clashes
from queries.gates import gates

MOST_CHECKS, MOST_ASSUMED, MOST_LIMITS, MOST_CLAUSES, MOST_NOTED = 12, 2, 3, 24, 3
LONGEST_REASON = 220  # characters of a manager's reason; the whole stands in the annex
REPLIES = {True: "Yes", False: "No", None: "? Not known"}
#: Headings and fixed sentences of both forms.
KIND = "Which team: decision record"
REASONS, CHECKS, ASSUMED, LIMITS = "Reasons", "Checks before the move", "Taken as not so", "Time limits"
TWO_WAYS, WHO = "Clauses differ", "Who decided"
ABOUT_ASSUMED = "Nobody recorded these. If one is otherwise, ask again."
ABOUT_CLAUSES = "Clauses stand in our words."
T = TypeVar("T")


@dataclass(frozen=True)
class OnePage:
    """The page, in the order in which it is read. Each `more` says how many have no room; empty where all have.

    reasons  each with the clause, if it has one
    checks   each with its reply, and whether it is not yet so
    limits   each with what became of it
    """

    council: str
    case_id: str
    day: str
    marks: tuple[Mark, ...]
    title: str
    lead: str
    noted: tuple[str, ...]
    noted_more: str
    reasons: tuple[tuple[str, str], ...]
    checks: tuple[tuple[str, str, bool], ...]
    checks_told: str
    checks_more: str
    assumed: tuple[str, ...]
    assumed_more: str
    limits: tuple[tuple[str, str], ...]
    limits_more: str
    two_ways: tuple[str, ...]
    who: tuple[tuple[str, str], ...]
    policy: str
    clauses: str
    hashes: tuple[tuple[str, str], ...]


def one_page_of(content: Content, hashes: dict[str, str]) -> OnePage:
    """The page of a record. `hashes`: names and values of the hashes of the record's JSON form."""
    decision, policy = content.decision, content.policy
    found, label = gates(decision), policy.vocabulary.label
    moves = next((part.lines for part in content.parts if part.title == "The move"), ())
    assumed = grave(decision, content.assumed)
    noted = _noted(content)
    limits = sorted((due for due in content.deadlines if due.of_case), key=lambda due: due.met is True)
    cited = [clause.id for clause in content.clauses]
    left = f" and {len(cited) - MOST_CLAUSES} more" if len(cited) > MOST_CLAUSES else ""
    return OnePage(
        council=policy.name,
        case_id=content.case_id,
        day=content.day,
        marks=tuple(marks(decision)),
        title=title(decision),
        lead=" ".join(filter(None, [*content.contradictions, beneath(decision), record_lags(decision), *moves[:1]])),
        noted=noted[:MOST_NOTED],
        noted_more=_more(noted, MOST_NOTED),
        reasons=tuple(
            (each.text.removesuffix("."), (each.clause or "").removeprefix("clause ")) for each in three_reasons(content)
        ),
        checks=tuple((capital(label("gate", g.code)), REPLIES[g.met], g.met is not True) for g in found[:MOST_CHECKS]),
        checks_told=f"{sum(gate.met is True for gate in found)} of {len(found)} confirmed.",
        checks_more=_more(found, MOST_CHECKS),
        assumed=tuple(assumption_sentences(decision, content.assumed)[: min(len(assumed), MOST_ASSUMED)]) if assumed else (),
        assumed_more=_more(assumed, MOST_ASSUMED),
        limits=tuple(
            (f"{due.name}: {spoken(due.due)}{f' ({due.counted})' if due.counted else ''}", capital(due.outcome))
            for due in limits[:MOST_LIMITS]
        ),
        limits_more=_more(limits, MOST_LIMITS),
        two_ways=_two_ways(content),
        who=_who(content),
        policy=f"{policy.name}: {policy.document}, {policy.version}.",
        clauses=" ".join(cited[:MOST_CLAUSES]) + left,
        hashes=(("Policy files", policy.digest), *hashes.items()),
    )


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
        ("On", spoken(who.on) if who.on else ""),
        ("Reason", _short(who.reason or "")),
    )


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_REASON else f"{text[:LONGEST_REASON].rstrip()} … (in full in the annex)"


def _more(found: Sequence[T], most: int) -> str:
    return f"{len(found) - most} more in the annex." if len(found) > most else ""
