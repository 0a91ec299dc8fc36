"""`whichteam test POLICY --mutate`: mutation test of a policy's rules against its examples."""

from __future__ import annotations

import hashlib
import json
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from random import Random
from typing import Any

from rich.markup import escape
from rich.padding import Padding
from rich.progress import track

import queries
from explain.authors.expected import REASONS, answer_with
from explain.printed import print_json
from explain.screen import Screen, screen
from explain.words import capital
from kb.cache import digest_of_code, remember
from kb.errors import Fault, InputError, did_you_mean, many
from kb.examples import Example, Expectation
from kb.policy import Policy, find_policy, load_policy
from kb.space import ORDINARY_DAY
from queries.decide import Decision
from queries.examples import unmet
from queries.mutants import Mutant, mutants
from queries.mutate import EQUIVALENT, KILLED, REFUSED, SEEN, SURVIVED, UNSETTLED, Searched, Trial, Trials, Verdict
from queries.scenarios import Scenario, misses

PROCESSES = 2
QUERIES = Path(queries.__file__ or "").parent  # part of the cache key; `remember` adds the code of `kb`
#: Summary text of each outcome, printed after the number of changes.
TOLD = {
    KILLED: "make an example or a scenario fail",
    SEEN: "change an answer, but no example states that part of it",
    REFUSED: "refused by the checks of the rules",
    EQUIVALENT: "proved to change no answer under the readings in use",
    SURVIVED: "not noticed",
    UNSETTLED: "not settled: no case notices, and the search was given up",
}


@dataclass(frozen=True)
class Job:
    """One mutation test: a policy, its examples and further cases, and what to change.

    only    clauses whose rules are changed; all if empty
    sample  number of changes, chosen at random but the same in each run; 0 for all
    """

    name: str
    examples: tuple[Example, ...]
    scenarios: tuple[Scenario, ...]
    only: tuple[str, ...]
    sample: int = 0

    @property
    def key(self) -> str:
        """Cache key of the examples and cases."""
        tried = [(example.document, example.settings, example.expectations) for example in self.examples]
        return hashlib.sha256(repr((tried, self.scenarios)).encode()).hexdigest()

    @property
    def tried(self) -> str:
        with_cases = f" and {many(len(self.scenarios), 'case')}" if self.scenarios else ""
        return many(len(self.examples), "example") + with_cases

    def trials(self, policy: Policy) -> list[Trial]:
        quick_first = sorted(self.examples, key=lambda example: bool(_about_reasons(example)))
        examples = [Trial(example.case, example.settings, partial(_meets, example, policy)) for example in quick_first]
        return examples + [Trial(s.case, (), partial(_allows, s) if s.allowed else None) for s in self.scenarios]


def _allows(scenario: Scenario, decision: Decision) -> bool:
    return not misses(scenario, answer_with(decision, scenario.parts))


def _meets(example: Example, policy: Policy, decision: Decision) -> bool:
    """Whether an answer meets an example. The expensive parts are computed only if the rest is met."""
    reasons = _about_reasons(example)
    answered = replace(example, expectations=tuple(e for e in example.expectations if e not in reasons))
    if unmet(answered, answer_with(decision, answered.parts), policy):
        return False
    because = replace(example, expectations=reasons)
    return not reasons or not unmet(because, answer_with(decision, because.parts), policy)


def _about_reasons(example: Example) -> tuple[Expectation, ...]:
    return tuple(expectation for expectation in example.expectations if expectation.field.path in REASONS)


def mutate(job: Job, as_json: bool) -> int:
    """Changes the rules one by one and prints the changes that no example notices. Returns the exit code: 1 if there are any.

    The job's examples are those that the policy meets. Errors: `InputError` if it names a clause that does not exist.
    """
    policy = load_policy(find_policy(job.name))
    _known_clauses(policy, job.only)
    verdicts = list(_verdicts(job, policy))
    if as_json:
        print_json(_as_json(policy, job, verdicts))
    else:
        _print(policy, job, verdicts)
    return 1 if any(verdict.outcome in (SURVIVED, UNSETTLED) for verdict in verdicts) else 0


def _known_clauses(policy: Policy, only: Sequence[str]) -> None:
    own = [name for name, clause in policy.clauses.items() if not clause.house]
    faults = [Fault("--only", f"there is no clause `{name}`", did_you_mean(name, own)) for name in only if name not in own]
    if faults:
        raise InputError(faults)


def _units(policy: Policy, job: Job) -> dict[str, list[Mutant]]:
    """The changes to each rule or exception, by its position."""
    changes = [mutant for mutant in mutants(policy) if not job.only or mutant.clause in job.only]
    if 0 < job.sample < len(changes):
        chosen = sorted(Random(policy.code).sample(range(len(changes)), job.sample))
        changes = [changes[number] for number in chosen]
    by_position: dict[str, list[Mutant]] = {}
    for mutant in changes:
        by_position.setdefault(mutant.where, []).append(mutant)
    return by_position


