"""The file formats of a filed decision: content, readability, and the same bytes each time."""

from __future__ import annotations

import io
import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from docx import Document as WordDocument
from docx.table import Table

from explain.filed.as_calendar import as_calendar, escaped, fold
from explain.filed.as_json import as_json
from explain.filed.command import made
from explain.filed.content import Confirmation, Document, content_of, differing
from explain.filed.forms import page_html, record_html, record_word
from explain.standing import title
from kb.fingerprint import fingerprint
from queries.load import load_program
from tests.filed.cases import HELD, TIMED, content, decided

HASHES = {"Rules and tables": "abc", "Seal of the JSON form": "def"}
VOID = {"meta", "br", "hr"}


class Page(HTMLParser):
    """A strict HTML parser: every element is closed in order."""

    def __init__(self, text: str):
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.text.append(data)

    @property
    def said(self) -> str:
        return " ".join(" ".join(self.text).split())

    def tags(self, name: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.seen if tag == name]


def page(facts: dict[str, Any], *more: Any) -> Page:
    return Page(record_html(content(facts, *more), HASHES))


def same_document() -> Document:
    """A document whose lines have other fingerprints than the council's."""
    policy = load_program("blackpool").policy
    return Document(tuple(f"Made-up line {n}." for n in range(1, max(policy.fingerprints) + 1)))


# content


def test_what_a_record_says() -> None:
    told = content(HELD, Confirmation("A Manager", "2024-10-17"))
    assert told.question == "Which team holds the child of case case on 16 October 2024?" or told.question.startswith(
        "Which team"
    )
    assert told.headline == "On 16 October 2024 Strengthening and Supporting Families holds the child."
    assert [sentence.text for sentence in told.why] == [
        "On 15 October 2024 the child moved from Assessment and Support Team to Strengthening and Supporting Families "
        "at the initial child protection conference",
        "Strengthening and Supporting Families holds the child",
    ]
    assert [group.title for group in told.why_rest][:1] == ["The move"]
    clause = next(clause for clause in told.clauses if clause.id == "bp81")
    assert clause.cited == "Clause bp81, line 52"
    assert clause.lines[0].passage is None
    assert re.fullmatch("[0-9a-f]{16}", clause.lines[0].fingerprint)
    assert told.document_told == "The council's document was not given, so clauses stand in our words with their lines."


def test_deadlines_with_their_basis() -> None:
    told = content(TIMED)
    assert [(due.code, due.due, due.day_count, due.met) for due in told.deadlines] == [
        (row["code"], row["due"], row["day_count"], row["met"]) for row in told.decision.deadlines
    ]
    due = next(due for due in told.deadlines if due.day_count == "working" and due.due == "2024-08-16")
    assert due.basis == "10 working days after the start of the assessment"
    assert due.clauses
    assert all(re.fullmatch(r"clause bp\d+ \(lines? [\d, -]+\)", name) for name in due.clauses)


def test_a_document_that_differs_is_told() -> None:
    told = content(HELD, None, same_document())
    assert told.document_told.startswith("The document given differs from the one that the rules were read from (lines 1, 2, ")
    assert told.document_told.endswith("Check those passages.")
    assert [line.passage for clause in told.clauses for line in clause.lines if line.passage is not None] == []


def test_passages_stand_under_clauses_where_the_document_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    document = same_document()
    policy = load_program("blackpool").policy
    monkeypatch.setattr(
        type(policy), "fingerprints", {n: fingerprint(document.lines[n - 1]) for n in policy.fingerprints}, raising=False
    )
    monkeypatch.delitem(policy.__dict__, "fingerprints")
    assert differing(policy, document) == ()
    told = content(HELD, None, document)
    assert told.document_told.startswith("The document given is the one that the rules were read from")
    text = Page(record_html(told, HASHES)).said
    assert "Line 52: Made-up line 52." in text
    word = WordDocument(io.BytesIO(record_word(told, HASHES)))
    assert "Line 52: Made-up line 52." in [paragraph.text for paragraph in word.paragraphs]


@pytest.mark.parametrize("other", ["some, other TEXT", "  some other   text ", "- Some other text."])
def test_a_fingerprint_is_of_the_words(other: str) -> None:
    assert fingerprint(other) == fingerprint("Some other text")
    assert fingerprint(other) != fingerprint("Some other texts")


# HTML


def test_a_page_is_one_file_without_script_or_request() -> None:
    text = record_html(content(HELD), HASHES)
    told = Page(text)
    assert told.tags("script") == told.tags("link") == told.tags("img") == told.tags("iframe") == []
    assert [attrs for _, attrs in told.seen if {"src", "href"} & set(attrs) or any(n.startswith("on") for n in attrs)] == []
    assert "url(" not in text
    assert "@import" not in text
    assert "http:" not in text
    assert "https:" not in text


