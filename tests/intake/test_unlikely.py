"""Days that can't be right beside the rest of a child's records: they are told, and count as not known."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.intake.books import all_facts, folder, read
from tests.intake.test_kinds import BORN, OTHER_BORN, SSD, closed_row, open_row
from tests.intake.test_sloppy import TEAM, sheet
from tests.intake.test_unread import Expected, check

START, CLOSED_ON = "contact_received_on", "case_closed_on"
YEAR = "is the year right? it counts as not known"
PUT_RIGHT = "the end counts as not known until the record is put right"


def with_status(row: list[Any], status: str, end: Any) -> list[Any]:
    return [*row[:3], end, row[4], status, row[6]]


ROWS: dict[str, tuple[list[list[Any]], Expected, list[str]]] = {
    "good": (
        [open_row(), closed_row("1002", OTHER_BORN)],
        {"1001": {TEAM: "alpha", START: "2024-08-03"}, "1002": {TEAM: "case_closed"}},
        [],
    ),
    "a start within a year": (
        [open_row(start=datetime(2025, 9, 3))],
        {"1001": {TEAM: "alpha", START: None}},
        [],
    ),
    "a start many years ahead": (
        [open_row(start=datetime(2042, 8, 3)), closed_row("1002", OTHER_BORN)],
        {"1001": {TEAM: "alpha", START: None}, "1002": {TEAM: "case_closed"}},
        [f"child 1001: 2042-08-03 (List 6 row 2) is more than a year after the day of the answer\n    {YEAR}"],
    ),
    "an end many years ahead": (
        [with_status(open_row(), "d) Open assessment", datetime(2042, 8, 3))],
        {"1001": {TEAM: "alpha", START: "2024-08-03"}},
        [],
    ),
    "a case of an unborn child": (
        [open_row(born=datetime(2024, 12, 3))],
        {"1001": {START: "2024-08-03", "expected_date_of_birth": "2024-12-03", "unborn": True}},
        [],
    ),
    "a start ten months before the birth": (
        [open_row(born=datetime(2024, 8, 9), start=datetime(2023, 8, 3)), open_row("1002")],
        {"1001": {START: None, "date_of_birth": None}, "1002": {START: "2024-08-03", "date_of_birth": "2012-03-04"}},
        [
            "child 1001: the date of birth 2024-08-09 is more than ten months after 2023-08-03 (List 6 row 2)\n"
            "    one of the two is wrong; both count as not known"
        ],
    ),
    "a start six months before the birth": (
        [open_row(born=datetime(2024, 2, 9), start=datetime(2023, 8, 3))],
        {"1001": {START: "2023-08-03", "date_of_birth": "2024-02-09", "unborn": True}},
        [],
    ),
    "an open case that was closed": (
        [with_status(open_row(), "d) Open assessment", datetime(2024, 8, 20))],
        {"1001": {TEAM: None, CLOSED_ON: None}},
        [f"child 1001: the status says that the case is open, and it was closed on 2024-08-20 (List 6 row 2)\n    {PUT_RIGHT}"],
    ),
    "a case that is open in one row and closed in another": (
        [open_row(), with_status([*open_row()[:4], "RC7", *open_row()[5:]], "e) Closed episode", datetime(2024, 8, 20))],
        {"1001": {TEAM: None, CLOSED_ON: None}},
        [
            "child 1001: a case that began on 2024-08-03 is open in one row and closed in another (List 6 row 2; List 6 row 3)\n"
            f"    {PUT_RIGHT}"
        ],
    ),
    "a case that is open after another was closed": (
        [closed_row(), open_row()],
        {"1001": {TEAM: "alpha"}},
        [],
    ),
    "an open case that is to be closed": (
        [with_status(open_row(), "d) Open assessment", datetime(2024, 9, 20))],
        {"1001": {TEAM: "alpha"}},
        [],
    ),
    "a closed case without the day": (
        [with_status(open_row(), "e) Closed episode", None)],
        {"1001": {TEAM: None, CLOSED_ON: None}},
        [f"child 1001: the status says that the case is closed, and no row says on which day (List 6 row 2)\n    {PUT_RIGHT}"],
    ),
}


@pytest.mark.parametrize(("rows", "expected", "messages"), ROWS.values(), ids=ROWS.keys())
def test_a_day_that_can_not_be_right_is_told(
    tmp_path: Path, rows: list[list[Any]], expected: Expected, messages: list[str]
) -> None:
    check(read(sheet(*rows)(tmp_path)), expected, messages)


def test_many_days_far_ahead_show_an_answer_for_an_earlier_day(tmp_path: Path) -> None:
    """As with `--as-of` a day years ago: then none of them is a slip."""
    rows = [open_row(f"{number}", datetime(2026, 8, 3), born=BORN) for number in range(1001, 1005)]
    check(read(sheet(*rows)(tmp_path)), {f"{number}": {TEAM: "alpha", START: None} for number in range(1001, 1005)}, [])


@pytest.mark.parametrize(
    ("died", "contact", "expected", "messages"),
    [
        ("2024-08-20", "2024-08-15", "2024-08-20", []),
        ("2024-08-02", "2024-08-30", "2024-08-02", []),
        (
            "2022-08-20",
            "2024-08-15",
            None,
            [
                "child x1: the date of death 2022-08-20 is more than a month before 2024-08-15 (ssd_contacts row 2)\n"
                "    did the child die? it counts as not known until the record is put right"
            ],
        ),
        (
            "2042-08-20",
            "2024-08-15",
            None,
            [f"child x1: 2042-08-20 (ssd_person row 2) is more than a year after the day of the answer\n    {YEAR}"],
        ),
    ],
)
def test_a_death_before_other_events_is_told(
    tmp_path: Path, died: str, contact: str, expected: str | None, messages: list[str]
) -> None:
    person = [SSD["ssd_person"][0], ["x1", "2012-06-04", "NULL", died]]
    contacts = [["cont_contact_id", "cont_person_id", "cont_contact_date"], ["c1", "x1", contact]]
    intake = read(folder(tmp_path / "ssd", {"ssd_person.csv": person, "ssd_contacts.csv": contacts}))
    check(intake, {"x1": {"died_on": expected, START: contact}}, messages)
    assert all_facts(intake)["x1"]["date_of_birth"] == "2012-06-04"
