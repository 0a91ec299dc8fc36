"""`docs/graph.md` lists the attributes of the exports with their types, and the ids."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from explain.graph.formats import FORMATS
from queries.graph.network import SCHEMA, Scalar, graph_attributes, move_attributes, team_attributes
from tests.graph.tiny import tiny_graph

TEXT = (Path(__file__).parent.parent.parent / "docs" / "graph.md").read_text(encoding="utf-8")


def documented(section: str) -> dict[str, str]:
    """Attribute and type of each row under a heading."""
    part = TEXT.split(f"### {section}\n")[1].split("\n#")[0]
    return dict(re.findall(r"^\| `(\w+)` \| ([\w/]+) \|", part, re.MULTILINE))


@pytest.mark.parametrize("section", ["Of the graph", "Of a team", "Of a move"])
def test_the_attributes_are_those_of_the_page(section: str) -> None:
    graph = tiny_graph()
    found: dict[str, Scalar] = {
        "Of the graph": graph_attributes(graph),
        "Of a team": team_attributes(graph.teams[0]),
        "Of a move": move_attributes(graph, graph.moves[0]),
    }[section]
    said = documented(section)
    assert list(said) == list(found)
    assert {name for name, kind in said.items() if kind == "yes/no"} == {n for n, v in found.items() if isinstance(v, bool)}


def test_the_page_knows_the_version_and_every_format() -> None:
    assert f"\nVersion {SCHEMA}. " in TEXT
    assert all(f"`{form}`" in TEXT for form in FORMATS)
