"""Making workbooks: openpyxl puts the sheets into temporary files first, and says in its own way that there is no room."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator

from kb import output
from kb.errors import Fault, InputError


@contextlib.contextmanager
def making_workbook() -> Iterator[None]:
    """Within this, no room for temporary files is a fault. Errors: `InputError`."""
    try:
        yield
    except Exception as error:
        full = isinstance(error, OSError) and error.errno in output.FULL
        if full or type(error).__name__ == "SerialisationError":  # of lxml, which openpyxl uses where it is there
            message = "has no room for the temporary files of a workbook"
            hint = "make room there, or name another folder in TMPDIR"
            raise InputError([Fault(tempfile.gettempdir(), message, hint)]) from None
        raise
