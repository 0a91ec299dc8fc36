"""The wheel, installed into an empty environment elsewhere, works like the project's folder.

Its dependencies are taken from the environment of the tests, so that nothing is downloaded.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import time
import tomllib
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest

from explain.version import VERSION
from tests.app.in_a_namespace import opened
from tests.helpers import ROOT, free_port, whichteam
from tools.packing import FRONT
from tools.wheel import build_wheel

WAIT = 60  # seconds for the app to answer


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of an environment in which only the wheel is installed."""
    home = tmp_path_factory.mktemp("elsewhere")
    venv.create(home, symlinks=os.name != "nt")
    scheme = {"base": str(home), "platbase": str(home)}
    site, programs = (Path(sysconfig.get_path(name, "venv", scheme)) for name in ("purelib", "scripts"))
    pip = [sys.executable, "-m", "pip", f"--python={programs / 'python'}", "install", "--quiet", "--no-compile"]
    subprocess.run([*pip, "--no-deps", "--no-index", str(wheel)], check=True)
    # .pth files in a folder that is added by a .pth file are ignored, so the project's editable installation stays out.
    (site / "of-the-tests.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return programs


def run(installed: Path, folder: Path, *arguments: str | Path) -> tuple[int, str, str]:
    """Runs the installed program in a folder."""
    command = [str(installed / "whichteam"), *map(str, arguments)]
    ran = subprocess.run(command, cwd=folder, env=settings(), capture_output=True, text=True, encoding="utf-8")
    return ran.returncode, ran.stdout, ran.stderr


def settings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}


def test_it_holds_every_file_of_the_packages_and_the_front_end(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        contents = {name: archive.read(name) for name in names}
    listed = subprocess.run(
        ["git", "ls-files", "-z", "kb", "queries", "explain"], cwd=ROOT, capture_output=True, check=True
    ).stdout
    expected = {name: ROOT / name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()}
    expected |= {"whichteam.py": ROOT / "whichteam.py"}
    expected |= {f"explain/app/front/{file.as_posix()}": ROOT / file for file in FRONT}
    assert sorted(names) == sorted(expected)
    assert [name for name, path in expected.items() if contents[name] != path.read_bytes()] == []


def test_it_says_what_it_is(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = (archive.read(name).decode() for name in archive.namelist() if name.endswith("/METADATA"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = metadata.split("\n\n")[0].splitlines()
    assert lines[1:3] == ["Name: whichteam", f"Version: {VERSION}"]
    assert {f"Classifier: {name}" for name in project["classifiers"]} <= set(lines)
    assert {"License-Expression: MIT", "Requires-Python: >=3.11"} <= set(lines)


def test_its_commands_say_what_the_project_says(installed: Path, tmp_path: Path) -> None:
    """Deciding a case is tested with the app; a second time would cost some seconds."""
    assert run(installed, tmp_path, "--version") == (0, f"whichteam {VERSION}\n", "")
    for arguments in (["facts", "conference"], ["explain-check", "circle"]):
        here = whichteam(*arguments)
        assert run(installed, tmp_path, *arguments) == (here.code, here.out, here.err)


def test_a_new_policy_is_made_from_its_template(installed: Path, tmp_path: Path) -> None:
    told = "Made northshire. Check it with: whichteam check ./northshire\n"
    assert run(installed, tmp_path, "new-policy", "northshire") == (0, told, "")
    template = {path.name for path in (ROOT / "kb" / "policies" / "template").iterdir()}
    assert {path.name for path in (tmp_path / "northshire").iterdir()} == template


def test_its_app_shows_its_first_page(installed: Path, tmp_path: Path) -> None:
    port = free_port()
    command = [str(installed / "whichteam"), "app", "--no-browser", "--port", str(port)]
    with subprocess.Popen(command, cwd=tmp_path, env=settings(), stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == f"The app is at http://127.0.0.1:{port}, for this machine only. Ctrl-C ends it.\n"
            assert fetched(f"http://127.0.0.1:{port}/_stcore/health", process) == "ok"
            first = opened(f"http://127.0.0.1:{port}", f"127.0.0.1:{port}", port)
            assert first == "Which team has this child, and what comes next?"
        finally:
            process.terminate()


def fetched(address: str, process: subprocess.Popen[str]) -> str:
    """The response of the app, as soon as it answers."""
    end = time.monotonic() + WAIT
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=WAIT) as answer:
                return str(answer.read().decode())
        except OSError:
            time.sleep(0.1)
    pytest.fail("the app did not answer")
