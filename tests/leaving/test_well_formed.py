"""Every export is well formed: names with unusual characters are read back by another program's parser."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
from functools import cache
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import docx
import networkx as nx
import openpyxl
import pytest
from lxml import etree  # type: ignore[import-untyped]

from explain.case_table import as_csv, as_xlsx, faulty_row, row_of
from explain.escape import cell, markdown, visible
from explain.filed.as_calendar import as_calendar
from explain.filed.command import council_document, made
from explain.filed.content import Confirmation, content_of
from explain.graph.as_dot import as_dot
from explain.graph.formats import FORMATS
from explain.graph.overlay import Overlay
from kb.engines.pydatalog import PyDatalog
from kb.program import Program
from queries.decide import Decision, decide
from queries.graph.build import team_graph
from tests.graph.tiny import NAMES, RULES
from tests.helpers import CODES, case_of, program

ODD = [
    'Say "no" & <b>go</b>',
    "it's",
    "Team \\",
    "Team \\\\",
    "\\N \\G \\l \\",
    "Team 😀",
    "فريق الحماية",
    "Tŷ Newydd",
    "=1+1",
    "+44 123",
    "-x",
    "@SUM(A1)",
    "**bold** [link](http://example.org) `code` | pipe",
    "![picture](http://example.org/a.png)",
    "<script>alert(1)</script>",
    "</svg></title><img src=x>",
    "]]> <![CDATA[ -->",
    "-- %% #quot; &amp; &#38;",
    "# a heading",
    "'; DROP TABLE teams; --",
    "word " * 400,
    "x" * 2_000,
    "a;b,c:d",
]
#: Characters that are refused in a policy but may be in a reason that a user types.
WILD = [*ODD, "a\x0bb\x0c\x1b[31m", "a\u202eb\u2066c", "a\nb", "a\r\nb", "a\ufffeb\uffff", "\ud800"]


@cache
def odd_program(name: str) -> Program:
    """The policy of the graph's tests with `name` as the name of a team, a point, a gate, a duty and the council."""
    odd = {"ash", "talk", "papers_ready", "ash_comes", "case_closed", "call_back"}  # one of each kind
    taken = {row[:2] for row in NAMES}
    codes = [
        (row[0], row[1], f"{name}" if row[1] in odd else row[2])
        for row in [*NAMES, *(r for r in CODES if r[0] not in ("team", "point") and r[:2] not in taken)]
    ]
    facts = (("conference_held", "event", "", name, f"{name} was held", f"no {name}", f"{name}?"),)
    clauses = [(f"t{n}", str(n), "route", "must", f"Says {name}.", "", name) for n in range(1, 10)]
    written = json.dumps(name, ensure_ascii=False)
    toml = f"name = {written}\ndocument = {written}\nversion = {written}\n"
    rules = (
        RULES + "@clause t9.\nduty(call_back) :- threshold_met.\nlimit(visit_due, Day + 3 days) :- contact_received_on(Day).\n"
    )
    with TemporaryDirectory() as folder:
        return program(Path(folder), rules, codes=codes, facts=facts, clauses=clauses, toml=toml)


@cache
def odd_decision(name: str) -> Decision:
    facts = {"team_on_record": "ash", "threshold_level": 3, "contact_received_on": "2024-05-01", "conference_held": "2024-05-10"}
    made_program = odd_program(name)
    return decide(made_program, case_of(made_program, facts), PyDatalog())


def without_space(text: str) -> str:
    """A text with white space collapsed, as formats may wrap lines."""
    return re.sub(r"\s+", "", text)


