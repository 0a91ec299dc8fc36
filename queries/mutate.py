"""Mutation test of a policy: what each small change to its rules does to examples and answers.

A change that no case notices is given to the search: either it is proved equivalent, or there is a smallest case
that would notice it. Source: DeMillo, Lipton and Sayward, "Hints on test data selection", 1978.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from kb.case import Case, case_document, make_case
from kb.engines.forward import Forward
from kb.errors import InputError
from kb.policy import Policy
from kb.program import Program
from kb.variants import Changed, Variants
from queries.answer_rows import changed_kinds
from queries.compare import difference
from queries.decide import Decision, decide
from queries.mutants import Mutant
from queries.steps import is_step, step_decision

KILLED, SEEN, REFUSED, EQUIVALENT, SURVIVED, UNSETTLED = "killed", "seen", "refused", "equivalent", "survived", "not settled"
Settings = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Searched:
    """The result of a search: the outcome, the kind of answer that differs, and a case that shows it as JSON."""

    outcome: str
    kind: str = ""
    case: str = ""


@dataclass(frozen=True)
class Trial:
    """A case to try changes on, under some readings. `meets`: whether an answer is as expected; None if nothing is expected."""

    case: Case
    settings: Settings = ()
    meets: Callable[[Decision], bool] | None = None


@dataclass(frozen=True)
class Verdict:
    """The outcome of a change.

    noticed_by  id of the case that notices it, or why the change was refused
    shown_by    a case document that would notice it; `kind` is the kind of answer that differs
    """

    clause: str
    where: str
    change: str
    outcome: str
    noticed_by: str = ""
    shown_by: Mapping[str, Any] | None = None
    kind: str = ""


class Trials:
    """Tries changes to a policy on some cases, then on all cases of a day (`as_of`, an ordinal).

    `search` returns the result of a search by name, and may cache it.
    """

    def __init__(
        self,
        policy: Policy,
        trials: Sequence[Trial],
        as_of: int,
        search: Callable[[str, Callable[[], Searched]], Searched] = lambda name, make: make(),
    ):
        self.as_of = as_of
        self.search = search
        own = [trial for trial in trials if not trial.settings]
        self.own = _UnderReadings(policy, own)
        self.others = [
            _UnderReadings(policy.with_settings(dict(settings)), [trial for trial in trials if trial.settings == settings])
            for settings in dict.fromkeys(trial.settings for trial in trials if trial.settings)
        ]

    def verdicts(self, changed: Iterable[Mutant]) -> Iterator[Verdict]:
        """The outcome of each change. A case found for one change is tried on the following ones."""
        shown: list[Mapping[str, Any]] = []
        for mutant in changed:
            verdict = self._verdict(mutant, shown)
            if verdict.shown_by is not None and verdict.shown_by not in shown:
                shown.append(verdict.shown_by)
            yield verdict

    def _verdict(self, mutant: Mutant, shown: Sequence[Mapping[str, Any]]) -> Verdict:
        found = Verdict(mutant.clause, mutant.where, mutant.change, EQUIVALENT)
        seen: list[Decision] = []
        for group in (self.own, *self.others):
            try:
                tried = group.tried(mutant)
            except InputError as error:
                return replace(found, outcome=REFUSED, noticed_by=error.faults[0].message)
            for trial, decision in tried:
                if trial.meets is not None and not trial.meets(decision):
                    return replace(found, outcome=KILLED, noticed_by=trial.case.case_id)
                seen.append(decision)
        if seen:
            return replace(found, outcome=SEEN, noticed_by=seen[0].case.case_id)
        return self._searched_for(mutant, found, shown)

    def _searched_for(self, mutant: Mutant, found: Verdict, shown: Sequence[Mapping[str, Any]]) -> Verdict:
        ours = self.own.program
        for document in shown:
            case = make_case(document, ours.policy.vocabulary, "", step=True)
            theirs = self.own.changed(mutant)
            answer = step_decision if is_step(case, ours.policy.vocabulary) else decide
            kinds = changed_kinds(answer(ours, case, self.own.engine), answer(theirs, case, self.own.engine))
            if kinds:
                return replace(found, outcome=SURVIVED, shown_by=document, kind=kinds[0])
        searched = self.search(mutant.name, lambda: self._search(mutant))
        shown_by = json.loads(searched.case) if searched.case else None
        return replace(found, outcome=searched.outcome, kind=searched.kind, shown_by=shown_by)

    def _search(self, mutant: Mutant) -> Searched:
        """Whether any case notices a change, by search."""
        compared = difference(self.own.program, self.own.variants.program(mutant.policy), self.as_of, enough=1)
        if compared.found:
            shown = compared.found[0]
            document = case_document(shown.case, self.own.program.policy.vocabulary)
            return Searched(SURVIVED, shown.kind, json.dumps(document))
        return Searched(EQUIVALENT if compared.equivalent else UNSETTLED)


class _UnderReadings:
    """The policy under some readings, and the cases tried under them."""

    def __init__(self, policy: Policy, trials: Sequence[Trial]):
        self.policy = policy
        self.trials = trials
        self.engine = Forward()
        self.met: dict[int, bool] = {}  # by the id of a trial

    @cached_property
    def variants(self) -> Variants:
        return Variants(self.policy)

    @property
    def program(self) -> Program:
        return self.variants.base

    @cached_property
    def decisions(self) -> list[Decision]:
        return [decide(self.program, trial.case, self.engine) for trial in self.trials]

    def changed(self, mutant: Mutant) -> Program:
        """The program with a change, recompiled only if that is needed. Errors: `InputError`."""
        variant = mutant.under(self.policy)
        return self.variants.quick(variant) or self.variants.program(variant)

    def tried(self, mutant: Mutant) -> Iterator[tuple[Trial, Decision]]:
        """The cases whose answer a change alters, with their new answers. Errors: `InputError`, when called."""
        return self._altered(self.changed(mutant))

    def _altered(self, program: Program) -> Iterator[tuple[Trial, Decision]]:
        changed = Changed.between(self.program, program)
        again = self.program.halves.circular or program.halves.circular
        stays = [not again and _stays(changed, before) for before in self.decisions]
        moving = _moves(changed, self.program) or _moves(changed, program)
        tried = list(zip(self.trials, self.decisions, stays))
        for trial, before, stay in sorted(
            tried, key=lambda one: one[-1]
        ):  # cases whose last step changes come first: likeliest to notice
            if stay and not moving:
                continue
            after = decide(program, trial.case, self.engine)
            meets = trial.meets if self._met(trial, before) else None
            if answer(after) != answer(before) or (meets is not None and not meets(after)):
                yield replace(trial, meets=meets), after

    def _met(self, trial: Trial, before: Decision) -> bool:
        """Whether the unchanged rules meet what is expected. They do not if only `queries.exact` finds the expected teams."""
        if id(trial) not in self.met:
            self.met[id(trial)] = trial.meets is not None and trial.meets(before)
        return self.met[id(trial)]


#: Predicates that the journey reads besides the moves; see `kb.timing`.
OF_THE_WALK = frozenset(
    ("may_follow", "front_door", "outside", "never_holds", "point_event", "point_booking", "lasts", "candidate", "date_of")
)


def _moves(changed: Changed, program: Program) -> bool:
    """Whether the rules that differ between two programs can affect moves, and so any step of a journey."""
    numbers, halves = program.halves.numbers, program.of_moves.halves
    heads = {rule.head for rule in halves.rules}
    found = [rule.head for rule in (*changed.ours, *changed.theirs)]
    return any(
        atom.predicate in OF_THE_WALK
        or (atom in numbers and not heads.isdisjoint((halves.certain(numbers[atom]), halves.possible(numbers[atom]))))
        for atom in found
    )


def _stays(changed: Changed, before: Decision) -> bool:
    """Whether the answer of the last step can't change, since the changed rules conclude the same in it.

    Missing facts can depend on the rules themselves, so answers with missing facts are recomputed.
    """
    ours, theirs = changed.conclusions(before.model)
    return ours == theirs and not (ours and before.missing_facts)


def answer(decision: Decision) -> Any:
    """The answer for a case without reasons, in a comparable form."""
    transfer = decision.transfer.as_json() if decision.transfer else None
    further = [move.as_json() for move in decision.further_transfers]
    return (
        (decision.status, decision.responsible_team, decision.possible_teams, decision.missing_facts, transfer, further),
        (decision.blocked_by, decision.unconfirmed_gates, decision.deadlines, decision.duties, decision.attendance),
        (decision.co_working, decision.escalate_to, decision.findings),
    )
