"""Whatever stands in a table, nothing crashes, and every row is used, refused or ignored."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kb.intake.layout import TableLayout, layouts
from kb.intake.model import RawTable
from kb.intake.read import Source, read_source
from tests.intake.books import AS_OF, VOCABULARY
from tests.strategies import laws

TEXTS = ("NULL", "#N/A", "1900-01-01", "a) Yes", "C2", "E1: x", "2024-02-03", "13/13/2024", "[]", '{"1A":', "Alpha Team", "7")
CELLS = st.one_of(
    st.none(),
    st.sampled_from(TEXTS),
    st.integers(-10, 60_000),
    st.floats(allow_infinity=True),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.text(max_size=12),
)
CHILDREN = st.one_of(st.sampled_from(["1", "2", 3, 3.0, "a/b"]), CELLS)


@st.composite
def tables(draw: st.DrawFn) -> list[tuple[TableLayout, RawTable]]:
    """Some tables of one source with any cells, some rows twice, some columns missing."""
    source = draw(st.sampled_from(["annex_a", "ssd"]))
    chosen = draw(st.lists(st.sampled_from([t for t in layouts() if t.source == source]), min_size=1, max_size=5, unique=True))
    found: list[tuple[TableLayout, RawTable]] = []
    for layout in chosen:
        names = [*(link.column for link in layout.links), *(c.name for c in layout.columns if not c.constant)]
        header = [name for name in dict.fromkeys(names) if draw(st.integers(0, 9))]
        rows = draw(st.lists(st.tuples(CHILDREN, *[CELLS] * (len(header) - 1)), max_size=4)) if header else []
        rows += rows[: draw(st.integers(0, 1))]
        raw: Any = list(enumerate(rows, 2))
        found.append((layout, RawTable("f", layout.name, tuple(header), raw, ((9, "broken"),), source == "annex_a")))
    return found


@laws(150)
@given(tables())
def test_every_row_is_counted_and_every_child_kept(given_tables: list[tuple[TableLayout, RawTable]]) -> None:
    kind = given_tables[0][0].source
    intake = read_source(Source("f", kind, list(given_tables)), "tiny", VOCABULARY, AS_OF.toordinal())
    rows = sum(len(table.rows) + len(table.refused) for _, table in given_tables)
    assert all(count.adds_up for count in intake.counts)
    assert sum(count.read for count in intake.counts) == rows
    assert len({case.case_id for case in intake.cases}) == len(intake.cases)
    for case in intake.cases:
        assert set(intake.sources[case.case_id]) == set(case.facts)
    # a refused row is told: by itself, or by its table where no column says whose the rows are
    told = sum(1 for fault in intake.faults if ", row " in fault.where or fault.message == "no column tells whose each row is")
    assert told >= sum(1 for count in intake.counts if count.refused)
