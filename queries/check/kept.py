"""Results of the searches of `whichteam check`, kept between two runs by the content of what they rest on.

A result is found again under a hash of all rules and conditions that the question depends on (its cone), and of what every
search depends on: the vocabulary, the day, the records that contradict themselves, the moves of the policy, what is asked
of the facts that a journey carries, and the code. So an edit of a clause leaves the results that the clause does not bear on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from kb.cache import digest_of_code, recall, store
from kb.carried import AGREED_LATER, CAME_AT, CAME_FROM, CLOSED, HOLDER, POINTS_PAST, STINT_FROM
from kb.case import Case, Day, Moment
from kb.lowering.halves import HalfProgram
from kb.program import CONTRADICTION, Program
from kb.space.each import Shown, can_hold, smallest_of_each
from kb.space.limit import Limit
from kb.space.search import Goal, Search, Unsettled
from kb.space.writing import FIRED
from queries.check.finding import Finding

CARRIED = frozenset((HOLDER, STINT_FROM, CAME_FROM, CAME_AT, AGREED_LATER, POINTS_PAST, CLOSED))
MADE = -(1 << 40)  # keys below it stand for what a question combines
#: Conclusions that no answer about a team or a move rests on, unless another rule asks for them.
ONLY_TOLD = frozenset(
    (
        *("duty", "attendance", "co_working", "finding", "ask", "limit", "limit_at", "limit_in_days", "deadline", "superseded"),
        *("kept", "in_time", "late", "undone", "maybe_done"),
    )
)
_Entries = tuple[tuple[str, str], ...]


class Kept:
    """The results of the last run of the checks of one policy; `save` keeps those that this run used or found."""

    def __init__(self, program: Program):
        self.name = f"checks of {program.policy.code} {digest_of_code(Path(__file__).parents[1])}"
        self.program = program
        self.used: dict[str, Any] = {}
        self.is_new = False

    @cached_property
    def cones(self) -> Cones:
        return cones(self.program.halves)

    @cached_property
    def before(self) -> dict[str, str]:
        return dict(recall(self.name, _Entries) or ())

    def value(self, key: str, make: Callable[[], Any], stands: Callable[[Any], bool] = lambda value: True) -> Any:
        """The value kept under `key` if it stands, else that of `make`. Errors: those of `make`; nothing is kept then."""
        if not self.known(key, stands):
            self.used[key] = make()
            self.is_new = True
        return self.used[key]

    def known(self, key: str, stands: Callable[[Any], bool] = lambda value: True) -> bool:
        """Whether a value is kept under `key` that stands."""
        if key not in self.used and key in self.before:
            kept = _read(json.loads(self.before[key]))
            if stands(kept):
                self.used[key] = kept
        return key in self.used

    def save(self) -> None:
        if self.is_new or set(self.before) != set(self.used):
            store(self.name, _Entries, tuple((key, json.dumps(_plain(value))) for key, value in self.used.items()))


class Questions:
    """A search that is made only where some question has no kept result. It has those methods of `Search` that checks use.

    aims  as for `Search`
    """

    def __init__(self, program: Program, as_of: int, kept: Kept, limit: Limit, aims: Sequence[int] | None = None):
        self.program, self.as_of, self.kept, self.limit, self.aims = program, as_of, kept, limit, aims
        self.cones = kept.cones
        self._made: list[tuple[str, Callable[[], int]]] = []
        self._real: dict[int, int] = {}

    @cached_property
    def search(self) -> Search:
        return Search(self.program, self.as_of, self.aims, limit=self.limit)

    @cached_property
    def halves(self) -> HalfProgram:
        """The rules that are searched."""
        halves = self.program.halves
        return halves if self.aims is None else halves.about(key for key in self.aims if key < FIRED)

    @cached_property
    def _asked(self) -> Mapping[str, Sequence[str]]:
        """For each fact what the rules ask of it. They part its values, so a case that records it rests on them."""
        calculated = self.program.policy.vocabulary.calculated
        found: dict[str, list[str]] = {}
        for number in self.halves.conditions:
            for name in self.halves.looked_up.needs[number]:
                fact = calculated[name].source if name in calculated else name
                found.setdefault(fact, []).append(str(self.halves.atoms[number]))
        return found

    def _values_of(self, cases: Iterable[Shown]) -> str:
        """The hash of what the rules ask of the facts of some cases."""
        facts = {fact for case in cases if isinstance(case, Case) for fact in case.facts}
        return _hash(*sorted({asked for fact in facts for asked in self._asked.get(fact, ())}))

    @cached_property
    def common(self) -> str:
        """The hash of what every result rests on."""
        program, halves = self.program, self.halves
        asked = sorted(str(halves.atoms[n]) for n in halves.conditions if halves.looked_up.needs[n] & CARRIED)
        impossible = sorted(self.cones.of[half] for _, *both in program.by_predicate.get(CONTRADICTION, ()) for half in both)
        moves = sorted(str(atom) for atom, _, _ in program.by_predicate.get("moved", ()))
        return _hash(repr(program.policy.vocabulary), str(self.as_of), *asked, "/", *impossible, "/", *moves)

    # keys

    def any_of(self, keys: Iterable[int]) -> int:
        """As `Search.any_of`."""
        return self.either({key: True} for key in keys)

    def either(self, goals: Iterable[Goal]) -> int:
        """As `Search.either`."""
        listed = [dict(goal) for goal in goals]
        return self._new(
            _hash("either", *map(self._goal, listed)), lambda: self.search.either([self._in_search(g) for g in listed])
        )

    @cached_property
    def undated(self) -> int:
        """As `Search.undated`."""
        return self._new("undated", lambda: self.search.undated)

    @cached_property
    def came_before(self) -> int:
        """As `Search.came_before`."""
        return self._new("came before", lambda: self.search.came_before)

    @cached_property
    def begun_today(self) -> int:
        """A key that holds if the stint began on the day itself."""
        return self._new("begun today", lambda: self.search.where(STINT_FROM, lambda found: found.low == self.as_of))

    def recorded_as(self, fact: str, value: bool | str) -> int:
        """A key that holds if a fact is recorded with a value."""
        halves = self.program.halves
        asked = sorted(str(halves.atoms[n]) for n in halves.looked_up.by_fact.get(fact, ()))  # they part the fact's values
        content = _hash("recorded", fact, repr(value), *asked)
        return self._new(content, lambda: self.search.where(fact, lambda found: found.holds(value)))

    def _new(self, content: str, make: Callable[[], int]) -> int:
        self._made.append((content, make))
        return MADE - len(self._made)

    def _content(self, key: int) -> str:
        """The hash of what a key means."""
        if key <= MADE:
            return self._made[MADE - key - 1][0]
        if key >= FIRED:
            return "fired " + self.cones.rules[key - FIRED]
        return self.cones.of.get(key, f"key {key}")

    def _goal(self, goal: Goal) -> str:
        return _hash(*sorted(f"{self._content(key)} {wanted}" for key, wanted in goal.items()))

    def _key(self, key: int) -> int:
        """The key of the search itself."""
        if key > MADE:
            return key
        if key not in self._real:
            self._real[key] = self._made[MADE - key - 1][1]()
        return self._real[key]

    def _in_search(self, goal: Goal) -> Goal:
        return {self._key(key): wanted for key, wanted in goal.items()}

    def place_of_record(self, finding: Finding) -> str:
        """The place of the record found for a step. It rests on what is claimed, and on all rules but those only told."""
        claimed = [
            self.cones.of[half]
            for predicate, *codes in finding.claims
            for atom, *both in self.program.by_predicate.get(predicate, ())
            if [str(arg) for arg in atom.args[: len(codes)]] == codes
            for half in both
        ]
        shown = json.dumps(_plain((finding.case, finding.claims, finding.answer, finding.weight)))
        return _hash(self.common, "record", shown, *claimed, self._without_the_told)

    @cached_property
    def _without_the_told(self) -> str:
        """The hash of all rules but those whose conclusions are only told."""
        told = {n for n, atom in enumerate(self.program.halves.atoms) if atom.predicate in ONLY_TOLD}
        return _hash(
            *sorted(self.cones.rules[i] for i, rule in enumerate(self.program.halves.rules) if rule.head // 2 not in told)
        )

    def place(self, what: str, halves: Iterable[int]) -> str:
        """The place of a result that rests on these halves and is found by another search."""
        return _hash(self.common, what, *map(self._content, halves))

    def _place(self, what: str, *goals: Goal) -> str:
        return _hash(self.common, what, *map(self._goal, goals))

    # questions

    def possible(self, goal: Goal) -> bool:
        """As `Search.possible`. Errors: `Unsettled`."""
        return bool(self.kept.value(self._place("possible", goal), lambda: self.search.possible(self._in_search(goal))))

    def all_smallest(self, goal: Goal, most: int) -> list[Case]:
        """As `Search.all_smallest`. Errors: `Unsettled`."""
        found = self._cases(self._place(f"smallest {most}", goal), lambda: self.search.all_smallest(self._in_search(goal), most))
        return [case for case in found if isinstance(case, Case)]

    def _cases(self, place: str, make: Callable[[], Iterable[Shown]]) -> tuple[Shown, ...]:
        """The cases kept at a place if the rules still ask the same of their facts, else new ones."""

        def made() -> tuple[tuple[Shown, ...], str]:
            cases = tuple(make())
            return cases, self._values_of(cases)

        cases: tuple[Shown, ...] = self.kept.value(place, made, self._stand)[0]
        return cases

    def _stand(self, kept: tuple[tuple[Shown, ...], str]) -> bool:
        return self._values_of(kept[0]) == kept[1]

    def can_hold(self, keys: Iterable[int]) -> tuple[frozenset[int], frozenset[int]]:
        """As `each.can_hold`."""
        places = {key: self._place("holds", {key: True}) for key in keys}
        new = {self._key(key): key for key, place in places.items() if not self.kept.known(place)}
        given_up: frozenset[int] = frozenset()
        if new:
            held, not_settled = can_hold(self.search, new)
            given_up = frozenset(new[key] for key in not_settled)
            for real, key in new.items():
                if key not in given_up:
                    self.kept.value(places[key], lambda real=real: real in held)  # type: ignore[misc]
        return frozenset(k for k, p in places.items() if k not in given_up and self.kept.value(p, bool)), given_up

    def smallest_of_each(self, goals: Sequence[Goal], ways: Sequence[Goal]) -> list[Shown]:
        """As `each.smallest_of_each`."""
        places = [self._place("each", goal, *ways) for goal in goals]
        new = [n for n, place in enumerate(places) if not self.kept.known(place, self._stand)]
        shown: dict[int, Shown] = {}
        if new:
            wishes = [self._in_search(way) for way in ways]
            shown = dict(zip(new, smallest_of_each(self.search, [self._in_search(goals[n]) for n in new], wishes)))
        for n, place in enumerate(places):
            if not isinstance(shown.get(n), Unsettled):
                (shown[n],) = self._cases(place, lambda n=n: (shown[n],))  # type: ignore[misc]
        return [shown[n] for n in range(len(places))]


@dataclass(frozen=True)
class Cones:
    """For each half the hash of all rules and conditions under it (`of`), and for each plain rule that of its own (`rules`)."""

    of: Mapping[int, str]
    rules: Sequence[str]


def cones(halves: HalfProgram) -> Cones:
    """The cones of a program. In one whose rules go in circles all of it is one cone, so that an edit leaves nothing."""
    names = list(map(str, halves.atoms))
    if len(set(names)) < len(names):
        names = list(map(repr, halves.atoms))
    whole = ""
    if halves.circular:
        whole = _hash(*(f"{names[r.head // 2]} {r.head} {r.positive} {r.negative}" for r in halves.rules), *names)
    of: dict[int, str] = {}
    rules: list[str] = []
    under: dict[int, list[str]] = {}

    def content(half: int) -> str:
        if half not in of:
            kind = "asked" if half // 2 in halves.leaves else "concluded"
            of[half] = _hash(whole, kind, names[half // 2], str(half % 2), *sorted(under.get(half, ())))
        return of[half]

    for number, rule in enumerate(halves.rules):  # in an order in which each head comes after what it needs
        needed = () if whole else (*sorted(map(content, rule.positive)), "not", *sorted(map(content, rule.negative)))
        rules.append(_hash(whole, str(number) if whole else "", names[rule.head // 2], str(rule.head % 2), *needed))
        under.setdefault(rule.head, []).append(rules[number])
    return Cones({half: content(half) for n in range(len(names)) for half in (2 * n, 2 * n + 1)}, rules)


def _hash(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()


# values as JSON


def _plain(value: Any) -> Any:
    """A result as JSON: cases, and tuples of what a case may hold. Errors: `TypeError` for anything else."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, Case):
        facts = [[name, _plain(part)] for name, part in value.facts.items()]
        return {"case": [value.case_id, value.policy, value.as_of, facts, value.recorded_on, sorted(value.assumed)]}
    if isinstance(value, Day):
        return {"day": value.number}
    if isinstance(value, Moment):
        return {"moment": value.minutes}
    if isinstance(value, (tuple, list)):
        return {"tuple" if isinstance(value, tuple) else "list": [_plain(part) for part in value]}
    if isinstance(value, dict):
        return {"dict": [[name, _plain(part)] for name, part in value.items()]}
    if isinstance(value, frozenset):
        return {"set": sorted(_plain(part) for part in value)}
    raise TypeError(f"{type(value).__name__} can't be kept")


def _read(plain: Any) -> Any:
    """The result that `_plain` wrote."""
    if not isinstance(plain, dict):
        return plain
    ((kind, inside),) = plain.items()
    if kind == "case":
        case_id, policy, as_of, facts, recorded_on, assumed = inside
        return Case(case_id, policy, as_of, {name: _read(part) for name, part in facts}, recorded_on, frozenset(assumed))
    if kind == "dict":
        return {name: _read(part) for name, part in inside}
    made: dict[str, Callable[[Any], Any]] = {"day": Day, "moment": Moment, "tuple": tuple, "list": list, "set": frozenset}
    return made[kind](map(_read, inside) if isinstance(inside, list) else inside)
