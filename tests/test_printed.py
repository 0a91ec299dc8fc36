"""Output: JSON in UTF-8 on every terminal, other text in the terminal's encoding, without control characters."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from explain.printed import HIDDEN, json_text, shown
from tests.helpers import ROOT, Ran, make_policy, started, whichteam

CODES = (("team", "alpha", "T\u0177 Newydd"),)
NASTY = "\u202e \x1b[31m \x0b \x9b \u2028 \ud800 \u200b \U000e0041"
TERMINALS: tuple[dict[str, str], ...] = (
    {"PYTHONIOENCODING": "cp1252"},
    {"PYTHONIOENCODING": "ascii"},
    {"LC_ALL": "C", "PYTHONUTF8": "0"},
    {},
)


@pytest.fixture
def case(tmp_path: Path) -> Path:
    make_policy(tmp_path, codes=CODES)
    path = tmp_path / "case.json"
    path.write_text(json.dumps({"case_id": "c1", "policy": "tiny", "as_of": "2024-06-03", "facts": {}}))
    return path


def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "explain.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, cwd=ROOT, env={**os.environ, **environment})


@pytest.mark.parametrize("terminal", TERMINALS)
def test_json_is_utf_8_on_every_terminal(terminal: dict[str, str], case: Path, tmp_path: Path) -> None:
    home = tmp_path / "tiny"
    of_case = (case, "--policy", home, "--json")
    asked = ("graph", home, "--format", "json"), ("decide", *of_case), ("journey", *of_case)
    for command in asked:
        ran = run(*map(str, command), **terminal)
        assert (ran.returncode, ran.stderr) == (0, b"")
        assert isinstance(json.loads(ran.stdout), dict)
        if command[0] == "graph":
            assert "T\u0177 Newydd" in ran.stdout.decode("utf-8")


@pytest.mark.parametrize(
    ("terminal", "name"),
    [
        ({"PYTHONIOENCODING": "cp1252"}, b"T? Newydd"),
        ({"PYTHONIOENCODING": "ascii"}, b"T? Newydd"),
        ({}, "T\u0177 Newydd".encode()),
    ],
)
@pytest.mark.parametrize("command", ["decide", "why", "journey"])
def test_text_is_in_the_letters_that_the_terminal_knows(
    command: str, terminal: dict[str, str], name: bytes, case: Path, tmp_path: Path
) -> None:
    ran = run(command, case, "--policy", tmp_path / "tiny", **terminal)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert name in ran.stdout


def test_what_is_hidden_are_all_characters_that_steer() -> None:
    steer = {c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
    assert steer - {c for c in steer if HIDDEN.match(c)} == {"\t", "\n"}
    letters = "Tŷ Newydd, Zoë’s – “x” \u00a0 é 東 🧭"
    assert (shown(letters), json.loads(json_text(letters))) == (letters, letters)


def test_hidden_characters_are_escaped() -> None:
    assert shown(NASTY) == r"\u202e \x1b[31m \x0b \x9b \u2028 \ud800 \u200b \U000e0041"
    text = json_text([NASTY])
    assert (HIDDEN.search(text), json.loads(text)) == (None, [NASTY])


def test_nothing_of_a_case_steers_the_terminal(case: Path, tmp_path: Path) -> None:
    """Messages quote names and values of a case."""
    facts = {NASTY: 1, "team_on_record": NASTY}
    for text in (json.dumps({"case_id": "c1", "policy": "blackpool", "as_of": NASTY, "facts": {}}),
                 json.dumps({"case_id": NASTY, "policy": NASTY, "as_of": "2024-06-03", "facts": {}}),
                 json.dumps({"case_id": "c1", "policy": "blackpool", "as_of": "2024-06-03", "facts": facts})):  # fmt: skip
        case.write_text(text)
        for command in ("decide", "why", "journey"):
            ran = whichteam(command, case)
            assert (ran.code, HIDDEN.search(ran.out + ran.err)) == (2, None)
            assert r"\u202e" in ran.err


def test_nothing_printed_steers_the_terminal_but_its_own_colours() -> None:
    """By both functions that print, on a terminal with colours."""
    before = f"""
import os
os.environ["FORCE_COLOR"] = "1"
import explain.commands
def prints(*given):
    from explain.screen import Screen
    from rich.table import Table
    from rich.text import Text
    nasty = {NASTY!r}
    print(nasty)
    table = Table(nasty)
    table.add_row(Text(nasty, "bold"))
    Screen().print(table, width=200)
    Screen().print("[bold]" + nasty.replace("[", "\\\\["))
    return ["decided"]
explain.commands.decide_one = prints
"""
    ran = started("decide", "none.json", before=before)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.count(r"\u202e \x1b") == 4
    assert "\x1b[1m" in ran.out
    assert {c for c in ran.out if HIDDEN.match(c)} == {"\x1b"}
    assert "\x1b[31m" not in ran.out


def test_a_closed_screen_is_no_fault(case: Path, tmp_path: Path) -> None:
    ran = started("decide", case, "--policy", tmp_path / "tiny", before="import sys\nsys.stdout = None")
    assert ran == Ran(0, "", "")
