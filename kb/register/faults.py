"""Translates error messages of databases to plain English."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from kb.errors import Fault, InputError, plain
from kb.register.place import Place

MAKE_ROOM = "make room on the disk; nothing of this change was recorded"
#: A part of the message of SQLite or PostgreSQL, our message, and what to do.
KNOWN = (
    ("database is locked", "is busy: another program has been writing to it for a long time", "try again"),
    ("lock timeout", "is busy: another program has been writing to it for a long time", "try again"),
    ("disk is full", "can't be written: the disk is full", MAKE_ROOM),
    ("no space left", "can't be written: the disk is full", MAKE_ROOM),
    ("disk i/o error", "can't be written or read: the disk failed, or a file may not grow", MAKE_ROOM),
    ("unable to open", "can't be opened", "check the path and its rights (WHICHTEAM_REGISTER)"),
    ("readonly database", "can be read only", "check the rights of the file and its folder"),
    ("read-only transaction", "can be read only", "is this address that of a copy?"),
    ("not a database", "is no register, or is damaged", "put a backup back: whichteam register restore FILE"),
    ("malformed", "is damaged", "put a backup back: whichteam register restore FILE"),
    ("no such table", "is no register, or is damaged", "whichteam register check says more"),
    ("password authentication failed", "refused the user or the password", "check WHICHTEAM_REGISTER"),
    ("permission denied", "does not allow this to the user of the address", "ask who runs the server for the rights"),
)


@contextlib.contextmanager
def told(place: Place) -> Iterator[None]:
    """A context that turns errors of the database into `InputError`, with its place but without passwords and values."""
    try:
        yield
    except SQLAlchemyError as error:
        raise InputError([fault_of(place, error)]) from None
    except UnicodeEncodeError:
        raise InputError([Fault(str(place), "can't be asked for bytes that are no text", "type it anew, in UTF-8")]) from None
    except UnicodeError:
        raise InputError([Fault(str(place), "can't be reached: its host is no name", "check WHICHTEAM_REGISTER")]) from None


def fault_of(place: Place, error: SQLAlchemyError) -> Fault:
    """One error of the database as a fault."""
    original = str(getattr(error, "orig", None) or error)
    said = original.casefold()
    for sign, message, hint in KNOWN:
        if sign in said:
            return Fault(str(place), message, hint)
    if place.address is not None and isinstance(error, DBAPIError):
        first = plain(original.strip().splitlines()[0] if original.strip() else "no reason given")
        hint = "is the server running? If a change was under way, see `whichteam register history` for whether it was kept"
        return Fault(str(place), f"can't be reached, or the connection broke: {first}", hint)
    kind = type(getattr(error, "orig", None) or error).__name__
    return Fault(str(place), f"can't be used ({kind})", "whichteam register check says more")
