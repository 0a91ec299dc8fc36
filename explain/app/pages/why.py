"""Why this team? The answer for one case, with its proof."""

import streamlit as st

from explain.app import answer_page, chooser, questions, session, side, style, try_it
from explain.app.guard import guarded


def page() -> None:
    style.apply()
    st.session_state["drawn"] = set()
    chooser.chooser()
    case = session.shown()
    content = session.content(case)
    try_it.banner()
    answer_page.headline(content)
    answer_page.state(content)
    answer_page.summary(content)
    unsettled = content.decision.status != "decided"
    if unsettled:
        questions.panel(case)
    left, right = st.columns([5, 3], gap="large")
    with left:
        answer_page.proof(content)
        answer_page.readings(content)
        answer_page.rest(content)
    with right:
        if not unsettled:
            questions.panel(case)
        side.why_not(content.decision)
        side.file_it(case)
    questions.record_panel(case, content.decision)


guarded(page)
