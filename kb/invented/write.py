"""Writes invented children: one row a child as Parquet or CSV, a workbook of lists, or a folder of tables."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from kb.invented.project import Tabled
from kb.workbook_writing import making_workbook

_ROWS_A_SHEET = 1_048_575


class OwnWriter:
    """Writes tables of `own_table`, block by block, to Parquet and optionally to CSV."""

    def __init__(self, folder: Path, with_csv: bool):
        self.parquet, self.csv = folder / "children.parquet", folder / "children.csv"
        self._with_csv = with_csv
        self._writer: Any = None

    def add(self, table: Any) -> None:
        """Writes one block."""
        import pyarrow as pa  # type: ignore[import-untyped]
        import pyarrow.parquet as parquet  # type: ignore[import-untyped]

        plain = table.cast(pa.schema([_plain_field(field) for field in table.schema]))
        first = self._writer is None
        if first:
            self._writer = parquet.ParquetWriter(self.parquet, plain.schema)
        self._writer.write_table(plain)
        if self._with_csv:
            self._write_csv(plain, first)

    def _write_csv(self, table: Any, first: bool) -> None:
        with self.csv.open("w" if first else "a", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            if first:
                writer.writerow(table.column_names)
            writer.writerows([_csv_cell(cell) for cell in row] for row in zip(*(column.to_pylist() for column in table.columns)))

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


def _plain_field(field: Any) -> Any:
    """A field with dictionary-encoded texts as plain texts, so that all blocks have the same schema."""
    import pyarrow as pa

    return pa.field(field.name, pa.string()) if pa.types.is_dictionary(field.type) else field


def _csv_cell(cell: Any) -> Any:
    if isinstance(cell, list):
        return json.dumps([_entry(entry) for entry in cell])
    return {True: "true", False: "false"}[cell] if isinstance(cell, bool) else "" if cell is None else cell


def _entry(entry: Any) -> Any:
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in entry.items()} if isinstance(entry, dict) else entry


def write_workbook(tables: Mapping[str, Tabled], path: Path, as_of: date | None = None) -> None:
    """Writes an Annex A workbook with its lists, and a sheet with the day of the data (`as_of`). Errors: `ValueError`."""
    from openpyxl import Workbook

    with making_workbook():
        book = Workbook(write_only=True)
        if as_of is not None:
            cover = book.create_sheet("About")
            cover.append(["Invented children"])
            cover.append(["Data as at", as_of])
        for table in tables.values():
            if len(table.rows) > _ROWS_A_SHEET:
                raise ValueError(f"{table.name} has {len(table.rows):,} rows, more than a worksheet holds")
            sheet = book.create_sheet(table.name)
            sheet.append(list(table.header))
            for row in table.rows:
                sheet.append([datetime.combine(cell, time()) if type(cell) is date else cell for cell in row])
        book.save(path)


def write_folder(tables: Mapping[str, Tabled], folder: Path, null: str = "NULL") -> None:
    """Writes one CSV file for each table as database tools do: days with a time, and `null` for empty cells."""
    for table in tables.values():
        with (folder / f"{table.name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(table.header)
            writer.writerows([_database_cell(cell, null) for cell in row] for row in table.rows)


def write_returns(tables: Mapping[str, Tabled], folder: Path) -> None:
    """Writes one CSV file for each table as SSDA903 is submitted: days as dd/mm/yyyy, and empty cells."""
    for table in tables.values():
        with (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(table.header)
            writer.writerows([cell.strftime("%d/%m/%Y") if type(cell) is date else cell for cell in row] for row in table.rows)


def _database_cell(cell: Any, null: str) -> Any:
    if type(cell) is date:
        return f"{cell.isoformat()} 00:00:00.000"
    return null if cell is None else cell


def write_rows(path: Path, header: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    """Writes a tab-separated table."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("\t".join(header) + "\n")
        for row in rows:
            file.write("\t".join("" if cell is None else str(cell).replace("\t", " ").replace("\n", " ") for cell in row) + "\n")
