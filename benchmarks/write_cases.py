"""Writes random cases as a CSV, xlsx or Parquet file with a column for each fact.

Run: python -m benchmarks.write_cases POLICY COUNT FILE     (the ending of FILE decides the format)
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.random_table import random_table
from kb.bulk.arrow import to_arrow
from queries.load import load_program


def main() -> None:
    policy, count, path = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    program = load_program(policy)
    vocabulary = program.policy.vocabulary
    table = random_table(program, count, unknown=0.6)
    made = to_arrow(table, vocabulary, as_text=path.suffix != ".parquet")
    if path.suffix == ".parquet":
        from pyarrow import parquet  # type: ignore[import-untyped]

        parquet.write_table(made, path)
        return
    from openpyxl import Workbook

    rows = made.to_pylist()
    if path.suffix == ".xlsx":
        book = Workbook(write_only=True)
        sheet = book.create_sheet("Cases")
        sheet.append(made.column_names)
        for row in rows:
            sheet.append(list(row.values()))
        book.save(path)
        return
    import csv

    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, made.column_names)
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
