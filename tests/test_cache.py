"""What is kept between runs: made once, made again when damaged, never run, never more than the limit."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

import kb.cache
from kb.cache import remember


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WHICHTEAM_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


class Made:
    """Counts how often something was made."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> str:
        self.times += 1
        return f"made {self.times}"


def test_what_was_made_is_not_made_again(folder: Path) -> None:
    make = Made()
    assert [remember("one", make), remember("one", make), remember("other", make)] == ["made 1", "made 1", "made 2"]


def test_nothing_is_kept_where_that_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHICHTEAM_CACHE", "off")
    make = Made()
    assert [remember("one", make), remember("one", make)] == ["made 1", "made 2"]


class Harmful:
    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, ("touch harmed",)


@pytest.mark.parametrize("content", [b"", b"nonsense", pickle.dumps(Harmful())])
def test_a_damaged_file_is_made_again_and_never_run(
    content: bytes, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    make = Made()
    remember("one", make)
    (path,) = folder.iterdir()
    path.write_bytes(content)
    assert [remember("one", make), remember("one", make)] == ["made 2", "made 2"]
    assert not (tmp_path / "harmed").exists()


def test_what_was_not_used_for_longest_is_let_go(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for age, name in ((300, "old"), (200, "middle"), (100, "young")):
        remember(name, lambda: "x" * 1000)
        newest = max(folder.iterdir(), key=lambda path: path.stat().st_mtime)
        os.utime(newest, (1_000_000 - age, 1_000_000 - age))
    assert remember("old", Made()) == "x" * 1000  # used: it is now the youngest
    monkeypatch.setattr(kb.cache, "MOST", 2500)
    remember("new", lambda: "y")
    kept = {name: remember(name, Made()) for name in ("old", "young", "middle")}
    assert kept == {"old": "x" * 1000, "young": "x" * 1000, "middle": "made 1"}


def test_a_folder_that_can_only_be_read_is_of_use(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(path)

    make = Made()
    remember("one", make)
    monkeypatch.setattr(os, "utime", refuse)
    assert remember("one", make) == "made 1"


def test_a_folder_that_can_not_be_written_to_does_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("WHICHTEAM_CACHE", str(tmp_path / "file"))
    assert remember("one", Made()) == "made 1"
