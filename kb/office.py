"""Checks Office files (.xlsx, .docx: zipped XML) before a library reads them.

A file of a few kilobytes can unpack to gigabytes, and XML entities can expand without bound, so a small file could use
all memory.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass

from kb.errors import Fault, InputError

MAX_PARTS = 5_000
MAX_INDEX = 1_000_000  # bytes of the list of parts
FREE_UNPACKED = 20_000_000  # unpacked bytes that are allowed at any ratio
MAX_RATIO = 100  # unpacked to packed; real documents stay below 30
_CHUNK = 1 << 20
_END = b"PK\x05\x06"
_END_BYTES = 22 + 65_535
_FORBIDDEN = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]*)")
_ENCODINGS = (b"utf-8", b"utf-16", b"us-ascii")


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits for an Office file: unpacked bytes and number of XML tags. The other fields are texts for messages."""

    unpacked: int
    tags: int
    what: str
    tags_are: str
    save: str


WORKBOOK = Bounds(300_000_000, 30_000_000, "a workbook", "cells and formats", "take off any password and save it again as .xlsx")
DOCUMENT = Bounds(100_000_000, 1_500_000, "a Word document", "paragraphs and formats", "save it anew as .docx")


def check_office(raw: bytes, name: str, bounds: Bounds) -> None:
    """Refuses a file that exceeds its limits or has an XML document type. Errors: `InputError`."""
    unusable = InputError([Fault(name, f"is not {bounds.what} that can be read", bounds.save)])
    end = raw.rfind(_END, max(0, len(raw) - _END_BYTES))
    if end < 0 or len(raw) < end + 22 or raw[max(0, end - 20) : end].startswith(b"PK\x06\x07"):
        raise unusable
    if int.from_bytes(raw[end + 12 : end + 16], "little") > MAX_INDEX:
        raise _too_much(name, f"has more than {MAX_PARTS:,} parts", bounds)
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            parts = packed.infolist()
            unpacked = sum(part.file_size for part in parts)
            if len(parts) > MAX_PARTS:
                raise _too_much(name, f"has {len(parts):,} parts", bounds)
            if unpacked > min(bounds.unpacked, max(FREE_UNPACKED, MAX_RATIO * len(raw))):
                raise _too_much(name, f"unpacks from {len(raw):,} to {unpacked:,} bytes", bounds)
            tags = 0
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels", ".vml")):
                    tags = _check_part(packed, part, name, tags, bounds)
    except InputError:
        raise
    except Exception:  # zipfile raises all kinds of errors on damaged files
        raise unusable from None


def _check_part(packed: zipfile.ZipFile, part: zipfile.ZipInfo, name: str, tags: int, bounds: Bounds) -> int:
    """Checks one XML part. Returns `tags` plus its number of tags. Errors: `InputError`."""
    before = b""
    with packed.open(part) as file:
        while chunk := file.read(_CHUNK):
            plain = chunk.replace(b"\0", b"")  # so that UTF-16 is searched too
            if not before:
                told = _ENCODING.search(plain[:1_000])
                if told and told[1].lower() not in _ENCODINGS:
                    raise InputError([Fault(f"{name}, {part.filename}", "is not in UTF-8", bounds.save)])
            if _FORBIDDEN.search(before[-20:] + plain):
                message = "has a document type of its own, which Office does not write"
                raise InputError([Fault(f"{name}, {part.filename}", message, bounds.save)])
            before = plain
            tags += plain.count(b"<")
            if tags > bounds.tags:
                raise _too_much(name, f"has more than {bounds.tags:,} tags ({bounds.tags_are})", bounds)
    return tags


def _too_much(name: str, found: str, bounds: Bounds) -> InputError:
    return InputError([Fault(name, f"{found}, more than {bounds.what} has", "is it the right file?")])
