"""Generates invented children at random, in arrays. The same seed gives the same children."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from kb.invented.steps import NEVER, Block, Days, Draw, Flags, Step, steps

BLOCK = 100_000
CLOSED, ENDED_BEFORE, CONTACT, BORN = "closed", "ended_before", "contact", "born"  # steps that link episodes
PATH, LATER_PATH = "path", "later_path"  # draws: the course of an episode, and of the episode after it
MOST_EPISODES = 3
_FAMILY_SIZES, _FAMILY_SHARES = (1, 2, 3, 4, 5), (0.46, 0.3, 0.15, 0.06, 0.03)


def blocks(children: int, seed: int, as_of: int, size: int = BLOCK) -> Iterator[Block]:
    """`children` invented children with their histories up to `as_of` (ordinal), in blocks of `size`.

    Block i depends only on `seed` and i.
    """
    for number, start in enumerate(range(0, children, size)):
        block = _block(min(size, children - start), np.random.default_rng([seed, number]), as_of, start)
        chances = [np.random.default_rng([seed, number, episode, 3]) for episode in range(1, MOST_EPISODES)]
        yield _with_earlier(block, chances)


def _with_earlier(block: Block, chances: list[np.random.Generator]) -> Block:
    """The block with earlier episodes of the children who had any."""
    before = block.days[ENDED_BEFORE]
    if not chances or not (before != NEVER).any():
        before[:] = NEVER
        return block
    earlier = _episode_before(block, chances[0])
    assert earlier.lived is not None
    before[~earlier.lived] = NEVER
    return replace(block, earlier=_with_earlier(earlier, chances[1:]))


def _episode_before(block: Block, chance: np.random.Generator) -> Block:
    """The episode before a block's, shifted so that it was closed on the day given there, with no later events."""
    before = block.days[ENDED_BEFORE]
    ended = np.where(before == NEVER, block.as_of, before).astype(np.int32)
    found = Block(ended, block.start, block.family, block.first, {}, {LATER_PATH: block.draws[PATH]}, block.episode + 1)
    lasting = {step.name for step in steps() if step.lasting}
    for step in steps():
        if step.name not in lasting:
            _take(step, found, chance)
        elif step.is_day:
            found.days[step.name] = block.days[step.name]
        else:
            found.draws[step.name] = block.draws[step.name]
    moved = ended - found.days[CLOSED]
    born, opened = found.days[BORN], found.days[CONTACT] + moved
    lived = (before != NEVER) & found.happened(CLOSED) & (born != NEVER) & (born < opened)
    for name in found.days.keys() - lasting:
        days = np.where(found.days[name] == NEVER, NEVER, found.days[name] + moved)
        found.days[name] = np.where(lived & (days <= ended), days, NEVER).astype(np.int32)
    return replace(found, as_of=block.as_of, lived=lived)


def _block(count: int, chance: np.random.Generator, as_of: int, start: int) -> Block:
    family, first = _families(count, chance)
    nothing = Draw(("",), np.zeros(count, np.int8))
    block = Block(as_of, start, family + start, first, {}, {LATER_PATH: nothing})
    for step in steps():
        _take(step, block, chance)
    return block


def _families(count: int, chance: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """For each child the number of its family, and the index of the family's first child."""
    sizes = chance.choice(_FAMILY_SIZES, size=count, p=_FAMILY_SHARES)
    first = np.repeat(np.concatenate([[0], np.cumsum(sizes)[:-1]]), sizes)[:count]
    return first.astype(np.int64), first.astype(np.int64)


def _take(step: Step, block: Block, chance: np.random.Generator) -> None:
    """Applies one line of `steps.tsv` to the children for whom no earlier line of the same step gave a value."""
    count = len(block)
    luck, place = chance.random(count), chance.random(count)
    if step.shared:
        luck, place = luck[block.first], place[block.first]
    met = block.holds(step.when) & (luck < step.share)
    if step.is_day:
        before = block.days.setdefault(step.name, np.zeros(count, np.int32))
        _add_days(step, block, before, met, place)
    else:
        _add_words(step, block, met, place)


def _add_days(step: Step, block: Block, before: Days, met: Flags, place: np.ndarray) -> None:
    start = block.day(step.after)
    met &= (start != NEVER) & (before == NEVER)
    before[met] = (start + between(step.quartiles, place))[met]


def between(quartiles: tuple[float, float, float], place: np.ndarray) -> Days:
    """The quantile function at `place` (0 to 1), in days: piecewise linear through the quartiles, with linear tails."""
    low, middle, high = quartiles
    least, most = low - (middle - low), high + 2 * (high - middle)
    if low >= 0:
        least = max(least, 0)
    if high < 0:
        most = min(most, -1)
    found = np.interp(place, (0, 0.25, 0.5, 0.75, 1), (least, low, middle, high, most))
    return np.asarray(np.rint(found), np.int32)


def _add_words(step: Step, block: Block, met: Flags, place: np.ndarray) -> None:
    old = block.draws.get(step.name, Draw(("",), np.zeros(len(block), np.int8)))
    words = (*old.words, *(word for word in dict.fromkeys(step.words) if word not in old.words))
    ends = np.cumsum(step.weights) / sum(step.weights)
    chosen = np.array([words.index(word) for word in step.words], np.int8)[
        np.searchsorted(ends, place, side="right").clip(0, len(ends) - 1)
    ]
    block.draws[step.name] = Draw(words, np.where(met & (old.codes == 0), chosen, old.codes).astype(np.int8))
