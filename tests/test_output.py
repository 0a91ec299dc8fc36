"""Writing files: atomically, readable by the owner only, not through links, and with errors at any point."""

from __future__ import annotations

import io
import os
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kb import output
from kb.errors import Fault, InputError
from kb.workbook_writing import making_workbook
from tests.helpers import ROOT

HINT = "make room there, or name another place"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture(params=["without a name", "named"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The two ways of writing a file: unnamed at first, or under a temporary name."""
    if request.param == "named":
        monkeypatch.setattr(output, "without_name", lambda *_: None)
    return str(request.param)


@pytest.mark.usefixtures("way")
def test_a_file_is_for_its_owner_only(tmp_path: Path) -> None:
    earlier = os.umask(0)
    try:
        output.write(tmp_path / "new.json", "one")
        (tmp_path / "old.json").write_text("earlier")
        output.write(tmp_path / "old.json", b"two")
    finally:
        os.umask(earlier)
    assert [(path.name, path.read_text(), mode(path)) for path in sorted(tmp_path.iterdir())] == [
        ("new.json", "one", 0o600),
        ("old.json", "two", 0o600),
    ]


@pytest.mark.usefixtures("way")
def test_what_tells_of_no_child_keeps_its_rights(tmp_path: Path) -> None:
    (tmp_path / "rules.dl").write_text("earlier")
    (tmp_path / "rules.dl").chmod(0o640)
    output.write(tmp_path / "rules.dl", "later", private=False)
    assert ((tmp_path / "rules.dl").read_text(), mode(tmp_path / "rules.dl")) == ("later", 0o640)


@pytest.mark.usefixtures("way")
def test_no_link_is_followed(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("not to be touched")
    out = tmp_path / "out"
    out.mkdir()
    (out / "record.json").symlink_to(other)
    (out / "record.json.part").symlink_to(other)
    output.write(out / "record.json", "the record")
    assert other.read_text() == "not to be touched"
    assert (out / "record.json").read_text() == "the record"
    assert not (out / "record.json").is_symlink()
    assert names(out) == ["record.json", "record.json.part"]


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("folder", "it is a folder"),
        ("pipe", "it is a device or a pipe, not a file"),
        ("none/record.json", "no such file or directory"),
        ("x" * 300, "file name too long"),
    ],
)
def test_a_place_that_can_not_be_used(place: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError) as error:
        output.write(tmp_path / place, "text")
    assert str(error.value) == f"{tmp_path / place}: can't be written: {reason}\n    name another place"
    assert names(tmp_path) == ["folder", "pipe"]


@pytest.mark.usefixtures("way")
def test_a_full_disk_leaves_everything_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no room for the second of two files."""
    (tmp_path / "first").write_text("earlier")

    def full(file: object) -> None:
        raise OSError(28, "No space left on device")

    files: Mapping[Path, output.Content] = {tmp_path / "first": "later", tmp_path / "second": full}
    with pytest.raises(InputError) as error:
        output.write_all(files)
    assert str(error.value) == f"{tmp_path / 'second'}: can't be written: no space left on device\n    {HINT}"
    assert (names(tmp_path), (tmp_path / "first").read_text()) == (["first"], "earlier")


def start(code: str, folder: Path) -> subprocess.Popen[str]:
    """Runs Python code that prints `started` in the middle of writing, and then waits."""
    lines = ["import sys", "from pathlib import Path", "from kb import output", f"folder = Path({str(folder)!r})", code]
    process = subprocess.Popen(
        [sys.executable, "-c", "\n".join(lines)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "started\n"
    return process


WRITE = """
def slowly(file):
    file.write(b"half of ")
    file.flush()
    print("started", flush=True)
    file.write(sys.stdin.readline().encode())
output.write(folder / "record.json", slowly)
"""


def test_a_killed_program_leaves_nothing(tmp_path: Path) -> None:
    if output.without_name(tmp_path, 0o600) is None:
        pytest.skip("the file system knows no files without a name")
    (tmp_path / "record.json").write_text("earlier")
    with start(WRITE, tmp_path) as process:
        process.send_signal(signal.SIGKILL)
    assert (names(tmp_path), (tmp_path / "record.json").read_text()) == (["record.json"], "earlier")


def test_three_programs_write_one_file(tmp_path: Path) -> None:
    """Each writes its whole file; the last one stays."""
    running = [start(WRITE, tmp_path) for _ in range(3)]
    for number, process in enumerate(running):
        process.communicate(f"number {number}", timeout=60)
        assert (tmp_path / "record.json").read_text() == f"half of number {number}"
    assert [process.returncode for process in running] == [0, 0, 0]
    assert names(tmp_path) == ["record.json"]


def test_a_folder_is_filled_whole(tmp_path: Path) -> None:
    with output.filling(tmp_path / "new" / "cases") as inside:
        output.write(inside / "a.json", "a")
        output.write(inside / "b.json", "b")
        assert names(tmp_path / "new" / "cases") == [inside.name]
    assert names(tmp_path / "new" / "cases") == ["a.json", "b.json"]
    assert [mode(tmp_path / "new"), mode(tmp_path / "new" / "cases")] == [0o700, 0o700]


def fill(folder: Path, error: BaseException) -> None:
    """Begins to fill a folder and raises an error."""
    with output.filling(folder) as inside:
        output.write(inside / "a.json", "a")
        raise error


@pytest.mark.parametrize("place", ["new/cases", "there"])
@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(28, "No space left on device"), f"{{folder}}: can't be written: no space left on device\n    {HINT}"),
        (InputError([Fault("a case", "is wrong")]), "a case: is wrong"),
        (KeyboardInterrupt("stopped"), "stopped"),
    ],
)
def test_a_folder_that_could_not_be_filled_is_as_it_was(error: BaseException, told: str, place: str, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "note").write_text("earlier")
    with pytest.raises((InputError, KeyboardInterrupt)) as caught:
        fill(tmp_path / place, error)
    assert str(caught.value) == told.format(folder=tmp_path / place)
    assert (names(tmp_path), names(tmp_path / "there")) == (["there"], ["note"])


def test_a_workbook_under_way_has_no_file_that_could_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if output.without_name(tmp_path, 0o600) is None:
        pytest.skip("this file system has no files without a name")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    opened = len(list(Path(output.DESCRIPTORS).iterdir()))
    for ways in ({"write_only": True}, {}):
        made = io.BytesIO()
        with making_workbook():
            book = openpyxl.Workbook(**ways)
            page = book.create_sheet("Children")
            for number in range(3):
                page.append([f"child {number}", number])
            assert list(tmp_path.iterdir()) == []
            book.save(made)
        assert list(tmp_path.iterdir()) == []
        read: Any = openpyxl.load_workbook(made)["Children"]
        assert list(read.values) == [("child 0", 0), ("child 1", 1), ("child 2", 2)]
    assert len(list(Path(output.DESCRIPTORS).iterdir())) == opened
