"""Beside the answer: whom to ask, what is recorded, why not another team, and the record to file."""

from __future__ import annotations

from datetime import date
from functools import partial
from html import escape

import streamlit as st

from explain.app import days, inputs, plain, session, try_it
from explain.app.engine import FOR_MANY
from explain.app.style import html, soft
from explain.asking import nearest_headline, way_words
from explain.filed.as_calendar import as_calendar, entries
from explain.filed.command import ONE_PAGE, made
from explain.filed.content import Confirmation, confirmed, marked
from explain.journey import was_there
from explain.settling import settling, whom_to_ask
from explain.tree import Teller
from explain.why_not import NEAREST, Lack, further_off, lacks, no_route, route_title
from explain.words import capital
from kb.case import written
from kb.vocabulary.model import Vocabulary
from queries.clashes import clashes
from queries.decide import Decision
from queries.nearest import nearest
from queries.why_not import for_the_child, routes_to

FORMS = (
    ("One page, to print", ONE_PAGE, "text/html"),
    ("Web page", ".html", "text/html"),
    ("Word", ".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("JSON, to be checked", ".json", "application/json"),
)
ONLY_THESE = "These are all the teams that this policy knows. To a team that is not among them, no clause moves a child."
AGREED, SET_ASIDE = "The answer is confirmed", "Another team was decided on"


def whom(decision: Decision) -> None:
    """Whom to ask, where the answer is not settled or the move is held up."""
    firm = decision.status == "decided" and not decision.blocked_by and not clashes(decision) and not decision.escalate_to
    named = () if firm else whom_to_ask(decision)
    if firm:
        return
    with st.container(border=True, key="whom"):
        plain.header("Whom to ask", anchor=False)
        if named:
            html(f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in named)}</ul>")
        for line in settling(decision) if not decision.escalate_to else ():
            soft(line)


def recorded(case: session.Opened, decision: Decision) -> None:
    """The recorded facts, shortest form first, with the way to change them."""
    vocabulary = decision.model.program.policy.vocabulary
    every = [name for group in vocabulary.groups for name in group.facts if name in case.facts]
    names = [name for name in every if vocabulary.facts[name].time != "gate"]  # the checks stand beside their replies
    with st.container(border=True, key="recorded"):
        plain.header("Recorded", anchor=False)
        days.of_answer(case)
        rows = "".join(
            f'<tr><th scope="row">{escape(capital(vocabulary.facts[name].label))}</th>'
            f"<td>{escape(inputs.said(vocabulary.facts[name], case.facts[name], vocabulary))}</td></tr>"
            for name in names
        )
        html(f'<table class="facts">{rows}</table>' if rows else "<p>Nothing is recorded yet.</p>")
        with st.container(horizontal=True):
            plain.button("Change facts", key="change-facts", on_click=session.go_to, args=(session.FACTS,))
            plain.button("Go on with the questions", key="go-ask", on_click=session.go_to, args=(session.ASK,))


def why_not(case: session.Opened, decision: Decision) -> None:
    """Shows the nearest routes to a chosen team and what fails in each."""
    plain.header("Why not another team?", anchor=False)
    vocabulary = decision.model.program.policy.vocabulary
    teams = [code.code for code in vocabulary.codes["team"] if code.code != decision.responsible_team]
    team = plain.selectbox(
        "Team", teams, None, lambda code: vocabulary.label("team", code), key=f"why-not:{session.edition()}",
        placeholder="Choose a team",
    )  # fmt: skip
    if team is None:
        soft(ONLY_THESE)
        return
    name = vocabulary.label("team", team)
    left = "".join(f"<p>{escape(sentence)}</p>" for sentence in was_there(decision, team))
    if left:
        html(f'<div class="wt-note" role="note">{left}</div>')
    _nearest(case, team, name, vocabulary)
    plain.subheader("How the policy could lead there", anchor=False)
    routes = routes_to(decision.model, team)
    if not routes:
        html(f'<div class="wt-note" role="note"><p>{escape(no_route(decision.model, team))}</p></div>')
        return
    teller = Teller(decision.model)
    concern = for_the_child(routes)
    for number, route in enumerate(concern[:NEAREST], 1):
        unmet = lacks(route, teller)
        body = "".join(map(_lack, unmet)) or "<li>Nothing that is recorded stops it.</li>"
        html(f'<div class="wt-note warn"><p><strong>{escape(route_title(route, teller))}</strong></p><ul>{body}</ul></div>')
        facts = tuple(dict.fromkeys(fact for lack in unmet for fact in lack.facts))
        if facts and plain.button(f"What if route {number} were met?", key=f"route-{number}"):
            try_it.dialog(facts, f"What if {name} were to take over?")
    rest = further_off(routes, concern, concern[:NEAREST])
    if rest:
        soft(rest)


