"""Deadlines in words: day, way of counting, and outcome (`deadlines` of a decision)."""

from __future__ import annotations

from datetime import date

from explain.words import Words, capital
from kb.case import occurrences
from kb.dates import in_words
from kb.language.model import Atom, Constant
from kb.program import Model

AHEAD, RUNNING = "not yet passed", "still running"
LATE, UNDONE = "done late", "not done"
PASSED = "passed; not recorded whether it was kept"


def deadline(words: Words, row: dict[str, object], as_of: int) -> str:
    """One deadline as a sentence. `row` is an entry of a decision's `deadlines`; `as_of` is an ordinal."""
    assert words.model is not None
    code, written, met = str(row["code"]), str(row["due"]), row["met"]
    due = day_of(written)
    name = capital(words.vocabulary.label("deadline", code))
    count = words.vocabulary.label("day_count", str(row["day_count"])) if in_days(words.model, code) else ""
    counted = f" ({count})" if count else ""
    return f"{name}: {when(written)}{counted} — {outcome(words.model, code, due, met if isinstance(met, bool) else None, as_of)}."


def outcome(model: Model, code: str, due: int, met: bool | None, as_of: int) -> str:
    """What became of a deadline by the day `as_of`.

    due  the last day in time, as an ordinal
    met  as in a decision: True done in time, False late or not done, None not yet passed or not known

    For a window (a span in which one may act) the words differ: in time, too late, over, still running.
    """
    if model.certain(Atom("window", (Constant(code),))):
        return {True: "in time", False: "too late", None: "over" if due < as_of else RUNNING}[met]
    if met is None:
        return PASSED if due < as_of else AHEAD
    late = None if met else _done_late(model, code, due, as_of)
    return "kept" if met else UNDONE if late is None else f"{LATE}, on {in_words(late)}"


def in_days(model: Model, code: str) -> bool:
    """Whether the policy gives the limit in days without saying calendar or working, so that both counts are shown."""
    return any(atom.args[0] == Constant(code) for atom in model.holding_of("limit_in_days"))


def day_of(iso: str) -> int:
    """The ordinal of an ISO date, or of the day of an ISO date and time."""
    return date.fromisoformat(iso[:10]).toordinal()


def when(iso: str) -> str:
    """An ISO date, or date and time, in words."""
    day, _, time = iso.partition("T")
    return in_words(day_of(day)) + (f" at {time}" if time else "")


def _done_late(model: Model, code: str, due: int, as_of: int) -> int | None:
    """The first day after the deadline, up to `as_of`, on which the required event happened."""
    events = [str(atom.args[1]) for atom in model.holding_of("met_by") if atom.args[0] == Constant(code)]
    days = [day for event in events for day in occurrences(model.conditions.raw(event))]
    return min((day for day in days if due < day <= as_of), default=None)
