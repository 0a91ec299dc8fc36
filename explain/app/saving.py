"""Whether the open case has changes that are kept nowhere but in this tab.

Every change of the open case is told here (`changed`), and every keeping of it (`saved`). A register that keeps cases
as one goes attaches here: it keeps the case in `changed` and tells so with `saved`.
"""

from __future__ import annotations

from datetime import datetime

import streamlit as st

UNSAVED, SAID = "unsaved", "saved-said"


def opened() -> None:
    """A case was opened as it stands elsewhere: nothing is to be saved."""
    st.session_state[UNSAVED], st.session_state[SAID] = False, ""


def changed() -> None:
    """The open case was changed."""
    st.session_state[UNSAVED] = True


def saved(where: str) -> None:
    """The open case was kept. `where` is for people, such as `in a file`."""
    st.session_state[UNSAVED] = False
    st.session_state[SAID] = f"Saved {where} at {datetime.now():%H:%M}"


def unsaved() -> bool:
    return bool(st.session_state.get(UNSAVED, False))


def said() -> str:
    """Where the case is kept, for the strip at the top of the page."""
    if unsaved():
        return "Not saved: in this tab only"
    return str(st.session_state.get(SAID) or "No changes yet")
