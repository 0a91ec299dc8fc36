"""A decision in plain English: the headline and the titled parts below it."""

from __future__ import annotations

from dataclasses import dataclass

from explain.answer_parts import attendance, co_working, deadline, list_of, move, team
from explain.decision_json import finding_sentences
from explain.history import history, unused_day, wrong_dates
from explain.journey import stint_sentences
from explain.undecided import EACH, WITH_TEAM, each_team, only_with_some
from explain.words import Words, capital
from kb.carried import CLOSED
from kb.dates import in_words
from kb.language.model import Atom, Constant, FixedDate
from kb.program import CONTRADICTION
from queries.about_policy import deadlines_about_policy, findings_about_policy
from queries.decide import Decision
from queries.proof import Claim, Prover, leaves

CAME_HERE, HISTORY, NOTED = "How the child came here", "What is history", "To be noted"
ABOUT_POLICY = "About the policy itself"


@dataclass(frozen=True, slots=True)
class Part:
    """One titled part of an answer, with its lines."""

    title: str
    lines: tuple[str, ...]


def headline(decision: Decision) -> str:
    """The answer in one sentence: day, team or status, and the possible teams where none is decided."""
    words = Words.of(decision.model)
    day = in_words(decision.case.as_of)
    if decision.status == "decided":
        name = team(words, str(decision.responsible_team))
        ended = words.vocabulary.has("outcome", str(decision.responsible_team))
        return f"On {day} the case is {name}." if ended else f"On {day} {name} holds the child."
    if decision.status == "silent":
        return f"On {day} the policy names no team for this child."
    names = ["nobody, as the case is closed" if code == CLOSED else team(words, code) for code in decision.possible_teams]
    if decision.status == "conflict":
        return f"On {day} the clauses give the child to {list_of(names, 'and')}, and nothing settles which."
    return f"On {day} it is not known who holds the child: {list_of(names, 'or')}."


def contradictions(decision: Decision) -> tuple[str, ...]:
    """Warnings about facts that contradict each other and dates out of order; empty if there are none."""
    labels = at_odds(decision)
    warning = [f"The record contradicts itself: {'; '.join(labels)}. Check these facts."] if labels else []
    return (*warning, *dates_at_odds(decision))


def at_odds(decision: Decision) -> tuple[str, ...]:
    """What contradicts itself in the record, each as a clause without a capital letter."""
    label = Words.of(decision.model).vocabulary.label
    return tuple(dict.fromkeys(label("contradiction", str(a.args[0])) for a in decision.model.holding_of(CONTRADICTION)))


def dates_at_odds(decision: Decision) -> tuple[str, ...]:
    """Sentences on dates that can't be right."""
    return (*unused_day(decision), *wrong_dates(decision))


def parts(decision: Decision) -> list[Part]:
    """The rest of the answer as titled parts, in display order; parts without lines are left out."""
    words = Words.of(decision.model)
    label = words.vocabulary.label
    of_policy = about_policy(decision)
    beside = (*unused_day(decision), *wrong_dates(decision), *of_policy)
    own = _limits_of_policy(decision)
    limits = [row for row in decision.deadlines if row["code"] not in own]
    titled = [
        Part("The move", tuple([move(words, decision.transfer, decision.case.as_of)] if decision.transfer else [])),
        Part("What holds it up", tuple(_failing(decision, words, code) for code in decision.blocked_by)),
        Part("Who has to settle it", tuple(capital(label("escalation", code)) + "." for code in decision.escalate_to)),
        Part("To be asked", tuple(words.vocabulary.facts[name].question for name in decision.missing_facts)),
        Part(EACH, each_team(decision)),
        Part("Not confirmed", tuple(f"Nobody recorded whether {label('gate', code)}." for code in decision.unconfirmed_gates)),
        Part("Deadlines", tuple(deadline(words, row, decision.case.as_of) for row in limits)),
        Part("Duties", tuple(capital(label("duty", code)) + "." for code in decision.duties)),
        Part("Who attends or is told", tuple(attendance(words, row) for row in decision.attendance)),
        Part("Working alongside", tuple(co_working(words, row) for row in decision.co_working)),
        Part("Further moves", tuple(move(words, t, decision.case.as_of) for t in decision.further_transfers)),
        Part(WITH_TEAM, only_with_some(decision)),
        Part(NOTED, tuple(s for s in finding_sentences(decision, words) if s not in beside)),
        Part(CAME_HERE, stint_sentences(decision)),
        Part(HISTORY, history(decision)),
        Part(ABOUT_POLICY, of_policy),
    ]
    return [part for part in titled if part.lines]


def about_policy(decision: Decision) -> tuple[str, ...]:
    """Sentences on the policy itself, such as a review date that has passed: they are the same for every child on that day."""
    words = Words.of(decision.model)
    findings = tuple(words.vocabulary.label("finding", code) for code in findings_about_policy(decision))
    own = () if findings else _limits_of_policy(decision)
    return (*findings, *(deadline(words, row, decision.case.as_of) for row in decision.deadlines if row["code"] in own))


def _limits_of_policy(decision: Decision) -> frozenset[str]:
    """Codes of limits that are no matter of this child: every child would have them, or has them on a fixed day."""
    dated: dict[str, set[bool]] = {}
    for atom in decision.model.holding_of("deadline"):
        dated.setdefault(str(atom.args[0]), set()).add(isinstance(atom.args[1], FixedDate))
    return frozenset(deadlines_about_policy(decision)) | {code for code, fixed in dated.items() if fixed == {True}}


def _failing(decision: Decision, words: Words, gate: str) -> str:
    """The recorded facts that make a gate fail, as one sentence."""
    claim = Claim(Atom("gate_met", (Constant(gate),)), "excluded")
    facts = leaves(Prover(decision.model), claim)
    recorded = [words.claim(fact) for fact in facts if decision.model.truth(fact.atom) is not None]
    if not recorded:
        return f"Not in place: {words.vocabulary.label('gate', gate)}."
    return capital("; ".join(dict.fromkeys(recorded))) + "."
