"""Writing files whole or not at all, for their owner's eyes, and through no link.

What is written has no name until all of it is there, so nothing is left of it where the disk is full or the program is ended.
Where a file system knows no files without a name (Windows, some network disks), it has a name nobody can guess, and a
program that is killed leaves that file behind, readable by its owner only.
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

BESIDE = ".whichteam-"  # what names begin with while something is being written
Content = bytes | str | Callable[[BinaryIO], object]
PRIVATE, SHARED = 0o600, 0o666
_DESCRIPTORS = "/proc/self/fd"
FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG)


def write(path: Path, content: Content, private: bool = True) -> None:
    """Writes a file in place of any that is there. Errors: `InputError`; nothing has changed then.

    `content` may be a function that writes to the file it is given. A `private` file can be read by its owner only; that is
    for all that tells of a child. Others keep the rights that the file has, or get those usual on the machine.
    """
    write_all({path: content}, private)


def write_all(files: Mapping[Path, Content], private: bool = True) -> None:
    """Writes several files; none of them gets its name before all are written. Errors: `InputError`."""
    with contextlib.ExitStack() as stack:
        opened = {path: stack.enter_context(_opened(path, private)) for path in files}
        for path, content in files.items():
            with _told(path):
                if callable(content):
                    content(opened[path].file)
                else:
                    opened[path].file.write(content.encode() if isinstance(content, str) else content)
                opened[path].file.flush()
        for path, one in opened.items():
            with _told(path):
                one.put(path)


@contextlib.contextmanager
def filling(folder: Path, private: bool = True) -> Iterator[Path]:
    """A folder to write files into, which are moved to `folder` once the block ends without an error. Errors: `InputError`.

    `folder` is made where it is not there. Nothing of this is left after an error.
    """
    made = make_folder(folder, private)
    inside = beside(folder / "any")
    try:
        with _told(folder):
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
    """Makes a folder and those that it stands in, and gives those that were not there, the innermost first.

    Errors: `InputError`.
    """
    missing = [place for place in (folder, *folder.parents) if not os.path.lexists(place)]
    with _told(folder):
        for place in reversed(missing):
            place.mkdir(0o700 if private else 0o777, exist_ok=True)
        if not folder.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "a file of that name is in the way")
    return missing


def beside(path: Path) -> Path:
    """A name in the same folder that nobody can guess, for what is still being written."""
    return path.parent / (BESIDE + secrets.token_hex(8))


def put_folder(made: Path, path: Path) -> None:
    """Puts a folder of results, made beside it, in place of earlier ones, for its owner only. Errors: `InputError`."""
    with _told(path):
        for place in (made, *made.rglob("*")):
            with contextlib.suppress(PermissionError):  # on a cluster, what another user wrote
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
    """A file that is being written: without a name where the system can do that, else under one nobody can guess."""

    def __init__(self, path: Path, mode: int):
        self.beside: Path | None = None
        descriptor = _without_name(path.parent, mode)
        if descriptor is None:
            self.beside = beside(path)
            exclusive = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
            descriptor = os.open(self.beside, exclusive, mode)
        self.file: BinaryIO = os.fdopen(descriptor, "wb")

    def put(self, path: Path) -> None:
        """Gives the file its name. Errors: OSError."""
        if self.beside is None:
            named, descriptor = beside(path), self.file.fileno()
            os.link(f"{_DESCRIPTORS}/{descriptor}", named, src_dir_fd=descriptor)  # so that the link there is followed
            self.beside = named
        self.file.close()
        os.replace(self.beside, path)
        self.beside = None

    def discard(self) -> None:
        """Leaves nothing of a file that did not get its name."""
        with contextlib.suppress(OSError):  # the disk may be full still
            self.file.close()
        if self.beside is not None:
            with contextlib.suppress(OSError):
                self.beside.unlink(missing_ok=True)


def _without_name(folder: Path, mode: int) -> int | None:
    """A descriptor of a new file without a name, or None where the system knows no such files."""
    if not hasattr(os, "O_TMPFILE") or not os.path.isdir(_DESCRIPTORS):
        return None
    try:
        return os.open(folder, os.O_TMPFILE | os.O_WRONLY, mode)
    except OSError:
        return None


@contextlib.contextmanager
def _opened(path: Path, private: bool) -> Iterator[_Opened]:
    with _told(path):
        there = _rights(path)
        one = _Opened(path, PRIVATE if private else SHARED)
    try:
        if not private and there is not None and hasattr(os, "fchmod"):
            os.fchmod(one.file.fileno(), there)
        yield one
    finally:
        one.discard()


def _rights(path: Path) -> int | None:
    """The rights of the file at a place, if there is one. Errors: OSError where something else is there."""
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
def _told(path: Path) -> Iterator[None]:
    """What goes wrong in writing, as a fault of the place. Errors: `InputError`."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or "not possible").lower()
        hint = "make room there, or name another place" if error.errno in FULL else "name another place"
        raise InputError([Fault(str(path), f"can't be written: {reason}", hint)]) from None
