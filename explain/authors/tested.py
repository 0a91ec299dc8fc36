"""`whichteam test`: runs the examples of a policy and measures how they cover its rules."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.padding import Padding

from explain.authors.covered import conditions, print_misses, print_summary, print_table, rule_json
from explain.authors.expected import answer_with
from explain.printed import json_text, print_json
from explain.screen import screen
from kb import output
from kb.case import header, make_case
from kb.engines.forward import Forward
from kb.engines.pydatalog import PyDatalog
from kb.errors import Fault, InputError, many
from kb.examples import NONE_OF, Example, read_examples
from kb.json_yaml import read_document
from kb.offered import for_its_cases, naming, quoted
from kb.policy import Policy, find_policy
from kb.program import Program
from queries.exact import decide_exactly
from queries.examples import Unmet, unmet
from queries.load import load_begun
from queries.rule_coverage import RuleUse, Tally
from queries.scenarios import Scenario, misses
from queries.steps import models_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """Options of the command; see `whichteam test --help`."""

    as_json: bool = False
    coverage: bool = False
    misses: bool = False
    house: bool = False
    cases: Path | None = None
    save: Path | None = None
    mutate: bool = False
    only: tuple[str, ...] = ()
    sample: int = 0


@dataclass(frozen=True, slots=True)
class ScenarioOutcome:
    """A scenario with the expectations that the answer does not meet."""

    scenario: Scenario
    unmet: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """An example with the expectations that the answer does not meet."""

    example: Example
    unmet: tuple[Unmet, ...]


def run_examples(name: str, wanted: Wanted) -> int:
    """Runs the examples and prints the result.

    Of a policy that is not finished they are run all the same, and what it lacks is noted on standard error; an example
    that can't be used does not keep the others from being run.

    Returns the exit code: 1 if one fails. Errors: `InputError`, all faults of the examples.
    """
    program, unfinished = load_begun(name)
    unread: list[Fault] = []
    examples = read_examples(find_policy(name), program.policy, unread)
    if not examples and unread:
        raise InputError(naming(unread, name))
    if not examples and wanted.cases is None:
        hint = "write `examples.yaml` in its folder: see docs/writing-a-policy.md"
        raise InputError([Fault(program.policy.code, "has no examples", hint)])
    if wanted.mutate:
        if unread or unfinished:
            raise InputError([*naming(unread, name), *unfinished])
        from explain.authors.mutated import Job, mutate

        _met(name, examples)
        more = [scenario for scenario in read_cases(wanted.cases, program) if scenario] if wanted.cases else []
        return mutate(Job(name, tuple(examples), tuple(more), wanted.only, wanted.sample), wanted.as_json)
    if wanted.only:
        raise InputError([Fault("--only", "names clauses to change", "add --mutate")])
    if wanted.sample:
        raise InputError([Fault("--sample", "is the number of changes", "add --mutate")])
    tally = Tally(program, wanted.house)
    outcomes = [_outcome(name, example, tally) for example in examples]
    other = 0
    scenarios: list[ScenarioOutcome] = []
    for scenario in read_cases(wanted.cases, program) if wanted.cases else ():
        if scenario is None:
            other += 1
            continue
        decision = decide_exactly(program, scenario.case, Forward())
        tally.add(scenario.case.case_id, *models_of(program, decision, Forward()))
        if scenario.allowed:
            scenarios.append(ScenarioOutcome(scenario, tuple(misses(scenario, answer_with(decision, scenario.parts)))))
    if wanted.save is not None:
        _save(wanted.save, examples)
    uses = tally.uses()
    if wanted.as_json:
        print_json(_as_json(program, outcomes, scenarios, uses, tally.cases))
    else:
        _print_outcomes(program, outcomes, "" if unfinished else name, wanted)
        _print_scenarios(program, scenarios, wanted)
        print_summary(program, uses, tally.cases, other)
        if wanted.coverage:
            print_table(program, uses)
        if wanted.misses:
            print_misses(program, uses)
    for fault in unfinished:
        print(f"note: {fault}", file=sys.stderr)
    if unread:
        raise InputError(naming(unread, name))
    return 1 if any(o.unmet for o in outcomes) or any(s.unmet for s in scenarios) else 0


def _met(name: str, examples: Sequence[Example]) -> None:
    """Errors: `InputError` for each example that is not met."""
    failing = [example for example in examples if _outcome(name, example).unmet]
    if failing:
        hint = f"run `whichteam test {quoted(name)}` first: changes are tried on examples that are met"
        raise InputError([Fault(example.where, f"`{example.name}` is not as expected", hint) for example in failing])


def _outcome(name: str, example: Example, tally: Tally | None = None) -> Outcome:
    program, _ = load_begun(name, dict(example.settings))
    decision = decide_exactly(program, example.case, PyDatalog())
    if tally is not None:
        tally.add(example.name, *models_of(program, decision, Forward()))
    return Outcome(example, unmet(example, answer_with(decision, example.parts), program.policy))


def read_cases(path: Path, program: Program) -> Iterator[Scenario | None]:
    """The cases of a folder or of a scenario file; None for each case of another policy. Errors: `InputError`."""
    if path.is_dir():
        files = sorted(p for p in path.iterdir() if p.suffix.lower() in (".json", ".yaml", ".yml"))
        if not files:
            raise InputError([Fault(str(path), "holds no case file", "case files end in .json, .yaml or .yml")])
        documents = [(file.name, read_document(file)) for file in files]
    else:
        content = read_document(path)
        documents = [(path.name, entry) for entry in content] if isinstance(content, list) else [(path.name, content)]
    for name, document in documents:
        scenario = document if isinstance(document, dict) and "case" in document else {"case": document}
        case_id, policy, _ = header(scenario["case"], name)
        if policy != program.policy.code:
            yield None
        else:
            where = f"{name} {case_id}"
            yield Scenario.of(make_case(scenario["case"], program.policy.vocabulary, where), scenario, where)


def _save(folder: Path, examples: Sequence[Example]) -> None:
    """Writes each example as a case file. Errors: `InputError`."""
    with output.filling(folder, private=False) as inside:
        for example in examples:
            output.write(inside / f"{example.case.case_id}.json", json_text(example.document), private=False)


# In the terminal --------------------------------------------------------------------------


def _print_outcomes(program: Program, outcomes: Sequence[Outcome], given: str, wanted: Wanted) -> None:
    """Prints the failing examples. `given`: the policy as the user named it; empty where its cases can't be decided yet."""
    for outcome in outcomes:
        if not outcome.unmet:
            continue
        example = outcome.example
        screen().print(f"[bold red]fails[/bold red]  {escape(example.name)}  [dim]{escape(example.where)}[/dim]", soft_wrap=True)
        for miss in outcome.unmet:
            screen().print(Padding(escape(_missed(program.policy, miss)), (0, 0, 0, 7), expand=False))
        if given:
            screen().print(Padding(f"[dim]reasons: {escape(_why(given, example, wanted))}[/dim]", (0, 0, 0, 7), expand=False))
    failed = sum(bool(outcome.unmet) for outcome in outcomes)
    if outcomes:
        ending = "all as expected" if not failed else f"{failed} not as expected"
        screen().print(f"[bold]{program.policy.code}[/bold]: {many(len(outcomes), 'example')}, {ending}")


