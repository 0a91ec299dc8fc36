"""CSS of the app's own HTML. Colour never carries meaning alone: a word or mark stands beside it."""

from __future__ import annotations

from html import escape

import streamlit as st

#: Marks are dark on light in both themes (contrast at least 6:1); everything else uses the theme's colours.
STYLE = """<style>
.wt { --line: color-mix(in srgb, currentColor 30%, transparent); --soft: color-mix(in srgb, currentColor 78%, transparent);
  --shown: #1b5e20; --shown-bg: #e6f4e7; --checked: #4a148c; --checked-bg: #f1e6fa; --open: #7a3b00; --open-bg: #fdeed9;
  --beaten: #9b1c1c; --beaten-bg: #fde8e8; line-height: 1.45; overflow-wrap: break-word; }
.wt p { margin: .15rem 0 .4rem; }
.wt .soft { color: var(--soft); font-size: .92rem; }
.wt ul { margin: .2rem 0 .2rem; padding-left: 1.2rem; }
.wt-tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr));
  gap: .8rem; margin: .2rem 0 .4rem; }
.wt-tile { border: 1px solid var(--line); border-radius: .5rem; padding: .7rem 1rem .75rem; }
.wt .wt-tile p { margin: 0; }
.wt-tile .name { font-size: .92rem; color: var(--soft); }
.wt-tile .first { font-size: 1.15rem; line-height: 1.35; margin-top: .1rem; }
.wt-tile .more { font-size: .95rem; margin-top: .3rem; }
.wt-card { display: grid; grid-template-columns: minmax(0, 1fr) auto; column-gap: .6rem; align-items: start;
  border: 1px solid var(--line); border-left: .45rem solid var(--shown); border-radius: .4rem; padding: .5rem .8rem; }
.wt-card.checked { border-left-style: double; border-left-color: #9b6fd0; }
.wt-card.open { border-left-style: dashed; border-left-color: #c77700; }
.wt-card.beaten { border-left-color: #b45309; }
.wt summary { cursor: pointer; border-radius: .2rem; }
.wt summary:focus-visible { outline: 3px solid #3b82f6; outline-offset: 2px; }
.wt .num { font-weight: 700; margin-right: .2rem; }
.wt .mark { display: inline-block; font-size: .82rem; font-weight: 700; white-space: nowrap; border-radius: 1rem;
  padding: .05rem .55rem; margin-right: .2rem; color: var(--shown); background: var(--shown-bg); }
.wt .checked > .mark, .wt summary.checked > .mark { color: var(--checked); background: var(--checked-bg); }
.wt .open > .mark, .wt summary.open > .mark { color: var(--open); background: var(--open-bg); }
.wt .beaten > .mark { color: var(--beaten); background: var(--beaten-bg); }
.wt .reasons { list-style: none; margin: .35rem 0 .1rem .35rem; padding-left: .8rem; border-left: 2px solid var(--line); }
.wt .reasons > li { margin: .28rem 0; }
.wt .reasons > li.line { display: grid; grid-template-columns: minmax(0, 1fr) auto; column-gap: .6rem; align-items: start; }
.wt .reasons > li.line > .reasons { grid-column: 1 / -1; }
.wt .chip > summary { display: inline-block; list-style: none; font-size: .85rem; border: 1px solid currentColor;
  padding: 0 .45rem; white-space: nowrap; }
.wt .chip > summary::-webkit-details-marker { display: none; }
.wt .chip > summary::after { content: " ▸"; }
.wt .chip[open] > summary::after { content: " ▾"; }
.wt .chip[open] { grid-column: 1 / -1; }
.wt .moves { list-style: none; padding: 0; } .wt .moves > li { margin-bottom: .5rem; }
.wt .moves .chip:not([open]), .wt p > .chip:not([open]) { display: inline-block; margin-right: .3rem; }
.wt .says { border-left: .25rem solid #5b7f9a; padding: .1rem .8rem; margin: .4rem 0; }
.wt .clauses .says { margin-top: 0; } .wt .clauses ul { list-style: disc; } .wt .clauses ul li { margin-bottom: .3rem; }
.wt-record th, .wt .fields th { width: 14rem; }
.wt blockquote { border-left: .25rem solid #5b7f9a; margin: .4rem 0; padding: .1rem .8rem; font-style: italic; }
.wt-note { border: 1px solid var(--line); border-left: .45rem solid #3b6ea5; border-radius: .4rem;
  padding: .6rem 1rem; margin: .2rem 0 .5rem; }
.wt-note.warn { border-left-color: #c77700; }
.wt caption { caption-side: top; }
.wt .facts th { font-weight: 400; width: 58%; } .wt .facts th[scope=rowgroup] { font-weight: 650; padding-top: .7rem; }
.wt .wt-line { list-style: none; margin: .3rem 0 .6rem .4rem; padding: 0; border-left: 3px solid var(--line); }
.wt-line > li { position: relative; padding: .1rem 0 .7rem 1.3rem; } .wt .wt-line p { margin: 0; }
.wt-line > li::before { content: ""; position: absolute; left: -.55rem; top: .35rem; width: .8rem; height: .8rem;
  border-radius: 50%; border: 2px solid currentColor; background: var(--line); }
.wt-line > li.present::before { background: var(--shown); }
.wt-line > li.planned::before { background: transparent; border-style: dashed; }
.wt-line .when { font-size: .92rem; color: var(--soft); } .wt-line .who { font-weight: 600; }
.wt-part h3 { font-size: 1.02rem; margin: .5rem 0 .1rem; }
.wt table { border-collapse: collapse; width: 100%; }
.wt caption { text-align: left; color: var(--soft); padding-bottom: .3rem; }
.wt th, .wt td { text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid var(--line); }
.wt .scroll { overflow-x: auto; } .wt .small { font-size: .88rem; }
.wt .hash { font-family: monospace; font-size: .82rem; overflow-wrap: anywhere; }
.wt code { font-size: .85rem; white-space: pre-wrap; color: inherit; background: color-mix(in srgb, currentColor 8%, transparent);
  border-radius: .25rem; padding: .1rem .3rem; }
.wt .clauses > li { display: grid; grid-template-columns: minmax(6.5rem, 1fr) minmax(0, 4fr) minmax(0, 5fr); gap: 1rem;
  border-top: 1px solid var(--line); padding: .6rem 0; }
.wt .clauses { list-style: none; padding: 0; }
@media (prefers-color-scheme: dark) { button[kind="primary"]:enabled, button[kind="primary"]:enabled p { color: #10151a; } }
@media (max-width: 40rem) { .stApp h1 { font-size: 1.55rem; } .stApp h2 { font-size: 1.25rem; } }
@media (max-width: 50rem) { .wt .clauses > li { grid-template-columns: minmax(0, 1fr); gap: .2rem; }
  .wt-card { grid-template-columns: minmax(0, 1fr); } .wt .reasons > li.line { grid-template-columns: minmax(0, 1fr); } }
</style>"""


def apply() -> None:
    """Adds the CSS to the page; called once a run."""
    st.html(STYLE)


def html(body: str) -> None:
    """Shows a piece of HTML. The caller escapes all text in it."""
    st.html(f'<div class="wt">{body}</div>')


def soft(line: str) -> None:
    """Shows a remark in smaller letters. Streamlit's own captions have too little contrast."""
    html(f'<p class="soft">{escape(line)}</p>')
