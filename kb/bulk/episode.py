"""`kb.episode` in columns: the start of the episode, days that can't be right, and spells.

Days that are not known are UNKNOWN. Tests compare every journey computed with these with that of the single case.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.bulk.occurrences import NEVER, Bits, Days, Records, first_from, last_by, side_by_side
from kb.bulk.table import HAPPENED, UNKNOWN, WHOLE, codes_of
from kb.vocabulary.model import Fact


@dataclass(frozen=True)
class Episodes:
    """The episode of each row, as `kb.episode.Episode`: `start`, and `enters_from` for events that open a case from outside."""

    start: Days
    enters_from: Days


def opening_contact(of: Records, rows: NDArray[np.int64], by: Days, at_the_front_door: Bits) -> Days:
    """As `kb.episode.opening_contact`."""
    contacts = of.of_episode("opens")[rows]
    contacts = np.where(contacts <= by[:, None], contacts, NEVER)
    last = last_by(contacts, np.full(len(rows), NEVER - 1))
    closings = side_by_side([of.of_episode("ends"), of.earlier_closings], len(of))[rows]
    ended = last_by(closings, last - 1)
    contacts = np.where(contacts >= ended[:, None], contacts, NEVER)
    confirming = of.of_episode("confirms")[rows]
    confirming = np.where(confirming <= of.record_days[rows][:, None], confirming, 0)
    confirmed = np.zeros(len(rows), np.int32)
    for column in confirming.T:
        np.maximum(confirmed, last_by(contacts, column), out=confirmed)
    found = np.where(confirmed > 0, confirmed, np.where(at_the_front_door, last, 0))
    return np.where(found > 0, found, UNKNOWN).astype(np.int32)


def first_episode(of: Records, rows: NDArray[np.int64], by: Days, at_the_front_door: Bits, ended: Days | None = None) -> Episodes:
    """As `kb.episode.first_episode`; for its `misdated` see `has_misdated`."""
    contact = opening_contact(of, rows, by, at_the_front_door)
    limit = np.where(contact == UNKNOWN, by, np.minimum(by, contact))
    ends = of.of_episode("ends")
    over = np.where(ends < of.last_open_day[:, None], ends, NEVER)
    own = last_by(over[rows], limit)
    if ended is not None:
        own = np.maximum(own, ended)
    last = np.maximum(own, last_by(of.earlier_closings[rows], limit))
    closed = last > 0
    again = (contact == last) & (own < last)
    start = np.where(closed & ~again & ((contact == UNKNOWN) | (contact <= last)), last + 1, contact)
    enters_from = np.where(closed, np.where(again, last, last + 1), UNKNOWN)
    return Episodes(start.astype(np.int32), enters_from.astype(np.int32))


def has_misdated(of: Records, rows: NDArray[np.int64], start: Days) -> Bits:
    """The rows with an occurrence dated before everything that it presupposes, as `kb.episode.misdated`."""
    found = np.zeros(len(rows), np.bool_)
    facts, record = of.vocabulary.facts, of.record_days[rows]
    opens = of.vocabulary.of_episode("opens")
    unexplained = np.where((start != UNKNOWN) & ~of.never_known_before[rows], start, 0)
    for name in of.days:
        needed = [other for other in facts[name].after if other in of.days]
        if not needed:
            continue
        day = first_from(of.days[name][rows], unexplained)
        earliest = np.full(len(rows), NEVER, np.int32)
        settled = np.zeros(len(rows), np.bool_)
        for other in needed:
            days = of.days[other][rows]
            if other in opens:
                days = np.where(days == start[:, None], days, NEVER)
            first = days[:, :1].min(axis=1) if other not in opens else days.min(axis=1)
            np.minimum(earliest, np.where(first <= record, first, NEVER), out=earliest)
            settled |= (of.table.columns[other][rows] == HAPPENED) & (facts[other].type == "event")
        found |= (day <= record) & (earliest != NEVER) & (day < earliest) & ~settled
    return found


def something_earlier(of: Records, rows: NDArray[np.int64], start: Days) -> Bits:
    """As `kb.episode.something_earlier`."""
    found: Bits = of.involved[rows] | ((start != UNKNOWN) & (of.first_day[rows] < start))
    return found


# Spells ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Spells:
    """The spell of each row on a day: its first day (UNKNOWN: none) and its end (UNKNOWN: it was running)."""

    start: Days
    end: Days
    first: Bits
    ordered: Bits


@dataclass(frozen=True)
class Turns:
    """The starts and ends of the spells of a kind, sorted by day: arrays of rows by turns. `ordered`: begun by an outcome."""

    on: Days
    opens: Bits
    ordered: Bits
    enters: Bits
    fact: NDArray[np.int64]


def turns(of: Records, name: str) -> Turns:
    """The starts and ends of a kind of spell by day; on the same day ends come first."""
    facts, parts = of.vocabulary.facts, of.vocabulary.spells[name]
    days = {fact: of.days[fact] for part in ("starts", "ends") for fact in parts[part] if fact in of.days}
    days |= {fact: begun_by_outcome(of, facts[fact]) for fact in parts["starts"] if facts[fact].of in of.days}
    named = sorted(days)
    if not named:
        empty = np.zeros((len(of), 0), np.int32)
        none = empty.astype(np.bool_)
        return Turns(empty, none, none, none, empty.astype(np.int64))
    opens = np.array([fact in parts["starts"] for fact in named])
    ordered = np.array([bool(facts[fact].begins) for fact in named])
    enters = np.array([facts[facts[fact].of or fact].episode == "enters" for fact in named])
    keys = [(days[fact].astype(np.int64) * 2 + opens[n]) * len(named) + n for n, fact in enumerate(named)]
    merged = np.sort(np.concatenate(keys, axis=1), axis=1)
    on = merged // (2 * len(named))
    used = int((on != NEVER).sum(axis=1).max(initial=0))
    fact = (merged % len(named))[:, :used]
    return Turns(on[:, :used].astype(np.int32), opens[fact], ordered[fact], enters[fact], fact)


def begun_by_outcome(of: Records, fact: Fact) -> Days:
    """As `kb.episode.begun_by_outcome`: an array with one column, `NEVER` where the outcome starts nothing."""
    found = np.zeros(len(of), np.bool_)
    numbers = [codes_of(fact, of.vocabulary).index(value) for value in fact.begins]
    if (listed := of.table.lists.get(fact.name)) is not None:
        found[listed.rows[np.isin(listed.parts[WHOLE], numbers)]] = True
    elif fact.name in of.table.columns:
        found = np.isin(of.table.columns[fact.name], numbers)
    last = last_by(of.days[fact.of], of.record_days)
    return np.where(found & (last > 0), last, NEVER).astype(np.int32)[:, None]


def spells_at(turned: Turns, rows: NDArray[np.int64], day: Days, record: Days, episodes: Episodes) -> tuple[Spells, Spells]:
    """The spell of each row on its `day` and on its day of the record, as `kb.episode.spell_at`."""
    count = len(rows)
    start, end = np.full(count, UNKNOWN, np.int32), np.full(count, UNKNOWN, np.int32)
    first, ordered, seen = np.zeros(count, np.bool_), np.zeros(count, np.bool_), np.zeros(count, np.int64)
    now = start.copy(), end.copy(), first.copy(), ordered.copy()
    for turn in range(turned.on.shape[1]):
        on, opens, bit = turned.on[rows, turn], turned.opens[rows, turn], 1 << turned.fact[rows, turn]
        valid = (on <= record) & (on >= np.where(turned.enters[rows, turn], episodes.enters_from, episodes.start))
        running = (start != UNKNOWN) & (end == UNKNOWN)
        np.copyto(end, on, where=valid & ~opens & running)
        starts = valid & opens & (~running | ((seen & bit) != 0))
        np.copyto(first, start == UNKNOWN, where=starts)
        np.copyto(ordered, turned.ordered[rows, turn], where=starts & (start == UNKNOWN))
        np.copyto(start, on, where=starts)
        np.copyto(end, UNKNOWN, where=starts)
        np.copyto(seen, np.where(starts, bit, seen | bit), where=valid & opens)
        for kept, value in zip(now, (start, end, first, ordered)):
            np.copyto(kept, value, where=on <= day)
    return Spells(*now), Spells(start, end, first, ordered)
