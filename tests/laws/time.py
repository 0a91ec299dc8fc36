"""The laws of time, each as a function from a record to its violation: empty if it holds, None if it does not apply.

Docstrings elsewhere cite them by their numbers in `LAWS`; `docs/decisions/03-day-by-day.md` has the reasons.
`tests/laws/test_time.py` tests them on a sample, `benchmarks/laws_of_time.py` on thousands of records.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from kb.as_at import Seen, as_at
from kb.case import Case, Day, occurrences
from kb.dates import iso
from kb.engines.interface import Engine
from kb.episode import closings
from kb.program import Program
from kb.timing import facts_in
from queries.decide import Decision, decide
from queries.journey import Journey, Traveller
from queries.missing import facts_behind
from tests.laws.histories import asked_for, with_facts, without, without_day, without_time_after


@dataclass(frozen=True)
class Bench:
    """What a law is tried with: a program, an engine for all steps, and a random generator."""

    program: Program
    engine: Engine
    draw: Random

    def decide(self, case: Case) -> Decision:
        return decide(self.program, case, self.engine)

    def journey(self, case: Case) -> Journey:
        return self.traveller.journey(case)

    @property
    def traveller(self) -> Traveller:
        return Traveller(self.program, self.engine, self.engine)

    def some_day(self, case: Case) -> int:
        """A random day on or next to a date of the record, up to the day of the record."""
        days = {d + n for value in case.facts.values() for d in occurrences(value) for n in (-1, 0, 1)}
        return self.draw.choice(sorted(d for d in {*days, case.as_of} if d <= case.record_day))


Broken = list[str] | None
Law = Callable[[Bench, Case], Broken]


def _without_checks(bench: Bench, case: Case) -> Case:
    """The record without undated gates, which belong to the last move only (law 6). Other laws leave them out."""
    facts = bench.program.policy.vocabulary.facts
    return without(case, *(name for name in case.facts if facts[name].time == "gate" and not facts[name].of))


def _answer_text(decision: Decision) -> str:
    return f"{decision.status} {decision.responsible_team} {decision.possible_teams}"


def as_at_the_day(bench: Bench, case: Case) -> Broken:
    """Law 1: the answer for a day depends only on what had happened by then, on plans, and on undated facts."""
    vocabulary, day = bench.program.policy.vocabulary, bench.some_day(case)
    journey = bench.journey(case)
    stint, episode = journey.first, journey.episode
    now = as_at(case, day, stint, episode, vocabulary, Seen())
    early = as_at(without_time_after(case, day, vocabulary), day, stint, episode, vocabulary, Seen())
    broken = [
        f"{name} is dated {iso(d)} on {iso(day)}"
        for name, value in now.facts.items()
        if vocabulary.facts[name].recurs
        for d in occurrences(value)
        if day < d <= case.record_day
    ]
    carried = {name for name, fact in vocabulary.facts.items() if fact.time == "step" or fact.part == "during"}
    for name in {*now.facts, *early.facts} - carried:
        mine, other = now.facts.get(name), early.facts.get(name)
        if mine != other and not (mine is False and other is None):
            broken.append(f"{name} on {iso(day)} is {mine}, and {other} without what came later")
    return broken


def history_stands(bench: Bench, case: Case) -> Broken:
    """Law 2: a fact dated after a day never changes who held the child on that day."""
    case = _without_checks(bench, case)
    since = occurrences(case.facts.get("with_team_since"))
    day = bench.some_day(case)
    if not since or day < since[0]:
        return None
    whole = bench.decide(asked_for(case, day))
    then = bench.decide(asked_for(without_time_after(case, day, bench.program.policy.vocabulary), day))
    if not whole.status == then.status == "decided":
        return None
    if whole.responsible_team != then.responsible_team:
        return [f"on {iso(day)}: {_answer_text(whole)}; without what came later: {_answer_text(then)}"]
    return []


def chain(bench: Bench, case: Case) -> Broken:
    """Law 3: with an intermediate holder and its first day put on record, the answer stays the same."""
    case = _without_checks(bench, case)
    whole = bench.decide(case)
    here = next((s for s in whole.journey if s.status == "present"), None)
    vocabulary = bench.program.policy.vocabulary
    if here is None or here.since is None or here.team is None or not vocabulary.has("team", here.team) or len(here.moves) != 1:
        return None
    if here.team in bench.traveller.timing.front_doors or whole.branch is None or here.team != whole.branch.stint.team:
        return None
    again = bench.decide(with_facts(case, team_on_record=here.team, with_team_since=Day(here.since)))
    return (
        [f"{_answer_text(whole)}, and from {here.team} since {iso(here.since)}: {_answer_text(again)}"]
        if _answer_text(again) != _answer_text(whole)
        else []
    )


def one_way_out(bench: Bench, case: Case) -> Broken:
    """Law 4: each occurrence moves the child at most once, and one from an earlier stint only if its effect lasts."""
    vocabulary = bench.program.policy.vocabulary
    lasting = {str(atom.args[0]) for atom in bench.program.always("lasts")}
    broken: list[str] = []
    branches = bench.journey(case).branches
    if not any(branch.moves for branch in branches):
        return None
    for branch in branches:
        used: set[tuple[str, int]] = set()
        since: int | None = None
        for move in branch.moves:
            on = move.step.conditions.value(move.atom.args[-1]) if move.point is not None else None
            for fact in facts_in(move.atom.args[3]) if move.point is not None else ():
                if on is not None and bench.program.policy.vocabulary.facts[fact].recurs:
                    if (fact, on) in used:
                        broken.append(f"{fact} of {iso(on)} moves twice")
                    used.add((fact, on))
            enters = move.point is not None and any(vocabulary.facts[f].episode for f in facts_in(move.atom.args[3]))
            if on is not None and since is not None and on < since and move.point not in lasting and not enters:
                broken.append(f"{move.point} of {iso(on)} moves the child who came only on {iso(since)}")
            since = move.day if move.day is not None else since
    return broken


def first_day(bench: Bench, case: Case) -> Broken:
    """Law 6: a move is made on the first day on which its conditions hold, whatever later day is asked about."""
    case = _without_checks(bench, case)
    day = bench.some_day(case)
    if day > case.as_of:
        return None
    now, then = bench.journey(case), bench.journey(asked_for(case, day))
    if len(now.branches) > 1 or len(then.branches) > 1 or (now.first, now.episode) != (then.first, then.episode):
        return None
    if not now.branches[0].moves:
        return None
    mine = [(m.to, m.point, m.day) for m in now.branches[0].moves if m.day is not None and m.day <= day]
    other = [(m.to, m.point, m.day) for m in then.branches[0].moves if m.day is not None]
    if mine == other or bench.decide(asked_for(case, day)).status == "unknown":
        return []  # on an earlier day, what is recorded without a day may not have happened yet (law 8)
    return [f"by {iso(day)}: {mine}, asked on that day: {other}"]


def circles_end(bench: Bench, case: Case) -> Broken:
    """Law 7: the moves of one day end."""
    journey = bench.journey(case)
    if not any(branch.moves for branch in journey.branches):
        return None
    return [f"the moves of one day do not end: {[m.to for m in journey.circle]}"] if journey.circle else []


def undated_is_not_past(bench: Bench, case: Case) -> Broken:
    """Law 8: an event without a known day moves nobody before the day of the record, and its move has no day."""
    facts = bench.program.policy.vocabulary.facts
    undated = [name for name, value in case.facts.items() if value is True and facts[name].recurs]
    day = bench.some_day(case)
    if not undated:
        return None
    broken: list[str] = []
    if day < case.record_day:
        mine, other = bench.decide(asked_for(case, day)), bench.decide(asked_for(without(case, *undated), day))
        if mine.status == other.status == "decided" and mine.responsible_team != other.responsible_team:
            broken.append(f"on {iso(day)}: {_answer_text(mine)}; without {undated}: {_answer_text(other)}")
    for branch in bench.journey(case).branches:
        for move in branch.moves:
            on = move.step.conditions.value(move.atom.args[-1])
            if on is None and move.day is not None and move.point is not None:
                broken.append(f"the move at {move.point} is of {move.day}, its event of {on}")
    return broken


def wrong_dates_move_nobody(bench: Bench, case: Case) -> Broken:
    """Law 9: an event whose day can't be right moves nobody, and both dates are asked for."""
    decision = bench.decide(case)
    wrong = {(m.fact, m.day) for m in decision.misdated}
    if not wrong:
        return None
    moved = {
        (fact, move.step.conditions.value(move.atom.args[3]))
        for stint in decision.journey
        if stint.status != "planned"
        for move in stint.moves
        if move.point is not None
        for fact in facts_in(move.atom.args[3])
    }
    asked = {name for m in decision.misdated for name in (m.fact, m.presupposes)}
    return [f"{fact} of {day} is wrong and moves" for fact, day in wrong & moved] + [
        f"{name} is not asked" for name in sorted(asked - set(decision.missing_facts))
    ]


