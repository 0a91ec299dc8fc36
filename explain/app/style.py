"""CSS of the app (`style.css`), and its own HTML. Colour never carries meaning alone: a word or mark stands beside it."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path

import streamlit as st


@cache
def sheet() -> str:
    """The CSS as an HTML element."""
    return f"<style>{(Path(__file__).parent / 'style.css').read_text(encoding='utf-8')}</style>"


def apply() -> None:
    """Adds the CSS to the page; called once a run."""
    st.html(sheet())


def html(body: str) -> None:
    """Shows a piece of HTML. The caller escapes all text in it."""
    st.html(f'<div class="wt">{body}</div>')


def soft(line: str) -> None:
    """Shows a remark in smaller letters. Streamlit's own captions have too little contrast."""
    html(f'<p class="soft">{escape(line)}</p>')
