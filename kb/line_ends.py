"""Normalises the line ends of a text, so that editors and checkouts make no difference."""

from __future__ import annotations

import codecs


def with_plain_ends(raw: bytes) -> bytes:
    """UTF-8 bytes without a byte-order mark, and with LF in place of CRLF."""
    return raw.removeprefix(codecs.BOM_UTF8).replace(b"\r\n", b"\n")
