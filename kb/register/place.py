"""The place of the register: a file in the user's data folder, or the value of the environment variable WHICHTEAM_REGISTER.

That is the path of a file, the address of a PostgreSQL database, or `off` for no register.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from kb.errors import Fault, InputError

SWITCH = "WHICHTEAM_REGISTER"
OFF = "off"
FILE = "register.sqlite"
DRIVER = "postgresql+psycopg"
ADDRESS_HINT = "write for example postgresql://user@host/database, or the path of a file"


@dataclass(frozen=True, slots=True)
class Place:
    """A file (SQLite) or an address (PostgreSQL). Its text never holds a password."""

    file: Path | None = None
    address: URL | None = None

    def __str__(self) -> str:
        return str(self.file) if self.address is None else self.address.render_as_string(hide_password=True)


def data_folder() -> Path:
    """The program's folder in the user's data folder."""
    around = os.environ.get("XDG_DATA_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(around) if around else Path(os.path.expanduser("~")) / ".local" / "share") / "whichteam"


def place_of(named: str | None = None) -> Place:
    """The place given by `named`, else by WHICHTEAM_REGISTER, else the default one. Errors: `InputError`."""
    chosen = os.environ.get(SWITCH, "") if named is None else named
    if not chosen:
        return Place(file=data_folder() / FILE)
    if chosen == OFF:
        raise InputError([Fault(SWITCH, "is `off`: there is no register here", "take it out, or name a register in it")])
    if "://" not in chosen:
        return Place(file=Path(os.path.expanduser(chosen)).absolute())
    try:
        url = make_url(chosen)
    except (ArgumentError, ValueError):
        raise InputError([Fault(SWITCH, "is not the address of a database", ADDRESS_HINT)]) from None
    if url.get_backend_name() not in ("postgresql", "postgres"):
        found = f"names a database of the kind `{url.get_backend_name()}`, expected PostgreSQL"
        raise InputError([Fault(SWITCH, found, ADDRESS_HINT)])
    return Place(address=url.set(drivername=DRIVER))
