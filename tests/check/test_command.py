"""`whichteam check` and `whichteam explain-check`: what they print and write."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from explain.check.in_words import others_told
from queries.check import check_names
from tests.check.checks import MOVES
from tests.helpers import make_policy, whichteam

FINDING = "The clauses give a child to Beta and Gamma at the same time."


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(make_policy(tmp_path_factory.mktemp("command"), MOVES))


def test_text(home: str) -> None:
    ran = whichteam("check", home, "--only", "two-teams")
    assert ran.code == 0
    assert f"1. {FINDING} [two-teams]\n   Clauses: " in ran.out
    assert "t2 (line 2), t3 (line 3)\n   Smallest case:\n" in ran.out
    said = "On 16 October 2024 the clauses give the child to Beta and Gamma, and nothing settles which."
    assert f"   With the readings in use: {said}\n" in ran.out
    assert ran.err == f"checking two-teams\n  found: {FINDING}\n"


SHORT = """
Five things to do first

1. The clauses give a child to Beta and Gamma at the same time. [two-teams]
   Clauses: t2 (line 2), t3 (line 3)
   Smallest case:
     The team on the record: Alpha
     The initial child protection conference: 16 October 2024
     The first court hearing: 16 October 2024
   With the readings in use: On 16 October 2024 the clauses give the child to Beta and Gamma, and nothing settles which.
   What to do: say which comes first: make one clause an exception to the other, or name a reading that settles it.

2. No clause says when a case ends with Beta or Gamma. [ends]
   Clauses: t2 (line 2), t3 (line 3)
   What to do: say which team closes a case, on what day, and what has to be done before.

3. Somebody who has turned 18 can stay with Beta: no clause moves or closes the case by then. [ages]
   So too:
     Somebody who has turned 18 can stay with Gamma: no clause moves or closes the case by then.
   Clauses: t2 (line 2)
   Smallest case:
     The date of birth: 16 October 2006
     The team on the record: Beta
   With the readings in use: On 16 October 2024 Beta holds the child.
   What to do: say what happens at 18 to a young person who was not in care.

4. No rule names the gate “the papers are ready” (`papers_ready`). [loose-ends]
   What to do: write the rule, or take the code out of codes.tsv.

5. No case leaves Beta by a clause. [teams]
   Clauses: t2 (line 2)
   What to do: write how its cases end or move on, if the policy says so.

In all
  Faults: 1 (two-teams 1)
  Gaps: 3 (ends 1, ages 2)
  To know: 12 (loose-ends 9, teams 2, points-disagree 1)
  Choices: 2 (defaults 2)
  Proved free of fault: 63

  whichteam check tiny --only two-teams  one check, with all that it found
  whichteam check tiny --all             everything, what was proved, and under which conditions
"""


def test_the_text_shows_what_to_do_first_and_how_many_findings_there_are(home: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The gravest come first, and of those of one weight one of each check."""
    monkeypatch.chdir(Path(home).parent)
    ran = whichteam("check", "tiny")
    assert ran.out.partition("conditions\n")[2] == SHORT
    assert ran.err.count("  found: ") == 7  # one line for each check that found something


def test_all_shows_each_finding_and_what_was_proved(home: str) -> None:
    """Nothing that the short form counts is missing."""
    said = whichteam("check", home, "--all").out
    document = json.loads(whichteam("check", home, "--format", "json").out)
    assert len(document["findings"]) == 18
    assert [finding["says"] for finding in document["findings"] if finding["says"] not in said] == []
    assert "  circle: found 0, proved 2, not settled 0\n" in said
    assert said.count("\nThis holds under these conditions\n") == 1


def test_a_check_without_findings_says_so(home: str) -> None:
    assert whichteam("check", home, "--only", "circle", "--only", "no-team").out.count("\nNothing was found.\n") == 1