def _nearest(case: session.Opened, team: str, name: str, vocabulary: Vocabulary) -> None:
    """Shows the smallest changes of facts that give the team, each with a button to try it.

    While something is tried they are searched for only when asked: with events on no known day that can take a minute.
    """
    if session.tried() and st.session_state.get("nearest-for") != (case.key, team):
        plain.button("Search for the smallest change from here", key="nearest-here", on_click=_search_for, args=(case.key, team))
        return
    with plain.spinner("Searching for the smallest change …"):
        result = session.worked_out(f"nearest {team}", case.key, lambda: nearest(case.program(), case.case(), team, FOR_MANY))
    html(f'<div class="wt-note" role="note"><p>{escape(nearest_headline(result, name, False))}</p></div>')
    for number, way in enumerate(result.ways[:NEAREST], 1):
        lines = "; and ".join(way_words(way, case.case(), vocabulary))
        html(f"<p>{number}. {escape(lines)}</p>")
        changes = {change.fact: written(change.value) for change in way}
        plain.button(f"Try change {number}", key=f"nearest-{number}", on_click=session.try_out, args=(changes,))
    if len(result.ways) > NEAREST:
        soft(f"{len(result.ways) - NEAREST} more changes of the same size.")


def _search_for(case: str, team: str) -> None:
    st.session_state["nearest-for"] = case, team


def _lack(lack: Lack) -> str:
    sign = "?" if lack.mark == "not recorded" else "✕"
    reasons_marked = (marked(reason) for reason in lack.reasons)
    reasons = "".join(
        f'<li class="{kind}"><span class="mark">{mark}</span> {escape(text)}</li>' for kind, mark, text in reasons_marked
    )
    below = f'<ul class="reasons">{reasons}</ul>' if reasons else ""
    return f"<li>{sign} <strong>{lack.mark.capitalize()}:</strong> {escape(lack.text)}{below}</li>"


def file_it(case: session.Opened) -> None:
    """Shows download buttons for the record and the calendar, and the form for who decided."""
    with st.container(key="file-it"):
        _file_it(case)


def _file_it(case: session.Opened) -> None:
    plain.header(f"File it for case {case.case_id}", anchor=False)
    if case.example:
        soft("This child is invented: EXAMPLE. It does not go into a register.")
    if session.tried():
        plain.write("What is being tried can't be filed. Undo it, or record it, first.")
        return
    confirmation = _who_decided(case)
    if confirmation is None:
        return
    content = confirmed(session.content(case), confirmation)
    name = f"record-{content.case_id}"
    with st.container(horizontal=True):
        for label, form, kind in FORMS:
            plain.download_button(
                f"Record: {label}",
                partial(made, content, form),
                f"{name}{form}",
                kind,
                key=f"file{form}",
                on_click="ignore",
            )
        dated = bool(entries(content))
        if dated:
            plain.download_button(
                "Deadlines and moves: calendar", as_calendar(content), f"deadlines-{content.case_id}.ics", "text/calendar",
                key="file.ics", on_click="ignore",
            )  # fmt: skip
    if not dated:
        soft("No deadline follows and no move is planned, so there is no calendar file.")


def _who_decided(case: session.Opened) -> Confirmation | None:
    """Who confirmed the answer or set it aside; None while the form is incomplete."""
    with plain.expander("Who decided? (goes into the record)"):
        key = f"who:{session.edition()}"
        by = plain.text_input("Name and role", key=f"{key}:by", max_chars=120)
        as_of = date.fromisoformat(case.document["as_of"])
        on = plain.date_input("Decided on", None, as_of, key=f"{key}:on", format="DD/MM/YYYY")
        how = plain.radio("Decision", (AGREED, SET_ASIDE), key=f"{key}:how")
        if how == AGREED:
            return _confirmed(by, on)
        vocabulary = case.program().policy.vocabulary
        teams = [code.code for code in vocabulary.codes["team"]]
        team = plain.selectbox("Team decided on", teams, None, lambda c: vocabulary.label("team", c), key=f"{key}:team")
        reason = plain.text_area("Reason", key=f"{key}:reason", max_chars=2000)
        if team is None or not reason.strip():
            plain.warning("Setting an answer aside needs the team and a reason.")
            return None
        confirmation = _confirmed(by, on)
        return confirmation and Confirmation(confirmation.by, confirmation.on, team, reason.strip())


def _confirmed(by: str, on: date | None) -> Confirmation | None:
    if on is not None and not by.strip():
        plain.warning("A day of decision needs the name of who decided.")
        return None
    return Confirmation(by.strip() or None, on.isoformat() if on else None)
