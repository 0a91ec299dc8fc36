"""The Cases page: several cases as a table that can be filtered, opened and downloaded."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from typing import Any

from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

from explain.case_table import COLUMNS, Row, as_csv, as_xlsx, faulty_row, row_of
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
