"""Streamlit elements that show text literally instead of as Markdown.

Streamlit interprets element texts as Markdown with LaTeX, emoji codes and directives. A name from a
case, policy, file or error could therefore put a link, a remote image or a colour on the page. The app
uses only the elements of this module (enforced by `tests/app/test_plain.py`).
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, TypeVar

import streamlit as st

#: Parameters that Streamlit renders as Markdown.
TEXTS = ("label", "title", "body", "text", "help", "caption")
#: Elements that also render their options as Markdown; select boxes show options as text already.
WITH_OPTIONS = ("radio", "segmented_control")

#: Characters that open markup anywhere in a line, and those that do at its start.
_ANYWHERE = re.compile(r"[\\`*\[\]<>$~|]|(?<!\w)_|_(?!\w)|:(?=\S)|&(?=#?\w+;)")
_AT_START = re.compile(r"^(\d{0,9})([-+#=.)!])")
#: Markup that Streamlit finds after unescaping, so that a backslash does not stop it: links, emoji, icons, arrows.
_LATER = re.compile(r"[:@](?=\S)|www(?=\.)|(?<![^\s\\])[-<>~](?=\\?[-=>])", re.IGNORECASE)
_NO_BREAK = "\u2060"  # U+2060 word joiner: invisible, zero width

F = TypeVar("F", bound=Callable[..., Any])


def escaped(text: str) -> str:
    """Markdown that renders as exactly this text, on one line."""
    line = " ".join(text.split())
    line = _AT_START.sub(r"\1\\\2", _ANYWHERE.sub(r"\\\g<0>", line))
    return _LATER.sub(rf"\g<0>{_NO_BREAK}", line)


def _text_only(element: F) -> F:
    """Wraps a Streamlit element so that its texts are escaped."""
    signature = inspect.signature(element)

    @wraps(element)
    def shown(*args: Any, **kwargs: Any) -> Any:
        given = signature.bind(*args, **kwargs)
        for name in TEXTS:
            if isinstance(given.arguments.get(name), str):
                given.arguments[name] = escaped(given.arguments[name])
        if given.arguments.get("captions"):
            given.arguments["captions"] = [escaped(caption) for caption in given.arguments["captions"]]
        if element.__name__ in WITH_OPTIONS:
            format_option: Callable[[Any], Any] = given.arguments.get("format_func", str)
            given.arguments["format_func"] = lambda option: escaped(str(format_option(option)))
        return element(*given.args, **given.kwargs)

    return shown  # type: ignore[return-value]


title = _text_only(st.title)
header = _text_only(st.header)
subheader = _text_only(st.subheader)
write = _text_only(st.markdown)
success = _text_only(st.success)
warning = _text_only(st.warning)
error = _text_only(st.error)
expander = _text_only(st.expander)
dialog = _text_only(st.dialog)
spinner = _text_only(st.spinner)
progress = _text_only(st.progress)
button = _text_only(st.button)
submit_button = _text_only(st.form_submit_button)
download_button = _text_only(st.download_button)
page_link = _text_only(st.page_link)
checkbox = _text_only(st.checkbox)
toggle = _text_only(st.toggle)
radio = _text_only(st.radio)
segmented_control = _text_only(st.segmented_control)
selectbox = _text_only(st.selectbox)
multiselect = _text_only(st.multiselect)
text_input = _text_only(st.text_input)
text_area = _text_only(st.text_area)
number_input = _text_only(st.number_input)
date_input = _text_only(st.date_input)
datetime_input = _text_only(st.datetime_input)
file_uploader = _text_only(st.file_uploader)


def error_list(before: str, lines: Iterable[str]) -> None:
    """Shows an error with a list below it."""
    st.error("\n".join([escaped(before), "", *(f"- {escaped(line)}" for line in lines)]))
