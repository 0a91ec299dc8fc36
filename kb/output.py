"""Writes files atomically, by default readable only by their owner, and without following symbolic links.

A file gets its name only when it is complete, so nothing is left of it if the disk is full or the program is ended. Without
support for unnamed files (Windows, some network disks) it has a random name until then; a program that is killed leaves
that file behind, readable only by its owner.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from kb.errors import Fault, InputError

BESIDE = ".whichteam-"  # prefix of temporary names
Content = bytes | str | Callable[[BinaryIO], object]
PRIVATE, SHARED = 0o600, 0o666
DESCRIPTORS = "/proc/self/fd"
FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG)


def write(path: Path, content: Content, private: bool = True) -> None:
    """Writes a file, replacing any that is there. Errors: `InputError`, and then nothing has changed.

    content  text, bytes, or a function that writes to the binary file it is given
    private  only the owner can read the file: for anything about a child. Otherwise an existing file keeps its
             permissions, and a new one gets the default ones
    """
    write_all({path: content}, private)


def write_all(files: Mapping[Path, Content], private: bool = True) -> None:
    """Writes several files; none is replaced before all are complete. Errors: `InputError`."""
    with contextlib.ExitStack() as stack:
        opened = {path: stack.enter_context(_opened(path, private)) for path in files}
        for path, content in files.items():
            with _write_faults(path):
                if callable(content):
                    content(opened[path].file)
                else:
                    opened[path].file.write(content.encode() if isinstance(content, str) else content)
                opened[path].file.flush()
        for path, one in opened.items():
            with _write_faults(path):
                one.put(path)


@contextlib.contextmanager
def filling(folder: Path, private: bool = True) -> Iterator[Path]:
    """A context with a temporary folder whose files are moved to `folder` when the block ends. Errors: `InputError`.

    `folder` is created if it is missing. After an error, none of the new files and folders is left.
    """
    made = make_folder(folder, private)
    inside = beside(folder / "any")
    try:
        with _write_faults(folder):
            inside.mkdir(0o700)
            yield inside
            for entry in sorted(inside.iterdir()):
                os.replace(entry, folder / entry.name)
            inside.rmdir()
    except BaseException:
        shutil.rmtree(inside, ignore_errors=True)
        for empty in made:
            with contextlib.suppress(OSError):
                empty.rmdir()
        raise


def make_folder(folder: Path, private: bool = True) -> list[Path]:
    """Creates a folder and its missing parents. Returns the folders created, the innermost first.

    Errors: `InputError`.
    """
    missing = [place for place in (folder, *folder.parents) if not os.path.lexists(place)]
    with _write_faults(folder):
        for place in reversed(missing):
            place.mkdir(0o700 if private else 0o777, exist_ok=True)
        if not folder.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "a file of that name is in the way")
    return missing


def beside(path: Path) -> Path:
    """A random temporary name in the same folder."""
    return path.parent / (BESIDE + secrets.token_hex(8))


def put_folder(made: Path, path: Path) -> None:
    """Moves the folder `made` to `path`, replacing what is there, readable only by its owner. Errors: `InputError`."""
    with _write_faults(path):
        for place in (made, *made.rglob("*")):
            with contextlib.suppress(PermissionError):  # on a cluster, another user may own a file
                place.chmod(0o700 if place.is_dir() else PRIVATE)
        earlier = beside(path)
        if os.path.lexists(path):
            path.rename(earlier)
        made.rename(path)
        if earlier.is_dir() and not earlier.is_symlink():
            shutil.rmtree(earlier)
        else:
            earlier.unlink(missing_ok=True)


class _Opened:
    """A file being written: unnamed if the system supports that, else under a random name."""

    def __init__(self, path: Path, mode: int):
        self.beside: Path | None = None
        descriptor = without_name(path.parent, mode)
        if descriptor is None:
            self.beside = beside(path)
            exclusive = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
            descriptor = os.open(self.beside, exclusive, mode)
        self.file: BinaryIO = os.fdopen(descriptor, "wb")

    def put(self, path: Path) -> None:
        """Gives the complete file its name. Errors: `OSError`."""
        if self.beside is None:
            named, descriptor = beside(path), self.file.fileno()
            os.link(f"{DESCRIPTORS}/{descriptor}", named, src_dir_fd=descriptor)  # follows the link in /proc
            self.beside = named
        self.file.close()
        os.replace(self.beside, path)
        self.beside = None

    def discard(self) -> None:
        """Removes an incomplete file."""
        with contextlib.suppress(OSError):  # the disk may still be full
            self.file.close()
        if self.beside is not None:
            with contextlib.suppress(OSError):
                self.beside.unlink(missing_ok=True)


def without_name(folder: Path, mode: int) -> int | None:
    """A descriptor of a new unnamed file; None if the system does not support them."""
    if not hasattr(os, "O_TMPFILE") or not os.path.isdir(DESCRIPTORS):
        return None
    try:
        return os.open(folder, os.O_TMPFILE | os.O_WRONLY, mode)
    except OSError:
        return None


@contextlib.contextmanager
def _opened(path: Path, private: bool) -> Iterator[_Opened]:
    with _write_faults(path):
        there = _rights(path)
        one = _Opened(path, PRIVATE if private else SHARED)
    try:
        if not private and there is not None and hasattr(os, "fchmod"):
            os.fchmod(one.file.fileno(), there)
        yield one
    finally:
        one.discard()


def _rights(path: Path) -> int | None:
    """The permissions of the file at `path`; None if there is none. Errors: `OSError` if it is not a regular file."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, "it is a folder")
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is a device or a pipe, not a file")
    return stat.S_IMODE(mode)


@contextlib.contextmanager
def _write_faults(path: Path) -> Iterator[None]:
    """Turns an `OSError` in the block into an `InputError` about `path`."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or "not possible").lower()
        hint = "make room there, or name another place" if error.errno in FULL else "name another place"
        raise InputError([Fault(str(path), f"can't be written: {reason}", hint)]) from None
