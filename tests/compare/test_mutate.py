"""Mutation testing of rules: which mutants there are, and the result for each."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from kb.space import ORDINARY_DAY
from queries.mutants import mutants
from queries.mutate import Trial, Trials, Verdict
from tests.helpers import START, case_of, make_policy, program, tiny, whichteam

RULES = """
@clause t2.
duty(call_back) :- threshold_met, known threshold_level(Level), Level >= 3, not known unborn.
@clause t3.
limit(visit_due, Day + 2 weeks) :- known contact_received_on(Day).
@clause t4.
route(alpha, beta, handover).
point_event(handover, referral_accepted_on).
@clause t5 exception_to t4.
route(alpha, gamma, handover) :- threshold_met.
"""


def test_every_change_is_made_once(tmp_path: Path) -> None:
    policy = tiny(tmp_path, START + RULES)
    found = [(mutant.clause, mutant.change) for mutant in mutants(policy)]
    assert found == [
        ("t2", "without `threshold_met`"),
        ("t2", "`not threshold_met` for `threshold_met`"),
        ("t2", "without `known threshold_level(Level)`"),
        ("t2", "`not known threshold_level(Level)` for `known threshold_level(Level)`"),
        ("t2", "without `Level >= 3`"),
        ("t2", "`Level < 3` for `Level >= 3`"),
        ("t2", "`Level > 3` for `Level >= 3`"),
        ("t2", "`Level >= 2` for `Level >= 3`"),
        ("t2", "`Level >= 4` for `Level >= 3`"),
        ("t2", "without `not known unborn`"),
        ("t2", "`known unborn` for `not known unborn`"),
        ("t3", "without `known contact_received_on(Day)`"),
        ("t3", "`not known contact_received_on(Day)` for `known contact_received_on(Day)`"),
        ("t3", "`limit(visit_due, Day + 1 weeks)` for `limit(visit_due, Day + 2 weeks)`"),
        ("t3", "`limit(visit_due, Day + 3 weeks)` for `limit(visit_due, Day + 2 weeks)`"),
        ("t5", "without `threshold_met`"),
        ("t5", "`not threshold_met` for `threshold_met`"),
        ("t5", "no longer an exception to t4"),
    ]


def test_the_words_of_the_language_are_changed_too(tmp_path: Path) -> None:
    rules = (
        "@clause t2.\nduty(call_back) :- recorded unborn.\nopen duty(call_back) :- unknown threshold_met.\n"
        "@clause t3 exception_to t2.\nnot duty(call_back) :- cared_for.\n"
    )
    policy = tiny(tmp_path, START + rules)
    assert [(mutant.clause, mutant.change) for mutant in mutants(policy)] == [
        ("t2", "without `recorded unborn`"),
        ("t2", "`unknown unborn` for `recorded unborn`"),
        ("t2", "`duty(call_back)` for `open duty(call_back)`"),
        ("t2", "without `not known threshold_met`"),
        ("t2", "`known threshold_met` for `not known threshold_met`"),
        ("t2", "without `not known not threshold_met`"),
        ("t2", "`known not threshold_met` for `not known not threshold_met`"),
        ("t3", "without `cared_for`"),
        ("t3", "`not cared_for` for `cared_for`"),
        ("t3", "no longer an exception to t2"),
    ]
    outcomes = [verdict.outcome for verdict in Trials(policy, [], ORDINARY_DAY).verdicts(mutants(policy))]
    # half of `unknown` depends on nothing, and a removal without its general clause removes nothing
    assert outcomes == ["survived"] * 3 + ["refused"] * 4 + ["survived"] * 2 + ["refused"]


def test_what_becomes_of_each_change(tmp_path: Path) -> None:
    made = program(tmp_path, START + RULES)
    high, low = (case_of(made, {"threshold_met": True, "threshold_level": level}) for level in (3, 2))
    trials = [Trial(high, meets=lambda answer: answer.duties == ("call_back",)), Trial(low)]  # the low one expects nothing
    verdicts = Trials(made.policy, trials, high.as_of).verdicts(mutants(made.policy))
    found = {verdict.change: verdict for verdict in verdicts}
    assert {change: (found[change].outcome, found[change].kind) for change in EXPECTED} == EXPECTED


#: The result of each mutant, worked out by hand from the two cases above.
EXPECTED = {
    "without `known threshold_level(Level)`": ("refused", ""),
    "without `Level >= 3`": ("seen", ""),
    "`Level < 3` for `Level >= 3`": ("killed", ""),
    "`Level > 3` for `Level >= 3`": ("killed", ""),
    "`Level >= 2` for `Level >= 3`": ("seen", ""),
    "`Level >= 4` for `Level >= 3`": ("killed", ""),
    "without `not known unborn`": ("survived", "duties"),
    "`known unborn` for `not known unborn`": ("killed", ""),
    "`limit(visit_due, Day + 3 weeks)` for `limit(visit_due, Day + 2 weeks)`": ("survived", "deadlines"),
    "no longer an exception to t4": ("survived", "team"),  # a case found for a change before it: two teams for one
}


def test_a_survivor_comes_with_a_case_that_would_notice_it(tmp_path: Path) -> None:
    found = verdicts_of(tmp_path, "duty(call_back) :- threshold_met, known safeguarding_concern.")
    both = {"threshold_met", "safeguarding_concern"}
    assert [(v.change, v.outcome, v.shown_by and set(v.shown_by["facts"])) for v in found] == [
        ("without `threshold_met`", "survived", {"safeguarding_concern"}),
        ("`not threshold_met` for `threshold_met`", "survived", both),
        ("without `known safeguarding_concern`", "survived", {"threshold_met"}),
        # the case of the second change shows this one too
        (
            "`not known safeguarding_concern` for `known safeguarding_concern`",
            "survived",
            {"threshold_met", "safeguarding_concern"},
        ),
    ]


def test_an_equivalent_mutant_is_proved_equivalent(tmp_path: Path) -> None:
    found = verdicts_of(tmp_path, "duty(call_back) :- known threshold_level(Level), Level >= 3, Level >= 2.")
    assert {v.change: v.outcome for v in found}["without `Level >= 2`"] == "equivalent"


def verdicts_of(folder: Path, rule: str) -> list[Verdict]:
    policy = tiny(folder, START + "@clause t2.\n" + rule + "\n")
    return list(Trials(policy, [], ORDINARY_DAY).verdicts(mutants(policy)))


# On the command line ----------------------------------------------------------------------

EXAMPLES = """
- example: A high need calls for a call
  on: 2024-06-03
  given:
    threshold level: 3
  expect:
    duties: call_back
