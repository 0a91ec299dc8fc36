"""Decides one case: the answer, read off the model (`docs/reference/case-and-decision.md` lists its fields).

Every field is the conclusion of a predicate of the shared rules (`kb/house`); this module only converts them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from kb.carried import CLOSED, NOBODY
from kb.case import Case, Moment, moment_text, occurrences
from kb.dates import iso
from kb.engines.interface import Engine
from kb.episode import Misdated
from kb.language.model import Atom, Constant, DayOf, Term
from kb.program import CONTRADICTION, Model, Program
from queries.journey import Branch, Journey, Move, Traveller
from queries.missing import clauses_behind, facts_behind
from queries.undecided import UNDECIDED, with_what_is_sure

if TYPE_CHECKING:
    from queries.exact import Witness

AGREED = Atom("settled_by_agreement")  # predicate of the shared rules: managers agreed where the child is


@dataclass(frozen=True)
class Transfer:
    """A move between teams. `on` is an ISO date or None; `atom` is the conclusion it was read off."""

    origin: str
    to: str
    point: str
    status: str
    on: str | None
    atom: Atom = field(compare=False)

    def as_json(self) -> dict[str, Any]:
        return {"from": self.origin, "to": self.to, "point": self.point, "status": self.status, "on": self.on}


@dataclass(frozen=True)
class StintTold:
    """A stint of the journey as a decision tells it. Days are ordinals.

    `moves` are the moves that began it, one for each way that the journey can have gone. `team` is None if it is
    open; `possible_teams` are then the alternatives.
    """

    team: str | None
    since: int | None
    until: int | None
    point: str | None
    status: str
    moves: tuple[Move, ...] = ()
    possible_teams: tuple[str, ...] = ()

    @property
    def begun_by(self) -> int | None:
        """The first day on which it had begun for certain; None if not known."""
        return self.since if self.since is not None else max((m.by for m in self.moves if m.by is not None), default=None)


@dataclass(frozen=True)
class Past:
    """A recorded event without effect now, because it belongs to an earlier stint or episode. `day` is an ordinal."""

    fact: str
    day: int


@dataclass(frozen=True)
class Decision:
    """The answer for a case, with its journey and the model of the last step.

    case       the whole record; `model.conditions.case` is the record as it stood on the day of the answer
    ends       if no team is decided: the answers of every way of the journey, if there are several
    hangs_on   if no team is decided: the facts that the holder depends on
    may_apply  if no team is decided: ids of the clauses that do or do not apply, depending on those facts
    exact      whether the possible teams are exact; None if `queries.exact` was not run
    witnesses  a record for each possible team, if exact
    quick      the answer before `queries.exact`, if that found that all blanks lead to one team
    settled    False if the journey was cut off at the limit of ways
    """

    case: Case
    model: Model
    status: str
    responsible_team: str | None
    possible_teams: tuple[str, ...]
    missing_facts: tuple[str, ...]
    transfer: Transfer | None
    further_transfers: tuple[Transfer, ...]
    blocked_by: tuple[str, ...]
    unconfirmed_gates: tuple[str, ...]
    deadlines: tuple[dict[str, Any], ...]
    duties: tuple[str, ...]
    attendance: tuple[dict[str, str], ...]
    co_working: tuple[dict[str, str], ...]
    escalate_to: tuple[str, ...]
    findings: tuple[str, ...]
    journey: tuple[StintTold, ...] = ()
    history: tuple[Past, ...] = ()
    misdated: tuple[Misdated, ...] = ()
    branch: Branch | None = None
    settled: bool = True
    ends: tuple[Decision, ...] = field(default=(), repr=False)
    hangs_on: tuple[str, ...] = ()
    may_apply: frozenset[str] = frozenset()
    exact: bool | None = None
    witnesses: tuple[Witness, ...] = field(default=(), repr=False)
    quick: Decision | None = field(default=None, repr=False)

    @property
    def contradicted(self) -> frozenset[str | Misdated]:
        """Codes of the record's contradictions, and its misdated events."""
        return frozenset([*(_code(atom, 0) for atom in self.model.holding_of(CONTRADICTION)), *self.misdated])

    @property
    def came_by(self) -> tuple[Move, ...]:
        """The moves that began the present stint, one for each way of the journey; empty for the first stint."""
        return next((stint.moves for stint in self.journey if stint.status == "present"), ())


