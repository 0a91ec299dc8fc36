"""What is still to be asked, and what would have to change: printed, or asked here and now."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.padding import Padding

from explain.answer import headline, move, team
from explain.terminal import ADVICE, console, find_team
from explain.words import Words, capital, recorded
from kb.case import NO_TEAM_ON_RECORD, Case, Day, typed_value
from kb.dates import MINUTES_A_DAY, in_words, iso
from kb.engines.pydatalog import PyDatalog
from kb.errors import Fault, InputError, did_you_mean
from kb.program import Program
from kb.space.parts import number_of
from kb.vocabulary.model import Fact, Vocabulary
from queries.ask import Question, questions
from queries.decide import decide
from queries.load import load_case
from queries.nearest import Change, Nearest
from queries.nearest import nearest as search_nearest
from queries.replies import Reply
from queries.what_if import parse_value

SHOWN = 8  # ways of changing a case that are printed without --all


def ask(path: Path, policy: str | None, as_of: int | None, settings: dict[str, str], interview: bool) -> None:
    """Prints the questions of a case, or asks them one after the other."""
    program, case = load_case(path, policy, as_of, settings)
    engine = PyDatalog()
    while True:
        decision = decide(program, case, engine)
        console.print(f"[bold]{escape(headline(decision))}[/bold]")
        found = questions(program, case, engine)
        if not found:
            console.print("Nothing that is not recorded could change this.")
            return
        if not interview:
            for question in found:
                _print_question(question)
            return
        reply = _put(found[0], program)
        if reply is None:
            return
        case = replace(case, facts={**case.facts, found[0].fact.name: reply})


def _print_question(question: Question) -> None:
    note = " [dim](one of the fewest questions that can settle it)[/dim]" if question.among_fewest else ""
    console.print(f"\n{escape(question.fact.question)}{note}")
    for values, told in outcomes(question):
        console.print(Padding(f"{escape(values)}: {escape(told)}", (0, 0, 0, 2), expand=False))


def outcomes(question: Question) -> list[tuple[str, str]]:
    """Replies with what they decide, those that come to the same in one line."""
    found: dict[str, list[str]] = {}
    for reply in question.replies:
        found.setdefault(told(reply), []).append(reply_words(question.fact, reply))
    return [(capital("; ".join(values)), text) for text, values in found.items()]


def told(reply: Reply) -> str:
    """What a reply decides: who holds the child, and the move where it is not made yet."""
    decision = reply.decision
    text = headline(decision)
    if decision.transfer is not None and decision.transfer.status != "completed":
        text += " " + move(Words.of(decision.model), decision.transfer, decision.case.as_of)
    return text


def reply_words(fact: Fact, reply: Reply) -> str:
    """A reply as a person would give it."""
    vocabulary = reply.decision.model.program.policy.vocabulary
    return value_words(fact, reply.value, reply.first, reply.last, vocabulary, reply.first is None and reply.last is None)


def value_words(fact: Fact, value: Any, first: int | None, last: int | None, vocabulary: Vocabulary, any_: bool = False) -> str:
    """A value, or the stretch of days or numbers that it stands for."""
    if fact.type == "event" and isinstance(value, bool):
        return "it happened, on a day not recorded" if value else "it has not happened"
    if isinstance(value, Day) or (fact.type in ("int", "datetime") and isinstance(value, int)):
        say = in_words if isinstance(value, Day) else _minutes if fact.type == "datetime" else str
        number = value.number if isinstance(value, Day) else value
        if first is not None and first == last:
            return say(number)
        if first is not None and last is not None:
            return f"from {say(first)} to {say(last)}"
        if first is not None:
            return f"{say(first)} or later" if isinstance(value, Day) else f"{say(first)} or more"
        if last is not None:
            return f"{say(last)} or earlier" if isinstance(value, Day) else f"{say(last)} or less"
        return "any day" if isinstance(value, Day) and any_ else "any" if any_ else say(number)
    if fact.type == "team":
        return _team_words(value, vocabulary)
    if isinstance(value, tuple) and value:
        return "; ".join(_entry_words(fact, entry, vocabulary) for entry in value)
    return recorded(value)


def _team_words(value: Any, vocabulary: Vocabulary) -> str:
    if value == NO_TEAM_ON_RECORD:
        return "no team"
    return next((vocabulary.label(kind, value) for kind in ("team", "outcome") if vocabulary.has(kind, value)), recorded(value))


def _entry_words(fact: Fact, entry: Any, vocabulary: Vocabulary) -> str:
    """One entry of a list: a code by its name, a record with each of its parts."""
    if not isinstance(entry, Mapping):
        return _team_words(entry, vocabulary)
    types = dict(fact.fields)
    said = {name: _team_words(part, vocabulary) if types[name] == "team" else recorded(part) for name, part in entry.items()}
    return ", ".join(f"{name.replace('_', ' ')}: {part}" for name, part in said.items()) or "an entry that says nothing more"


def _minutes(number: int) -> str:
    return f"{in_words(number // MINUTES_A_DAY)} at {number % MINUTES_A_DAY // 60:02d}:{number % 60:02d}"


def _put(question: Question, program: Program) -> object | None:
    """Asks one question in the terminal; None when the person stops."""
    hint = {
        "bool": "true or false",
        "enum": ", ".join(question.fact.values),
        "int": f"a number from {question.fact.minimum} to {question.fact.maximum}",
        "event": "a date as 2024-09-03, true or false",
        "team": "a team code",
    }.get(question.fact.type, "a list in square brackets" if question.fact.type.startswith("list") else "a date as 2024-09-03")
    while True:
        try:
            raw = console.input(f"{escape(question.fact.question)} [dim]({escape(hint)}; empty to stop)[/dim] ")
        except EOFError:
            return None
        if not raw.strip():
            return None
        try:
            value: object = typed_value(question.fact, parse_value(raw.strip()), program.policy.vocabulary)
            return value
        except ValueError as error:
            console.print(escape(str(error)))


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
    """Prints all smallest changes of facts that make a team responsible, or says that there are none."""
    program, case = load_case(path, policy, as_of, settings)
    code = find_team(program, wanted)
    facts = program.policy.vocabulary.facts
    unknown = [Fault("--keep", f"unknown fact `{name}`", did_you_mean(name, facts)) for name in keep if name not in facts]
    if unknown:
        raise InputError(unknown)
    found = search_nearest(program, case, code, PyDatalog(), keep)
    if as_json:
        print(json.dumps(nearest_json(found), ensure_ascii=False, indent=1))
        return
    words = Words.of(decide(program, case, PyDatalog()).model)
    console.print(f"[bold]{escape(nearest_headline(found, team(words, code), bool(keep)))}[/bold]")
    ways = [way_words(way, case, words.vocabulary) for way in found.ways]
    shown = ways if everything else ways[:SHOWN]
    for number, lines in enumerate(shown, 1):
        console.print(Padding(escape(f"{number}. " + "; and ".join(lines)), (0, 0, 0, 2), expand=False))
    if len(shown) < len(ways):
        console.print(f"[dim]{len(ways) - len(shown)} more: --all shows them.[/dim]")
    if found.ways:
        example = found.ways[0][0].fact
        console.print(f"[dim]To leave a fact as it is: --keep {example}. What a change would do: whichteam what-if.[/dim]")
    console.print(f"[dim]{ADVICE}[/dim]")


def nearest_headline(found: Nearest, name: str, kept: bool) -> str:
    """How far the team is away, in a sentence."""
    if found.size == 0:
        return f"{name} holds the child already."
    but = ", with what is kept as it is" if kept else ""
    if found.size is None:
        return f"No change of facts gives the child to {name} on this day{but}. This was proved over every case that there is."
    facts = "one fact" if found.size == 1 else f"{found.size} facts"
    ways = "There is one way" if len(found.ways) == 1 else f"There are {len(found.ways)} ways"
    more = "" if found.complete else ", and more than are given"
    return f"{name} would hold the child if {facts} changed{but}. {ways}{more}; no smaller change does it."


def way_words(way: Sequence[Change], case: Case, vocabulary: Vocabulary) -> list[str]:
    """Each change of one way: the fact, its new value, and what is recorded now."""
    found: list[str] = []
    for change in way:
        fact = vocabulary.facts[change.fact]
        any_ = change.first is None and change.last is None
        new = value_words(fact, change.value, change.first, change.last, vocabulary, any_)
        now = case.facts.get(change.fact)
        number = number_of(now)
        was = "not recorded" if now is None else "recorded: " + value_words(fact, now, number, number, vocabulary)
        found.append(f"{fact.label}: {new} ({was})")
    return found


def nearest_json(found: Nearest) -> dict[str, Any]:
    """The smallest changes in a form for programs; days as YYYY-MM-DD."""
    return {
        "team": found.team,
        "size": found.size,
        "complete": found.complete,
        "ways": [[_change_json(change) for change in way] for way in found.ways],
    }


def _change_json(change: Change) -> dict[str, Any]:
    if isinstance(change.value, Day):
        ends = {"first": change.first, "last": change.last}
        return {
            "fact": change.fact,
            "value": iso(change.value.number),
            **{name: None if end is None else iso(end) for name, end in ends.items()},
        }
    plain = json.loads(json.dumps(change.value, default=lambda value: iso(value.number)))
    bounds = {"first": change.first, "last": change.last} if change.first is not None or change.last is not None else {}
    return {"fact": change.fact, "value": plain, **bounds}
