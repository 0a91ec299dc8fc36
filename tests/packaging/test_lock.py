"""Selecting the entries of a lock file that some packages need on a given kind of machine."""

from __future__ import annotations

import pytest

from tests.helpers import ROOT
from tools.bundle import roots
from tools.lock import SYSTEMS, Locked, closure, read_lock

TEXT = """\
# made by a tool
colours==1.0 ; sys_platform == 'win32' \\
    --hash=sha256:aa
    # via screen
grid==2.1 ; python_full_version < '3.12' \\
    --hash=sha256:bb \\
    --hash=sha256:cc
    # via whichteam (pyproject.toml)
grid==2.2 ; python_full_version >= '3.12' \\
    --hash=sha256:dd
    # via whichteam (pyproject.toml)
Other_Thing==3 \\
    --hash=sha256:ee
    # via
    #   grid
    #   screen
screen==0.9 \\
    --hash=sha256:ff
    # via whichteam (pyproject.toml)
"""


def test_a_lock_file_is_read() -> None:
    assert read_lock(TEXT) == [
        Locked("colours", "1.0", "sys_platform == 'win32'", ("sha256:aa",), frozenset({"screen"})),
        Locked("grid", "2.1", "python_full_version < '3.12'", ("sha256:bb", "sha256:cc"), frozenset({"whichteam"})),
        Locked("grid", "2.2", "python_full_version >= '3.12'", ("sha256:dd",), frozenset({"whichteam"})),
        Locked("other-thing", "3", "", ("sha256:ee",), frozenset({"grid", "screen"})),
        Locked("screen", "0.9", "", ("sha256:ff",), frozenset({"whichteam"})),
    ]


@pytest.mark.parametrize(
    ("wanted", "system", "python", "expected"),
    [
        (["grid"], "linux", "3.11", ["grid 2.1", "other-thing 3"]),
        (["grid"], "linux", "3.12", ["grid 2.2", "other-thing 3"]),
        (["Screen"], "linux", "3.11", ["other-thing 3", "screen 0.9"]),
        (["Screen"], "windows", "3.11", ["colours 1.0", "other-thing 3", "screen 0.9"]),
        (["other.thing"], "windows", "3.11", ["other-thing 3"]),
        ([], "windows", "3.11", []),
    ],
)
def test_what_a_machine_needs(wanted: list[str], system: str, python: str, expected: list[str]) -> None:
    found = closure(read_lock(TEXT), wanted)
    assert [f"{entry.name} {entry.version}" for entry in found if entry.wanted_on(SYSTEMS[system], python)] == expected


def test_an_entry_is_written_as_pip_reads_it() -> None:
    (_, grid, *_) = read_lock(TEXT)
    assert grid.requirement(marker=True) == (
        "grid==2.1 ; python_full_version < '3.12' \\\n    --hash=sha256:bb \\\n    --hash=sha256:cc"
    )
    assert grid.requirement(marker=False) == "grid==2.1 \\\n    --hash=sha256:bb \\\n    --hash=sha256:cc"


def test_every_entry_of_our_own_lock_file_is_read() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    entries = read_lock(text)
    assert len(entries) == sum("==" in line for line in text.splitlines() if line[:1].isalnum())
    assert [entry.name for entry in entries if not entry.hashes or not entry.needed_by] == []
    assert {name.lower() for name in roots(["app", "caseload", "documents", "register"])} <= {entry.name for entry in entries}


def test_the_smallest_installation_has_no_app() -> None:
    entries = closure(read_lock((ROOT / "requirements.lock").read_text(encoding="utf-8")), roots([]))
    names = {entry.name for entry in entries}
    assert {"clingo", "cffi", "typer", "rich"} <= names
    assert names & {"streamlit", "pandas", "duckdb", "openpyxl"} == set()
