"""A cache on disk for values that take long to compute, such as compiled policies.

A value is stored in the user's cache folder under a hash of its inputs: for a program the policy's files, its settings and
the code of `kb`. A file holds a SHA-256 hash, then the key and the value as plain data (`kb/plain_data.py`), so reading it
runs no code. A file is used only if it belongs to the user and nobody else can write to it; otherwise the value is computed
again.

The environment variable WHICHTEAM_CACHE names another folder, or is `off` for no cache. The folder holds at most MOST
bytes; the least recently used files are removed first.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
import time
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import ParamSpec, TypeVar

from kb import output
from kb.errors import InputError
from kb.plain_data import from_plain, to_plain

KB = Path(__file__).parent
SWITCH, OFF = "WHICHTEAM_CACHE", "off"
MOST = 200_000_000
_LEFT_BEHIND = 3600  # seconds after which an unfinished file is taken to be from a program that was killed

Value = TypeVar("Value")
Given = ParamSpec("Given")
_clear: list[Callable[[], None]] = []


def remember(key: str, kind: type[Value], make: Callable[[], Value]) -> Value:
    """The value stored under `key`, else the result of `make`, which is then stored.

    `kind` is the declared type of the value. Errors of the cache itself are ignored.
    """
    kept = recall(key, kind)
    if kept is not None:
        return kept
    made = make()
    store(key, kind, made)
    return made


def recall(key: str, kind: type[Value]) -> Value | None:
    """The value stored under `key`; None if there is none that can be used."""
    folder = _folder()
    if folder is None:
        return None
    key, path = _place(folder, key)
    with contextlib.suppress(OSError, ValueError, RecursionError):
        kept_under, plain = json.loads(_read(path))
        if kept_under == key:
            kept = from_plain(kind, plain)
            with contextlib.suppress(OSError):  # a read-only cache can be used too
                os.utime(path)
            return kept
    return None


def store(key: str, kind: type[Value], value: Value) -> None:
    """Stores a value under `key`, in place of the one before. If it can't be stored, it is computed again the next time."""
    folder = _folder()
    if folder is None:
        return
    key, path = _place(folder, key)
    with contextlib.suppress(OSError, InputError):
        output.make_folder(folder)
        if _ours(folder.stat()):
            body = json.dumps([key, to_plain(kind, value)], separators=(",", ":"))
            output.write(path, f"{_hash(body.encode())}\n{body}")
            _let_go(folder)


def _place(folder: Path, key: str) -> tuple[str, Path]:
    """The key with the hash of the code, and the file for it."""
    key = f"{digest_of_code(KB)} {key}"
    return key, folder / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.program"


def held(most: int | None = None) -> Callable[[Callable[Given, Value]], Callable[Given, Value]]:
    """Like `functools.lru_cache`, for functions that use `remember`: `forget` clears their caches."""

    def hold(function: Callable[Given, Value]) -> Callable[Given, Value]:
        held = lru_cache(most)(function)
        _clear.append(held.cache_clear)
        return held  # type: ignore[return-value]

    return hold


def forget() -> None:
    """Clears the in-memory caches of all functions decorated with `held`."""
    for clear in _clear:
        clear()


@contextlib.contextmanager
def nothing_kept() -> Iterator[None]:
    """A context without the cache on disk, for this process and the processes it starts."""
    before = os.environ.get(SWITCH)
    os.environ[SWITCH] = OFF
    forget()
    try:
        yield
    finally:
        if before is None:
            del os.environ[SWITCH]
        else:
            os.environ[SWITCH] = before


@cache
def digest_of_code(folder: Path) -> str:
    """A hash of the code and grammars in a folder. It is part of each key, so that changed code doesn't use old results."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")) + sorted(folder.rglob("*.lark")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _read(path: Path) -> bytes:
    """The body of a cache file. Errors: `OSError` if others can write to it, `ValueError` if its hash is wrong."""
    descriptor = os.open(path, os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY")))
    with os.fdopen(descriptor, "rb") as file:
        about = os.fstat(descriptor)
        if not (_ours(path.parent.stat()) and _ours(about) and stat.S_ISREG(about.st_mode) and about.st_size <= MOST):
            raise PermissionError(path)
        told, _, body = file.read().partition(b"\n")
    if told != _hash(body).encode():
        raise ValueError("the hash does not match the content")
    return body


def _ours(about: os.stat_result) -> bool:
    """Whether a file or folder belongs to the user and nobody else can write to it."""
    if not hasattr(os, "geteuid"):
        return True  # Windows: other users can't write to the user's own folders
    return about.st_uid == os.geteuid() and not about.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _let_go(folder: Path) -> None:
    """Removes the least recently used files until the folder is within MOST bytes, and old unfinished files."""
    files = [(entry.stat(follow_symlinks=False), entry) for entry in os.scandir(folder)]
    for about, entry in files:
        if entry.name.startswith(output.BESIDE) and about.st_mtime < time.time() - _LEFT_BEHIND:
            os.unlink(entry.path)
    kept = [(about, entry.path) for about, entry in files if entry.name.endswith(".program")]
    over = sum(about.st_size for about, _ in kept) - MOST
    for about, path in sorted(kept, key=lambda file: file[0].st_mtime):
        if over <= 0:
            break
        os.unlink(path)
        over -= about.st_size


def _folder() -> Path | None:
    chosen = os.environ.get(SWITCH)
    if chosen:
        return None if chosen == OFF else Path(chosen)
    return home()


def home() -> Path:
    """The program's folder in the user's cache folder."""
    around = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(around) if around else Path(os.path.expanduser("~")) / ".cache") / "whichteam"
