"""What is shown where the register and this tab do not agree, or the register fails; and opening a case by its number."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from explain.app import case_register, inputs, plain, saving, session, speech
from explain.app.engine import FOR_MANY
from explain.app.guard import show_faults
from explain.app.style import html, soft
from explain.policy_names import installed_names
from explain.words import Words, capital
from kb.dates import in_words
from kb.errors import InputError
from kb.vocabulary.model import Vocabulary
from queries.decide import Decision, decide

if TYPE_CHECKING:
    from queries.register.answering import Kept
    from queries.register.working import Held

NUMBER = "Its case number"
LAST_ENTRIES = 3


def draw() -> None:
    """The panel beneath the strip, on every page; nothing where all is well. Its place is there as long as the strip is."""
    case = session.current()
    if case is None:
        return
    with st.container(key="panel-register"):
        there = saving.clash()
        if there is not None:
            _clash(case, there)
        if saving.trouble():
            _trouble(case)


def _trouble(case: session.Opened) -> None:
    plain.header("The register can’t be used", anchor=False)
    speech.say(f"The register can’t be used. {saving.said()}.")
    where = "Your changes are in this tab only" if saving.unsaved() else "Nothing of this case is lost"
    show_faults(saving.trouble(), f"{where}. What is wrong:")
    with st.container(horizontal=True):
        plain.button("Try again", key="register-again", type="primary", on_click=saving.keep, args=(case,))
    soft("Each change tries again by itself. “Save as a file” keeps the case meanwhile.")


def _clash(case: session.Opened, there: Held) -> None:
    """What the register has beside what stands here, and what can be done about it."""
    from queries.register.change import IN_WORDS

    seen = saving.link()
    known_before = seen is not None and seen.seen > 0
    came = "was changed by somebody else" if known_before else "is in the register already"
    plain.header(f"Case {case.case_id} {came}", anchor=False)
    speech.say(f"Case {case.case_id} {came}. {saving.said()}.")
    for entry in [one for one in there.entries if seen is None or one.seq > seen.seen][-LAST_ENTRIES:]:
        html(f"<p>{escape(entry.by)} {escape(IN_WORDS[entry.what])}, {when(entry.at)}.</p>")
    same_policy = there.policy == case.policy
    if same_policy:
        _beside(case, there)
    else:
        html("<p>In the register it comes under another policy.</p>")
    with st.container(horizontal=True):
        plain.button("Use what the register has", key="take-theirs", on_click=_take_theirs)
        if same_policy and saving.changes_of(case):
            label = "Keep both: record my changes too" if known_before else "Record these facts there too"
            plain.button(label, key="keep-both", type="primary", on_click=_keep_both)
    if known_before:
        soft("Nothing of yours is recorded yet. “Use what the register has” drops it; “Save as a file” keeps it.")
    else:
        soft("If this is another child, close this case and use its own number. Nothing was recorded.")


def _beside(case: session.Opened, there: Held) -> None:
    vocabulary = case.program().policy.vocabulary
    rows = "".join(_rows(case, there, vocabulary))
    if rows:
        heads = "<tr><th scope='col'>Fact</th><th scope='col'>In the register now</th><th scope='col'>Here</th></tr>"
        html(f'<table class="facts beside">{heads}{rows}</table>')
    else:
        html("<p>The facts are the same.</p>")


def _rows(case: session.Opened, there: Held, vocabulary: Vocabulary) -> Iterator[str]:
    """A row for each fact that differs: what the register has, from whom and when, and what stands here."""
    own, theirs = saving.changes_of(case), there.known.values
    for name in dict.fromkeys([*theirs, *case.facts]):
        if theirs.get(name) == case.facts.get(name):
            continue
        fact = vocabulary.facts.get(name)  # another edition's vocabulary may have had it
        label = name if fact is None else capital(fact.label)
        both = (theirs.get(name), case.facts.get(name))
        said = [str(raw) if fact is None else inputs.said(fact, raw, vocabulary) for raw in both]
        recorded = there.known.facts.get(name)
        by = f"<br><span class='soft'>{escape(recorded.by)}, {when(recorded.at)}</span>" if recorded is not None else ""
        changed = "" if name in own else "<br><span class='soft'>not changed here</span>"
        yield (f'<tr><th scope="row">{escape(label)}</th><td>{escape(said[0])}{by}</td><td>{escape(said[1])}{changed}</td></tr>')


def when(at: str) -> str:
    """A moment of the register for people, here."""
    found = _local(at)
    return f"{in_words(found.toordinal())} at {found:%H:%M}"


def _local(at: str) -> datetime:
    from kb.register.store import local

    return local(at)


def _take_theirs() -> None:
    case, there = session.opened(), saving.take_theirs()
    if there is None:
        return
    if there.policy == case.policy:
        session.take(there.known.values)
    else:
        session.open_case(from_register(there))


def _keep_both() -> None:
    facts = saving.keep_both(session.opened())
    if facts is not None:
        session.take(facts)


def from_register(there: Held) -> session.Opened:
    """A case of the register, to be opened. Errors: `InputError` if its policy is not installed, or has other facts."""
    return session.read_case(there.document, f"Case {there.known.child.number}")


def open_by_number() -> None:
    """The input for the number of a case that is kept, where none is open. The Enter key opens it too."""
    if not case_register.is_on():
        soft("There is no register: a case stays in this tab, until you save it as a file.")
        return
    key = f"open-number:{session.edition()}"
    with (
        st.form("number-form", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        plain.text_input(NUMBER, key=key, max_chars=100, width=200)
        plain.submit_button("Open it", key="open-number", on_click=_open, args=(key,))


def _open(key: str) -> None:
    """Opens the case with the number that was typed, or keeps what is wrong for display."""
    _open_numbered(str(st.session_state.get(key, "")).strip())


def _open_numbered(number: str) -> None:
    try:
        session.open_case(from_register(case_register.found(number)))
    except InputError as error:
        st.session_state["faults"] = error.faults


def recent() -> None:
    """The children that were last opened in this tab or saved by this user, one click each; nothing where there are none.

    Each button has its case number in its key, so that a list that changes meanwhile opens no other child.
    """
    if not case_register.is_on():
        return
    try:
        numbers = dict.fromkeys([*session.opened_here(), *case_register.saved_last(session.MOST_RECENT)])
        today = date.today().isoformat()
        found = [there for number in numbers if (there := case_register.held(number, today)) is not None]
    except InputError:
        return  # what is wrong with the register is said where a case is opened or kept
    if not found:
        return
    with st.container(border=True, key="recent"):
        plain.header("Last opened or saved", anchor=False)
        for there in found[: session.MOST_RECENT]:
            _recent(there)


def _recent(there: Held) -> None:
    number = there.known.child.number
    with st.container(key=f"recent-{number}", horizontal=True, vertical_alignment="center"):
        plain.button(f"Open case {number}", key=f"open-recent-{number}", on_click=_open_numbered, args=(number,))
        saved = in_words(_local(there.entries[-1].at).toordinal())
        council = installed_names().get(there.policy, there.policy)
        html(f"<p>{escape(council)} · {escape(_team(there))} · saved on {saved}</p>")


def _team(there: Held) -> str:
    """Who has a child of the register today, in a few words."""
    try:
        case = from_register(there)
        decision = session.worked_out("recent", case.key, lambda: decide(case.program(), case.case(), FOR_MANY))
    except InputError:
        return "can’t be answered as it is"
    words = Words.of(decision.model)
    if decision.status == "decided":
        return words.any_label(str(decision.responsible_team))
    return "no team named" if decision.status == "silent" else "team not settled"


def earlier_rules(case: session.Opened, decision: Decision) -> None:
    """That the child was answered before under an earlier edition, or earlier rules, of the policy, and what the answer was."""
    there = saving.link()
    if there is None or not there.seen:
        return
    policy = decision.model.program.policy
    try:
        before = case_register.answered_under_others(case.document, policy)
    except InputError:
        return  # the notes on this answer say what is wrong
    if before is not None:
        with st.container(border=True, key="earlier-rules"):
            plain.header("Answered before under other rules", anchor=False)
            html("".join(f"<p>{escape(line)}</p>" for line in _before(before, decision)))


def _before(before: Kept, decision: Decision) -> Iterator[str]:
    policy = decision.model.program.policy
    words, day = Words.of(decision.model), in_words(date.fromisoformat(before.as_of).toordinal())
    name = installed_names().get(before.policy, before.policy)
    same = (before.policy, before.version) == (policy.code, policy.version)
    rules = "the same edition, before its rules here were changed" if same else f"{name}, {before.version}"
    team = words.any_label(before.team) if before.team else "no team was decided"
    yield f"For {day}: {team}. That rested on {rules} ({before.by}, {when(before.at)})."
    yield f"The answer on this page rests on {policy.version}, with the rules as they are now."
    if before.team == decision.responsible_team:
        yield "The team is the same."
    elif before.facts["facts"] == session.shown().facts:
        yield "The team is another one, and what is recorded is the same: look at both before acting on this."
    else:
        yield "The team is another one; what is recorded has changed as well."
