"""Codes with names that can be confused, and reserved words as codes, each beside a valid one."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.errors import InputError
from kb.vocabulary.apart import alike, distinct
from kb.vocabulary.load import load_vocabulary

FIRST = ("team", "first_team", "First Team", "")
HINT = "    give one of them another name: case, accents and similar letters do not tell names apart"


def own(folder: Path, *rows: tuple[str, str, str, str]) -> str:
    """The faults of a council's table of codes; empty if there are none."""
    home = folder / "northshire"
    home.mkdir(exist_ok=True)
    lines = ["kind\tcode\tlabel\taliases", *("\t".join(row) for row in rows)]
    (home / "codes.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    try:
        load_vocabulary(home)
    except InputError as error:
        return "\n".join(map(str, error.faults))
    return ""


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (("team", "second_team", "First Team", ""), "label"),
        (("team", "second_team", "FIRST TEAM", ""), "label"),
        (("team", "second_team", "The first team", ""), "label"),
        (("team", "second_team", "Ｆｉｒｓｔ Team", ""), "label"),
        (("team", "second_team", "Fïrst Team", ""), "label"),
        (("team", "second_team", "First Tеam", ""), "label"),
        (("team", "second_team", "First\u200b Team", ""), "label"),
        (("team", "second_team", "First-Team.", ""), "label"),
        (("team", "second_team", "Second Team", "2nd; First Team"), "aliases"),
        (("body", "a_body", "first team", ""), "label"),
    ],
)
def test_names_that_people_can_not_tell_apart(tmp_path: Path, row: tuple[str, str, str, str], column: str) -> None:
    name = row[2] if column == "label" else "First Team"
    assert own(tmp_path, FIRST, row) == (
        f"northshire/codes.tsv:3, column `{column}`: people can't tell `{name}` (`{row[1]}`) from `First Team` (`first_team`) "
        f"at northshire/codes.tsv:2, column `label`\n{HINT}"
    )


@pytest.mark.parametrize(
    "row",
    [
        ("team", "second_team", "Second Team", "2nd"),
        ("team", "second_team", "First Teams", ""),
        ("team", "second_team", "First Team North", ""),
        ("team", "second_team", "Tŷ Newydd", "Ty Newydd"),
        ("duty", "a_duty", "First Team", ""),
        ("point", "first_meeting", "the meeting of the first team", ""),
        ("duty", "first_team", "call the first team", ""),
    ],
)
def test_names_that_people_can_tell_apart(tmp_path: Path, row: tuple[str, str, str, str]) -> None:
    assert own(tmp_path, FIRST, row) == ""


def test_a_code_of_a_team_and_of_a_point_is_refused(tmp_path: Path) -> None:
    """Both stand in a route, so that a rule with the two exchanged would be as right as the one that was meant."""
    assert own(tmp_path, FIRST, ("point", "first_team", "the meeting of the first team", "")) == (
        "northshire/codes.tsv:3, column `code`: `first_team` is a point here "
        "and a team at northshire/codes.tsv:2, column `code`\n"
        "    give one of them another code: rules name both in one place"
    )


def test_a_name_of_the_shared_vocabulary_is_taken(tmp_path: Path) -> None:
    assert own(tmp_path, ("team", "shut_team", "Closed to social work", "")) == (
        "northshire/codes.tsv:2, column `label`: people can't tell `Closed to social work` (`shut_team`) from "
        f"`closed to social work` (`case_closed`) at vocabulary/codes.tsv:2, column `label`\n{HINT}"
    )


@pytest.mark.parametrize(
    ("code", "means"),
    [
        ("none", "no team has the child open"),
        ("no_team", "the policy names no team"),
        ("as_of", "the day of the answer"),
        ("known", "a word of the rule language"),
        ("unknown", "a word of the rule language"),
        ("not", "a word of the rule language"),
    ],
)
@pytest.mark.parametrize("kind", ["team", "point", "duty"])
def test_words_that_can_not_be_codes(tmp_path: Path, kind: str, code: str, means: str) -> None:
    assert own(tmp_path, FIRST, (kind, code, "Second Team", "")) == (
        f"northshire/codes.tsv:3, column `code`: `{code}` can't be a code: it means {means}\n    give it another code"
    )
    assert own(tmp_path, FIRST, (kind, f"{code}_team", "Second Team", "")) == ""


def test_codes_are_looked_at_though_the_table_of_facts_can_not_be_read(tmp_path: Path) -> None:
    home = tmp_path / "northshire"
    home.mkdir()
    (home / "facts.tsv").write_text("name\ttype\n", encoding="utf-8")
    said = own(tmp_path, FIRST, ("team", "none", "Second Team", ""))
    assert "`none` can't be a code" in said
    assert "northshire/facts.tsv:1: columns `values`, `label`, `true`, `false`, `question` are missing" in said


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Team I", "Team l", True),
        ("Team 1", "Team I", True),
        ("Team O", "Team 0", True),
        ("ΑΒΕ", "ABE", True),
        ("Children's Team", "Childrens Team", True),
        ("Team 1", "Team 2", False),
        ("Team 1", "Team 11", False),
        ("North & South", "North South", True),
        ("Straße", "Strasse", True),
        ("", "Team", False),
    ],
)
def test_which_names_are_alike(one: str, other: str, same: bool) -> None:
    assert alike(one, other) is same
    assert distinct([one, other, "Somewhere else"]) == (not same, not same, True)


def test_a_code_that_every_policy_has_is_to_be_used(tmp_path: Path) -> None:
    """A row for something that is shared already; one of another kind can only get another name."""
    told = own(tmp_path, ("point", "conference", "initial child protection conference", ""))
    assert told == (
        "northshire/codes.tsv:2, column `label`: people can't tell `initial child protection conference` (`conference`) from the "
        "code `initial_child_protection_conference` at vocabulary/codes.tsv:10, column `code`\n"
        "    if it is the same, take this row out and write `initial_child_protection_conference`, which every policy has; "
        f"if not, {HINT.strip()}"
    )
    assert own(tmp_path, ("body", "manager", "team manager", "")).endswith("\n" + HINT)
