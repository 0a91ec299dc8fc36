"""“This answer looks wrong”: a note that goes into the register with the answer, and the notes that are there."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from explain.app import case_register, plain, saving, session
from explain.app.guard import show_faults
from explain.app.register_panel import when
from explain.app.style import html, soft
from kb.dates import in_words
from kb.errors import Fault, InputError
from kb.vocabulary.model import Vocabulary
from queries.decide import Decision

if TYPE_CHECKING:
    from queries.register.working import Noted

MOST = 2_000  # characters of the reason
LOOKS_WRONG = "This answer looks wrong"
WHY = "What looks wrong?"
EXPECTED = "Which team do you expect, if you can say?"


def noted(case: session.Opened, decision: Decision) -> None:
    """The notes on this answer and on earlier ones of the child, beside the answer."""
    there = saving.link()
    if there is None or not there.seen:
        return
    try:
        found = case_register.notes(case.document, decision)
    except InputError as error:
        show_faults(error.faults, "The notes on this answer can’t be read:")
        return
    if found:
        vocabulary = decision.model.program.policy.vocabulary
        with st.container(border=True, key="noted"):
            plain.header("Noted", anchor=False)
            html("".join(f"<p>{escape(note.text)}<br><span class='soft'>{_about(note, vocabulary)}</span></p>" for note in found))


def _about(note: Noted, vocabulary: Vocabulary) -> str:
    """Who noted it, when, and on which answer."""
    if note.of_this:
        on = "on this answer"
    else:
        team = vocabulary.label("team", note.team) if note.team and vocabulary.has("team", note.team) else "no team"
        day = in_words(date.fromisoformat(note.as_of).toordinal())
        on = f"on another answer: {team}, for {day}"
    return escape(f"{note.by}, {when(note.at)}, {on}")


def form(case: session.Opened, decision: Decision) -> None:
    """The form for a note; for an invented child, a register that is off or facts that are being tried, there is none."""
    if case.example or session.tried():
        return
    with st.container(key="looks-wrong"), plain.expander(LOOKS_WRONG):
        if not case_register.is_on():
            soft(
                "There is no register here that could keep your note. Save the record, and tell whoever looks after these rules."
            )
            return
        faults = st.session_state.pop("note-faults", None)
        if faults:
            show_faults(faults, "Your note was not recorded:")
        vocabulary = decision.model.program.policy.vocabulary
        key = f"wrong:{session.edition()}"
        plain.text_area(
            WHY, key=f"{key}:why", max_chars=MOST, help="A sentence or two. No names, please: a case number is enough."
        )
        teams = [code.code for code in vocabulary.codes["team"]]
        plain.selectbox(
            EXPECTED, teams, None, lambda code: vocabulary.label("team", code), key=f"{key}:team", placeholder="Choose a team"
        )
        plain.button("Record it", key="note-wrong", on_click=_record, args=(case, decision, key))
        soft(f"It goes into the register with this answer{_as_whom()}. The answer stays as it is.")


def _as_whom() -> str:
    """Whose name the note gets: the user of this computer."""
    try:
        return f", as noted by {case_register.user()}"
    except InputError:
        return ""


def _record(case: session.Opened, decision: Decision, key: str) -> None:
    """Records the note, or keeps what is wrong for display. The case goes into the register first, if it is not there."""
    from queries.register.change import Stale

    state = st.session_state
    reason, team = str(state.get(f"{key}:why") or "").strip(), state.get(f"{key}:team")
    if not reason:
        state["note-faults"] = [Fault(WHY, "is empty", "say in a sentence what looks wrong")]
        return
    saving.keep(case)
    there = saving.link()
    if there is None or not there.seen or saving.unsaved():
        state["note-faults"] = [
            Fault(f"Case {case.case_id}", "is not in the register as it stands here", "see the top of the page")
        ]
        return
    label = None if team is None else decision.model.program.policy.vocabulary.label("team", team)
    try:
        saving.moved_on(case_register.note(case.document, session.content(case), reason, label, there.seen))
    except Stale:
        if saving.look_again(case):
            _record(case, decision, key)
            return
        state["note-faults"] = [Fault(f"Case {case.case_id}", "was changed by somebody else", "see the top of the page")]
        return
    except InputError as error:
        state["note-faults"] = error.faults
        return
    state[f"{key}:why"], state[f"{key}:team"] = "", None
