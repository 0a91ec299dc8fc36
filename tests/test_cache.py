"""The cache on disk: values are computed once, recomputed if a file is damaged or not the user's, and limited in size."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import stat
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer

import kb.cache
from kb.cache import forget, nothing_kept, remember
from kb.dates import bank_holidays
from kb.plain_data import from_plain, to_plain
from kb.program import Program
from tests.helpers import started


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WHICHTEAM_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


class Made:
    """A function that counts its calls."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> str:
        self.times += 1
        return f"made {self.times}"


def test_what_was_made_is_not_made_again(folder: Path) -> None:
    make = Made()
    assert [remember("one", str, make), remember("one", str, make), remember("other", str, make)] == [
        "made 1",
        "made 1",
        "made 2",
    ]


def test_the_cache_can_be_turned_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHICHTEAM_CACHE", "off")
    make = Made()
    assert [remember("one", str, make), remember("one", str, make)] == ["made 1", "made 2"]


class Harmful:
    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, ("touch harmed",)


@pytest.mark.parametrize("content", [b"", b"nonsense", pickle.dumps(Harmful())])
def test_a_damaged_file_is_made_again_and_never_run(
    content: bytes, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    make = Made()
    remember("one", str, make)
    (path,) = folder.iterdir()
    path.write_bytes(content)
    assert [remember("one", str, make), remember("one", str, make)] == ["made 2", "made 2"]
    assert not (tmp_path / "harmed").exists()


def test_the_least_recently_used_file_is_removed_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for age, name in ((300, "old"), (200, "middle"), (100, "young")):
        remember(name, str, lambda: "x" * 1000)
        newest = max(folder.iterdir(), key=lambda path: path.stat().st_mtime)
        os.utime(newest, (1_000_000 - age, 1_000_000 - age))
    assert remember("old", str, Made()) == "x" * 1000  # this makes it the most recently used
    monkeypatch.setattr(kb.cache, "MOST", 2500)
    remember("new", str, lambda: "y")
    kept = {name: remember(name, str, Made()) for name in ("old", "young", "middle")}
    assert kept == {"old": "x" * 1000, "young": "x" * 1000, "middle": "made 1"}


def test_a_folder_that_can_only_be_read_is_of_use(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(path)

    make = Made()
    remember("one", str, make)
    monkeypatch.setattr(os, "utime", refuse)
    assert remember("one", str, make) == "made 1"


def test_a_folder_that_can_not_be_written_to_does_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("WHICHTEAM_CACHE", str(tmp_path / "file"))
    assert remember("one", str, Made()) == "made 1"


def resealed(document: object) -> bytes:
    """A forged cache file with a correct hash."""
    body = json.dumps(document).encode()
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def test_it_is_for_its_owner_only(folder: Path) -> None:
    remember("one", str, Made())
    (path,) = folder.iterdir()
    assert [stat.S_IMODE(place.stat().st_mode) for place in (folder, path)] == [0o700, 0o600]


@pytest.mark.parametrize("change", ["cut", "a letter", "another type", "another key", "link", "folder"])
def test_a_file_that_is_not_as_it_was_written_is_made_again(change: str, folder: Path, tmp_path: Path) -> None:
    make = Made()
    remember("one", str, make)
    (path,) = folder.iterdir()
    content = path.read_bytes()
    if change == "cut":
        path.write_bytes(content[:-3])
    elif change == "a letter":
        path.write_bytes(content.replace(b"made 1", b"made 9"))
    elif change == "another type":
        key, _ = json.loads(content.partition(b"\n")[2])
        path.write_bytes(resealed([key, [[], [9]]]))
    elif change == "another key":
        path.write_bytes(resealed(["another", [[], ["made 9"]]]))
    elif change == "link":
        path.rename(tmp_path / "elsewhere")
        path.symlink_to(tmp_path / "elsewhere")
    else:
        path.unlink()
        path.mkdir()
    assert remember("one", str, make) == "made 2"
    assert remember("one", str, make) == ("made 3" if change == "folder" else "made 2")


def test_a_file_that_others_can_write_to_is_made_again(folder: Path) -> None:
    make = Made()
    remember("one", str, make)
    (path,) = folder.iterdir()
    path.chmod(0o666)
    assert [remember("one", str, make), remember("one", str, make)] == ["made 2", "made 2"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_folder_that_others_can_write_to_is_not_used(folder: Path) -> None:
    make = Made()
    remember("one", str, make)
    folder.chmod(0o777)
    assert [remember("one", str, make), remember("two", str, make)] == ["made 2", "made 3"]
    assert len(list(folder.iterdir())) == 1


def test_what_belongs_to_another_user_is_not_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make = Made()
    remember("one", str, make)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert [remember("one", str, make), remember("one", str, make)] == ["made 2", "made 3"]


def test_what_a_killed_program_left_behind_is_removed(folder: Path) -> None:
    folder.mkdir(mode=0o700)
    for name, age in ((".whichteam-old", 7200), (".whichteam-new", 60)):
        (folder / name).write_text("half")
        os.utime(folder / name, (time.time() - age,) * 2)
    remember("one", str, Made())
    assert sorted(path.name for path in folder.iterdir() if path.suffix != ".program") == [".whichteam-new"]


def test_a_full_disk_leaves_nothing_behind(folder: Path) -> None:
    """With a limit on file size that is smaller than a program."""
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))"
    ran = started("readings", "blackpool", before=limit, WHICHTEAM_CACHE=str(folder))
    assert ran.code == 0
    ran = started("check", "blackpool", "--rules-only", before=limit, WHICHTEAM_CACHE=str(folder))
    assert (ran.code, ran.err) == (0, "")
    assert [path for path in folder.iterdir() if path.stat().st_size > 5000 or path.suffix != ".program"] == []


def poison(path: Path, kind: Any, change: Callable[[Any], Any]) -> None:
    """Forges the content of the cache file of one kind, with a correct hash."""
    key, plain = json.loads(path.read_bytes().partition(b"\n")[2])
    path.write_bytes(resealed([key, to_plain(kind, change(from_plain(kind, plain)))]))


def test_nothing_kept_turns_the_cache_off_in_memory_too(folder: Path) -> None:
    """Neither from a file nor from memory."""
    forget()
    right = bank_holidays(2033)
    (path,) = folder.iterdir()
    poison(path, frozenset[int], lambda _: frozenset([1]))
    forget()
    assert bank_holidays(2033) == {1}  # the user's own file is trusted
    with nothing_kept():
        assert bank_holidays(2033) == right
    assert date(2033, 12, 26).toordinal() in right


def fewer_rules(program: Program) -> Program:
    return replace(program, ground=program.ground[:-1])


def test_a_record_is_not_checked_by_what_was_kept(folder: Path, tmp_path: Path) -> None:
    """A filed decision made with a forged program in the cache does not pass as one under the installed rules."""
    case, record = tmp_path / "case.json", tmp_path / "record.json"
    case.write_text(json.dumps({"case_id": "c1", "policy": "blackpool", "as_of": "2024-10-16", "facts": {}}))
    cached = {"WHICHTEAM_CACHE": str(folder)}
    same = "Its rules are those installed here: `blackpool`"
    assert started("record", case, "--out", record, **cached).code == 0
    ran = started("verify", record, **cached)
    assert (ran.code, same in ran.out) == (0, True)
    path = max(folder.iterdir(), key=lambda file: file.stat().st_size)
    poison(path, Program, fewer_rules)
    assert started("record", case, "--out", record, **cached).code == 0
    ran = started("verify", record, **cached)
    assert (ran.code, same in ran.out) == (3, False)
    assert "Its rules are not those installed here: " in ran.out


@pytest.mark.parametrize("arguments", [("decide", "CASE", "--no-cache"), ("decide", "--no-cache", "CASE", "--json")])
def test_a_command_may_be_told_to_keep_nothing(arguments: tuple[str, ...], folder: Path, tmp_path: Path) -> None:
    case = tmp_path / "case.json"
    case.write_text(json.dumps({"case_id": "c1", "policy": "blackpool", "as_of": "2024-10-16", "facts": {}}))
    ran = started(*(str(case) if word == "CASE" else word for word in arguments), WHICHTEAM_CACHE=str(folder))
    assert (ran.code, ran.err, folder.exists()) == (0, "", False)


def test_every_command_has_no_cache_as_an_option() -> None:
    from explain.cli import app

    top = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    groups = {name: group.commands for name, group in top.items() if hasattr(group, "commands")}
    commands = {name: command for name, command in top.items() if name not in groups}
    commands |= {f"{group} {name}": command for group, of in groups.items() for name, command in of.items()}
    assert [name for name, command in commands.items() if "--no-cache" not in command.params[-1].opts] == []
    assert {"decide", "verify", "check", "test", "app", "caseload", "intake", "invent"} <= set(commands)
