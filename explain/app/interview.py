"""What the interview asks next, in the order: who holds the child, what has happened, and then one question at a time.

Of the questions that the answer hangs on, those come first that settle it with the fewest replies. Then come the facts
that could move the child on from here, of the stages that the user says the child has been through.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import streamlit as st

from explain.answer_parts import team
from explain.app import questions, session
from explain.app.engine import FOR_MANY
from explain.words import Words
from kb.carried import HOLDER, SINCE
from kb.case import NO_TEAM_ON_RECORD
from kb.language.model import Atom
from kb.vocabulary.model import Fact, Vocabulary
from queries.ask import Question
from queries.decide import Decision
from queries.replies import classes_of, replies
from queries.upcoming import facts_ahead

#: Kinds of facts that are no part of what has happened: checks stand on the answer page, agreements are for managers.
NOT_ASKED = ("gate", "agreement")
MOVES_NAMED = 2


@dataclass(frozen=True)
class Step:
    """What is asked: a fact, the stages (`stages`), or nothing more (`check`). `left`: how many come next, as things stand."""

    kind: str
    fact: str = ""
    left: int = 0


def next_step(case: session.Opened) -> Step:
    """The next thing to ask of a case."""
    chosen = st.session_state.get("at")
    if chosen:
        return Step("fact", chosen, len([name for name in _to_come(case) if name != chosen]))
    holder = case.facts.get(HOLDER)
    passed = questions.skipped() | later()
    if holder is None and HOLDER not in passed:
        return Step("fact", HOLDER, int(case.facts.get(SINCE) is None and SINCE not in passed))
    if holder not in (None, NO_TEAM_ON_RECORD) and case.facts.get(SINCE) is None and SINCE not in passed:
        return Step("fact", SINCE)
    if "stages" not in st.session_state and stages(case):
        return Step("stages")
    ahead = _to_come(case)
    while ahead and _is_idle_booking(case, ahead[0]):
        ahead.pop(0)
    return Step("fact", ahead[0], len(ahead) - 1) if ahead else Step("check")


def place_of(case: session.Opened, step: Step, before: Sequence[str]) -> str:
    """How far the interview is, in its part: what is said stays so, and where more is to come than was said, it says why.

    before  the facts that were asked before this one, in order
    """
    facts = case.program().policy.vocabulary.facts
    about_team = is_about_team(facts[step.fact])
    number = 1 + sum(is_about_team(facts[name]) == about_team for name in before)
    if st.session_state.get("return"):
        return "A change to one of your answers"
    if about_team:
        return f"Question {number} of at most {number + step.left} about the team"
    told: dict[int, int] = st.session_state.setdefault("left-told", {})
    told[number] = step.left
    more = step.left - (told[number - 1] - 1) if number - 1 in told else 0
    come = f"{step.left} more to come" if step.left else "the last one"
    why = f", {more} of them because of what was said last" if 0 < more < step.left else ", because of what was said last"
    return f"Question {number}: {come}{why if more > 0 else ''}, as things stand"


def _is_idle_booking(case: session.Opened, name: str) -> bool:
    """Whether a fact says what is booked and no reply changes the answer, as where the meeting was held already."""
    fact = case.program().policy.vocabulary.facts[name]
    return fact.time == "booking" and not question_of(case, name).matters


def later() -> set[str]:
    """The facts that were skipped for now."""
    names: set[str] = st.session_state.setdefault("later", set())
    return names


def _to_come(case: session.Opened) -> list[str]:
    """The facts still to be asked, in order."""
    passed = questions.skipped() | later() | set(case.facts)
    missing = [question.fact.name for question in questions.asked(case)]
    ticked = st.session_state.get("stages", ())
    told = [name for title, names in stages(case).items() if title in ticked for name in names]
    return [name for name in dict.fromkeys([*missing, *told]) if name not in passed]


def stages(case: session.Opened) -> dict[str, list[str]]:
    """Stages that could move the child on, each with its facts in the order in which they are asked."""
    decision = session.decision(case)
    ahead = _ahead(case, decision)
    vocabulary = decision.model.program.policy.vocabulary
    found = {
        group.title: _in_order([name for name in group.facts if name in ahead], vocabulary, case) for group in vocabulary.groups
    }
    return {title: names for title, names in found.items() if names}


def _ahead(case: session.Opened, decision: Decision) -> dict[str, tuple[Atom, ...]]:
    return session.worked_out("ahead", case.key, lambda: facts_ahead(decision))


def _in_order(names: Iterable[str], vocabulary: Vocabulary, case: session.Opened) -> list[str]:
    """Events first, each with its outcomes, then what is booked; outcomes only of events that are recorded as having happened."""
    facts, places = vocabulary.facts, {name: place for place, name in enumerate(vocabulary.facts)}
    asked = [
        name
        for name in names
        if facts[name].time not in NOT_ASKED and not (facts[name].of and case.facts.get(facts[name].of) in (None, False))
    ]
    return sorted(asked, key=lambda name: (facts[name].time == "booking", places[facts[name].of or name], places[name]))


def question_of(case: session.Opened, name: str) -> Question:
    """A question about one fact with its replies, whether or not the answer hangs on it."""
    found = next((question for question in questions.asked(case) if question.fact.name == name), None)
    return found or session.worked_out(f"replies {name}", case.key, lambda: _question(case, name))


def _question(case: session.Opened, name: str) -> Question:
    program = case.program()
    blank = case.with_facts({name: None}).case()
    found = replies(program, blank, name, FOR_MANY, classes_of(program, blank.as_of))
    return Question(program.policy.vocabulary.facts[name], tuple(found))


def bears_on(case: session.Opened, name: str) -> str:
    """The moves that a fact bears on, as a sentence; empty where it bears on none."""
    decision = session.decision(case)
    moves = _ahead(case, decision).get(name, ())
    words = Words.of(decision.model)
    named = [_move(words, route) for route in moves[:MOVES_NAMED]]
    more = f", and {len(moves) - MOVES_NAMED} more" if len(moves) > MOVES_NAMED else ""
    return f"It bears on {' and on '.join(named)}{more}." if named else ""


def _move(words: Words, route: Atom) -> str:
    _, to, point = (str(arg) for arg in route.args[:3])
    return f"the move to {team(words, to)} at {words.vocabulary.label('point', point)}"


def is_about_team(fact: Fact) -> bool:
    """Whether a question belongs to the step on who holds the child."""
    return fact.name in (HOLDER, SINCE)
