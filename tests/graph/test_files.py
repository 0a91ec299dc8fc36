"""Every file format is read back by another program: networkx, igraph, Graphviz, csv, Mermaid."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sysconfig
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import igraph
import networkx as nx
import pytest
from lxml import etree  # type: ignore[import-untyped]
from playwright.sync_api import sync_playwright

from explain.graph.as_dot import boxes
from explain.graph.formats import FORMATS
from explain.graph.overlay import NOTHING, Overlay
from queries.graph.build import team_graph
from queries.graph.model import TeamGraph
from queries.graph.network import network
from queries.load import load_program
from tests.graph.tiny import missing, tiny_graph

OURS = ["blackpool", "sefton", "tiny"]


@pytest.fixture(params=OURS)
def graph(request: pytest.FixtureRequest) -> TeamGraph:
    return tiny_graph() if request.param == "tiny" else team_graph(load_program(request.param))


def written(graph: TeamGraph, form: str, overlay: Overlay = NOTHING) -> bytes:
    return FORMATS[form](graph, overlay)


def same(read: Any, expected: Any) -> None:
    """Asserts that two graphs have the same nodes, edges, keys and attributes, in the same order."""
    assert read.is_directed()
    assert read.is_multigraph()
    assert list(read.nodes(data=True)) == list(expected.nodes(data=True))
    assert list(read.edges(keys=True, data=True)) == list(expected.edges(keys=True, data=True))


def about(read: Any) -> dict[str, Any]:
    """The attributes of a graph, without empty ones that networkx adds on reading."""
    return {name: value for name, value in read.graph.items() if name not in ("node_default", "edge_default")}


NOTES = Overlay(notes={"ash": "Here & now", "door--ash--talk": 'Step 1: "taken"'})


def test_graphml_read_back_equals_the_graph(graph: TeamGraph) -> None:
    read = nx.parse_graphml(written(graph, "graphml", NOTES).decode().split("\n", 1)[1], force_multigraph=True)
    same(read, network(graph, NOTES.notes))
    assert about(read) == network(graph).graph


def test_json_read_back_equals_the_graph(graph: TeamGraph) -> None:
    read = nx.node_link_graph(json.loads(written(graph, "json", NOTES)), edges="edges")
    same(read, network(graph, NOTES.notes))
    assert about(read) == network(graph).graph


def test_gexf_read_back_equals_the_graph(graph: TeamGraph) -> None:
    """GEXF has no attributes of a graph, and networkx reads one without parallel edges as a plain DiGraph."""
    read: Any = nx.MultiDiGraph()
    raw: Any = nx.read_gexf(io.BytesIO(written(graph, "gexf", NOTES)))
    read.add_nodes_from(raw.nodes(data=True))
    read.add_edges_from((a, b, data["id"], data) for a, b, data in raw.edges(data=True))
    same(read, network(graph, NOTES.notes))
    text = written(graph, "gexf").decode()
    assert graph.version in text
    assert "lastmodifieddate" not in text


def test_igraph_opens_the_graphml(graph: TeamGraph, tmp_path: Path) -> None:
    path = tmp_path / "graph.graphml"
    path.write_bytes(written(graph, "graphml"))
    with pytest.warns(RuntimeWarning, match="Could not add edge ids"):  # our ids are kept as an attribute
        read = igraph.Graph.Read_GraphML(str(path))
    assert read.is_directed()
    assert [(v["id"], v["label"], v["front_door"]) for v in read.vs] == [(t.code, t.name, t.is_front_door) for t in graph.teams]
    edges = [(read.vs[e.source]["id"], read.vs[e.target]["id"], e["point"], e["by_age"]) for e in read.es]
    assert edges == [(*move.key, move.by_age) for move in by_node(graph)]


def by_node(graph: TeamGraph) -> list[Any]:
    """Moves in the order in which a graph lists edges: by node."""
    order = [team.code for team in graph.teams]
    return sorted(graph.moves, key=lambda move: order.index(move.origin))


def test_the_graphml_is_as_its_format_says(graph: TeamGraph) -> None:
    """Ids are unique, every datum has a declared key, every edge joins nodes that are there."""
    root = etree.fromstring(written(graph, "graphml"))
    space = {"g": "http://graphml.graphdrawing.org/xmlns"}
    keys = {(key.get("id"), key.get("for")) for key in root.findall("g:key", space)}
    assert len({name for name, _ in keys}) == len(keys)
    nodes = [node.get("id") for node in root.iterfind(".//g:node", space)]
    edges = root.findall(".//g:edge", space)
    assert len(set(nodes)) == len(nodes) == len(graph.teams)
    assert sorted(str(edge.get("id")) for edge in edges) == sorted(move.id for move in graph.moves)
    assert all(edge.get("source") in nodes and edge.get("target") in nodes for edge in edges)
    for kind in ("graph", "node", "edge"):
        data = root.iterfind(f".//g:{kind}/g:data", space)
        assert all((datum.get("key"), kind) in keys for datum in data)


def test_csv_says_what_the_graph_says(graph: TeamGraph) -> None:
    rows = list(csv.DictReader(io.StringIO(written(graph, "csv").decode("utf-8-sig"))))
    moves = [row for row in rows if row["row"] == "move"]
    teams = [row for row in rows if row["row"] == "team"]
    assert [(r["from"], r["to"], r["point"], r["label"], r["clauses"]) for r in moves] == [
        (*m.key, m.point_name, "; ".join(c.clause for c in m.clauses)) for m in graph.moves
    ]
    assert [(r["code"], r["label"], r["front_door"]) for r in teams] == [
        (t.code, t.name, "yes" if t.is_front_door else "no") for t in graph.teams
    ]


def test_csv_is_no_formula() -> None:
    overlay = Overlay(notes={"ash": "=1+1"})
    rows = list(csv.DictReader(io.StringIO(written(tiny_graph(), "csv", overlay).decode("utf-8-sig"))))
    assert [row["note"] for row in rows if row["code"] == "ash"] == ["'=1+1"]


# Graphviz -----------------------------------------------------------------------------------


def parsed_by(program: str, dot: bytes) -> dict[str, Any]:
    """DOT text as Graphviz parses it, in its JSON format."""
    where = shutil.which(program, path=sysconfig.get_path("scripts")) or shutil.which(program)
    if where is None:
        missing(f"{program} is not installed")
    assert where
    ran = subprocess.run([where, "-Tdot_json"], input=dot, capture_output=True, check=True)
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


@pytest.mark.parametrize("program", ["graphviz-pure", "dot"])
def test_graphviz_reads_the_dot_text(graph: TeamGraph, program: str) -> None:
    read = parsed_by(program, written(graph, "dot"))
    objects = {node["_gvid"]: node for node in read["objects"] if "nodes" not in node}
    teams = {node["name"] for node in objects.values() if node.get("id", "").startswith("team--")}
    assert teams == {team.code for team in graph.teams if team.code in graph.moving or team.is_front_door}
    ways = [edge["id"] for edge in read["edges"] if edge["id"].startswith("way--")]
    assert sorted(ways) == sorted({f"way--{move.origin}--{move.to}" for move in graph.moves})
    into = {objects[e["tail"]]["name"]: objects[e["head"]]["name"] for e in read["edges"] if e["id"].startswith("into--")}
    ends = {(objects[e["tail"]]["name"], into[objects[e["head"]]["name"]]) for e in read["edges"] if e["id"].startswith("way--")}
    assert ends == {(move.origin, move.to) for move in graph.moves}


def test_a_box_shows_each_move_once(graph: TeamGraph) -> None:
    shown = Counter(move.id for box in boxes(graph) for move in box.moves)
    assert shown == Counter(move.id for move in graph.moves)
    for box in boxes(graph):
        for line in box.lines:
            assert [move.origin for move in line] == list(box.origins)
            assert len({(move.point, move.clauses, move.to) for move in line}) == 1


# Mermaid ------------------------------------------------------------------------------------

NODE = re.compile(r'^  (t_\w+)(?:\["(?P<box>[^"]*)"\]|\(\["(?P<round>[^"]*)"\]\)):::(door|team|ending|strong)$')
WAY = re.compile(r'^  (t_\w+) (-->|==>|-\.->)\|"([^"]*)"\| (t_\w+)$')
PLAIN = {"#quot;": '"', "#lt;": "<", "#gt;": ">", "#38;": "&", "#35;": "#", "#96;": "`", "#59;": ";"}


def unescaped(text: str) -> str:
    return re.sub("|".join(PLAIN), lambda found: PLAIN[found[0]], text)


def test_mermaid_read_line_by_line_says_what_the_graph_says(graph: TeamGraph) -> None:
    """With a small parser for the lines that we write; Mermaid itself is tested below."""
    lines = written(graph, "mermaid").decode().split("\n")
    assert lines[0] == lines[2] == "---"
    assert lines[3] == "flowchart TB"
    nodes = {m[1]: unescaped(m["box"] or m["round"]).split("<br>")[0] for line in lines if (m := NODE.match(line))}
    assert nodes == {f"t_{t.code}": t.name for t in graph.teams if t.code in graph.moving or t.is_front_door}
    ways = [m for line in lines if (m := WAY.match(line))]
    points = {(m[1][2:], m[4][2:], unescaped(part.split(" (")[0]).lower()) for m in ways for part in m[3].split("<br>")}
    expected = {(m.origin, m.to, m.point_name.removeprefix("the ").lower()) for m in graph.moves}
    assert {(a, b, point.split(",")[0]) for a, b, point in points} == {(a, b, p.split(",")[0]) for a, b, p in expected}
    left = [line for line in lines[4:] if line and not NODE.match(line) and not WAY.match(line)]
    assert all(line.startswith(("  %%", "  classDef ")) for line in left)


def browser() -> str | None:
    """A Chromium, named by `WHICHTEAM_BROWSER` or found on the path."""
    return os.environ.get("WHICHTEAM_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")


def test_mermaid_draws_it() -> None:
    """Drawn in a browser by the Mermaid library that Streamlit ships, from local files only."""
    streamlit = find_spec("streamlit")  # only to find its files
    assert streamlit is not None
    scripts = Path(str(streamlit.origin)).parent / "static" / "static" / "js"
    core = next(scripts.glob("mermaid.core.*.js"), None)
    found = browser()
    if core is None or found is None:
        missing("needs a Chromium and a Streamlit that ships Mermaid")
    assert core
    graphs = [tiny_graph(), *(team_graph(load_program(name)) for name in ("blackpool", "sefton"))]

    def serve(route: Any) -> None:
        path = scripts / route.request.url.rsplit("/", 1)[1]
        if path.is_file():
            route.fulfill(body=path.read_bytes(), content_type="text/javascript")
        else:
            route.fulfill(body="<!DOCTYPE html><title>x</title>", content_type="text/html")

    draw = f"""async text => {{
        const mermaid = (await import('/{core.name}')).default;
        mermaid.initialize({{startOnLoad: false, securityLevel: 'strict'}});
        return (await mermaid.render('g', text)).svg;
    }}"""

    def drawn() -> list[str]:
        with sync_playwright() as tool:
            page = tool.chromium.launch(executable_path=found, args=["--no-sandbox"]).new_page()
            page.route("**/*", serve)
            page.goto("http://files.invalid/")
            return [page.evaluate(draw, written(graph, "mermaid").decode()) for graph in graphs]

    with ThreadPoolExecutor(1) as elsewhere:  # the tests of the app keep a browser's event loop in this thread
        pictures = elsewhere.submit(drawn).result()
    for graph, svg in zip(graphs, pictures):
        shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", svg)).replace("&amp;", "&")
        assert all(team.name in shown for team in graph.teams if team.code in graph.moving)
        assert svg.count('class="edgeLabel"') >= len({(move.origin, move.to) for move in graph.moves})
