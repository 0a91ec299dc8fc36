"""Entries of an answer in words: moves, deadlines, attendance, co-working."""

from __future__ import annotations

from explain.deadlines import deadline
from explain.moves import move, on_day, team
from explain.words import Words, capital

__all__ = ["attendance", "co_working", "deadline", "list_of", "move", "on_day", "team"]


def attendance(words: Words, row: dict[str, str]) -> str:
    """An entry of `attendance` as a sentence."""
    return _with_names(capital(words.vocabulary.label("attendance", row["code"])), team(words, row["who"]))


def co_working(words: Words, row: dict[str, str]) -> str:
    """An entry of `co_working` as a sentence."""
    what = capital(words.vocabulary.label("co_working", row["code"]))
    return _with_names(what, team(words, row["team"]), team(words, row["with"]))


def _with_names(what: str, *names: str) -> str:
    """A sentence with those names in brackets that it does not contain."""
    unsaid = [name for name in names if name.lower() not in what.lower()]
    return f"{what} ({' with '.join(unsaid)})." if unsaid else f"{what}."


def list_of(names: list[str], joiner: str) -> str:
    """Names as `A, B or C`; `joiner` is the last conjunction."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {joiner} {names[-1]}"
