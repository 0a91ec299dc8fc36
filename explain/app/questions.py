"""The questions of a case: what to ask next, why, and what each reply would mean. Built from the vocabulary and the rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from html import escape

import streamlit as st

from explain.answer_parts import move
from explain.app import inputs, plain, session
from explain.app.engine import FOR_MANY
from explain.app.style import html, soft
from explain.asking import outcomes
from explain.standing import day_words
from explain.standing import title as title_of
from explain.words import Words, capital
from kb.case import Day, occurrences
from kb.dates import in_words
from kb.vocabulary.model import Fact, Vocabulary
from queries.ask import Question, giving_another, questions
from queries.decide import Decision, decide
from queries.replies import Reply

SHOWN_FIRST = 1
LONG_BORN = 365  # days since the birth after which days before it are not told
VALUES_NAMED = 3  # replies with the same outcome that are named
MISSING, DOUBTFUL = "What is missing", "One answer could give another team"


def _every(case: session.Opened) -> list[Question]:
    return session.worked_out("questions", case.key, lambda: questions(case.program(), case.case(), FOR_MANY))


def asked(case: session.Opened) -> list[Question]:
    """The questions of a case, the most decisive first, without those answered “not known”."""
    return [question for question in _every(case) if question.fact.name not in skipped()]


def doubt(case: session.Opened, decision: Decision) -> Question | None:
    """The question that could give another team than a decided answer does, also if nobody knows the reply."""
    if decision.status != "decided" or not decision.missing_facts:
        return None
    return giving_another(_every(case), decision)


def panel(case: session.Opened, doubted: Question | None = None) -> None:
    """Shows the unrecorded facts that could change the answer. `doubted`: the one that could give another team than it does."""
    open_questions = sorted(asked(case), key=lambda question: question != doubted)  # the doubtful one first
    passed = [question for question in _every(case) if question.fact.name in skipped()]
    if not open_questions and not passed:
        return
    plain.header(MISSING if doubted is None else DOUBTFUL, anchor=False)
    if doubted is not None and doubted.fact.name in skipped():
        plain.write(f"Nobody knows: {doubted.fact.question}")
        html(why_asked(doubted))
    elif not open_questions:
        plain.write("Nobody knows more: every open question was answered with “not known”.")
    for question in open_questions[:SHOWN_FIRST]:
        _question(question, case)
    later = open_questions[SHOWN_FIRST:]
    if later:
        with plain.expander(f"{len(later)} more that could change the answer"):
            for question in later:
                _question(question, case)
    if passed:
        plain.button("Ask again what was not known", on_click=skipped().clear, type="tertiary", key="again")


def _question(question: Question, case: session.Opened) -> None:
    with st.container(key=f"question-{question.fact.name}"):
        ask(question.fact, case)
        html(why_asked(question))
        name = question.fact.name
        plain.button(
            "Not known: skip this", on_click=skipped().add, args=(name,), key=f"skip-{name}",
            help=f"Leaves this open: {question.fact.question}",
        )  # fmt: skip


def why_asked(question: Question, before: str = "Why this is asked") -> str:
    """HTML that says what each reply would decide; replies with the same outcome share a line.

    before  what stands before it; empty beneath a heading that says so
    """
    if not question.matters:
        only = "The team stays the same whatever the reply; a check, a duty or a later move hangs on it."
        return f'<p class="soft">{escape(f"{before}: {only}" if before else only)}</p>'
    fewest = "it is one of the few answers that settle the case" if question.among_fewest else ""
    said = f"{before}{f' ({fewest})' if fewest else ''}:" if before else f"{capital(fewest)}." if fewest else ""
    told = _joined(outcomes(_worth_telling(question), lambda reply: _decides(question.fact, reply)))
    lines = "".join(f"<li><strong>{escape(_some(values))}</strong>: {escape(outcome)}</li>" for values, outcome in told)
    return f'<div class="soft">{f"<p>{escape(said)}</p>" if said else ""}<ul>{lines}</ul></div>'


def _worth_telling(question: Question) -> Question:
    """The question without replies that the page does not offer, and without days long before the birth of an older child."""
    case = question.replies[0].decision.case
    vocabulary = question.replies[0].decision.model.program.policy.vocabulary
    birth = occurrences(case.facts.get(vocabulary.birth))
    born = birth[0] if birth and birth[0] < case.as_of - LONG_BORN else 0
    offered = inputs.offered(question.fact, vocabulary) if question.fact.type == "team" else None
    kept = [
        reply
        for reply in question.replies
        if (offered is None or reply.value in offered)
        and not (isinstance(_tried_day(reply), Day) and reply.last is not None and reply.last < born)
    ]
    return replace(question, replies=tuple(kept) or question.replies)


def _joined(told: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Replies and what they decide, where those that say no more than that the team named has the child share one line."""
    every = list(told)
    plainly = [pair for pair in every if pair[1] == f"{pair[0]} has the child."]
    if len(plainly) < 2:
        return every
    return [*(pair for pair in every if pair not in plainly), ("Any other team", "that team has the child.")]