def test_of_many_faults_of_form_the_first_are_told(tmp_path: Path) -> None:
    """25 rules name duties that are not declared. `--rules-only` tells them all."""
    wrong = "".join(f"duty(no_duty_{n}) :- known unborn.\n" for n in range(25))
    clauses = [(f"t{n}", str(n), "move", "must", "A move.") for n in (1, 2, 3, 8)]
    home = make_policy(tmp_path, MOVES, files={"a.dl": "@clause t8.\n" + wrong}, clauses=clauses)
    ran = whichteam("check", home, "--only", "two-teams")
    assert ran.code == 2
    assert ran.err.count("error: tiny/a.dl:") == 20
    told = f"put these right first; `whichteam check {home} --rules-only` tells all"
    assert ran.err.endswith(f"error: the rest: 5 more faults are not told here\n    {told}\n")
    assert whichteam("check", home, "--rules-only").err.count("error: tiny/a.dl:") == 25


def test_of_many_findings_of_one_cause_two_are_told() -> None:
    says = [f"Finding {number}." for number in range(15)]
    assert others_told(says, "whichteam check p --only c") == [*says[:2], "And 13 more: whichteam check p --only c"]
    assert others_told(says[:3], "whichteam check p --only c") == says[:3]


def test_json(home: str, tmp_path: Path) -> None:
    document = json.loads(whichteam("check", home, "--only", "two-teams", "--format", "json").out)
    (finding,) = document["findings"]
    assert (finding["says"], finding["weight"], finding["answer"]) == (FINDING, "fault", "conflict")
    assert finding["clauses"][-2:] == [{"id": "t2", "lines": [2]}, {"id": "t3", "lines": [3]}]
    assert document["checks"]["two-teams"]["findings"] == 1
    case = tmp_path / "case.json"
    case.write_text(json.dumps(finding["case"]), encoding="utf-8")
    decided = json.loads(whichteam("decide", case, "--policy", home, "--json").out)
    assert (decided["status"], decided["possible_teams"]) == ("conflict", ["beta", "gamma"])


def test_sarif(home: str) -> None:
    document = json.loads(whichteam("check", home, "--only", "two-teams", "--format", "sarif").out)
    assert document["version"] == "2.1.0"
    (run,) = document["runs"]
    (result,) = run["results"]
    assert (result["ruleId"], result["level"]) == ("two-teams", "error")
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "two-teams"
    place = [*result["locations"], *result["relatedLocations"]][-2]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "tiny/rules.dl", "uriBaseId": "POLICIES"}
    assert place["region"] == {"startLine": 3, "startColumn": 1}


def test_markdown_into_a_file(home: str, tmp_path: Path) -> None:
    out = tmp_path / "findings.md"
    ran = whichteam("check", home, "--only", "two-teams", "--format", "markdown", "--out", out)
    assert (ran.code, ran.out) == (0, "")
    page = out.read_text(encoding="utf-8")
    assert page.startswith("# Tiny Council: what the checks found\n")
    assert f"### 1. {FINDING}\n" in page


def test_exit_status(home: str) -> None:
    assert whichteam("check", home, "--only", "two-teams", "--exit-status").code == 1
    assert whichteam("check", home, "--only", "teams", "--exit-status").code == 0


def test_a_faulty_rule_hides_no_other_fault_and_no_check(tmp_path: Path) -> None:
    """One file has a statement that can't be read and another an unknown name; the two moves of the third still clash."""
    files = {"a.dl": "@clause t8.\nduty(call_back) : known unborn.\n", "b.dl": "@clause t9.\nduty(cal_back) :- known unborn.\n"}
    clauses = [(f"t{n}", str(n), "move", "must", "A move.") for n in (1, 2, 3, 8, 9)]
    ran = whichteam("check", make_policy(tmp_path, MOVES, files=files, clauses=clauses), "--only", "two-teams")
    assert ran.code == 2
    assert f"1. {FINDING} [two-teams]\n" in ran.out
    assert ran.out.endswith("\n  2 faulty rules are left out; findings about t8 and t9 are not told.\n")
    assert ran.err == (
        "There are faults of form: see the end. What stands is checked.\n"
        f"checking two-teams\n  found: {FINDING}\n"
        "error: tiny/a.dl:2:17: `:` can't stand here\n"
        "    duty(call_back) : known unborn.\n"
        "                    ^\n"
        "    expected `:-`, or a full stop\n"
        "error: tiny/b.dl:2:1: unknown duty `cal_back`\n    did you mean `call_back`?\n"
    )


