"""Policies that are not finished: `whichteam check` says what to do first, `whichteam test` runs the examples it can."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kb.policy import CLAUSE_COLUMNS
from tests.helpers import CODES, START, make_policy, whichteam

ROWS = [("t1", "1", "route", "must", "Says one."), ("t2", "2", "route", "must", "Says two.")]
HELD = """\
- example: A new contact lies with Alpha
  on: 2024-06-03
  given:
    team on record: none
  expect:
    team: alpha
    because: t1
"""
MOVED = """\
- example: The handover moves the child
  on: 2024-06-03
  given:
    team on record: alpha
    contact received on: 2024-06-01
  expect:
    team: beta
"""
UNREAD = MOVED.replace("contact received on", "contact recieved").replace("The handover", "Another handover")
NOT_FINISHED = (
    "tiny/clauses.tsv: clause `t2` has no rule\n"
    "    write its rules under `@clause t2.`, or give a reason in column `out_of_scope`\n"
)


def policy(folder: Path, examples: str, rules: str = START, codes: list[tuple[str, ...]] | None = None) -> Path:
    home = make_policy(folder, rules, clauses=ROWS, codes=CODES if codes is None else codes)
    (home / "examples.yaml").write_text(examples, encoding="utf-8")
    return home


def test_examples_of_an_unfinished_policy_are_run(tmp_path: Path) -> None:
    ran = whichteam("test", policy(tmp_path, HELD))
    assert (ran.code, ran.err) == (0, f"note: {NOT_FINISHED}")
    assert ran.out == "tiny: 1 example, all as expected\nOver 1 case: 1 of 1 rules fire; 0 of 0 conditions are shown to matter.\n"


def test_one_that_needs_a_missing_rule_fails_and_the_others_are_met(tmp_path: Path) -> None:
    """Its case can't be decided by another command yet, so none is offered."""
    ran = whichteam("test", policy(tmp_path, HELD + MOVED))
    assert (ran.code, ran.err) == (1, f"note: {NOT_FINISHED}")
    assert ran.out == (
        "fails  The handover moves the child  tiny/examples.yaml:8:12\n"
        "       team: expected Beta; the answer is Alpha\n"
        "tiny: 2 examples, 1 not as expected\n"
        "Over 2 cases: 1 of 1 rules fire; 0 of 0 conditions are shown to matter.\n"
    )


def test_one_that_can_not_be_read_keeps_no_other_from_being_run(tmp_path: Path) -> None:
    ran = whichteam("test", policy(tmp_path, HELD + UNREAD))
    assert ran.code == 2
    assert ran.out.startswith("tiny: 1 example, all as expected\n")
    assert ran.err == (
        f"note: {NOT_FINISHED}"
        "error: tiny/examples.yaml:12:5: unknown fact `contact recieved`\n    did you mean `contact_received_on`?\n"
    )


@pytest.mark.parametrize("rule", ["not front_door(alpha) :- known cared_for.", "duty(call_back) :- known cared_for."])
def test_an_exception_to_a_clause_that_has_no_rule_yet(tmp_path: Path, rule: str) -> None:
    rules = f"{START}@clause t3 exception_to t2.\n{rule}\n"
    home = make_policy(tmp_path, rules, clauses=[*ROWS, ("t3", "3", "route", "must", "Says three.")])
    (home / "examples.yaml").write_text(HELD, encoding="utf-8")
    ran = whichteam("test", home)
    assert (ran.code, ran.err) == (0, f"note: {NOT_FINISHED}")
    assert ran.out.startswith("tiny: 1 example, all as expected\n")


def test_as_json_what_is_missing_goes_to_the_other_stream(tmp_path: Path) -> None:
    ran = whichteam("test", policy(tmp_path, HELD), "--format", "json")
    assert [example["met"] for example in json.loads(ran.out)["examples"]] == [True]
    assert ran.err == f"note: {NOT_FINISHED}"


def test_changes_are_tried_on_finished_policies_only(tmp_path: Path) -> None:
    ran = whichteam("test", policy(tmp_path, HELD), "--mutate")
    assert (ran.code, ran.out, ran.err) == (2, "", f"error: {NOT_FINISHED}")


def test_a_wrong_rule_is_told_and_no_example_is_run(tmp_path: Path) -> None:
    ran = whichteam("test", policy(tmp_path, HELD, START + "duty(cal_back).\n"))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"error: tiny/rules.dl:3:1: unknown duty `cal_back`\n    did you mean `call_back`?\nerror: {NOT_FINISHED}"


STEPS = (
    "tiny/codes.tsv: there is no team yet, so no case can be decided\n"
    "    write in this order:\n"
    "    1. codes.tsv: a row of the kind `team` for each team, one of the kind `point` for each transfer point\n"
    "    2. rules.dl: `front_door(TEAM).` for the team that gets new contacts, under its line such as `@clause t1.`\n"
    "    3. rules.dl: the first move, `route(FROM, TO, POINT) :- ...`, with its event, `point_event(POINT, EVENT).`\n"
    "    4. examples.yaml: an example for each sentence that moves a child, and then the rules of the other clauses\n"
)


@pytest.mark.parametrize("command", [("check",), ("check", "--rules-only"), ("test",)])
def test_without_a_team_the_first_steps_are_told(tmp_path: Path, command: tuple[str, ...]) -> None:
    home = policy(tmp_path, HELD, "", [])
    first, *options = command
    ran = whichteam(first, home, *options)
    assert (ran.code, ran.out, ran.err) == (2, "", f"error: {STEPS}")


def test_a_register_made_from_a_document_is_told_the_first_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("policy.txt").write_text("Moving a case\nA new contact lies with the front door.\n", encoding="utf-8")
    assert whichteam("new-policy", "northshire", "--from-document", "policy.txt").code == 0
    ran = whichteam("check", "./northshire")
    first, order, *steps = ran.err.splitlines()
    assert (ran.code, ran.out) == (2, "")
    assert (first, order) == (
        "error: northshire/codes.tsv: there is no team yet, so no case can be decided",
        "    write in this order:",
    )
    assert [step.partition(":")[0].strip() for step in steps] == [
        "1. clauses.tsv",
        "2. codes.tsv",
        "3. rules.dl",
        "4. rules.dl",
        "5. examples.yaml",
    ]
    assert Path("northshire/clauses.tsv").read_text(encoding="utf-8").startswith("\t".join(CLAUSE_COLUMNS))
