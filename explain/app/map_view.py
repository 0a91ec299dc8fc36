"""The team graph as a clickable SVG on the page. It loads no script from elsewhere."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

KEY = "picture"
_HTML = """
<div class="tools" role="group" aria-label="The picture">
  <button type="button" class="fit">Fit</button>
  <button type="button" class="in">Zoom in</button>
  <button type="button" class="out">Zoom out</button>
  <button type="button" class="clear">Clear the choice</button>
</div>
<div class="frame" tabindex="0" role="region" aria-label="The picture; the table below says the same"></div>
"""
_CSS = """
.tools { display: flex; flex-wrap: wrap; gap: .5rem; margin-bottom: .5rem; }
button { font: inherit; padding: .3rem .8rem; border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius);
  background: var(--st-background-color); color: var(--st-text-color); cursor: pointer; }
.frame { overflow: auto; max-height: 75vh; border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius);
  background: #fff; }
svg { display: block; height: auto; margin: 0 auto; }
a { cursor: pointer; }
a:hover text { text-decoration: underline; }
a.chosen text { font-weight: 700; text-decoration: underline; }
a.chosen polygon, a.chosen path { stroke: #0b57d0; stroke-width: 3; }
button:focus-visible, .frame:focus-visible, a:focus-visible { outline: 3px solid #0b57d0; outline-offset: 2px; }
"""


@cache
def _component() -> Callable[..., Any]:
    script = (Path(__file__).parent / "map_view.js").read_text(encoding="utf-8")
    return st.components.v2.component("whichteam_map", html=_HTML, css=_CSS, js=script)


def map_view(svg: bytes, chosen: str, on_choice: Callable[[], None]) -> None:
    """Draws an SVG. When the user selects a team or move in it, `on_choice` is called; `choice` then gives the selection."""
    text = svg.decode().split("\n", 1)[1]
    data = {"svg": text, "picture": hashlib.sha256(svg).hexdigest(), "chosen": chosen}
    _component()(key=KEY, data=data, default={"chosen": chosen}, on_chosen_change=on_choice)


def choice() -> str:
    """The selected team code or move id; empty if nothing is selected."""
    state: Any = st.session_state.get(KEY) or {}
    return str(state.get("chosen") or "")
