"""The entry point checks that `kb`, `queries` and `explain` are whichteam's own, as other distributions use these names."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.helpers import ROOT

HINTS = (
    "    install whichteam into an environment of its own: python -m venv ENV, then ENV/bin/pip install WHEEL\n"
    "    or take these modules from Python's path (PYTHONPATH, or the folder where you started `python -m`)\n"
)
TITLE = "error: whichteam: Python takes other modules for parts of it\n"


def version(folder: Path, *path: Path, options: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
    """Runs `--version` in a folder, with `path` first on Python's path."""
    settings = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, path))}
    command = [sys.executable, *options, "-m", "whichteam", "--version"]
    return subprocess.run(command, cwd=folder, env=settings, capture_output=True, text=True)


def distribution(folder: Path, name: str, *files: str) -> Path:
    """A folder with an installed distribution `name` 1.2 that has these files."""
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text("", encoding="utf-8")
    about = folder / f"{name}-1.2.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n", encoding="utf-8")
    (about / "RECORD").write_text("".join(f"{file},,\n" for file in files), encoding="utf-8")
    return folder


def test_its_own_packages_are_taken(tmp_path: Path) -> None:
    ran = version(tmp_path, ROOT, distribution(tmp_path / "later", "kb", "kb/__init__.py"))
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("whichteam ")


def test_packages_of_other_distributions_are_told(tmp_path: Path) -> None:
    kb = distribution(tmp_path / "kb", "knowledge-base", "kb/__init__.py", "kb/store.py")
    explain = distribution(tmp_path / "explain", "explain", "explain.py")
    ran = version(tmp_path, kb, explain, ROOT)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == (
        f"{TITLE}"
        f"    `kb` comes from {kb}/kb (the distribution knowledge-base 1.2) instead of {ROOT}/kb\n"
        f"    `explain` comes from {explain}/explain.py (the distribution explain 1.2) instead of {ROOT}/explain\n"
        f"{HINTS}"
    )


def test_a_folder_where_python_was_started_is_told(tmp_path: Path) -> None:
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "__init__.py").write_text("", encoding="utf-8")
    ran = version(tmp_path, ROOT)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert (
        ran.stderr == f"{TITLE}    `queries` comes from {tmp_path}/queries (no distribution) instead of {ROOT}/queries\n{HINTS}"
    )


def test_packages_that_are_missing_or_overwritten_are_told(tmp_path: Path) -> None:
    """A distribution installed into the same folder overwrites existing files."""
    home = distribution(tmp_path / "site", "kb", "kb/__init__.py")
    (home / "queries").mkdir()
    (home / "queries" / "__init__.py").write_bytes((ROOT / "queries" / "__init__.py").read_bytes())
    (home / "whichteam.py").write_bytes((ROOT / "whichteam.py").read_bytes())
    ran = version(tmp_path, home, options=["-S"])  # without the packages installed here
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == (
        f"{TITLE}"
        f"    `kb` at {home}/kb was overwritten by the distribution kb 1.2\n"
        f"    `explain` is missing: it should be at {home}/explain\n"
        f"{HINTS}"
    )
