"""The dataset in a database: PostgreSQL for real, SQL Server as it would be asked."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kb.errors import InputError
from kb.intake.database import selection
from kb.intake.layout import of_source
from tests.intake.books import all_facts, read, told
from tests.intake.test_ssd import EXPECTED, TABLES

SCHEMA = "ssd_development"
DAYS = ("_date", "_dob", "_due")


def programs() -> Path | None:
    """The folder of PostgreSQL's programs, the newest first."""
    found = shutil.which("initdb")
    homes = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((home for home in homes if (home / "initdb").exists()), None)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a PostgreSQL server of its own, in a folder of its own, without a port."""
    home = programs()
    if home is None and os.environ.get("CI") == "true":
        pytest.fail("PostgreSQL is not installed: .ci/run installs it")
    if home is None:
        pytest.skip("PostgreSQL is not installed")
    user = {"user": "postgres"} if hasattr(os, "geteuid") and os.geteuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    if user:
        shutil.chown(folder, **user)

    def run(*command: str) -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder, **user)  # type: ignore[call-overload]

    data = folder / "data"
    run(str(home / "initdb"), "-D", str(data), "-U", "tester", "--auth=trust", "--no-sync")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    run(str(home / "pg_ctl"), "-D", str(data), "-o", options, "-l", str(folder / "log"), "-w", "start")
    try:
        yield f"postgresql+psycopg://tester@/postgres?host={folder}"
    finally:
        run(str(home / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def filled(server: str) -> str:
    """The server with the dataset in a schema: days as timestamps, all else as text, and a table of something else."""
    import sqlalchemy as sql

    engine = sql.create_engine(server)
    with engine.begin() as connection:
        connection.execute(sql.text(f"create schema {SCHEMA}"))
        connection.execute(sql.text(f"create table {SCHEMA}.ssd_address (addr_table_id text, addr_address_json text)"))
        for name, (header, *rows) in TABLES.items():
            kinds = [sql.DateTime() if heading.endswith(DAYS) else sql.String(4000) for heading in header]
            columns = [sql.Column(heading, kind) for heading, kind in zip(header, kinds)]
            table = sql.Table(name, sql.MetaData(), *columns, schema=SCHEMA)
            table.create(connection)
            connection.execute(table.insert(), [dict(zip(header, map(cell, row, kinds))) for row in rows])
    engine.dispose()
    return server


def cell(raw: Any, kind: Any) -> Any:
    from datetime import datetime

    if raw == "NULL":
        return None
    return datetime.fromisoformat(raw) if type(kind).__name__ == "DateTime" else raw


def test_postgresql_gives_the_same_as_files(filled: str) -> None:
    from kb.intake.read import open_source, read_source
    from tests.intake.books import AS_OF, VOCABULARY

    intake = read_source(open_source(filled, SCHEMA), "tiny", VOCABULARY, AS_OF.toordinal())
    assert all_facts(intake) == EXPECTED
    assert told(intake) == []
    assert all(count.adds_up for count in intake.counts)


def test_a_schema_without_the_dataset_is_told(filled: str) -> None:
    with pytest.raises(InputError) as error:
        read(filled)
    (fault,) = error.value.faults
    assert fault.message == "has no table of the dataset in the default schema"
    assert fault.hint == "name another with --schema"


@pytest.mark.parametrize(
    "address",
    ["postgresql+psycopg://someone:secretword@/nowhere?host=/nowhere", "nosuchdialect://secretword@x/y", "postgresql+psycopg://"],
)
def test_an_address_that_leads_nowhere_is_told_without_the_password(address: str) -> None:
    with pytest.raises(InputError) as error:
        read(address)
    assert "secretword" not in str(error.value)


def test_sql_server_is_asked_for_the_columns_that_are_read_and_no_more() -> None:
    from sqlalchemy.dialects import mssql

    layout = next(layout for layout in of_source("ssd") if layout.name == "ssd_cp_plans")
    columns = ["cppl_cp_plan_id", "cppl_person_id", "cppl_cp_plan_start_date", "cppl_cp_plan_end_date", "cppl_comments"]
    statement = selection("ssd_cp_plans", columns, layout, SCHEMA)
    asked = str(statement.compile(dialect=mssql.dialect()))  # type: ignore[no-untyped-call]
    assert " ".join(asked.split()) == (
        "SELECT ssd_development.ssd_cp_plans.cppl_person_id, ssd_development.ssd_cp_plans.cppl_cp_plan_start_date, "
        "ssd_development.ssd_cp_plans.cppl_cp_plan_end_date "
        "FROM ssd_development.ssd_cp_plans ORDER BY ssd_development.ssd_cp_plans.cppl_person_id"
    )


def test_every_table_can_be_asked_for_in_both_dialects() -> None:
    from sqlalchemy.dialects import mssql, postgresql

    for layout in of_source("ssd"):
        names = [column.name for column in layout.columns if not column.constant] + [link.column for link in layout.links]
        for dialect in (mssql.dialect(), postgresql.dialect()):  # type: ignore[no-untyped-call]
            asked = str(selection(layout.name, list(dict.fromkeys(names)), layout, "dbo").compile(dialect=dialect))
            assert all(name in asked for name in names)
