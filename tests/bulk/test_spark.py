"""Spark gives the results of the columns engine, from the command line and in a session of the user's."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pytest
from pyarrow import parquet

from benchmarks.random_table import random_table
from explain.caseload.rows import as_rows
from explain.caseload.shown import bounds_told, print_summary
from explain.caseload.spark import session as sessions
from explain.caseload.spark.frame import children, decide_dataframe, firings, numbers, refused
from explain.caseload.spark.task import Asked, decided
from kb.bulk.arrow import to_arrow
from kb.bulk.reader import Wanted
from kb.bulk.table import CaseTable
from kb.engines.bulk.columns import Columns
from kb.engines.forward import Forward
from kb.errors import InputError
from kb.program import Program
from queries.bulk.caseload import Caseload, decide_caseload, some_of
from queries.bulk.exact import bounds
from queries.bulk.on_file import model_of, read_model
from queries.bulk.teams import summarise
from queries.decide import decide
from queries.load import load_program
from queries.proof import Prover, roots
from tests.helpers import Ran, whichteam

NORTHSHIRE = Path(__file__).parent.parent / "councils" / "northshire"
COUNT = 200

pytestmark = pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning")


@pytest.fixture(scope="module")
def program() -> Program:
    return load_program(str(NORTHSHIRE))


@pytest.fixture(scope="module")
def table(program: Program) -> CaseTable:
    return random_table(program, COUNT, seed=41, unknown=0.6)


@pytest.fixture(scope="module")
def found(program: Program, table: CaseTable) -> Caseload:
    return decide_caseload(program, table, Columns())


@pytest.fixture(scope="module")
def folder(program: Program, table: CaseTable, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("spark")
    parquet.write_table(to_arrow(table, program.policy.vocabulary), path / "cases.parquet")
    return path


@pytest.fixture(scope="module")
def java() -> None:
    if sessions.java() is None and not os.environ.get("CI"):
        pytest.skip("Java is not installed")


@pytest.fixture(scope="module")
def ran(folder: Path, java: None) -> Ran:
    """A run of the command line, which starts and stops its own Spark."""
    out, fired = folder / "results.parquet", folder / "fired.parquet"
    return on_spark(folder / "cases.parquet", "--policy", NORTHSHIRE, "--out", out, "--firings", fired)


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five cases, three of which can't be used."""
    path: Path = tmp_path_factory.mktemp("wrong")
    start = {"policy": "blackpool", "as_of": "2024-10-16", "icpc_outcome": None, "colour": "blue"}
    rows: list[dict[str, str | None]] = [{"case_id": name, **start} for name in ("one", "two", "three", "one", "five")]
    rows[1]["icpc_outcome"] = "unsure"
    rows[2]["as_of"] = "soon"
    parquet.write_table(pa.Table.from_pylist(rows), path / "cases.parquet")
    return path


@pytest.fixture(scope="module")
def ran_wrong(wrong: Path, java: None) -> Ran:
    return on_spark(wrong / "cases.parquet", "--out", wrong / "out.parquet")


@pytest.fixture(scope="module")
def spark(ran: Ran, ran_wrong: Ran) -> Iterator[Any]:
    """A session for the tests of `decide` on a user's session; runs after the tests that start their own."""
    made = sessions.session("local[2]")
    yield made
    made.stop()


def on_spark(*arguments: str | Path) -> Ran:
    return whichteam("caseload", *arguments, "--engine", "spark", "--master", "local[2]")


def without_breaks(text: str) -> str:
    """A text without line breaks."""
    return " ".join(text.split())


def told(found: Caseload) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = as_rows(found, most_first=False).to_pylist()
    return rows


def without_place(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name != "Read from"} for row in rows]


# The command line ---------------------------------------------------------------------------


def test_the_results_are_those_of_the_columns_engine(ran: Ran, folder: Path, found: Caseload) -> None:
    assert (ran.code, ran.err) == (0, "")
    written = parquet.read_table(folder / "results.parquet")
    assert len(list((folder / "results.parquet").glob("part-*"))) == 2
    assert without_place(written.to_pylist()) == without_place(told(found))
    assert written["Read from"].to_pylist() == [f"row {number}" for number in range(2, COUNT + 2)]
    assert written.column_names == as_rows(found).column_names


