"""What a person confirmed in a report is taken by the next intake, each answer with its row."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from explain.intake.report import sheets, written
from kb.errors import InputError
from kb.intake.confirmed import ANSWER, CHILD, FACT, SHEET, read_confirmed
from tests.intake.books import VOCABULARY, all_facts, read, told, workbook

HEADS = ["Child Unique ID", "Gender", "Date of Birth", "Date of Contact", "Contact Source"]
ROW = [1, "a) Male", datetime(2015, 3, 1), datetime(2024, 8, 20), "q) 6: Police"]


@pytest.fixture
def annex(tmp_path: Path) -> Path:
    return workbook(tmp_path / "annex.xlsx", {"List 1": [HEADS, ROW]})


def answered(folder: Path, *rows: tuple[Any, ...]) -> Path:
    """A report with these answers: child, fact, answer."""
    return workbook(folder / "report.xlsx", {SHEET: [[CHILD, FACT, ANSWER], *rows]})


def test_the_report_can_be_filled_in_and_read_back(annex: Path, tmp_path: Path) -> None:
    first = read(annex)
    assert [(h.case_id, h.fact, h.value) for h in first.hints] == [("1", "team_on_record", "none")]
    report = tmp_path / "report.xlsx"
    report.write_bytes(written(sheets(first, VOCABULARY, "annex.xlsx"), report))
    assert read_confirmed(report, VOCABULARY).answers == {}
    from openpyxl import load_workbook

    book = load_workbook(report)
    heads = [cell.value for cell in book[SHEET][1]]
    book[SHEET].cell(2, heads.index(ANSWER) + 1).value = "agreed"
    book.save(report)
    second = read(annex, confirmed=report)
    assert second.hints == ()
    assert all_facts(second)["1"]["team_on_record"] == "none"
    assert second.sources["1"]["team_on_record"] == "confirmed: report.xlsx, To confirm, row 2"


ANSWERS: list[tuple[str, Any, Any]] = [
    ("team_on_record", "Team A", "alpha"),
    ("team_on_record", " agreed ", "none"),
    ("safeguarding_concern", "Yes", True),
    ("safeguarding_concern", "no", False),
    ("safeguarding_concern", True, True),
    ("threshold_decision_on", "yes", True),
    ("threshold_decision_on", "02/09/2024", "2024-09-02"),
    ("threshold_decision_on", datetime(2024, 9, 2), "2024-09-02"),
    ("threshold_decision_on", "05/03/2024; 02/09/2024", ["2024-03-05", "2024-09-02"]),
    ("threshold_decision_on", "2024-03-05, 2024-09-02", ["2024-03-05", "2024-09-02"]),
    ("threshold_level", "3", 3),
    ("complex_needs_eligibility", "Unclear", "unclear"),
]


@pytest.mark.parametrize(("fact", "answer", "value"), ANSWERS)
def test_an_answer_is_taken_as_people_write_it(annex: Path, tmp_path: Path, fact: str, answer: Any, value: Any) -> None:
    found = read(annex, confirmed=answered(tmp_path, ("1", fact, answer)))
    assert told(found) == []
    assert all_facts(found)["1"][fact] == value


WRONG: list[tuple[tuple[Any, ...], list[str]]] = [
    (
        ("1", "threshold_level", "9"),
        ["report.xlsx, To confirm, row 2: `9` is no answer for `threshold_level`: `9` is not a number from 1 to 4"],
    ),
    (
        ("1", "threshold_decision_on", "02/09/2024; 05/03/2024"),
        [
            "report.xlsx, To confirm, row 2: `02/09/2024; 05/03/2024` is no answer for `threshold_decision_on`: "
            "2024-03-05 stands after 2024-09-02, which is later"
        ],
    ),
    (
        ("1", "safeguarding_concern", "agreed"),
        [
            "report.xlsx, To confirm, row 2: `agreed` is no answer for `safeguarding_concern`: "
            "the data suggest nothing any more; write the answer itself"
        ],
    ),
    (
        ("1", "contact_received_on", "01/08/2024"),
        [
            "report.xlsx, To confirm, row 2: the answer for `contact_received_on` of child 1 was 2024-08-01; "
            "the data say 2024-08-20 by now"
        ],
    ),
    (("2", "safeguarding_concern", "yes"), ["report.xlsx, To confirm, row 2: there is no child `2`"]),
]


@pytest.mark.parametrize(("row", "faults"), WRONG)
def test_an_answer_that_can_not_be_used_is_told_and_changes_nothing(
    annex: Path, tmp_path: Path, row: tuple[Any, ...], faults: list[str]
) -> None:
    found = read(annex, confirmed=answered(tmp_path, row))
    assert [f"{fault.where}: {fault.message}" for fault in found.faults] == faults
    assert all_facts(found) == all_facts(read(annex))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ({"Other": [["x"]]}, "report.xlsx: has no sheet `To confirm`"),
        ({SHEET: [[CHILD, FACT]]}, "report.xlsx, To confirm: there is no column `Your answer`"),
        (
            {SHEET: [[CHILD, FACT, ANSWER], ["1", "safeguard", "yes"]]},
            "report.xlsx, To confirm, row 2: there is no fact `safeguard`",
        ),
    ],
)
def test_a_file_that_is_no_report_is_refused(tmp_path: Path, rows: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as refused:
        read_confirmed(workbook(tmp_path / "report.xlsx", rows), VOCABULARY)
    assert f"{refused.value.faults[0].where}: {refused.value.faults[0].message}" == message
