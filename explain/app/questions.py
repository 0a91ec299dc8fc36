"""The question form: what to ask next, why, and what is recorded. Built from the vocabulary and the rules."""

from __future__ import annotations

from datetime import date
from html import escape

import streamlit as st

from explain.app import inputs, plain, session
from explain.app.engine import FOR_MANY
from explain.app.style import html, soft
from explain.asking import outcomes
from explain.words import Words, capital
from kb.case import RECORDED_ON
from kb.language.model import Atom
from kb.vocabulary.model import Fact, Vocabulary
from queries.ask import Question, questions
from queries.decide import Decision
from queries.upcoming import facts_ahead

SHOWN_FIRST = 1
MOVES_NAMED = 2


def asked(case: session.Opened) -> list[Question]:
    """The questions of a case, the most decisive first, without those answered “not known”."""
    every = session.worked_out("questions", case.key, lambda: questions(case.program(), case.case(), FOR_MANY))
    return [question for question in every if question.fact.name not in _skipped()]


def panel(case: session.Opened) -> None:
    """Shows the unrecorded facts that could change the answer."""
    open_questions = asked(case)
    if not open_questions and not _skipped():
        return
    plain.header("What is missing", anchor=False)
    if not open_questions:
        plain.write("Nobody knows more: every open question was answered with “not known”.")
    for question in open_questions[:SHOWN_FIRST]:
        _question(question, case)
    later = open_questions[SHOWN_FIRST:]
    if later:
        with plain.expander(f"{len(later)} more that could change the answer"):
            for question in later:
                _question(question, case)
    if _skipped():
        plain.button("Ask again what was not known", on_click=_skipped().clear, type="tertiary", key="again")


def _question(question: Question, case: session.Opened) -> None:
    with st.container(border=True):
        _input(question.fact, case)
        html(_why_asked(question))
        name = question.fact.name
        plain.button(
            "Not known: skip this", on_click=_skipped().add, args=(name,), key=f"skip-{name}",
            help=f"Leaves this open: {question.fact.question}",
        )  # fmt: skip


def _why_asked(question: Question) -> str:
    """HTML that says what each reply would decide; replies with the same outcome share a line."""
    if not question.matters:
        only = "The team stays the same whatever the reply; a check, a duty or a later move hangs on it."
        return f'<p class="soft">Why this is asked: {escape(only)}</p>'
    fewest = " (one of the fewest questions that can settle the case)" if question.among_fewest else ""
    lines = "".join(f"<li><strong>{escape(values)}</strong>: {escape(outcome)}</li>" for values, outcome in outcomes(question))
    return f'<div class="soft"><p>Why this is asked{fewest}:</p><ul>{lines}</ul></div>'


def record_panel(case: session.Opened, decision: Decision) -> None:
    """Shows the recorded facts for correction, facts that bear on the next move, and a search for any other fact."""
    vocabulary = decision.model.program.policy.vocabulary
    plain.header("This case", anchor=False)
    left, right = st.columns(2, gap="large")
    with left:
        _recorded(case, vocabulary)
    with right:
        _ahead(case, decision, vocabulary)
        _other(case, vocabulary)


def _recorded(case: session.Opened, vocabulary: Vocabulary) -> None:
    plain.subheader("Recorded", anchor=False)
    key = f"day:{session.edition()}"
    plain.date_input(
        "Day of the answer", _day_of(case), inputs.FIRST_DAY, inputs.LAST_DAY, key=key, on_change=_set_day, args=(key,),
        format="DD/MM/YYYY", width=320,
    )  # fmt: skip
    day, record = _day_of(case), case.document.get(RECORDED_ON)
    key = f"record:{session.edition()}:{day}:{record}"
    plain.date_input(
        "Day of the record, if it was drawn up later", date.fromisoformat(record) if record else None, day, inputs.LAST_DAY,
        key=key, on_change=_set_record, args=(key,), format="DD/MM/YYYY", width=320,
        help="What is dated after the day of the answer and not after this day had not happened yet, and was no plan.",
    )  # fmt: skip
    if not case.facts:
        plain.write("Nothing is recorded yet.")
    else:
        html(f'<table class="facts"><caption>Facts of this case</caption>{_table(case, vocabulary)}</table>')
        options = [name for group in vocabulary.groups for name in group.facts if name in case.facts]
        chosen = plain.selectbox(
            "Correct what is recorded", options, None, lambda name: vocabulary.facts[name].question,
            key=f"correct:{session.edition()}", placeholder="Choose a fact",
        )  # fmt: skip
        if chosen:
            _input(vocabulary.facts[chosen], case)


