"""`kb.space.order`: compared with trying every choice of days."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from kb.dates import on_or_after, shift
from kb.space.order import Clash, Demand, Shift, close_to, earliest
from kb.space.parts import Part
from tests.strategies import laws

DATES = [Part("first"), Part("second"), Part("third")]
START = 738_940  # 17 February 2024: the days after it run over a leap day and a month's end

Measure = Callable[[int], int]
Days = dict[Part, int]
Ranges = dict[Part, tuple[int, int]]


def moved(count: int, unit: str) -> Measure:
    return lambda day: shift(day, count, unit)


#: Terms of the language as functions of their day, with the number of days they add if it is constant.
MEASURES: list[tuple[Measure, Shift | None]] = [
    (lambda day: day, None),
    (moved(3, "days"), Shift("value + 3 days", 3, 3)),
    (moved(-2, "days"), Shift("value - 2 days", -2, -2)),
    (moved(1, "weeks"), Shift("value + 1 weeks", 7, 7)),
    (moved(1, "months"), Shift("value + 1 months", 28, 31)),
    (moved(-1, "months"), Shift("value - 1 months", -31, -28)),
    (moved(3, "working days"), Shift("value + 3 working days", 3, 21)),
    (lambda day: on_or_after(0, day), Shift("on_or_after(monday, value)", 0, 6)),
]


@st.composite
def demands(draw: st.DrawFn) -> Demand:
    left, right = draw(st.permutations(DATES))[:2]
    (ours, less), (theirs, more) = draw(st.sampled_from(MEASURES)), draw(st.sampled_from(MEASURES))
    gap = draw(st.sampled_from([0, 0, 1]))
    return Demand(left, right, ours, theirs, gap, (less, more))


RANGES = st.tuples(st.integers(0, 16), st.integers(0, 9)).map(lambda pair: (START + pair[0], START + pair[0] + pair[1]))
ALL_RANGES = st.tuples(RANGES, RANGES, RANGES).map(lambda three: dict(zip(DATES, three)))
SOME_DEMANDS = st.lists(demands(), max_size=5)


def choices(ranges: Ranges, wanted: Sequence[Demand]) -> Iterator[Days]:
    """All choices of days in the ranges that meet all demands."""
    for days in product(*(range(low, high + 1) for low, high in ranges.values())):
        found = dict(zip(ranges, days))
        if all(d.measure_left(found[d.left]) + d.gap <= d.measure_right(found[d.right]) for d in wanted):
            yield found


@laws(300)
@given(ranges=ALL_RANGES, wanted=SOME_DEMANDS)
def test_the_earliest_days_or_none(ranges: Ranges, wanted: list[Demand]) -> None:
    every = list(choices(ranges, wanted))
    found = earliest(ranges, wanted)
    if not every:
        assert isinstance(found, Clash)
    else:
        assert found == {date: min(days[date] for days in every) for date in ranges}


@laws(300)
@given(ranges=ALL_RANGES, wanted=SOME_DEMANDS)
def test_a_clash_names_all_that_clashes(ranges: Ranges, wanted: list[Demand]) -> None:
    found = earliest(ranges, wanted)
    if isinstance(found, Clash):
        assert set(found.demands) <= set(wanted)
        loose = {date: ends if date in found.dates else (START - 40, START + 80) for date, ends in ranges.items()}
        named = {date for demand in found.demands for date in (demand.left, demand.right)}
        assert not any(choices({date: loose[date] for date in loose if date in named}, found.demands))


def test_a_circle_that_gains_a_day_each_round_clashes_whatever_the_ranges() -> None:
    plain = MEASURES[0][0]
    there, back = (Demand(a, b, plain, plain, 1) for a, b in (DATES[:2], DATES[1::-1]))
    found = earliest(dict.fromkeys(DATES[:2], (0, 10**6)), [there, back])
    assert isinstance(found, Clash)
    assert (set(found.demands), found.dates) == ({there, back}, ())


@laws(200)
@given(ranges=ALL_RANGES, wanted=SOME_DEMANDS, goals=st.tuples(*[st.integers(START - 5, START + 30)] * 3))
def test_days_close_to_wanted_ones(ranges: Ranges, wanted: list[Demand], goals: tuple[int, int, int]) -> None:
    every = list(choices(ranges, wanted))
    if not every:
        return
    near = dict(zip(DATES, goals))
    found = close_to(ranges, wanted, near)
    assert found in every
    for date, goal in near.items():  # in turn: the wanted day or the next possible one, else the last
        days = sorted({one[date] for one in every})
        assert found[date] == next((day for day in days if day >= goal), days[-1])
        every = [one for one in every if one[date] == found[date]]
