"""Solves comparisons between dates: finds days that meet all of them, or a set that can't be met together.

Every term is monotone in its value. So if two choices of days meet a set of demands `left <= right`, their minimum does
too. Hence there is one earliest solution; it is found by raising each day only as far as a demand forces it. (The least
solution of min-closed constraints, as in Jeavons and Cooper, "Tractable constraints on ordered domains", 1995.)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kb.space.parts import Part, least


@dataclass(frozen=True, slots=True)
class Shift:
    """How far a term is from its value: its shape, and the least and most days between them (None if it is not a day)."""

    shape: str
    least: int | None
    most: int | None


@dataclass(frozen=True)
class Demand:
    """The constraint `measure_left(left) + gap <= measure_right(right)`, with monotone functions of two dates.

    `shifts` tell how far the two functions shift their date; None for the date itself. `name` is for the caller.
    """

    left: Part
    right: Part
    measure_left: Callable[[int], int]
    measure_right: Callable[[int], int]
    gap: int
    shifts: tuple[Shift | None, Shift | None] = (None, None)
    name: Any = None


@dataclass(frozen=True)
class Clash:
    """Demands that can't be met together, given the ranges of these dates."""

    demands: tuple[Demand, ...]
    dates: tuple[Part, ...]


MANY_ROUNDS = 3  # raises of one date after which a cycle of demands is looked for


def earliest(ranges: Mapping[Part, tuple[int, int]], demands: Sequence[Demand]) -> dict[Part, int] | Clash:
    """The earliest days within their ranges that meet all demands, or demands that can't be met together."""
    days = {name: low for name, (low, _) in ranges.items()}
    forced_by: dict[Part, Demand] = {}
    raised: dict[Part, int] = {}
    leaving: dict[Part, list[Demand]] = {}
    for demand in demands:
        leaving.setdefault(demand.left, []).append(demand)
    waiting = list(demands)
    while waiting:
        demand = waiting.pop()
        goal = demand.measure_left(days[demand.left]) + demand.gap
        if demand.measure_right(days[demand.right]) >= goal:
            continue
        day = _least(demand, goal, days[demand.right], ranges[demand.right][1])
        forced_by[demand.right] = demand
        if day is None:
            return _clash(demand, forced_by)
        days[demand.right] = day
        raised[demand.right] = raised.get(demand.right, 0) + 1
        if raised[demand.right] > MANY_ROUNDS and (circle := _circle(demand, forced_by)):
            return Clash(circle, ())
        waiting += leaving.get(demand.right, ())
    return days


def _least(demand: Demand, goal: int, low: int, high: int) -> int | None:
    if demand.shifts[1] is None:
        return goal if goal <= high else None
    return least(demand.measure_right, goal, low, high)


def close_to(ranges: Mapping[Part, tuple[int, int]], demands: Sequence[Demand], wanted: Mapping[Part, int]) -> dict[Part, int]:
    """Days that meet all demands (which must be satisfiable), each date in turn as near as possible to the wanted day."""
    ranges = dict(ranges)
    days = earliest(ranges, demands)
    assert not isinstance(days, Clash)
    for name, goal in wanted.items():
        low, high = ranges[name]
        low, top = days[name], min(max(goal, days[name]), high)
        while low < top:  # the latest lower bound, up to the wanted day, that the demands still allow
            middle = (low + top + 1) // 2
            if isinstance(earliest({**ranges, name: (middle, high)}, demands), Clash):
                top = middle - 1
            else:
                low = middle
        ranges[name] = (low, high)
        days = earliest(ranges, demands)
        assert not isinstance(days, Clash)
        ranges[name] = (days[name], days[name])
    return days


def _clash(demand: Demand, forced_by: Mapping[Part, Demand]) -> Clash:
    """The chain of demands that led to the one that failed."""
    found: dict[Demand, None] = {demand: None}
    dates: dict[Part, None] = {demand.right: None}
    waiting = [demand.left]
    while waiting:
        date = waiting.pop()
        if date in dates and date != demand.right:
            continue
        dates[date] = None
        cause = forced_by.get(date)
        if cause is not None and cause not in found:
            found[cause] = None
            waiting.append(cause.left)
    return Clash(tuple(found), tuple(dates))


def _circle(demand: Demand, forced_by: Mapping[Part, Demand]) -> tuple[Demand, ...]:
    """A cycle of demands by which a date would have to be later than itself; empty if there is none for certain."""
    path: list[Demand] = []
    date = demand.right
    while (cause := forced_by.get(date)) is not None and cause not in path:
        path.append(cause)
        date = cause.left
    circle = path[path.index(cause) :][::-1] if cause in path else []
    gain = gain_of(circle) if circle else None
    return tuple(circle) if gain is not None and gain > 0 else ()


def gain_of(circle: Sequence[Demand]) -> int | None:
    """By how many days at least a date is raised by one round of a cycle; None if that can't be told.

    Equal shifts on both sides cancel: if f(x) + gap <= f(y), then x <= y, and x < y if gap > 0, as f is monotone.
    """
    steps: list[tuple[str, Shift | None, int]] = []
    for demand in circle:
        left, right = demand.shifts
        steps += [("up", left, 0)] if left else []
        steps.append(("add", None, demand.gap))
        steps += [("down", right, 0)] if right else []
    if any(kind == "up" for kind, _, _ in steps):
        start = next(n for n, (kind, _, _) in enumerate(steps) if kind == "up")
        steps = steps[start:] + steps[:start]
    left_over: list[tuple[str, Shift | None, int]] = []
    for kind, shift, days in steps:
        added = left_over.pop()[2] if kind == "down" and left_over and left_over[-1][0] == "add" else 0
        if kind == "down" and left_over and left_over[-1][:2] == ("up", shift) and added >= 0:
            left_over.pop()
            kind, shift, days = "add", None, int(added > 0)
        elif added:
            left_over.append(("add", None, added))
        if kind == "add" and left_over and left_over[-1][0] == "add":
            days += left_over.pop()[2]
        left_over.append((kind, shift, days))
    total = 0
    for kind, shift, days in left_over:
        moved = days if shift is None else shift.least if kind == "up" else shift.most
        if moved is None:
            return None
        total += moved if kind != "down" else -moved
    return total
