"""What is printed: safe for a terminal, in whatever letters it knows, and JSON always in UTF-8.

Letters that steer a terminal, or turn the order of what follows them, are shown as they are written in Python (`\\u202e`): a
case may hold them. Letters that the terminal does not know are replaced.
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

#: Control and format characters, surrogates, and separators of lines and paragraphs; not the tab and the end of a line.
HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)


def shown(text: str) -> str:
    """A text in which nothing steers a terminal."""
    return HIDDEN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def json_text(document: Any) -> str:
    """A document as JSON text for people and programs, with hidden characters written out as JSON writes them."""
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return HIDDEN.sub(lambda found: json.dumps(found[0])[1:-1], text) + "\n"


def print_json(document: Any) -> None:
    """Prints a document as JSON, in UTF-8 whatever the terminal takes."""
    print_bytes(json_text(document).encode())


def print_bytes(content: bytes) -> None:
    """Prints text in UTF-8, or what is no text, as it stands."""
    sys.stdout.flush()
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        sys.stdout.write(content.decode())
    else:
        buffer.write(content)
        buffer.flush()


class Escaped:
    """A stream for text that is printed as it comes: hidden characters are shown. `rich` prints to the stream within."""

    def __init__(self, stream: IO[str]):
        self.rich_proxied_file = stream

    def write(self, text: str) -> int:
        return self.rich_proxied_file.write(shown(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.rich_proxied_file, name)


def flush() -> None:
    """Prints what waits to be printed. Errors: OSError, but for a reader that stopped early: that is no fault."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _print_nowhere()
    except OSError:
        _print_nowhere()
        raise


def _print_nowhere() -> None:
    """Lets what is still waiting go, so that Python does not try again when it ends."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


@contextlib.contextmanager
def safe_streams() -> Iterator[None]:
    """Within this, whatever is printed is safe for the terminal."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (_safe(stream) for stream in before)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def _safe(stream: IO[str] | None) -> Any:
    if stream is None:  # closed by whoever started the program
        stream = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")
    return Escaped(stream)
