"""Several episodes of one child: every occurrence goes in, from every source, and what can't be dated is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kb.bulk.plain_files import read as read_own
from kb.bulk.reader import Wanted
from kb.intake.choose import NotKnown
from kb.intake.model import UNUSABLE, Record
from kb.intake.occurrences import Span, further, in_each, runs
from tests.intake.books import AS_OF, VOCABULARY, Rows, all_facts, facts, folder, read, told, workbook
from tests.intake.test_annex_a import LIST_1, LIST_4, LIST_6, LIST_8, ONE, closing
from tests.intake.test_ssd import spelt

#: Assessed and closed; back in care under section 20 for the summer of 2023, and again now. The team has changed once
#: since the second contact, the worker once more, on the day after.
TABLES: dict[str, Rows] = {
    "ssd_person": [["pers_person_id", "pers_dob"], ["1", "2015-03-01"]],
    "ssd_contacts": [["cont_contact_id", "cont_person_id", "cont_contact_date"], ["c1", "1", "2022-02-01"],
                     ["c2", "1", "2023-05-02"], ["c3", "1", "2024-06-03"]],
    "ssd_cin_episodes": [
        ["cine_referral_id", "cine_person_id", "cine_referral_date", "cine_close_reason", "cine_close_date"],
        ["e1", "1", "2022-02-01", "RC8", "2022-03-25"],
        ["e2", "1", "2023-05-04", "RC7", "2023-11-30"],
        ["e3", "1", "2024-06-03", "NULL", "NULL"],
    ],
    "ssd_cin_assessments": [
        ["cina_assessment_id", "cina_person_id", "cina_assessment_start_date", "cina_assessment_auth_date",
         "cina_assessment_outcome_json"],
        ["a1", "1", "2022-02-02", "2022-03-20", '["NFA_FLAG"]'],
        ["a2", "1", "2023-05-05", "2023-06-15", '["PROV_OF_SERVICES_FLAG"]'],
        ["a3", "1", "2024-06-04", "NULL", "NULL"],
    ],
    "ssd_cla_episodes": [
        ["clae_cla_episode_id", "clae_person_id", "clae_cla_id", "clae_entered_care_date", "clae_cla_episode_ceased_date",
         "clae_cla_episode_ceased_reason"],
        ["x1", "1", "p1", "2023-06-01", "2023-07-01", "X1"],
        ["x2", "1", "p1", "2023-06-01", "2023-10-20", "E4A"],
        ["x3", "1", "p2", "2024-07-01", "NULL", "NULL"],
    ],
    "ssd_cla_placement": [
        ["clap_cla_placement_id", "clap_cla_id", "clap_cla_placement_start_date", "clap_cla_placement_end_date",
         "clap_cla_placement_type"],
        ["q1", "p1", "2023-06-01", "2023-10-20", "U6"],
        ["q2", "p2", "2024-07-02", "NULL", "U6"],
    ],
    "ssd_cla_reviews": [
        ["clar_cla_review_id", "clar_cla_id", "clar_cla_review_date", "clar_cla_review_cancelled"],
        ["r1", "p1", "2023-06-28", "N"], ["r2", "p1", "2023-09-25", "N"], ["r3", "p2", "2024-07-26", "N"],
    ],
    "ssd_legal_status": [
        ["lega_legal_status_id", "lega_person_id", "lega_legal_status", "lega_legal_status_start_date",
         "lega_legal_status_end_date"],
        ["l1", "1", "V2", "2023-06-01", "2023-07-01"], ["l2", "1", "V2", "2023-07-01", "2023-10-20"],
        ["l3", "1", "V2", "2024-07-01", "NULL"],
    ],
    "ssd_involvements": [
        ["invo_involvements_id", "invo_person_id", "invo_professional_role_id", "invo_professional_team",
         "invo_involvement_start_date", "invo_involvement_end_date"],
        ["i1", "1", "CW", "D1", "2022-02-01", "2022-03-25"],
        ["i2", "1", "CW", "D2", "2023-05-04", "2023-11-30"],
        ["i3", "1", "CW", "D1", "2024-06-03", "2024-07-10"],
        ["i4", "1", "CW", "D2", "2024-07-10", "2024-08-01"],
        ["i5", "1", "CW", "D2", "2024-08-02", "NULL"],
    ],
    "ssd_department": [["dept_team_id", "dept_team_name"], ["D1", "Alpha Team"], ["D2", "Beta Team"]],
}  # fmt: skip
EXPECTED: dict[str, Any] = {
    "date_of_birth": "2015-03-01",
    "unborn": False,
    "contact_received_on": ["2022-02-01", "2023-05-02", "2024-06-03"],
    "threshold_met": True,
    "referral_accepted_on": ["2022-02-01", "2023-05-04", "2024-06-03"],
    "team_on_record": "beta",
    "with_team_since": "2024-07-10",
    "previous_involvements": [{"team": "beta", "closed_on": "2023-11-30"}, {"team": "alpha", "closed_on": "2022-03-25"}],
    "case_closed_on": ["2022-03-25", "2023-11-30"],
    "assessment_started_on": ["2022-02-02", "2023-05-05", "2024-06-04"],
    "assessment_completed_on": ["2022-03-20", "2023-06-15"],
    "assessment_outcome": "child_in_need_plan",
    "cared_for": True,
    "cared_for_ended_on": "2023-10-20",
    "section_20_from": ["2023-06-01", "2024-07-01"],
    "section_20_short_break": False,
    "placed_on": ["2023-06-01", "2024-07-02"],
    "placed_with_parents": False,
    "placed_with_connected_person": False,
    "first_review_held_on": ["2023-06-28", "2024-07-26"],
    "second_review_held_on": "2023-09-25",
    "four_month_review_held_on": "2023-09-25",
}


def dataset(path: Path, **changes: Rows) -> Path:
    return folder(path / "ssd", spelt({**TABLES, **changes}))


def test_the_dataset_in_full(tmp_path: Path) -> None:
    intake = read(dataset(tmp_path))
    assert all_facts(intake) == {"1": EXPECTED}
    assert told(intake) == []
    assert intake.sources["1"]["case_closed_on"] == "ssd_cin_episodes row 2; ssd_cin_episodes row 3"
    assert intake.sources["1"]["with_team_since"] == "ssd_involvements row 5"
    suggested = {hint.fact: hint.value for hint in intake.hints}
    assert suggested["threshold_decision_on"] == ["2022-02-01", "2023-05-04", "2024-06-03"]


def test_our_own_form_says_the_same(tmp_path: Path) -> None:
    """A table with a row a child: several days in a cell, parted by `;`."""
    path = tmp_path / "own.csv"
    cells = {name: own_cell(value) for name, value in EXPECTED.items()}
    head = ["case_id", "policy", "as_of", *cells]
    folder(tmp_path, {"own.csv": [head, ["1", "tiny", AS_OF.isoformat(), *cells.values()]]})
    intake = read_own(path, Wanted("tiny", VOCABULARY))
    assert (intake.faults, intake.notes) == ((), ())
    assert [facts(case) for case in intake.table.cases(VOCABULARY)] == [EXPECTED]


def own_cell(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        import json

        return "; ".join(value) if isinstance(value[0], str) else json.dumps(value)
    return str(value)


def test_the_workbook_as_far_as_it_reaches_back(tmp_path: Path) -> None:
    """Six months: the last closing and what came after, with the days that its rows still show."""
    care = [*ONE, "b) No", "b) No", datetime(2024, 7, 1), datetime(2024, 7, 1), "V2: S20", datetime(2024, 7, 26), None, None,
            None, None, datetime(2024, 7, 2), "f) U6: Foster placement - not FFA", "Beta Team", "w"]  # fmt: skip
    sheets: dict[str, Any] = {
        "List 1": [LIST_1, [*ONE, datetime(2024, 4, 2), "6"], [*ONE, datetime(2024, 6, 3), "6"]],
        "List 4": [
            LIST_4,
            [*ONE, "b) No", datetime(2024, 4, 3), "Yes", datetime(2024, 5, 10), "b) No", "Alpha Team", "w"],
            [*ONE, "b) No", datetime(2024, 6, 4), "Yes", None, None, "Alpha Team", "w"],
        ],
        "List 6": [
            LIST_6,
            closing(datetime(2024, 5, 12), "Alpha Team", datetime(2024, 4, 2)),
            closing(None, opened=datetime(2024, 6, 3)),
        ],
        "List 8": [LIST_8, care],
    }
    intake = read(workbook(tmp_path / "annex.xlsx", sheets))
    assert told(intake) == []
    assert all_facts(intake)["1"] == {
        "date_of_birth": "2015-03-01",
        "unborn": False,
        "contact_received_on": ["2024-04-02", "2024-06-03"],
        "referral_accepted_on": ["2024-04-02", "2024-06-03"],
        "team_on_record": "beta",
        "previous_involvements": [{"team": "alpha", "closed_on": "2024-05-12"}],
        "case_closed_on": "2024-05-12",
        "assessment_started_on": ["2024-04-03", "2024-06-04"],
        "assessment_completed_on": "2024-05-10",
        "cared_for": True,
        "section_20_from": "2024-07-01",
        "section_20_short_break": False,
        "placed_on": "2024-07-02",
        "placed_with_parents": False,
        "placed_with_connected_person": False,
        "unaccompanied_asylum_seeking": False,
        "child_disabled": False,
    }  # and no `with_team_since`: its rows say when the plan began, not the team


# What can't be used --------------------------------------------------------------------------


def changed(table: str, row: int, **cells: str) -> dict[str, Rows]:
    """The tables with some cells of a row changed, by the endings of their columns."""
    header, *rows = ([*line] for line in TABLES[table])
    for ending, cell in cells.items():
        rows[row - 2][next(at for at, name in enumerate(header) if name.endswith(ending))] = cell
    return {table: [header, *rows]}


BAD: list[tuple[Mapping[str, Rows], tuple[str, ...], str]] = [
    (
        changed("ssd_cin_assessments", 2, start_date="31/02/2022"),
        ("assessment_started_on",),
        "ssd_cin_assessments.csv, ssd_cin_assessments, row 2, column `cina_assessment_start_date`: "
        "`31/02/2022` is no day of the calendar",
    ),
    (
        changed("ssd_involvements", 5, start_date="soon"),
        ("with_team_since",),
        "ssd_involvements.csv, ssd_involvements, row 5, column `invo_involvement_start_date`: `soon` is not a date\n"
        "    write it as 25/09/2024 or 2024-09-25",
    ),
    (
        changed("ssd_involvements", 2, person_id="-1"),
        ("previous_involvements",),
        "child 1: no row says which team had the child when the case was closed on 2022-03-25\n"
        "    `previous_involvements` counts as not known until a row says it",
    ),
    (
        changed("ssd_legal_status", 3, end_date="20.13.2023"),
        ("section_20_from",),
        "ssd_legal_status.csv, ssd_legal_status, row 3, column `lega_legal_status_end_date`: `20.13.2023`",
    ),
]


@pytest.mark.parametrize(("tables", "lost", "message"), BAD)
def test_what_can_not_be_dated_is_told_and_costs_its_fact_alone(
    tmp_path: Path, tables: Mapping[str, Rows], lost: tuple[str, ...], message: str
) -> None:
    """No fact is answered by the days that can be read: nobody knows whether the other one was the last."""
    intake = read(dataset(tmp_path, **tables))
    assert all_facts(intake)["1"] == {name: value for name, value in EXPECTED.items() if name not in lost}
    assert [fault for fault in told(intake) if fault.startswith(message)] != []


def many(first: date, count: int) -> list[list[str]]:
    return [[f"m{n}", "1", (first + timedelta(n)).isoformat()] for n in range(count)]


def test_more_days_than_a_case_can_hold_are_told_and_left_out(tmp_path: Path) -> None:
    contacts = [TABLES["ssd_contacts"][0], *many(date(2023, 1, 1), 201)]
    intake = read(dataset(tmp_path, ssd_contacts=contacts))
    assert all_facts(intake)["1"] == {name: value for name, value in EXPECTED.items() if name != "contact_received_on"}
    assert told(intake) == [
        "child 1: contact_received_on: `203` is not a list of at most 200 days\n"
        "    it comes from ssd_contacts row 2; ssd_contacts row 3; ssd_contacts row 4 and 198 more; "
        "ssd_cin_episodes row 2; ssd_cin_episodes row 4"
    ]
    whole = [TABLES["ssd_contacts"][0], *many(date(2023, 1, 1), 198)]
    (tmp_path / "fits").mkdir()
    assert len(all_facts(read(dataset(tmp_path / "fits", ssd_contacts=whole)))["1"]["contact_received_on"]) == 200


def test_a_record_with_too_many_days_in_all_loses_the_longest_fact(tmp_path: Path) -> None:
    """1,000 in one record: the child stays, and it is told what was left out."""
    head = TABLES["ssd_cin_assessments"][0]
    days = [(date(2016, 1, 1) + timedelta(2 * n)).isoformat() for n in range(190)]
    placed = [[f"q{n}", "p1", day, "NULL", "U6"] for n, day in enumerate(days)]
    assessments = [head, *[[f"a{n}", "1", day, day, "NULL"] for n, day in enumerate(days)]]
    contacts = [TABLES["ssd_contacts"][0], *[[f"c{n}", "1", day] for n, day in enumerate(days)]]
    plans = [["cppl_cp_plan_id", "cppl_person_id", "cppl_cp_plan_start_date", "cppl_cp_plan_end_date"],
             *[[f"p{n}", "1", day, day] for n, day in enumerate(days)]]  # fmt: skip
    placements = [TABLES["ssd_cla_placement"][0], *placed]
    tables: dict[str, Rows] = {"ssd_contacts": contacts, "ssd_cin_assessments": assessments, "ssd_cp_plans": plans}
    intake = read(dataset(tmp_path, ssd_cla_placement=placements, **tables))
    found = all_facts(intake)["1"]
    assert "contact_received_on" not in found
    assert len(found["assessment_started_on"]) == len(found["child_protection_plan_ended_on"]) == 190
    assert told(intake) == [
        "child 1: facts: 1,152 dated occurrences are recorded, expected at most 1,000 in one record\n"
        "    is it the record of one child? most are of `contact_received_on`: 193",
        "child 1: contact_received_on: its 193 days were left out\n    with them the record has more than a case can hold",
    ]


# Days, one by one ----------------------------------------------------------------------------


def row(number: int, **days: Any) -> Record:
    return Record("stay", days, f"row {number}")


def test_rows_one_after_the_other_are_one_time() -> None:
    rows = [row(3, start=31, end=None), row(1, start=1, end=10), row(2, start=11, end=20), row(4, start=50, end=999)]
    assert runs(rows[:3], "start", "end", 100) == [Span(1, 20, ("row 1", "row 2")), Span(31, None, ("row 3",))]
    assert runs(rows[1:3], "start", "end", 15) == [Span(1, None, ("row 1", "row 2"))]  # the end is still to come
    assert runs([row(1, **{"from": 5})], "start|from", "end", 100) == [Span(5, None, ("row 1",))]
    with pytest.raises(NotKnown):
        runs([*rows, row(5, start=UNUSABLE)], "start", "end", 100)


def test_a_day_that_stands_for_one_that_is_known_is_no_further_one() -> None:
    found = {10: "a", 15: "b", 30: "c", 9: "d"}
    assert further([10], found, 10) == {30: "c", 9: "d"}
    assert further([], found, 10) == found


def test_one_day_in_each_time() -> None:
    spans = [Span(1, 200, ()), Span(300, None, ()), Span(None, 3, ())]
    days = {20: "a", 110: "b", 190: "c", 310: "d", 420: "e", 250: "f"}
    assert in_each(spans, days, ["nth", "1"]) == {20: "a", 310: "d"}
    assert in_each(spans, days, ["nth", "3"]) == {190: "c"}
    assert in_each(spans, days, ["nearest", "4", "75", "165"]) == {110: "b", 420: "e"}
