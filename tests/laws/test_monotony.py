"""Recording more never leads outside what was possible before.

This holds for a blank that a rule asks about plainly. It need not hold where rules ask what is
`known`: there a blank counts as no, by the policy's own choice (an event that nobody recorded
has not moved the case). So it is asked of the facts which the answer itself calls missing, and
of those only yes-or-no facts and choices that no rule below the holder reads under `known`.
"""

from __future__ import annotations

import random
from functools import cache
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kb.engines.pydatalog import PyDatalog
from kb.language.model import Atom
from queries.decide import decide
from tests.strategies import blackpool, case, facts, laws


@cache
def plain_facts() -> frozenset[str]:
    """Yes-or-no facts and choices that bear on the holder and are never asked for under `known`.

    A fact is out if any literal on the way from the holder down to it says `known` or `unknown`. `not known not` asks what
    may be so: of that there is only less where more is recorded.
    """
    program = blackpool()
    vocabulary = program.policy.vocabulary
    waiting = [(atom, False) for atom in program.by_head if atom.predicate == "holds"]
    seen: set[tuple[Atom, bool]] = set(waiting)
    while waiting:
        atom, under_known = waiting.pop()
        for index in program.by_head.get(atom, ()):
            for literal in program.ground[index].body:
                below = literal.atom, under_known or (literal.known and not (literal.negated and literal.inner_negated))
                if below not in seen:
                    seen.add(below)
                    waiting.append(below)
    reached = {atom.predicate for atom, under_known in seen if not under_known}
    barred = {atom.predicate for atom, under_known in seen if under_known}
    simple = {name for name, fact in vocabulary.facts.items() if fact.type in ("bool", "enum")}
    return frozenset((reached & simple) - barred)


def filled(names: list[str], chance: random.Random) -> dict[str, Any]:
    """A value for each of some facts."""
    known = blackpool().policy.vocabulary.facts
    return {n: chance.choice(known[n].values) if known[n].type == "enum" else chance.random() < 0.5 for n in names}


@laws(120)
@given(facts=facts("blackpool", 20), chance=st.randoms(use_true_random=False))
def test_more_facts_never_lead_outside_what_was_possible(facts: dict[str, Any], chance: random.Random) -> None:
    before = decide(blackpool(), case(blackpool(), facts), PyDatalog())
    blank = [name for name in before.missing_facts if name in plain_facts()]
    if before.status != "unknown" or not blank:
        return
    more = filled(chance.sample(blank, chance.randint(1, len(blank))), chance)
    after = decide(blackpool(), case(blackpool(), {**facts, **more}), PyDatalog())
    assert set(after.possible_teams) <= set(before.possible_teams)


@laws(120)
@given(facts=facts("blackpool", 20), chance=st.randoms(use_true_random=False))
def test_answering_what_is_asked_keeps_to_what_was_possible(facts: dict[str, Any], chance: random.Random) -> None:
    """The same for every choice and yes-or-no fact that the answer calls missing."""
    before = decide(blackpool(), case(blackpool(), facts), PyDatalog())
    simple = [n for n in before.missing_facts if blackpool().policy.vocabulary.facts[n].type in ("bool", "enum")]
    if before.status != "unknown" or not simple:
        return
    more = filled(simple, chance)
    after = decide(blackpool(), case(blackpool(), {**facts, **more}), PyDatalog())
    if after.responsible_team is not None:
        assert after.responsible_team in before.possible_teams


def test_there_are_such_facts() -> None:
    assert len(plain_facts()) >= 1
