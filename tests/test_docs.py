"""The examples in README and docs print what is shown: each page is run in order, in a folder of its own.

A block with a `title` is written to a file of that name, or added to it (`add to NAME`). A block that begins with
`$ whichteam` holds commands, each followed by all that it prints; `...` stands for any lines or letters,
`[exit code N]` at the end for an exit code other than 0. Blocks of Python that begin with `>>>` are run as doctests;
in others every import has to exist.
"""

from __future__ import annotations

import ast
import doctest
import re
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kb.cache import forget
from tests.helpers import ROOT, whichteam

PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md")))
_BLOCK = re.compile(r"^```(?P<info>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_TITLE = re.compile(r'title="(add to )?([\w./-]+)"')
_EXIT = re.compile(r"\[exit code (\d+)\]")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the file that it is or is added to, and its text."""

    language: str
    title: str
    body: str
    added: bool = False

    def write(self, folder: Path) -> None:
        """Writes the block to its file, if it has one."""
        if self.title:
            target = folder / self.title
            target.parent.mkdir(parents=True, exist_ok=True)
            before = target.read_text(encoding="utf-8") if self.added else ""
            target.write_text(before + self.body, encoding="utf-8")

    @property
    def changes_a_policy(self) -> bool:
        return Path(self.title).suffix in (".dl", ".tsv", ".toml") or "$ whichteam new-policy " in self.body

    @property
    def is_session(self) -> bool:
        """Whether it is a Python session, with what each line prints."""
        return self.language == "python" and self.body.startswith(">>> ")

    @property
    def commands(self) -> list[tuple[str, str]]:
        """Each command with what is shown to be printed."""
        if not self.body.startswith("$ whichteam "):
            return []
        parts = [part.partition("\n") for part in re.split(r"^\$ whichteam ", self.body, flags=re.MULTILINE)[1:]]
        return [(command, output) for command, _, output in parts]


def blocks(page: str) -> list[Block]:
    """The fenced blocks of a page, in order."""
    found = []
    for block in _BLOCK.finditer(page):
        title = _TITLE.search(block["info"])
        name, added = (title[2], bool(title[1])) if title else ("", False)
        found.append(Block(block["info"].split(" ")[0], name, block["body"], added))
    return found


def lines_of(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip("\n").splitlines()]


def difference(shown: str, printed: str) -> str:
    """The part of the output shown by a page that was not printed; empty if all was. `...` matches any lines or letters."""
    rest, gap = lines_of(printed), False
    for line in lines_of(shown):
        if line == "...":
            gap = True
            continue
        pattern = re.compile(".*".join(map(re.escape, line.split("..."))))
        found = next((n for n, each in enumerate(rest if gap else rest[:1]) if pattern.fullmatch(each)), None)
        if found is None:
            return f"shown: {line}\nprinted: {rest[0] if rest else '(nothing more)'}"
        rest, gap = rest[found + 1 :], False
    return f"not shown: {rest[0]}" if rest and not gap else ""


def run(command: str, shown: str) -> str:
    """Runs a command of a page. Returns the difference from what the page shows; empty if none."""
    code = _EXIT.search(shown)
    ran = whichteam(*shlex.split(command))
    told = f"$ whichteam {command}\n"
    if ran.code != (int(code[1]) if code else 0):
        return f"{told}exit code {ran.code}\n{ran.out}{ran.err}"
    wrong = difference(_EXIT.sub("", shown), ran.out + ran.err)
    return told + wrong if wrong else ""


def names(page: Path) -> str:
    return str(page.relative_to(ROOT))


WORKED = [page for page in PAGES if any(b.commands or b.is_session for b in blocks(page.read_text(encoding="utf-8")))]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with the examples."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WHICHTEAM_POLICIES", raising=False)
    monkeypatch.delenv("WHICHTEAM_REGISTER", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


@pytest.mark.parametrize("document", WORKED, ids=names)
def test_what_a_page_shows_is_what_happens(document: Path, folder: Path) -> None:
    wrong, names_so_far = [], dict[str, Any]()
    for block in blocks(document.read_text(encoding="utf-8")):
        block.write(folder)
        if block.changes_a_policy:
            forget()  # the process may have cached a policy from the same path
        wrong += [run(command, shown) for command, shown in block.commands]
        if block.is_session:
            wrong.append(session(block.body, names_so_far))
    assert "\n\n".join(filter(None, wrong)) == ""


def session(source: str, names_so_far: dict[str, Any]) -> str:
    """Runs a Python session with the names of earlier ones. Returns the difference from what the page shows."""
    told: list[str] = []
    test = doctest.DocTestParser().get_doctest(source, names_so_far, "session", None, 0)
    doctest.DocTestRunner(verbose=False).run(test, out=told.append, clear_globs=False)
    names_so_far.update(test.globs)
    return "".join(told)


@pytest.mark.parametrize("document", PAGES, ids=names)
def test_what_python_of_a_page_imports_exists(document: Path) -> None:
    python = [b.body for b in blocks(document.read_text(encoding="utf-8")) if b.language == "python" and not b.is_session]
    assert [missing for body in python for missing in not_there(body)] == []


def not_there(source: str) -> list[tuple[str, str]]:
    """The names that Python code imports from this project's modules but that are not defined there."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ("kb", "queries", "explain"):
            module = str(node.module)
            file = ROOT / f"{module.replace('.', '/')}.py"
            defined = _defined(file) if file.exists() else set()
            found += [(module, alias.name) for alias in node.names if alias.name not in defined]
    return found


def _defined(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}


def test_the_readme_shows_an_answer_and_each_tutorial_its_commands() -> None:
    shown = {names(page) for page in WORKED}
    tutorials = {names(page) for page in (ROOT / "docs" / "tutorials").glob("*.md")}
    assert shown >= {"README.md", *tutorials}
    assert len(tutorials) == 3


def test_the_readme_shows_the_case_and_the_rules_as_they_are() -> None:
    shown = blocks((ROOT / "README.md").read_text(encoding="utf-8"))
    (case,) = [block.body for block in shown if block.language == "json"]
    assert case == (ROOT / "examples" / "conference.json").read_text(encoding="utf-8")
    (rules,) = [block.body for block in shown if block.body.startswith("@clause")]
    assert rules in (ROOT / "kb/policies/blackpool/5_transfer_points.dl").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("shown", "printed", "wrong"),
    [
        ("one\ntwo\n", "one\ntwo  \n", ""),
        ("one\n...\nfour\n", "one\ntwo\nthree\nfour\n", ""),
        ("one\n...\n", "one\ntwo\n", ""),
        ("one ... three\n", "one two three\n", ""),
        ("one ... three\n", "one two four\n", "shown: one ... three\nprinted: one two four"),
        ("one\n", "one\ntwo\n", "not shown: two"),
        ("one\ntwo\n", "one\n", "shown: two\nprinted: (nothing more)"),
        ("one\n...\nfive\n", "one\ntwo\n", "shown: five\nprinted: two"),
    ],
)
def test_a_page_that_shows_something_else_is_found(shown: str, printed: str, wrong: str) -> None:
    assert difference(shown, printed) == wrong


def test_a_block_is_read_with_its_file_and_its_commands() -> None:
    page = (
        '```yaml title="a/case.yaml"\ncase_id: x\n```\n\n```\n$ whichteam check p\nerror\n[exit code 2]\n$ whichteam facts\n```\n'
    )
    first, second = blocks(page)
    assert (first.language, first.title, first.body, first.commands) == ("yaml", "a/case.yaml", "case_id: x\n", [])
    assert second.commands == [("check p", "error\n[exit code 2]\n"), ("facts", "")]


def test_an_import_that_does_not_exist_is_found() -> None:
    assert not_there("from kb.program import solve, salve\nfrom pathlib import Path\n") == [("kb.program", "salve")]
