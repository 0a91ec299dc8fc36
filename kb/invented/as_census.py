"""Writes invented children as a children in need census: an XML file with a `Child` for each, and what happened inside it.

An assessment, plan or enquiry stands inside the last referral that is not later than its own first day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from kb.invented.project import Tabled

CHILD, DETAILS = "Child", "CINdetails"
_ABOUT = ("LAchildID", "PersonBirthDate", "ExpectedPersonBirthDate", "Sex")  # inside `ChildIdentifiers`
_INSIDE = {"Disability": ("Disabilities",), "AssessmentFactors": ("FactorsIdentifiedAtAssessment",)}
_OWN = "LAchildID"  # stands in the child, not in what happened

Row = tuple[str, int]  # table and position


def write_census(tables: Mapping[str, Tabled], path: Path, as_of: date) -> dict[Row, int]:
    """Writes the file. Returns the line on which the element of each row starts."""
    lines: list[str] = []
    places: dict[Row, int] = {}
    of_child: dict[str, list[Row]] = {}
    for name, table in tables.items():
        for row, child in enumerate(table.children):
            of_child.setdefault(child, []).append((name, row))
    about = f"<Collection>CIN</Collection><Year>{as_of.year}</Year><ReferenceDate>{as_of.isoformat()}</ReferenceDate>"
    lines += ['<?xml version="1.0" encoding="UTF-8"?>', "<Message>"]
    lines += [f"<Header><CollectionDetails>{about}</CollectionDetails></Header>", "<Children>"]
    for rows in of_child.values():
        lines += _child(tables, rows, len(lines), places)
    path.write_text("\n".join([*lines, "</Children>", "</Message>", ""]), encoding="utf-8")
    return places


def _child(tables: Mapping[str, Tabled], rows: list[Row], written: int, places: dict[Row, int]) -> list[str]:
    """The lines of one child. A second row about the child itself gives an element of its own, as a child entered twice."""
    lines: list[str] = []
    told, details = ([row for row in rows if row[0] == name] for name in (CHILD, DETAILS))
    others = [row for row in rows if row[0] not in (CHILD, DETAILS)]
    for number, about in enumerate(told):
        places[about] = written + len(lines) + 1
        cells = dict(_cells(tables, about))
        inside = "".join(_element(name, cells[name]) for name in _ABOUT if name in cells)
        rest = "".join(_element(name, cell) for name, cell in cells.items() if name not in _ABOUT)
        lines += ["<Child>", f"<ChildIdentifiers>{inside}</ChildIdentifiers>"]
        lines += [f"<ChildCharacteristics>{rest}</ChildCharacteristics>"] if rest else []
        if number == 0:
            parted = _by_referral(tables, details, others)
            for place, row in enumerate(details):
                places[row] = written + len(lines) + 1
                lines += [f"<{DETAILS}>", _text(tables, row)]
                for other in parted.get(place, ()):
                    places[other] = written + len(lines) + 1
                    lines.append(f"<{other[0]}>{_text(tables, other)}</{other[0]}>")
                lines.append(f"</{DETAILS}>")
        lines.append("</Child>")
    return lines


def _by_referral(tables: Mapping[str, Tabled], details: list[Row], others: list[Row]) -> dict[int, list[Row]]:
    """What happened, by the position of the referral that it belongs to."""
    starts = [_first_day(tables, row) for row in details]
    found: dict[int, list[Row]] = {}
    for row in others:
        day = _first_day(tables, row)
        before = [place for place, start in enumerate(starts) if start is not None and day is not None and start <= day]
        found.setdefault(before[-1] if before else 0, []).append(row)
    return found


def _first_day(tables: Mapping[str, Tabled], row: Row) -> date | None:
    return next((cell for _, cell in _cells(tables, row) if type(cell) is date), None)


def _cells(tables: Mapping[str, Tabled], row: Row) -> Iterator[tuple[str, Any]]:
    """The cells of a row that hold something, with the names of their elements."""
    table = tables[row[0]]
    return ((name, cell) for name, cell in zip(table.header, table.rows[row[1]]) if cell is not None and cell != "")


def _text(tables: Mapping[str, Tabled], row: Row) -> str:
    return "".join(_element(name, cell) for name, cell in _cells(tables, row) if name != _OWN)


def _element(name: str, cell: Any) -> str:
    text = f"<{name}>{escape(cell.isoformat() if type(cell) is date else str(cell))}</{name}>"
    for outer in _INSIDE.get(name, ()):
        text = f"<{outer}>{text}</{outer}>"
    return text
