"""`whichteam new-policy` copies the template, which passes all checks unchanged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kb.engines.forward import Forward
from kb.errors import InputError
from kb.policy import TEMPLATE, installed, load_policy
from kb.program import compile_policy
from queries.coverage import coverage_of
from queries.decide import decide
from queries.new_policy import new_policy
from tests.helpers import case_of, whichteam


def test_the_template_has_no_fault_and_is_no_policy() -> None:
    compile_policy(load_policy(TEMPLATE))
    assert coverage_of(load_policy(TEMPLATE)).missing == ()
    assert TEMPLATE.name not in installed()


#: What the template teaches: a rule that shows each.
SHOWN = {
    "a gate": "gate(first_team, planning_meeting, managers_have_talked).",
    "a limit in working days": "limit(meeting_due, Accepted + 10 working days) :- ",
    "a reading": "reading(meeting_days_from, acceptance)",
    "a step-down": "route(second_team, first_team, step_down_meeting) :- ",
    "an exception": "not route(_, _, _) :- known of_age.",
    "an end of a case": "route(first_team, case_closed, closing_meeting) :- ",
    "a birthday": "by_age_only(eighteenth_birthday).",
}


@pytest.mark.parametrize("rule", SHOWN.values(), ids=SHOWN)
def test_the_template_shows_what_most_policies_have(rule: str) -> None:
    assert any(rule in str(own) for own in load_policy(TEMPLATE).rules if own.position.file.startswith("template/"))


def test_the_template_is_small() -> None:
    assert len((TEMPLATE / "rules.dl").read_text(encoding="utf-8").splitlines()) < 65


def test_the_checks_find_no_fault_and_no_gap_in_the_template() -> None:
    """What is left to know is what a reading and an exception always bring, and two moves that may fall together."""
    found = json.loads(whichteam("check", TEMPLATE, "--format", "json").out)
    assert {finding["weight"] for finding in found["findings"]} == {"note", "choice"}
    assert {name for name, check in found["checks"].items() if check["unsettled"]} == {"two-teams"}


def test_a_meeting_of_an_earlier_day_does_not_hold_up_a_step_down_of_the_template() -> None:
    """`not known planning_meeting_held_on(Day)` denies a planning meeting on that day, not on every day."""
    program = compile_policy(load_policy(TEMPLATE))
    team = {"team_on_record": "second_team", "with_team_since": "2024-05-01", "step_down_meeting_on": "2024-06-10"}
    for held, expected in (("2024-05-13", "first_team"), ("2024-06-10", "second_team"), (None, "first_team")):
        found = case_of(program, {**team, "planning_meeting_held_on": held} if held else team, as_of="2024-06-15")
        assert decide(program, found, Forward()).responsible_team == expected


def test_what_starts_a_move_is_asked_with_known() -> None:
    """As the guide has it: what nobody recorded moves no child."""
    policy = load_policy(TEMPLATE)
    routes = [rule for rule in policy.rules if rule.head.predicate == "route" and not policy.clauses[rule.clause].house]
    asked = [literal for rule in routes for literal in rule.body if literal.atom.predicate not in ("team", "reading")]
    assert len(routes) == 7
    assert all(literal.known for literal in asked)


def test_a_new_policy_checks_at_once(tmp_path: Path) -> None:
    folder = new_policy("eastshire", tmp_path)
    assert compile_policy(load_policy(folder)).policy.code == "eastshire"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("East Shire", "name: `East Shire` is not a policy code\n    use lower-case letters, digits and _"),
        ("blackpool", "name: there is a policy `blackpool` already\n    choose another name"),
    ],
)
def test_names_that_can_not_be_used(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        new_policy(name, tmp_path)
    assert str(caught.value) == message
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "eastshire").mkdir()
    with pytest.raises(InputError) as caught:
        new_policy("eastshire", tmp_path)
    assert str(caught.value) == f"{tmp_path / 'eastshire'}: exists already\n    choose another name or place"
    assert list((tmp_path / "eastshire").iterdir()) == []