def decide(program: Program, case: Case, engine: Engine) -> Decision:
    """The decision for a case. `engine` computes every step."""
    traveller = Traveller(program, engine)
    return answer(traveller, traveller.journey(case))


def answer(traveller: Traveller, journey: Journey) -> Decision:
    """The answer of a journey, from the last step of each way that it can have gone."""
    case = journey.case
    ways = [_with_move(read_decision(traveller.step(journey, b), case), b, journey) for b in journey.answers]
    decision = ways[0] if len(ways) == 1 and not journey.beyond else _together(ways, journey)
    if decision.status in UNDECIDED:
        decision = replace(decision, hangs_on=_hangs_on(journey, ways), may_apply=_may_apply(journey, ways))
        if len(journey.branches) > 1:
            decision = with_what_is_sure(decision, _ends(traveller, journey, ways), not journey.beyond)
    if journey.asks:
        missing = {*decision.missing_facts, *journey.asks}
        order = list(traveller.vocabulary.facts)
        decision = replace(decision, missing_facts=tuple(sorted(missing, key=order.index)))
    planned = plans(traveller, journey, decision)
    further = (*_before_leaving(decision, planned), *_planned_transfers(decision, planned))
    return replace(
        decision,
        further_transfers=tuple(sorted(dict.fromkeys(further), key=lambda t: (t.on or "9999", t.point, t.to))),
        journey=(*stints(journey, decision), *planned),
        history=_history(journey, decision),
        misdated=journey.episode.misdated,
        settled=not journey.beyond and decision.settled,
    )


def _ends(traveller: Traveller, journey: Journey, ways: Sequence[Decision]) -> list[Decision]:
    """The answer of every way of the journey, including forks on the last day."""
    told = {way.branch.key: way for way in ways if way.branch is not None}
    case = journey.case
    return [told.get(b.key) or _with_move(read_decision(traveller.step(journey, b), case), b, journey) for b in journey.branches]


def _with_move(decision: Decision, branch: Branch, journey: Journey) -> Decision:
    """Takes the day of the move that began the present stint from the journey."""
    last = branch.moves[-1] if branch.moves else None

    def dated(told: Transfer) -> Transfer:
        if last is None or told.status != "completed" or (told.to, told.point) != (branch.stint.team, last.point):
            return told
        return replace(told, on=None if last.day is None else iso(last.day))

    told = dated(decision.transfer) if decision.transfer is not None else None
    return replace(decision, transfer=told, further_transfers=tuple(map(dated, decision.further_transfers)), branch=branch)


def _together(ways: Sequence[Decision], journey: Journey) -> Decision:
    """One answer for several ways of the journey: what they agree on, and all possible teams."""
    first = max(ways, key=lambda d: len(d.branch.moves) if d.branch else 0)
    teams = list(dict.fromkeys(t for d in ways for t in (d.possible_teams or (NOBODY,))))
    statuses = {d.status for d in ways}
    teams += [team for team in _reachable(journey) if team not in teams]
    if len(teams) > 1 or len(statuses) > 1:
        status = "conflict" if "conflict" in statuses else "unknown" if len(teams) > 1 else next(iter(statuses - {"silent"}))
    else:
        status = next(iter(statuses))
    if status == "silent":
        teams = []
    telling = _telling(ways, journey)
    told = telling.transfer if telling is not None else None
    vocabulary = first.model.program.policy.vocabulary
    order = [code.code for kind in ("team", "outcome") for code in vocabulary.codes.get(kind, ())]
    facts = list(vocabulary.facts)
    missing = {name for d in ways for name in d.missing_facts} | set(_fork_facts(journey) if len(teams) > 1 else ())
    return replace(
        first,
        status=status,
        responsible_team=teams[0] if status == "decided" else None,
        possible_teams=tuple(sorted(teams, key=order.index)),
        missing_facts=tuple(sorted(missing, key=facts.index)),
        transfer=told,
        blocked_by=telling.blocked_by if telling is not None else (),
        unconfirmed_gates=telling.unconfirmed_gates if telling is not None else (),
        deadlines=tuple(row for row in first.deadlines if all(row in d.deadlines for d in ways)),
        duties=tuple(duty for duty in first.duties if all(duty in d.duties for d in ways)),
        attendance=tuple(a for a in first.attendance if all(a in d.attendance for d in ways)),
        co_working=tuple(c for c in first.co_working if all(c in d.co_working for d in ways)),
        escalate_to=tuple(dict.fromkeys(who for d in ways for who in d.escalate_to)),
        findings=tuple(finding for finding in first.findings if all(finding in d.findings for d in ways)),
    )


