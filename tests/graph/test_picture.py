"""The picture of a graph: ids, text beside colours, legend and title, and the same bytes each time."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections import Counter
from functools import cache
from hashlib import sha256
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from explain.graph import drawing
from explain.graph.as_dot import as_dot, boxes
from explain.graph.as_html import as_html
from explain.graph.as_picture import as_pdf, as_png, as_svg
from explain.graph.formats import FORMATS
from explain.graph.overlay import NOTHING, Overlay
from kb.errors import InputError
from kb.space import ORDINARY_DAY
from queries.graph.build import team_graph
from queries.graph.model import TeamGraph, around
from queries.graph.proved import smallest_cases
from queries.load import load_program
from tests.graph.tiny import missing, tiny_graph

ROOT = Path(__file__).parent.parent.parent
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(params=["blackpool", "sefton", "tiny"])
def graph(request: pytest.FixtureRequest) -> TeamGraph:
    return tiny_graph() if request.param == "tiny" else team_graph(load_program(request.param))


def shown(svg: bytes) -> str:
    """All text that a picture shows."""
    return " ".join(text.text or "" for text in ET.fromstring(svg).iter(f"{SVG}text"))


@cache
def drawn(graph: TeamGraph) -> bytes:
    return as_svg(graph)


def test_every_team_way_and_move_has_its_id_once(graph: TeamGraph) -> None:
    ids = Counter(element.get("id") for element in ET.fromstring(drawn(graph)).iter() if element.get("id"))
    expected = {f"team--{team.code}" for team in graph.teams}
    expected |= {f"way--{move.origin}--{move.to}" for move in graph.moves}
    expected |= {f"move--{move.id}" for move in graph.moves}
    assert {name for name in ids if str(name).split("--")[0] in ("team", "way", "move")} == expected
    assert max(ids.values()) == 1


def test_a_line_for_several_moves_lies_in_a_group_for_each(graph: TeamGraph) -> None:
    root = ET.fromstring(drawn(graph))
    parents = {child: parent for parent in root.iter() for child in parent}
    by_id = {element.get("id"): element for element in root.iter() if element.get("id")}
    for line in (line for box in boxes(graph) for line in box.lines):
        text = next(by_id[f"move--{line[-1].id}"].iter(f"{SVG}text"))
        around_it = set()
        element: ET.Element | None = text
        while element is not None:
            around_it.add(element.get("id"))
            element = parents.get(element)
        assert {f"move--{move.id}" for move in line} <= around_it


def test_the_picture_says_what_it_is(graph: TeamGraph) -> None:
    words = shown(drawn(graph))
    assert graph.name in words
    assert graph.version in words
    assert "How to read it" in words
    for team in graph.teams:
        assert all(word in words for word in team.name.split()[1:])
    for move in graph.moves:
        assert all(cited.clause in words for cited in move.clauses)


def test_the_picture_is_told_in_words(graph: TeamGraph) -> None:
    told = ET.fromstring(drawn(graph)).find(f"{SVG}desc")
    assert told is not None
    lines = str(told.text).split("\n")
    assert len(lines) == len(graph.moves)
    for move, line in zip(graph.moves, lines):
        assert line.startswith(f"From {graph.name_of(move.origin)} to {graph.name_of(move.to)}: ")
        assert all(cited.clause in line for cited in move.clauses)


def test_line_style_and_words_say_what_colour_says() -> None:
    graph = tiny_graph()
    edges = {line.split("id=")[1].split()[0].strip('"'): line for line in as_dot(graph).split("\n") if " -> " in line}
    assert "style=dotted" in edges["way--ash--dell"]  # no case can take it
    assert "style=dashed" in edges["way--birch--ash"]  # for the managers alone
    assert "style=solid" in edges["way--ash--birch"]  # for both
    words = shown(drawn(graph))
    for said in ("front door (t1)", "managers may", "no case can", "by age", "solid line", "dashed line", "dotted line"):
        assert said in words, said


def test_notes_are_given_in_words_too() -> None:
    overlay = Overlay("Case c1", ("Step 1: so it was.",), "heavy: here", {"ash": "The child is here"}, frozenset(["ash"]))
    words = shown(as_svg(tiny_graph(), overlay))
    assert all(said in words for said in ("Case c1", "Step 1: so it was.", "heavy: here", "The child is here"))


def test_a_part_of_the_graph_says_so() -> None:
    words = shown(as_svg(around(tiny_graph(), "case_closed")))
    assert "moves into and out of closed to social work" in words
    assert "may be the answer for a child with Birch & Co (t8)" in " ".join(words.split())


def test_png_is_a_picture_of_some_size(graph: TeamGraph) -> None:
    png = as_png(graph)
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(png[16:20]) > 500


def needs_dot() -> None:
    if drawing._find("dot") is None:
        missing("Graphviz' `dot` is not installed")


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_graph_gives_the_same_bytes(form: str) -> None:
    if form == "pdf":
        needs_dot()
    graph = tiny_graph()
    assert FORMATS[form](graph, NOTHING) == FORMATS[form](graph, NOTHING)


def digests() -> dict[str, str]:
    """A hash of each file format of a policy's graph, with its cases searched without the cache."""
    program = load_program("blackpool")
    cases = smallest_cases(program, ORDINARY_DAY)
    graph = team_graph(program, {key: bool(case) for key, case in cases.items()}, cases, "2024-10-16")
    forms = {form: write for form, write in FORMATS.items() if form != "pdf" or drawing._find("dot")}
    return {form: sha256(write(graph, NOTHING)).hexdigest() for form, write in forms.items()}


