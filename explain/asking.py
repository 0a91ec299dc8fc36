"""`whichteam ask` and `whichteam nearest`: open questions, and the smallest changes that give a team."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.padding import Padding

from explain.answer import headline
from explain.answer_parts import move, team
from explain.printed import print_json
from explain.terminal import console, find_team, team_and_case
from explain.values import value_words
from explain.words import ADVICE, Words, capital
from kb.case import (
    Case,
    Day,
    faults_of_days,
    hint_for,
    in_order,
    occurrences,
    typed_value,
    with_occurrence,
    written,
)
from kb.dates import in_words, iso
from kb.engines.pydatalog import PyDatalog
from kb.errors import Fault, InputError
from kb.offered import policy_option
from kb.space.parts import number_of
from kb.vocabulary.model import Fact, Vocabulary
from kb.vocabulary.naming import fact_hint
from queries.ask import Question, questions
from queries.decide import Decision, decide
from queries.exact import decide_exactly
from queries.load import load_case
from queries.nearest import Change, Nearest
from queries.nearest import nearest as search_nearest
from queries.replies import Reply
from queries.what_if import parse_value

SHOWN = 8  # changes printed without --all


def ask(path: Path, policy: str | None, as_of: int | None, settings: dict[str, str], interview: bool) -> None:
    """Prints the questions of a case or, with `interview`, asks them at the prompt until none is left or the user stops."""
    program, case = load_case(path, policy, as_of, settings)
    engine = PyDatalog()
    while True:
        decision = decide_exactly(program, case, engine)
        console.print(f"[bold]{escape(headline(decision))}[/bold]")
        open_questions = questions(program, case, engine)
        if not open_questions:
            console.print("Nothing was found that is not recorded and could change this.")
            return
        if not interview:
            for question in open_questions:
                _print_question(question)
            return
        answered = _put(open_questions[0], decision)
        if answered is None:
            return
        case = answered


def _print_question(question: Question) -> None:
    note = " [dim](one of the fewest questions that can settle it)[/dim]" if question.among_fewest else ""
    console.print(f"\n{escape(question.fact.question)}{note}")
    for values, outcome in outcomes(question):
        console.print(Padding(f"{escape(values)}: {escape(outcome)}", (0, 0, 0, 2), expand=False))


def outcomes(question: Question, say: Callable[[Reply], str] | None = None) -> list[tuple[str, str]]:
    """Pairs of replies and what they decide; replies with the same outcome are joined into one entry.

    `say` puts what a reply decides into words; without it, `told` does.
    """
    by_outcome: dict[str, list[str]] = {}
    for reply in question.replies:
        by_outcome.setdefault((say or told)(reply), []).append(reply_words(question.fact, reply))
    return [(capital("; ".join(values)), text) for text, values in by_outcome.items()]


def told(reply: Reply) -> str:
    """What a reply decides: the headline, and the move if it is not completed."""
    decision = reply.decision
    text = headline(decision)
    if decision.transfer is not None and decision.transfer.status != "completed":
        text += " " + move(Words.of(decision.model), decision.transfer, decision.case.as_of)
    return text


def reply_words(fact: Fact, reply: Reply) -> str:
    """A reply in the words a person would use."""
    vocabulary = reply.decision.model.program.policy.vocabulary
    return value_words(fact, reply.value, reply.first, reply.last, vocabulary, reply.first is None and reply.last is None)


def _put(question: Question, decision: Decision) -> Case | None:
    """Asks one question at the prompt. Returns the case with the reply added, or None if the user stops."""
    fact, vocabulary = question.fact, decision.model.program.policy.vocabulary
    asked = (
        f"{escape(fact.question)} [dim]({escape(_how_to_reply(fact, decision.case.facts.get(fact.name)))}; empty to stop)[/dim] "
    )
    while True:
        try:
            raw = console.input(asked)
        except EOFError:
            return None
        if not raw.strip():
            return None
        typed = parse_value(raw.strip())
        try:
            case = with_reply(decision, fact, typed_value(fact, typed, vocabulary))
        except ValueError as error:
            console.print(escape(f"{error}\n{hint_for(fact, typed, vocabulary)}".strip()))
            continue
        faults = faults_of_days(case, vocabulary, case.case_id)
        if not faults:
            return case
        for fault in faults:
            console.print(escape(f"{fault.message}\n{fault.hint}"))


def _how_to_reply(fact: Fact, now: Any) -> str:
    """What may be typed for a fact, and which days are recorded already."""
    days = occurrences(now)
    if fact.recurs and days:
        recorded_days = "; ".join(map(in_words, days))
        return f"recorded: {recorded_days}; a date as 2024-09-03 is added, several in square brackets take their place"
    if fact.recurs:
        again = "several in square brackets, oldest first"
        return f"a date as 2024-09-03, {again}, true or false" if fact.type == "event" else f"a date as 2024-09-03, {again}"
    if fact.type.startswith("list"):
        return "a list in square brackets"
    span = f"a number from {fact.minimum} to {fact.maximum}"
    known = {"bool": "true or false", "enum": ", ".join(fact.values), "int": span, "team": "a team code"}
    return known.get(fact.type, "a date as 2024-09-03")


def with_reply(decision: Decision, fact: Fact, value: Any) -> Case:
    """The case of a decision with a reply added.

    For a recurring fact the day is added to those recorded; days that the decision reports as misdated are dropped.
    """
    case = decision.case
    wrong = {misdated.day for misdated in decision.misdated if misdated.fact == fact.name}
    days = [day for day in occurrences(case.facts.get(fact.name)) if day not in wrong]
    if len(days) == 1 and any(misdated.presupposes == fact.name for misdated in decision.misdated):
        days = []
    kept = in_order(days) if days else None
    return replace(case, facts={**case.facts, fact.name: with_occurrence(fact, kept, value)})


# What would have to change ------------------------------------------------------------------


def nearest(
    wanted: str,
    path: Path,
    policy: str | None,
    as_of: int | None,
    settings: dict[str, str],
    keep: Sequence[str],
    everything: bool,
    as_json: bool,
) -> None:
    """Prints all smallest changes of facts that make a team responsible, or that there are none.

    wanted  team code, name or alias
    as_of   day of the answer as an ordinal; None for the case's own
    keep    facts that may not change

    Errors: `InputError`.
    """
    team_and_case("nearest", wanted, path, policy)
    program, case = load_case(path, policy, as_of, settings)
    code = find_team(program, wanted)
    facts = program.policy.vocabulary.recorded
    unknown = [Fault("--keep", f"unknown fact `{name}`", fact_hint(name, facts)) for name in keep if name not in facts]
    if unknown:
        raise InputError(unknown)
    result = search_nearest(program, case, code, PyDatalog(), keep)
    if as_json:
        print_json(nearest_json(result))
        return
    words = Words.of(decide(program, case, PyDatalog()).model)
    console.print(f"[bold]{escape(nearest_headline(result, team(words, code), bool(keep)))}[/bold]")
    ways = [way_words(way, case, words.vocabulary) for way in result.ways]
    shown = ways if everything else ways[:SHOWN]
    for number, lines in enumerate(shown, 1):
        console.print(Padding(escape(f"{number}. " + "; and ".join(lines)), (0, 0, 0, 2), expand=False))
    if len(shown) < len(ways):
        console.print(f"[dim]{len(ways) - len(shown)} more: --all shows them.[/dim]")
    if result.ways:
        example = result.ways[0][0].fact
        what_if = f"whichteam what-if CASE FACT=VALUE{escape(policy_option(policy))}"
        console.print(f"[dim]To leave a fact as it is: --keep {example}. What a change would do: {what_if}[/dim]")
    console.print(f"[dim]{ADVICE}[/dim]")


def nearest_headline(result: Nearest, name: str, kept: bool) -> str:
    """The size of the smallest changes and what was searched, as sentences. `kept`: whether `--keep` was given."""
    if result.size == 0:
        return f"{name} holds the child already."
    but = ", with what is kept as it is" if kept else ""
    if result.size is None:
        if not result.complete:
            return f"No change was found that gives the child to {name}{but}. Whether there is one is not settled."
        return (
            f"No change of facts gives the child to {name} on this day{but}. This was proved for one fact over the whole record, "
            f"and for more {_over_steps(result.steps)}."
        )
    facts = "one fact" if result.size == 1 else f"{result.size} facts"
    ways = "There is one way" if len(result.ways) == 1 else f"There are {len(result.ways)} ways"
    more = "" if result.complete else ", and more than are given"
    searched = "" if result.size == 1 else f" Changes of more than one fact were searched {_over_steps(result.steps)}."
    return f"{name} would hold the child if {facts} changed{but}. {ways}{more}; no smaller change does it.{searched}"


def _over_steps(steps: int) -> str:
    """What was searched for changes of more than one fact."""
    earlier = "" if steps == 1 else f", or on the days of {steps - 1} earlier steps of the journey; not for several days together"
    return f"over every way in which the record can stand on that day{earlier}"


def way_words(way: Sequence[Change], case: Case, vocabulary: Vocabulary) -> list[str]:
    """Each change as text: the fact, its new value, and the value recorded now."""
    lines: list[str] = []
    for change in way:
        fact = vocabulary.facts[change.fact]
        any_ = change.first is None and change.last is None
        new = value_words(fact, change.value, change.first, change.last, vocabulary, any_)
        now = case.facts.get(change.fact)
        number = number_of(now)
        was = "not recorded" if now is None else "recorded: " + value_words(fact, now, number, number, vocabulary)
        lines.append(f"{fact.label}: {new} ({was})")
    return lines


def nearest_json(result: Nearest) -> dict[str, Any]:
    """The smallest changes as JSON; days as YYYY-MM-DD."""
    return {
        "team": result.team,
        "size": result.size,
        "complete": result.complete,
        "steps": result.steps,
        "ways": [[_change_json(change) for change in way] for way in result.ways],
    }


def _change_json(change: Change) -> dict[str, Any]:
    if isinstance(change.value, Day):
        ends = {"first": change.first, "last": change.last}
        return {
            "fact": change.fact,
            "value": iso(change.value.number),
            **{name: None if end is None else iso(end) for name, end in ends.items()},
        }
    bounds = {"first": change.first, "last": change.last} if change.first is not None or change.last is not None else {}
    return {"fact": change.fact, "value": written(change.value), **bounds}