def _reachable(journey: Journey) -> list[str]:
    """The teams that ways beyond the limit could have led to."""
    assert journey.timing is not None
    found = sorted(journey.beyond)
    for team in found:  # the list grows during the loop
        found += sorted({to for origin, to, _ in journey.timing.written if origin == team} - set(found))
    return found


def _telling(ways: Sequence[Decision], journey: Journey) -> Decision | None:
    """The way whose move is the answer's `transfer`; None if the ways start with different holders and moves.

    If all ways lead to one team, the latest of them; else one whose move is left open.
    """
    moves = [way.transfer for way in ways]
    same = all(moves) and len({move.to for move in moves if move is not None}) == 1
    if not same and journey.first.team is None:
        return None
    telling = [way for way in ways if way.transfer is not None]
    if not telling:
        return None
    last = max(telling, key=lambda way: _place(way, same))
    assert last.transfer is not None
    statuses = {move.status for move in moves if move is not None}
    alike = (last.transfer.to, last.transfer.point)
    days = {move.on for move in moves if move is not None and (same or (move.to, move.point) == alike)}
    settled = same and len(statuses) == 1
    on = last.transfer.on if (None not in days if settled else len(days - {None}) == 1) else None
    return replace(last, transfer=replace(last.transfer, status=last.transfer.status if settled else "unknown", on=on))


def _place(way: Decision, same: bool) -> tuple[str, int]:
    """Sort key of a way: the day of its move if all lead to one team, else the number of moves."""
    on = way.transfer.on if way.transfer is not None and same else None
    return on or "", len(way.branch.moves) if way.branch else 0


def _fork_facts(journey: Journey) -> Iterable[str]:
    """The unrecorded facts that left earlier moves open, and the events whose unknown days did.

    Events recorded for another day are not asked for again. Ways that differ only in assumptions do not depend on
    the days of events.
    """
    vocabulary, recorded = journey.vocabulary, journey.case.facts
    for model, atoms in journey.open_steps:
        for name in facts_behind(model, atoms):
            fact = vocabulary.facts[name]
            if name in recorded and fact.part == "during":  # what is not known is when the spell ended
                yield from (end for end in vocabulary.spells[fact.spell]["ends"] if end not in recorded)
            elif not occurrences(recorded.get(name)):
                yield name
    if len({branch.assumed for branch in journey.branches}) < len(journey.branches):
        yield from (name for name, value in journey.case.facts.items() if value is True and vocabulary.facts[name].recurs)


def _hangs_on(journey: Journey, ways: Sequence[Decision]) -> tuple[str, ...]:
    """The facts that the holder depends on, in any way and at any fork."""
    found = {name for way in ways for name in facts_behind(way.model, way.model.open_of("holds"))}
    wrong = {name for m in journey.episode.misdated for name in (m.fact, m.presupposes)}
    found |= {*_fork_facts(journey), *journey.asks} - wrong
    return tuple(name for name in journey.vocabulary.facts if name in found)


def _may_apply(journey: Journey, ways: Sequence[Decision]) -> frozenset[str]:
    """The clauses that the holder depends on, in any way and at any fork."""
    forks = [*((way.model, way.model.open_of("holds")) for way in ways), *journey.open_steps]
    return frozenset(name for model, atoms in forks for name in clauses_behind(model, atoms))


