"""Reads untrusted TOML files."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from kb.characters import unsafe_characters
from kb.errors import Fault, InputError
from kb.files import read_bytes, text_of
from kb.nesting import check_toml

MAX_BYTES = 500_000
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def read_toml(path: Path, name: str) -> dict[str, Any]:
    """The content of a TOML file. `name`: the file name in faults. Errors: `InputError` with line and column."""
    text = text_of(read_bytes(path, MAX_BYTES, name), name)
    faults = unsafe_characters(text, name)
    if faults:
        raise InputError(faults)
    check_toml(text, name)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        where = f"{name}:{place[1]}:{place[2]}" if place and place[1] else name
        hint = 'a line reads `name = "text"`: the text stands in straight quotation marks, all on one line'
        raise InputError([Fault(where, f"is not TOML: {_PLACE.sub('', str(error)).lower()}", hint)]) from None
    except ValueError as error:  # an invalid date
        raise InputError([Fault(name, f"is not TOML: {error}")]) from None
