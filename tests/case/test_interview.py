"""`whichteam ask` in the terminal: recorded facts stay, and invalid replies are asked again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from explain import asking
from explain.terminal import console
from kb.case import Day, case_document, make_case
from kb.engines.forward import Forward
from queries.ask import Question
from queries.decide import Decision, decide
from queries.load import load_program
from queries.what_if import parse_value
from tests.helpers import whichteam

PROGRAM = load_program("blackpool")
VOCABULARY = PROGRAM.policy.vocabulary


def decided(**facts: Any) -> Decision:
    document = {"case_id": "c1", "policy": "blackpool", "as_of": "2024-09-03", "facts": facts}
    return decide(PROGRAM, make_case(document, VOCABULARY, "case.json"), Forward())


def reply(monkeypatch: pytest.MonkeyPatch, decision: Decision, fact: str, *typed: str) -> tuple[Any, list[str], list[str]]:
    """The facts of the case after a question, the prompts shown, and what was printed between them."""
    asked: list[str] = []
    printed: list[str] = []
    replies: Iterator[str] = iter(typed)

    def told(prompt: str) -> str:
        asked.append(re.sub(r"\[/?dim\]", "", prompt).strip())
        return next(replies)

    monkeypatch.setattr(console, "input", told)
    monkeypatch.setattr(console, "print", lambda text: printed.append(text))
    case = asking._put(Question(VOCABULARY.facts[fact], (), False), decision)
    return None if case is None else case_document(case, VOCABULARY)["facts"], asked, printed


TEAM = "assessment_and_support_team"


def test_a_further_day_is_added(monkeypatch: pytest.MonkeyPatch) -> None:
    decision = decided(team_on_record=TEAM, icpc_held_on=["2022-05-10", "2024-03-20"])
    facts, asked, _ = reply(monkeypatch, decision, "icpc_held_on", "2024-09-01")
    assert facts["icpc_held_on"] == ["2022-05-10", "2024-03-20", "2024-09-01"]
    assert asked == [
        "When was the initial child protection conference held? (recorded: 10 May 2022; 20 March 2024; "
        "a date as 2024-09-03 is added, several in square brackets take their place; empty to stop)"
    ]


def test_several_days_take_the_place_of_those_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    decision = decided(team_on_record=TEAM, icpc_held_on="2022-05-10")
    facts, _, _ = reply(monkeypatch, decision, "icpc_held_on", "[2022-05-11, 2024-09-01]")
    assert facts["icpc_held_on"] == ["2022-05-11", "2024-09-01"]


def test_what_no_record_can_have_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    decision = decided(team_on_record=TEAM, date_of_birth="2020-01-01")
    facts, asked, printed = reply(monkeypatch, decision, "with_team_since", "2024-09-04", "2024-02-30", "2024-09-02")
    assert facts["with_team_since"] == "2024-09-02"
    assert len(asked) == 3
    assert printed == [
        "2024-09-04 is after the day of the record 2024-09-03\ncorrect one of the two dates",
        "`2024-02-30` is no day of the calendar",
    ]
    facts, _, printed = reply(monkeypatch, decision, "placed_on", "[2019-12-31]", "")
    assert facts is None
    assert printed == [
        "2019-12-31 is before the date of birth 2020-01-01\n"
        "only a child who has been born can have it: correct one of the two dates"
    ]
    _, _, printed = reply(monkeypatch, decision, "icpc_held_on", "[2024-09-01, 2022-05-10]", "")
    assert printed == [
        "2022-05-10 stands after 2024-09-01, which is later\nlist the days on which it happened, oldest first, each once"
    ]


@pytest.mark.parametrize(
    ("fact", "how"),
    [
        ("icpc_held_on", "a date as 2024-09-03, several in square brackets, oldest first, true or false"),
        ("contact_received_on", "a date as 2024-09-03, several in square brackets, oldest first"),
        ("with_team_since", "a date as 2024-09-03"),
        ("threshold_met", "true or false"),
        ("threshold_level", "a number from 1 to 4"),
        ("icpc_outcome", "child_protection_plan, no_plan"),
        ("final_orders", "a list in square brackets"),
        ("team_on_record", "a team code"),
    ],
)
def test_what_may_be_typed(monkeypatch: pytest.MonkeyPatch, fact: str, how: str) -> None:
    _, asked, _ = reply(monkeypatch, decided(), fact, "")
    assert asked == [f"{VOCABULARY.facts[fact].question} ({how}; empty to stop)"]


def test_a_day_that_can_not_be_right_gives_way_to_the_reply() -> None:
    decision = decided(
        team_on_record=TEAM,
        previous_involvements=[],
        section_20_from="2024-05-01",
        first_review_held_on=["2024-01-10", "2024-06-10"],
    )
    assert [(wrong.fact, wrong.presupposes) for wrong in decision.misdated] == [("first_review_held_on", "section_20_from")]
    day = Day(make_case({"case_id": "c", "policy": "blackpool", "as_of": "2024-05-20", "facts": {}}, VOCABULARY, "").as_of)
    review = asking.with_reply(decision, VOCABULARY.facts["first_review_held_on"], day)
    assert case_document(review, VOCABULARY)["facts"]["first_review_held_on"] == ["2024-05-20", "2024-06-10"]
    stay = asking.with_reply(decision, VOCABULARY.facts["section_20_from"], day)
    assert case_document(stay, VOCABULARY)["facts"]["section_20_from"] == "2024-05-20"


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("[2022-05-10, 2024-09-01]", ["2022-05-10", "2024-09-01"]),
        ('["2022-05-10"]', ["2022-05-10"]),
        ("[]", []),
        ("true", True),
        ("3", 3),
        ("null", None),
        ("2024-09-01", "2024-09-01"),
        ("[awaken]", ["awaken"]),
    ],
)
def test_values_as_a_person_types_them(typed: str, value: object) -> None:
    assert parse_value(typed) == value


def test_what_if_takes_several_days(tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    document = {"case_id": "c1", "policy": "blackpool", "as_of": "2024-09-03", "facts": {"team_on_record": TEAM}}
    path.write_text(json.dumps(document), encoding="utf-8")
    ran = whichteam("what-if", path, "icpc_held_on=[2022-05-10, 2024-09-01]")
    assert (ran.code, ran.err) == (0, "")
    turned = whichteam("what-if", path, "icpc_held_on=[2024-09-01, 2022-05-10]")
    assert (turned.code, turned.out) == (2, "")
    assert turned.err == (
        "error: case.json: facts.icpc_held_on: 2022-05-10 stands after 2024-09-01, which is later\n"
        "    list the days on which it happened, oldest first, each once\n"
    )
    carried = whichteam("what-if", path, "came_from=awaken")
    assert (carried.code, carried.err.splitlines()[0]) == (2, "error: what if: unknown fact `came_from`")
