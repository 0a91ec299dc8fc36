"""Values that a policy adds to a shared fact: rows that serve, and rows that do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.vocabulary.test_load import own, refused

LEVELS = ("team_managers", "service_managers")
EMPTY = dict.fromkeys(("label", "true", "false", "question", "time"), "")


def extended(**cells: str) -> dict[str, str]:
    return {**EMPTY, "name": "dispute_unresolved_at", "type": "enum", "values": "director", **cells}


def test_values_are_added_after_the_shared_ones(tmp_path: Path) -> None:
    vocabulary = own(tmp_path, extended(values="head_of_service; director"))
    fact = vocabulary.facts["dispute_unresolved_at"]
    assert fact.values == (*LEVELS, "head_of_service", "director")
    assert (fact.time, fact.of) == ("outcome", "dispute_raised_on")
    assert [name for group in vocabulary.groups for name in group.facts].count("dispute_unresolved_at") == 1


def test_the_shared_values_may_be_named_again(tmp_path: Path) -> None:
    fact = own(tmp_path, extended(values="team_managers; service_managers; director")).facts["dispute_unresolved_at"]
    assert fact.values == (*LEVELS, "director")


@pytest.mark.parametrize(
    ("cells", "column", "expected"),
    [
        ({"values": ""}, "values", "no value is added to the shared fact `dispute_unresolved_at`"),
        ({"values": "team_managers"}, "values", "no value is added to the shared fact `dispute_unresolved_at`"),
        ({"values": "The Director"}, "values", "`The Director` is not a code\n    use lower-case letters, digits and _"),
        ({"type": "bool"}, "type", "the shared fact `dispute_unresolved_at` has the type enum\n    write enum"),
        ({"label": "the level"}, "label", "`dispute_unresolved_at` is a shared fact already, and a policy can only add"),
        (
            {"name": "cared_for", "type": "bool", "values": ""},
            "name",
            "`cared_for` is a shared fact already\n"
            "    remove the row: rules may use `cared_for` as `whichteam facts cared_for` shows it",
        ),
    ],
)
def test_what_can_not_be_changed(tmp_path: Path, cells: dict[str, str], column: str, expected: str) -> None:
    assert f"northshire/facts.tsv:2, column `{column}`: {expected}" in refused(tmp_path, extended(**cells))


def test_a_fact_is_extended_once(tmp_path: Path) -> None:
    said = refused(tmp_path, extended(), extended(values="leader"))
    assert "northshire/facts.tsv:3, column `name`: `dispute_unresolved_at` is declared twice" in said
