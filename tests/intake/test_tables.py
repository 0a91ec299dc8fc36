"""The tables that intake is made of: every line says something that the program knows."""

from __future__ import annotations

import pytest

from kb.intake.derive import DATED
from kb.intake.layout import Column, layouts
from kb.intake.rules import CLASSES, Derivation, derivations
from kb.intake.values import code_lists
from kb.vocabulary.load import load_vocabulary

FACTS = load_vocabulary().facts
COLUMNS = [(layout.name, column) for layout in layouts() for column in layout.columns]
MOMENTS = {line.fact for line in derivations() if line.kind == "MOMENT"} | {"as_of"}
FORMS = {"day", "flag", "not", "code", "codes", "known", "json", "team", "text", "filled"}
CODED, YES_NO = ("code", "codes", "known", "json"), ("yes", "no")
CHOICES = {"agree", "any", "running", "latest", "earliest", "nth", "finished", "list", "closings", "alone", "shared", *DATED}


def test_every_fact_is_a_case_fact() -> None:
    assert [line.fact for line in derivations() if line.kind != "MOMENT" and line.fact not in FACTS] == []
    assert {line.kind for line in derivations()} == set(CLASSES)


def test_every_record_is_filled_by_some_column() -> None:
    filled = {(column.record, column.field) for _, column in COLUMNS}
    asked = {(line.record, clause.field) for line in derivations() for clause in line.where}
    assert asked - filled == set()


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=[f"{table} {c.name} {c.field}" for table, c in COLUMNS])
def test_every_column_is_read_in_a_known_form(table: str, column: Column) -> None:
    form, _, detail = column.form.partition(" ")
    assert form in FORMS
    assert form not in CODED or detail in code_lists()


@pytest.mark.parametrize("line", derivations(), ids=lambda line: f"{line.fact} {line.kind} {line.record}")
def test_every_line_ends_in_values_of_its_fact(line: Derivation) -> None:
    assert line.choose[0] in CHOICES
    if line.kind == "MOMENT":
        return
    fact = FACTS[line.fact]
    assert line.choose[0] not in DATED or fact.recurs or line.choose[0] == "run"
    told = {word for word in line.value.mapping.values() if word}
    if line.value.form == "word":
        told.add(line.value.words[0])
    if fact.type in ("enum", "list[enum]"):
        assert told <= set(fact.values)
    elif fact.type in ("bool", "event"):
        assert told <= {"yes", "no"}


def test_no_word_of_a_condition_is_taken_for_a_moment() -> None:
    codes = {code for codes in code_lists().values() for code in codes.codes}
    constants = {column.constant for _, column in COLUMNS if column.constant}
    assert MOMENTS & (codes | constants) == set()


def test_every_code_of_a_condition_is_on_the_list_of_its_column() -> None:
    lists: dict[tuple[str, str], set[str]] = {}
    for _, column in COLUMNS:
        form, _, name = column.form.partition(" ")
        codes = code_lists()[name].codes if form in CODED else YES_NO if form in ("flag", "not", "filled") else ()
        lists.setdefault((column.record, column.field), set()).update(codes or ([column.constant] if column.constant else []))
    wrong = [
        (line.fact, clause.field, word)
        for line in derivations()
        for clause in line.where
        if clause.operator in ("=", "!=", "in", "has") and clause.right[0] not in MOMENTS
        for word in clause.right
        if word not in lists[line.record, clause.field]
    ]
    assert wrong == []
