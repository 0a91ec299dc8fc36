"""The Standard Safeguarding Dataset: the same from CSV, Parquet and any spelling of its tables' names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kb.intake.read import recognise
from tests.intake.books import Rows, all_facts, counted, folder, read, told

TABLES: dict[str, Rows] = {
    "ssd_person": [
        ["pers_person_id", "pers_dob", "pers_expected_dob", "pers_forename"],
        ["007", "2015-03-01 00:00:00.000", "NULL", "x"],
        ["8", "NULL", "2024-11-12 00:00:00.000", "x"],
    ],
    "ssd_contacts": [
        ["cont_contact_id", "cont_person_id", "cont_contact_date", "cont_contact_source_code"],
        ["c1", "007", "2024-02-01 00:00:00.000", "6"],
        ["c2", "8", "2024-08-20 00:00:00.000", "3D"],
    ],
    "ssd_cin_episodes": [
        ["cine_referral_id", "cine_person_id", "cine_referral_date", "cine_referral_outcome_json", "cine_referral_nfa",
         "cine_close_reason", "cine_close_date", "cine_referral_team"],
        ["e0", "007", "2023-01-10 00:00:00.000", "NULL", "N", "RC7", "2023-07-31 00:00:00.000", "Beta Team"],
        ["e1", "007", "2024-02-01 00:00:00.000", '{"CP_TRANSFER_IN_FLAG":"N","COMMENTS":"a, b"}',
         "N", "NULL", "NULL", "Beta Team"],
    ],
    "ssd_cin_assessments": [
        ["cina_assessment_id", "cina_person_id", "cina_assessment_start_date", "cina_assessment_auth_date",
         "cina_assessment_outcome_json"],
        ["a1", "007", "2024-02-02 00:00:00.000", "2024-03-14 00:00:00.000", '{"NFA_FLAG":"N","PROV_OF_SERVICES_FLAG":"Y"}'],
    ],
    "ssd_assessment_factors": [
        ["cinf_table_id", "cinf_assessment_id", "cinf_assessment_factors_json"],
        ["f1", "a1", '["3B","11A"]'],
    ],
    "ssd_cla_episodes": [
        ["clae_cla_episode_id", "clae_person_id", "clae_cla_id", "clae_entered_care_date", "clae_cla_episode_ceased_date",
         "clae_cla_episode_ceased_reason"],
        ["x1", "007", "p1", "2024-04-01 00:00:00.000", "2024-04-20 00:00:00.000", "X1"],
        ["x2", "007", "p1", "2024-04-01 00:00:00.000", "NULL", "NULL"],
    ],
    "ssd_cla_placement": [
        ["clap_cla_placement_id", "clap_cla_id", "clap_cla_placement_start_date", "clap_cla_placement_end_date",
         "clap_cla_placement_type"],
        ["q1", "p1", "2024-04-01 00:00:00.000", "2024-04-20 00:00:00.000", "U6"],
        ["q2", "p1", "2024-04-20 00:00:00.000", "NULL", "P1"],
    ],
    "ssd_cla_reviews": [
        ["clar_cla_review_id", "clar_cla_id", "clar_cla_review_due_date", "clar_cla_review_date", "clar_cla_review_cancelled"],
        ["r0", "p1", "2024-04-22 00:00:00.000", "2024-04-22 00:00:00.000", "Y"],
        ["r1", "p1", "2024-04-28 00:00:00.000", "2024-04-29 00:00:00.000", "N"],
        ["r2", "p1", "2024-07-28 00:00:00.000", "2024-07-25 00:00:00.000", "N"],
        ["r3", "p1", "2025-01-25 00:00:00.000", "NULL", "N"],
    ],
    "ssd_legal_status": [
        ["lega_legal_status_id", "lega_person_id", "lega_legal_status", "lega_legal_status_start_date",
         "lega_legal_status_end_date"],
        ["l1", "007", "Single period of accommodation under section 20", "2024-04-01 00:00:00.000", "2024-05-20 00:00:00.000"],
        ["l2", "007", "C1", "2024-05-20 00:00:00.000", "NULL"],
    ],
    "ssd_involvements": [
        ["invo_involvements_id", "invo_person_id", "invo_professional_role_id", "invo_professional_team",
         "invo_involvement_start_date", "invo_involvement_end_date"],
        ["i0", "007", "CW", "D2", "2023-01-11 00:00:00.000", "2023-07-31 00:00:00.000"],
        ["i1", "007", "CW", "D1", "2024-02-01 00:00:00.000", "2024-05-25 00:00:00.000"],
        ["i2", "007", "CW", "D3", "2024-05-25 00:00:00.000", "2300-01-01 00:00:00.000"],
        ["i3", "007", "IRO", "D2", "2024-05-25 00:00:00.000", "NULL"],
    ],
    "ssd_department": [["dept_team_id", "dept_team_name"], ["D1", "Alpha Team"], ["D2", "Beta Team"], ["D3", "Gamma Team"]],
    "ssd_mother": [["moth_table_id", "moth_person_id", "moth_childs_person_id"], ["m1", "m", "007"], ["m2", "m", "8"]],
}  # fmt: skip
EXPECTED: dict[str, dict[str, Any]] = {
    "007": {
        "date_of_birth": "2015-03-01",
        "unborn": False,
        "contact_received_on": ["2023-01-10", "2024-02-01"],
        "threshold_met": True,
        "referral_accepted_on": ["2023-01-10", "2024-02-01"],
        "team_on_record": "gamma",
        "with_team_since": "2024-05-25",
        "previous_involvements": [{"team": "beta", "closed_on": "2023-07-31"}],
        "case_closed_on": "2023-07-31",
        "assessment_started_on": "2024-02-02",
        "assessment_completed_on": "2024-03-14",
        "assessment_outcome": "child_in_need_plan",
        "cared_for": True,
        "section_20_from": "2024-04-01",
        "placed_on": ["2024-04-01", "2024-04-20"],
        "placed_with_parents": True,
        "placed_with_connected_person": False,
        "first_review_booked_for": "2024-04-28",
        "first_review_held_on": "2024-04-29",
        "second_review_booked_for": "2024-07-28",
        "second_review_held_on": "2024-07-25",
        "four_month_review_held_on": "2024-07-25",
    },
    "8": {
        "unborn": True,
        "expected_date_of_birth": "2024-11-12",
        "gestation_weeks": 28,
        "gestation_days": 0,
        "contact_received_on": "2024-08-20",
        "previous_involvements": [],
    },
}


def spelt(tables: dict[str, Rows], form: str = "{}.csv") -> dict[str, Rows]:
    """The tables by the names of files of another spelling."""
    return {form.format(name): rows for name, rows in tables.items()}


def with_(**changes: Rows) -> dict[str, Rows]:
    return spelt({**TABLES, **changes})


def test_a_folder_of_csv_files(tmp_path: Path) -> None:
    path = folder(tmp_path / "ssd", spelt(TABLES))
    intake = read(path)
    assert recognise(str(path)) == "ssd"
    assert all_facts(intake) == EXPECTED
    assert told(intake) == []
    assert all(count.adds_up for count in intake.counts)
    assert counted(intake)["ssd_department"] == (3, 0, 0, {"looked up only": 3})
    assert intake.sources["007"]["second_review_held_on"] == "ssd_cla_reviews row 4"
    assert intake.sources["007"]["team_on_record"] == "ssd_involvements row 4"
    assert intake.sources["8"]["previous_involvements"] == "no closed episode in the history"


def test_what_only_suggests_is_for_a_person_to_confirm(tmp_path: Path) -> None:
    intake = read(folder(tmp_path / "ssd", spelt(TABLES)))
    suggested = {(h.case_id, h.fact): h.value for h in intake.hints}
    assert suggested[("007", "exploitation_types")] == ["child_sexual_exploitation"]
    assert suggested[("007", "care_proceedings_issued_on")] == "2024-05-20"
    assert suggested[("007", "known_to_childrens_teams")] is True
    assert suggested[("8", "siblings")] == [{"date_of_birth": "2015-03-01"}]
    known = {(case.case_id, fact) for case in intake.cases for fact in case.facts}
    assert known & set(suggested) == set()


@pytest.mark.parametrize("form", ["{}.CSV", "dbo.{}.csv", "[ssd_development].[{}].csv", "#{}.csv", "{}.txt"])
def test_any_spelling_of_the_files(tmp_path: Path, form: str) -> None:
    names = {form.format(name.upper() if form.endswith("CSV") else name): rows for name, rows in TABLES.items()}
    assert all_facts(read(folder(tmp_path / "ssd", names))) == EXPECTED


def test_names_without_the_prefix(tmp_path: Path) -> None:
    names = {f"{name.removeprefix('ssd_')}.csv": rows for name, rows in TABLES.items()}
    assert all_facts(read(folder(tmp_path / "ssd", names))) == EXPECTED


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_any_usual_character_set(tmp_path: Path, encoding: str) -> None:
    assert all_facts(read(folder(tmp_path / "ssd", spelt(TABLES), encoding))) == EXPECTED


def test_parquet_gives_the_same(tmp_path: Path) -> None:
    import pyarrow as pa  # type: ignore[import-untyped]
    import pyarrow.parquet as parquet  # type: ignore[import-untyped]

    (tmp_path / "ssd").mkdir()
    for name, (header, *rows) in TABLES.items():
        columns = {heading: [None if row[at] == "NULL" else row[at] for row in rows] for at, heading in enumerate(header)}
        parquet.write_table(pa.table(columns), tmp_path / "ssd" / f"{name}.parquet")
    assert all_facts(read(tmp_path / "ssd")) == EXPECTED


# Faults ----------------------------------------------------------------------------------------


def test_rows_of_nobody_are_refused(tmp_path: Path) -> None:
    contacts = [*TABLES["ssd_contacts"], ["c3", "99", "2024-08-20", "6"], ["c4", "-1", "2024-08-20", "6"]]
    reviews = [*TABLES["ssd_cla_reviews"], ["r9", "p9", "NULL", "2024-08-01", "N"]]
    intake = read(folder(tmp_path / "ssd", with_(ssd_contacts=contacts, ssd_cla_reviews=reviews)))
    assert all_facts(intake) == EXPECTED
    assert told(intake) == [
        "ssd_cla_reviews.csv, ssd_cla_reviews, row 6, column `clar_cla_id`: "
        "`p9` is not in ssd_cla_episodes; the row belongs to nobody",
        "ssd_contacts.csv, ssd_contacts, row 4, column `cont_person_id`: "
        "there is no child `99` in the table of persons; the row belongs to nobody",
        "ssd_contacts.csv, ssd_contacts, row 5, column `cont_person_id`: "
        "`cont_person_id` is empty, so nobody can tell whose row it is; write the id",
    ]
    assert counted(intake)["ssd_contacts"] == (4, 2, 2, {})


def test_several_open_involvements_are_a_conflict(tmp_path: Path) -> None:
    involvements = [*TABLES["ssd_involvements"], ["i4", "007", "CW", "D1", "2024-06-01", "NULL"]]
    intake = read(folder(tmp_path / "ssd", with_(ssd_involvements=involvements)))
    expected = {name: value for name, value in EXPECTED["007"].items() if name not in ("team_on_record", "with_team_since")}
    assert all_facts(intake)["007"] == expected
    assert told(intake) == [
        "child 007: rows disagree on the team on the record: gamma (ssd_involvements row 4), alpha (ssd_involvements row 6)\n"
        "    it counts as not known until the record is put right"
    ]


def test_several_open_legal_statuses_are_a_conflict(tmp_path: Path) -> None:
    legal = [*TABLES["ssd_legal_status"], ["l3", "007", "V2", "2024-06-01", "NULL"], ["l4", "007", "V4", "2024-06-01", ""]]
    intake = read(folder(tmp_path / "ssd", with_(ssd_legal_status=legal)))
    assert "section_20_short_break" not in all_facts(intake)["007"]
    assert any("rows disagree on whether the section 20 stay is for short breaks only" in fault for fault in told(intake))


def test_json_that_is_cut_off_is_told_and_never_shown(tmp_path: Path) -> None:
    rows = TABLES["ssd_cin_assessments"]
    cut = [rows[0], [*rows[1][:4], '{"NFA_FLAG":"N","COMMENTS":"a private wo']]
    intake = read(folder(tmp_path / "ssd", with_(ssd_cin_assessments=cut)))
    assert "assessment_outcome" not in all_facts(intake)["007"]
    assert told(intake) == [
        "ssd_cin_assessments.csv, ssd_cin_assessments, row 2, column `cina_assessment_outcome_json`: "
        "the JSON breaks off or is not well formed (40 characters)\n    export the column in full length"
    ]
    assert "private" not in repr(intake)


def test_free_text_and_names_are_not_taken_in(tmp_path: Path) -> None:
    rows = TABLES["ssd_person"]
    named = [rows[0], [*rows[1][:3], "Secretname"], rows[2]]
    assert "Secretname" not in repr(read(folder(tmp_path / "ssd", with_(ssd_person=named))))
    assert "a, b" not in repr(read(folder(tmp_path / "ssd2", spelt(TABLES))))


def test_rows_that_fall_apart_are_refused_alone(tmp_path: Path) -> None:
    path = folder(tmp_path / "ssd", spelt(TABLES))
    text = (path / "ssd_contacts.csv").read_text() + "c9,007,2024-08-20,6,too,many\n"
    (path / "ssd_contacts.csv").write_text(text)
    intake = read(path)
    assert all_facts(intake) == EXPECTED
    assert told(intake) == [
        "ssd_contacts.csv, ssd_contacts, row 4: has 6 cells, expected 4: put quotation marks round text that has `,` in it"
    ]
    assert counted(intake)["ssd_contacts"] == (3, 2, 1, {})


def test_a_missing_table_costs_only_what_it_gives(tmp_path: Path) -> None:
    fewer = {name: rows for name, rows in TABLES.items() if name not in ("ssd_person", "ssd_cin_episodes", "ssd_department")}
    found = all_facts(read(folder(tmp_path / "ssd", spelt(fewer))))
    lost = {"date_of_birth", "unborn", "threshold_met", "referral_accepted_on", "previous_involvements", "case_closed_on"}
    lost |= {"team_on_record", "with_team_since"}
    expected = {**EXPECTED["007"], "contact_received_on": "2024-02-01"}  # the earlier episode alone told of the other contact
    assert found["007"] == {name: value for name, value in expected.items() if name not in lost}
