"""Reads untrusted files: regular files only, up to a size limit."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from kb.errors import Fault, InputError
from kb.line_ends import with_plain_ends

SAVE_AS_UTF_8 = "save it as UTF-8 text"


def read_bytes(path: Path, most: int, name: str | None = None, hint: str = "is it the right file?") -> bytes:
    """The content of a file of at most `most` bytes.

    The size is checked first, and no more than `most` bytes are read even if the size is wrong. `name` is used in faults,
    `hint` is given if the file is too large. Errors: `InputError` if the file is too large, not a regular file, missing or
    unreadable.
    """
    name = name or path.name or str(path)
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            kind = "is a folder" if stat.S_ISDIR(about.st_mode) else "is no plain file"
            raise InputError([Fault(name, f"{kind}, expected a file")])
        if about.st_size > most:
            raise InputError([too_large(name, f"is {about.st_size:,} bytes", most, hint)])
        with path.open("rb") as file:
            raw = file.read(most + 1)
    except (OSError, ValueError) as error:
        raise InputError([_unreadable(path, name, error)]) from None
    if len(raw) > most:
        raise InputError([too_large(name, f"is more than {most:,} bytes", most, hint)])
    return raw


def too_large(name: str, found: str, most: int, hint: str) -> Fault:
    """The fault for a file that is too large. `found`: its size in words; `most`: the limit in bytes."""
    return Fault(name, f"{found}, expected at most {most:,}", hint)


def text_of(raw: bytes, name: str, hint: str = SAVE_AS_UTF_8) -> str:
    """UTF-8 bytes as text with normalised line ends (`kb.line_ends`). Errors: `InputError` if they are not UTF-8."""
    try:
        return with_plain_ends(raw).decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        raise InputError([Fault(f"{name}:{line}:{column}", f"is not text: byte {error.start + 1} is not UTF-8", hint)]) from None


def _unreadable(path: Path, name: str, error: OSError | ValueError) -> Fault:
    """The fault for a file that the operating system can't read."""
    if isinstance(error, PermissionError):
        return Fault(name, "can't be read: permission denied", "close it in other programs, or copy it")
    if isinstance(error, FileNotFoundError) and os.path.islink(path):
        return Fault(name, "is a link to a file that is not there", "put the file itself there, or take the link away")
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return Fault(name, "there is no such file", "check the path")
    reason = error.strerror if isinstance(error, OSError) else ""
    return Fault(name, f"can't be read: {(reason or 'not a path').lower()}", "check the path")
