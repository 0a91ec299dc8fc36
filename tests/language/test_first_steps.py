"""A policy without a team or without a rule is told what to write first, in order, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers import CODES, START, faults

ONE = ("t1", "1", "route", "must", "Says one.")
NOT_YET = ("t2", "2", "route", "must", "")
OUT = ("t3", "3", "route", "must", "", "background")
WITHOUT_TEAMS = [row for row in CODES if row[0] != "team"]

REGISTER = "clauses.tsv: each clause in your own words, or a reason in `out_of_scope` where nothing follows for a case"
ROWS = "clauses.tsv: a row for each statement of the document from which something follows for a case"
TEAMS = "codes.tsv: a row of the kind `team` for each team, one of the kind `point` for each transfer point"
DOOR = "rules.dl: `front_door(TEAM).` for the team that gets new contacts, under its line such as `@clause t1.`"
MOVE = "rules.dl: the first move, `route(FROM, TO, POINT) :- ...`, with its event, `point_event(POINT, EVENT).`"
REST = "examples.yaml: an example for each sentence that moves a child, and then the rules of the other clauses"
NO_TEAM = "tiny/codes.tsv: there is no team yet, so no case can be decided"
NO_RULE = "tiny: there is no rule yet, so no case can be decided"


def steps(first: str, *told: str) -> list[str]:
    return ["\n    ".join([first, "write in this order:", *(f"{n}. {step}" for n, step in enumerate(told, 1))])]


@pytest.mark.parametrize(
    ("rules", "codes", "clauses", "expected"),
    [
        (START, CODES, [ONE, OUT], []),
        ("", WITHOUT_TEAMS, [ONE], steps(NO_TEAM, TEAMS, DOOR, MOVE, REST)),
        ("", WITHOUT_TEAMS, [ONE, NOT_YET], steps(NO_TEAM, REGISTER, TEAMS, DOOR, MOVE, REST)),
        ("% nothing yet", CODES, [ONE, NOT_YET], steps(NO_RULE, REGISTER, DOOR, MOVE, REST)),
        ("", CODES, [ONE, OUT], steps(NO_RULE, DOOR, MOVE, REST)),
        ("", [], [OUT], steps(NO_TEAM, ROWS, TEAMS, DOOR.replace("t1", "ID"), MOVE, REST)),
        # rules that name a team which is not there tell it already
        (START, WITHOUT_TEAMS, [ONE], ["tiny/rules.dl:2:1: unknown team `alpha`\n    declare it in codes.tsv as a team"]),
        # and those that name none leave the one step
        ("@clause t1.\nduty(call_back).", WITHOUT_TEAMS, [ONE], steps(NO_TEAM, TEAMS)),
    ],
)
def test_first_steps(
    tmp_path: Path, rules: str, codes: list[tuple[str, ...]], clauses: list[tuple[str, ...]], expected: list[str]
) -> None:
    assert faults(tmp_path, rules, codes=codes, clauses=clauses) == expected
