"""What stands on every page: the council and the product, the pages, and the strip that says which child is open."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from html import escape
from typing import Any, Literal

import streamlit as st

from explain.app import case_register, plain, register_panel, saving, session
from explain.app.guard import show_faults
from explain.app.style import html
from explain.policy_names import installed_names
from kb.dates import in_words

PRODUCT = "Which team"
#: Pages that the menu names, by their path; the others are reached from these.
IN_MENU = ("", "ask", "answer", "map", "policy", "checks", "cases", "about")
NAMED = 2  # councils that are named before a case is open
NO_CASE = "No child’s case is open."


def top(pages: Mapping[str, Any], here: str) -> None:
    """The council, the product and the pages. `pages` maps paths to pages; `here` is the path of this one."""
    with st.container(key="header", horizontal=True, vertical_alignment="center"):
        council = escape(_council())
        html(f'<p class="wt-brand"><strong>{council}</strong> <span>{PRODUCT}</span></p>')
        with st.container(key="menu", horizontal=True, gap=None):
            for path in IN_MENU:
                current = "-here" if path == here else ""
                with st.container(key=f"menu{current}-{path or 'start'}", width="content"):
                    plain.page_link(pages[path])


def _council() -> str:
    """The council whose policy is at hand; where several are installed and no case is open, none is named."""
    names = installed_names()
    if session.current() is None and len(names) > 1:
        return " · ".join(names.values()) if len(names) <= NAMED else f"{len(names)} policies"
    return names[session.policy_at_hand()]


def strip() -> None:
    """Which child is open, on every page; nothing where none is."""
    case = session.current()
    if case is None:
        return
    with st.container(key="case-strip", horizontal=True, vertical_alignment="center"):
        tag = '<span class="wt-example">EXAMPLE</span> ' if case.example else ""
        html(
            f'<p class="wt-case">{tag}<strong>Case {escape(case.case_id)}</strong> '
            f'<span>{escape(_about(case))}</span> <span class="soft">{escape(saving.said())}</span></p>'
        )
        with st.container(horizontal=True, width="content", key="case-doing"):
            plain.button("Recorded facts", key="to-facts", on_click=session.go_to, args=(session.FACTS,), type="tertiary")
            there = saving.link()
            if there is not None and there.seen == 0:
                plain.button("Save in the register", key="to-register", on_click=saving.keep, args=(case,), type="tertiary")
            _save_button(case, "save-case")
            if plain.button("Close this case", key="close-case", type="tertiary"):
                if saving.unsaved():
                    _before_closing()
                else:
                    session.close_case()
                    st.rerun()


def _about(case: session.Opened) -> str:
    """Age on the day of the answer, council and edition of the policy."""
    policy = case.program().policy
    born, day = case.facts.get(policy.vocabulary.birth), date.fromisoformat(case.document["as_of"])
    age = ""
    if isinstance(born, str) and date.fromisoformat(born) <= day:
        birth = date.fromisoformat(born)
        age = f"Age {day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))} · "
    return f"{age}{installed_names().get(case.policy, policy.name)}, {policy.version} · for {in_words(day.toordinal())}"


def _save_button(
    case: session.Opened, key: str, kind: Literal["primary", "tertiary"] = "tertiary", label: str = "Save as a file"
) -> None:
    """A button that saves the case as a file, which can be opened again."""
    plain.download_button(
        label, json.dumps(case.document, indent=2, ensure_ascii=False), f"{case.case_id}.json", "application/json",
        key=key, on_click=saving.saved, args=("in a file",), type=kind,
    )  # fmt: skip


@plain.dialog("Close this case?")
def _before_closing() -> None:
    _not_saved("Close it without saving", session.close_case, lambda: None)


def ask_about_unsaved() -> None:
    """Asks what is to become of unsaved changes, where another case waits to be opened."""
    if session.waiting() is not None:
        plain.dialog("Leave this case?", on_dismiss=session.stop_waiting)(_before_leaving)()


def _before_leaving() -> None:
    if session.waiting() is None:
        st.rerun()
    _not_saved("Leave it without saving", session.open_waiting, session.stop_waiting)


def _not_saved(drop: str, on_drop: Callable[[], None], on_stay: Callable[[], None]) -> None:
    """What to do with unsaved changes. A dialog reruns alone, so the page is rerun once the choice was made.

    Saving does not go on by itself: the file is to have reached the disk before the case is dropped.
    """
    case = session.current()
    if case is None:
        st.rerun()
    assert case is not None
    if saving.unsaved():
        plain.write(f"Case {case.case_id} has changes that are kept nowhere but in this tab.")
        _save_button(case, "save-first", "primary", "Save as a file first")
    else:
        plain.write(f"Case {case.case_id}: {saving.said().lower()}.")
    kept = not saving.unsaved()
    if plain.button("Go on" if kept else drop, key="drop-case", on_click=on_drop, type="primary" if kept else "secondary"):
        st.rerun()
    if plain.button(f"Stay with case {case.case_id}", key="stay", on_click=on_stay):
        st.rerun()


def nothing_open() -> None:
    """Says that no case is open, in place of a page that shows one."""
    plain.title(NO_CASE, anchor=False)
    faults = st.session_state.pop("faults", None)
    if faults:
        show_faults(faults, "Nothing was opened:")
    if case_register.is_on():
        plain.write("A page that is loaded anew has no case open. What was saved is in the register: open it by its number.")
        register_panel.open_by_number()
    plain.write("On the start page you can start the questions, open a case file, or look at an example.")
    plain.button("Go to the start", key="to-start", type="primary", on_click=session.go_to, args=(session.START,))


def footer() -> None:
    """The closing line of every page."""
    elsewhere = case_register.is_elsewhere()
    leaves = "but what goes into the council’s register, and what you download" if elsewhere else "unless you download it"
    html(
        f'<p class="wt-foot soft">It advises; a person decides. Nothing leaves this computer {leaves}. '
        "Words and help: see About.</p>"
    )
