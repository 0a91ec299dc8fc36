"""Progress on a terminal, with the time that is left; nothing elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from explain.screen import Screen

console = Screen(stderr=True)

Done = Callable[[int, int], None]  # is called with the number that is done and the number in all


@contextmanager
def showing() -> Iterator[Progress]:
    """Progress while something runs; its lines go when it ends."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield progress


def telling(progress: Progress, what: str) -> Done:
    """Adds a line for a task; the result tells how far it has come."""
    task = progress.add_task(what, total=None)
    return lambda done, of: progress.update(task, total=of, completed=done)
