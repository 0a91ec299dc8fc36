"""Unexpected errors give one line and a report file without data of a case, and no traceback."""

from __future__ import annotations

import json
import os
import re
import signal
from pathlib import Path

import pytest

from explain import commands
from kb.errors import Fault, InputError
from tests.helpers import started, whichteam

SECRET = "Ada Lovelace"
FAILS = f"""
import explain.commands
def deep(case):
    raise KeyError(case)
def fails(*given):
    try:
        deep({SECRET!r})
    except KeyError as error:
        raise ValueError("about " + {SECRET!r}) from error
explain.commands.decide_one = fails
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    path = tmp_path / "case.json"
    path.write_text(json.dumps({"case_id": SECRET, "policy": "blackpool", "as_of": "2024-10-16", "facts": {}}))
    return path


def test_it_is_one_line_with_a_file_for_those_who_mend_it(case: Path, tmp_path: Path) -> None:
    ran = started("decide", case, before=FAILS, XDG_CACHE_HOME=str(tmp_path / "kept"))
    (path,) = (tmp_path / "kept" / "whichteam").iterdir()
    reference = path.stem.removeprefix("whichteam-error-")
    told = f"please report it: what happened is in {path}, which holds nothing of a case"
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"error: whichteam itself failed (reference {reference}); {told}\n"
    assert path.stat().st_mode & 0o777 == 0o600
    lines = path.read_text().splitlines()
    assert re.fullmatch(r"whichteam \S+, Python 3[.\d]+, \w+", lines[0])
    assert lines[1:] == [
        f"reference {reference}",
        "",
        "ValueError",
        *(line for line in lines if re.fullmatch(r"  \S+:\d+ in \S+", line) and line in lines[4 : lines.index("KeyError") - 1]),
        "",
        "KeyError",
        "  <string>:4 in deep",
        "  <string>:7 in fails",
    ]
    assert re.fullmatch(r"  explain/cli.py:\d+ in decide", lines[5])
    assert [word for word in (*SECRET.split(), str(Path.home()), str(tmp_path)) if word in path.read_text()] == []


def test_a_developer_sees_all_of_it(case: Path) -> None:
    ran = started("decide", case, before=FAILS, WHICHTEAM_DEBUG="1")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.endswith(f"ValueError: about {SECRET}\n")


def test_where_no_file_can_be_written_the_kind_is_told(
    case: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise InputError([Fault("here", "can't be written")])

    def fails(*_: object) -> None:
        raise ZeroDivisionError(SECRET)

    monkeypatch.setattr("kb.output.write", full)
    monkeypatch.setattr("explain.commands.decide_one", fails)
    ran = whichteam("decide", case)
    assert (ran.code, ran.out) == (2, "")
    told = re.sub("reference [0-9a-f]{8}", "reference R", ran.err)
    assert told == "error: whichteam itself failed (reference R); please report it: it was a ZeroDivisionError\n"


@pytest.mark.parametrize("error", ["RecursionError", "MemoryError", "AssertionError", "UnicodeError", "OSError"])
def test_no_kind_of_error_gives_a_traceback(error: str, case: Path, tmp_path: Path) -> None:
    fails = f"import explain.commands\ndef fails(*given): raise {error}({SECRET!r})\nexplain.commands.decide_one = fails"
    ran = started("decide", case, before=fails, XDG_CACHE_HOME=str(tmp_path / "kept"))
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert ran.err.startswith("error: whichteam itself failed (reference ")


def test_a_full_disk_under_what_is_printed(case: Path) -> None:
    """With output buffered until the end or not."""
    case.write_text(case.read_text().replace(SECRET, "c1"))
    for arguments in (["--json"], []):
        full = "import sys\nsys.stdout = open('/dev/full', 'w')"
        ran = started("decide", case, *arguments, before=full)
        expected = (
            "error: the output, or a temporary file: can't be written: no space left on device\n    make room on the disk\n"
        )
        assert (ran.code, ran.err) == (2, expected)


ONE_FAILS = """
import explain.commands
decided = explain.commands.decide_exactly
def fails(program, case, engine):
    if case.case_id == "c2":
        raise ZeroDivisionError(case.case_id)
    return decided(program, case, engine)
explain.commands.decide_exactly = fails
"""


def test_one_case_of_a_folder_fails_by_itself(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("c1", "c2", "c3"):
        facts = {"team_on_record": "assessment_and_support_team"}
        document = {"case_id": name, "policy": "blackpool", "as_of": "2024-10-16", "facts": facts}
        (tmp_path / "in" / f"{name}.json").write_text(json.dumps(document))
    ran = started("decide", tmp_path / "in", "--out", tmp_path / "out", before=ONE_FAILS)
    assert (ran.code, ran.out) == (2, "")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["c1.json", "c3.json"]
    told, tried, count = ran.err.splitlines()[-3:]
    assert told.startswith("error: c2.json: whichteam itself failed (reference ")
    assert tried == "    the other cases are decided; try this one by itself: whichteam decide FILE"
    assert count == "2 decided, 1 not usable, of 3"


@pytest.mark.skipif(os.cpu_count() == 1, reason="one processor: all is decided in this process")
def test_a_process_that_is_ended_loses_no_case_unsaid(tmp_path: Path) -> None:
    """The memory of a machine may run out: the system then ends a process without a word."""
    paths = [tmp_path / f"c{n}.json" for n in range(6)]
    jobs: list[commands.Job] = [(path, "no such policy", None, {}) for path in paths]
    results = list(commands._each(jobs, _ended))
    assert [str(fault) for faults in results if isinstance(faults, list) for fault in faults] == [
        f"{path.name}: the process that was to decide it was ended\n"
        "    the decisions that are written are whole; run the command again for the others"
        for path in paths
    ]


def _ended(_: object) -> list[list[Fault]]:
    os.kill(os.getpid(), signal.SIGKILL)
    return []


@pytest.mark.parametrize("command", [("decide",), ("caseload", "--policy", "blackpool"), ("new-policy",), ("fmt",)])
def test_a_path_that_can_be_none_is_told_as_what_the_user_named(command: tuple[str, ...]) -> None:
    ran = whichteam(*command, "x" * 5_000)
    assert (ran.code, ran.out, ran.err) == (2, "", f"error: {'x' * 60}…: can't be used: file name too long\n    check the path\n")
