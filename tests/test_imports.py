"""Imports go one way: explain uses queries, queries use kb, kb uses neither; folders of kb depend one way."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_USE = {"kb": {"kb"}, "queries": {"queries", "kb"}, "explain": {"explain", "queries", "kb"}}
FILES = [(layer, path) for layer in MAY_USE for path in sorted((ROOT / layer).rglob("*.py"))]


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of everything that a file imports, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, "." * node.level + (node.module or "")


@pytest.mark.parametrize(("layer", "path"), FILES, ids=[str(path.relative_to(ROOT)) for _, path in FILES])
def test_a_layer_uses_only_those_below_it(layer: str, path: Path) -> None:
    foreign = set(MAY_USE) - MAY_USE[layer]
    assert [(line, name) for line, name in imported(path) if name.split(".")[0] in foreign] == []
    assert [(line, name) for line, name in imported(path) if name.split(".")[0] in ("tests", "app", "benchmarks")] == []


@pytest.mark.parametrize(("layer", "path"), FILES, ids=[str(path.relative_to(ROOT)) for _, path in FILES])
def test_imports_are_written_out(layer: str, path: Path) -> None:
    """The checker of filed decisions imports only its own files, as it can be copied and run elsewhere."""
    if path.parent.name == "verify":
        assert [(line, name) for line, name in imported(path) if name.startswith("..") or name.startswith("explain")] == []
    else:
        assert [(line, name) for line, name in imported(path) if name.startswith(".")] == []


def test_nothing_is_imported_by_string() -> None:
    """Such an import would hide a dependency from the other tests."""
    found = [
        str(path.relative_to(ROOT))
        for _, path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")) in ("import_module", "__import__")
    ]
    assert found == []


#: The check of exceptions in rules uses their lowering.
KNOWN = {("language", "lowering")}


def test_folders_of_kb_depend_one_way() -> None:
    folders = [path.name for path in (ROOT / "kb").iterdir() if (path / "__init__.py").is_file()]
    uses = {folder: set[str]() for folder in folders}
    for folder in folders:
        for path in (ROOT / "kb" / folder).rglob("*.py"):
            uses[folder] |= {name.split(".")[1] for _, name in imported(path) if name.startswith("kb.")} & (
                set(folders) - {folder}
            )
    depends = {folder: used - {other for one, other in KNOWN if one == folder} for folder, used in uses.items()}
    order = tuple(TopologicalSorter(depends).static_order())  # raises CycleError if there is none
    assert sorted(order) == sorted(folders)


@pytest.mark.parametrize("path", [path for layer, path in FILES if layer != "explain"], ids=lambda p: str(p.relative_to(ROOT)))
def test_nothing_below_the_app_knows_the_screen(path: Path) -> None:
    screens = ("streamlit", "rich", "typer", "graphviz")
    assert [(line, name) for line, name in imported(path) if name.split(".")[0] in screens] == []


def test_only_one_module_knows_the_engine() -> None:
    users = [str(path.relative_to(ROOT)) for _, path in FILES if any(n.split(".")[0] == "pyDatalog" for _, n in imported(path))]
    assert users == ["kb/engines/pydatalog.py"]
