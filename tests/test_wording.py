"""Every condition of every rule can be said in plain English, and no code or name leaks into it."""

from __future__ import annotations

import re
from datetime import date

import pytest

from explain.words import Words, capital
from kb.dates import in_words
from kb.policy import installed
from kb.program import Program
from queries.load import load_program
from queries.proof import MANNERS, Claim

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
    doubled = re.compile(r"\bnot (?:not|no)\b|\bno (?:no|not)\b|not the case that no\b")
    for atom in program.by_head:
        assert not doubled.search(words.statement(atom, False)), words.statement(atom, False)


def test_dates_are_said_in_full() -> None:
    assert in_words(date(2024, 9, 3).toordinal()) == "3 September 2024"
