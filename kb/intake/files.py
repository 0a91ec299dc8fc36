"""Opens a file or folder: the tables in it, and a message on everything that is not read as a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from kb.errors import Fault, InputError
from kb.intake import delimited, sheets, xml_tables
from kb.intake.layout import TableLayout, called
from kb.intake.model import LEFT_OUT, REFUSED, Entry, RawTable

MAX_FILES = 2_000  # of a folder
_SAVE_AS = "save it as .xlsx or CSV"
#: Files that hold tables which can't be read, with what to do.
_OTHER_TABLES = {
    ".xls": "it is a workbook of the old kind; save it in Excel as .xlsx",
    ".xlsb": "it is a binary workbook; save it in Excel as .xlsx",
    ".ods": "it is a workbook of LibreOffice; save it as .xlsx",
    ".numbers": f"it is a workbook of Numbers; {_SAVE_AS}",
    ".zip": "it is packed; unpack it",
    ".7z": "it is packed; unpack it",
    ".gz": "it is packed; unpack it",
    ".accdb": f"it is a database of Access; {_SAVE_AS}",
    ".mdb": f"it is a database of Access; {_SAVE_AS}",
    ".sav": f"it is a file of SPSS; {_SAVE_AS}",
    ".html": f"it is a web page; {_SAVE_AS}",
    ".pdf": f"it is a PDF; {_SAVE_AS}",
    ".json": "it is no table of a source that is known",
    ".rar": "it is packed; unpack it",
    ".tar": "it is packed; unpack it",
    ".tgz": "it is packed; unpack it",
    ".xltx": "it is a template of a workbook; save it in Excel as .xlsx",
    ".mht": f"it is a web page; {_SAVE_AS}",
    ".htm": f"it is a web page; {_SAVE_AS}",
}
_OWN = ("teams.toml", "sources.tsv")  # files of this program beside the data
_REPORT = "intake-report"

Found = list[tuple[TableLayout | None, RawTable]]


@dataclass
class Opened:
    """The content of a file or folder: tables, the day that each file states for its data, and entries for what is no table."""

    tables: Found = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)
    unread: list[Entry] = field(default_factory=list)


def open_path(path: Path) -> Opened:
    """The content of a file or folder. Errors: `InputError` if a single file can't be read."""
    if path.is_dir():
        return _folder(path)
    opened = Opened()
    reader = _reader(path)
    if reader is not None:
        reader(path, opened)
    elif path.suffix.lower() in _OTHER_TABLES:
        what, _, hint = _OTHER_TABLES[path.suffix.lower()].partition("; ")
        raise InputError([Fault(path.name, what.replace("it is", "is", 1), hint)])
    return opened


def _reader(path: Path) -> Callable[[Path, Opened], None] | None:
    ending = path.suffix.lower()
    if ending in sheets.SUFFIXES:
        return _workbook
    if ending in xml_tables.SUFFIXES:
        return _xml
    return _text if ending in delimited.SUFFIXES else None


def _workbook(path: Path, opened: Opened) -> None:
    opened.tables += sheets.read_workbook(path)


def _xml(path: Path, opened: Opened) -> None:
    tables, said = xml_tables.read_file(path)
    opened.tables += tables
    opened.said |= {path.name: said} if said else {}


def _text(path: Path, opened: Opened) -> None:
    opened.tables.append(delimited.read_file(path))


def _folder(path: Path) -> Opened:
    """The content of the files of a folder. Files that can't be read are reported, and the others are read."""
    files = sorted(path.iterdir())
    if len(files) > MAX_FILES:
        found = f"holds {len(files):,} files, expected at most {MAX_FILES:,}"
        raise InputError([Fault(path.name, found, "give a folder with the tables only")])
    opened = Opened()
    for file in files:
        if file.name in _OWN or file.name.startswith((".", "~$", _REPORT)):
            continue
        if file.is_dir():
            told = "a folder inside the folder; give it by itself, beside this one"
            opened.unread.append(Entry(file.name, "", LEFT_OUT, 0, told, _holds_tables(file)))
            continue
        reader = _reader(file)
        if reader is None:
            opened.unread.append(_not_a_table(file))
            continue
        try:
            reader(file, opened)
        except InputError as error:
            told = "; ".join(str(fault.message) + (f": {fault.hint}" if fault.hint else "") for fault in error.faults)
            opened.unread.append(Entry(file.name, "", REFUSED, 0, told, deciding=True))
    return opened


def _not_a_table(file: Path) -> Entry:
    """What is said of a file that no reader is for. It may hold facts if its ending or its name is one of tables."""
    told = _OTHER_TABLES.get(file.suffix.lower(), "")
    is_called_so = not told and any(layout.columns for layout in called(file.stem))
    if is_called_so:
        kind = f"no file that ends in `{file.suffix}` is read" if file.suffix else "its name has no ending"
        told = f"{kind}; if it is CSV, end its name in .csv"
    return Entry(file.name, "", LEFT_OUT, 0, told or "it holds no table", bool(told))


def _holds_tables(folder: Path) -> bool:
    return any(_reader(file) is not None for file in list(folder.iterdir())[:MAX_FILES])
