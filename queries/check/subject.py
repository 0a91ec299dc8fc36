"""The subject of the checks: a program, the search over its cases, and conclusions in a case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import prod

from kb.carried import AGREEMENT, CLOSED
from kb.case import Case
from kb.engines.forward import Forward
from kb.language.model import Atom, Constant, Rule
from kb.lowering.exceptions import SET_ASIDE
from kb.program import CONTRADICTION, Program
from kb.space.each import Shown
from kb.space.limit import Limit
from kb.space.parts import Classes
from kb.space.search import Goal, Unsettled
from kb.space.writing import fired
from kb.variants import Variants
from queries.check.kept import Kept, Questions
from queries.check.settings import under
from queries.decide import AGREED, Decision
from queries.proof import Claim, Prover
from queries.steps import step_decision

NEVER = -1  # key of an atom that no rule concludes
#: Aims of the search for smallest cases, besides the status. Leaving out other rules makes it several times as fast.
SHOWN = ("holds", "in_place_of", "starts_with", "ready", "closes", "candidate", "needs_a_team", AGREED.predicate)


@dataclass
class Subject:
    """A program under check on one day (`as_of`, an ordinal).

    deep   also consider other settings of readings; takes minutes
    limit  the time that the running check may take
    """

    program: Program
    as_of: int
    deep: bool = False
    limit: Limit = field(default_factory=Limit)

    @cached_property
    def search(self) -> Questions:
        """The search over all cases with all rules."""
        return Questions(self.program, self.as_of, self.kept, self.limit)

    @cached_property
    def showing(self) -> Questions:
        """The search over all cases with only the rules that lead to a team."""
        aims = [self.certain(atom) for predicate in (*SHOWN, "status") for atom in self.atoms(predicate)]
        return Questions(self.program, self.as_of, self.kept, self.limit, aims)

    @cached_property
    def kept(self) -> Kept:
        """The results of earlier searches of this policy."""
        return Kept(self.program)

    @cached_property
    def instances(self) -> dict[int, tuple[int, ...]]:
        """For each rule of the policy, the indices of its plain rules that conclude for certain."""
        found: dict[int, list[int]] = {index: [] for index in self.own_rules}
        for index, rule in enumerate(self.program.halves.rules):
            source = self.program.ground[rule.ground].source
            if rule.certain and source in found:
                found[source].append(index)
        return {source: tuple(indices) for source, indices in found.items()}

    @cached_property
    def rules_for(self) -> dict[str, tuple[int, ...]]:
        """Predicate to the indices of the rules that conclude it."""
        found: dict[str, list[int]] = {}
        for index, rule in enumerate(self.program.rules):
            found.setdefault(rule.head.predicate, []).append(index)
        return {predicate: tuple(indices) for predicate, indices in found.items()}

    @cached_property
    def unconditional(self) -> dict[Atom, set[str]]:
        """Atoms that hold in every case, with the clauses that conclude them."""
        found: dict[Atom, set[str]] = {}
        for rule in self.program.ground:
            if not rule.body:
                found.setdefault(rule.head, set()).update(self.program.rules[rule.source].clauses)
        return found

    @cached_property
    def always_set_aside(self) -> dict[str, set[str]]:
        """For each exception the clauses of which it sets something aside whatever the case."""
        found: dict[str, set[str]] = {}
        for atom, clauses in self.unconditional.items():
            for clause in clauses if atom.predicate == SET_ASIDE else ():
                found.setdefault(clause, set()).add(str(atom.args[0]))
        return found

    @cached_property
    def own_rules(self) -> tuple[int, ...]:
        """Indices of the policy's own rules in file order, without shared rules and without copies made for exceptions."""
        clauses = self.program.policy.clauses
        written = {id(rule.position) for rule in self.program.policy.rules}
        own = [
            index
            for index, rule in enumerate(self.program.rules)
            if not clauses[rule.clause].house
            and rule.head.predicate not in (SET_ASIDE, CONTRADICTION)  # contradictory cases are excluded, so these never fire
            and id(rule.position) in written
        ]
        at = [rule.position for rule in self.program.rules]
        return tuple(sorted(own, key=lambda n: (at[n].file, at[n].line, at[n].column)))

    @cached_property
    def variants(self) -> Variants:
        return Variants(self.program.policy)

    @cached_property
    def moves(self) -> dict[tuple[str, str, str], int]:
        """The moves (from, to, point) that some case makes by a clause, each with the key of its being made.

        Moves by an agreement of the managers are left out. Errors: `Unsettled`.
        """
        by_move: dict[tuple[str, str, str], list[int]] = {}
        for atom in self.atoms("moved"):
            origin, to, point = (code(atom, n) for n in range(3))
            if point != AGREEMENT:
                by_move.setdefault((origin, to, point), []).append(self.certain(atom))
        keys = {move: self.search.any_of(made) for move, made in by_move.items()}
        held, given_up = self.search.can_hold(keys.values())
        if given_up:
            raise Unsettled
        return {move: key for move, key in keys.items() if key in held}

    @cached_property
    def working_teams(self) -> tuple[str, ...]:
        """The teams that may work with a child: no front door, none that never holds a child, none elsewhere."""
        others = {code(atom) for name in ("front_door", "never_holds", "outside") for atom in self.atoms(name)}
        teams = self.program.policy.vocabulary.codes.get("team", ())
        return tuple(team.code for team in teams if team.code not in others)

    def reached_from(self, team: str) -> set[str]:
        """The teams to which some chain of moves leads from a team."""
        found: set[str] = set()
        waiting = [team]
        while waiting:
            at = waiting.pop()
            onwards = {to for origin, to, _ in self.moves if origin == at} - found
            found |= onwards
            waiting += onwards
        return found

    def moving(self, moves: Iterable[tuple[str, str, str]]) -> tuple[str, ...]:
        """The policy's clauses whose rules conclude the routes of some moves, in document order."""
        asked = set(moves)
        found = (atom for atom in self.atoms("route") if (code(atom), code(atom, 1), code(atom, 2)) in asked)
        return self.own(name for atom in found for i in self.program.by_head[atom] for name in self.rule_of(i).clauses)

    def under(self, changes: Mapping[str, str]) -> Program:
        """The same policy with some readings changed."""
        return under(self.program, changes, lambda wanted: self.variants.read_as(wanted))

    @property
    def cases(self) -> int:
        """Number of cases by classes of values, without the orders of dates."""
        classes = self.classes
        return prod(1 + prod(len(classes.of[part]) for part in classes.parts(fact)) for fact in classes.facts)

    @cached_property
    def classes(self) -> Classes:
        """The facts that some condition of the program asks, with their classes of values."""
        halves = self.program.halves
        return Classes(self.program.policy.vocabulary, [halves.atoms[n] for n in halves.conditions], self.as_of)

    def certain(self, atom: Atom) -> int:
        """The key of an atom being certain, for use in goals; `NEVER` if no rule concludes it."""
        number = self.program.halves.numbers.get(atom)
        return NEVER if number is None else self.program.halves.certain(number)

    def atoms(self, predicate: str) -> list[Atom]:
        """All atoms of a predicate that may be concluded, in vocabulary order."""
        found = [atom for atom, _, _ in self.program.by_predicate.get(predicate, ())]
        return sorted(found, key=lambda atom: [(self._listed.get(str(arg), 0), str(arg)) for arg in atom.args])

    @cached_property
    def _listed(self) -> dict[str, int]:
        codes = self.program.policy.vocabulary.codes
        teams_first = [codes.get("team", ()), *codes.values()]
        return {entry.code: -number for number, entry in enumerate(reversed([entry for part in teams_first for entry in part]))}

    @cached_property
    def on_one_day(self) -> dict[int, bool]:
        """Goal: the stint began on the day itself, and no event is undated."""
        return {self.showing.begun_today: True, self.showing.undated: False}

    @property
    def agreed(self) -> int:
        """The key of a case depending on an agreement of managers."""
        return self.certain(AGREED)

    def show_each(
        self, goals: Sequence[Goal], ways: Sequence[Goal] = (), search: Questions | None = None, as_record: bool = True
    ) -> list[Shown]:
        """For each goal the smallest case that meets it; None is a proof that there is none.

        What a reader believes comes first: no case that depends on an agreement of managers, has an event without its day or
        starts closed or with a team that never holds a child and, with `as_record`, none in which something came before.

        ways    additional goals, most wanted first
        search  defaults to `showing`
        """
        used = search or self.showing
        idle = (Constant(CLOSED), *(atom.args[0] for atom in self.atoms("never_holds")))
        nowhere = {self.certain(Atom("starts_with", (team,))): False for team in idle}
        plain = {self.agreed: False, used.undated: False, **nowhere}
        first = {used.came_before: False}
        records = [{**way, **first, **more} for way in (*ways, {}) for more in (plain, {})] if as_record else []
        wanted = [*records, *({**way, **more} for way in ways for more in (plain, {})), plain]
        return used.smallest_of_each(goals, wanted)

    @cached_property
    def firing(self) -> dict[int, tuple[bool | None, bool | None]]:
        """For each rule of the policy: does it fire in some case, and is it the only rule for its conclusion in some case?

        None where that is not settled.
        """
        plain = self.program.halves.rules
        for_head: dict[int, list[int]] = {}
        for index, rule in enumerate(plain):
            if rule.certain:
                for_head.setdefault(rule.head, []).append(index)
        keys: dict[int, tuple[int, int]] = {}
        for source, rules in self.instances.items():
            written = {plain[index].ground for index in rules}
            alone = [  # an instance fires and no other rule for its head does
                {fired(i): True}
                | {fired(other): False for other in for_head[plain[i].head] if plain[other].ground not in written}
                for i in rules
            ]
            keys[source] = self.search.any_of(map(fired, rules)), self.search.either(alone)
        held, given_up = self.search.can_hold(key for pair in keys.values() for key in pair)

        def settled(key: int) -> bool | None:
            return None if key in given_up else key in held

        return {source: (settled(fires), settled(alone)) for source, (fires, alone) in keys.items()}

    def decide(self, case: Case) -> Decision:
        """The answer of a found step, by the forward engine; `replay` also checks it with pyDatalog."""
        return step_decision(self.program, case, Forward())

    def team(self, code: str) -> str:
        vocabulary = self.program.policy.vocabulary
        return next((vocabulary.label(kind, code) for kind in ("team", "outcome", "body") if vocabulary.has(kind, code)), code)

    def clauses_behind(self, decision: Decision, claims: Iterable[Claim]) -> tuple[str, ...]:
        """The policy's clauses in the smallest proofs of some claims, in document order.

        Negative premises are not followed.
        """
        prover = Prover(decision.model)
        waiting, seen, used = list(claims), set[Claim](), set[str]()
        while waiting:
            claim = waiting.pop()
            step = prover.step(claim) if claim.affirms and claim not in seen else None
            seen.add(claim)
            if step is not None and step.rule is not None:
                used.update(self.rule_of(step.rule).clauses)
                for given in self.program.ground[step.rule].given:
                    used |= self.unconditional.get(given.atom, set()) if given.binds else set()
                waiting += step.premises
        return self.own(used)

    def own(self, clauses: Iterable[str]) -> tuple[str, ...]:
        """Those clauses that are the policy's own, in document order."""
        known = self.program.policy.clauses
        return tuple(sorted({c for c in clauses if not known[c].house}, key=lambda c: (known[c].lines, c)))

    def rule_of(self, ground: int) -> Rule:
        return self.program.rules[self.program.ground[ground].source]


def code(atom: Atom, position: int = 0) -> str:
    """The code at a position of an atom."""
    term = atom.args[position]
    assert isinstance(term, Constant)
    return str(term.value)


def example(case: Case, number: int, check: str) -> Case:
    """A found case with the id `CHECK-NUMBER`."""
    return replace(case, case_id=f"{check}-{number}")


def names(found: Sequence[str], joiner: str = "and") -> str:
    """Names as `A, B and C`."""
    return "".join(found) if len(found) < 2 else f"{', '.join(found[:-1])} {joiner} {found[-1]}"
