"""What a page shows when something is wrong: the faults of what people gave, and never a traceback.

What goes wrong inside is logged by its kind and place in the program only: the message of an
exception may hold something of a case.
"""

from __future__ import annotations

import logging
import secrets
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

from kb.errors import Fault, InputError

_log = logging.getLogger("whichteam")


def guarded(page: Callable[[], None]) -> None:
    """Runs a page, and shows what stopped it."""
    try:
        page()
    except InputError as error:
        show_faults(error.faults)
    except Exception as error:
        reference = secrets.token_hex(4)
        places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-4:]]
        _log.error("%s: %s at %s", reference, type(error).__name__, " < ".join(reversed(places)))
        st.error(f"This page could not be shown (reference {reference}). Nothing was changed. Open another case, or reload.")


def show_faults(faults: Sequence[Fault], before: str = "This can't be used as it is:") -> None:
    """Faults as people see them on the command line, each with what to do."""
    lines = [f"- {_plain(fault)}" for fault in faults]
    st.error("\n".join([before, "", *lines]))


def _plain(fault: Fault) -> str:
    hint = f" — {_escaped(fault.hint)}" if fault.hint else ""
    return f"{_escaped(fault.where)}: {_escaped(fault.message)}{hint}"


def _escaped(text: str) -> str:
    """A text that can't be taken for Markdown, but for the backticks that mark names."""
    for letter in "\\*_[]<>#$~|:":
        text = text.replace(letter, f"\\{letter}") if "`" not in text else text
    return text.replace("\n", " ")
