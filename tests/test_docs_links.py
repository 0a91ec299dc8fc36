"""What README and docs name exists: pages, headings, files, commands with their options, and every page of the site."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
import typer
import yaml

from explain import cli
from kb.examples import FIELDS
from kb.policy import find_policy, load_policy
from kb.vocabulary.load import load_vocabulary
from kb.vocabulary.model import FACT_TYPES, KINDS, STEP, TIMES
from kb.vocabulary.schema import case_schema, decision_schema
from queries.check import check_names
from queries.proof import MANNERS
from tests.helpers import ROOT
from tests.test_docs import PAGES, names

ALL = (*PAGES, ROOT / "CHANGELOG.md")
PROSE = tuple(page for page in ALL if page.name not in ("blackpool.md", "sefton.md"))  # those two are written by `check`
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_PATH = re.compile(r"`((?:kb|queries|explain|tests|docs|benchmarks|tools|examples|\.ci)/[\w./*-]*)`")
_IN_BLOCK = re.compile(r"^(?:\$ )?whichteam ((?:register )?[a-z][a-z-]*)([^\n#]*)", re.MULTILINE)
_IN_PROSE = re.compile(r"`whichteam\s+((?:register )?[a-z][a-z-]*)([^`]*)`")
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def anchors(page: str) -> set[str]:
    """The anchors of a page's headings, as GitHub and the site make them."""
    headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", page), re.MULTILINE)
    plain = [re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings]
    return {heading.replace(" ", "-") for heading in plain}


def broken_links(text: str, page: Path) -> list[str]:
    """The broken links of a page. External addresses are not checked."""
    broken = []
    for target in _LINK.findall(_FENCE.sub("", text)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or (anchor and anchor not in anchors(text_of(file) if path else text)):
            broken.append(target)
    return broken


def missing_paths(text: str) -> list[str]:
    """The files and folders of this project that a text names and that do not exist. NAME stands for any name."""
    found = []
    for path in _PATH.findall(text):
        pattern = re.sub(r"\b[A-Z][A-Z_]*\b", "*", path).replace("test_NAME", "test_*").rstrip("/")
        if not any(ROOT.glob(pattern)):
            found.append(path)
    return found


@cache
def commands() -> dict[str, frozenset[str]]:
    """Every command with its options, those of a group as `register add`."""
    top = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]
    groups = {name: command for name, command in top.items() if hasattr(command, "commands")}
    listed = [*top.items(), *((f"{group} {name}", c) for group, of in groups.items() for name, c in of.commands.items())]
    found: dict[str, frozenset[str]] = {}
    for name, command in listed:
        options = [option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)]
        found[name] = frozenset([*options, "--help"])
    return found


def wrong_commands(text: str) -> list[str]:
    """The commands and options in a text that do not exist."""
    found = []
    shown = [each for block in _FENCE.findall(text) for each in _IN_BLOCK.findall(block)]
    for name, rest in [*_IN_PROSE.findall(_FENCE.sub("", text)), *shown]:
        if name not in commands():
            found.append(name)
            continue
        found += [f"{name} {option}" for option in _OPTION.findall(rest) if option not in commands()[name]]
    return found


@pytest.mark.parametrize("document", ALL, ids=names)
def test_every_link_leads_somewhere(document: Path) -> None:
    assert broken_links(text_of(document), document) == []


@pytest.mark.parametrize("document", PROSE, ids=names)
def test_every_file_that_a_page_names_exists(document: Path) -> None:
    assert missing_paths(text_of(document)) == []


@pytest.mark.parametrize("document", PROSE, ids=names)
def test_every_command_that_a_page_names_exists(document: Path) -> None:
    assert wrong_commands(text_of(document)) == []


def test_the_reference_has_every_command_with_options_that_it_has() -> None:
    pattern = r"^\| `whichteam ((?:register )?[a-z-]+)[^|]*\|(.*)$"
    rows = re.findall(pattern, text_of(ROOT / "docs/reference/commands.md"), re.MULTILINE)
    assert {name for name, _ in rows} == set(commands()) - {"register"}
    wrong = [f"{name} {option}" for name, rest in rows for option in _OPTION.findall(rest) if option not in commands()[name]]
    assert wrong == []


