"""Writes tables as CSV and Parquet."""

from __future__ import annotations

from typing import Any, BinaryIO

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from explain.escape import cell
from kb.bulk import arrays


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula (prefixed with an apostrophe where needed)."""
    return cell(text)


def safe_table(table: Any) -> Any:
    """Applies the escaping of `safe` to every text column."""
    columns = []
    apostrophe, nothing = arrays.texts(["'", ""])
    for column in table.columns:
        if pa.types.is_string(column.type):
            risky = pc.match_substring_regex(column, r"^[=+\-@\t\r]")
            column = pc.if_else(risky, pc.binary_join_element_wise(apostrophe, column, nothing), column)
        columns.append(column)
    return arrays.table(dict(zip(table.column_names, columns)))


def write_csv(file: BinaryIO, table: Any) -> None:
    """Writes CSV with a byte-order mark, so that Excel reads it as UTF-8."""
    from pyarrow import csv

    file.write(b"\xef\xbb\xbf")
    csv.write_csv(safe_table(table), file)


def write_parquet(file: BinaryIO, table: Any) -> None:
    """Writes Parquet. Texts are not escaped: spreadsheets do not open Parquet."""
    from pyarrow import parquet

    parquet.write_table(table, file)