def test_it_tells_the_same_numbers(ran: Ran, folder: Path, program: Program, found: Caseload) -> None:
    plain = io.StringIO()
    with contextlib.redirect_stdout(plain):
        print_summary(summarise(found), program, bounds_told(len(bounds(found)), False, spark=True))
    written = [f"Written: {folder / name}\n" for name in ("results.parquet", "fired.parquet")]
    assert ran.out == plain.getvalue() + "".join(written)


def test_the_proof_of_a_child_is_read_off_what_was_written(
    ran: Ran, folder: Path, program: Program, table: CaseTable, found: Caseload
) -> None:
    for row in (0, 7, COUNT - 1):
        decision = decide(program, table.case(row, program.policy.vocabulary), Forward())
        model = read_model(program, folder / "fired.parquet", table.ids[row])
        assert (model.fired, model.holding) == (decision.model.fired, decision.model.holding)
        claims = [claim for _, claim in roots(model, decision.status)]
        assert claims
        assert Prover(model).proof(claims) == Prover(decision.model).proof(claims)


def test_no_proof_is_read_off_under_other_rules(ran: Ran, folder: Path) -> None:
    with pytest.raises(InputError, match="random-3: was decided under other rules or readings"):
        read_model(load_program("blackpool"), folder / "fired.parquet", "random-3")
    with pytest.raises(InputError, match=r"has no child `random-x`\n    did you mean `random-"):
        read_model(load_program("blackpool"), folder / "fired.parquet", "random-x")


def test_what_can_not_be_used_is_told_as_the_reader_of_tables_tells_it(ran_wrong: Ran, wrong: Path) -> None:
    plain = whichteam("caseload", wrong / "cases.parquet")
    assert plain.err.count("error: ") == 3
    assert (ran_wrong.code, ran_wrong.err) == (0, plain.err)
    told = "".join(f"Written: {wrong / name}.parquet\n" for name in ("out", "out-refused"))
    assert without_breaks(ran_wrong.out) == without_breaks(
        plain.out.replace("settles them", "settles them, without --engine spark") + told
    )
    assert parquet.read_table(wrong / "out.parquet")["Child"].to_pylist() == ["one", "five"]
    why = parquet.read_table(wrong / "out-refused.parquet").to_pylist()
    assert [(row["Child"], row["Read from"]) for row in why] == [("two", "row 3"), ("three", "row 4"), ("one", "row 5")]
    assert why[2]["Refused because"] == [
        "cases.parquet: row 5, column `case_id`: case id `one` is used by row 2 too\n    give each case its own id"
    ]


# A session of one's own ---------------------------------------------------------------------


def test_a_data_frame_in_several_partitions(spark: Any, folder: Path, program: Program, found: Caseload) -> None:
    few = np.arange(60)
    cases = spark.read.parquet(str(folder / "cases.parquet")).limit(len(few)).repartition(3)
    frame = decide_dataframe(cases, program, firings=True).persist()
    rows = sorted((row.asDict() for row in children(frame).collect()), key=lambda row: str(row["Child"]))
    expected = sorted(told(found)[: len(few)], key=lambda row: str(row["Child"]))
    assert without_place(rows) == without_place(expected)
    assert {row["Read from"].split(",")[0] for row in rows} == {"partition 0", "partition 1", "partition 2"}
    assert numbers(frame, program) == (summarise(some_of(found, few)), 0, 0)
    kept = firings(frame).where("child = 'random-5'").collect()
    assert model_of(program, kept[0].asDict()).fired
    frame.unpersist()


def test_a_data_frame_tells_partition_row_and_who_shares_an_id(spark: Any, wrong: Path) -> None:
    frame = decide_dataframe(spark.read.parquet(str(wrong / "cases.parquet")), load_program("blackpool")).persist()
    assert [row["Child"] for row in children(frame).collect()] == ["five"]
    reasons = {row["Read from"]: row["Refused because"] for row in refused(frame).collect()}
    assert list(reasons) == [f"partition 0, row {number}" for number in (1, 2, 3, 4)]
    assert reasons["partition 0, row 2"][0].startswith("partition 0: row 2, column `icpc_outcome`: `unsure` is not one of")
    for row in (1, 4):
        told = f"partition 0: row {row}, column `case_id`: case id `one` is used by 1 other row too"
        assert reasons[f"partition 0, row {row}"] == [f"{told}\n    give each case its own id"]
    assert numbers(frame, load_program("blackpool"))[1:] == (4, 4)
    frame.unpersist()


