"""The teams of the children: on record the one that the policy gives, but for some planted wrong ones.

Who decides is a parameter: a function from a table in our own form to one code a child, or the empty string where the
answer is no single team, and to the stays that led there. Each episode is decided on the day before it was closed, the
present one on the day of the data; so the key says where each child was when. A wrong team is one that had the child
earlier in the present episode: the record has not followed.
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
from kb.invented.values import Children, Stay
from kb.vocabulary.model import Vocabulary

Stays = tuple[Stay, ...]


class Told(NamedTuple):
    """The team of each child of a table, and the stays up to then, oldest first."""

    teams: Sequence[str]
    stays: Sequence[Stays]


Decider = Callable[[Any], Told]
Teams = Callable[[Any], Sequence[str]]
SINCE_SHARE = 0.3  # of the children whose record says since when the team has had them


@dataclass(frozen=True)
class Recorded:
    """A block's children with teams on record, which of these are wrong and since when, and what is right for each.

    `right` is none where the policy gives no single team. `stays` has for each child its stays, an entry an episode,
    the present one first. `since` is what the record says of the team's first day. `table` is the block in our own form.
    """

    children: Children
    right: Draw
    wrong: Flags
    wrong_since: Days
    stays: Sequence[Sequence[Stays]]
    since: Days
    table: Any


@dataclass(frozen=True)
class Council:
    """Who decides, and under which policy. `teams` gives the teams alone, where that is quicker."""

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
    """Children of whom no team is known yet."""
    names = {code.code: code.label for code in vocabulary.codes.get("team", ())}
    numbers = {code: f"D{place:03}" for place, code in enumerate(names, 1)}
    given, nobody = given_teams(block), Draw(("",), np.zeros(len(block), np.int16))
    earlier = None if block.earlier is None else blank(block.earlier, vocabulary)
    return Children(block, _settled(given, given), nobody, names, numbers, given, [()] * len(block), earlier)


def _settled(fixed: Draw, found: Draw) -> Draw:
    """What the steps say of the team on record, else what was found, else that there is none."""
    fixed_texts, texts = fixed.texts(), found.texts()
    either = np.where(fixed.codes != 0, fixed_texts, np.where(found.codes != 0, texts, NO_TEAM_ON_RECORD))
    return coded(either.tolist())


def record_teams(block: Block, council: Council, wrong_share: float, seed: int) -> Recorded:
    """Teams on record for a block of children; `wrong_share` of them wrong, where the policy can tell."""
    chance = np.random.default_rng([seed, block.start, 1])
    children, closed_stays = _closed(blank(block, council.vocabulary), council, chance)
    told = council.decide(council.table(children))
    children = replace(children, recorded=_settled(children.fixed, coded(told.teams)))
    right, since = _right(children, told, council, chance)
    wrong = _plant(children, right, told, council, wrong_share, chance)
    teams, wrong_since = children.recorded.texts(), np.full(len(block), NEVER, np.int32)
    since = since.copy()
    for row, (stay, left) in wrong.items():
        teams[row], wrong_since[row], since[row] = stay.team, left, stay.since
    children = replace(children, recorded=coded(teams.tolist()))
    children = replace(children, stays=[_on_record(children, told, row, closed_stays[0], wrong) for row in range(len(block))])
    table = with_since(with_recorded(council.table(children), children.recorded), since, council.vocabulary)
    stays = [[told.stays[row], *(of_episode[row] for of_episode in closed_stays[1:])] for row in range(len(block))]
    flags = np.isin(np.arange(len(block)), list(wrong))
    return Recorded(children, right, flags, wrong_since, stays, since, table)


# Episodes that are over ---------------------------------------------------------------------


def _closed(children: Children, council: Council, chance: np.random.Generator) -> tuple[Children, list[list[Stays]]]:
    """The children with the teams that closed each episode, oldest first: those that the policy gives on the day before.

    Gives the stays of each episode too, as far as it is over.
    """
    older: list[list[Stays]] = []
    if children.earlier is not None:
        earlier, older = _closed(children.earlier, council, chance)
        children = replace(children, earlier=earlier)
    rows = np.flatnonzero(children.holds(f"{CLOSED} happened"))
    stays: list[Stays] = [()] * len(children.block)
    closing = np.full(len(children.block), "", dtype=object)
    if len(rows):
        told = council.decide(council.table(_on_the_eve(children)).take(rows))
        spare = sorted(set(told.teams) & set(children.names)) or sorted(children.names)
        for row, led in zip(rows.tolist(), told.stays):
            stays[row] = _until_closed(led, children, row, spare[int(chance.integers(len(spare)))])
            closing[row] = stays[row][-1].team
    found = replace(children, closing=coded(closing.tolist()), stays=stays)
    return replace(found, recorded=found.closing) if children.block.episode else found, [stays, *older]


def _on_the_eve(children: Children) -> Children:
    """The same children on the day before the episode was closed."""
    block = children.block
    closed = block.days[CLOSED]
    day = np.where(children.holds(f"{CLOSED} happened"), closed - 1, block.as_of).astype(np.int32)
    on_the_day = replace(block, as_of=day)
    given = given_teams(on_the_day)
    return replace(children, block=on_the_day, fixed=given, recorded=_settled(given, given))


def _until_closed(led: Stays, children: Children, row: int, spare: str) -> Stays:
    """The stays with teams up to the closing; where none is settled, one team has the child from the contact on."""
    block = children.block
    found = [stay for stay in led if stay.team in children.names]
    if not found:
        return (Stay(spare, int(block.days[CONTACT][row]), int(block.days[CLOSED][row])),)
    return (*found[:-1], found[-1]._replace(until=int(block.days[CLOSED][row])))


# The present episode ------------------------------------------------------------------------


def _right(children: Children, told: Told, council: Council, chance: np.random.Generator) -> tuple[Draw, Days]:
    """What is right for each child with the team on record, and the days since when that the record has.

    Some records say since when; so do all for which the policy can't tell without.
    """
    teams, recorded = np.array(list(told.teams), dtype=object), children.recorded.texts()
    known = np.array([stays[-1].since if stays else NEVER for stays in told.stays], np.int32)
    known[(recorded != teams) | (children.fixed.codes != 0)] = NEVER
    since = np.where(chance.random(len(known)) < SINCE_SHARE, known, NEVER).astype(np.int32)
    again = _again(children, council, recorded, since, np.arange(len(known)))
    unsettled = np.flatnonzero((again != teams) & (known != since))
    if len(unsettled):
        since[unsettled] = known[unsettled]
        again[unsettled] = _again(children, council, recorded, since, unsettled)
    return coded(again.tolist()), since


def _again(children: Children, council: Council, recorded: Any, since: Days, rows: Any) -> Any:
    """The answers for some children with these teams on record, since these days."""
    if not len(rows):
        return np.array([], dtype=object)
    table = with_recorded(council.table(children).take(rows), coded([team or "" for team in recorded[rows].tolist()]))
    return np.array(list(council.answers(with_since(table, since[rows], council.vocabulary))), dtype=object)


def _plant(
    children: Children, right: Draw, told: Told, council: Council, share: float, chance: np.random.Generator
) -> dict[int, tuple[Stay, int]]:
    """Stays that the record of some children still shows, each with the day since when it is wrong.

    Only where the policy tells it: it gives the right team on the record with the wrong one, too.
    """
    answers, teams = right.texts(), np.array(list(told.teams), dtype=object)
    wanted = round(len(answers) * share)
    can = (right.codes != 0) & (children.fixed.codes == 0) & (answers == teams) & (answers == children.recorded.texts())
    left: dict[int, list[tuple[Stay, int]]] = {}
    for row in chance.permutation(np.flatnonzero(can)).tolist():
        stays = _stays_left(told.stays[row], children)
        if stays and len(left) < 2 * wanted:
            left[row] = stays
    chosen = {row: stays[int(chance.integers(len(stays)))] for row, stays in left.items()}
    rows = np.array(list(chosen), np.int64)
    recorded = children.recorded.texts()
    since = np.full(len(answers), NEVER, np.int32)
    for row, (stay, _) in chosen.items():
        recorded[row], since[row] = stay.team, stay.since
    again = _again(children, council, recorded, since, rows)
    found = [row for row, answer in zip(rows.tolist(), again.tolist()) if answer == answers[row]]
    return {row: chosen[row] for row in found[:wanted]}


def _stays_left(stays: Stays, children: Children) -> list[tuple[Stay, int]]:
    """The stays with other teams than the present one, each the last with its team, and the day on which it was over."""
    settled = all(stay.team and stay.since != NEVER for stay in stays)
    last = {stay.team: stay for stay in stays if settled}
    return [(stay, stay.until) for team, stay in last.items() if team in children.names and stay is not stays[-1]]


def _on_record(children: Children, told: Told, row: int, closed: Sequence[Stays], wrong: dict[int, tuple[Stay, int]]) -> Stays:
    """The stays of the present episode as the record shows them: up to the team on record, which still has the child."""
    team = children.recorded.words[children.recorded.codes[row]]
    if closed[row] or team not in children.names:
        return closed[row]
    stays = [stay for stay in told.stays[row] if stay.team in children.names]
    if row in wrong:
        stays = stays[: stays.index(wrong[row][0]) + 1]
    elif not stays or stays[-1].team != team:
        stays = [Stay(team, NEVER, NEVER)]
    return (*stays[:-1], stays[-1]._replace(until=NEVER))