def every_way_is_carried(bench: Bench, case: Case) -> Broken:
    """Law 10: filling in an unrecorded fact that the holder depends on gives a team that was possible before.

    Other unrecorded facts can be asked for too, although the answer takes them as not so: what starts a rare route, and
    the defaults of readings. Recording them may move the child (`kb/house/2_events.dl`).
    """
    decision, journey = bench.decide(case), bench.journey(case)
    vocabulary = bench.program.policy.vocabulary
    at_forks = (name for model, atoms in journey.open_steps for name in facts_behind(model, atoms))
    depends = {*decision.hangs_on, *journey.asks, *at_forks}
    blanks = [n for n in sorted(depends) if vocabulary.facts[n].type in ("bool", "enum") and n not in case.facts]
    if decision.status not in ("unknown", "decided") or not blanks:
        return None
    broken: list[str] = []
    for name in bench.draw.sample(blanks, min(len(blanks), 4)):
        fact = vocabulary.facts[name]
        for value in (True, False) if fact.type == "bool" else fact.values:
            filled = bench.decide(with_facts(case, **{name: value}))
            if filled.responsible_team is not None and filled.responsible_team not in decision.possible_teams:
                broken.append(f"{name} = {value}: {_answer_text(filled)}, before: {_answer_text(decision)}")
    return broken


