"""The terminal, for text with colours, tables and trees."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from explain.printed import shown


class Screen(Console):
    """A console of which nothing printed steers the terminal but its own colours."""

    def __init__(self, stderr: bool = False):
        super().__init__(stderr=stderr, highlight=False, emoji=False)

    @property
    def file(self) -> IO[str]:
        """Where it prints: the stream itself, as it escapes what it prints on its own."""
        stream = super().file
        return getattr(stream, "rich_proxied_file", stream)

    @file.setter
    def file(self, stream: IO[str]) -> None:
        self._file = stream

    def render_str(self, text: str, **how: Any) -> Text:
        """A text as it will be shown, so that there is room for it."""
        return super().render_str(shown(text), **how)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(shown(segment.text), segment.style)


def screen() -> Screen:
    """The terminal as it is now: its width may change between two commands of one process."""
    return Screen()
