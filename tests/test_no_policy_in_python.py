"""No Python file names a team, fact, clause, gate or other code: what a policy says is data."""

from __future__ import annotations

import ast
import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
#: Kinds of code that only a policy may name.
KINDS = {
    "team",
    "point",
    "gate",
    "duty",
    "deadline",
    "attendance",
    "co_working",
    "finding",
    "body",
    "meeting",
    "escalation",
    "outcome",
}
#: Words of case files and decisions, each with the reason why Python may have it.
RESERVED = {
    "none": "in a case file: no team on record",
    "unknown": "a status of a decision",
    "day_count": "a key of a decision's deadlines, which a reading is named after",
    "template": "the folder that a new policy is copied from",
    "no_team": "in a decision: the possibility that no team is named",
}
#: The one module with names of facts and codes, which are of the shared vocabulary and not of a policy.
CARRIED = ROOT / "kb" / "carried.py"
FILES = sorted(
    path for path in [*ROOT.glob("kb/**/*.py"), *ROOT.glob("queries/**/*.py"), *ROOT.glob("explain/**/*.py"), *ROOT.glob("*.py")]
)


def rows(pattern: str) -> Iterator[dict[str, str]]:
    for path in sorted(ROOT.glob(pattern)):
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def names() -> dict[str, str]:
    """Every name that belongs to a policy or the vocabulary, with its kind."""
    found: dict[str, str] = {}
    for row in rows("kb/**/codes.tsv"):
        if row["kind"] in KINDS:
            found[row["code"]] = row["kind"]
    for pattern, column, kind in [
        ("kb/**/facts.tsv", "name", "fact"),
        ("kb/**/calculated.tsv", "name", "calculated fact"),
        ("kb/**/readings.tsv", "name", "reading"),
        ("kb/**/clauses.tsv", "id", "clause"),
    ]:
        found |= {row[column]: kind for row in rows(pattern)}
    for policy in (ROOT / "kb" / "policies").iterdir():
        found[policy.name] = "policy"
    return {name: kind for name, kind in found.items() if name not in RESERVED}


def words(source: str) -> Iterator[tuple[int, str]]:
    """Every name, and every word of every string, in a Python file, except in docstrings and help."""
    tree = ast.parse(source)
    told = {id(node) for node in shown(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            for word in node.value.replace("`", " ").replace("=", " ").replace("{", " ").replace(".", " ").split():
                yield node.lineno, word.strip(",;:()[]}'\"")


def shown(tree: ast.AST) -> Iterator[ast.AST]:
    """The docstrings, which are for people only."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield first.value


NAMES = names()


@pytest.mark.parametrize("path", [path for path in FILES if path != CARRIED], ids=lambda p: str(p.relative_to(ROOT)))
def test_a_python_file_names_nothing_of_a_policy(path: Path) -> None:
    hits = [
        f"{path.relative_to(ROOT)}:{line}: `{word}` is a {NAMES[word]}"
        for line, word in words(path.read_text(encoding="utf-8"))
        if word in NAMES
    ]
    assert hits == []


def test_the_search_finds_what_it_looks_for() -> None:
    name = next(name for name, kind in NAMES.items() if kind == "team")
    assert name in [word for _, word in words(f'"""{name}"""\nx = "from `{name}`, on"\n')]
    assert name not in [word for _, word in words(f'"""{name}"""\nx = "from {name}s"\n')]
    assert len(FILES) > 20
    assert {"team", "fact", "clause", "gate", "duty", "reading", "policy"} <= set(NAMES.values())
