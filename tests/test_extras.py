"""Optional packages: without one, a command names the extra that brings it; other commands work without."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from explain.extras import EXTRA_OF

ROOT = Path(__file__).parent.parent
CASE = str(ROOT / "examples" / "conference.json")
WITHOUT = """
import sys

class Nothing:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] in {names!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Nothing)
from explain.cli import main
main()
"""


def run(names: list[str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the command line where these packages can't be imported."""
    command = [sys.executable, "-c", WITHOUT.format(names=names), *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, encoding="utf-8")


@pytest.mark.parametrize(
    ("package", "extra", "arguments"),
    [
        ("pyarrow", "caseload", ("caseload", "nowhere.csv", "--policy", "sefton", "--out", "nowhere")),
        ("docx", "documents", ("record", CASE, "--out", "OUT/record.docx")),
        ("sqlalchemy", "register", ("register", "search")),
        ("alembic", "register", ("register", "search")),
    ],
)
def test_a_missing_package_is_named_with_its_extra(package: str, extra: str, arguments: tuple[str, ...], tmp_path: Path) -> None:
    ran = run([package], *(argument.replace("OUT", str(tmp_path)) for argument in arguments))
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == (
        f"error: whichteam: this needs the package `{package}`, which is not installed\n"
        f'    it comes with the extra `{extra}`: pip install "WHEEL[{extra}]", or ".[{extra}]" in the project\n'
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["decide", "why", "ask"])
def test_what_people_ask_of_one_case_needs_no_extra(command: str) -> None:
    ran = run([*EXTRA_OF], command, CASE)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "holds the child" in ran.stdout


def test_every_extra_that_is_named_exists_and_brings_the_package() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    names = {"docx": "python-docx"}
    for package, extra in EXTRA_OF.items():
        brought = [part.partition(">")[0].partition("[")[0] for part in extras[extra]]
        assert names.get(package, package) in brought, package
