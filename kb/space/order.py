"""Which dates can stand together: days for some dates that meet comparisons between them.

Every term grows with the value inside it, so if two choices of days meet a set of demands
`left <= right`, the earlier of the two days for each date meets them too. Hence there is one
earliest choice, and raising each day only as far as a demand forces it finds that choice, or
shows that there is none. (The least solution of min-closed constraints, as in Jeavons and
Cooper, "Tractable constraints on ordered domains", 1995.)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kb.space.parts import Part, least


@dataclass(frozen=True)
class Demand:
    """`left + gap <= right`: a growing function of one date against one of another.

    `gain` is by how much the right date must exceed the left one, where that is the same for
    all dates; None where it hangs on the calendar.
    """

    left: Part
    right: Part
    measure_left: Callable[[int], int]
    measure_right: Callable[[int], int]
    gap: int
    gain: int | None = None
    name: Any = None


@dataclass(frozen=True)
class Clash:
    """Demands that can't be met together, given the ranges of some dates."""

    demands: tuple[Demand, ...]
    dates: tuple[Part, ...]


MANY_ROUNDS = 40  # raises of one date after which a circle of demands is looked for


def earliest(ranges: Mapping[Part, tuple[int, int]], demands: Sequence[Demand]) -> dict[Part, int] | Clash:
    """The earliest days that meet all demands, or some demands that can't be met."""
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
        day = least(demand.measure_right, goal, days[demand.right], ranges[demand.right][1])
        forced_by[demand.right] = demand
        if day is None:
            return _clash(demand, forced_by)
        days[demand.right] = day
        raised[demand.right] = raised.get(demand.right, 0) + 1
        if raised[demand.right] > MANY_ROUNDS and (circle := _circle(demand, forced_by)):
            return Clash(circle, ())
        waiting += leaving.get(demand.right, ())
    return days


def close_to(ranges: Mapping[Part, tuple[int, int]], demands: Sequence[Demand], wanted: Mapping[Part, int]) -> dict[Part, int]:
    """Days that meet demands which can be met, each date in turn as near to a wanted day as may be."""
    ranges = dict(ranges)
    days = earliest(ranges, demands)
    assert not isinstance(days, Clash)
    for name, goal in wanted.items():
        low, high = ranges[name]
        low, top = days[name], min(max(goal, days[name]), high)
        while low < top:  # the latest start, up to the wanted day, that the demands still allow
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
    """The demands that forced each other up to the one that failed."""
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
    """Demands that lead from a date back to itself, some days later each round, whatever the calendar."""
    path: list[Demand] = []
    date = demand.right
    while (cause := forced_by.get(date)) is not None and cause not in path:
        path.append(cause)
        date = cause.left
    circle = path[path.index(cause) :] if cause in path else []
    gains = [step.gain for step in circle if step.gain is not None]
    return tuple(circle) if len(gains) == len(circle) and sum(gains) > 0 else ()
