"""Counts over lists and occurrences: what each way gives, in one case and in columns, and every way to get a row wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from explain.filed.verify.tally import of_entries as verified_entries
from explain.filed.verify.tally import of_occurrences as verified_occurrences
from kb.bulk import tally as bulk
from kb.bulk.table import HAPPENED, UNKNOWN, WHOLE, from_cases
from kb.case import Case, Day, make_case, written
from kb.dates import iso
from kb.errors import InputError
from kb.tally import of_entries, of_occurrences
from kb.vocabulary.load import CALCULATED_COLUMNS, load_vocabulary
from kb.vocabulary.model import Tally, Vocabulary
from tests.helpers import CODES

DAY = 738_000


def tally(how: str, *fields: str, source: str = "siblings") -> Tally:
    return Tally(how, source, fields)


def row(how: str, kind: str, field: str = "", source: str = "siblings", key: str = "", **other: str) -> dict[str, str]:
    cells = {"name": "made", "type": kind, "how": how, "source": source, "key": key, "field": field}
    return {**cells, "label": "what it is", "true": "it is {Value}", "false": "it is not {Value}", **other}


def own(folder: Path, *rows: dict[str, str]) -> Vocabulary:
    home = folder / "northshire"
    home.mkdir(exist_ok=True)
    lines = [CALCULATED_COLUMNS, *(tuple(cells.get(column, "") for column in CALCULATED_COLUMNS) for cells in rows)]
    (home / "calculated.tsv").write_text("".join("\t".join(cells) + "\n" for cells in lines), encoding="utf-8")
    codes = [("kind", "code", "label"), *CODES]
    (home / "codes.tsv").write_text("".join("\t".join(cells) + "\n" for cells in codes), encoding="utf-8")
    return load_vocabulary(home)


YES, NO = {"cared_for": True}, {"cared_for": False}
BLANK: dict[str, Any] = {}
BOTH, ONE = {"cared_for": True, "care_proceedings": True}, {"cared_for": True, "care_proceedings": False}
OLD, YOUNG = {"date_of_birth": Day(730_000)}, {"date_of_birth": Day(736_000)}


@pytest.mark.parametrize(
    ("counted", "entries", "expected"),
    [
        (tally("count"), [], 0),
        (tally("count"), [YES, BLANK], 2),
        (tally("count", "cared_for"), [YES, NO, YES], 2),
        (tally("count", "cared_for"), [YES, BLANK], None),
        (tally("count", "cared_for", "care_proceedings"), [BOTH, ONE, BOTH], 2),
        (tally("count", "cared_for", "care_proceedings"), [BOTH, NO], 1),  # one part says no, whatever the other
        (tally("any", "cared_for", "care_proceedings"), [ONE, BLANK], None),
        (tally("any", "cared_for", "care_proceedings"), [BOTH, BLANK], True),
        (tally("any", "cared_for", "care_proceedings"), [], False),
        (tally("every", "cared_for"), [], False),
        (tally("every", "cared_for"), [YES, YES], True),
        (tally("every", "cared_for"), [YES, BLANK], None),
        (tally("every", "cared_for"), [NO, BLANK], False),
        (tally("latest", "date_of_birth"), [OLD, YOUNG], Day(736_000)),
        (tally("earliest", "date_of_birth"), [OLD, YOUNG], Day(730_000)),
        (tally("latest", "date_of_birth"), [OLD, BLANK], True),
        (tally("latest", "date_of_birth"), [], False),
        (tally("each", "team"), [{"team": "alpha"}, {"team": "beta"}, {"team": "alpha"}], ("alpha", "beta")),
        (tally("each", "team"), [{"team": "alpha"}, BLANK], None),
        (tally("each", "team"), [], ()),
    ],
)
def test_what_entries_come_to(tmp_path: Path, counted: Tally, entries: list[dict[str, Any]], expected: Any) -> None:
    """In one case, in columns (of a table whose other rows have no list, and an empty one), and for the checker."""
    assert of_entries(counted, entries) == expected
    assert of_entries(counted, None) is None
    plain = [written(entry) for entry in entries]
    assert verified_entries(counted_json(counted), plain) == written(expected)
    vocabulary = own(tmp_path)
    cases = [Case("c", "p", DAY, {} if listed is None else {"siblings": tuple(listed)}) for listed in (None, entries, [])]
    listed = from_cases(cases, vocabulary).lists["siblings"]
    if counted.how == "each":
        column = bulk.each(counted, listed)
        teams = [code.code for code in vocabulary.codes["team"]]
        inside = column.parts[WHOLE][column.offsets[1] : column.offsets[2]]
        assert bool(column.known[1]) is (expected is not None)
        assert {teams[n] for n in inside} == set(expected or ())
    else:
        column_ = bulk.of_entries(counted, listed)
        assert column_[0] == UNKNOWN
        assert column_[1] == coded(counted, expected)


def counted_json(counted: Tally) -> dict[str, Any]:
    return {
        "how": counted.how,
        "source": counted.source,
        "fields": list(counted.fields),
        "count": counted.count,
        "unit": counted.unit,
    }


def coded(counted: Tally, value: Any) -> int:
    """A value as columns have it."""
    if value is None:
        return UNKNOWN
    if counted.how in ("earliest", "latest") and value is True:
        return HAPPENED
    return value.number if isinstance(value, Day) else int(value)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (None, None),
        (True, None),  # it happened, nobody knows when
        (False, 0),
        (Day(DAY), 1),
        (Day(DAY + 1), 0),  # still to come
        ((Day(DAY - 60), Day(DAY - 59), Day(DAY - 1)), 3),  # exactly sixty days before is within
        ((Day(DAY - 61), Day(DAY - 60)), 1),
    ],
)
def test_how_often_something_happened(raw: Any, expected: int | None) -> None:
    counted = Tally("count", "strategy_meeting_on", (), 60, "days")
    assert of_occurrences(counted, raw, DAY) == expected
    days = [day.number for day in (raw if isinstance(raw, tuple) else (raw,)) if isinstance(day, Day)]
    assert verified_occurrences(counted_json(counted), raw, days, DAY, ()) == expected


def test_all_occurrences_count_where_no_time_is_named() -> None:
    assert of_occurrences(Tally("count", "strategy_meeting_on"), (Day(1), Day(DAY)), DAY) == 2


@pytest.mark.parametrize(
    ("good", "bad", "column", "expected"),
    [
        (row("count", "int"), row("cont", "int"), "how", "unknown way `cont` of working something out"),
        (row("count", "int"), row("count", "bool"), "type", "what `count` gives is of type int\n    write int"),
        (row("every", "bool", "cared_for"), row("every", "bool"), "field", "`every` looks at one part of an entry"),
        (
            row("every", "bool", "cared_for"),
            row("every", "bool", "care_for"),
            "field",
            "an entry of `siblings` has no part `care_for`\n    did you mean `cared_for`?",
        ),
        (
            row("latest", "event", "date_of_birth"),
            row("latest", "event", "cared_for"),
            "field",
            "the part `cared_for` is of type bool, and `latest` looks at a date",
        ),
        (row("count", "int"), row("count", "int", source="sibling"), "source", "unknown fact `sibling`"),
        (
            row("every", "bool", "cared_for"),
            row("every", "bool", "cared_for", source="district_of"),
            "source",
            "unknown fact `district_of`",
        ),
        (
            row("count", "int", source="strategy_meeting_on"),
            row("count", "int", source="cared_for"),
            "source",
            "`cared_for` is no list of records and no event",
        ),
        (
            row("count", "int", "24 months", "strategy_meeting_on"),
            row("count", "int", "two years", "strategy_meeting_on"),
            "field",
            "`two years` is no time\n    write for example `24 months`, or leave it empty",
        ),
        (row("count", "int"), row("count", "int", key="team"), "key", "`count` takes no key here\n    leave it empty"),
        (row("count", "int"), row("count", "int", label=""), "label", "`made` has no English text here"),
    ],
)
def test_rows_and_their_faults(tmp_path: Path, good: dict[str, str], bad: dict[str, str], column: str, expected: str) -> None:
    assert "made" in own(tmp_path, good).tallies
    with pytest.raises(InputError) as caught:
        own(tmp_path, bad)
    said = "\n".join(map(str, caught.value.faults))
    assert f"northshire/calculated.tsv:2, column `{column}`: {expected}" in said


def test_no_case_file_has_a_count(tmp_path: Path) -> None:
    vocabulary = own(tmp_path, row("count", "int"))
    assert "made" not in vocabulary.recorded
    assert vocabulary.source("made") == "siblings"
    document = {"case_id": "c", "policy": "p", "as_of": iso(DAY), "facts": {"made": 2}}
    with pytest.raises(InputError, match="unknown fact `made`"):
        make_case(document, vocabulary, "c")


def test_columns_of_no_case_at_all(tmp_path: Path) -> None:
    listed = from_cases([Case("c", "p", DAY, {"siblings": ()})], own(tmp_path)).lists["siblings"]
    assert np.array_equal(bulk.of_entries(tally("count"), listed), np.array([0]))
