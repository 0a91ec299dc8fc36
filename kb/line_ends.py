"""One form of a text, whichever editor or checkout it came through: lines end in LF, and no byte-order mark stands first."""

from __future__ import annotations

import codecs


def with_plain_ends(raw: bytes) -> bytes:
    """The bytes of a text in UTF-8 without its byte-order mark, and with LF for CRLF."""
    return raw.removeprefix(codecs.BOM_UTF8).replace(b"\r\n", b"\n")
