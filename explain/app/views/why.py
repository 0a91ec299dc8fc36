"""“Why this team?” page: the answer for the open case, with its proof."""

import streamlit as st

from explain.app import answer_page, chooser, plain, questions, session, side, style, try_it
from explain.app.guard import guarded


def page() -> None:
    style.apply()
    st.session_state["drawn"] = set()
    chooser.chooser()
    case = session.shown()
    decision = session.decision(case)
    try_it.banner()
    answer_page.headline(decision)
    answer_page.state(decision)
    content = session.content(case)
    answer_page.summary(content)
    unsettled = decision.status != "decided"
    place = st.container() if unsettled else None
    left, right = st.columns([5, 3], gap="large")
    with left:
        answer_page.proof(content)
        answer_page.assumed(content)
        answer_page.journey(decision)
        answer_page.readings(content)
        answer_page.rest(content)
    with right:
        place = place or st.container()
        side.why_not(case, decision)
        side.file_it(case)
    with place, plain.spinner("Working out what to ask …"):  # last, as it takes longest: the answer is visible meanwhile
        questions.panel(case)
    questions.record_panel(case, decision)


guarded(page)
