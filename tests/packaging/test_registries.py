"""No file names a package registry."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.helpers import ROOT
from tools.registries import main, named

HOST = ".".join(["pypi", "org"])


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [str(ROOT / name) for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]


def test_no_tracked_file_names_a_registry(capsys: pytest.CaptureFixture[str]) -> None:
    files = tracked()
    assert str(ROOT / "requirements.lock") in files
    assert (main(files), capsys.readouterr().out) == (0, "")


def test_a_name_is_told_with_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad, good = tmp_path / "bad.txt", tmp_path / "good.txt"
    bad.write_text(f"numpy\n--index-url https://{HOST}/simple\n", encoding="utf-8")
    good.write_text("numpy\n", encoding="utf-8")
    assert main([str(good), str(bad)]) == 1
    hint = "is the host of a package registry: leave it out, pip and others have their own setting"
    assert capsys.readouterr().out == f"{bad}:2:21: `{HOST}` {hint}\n"


@pytest.mark.parametrize("text", [HOST.upper(), f"test.{HOST}", f"https://user@{HOST}:443/"])
def test_a_name_is_found_in_other_forms(text: str) -> None:
    assert len(list(named(text))) == 1


@pytest.mark.parametrize("text", [f"my{HOST}", f"{HOST}anic", HOST.replace(".", " "), HOST.replace(".", "x")])
def test_other_words_are_left_alone(text: str) -> None:
    assert list(named(text)) == []


@pytest.mark.parametrize("lock", sorted(ROOT.glob("*.lock")), ids=lambda path: path.name)
def test_a_lock_file_has_no_options(lock: Path) -> None:
    """Options could name an index."""
    assert [line for line in lock.read_text(encoding="utf-8").splitlines() if line.startswith("-")] == []
