"""What is said and where the focus goes: one polite live region, and the heading after each step.

A sentence said with `say` is spoken once. `turn` moves the focus to the heading of the page at the end of this run, as
after a step or an answer that was asked for with a button; what is recorded by a choice keeps the focus where it is.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from explain.app import saving

KEY = "speech"
_HTML = '<div role="status" aria-live="polite" class="spoken"></div>'
_CSS = ".spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }"


@cache
def _component() -> Callable[..., Any]:
    script = (Path(__file__).parent / "speech.js").read_text(encoding="utf-8")
    return st.components.v2.component("whichteam_speech", html=_HTML, css=_CSS, js=script)


def say(sentence: str) -> None:
    """Has a sentence spoken, once. What is spoken is drawn with `draw`."""
    told, count = st.session_state.get("spoken", ("", 0))
    if sentence != told:
        st.session_state["spoken"] = sentence, count + 1


def turn() -> None:
    """Moves the focus to the heading at the end of this run."""
    st.session_state["turn"] = st.session_state.get("turn", 0) + 1


def begin(page: str) -> None:
    """Makes the place of the component, above all else on the page. `page` is the path of the page that is drawn."""
    st.session_state["speech-place"] = st.container(key="spoken"), page


def draw() -> None:
    """Draws the component, once a run: as soon as there is something to say, else at the end of the page."""
    place, page = st.session_state.pop("speech-place", (None, ""))
    if place is None:
        return
    sentence, count = st.session_state.get("spoken", ("", 0))
    data = {
        "say": sentence,
        "said": count,
        "turn": st.session_state.get("turn", 0),
        "page": page,
        "unsaved": saving.unsaved(),
    }
    with place:
        _component()(key=KEY, data=data)