def test_a_page_can_be_found_ones_way_in() -> None:
    told = page(TIMED)
    assert told.tags("html") == [{"lang": "en-GB"}]
    assert len(told.tags("title")) == len(told.tags("h1")) == len(told.tags("main")) == 1
    levels = [int(tag[1]) for tag, _ in told.seen if re.fullmatch("h[1-6]", tag)]
    assert all(below <= above + 1 for above, below in pairwise(levels))
    assert len(told.tags("caption")) == len(told.tags("table"))
    assert all("scope" in attrs for attrs in told.tags("th"))
    assert told.tags("details")
    assert all("open" in attrs for attrs in told.tags("details"))
    assert len(told.tags("summary")) == len(told.tags("details"))


def test_what_a_page_says() -> None:
    said = page(TIMED, Confirmation("A <b>Manager</b> & Co", "2024-10-17")).said
    assert "Manager check of the assessment at day 10 (16 August 2024): kept" in said
    for part in (
        "Decision record: case c1",
        "Confirmed by A <b>Manager</b> & Co Confirmed on 17 October 2024",
        "This advises; a person decides.",
        "10 working days after the start of the assessment (working days)",
        "✓ Checked",
        "✓ Yes",
        "Fingerprint:",
        "Policy files",
        "How the text was read",
    ):
        assert part in said
    assert re.findall(r"\b[a-z]+_[a-z_]+\b", said) == []


def test_an_override_is_told_with_its_reason() -> None:
    facts = Confirmation("A Manager", "2024-10-17", "awaken", "Known to the team.")
    told = page(HELD, facts)
    assert "This answer was set aside: Awaken holds the child." in told.said
    assert "Reason: Known to the team." in told.said
    assert "Decided by A Manager Decided on 17 October 2024" in told.said
    word = WordDocument(io.BytesIO(record_word(content(HELD, facts), HASHES)))
    assert "Reason: Known to the team." in [paragraph.text for paragraph in word.paragraphs]


@pytest.mark.parametrize("facts", [{}, {"threshold_level": 3}, HELD, TIMED], ids=["nothing", "unknown", "held", "timed"])
def test_every_kind_of_answer_has_its_page(facts: dict[str, Any]) -> None:
    told = content(facts)
    assert told.headline in page(facts).said
    assert len(record_word(told, HASHES)) > 10_000


# Word


def test_what_a_word_file_says() -> None:
    told = content(TIMED)
    word = WordDocument(io.BytesIO(record_word(told, HASHES)))
    texts = [paragraph.text for paragraph in word.paragraphs]
    assert told.headline in texts
    heads = {level: [p.text for p in word.paragraphs if p.style and p.style.name == f"Heading {level}"] for level in (1, 2)}
    assert heads[1] == [title(told.decision), "Annex: the full record of case c1"]  # the one page comes first
    assert heads[2][heads[2].index("Who decided") + 1 :] == [
        "The answer in full",
        "How the child came here",
        "Why",
        "Clauses",
        "How the text was read",
        "To check this record",
    ]
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    assert "10 working days after the start of the assessment" in " ".join(cells)
    assert {"Deadline", "Due", "What became of it", "Basis", "abc"} <= set(cells)
    assert any(text.startswith("✓ Yes: ") for text in texts)
    assert any(text.startswith("✓ Checked: ") for text in texts)
    assert (word.core_properties.language, word.core_properties.author) == ("en-GB", "whichteam")


def test_a_word_file_begins_with_the_one_page_and_the_record_is_its_annex() -> None:
    """All that the page of HTML says stands before the annex. How long it is, no test measures."""
    told = content(HELD, Confirmation("A Manager", "2024-10-17", "awaken", "Known to the team."))
    word = WordDocument(io.BytesIO(record_word(told, HASHES)))
    before: list[str] = []
    for block in word.iter_inner_content():
        rows = [" ".join(cell.text for cell in row.cells) for row in block.rows] if isinstance(block, Table) else [block.text]
        if rows == ["Annex: the full record of case c1"]:
            break
        before += rows
    for line in (title(told.decision), "Who decided", "Decided by A Manager", "Reason Known to the team."):
        assert line in before
    assert len([line for line in before if line.endswith(("Yes", "No", "? Not known"))]) > 2
    assert "Seal of the JSON form def" in before
    page = Page(page_html(told, HASHES)).said.removeprefix("Decision for case c1 ")  # the name of its window
    word_page = re.sub(r"[\[\]]", "", " ".join(" ".join(before).split()))
    annex = "full record"  # where it is each form says for itself
    assert word_page.partition(annex)[0] == page.partition(annex)[0]
    assert [section._sectPr.xpath("./w:cols/@w:num") for section in word.sections] == [[], ["2"], ["1"]]


