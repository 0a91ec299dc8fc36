"""The case chooser: a sample, an uploaded file, or a new case."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import Any

import streamlit as st

from explain.app import plain, session
from explain.app.guard import show_faults
from explain.app.style import html
from explain.policy_names import installed_names, notes_on_shadowed
from kb.errors import InputError
from kb.json_yaml import parse_document

OWN = "own"


def chooser() -> None:
    """Shows the row at the top of the page."""
    current = session.opened()
    samples_by_key = session.samples()
    options = ([] if current.source else [OWN]) + list(samples_by_key)
    names = installed_names()
    titles = {key: f"{names[code]}: {sample.title}" for key, (code, sample) in samples_by_key.items()} | {OWN: current.title}
    st.session_state["case"] = current.source or OWN
    with st.container(horizontal=True, vertical_alignment="bottom"):
        plain.selectbox("Case", options, format_func=lambda key: titles[key], key="case", on_change=_pick, width=520)
        if plain.button("Open a file", key="open-file"):
            _open_file()
        if plain.button("Fill in a case", key="fill-in"):
            _new()
    for note in notes_on_shadowed():
        html(f'<p role="note">{escape(note)}.</p>')
    faults = st.session_state.pop("faults", None)
    if faults:
        show_faults(faults)


def _pick() -> None:
    key = st.session_state["case"]
    if key != OWN:
        session.open_sample(key)


@plain.dialog("Open a case file")
def _open_file() -> None:
    key = f"file:{session.edition()}"
    plain.file_uploader("A case file (JSON or YAML)", ["json", "yaml", "yml"], key=key, on_change=_read, args=(key,))
    plain.write("The file stays in this session on this machine. It is not kept.")
    if st.session_state.pop("read", False):  # a dialog reruns alone, so the page behind it has to be rerun
        st.rerun()


def _read(key: str) -> None:
    """Opens the uploaded file, or stores its faults for display."""
    given: Any = st.session_state.get(key)
    if given is None:
        return
    st.session_state["read"] = True
    try:
        session.open_case(session.read_case(parse_document(given.getvalue(), given.name), given.name))
    except InputError as error:
        st.session_state["faults"] = error.faults


@plain.dialog("Fill in a case")
def _new() -> None:
    known = installed_names()
    plain.selectbox("Policy", list(known), format_func=known.__getitem__, key="new-policy")
    plain.date_input("Day of the answer", date.today(), key="new-day", format="DD/MM/YYYY")
    if plain.button("Start", type="primary", key="new-start", on_click=_start):
        st.rerun()


def _start() -> None:
    """Opens a new case with no facts recorded."""
    session.open_case(session.new_case(st.session_state["new-policy"], st.session_state["new-day"] or date.today()))
