"""Whether the open case has changes that are kept nowhere but in this tab, and keeping them in the register as one goes.

Every opening and change of the open case is told here, and every keeping of it in a file (`saved`). Where the app has a
register, a change is kept there at once. It is not kept, and stays in this tab with the sentence "Not saved", where

- somebody else changed the child since this tab looked (`clash`): a person chooses what is to become of both;
- the register fails (`trouble`): the next change, or "Try again", tries again.

An invented child (EXAMPLE) is never kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import streamlit as st

from explain.app import case_register
from kb.errors import Fault, InputError

if TYPE_CHECKING:
    from explain.app.session import Opened
    from queries.register.working import Held

UNSAVED, SAID, LINK, CLASH, TROUBLE = "unsaved", "saved-said", "saved-link", "saved-clash", "saved-trouble"
IN_REGISTER = "in the register"
NOT_SAVED = "Not saved: in this tab only"


@dataclass(frozen=True)
class Link:
    """How the open case stands to the register.

    seen    the last entry of the child that this tab has seen; 0: the register does not have the child
    policy  the policy that the child comes under there
    facts   the facts there, as this tab has seen them
    """

    seen: int
    policy: str
    facts: Mapping[str, Any]


def goes_into_register(case: Opened) -> bool:
    return case_register.is_on() and not case.example


def opened(case: Opened | None = None) -> None:
    """A case was opened as it stands elsewhere (None: it was closed): nothing is to be saved."""
    for name in (LINK, CLASH, TROUBLE):
        st.session_state.pop(name, None)
    st.session_state[UNSAVED], st.session_state[SAID] = False, ""
    if case is not None and goes_into_register(case):
        _find_link(case)


def changed(case: Opened) -> None:
    """The open case was changed; `case` is its new form."""
    st.session_state[UNSAVED] = True
    if goes_into_register(case) and clash() is None:
        keep(case)


def keep(case: Opened) -> None:
    """Keeps the open case in the register, or says why not. Nothing of the case in this tab is lost either way."""
    from queries.register.change import Stale

    if link() is None:
        _find_link(case)
    there = link()
    if there is None:
        return
    given = changes_of(case)
    if not given and there.seen:
        st.session_state[UNSAVED] = False
        return
    try:
        known, version = case_register.keep(case.document, there.policy, given, there.seen)
    except Stale:
        if look_again(case):
            keep(case)
    except InputError as error:
        st.session_state[TROUBLE] = error.faults
    else:
        _kept(case, Link(version, there.policy, known.values))


def _find_link(case: Opened) -> None:
    """Looks whether the register has the child. If it has other facts than the open case, a person has to choose."""
    try:
        held = case_register.held(case.case_id, case_register.day_of(case.document))
    except InputError as error:
        st.session_state[TROUBLE] = error.faults
        return
    st.session_state.pop(TROUBLE, None)
    if held is None:
        st.session_state[LINK] = Link(0, case.policy, {})
    elif held.known.values == case.facts and held.policy == case.policy:
        st.session_state[LINK] = Link(held.version, held.known.child.policy, held.known.values)
        st.session_state[SAID] = "As it is in the register"
    else:
        st.session_state[CLASH] = held


def look_again(case: Opened) -> bool:
    """Looks what came after the entry that this tab has seen. Gives whether it leaves the facts as they were, as a note does.

    If it does not, what the register has now is shown beside what stands here.
    """
    try:
        held = case_register.held(case.case_id, case_register.day_of(case.document))
    except InputError as error:
        st.session_state[TROUBLE] = error.faults
        return False
    there = link()
    if held is None:
        st.session_state[TROUBLE] = (Fault(case.case_id, "is no longer in the register", "ask whoever runs the register"),)
        return False
    if there is not None and held.known.values == there.facts:
        st.session_state[LINK] = Link(held.version, there.policy, there.facts)
        return True
    st.session_state[CLASH] = held
    return False


def _kept(case: Opened, there: Link) -> None:
    st.session_state[LINK] = there
    st.session_state.pop(TROUBLE, None)
    if there.facts == case.facts:
        saved(IN_REGISTER)
        return
    hint = "put the day of the record right under Recorded facts, and change them again"
    differing = sum(there.facts.get(name) != case.facts.get(name) for name in {*there.facts, *case.facts})
    message = f"{differing} of the facts were recorded for a later day before, and those count"
    st.session_state[TROUBLE] = (Fault("The register", message, hint),)


def keep_both(case: Opened) -> dict[str, Any] | None:
    """Records what was changed here on top of what the register has now, as a person chose who was shown both.

    Gives the facts that both come to; None if that failed, or the child was changed once more: it is shown then.
    """
    from queries.register.change import Stale

    there = clash()
    if there is None:
        return None
    own = there.known.child.policy
    try:
        known, version = case_register.keep(case.document, own, changes_of(case), there.version)
    except Stale:
        look_again(case)
        return None
    except InputError as error:
        st.session_state[TROUBLE] = error.faults
        return None
    for name in (CLASH, TROUBLE):
        st.session_state.pop(name, None)
    st.session_state[LINK] = Link(version, own, known.values)
    saved(IN_REGISTER)
    return known.values


def take_theirs() -> Held | None:
    """The open case is to be as the register has it, as a person chose: what was changed here only is dropped."""
    there = clash()
    if there is not None:
        opened()
        st.session_state[LINK] = Link(there.version, there.known.child.policy, there.known.values)
        st.session_state[SAID] = "As it is in the register"
    return there


def moved_on(version: int) -> None:
    """This tab recorded something else about the child, such as a note: entry `version`."""
    there = link()
    if there is not None:
        st.session_state[LINK] = Link(version, there.policy, there.facts)


def changes_of(case: Opened) -> dict[str, Any]:
    """What the open case changes of the facts that this tab has seen in the register."""
    there = link()
    was: Mapping[str, Any] = {} if there is None else there.facts
    return {name: case.facts.get(name) for name in dict.fromkeys([*was, *case.facts]) if was.get(name) != case.facts.get(name)}


def saved(where: str) -> None:
    """The open case was kept. `where` is for people, such as `in a file`."""
    st.session_state[UNSAVED] = False
    st.session_state[SAID] = f"Saved {where} at {datetime.now():%H:%M}"


def unsaved() -> bool:
    return bool(st.session_state.get(UNSAVED, False))


def link() -> Link | None:
    """How the open case stands to the register; None: there is none, it failed, or a person has to choose first."""
    found: Link | None = st.session_state.get(LINK)
    return found


def clash() -> Held | None:
    """What the register has of the child, where it has other facts than this tab took it to have."""
    found: Held | None = st.session_state.get(CLASH)
    return found


def trouble() -> tuple[Fault, ...]:
    """Why the register could not be used when it was last tried."""
    found: tuple[Fault, ...] = st.session_state.get(TROUBLE, ())
    return found


def said() -> str:
    """Where the case is kept, for the strip at the top of the page."""
    if unsaved():
        return NOT_SAVED
    there = link()
    unknown = "Not in the register yet" if there is not None and there.seen == 0 else "No changes yet"
    return str(st.session_state.get(SAID) or unknown)