# calendar


def unfolded(text: str) -> list[str]:
    assert text.endswith("\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    return text.replace("\r\n ", "").split("\r\n")[:-1]


def events(lines: list[str]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for line in lines:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found:
            found[-1].setdefault(name, value)
    return found


def test_the_calendar_has_every_deadline_as_a_whole_day() -> None:
    told = content(TIMED)
    lines = unfolded(as_calendar(told))
    assert (lines[0], lines[1], lines[-1]) == ("BEGIN:VCALENDAR", "VERSION:2.0", "END:VCALENDAR")
    entries = events(lines)
    assert [entry["DTSTART;VALUE=DATE"] for entry in entries] == [due.due.replace("-", "") for due in told.deadlines]
    assert len({entry["UID"] for entry in entries}) == len(entries)
    assert all(entry["DTSTAMP"] == "20241016T000000Z" for entry in entries)
    working = next(entry for entry in entries if entry["DTSTART;VALUE=DATE"] == "20240816")
    assert working["DTEND;VALUE=DATE"] == "20240817"
    assert working["DESCRIPTION"].startswith("10 working days after the start of the assessment (working days)\\; clause bp")
    assert working["SUMMARY"].endswith("(working days)\\, case c1")
    assert "\\nAs of 16 October 2024: kept.\\n" in working["DESCRIPTION"]


def test_the_same_deadline_keeps_its_id_on_another_day() -> None:
    first, second = (events(unfolded(as_calendar(content_of(decided(TIMED, day))))) for day in ("2024-10-16", "2024-10-18"))
    assert [entry["UID"] for entry in first] == [entry["UID"] for entry in second]
    assert first != second


def test_a_planned_move_stands_in_the_calendar() -> None:
    planned = {name: raw for name, raw in TIMED.items() if name not in ("icpc_held_on", "icpc_outcome")}
    told = content({**planned, "icpc_required": True, "icpc_booked_for": "2024-10-28"})
    move = next(entry for entry in events(unfolded(as_calendar(told))) if entry["SUMMARY"].startswith("Planned move"))
    assert move["DTSTART;VALUE=DATE"] == "20241028"
    assert move["SUMMARY"] == "Planned move to Strengthening and Supporting Families\\, case c1"
    assert move["DESCRIPTION"].startswith(
        "On 28 October 2024 the child is to move from Assessment and Support Team to Strengthening and Supporting Families "
        "at the initial child protection conference.\\n"
    )


@pytest.mark.parametrize(("booked", "sounds"), [("2024-10-28", "-P2DT15H"), ("2024-10-18", "-P1DT15H"), ("2024-10-17", "-PT15H")])
def test_only_what_is_still_to_come_has_an_alarm(booked: str, sounds: str) -> None:
    """At 9 o'clock three days before, or as many as are left on 16 October; the limits here are kept or missed."""
    planned = {name: raw for name, raw in TIMED.items() if name not in ("icpc_held_on", "icpc_outcome")}
    told = content({**planned, "icpc_required": True, "icpc_booked_for": booked})
    lines = unfolded(as_calendar(told))
    alarms = [(lines[n - 1], lines[n : n + 5]) for n, line in enumerate(lines) if line == "BEGIN:VALARM"]
    open_limits = sum(due.met is None and due.due >= "2024-10-16" for due in told.deadlines)
    assert open_limits == 0
    summary = "DESCRIPTION:Planned move to Strengthening and Supporting Families"
    assert alarms == [("CLASS:CONFIDENTIAL", ["BEGIN:VALARM", "ACTION:DISPLAY", summary, f"TRIGGER:{sounds}", "END:VALARM"])]


def test_text_in_a_calendar_is_escaped() -> None:
    assert escaped("a, b; c\\d\ne") == "a\\, b\\; c\\\\d\\ne"
    assert list(fold("ab")) == ["ab"]
    pieces = list(fold("é" * 80))
    assert "".join(piece.removeprefix(" ") for piece in pieces) == "é" * 80
    assert all(len(piece.encode()) <= 75 for piece in pieces)


# sameness


@pytest.mark.parametrize("form", [".html", ".docx", ".json"])
def test_the_same_input_gives_the_same_bytes(form: str) -> None:
    first = made(content(TIMED), form)
    assert first == made(content(dict(reversed(TIMED.items()))), form)
    assert first == made(content(TIMED), form)
    assert first != made(content(TIMED, Confirmation("A Manager")), form)


def test_the_order_of_facts_does_not_change_the_seal() -> None:
    first, second = (json.loads(as_json(content(facts))) for facts in (TIMED, dict(reversed(TIMED.items()))))
    assert first["seal"] == second["seal"]
