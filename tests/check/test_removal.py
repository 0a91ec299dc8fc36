"""The advice to remove a rule says what else becomes needless."""

from __future__ import annotations

from pathlib import Path

from queries.check.removal import also_needless
from tests.check.checks import MOVES
from tests.helpers import program

TOLD = 'predicate {name} "it is so" not "it is not so".\n'
RULES = (
    MOVES
    + TOLD.format(name="first_step")
    + TOLD.format(name="second_step")
    + "@clause t4.\nfirst_step :- known unborn.\nsecond_step :- known first_step.\n"
    + "@clause t5.\nduty(call_back) :- known second_step.\n@clause t6.\nduty(call_back) :- known unborn.\n"
)


def told(folder: Path, rules: str, clause: str) -> str:
    made = program(folder, rules)
    rule = next(rule for rule in made.policy.rules if rule.clauses == (clause,))
    return also_needless(made.policy, rule)


def test_what_the_rule_alone_used_goes_with_it(tmp_path: Path) -> None:
    assert told(tmp_path, RULES, "t5") == (
        "; then nothing uses `second_step`, `first_step`: remove that too"
        "; clause t5 is then without a rule: give a reason in column `out_of_scope`"
    )


def test_nothing_else_goes_where_the_rest_is_used(tmp_path: Path) -> None:
    used = RULES + "duty(call_back) :- known second_step, known unborn.\n@clause t7.\nduty(call_back) :- known first_step.\n"
    assert told(tmp_path, used.replace("@clause t5.\n", "@clause t5.\nduty(call_back) :- unborn, known unborn.\n"), "t5") == ""