def _some(values: str) -> str:
    """Replies with the same outcome; of many, the first ones and how many more."""
    every = values.split("; ")
    left = len(every) - VALUES_NAMED
    return f"{'; '.join(every[:VALUES_NAMED])}; and {left} more" if left > 1 else values


def _decides(fact: Fact, reply: Reply) -> str:
    """What a reply decides. Where it stands for several days, the one that was tried is “that day”.

    If that day is recorded of something else too, another of the days is tried, which tells the two apart.
    """
    told, day = _told(reply.decision), _tried_day(reply)
    if day is None or (reply.first, reply.last) == (None, None) or reply.first == reply.last:
        return told
    case = reply.decision.case
    said = _with_that_day(told, day.number, case.as_of)
    others = (each for name, value in case.facts.items() if name != fact.name for each in occurrences(value))
    if said == told or day.number not in {*others, case.as_of}:
        return said
    other = day.number - 1 if reply.first is None or reply.first < day.number else day.number + 1
    value = (*reply.value[:-1], Day(other)) if isinstance(reply.value, tuple) else Day(other)
    again = _told(decide(reply.decision.model.program, replace(case, facts={**case.facts, fact.name: value}), FOR_MANY))
    return told if again == told else said


def _told(decision: Decision) -> str:
    """The title of an answer, and the move if it is not completed."""
    told = [title_of(decision).removesuffix(".") + "."]
    if decision.transfer is not None and decision.transfer.status != "completed":
        told.append(move(Words.of(decision.model), decision.transfer, decision.case.as_of))
    return " ".join(told)


def _tried_day(reply: Reply) -> Day | None:
    """The day that was tried for a reply that is one; the last, where it has several."""
    day = reply.value[-1] if isinstance(reply.value, tuple) and reply.value else reply.value
    return day if isinstance(day, Day) else None


def _with_that_day(told: str, day: int, as_of: int) -> str:
    return told.replace(day_words(day, as_of), "that day").replace(in_words(day), "that day")


def ask(fact: Fact, case: session.Opened) -> None:
    """Draws the input of a fact and records what is entered at once. A fact is drawn once a page; later places refer to it."""
    drawn: set[str] = st.session_state["drawn"]
    if fact.name in drawn:
        soft(f"“{fact.question}” is asked elsewhere on this page.")
        return
    drawn.add(fact.name)
    vocabulary = case.program().policy.vocabulary
    key = f"fact:{session.edition()}:{fact.name}"
    inputs.show(fact, vocabulary, case.facts.get(fact.name), key, lambda: _take(fact, vocabulary, key))


def _take(fact: Fact, vocabulary: Vocabulary, key: str) -> None:
    raw = inputs.read(fact, vocabulary, key)
    session.change({fact.name: raw}, f"{fact.label}: {inputs.said(fact, raw, vocabulary)}")


def skipped() -> set[str]:
    """The facts that were answered with “not known” and are not asked again."""
    names: set[str] = st.session_state.setdefault("skipped", set())
    return names