def test_a_data_frame_without_ids_is_refused_before_any_task(spark: Any, wrong: Path) -> None:
    cases = spark.read.parquet(str(wrong / "cases.parquet")).drop("case_id")
    with pytest.raises(InputError, match="cases: has no column `case_id`"):
        decide_dataframe(cases, load_program("blackpool"))


def test_nothing_of_a_session_of_ours_is_open_to_other_machines(spark: Any) -> None:
    conf = spark.sparkContext.getConf()
    assert [conf.get(f"spark.{name}") for name in ("ui.enabled", "driver.bindAddress", "driver.host")] == [
        "false", "127.0.0.1", "127.0.0.1",
    ]  # fmt: skip
    assert spark.sparkContext.pythonExec == sys.executable


# Without Spark ------------------------------------------------------------------------------


def test_a_task_takes_some_rows_at_a_time_and_keeps_their_order(
    program: Program, table: CaseTable, found: Caseload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("explain.caseload.spark.task.ROWS", 17)
    cases = to_arrow(table, program.policy.vocabulary).combine_chunks().slice(0, 50)
    cases = cases.append_column("_file", pa.array(["a"] * 20 + ["b"] * 30)).append_column("_row", pa.array(range(50)))
    asked = Asked(Wanted(program.policy.code, program.policy.vocabulary), "cases")
    batches = list(decided(program, asked, cases.to_batches(), 0))
    assert [batch.num_rows for batch in batches] == [17, 3, 14, 16]
    rows = pa.Table.from_batches(batches)
    assert without_place(rows.drop_columns(["Refused because", "Counts"]).to_pylist()) == without_place(told(found))[:50]
    assert rows["Read from"][20].as_py() == "b, row 22"


@pytest.mark.parametrize(
    ("name", "arguments", "fault"),
    [
        ("c.parquet", ["--master", "local[2]"], "--master: is for --engine spark\n    add --engine spark, or leave it out"),
        ("c.parquet", ["--firings", "f.parquet"], "--firings: is for --engine spark\n    add --engine spark, or leave it out"),
        ("c.parquet", ["--engine", "spark", "--why", "x"], "--why: is not for --engine spark\n    leave --engine out"),
        (
            "c.csv",
            ["--engine", "spark"],
            "c.csv: is no Parquet, which is all that Spark reads\n"
            "    write the table as Parquet, or use the columns engine, which reads the other forms",
        ),
        (
            "c.parquet",
            ["--engine", "spark"],
            "c.parquet: can't be read: Parquet magic bytes not found in footer. Either the file is corrupted or this is not "
            "a parquet file.\n    is it the right file?",
        ),
        (
            "c.parquet",
            ["--engine", "spark", "--out", "o.csv"],
            "--out: `o.csv` is no form that Spark writes\n    end the name in .parquet; it becomes a folder of Parquet files",
        ),
        (
            "c.parquet",
            ["--engine", "spark", "--out", "{tmp}/c.parquet"],
            "--out: `c.parquet` holds the cases themselves, or is among them\n    name another place",
        ),
        (
            "c.parquet",
            ["--engine", "spark", "--out", "{tmp}/full.parquet"],
            "--out: `full.parquet` is a folder with other things in it\n    name another place",
        ),
    ],
)
def test_bad_options(name: str, arguments: list[str], fault: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("case_id,policy,as_of\na,blackpool,2024-10-16\n")
    (tmp_path / "full.parquet").mkdir()
    (tmp_path / "full.parquet" / "letter.docx").touch()
    ran = whichteam("caseload", tmp_path / name, *(argument.format(tmp=tmp_path) for argument in arguments))
    assert (ran.code, ran.out, ran.err) == (2, "", f"error: {fault}\n")


def test_what_is_missing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", "nowhere")
    with pytest.raises(InputError, match="Java is not installed\n    Spark needs Java 17 or newer; or use columns"):
        sessions.session("local[1]")
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(InputError, match="pyspark is not installed\n"):
        sessions.session("local[1]")
