"""Recorded facts page: the whole form of a case, grouped by stage, with a search by the words people use."""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

from explain.app import days, frame, plain, questions, session
from explain.app.guard import guarded
from explain.app.style import html, soft
from explain.fact_search import find
from kb.vocabulary.model import Vocabulary
from queries.facts_used import decides_nothing, facts_used

FIND = "Find a fact"
NO_CLAUSE = "This policy has no clause on this. It can be recorded, and decides nothing."


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
    with st.container(horizontal=True):
        days.of_answer(case)
        days.of_record(case)
    vocabulary = case.program().policy.vocabulary
    used = session.worked_out("facts used", f"{case.policy} {case.settings}", lambda: facts_used(case.program()))
    names = [name for name in vocabulary.recorded if name in used or name in case.facts]
    silent = session.worked_out("decides nothing", f"{case.policy} {case.settings}", lambda: decides_nothing(case.program()))
    text = plain.text_input(FIND, key="find-fact", placeholder="A word, such as letter, court or CP plan", width=420)
    if text.strip():
        _found(case, vocabulary, find(vocabulary, names, text), silent)
    else:
        _groups(case, vocabulary, set(names), silent)


def _found(case: session.Opened, vocabulary: Vocabulary, found: list[str], silent: Collection[str]) -> None:
    count = f"{len(found)} fact{'s' if len(found) != 1 else ''} found"
    html(f'<p role="status">{count}.</p>')
    if not found:
        soft("Nothing that this policy looks at is called so. Try another word, or look through the groups.")
    for name in found:
        with st.container(border=True, key=f"found-{name}"):
            _ask(vocabulary, name, case, silent)


def _groups(case: session.Opened, vocabulary: Vocabulary, names: set[str], silent: Collection[str]) -> None:
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
                    _ask(vocabulary, name, case, silent)


def _ask(vocabulary: Vocabulary, name: str, case: session.Opened, silent: Collection[str]) -> None:
    questions.ask(vocabulary.facts[name], case)
    if name in silent:
        soft(NO_CLAUSE)


guarded(page)
