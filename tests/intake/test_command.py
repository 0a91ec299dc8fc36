"""`whichteam intake`: from a workbook to decided cases, with a report that misses nothing."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from tests.helpers import make_policy, whichteam
from tests.intake.books import workbook
from tests.intake.test_annex_a import LIST_1, LIST_6, ONE, closing

RULES = """@clause t1.
front_door(alpha).
@clause t2.
route(alpha, beta, handover) :- cared_for.
occurs(handover, On) :- known contact_received_on(On).
"""


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    return make_policy(tmp_path, RULES)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    rows = [LIST_6, closing(None, "Beta 4"), [2, *closing(None, "Alpha")[1:]], [None, *closing(None)[1:]]]
    contact = [*ONE, datetime(2024, 8, 20), "6: Police"]
    return workbook(
        tmp_path / "annex.xlsx", {"List 1": [LIST_1, contact, [3, *contact[1:]]], "List 6": rows, "Extra": [["=1+1"]]}
    )


def test_from_the_workbook_to_decided_cases(tmp_path: Path, policy: Path, book: Path) -> None:
    teams = tmp_path / "teams.toml"
    proposed = whichteam("intake", book, "--policy", policy, "--propose-teams", teams)
    assert (proposed.code, proposed.out) == (
        0,
        f"Wrote {teams}: 2 team names, 1 spelt as in the policy, 1 with a likely team to\n"
        "check (take the ? off), 0 to fill in.\n"
        "  Which team is `Beta 4`? (perhaps Beta)\n",
    )
    again = whichteam("intake", book, "--policy", policy, "--propose-teams", teams)
    assert (again.code, again.err) == (
        2,
        f"error: {teams}: is there already, and may have been checked\n    name another file, or move it\n",
    )
    teams.write_text(teams.read_text().replace('"beta?"', '"beta"'))
    out = tmp_path / "cases"
    ran = whichteam("intake", book, "--policy", policy, "--teams", teams, "--as-of", "2024-09-03", "--out", out)
    assert (ran.code, ran.err) == (0, "")
    assert "annex.xlsx on 3 September 2024: 3 children," in ran.out
    assert "6 rows: 4 used, 1 refused, 1 ignored." in ran.out
    assert json.loads((out / "1.json").read_text()) == {
        "case_id": "1",
        "policy": "tiny",
        "as_of": "2024-09-03",
        "facts": {
            "date_of_birth": "2015-03-01",
            "unborn": False,
            "contact_received_on": ["2024-02-01", "2024-08-20"],
            "team_on_record": "beta",
            "referral_accepted_on": "2024-02-01",
            "child_disabled": False,
        },
    }
    assert "1\tteam_on_record\tList 6 row 2\n" in (out / "sources.tsv").read_text()
    decided = whichteam("decide", out, "--policy", policy, "--out", tmp_path / "decisions")
    assert (decided.code, decided.err) == (0, "3 decided, 0 not usable, of 3\n")


def test_the_report_has_a_sheet_for_every_matter(tmp_path: Path, policy: Path, book: Path) -> None:
    from openpyxl import load_workbook

    report = tmp_path / "report.xlsx"
    whichteam("intake", book, "--policy", policy, "--as-of", "2024-09-03", "--report", report)
    sheets = {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in load_workbook(report).worksheets}
    assert list(sheets) == [
        *("Summary", "Not read", "To put right", "To confirm", "Answered"),
        *("Teams to name", "Facts", "Rows", "Columns"),
    ]
    assert ["rows read", 6] in sheets["Summary"]
    assert sheets["Rows"][1:] == [
        ["List 1", 2, 2, 0, 0, None, "annex.xlsx"],
        ["List 6", 3, 2, 1, 0, None, "annex.xlsx"],
        ["Extra", 1, 0, 0, 1, "not read: it is none of the tables: 1", "annex.xlsx"],
    ]
    assert sheets["Teams to name"][1:] == [["Beta 4", 1, "write it in the teams file"]]
    assert ["1", "the date of birth", "2015-03-01", "List 1 row 2", "date_of_birth"] in sheets["Facts"]
    assert ["List 1", "Age", "not read", "the age follows from the date of birth", "annex.xlsx"] in sheets["Columns"]
    assert sheets["To confirm"][1:] == []  # the row without an id may say which team has child 3
    assert [row[0] for row in sheets["To put right"][1:]] == [
        "rows without a child",
        "annex.xlsx, List 6, row 4, column A `Child Unique ID`",
    ]


def test_the_report_as_csv_holds_no_formula(tmp_path: Path, policy: Path) -> None:
    path = workbook(tmp_path / "annex.xlsx", {"List 6": [LIST_6, closing(None, "+cmd|x")]})
    report = tmp_path / "report.csv"
    whichteam("intake", path, "--policy", policy, "--as-of", "2024-09-03", "--report", report)
    assert "Teams to name,'+cmd|x,1,write it in the teams file" in report.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--as-of", "3/9/24"], "error: --as-of: `3/9/24` is not a date\n    write it as 2024-09-03\n"),
        ([], "error: annex.xlsx: does not say which day it speaks for\n    give it with --as-of 2024-09-03\n"),
        (["--report", "r.doc"], "error: r.doc: is neither .xlsx nor .csv\n    end the report's name in one of them\n"),
        (
            ["--teams", "no.toml", "--as-of", "2024-09-03"],
            "error: no.toml: there is no such file\n    make it with --propose-teams\n",
        ),
    ],
)
def test_what_is_asked_for_wrongly_is_told(policy: Path, book: Path, arguments: list[str], message: str) -> None:
    ran = whichteam("intake", book, "--policy", policy, *arguments)
    assert (ran.code, ran.out, ran.err) == (2, "", message)


def test_a_folder_of_cases_is_never_mixed(tmp_path: Path, policy: Path, book: Path) -> None:
    out = tmp_path / "cases"
    asked = ("intake", book, "--policy", policy, "--as-of", "2024-09-03", "--out", out)
    assert whichteam(*asked).code == 0
    ran = whichteam(*asked)
    assert (ran.code, ran.err) == (
        2,
        f"error: {out}: is a file, or holds case files already\n    name another folder: --out DIR\n",
    )