def _print_scenarios(program: Program, outcomes: Sequence[ScenarioOutcome], wanted: Wanted) -> None:
    failing = [outcome for outcome in outcomes if outcome.unmet]
    for outcome in failing:
        name = wanted.cases.name if wanted.cases else ""
        screen().print(f"[bold red]fails[/bold red]  {escape(name)} {escape(outcome.scenario.case.case_id)}", soft_wrap=True)
        for miss in outcome.unmet:
            screen().print(Padding(escape(miss), (0, 0, 0, 7), expand=False))
    if outcomes:
        ending = f"{len(failing)} not as expected" if failing else "all as expected"
        screen().print(f"[bold]{program.policy.code}[/bold]: {many(len(outcomes), 'scenario')}, {ending}")


def _why(given: str, example: Example, wanted: Wanted) -> str:
    """The commands that save an example as a case and show the reasons for its answer."""
    folder = wanted.save or Path("cases")
    path = folder / f"{example.case.case_id}.json"
    readings = "".join(f" --set {name}={setting}" for name, setting in example.settings)
    first = "" if wanted.save else f"whichteam test {quoted(given)} --save {folder}, then "
    return f"{first}whichteam why {quoted(str(path))}{for_its_cases(given)}{readings}"


def _missed(policy: Policy, miss: Unmet) -> str:
    """Expected and actual values; for a `none of` expectation, the codes that should not be there."""
    expected = miss.expectation

    def told(codes: Sequence[str]) -> str:
        return ", ".join(_label(policy, miss, code) for code in codes) or "none"

    if expected.field.shape == NONE_OF:
        return f"{expected.key}: the answer has {told([code for code in expected.wanted if code in miss.got])}"
    return f"{expected.key}: expected {told(expected.wanted)}; the answer is {told(miss.got)}"


def _label(policy: Policy, miss: Unmet, code: str) -> str:
    """A code by its name; clauses, dates and sentences unchanged."""
    first, _, rest = code.partition(" ")
    for kind in miss.expectation.field.kinds:
        if policy.vocabulary.has(kind, first):
            return f"{policy.vocabulary.label(kind, first)} {rest}".rstrip()
    return code.replace("_", " ")


# As JSON ----------------------------------------------------------------------------------


def _as_json(
    program: Program, outcomes: Sequence[Outcome], scenarios: Sequence[ScenarioOutcome], uses: Sequence[RuleUse], cases: int
) -> dict[str, Any]:
    live = [use for use in uses if use.can_fire]
    shown, of = conditions(live)
    return {
        "policy": program.policy.code,
        "examples": [_example_json(outcome) for outcome in outcomes],
        "scenarios": [{"case_id": s.scenario.case.case_id, "met": not s.unmet, "unmet": list(s.unmet)} for s in scenarios],
        "coverage": {
            "cases": cases,
            "rules": {
                "fired": sum(bool(use.fired) for use in live),
                "of": len(live),
                "that_can_not_fire": len(uses) - len(live),
            },
            "conditions": {"shown": shown, "of": of},
            "by_rule": [rule_json(program, use) for use in uses],
        },
    }


def _example_json(outcome: Outcome) -> dict[str, Any]:
    example = outcome.example
    misses = [
        {"key": m.expectation.key, "at": m.expectation.where, "expected": list(m.expectation.wanted), "got": list(m.got)}
        for m in outcome.unmet
    ]
    return {"example": example.name, "case_id": example.case.case_id, "at": example.where, "met": not misses, "unmet": misses}
