"""The command line: every command on a good input, and what it says to a bad one."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers import Ran, whichteam

HELD = {
    "team_on_record": "assessment_and_support_team",
    "icpc_required": True,
    "icpc_held_on": "2024-10-15",
    "icpc_outcome": "child_protection_plan",
    "transfer_discussion_held": True,
}
BAD_DATE = "is not a date\n    write it as 2024-09-03\n"


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cli") / "case.json"
    path.write_text(json.dumps({"case_id": "c1", "policy": "blackpool", "as_of": "2024-10-16", "facts": HELD}))
    return path


def flat(text: str) -> str:
    """Text without its line breaks, indents and lines of boxes and trees."""
    return " ".join(re.sub(r"[│├└─╭╮╰╯]", " ", text).split())


def good(*arguments: str | Path) -> str:
    ran = whichteam(*arguments)
    assert (ran.code, ran.err) == (0, "")
    return ran.out


# decide -----------------------------------------------------------------------------------


def test_decide_in_words(case: Path) -> None:
    said = flat(good("decide", case))
    assert said.startswith("On 16 October 2024 Strengthening and Supporting Families holds the child. Blackpool Council,")
    assert (
        "The move Moved from Assessment and Support Team to Strengthening and Supporting Families "
        "at the initial child protection conference (15 October 2024)." in said
    )
    assert said.endswith("This advises; a person decides. For the reasons: whichteam why CASE")


def test_words_show_no_codes(case: Path) -> None:
    said = good("decide", case).split("\nClauses\n")[0] + good("why", case)
    assert re.findall(r"\b[a-z]+_[a-z_]+\b", said) == []


def test_decide_as_json(case: Path) -> None:
    document = json.loads(good("decide", "--json", case))
    assert (document["case_id"], document["as_of"], document["status"]) == ("c1", "2024-10-16", "decided")
    assert document["transfer"] == {
        "from": "assessment_and_support_team",
        "to": "strengthening_and_supporting_families",
        "point": "initial_child_protection_conference",
        "status": "completed",
        "on": "2024-10-15",
    }


def test_decide_on_another_day(case: Path) -> None:
    document = json.loads(good("decide", "--json", case, "--as-of", "2024-10-14"))
    assert (document["as_of"], document["responsible_team"]) == ("2024-10-14", "assessment_and_support_team")
    assert document["transfer"]["status"] == "upcoming"


def test_decide_under_another_reading(case: Path) -> None:
    document = json.loads(good("decide", "--json", case, "--set", "unrecorded_gate=blocks"))
    assert document["responsible_team"] == "assessment_and_support_team"
    assert "transfer_agreed" in document["blocked_by"]


def test_the_same_case_gives_the_same_text_twice(case: Path) -> None:
    assert good("decide", "--json", case) == good("decide", "--json", case)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--as-of", "2024-13-01"], f"--as-of: `2024-13-01` {BAD_DATE}"),
        (["--as-of", "2023-02-29"], f"--as-of: `2023-02-29` {BAD_DATE}"),
        (["--as-of", "tomorrow"], f"--as-of: `tomorrow` {BAD_DATE}"),
        (["--as-of", ""], f"--as-of: `` {BAD_DATE}"),
        (["--as-of", "20241016"], f"--as-of: `20241016` {BAD_DATE}"),
        (["--as-of", "2024-W42-3"], f"--as-of: `2024-W42-3` {BAD_DATE}"),
        (["--as-of", "9999-12-31"], f"--as-of: `9999-12-31` {BAD_DATE}"),
        (["--set", "day_cnt=working"], "reading day_cnt: unknown reading `day_cnt`\n    did you mean `day_count`?\n"),
        (
            ["--set", "day_count=wrking"],
            "reading day_count: `wrking` is not a setting of `day_count`\n    settings: both, calendar, working\n",
        ),
        (
            ["--set", "birthday_horizon=241"],
            "reading birthday_horizon: `241` is not a setting of `birthday_horizon`\n    settings: 12, 1..240\n",
        ),
        (
            ["--set", "birthday_horizon=²"],
            "reading birthday_horizon: `²` is not a setting of `birthday_horizon`\n    settings: 12, 1..240\n",
        ),
        (["--set", "day_count"], "--set: `day_count` is not READING=VALUE\n    write for example --set day_count=working\n"),
        (["--set", "day_count="], "--set: `day_count=` is not READING=VALUE\n    write for example --set day_count=working\n"),
        (["--policy", "blackpol"], "policy: there is no policy `blackpol`\n    did you mean `blackpool`?\n"),
    ],
)
def test_bad_options(case: Path, arguments: list[str], expected: str) -> None:
    assert whichteam("decide", case, *arguments) == Ran(2, "", "error: " + expected)


@pytest.mark.parametrize("command", ["why-not", "nearest"])
def test_the_case_given_before_the_team(case: Path, command: str) -> None:
    expected = (
        f"error: {case}: is a file, where a team is expected\n    write: whichteam {command} supporting_our_children {case}\n"
    )
    assert whichteam(command, case, "supporting_our_children") == Ran(2, "", expected)


def test_two_bad_readings_are_both_named(case: Path) -> None:
    ran = whichteam("decide", case, "--set", "day_cnt=both", "--set", "event_day=moves_thatday")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "error: reading day_cnt: unknown reading `day_cnt`\n    did you mean `day_count`?\n"
        "error: reading event_day: `moves_thatday` is not a setting of `event_day`\n"
        "    settings: moves_that_day, moves_next_day\n"
    )


def test_a_reading_that_none_of_several_policies_has_is_refused(case: Path) -> None:
    both = ("decide", case, "--policy", "blackpool", "--policy", "sefton")
    assert whichteam(*both, "--set", "day_cnt=both") == Ran(
        2, "", "error: reading day_cnt: unknown reading `day_cnt`\n    did you mean `day_count`?\n"
    )
    assert whichteam(*both, "--set", "day_count=working").code == 0


def test_what_if_shows_values_in_words(case: Path) -> None:
    earlier = 'previous_involvements=[{"team": "supporting_our_children", "closed_on": "2024-02-01"}]'
    said = flat(good("what-if", case, earlier, "icpc_outcome=no_plan", "cared_for=true"))
    assert "earlier: not recorded → Supporting our Children, closed on 1 February 2024" in said.replace(
        "this child before:", "earlier:"
    )
    assert "→ no plan" in said
    assert "→ yes" in said
    assert "Day(" not in said


# why --------------------------------------------------------------------------------------


def test_why(case: Path) -> None:
    said = flat(good("why", case))
    assert "The record shows the child with Assessment and Support Team" in said
    assert "The initial child protection conference was held (15 October 2024)" in said
    assert "at the initial child protection conference [clause bp81 (line 52)]" in said
    assert "house/" not in said


def test_why_in_full(case: Path) -> None:
    said = flat(good("why", "--full", case))
    assert re.search(r"\[clause bp81 \(line 52\), blackpool/5_transfer_points\.dl:\d+:\d+\]", said)
    assert re.search(r"\[a rule of the house, house/4_holder\.dl:\d+:\d+\]", said)


# policies, clauses, facts, readings, coverage, check -----------------------------------------


def test_policies() -> None:
    assert "blackpool Blackpool Council: Assessment and Support Team responsibilities and transfer policy (v2" in flat(
        good("policies")
    )


def test_clause() -> None:
    said = flat(good("clause", "bp81"))
    assert said.startswith("bp81 Blackpool Council, line 52; transfer_point, must When an initial child protection conference")
    assert (
        "route(assessment_and_support_team, strengthening_and_supporting_families, initial_child_protection_conference) :-"
        in said
    )


def test_a_clause_that_is_not_encoded_says_why() -> None:
    assert "Not encoded: aim that no case fact can test" in flat(good("clause", "bp2", "--policy", "blackpool"))


def test_an_unknown_clause() -> None:
    assert whichteam("clause", "bp181", "--policy", "blackpool") == Ran(
        2, "", "error: clause: there is no clause `bp181`\n    did you mean `bp81`?\n"
    )


def test_nothing_is_printed_before_an_unknown_clause() -> None:
    assert whichteam("clause", "bp81", "bp181", "--policy", "blackpool").out == ""


def test_facts() -> None:
    said = flat(good("facts", "threshold_level"))
    assert said == (
        "threshold_level int What level of need did the front door decide on, from 1 to 4? "
        "In time: the outcome of threshold_decision_on: known from that day on, for the last time it happened."
    )


def test_facts_none() -> None:
    assert whichteam("facts", "zzzz") == Ran(2, "", "error: facts: no fact contains `zzzz`\n    try a shorter word\n")


def test_facts_shows_every_fact_in_full() -> None:
    from kb.vocabulary.load import load_vocabulary

    said, vocabulary = good("facts"), load_vocabulary()
    assert [name for name in vocabulary.recorded if name not in said] == []
    assert [name for name in vocabulary.facts if name not in vocabulary.recorded and f"\n{name}  " in said] == []


def test_readings_shows_every_reading_in_full() -> None:
    from kb.policy import find_policy, load_policy

    said = good("readings", "blackpool")
    policy = load_policy(find_policy("blackpool"))
    assert [name for name in policy.readings if name not in said] == []
    assert [str(setting) for setting in policy.settings.values() if str(setting) not in said] == []


def test_coverage() -> None:
    said = flat(good("coverage", "blackpool"))
    numbers = re.fullmatch(
        r"blackpool: (\d+) clauses encoded (\d+) out of scope (\d+) .* missing 0 rules \d+ rules without a clause 0", said
    )
    assert numbers is not None
    assert int(numbers[1]) == int(numbers[2]) + int(numbers[3])


def test_check() -> None:
    counts = r"\d+ rules, [\d,]+ ground rules, [\d,]+ plain rules in \d+ layers over [\d,]+ conditions"
    pattern = rf"blackpool: the rules are well formed\. {counts}"
    assert re.fullmatch(pattern, flat(good("check", "blackpool", "--rules-only")))


@pytest.mark.parametrize("command", ["readings", "coverage", "check"])
def test_an_unknown_policy(command: str) -> None:
    assert whichteam(command, "blackpol") == Ran(
        2, "", "error: policy: there is no policy `blackpol`\n    did you mean `blackpool`?\n"
    )


# help -------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["decide", "why", "policies", "clause", "facts", "readings", "coverage", "check"])
def test_help_of_each_command(command: str) -> None:
    listed = flat(good("--help"))
    said = flat(good(command, "--help"))
    assert re.match(rf"Usage: .*\bwhichteam {command} ", said)
    assert re.search(rf"\b{command}\b", listed)


def test_a_command_that_there_is_not() -> None:
    ran = whichteam("decid")
    assert (ran.code, ran.out) == (2, "")
    assert "No such command 'decid'" in flat(ran.err)


def test_help_does_not_wait_for_the_engine() -> None:
    command = [sys.executable, "-X", "importtime", "-m", "explain.cli", "--help"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent)
    loaded = {line.rsplit("|", 1)[-1].strip() for line in ran.stderr.splitlines()}
    assert "typer" in loaded
    heavy = ("pyDatalog", "lark", "networkx", "holidays", "yaml", "graphviz", "explain.commands", "kb.program")
    assert [name for name in heavy if name in loaded] == []


def test_the_program_runs_on_its_own(case: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "explain.cli", "decide", "--json", str(tmp_path / "none.json")]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parent.parent)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == "error: none.json: there is no such file\n    check the path\n"
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_stops_early_is_no_fault(case: Path) -> None:
    command = f"{sys.executable} -m explain.cli decide --json {case} | head -c 1"
    ran = subprocess.run(command, shell=True, capture_output=True, text=True, check=False, cwd=Path(__file__).parent.parent)
    assert (ran.stdout, ran.stderr) == ("{", "")
