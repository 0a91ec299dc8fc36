"""Limits on input are checked before it is parsed: small files that would use all memory, deep nesting, long texts."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kb.nesting import check_json, check_toml
from tests.helpers import make_policy, whichteam

MOST_MEMORY = 200_000  # kilobytes
CASE = {"case_id": "c1", "policy": "blackpool", "as_of": "2024-09-03", "facts": {}}
CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>{}</Types>'
)
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def packed(path: Path, parts: dict[str, bytes], repeated: tuple[str, bytes, bytes, int, bytes] | None = None) -> Path:
    """Writes a zip file. `repeated` is a part made of (name, start, piece, number of repeats, end)."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
        if repeated:
            name, start, piece, times, end = repeated
            with file.open(name, "w", force_zip64=True) as part:
                part.write(start)
                for _ in range(times // 1_000):
                    part.write(piece * 1_000)
                part.write(end)
    return path


def workbook_parts(tmp_path: Path) -> dict[str, bytes]:
    """The parts of an empty workbook except its sheet."""
    from openpyxl import Workbook

    made = io.BytesIO()
    Workbook().save(made)
    with zipfile.ZipFile(made) as file:
        return {name: file.read(name) for name in file.namelist() if name != "xl/worksheets/sheet1.xml"}


def far_right(path: Path) -> Path:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c><c r="XFD{n}"><v>1</v></c></row>' for n in range(1, 4_000))
    sheet = f'<worksheet xmlns="{SHEET}"><sheetData>{rows}</sheetData></worksheet>'
    return packed(path, {**workbook_parts(path.parent), "xl/worksheets/sheet1.xml": sheet.encode()})


def bomb(path: Path) -> Path:
    row = b"<row><c><v>0</v></c></row>"
    start = f'<worksheet xmlns="{SHEET}"><sheetData>'.encode()
    end = b"</sheetData></worksheet>"
    return packed(path, workbook_parts(path.parent), ("xl/worksheets/sheet1.xml", start, row, 27_000_000, end))


def with_entities(path: Path) -> Path:
    sheet = (
        '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
        f'<worksheet xmlns="{SHEET}"><sheetData><row><c t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>'
    )
    return packed(path, {**workbook_parts(path.parent), "xl/worksheets/sheet1.xml": sheet.encode()})


def with_entities_in_utf_16(path: Path) -> Path:
    sheet = f'<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE w><worksheet xmlns="{SHEET}"><sheetData/></worksheet>'
    return packed(path, {**workbook_parts(path.parent), "xl/worksheets/sheet1.xml": sheet.encode("utf-16")})


def word(path: Path, paragraph: bytes, times: int) -> Path:
    types = CONTENT_TYPES.format(
        '<Override PartName="/word/document.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
    )
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
        "</Relationships>"
    )
    start = f'<w:document xmlns:w="{WORD}"><w:body>'.encode()
    parts = {"[Content_Types].xml": types.encode(), "_rels/.rels": rels.encode()}
    return packed(path, parts, ("word/document.xml", start, paragraph, times, b"</w:body></w:document>"))


def many_paragraphs(path: Path) -> Path:
    return word(path, b"<w:p><w:r><w:t>word</w:t></w:r></w:p>", 2_000_000)


def empty_paragraphs(path: Path) -> Path:
    return word(path, b"<w:p/>", 2_000_000)


def deep_text(path: Path) -> Path:
    path.write_text("[" * 900_000)
    return path


def run(*arguments: object) -> tuple[int, str, int]:
    """Exit code, output and peak memory (kilobytes) of a run in a process of its own."""
    code = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from explain.cli import main\n"
        "def most():\n"
        "    about = Path('/proc/self/status')  # where the system tells: the other figure counts who started the process\n"
        "    lines = about.read_text().splitlines() if about.exists() else []\n"
        "    told = [int(line.split()[1]) for line in lines if line.startswith('VmHWM:')]\n"
        "    return told[0] if told else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try:\n    main()\n"
        "finally:\n    print(most(), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)], capture_output=True, text=True, env=dict(os.environ), check=False
    )
    *told, memory = done.stderr.strip().splitlines()
    return done.returncode, "\n".join(told), int(memory)


INTAKE = ("--policy", "blackpool", "--as-of", "2024-09-03", "--out", "OUT")


