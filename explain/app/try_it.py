"""What-if on the page: other values for some facts are tried on the open case without recording them."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

import streamlit as st

from explain.app import inputs, plain, session, speech
from explain.app.engine import ENGINE
from explain.app.style import html, soft
from explain.standing import title
from explain.words import Words, capital, full_stop
from kb.vocabulary.model import Fact, Vocabulary
from queries.what_if import Change, what_if

FLIPS_SHOWN = 12


def dialog(names: Iterable[str], title: str = "What if this were different?") -> None:
    """Opens a dialog that asks for other values of some facts and tries them."""
    plain.dialog(title, width="medium")(_ask)(tuple(names))


def _ask(names: tuple[str, ...]) -> None:
    case = session.shown()
    vocabulary = case.program().policy.vocabulary
    plain.write("Change any of these and see what follows. The record stays as it is.")
    key = f"try:{session.edition()}:{session.tried_times()}"
    for name in names:
        inputs.show(vocabulary.facts[name], vocabulary, case.facts.get(name), f"{key}:{name}")
    if plain.button("Try it", type="primary", key="try-it", on_click=_take, args=(names, key)):
        st.rerun()


def _take(names: tuple[str, ...], key: str) -> None:
    """Tries the values that differ from the case shown."""
    case = session.shown()
    vocabulary = case.program().policy.vocabulary
    given = {name: inputs.read(vocabulary.facts[name], vocabulary, f"{key}:{name}") for name in names}
    session.try_out({name: raw for name, raw in given.items() if raw != case.facts.get(name)})


def banner() -> None:
    """Shows the tried facts, what changed with them, and buttons to undo or record them."""
    tried = session.tried()
    if not tried:
        return
    before, after = session.opened(), session.shown()
    vocabulary = before.program().policy.vocabulary
    change = session.worked_out("flips", before.key + after.key, lambda: _change(before, after))
    changes = "".join(_changed(vocabulary.facts[name], before.facts.get(name), raw, vocabulary) for name, raw in tried.items())
    was, now = title(change.before), title(change.after)
    speech.say("The answer stays the same." if was == now else f"With this: {now}")
    with st.container(key="trying"):
        html(
            '<div role="note"><p><strong>You are trying something. Nothing is recorded.</strong></p>'
            f'<ul>{changes}</ul><div class="wt-both"><div><h3>As recorded</h3><p class="who">{escape(was)}</p></div>'
            f'<div class="use"><h3>With this</h3><p class="who">{escape(now)}</p></div></div>'
            f"{'<p>The answer stays the same.</p>' if was == now else ''}</div>"
        )
        with st.container(horizontal=True):
            plain.button("Undo what was tried", on_click=session.forget_tried, type="primary", key="undo")
            plain.button("Record it in this case", on_click=session.keep_tried, key="keep")
        _flipped(change)


def _changed(fact: Fact, was: Any, now: Any, vocabulary: Vocabulary) -> str:
    first, then = (escape(inputs.said(fact, raw, vocabulary)) for raw in (was, now))
    return f"<li>{escape(capital(fact.label))}: {first} → <strong>{then}</strong></li>"


def _change(before: session.Opened, after: session.Opened) -> Change:
    return what_if(before.program(), before.case(), after.case(), ENGINE)


def _flipped(change: Change) -> None:
    words = Words.of(change.after.model)
    lines = [full_stop(words.open(atom) if truth is None else words.statement(atom, truth)) for atom, _, truth in change.flipped]
    if not lines:
        soft("Nothing else would change.")
        return
    with plain.expander(f"What changed with it ({len(lines)})"):
        more = f"<p>{len(lines) - FLIPS_SHOWN} more.</p>" if len(lines) > FLIPS_SHOWN else ""
        html(f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines[:FLIPS_SHOWN])}</ul>{more}")
