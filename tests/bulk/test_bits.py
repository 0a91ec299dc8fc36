"""Bit planes: packing, unpacking, counting and reading a column, at every length around a word."""

from __future__ import annotations

import numpy as np
import pytest

from kb.bulk.bits import ALL, column, count_ones, pack, unpack, words


@pytest.mark.parametrize("count", [1, 7, 8, 9, 63, 64, 65, 127, 128, 129, 1000])
def test_a_plane_gives_back_what_was_packed(count: int) -> None:
    truth = np.random.default_rng(count).random(count) < 0.5
    plane = pack(truth)
    assert (len(plane), str(plane.dtype)) == (words(count), "uint64")
    assert unpack(plane, count).tolist() == truth.tolist()
    assert count_ones(plane, count) == truth.sum()
    assert count_ones(np.full(words(count), ALL), count) == count


def test_the_planes_that_have_one_case() -> None:
    planes = np.array([pack(np.arange(70) == 69), pack(np.arange(70) < 69), pack(np.arange(70) >= 69)])
    assert column(planes, 69).tolist() == [0, 2]
    assert column(planes, 0).tolist() == [1]
