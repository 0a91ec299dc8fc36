"""A decision in plain English: the headline, and the parts beneath it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from explain.journey import stint_sentences
from explain.past import history, wrong_dates
from explain.record import finding_sentences
from explain.words import Words, capital
from kb.dates import in_words
from kb.language.model import Atom, Constant
from kb.program import CONTRADICTION
from queries.decide import Decision, Transfer
from queries.proof import Claim, Prover, leaves

CAME_HERE, HISTORY = "How the child came here", "What is history"
_WHO = ("team", "outcome", "body", "escalation")


@dataclass(frozen=True, slots=True)
class Part:
    """One titled part of an answer, with its lines."""

    title: str
    lines: tuple[str, ...]


def headline(decision: Decision) -> str:
    """The answer in one or two sentences."""
    words = Words.of(decision.model)
    day = in_words(decision.case.as_of)
    names = [team(words, code) for code in decision.possible_teams]
    if decision.status == "decided":
        if words.vocabulary.has("outcome", str(decision.responsible_team)):
            return f"On {day} the case is {names[0]}."
        return f"On {day} {names[0]} holds the child."
    if decision.status == "silent":
        return f"On {day} the policy names no team for this child."
    if decision.status == "conflict":
        return f"On {day} the clauses give the child to {_list(names, 'and')}, and nothing settles which."
    return f"On {day} it is not known who holds the child: {_list(names, 'or')}."


def contradictions(decision: Decision) -> tuple[str, ...]:
    """What in the record can't be so, and dates that can't be right, as warnings; nothing where all of it can."""
    label = Words.of(decision.model).vocabulary.label
    found = [label("contradiction", str(atom.args[0])) for atom in decision.model.holding_of(CONTRADICTION)]
    told = "; ".join(dict.fromkeys(found))
    warning = [f"The record contradicts itself: {told}. Check these facts."] if found else []
    return (*warning, *wrong_dates(decision))


def parts(decision: Decision) -> list[Part]:
    """Everything else that the answer says, in the order in which people need it."""
    words = Words.of(decision.model)
    label = words.vocabulary.label
    warned = wrong_dates(decision)
    found = [
        Part("The move", tuple([move(words, decision.transfer, decision.case.as_of)] if decision.transfer else [])),
        Part("What holds it up", tuple(_failing(decision, words, code) for code in decision.blocked_by)),
        Part("Who has to settle it", tuple(capital(label("escalation", code)) + "." for code in decision.escalate_to)),
        Part("To be asked", tuple(words.vocabulary.facts[name].question for name in decision.missing_facts)),
        Part("Not confirmed", tuple(f"Nobody recorded whether {label('gate', code)}." for code in decision.unconfirmed_gates)),
        Part("Deadlines", tuple(_deadline(words, row, decision.case.as_of) for row in decision.deadlines)),
        Part("Duties", tuple(capital(label("duty", code)) + "." for code in decision.duties)),
        Part("Who attends or is told", tuple(_attendance(words, row) for row in decision.attendance)),
        Part("Working alongside", tuple(_co_working(words, row) for row in decision.co_working)),
        Part("Further moves", tuple(move(words, t, decision.case.as_of) for t in decision.further_transfers)),
        Part("To be noted", tuple(s for s in finding_sentences(decision, words) if s not in warned)),
        Part(CAME_HERE, stint_sentences(decision)),
        Part(HISTORY, history(decision)),
    ]
    return [part for part in found if part.lines]


def team(words: Words, code: str) -> str:
    """A team, body or outcome by its name."""
    return next((words.vocabulary.label(k, code) for k in _WHO if words.vocabulary.has(k, code)), code)


def move(words: Words, transfer: Transfer, as_of: int) -> str:
    """One move in a sentence."""
    path = f"from {team(words, transfer.origin)} to {team(words, transfer.to)}"
    point = words.vocabulary.label("point", transfer.point)
    on = f" ({on_day(transfer)})" if transfer.on else ""
    passed = transfer.on is not None and date.fromisoformat(transfer.on).toordinal() < as_of
    if transfer.status == "upcoming" and passed:
        by_age = words.model is not None and words.model.certain(Atom("by_age_only", (Constant(transfer.point),)))
        unsure = "that it was done" if by_age else "whether that took place"
        return f"Due since {on_day(transfer)}: {path} at {point}; nobody recorded {unsure}."
    said = {
        "completed": f"Moved {path} at {point}{on}.",
        "blocked": f"The move {path} at {point}{on} is held up.",
        "unknown": f"Whether the case moves {path} at {point}{on} depends on what is not recorded.",
        "discretionary": f"The managers may decide to move the case {path}.",
        "upcoming": f"Still to come: {path} at {point}{on or ', date not recorded'}.",
    }
    return said[transfer.status]


def on_day(transfer: Transfer) -> str:
    """The day of a move in words; nothing where it has none."""
    return in_words(date.fromisoformat(transfer.on).toordinal()) if transfer.on else ""


def _failing(decision: Decision, words: Words, gate: str) -> str:
    """What is recorded that makes a check fail."""
    claim = Claim(Atom("gate_met", (Constant(gate),)), "excluded")
    facts = leaves(Prover(decision.model), claim)
    told = [words.claim(fact) for fact in facts if decision.model.truth(fact.atom) is not None]
    if not told:
        return f"Not shown: {words.vocabulary.label('gate', gate)}."
    return capital("; ".join(dict.fromkeys(told))) + "."


def _deadline(words: Words, row: dict[str, object], as_of: int) -> str:
    name = capital(words.vocabulary.label("deadline", str(row["code"])))
    due = in_words(date.fromisoformat(str(row["due"])).toordinal())
    count = words.vocabulary.label("day_count", str(row["day_count"]))
    passed = date.fromisoformat(str(row["due"])).toordinal() < as_of
    unsettled = "passed; not recorded whether it was kept" if passed else "not yet passed"
    met = "kept" if row["met"] is True else "missed" if row["met"] is False else unsettled
    return f"{name}: {due} ({count}) — {met}."


def _attendance(words: Words, row: dict[str, str]) -> str:
    return _with_names(capital(words.vocabulary.label("attendance", row["code"])), team(words, row["who"]))


def _co_working(words: Words, row: dict[str, str]) -> str:
    what = capital(words.vocabulary.label("co_working", row["code"]))
    return _with_names(what, team(words, row["team"]), team(words, row["with"]))


def _with_names(what: str, *names: str) -> str:
    """What is expected, with the names that it does not say itself."""
    unsaid = [name for name in names if name.lower() not in what.lower()]
    return f"{what} ({' with '.join(unsaid)})." if unsaid else f"{what}."


def _list(names: list[str], joiner: str) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {joiner} {names[-1]}"
