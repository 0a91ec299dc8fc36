"""Councils' own data as whole caseloads, and invented children decided all at once."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from kb.bulk.reader import Wanted
from kb.errors import InputError
from kb.intake import caseload
from kb.invented.own import own_table
from kb.invented.simulate import blocks
from kb.invented.teams import blank
from queries.bulk.readers import reader_for
from queries.invented import all_at_once, one_by_one, teams_alone
from queries.load import load_program
from tests.intake.books import AS_OF, VOCABULARY, facts, folder, read, workbook
from tests.intake.test_annex_a import LIST_1, LIST_6, ONE, closing
from tests.intake.test_ssd import TABLES, spelt

WANTED = Wanted("tiny", VOCABULARY, AS_OF.toordinal(), True)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    rows = [LIST_6, closing(None, "Duty Team 4"), [2, *closing(None, "Alpha Team")[1:]], [None, *closing(None)[1:]]]
    contact = [*ONE, datetime(2024, 8, 20), "6: Police"]
    return workbook(tmp_path / "annex.xlsx", {"List 1": [LIST_1, contact], "List 6": rows})


def test_the_registry_finds_the_reader(tmp_path: Path, book: Path) -> None:
    assert reader_for(book) is caseload
    assert reader_for(folder(tmp_path / "ssd", spelt(TABLES))) is caseload
    assert caseload.policy_of(book) is None
    with pytest.raises(InputError):
        reader_for(folder(tmp_path / "other", {"a.csv": [["x"], ["y"]]}))


def test_the_same_cases_in_columns(tmp_path: Path, book: Path) -> None:
    for source in (book, folder(tmp_path / "ssd", spelt(TABLES))):
        intake = reader_for(source).read(source, WANTED)
        expected = [(case.case_id, facts(case)) for case in read(source).cases]
        assert [(case.case_id, facts(case)) for case in intake.table.cases(VOCABULARY)] == expected
        assert (intake.total, intake.refused) == (len(expected), 0)


def test_what_is_wrong_in_the_rows_is_told(book: Path) -> None:
    intake = reader_for(book).read(book, WANTED)
    assert [fault.where for fault in intake.faults][:1] == ["rows without a child"]
    assert len(intake.faults) == 2
    assert intake.notes == (
        "annex.xlsx has no List 2, List 3, List 4, List 5, List 7, List 8, List 9, List 10: what they would say is not known",
        "1 of 4 rows were refused",
        "nobody has said which teams these are: `Duty Team 4`; see whichteam intake --propose-teams teams.toml",
    )
    assert intake.table.places == ["List 1 row 2", "List 6 row 3"]
    (book.parent / "teams.toml").write_text('[teams]\n"Duty Team 4" = "gamma"\n')
    named = reader_for(book).read(book, WANTED)
    teams = [case.facts.get("team_on_record") for case in named.table.cases(VOCABULARY)]
    assert teams == ["gamma", None]  # the row without an id stands under that of the second child, with another team


@pytest.mark.parametrize("policy", ["blackpool", "sefton"])
def test_all_at_once_decides_as_one_by_one(policy: str) -> None:
    program = load_program(policy)
    block = next(blocks(32, 3, date(2024, 11, 20).toordinal()))
    table = own_table(blank(block, program.policy.vocabulary), policy, program.policy.vocabulary)
    expected = one_by_one(program)(table)
    assert all_at_once(program)(table) == expected
    assert teams_alone(program)(table) == expected.teams