def _table(case: session.Opened, vocabulary: Vocabulary) -> str:
    groups = ((group.title, [name for name in group.facts if name in case.facts]) for group in vocabulary.groups)
    return "".join(
        f'<tbody><tr><th colspan="2" scope="rowgroup">{escape(title)}</th></tr>'
        + "".join(_row(vocabulary.facts[name], case, vocabulary) for name in names)
        + "</tbody>"
        for title, names in groups
        if names
    )


def _row(fact: Fact, case: session.Opened, vocabulary: Vocabulary) -> str:
    value = inputs.said(fact, case.facts[fact.name], vocabulary)
    return f'<tr><th scope="row">{escape(capital(fact.label))}</th><td>{escape(value)}</td></tr>'


def _ahead(case: session.Opened, decision: Decision, vocabulary: Vocabulary) -> None:
    """Shows unrecorded facts that bear on the next move, by group."""
    plain.subheader("What else may have happened", anchor=False)
    bearing = session.worked_out("ahead", case.key, lambda: facts_ahead(decision))
    groups = {g.title: [name for name in g.facts if name in bearing] for g in vocabulary.groups}
    groups = {title: names for title, names in groups.items() if names}
    if not groups:
        plain.write("Nothing that is not recorded could move the child on from here.")
        return
    title = plain.selectbox(
        "About", list(groups), None, lambda t: f"{t} ({len(groups[t])})", key=f"about:{session.edition()}",
        placeholder="Choose what to tell more about",
    )  # fmt: skip
    words = Words(decision.model.program)
    for name in groups.get(title or "", []):
        _input(vocabulary.facts[name], case)
        soft(f"Asked because it bears on {_moves(words, bearing[name])}.")


def _moves(words: Words, routes: tuple[Atom, ...]) -> str:
    named = [inputs.route_words(words, (str(r.args[0]), str(r.args[1]), str(r.args[2]))) for r in routes[:MOVES_NAMED]]
    more = f", and {len(routes) - MOVES_NAMED} more" if len(routes) > MOVES_NAMED else ""
    return ", and ".join(named) + more if not more else ", ".join(named) + more


def _other(case: session.Opened, vocabulary: Vocabulary) -> None:
    options = [name for group in vocabulary.groups for name in group.facts if name not in case.facts]
    chosen = plain.selectbox(
        "Any other fact", options, None, lambda name: vocabulary.facts[name].question, key=f"other:{session.edition()}",
        placeholder="Type a word to find a question",
    )  # fmt: skip
    if chosen:
        _input(vocabulary.facts[chosen], case)


def _input(fact: Fact, case: session.Opened) -> None:
    """Draws the input of a fact and records what is entered. A fact is drawn once a page; later places refer to the first."""
    drawn: set[str] = st.session_state["drawn"]
    if fact.name in drawn:
        soft(f"“{fact.question}” is asked above.")
        return
    drawn.add(fact.name)
    vocabulary = case.program().policy.vocabulary
    key = f"fact:{session.edition()}:{fact.name}"
    inputs.show(fact, vocabulary, case.facts.get(fact.name), key, lambda: _take(fact, vocabulary, key))


def _take(fact: Fact, vocabulary: Vocabulary, key: str) -> None:
    session.change({fact.name: inputs.read(fact, vocabulary, key)})


def _set_day(key: str) -> None:
    day = st.session_state.get(key)
    if day is not None:
        st.session_state["opened"] = session.opened().with_day(day)


def _set_record(key: str) -> None:
    st.session_state["opened"] = session.opened().with_record_of(st.session_state.get(key))


def _day_of(case: session.Opened) -> date:
    return date.fromisoformat(case.document["as_of"])


def _skipped() -> set[str]:
    names: set[str] = st.session_state.setdefault("skipped", set())
    return names