def plans_move_nobody(bench: Bench, case: Case) -> Broken:
    """Law 11: events dated after the record don't change the holder, and planned stints begin after the day."""
    facts = bench.program.policy.vocabulary.facts
    decision = bench.decide(case)
    broken = [
        f"a planned stint begins on {iso(s.since or 0)}"
        for s in decision.journey
        if s.status == "planned" and (s.since or 0) <= case.as_of
    ]
    ahead = {
        name: kept
        for name, value in case.facts.items()
        if facts[name].recurs and (days := occurrences(value)) and days[-1] > case.record_day
        for kept in [tuple(Day(d) for d in days if d <= case.record_day)]
    }
    if not ahead and not any(s.status == "planned" for s in decision.journey):
        return None
    past = {name: kept if len(kept) > 1 else kept[0] for name, kept in ahead.items() if kept}
    outcomes = [name for name in case.facts if facts[name].of in ahead.keys() - past.keys()]
    other = bench.decide(with_facts(without(case, *ahead, *outcomes), **past))
    if decision.status == other.status == "decided" and decision.responsible_team != other.responsible_team:
        broken.append(f"with plans {_answer_text(decision)}, without {_answer_text(other)}")
    return broken


def before_the_record(bench: Bench, case: Case) -> Broken:
    """Law 12: the answer for a day before the stint on record does not depend on the team on record."""
    since = occurrences(case.facts.get("with_team_since"))
    vocabulary = bench.program.policy.vocabulary
    if not since or since[0] > case.as_of:
        return None
    day = since[0] - bench.draw.choice((1, 5, 50))
    teams = [code.code for code in vocabulary.codes["team"]]
    answers = {
        _answer_text(bench.decide(asked_for(with_facts(case, team_on_record=team), day)))
        for team in bench.draw.sample(teams, min(2, len(teams)))
    }
    return [f"on {iso(day)}: {sorted(answers)}"] if len(answers) > 1 else []


def clocks_run_on(bench: Bench, case: Case) -> Broken:
    """Law 5: a change of team does not end a running deadline. What else happened on the day of the move is left out."""
    case = _without_checks(bench, case)
    decision = bench.decide(case)
    if len(decision.journey) < 2 or decision.status != "decided" or closings(case, bench.program.policy.vocabulary):
        return None
    here = next(s for s in decision.journey if s.status == "present")
    if here.since is None or here.team is None or not bench.program.policy.vocabulary.has("team", here.team) or not here.moves:
        return None
    moving = {fact for move in here.moves if move.point is not None for fact in facts_in(move.atom.args[3])}
    case = without_day(case, here.since, moving, bench.program.policy.vocabulary)
    before, after = bench.decide(asked_for(case, here.since - 1)), bench.decide(asked_for(case, here.since))
    if after.responsible_team != here.team or before.responsible_team == here.team:
        return None
    running = {(d["code"], d["due"]) for d in before.deadlines if d["met"] is None and d["due"] >= iso(here.since)}
    kept = {(d["code"], d["due"]) for d in after.deadlines}
    return [f"{code} {due} ends with the move to {here.team} on {iso(here.since)}" for code, due in sorted(running - kept)]


LAWS: dict[str, Law] = {
    "1 as at the day": as_at_the_day,
    "2 history stands": history_stands,
    "3 chain": chain,
    "4 one stint, one way out": one_way_out,
    "5 clocks run on": clocks_run_on,
    "6 when all is in place": first_day,
    "7 circles end": circles_end,
    "8 undated is not past": undated_is_not_past,
    "9 order is evidence": wrong_dates_move_nobody,
    "10 unknown in the middle": every_way_is_carried,
    "11 plans": plans_move_nobody,
    "12 before the record": before_the_record,
}
