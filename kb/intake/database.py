"""The Standard Safeguarding Dataset in a database, over SQLAlchemy: only the columns that are read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kb.errors import Fault, InputError
from kb.intake.layout import TableLayout, looked_up, of_source
from kb.intake.model import RawTable
from kb.intake.names import squash

SOURCE = "ssd"


def is_address(text: str) -> bool:
    """Whether a source is the address of a database, such as `postgresql+psycopg://...`."""
    return "://" in text


def read_database(address: str, schema: str | None = None) -> list[tuple[TableLayout | None, RawTable]]:
    """The tables of the dataset that a database has. Errors: `InputError`; messages never contain the password."""
    try:
        import sqlalchemy as sql
    except ImportError:
        hint = "install the extra `sql`, with the driver of your database"
        raise InputError([Fault("database", "SQLAlchemy is not installed", hint)]) from None
    shown = "database"
    try:
        engine = sql.create_engine(address)
        shown = engine.url.render_as_string(hide_password=True)
    except (sql.exc.ArgumentError, sql.exc.NoSuchModuleError, ImportError, ValueError):
        hint = "write for example postgresql+psycopg://user@host/database, and install its driver"
        raise InputError([Fault(shown, "is not the address of a database that can be reached", hint)]) from None
    try:
        with engine.connect() as connection:
            found = sql.inspect(connection)
            names = [*found.get_table_names(schema=schema), *found.get_view_names(schema=schema)]
            tables: list[tuple[TableLayout | None, RawTable]] = []
            for name in names:
                layout = next((t for t in of_source(SOURCE) if t.is_called(name)), None)
                if layout is None:
                    tables.append((None, RawTable(shown, name, (), [])))
                    continue
                statement = selection(name, [c["name"] for c in found.get_columns(name, schema=schema)], layout, schema)
                result = connection.execute(statement)
                rows = [(number, tuple(row)) for number, row in enumerate(result, 1)]
                tables.append((layout, RawTable(shown, name, tuple(result.keys()), rows)))
    except sql.exc.SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise InputError([Fault(shown, f"can't be read: {reason}", "check address, schema and rights")]) from None
    finally:
        engine.dispose()
    if not any(layout for layout, _ in tables):
        where = f"schema `{schema}`" if schema else "the default schema"
        raise InputError([Fault(shown, f"has no table of the dataset in {where}", "name another with --schema")])
    return tables


def selection(name: str, columns: Sequence[str], layout: TableLayout, schema: str | None) -> Any:
    """A SELECT of the columns of a table that are read, for any dialect. Rows come in the order of the child."""
    import sqlalchemy as sql

    wanted = {squash(column.name) for column in layout.columns} | {squash(link.column) for link in layout.links}
    wanted |= looked_up(layout.source, layout.name)
    chosen: list[Any] = [sql.column(column) for column in columns if squash(column) in wanted]
    return sql.select(*chosen).select_from(sql.table(name, *chosen, schema=schema)).order_by(*chosen[:1])