@pytest.mark.parametrize(
    ("make", "name", "expected"),
    [
        (
            far_right,
            "a.xlsx",
            "error: a.xlsx, Sheet, row 1: has a value in column XFD, expected at most 5,000 columns\n"
            "    is there a stray cell far to the right? take it out",
        ),
        (
            bomb,
            "a.xlsx",
            "error: a.xlsx: unpacks from SIZE to 702,016,118 bytes, more than a workbook has\n    is it the right file?",
        ),
        (
            with_entities,
            "a.xlsx",
            "error: a.xlsx, xl/worksheets/sheet1.xml: has a document type of its own, which Office does not write\n"
            "    take off any password and save it again as .xlsx",
        ),
        (
            with_entities_in_utf_16,
            "a.xlsx",
            "error: a.xlsx, xl/worksheets/sheet1.xml: has a document type of its own, which Office does not write\n"
            "    take off any password and save it again as .xlsx",
        ),
    ],
)
@pytest.mark.parametrize("command", ["intake", "caseload"])
def test_workbooks_that_are_refused(tmp_path: Path, make: Callable[[Path], Path], name: str, expected: str, command: str) -> None:
    path = make(tmp_path / name)
    options = INTAKE if command == "intake" else ("--policy", "blackpool")
    code, told, memory = run(command, path, *[tmp_path / "out" if o == "OUT" else o for o in options])
    assert told == expected.replace("SIZE", f"{path.stat().st_size:,}")
    assert code == 2
    assert memory < MOST_MEMORY
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (many_paragraphs, "unpacks from SIZE to 74,000,727 bytes, more than a Word document has"),
        (empty_paragraphs, "has more than 1,500,000 tags (paragraphs and formats), more than a Word document has"),
    ],
)
def test_documents_that_are_refused(tmp_path: Path, make: Callable[[Path], Path], expected: str) -> None:
    path = make(tmp_path / "new.docx")
    code, told, memory = run("drift", "blackpool", "--document", path)
    assert told == f"error: new.docx: {expected}\n    is it the right file?".replace("SIZE", f"{path.stat().st_size:,}")
    assert code == 2
    assert memory < MOST_MEMORY


def test_a_workbook_with_formats_far_to_the_right_is_read(tmp_path: Path) -> None:
    sheet = (
        f'<worksheet xmlns="{SHEET}"><dimension ref="A1:XFD1048576"/><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>case_id</t></is></c><c r="B1" t="inlineStr"><is><t>as_of</t></is></c>'
        '<c r="XFD1" s="0"/></row><row r="2"><c r="A2" t="inlineStr"><is><t>c1</t></is></c>'
        '<c r="B2" t="inlineStr"><is><t>2024-09-03</t></is></c><c r="XFD2" s="0"/></row></sheetData></worksheet>'
    )
    path = packed(tmp_path / "a.xlsx", {**workbook_parts(tmp_path), "xl/worksheets/sheet1.xml": sheet.encode()})
    code, told, memory = run("caseload", path, "--policy", "blackpool")
    assert (code, "error" in told) == (0, False), told
    assert memory < 2 * MOST_MEMORY


# Text without end -------------------------------------------------------------------------


def test_a_policy_of_five_thousand_letters(tmp_path: Path) -> None:
    case = tmp_path / "c.json"
    case.write_text(json.dumps({**CASE, "policy": "p" * 5_000}))
    known = "policies: blackpool, sefton"
    for ran, where in (
        (whichteam("decide", case), "c.json: policy"),
        (whichteam("check", "p" * 5_000), "policy"),
        (whichteam("graph", "p" * 5_000), "policy"),
    ):
        assert (ran.code, ran.out) == (2, "")
        assert ran.err == f"error: {where}: there is no policy `{'p' * 60}…`\n    {known}\n"


TOO_DEEP = "error: c.json:1:41: is not usable JSON: brackets are nested more than 40 deep\n    is it the right file?\n"


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("decide", TOO_DEEP),
        ("why", TOO_DEEP),
        ("journey", TOO_DEEP),
        ("verify", "error: c.json: is not usable JSON: nested too deeply\n"),  # read by the checker itself
    ],
)
def test_brackets_without_end(tmp_path: Path, command: str, told: str) -> None:
    ran = whichteam(command, deep_text(tmp_path / "c.json"))
    assert (ran.code, ran.out, ran.err) == (2, "", told)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("readings = " + "[" * 5_000, "tiny/policy.toml:4:52: is not usable TOML: brackets are nested more than 40 deep"),
        ("x = " + "9" * 5_000, "tiny/policy.toml:4:5: is not usable TOML: a number of 5,000 characters"),
        ("[" * 5_000, "tiny/policy.toml:4:41: is not usable TOML: brackets are nested more than 40 deep"),
    ],
)
def test_toml_without_end(tmp_path: Path, text: str, expected: str) -> None:
    home = make_policy(tmp_path)
    with (home / "policy.toml").open("a") as file:
        file.write(text)
    ran = whichteam("check", home)
    assert (ran.code, ran.out, ran.err) == (2, "", f"error: {expected}\n    is it the right file?\n")


