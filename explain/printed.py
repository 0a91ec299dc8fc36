"""Standard output and error: safe for a terminal, in its encoding; JSON always in UTF-8.

Control characters, which a case may contain, are shown as Python escapes such as `\\u202e`. Characters that
the terminal's encoding lacks are replaced by `?`.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import sys
from collections.abc import Iterator
from typing import IO, Any

#: Control and format characters, surrogates, line and paragraph separators; without tab and line feed.
HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)


def shown(text: str) -> str:
    """The text with hidden characters escaped."""
    return HIDDEN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def json_text(document: Any) -> str:
    """A document as indented JSON text with hidden characters as JSON escapes."""
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return HIDDEN.sub(lambda found: json.dumps(found[0])[1:-1], text) + "\n"


def print_json(document: Any) -> None:
    """Prints a document as JSON in UTF-8, whatever the terminal's encoding."""
    print_bytes(json_text(document).encode())


def print_bytes(content: bytes) -> None:
    """Writes bytes to standard output unchanged."""
    sys.stdout.flush()
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        sys.stdout.write(content.decode())
    else:
        buffer.write(content)
        buffer.flush()


class Escaped:
    """A text stream that escapes hidden characters. `rich` writes to the stream within (`rich_proxied_file`)."""

    def __init__(self, stream: IO[str]):
        self.rich_proxied_file = stream

    def write(self, text: str) -> int:
        return self.rich_proxied_file.write(shown(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.rich_proxied_file, name)


def flush() -> None:
    """Flushes standard output. A closed pipe is ignored. Errors: OSError otherwise."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _print_nowhere()
    except OSError:
        _print_nowhere()
        raise


def _print_nowhere() -> None:
    """Redirects standard output to the null device, so that Python does not flush it again at exit."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


@contextlib.contextmanager
def safe_streams() -> Iterator[None]:
    """Within this context standard output and error escape hidden characters."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (_safe(stream) for stream in before)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def _safe(stream: IO[str] | None) -> Any:
    if stream is None:  # None if the stream was closed at start
        stream = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")
    return Escaped(stream)
