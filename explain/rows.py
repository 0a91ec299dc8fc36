"""The rows of an answer in words: a move, a deadline, who attends, who works alongside."""

from __future__ import annotations

from explain.deadlines import deadline
from explain.moves import move, on_day, team
from explain.words import Words, capital

__all__ = ["attendance", "co_working", "deadline", "list_of", "move", "on_day", "team"]


def attendance(words: Words, row: dict[str, str]) -> str:
    """Who attends, chairs, is invited or is told."""
    return _with_names(capital(words.vocabulary.label("attendance", row["code"])), team(words, row["who"]))


def co_working(words: Words, row: dict[str, str]) -> str:
    """Who works alongside whom."""
    what = capital(words.vocabulary.label("co_working", row["code"]))
    return _with_names(what, team(words, row["team"]), team(words, row["with"]))


def _with_names(what: str, *names: str) -> str:
    """What is expected, with the names that it does not say itself."""
    unsaid = [name for name in names if name.lower() not in what.lower()]
    return f"{what} ({' with '.join(unsaid)})." if unsaid else f"{what}."


def list_of(names: list[str], joiner: str) -> str:
    """Names in a line: A, B or C."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {joiner} {names[-1]}"
