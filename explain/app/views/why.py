"""Answer page: the answer for the open case, what can be done about it, and its proof."""

import streamlit as st

from explain.app import (
    answer_page,
    confirming,
    frame,
    looks_wrong,
    plain,
    questions,
    register_panel,
    session,
    side,
    speech,
    timeline,
    try_it,
)
from explain.app.guard import guarded


def page() -> None:
    if session.current() is None:
        frame.nothing_open()
        return
    st.session_state["drawn"] = set()
    case = session.shown()
    decision = session.decision(case)
    # Each part has a place of its own, there or not: what follows it then stays what it was, and keeps the focus.
    with st.container(key="above-trying"):
        try_it.banner()
    with st.container(key="above-undo"):
        answer_page.undo()
    doubted = questions.doubt(case, decision)
    answer_page.hero(decision, doubted is not None)
    speech.draw()
    settle = st.container(key="panel-settle")
    content = session.content(case)
    with st.container(key="panels"):
        answer_page.panels(decision, content)
    answer_page.summary(content)
    with st.container(key="above-reasons"):
        answer_page.noted(content)
    left, right = st.columns([5, 3], gap="large")
    with left:
        timeline.timeline(decision)
        answer_page.reasons(content)
    with right:
        side.whom(decision)
        with st.container(key="notes"):
            register_panel.earlier_rules(case, decision)
            looks_wrong.noted(case, decision)
        side.recorded(case, decision)
    answer_page.proof(content)
    left, right = st.columns([5, 3], gap="large")
    with left:
        checks = st.container(key="confirming")
        assumed = st.container(key="assumed")
        further = st.container(key="further")
        answer_page.rest(content)
        answer_page.readings(content)
        answer_page.earlier(decision)
        answer_page.about_policy(content)
    with right:
        side.file_it(case)
        with st.container(key="wrong"):
            looks_wrong.form(case, decision)
        side.why_not(case, decision)
    # The rest takes longest: the answer is visible meanwhile. What could give another team comes first, decided or not, and is
    # asked at the top of the page; else the checks before the move come first.
    undecided = decision.status != "decided"
    at_the_top = undecided or doubted is not None
    if not at_the_top:
        with checks:
            confirming.checks(case, decision, content)
    with settle if undecided else further, plain.spinner("Working out what to ask …"):
        questions.asked(case)
    with settle if at_the_top else further:
        questions.panel(case, doubted)
    if at_the_top:
        with checks:
            confirming.checks(case, decision, content)
    with assumed:
        confirming.assumed(case, content)


guarded(page)