def _verdicts(job: Job, policy: Policy) -> Iterator[Verdict]:
    """All verdicts in file order, computed by two processes. Finished ones stay in the cache if the run is stopped."""
    places = list(_units(policy, job))
    console = Screen(stderr=True)
    pool = ProcessPoolExecutor(PROCESSES, initializer=_start, initargs=(job,))
    try:
        work = pool.map(_verdicts_at, places)
        for verdicts in track(work, "Changing rules", len(places), console=console, disable=not console.is_terminal):
            yield from verdicts
    except KeyboardInterrupt:
        print("Stopped. What was found is kept: the next run goes on from there.", file=sys.stderr)
        raise SystemExit(130) from None
    finally:
        pool.shutdown(cancel_futures=True)


class _Worker:
    """The state of one process. The policy is compiled when the first change is tried."""

    def __init__(self, job: Job):
        self.job = job
        self.policy = load_policy(find_policy(job.name))
        self.units = _units(self.policy, job)
        self.about = f"{self.policy.code} {self.policy.digest} {ORDINARY_DAY} {digest_of_code(QUERIES)}"

    @cached_property
    def trials(self) -> Trials:
        def kept(name: str, make: Callable[[], Searched]) -> Searched:
            return remember(f"searched {self.about} {name}", Searched, make)

        return Trials(self.policy, self.job.trials(self.policy), ORDINARY_DAY, kept)

    def verdicts_at(self, place: str) -> list[Verdict]:
        """The verdicts on the changes to the rule at `place`; cached."""
        changes = hashlib.sha256(repr([mutant.name for mutant in self.units[place]]).encode()).hexdigest()
        key = f"mutants {self.about} {self.job.key} {place} {changes}"
        kept = remember(key, str, lambda: json.dumps([vars(verdict) for verdict in self.trials.verdicts(self.units[place])]))
        return [Verdict(**fields) for fields in json.loads(kept)]


_workers: list[_Worker] = []  # one entry: the worker of this process


def _start(job: Job) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent process stops the workers
    _workers[:] = [_Worker(job)]


def _verdicts_at(place: str) -> list[Verdict]:
    return _workers[0].verdicts_at(place)


# Output ------------------------------------------------------------------------------------


def _print(policy: Policy, job: Job, verdicts: Sequence[Verdict]) -> None:
    out = screen()
    for verdict in verdicts:
        if verdict.outcome in (SURVIVED, UNSETTLED):
            out.print(
                f"[bold]{verdict.outcome}[/bold]  {escape(verdict.clause)}  [dim]{escape(verdict.where)}[/dim]", soft_wrap=True
            )
            out.print(Padding(escape(verdict.change), (0, 0, 0, 4), expand=False))
    offered = _offered(verdicts)
    if offered:
        out.print()
        out.print(
            f"[bold]{many(len(offered), 'case')} would notice them[/bold]. Read the clause, and say what the answer should be:"
        )
        for document, noticed in offered:
            out.print()
            out.print(_as_example(policy, document, noticed), markup=False, soft_wrap=True)
        out.print()
    out.print(f"{policy.code}: {many(len(verdicts), 'change')} to the rules, tried on {job.tried}")
    counts = Counter(verdict.outcome for verdict in verdicts)
    for outcome, text in TOLD.items():
        if counts[outcome]:
            out.print(f"{counts[outcome]:6} {text}")


def _offered(verdicts: Sequence[Verdict]) -> list[tuple[Mapping[str, Any], list[Verdict]]]:
    """The cases that would notice the surviving changes, each with those changes."""
    by_case: dict[str, tuple[Mapping[str, Any], list[Verdict]]] = {}
    for verdict in verdicts:
        if verdict.shown_by is not None:
            by_case.setdefault(json.dumps(verdict.shown_by), (verdict.shown_by, []))[1].append(verdict)
    return list(by_case.values())


def _as_example(policy: Policy, document: Mapping[str, Any], noticed: Sequence[Verdict]) -> str:
    """A case as an example in YAML, with the expectation left for the author."""
    import yaml

    facts = {name.replace("_", " "): value for name, value in document["facts"].items()}
    clauses = ", ".join(dict.fromkeys(verdict.clause for verdict in noticed))
    kinds = ", ".join(dict.fromkeys(verdict.kind for verdict in noticed))
    given = yaml.safe_dump(facts, sort_keys=False, allow_unicode=True, default_flow_style=False) if facts else "{}\n"
    first = policy.clauses[noticed[0].clause].paraphrase
    lines = [
        f"# {clauses}: {first}",
        f"- example: {json.dumps('Name what this shows')}",
        f"  on: {document['as_of']}",
        "  given:",
    ]
    lines += [f"    {line}" for line in given.splitlines()]
    lines += ["  expect:", f"    # {capital(kinds)}: what does the clause say?"]
    return "\n".join(lines)


def _as_json(policy: Policy, job: Job, verdicts: Sequence[Verdict]) -> dict[str, Any]:
    counts = Counter(verdict.outcome for verdict in verdicts)
    return {
        "policy": policy.code,
        "examples": len(job.examples),
        "cases": len(job.scenarios),
        "changes": len(verdicts),
        "outcomes": {outcome: counts[outcome] for outcome in TOLD},
        "verdicts": [vars(verdict) for verdict in verdicts],
    }
