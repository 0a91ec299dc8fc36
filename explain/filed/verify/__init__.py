"""Checks a filed decision record (JSON) without anything of the program that made it.

This folder shares no code with parser, lowering or engines, and needs the standard library only: copied elsewhere, it runs
as `python -m verify RECORD.json HASH-OF-THE-RULES`. It reads the record (`reading`, `shape`), types the facts by the
vocabulary (`facts`), works out what was known on the day of each step (`as_at`, `way`) and what follows from that by the
ground rules (`rules`, `model`), and compares: each step of each proof (`proof`), the answer (`answer`), the journey and the
clauses (`clauses`). `NOT_CHECKED` says what it takes from the record.

It can't know whether the rules are the true ones: someone who writes rules, facts, answer and hashes anew has made a sound
record of something else. So the hash of the rules has to be the one that the council's own installation gives.
"""

from .check import NOT_CHECKED, verify
from .reading import MAX_BYTES, Unreadable, read_record, sha256

__all__ = ["MAX_BYTES", "NOT_CHECKED", "Unreadable", "read_record", "sha256", "verify"]
