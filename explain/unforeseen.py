"""Reports of unexpected errors: exception classes and code locations, nothing of a case.

Exception messages and local variables may contain case data, so neither is reported.
"""

from __future__ import annotations

import platform
import secrets
import sys
import tempfile
import traceback
from collections.abc import Iterator
from pathlib import Path

from explain.version import own_version
from kb import cache, output
from kb.errors import InputError

PROJECT = Path(__file__).parent.parent
INSTALLED = ("site-packages", "dist-packages")
MOST_PLACES = 40  # of one exception; deep recursion repeats the same ones


def new_reference() -> str:
    """A random identifier for one occurrence of an error."""
    return secrets.token_hex(4)


def places(error: BaseException) -> list[str]:
    """The code locations that an error passed through, innermost first, as `kb/case.py:12 in make_case`."""
    frames = traceback.extract_tb(error.__traceback__)[-MOST_PLACES:]
    return [f"{_file(frame.filename)}:{frame.lineno} in {frame.name}" for frame in reversed(frames)]


def report(error: BaseException, reference: str) -> str:
    """The report on an error, without values and without paths of this machine."""
    lines = [f"whichteam {own_version()}, Python {platform.python_version()}, {platform.system()}", f"reference {reference}"]
    for cause in _chain(error):
        lines += ["", type(cause).__name__, *(f"  {place}" for place in places(cause))]
    return "\n".join(lines) + "\n"


def keep(error: BaseException, reference: str) -> Path | None:
    """Writes the report to the cache folder, else the temporary folder. Returns its path, or None if neither can be written."""
    for folder in (cache.home(), Path(tempfile.gettempdir())):
        path = folder / f"whichteam-error-{reference}.txt"
        try:
            output.make_folder(folder)
            output.write(path, report(error, reference))
        except InputError:
            continue
        return path
    return None


def _file(name: str) -> str:
    """A source file relative to the project or to `site-packages`."""
    path = Path(name)
    if path.is_relative_to(PROJECT) and not set(INSTALLED) & set(path.relative_to(PROJECT).parts):
        return path.relative_to(PROJECT).as_posix()
    for place, part in enumerate(path.parts):
        if part in INSTALLED:
            return "/".join(path.parts[place + 1 :])
    return path.name


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and its causes."""
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield cause
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)


def unforeseen(error: BaseException) -> str:
    """Writes the report; returns one sentence about it."""
    reference = new_reference()
    path = keep(error, reference)
    where = f"what happened is in {path}, which holds nothing of a case" if path else f"it was a {type(error).__name__}"
    return f"whichteam itself failed (reference {reference}); please report it: {where}"


def print_unforeseen(error: BaseException) -> None:
    """Writes the report and prints one line about it on standard error."""
    print(f"error: {unforeseen(error)}", file=sys.stderr)