def _before_leaving(decision: Decision, planned: Sequence[StintTold]) -> list[Transfer]:
    """The further transfers, without those due by age alone out of a team that the planned journey leaves before."""
    leaves = iso(planned[0].since) if planned and planned[0].since is not None else "9999"
    by_age = {_code(atom, 0) for atom in decision.model.holding_of("by_age_only")}
    return [t for t in decision.further_transfers if t.point not in by_age or (t.on or "") <= leaves]


def _planned_transfers(decision: Decision, planned: Sequence[StintTold]) -> list[Transfer]:
    """Planned moves that are not among the transfers yet."""
    found: list[Transfer] = []
    for stint in planned:
        move = stint.moves[0]
        if move.point is None:
            continue  # a closing is no move at a transfer point
        transfer = Transfer(move.origin, move.to, move.point, "upcoming", iso(stint.since or 0), move.atom)
        known = [t for t in (decision.transfer, *decision.further_transfers) if t is not None]
        if not any((t.origin, t.to, t.point) == (transfer.origin, transfer.to, transfer.point) for t in known):
            found.append(transfer)
    return found


def read_decision(model: Model, case: Case) -> Decision:
    """The decision that a model contains."""
    status = _code(model.holding_of("status")[0], 0)
    told = [_transfer(model, atom) for atom in model.holding_of("told")]
    further = [_transfer(model, atom) for atom in model.holding_of("further")]
    responsible = [_code(atom, 0) for atom in model.holding_of("responsible")]
    possible = _codes(model, ("team", "outcome"), "may_hold") if status != "silent" else ()
    return Decision(
        case=case,
        model=model,
        status=status,
        responsible_team=responsible[0] if responsible else None,
        possible_teams=possible,
        missing_facts=_missing(model, status),
        transfer=told[0] if told else None,
        further_transfers=tuple(sorted(further, key=lambda t: (t.on or "9999", t.point, t.to))),
        blocked_by=_codes(model, ("gate",), "blocked_by"),
        unconfirmed_gates=_codes(model, ("gate",), "unconfirmed"),
        deadlines=tuple(_deadlines(model)),
        duties=_codes(model, ("duty",), "duty"),
        attendance=tuple(_tuples(model, "attendance", ("code", "who", "meeting"))),
        co_working=tuple(_tuples(model, "co_working", ("code", "team", "with"))),
        escalate_to=_codes(model, ("escalation",), "escalate_to"),
        findings=_codes(model, ("finding",), "finding"),
    )


def _code(atom: Atom, position: int) -> str:
    term = atom.args[position]
    assert isinstance(term, Constant)
    return str(term.value)


def _day(model: Model, term: Term) -> str | None:
    value = model.conditions.value(term)
    return None if value is None else iso(value)


def _due(model: Model, term: Term) -> str | None:
    """The day of a limit; with its time where the limit has one."""
    moment = model.conditions.value(term.base) if isinstance(term, DayOf) else None
    return _day(model, term) if moment is None else moment_text(Moment(moment))


def _codes(model: Model, kinds: tuple[str, ...], predicate: str) -> tuple[str, ...]:
    """The codes that a predicate holds for, in vocabulary order."""
    found = {_code(atom, 0) for atom in model.holding_of(predicate)}
    order = [code.code for kind in kinds for code in model.program.policy.vocabulary.codes.get(kind, ())]
    return tuple(sorted(found, key=order.index))


def _transfer(model: Model, atom: Atom) -> Transfer:
    origin, to, point, status = (_code(atom, position) for position in range(4))
    dates = [_day(model, found.args[1]) for found in model.holding_of("date_of") if found.args[0] == atom.args[2]]
    return Transfer(origin, to, point, status, min(filter(None, dates), default=None), atom)


def _tuples(model: Model, predicate: str, names: tuple[str, ...]) -> list[dict[str, str]]:
    rows = {tuple(_code(atom, n) for n in range(len(names))) for atom in model.holding_of(predicate)}
    return [dict(zip(names, row)) for row in sorted(rows)]


