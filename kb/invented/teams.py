"""Puts teams on record for invented children: the team that the policy gives, except for some planted wrong ones.

The decision function is a parameter: from a table of `own_table` to one team code a child (empty if the answer is no single
team) and the stints that led there. Earlier episodes are decided on the day before they were closed, the present one on the
day of the data, so that the key has the team of each child at every time. A wrong team is one that held the child earlier in
the present episode, as if nobody had updated the record.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from kb.case import NO_TEAM_ON_RECORD
from kb.invented.own import given_teams, own_table, with_recorded, with_since
from kb.invented.simulate import CLOSED, CONTACT
from kb.invented.steps import NEVER, Block, Days, Draw, Flags, coded
from kb.invented.values import Children, Stint
from kb.vocabulary.model import Vocabulary

Stints = tuple[Stint, ...]


class Told(NamedTuple):
    """The result of deciding a table: the team of each child, and its stints, oldest first."""

    teams: Sequence[str]
    stints: Sequence[Stints]


Decider = Callable[[Any], Told]
Teams = Callable[[Any], Sequence[str]]
SINCE_SHARE = 0.3  # share of children with the first day of the stint on record


@dataclass(frozen=True)
class Recorded:
    """A block of children with teams on record, and the key to them. Days are ordinals.

    right        team that the policy gives; none if it gives no single team
    wrong        whether the team on record is a planted wrong one
    wrong_since  first day on which it was wrong
    stints       the stints of each child, with an entry for each episode, the present one first
    since        first day of the team on record, if recorded
    table        the block as a table of `own_table`
    """

    children: Children
    right: Draw
    wrong: Flags
    wrong_since: Days
    stints: Sequence[Sequence[Stints]]
    since: Days
    table: Any


@dataclass(frozen=True)
class Council:
    """A policy and its decision function. `teams`: a faster function that gives only the teams."""

    policy: str
    vocabulary: Vocabulary
    decide: Decider
    teams: Teams | None = None

    def answers(self, table: Any) -> Sequence[str]:
        """The team of each child of a table."""
        return self.decide(table).teams if self.teams is None else self.teams(table)

    def table(self, children: Children) -> Any:
        return own_table(children, self.policy, self.vocabulary)


def blank(block: Block, vocabulary: Vocabulary) -> Children:
    """Children without any teams yet."""
    names = {code.code: code.label for code in vocabulary.codes.get("team", ())}
    numbers = {code: f"D{place:03}" for place, code in enumerate(names, 1)}
    given, nobody = given_teams(block), Draw(("",), np.zeros(len(block), np.int16))
    earlier = None if block.earlier is None else blank(block.earlier, vocabulary)
    return Children(block, _settled(given, given), nobody, names, numbers, given, [()] * len(block), earlier)


def _settled(fixed: Draw, found: Draw) -> Draw:
    """The team on record: as fixed by the steps, else as decided, else `none`."""
    fixed_texts, texts = fixed.texts(), found.texts()
    either = np.where(fixed.codes != 0, fixed_texts, np.where(found.codes != 0, texts, NO_TEAM_ON_RECORD))
    return coded(either.tolist())


def record_teams(block: Block, council: Council, wrong_share: float, seed: int) -> Recorded:
    """Puts teams on record for a block of children. A share `wrong_share` of them is wrong, if the policy can detect it."""
    chance = np.random.default_rng([seed, block.start, 1])
    children, closed_stints = _closed(blank(block, council.vocabulary), council, chance)
    told = council.decide(council.table(children))
    children = replace(children, recorded=_settled(children.fixed, coded(told.teams)))
    right, since = _right(children, told, council, chance)
    wrong = _plant(children, right, told, council, wrong_share, chance)
    teams, wrong_since = children.recorded.texts(), np.full(len(block), NEVER, np.int32)
    since = since.copy()
    for row, (stint, left) in wrong.items():
        teams[row], wrong_since[row], since[row] = stint.team, left, stint.since
    children = replace(children, recorded=coded(teams.tolist()))
    children = replace(children, stints=[_on_record(children, told, row, closed_stints[0], wrong) for row in range(len(block))])
    table = with_since(with_recorded(council.table(children), children.recorded), since, council.vocabulary)
    stints = [[told.stints[row], *(of_episode[row] for of_episode in closed_stints[1:])] for row in range(len(block))]
    flags = np.isin(np.arange(len(block)), list(wrong))
    return Recorded(children, right, flags, wrong_since, stints, since, table)


# Earlier episodes ---------------------------------------------------------------------


def _closed(children: Children, council: Council, chance: np.random.Generator) -> tuple[Children, list[list[Stints]]]:
    """The children with the team that closed each episode, as decided on the day before the closing.

    Also returns the stints of each closed episode, the present episode first.
    """
    older: list[list[Stints]] = []
    if children.earlier is not None:
        earlier, older = _closed(children.earlier, council, chance)
        children = replace(children, earlier=earlier)
    rows = np.flatnonzero(children.holds(f"{CLOSED} happened"))
    stints: list[Stints] = [()] * len(children.block)
    closing = np.full(len(children.block), "", dtype=object)
    if len(rows):
        told = council.decide(council.table(_on_the_eve(children)).take(rows))
        spare = sorted(set(told.teams) & set(children.names)) or sorted(children.names)
        for row, led in zip(rows.tolist(), told.stints):
            stints[row] = _until_closed(led, children, row, spare[int(chance.integers(len(spare)))])
            closing[row] = stints[row][-1].team
    found = replace(children, closing=coded(closing.tolist()), stints=stints)
    return replace(found, recorded=found.closing) if children.block.episode else found, [stints, *older]


def _on_the_eve(children: Children) -> Children:
    """The children on the day before their episode was closed."""
    block = children.block
    closed = block.days[CLOSED]
    day = np.where(children.holds(f"{CLOSED} happened"), closed - 1, block.as_of).astype(np.int32)
    on_the_day = replace(block, as_of=day)
    given = given_teams(on_the_day)
    return replace(children, block=on_the_day, fixed=given, recorded=_settled(given, given))


def _until_closed(led: Stints, children: Children, row: int, spare: str) -> Stints:
    """The stints up to the closing; if none is settled, one stint of the team `spare` from the contact on."""
    block = children.block
    found = [stint for stint in led if stint.team in children.names]
    if not found:
        return (Stint(spare, int(block.days[CONTACT][row]), int(block.days[CLOSED][row])),)
    return (*found[:-1], found[-1]._replace(until=int(block.days[CLOSED][row])))


# The present episode ------------------------------------------------------------------------


def _right(children: Children, told: Told, council: Council, chance: np.random.Generator) -> tuple[Draw, Days]:
    """The right team of each child, and the first days of the teams on record (`NEVER` if not recorded).

    That day is recorded for a share of the children (SINCE_SHARE), and wherever the policy gives no answer without it.
    """
    teams, recorded = np.array(list(told.teams), dtype=object), children.recorded.texts()
    known = np.array([stints[-1].since if stints else NEVER for stints in told.stints], np.int32)
    known[(recorded != teams) | (children.fixed.codes != 0)] = NEVER
    since = np.where(chance.random(len(known)) < SINCE_SHARE, known, NEVER).astype(np.int32)
    again = _again(children, council, recorded, since, np.arange(len(known)))
    unsettled = np.flatnonzero((again != teams) & (known != since))
    if len(unsettled):
        since[unsettled] = known[unsettled]
        again[unsettled] = _again(children, council, recorded, since, unsettled)
    return coded(again.tolist()), since


def _again(children: Children, council: Council, recorded: Any, since: Days, rows: Any) -> Any:
    """The decided teams for the children in `rows`, with these teams on record since these days."""
    if not len(rows):
        return np.array([], dtype=object)
    table = with_recorded(council.table(children).take(rows), coded([team or "" for team in recorded[rows].tolist()]))
    return np.array(list(council.answers(with_since(table, since[rows], council.vocabulary))), dtype=object)


def _plant(
    children: Children, right: Draw, told: Told, council: Council, share: float, chance: np.random.Generator
) -> dict[int, tuple[Stint, int]]:
    """Chooses children whose record still shows an earlier stint. Row to that stint and the day from which it is wrong.

    Only children for whom the policy still gives the right team with the wrong team on record.
    """
    answers, teams = right.texts(), np.array(list(told.teams), dtype=object)
    wanted = round(len(answers) * share)
    can = (right.codes != 0) & (children.fixed.codes == 0) & (answers == teams) & (answers == children.recorded.texts())
    left: dict[int, list[tuple[Stint, int]]] = {}
    for row in chance.permutation(np.flatnonzero(can)).tolist():
        stints = _stints_left(told.stints[row], children)
        if stints and len(left) < 2 * wanted:
            left[row] = stints
    chosen = {row: stints[int(chance.integers(len(stints)))] for row, stints in left.items()}
    rows = np.array(list(chosen), np.int64)
    recorded = children.recorded.texts()
    since = np.full(len(answers), NEVER, np.int32)
    for row, (stint, _) in chosen.items():
        recorded[row], since[row] = stint.team, stint.since
    again = _again(children, council, recorded, since, rows)
    found = [row for row, answer in zip(rows.tolist(), again.tolist()) if answer == answers[row]]
    return {row: chosen[row] for row in found[:wanted]}


def _stints_left(stints: Stints, children: Children) -> list[tuple[Stint, int]]:
    """The last stint with each team other than the present one, and the day on which it ended."""
    settled = all(stint.team and stint.since != NEVER for stint in stints)
    last = {stint.team: stint for stint in stints if settled}
    return [(stint, stint.until) for team, stint in last.items() if team in children.names and stint is not stints[-1]]


def _on_record(children: Children, told: Told, row: int, closed: Sequence[Stints], wrong: dict[int, tuple[Stint, int]]) -> Stints:
    """The stints of the present episode as the record shows them, the last with the team on record."""
    team = children.recorded.words[children.recorded.codes[row]]
    if closed[row] or team not in children.names:
        return closed[row]
    stints = [stint for stint in told.stints[row] if stint.team in children.names]
    if row in wrong:
        stints = stints[: stints.index(wrong[row][0]) + 1]
    elif not stints or stints[-1].team != team:
        stints = [Stint(team, NEVER, NEVER)]
    return (*stints[:-1], stints[-1]._replace(until=NEVER))