class Words(HTMLParser):
    """An HTML parser that collects the words and tags of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: set[str] = set()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.mark.parametrize("name", ODD)
def test_graphs(name: str) -> None:
    graph = team_graph(odd_program(name))
    overlay = Overlay(title=name, lines=(name,), notes={"ash": name, "ash--birch--talk": name}, key=name)
    written = {form: FORMATS[form](graph, overlay) for form in FORMATS if form not in ("png", "pdf")}
    expected = {team.code: team.name for team in graph.teams}
    assert name.strip() in expected.values()
    read = nx.parse_graphml(written["graphml"].decode().split("\n", 1)[1], force_multigraph=True)
    assert {node: about["label"] for node, about in read.nodes(data=True)} == expected
    read = nx.read_gexf(io.BytesIO(written["gexf"]))
    assert {node: about["label"] for node, about in read.nodes(data=True)} == expected
    read = nx.node_link_graph(json.loads(written["json"]), edges="edges")
    assert {node: about["label"] for node, about in read.nodes(data=True)} == expected
    rows = [row for row in csv.DictReader(io.StringIO(written["csv"].decode("utf-8-sig"))) if row["row"] == "team"]
    assert {row["code"]: row["label"] for row in rows} == {code: cell(label) for code, label in expected.items()}
    svg = etree.fromstring(written["svg"])
    assert not [element for element in svg.iter() if str(element.tag).endswith(("}script", "}img"))]
    assert without_space(name) in without_space("".join(svg.itertext()))
    page = Words(written["html"].decode())
    assert not page.tags & {"script", "img", "b"}
    assert without_space(name) in without_space("".join(page.words))
    assert "\n\n" not in written["mermaid"].decode().strip()


@pytest.mark.parametrize("name", ODD)
def test_dot_is_read_by_graphviz(name: str) -> None:
    text = as_dot(team_graph(odd_program(name)), Overlay(notes={"ash": name}))
    done = subprocess.run(["dot", "-Tsvg"], input=text.encode(), capture_output=True, check=False)
    assert (done.returncode, done.stderr.decode()) == (0, "")
    svg = etree.fromstring(done.stdout)
    tips = [str(value) for element in svg.iter() for key, value in element.attrib.items() if str(key).endswith("}title")]
    assert name.strip() in tips


@pytest.mark.parametrize("name", WILD)
def test_records(name: str) -> None:
    safe_name = name if name in ODD else "Team"
    decision = odd_decision(safe_name)
    document = council_document("\n".join([name] * 9).encode("utf-8", "replace"), "policy.txt")
    said = Confirmation("A Manager", "2024-06-03", "birch", name)
    content = content_of(decision, said, document)
    record = json.loads(made(content, ".json"))
    assert record["format"].startswith("whichteam-record/")
    page = Words(made(content, ".html").decode())
    assert not page.tags & {"script", "img", "b"}
    assert without_space(visible(name)) in without_space("".join(page.words))
    paragraphs = [p.text for p in docx.Document(io.BytesIO(made(content, ".docx"))).paragraphs]
    assert any(without_space(visible(name)) in without_space(p) for p in paragraphs)


@pytest.mark.parametrize("name", ODD)
def test_calendars(name: str) -> None:
    lines = as_calendar(content_of(odd_decision(name))).replace("\r\n ", "").split("\r\n")
    assert all(len(line.encode()) <= 75 for line in as_calendar(content_of(odd_decision(name))).split("\r\n"))
    assert (lines[0], lines[-2], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR", "")
    assert all(re.match(r"[A-Z-]+(;[A-Z]+=[A-Z]+)?:", line) for line in lines[:-1])
    assert all("\x00" <= char >= " " for line in lines for char in line)
    (told, *_) = [line.removeprefix("DESCRIPTION:") for line in lines if line.startswith("DESCRIPTION:")]
    plain = re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], told)
    assert name.strip() in plain


@pytest.mark.parametrize("name", WILD)
def test_tables_of_cases(name: str) -> None:
    rows = [faulty_row(name, name)] + ([row_of(odd_decision(name))] if name in ODD else [])
    sheet: Any = openpyxl.load_workbook(io.BytesIO(as_xlsx(rows))).active
    assert sheet["A2"].value == cell(name)
    assert {c.data_type for row in sheet.iter_rows(min_row=2) for c in row if c.value is not None} == {"s"}
    read = list(csv.reader(io.StringIO(as_csv(rows).decode("utf-8-sig"), newline="")))
    assert read[1][0] == cell(name)


@pytest.mark.parametrize("name", [name for name in ODD if len(name) < 100])
def test_findings(name: str, tmp_path: Path) -> None:
    from explain.check.as_json import as_json
    from explain.check.as_sarif import as_sarif
    from explain.check.in_words import page as findings_page
    from explain.document.as_markdown import as_markdown
    from queries.check import run

    checked = odd_program(name)
    report = run(checked, ["no-team", "two-teams"])
    assert json.loads(as_json(checked, report))["checks"]
    sarif = json.loads(as_sarif(checked, report))
    assert sarif["version"] == "2.1.0"
    assert all(isinstance(result["message"]["text"], str) for result in sarif["runs"][0]["results"])
    page = as_markdown(findings_page(checked, report))
    links = re.findall(r"(?<!\\)\]\((?!#)", page)
    assert links == []
    assert not re.search(r"(?<!\\)<(script|img|b)\b", page)


@pytest.mark.parametrize("name", WILD)
def test_what_is_written_out_can_be_held_by_xml(name: str) -> None:
    assert etree.fromstring(f"<a>{escape(visible(name))}</a>".encode()).text.split() == visible(name).split()
    assert markdown(name).count("\n") == name.count("\n")
