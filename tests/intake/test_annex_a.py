"""The Annex A workbook: what each list gives, and what its faults do."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from kb.errors import InputError
from kb.intake.model import Intake
from kb.intake.read import recognise
from kb.intake.teams import Settings
from tests.intake.books import all_facts, counted, folder, read, told, workbook

ID, BORN = "Child Unique ID", "Date of Birth"
TEAM, WORKER = "Allocated Team", "Allocated Worker"
DISABLED = "Does the Child have a Disability"
PEOPLE = [ID, "Gender", "Ethnicity", BORN, "Age"]
ONE = [1, "a) Male", "WBRI", datetime(2015, 3, 1), 9]
LIST_1 = [*PEOPLE, "Date of Contact", "Contact Source"]
LIST_3 = [*PEOPLE, "Date of Referral", "Referral Source", "Referral NFA?", "Number of Referrals in Last 12 Months", TEAM, WORKER]
SUPPORT = "Was the child assessed as requiring LA children's social care support?"
LIST_4 = [*PEOPLE, DISABLED, "Continuous Assessment Start Date", "Child Seen During Continuous Assessment",
          "Continuous Assessment Date of Authorisation", SUPPORT, TEAM, WORKER]  # fmt: skip
LIST_5 = [*PEOPLE, DISABLED, "Strategy discussion initiating Section 47 Enquiry Start Date",
          "Was an Initial Child Protection Conference deemed unnecessary?", "Date of Initial Child Protection Conference",
          "Did the Initial Child Protection Conference Result in a Child Protection Plan", TEAM, WORKER]  # fmt: skip
LIST_6 = [*PEOPLE, DISABLED, "CIN Start Date", "Primary Need Code", "Date Child Was Last Seen", "CIN Closure Date",
          "Reason for Closure", "Case Status", TEAM, WORKER]  # fmt: skip
LIST_7 = [*PEOPLE, DISABLED, "Child Protection Plan Start Date", "Date of the Last Statutory Visit",
          "Child Protection Plan End Date",
          "Subject to Emergency Protection Order or Protected Under Police Powers in Last Six Months (Y/N)", TEAM,
          WORKER]  # fmt: skip
LIST_8 = [*PEOPLE, "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N))", DISABLED,
          "Date Started to be Looked After", "Start date of current legal status", "Child\u2019s Legal Status",
          "Date of Latest Statutory Review", "Date of Last Social Work Visit", "What is the permanence plan for this child?",
          "Date Ceased to be Looked After", "Reason Ceased to be Looked After", "Start Date of Most Recent Placement",
          "Placement Type", TEAM, WORKER]  # fmt: skip
LIST_9 = [*PEOPLE, "Unaccompanied Asylum Seeking Child (UASC), or formerly UASC if 18 or over (Y/N)", DISABLED, TEAM, WORKER,
          "Allocated Personal Advisor", "Eligibility Category"]  # fmt: skip
COMMON = {"date_of_birth": "2015-03-01"}


def of_one(path: Path, sheets: dict[str, Any]) -> tuple[dict[str, Any], Intake]:
    """The facts of the one child of a workbook, but for those that every list gives."""
    intake = read(workbook(path / "annex.xlsx", sheets))
    assert told(intake) == []
    (found,) = all_facts(intake).values()
    assert found.items() >= COMMON.items()
    return {name: value for name, value in found.items() if name not in COMMON}, intake


def test_a_contact_gives_its_day(tmp_path: Path) -> None:
    found, intake = of_one(tmp_path, {"List 1": [LIST_1, [*ONE, datetime(2024, 8, 20), "q) 6: Police"]]})
    assert found == {"contact_received_on": "2024-08-20", "unborn": False}
    assert intake.sources["1"]["contact_received_on"] == "List 1 row 2"
    assert [(h.fact, h.value) for h in intake.hints] == [("team_on_record", "none")]


def test_a_referral_and_an_assessment(tmp_path: Path) -> None:
    found, intake = of_one(
        tmp_path,
        {
            "List 1": [LIST_1, [*ONE, datetime(2024, 6, 3), "q) 6: Police"]],
            "List 3": [LIST_3, [*ONE, datetime(2024, 6, 4), "7: Other legal agency", "b) No", 0, "Alpha Team", "w"]],
            "List 4": [LIST_4, [*ONE, "b) No", datetime(2024, 6, 5), "Yes", None, None, "Alpha Team", "w"]],
        },
    )
    assert found == {
        "contact_received_on": "2024-06-03",
        "unborn": False,
        "threshold_met": True,
        "referral_accepted_on": "2024-06-04",
        "team_on_record": "alpha",
        "assessment_started_on": "2024-06-05",
        "child_disabled": False,
    }
    assert intake.sources["1"]["team_on_record"] == "List 4 row 2"
    hinted = {h.fact: (h.value, h.source) for h in intake.hints}
    assert hinted["section_37_report_requested_on"] == ("2024-06-04", "List 3 row 2")
    assert hinted["workflows_outstanding"] == (True, "List 4 row 2")
    assert hinted["threshold_decision_on"] == ("2024-06-04", "List 3 row 2")


def test_a_referral_that_ended_there_proves_no_threshold(tmp_path: Path) -> None:
    found, _ = of_one(tmp_path, {"List 3": [LIST_3, [*ONE, datetime(2024, 6, 4), "6", "a) Yes", 0, "Alpha Team", "w"]]})
    assert found == {"contact_received_on": "2024-06-04", "unborn": False, "team_on_record": "alpha"}


def test_a_conference_and_its_plan(tmp_path: Path) -> None:
    found, intake = of_one(
        tmp_path,
        {
            "List 5": [LIST_5, [*ONE, "b) No", datetime(2024, 7, 1), "No", datetime(2024, 7, 19), "Yes", "Alpha Team", "w"]],
            "List 6": [LIST_6, [*ONE, "b) No", datetime(2024, 6, 4), "N1", None, None, None, "b) CPP", "Team A", "w"]],
            "List 7": [LIST_7, [*ONE, "b) No", datetime(2024, 7, 19), datetime(2024, 8, 1), None, "a) Yes", "Alpha Team", "w"]],
        },
    )  # fmt: skip
    assert found == {
        "contact_received_on": "2024-06-04",
        "unborn": False,
        "referral_accepted_on": "2024-06-04",
        "team_on_record": "alpha",
        "strategy_meeting_on": "2024-07-01",
        "icpc_required": True,
        "icpc_held_on": "2024-07-19",
        "icpc_outcome": "child_protection_plan",
        "child_protection_plan_from": "2024-07-19",
        "child_disabled": False,
    }
    assert {"police_protection_on", "child_and_family_seen"} <= {h.fact for h in intake.hints}


CARE = [*ONE, "b) No", "b) No", datetime(2023, 5, 1), datetime(2024, 2, 1), "C2: FCO", datetime(2024, 8, 1), None,
        "f) Long-term fostering", None, None, datetime(2023, 5, 2), "c) U3: Foster placement - relative - not FFA", "Gamma Team",
        "w"]  # fmt: skip


def test_a_child_in_care(tmp_path: Path) -> None:
    found, intake = of_one(tmp_path, {"Looked after children": [LIST_8, CARE]})
    assert found == {
        "team_on_record": "gamma",
        "cared_for": True,
        "final_orders": ["care_order"],
        "placed_on": "2023-05-02",
        "placed_with_parents": False,
        "placed_with_connected_person": True,
        "care_plan": "permanence_away_from_parents",
        "unaccompanied_asylum_seeking": False,
        "child_disabled": False,
    }
    assert {h.fact: h.value for h in intake.hints} == {
        "final_hearing_held_on": "2024-02-01",
        "second_review_held_on": "2024-08-01",
        "permanence_plan_agreed_on": True,
        "plan_to_remain_until_18": True,
        "four_month_review_decision": "not_returning_home",
    }


def changed(row: list[Any], **cells: Any) -> list[Any]:
    """A row of List 8 with some cells changed."""
    places = {"legal": 9, "ended": 13, "why": 14, "placement": 16, "plan": 12}
    return [cells.get(next((n for n, at in places.items() if at == place), ""), cell) for place, cell in enumerate(row)]


@pytest.mark.parametrize(
    ("legal", "expected"),
    [
        ("V2: Single period under S20", {"section_20_from": "2024-02-01", "section_20_short_break": False}),
        ("V4: Short term breaks, agreements recorded", {"section_20_short_break": True}),
        ("J1: Remanded to LA or youth detention", {"remanded_on": "2024-02-01"}),
        ("E1: Placement order", {"final_orders": ["placement_order"], "placement_order_on": "2024-02-01"}),
        ("L1: Police protection LA accommodation", {"police_protection_on": "2024-02-01"}),
        ("C1: ICO", {}),
    ],
)
def test_the_legal_status_gives_what_it_means_and_no_more(tmp_path: Path, legal: str, expected: dict[str, Any]) -> None:
    found, _ = of_one(tmp_path, {"List 8": [LIST_8, changed(CARE, legal=legal)]})
    names = (
        "section_20_from",
        "section_20_short_break",
        "remanded_on",
        "final_orders",
        "placement_order_on",
        "police_protection_on",
    )
    assert {name: found[name] for name in names if name in found} == expected


def test_care_that_has_ended(tmp_path: Path) -> None:
    row = changed(CARE, ended=datetime(2024, 8, 9), why="k) E47: Special Guardianship Orders")
    found, _ = of_one(tmp_path, {"List 8": [LIST_8, row]})
    assert (found["cared_for"], found["final_orders"]) == (False, ["special_guardianship_order"])
    assert (found["placed_on"], found["cared_for_ended_on"]) == ("2023-05-02", "2024-08-09")
    assert {"care_plan", "placed_with_parents"} & set(found) == set()
    assert found["team_on_record"] == "gamma"  # the team of the row, as no closing is on record


def test_a_care_leaver(tmp_path: Path) -> None:
    row = [*ONE, "a) Yes", "b) No", "Gamma Team", "w", "Somebody", "b) Former relevant child"]
    found, _ = of_one(tmp_path, {"List 9": [LIST_9, row]})
    assert found == {
        "team_on_record": "gamma",
        "leaving_care_status": "former_relevant",
        "personal_adviser_allocated_on": True,
        "unaccompanied_asylum_seeking": True,
        "child_disabled": False,
    }


def closing(day: datetime | None, team: str = "Beta Team", opened: datetime = datetime(2024, 2, 1)) -> list[Any]:
    status = "e) Closed episode" if day else "c) Child in need plan"
    return [*ONE, "b) No", opened, "N1", None, day, "RC7" if day else None, status, team, "w"]


def test_a_closed_child_who_comes_back(tmp_path: Path) -> None:
    sheets = {
        "List 1": [LIST_1, [*ONE, datetime(2024, 8, 20), "6: Police"]],
        "List 6": [LIST_6, closing(datetime(2024, 6, 28))],
    }
    found, intake = of_one(tmp_path, sheets)
    assert found["team_on_record"] == "none"
    assert found["previous_involvements"] == [{"team": "beta", "closed_on": "2024-06-28"}]
    assert (found["case_closed_on"], found["contact_received_on"]) == ("2024-06-28", ["2024-02-01", "2024-08-20"])
    assert intake.sources["1"]["previous_involvements"] == "List 6 row 2"


def test_a_closed_child_is_closed(tmp_path: Path) -> None:
    found, _ = of_one(tmp_path, {"List 6": [LIST_6, closing(datetime(2024, 6, 28))]})
    assert found["team_on_record"] == "case_closed"


def test_what_came_before_the_open_episode_goes_in_too(tmp_path: Path) -> None:
    sheets = {
        "List 4": [LIST_4, [*ONE, "b) No", datetime(2024, 3, 5), "Yes", datetime(2024, 4, 5), "Yes", "Beta Team", "w"]],
        "List 6": [LIST_6, closing(datetime(2024, 4, 28)), closing(None, "Alpha Team", datetime(2024, 7, 8))],
    }
    found, intake = of_one(tmp_path, sheets)
    assert found == {
        "contact_received_on": ["2024-02-01", "2024-07-08"],
        "unborn": False,
        "referral_accepted_on": ["2024-02-01", "2024-07-08"],
        "team_on_record": "alpha",
        "previous_involvements": [{"team": "beta", "closed_on": "2024-04-28"}],
        "case_closed_on": "2024-04-28",
        "assessment_started_on": "2024-03-05",
        "assessment_completed_on": "2024-04-05",
        "child_disabled": False,
    }
    assert intake.sources["1"]["referral_accepted_on"] == "List 6 row 2; List 6 row 3"


def test_an_unborn_child(tmp_path: Path) -> None:
    due = date(2024, 11, 12)  # 70 days after the as-of date; 280 - 84 = 196 days on the day of contact
    row = [1, "u", "NOBT", due, None, datetime(2024, 8, 20), "3D"]
    intake = read(workbook(tmp_path / "annex.xlsx", {"List 1": [LIST_1, row]}))
    assert all_facts(intake)["1"] == {
        "unborn": True,
        "expected_date_of_birth": "2024-11-12",
        "gestation_weeks": 28,
        "gestation_days": 0,
        "contact_received_on": "2024-08-20",
    }


# What people and programs make of headings and sheets ----------------------------------------


def test_other_headings_sheet_names_titles_and_quotes(tmp_path: Path) -> None:
    headings = ["ChildUniqueID", "Gender", "Ethnicity", "\ufeffDate of birth ", "Age of Child (Years)", "DateOfReferral",
                "referral source", "Referral NFA", "x", "AllocatedTeam ", "AllocatedWorker"]  # fmt: skip
    sheets: dict[str, Any] = {
        "Cover": [["Data as at", datetime(2024, 8, 30)]],
        "list_3": [["Referrals of the last six months"], [], headings, [*ONE, "04/06/2024", "6", "N", 0, "ALPHA  team", "w"]],
        "Notes": [["nothing here"]],
    }
    path = workbook(tmp_path / "annex.xlsx", sheets)
    intake = read(path, as_of=None)
    assert recognise(str(path)) == "annex_a"
    assert date.fromordinal(intake.as_of) == date(2024, 8, 30)
    assert all_facts(intake)["1"]["team_on_record"] == "alpha"
    assert intake.sources["1"]["referral_accepted_on"] == "list_3 row 4"
    assert [str(entry) for entry in intake.account] == [
        "annex.xlsx, Cover: left out, it is none of the tables",
        "annex.xlsx, Notes: left out, it is none of the tables",
        "annex.xlsx, list_3: read",
    ]
    assert told(intake) == []


@pytest.mark.parametrize(
    "name",
    ["List 8", "list_8", "LIST8", "L8", "8", "8. In care", "List 8 - Children in care", "AA_8_children_in_care", "Annex A List 8",
     "Children in care", "Looked After", "Sheet3"],
)  # fmt: skip
def test_a_list_by_any_name(tmp_path: Path, name: str) -> None:
    """`Sheet3` says nothing: its headings tell what it is."""
    intake = read(workbook(tmp_path / "annex.xlsx", {name: [LIST_8, CARE]}))
    assert all_facts(intake)["1"]["cared_for"] is True


def test_headings_of_queries_that_councils_share(tmp_path: Path) -> None:
    headings = ["ChildUniqueID", "DateOfBirth", "UASC", "HasDisability", "LookedAfterStartDate", "MostRecentLegalStatusStart",
                "LegalStatus", "CeasedLookedAfterDate", "MostRecentPlacementStartDate", "PlacementType", "PermanencePlan",
                "AllocatedTeam"]  # fmt: skip
    row = ["1", "01/03/2015", "b) No", "a) Yes", "01/05/2023", "01/02/2024", "C1", None, "02/05/2023", "P1", None, "Gamma Team"]
    path = tmp_path / "lists"
    folder(path, {"AA_8_children_in_care.csv": [headings, row]})
    assert all_facts(read(path))["1"] == {
        "date_of_birth": "2015-03-01",
        "team_on_record": "gamma",
        "cared_for": True,
        "placed_on": "2023-05-02",
        "placed_with_parents": True,
        "placed_with_connected_person": False,
        "unaccompanied_asylum_seeking": False,
        "child_disabled": True,
    }


def test_without_a_day_nothing_is_read(tmp_path: Path) -> None:
    rows = [[n, "m", "x", datetime(2015, 3, n), 9.5 + 1 / 365.25 - n / 365.25, datetime(2024, 8, 20), "6"] for n in range(1, 6)]
    path = workbook(tmp_path / "annex.xlsx", {"List 1": [LIST_1, *rows]})
    with pytest.raises(InputError) as error:
        read(path, as_of=None)
    assert str(error.value) == (
        "annex.xlsx: does not say which day it speaks for\n"
        "    give it with --as-of, perhaps 2024-08-30, which is what the ages fit"
    )


# Faults ----------------------------------------------------------------------------------------


def test_a_bad_cell_costs_its_fact_and_no_more(tmp_path: Path) -> None:
    rows = [
        [1, "m", "x", datetime(2015, 3, 1), 9, "08/20/2024", "6"],
        [2, "m", "x", "1/3/15", 9, "20/08/2024", "carrier pigeon"],
        [3, "m", "x", "#N/A", 9, 45524, "q) 6: Police"],
    ]
    intake = read(workbook(tmp_path / "annex.xlsx", {"List 1": [LIST_1, *rows]}))
    assert all_facts(intake) == {
        "1": {"date_of_birth": "2015-03-01"},
        "2": {"contact_received_on": "2024-08-20"},
        "3": {"contact_received_on": "2024-08-20"},
    }
    assert told(intake) == [
        "annex.xlsx, List 1, row 2, column F `Date of Contact`: `08/20/2024` has no month 20: month and day seem to be swapped\n"
        "    write it as 25/09/2024 or 2024-09-25",
        "annex.xlsx, List 1, row 3, column D `Date of Birth`: `1/3/15` is not a date\n    write it as 25/09/2024 or 2024-09-25",
        "annex.xlsx, List 1, row 3, column G `Contact Source`: `carrier pigeon` is not a known referral source\n"
        "    expected one of 1A, 1B, 1C, 1D, 1, 2A, 2B, 3A, 3B, 3C, 3D, 3E, 3F, 3, 4, 5A, 5B, 5C, 5D, 5, 6, 7, 8, 9, 10",
    ]
    assert counted(intake) == {"List 1": (3, 3, 0, {})}


def test_a_later_row_with_a_bad_day_is_not_passed_over(tmp_path: Path) -> None:
    """The last contact can't be told while one of the days can't be read."""
    rows = [[*ONE, datetime(2024, 5, 1), "6"], [*ONE, "31/06/2024", "6"]]
    intake = read(workbook(tmp_path / "annex.xlsx", {"List 1": [LIST_1, *rows]}))
    assert all_facts(intake) == {"1": COMMON}


def test_rows_that_disagree_are_told_and_not_picked_from(tmp_path: Path) -> None:
    sheets = {
        "List 1": [LIST_1, [*ONE, datetime(2024, 8, 20), "6"]],
        "List 6": [LIST_6, closing(None, "Alpha Team")],
        "List 9": [LIST_9, [1, "m", "x", datetime(2014, 3, 1), 10, "No", "Yes", "Beta Team", "w", None, "d) Eligible child"]],
    }
    intake = read(workbook(tmp_path / "annex.xlsx", sheets))
    (found,) = all_facts(intake).values()
    assert {"date_of_birth", "team_on_record", "child_disabled"} & set(found) == set()
    assert found["unborn"] is False  # on either date of birth
    hint = "\n    it counts as not known until the record is put right"
    assert told(intake) == [
        f"child 1: rows disagree on the date of birth: 2015-03-01 (List 1 row 2), 2014-03-01 (List 9 row 2){hint}",
        f"child 1: rows disagree on the team on the record: alpha (List 6 row 2), beta (List 9 row 2){hint}",
        f"child 1: rows disagree on whether the child is disabled: no (List 6 row 2), yes (List 9 row 2){hint}",
    ]


def test_rows_twice_of_nobody_and_empty_are_counted(tmp_path: Path) -> None:
    contact = [*ONE, datetime(2024, 8, 20), "6"]
    rows = [contact, contact, [None] * 7, [None, *contact[1:]], ["9.2E+06", *contact[1:]], ["a b/7", *contact[1:]]]
    intake = read(workbook(tmp_path / "annex.xlsx", {"List 1": [LIST_1, *rows]}))
    assert counted(intake) == {"List 1": (6, 2, 2, {"the same as an earlier row": 1, "empty": 1})}
    assert list(all_facts(intake)) == ["1", "a_b-7"]
    assert told(intake) == [
        "annex.xlsx, List 1, row 5, column A `Child Unique ID`: "
        "`Child Unique ID` is empty, so nobody can tell whose row it is; write the id",
        "annex.xlsx, List 1, row 6, column A `Child Unique ID`: "
        "`9.2E+06` has lost digits: a spreadsheet showed it as a power of ten; format the column as text",
    ]


def test_teams_that_nobody_named_are_asked_about(tmp_path: Path) -> None:
    path = workbook(tmp_path / "annex.xlsx", {"List 6": [LIST_6, closing(None, "Duty\u00a0Team 4")]})
    intake = read(path)
    assert "team_on_record" not in all_facts(intake)["1"]
    assert intake.unknown_teams == {"Duty Team 4": 1}
    named = read(path, Settings({"duty team 4": "gamma"}))
    assert all_facts(named)["1"]["team_on_record"] == "gamma"
    proposed = read(path, Settings({"Duty Team 4": "gamma?"}))
    assert "team_on_record" not in all_facts(proposed)["1"]


def test_formulas_that_were_never_worked_out_are_told(tmp_path: Path) -> None:
    row = [1, "m", "x", datetime(2015, 3, 1), 9, "=D2+3000", "6"]
    intake = read(workbook(tmp_path / "annex.xlsx", {"List 1": [LIST_1, row]}))
    assert told(intake) == [
        "annex.xlsx, List 1, row 2, column F `Date of Contact`: the formula was never worked out\n"
        "    open the file in Excel, and save it"
    ]


def test_columns_that_are_not_there_are_told(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        [ID, BORN, "Date of Contac", "Contact Source"],
        [1, datetime(2015, 3, 1), datetime(2024, 8, 20), "6"],
    ]
    intake = read(workbook(tmp_path / "annex.xlsx", {"List 1": rows}))
    assert told(intake) == ["annex.xlsx, List 1: there is no column `Date of Contact`\n    did you mean `Date of Contac`?"]
    assert [(h.heading, h.read_as) for h in intake.headings] == [
        (ID, ID),
        (BORN, BORN),
        ("Date of Contac", ""),
        ("Contact Source", "Contact Source"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "a.xlsx",
            b"not a workbook",
            "a.xlsx: is not a workbook that can be read\n    take off any password and save it again as .xlsx",
        ),
        ("a.xls", b"", "a.xls: is a workbook of the old kind\n    save it in Excel as .xlsx"),
        ("a.pdf", b"", "a.pdf: is a PDF\n    save it as .xlsx or CSV"),
        ("a.ods", b"", "a.ods: is a workbook of LibreOffice\n    save it as .xlsx"),
        ("a.xlsb", b"", "a.xlsb: is a binary workbook\n    save it in Excel as .xlsx"),
        (
            "a.doc",
            b"",
            "a.doc: holds nothing that can be read\n"
            "    give Annex A, the Standard Safeguarding Dataset, the children in need census or SSDA903",
        ),
    ],
)
def test_files_that_are_something_else(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError) as error:
        read(path)
    assert str(error.value) == message