def test_the_site_has_every_page_once() -> None:
    config = yaml.safe_load(text_of(ROOT / "mkdocs.yml"))
    in_menu = list(_leaves(config["nav"]))
    pages = sorted(str(page.relative_to(ROOT / "docs")) for page in (ROOT / "docs").rglob("*.md"))
    assert sorted(in_menu) == pages


def _leaves(entry: object) -> list[str]:
    if isinstance(entry, str):
        return [entry]
    parts = entry.values() if isinstance(entry, dict) else entry if isinstance(entry, list) else ()
    return [leaf for part in parts for leaf in _leaves(part)]


def test_every_decision_has_its_four_parts() -> None:
    pages = list((ROOT / "docs/decisions").glob("[0-9]*.md"))
    assert len(pages) >= 10
    parts = ["Context", "Decision", "Consequences", "What would change it"]
    assert [names(p) for p in pages if re.findall(r"^## (.+)$", text_of(p), re.MULTILINE) != parts] == []


def test_faults_are_found() -> None:
    page = ROOT / "docs" / "index.md"
    text = "# One heading\n[a](nowhere.md) [b](index.md#not-there) [c](#one-heading) [d](../README.md) [e](https://example.org)\n"
    assert broken_links(text, page) == ["nowhere.md", "index.md#not-there"]
    assert missing_paths("`kb/program.py` `kb/nothing.py` `kb/policies/NAME/clauses.tsv` `kb/policies/NAME/none.tsv`") == [
        "kb/nothing.py",
        "kb/policies/NAME/none.tsv",
    ]
    shown = "`whichteam decide CASE --json`, `whichteam decode CASE`\n```\n$ whichteam why CASE --shirt\n```\n"
    assert wrong_commands(shown) == ["decode", "why --shirt"]


def table_words(page: Path) -> set[str]:
    """The words in the first column of the tables of a page."""
    cells = re.findall(r"^\| ([^|]+) \|", text_of(page), re.MULTILINE)
    return {word.strip(" `").lower() for cell in cells for word in cell.split(",")}


def test_the_glossary_has_every_kind_of_fact_code_status_and_claim() -> None:
    words = table_words(ROOT / "docs" / "glossary.md")
    codes = load_vocabulary().codes
    written = {"point": "transfer point", "co_working": "co-working", "team": "holder"}
    kinds = {written.get(kind, kind) for kind in KINDS} - {"contradiction", "status", "move_status", "day_count", "answer"}
    statuses = {code.code for kind in ("status", "move_status") for code in codes[kind]}
    assert kinds | statuses | {*TIMES} - {STEP} <= words
    assert {manner for manner in MANNERS if manner not in text_of(ROOT / "docs" / "glossary.md")} == set()


def test_the_glossary_says_each_word_once() -> None:
    cells = re.findall(r"^\| ([^|]+) \|", text_of(ROOT / "docs" / "glossary.md"), re.MULTILINE)
    said = [word.strip() for cell in cells for word in cell.split(",") if cell not in ("word", "---")]
    assert sorted(word for word in set(said) if said.count(word) > 1) == ["unknown"]  # a status of an answer and of a move


def test_the_reference_has_every_field_and_type() -> None:
    words = table_words(ROOT / "docs" / "reference" / "case-and-decision.md")
    vocabulary = load_policy(find_policy("blackpool")).vocabulary
    decision = decision_schema(vocabulary)["properties"]
    case = case_schema(vocabulary)["properties"]
    assert {*decision, *case} - words == {"case_id", "policy", "as_of"} - words
    assert {*FACT_TYPES} - words == {"point"}  # only in steps, not in case files


def test_writing_a_policy_has_all_that_a_policy_may_conclude_and_an_example_may_expect() -> None:
    page = text_of(ROOT / "docs" / "writing-a-policy.md")
    house = text_of(ROOT / "kb" / "house" / "1_what_a_policy_says.dl")
    predicates = re.findall(r"^predicate (\w+)", house, re.MULTILINE)
    assert len(predicates) > 20
    assert [name for name in predicates if f"`{name}(" not in page] == []
    parts = [key for key in FIELDS if not key.startswith(("only ", "no ", "not "))]
    assert [key for key in parts if f"`{key}`" not in page] == []


def test_checks_has_every_check() -> None:
    page = text_of(ROOT / "docs" / "checks.md")
    assert [name for name in check_names() if not re.search(rf"^\| [^|]*\b{name}\b[^|]* \|", page, re.MULTILINE)] == []
