"""`whichteam report`: two pages in each form, from a tiny policy with one listed cause."""

from __future__ import annotations

import json
from pathlib import Path

import docx
import pytest

from tests.check.checks import MOVES
from tests.helpers import make_policy, whichteam

CAUSES = """- cause: Two moves
  question: Does the handover or the goodbye move <b>a child</b>?
  child: Both do.
  redline: The handover moves a child.
  lines: 2-3
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_policy(tmp_path_factory.mktemp("report"), MOVES)
    (folder / "causes.yaml").write_text(CAUSES, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def written(home: Path) -> Path:
    """The report as Markdown, with a document and two cases."""
    document = home.parent / "document.txt"
    document.write_text("Alpha holds a child.\nThe child moves within 10 days of the visit.\nBeta and Gamma.\n", encoding="utf-8")
    cases = home.parent / "cases"
    cases.mkdir()
    for name, facts in (("one", {"team_on_record": "alpha", "icpc_held_on": "2024-06-01"}), ("two", {"team_on_record": "gamma"})):
        case = {"case_id": name, "policy": "tiny", "as_of": "2024-06-03", "facts": facts}
        (cases / f"{name}.json").write_text(json.dumps(case), encoding="utf-8")
    out = home.parent / "report.md"
    ran = whichteam("report", home, "--out", out, "--document", document, "--cases", cases, "--as-of", "2024-06-03")
    assert ran.code == 0, ran.err
    return out


def test_the_page_has_every_part(written: Path) -> None:
    text = written.read_text(encoding="utf-8")
    assert text.startswith("# Tiny Council: ten things to mend\n")
    assert "Settle these first\n\n" in text
    assert "| No. | To settle | Lines | Findings | Choices | Notes | Children of 2 |\n|--:|---|---|--:|--:|--:|--:|\n" in text
    assert "| 1 | Two moves | 2-3 | 6 | 0 | 0 | 1 |" in text
    assert "## 1. Does the handover or the goodbye move \\<b>a child\\<" in text
    assert "- **A child:** Both do.\n" in text
    assert "- **Redline:** *The handover moves a child.*\n" in text
    assert "## Index by line\n\n" in text
    assert "; 2: **1" in text or "2-3: **1" in text or "2: **1" in text
    assert "- limits: 1 (line 2: write working days or calendar days)\n" in text
    assert "as by whichteam check tiny --format markdown" in text


def test_the_child_that_moves_is_counted_and_the_other_not(written: Path) -> None:
    row = next(line for line in written.read_text(encoding="utf-8").splitlines() if line.startswith("| 1 | Two moves"))
    assert row.endswith(" 1 |")


def test_the_other_forms_say_the_same(home: Path, tmp_path: Path) -> None:
    for ending in ("html", "docx"):
        assert whichteam("report", home, "--out", tmp_path / f"report.{ending}").code == 0
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Does the handover or the goodbye move &lt;b&gt;a child&lt;/b&gt;?" in text
    assert "<script" not in text
    assert "The document was not given" in text
    told = "\n".join(paragraph.text for paragraph in docx.Document(str(tmp_path / "report.docx")).paragraphs)
    assert "1. Does the handover or the goodbye move <b>a child</b>?" in told
    assert "Redline: The handover moves a child." in told


def test_a_report_that_is_current_and_one_that_is_not(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    assert whichteam("report", home, "--out", out, "--check").code == 1
    assert whichteam("report", home, "--out", out).code == 0
    again = whichteam("report", home, "--out", out, "--check")
    assert (again.code, again.err.splitlines()[-1]) == (0, f"{out} is current.")


def test_the_annex_numbers_the_findings(home: Path, tmp_path: Path) -> None:
    annex = tmp_path / "annex.md"
    assert whichteam("report", home, "--out", tmp_path / "report.md", "--annex", annex).code == 0
    assert "\n### 1. " in annex.read_text(encoding="utf-8")


def test_what_is_refused_before_anything_is_searched(home: Path, tmp_path: Path) -> None:
    ran = whichteam("report", home, "--out", tmp_path / "report.pdf")
    assert (ran.code, ran.out) == (2, "")
    expected = "no report is written as `.pdf`\n    the ending chooses the form: .docx, .html, .md\n"
    assert ran.err == f"error: {tmp_path / 'report.pdf'}: {expected}"
