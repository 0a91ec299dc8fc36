"""Steps of invented children: conditions, quartiles of days, and agreement with published figures."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from kb.invented.simulate import between, blocks
from kb.invented.steps import NEVER, Block, Draw, coded, steps, told_as

AS_OF = date(2024, 9, 3).toordinal()


def block() -> Block:
    zero = np.zeros(4, np.int64)
    days = {
        "start": np.array([AS_OF - 10, AS_OF, AS_OF + 1, NEVER], np.int32),
        "stop": np.array([AS_OF - 5, NEVER, AS_OF + 9, NEVER], np.int32),
    }
    draws = {"path": coded(["care", "plan", "care", ""])}
    return Block(AS_OF, 0, zero, zero, days, draws)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("", [1, 1, 1, 1]),
        ("start happened", [1, 1, 0, 0]),
        ("start ever", [1, 1, 1, 0]),
        ("not start happened", [0, 0, 1, 1]),
        ("path = care", [1, 0, 1, 0]),
        ("path in care, plan", [1, 1, 1, 0]),
        ("path not in care", [0, 1, 0, 1]),
        ("path ever", [1, 1, 1, 0]),
        ("start before stop", [1, 0, 1, 0]),
        ("start before stop - 5", [0, 0, 1, 0]),
        ("stop after start + 5", [0, 0, 1, 0]),
        ("start within 10", [0, 1, 0, 0]),
        ("path = care; start happened", [1, 0, 0, 0]),
    ],
)
def test_a_condition(when: str, expected: list[int]) -> None:
    assert block().holds(when).astype(int).tolist() == expected


def test_days_lie_between_their_quartiles() -> None:
    places = np.array([0, 0.25, 0.5, 0.75, 1])
    assert between((10, 20, 40), places).tolist() == [0, 10, 20, 40, 80]
    assert between((5, 8, 12), places).tolist() == [2, 5, 8, 12, 20]
    assert between((-40, -20, -8), places).tolist() == [-60, -40, -20, -8, -1]


def test_words_are_translated() -> None:
    draw = Draw(("", "a", "b"), np.array([0, 1, 2, 1], np.int8))
    assert told_as(draw, {"a": "x", "b": ""}).texts().tolist() == [None, "x", None, "x"]


def test_the_same_seed_gives_the_same_children_however_many_there_are() -> None:
    few, many = next(blocks(50, 7, AS_OF, size=50)), list(blocks(120, 7, AS_OF, size=50))
    other = next(blocks(50, 8, AS_OF, size=50))
    assert [len(one) for one in many] == [50, 50, 20]
    assert all(np.array_equal(few.days[name], many[0].days[name]) for name in few.days)
    assert not np.array_equal(few.days["contact"], other.days["contact"])


def test_children_are_shaped_by_the_published_figures() -> None:
    """England, year to 31 March 2024, as listed in docs/data.md; each within 1.5 percentage points."""
    many = next(blocks(40_000, 1, AS_OF, size=40_000))

    def share(when: str, of: str = "") -> float:
        among = many.holds(of)
        return float((many.holds(when) & among).sum() / among.sum() * 100)

    assert share("disabled = yes") == pytest.approx(13.6, abs=1.5)
    assert share("referred_by = 6") == pytest.approx(28, abs=1.5)
    assert share("again = yes", "path in front_door, assessing, in_need") == pytest.approx(22.4, abs=1.5)
    assert share("legal = C2", "path = care; born after as_of - 5200") == pytest.approx(60, abs=1.5)
    taken = many.days["assessment_done"] - many.days["assessment"]
    finished = many.holds("assessment_done ever; path = assessing")
    assert np.median(taken[finished]) == pytest.approx(48, abs=1)  # 34 working days
    sooner = many.days["conference"] - many.days["enquiry"] <= 27  # 15 working days, bank holidays aside, from the quartiles
    assert float(sooner[many.holds("conference ever")].mean()) == pytest.approx(0.8, abs=0.05)


def test_brothers_and_sisters_come_together() -> None:
    many = next(blocks(2_000, 1, AS_OF, size=2_000))
    for name in ("contact", "referral"):
        days = many.days[name]
        together = (days == days[many.first]) | (days == NEVER)
        assert together.all()
    sizes = np.unique(np.unique(many.first, return_counts=True)[1])
    assert sizes.tolist() == [1, 2, 3, 4, 5]


def test_every_share_has_its_figure_or_stands_alone() -> None:
    named = [step for step in steps() if step.source]
    assert len(named) >= 15
    assert all(0 < step.share <= 1 and list(step.quartiles) == sorted(step.quartiles) for step in steps())