def _deadlines(model: Model) -> list[dict[str, Any]]:
    kept = {(_code(atom, 0), atom.args[1]): _code(atom, 2) == "yes" for atom in model.holding_of("kept")}
    rows: list[dict[str, Any]] = []
    for atom in model.holding_of("deadline"):
        due = _due(model, atom.args[1])
        if due is not None:
            met = kept.get((_code(atom, 0), atom.args[1]))
            rows.append({"code": _code(atom, 0), "due": due, "day_count": _code(atom, 2), "met": met})
    unique = {tuple(row.items()): row for row in rows}
    return sorted(unique.values(), key=lambda row: (row["due"], row["code"], row["day_count"]))


def _missing(model: Model, status: str) -> tuple[str, ...]:
    """Unknown facts that could change the team, the move, a duty or a co-working."""
    open_atoms: list[Atom] = []
    if status == "unknown":
        open_atoms += model.open_of("holds")
    for atom in model.holding_of("told") + model.holding_of("further"):
        if _code(atom, 3) in ("unknown", "blocked"):
            origin_to_point = atom.args[:3]
            open_atoms += [Atom("route", origin_to_point), Atom("condition_open", origin_to_point)]
    open_atoms += model.open_of("duty") + model.open_of("co_working")
    found = facts_behind(model, open_atoms) | {_code(atom, 0) for atom in model.holding_of("ask")}
    order = list(model.program.policy.vocabulary.facts)
    return tuple(sorted(found, key=order.index))


# The journey as a decision tells it ----------------------------------------------------------------------


def stints(journey: Journey, decision: Decision) -> tuple[StintTold, ...]:
    """The stints up to the day of the answer, oldest first. Where the ways of the journey differ, the stint is open."""
    lines = [_line(branch, journey) for branch in journey.branches]
    shared = _shared(lines)
    told = [StintTold(s.team, s.since, None, s.point, "past", s.moves) for s in shared]
    rest = [line[len(shared) :] for line in lines]
    if any(rest):
        told += _open_stints([line[len(shared) - 1 :] for line in lines] if shared else rest)
    last = told[-1] if told else StintTold(None, None, None, None, "present")
    told = told or [last]
    if decision.status in ("unknown", "conflict"):
        last = replace(last, team=None, point=None, possible_teams=decision.possible_teams, moves=())
    elif decision.status == "silent":
        last = replace(last, team=None, possible_teams=())
    elif decision.responsible_team != last.team:
        here = (decision.responsible_team, last.since)
        led = next((line[-1] for line in lines if (line[-1].team, line[-1].since) == here), last)
        last = replace(last, team=decision.responsible_team, point=led.point, moves=led.moves)
    told[-1] = replace(last, status="present")
    return tuple(replace(s, until=told[n + 1].since if n + 1 < len(told) else None) for n, s in enumerate(told))


def _line(branch: Branch, journey: Journey) -> list[StintTold]:
    """The stints of one way of the journey, without those of no length."""
    first = journey.first
    team = branch.moves[0].origin if branch.moves else branch.stint.team
    found = [StintTold(journey.named(team), None if journey.bounded else first.since, None, None, "past")]
    for move in branch.moves:
        told = StintTold(move.to, move.day, None, move.point, "past", (move,))
        if found[-1].since == move.day and move.day is not None:
            found[-1] = told
        else:
            found.append(told)
    return found


def _shared(lines: Sequence[list[StintTold]]) -> list[StintTold]:
    shared: list[StintTold] = []
    for same in zip(*lines):
        if len({(s.team, s.since, s.point) for s in same}) > 1:
            break
        shared.append(same[0])
    return shared


def _open_stints(lines: Sequence[list[StintTold]]) -> list[StintTold]:
    """The stints after the ways part, open until they agree again."""
    days = sorted({s.since for line in lines for s in line if s.since is not None})
    unknown = any(s.since is None for line in lines for s in line[1:])
    found: list[StintTold] = []
    for day in [*days, *([None] if unknown else [])]:
        here = [_at(line, day) for line in lines]
        teams = tuple(dict.fromkeys(s.team or NOBODY for s in here))
        agreed = len(teams) == 1
        met = [s for s in here if s.since == day]
        told = StintTold(None, day, None, None, "past", (), teams)
        if agreed:
            told = StintTold(teams[0], day, None, met[0].point if met else None, "past", tuple(m for s in met for m in s.moves))
        if not found or (found[-1].team, found[-1].possible_teams) != (told.team, told.possible_teams):
            found.append(told)
    return found[1:] if len(found) > 1 and found[0].team is not None and found[0].since == lines[0][0].since else found


