"""Codes of policies: cases may only name installed policies, and policies with the same name are distinguished."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from explain.policy_names import apart, installed_names
from kb.errors import InputError
from kb.policy import POLICIES, TEMPLATE
from queries.load import load_case, load_side_by_side
from tests.helpers import whichteam

KNOWN = "blackpool, sefton"


def edition(home: Path, code: str, version: str = "draft") -> Path:
    """The template installed as a policy with this code."""
    folder = home / code
    shutil.copytree(TEMPLATE, folder)
    about = (folder / "policy.toml").read_text(encoding="utf-8")
    (folder / "policy.toml").write_text(about.replace('version = "draft"', f'version = "{version}"'), encoding="utf-8")
    return folder


def case(folder: Path, policy: str) -> Path:
    path = folder / "case.json"
    path.write_text(json.dumps({"case_id": "c1", "policy": policy, "as_of": "2024-05-10", "facts": {}}), encoding="utf-8")
    return path


@pytest.mark.parametrize("policy", ["{home}/northshire", "./northshire", "northshire", "..", "~/northshire", "C:\\northshire"])
def test_a_case_that_names_a_folder_is_refused(tmp_path: Path, policy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    edition(tmp_path, "northshire")
    monkeypatch.chdir(tmp_path)
    named = policy.format(home=tmp_path)
    short = named if len(named) <= 60 else f"{named[:60]}…"
    said = (
        f"case.json: policy: `{short}` is a folder, and a policy is named here by the code of an installed one\n"
        f"    to use the folder, add --policy FOLDER; policies: {KNOWN}"
    )
    with pytest.raises(InputError) as refused:
        load_case(case(tmp_path, named))
    assert str(refused.value) == said
    with pytest.raises(InputError) as refused:
        load_side_by_side(case(tmp_path, named), ["blackpool"])
    assert str(refused.value) == said


def test_the_folder_can_be_named_with_an_option(tmp_path: Path) -> None:
    folder = edition(tmp_path, "northshire")
    program, _ = load_case(case(tmp_path, "northshire"), str(folder))
    assert program.policy.code == "northshire"


@pytest.mark.parametrize(
    ("policy", "hint"),
    [("blckpool", "did you mean `blackpool`?"), ("x" * 5000, f"policies: {KNOWN}"), ("a\0b", f"policies: {KNOWN}")],
)
def test_a_policy_that_is_not_installed(tmp_path: Path, policy: str, hint: str) -> None:
    with pytest.raises(InputError) as refused:
        load_case(case(tmp_path, policy))
    shown = "x" * 60 + "…" if policy[0] == "x" else policy.replace("\0", "\\x00")
    assert str(refused.value) == f"case.json: policy: there is no policy `{shown}`\n    {hint}"


def test_a_policy_in_place_of_one_that_comes_with_the_program_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edition(tmp_path, "northshire")
    monkeypatch.setenv("WHICHTEAM_POLICIES", str(tmp_path))
    assert whichteam("policies").err == ""
    shutil.copytree(POLICIES / "sefton", tmp_path / "sefton")
    assert whichteam("policies").err == (
        f"note: `sefton` is read from {tmp_path}/sefton (WHICHTEAM_POLICIES), "
        "not the policy of this code that comes with whichteam\n"
    )


def test_two_editions_of_one_council_are_shown_with_their_versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edition(tmp_path, "north_2023", "v1")
    edition(tmp_path, "north_2024", "v2")
    monkeypatch.setenv("WHICHTEAM_POLICIES", str(tmp_path))
    names = installed_names()
    assert (names["north_2023"], names["north_2024"]) == ("Example Council (v1)", "Example Council (v2)")
    assert (names["blackpool"], names["sefton"]) == ("Blackpool Council", "Sefton Council")


@pytest.mark.parametrize(
    ("titles", "names"),
    [
        ([("a", "North", "v1"), ("b", "South", "v1")], ["North", "South"]),
        ([("a", "North", "v1"), ("b", "NORTH", "v2")], ["North (v1)", "NORTH (v2)"]),
        ([("a", "North", "v1"), ("b", "North", "v1")], ["North (v1): a", "North (v1): b"]),
        ([("a", "North", "v1"), ("b", "North", "v1"), ("c", "North", "v2")], ["North (v1): a", "North (v1): b", "North (v2)"]),
    ],
)
def test_names_are_told_apart(titles: list[tuple[str, str, str]], names: list[str]) -> None:
    assert apart(titles) == names
