"""The offline bundle: its start scripts, and their messages. (Making one needs a network: docs/packaging.md.)"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers import ROOT
from tools.bundle import VERSIONS, newest_first
from tools.start_scripts import batch_script, shell_script

THIS = f"{sys.version_info.major}.{sys.version_info.minor}"
HERE = "windows" if os.name == "nt" else "linux"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A bundle without wheels, for this Python and system."""
    folder = tmp_path / "a bundle"
    (folder / "wheels").mkdir(parents=True)
    shutil.copy(ROOT / "tools" / "bundle_start.py", folder / "start.py")
    (folder / "bundle.json").write_text(json.dumps({"pythons": [THIS], "systems": [HERE]}), encoding="utf-8")
    (folder / "requirements.txt").write_text("", encoding="utf-8")
    return folder


def start(folder: Path, *arguments: str) -> tuple[int, str, str]:
    ran = subprocess.run(
        [sys.executable, str(folder / "start.py"), *arguments], capture_output=True, text=True, cwd=folder.parent
    )
    return ran.returncode, ran.stdout, ran.stderr


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        (
            {"pythons": ["3.9", "3.8"], "systems": [HERE]},
            f"this folder is for Python 3.9 or 3.8, and this is {THIS}\n    start it with that Python\n",
        ),
        (
            {"pythons": [THIS], "systems": ["other"]},
            f"this folder has no wheels for {HERE}\n    make one with: python -m tools.bundle --system {HERE}\n",
        ),
    ],
)
def test_a_machine_that_it_is_not_for_is_told(bundle: Path, about: dict[str, list[str]], expected: str) -> None:
    (bundle / "bundle.json").write_text(json.dumps(about), encoding="utf-8")
    assert start(bundle) == (2, "", f"error: start.py: {expected}")
    assert not (bundle / "environment").exists()


@pytest.mark.skipif(os.name == "nt", reason="a shell script")
def test_the_shell_script_takes_the_first_python_that_runs(tmp_path: Path) -> None:
    """A command named `python3` may exist without being a usable Python."""
    folder, path = tmp_path / "a bundle", tmp_path / "bin"
    folder.mkdir()
    path.mkdir()
    for name, body in [
        ("python3.13", "exit 127"),
        ("python3.12", '[ "$1" = -c ] || echo python3.12 "$@"'),
        ("python3", "exit 1"),
    ]:
        (path / name).write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        (path / name).chmod(0o755)
    script = folder / "whichteam.sh"
    script.write_text(shell_script(["3.13", "3.12"]), encoding="utf-8")
    settings = {"PATH": f"{path}:/usr/bin:/bin"}

    def run() -> tuple[int, str, str]:
        ran = subprocess.run(["sh", str(script), "decide", "a case.json"], capture_output=True, text=True, env=settings)
        return ran.returncode, ran.stdout, ran.stderr

    assert run() == (0, f"python3.12 {folder}/start.py decide a case.json\n", "")
    (path / "python3.12").write_text("#!/bin/sh\nexit 127\n", encoding="utf-8")
    assert run() == (2, "", "error: whichteam: there is no Python on this machine: install python3.13 or python3.12\n")


def test_the_windows_script_tries_each_python() -> None:
    script = batch_script(["3.13", "3.12"])
    assert script.count("\r\n") == script.count("\n")
    assert re.findall(r"^(py -\S+|python) -c", script, re.MULTILINE) == ["py -3.13", "py -3.12", "python"]
    assert script.endswith('%program% "%~dp0start.py" %*\r\nexit /b %errorlevel%\r\n')


def test_versions_of_python_are_tried_newest_first() -> None:
    assert newest_first(["3.11", "3.13", "3.11"]) == ["3.13", "3.11"]
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert tuple(re.findall(r'"Programming Language :: Python :: (3\.\d+)"', text)) == VERSIONS
