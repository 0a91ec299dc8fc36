"""Recorded facts page: the whole form of a case, grouped by stage, with a search by the words people use."""

from __future__ import annotations

from datetime import date

import streamlit as st

from explain.app import frame, inputs, plain, questions, session
from explain.app.guard import guarded
from explain.app.style import html, soft
from explain.fact_search import find
from kb.case import RECORDED_ON
from kb.vocabulary.model import Vocabulary
from queries.facts_used import facts_used

FIND = "Find a fact"


def page() -> None:
    case = session.current()
    if case is None:
        frame.nothing_open()
        return
    st.session_state["drawn"] = set()
    plain.title(f"Facts of case {case.case_id}", anchor=False)
    soft("What you enter is recorded at once. Leave what nobody knows as it is: it counts neither as yes nor as no.")
    with st.container(horizontal=True):
        plain.button("See the answer", key="see-answer", type="primary", on_click=session.go_to, args=(session.ANSWER,))
        plain.button("Ask me instead", key="to-ask", on_click=session.go_to, args=(session.ASK,))
    _days(case)
    vocabulary = case.program().policy.vocabulary
    used = session.worked_out("facts used", f"{case.policy} {case.settings}", lambda: facts_used(case.program()))
    names = [name for name in vocabulary.recorded if name in used or name in case.facts]
    text = plain.text_input(FIND, key="find-fact", placeholder="A word, such as letter, court or CP plan", width=420)
    if text.strip():
        _found(case, vocabulary, find(vocabulary, names, text), text)
    else:
        _groups(case, vocabulary, set(names))


def _found(case: session.Opened, vocabulary: Vocabulary, found: list[str], text: str) -> None:
    count = f"{len(found)} fact{'s' if len(found) != 1 else ''} found"
    html(f'<p role="status">{count}.</p>')
    if not found:
        soft("Nothing that this policy looks at is called so. Try another word, or look through the groups.")
    for name in found:
        with st.container(border=True, key=f"found-{name}"):
            questions.ask(vocabulary.facts[name], case)


def _groups(case: session.Opened, vocabulary: Vocabulary, names: set[str]) -> None:
    for place, group in enumerate(vocabulary.groups):
        shown = [name for name in group.facts if name in names]
        if not shown:
            continue
        recorded = sum(name in case.facts for name in shown)
        key = f"group:{session.edition()}:{place}"
        opened = plain.expander(
            f"{group.title}: {recorded} of {len(shown)} recorded", place == 0 or recorded > 0, key=key, on_change="rerun"
        )
        with opened:
            for name in shown if opened.open else ():
                with st.container(key=f"fact-{name}"):
                    questions.ask(vocabulary.facts[name], case)


def _days(case: session.Opened) -> None:
    """The day of the answer and, if it was drawn up later, that of the record."""
    day, record = date.fromisoformat(case.document["as_of"]), case.document.get(RECORDED_ON)
    with st.container(horizontal=True):
        key = f"day:{session.edition()}"
        plain.date_input(
            "Day of the answer", day, inputs.FIRST_DAY, inputs.LAST_DAY, key=key, on_change=_set_day, args=(key,),
            format="DD/MM/YYYY", width=320,
        )  # fmt: skip
        key = f"record:{session.edition()}:{day}:{record}"
        plain.date_input(
            "Day of the record, if it was drawn up later", date.fromisoformat(record) if record else None, day,
            inputs.LAST_DAY, key=key, on_change=_set_record, args=(key,), format="DD/MM/YYYY", width=320,
            help="What is dated after the day of the answer and not after this day had not happened yet, and was no plan.",
        )  # fmt: skip


def _set_day(key: str) -> None:
    day = st.session_state.get(key)
    if day is not None:
        session.record(session.opened().with_day(day))


def _set_record(key: str) -> None:
    session.record(session.opened().with_record_of(st.session_state.get(key)))


guarded(page)
