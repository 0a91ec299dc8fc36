"""The terminal: a `rich` console that escapes control characters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from explain.printed import shown


class Screen(Console):
    """A console on which only rich's own control codes take effect."""

    def __init__(self, stderr: bool = False):
        super().__init__(stderr=stderr, highlight=False, emoji=False)

    @property
    def file(self) -> IO[str]:
        """The underlying stream, without the escaping of `printed.Escaped`: this console escapes for itself."""
        stream = super().file
        return getattr(stream, "rich_proxied_file", stream)

    @file.setter
    def file(self, stream: IO[str]) -> None:
        self._file = stream

    def render_str(self, text: str, **how: Any) -> Text:
        """Text with control characters escaped, so that its width is measured as printed."""
        return super().render_str(shown(text), **how)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(shown(segment.text), segment.style)


def screen() -> Screen:
    """A console for the terminal's current width, which may change between two commands of one process."""
    return Screen()