CIRCLES = """@clause t8.
predicate waiting
  "it waits"
  not "it does not wait".
waiting :- unborn, not urgent.
@clause t9.
predicate urgent
  "it is urgent"
  not "it is not urgent".
urgent :- not waiting.
duty(call_back) :- urgent.
@clause t10.
route(alpha, gamma, handover) :- not holds(gamma).
"""


def test_circles_hide_no_check(tmp_path: Path) -> None:
    """Two circles are broken one after the other; the two moves of other clauses still clash."""
    clauses = [(f"t{n}", str(n), "move", "must", "A move.") for n in (1, 2, 3, 8, 9, 10)]
    ran = whichteam("check", make_policy(tmp_path, MOVES, files={"a.dl": CIRCLES}, clauses=clauses), "--only", "two-teams")
    assert ran.code == 2
    assert f"1. {FINDING} [two-teams]\n" in ran.out
    assert ran.out.endswith("\n  2 faulty rules are left out; findings about t8 and t10 are not told.\n")
    assert ran.err.endswith(
        "error: tiny/a.dl:5:1: `waiting` would have to be settled before itself: t8 (tiny/a.dl:5:1) concludes `waiting` "
        "from `not urgent`; t9 (tiny/a.dl:10:1) concludes `urgent` from `not waiting`\n"
        "    break the circle: no rule may rest on the denial of its own result\n"
        "error: tiny/a.dl:13:1: `route(alpha, gamma, handover)` would have to be settled before itself: t10 (tiny/a.dl:13:1) "
        "concludes `route(alpha, gamma, handover)` from `not holds(gamma)`; the rules of the house conclude `holds(gamma)` "
        "from `route(alpha, gamma, handover)`\n"
        "    let the move not wait for its own result (such as told or holds): ask starts_with or with_or_from instead\n"
    )


def test_what_is_not_used_hides_no_check(tmp_path: Path) -> None:
    unused = 'predicate spare\n  "it is spare"\n  not "it is not spare".\n'
    ran = whichteam("check", make_policy(tmp_path, MOVES + unused), "--only", "two-teams")
    assert ran.code == 2
    assert f"1. {FINDING} [two-teams]\n" in ran.out
    assert ran.err.endswith(
        "error: tiny/rules.dl:9:1: predicate `spare` is declared and never used\n    use it in a rule, or remove it\n"
    )


def test_a_fault_of_a_table_stops_the_checks(tmp_path: Path) -> None:
    ran = whichteam("check", make_policy(tmp_path, MOVES, clauses=[("t1", "one", "move", "must", "A move.")]))
    assert (ran.code, ran.out) == (2, "")
    assert (
        ran.err
        == "error: tiny/clauses.tsv:2, column `lines`: `one` are not line numbers\n    write for example `52` or `16-21`\n"
    )


def test_faults_of_the_asker(home: str) -> None:
    assert whichteam("check", home, "--only", "two-team").err == (
        "error: check: there is no check `two-team`\n    did you mean `two-teams`?\n"
    )
    assert whichteam("check", home, "--format", "xml").code == 2
    assert whichteam("check", home, "--as-of", "soon").err == "error: --as-of: `soon` is not a date\n    write it as 2024-09-03\n"


@pytest.mark.parametrize("name", check_names())
def test_each_check_has_a_page(name: str) -> None:
    page = whichteam("explain-check", name).out
    title, definition, example = page.split("\n\n", 2)
    assert title == f"# {name}"
    assert definition.count(".") == 1
    assert "\n" not in definition
    assert len(example) > 100
