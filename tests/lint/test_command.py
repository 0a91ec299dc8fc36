"""`whichteam lint` and `whichteam explain-lint`: what they print and write, and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from explain.lint.pages import definition
from queries.lint import check_names
from tests.helpers import make_policy, whichteam

TEXT = "The Family Team must tell the family within 10 days of the move.\nThe Duty Team holds the child.\n"
SAYS = "“10 days” does not say whether working or calendar days are meant."


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "document.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_text(document: Path) -> None:
    ran = whichteam("lint", document, "--as-of", "2025-03-03")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "document.txt: what lint found\n"
        "19 words, as on 3 March 2025: 0 faults, 1 gap, 0 notes.\n"
        "\n"
        "Gaps: the document leaves something out\n"
        "\n"
        "limits\n"
        f"   {definition('limits')}\n"
        f"     1. line 1: {SAYS}\n"
        "       “must tell the family within 10 days of the move.”\n"
        "       What to do: write working days or calendar days.\n"
    )
    assert whichteam("lint", document, "--exit-status").code == 1
    assert whichteam("lint", document, "--only", "dates", "--exit-status").code == 0
    assert "Nothing was found." in whichteam("lint", document, "--only", "dates").out


def test_json_and_markdown(document: Path, tmp_path: Path) -> None:
    told = json.loads(whichteam("lint", document, "--format", "json", "--only", "limits").out)
    assert (told["document"], told["policy"], told["words"], told["checks"]) == ("document.txt", None, 19, {"limits": 1})
    assert told["findings"] == [
        {
            "check": "limits",
            "weight": "gap",
            "says": SAYS,
            "places": ["line 1"],
            "lines": [1],
            "words": "must tell the family within 10 days of the move.",
            "advice": "write working days or calendar days",
        }
    ]
    out = tmp_path / "lint.md"
    ran = whichteam("lint", document, "--format", "markdown", "--out", out)
    assert (ran.out, ran.err) == ("", f"Wrote {out}.\n")
    assert f"\n1. line 1: {SAYS}\n   - “must tell the family within 10 days" in out.read_text(encoding="utf-8")


def test_beside_a_register(document: Path, tmp_path: Path) -> None:
    """The register of a tiny policy has the teams Alpha, Beta and Gamma."""
    policy = make_policy(tmp_path, "@clause t1.\nfront_door(alpha).\n")
    ran = whichteam("lint", document, "--policy", policy, "--only", "register")
    assert "The register knows no team called “Family Team”." in ran.out
    assert "The register has the team Alpha, which the document nowhere names." in ran.out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--only", "date"], "error: lint: there is no check `date`\n    did you mean `dates`?\n"),
        (["--format", "pdf"], "error: --format: there is no format `pdf`\n    formats: text, json, markdown\n"),
        (["--as-of", "soon"], "error: --as-of: `soon` is not a date\n    write it as 2024-09-03\n"),
    ],
)
def test_what_is_refused(document: Path, options: list[str], message: str) -> None:
    ran = whichteam("lint", document, *options)
    assert (ran.code, ran.out, ran.err) == (2, "", message)


def test_a_document_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text("word " * 100_001, encoding="utf-8")
    ran = whichteam("lint", path)
    assert (ran.code, ran.err) == (
        2,
        "error: long.txt: has 100,001 words, expected at most 100,000\n    is it the right file?\n",
    )


@pytest.mark.parametrize("name", check_names())
def test_every_check_has_its_page(name: str) -> None:
    page = whichteam("explain-lint", name).out
    assert page.startswith(f"# {name}\n\n")
    assert "\n## For example\n" in page
    assert "\n## What to do\n" in page