def test_another_process_gives_the_same_bytes() -> None:
    """With another order of sets and at another time, the bytes are the same."""
    code = "from tests.graph.test_picture import digests; print(digests())"
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, check=True, text=True)
    assert ast.literal_eval(ran.stdout) == digests()


def test_a_pdf_is_one_page_of_text_that_can_be_searched(graph: TeamGraph) -> None:
    needs_dot()
    pdf = as_pdf(graph)
    assert pdf.startswith(b"%PDF-")
    assert pdf.rstrip().endswith(b"%%EOF")
    assert b"/CreationDate" not in pdf
    table = int(pdf.rsplit(b"startxref", 1)[1].split()[0])
    assert pdf[table : table + 4] == b"xref"  # the offset of its table of parts is correct
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    assert b"/ToUnicode" in pdf


def test_html_is_one_page_with_its_tables(graph: TeamGraph) -> None:
    page = as_html(graph).decode()
    assert page.count("<svg ") == 1
    assert "<script" not in page
    for move in graph.moves:
        assert page.count(f'id="about--{move.id}"') == 1
        assert f'xlink:href="#about--{move.id}"' in page or any(
            move in line and f"#about--{line[0].id}" in page for box in boxes(graph) for line in box.lines
        )
    assert all(page.count(f'id="about--{team.code}"') == 1 for team in graph.teams)


# what draws it ------------------------------------------------------------------------------


def test_nothing_to_draw_with_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "_find", lambda name: None)
    with pytest.raises(InputError) as svg:
        as_svg(tiny_graph())
    assert str(svg.value) == (
        "--format svg: needs graphviz-pure or Graphviz' `dot`, and neither is here\n"
        "    install the package graphviz-pure, or Graphviz, or take --format text or mermaid"
    )
    with pytest.raises(InputError) as pdf:
        as_pdf(tiny_graph())
    assert str(pdf.value) == (
        "--format pdf: needs Graphviz' own `dot`, which is not installed\n"
        "    install Graphviz, or take --format svg or html and print that to PDF from a browser"
    )


def test_dot_draws_what_the_other_cannot(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"graphviz-pure": Path("/x/graphviz-pure"), "dot": Path("/x/dot")}
    monkeypatch.setattr(drawing, "_find", known.get)
    assert [drawing.drawer(kind).name for kind in ("svg", "png", "pdf")] == ["graphviz-pure", "graphviz-pure", "dot"]
    known["graphviz-pure"] = known["dot"]
    assert drawing.drawer("svg").name == "dot"


def test_a_drawing_that_fails_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match=r"^graphviz-pure: could not draw the graph: .*syntax error"):
        drawing.draw("digraph {", "svg")
