"""The journey in a filed decision: forged moves, days and facts are detected, each with its own message."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from explain.filed.as_json import as_json
from explain.filed.content import content_of
from explain.filed.verify import NOT_CHECKED, sha256, verify
from kb.case import make_case
from kb.engines.forward import Forward
from queries.decide import decide
from queries.load import load_program
from tests.filed.cases import HELD, decided, record

OTHER_STEPS = "the answer's journey is not the one that its steps make"


def sealed(told: Any) -> Any:
    """The record with its hashes and seal recomputed."""
    told["hashes"]["case"] = sha256(told["case"])
    return {**told, "seal": sha256({key: part for key, part in told.items() if key != "seal"})}


def way(told: Any) -> Any:
    return told["journey"]["ways"][0]


def other_day(told: Any) -> None:
    way(told)["moves"][1]["on"] = "2024-09-30"


def other_day_everywhere(told: Any) -> None:
    other_day(told)
    told["decision"]["journey"][1]["until"] = told["decision"]["journey"][2]["from"] = "2024-09-30"
    told["decision"]["transfer"]["on"] = "2024-09-30"


def stint_left_out(told: Any) -> None:
    del way(told)["moves"][0]
    way(told)["quiet"] = sorted([*way(told)["quiet"], "2024-09-03"])
    del told["decision"]["journey"][1]
    told["decision"]["journey"][0]["until"] = "2024-10-01"


def last_move_left_out(told: Any) -> None:
    del way(told)["moves"][1]
    del told["decision"]["journey"][2]


def later_fact(told: Any) -> None:
    way(told)["moves"][0]["record"]["icpc_held_on"] = "2024-10-01"


def outcome_too_soon(told: Any) -> None:
    way(told)["moves"][0]["record"]["icpc_outcome"] = "child_protection_plan"


def other_since(told: Any) -> None:
    way(told)["last"]["record"]["with_team_since"] = "2024-09-30"


def other_start(told: Any) -> None:
    way(told)["moves"][1]["record"]["stint_from"] = "2024-09-30"


def quiet_day_left_out(told: Any) -> None:
    way(told)["quiet"].remove("2024-09-04")


def moves_in_another_order(told: Any) -> None:
    way(told)["moves"].reverse()


def other_truths(told: Any) -> None:
    way(told)["moves"][0]["model"]["certain"].pop()


def other_rule(told: Any) -> None:
    steps = way(told)["moves"][0]["proof"]["steps"]
    next(step for step in steps.values() if "rule" in step)["rule"] = 0


def recorded_earlier(told: Any) -> None:
    told["case"]["facts"]["icpc_held_on"] = "2024-09-30"


def earlier_contact(told: Any) -> None:
    told["case"]["facts"]["contact_received_on"] = "2024-09-01"


def other_holder(told: Any) -> None:
    told["decision"]["journey"][2]["team"] = "awaken"


AS_AT = "the record of the step of {} is not what it was on that day: {}".format
FORGED: list[tuple[Callable[[Any], None], str]] = [
    (other_day, "the move of 2024-09-30: it is not the move that its proof proves"),
    (other_day_everywhere, "the move of 2024-09-30: it is not the move that its proof proves"),
    (stint_left_out, "2024-09-03 is told as quiet, and a move is sure on it"),
    (last_move_left_out, "2024-10-01 is in no step, and something that a move looks at falls on it"),
    (later_fact, AS_AT("2024-09-03", "icpc_held_on")),
    (outcome_too_soon, AS_AT("2024-09-03", "icpc_outcome")),
    (other_since, AS_AT("2024-10-16", "with_team_since")),
    (other_start, AS_AT("2024-10-01", "stint_from")),
    (quiet_day_left_out, "2024-09-04 is in no step, and something that a move looks at falls on it"),
    (moves_in_another_order, "the step of 2024-09-03 is not in the order of days"),
    (other_truths, "what follows on 2024-09-03 is not what the record says follows"),
    (other_rule, "the move of 2024-09-03: step s1 of the proof: its rule does not conclude it"),
    (recorded_earlier, AS_AT("2024-10-01", "icpc_held_on")),
    (earlier_contact, AS_AT("2024-09-03", "contact_received_on, with_team_since")),
    (other_holder, "the last stint is not with the holder that the answer names"),
]


@pytest.mark.parametrize(("forge", "said"), FORGED, ids=[forge.__name__ for forge, _ in FORGED])
def test_a_forged_journey_is_found(forge: Callable[[Any], None], said: str) -> None:
    told = record("moved")
    forge(told)
    assert said in verify(sealed(told))


def test_a_sound_journey_with_what_is_taken_from_the_record() -> None:
    told, taken = record("moved"), list[str]()
    assert verify(told, None, taken) == []
    assert [(move["on"], move["point"]) for move in way(told)["moves"]] == [
        ("2024-09-03", "threshold_confirmed"),
        ("2024-10-01", "initial_child_protection_conference"),
    ]
    # The contact; the start of the assessment; the day after that start and after the conference, as rules ask whether each
    # of them is past. The day after the contact and after the decision are the first move, and the start of the assessment.
    assert way(told)["quiet"] == ["2024-09-02", "2024-09-04", "2024-09-05", "2024-10-02"]
    assert taken == list(dict.fromkeys(NOT_CHECKED.values()))


def test_ways_that_part_are_each_in_the_record() -> None:
    facts = {name: value for name, value in HELD.items() if name != "team_on_record"}
    told, taken = json.loads(as_json(content_of(decided(facts)))), list[str]()
    assert verify(told, None, taken) == []
    # The assessment team, whose conference moved the child, no team on record, and the four others that may have had the child
    # all along. The front door and another council are not ways of their own: the child is as new to Blackpool as with no team.
    assert [way["last"]["record"]["team_on_record"] for way in told["journey"]["ways"]] == [
        "strengthening_and_supporting_families",
        "none",
        "strengthening_and_supporting_families",
        "supporting_our_children",
        "supporting_children_with_complex_needs",
        "targeted_intervention_services",
    ]
    assert (
        "The journey can have gone several ways: status, teams, duties, deadlines, attendance and co-working were worked out "
        "from all that are told; the move, the stints, and that there are no more ways were not."
    ) in taken
    del told["journey"]["ways"][1:]
    assert "the answer's possible_teams is not what follows" in verify(sealed(told))


def test_an_event_may_be_older_than_the_stint_only_beside_the_way_in_which_it_is_not() -> None:
    """Law 4: an earlier closing on no known day leaves open whether the conference is of this stint."""
    facts = {"team_on_record": "assessment_and_support_team", "previous_involvements": [{"team": "supporting_our_children"}]}
    told = json.loads(
        as_json(content_of(decided({**facts, "icpc_held_on": "2024-10-01", "icpc_outcome": "child_protection_plan"})))
    )
    assert verify(told) == []
    ways = told["journey"]["ways"]
    (quiet,) = [n for n, one in enumerate(ways) if not one["moves"]]
    told["journey"]["ways"] = [ways[quiet], *(one for one in ways if "2024-10-01" in one["quiet"] and one is not ways[quiet])]
    assert "no way of the journey makes the move that is sure on 2024-10-01" in verify(sealed(told))


@pytest.mark.parametrize(
    ("policy", "day", "facts", "on"),
    [
        (
            "blackpool", "2024-03-25",
            {
                "team_on_record": "assessment_and_support_team", "with_team_since": "2024-02-05", "previous_involvements": [],
                "section_20_from": "2024-02-26", "cared_for_ended_on": True, "first_review_held_on": "2024-03-22",
            },
            "2024-03-22",
        ),
        (
            "sefton", "2024-05-01",
            {
                "team_on_record": "locality_team", "date_of_birth": "2006-04-30", "section_20_from": "2024-04-10",
                "leaving_care_status": "none",
            },
            "2024-04-30",
        ),
    ],
    ids=["an event on no known day", "a fact of the day of the record"],
)  # fmt: skip
def test_a_move_that_may_not_have_been_made_needs_the_way_that_makes_it(
    policy: str, day: str, facts: dict[str, Any], on: str
) -> None:
    """Laws 1 and 8: the way in which the move was not made stands only beside the one in which it was."""
    program = load_program(policy)
    case = make_case({"case_id": "c1", "policy": policy, "as_of": day, "facts": facts}, program.policy.vocabulary, "c1")
    told = json.loads(as_json(content_of(decide(program, case, Forward()))))
    assert verify(told) == []
    ways = told["journey"]["ways"]
    told["journey"]["ways"] = [one for one in ways if not one["moves"]]
    assert len(ways) > len(told["journey"]["ways"]) == 1
    assert f"no way of the journey makes the move that is sure on {on}" in verify(sealed(told))
