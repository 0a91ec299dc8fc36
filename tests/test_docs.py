"""The examples in README and docs: each command that is shown with its output prints just that."""

from __future__ import annotations

import re
import shlex

import pytest

from tests.helpers import ROOT, whichteam

_SHOWN = re.compile(r"^```\n\$ whichteam (?P<command>.*)\n(?P<output>(?:(?!```).*\n)*)```$", re.MULTILINE)
EXAMPLES = [
    pytest.param(found["command"], found["output"], id=f"{page.name}: {found['command']}")
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
    for found in _SHOWN.finditer(page.read_text(encoding="utf-8"))
]


def test_the_readme_shows_an_answer() -> None:
    assert any("README" in str(example.id) for example in EXAMPLES)


@pytest.mark.parametrize(("command", "output"), EXAMPLES)
def test_an_example_prints_what_is_shown(command: str, output: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    ran = whichteam(*shlex.split(command))
    assert (ran.code, ran.err) == (0, "")
    assert [line.rstrip() for line in ran.out.strip("\n").splitlines()] == output.strip("\n").splitlines()