- example: A low need does not
  on: 2024-06-03
  given:
    threshold level: 2
  expect:
    duties: []
"""
ONE_RULE = START + "@clause t2.\nduty(call_back) :- known threshold_level(Level), Level >= 3.\n"


def test_the_command_tells_what_nobody_notices(tmp_path: Path) -> None:
    folder = make_policy(tmp_path, START + "@clause t2.\nduty(call_back) :- threshold_met, known safeguarding_concern.\n")
    (folder / "examples.yaml").write_text(
        EXAMPLES.replace("threshold level: 3", "threshold met: true").replace("call_back", "[]"), encoding="utf-8"
    )
    ran = whichteam("test", folder, "--mutate", "--only", "t2")
    assert (ran.code, ran.err) == (1, "")
    assert "without `threshold_met`" in ran.out
    assert "safeguarding concern: true" in ran.out


def test_the_command_counts_what_is_noticed(tmp_path: Path) -> None:
    folder = make_policy(tmp_path, ONE_RULE)
    (folder / "examples.yaml").write_text(EXAMPLES, encoding="utf-8")
    ran = whichteam("test", folder, "--mutate", "--format", "json")
    found = json.loads(ran.out)
    assert ran.code == 0
    outcomes = {"killed": 5, "seen": 0, "refused": 2, "equivalent": 0, "survived": 0, "not settled": 0}
    assert found["outcomes"] == outcomes
    again = whichteam("test", folder, "--mutate")
    assert again.out.splitlines() == [
        "tiny: 7 changes to the rules, tried on 2 examples",
        "     5 make an example or a scenario fail",
        "     2 refused by the checks of the rules",
    ]
    assert Counter(verdict["outcome"] for verdict in found["verdicts"]) == {"killed": 5, "refused": 2}
    part = json.loads(whichteam("test", folder, "--mutate", "--sample", "3", "--format", "json").out)["verdicts"]
    assert len(part) == 3
    assert all(verdict in found["verdicts"] for verdict in part)
    assert json.loads(whichteam("test", folder, "--mutate", "--sample", "3", "--format", "json").out)["verdicts"] == part


def test_an_example_tries_changes_under_its_own_readings(tmp_path: Path) -> None:
    """The rule is for a mood that is not in use, so only the example that asks for that mood can notice."""
    rule = "@clause t2.\nduty(call_back) :- reading(mood, stern), known threshold_level(Level), Level >= 3.\n"
    folder = make_policy(tmp_path, START + rule)
    stern = EXAMPLES.replace("  given", "  under:\n    mood: stern\n  given")
    counts = {}
    for name, examples in (("without", EXAMPLES.replace("call_back", "[]")), ("with", stern)):
        (folder / "examples.yaml").write_text(examples, encoding="utf-8")
        found = json.loads(whichteam("test", folder, "--mutate", "--format", "json").out)
        counts[name] = {outcome: count for outcome, count in found["outcomes"].items() if count}
    assert counts == {
        "without": {"killed": 2, "refused": 2, "equivalent": 5},
        "with": {"killed": 6, "refused": 2, "survived": 1},  # the rule without its reading: no example is in a calm mood
    }


def test_examples_that_fail_are_to_be_mended_first(tmp_path: Path) -> None:
    folder = make_policy(tmp_path, ONE_RULE)
    (folder / "examples.yaml").write_text(EXAMPLES.replace("duties: []", "duties: call_back"), encoding="utf-8")
    ran = whichteam("test", folder, "--mutate")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: tiny/examples.yaml:8:12: `A low need does not` is not as expected\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--only", "t2"], "error: --only: names clauses to change\n    add --mutate\n"),
        (["--sample", "3"], "error: --sample: is the number of changes\n    add --mutate\n"),
        (["--mutate", "--only", "t3"], "error: --only: there is no clause `t3`\n    did you mean `t2`?\n"),
    ],
)
def test_bad_requests_are_refused(arguments: list[str], message: str, tmp_path: Path) -> None:
    folder = make_policy(tmp_path, ONE_RULE)
    (folder / "examples.yaml").write_text(EXAMPLES, encoding="utf-8")
    ran = whichteam("test", folder, *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(message.split("\n")[0])