def test_brackets_in_a_text_are_text() -> None:
    check_json('{"a": "' + "[" * 100 + '\\"' + "[" * 100 + '", "b": "' + "9" * 100 + '"}', "a.json")
    check_toml('a = "' + "[" * 100 + "\"\nb = '" + "[" * 100 + "'\n# " + "[" * 100 + '\nc = """' + "[" * 100 + '"""\n', "a.toml")


@pytest.mark.parametrize("what", ["folder", "link"])
@pytest.mark.parametrize("name", ["rules.dl", "clauses.tsv", "policy.toml"])
def test_a_folder_or_a_broken_link_in_place_of_a_file(tmp_path: Path, what: str, name: str) -> None:
    home = make_policy(tmp_path)
    (home / name).unlink()
    if what == "folder":
        (home / name).mkdir()
        expected = "is a folder, expected a file\n"
    else:
        (home / name).symlink_to(tmp_path / "nowhere")
        expected = "is a link to a file that is not there\n    put the file itself there, or take the link away\n"
    ran = whichteam("check", home)
    assert (ran.code, ran.out) == (2, "")
    if name == "policy.toml":  # without it, the folder is not a policy
        assert ran.err.startswith("error: ")
    else:
        assert ran.err == f"error: tiny/{name}: {expected}"


# Cases in YAML ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("case_id: 4711", 'c.yaml: case_id: `4711` is not a case id\n    put it in quotation marks: case_id: "4711"'),
        ("case_id: 0012", "c.yaml:1:10: is not YAML: `0012` would be read as the number 10; put it in quotation marks"),
        ("case_id: 0x1F", "c.yaml:1:10: is not YAML: `0x1F` would be read as the number 31; put it in quotation marks"),
        ("case_id: 12:30", "c.yaml:1:10: is not YAML: `12:30` would be read as the number 750; put it in quotation marks"),
        ("case_id: no", "c.yaml: case_id: `false` is not a case id\n    put it in quotation marks"),
        ("case_id: 4711.5", "c.yaml: case_id: `4711.5` is not a case id\n    put it in quotation marks"),
        ("case_id: " + "9" * 5_000, "c.yaml:1:10: is not YAML: a number of 5,000 digits"),
        (
            "Case_ID: c1",
            "c.yaml: Case_ID: unknown part `Case_ID`\n    did you mean `case_id`?\n"
            "error: c.yaml: `case_id` is missing\n    a case has case_id, policy, as_of and facts",
        ),
    ],
)
def test_case_ids_in_yaml(tmp_path: Path, written: str, expected: str) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(f"{written}\npolicy: blackpool\nas_of: 2024-09-03\nfacts: {{}}\n")
    ran = whichteam("decide", path)
    assert (ran.code, ran.out, ran.err) == (2, "", f"error: {expected}\n")


def test_values_without_end_in_yaml(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text("- a\n" * 200_000)
    ran = whichteam("decide", path)
    assert (ran.code, ran.err) == (2, "error: c.yaml:20000:3: is not YAML: it has more than 20,000 values\n")


# Characters -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("char", "told"),
    [
        ("\x0b", "a line break of Word (Shift+Enter), U+000B,"),
        ("\x0c", "a page break, U+000C,"),
        ("\x1b", "an escape, U+001B,"),
        ("\x00", "a control character, U+0000,"),
        ("\u202e", "right-to-left override, U+202E,"),
        ("\u2066", "left-to-right isolate, U+2066,"),
        ("\u2028", "line separator, U+2028,"),
        ("\r", "a carriage return, U+000D,"),
    ],
)
@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("codes.tsv", "team\talpha\tAl", "pha"),
        ("rules.dl", "% a rem", "ark"),
        ("policy.toml", "# a rem", "ark"),
        ("clauses.tsv", "t9\t9\troute\tmust\tSa", "ys"),
    ],
)
def test_characters_that_a_policy_can_not_have(tmp_path: Path, char: str, told: str, file: str, before: str, after: str) -> None:
    home = make_policy(tmp_path)
    text = (home / file).read_text(encoding="utf-8")
    (home / file).write_text(text + before + char + after + "\n", encoding="utf-8", newline="")
    ran = whichteam("check", home)
    where = f"tiny/{file}:{text.count(chr(10)) + 1}:{len(before) + 1}"
    assert (ran.code, ran.out, ran.err) == (2, "", f"error: {where}: {told} can't stand here\n    take it out\n")


def test_names_of_other_alphabets_are_names(tmp_path: Path) -> None:
    codes = (("team", "alpha", "Tŷ Newydd"), ("team", "beta", "فريق"), ("team", "gamma", "Team 😀"))
    ran = whichteam("check", make_policy(tmp_path, codes=codes))
    assert "can't stand here" not in ran.err
