"""What openpyxl needs to write a workbook: its temporary files, which have no name, and the fault if there is no room.

openpyxl writes sheets to temporary files first and raises its own error class if there is no space. Its own files have a
name, so they would stay, with a child's data, if the program is killed.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from kb import output
from kb.errors import Fault, InputError


@contextlib.contextmanager
def making_workbook() -> Iterator[None]:
    """Within this context temporary files have no name, and lack of space for them raises `InputError`."""
    _without_names()
    try:
        yield
    except Exception as error:
        full = isinstance(error, OSError) and error.errno in output.FULL
        if full or type(error).__name__ == "SerialisationError":  # raised by lxml, which openpyxl uses if installed
            message = "has no room for the temporary files of a workbook"
            hint = "make room there, or name another folder in TMPDIR"
            raise InputError([Fault(tempfile.gettempdir(), message, hint)]) from None
        raise


@cache
def _without_names() -> None:
    """Gives openpyxl temporary files without a name where the system has them: they go with the program, however it ends."""
    from openpyxl.worksheet import _writer

    named, remove = _writer.create_temporary_file, _writer.WorksheetWriter.cleanup

    def create(suffix: str = "") -> Any:
        descriptor = output.without_name(Path(tempfile.gettempdir()), output.PRIVATE)
        return named(suffix) if descriptor is None else f"{output.DESCRIPTORS}/{descriptor}"

    def cleanup(writer: Any) -> None:
        folder, _, number = str(writer.out).rpartition("/")
        if folder == output.DESCRIPTORS:
            os.close(int(number))
        else:
            remove(writer)

    _writer.create_temporary_file = create
    _writer.WorksheetWriter.cleanup = cleanup  # type: ignore[method-assign, assignment]
