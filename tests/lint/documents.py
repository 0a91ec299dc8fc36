"""A made-up policy of two pages with planted faults (`planted.txt`), and texts without any (`clean/`)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

HERE = Path(__file__).parent
AS_OF = date(2025, 3, 3)
CLEAN = sorted((HERE / "clean").glob("*.txt"))


def planted() -> tuple[str, list[tuple[str, str]]]:
    """The policy without its marks, and the planted faults as pairs of check and place.

    A line of `planted.txt` begins with `@CHECK` for each fault that is planted in it.
    """
    lines: list[str] = []
    faults: list[tuple[str, str]] = []
    for number, line in enumerate((HERE / "planted.txt").read_text(encoding="utf-8").split("\n"), 1):
        while line.startswith("@"):
            check, _, line = line[1:].partition(" ")
            faults.append((check, f"line {number}"))
        lines.append(line)
    return "\n".join(lines), faults
