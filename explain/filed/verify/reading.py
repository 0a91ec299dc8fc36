"""Reading a record: one object of JSON in which nothing is said twice."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from .shape import FORMAT

MAX_BYTES = 50_000_000


class Unreadable(ValueError):
    """What was given can't be read as a record; the text says why and what to do."""


def read_record(raw: bytes) -> dict[str, Any]:
    """The record in the bytes of a file. Errors: `Unreadable`."""
    if len(raw) > MAX_BYTES:
        raise Unreadable(f"is larger than {MAX_BYTES:,} bytes, as no record is")
    try:
        record = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_no_repeats, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise Unreadable(f"is not text: byte {error.start + 1} is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise Unreadable(f"is not JSON: {error.msg.lower()} (line {error.lineno}, column {error.colno})") from None
    except RecursionError:
        raise Unreadable("is not usable JSON: nested too deeply") from None
    except Unreadable:
        raise
    except ValueError:
        raise Unreadable("is not usable JSON: a number has too many digits") from None
    if not isinstance(record, dict) or "format" not in record:
        raise Unreadable("is no record: name the JSON form of a record")
    if record["format"] != FORMAT:
        raise Unreadable(f"is a record of the form {json.dumps(record['format'])[:60]}; this program reads {FORMAT}")
    return record


def sha256(value: Any) -> str:
    """The hash of a value in the one way to write it, or of a text as it is."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise Unreadable(f"says `{name[:60]}` twice in one object, so readers may differ on what it says")
        found[name] = value
    return found


def _no_constant(name: str) -> Any:
    raise Unreadable(f"is not JSON: {name} is not a number")
