"""The assumptions of an answer in plain English: facts that nobody recorded and that the answer takes as false.

They are `assumptions` of a decision (`docs/reference/case-and-decision.md`).
"""

from __future__ import annotations

from collections.abc import Sequence

from explain.answer import Part
from explain.answer_parts import move, team
from explain.undecided import EACH
from explain.values import VALUE, value_words
from explain.words import Words
from kb.case import occurrences
from kb.space.parts import number_of
from kb.vocabulary.model import Fact
from queries.assumptions import OTHER, Assumption, Assumptions, can_be_grave
from queries.decide import Decision

TITLE = "Taken as not so, as nobody recorded it"
BEFORE = ("The move", "What holds it up", "Who has to settle it", "To be asked", EACH, "Not confirmed")
NOT_ALL = "Not every value of every fact was tried, so there may be more."
NONE_FOUND = "Nothing of that kind was found, though not every value of every fact was tried."
SHOWN = 5  # assumptions listed; the rest are counted


def assumption_sentences(before: Decision, assumed: Assumptions, most: int = SHOWN) -> tuple[str, ...]:
    """One sentence for each of the most consequential assumptions, `most` at the most, then how many are left.

    `before` is the answer that makes the assumptions. Gates are left out: “Not confirmed” lists them.
    """
    facts = before.model.program.policy.vocabulary.facts
    told = grave(before, assumed)
    sentences = [_sentence(before, each, facts[each.fact]) for each in told[:most]]
    left = len(told) - len(sentences)
    more = [f"And {left} more: the JSON form lists them all."] if left else []
    if assumed.complete:
        return (*sentences, *more)
    return (*sentences, *more, NOT_ALL) if sentences else (NONE_FOUND,)


def grave(before: Decision, assumed: Assumptions) -> tuple[Assumption, ...]:
    """The assumptions that would change the team, the status or the state of the move, the most consequential first."""
    facts = before.model.program.policy.vocabulary.facts
    return tuple(each for each in assumed.found if each.weight != OTHER and can_be_grave(facts[each.fact], facts))


def with_assumptions(parts: Sequence[Part], decision: Decision, assumed: Assumptions | None) -> list[Part]:
    """The parts of an answer with the assumptions inserted after what is to be asked and confirmed."""
    lines = assumption_sentences(decision, assumed) if assumed is not None else ()
    before = [n for n, part in enumerate(parts) if part.title in BEFORE]
    place = before[-1] + 1 if before else 0
    return [*parts[:place], *([Part(TITLE, lines)] if lines else []), *parts[place:]]


def _sentence(before: Decision, assumption: Assumption, fact: Fact) -> str:
    return f"That {_said(before, assumption, fact)}: then {_consequence(before, assumption.decision)}."


def _said(before: Decision, assumption: Assumption, fact: Fact) -> str:
    """What would have to be recorded, as a clause."""
    vocabulary = before.model.program.policy.vocabulary
    again = bool(occurrences(before.case.facts.get(fact.name)))
    value = assumption.value[-1] if again else assumption.value
    if isinstance(value, bool):
        return fact.true if value else fact.false
    number = number_of(value)
    day = value_words(fact, value, number, number, vocabulary)
    if number is not None and fact.recurs and number > before.case.record_day:
        return f"{fact.label} is planned for {day}"
    if VALUE in fact.true:
        return fact.true.replace(VALUE, day)
    return f"{fact.true}{' again' if again else ''}, for example{':' if number is None else ' on'} {day}"


def _consequence(before: Decision, after: Decision) -> str:
    """What the answer would be, as a clause."""
    words = Words.of(after.model)
    if after.status == "decided" and after.responsible_team != before.responsible_team:
        name = team(words, str(after.responsible_team))
        ended = words.vocabulary.has("outcome", str(after.responsible_team))
        return f"the case would be {name}" if ended else f"{name} would hold the child"
    if after.status != before.status:
        names = " or ".join(team(words, code) for code in after.possible_teams)
        return {
            "decided": "it would be known who holds the child",
            "unknown": f"it would not be known who holds the child: {names}",
            "conflict": f"clauses would clash over who holds the child: {names}",
            "silent": "the policy would name no team",
        }[after.status]
    if after.transfer is None:
        return "no move would be ahead"
    changed = move(words, after.transfer, after.case.as_of).removesuffix(".")
    return f"the move would be another: {changed[0].lower()}{changed[1:]}"
