"""Choosing a case: a sample, a file, or one that is filled in."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from explain.app import session
from explain.app.guard import show_faults
from kb.document import parse_document
from kb.errors import InputError
from kb.policy import installed
from queries.load import load_program

OWN = "own"


def chooser() -> None:
    """The row at the top of the page."""
    current = session.opened()
    found = session.samples()
    options = ([] if current.source else [OWN]) + list(found)
    names = {code: load_program(code).policy.name for code in dict.fromkeys(code for code, _ in found.values())}
    titles = {key: f"{names[code]}: {sample.title}" for key, (code, sample) in found.items()} | {OWN: current.title}
    st.session_state["case"] = current.source or OWN
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox("Case", options, format_func=lambda key: titles[key], key="case", on_change=_pick, width=520)
        if st.button("Open a file", key="open-file"):
            _open_file()
        if st.button("Fill in a case", key="fill-in"):
            _new()
    faults = st.session_state.pop("faults", None)
    if faults:
        show_faults(faults)


def _pick() -> None:
    key = st.session_state["case"]
    if key != OWN:
        session.open_sample(key)


@st.dialog("Open a case file")
def _open_file() -> None:
    key = f"file:{session.edition()}"
    given = st.file_uploader("A case file (JSON or YAML)", ["json", "yaml", "yml"], key=key, on_change=_read, args=(key,))
    st.write("The file stays in this session on this machine. It is not kept.")
    if given is not None:
        st.rerun()


def _read(key: str) -> None:
    """Opens the file that was handed in, or keeps its faults to be shown."""
    given: Any = st.session_state.get(key)
    try:
        if given is not None:
            session.open_case(session.read_case(parse_document(given.getvalue(), given.name), given.name))
    except InputError as error:
        st.session_state["faults"] = error.faults


@st.dialog("Fill in a case")
def _new() -> None:
    known = list(installed())
    st.selectbox("Policy", known, format_func=lambda code: load_program(code).policy.name, key="new-policy")
    st.date_input("Day of the answer", date.today(), key="new-day", format="DD/MM/YYYY")
    if st.button("Start", type="primary", key="new-start", on_click=_start):
        st.rerun()


def _start() -> None:
    """Starts a case of which nothing is known yet."""
    session.open_case(session.new_case(st.session_state["new-policy"], st.session_state["new-day"] or date.today()))
