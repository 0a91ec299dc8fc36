"""`whichteam drift`: lines of a new edition that are unchanged, moved, changed, gone or new, in every file format."""

from __future__ import annotations

import dataclasses
import json
import shutil
import textwrap
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.edition import Block, Edition, read_edition
from kb.fingerprint import fingerprint
from kb.policy import Policy, load_policy
from queries.drift import Drift, drift
from tests.authors.editions import FORMS, pages_line, pdf, written
from tests.helpers import whichteam
from tests.strategies import laws

NORTHSHIRE = Path(__file__).parents[1] / "councils" / "northshire"
#: The document of the tests' invented council, with each line that its register cites.
DOCUMENT = [
    "Northshire Council",
    "Who holds which child?",
    "Draft of May 2024",
    "1. The Welcome Desk answers everybody who rings, writes or walks in.",
    "2. If the desk finds the need great enough it hands the child on to First Response.",
    "3. From the villages along the river children go to the River Team; nobody else may take them.",
    "4. When all has been looked into, there is a planning circle, and from that day the Family Team has the child.",
    "5. Looking into things takes six weeks at most, and the circle sits ten days later at the latest.",
    "6. Nobody passes a child on who has not put the story down on paper and spoken with the other manager.",
    "7. The Family Team sends somebody to the circle.",
    "8. Who leaves introduces who comes.",
    "9. At sixteen there is the Bridge Team.",
    "10. Guests of the county are nobody's.",
    "11. First Response can lend a hand for two weeks.",
    "12. Team managers who can't agree go to their service managers.",
    "Children come first (always).",
]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Northshire with the fingerprints of its document."""
    folder = tmp_path / "northshire"
    shutil.copytree(NORTHSHIRE, folder)
    ran = whichteam("drift", folder, "--document", written(tmp_path, DOCUMENT, "txt", "first"), "--accept")
    assert (ran.code, ran.out) == (0, "northshire: kept the fingerprints of 16 lines of first.txt\n")
    return folder


def told(found: Drift) -> dict[int, str]:
    """Every line that has changed, with its new state."""
    return {line.line: line.status for line in found.lines if line.status != "unchanged"}


def clauses(found: Drift) -> dict[str, str]:
    return {clause.clause: clause.status for clause in found.clauses if clause.status != "unchanged"}


@pytest.mark.parametrize("form", FORMS)
def test_the_same_edition_in_any_form(home: Path, tmp_path: Path, form: str) -> None:
    ran = whichteam("drift", home, "--document", written(tmp_path, DOCUMENT, form))
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"northshire against edition.{form}: of 16 lines 16 unchanged.\nNothing has changed.\n"


@pytest.mark.parametrize("form", FORMS)
def test_each_kind_of_change_in_any_form(home: Path, tmp_path: Path, form: str) -> None:
    lines = list(DOCUMENT)
    lines[6] = lines[6].replace("from that day", "a week later")
    moved = lines.pop(9)
    lines.insert(12, moved)
    gone = lines.index(DOCUMENT[13])
    del lines[gone]
    lines.insert(5, "2a. A child who is found alone is taken in at once, whatever the hour.")
    found = drift(load_policy(home), read_edition(written(tmp_path, lines, form)))
    assert told(found) == {7: "changed", 10: "moved", 14: "gone"}
    assert clauses(found) == {"ns5": "changed", "ns10": "moved", "ns14": "gone"}
    assert [passage.text for passage in found.added] == [lines[5]]
    (changed,) = (line for line in found.lines if line.status == "changed")
    assert changed.now is not None
    assert (changed.now.text, changed.judged) == (lines[7], False)


def test_paragraphs_joined_or_split_are_still_the_same(home: Path, tmp_path: Path) -> None:
    policy = load_policy(home)
    joined = [*DOCUMENT[:3], " ".join(DOCUMENT[3:6]), *DOCUMENT[6:]]
    split = [*DOCUMENT[:5], *DOCUMENT[5].split("; "), *DOCUMENT[6:]]
    for lines in (joined, split):
        found = drift(policy, read_edition(written(tmp_path, lines, "html")))
        assert (told(found), found.added) == ({}, ())


def test_numbers_that_the_form_keeps_to_itself(home: Path, tmp_path: Path) -> None:
    bare = [line.split(". ", 1)[-1] if line[0].isdigit() else line for line in DOCUMENT]
    numbered = [f"{n}) {line}" if not line[0].isdigit() else line for n, line in enumerate(DOCUMENT, 1)]
    for lines in (bare, numbered):
        found = drift(load_policy(home), read_edition(written(tmp_path, lines, "docx")))
        assert (told(found), found.added) == ({}, ())


def test_pages_with_headers_and_parted_words(home: Path, tmp_path: Path) -> None:
    rows = pages_line(DOCUMENT)
    rows = [
        row
        for line in rows
        for row in (["12. Team man-", "agers who can't agree go to their"] if line.startswith("12.") else [line])
    ]
    rows = [row.removeprefix("their ") if row.startswith("their service") else row for row in rows]
    thirds = [rows[:10], rows[10:20], rows[20:]]
    pages = [["Northshire policy", *page, f"Page {n} of 3"] for n, page in enumerate(thirds, 1)]
    path = tmp_path / "paged.pdf"
    path.write_bytes(pdf([*pages, []]))
    edition = read_edition(path)
    assert edition.notes == (
        "Page 4 holds no text: it may be a picture.",
        "Left out as a header or footer of the pages: “Northshire policy”.",
        "Left out as a header or footer of the pages: “Page # of #”.",
    )
    found = drift(load_policy(home), edition)
    assert (told(found), found.added) == ({}, ())


def test_a_text_broken_at_a_width(home: Path, tmp_path: Path) -> None:
    lines = [line.replace("at sixteen", "at seventeen").replace("nobody else may", "no other team may") for line in DOCUMENT]
    path = tmp_path / "wrapped.txt"
    path.write_text("\n\n".join("\n".join(textwrap.wrap(line, 50)) for line in lines))
    found = drift(load_policy(home), read_edition(path))
    assert told(found) == {6: "changed"}
    assert found.added == ()


def test_where_numbers_differ_our_paraphrases_decide(home: Path, tmp_path: Path) -> None:
    lines = [
        *DOCUMENT[:10],
        "10. No team is named for a child who is only visiting, and the desk passes it to nobody.",
        *DOCUMENT[13:],
    ]
    found = drift(load_policy(home), read_edition(written(tmp_path, lines, "txt")))
    assert told(found) == {11: "gone", 12: "gone", 13: "changed"}
    assert all(line.judged for line in found.lines if line.status != "unchanged")
    assert found.added == ()


def test_what_is_printed(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    (home / "examples.yaml").write_text(
        "- example: The circle moves the child\n  on: 2024-05-20\n  given:\n    team on record: First Response\n"
        "    assessment completed on: 2024-05-06\n    planning circle held on: 2024-05-17\n  expect:\n    team: Family Team\n"
    )
    lines = [*DOCUMENT[:6], "4. There is no circle any more.", *DOCUMENT[7:15], DOCUMENT[15], "13. This policy ends in 2026."]
    ran = whichteam("drift", home, "--document", written(tmp_path, lines, "txt"))
    assert (ran.code, ran.err) == (1, "")
    assert ran.out == (
        "northshire against edition.txt: of 16 lines 15 unchanged, 1 changed.\n"
        "\n"
        "Clauses to read again\n"
        "clause  what     lines  now at  rules  examples\n"
        "ns5     changed  7      line 7      6         1\n"
        "\n"
        "Their rules\n"
        "  northshire/2_moves.dl, lines 8-11, 17-18\n"
        "\n"
        "Examples that rest on them\n"
        "  The circle moves the child\n"
        "\n"
        "Lines\n"
        "  line 7 now reads, at line 7: “4. There is no circle any more.”\n"
        "\n"
        "New, under no clause\n"
        "  line 17: “13. This policy ends in 2026.”\n"
        "\n"
        "How sure this is\n"
        "  The old words are not kept: a line that was taken out where a new one was put in shows as changed.\n"
    )


def test_the_same_as_json_with_cases(home: Path, tmp_path: Path) -> None:
    case = {"team_on_record": "first_response", "assessment_completed_on": "2024-05-06", "planning_circle_held_on": "2024-05-17"}
    document = {"case_id": "n1", "policy": "northshire", "as_of": "2024-05-20", "facts": case}
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "n1.json").write_text(json.dumps(document))
    lines = [*DOCUMENT[:6], *DOCUMENT[7:]]
    path = written(tmp_path, lines, "txt")
    ran = whichteam("drift", home, "--document", path, "--cases", tmp_path / "cases", "--format", "json")
    found = json.loads(ran.out)
    assert (ran.code, found["same"], found["new"], found["notes"]) == (1, False, [], [])
    assert found["lines"][5:8] == [
        {"line": 6, "status": "unchanged", "judged": False, "now": {"at": "line 6"}},
        {"line": 7, "status": "gone", "judged": False},
        {"line": 8, "status": "unchanged", "judged": False, "now": {"at": "line 7"}},
    ]
    touched = [clause for clause in found["clauses"] if clause["status"] != "unchanged"]
    assert [(c["clause"], c["status"], c["lines"], c["examples"], c["cases"]) for c in touched] == [
        ("ns5", "gone", [7], [], ["n1"])
    ]
    assert all(place.startswith("northshire/2_moves.dl:") for place in touched[0]["rules"])


# Faults -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("new.odt", b"x", "new.odt: is of a form that can't be read: `.odt`\n    give it as .txt, .html, .docx or .pdf"),
        ("new.txt", b"\xff\xfe", "new.txt:1:1: is not text: byte 1 is not UTF-8\n    save it as UTF-8 text"),
        ("new.txt", b" \n--\n", "new.txt: holds no words\n    if it is a scan, give a version with text"),
        ("new.pdf", b"%PDF-1.4 broken", "new.pdf: is not a PDF that can be read\n    save it anew, or give the Word version"),
        ("new.pdf", pdf([[]]), "new.pdf: holds no words\n    if it is a scan, give a version with text"),
        ("new.docx", b"PK broken", "new.docx: is not a Word document that can be read\n    save it anew as .docx"),
    ],
)
def test_documents_that_can_not_be_read(home: Path, tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    ran = whichteam("drift", home, "--document", tmp_path / name)
    assert (ran.code, ran.out, ran.err) == (2, "", f"error: {said}\n")


def test_a_document_that_is_not_there(home: Path, tmp_path: Path) -> None:
    ran = whichteam("drift", home, "--document", tmp_path / "none.txt")
    assert (ran.code, ran.err) == (2, "error: none.txt: there is no such file\n    check the path\n")


def test_a_policy_without_fingerprints(tmp_path: Path) -> None:
    ran = whichteam("drift", NORTHSHIRE, "--document", written(tmp_path, DOCUMENT, "txt"))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(
        "error: northshire/fingerprints.tsv: there are no fingerprints to compare with\n    write them from the edition"
    )


def test_an_edition_that_the_register_does_not_fit_is_not_accepted(home: Path, tmp_path: Path) -> None:
    before = (home / "fingerprints.tsv").read_text()
    ran = whichteam("drift", home, "--document", written(tmp_path, DOCUMENT[:14], "txt"), "--accept")
    assert (ran.code, ran.err) == (
        2,
        "error: edition.txt: the clauses cite lines that it has not: 15-16\n"
        "    bring the lines in northshire/clauses.tsv up to date first\n",
    )
    ran = whichteam("drift", home, "--document", written(tmp_path, DOCUMENT, "pdf"), "--accept")
    assert ran.err == "error: edition.pdf: a PDF has no lines to count by\n    give the edition as text, HTML or Word\n"
    assert (home / "fingerprints.tsv").read_text() == before


def test_lines_without_a_fingerprint_are_not_told(home: Path, tmp_path: Path) -> None:
    policy = load_policy(home)
    fewer = dataclasses.replace(policy, fingerprints={n: p for n, p in policy.fingerprints.items() if n != 9})
    found = drift(fewer, read_edition(written(tmp_path, DOCUMENT, "txt")))
    assert clauses(found) == {"ns8": "not told", "ns9": "not told"}
    assert [passage.text for passage in found.added] == [DOCUMENT[8]]


def test_tracked_changes_are_read_as_accepted(home: Path, tmp_path: Path) -> None:
    import docx
    from docx.oxml import parse_xml

    path = written(tmp_path, DOCUMENT, "docx")
    document = docx.Document(str(path))
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    last = document.paragraphs[1]._p
    last.append(parse_xml(f'<w:ins {space} w:id="1" w:author="a"><w:r><w:t xml:space="preserve"> And when?</w:t></w:r></w:ins>'))
    last.append(parse_xml(f'<w:del {space} w:id="2" w:author="a"><w:r><w:delText>Why?</w:delText></w:r></w:del>'))
    document.save(str(path))
    edition = read_edition(path)
    assert edition.notes == ("It has tracked changes: they are read as if accepted.",)
    assert edition.blocks[1].text == "Who holds which child? And when?"


# Laws -------------------------------------------------------------------------------------

WORDS = ("river", "desk", "child", "team", "circle", "story", "weeks", "manager", "from", "goes", "the", "at", "sixteen", "never")
LINES = st.lists(st.sampled_from(WORDS), min_size=6, max_size=30).map(lambda words: " ".join(words) + ".")


@cache
def northshire() -> Policy:
    return load_policy(NORTHSHIRE)


def policy_of(lines: list[str]) -> Policy:
    return dataclasses.replace(northshire(), fingerprints={n: fingerprint(line) for n, line in enumerate(lines, 1)})


@given(data=st.data())
@laws(150)
def test_unchanged_lines_are_found_and_removed_lines_are_not(data: st.DataObject) -> None:
    lines = data.draw(st.lists(LINES, min_size=1, max_size=12, unique=True))
    fates = data.draw(
        st.lists(st.sampled_from(["keep", "keep", "keep", "drop", "edit"]), min_size=len(lines), max_size=len(lines))
    )
    fresh = iter(range(100))
    edited = [
        line if fate == "keep" else f"Entirely other words number {next(fresh)} stand here."
        for line, fate in zip(lines, fates)
        if fate != "drop"
    ]
    inserted = data.draw(st.lists(st.integers(0, len(edited)), max_size=3))
    for place in inserted:
        edited.insert(place, f"Something nobody wrote before, entry {next(fresh)}.")
    wrapped = data.draw(st.booleans())
    rows = [row for line in edited for row in (textwrap.wrap(line, 40) if wrapped else [line])]
    found = drift(policy_of(lines), Edition("it", tuple(Block(row, f"line {n}") for n, row in enumerate(rows, 1)), wrapped))
    kept = [n for n, fate in enumerate(fates, 1) if fate == "keep"]
    assert [line.line for line in found.lines] == list(range(1, len(lines) + 1))
    assert [line.line for line in found.lines if line.status == "unchanged"] == kept
    assert all(line.status in ("changed", "gone") for line in found.lines if line.line not in kept)
    if not wrapped:
        passages = [line.now for line in found.lines if line.status == "changed"] + list(found.added)
        assert len(passages) == fates.count("edit") + len(inserted)
    if all(fate == "keep" for fate in fates):
        assert found.none == (not inserted)


@given(lines=st.lists(LINES, min_size=2, max_size=10, unique=True), data=st.data())
@laws(80)
def test_lines_in_another_order_have_moved_and_nothing_else(lines: list[str], data: st.DataObject) -> None:
    order = data.draw(st.permutations(lines))
    found = drift(policy_of(lines), Edition("it", tuple(Block(line, "somewhere") for line in order)))
    assert {line.status for line in found.lines} <= {"unchanged", "moved"}
    assert found.added == ()
    assert found.none == (order == lines)


@pytest.mark.parametrize("form", FORMS)
def test_lint_tells_of_what_is_new_and_not_of_what_was_there(form: str, home: Path, tmp_path: Path) -> None:
    """Line 11 has a limit without a start in both editions; the new line 9 has one too."""
    new = [*DOCUMENT]
    new[8] = "6. The worker must tell the family within 9 days."
    ran = whichteam("drift", home, "--document", written(tmp_path, new, form, "new"), "--format", "json")
    found = json.loads(ran.out)["lint"]
    assert sorted(finding["says"] for finding in found) == [
        "This reads like a rule, and no clause of the register cites it.",
        "“9 days” does not say whether working or calendar days are meant.",
        "“9 days” has no start: it is not said from which day it counts.",
    ]
    same = whichteam("drift", home, "--document", written(tmp_path, DOCUMENT, form, "same"), "--format", "json")
    assert json.loads(same.out)["lint"] == []
