"""The register behind the app: where it is, and what the app asks of it. Nothing here knows of the page.

The app keeps cases where WHICHTEAM_REGISTER says. `whichteam app` sets it, to `off` where there is to be no register; an app
that was started in another way has none.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from kb.case import AS_OF, RECORDED_ON
from kb.errors import Fault, InputError, shown

if TYPE_CHECKING:  # the command line starts without them, and some need the extra `register`
    from explain.filed.content import Content
    from kb.policy import Policy
    from kb.register.place import Place
    from kb.register.store import Store
    from queries.decide import Decision
    from queries.register.answering import Kept
    from queries.register.known import Known
    from queries.register.working import Held, Noted

SWITCH, OFF = "WHICHTEAM_REGISTER", "off"
WAIT = 3_000  # milliseconds that a click waits for others who write, or for a server
PACKAGES = ("sqlalchemy", "alembic")
WRONG = "This answer looks wrong."


def installed() -> bool:
    """Whether the packages of the register are there (the extra `register`)."""
    return all(find_spec(package) is not None for package in PACKAGES)


def is_on() -> bool:
    return os.environ.get(SWITCH, OFF) not in ("", OFF) and installed()


def place() -> Place:
    """Where the register is. Errors: `InputError`."""
    from kb.register.place import place_of

    return place_of()


def place_told() -> str:
    """Where cases are kept, in words for the start page."""
    try:
        where = place()
    except InputError as error:
        return f"The register can't be used: {error.faults[0].message}. Cases stay in this tab."
    if where.file is None:
        return f"Cases are kept in the register of your council, at {where}, by their case number."
    return f"Cases are kept in the register on this computer, by their case number: {where}. Only your user account can read it."


def is_elsewhere() -> bool:
    """Whether the register is on another machine, or may be: a server that is named by its address."""
    try:
        return is_on() and place().file is None
    except InputError:
        return False


def _store(make: bool = False) -> Store:
    from kb.register.store import open_store

    return open_store(make=make, wait=WAIT)


def user() -> str:
    """Who is named in the register: the user of this computer. Errors: `InputError`."""
    from explain.register.changing import who

    return who(None)


def day_of(document: Mapping[str, Any]) -> str:
    """The day (ISO) that the facts of a case speak of: that of its record, but none that is still to come."""
    return min(str(document.get(RECORDED_ON) or document[AS_OF]), date.today().isoformat())


def held(number: str, day: str) -> Held | None:
    """What the register has of a child for a day; None if it does not have the child, or nothing yet. Errors: `InputError`."""
    from queries.register.working import held

    where = place()
    if where.file is not None and not os.path.lexists(where.file):
        return None
    return held(_store(), number, day)


def saved_last(most: int) -> list[str]:
    """Case numbers of the children that the user of this computer worked on last, the newest first. Errors: `InputError`."""
    from queries.register.recent import saved_last

    where = place()
    if where.file is not None and not os.path.lexists(where.file):
        return []
    return saved_last(_store(), user(), most)


def answered_under_others(document: Mapping[str, Any], policy: Policy) -> Kept | None:
    """The newest answer of a child that was kept under other rules than those of a policy. Errors: `InputError`."""
    from queries.register.recent import answered_under_others

    return answered_under_others(_store(), document, policy)


def found(number: str) -> Held:
    """What the register has of a child today, by the number as it was typed, else in capital or in small letters.

    Errors: `InputError` if it does not have the child.
    """
    today = date.today().isoformat()
    ways = (number, number.upper(), number.lower())
    there = next((kept for way in dict.fromkeys(ways) if (kept := held(way, today)) is not None), None)
    if there is None:
        hint = "check the number, or start the questions for a new case"
        raise InputError([Fault("Case number", f"there is no case `{shown(number)}` in the register", hint)])
    return there


def keep(document: Mapping[str, Any], policy: str, given: Mapping[str, Any], seen: int) -> tuple[Known, int]:
    """Records changes of a case. Gives what is known now, and the child's last entry.

    policy  the policy that a new child comes under
    seen    the last entry that this tab has seen; 0: the register did not have the child
    Errors: `Stale`, `InputError`; nothing is recorded then.
    """
    from queries.register.working import keep

    return keep(_store(make=seen == 0), str(document["case_id"]), policy, given, user(), day_of(document), seen)


def note(document: Mapping[str, Any], content: Content, reason: str, team: str | None, seen: int) -> int:
    """Keeps a note that an answer looks wrong. `team` is the name of the team that is expected, if one was named.

    Gives the child's last entry. Errors: `Stale`, `InputError`; nothing is kept then.
    """
    from explain.register.changing import made_by, told
    from queries.register.working import note_on

    text = " ".join(filter(None, (WRONG, f"Expected: {team}." if team else "", reason.strip())))
    told_of = partial(told, assumed=content.assumed)
    return note_on(_store(), document, content.decision, told_of, text, user(), made_by(), seen)


def notes(document: Mapping[str, Any], decision: Decision) -> list[Noted]:
    """The notes on the answers of a child, the newest first. Errors: `InputError`."""
    from queries.register.working import noted

    return noted(_store(), document, decision)
