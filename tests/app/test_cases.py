"""The Cases page: several cases as a table that can be filtered, opened and downloaded."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

from explain.app import caseload_file
from explain.case_table import COLUMNS, Row, as_csv, as_xlsx, faulty_row, row_of
from explain.policy_names import installed_names
from queries.invented import Wanted, make_invented
from queries.load import load_program
from tests.app.screen import all_samples, assert_sound, decided, go, hand_in, shown, start, text, widget

SAMPLES = all_samples()
BLOCKED = "blackpool-2"


def table(app: AppTest) -> list[dict[str, str]]:
    rows: list[Any] = app.dataframe[0].value.to_dict("records")
    return rows


def test_the_samples_stand_there_at_first() -> None:
    app = go(start(), "cases")
    assert [row["Case"] for row in table(app)] == [sample.case["case_id"] for sample in SAMPLES.values()]
    blocked = next(row for row in table(app) if row["Case"] == SAMPLES[BLOCKED].case["case_id"])
    assert blocked["Team"] == "Assessment and Support Team"
    assert blocked["What holds it up"] == (
        "The child and family were not told before the move. The transfer letters have not been sent."
    )
    states = Counter(decided(sample).status for sample in SAMPLES.values())
    assert sorted(states.values()) == [1, 2, 2, 9]
    assert "Decided: 9 · Not known: 2 · No team named: 2 · Clauses clash: 1." in text(app)


def test_rows_are_filtered() -> None:
    app = go(start(), "cases")
    widget(app, "multiselect", "Answer").select("Clauses clash").run()
    assert [row["Answer"] for row in table(app)] == ["Clauses clash"]
    widget(app, "multiselect", "Answer").set_value([]).run()
    widget(app, "text_input", "Search").set_value("young people's team").run()
    assert [row["Case"] for row in table(app)] == ["example-sefton-1", "example-sefton-5"]
    widget(app, "text_input", "Search").set_value("nobody of this name").run()
    assert_sound(app)
    assert "No case fits." in text(app)


def test_files_are_decided_and_a_faulty_one_is_named() -> None:
    app = go(start(), "cases")
    good = json.dumps({**SAMPLES["sefton-1"].case, "case_id": "own-1"}).encode()
    hand_in(app, ("a.json", good), ("b.json", b"{"))
    app.button(key="decide").click().run()
    assert_sound(app)
    first, second = table(app)
    assert (first["Case"], first["Answer"], first["Team"]) == ("own-1", "Decided", "Young People's Team")
    assert (second["Case"], second["Answer"]) == ("b.json", "Not usable")
    assert second["Team"].startswith("b.json:1:2: is not JSON")


def test_a_case_is_opened_on_the_first_page() -> None:
    app = go(start(), "cases")
    number = next(n for n, row in enumerate(table(app)) if row["Case"] == SAMPLES[BLOCKED].case["case_id"])
    opener = widget(app, "selectbox", "Open a case")
    opener.select_index(number).run()
    app.button(key="open").click().run()
    assert next(t.value for t in shown(app).title).startswith("Assessment and Support Team has the child. The move to ")
    assert "Case example-blackpool-2" in text(app)


def test_the_tables_taken_along_say_the_same() -> None:
    rows = [row_of(decided(sample)) for sample in SAMPLES.values()]
    by_csv = list(csv.reader(io.StringIO(as_csv(rows).decode("utf-8-sig"))))
    sheet = load_workbook(io.BytesIO(as_xlsx(rows))).active
    assert sheet is not None
    by_excel = [[str(cell or "") for cell in line] for line in sheet.iter_rows(values_only=True)]
    assert by_csv == by_excel == [list(COLUMNS), *(list(row.cells) for row in rows)]


def test_no_cell_is_taken_for_a_formula() -> None:
    rows = [Row(("-1+1", *[""] * (len(COLUMNS) - 1))), faulty_row("=cmd.json", "@x")]
    found = list(csv.reader(io.StringIO(as_csv(rows).decode("utf-8-sig"))))[1:]
    assert [line[0] for line in found] == ["'-1+1", "'=cmd.json"]
    sheet = load_workbook(io.BytesIO(as_xlsx(rows))).active
    assert sheet is not None
    assert {cell.data_type for line in sheet.iter_rows(min_row=2) for cell in line if cell.value is not None} == {"s"}


def invented(folder: Path, form: str, file: str) -> tuple[bytes, set[str]]:
    """A caseload of invented children, and those whose team on record is wrong."""
    make_invented(load_program("sefton"), Wanted(24, 4, date(2024, 11, 20).toordinal(), form), folder / form)
    with (folder / form / "teams-key.tsv").open(encoding="utf-8") as key:
        wrong = {row["child"] for row in csv.DictReader(key, delimiter="\t") if row["wrong"] == "yes"}
    assert wrong
    return (folder / form / file).read_bytes(), wrong


def worked_out(*files: tuple[str, bytes]) -> AppTest:
    app = go(start(), "cases")
    hand_in(app, *files)
    app.button(key="decide").click().run()
    assert_sound(app)
    return app


def test_a_caseload_shows_which_children_have_another_team_on_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content, wrong = invented(tmp_path, "own", "children.csv")
    (tmp_path / "read").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "read"))
    app = worked_out(("children.csv", content))
    assert list((tmp_path / "read").iterdir()) == [], "the table lies on the disk only while it is read"
    assert len(table(app)) == 24
    widget(app, "checkbox", f"Only where the record has another team ({len(wrong)})").check().run()
    assert {row["Case"] for row in table(app)} == wrong
    assert all(row["Team"] != row["Team on record"] for row in table(app))
    first = table(app)[0]["Case"]
    widget(app, "selectbox", "Open a case").select_index(0).run()
    app.button(key="open").click().run()
    assert f"Case {first}" in text(shown(app))
    assert "The record has to follow" in text(app)
    assert "EXAMPLE" not in text(app)


def test_a_councils_workbook_needs_its_council(tmp_path: Path) -> None:
    content, _ = invented(tmp_path, "annex-a", "annex-a.xlsx")
    app = worked_out(("annex-a.xlsx", content))
    assert [row["Team"] for row in table(app)] == ["annex-a.xlsx: does not say which council’s children these are"], (
        "it is not guessed"
    )
    app.selectbox(key="cases-council").select("sefton").run()
    assert installed_names()["sefton"] == "Sefton Council"
    hand_in(app, ("annex-a.xlsx", content))
    app.button(key="decide").click().run()
    assert_sound(app)
    assert len(table(app)) == 24
    assert "facts are suggested and have to be confirmed" in text(app)


def test_rows_that_cannot_be_read_stand_among_the_others() -> None:
    rows = ["case_id,policy,as_of,team_on_record", "a-1,sefton,2024-11-20,locality_team", "a-2,sefton,2024-11-20,nobody"]
    app = worked_out(("some.csv", "\n".join(rows).encode()))
    assert [(row["Case"].split(":")[0], row["Answer"]) for row in table(app)] == [("a-1", "Decided"), ("some.csv", "Not usable")]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (["case_id,policy,as_of", "a-1,../elsewhere,2024-11-20"], "there is no policy `../elsewhere`"),
        (["case_id,policy,as_of", *(f"a-{n},sefton,2024-11-20" for n in range(3))], "holds 3 children; this page takes 2"),
        (["a,b", "1,2"], "is no caseload that can be read"),
    ],
)
def test_a_table_that_cannot_be_used_says_why(rows: list[str], told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caseload_file, "MOST", 2)
    (row,) = table(worked_out(("../some table.csv", "\n".join(rows).encode())))
    assert row["Answer"] == "Not usable"
    assert told in row["Team"]


def test_faults_that_are_not_listed_are_counted() -> None:
    rows = [
        "case_id,policy,as_of,icpc_held_on",
        *(f"a-{n},blackpool,2024-10-14,soon" for n in range(caseload_file.MOST_TOLD + 3)),
    ]
    app = worked_out(("some.csv", "\n".join(rows).encode()))
    assert len(table(app)) == caseload_file.MOST_TOLD
    assert "3 more faults of `some.csv` not listed; `whichteam caseload` lists them." in text(app)
