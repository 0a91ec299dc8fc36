"""The documentation site loads nothing from another host."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.docs_site import outside_requests

CLEAN = """<link rel="stylesheet" href="assets/main.css"><link rel="canonical" href="https://example.org/">
<script src="assets/bundle.js"></script><img src="app.png"><img src="data:image/png;base64,AA"><a href="https://example.org">x</a>"""
BAD = [
    ('<script src="https://example.org/a.js"></script>', "script https://example.org/a.js"),
    ('<link rel="preconnect" href="//fonts.example.org">', "link //fonts.example.org"),
    ('<img src="http://example.org/a.png">', "img http://example.org/a.png"),
]


@pytest.mark.parametrize(("html", "told"), BAD)
def test_a_page_that_loads_from_elsewhere_is_found(html: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(f"<html>{CLEAN}{html}</html>", encoding="utf-8")
    assert outside_requests(tmp_path) == [f"index.html: {told}"]


def test_a_style_sheet_that_loads_from_elsewhere_is_found(tmp_path: Path) -> None:
    (tmp_path / "clean.css").write_text("a { background: url(x.png) } b { background: url('data:image/png;base64,AA') }")
    (tmp_path / "main.css").write_text("@import 'https://example.org/a.css'; b { src: url(//example.org/f.woff) }")
    assert outside_requests(tmp_path) == ["main.css: https://example.org/a.css", "main.css: //example.org/f.woff"]


def test_a_page_without_outside_requests_passes(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(f"<html>{CLEAN}</html>", encoding="utf-8")
    assert outside_requests(tmp_path) == []
