"""What hangs on a reading: a setting that changes an answer, one that changes none, and one that no rule asks for."""

from __future__ import annotations

from pathlib import Path

from kb.policy import load_policy
from kb.program import compile_policy
from kb.variants import Variants
from queries.check.finding import Finding, Otherwise
from queries.check.replay import shows
from tests.check.checks import MOVES, outcome
from tests.helpers import make_policy, tiny, whichteam

NAME = "readings"
BOTH = """@clause t4.
duty(call_back) :- reading(mood, calm), known unborn.
duty(call_back) :- reading(mood, stern), known unborn.
duty(call_back) :- reading(mood, glad), known threshold_met.
"""


def by_setting(folder: Path, rules: str) -> dict[str, Finding]:
    """The findings on the readings of a policy of ours, the house's left out, by `reading` as `setting`."""
    findings = outcome(NAME, folder, rules).findings
    ours = [finding for finding in findings if "`mood`" in finding.says or "`span`" in finding.says]
    return {" ".join(finding.says.split("`")[1:4:2]): finding for finding in ours}


def test_what_each_setting_changes(tmp_path: Path) -> None:
    found = by_setting(tmp_path, MOVES + BOTH)
    assert list(found) == ["mood stern", "mood glad", "span 1", "span 30"]
    glad, stern = found["mood glad"], found["mood stern"]
    assert glad.says == "The reading `mood` as `glad` instead of `calm` gives a child different duties."
    assert (glad.weight, glad.clauses, glad.otherwise) == ("choice", ("t4",), Otherwise("mood", "glad", "duties"))
    assert glad.case is not None
    assert len(glad.case.facts) == 1  # either of the two facts tells the settings apart
    assert (
        stern.says
        == "The reading `mood` as `stern` instead of `calm` changes no answer of any case, with the other readings as they are."
    )
    assert (stern.weight, stern.clauses, stern.case) == ("note", ("t4",), None)
    assert stern.advice == "take the setting away, or write the rule in which it matters"


def test_a_setting_that_matters_only_beside_another(tmp_path: Path) -> None:
    rules = """@clause t4.
duty(call_back) :- reading(mood, calm), known unborn.
duty(call_back) :- reading(mood, glad), known unborn, not reading(trust, low).
duty(call_back) :- reading(mood, stern), known unborn.
"""
    readings = [("mood", "calm", "stern; glad", "T:1", "The text is silent on mood."), ("trust", "high", "low", "T:1-2", "")]
    found = {" ".join(f.says.split("`")[1:4:2]): f for f in outcome(NAME, tmp_path, MOVES + rules, readings=readings).findings}
    assert found["mood glad"].says == (
        "The reading `mood` as `glad` instead of `calm` changes no answer of any case, unless `trust` is `low`."
    )
    assert (found["mood glad"].weight, found["mood glad"].advice) == ("note", "")
    assert (
        found["mood stern"].says
        == "The reading `mood` as `stern` instead of `calm` changes no answer of any case, with the other readings as they are."
    )
    assert found["trust low"].says == (
        "The reading `trust` as `low` instead of `high` changes no answer of any case, unless `mood` is `glad`."
    )


def test_a_reading_that_no_rule_of_the_policy_asks_for(tmp_path: Path) -> None:
    found = by_setting(tmp_path, MOVES + BOTH)["span 30"]
    assert (
        found.says
        == "The reading `span` as `30` instead of `7` changes no answer of any case, with the other readings as they are."
    )
    assert (found.clauses, found.advice) == ((), "")


def test_a_case_in_which_both_settings_know_the_team_comes_first(tmp_path: Path) -> None:
    """One fact less would do where one of the two leaves the team unknown."""
    rules = """@clause t1.
front_door(alpha).
route(alpha, beta, handover) :- known unborn, reading(mood, calm).
route(alpha, beta, handover) :- unborn, threshold_met, reading(mood, glad).
point_event(handover, icpc_held_on).
"""
    found = by_setting(tmp_path, rules)["mood glad"]
    assert found.says == "The reading `mood` as `glad` instead of `calm` gives a child a different answer on its team."
    assert found.case is not None
    assert (found.case.facts["unborn"], found.case.facts["threshold_met"]) == (True, False)


def test_the_case_must_show_what_hangs_on_the_reading(tmp_path: Path) -> None:
    (finding,) = (f for f in by_setting(tmp_path, MOVES + BOTH).values() if f.case is not None)
    made = compile_policy(load_policy(tmp_path / "tiny"))
    assert shows(made, finding)
    wrong = Finding(NAME, "choice", "", case=finding.case, otherwise=Otherwise("mood", "stern", "duties"))
    assert not shows(made, wrong)


def test_a_policy_read_otherwise_is_the_program_that_compiling_it_gives(tmp_path: Path) -> None:
    policy = tiny(tmp_path, MOVES + BOTH)
    for setting in ("stern", "glad"):
        whole = compile_policy(policy.with_settings({"mood": setting}))
        assert set(Variants(policy).read_as({"mood": setting}).ground) == set(whole.ground)


def test_both_answers_are_told(tmp_path: Path) -> None:
    home = make_policy(tmp_path, MOVES + BOTH)
    text = whichteam("check", home, "--only", NAME).out
    start = text.index("The reading `mood` as `glad`")
    assert text[start : text.index("\n\n", start)] == (
        "The reading `mood` as `glad` instead of `calm` gives a child different duties. [readings]\n"
        "   What is open: The text is silent on mood.\n"
        "   Clauses: t4 (line 4)\n"
        "   Smallest case:\n"
        "     Whether this is about an unborn baby: yes\n"  # of the two facts that show it the first of the vocabulary
        "   With `mood` as `calm`: There is a duty to call back.\n"
        "   With `mood` as `glad`: None of these."
    )
