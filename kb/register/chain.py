"""Hashes of the log: a salted digest of each row, and a chain over the entries.

The log has no facts, only digests of rows: HMAC-SHA-256 (RFC 2104) with a random salt that is stored with the child. When
the child is erased, the salt is erased too, so that the content of a row can't be found from its digest by trying values.
Each entry is hashed together with the hash of the one before, so that no entry can be changed, added or removed without
changing all later ones. Somebody with access to the database could compute the whole chain again; this is found by comparing
it with a head (number and hash of an entry) that was printed or stored elsewhere before.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kb.errors import Fault, InputError, shown

FIRST = "0" * 64  # the hash "before" the first entry
_HEAD = re.compile(r"([1-9][0-9]{0,17})-([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Head:
    """Number and hash of an entry. The hash depends on every entry up to it."""

    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq}-{self.hash}"


def parse_head(text: str) -> Head:
    """A head as `audit` prints it. Errors: `InputError`."""
    found = _HEAD.fullmatch(text.strip().lower())
    if found is None:
        hint = "write it as `whichteam register audit` printed it: a number, `-`, and 64 letters and digits"
        raise InputError([Fault("--head", f"`{shown(text)}` is no head of a register", hint)])
    return Head(int(found[1]), found[2])


def new_salt() -> str:
    """32 random bytes in hex."""
    return secrets.token_hex(32)


def row_digest(salt: str, table: str, row: Mapping[str, Any]) -> str:
    """The salted digest of a row: 43 letters (base64url, 256 bits)."""
    plain = {name: _plain(value) for name, value in row.items()}
    text = json.dumps([table, plain], ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    key = hashlib.sha256(salt.encode("utf-8", "replace")).digest()  # the stored salt may be damaged
    return base64.urlsafe_b64encode(hmac.digest(key, text.encode(), "sha256")).decode().rstrip("=")


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return ["sha256", hashlib.sha256(value).hexdigest()]
    return value if value is None or isinstance(value, int | str) else ["other", repr(value)]


def entry_hash(before: str, entry: Mapping[str, Any]) -> str:
    """The hash of an entry, chained to the hash of the one before."""
    parts = [before, *(_plain(entry[name]) for name in ("seq", "at", "by", "what", "child", "reverses", "rows"))]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()


Name = tuple[str, int, int]  # table, entry and number of a row


def rows_text(written: Sequence[tuple[str, int, str]], removed: Sequence[Name] = ()) -> str:
    """The text of an entry on its rows: `facts 3 DIGEST` for a row written, `- facts 12 3` for row 3 of entry 12 removed."""
    lines = [f"{table} {n} {digest}" for table, n, digest in written]
    return "\n".join([*lines, *(f"- {table} {entry} {n}" for table, entry, n in removed)])


def read_rows(text: str) -> tuple[dict[tuple[str, int], str], set[Name]]:
    """Parses the text of `rows_text`: digests of rows written, by table and number, and rows removed. Errors: `ValueError`."""
    written: dict[tuple[str, int], str] = {}
    removed: set[Name] = set()
    for line in text.split("\n") if text else ():
        first, second, third, *rest = line.split(" ")
        if first == "-":
            (last,) = rest
            removed.add((second, int(third), int(last)))
        else:
            written[first, int(second)] = third
    return written, removed