def _at(line: Sequence[StintTold], day: int | None) -> StintTold:
    if day is None:
        return line[-1]
    return [line[0], *(s for s in line[1:] if s.begun_by is not None and s.begun_by <= day)][-1]


def plans(traveller: Traveller, journey: Journey, decision: Decision) -> tuple[StintTold, ...]:
    """The stints that booked or foreseeable days lead to, by the same step (law 11)."""
    if decision.status != "decided" or decision.branch is None or len(journey.answers) > 1:
        return ()
    found: list[StintTold] = []
    branch, model, after = decision.branch, decision.model, journey.case.as_of
    closing = traveller.planned_closing(journey, branch) if decision.responsible_team != CLOSED else None
    for _ in range(MAX_PLANNED):
        move = _next_planned(model, after)
        if closing is not None and (move is None or (move.day or 0) >= (closing.day or 0)):
            shut = traveller.planned_closing(journey, branch) or closing
            found.append(StintTold(CLOSED, shut.day, None, None, "planned", (shut,)))
            break
        if move is None:
            break
        found.append(StintTold(move.to, move.day, None, move.point, "planned", (move,)))
        branch, model = traveller.planned(journey, branch, move)
        after = move.day or after
    return tuple(replace(s, until=found[n + 1].since if n + 1 < len(found) else None) for n, s in enumerate(found))


MAX_PLANNED = 8


def _next_planned(model: Model, after: int) -> Move | None:
    """The first move due after a day (ordinal); None if there is none or two teams are due on that day."""
    dates = {(_code(a, 0), model.conditions.value(a.args[1])) for a in model.holding_of("date_of")}
    found: list[Move] = []
    for atom in model.holding_of("candidate"):
        origin, to, point, status = (_code(atom, n) for n in range(4))
        days = [day for name, day in dates if name == point and day is not None and day > after]
        if status == "upcoming" and days:
            found.append(Move(origin, to, point, min(days), atom, model))
    first = [m for m in found if m.day == min(m.day or 0 for m in found)]
    return first[0] if len({m.to for m in first}) == 1 else None


def _history(journey: Journey, decision: Decision) -> tuple[Past, ...]:
    """Events before the present episode, and events of an earlier stint that would lead out of the present team."""
    vocabulary, case = journey.vocabulary, journey.case
    wrong = {(m.fact, m.day) for m in journey.episode.misdated}
    episode = decision.branch.episode if decision.branch else journey.episode
    found = [
        Past(name, day)
        for name, value in case.facts.items()
        for day in occurrences(value)
        if vocabulary.facts[name].recurs
        and day <= case.as_of
        and not episode.holds(vocabulary.facts[name], day)
        and (name, day) not in wrong
    ]
    branch, model = decision.branch, decision.model
    used = {fact for fact, _ in branch.stint.used} if branch else set()
    for atom in model.holding_of("had_its_effect"):
        point, on = _code(atom, 0), model.conditions.value(atom.args[1])
        spent = branch is not None and (point, on) in (*branch.stint.spent, *branch.stint.past)
        if on is None or spent or not any(_code(r, 2) == point for r in _routes_now(model)):
            continue
        facts = sorted(journey.facts_of_point.get(point, frozenset()) - used)
        found += [Past(name, on) for name in facts if on in occurrences(case.facts.get(name)) and vocabulary.facts[name].recurs]
    return tuple(sorted(dict.fromkeys(found), key=lambda p: (p.day, p.fact)))


def _routes_now(model: Model) -> list[Atom]:
    """The routes that are certain or open out of the child's team."""
    here = {_code(atom, 0) for atom in model.holding_of("starts_with")}
    return [a for a in [*model.holding_of("route"), *model.open_of("route")] if _code(a, 0) in here]
