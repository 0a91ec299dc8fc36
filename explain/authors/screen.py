"""The terminal as it is now: its width may change between two commands of one process."""

from __future__ import annotations

from rich.console import Console


def screen() -> Console:
    """A console for plain text: numbers are not coloured and `:100:` stays what it is."""
    return Console(highlight=False, emoji=False)
