"""Error display of the pages: faults in the user's input as a list, other errors by reference only.

Internal errors are logged by class and code location. Their messages are not logged: they may contain case data.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from explain.app import plain
from explain.unforeseen import new_reference, places
from kb.errors import Fault, InputError

MOST_LOGGED = 4  # places, the innermost first
_log = logging.getLogger("whichteam")


def guarded(page: Callable[[], None]) -> None:
    """Runs a page and shows any error in place of the page."""
    try:
        page()
    except InputError as error:
        show_faults(error.faults)
    except Exception as error:
        reference = new_reference()
        _log.error("%s: %s", reference, _where(error))
        plain.error(f"This page could not be shown (reference {reference}). Nothing was changed. Open another case, or reload.")


def log_no_values() -> None:
    """Makes all logging, Streamlit's included, record exceptions by class and code location only."""
    if logging.getLogRecordFactory() is not _record:
        logging.setLogRecordFactory(_record)


def _record(*given: Any, **named: Any) -> logging.LogRecord:
    record = logging.LogRecord(*given, **named)
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        record.msg, record.args = f"{record.getMessage()}: {_where(error)}", ()
        record.exc_info = None
    return record


def _where(error: BaseException) -> str:
    return f"{type(error).__name__} at {' < '.join(places(error)[:MOST_LOGGED])}"


def show_faults(faults: Sequence[Fault], before: str = "This can't be used as it is:") -> None:
    """Shows faults as a list under the sentence `before`."""
    plain.error_list(before, [f"{fault.where}: {fault.message}{f' — {fault.hint}' if fault.hint else ''}" for fault in faults])
