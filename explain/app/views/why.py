"""Answer page: the answer for the open case, what can be done about it, and its proof."""

import streamlit as st

from explain.app import answer_page, confirming, frame, plain, questions, session, side, timeline, try_it
from explain.app.guard import guarded


def page() -> None:
    if session.current() is None:
        frame.nothing_open()
        return
    st.session_state["drawn"] = set()
    case = session.shown()
    decision = session.decision(case)
    try_it.banner()
    answer_page.undo()
    answer_page.hero(decision)
    settle = st.container(key="panel-settle") if decision.status != "decided" else None
    content = session.content(case)
    answer_page.panels(decision, content)
    answer_page.summary(content)
    left, right = st.columns([5, 3], gap="large")
    with left:
        timeline.timeline(decision)
        answer_page.reasons(content)
    with right:
        side.whom(decision)
        side.recorded(case, decision)
    answer_page.proof(content)
    left, right = st.columns([5, 3], gap="large")
    with left:
        confirming.checks(case, decision, content)
        assumed = st.container(key="assumed")
        settle = settle or st.container()
        answer_page.rest(content)
        answer_page.readings(content)
        answer_page.earlier(decision)
    with right:
        side.file_it(case)
        side.why_not(case, decision)
    with settle, plain.spinner("Working out what to ask …"):  # these two take longest: the answer is visible meanwhile
        questions.panel(case)
    with assumed:
        confirming.assumed(case, content)


guarded(page)
