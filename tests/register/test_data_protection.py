"""The page on data protection lists every table and column of the register, in the words of the schema."""

from __future__ import annotations

import re

from kb.register.schema import DATA, entries
from tests.helpers import ROOT

PAGE = (ROOT / "docs" / "data-protection.md").read_text(encoding="utf-8")


def told() -> dict[str, dict[str, str]]:
    """For each table of the page its columns, with what they hold."""
    found = {}
    for section in re.split(r"^### ", PAGE, flags=re.MULTILINE)[1:]:
        rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", section, re.MULTILINE)
        found[section.split("`")[1]] = dict(rows)
    return found


def test_the_page_has_every_table_and_column_in_the_words_of_the_schema() -> None:
    assert told() == {table.name: {column.name: column.doc for column in table.c} for table in (entries, *DATA)}


def test_each_table_says_why_and_how_long() -> None:
    sections = re.split(r"^### ", PAGE, flags=re.MULTILINE)[1:]
    assert [section.split("`")[1] for section in sections if not re.search(r"\n\n.+\. Kept .+\.\n", section)] == []
