"""Kinds of fault in councils' files: what is read of each, what is not known for it, and what is told.

Each has a good twin beside it, so that a reader that refuses everything fails as well.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from kb.errors import InputError
from kb.intake.claims import claimed
from kb.intake.layout import layouts
from kb.intake.model import RawTable
from kb.intake.read import open_source
from tests.intake.books import all_facts, counted, folder, read, told, workbook

HEADS = [
    *("Child Unique ID", "Date of Birth", "CIN Start Date", "CIN Closure Date", "Reason for Closure"),
    *("Case Status", "Allocated Team"),
]
BORN, OTHER_BORN = datetime(2012, 3, 4), datetime(2013, 5, 6)
PLAN = [
    "Child Unique ID",
    "Date of Birth",
    "Child Protection Plan Start Date",
    "Child Protection Plan End Date",
    "Allocated Team",
]


def open_row(child: Any = "1001", start: Any = datetime(2024, 8, 3), team: str = "Alpha", born: Any = BORN) -> list[Any]:
    return [child, born, start, None, None, "d) Open assessment", team]


def closed_row(child: Any = "1001", born: Any = BORN) -> list[Any]:
    return [child, born, datetime(2023, 9, 3), datetime(2024, 1, 5), "RC7", "e) Closed episode", "Beta"]


def list_6(path: Path, *rows: list[Any], name: str = "List 6", heads: list[str] = HEADS) -> Path:
    return workbook(path / "annex.xlsx", {name: [heads, *rows]})


def account(path: Path) -> list[str]:
    return [str(entry) for entry in read(path).account]


# Files and sheets -----------------------------------------------------------------------------

SSD = {
    "ssd_person": [["pers_person_id", "pers_dob", "pers_expected_dob", "pers_death_date"], ["x1", "2012-06-04", "NULL", "NULL"]],
    "ssd_cp_plans": [["cppl_cp_plan_id", "cppl_person_id", "cppl_cp_plan_start_date", "cppl_cp_plan_end_date"],
                     ["p1", "x1", "2024-08-01", "NULL"]],
}  # fmt: skip


@pytest.mark.parametrize(
    "name",
    ["ssd_cp_plans", "ssd_cp_plans_20240903", "SSD_CP_PLANS-2024-09-03", "ssd_cp_plans (1)", "dbo.ssd_cp_plans_v2", "plans",
     "cp_plans export", "northshire_ssd_cp_plans_03092024"],
)  # fmt: skip
def test_a_table_is_known_by_its_name_or_its_headings(tmp_path: Path, name: str) -> None:
    found = folder(tmp_path / "ssd", {"ssd_person.csv": SSD["ssd_person"], f"{name}.csv": SSD["ssd_cp_plans"]})
    assert all_facts(read(found))["x1"]["child_protection_plan_from"] == "2024-08-01"


def test_everything_in_a_folder_is_accounted_for(tmp_path: Path) -> None:
    place = folder(
        tmp_path / "ssd",
        {
            "ssd_person.csv": SSD["ssd_person"],
            "ssd_address.csv": [["addr_table_id"], ["1"]],
            "other.csv": [["a", "\x1b[31mb"], ["1", "2"]],
        },
    )
    (place / "letter.docx").write_bytes(b"x")
    (place / "plans.xls").write_bytes(b"x")
    (place / "broken.xlsx").write_bytes(b"x")
    (place / "inner").mkdir()
    assert sorted(account(place)) == [
        "broken.xlsx: refused, is not a workbook that can be read: take off any password and save it again as .xlsx",
        "inner: left out, a folder inside the folder; give it by itself, beside this one",
        "letter.docx: left out, it holds no table",
        "other.csv, other: left out, it is none of the tables; its headings are `a`, `\\x1b[31mb`",
        "plans.xls: left out, it is a workbook of the old kind; save it in Excel as .xlsx",
        "ssd_address.csv, ssd_address: left out, addresses are never read",
        "ssd_person.csv, ssd_person: read",
    ]
    assert [entry.file for entry in read(place).unread if entry.deciding] == ["broken.xlsx", "plans.xls", "other.csv"]


def test_the_sheet_that_is_called_so_is_read(tmp_path: Path) -> None:
    sheets = {"List 6 - Sept (superseded)": [HEADS, open_row(team="Beta")], "List 6": [HEADS, open_row()]}
    path = workbook(tmp_path / "annex.xlsx", sheets)
    assert all_facts(read(path))["1001"]["team_on_record"] == "alpha"
    assert "annex.xlsx, List 6 - Sept (superseded): left out, List 6 was read from List 6" in account(path)


@pytest.mark.parametrize("names", [("List 6 a", "List 6 b"), ("Children in need", "CIN")])
def test_of_two_sheets_that_may_be_one_list_none_is_read(tmp_path: Path, names: tuple[str, str]) -> None:
    sheets = {names[0]: [HEADS, closed_row()], names[1]: [HEADS, open_row()], "List 7": [PLAN, ["1001", BORN, None, None, None]]}
    intake = read(workbook(tmp_path / "annex.xlsx", sheets))
    assert "team_on_record" not in all_facts(intake)["1001"]
    assert {(entry.table, entry.state, entry.deciding) for entry in intake.unread} == {(name, "refused", True) for name in names}


def test_a_newer_file_of_a_table_is_read(tmp_path: Path) -> None:
    old = [SSD["ssd_cp_plans"][0], ["p1", "x1", "2024-07-01", "NULL"]]
    tables = {
        "ssd_person.csv": SSD["ssd_person"],
        "ssd_cp_plans_20240801.csv": old,
        "ssd_cp_plans_20240903.csv": SSD["ssd_cp_plans"],
    }
    place = folder(tmp_path / "ssd", tables)
    assert all_facts(read(place))["x1"]["child_protection_plan_from"] == "2024-08-01"
    assert any("ssd_cp_plans_20240801" in line and "left out" in line for line in account(place))


def test_a_hidden_sheet_never_wins_in_silence() -> None:
    layout = next(layout for layout in layouts() if layout.name == "List 6")
    hidden = RawTable("a.xlsx", "List 6", tuple(HEADS), [(2, open_row())], is_sheet=True, hidden=True)
    shown = RawTable("a.xlsx", "List 6 Nov", tuple(HEADS), [(2, closed_row())], is_sheet=True)
    assert claimed([(layout, hidden), (layout, shown)]).kept == []
    alone = claimed([(layout, hidden)])
    assert (alone.kept, alone.entries[0].why) == ([(layout, hidden)], "it is a hidden sheet")


# Headings -------------------------------------------------------------------------------------

LINE = "1001,04/03/2012,03/08/2024,,,d) Open assessment,Alpha"
TEXTS = {
    "plain": f"{','.join(HEADS)}\n{LINE}\n",
    "a title": f"Annex A - List 6\nPrinted 20/11/2024, by a system\n\n{','.join(HEADS)}\n{LINE}\n",
    "sep=": f"sep=;\n{';'.join(HEADS)}\n{LINE.replace(',', ';')}\n",
    "a comma too many": f"{','.join(HEADS)}\n{LINE},\n",
    "a comma too many in the headings": f"{','.join(HEADS)},\n{LINE},\n",
    "tabs": f"{chr(9).join(HEADS)}\n{LINE.replace(',', chr(9))}\n",
    "a title with commas": f"List 6; a, b, c, d, e, f, g, h\n{';'.join(HEADS)}\n{LINE.replace(',', ';')}\n",
    "below line 50": "x,y\n" * 50 + f"{','.join(HEADS)}\n{LINE}\n",
    "a byte order mark": f"\ufeff{','.join(HEADS)}\n{LINE}\n",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_the_headings_of_a_text_file_are_found(tmp_path: Path, text: str) -> None:
    path = tmp_path / "List 6.csv"
    path.write_text(text, encoding="utf-8")
    intake = read(path)
    assert all_facts(intake)["1001"]["team_on_record"] == "alpha"
    assert counted(intake)["List 6"][:3] == (1, 1, 0)


@pytest.mark.parametrize("above", [0, 3, 25, 90])
def test_the_headings_of_a_sheet_are_found(tmp_path: Path, above: int) -> None:
    path = workbook(tmp_path / "annex.xlsx", {"List 6": [*[["x"]] * above, HEADS, open_row()]})
    assert all_facts(read(path))["1001"]["team_on_record"] == "alpha"


def test_a_column_has_the_same_names_in_every_line_about_it() -> None:
    names: dict[tuple[str, str], set[tuple[str, ...]]] = {}
    for layout in layouts():
        for column in layout.columns:
            names.setdefault((layout.source, column.name), set()).add(column.aliases)
    assert {key for key, aliases in names.items() if len(aliases) > 1} == set()


D2I = [
    ("AA_4_assessments", "ChildUniqueID,DateOfBirth,ContinuousAssessmentStart,ContinuousAssessmentAuthDate,CSCSupportRequired",
     "c1,04/03/2012,03/06/2024,10/07/2024,a) Yes",
     {"assessment_started_on": "2024-06-03", "assessment_completed_on": "2024-07-10"}),
    ("AA_3_referrals", "ChildUniqueID,DateOfBirth,ReferralDate,ReferralSource,ReferralNFA,AllocatedTeam",
     "c1,04/03/2012,02/06/2024,p1) 5D: LA services,b) No,Alpha",
     {"referral_accepted_on": "2024-06-02", "team_on_record": "alpha"}),
    ("AA_10_adoption", "ChildUniqueID,DateOfBirth,ADMSHOBPADecisionDate,PlacementOrderDate,DecisionReversedDate",
     "c1,04/03/2018,20/03/2024,01/04/2024,", {"placement_order_on": "2024-04-01", "care_plan": "adoption"}),
    ("AA_7_child_protection", "ChildUniqueID,DateOfBirth,ChildProtectionPlanStartDate,ProtectionLastSixMonths",
     "c1,04/03/2012,02/06/2024,b) No", {"child_protection_plan_from": "2024-06-02"}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "heads", "line", "expected"), D2I, ids=[one[0] for one in D2I])
def test_the_headings_of_shared_queries_are_read(
    tmp_path: Path, name: str, heads: str, line: str, expected: dict[str, Any]
) -> None:
    path = tmp_path / f"{name}.csv"
    path.write_text(f"\ufeff{heads}\n{line}\n", encoding="utf-8")
    intake = read(path)
    assert all_facts(intake)["c1"].items() >= expected.items()
    assert not any("not a known" in fault for fault in told(intake))


# Rows and ids ---------------------------------------------------------------------------------


def test_rows_that_are_no_children_are_told_by_kind(tmp_path: Path) -> None:
    rows = [
        open_row(),
        HEADS,
        open_row("1002"),
        ["Total", 2],
        ["Source: a system, run 03/09/2024"],
        ["TBC", BORN, *open_row()[2:]],
    ]
    intake = read(list_6(tmp_path, *rows))
    assert set(all_facts(intake)) == {"1001", "1002"}
    assert counted(intake)["List 6"] == (6, 2, 1, {"the headings again": 1, "a total": 1, "a remark": 1})
    assert any("`TBC` stands in the place of an id" in fault for fault in told(intake))


@pytest.mark.parametrize("spelt", ["1001.0", "01001", "1001 ", 1001, 1001.0, "\u00a01001"])
def test_spellings_of_one_id_are_one_child(tmp_path: Path, spelt: Any) -> None:
    sheets = {"List 6": [HEADS, open_row(spelt)], "List 7": [PLAN, ["1001", BORN, datetime(2024, 8, 9), None, "Alpha"]]}
    (found,) = all_facts(read(workbook(tmp_path / "annex.xlsx", sheets))).values()
    assert (found["team_on_record"], found["child_protection_plan_from"]) == ("alpha", "2024-08-09")


def test_ids_that_are_alike_of_children_who_are_not_are_asked_about(tmp_path: Path) -> None:
    intake = read(list_6(tmp_path, open_row("ab1"), open_row("AB1", born=OTHER_BORN)))
    assert set(all_facts(intake)) == {"ab1", "AB1"}
    assert any("their dates of birth differ" in fault for fault in told(intake))


def test_a_row_without_an_id_leaves_open_what_it_could_say(tmp_path: Path) -> None:
    """The merged cell of a returned child: that the case is closed is no known fact any more."""
    rows = [closed_row(), open_row(None), closed_row("1002", OTHER_BORN), open_row("1003", team="Gamma")]
    found = all_facts(read(list_6(tmp_path, *rows)))
    assert not {"team_on_record", "contact_received_on"} & found["1001"].keys()
    assert found["1002"]["team_on_record"] == "case_closed"  # born on another day
    assert found["1003"]["team_on_record"] == "gamma"  # its own row says so
    without = all_facts(read(list_6(tmp_path, rows[0], *rows[2:])))
    assert without["1001"]["team_on_record"] == "case_closed"


def test_a_lost_row_of_another_list_leaves_the_team_open(tmp_path: Path) -> None:
    plan = ["1001", BORN, datetime(2023, 1, 9), datetime(2023, 6, 9), "Alpha"]
    sheets = {"List 6": [HEADS, open_row()], "List 7": [PLAN, plan, [None, BORN, datetime(2024, 8, 9), None, "Gamma"]]}
    assert "team_on_record" not in all_facts(read(workbook(tmp_path / "annex.xlsx", sheets)))["1001"]


# Days -----------------------------------------------------------------------------------------


def test_a_column_with_swapped_days_is_refused_as_a_whole_with_the_proof(tmp_path: Path) -> None:
    days: list[Any] = [
        "25/07/2024",
        "13/08/2024",
        datetime(2024, 3, 9),
        datetime(2024, 2, 10),
        "28/08/2024",
        datetime(2024, 5, 11),
    ]
    intake = read(list_6(tmp_path, *(open_row(f"{n}", day) for n, day in enumerate(days, 1001))))
    assert all(set(found) == {"date_of_birth", "team_on_record"} for found in all_facts(intake).values())
    (fault,) = [fault for fault in told(intake) if "swapped" in fault]
    assert fault.startswith("annex.xlsx, List 6, column C `CIN Start Date`: day and month are swapped in part of it: all 3 dates")
    good = [*days[:5], datetime(2024, 5, 19)]  # a true date after the 12th: nothing was swapped
    found = all_facts(read(list_6(tmp_path, *(open_row(f"{n}", day) for n, day in enumerate(good, 1001)))))
    assert found["1003"]["referral_accepted_on"] == "2024-03-09"


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("2012-06-03T23:00:00Z", "2012-06-04"),
        ("2012-06-03T23:00:00+00:00", "2012-06-04"),
        ("2012-12-03T23:30:00Z", "2012-12-03"),
        ("2012-06-04T00:30:00+0100", "2012-06-04"),
        ("2012-06-04 00:00:00", "2012-06-04"),
        ("Jun  4 2012 12:00AM", "2012-06-04"),
        ("04-JUN-12", "2012-06-04"),
        ("04-JUN-98", "1998-06-04"),
    ],
)
def test_a_day_is_that_in_england(tmp_path: Path, raw: str, day: str) -> None:
    found = folder(tmp_path / "ssd", {"ssd_person.csv": [SSD["ssd_person"][0], ["x1", raw, "NULL", "NULL"]]})
    assert all_facts(read(found))["x1"]["date_of_birth"] == day


# Meaning --------------------------------------------------------------------------------------


def of_person(tmp_path: Path, *person: str) -> dict[str, Any]:
    contacts = [["cont_contact_id", "cont_person_id", "cont_contact_date"], ["c1", "x1", "2024-08-15"]]
    tables = {"ssd_person.csv": [SSD["ssd_person"][0], ["x1", *person]], "ssd_contacts.csv": contacts}
    return all_facts(read(folder(tmp_path / "ssd", tables)))["x1"]


def test_an_expected_day_long_past_is_no_unborn_child(tmp_path: Path) -> None:
    """Systems keep an estimated date of birth there, as of unaccompanied young people."""
    assert of_person(tmp_path, "NULL", "2008-01-01", "NULL") == {"contact_received_on": "2024-08-15", "unborn": False}
    assert of_person(tmp_path, "NULL", "2024-11-01", "NULL")["unborn"] is True


def test_an_expected_day_that_no_pregnancy_reaches_is_asked_about(tmp_path: Path) -> None:
    found = of_person(tmp_path, "NULL", "2124-11-01", "NULL")
    assert not {"unborn", "expected_date_of_birth", "gestation_weeks", "gestation_days"} & found.keys()


def test_a_child_who_died_is_told(tmp_path: Path) -> None:
    assert of_person(tmp_path, "2012-06-04", "NULL", "2024-08-20")["died_on"] == "2024-08-20"
    assert "died_on" not in of_person(tmp_path, "2012-06-04", "NULL", "NULL")
    closed = [*closed_row()[:4], "RC2 - Died", *closed_row()[5:]]
    assert all_facts(read(list_6(tmp_path, closed)))["1001"]["died_on"] is True


def test_pre_proceedings_are_read(tmp_path: Path) -> None:
    heads = ["prep_table_id", "prep_person_id", "prep_initial_pre_pro_meeting_date", "prep_care_proceedings_date"]
    rows = [heads, ["q1", "x1", "2024-08-12", "2024-08-18"]]
    place = folder(tmp_path / "ssd", {"ssd_person.csv": SSD["ssd_person"], "ssd_pre_proceedings.csv": rows})
    found = all_facts(read(place))["x1"]
    assert found["pre_proceedings_meeting_held_on"] == "2024-08-12"
    assert found["care_proceedings_issued_on"] == "2024-08-18"


# Nothing --------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [[HEADS], [HEADS[1:], open_row()[1:]], [HEADS, ["Total", 0]]])
def test_nothing_read_is_no_success(tmp_path: Path, rows: Any) -> None:
    assert read(workbook(tmp_path / "annex.xlsx", {"List 6": rows})).nothing_read
    assert not read(workbook(tmp_path / "good.xlsx", {"List 6": [HEADS, open_row()]})).nothing_read


def test_a_list_without_headings_holds_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        open_source(str(workbook(tmp_path / "annex.xlsx", {"List 6": [["x"]] * 300})))
    assert "no row of headings was found" in str(error.value)


def test_the_wrong_file_is_told_with_what_it_holds(tmp_path: Path) -> None:
    path = workbook(tmp_path / "budget.xlsx", {"Costs": [["Team", "Pounds"], ["Alpha", 3]]})
    with pytest.raises(InputError) as error:
        open_source(str(path))
    assert "budget.xlsx, Costs" in str(error.value)
