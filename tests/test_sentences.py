"""Every sentence that an answer under either policy can contain is plain English."""

from __future__ import annotations

import re

import pytest

from explain.rule_words import rule_words
from explain.sentences import sentences
from explain.words import full_stop
from kb.policy import ANY_NUMBER, TEMPLATE
from queries.load import load_program
from tests.helpers import whichteam
from tests.plain_english import faults_of

WRITTEN = ("clause", "reason for a choice", "rule")  # kinds that are written as a whole, or have several sentences in one


@pytest.mark.parametrize("policy", ["blackpool", "sefton", str(TEMPLATE)])
def test_every_sentence_is_plain(policy: str) -> None:
    found = sentences(load_program(policy), every=True)
    assert len(found) > 500
    bad = {each.text: (faults_of(full_stop(each.text), each.kind in WRITTEN), each.source) for each in found}
    assert {text: why for text, why in bad.items() if why[0]} == {}


@pytest.mark.parametrize("policy", ["blackpool", "sefton"])
def test_every_setting_of_every_choice_is_a_sentence(policy: str) -> None:
    readings = load_program(policy).policy.readings.values()
    settings = [(r, s) for r in readings for s in (str(r.default), *r.alternatives) if ".." not in s]
    assert [f"{r.name} = {s}" for r, s in settings if s not in r.says and ANY_NUMBER not in r.says] == []


BAD = {
    "The first court hearing was listed for .": "a hole",
    "It goes from From to Locality Team.": "a name of a variable",
    "4 months after Since.": "a name of a variable",
    "The plan is with locality_team.": "a code",
    "The day is on or after 2024-04-01.": "a code",
    "The record does not show the child with no team.": "a denial denied",
    "It is not the case that no meeting was held.": "a denial denied",
    "The leaving care status is: no team.": "a team where there is none",
    "closed to social work holds the child": "a team where there is none",
    "The plan takes 1 weeks.": "one of many",
    "The plan takes 12 week.": "many of one",
    "The policy is silent on it.": "a word of the trade",
    "The policy date has passed..": "two full stops",
}
GOOD = [
    "The first court hearing was listed for 3 September 2024.",
    "Moved from Request for Support Hub to Assessment and Support Team at the meeting (3 September 2024).",
    "The plan takes 1 week.",
    "The plan takes 12 weeks.",
    "Nobody recorded whether the transfer letters have gone.",
    "The policy does not say who holds the child while a dispute is open.",
    "Manager check of the assessment at day 10.",
]


@pytest.mark.parametrize(("sentence", "fault"), BAD.items())
def test_a_bad_sentence_is_told(sentence: str, fault: str) -> None:
    assert fault in faults_of(sentence)


@pytest.mark.parametrize("sentence", GOOD)
def test_a_plain_sentence_has_no_faults(sentence: str) -> None:
    assert faults_of(sentence) == []


def test_the_command_lists_them_with_their_source() -> None:
    ran = whichteam("sentences", "blackpool")
    assert (ran.code, ran.err) == (0, "")
    assert "The need is at level three or above.  blackpool/2_front_door.dl:" in ran.out
    assert ran.out.splitlines()[-1].endswith(" sentences")


@pytest.mark.parametrize("policy", ["blackpool", "sefton"])
def test_a_rule_in_english_names_none_of_its_variables(policy: str) -> None:
    program = load_program(policy)
    names = {"From", "To", "Since", "Start", "Other", "Count", "Closed", "Born", "Level", "Event", "Status"}
    for rule in program.policy.rules:
        told = rule_words(rule, program)
        assert not names & set(re.findall(r"(?<=[a-z] )[A-Z][a-z]+", told)), told


def test_what_a_rule_leaves_open_has_a_letter() -> None:
    program = load_program("blackpool")
    rule = next(r for r in program.policy.rules if r.clause == "bp43" and str(r.head).startswith("route("))
    assert rule_words(rule, program).startswith(
        "The child's case goes from team A to team B at confirmation of the threshold decision, if new contacts on a child"
    )
