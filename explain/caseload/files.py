"""Writing tables so that a spreadsheet takes every cell for what it is, whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from kb.bulk import arrays
from kb.errors import Fault, InputError

FORMULA_STARTS = "=+-@\t\r"


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe goes before what looks like one."""
    return f"'{text}" if text[:1] in FORMULA_STARTS and text else text


def safe_table(table: Any) -> Any:
    """The same for every text of a table."""
    columns = []
    apostrophe, nothing = arrays.texts(["'", ""])
    for column in table.columns:
        if pa.types.is_string(column.type):
            risky = pc.match_substring_regex(column, r"^[=+\-@\t\r]")
            column = pc.if_else(risky, pc.binary_join_element_wise(apostrophe, column, nothing), column)
        columns.append(column)
    return arrays.table(dict(zip(table.column_names, columns)))


def write_csv(path: Path, table: Any) -> None:
    """A table as CSV that Excel opens as UTF-8."""
    from pyarrow import csv

    def write(beside: Path) -> None:
        with beside.open("wb") as file:
            file.write(b"\xef\xbb\xbf")
            csv.write_csv(safe_table(table), file)

    whole(path, write)


def write_parquet(path: Path, table: Any) -> None:
    """A table as Parquet; no spreadsheet reads that, so its texts are as they are."""
    from pyarrow import parquet

    whole(path, lambda beside: parquet.write_table(table, beside))


def whole(path: Path, write: Callable[[Path], None]) -> None:
    """Writes beside the place, then moves there. Errors: `InputError`."""
    beside = path.with_name(path.name + ".part")
    try:
        write(beside)
        os.replace(beside, path)
    except OSError as error:
        raise InputError([Fault(str(path), f"can't be written: {(error.strerror or str(error)).lower()}")]) from None
    finally:
        beside.unlink(missing_ok=True)
