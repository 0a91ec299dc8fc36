"""Every condition of every rule has a wording in plain English, without codes."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explain.answer import parts
from explain.tree import Teller, defaults_set_aside, holder_claims
from explain.why_short import short
from explain.words import Words, capital
from kb.dates import in_words
from kb.engines.forward import Forward
from kb.policy import installed
from kb.program import Program, solve
from queries.decide import decide
from queries.load import load_program
from queries.proof import MANNERS, Claim
from tests.strategies import case, facts, laws

CODE = re.compile(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b|[{}\[\]<>=]|\bNone\b|\bTrue\b|\bFalse\b")


@pytest.fixture(scope="module", params=sorted(installed()))
def program(request: pytest.FixtureRequest) -> Program:
    return load_program(request.param)


def test_every_literal_of_every_rule_is_said(program: Program) -> None:
    words = Words(program)
    said: dict[str, str] = {}
    for rule in program.ground:
        for literal in (*rule.body, *rule.given):
            text = words.literal(literal)
            assert text.strip(), f"{literal} of {program.rules[rule.source].position} is not said"
            said[text] = f"{literal} of {program.rules[rule.source].position}"
    leaks = {text: where for text, where in said.items() if CODE.search(text)}
    assert leaks == {}


def test_every_conclusion_is_said_both_ways(program: Program) -> None:
    words = Words(program)
    for atom in program.by_head:
        for manner in MANNERS:
            text = capital(words.claim(Claim(atom, manner)))
            assert text[0].isupper() or text[0].isdigit(), text
            assert not CODE.search(text), text


def test_a_denial_is_not_said_twice(program: Program) -> None:
    words = Words(program)
    doubled = re.compile(r"\bnot (?:not|no)\b|\bno (?:no|not)\b|not the case that no\b|known not to be\b")
    for atom in program.by_head:
        assert not doubled.search(words.statement(atom, False)), words.statement(atom, False)


@pytest.mark.parametrize("policy", ["blackpool", "sefton"])
@laws(3)
@given(data=st.data())
def test_the_full_tree_says_every_condition_of_every_rule_it_uses(policy: str, data: st.DataObject) -> None:
    program = load_program(policy)
    model = solve(program, case(program, data.draw(facts(policy))), Forward())
    teller = Teller(model, full=True)
    for claim in holder_claims(model):
        waiting = [(claim, teller.tell(claim))]
        while waiting:
            here, sentence = waiting.pop()
            assert not CODE.search(sentence.text), sentence.text
            step = teller.prover.step(here)
            assert step is not None
            if sentence.repeated:
                continue
            given_ = program.ground[step.rule].given if step.rule is not None else ()
            asked = len(sentence.reasons) - len(step.premises) - len(given_)
            said = sentence.reasons[asked:]
            assert [one.text for one in said[: len(step.premises)]] == [capital(teller.words.claim(p)) for p in step.premises]
            assert [one.text for one in said[len(step.premises) :]] == [capital(teller.words.literal(lit)) for lit in given_]
            waiting += zip(step.premises, said)
            if step.rule is not None:
                assert len(step.premises) == len(program.ground[step.rule].body)
                assert sentence.details[0] == f"rule: {program.written(program.ground[step.rule].source)}"


@pytest.mark.parametrize("policy", ["blackpool", "sefton"])
@laws(8)
@given(data=st.data())
def test_no_code_leaks_into_what_people_read(policy: str, data: st.DataObject) -> None:
    program = load_program(policy)
    decision = decide(program, case(program, data.draw(facts(policy))), Forward())
    teller = Teller(decision.model)
    waiting = [*map(teller.tell, holder_claims(decision.model)), *defaults_set_aside(decision.model, teller)]
    texts = [short(decision), *(line for part in parts(decision) for line in part.lines)]
    while waiting:
        sentence = waiting.pop()
        texts.append(sentence.text)
        waiting += sentence.reasons
    assert [text for text in texts if CODE.search(re.sub(r"\[clause [^]]*\]", "", text))] == []


def test_dates_are_said_in_full() -> None:
    assert in_words(date(2024, 9, 3).toordinal()) == "3 September 2024"
