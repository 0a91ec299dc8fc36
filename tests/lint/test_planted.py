"""Every planted fault of a made-up policy is found in each form, and nothing in texts without faults."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest

from kb.edition import read_edition
from queries.lint import Finding, lint
from tests.authors.editions import pages_line, pdf
from tests.lint.documents import AS_OF, CLEAN, planted

#: What is found beyond the planted faults, each true: section 5 of the body is not in the contents under its title.
BEYOND = {("contents", "line 44")}


def found_in(path: Path) -> list[Finding]:
    return lint(read_edition(path), AS_OF).findings


def test_every_planted_fault_is_found_and_nothing_else(tmp_path: Path) -> None:
    text, faults = planted()
    path = tmp_path / "planted.txt"
    path.write_text(text, encoding="utf-8")
    findings = found_in(path)
    at = {(finding.check, place) for finding in findings for place in finding.places}
    assert [fault for fault in faults if fault not in at] == []
    assert len(faults) == 28
    wanted = set(faults) | BEYOND
    assert [f for f in findings if not wanted & {(f.check, place) for place in f.places}] == []


@pytest.mark.parametrize("form", ["html", "docx", "pdf"])
def test_the_other_forms_show_the_same_checks(form: str, tmp_path: Path) -> None:
    """Numbers of lists and empty cells differ by form; at least 25 of the 28 are found in each."""
    text, faults = planted()
    path = tmp_path / f"planted.{form}"
    lines = [line for line in text.split("\n") if line]
    if form == "html":
        path.write_text("".join(f"<p>{line}</p>" for line in lines), encoding="utf-8")
    elif form == "docx":
        document = docx.Document()
        for line in lines:
            document.add_paragraph(line)
        document.save(str(path))
    else:
        path.write_bytes(pdf([pages_line(lines[:30], 90), pages_line(lines[30:], 90)]))
    findings = found_in(path)
    by_check = {check: sum(f.check == check for f in findings) for check, _ in faults}
    missed = sum(max(0, [c for c, _ in faults].count(check) - count) for check, count in by_check.items())
    assert missed <= 3, by_check


@pytest.mark.parametrize("path", CLEAN, ids=lambda path: path.stem)
def test_no_false_alarm(path: Path) -> None:
    assert found_in(path) == []


def test_empty_cells_of_tables_are_empty_fields(tmp_path: Path) -> None:
    rows = [("Owner", "A. Person"), ("Approved on", ""), ("Version", "2")]
    cells = "".join(f"<tr><th>{label}</th><td>{value}</td></tr>" for label, value in rows)
    page = tmp_path / "table.html"
    page.write_text(f"<h1>A policy</h1><table>{cells}</table><p>It counts.</p>", encoding="utf-8")
    document = docx.Document()
    document.add_heading("A policy", 1)
    table = document.add_table(len(rows), 2)
    for row, pair in zip(table.rows, rows):
        for cell, text in zip(row.cells, pair):
            cell.text = text
    word = tmp_path / "table.docx"
    document.save(str(word))
    for path in (page, word):
        edition = read_edition(path)
        assert [f.says for f in lint(edition, AS_OF, only=["empty-fields"]).findings] == ["The field “Approved on” is empty."]
        assert [block.text for block in edition.blocks if block.heading] == ["A policy"]
