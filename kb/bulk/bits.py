"""Bit planes: one bit a case, 64 cases a word, the first case in the lowest bit.

Bits beyond the last case are undefined; functions that count or read ignore them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.uint64]

WORD = 64
NONE = np.uint64(0)
ALL = ~np.uint64(0)


def words(count: int) -> int:
    """The number of words that `count` cases take."""
    return -(-count // WORD)


def pack(bits: NDArray[np.bool_]) -> Plane:
    """A plane from an array of truth values."""
    packed = np.packbits(bits, bitorder="little")
    if len(packed) % 8:
        packed = np.concatenate([packed, np.zeros(-len(packed) % 8, np.uint8)])
    return packed.view(np.uint64)


def unpack(plane: Plane, count: int) -> NDArray[np.bool_]:
    """The truth values of the first `count` cases."""
    return np.unpackbits(plane.view(np.uint8), count=count, bitorder="little").view(np.bool_)


def count_ones(plane: Plane, count: int) -> int:
    """The number of bits set among the first `count` cases."""
    whole, rest = divmod(count, WORD)
    total = int(np.bitwise_count(plane[:whole]).sum())
    return total + (int(plane[whole]) & ((1 << rest) - 1)).bit_count() if rest else total


def column(planes: NDArray[np.uint64], case: int) -> NDArray[Any]:
    """The indices of the planes (rows) in which the bit of one case is set."""
    bit = np.uint64(case % WORD)
    return np.flatnonzero((planes[:, case // WORD] >> bit) & np.uint64(1))
