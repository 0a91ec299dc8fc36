"""Notice on a page whose session has ended, for example after a restart of the app or a long sleep."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from explain.app import plain, session

KEY = "lost"
SAID = (
    "The connection to the app was lost for too long, or the app was started again. "
    "If a case was open here, it is forgotten; nothing of it was kept. Open it again, or choose another."
)


@cache
def _component() -> Callable[..., Any]:
    script = (Path(__file__).parent / "lost.js").read_text(encoding="utf-8")
    return st.components.v2.component("whichteam_lost", html="<span></span>", js=script)


def watch() -> None:
    """Draws the component that compares the page's session with the current one, and warns if they differ."""
    state = _component()(key=KEY, data={"session": session.name()}, on_drawn_by_change=_drawn_anew)
    if state.drawn_by not in (None, session.name()) and session.current() is None:
        plain.warning(SAID)


def _drawn_anew() -> None:
    """Does nothing; the callback only triggers a rerun of the page."""
