"""A policy is the same after editors or checkouts change its line ends."""

from __future__ import annotations

import codecs
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kb.examples import read_examples
from kb.policy import POLICIES, digest, load_policy
from kb.program import compile_policy
from queries.load import load_program
from tests.helpers import Ran, whichteam

CODES = ("blackpool", "sefton")
EDITORS: dict[str, Callable[[bytes], bytes]] = {
    "CRLF": lambda raw: raw.replace(b"\n", b"\r\n"),
    "byte-order mark": lambda raw: codecs.BOM_UTF8 + raw,
    "both": lambda raw: codecs.BOM_UTF8 + raw.replace(b"\n", b"\r\n"),
}


def copied(code: str, folder: Path, edit: Callable[[bytes], bytes]) -> Path:
    """A copy of a policy's folder with each file changed by `edit`."""
    home = folder / code
    shutil.copytree(POLICIES / code, home)
    for path in home.iterdir():
        if path.is_file():
            path.write_bytes(edit(path.read_bytes()))
    return home


@pytest.mark.parametrize("editor", EDITORS)
@pytest.mark.parametrize("code", CODES)
def test_a_policy_is_the_same_after_another_editor(code: str, editor: str, tmp_path: Path) -> None:
    copy = load_policy(copied(code, tmp_path, EDITORS[editor]))
    assert copy == load_policy(POLICIES / code)
    assert repr(compile_policy(copy).rules) == repr(load_program(code).rules)  # including the positions in its files


def test_another_letter_makes_another_version(tmp_path: Path) -> None:
    copy = copied("blackpool", tmp_path, lambda raw: raw.replace(b"transfer", b"Transfer"))
    assert digest(copy) != digest(POLICIES / "blackpool")


@pytest.mark.parametrize("editor", EDITORS)
def test_it_is_laid_out_and_has_no_fault(editor: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = copied("blackpool", tmp_path, EDITORS[editor])
    monkeypatch.chdir(tmp_path)
    files = sorted(home.glob("*.dl"))
    before = [path.read_bytes() for path in files]
    for arguments in (["--check"], []):
        assert whichteam("fmt", "./blackpool", *arguments) == Ran(0, f"{len(files)} files, all laid out\n", "")
    assert [path.read_bytes() for path in files] == before
    assert whichteam("check", "./blackpool", "--rules-only").code == 0
    policy = load_policy(home)
    assert len(read_examples(home, policy)) == len(read_examples(POLICIES / "blackpool", policy))


@pytest.mark.parametrize("editor", EDITORS)
@pytest.mark.parametrize("name", ["case.json", "case.yaml"])
def test_a_case_is_the_same_after_another_editor(name: str, editor: str, tmp_path: Path) -> None:
    text = json.dumps({"case_id": "c1", "policy": "blackpool", "as_of": "2024-10-16", "facts": {}}, indent=1)
    if name.endswith(".yaml"):
        text = "case_id: c1\npolicy: blackpool\nas_of: 2024-10-16\nfacts: {}\n"
    (tmp_path / name).write_text(text)
    plain = whichteam("decide", tmp_path / name, "--json")
    (tmp_path / name).write_bytes(EDITORS[editor](text.encode()))
    assert (plain.code, whichteam("decide", tmp_path / name, "--json")) == (0, plain)
