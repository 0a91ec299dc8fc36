"""What can be confirmed on the answer page: the checks before the move, and what the answer takes as not so.

Each is a question with its replies beside it. A reply is recorded at once, and the answer is worked out again.
"""

from __future__ import annotations

import streamlit as st

from explain.app import plain, questions, session
from explain.app.cards import Cards
from explain.app.style import html, soft
from explain.app.together import ASSUMED, grave_alone
from explain.assumptions import NOT_ALL, SHOWN, TITLE, assumption_sentences, grave
from explain.filed.content import Content, cited_of
from kb.vocabulary.model import Fact, Vocabulary
from queries.assumptions import is_followed
from queries.decide import Decision
from queries.gates import Gate, gates

SHOW = "Show what nobody recorded and would change this answer"


def checks(case: session.Opened, decision: Decision, content: Content) -> None:
    """The checks before the move, with how many of them are confirmed."""
    found = gates(decision)
    if not found:
        return
    met = sum(gate.met is True for gate in found)
    plain.header(f"Checks before the move: {met} of {len(found)} confirmed", anchor=False)
    stopping = set(decision.blocked_by) & {gate.code for gate in found if gate.met is None}
    soft(
        "A check that is not known holds up the move, as the policy is read here."
        if stopping
        else "“Not known” does not stop the move. A check that is known not to be done does."
    )
    cards = Cards(cited_of(content.policy, content.document))
    vocabulary = content.policy.vocabulary
    with st.container(key="checks", gap=None):
        for gate in found:
            _row(case, gate, vocabulary, cards)


def _row(case: session.Opened, gate: Gate, vocabulary: Vocabulary, cards: Cards) -> None:
    with st.container(key=f"check-{gate.code}", horizontal=True, vertical_alignment="center"):
        for name in asked_for(gate, vocabulary):
            questions.ask(vocabulary.facts[name], case)
        chips = "".join(cards.chip_of(name) for name in gate.clauses)
        if chips:
            html(chips)


def asked_for(gate: Gate, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The facts by which a person answers a check: those that are about checks, else all that it looks at."""
    own = tuple(name for name in gate.facts if vocabulary.facts[name].time == "gate")
    return own or gate.facts


def assumed(case: session.Opened, content: Content) -> None:
    """What the answer takes as not so, each with what would follow if it were. Worked out last: it takes longest.

    Where each record has to be decided by itself it can take a minute, and is worked out when it is asked for. It is left
    out while something is being tried, as a reply would be recorded.
    """
    if session.tried():
        return
    decision = content.decision
    in_columns = is_followed(decision.quick or decision)
    if not in_columns and not plain.toggle(SHOW, key="show-assumed"):
        return
    with plain.spinner("Looking for what nobody recorded and would change this answer …"):
        found = session.worked_out("assumed", case.key, lambda: ASSUMED.of(decision) if in_columns else grave_alone(decision))
        told = grave(decision, found)
        asked_for = SHOWN if not st.session_state.get("more-assumed") else len(told)
        sentences = assumption_sentences(decision, found, asked_for)  # each is worked out: only those that are shown
    if not told:
        return
    plain.header(TITLE, anchor=False)
    soft("Each of these would change the answer. Say what you know; “Not known” leaves the answer as it is.")
    facts = content.policy.vocabulary.facts
    asked = [(facts[each.fact], _if(sentence)) for each, sentence in zip(told, sentences)]
    for fact, what in asked[:SHOWN]:
        _assumed(fact, what, case)
    if len(told) > SHOWN:
        plain.toggle(f"Show {len(told) - SHOWN} more that nobody recorded and would change this answer", key="more-assumed")
    for fact, what in asked[SHOWN:asked_for]:
        _assumed(fact, what, case)
    if not found.complete:
        soft(NOT_ALL)


def _if(sentence: str) -> str:
    """`That the child is disabled: then Locality …` as `If the child is disabled, then Locality …`."""
    said, then, consequence = sentence.partition(": then ")
    return f"If {said.removeprefix('That ')}{', then ' if then else ''}{consequence}"


def _assumed(fact: Fact, what: str, case: session.Opened) -> None:
    with st.container(key=f"assumed-{fact.name}"):
        questions.ask(fact, case)
        soft(what)
