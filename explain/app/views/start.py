"""Start page: no child is shown. From here a case is asked about, opened from a file, or an example looked at."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from explain.app import case_register, plain, register_panel, saving, session
from explain.app.guard import guarded, show_faults
from explain.app.style import html, soft
from explain.policy_names import installed_names, notes_on_shadowed
from kb.errors import InputError
from kb.json_yaml import parse_document

FILE = "A case file (JSON or YAML)"
EXAMPLE = "An example"


def page() -> None:
    plain.title("Which team has this child, and what comes next?", anchor=False)
    html(
        '<p class="wt-lead">Give the facts of a case, and read which team the council’s transfer policy names, '
        "when the child moves, and which lines say so.</p>"
    )
    for note in notes_on_shadowed():
        html(f'<p role="note">{escape(note)}.</p>')
    if case_register.is_on():
        soft(f"{case_register.place_told()} Examples are not kept.")
    _faults()
    _go_on()
    with st.container(key="above-ways"):
        register_panel.recent()
    ask, file, example = st.columns([1.15, 1, 1], gap="medium")
    with ask, st.container(border=True, key="way-ask"):
        plain.header("Ask about a child", anchor=False)
        plain.write("A few questions, about two minutes. You can say “not known” to any of them.")
        plain.button("Start the questions", key="start-questions", type="primary", on_click=_ask, args=(session.ASK,))
        plain.button("I know the facts: one form", key="start-form", on_click=_ask, args=(session.FACTS,))
    with file, st.container(border=True, key="way-file"):
        plain.header("Open a case", anchor=False)
        register_panel.open_by_number()
        key = f"file:{session.edition()}:{st.session_state.get('files', 0)}"
        plain.file_uploader(FILE, ["json", "yaml", "yml"], key=key, on_change=_read, args=(key,))
        soft("The file stays on this computer.")
        plain.button("Open a caseload: many children in one file", key="to-cases", on_click=session.go_to, args=(session.CASES,))
    with example, st.container(border=True, key="way-example"):
        plain.header("Look at an example", anchor=False)
        html('<p>Invented children, marked <span class="wt-example">EXAMPLE</span> on every page.</p>')
        found, names = session.samples(), installed_names()
        plain.selectbox(
            EXAMPLE, list(found), None, lambda key: f"{names[found[key][0]]}: {found[key][1].title}", "case",
            on_change=_pick, placeholder="Choose one",
        )  # fmt: skip


def _go_on() -> None:
    """Leads back to the case that is open."""
    case = session.current()
    if case is None:
        soft("No child’s case is open.")
        return
    with st.container(horizontal=True, vertical_alignment="center", key="go-on"):
        soft(f"Case {case.case_id} is open. {saving.said()}.")
        plain.button(f"Go on with case {case.case_id}", key="go-on-button", on_click=session.go_to, args=(session.ANSWER,))


def _faults() -> None:
    faults = st.session_state.pop("faults", None)
    if not faults:
        return
    show_faults(faults, "Nothing was opened:")
    case = session.current()
    soft("No case is open." if case is None else f"Case {case.case_id} is open as before.")


def _ask(page: str) -> None:
    """Starts a new case, whose council and number are asked for first; `page` is where it goes from there."""
    st.session_state["then"] = page
    session.go_to(session.ASK)


def _pick() -> None:
    key = st.session_state["case"]
    if key is not None:
        session.open_sample(key)


def _read(key: str) -> None:
    """Opens the uploaded file, or keeps its faults for display."""
    given: Any = st.session_state.get(key)
    if given is None:
        return
    st.session_state["files"] = st.session_state.get("files", 0) + 1  # a new input, as this one keeps its file
    try:
        session.open_case(session.read_case(parse_document(given.getvalue(), given.name), given.name))
    except InputError as error:
        st.session_state["faults"] = error.faults


guarded(page)
