"""Turns lack of disk space while a workbook is made into a fault.

openpyxl writes sheets to temporary files first and raises its own error class if there is no space.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator

from kb import output
from kb.errors import Fault, InputError


@contextlib.contextmanager
def making_workbook() -> Iterator[None]:
    """Within this context, lack of space for temporary files raises `InputError`."""
    try:
        yield
    except Exception as error:
        full = isinstance(error, OSError) and error.errno in output.FULL
        if full or type(error).__name__ == "SerialisationError":  # raised by lxml, which openpyxl uses if installed
            message = "has no room for the temporary files of a workbook"
            hint = "make room there, or name another folder in TMPDIR"
            raise InputError([Fault(tempfile.gettempdir(), message, hint)]) from None
        raise
