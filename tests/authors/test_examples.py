"""`whichteam test`: the examples of a policy, faults in them with their places, and reports of failing examples."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kb.examples import FIELDS, read_examples
from kb.policy import POLICIES, TEMPLATE, load_policy
from tests.helpers import make_policy, whichteam

RULES = """\
@clause t1.
front_door(alpha).
point_event(handover, referral_accepted_on).
@clause t2.
route(alpha, beta, handover) :- known icpc_required.
duty(call_back) :- known safeguarding_concern.
limit(visit_due, On + 1 weeks) :- known referral_accepted_on(On).
@clause t3.
gate(alpha, handover, papers_ready) :- reading(mood, stern).
gate_met(papers_ready) :- record_up_to_date.
"""
MOVES = """\
- example: The handover moves the child
  on: 2024-06-03
  given:
    team on record: Alpha
    icpc required: yes
    referral accepted on: 2024-06-01
  expect:
    team: beta
    from: Alpha
    by: handover
    dated: 2024-06-01
    move: completed
    deadlines:
      visit due: 2024-06-08
    because: t2
"""
STERN = """\
- example: In a stern mood the papers come first
  on: 2024-06-03
  under:
    mood: stern
  given:
    team on record: alpha
    icpc_required: true
    referral accepted on: 2024-06-01
    record up to date: no
  expect:
    team: alpha
    blocked by: the papers are ready
    duties: []
"""


def policy(folder: Path, examples: str, name: str = "examples.yaml") -> Path:
    home = make_policy(folder, RULES)
    (home / name).parent.mkdir(exist_ok=True)
    (home / name).write_text(examples, encoding="utf-8")
    return home


def test_examples_that_are_met(tmp_path: Path) -> None:
    ran = whichteam("test", policy(tmp_path, MOVES + STERN))
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "tiny: 2 examples, all as expected\nOver 2 cases: 5 of 7 rules fire; 2 of 4 conditions are shown to matter.\n"
    )


def test_examples_may_stand_in_several_files(tmp_path: Path) -> None:
    home = policy(tmp_path, MOVES)
    (home / "examples").mkdir()
    (home / "examples" / "mood.yml").write_text(STERN)
    assert whichteam("test", home).out.startswith("tiny: 2 examples, all as expected\n")
    assert [example.where for example in read_examples(home, load_policy(home))] == [
        "tiny/examples.yaml:1:12",
        "tiny/examples/mood.yml:1:12",
    ]


def test_a_failing_example_says_what_was_expected_and_how_to_see_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    wrong = MOVES.replace("team: beta", "team: gamma").replace("2024-06-08", "2024-06-09").replace("completed", "none")
    policy(tmp_path, wrong + STERN.replace("duties: []", "duties: call back"))
    monkeypatch.chdir(tmp_path)
    ran = whichteam("test", "./tiny")
    assert (ran.code, ran.err) == (1, "")
    assert ran.out == (
        "fails  The handover moves the child  tiny/examples.yaml:1:12\n"
        "       team: expected Gamma; the answer is Beta\n"
        "       move: expected none; the answer is completed\n"
        "       deadlines: expected visit due 2024-06-09; the answer is visit due 2024-06-08\n"
        "       reasons: whichteam test ./tiny --save cases, then "
        "whichteam why cases/the-handover-moves-the-child.json --policy ./tiny\n"
        "fails  In a stern mood the papers come first  tiny/examples.yaml:16:12\n"
        "       duties: expected call back; the answer is none\n"
        "       reasons: whichteam test ./tiny --save cases, then "
        "whichteam why cases/in-a-stern-mood-the-papers-come-first.json --policy ./tiny --set mood=stern\n"
        "tiny: 2 examples, 2 not as expected\n"
        "Over 2 cases: 5 of 7 rules fire; 2 of 4 conditions are shown to matter.\n"
    )


def test_what_must_not_be_in_the_answer_can_be_said(tmp_path: Path) -> None:
    given = MOVES.split("  expect:")[0] + "    safeguarding concern: yes\n  expect:\n"
    home = policy(tmp_path, given + "    no findings: odd\n    not ask: icpc required\n    not because: t3\n")
    ran = whichteam("test", home)
    assert (ran.code, ran.out.splitlines()[0]) == (0, "tiny: 1 example, all as expected")
    (home / "examples.yaml").write_text(given + "    no deadlines: visit due\n    no duties: call back\n", encoding="utf-8")
    ran = whichteam("test", home)
    assert ran.code == 1
    assert [line.strip() for line in ran.out.splitlines() if ": the answer has " in line] == [
        "no deadlines: the answer has visit due",
        "no duties: the answer has call back",
    ]


def test_all_that_is_in_the_answer_can_be_said(tmp_path: Path) -> None:
    given = MOVES.split("  expect:")[0] + "    safeguarding concern: yes\n  expect:\n"
    home = policy(tmp_path, given + "    only duties: call back\n    only ask: []\n")
    assert whichteam("test", home).code == 0
    (home / "examples.yaml").write_text(given + "    only duties: []\n    only findings: odd\n", encoding="utf-8")
    ran = whichteam("test", home)
    assert [line.strip() for line in ran.out.splitlines() if " expected " in line] == [
        "only duties: expected none; the answer is call back",
        "only findings: expected This is odd.; the answer is none",
    ]


def test_further_moves_and_limits_that_were_kept_can_be_said(tmp_path: Path) -> None:
    further = (
        RULES
        + """@clause t4.
route(beta, gamma, goodbye).
point_event(goodbye, first_hearing_held_on).
met_by(visit_due, icpc_held_on).
limit(visit_due, On + 2 weeks) :- known referral_accepted_on(On).
"""
    )
    given = MOVES.split("  expect:")[0] + "    first hearing held on: 2024-06-25\n    icpc held on: 2024-06-10\n  expect:\n"
    given = given.replace("2024-06-03", "2024-06-20")
    both = "    only deadlines:\n      visit due: [2024-06-08, 2024-06-15]\n"
    good = "    to: Beta\n    only then to: Gamma\n    then by: goodbye\n    kept: visit due\n    missed: visit due\n" + both
    home = make_policy(tmp_path, further)
    (home / "examples.yaml").write_text(given + good, encoding="utf-8")
    ran = whichteam("test", home)
    assert (ran.code, ran.out.splitlines()[0]) == (0, "tiny: 1 example, all as expected")
    bad = (
        "    then to: Alpha\n    only then by: []\n    not missed: visit due\n    only deadlines:\n      visit due: 2024-06-08\n"
    )
    (home / "examples.yaml").write_text(given + bad, encoding="utf-8")
    ran = whichteam("test", home)
    said = " ".join(ran.out.split())
    for line in (
        "then to: expected Alpha; the answer is Gamma",
        "only then by: expected none; the answer is the goodbye",
        "not missed: the answer has visit due",
        "only deadlines: expected visit due 2024-06-08; the answer is visit due 2024-06-08, visit due 2024-06-15",
    ):
        assert line in said
    (home / "examples.yaml").write_text(given + "    only deadlines: []\n", encoding="utf-8")
    ran = whichteam("test", home)
    assert "only deadlines: expected none; the answer is visit due 2024-06-08, visit due 2024-06-15" in " ".join(ran.out.split())
    (home / "examples.yaml").write_text(given + "    only deadlines: visit due\n", encoding="utf-8")
    assert (
        "`only deadlines` needs a date for each\n    write for example `return_window_ends: 2024-09-03`"
        in whichteam("test", home).err
    )


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ("deadlines:\n      visit due: soon", "`soon` is not a date\n    write it as 2024-09-03"),
        ("deadlines:\n      visit due: []", "`visit due` needs a date\n    write it as 2024-09-03"),
        ("only deadlines:\n      visit due: []", "`visit due` needs a date\n    write it as 2024-09-03"),
        ("only deadlines:\n      visit: [2024-06-08, 2024-06-15]", "`visit` is not a deadline of this policy"),
    ],
)
def test_limits_without_a_date(tmp_path: Path, expected: str, said: str) -> None:
    ran = whichteam("test", policy(tmp_path, MOVES.split("  expect:")[0] + f"  expect:\n    {expected}\n"))
    assert ran.code == 2
    assert ran.err.count("error:") == 1
    assert said in ran.err


#: A child who went from the first team to the second at the handover, and was seen before that.
JOURNEY = """\
- example: Alpha, then Beta
  on: 2024-06-03
  given:
    team on record: none
    contact received on: 2024-05-20
    icpc required: yes
    referral accepted on: [2021-02-03, 2024-06-01]
    case closed on: 2022-01-05
  expect:
"""


@pytest.mark.parametrize(
    "expected",
    [
        "journey:\n      - Alpha\n      - Beta",
        "journey:\n      - {team: beta, from: 2024-06-01, until: none, by: the handover, status: present}",
        "journey:\n      - {team: Alpha, from: 2024-05-20, until: 2024-06-01, by: none, status: past}\n      - {status: present}",
        "history:\n      referral accepted on: 2021-02-03",
        "only history:\n      referral accepted on: [2021-02-03]\n      case closed on: 2022-01-05",
        "set aside: []",
    ],
)
def test_journey_and_history_can_be_said(tmp_path: Path, expected: str) -> None:
    ran = whichteam("test", policy(tmp_path, f"{JOURNEY}    {expected}\n"))
    assert (ran.code, ran.err, ran.out.splitlines()[0]) == (0, "", "tiny: 1 example, all as expected")


GOT = "team alpha; from 2024-05-20; until 2024-06-01; point none; status past, team beta; from 2024-06-01; until none; "


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ("journey: [Beta, Alpha]", "journey: expected team beta, team alpha; the answer is " + GOT),
        ("journey: []", "journey: expected none; the answer is " + GOT),
        ("journey: [{team: Beta, from: 2024-06-02}]", "journey: expected team beta; from 2024-06-02; the answer is " + GOT),
        ("journey: [{team: Beta}, {team: Beta}]", "journey: expected team beta, team beta; the answer is " + GOT),
        (
            "history: []",
            "history: expected none; the answer is referral accepted on 2021-02-03, case closed on 2022-01-05",
        ),
        (
            "only history: {case closed on: 2022-01-05}",
            "only history: expected case closed on 2022-01-05; "
            "the answer is referral accepted on 2021-02-03, case closed on 2022-01-05",
        ),
        ("set aside: t2", "set aside: expected t2; the answer is none"),
        ("assumptions: icpc held on", "assumptions: expected icpc held on; the answer is "),
    ],
)
def test_another_journey_or_history_is_told(tmp_path: Path, expected: str, said: str) -> None:
    ran = whichteam("test", policy(tmp_path, f"{JOURNEY}    {expected}\n"))
    assert (ran.code, ran.err) == (1, "")
    assert said in " ".join(ran.out.split())


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ("journey: Alpha", "10:14: `journey` is not a list of stints\n    write for example `- team: ...`, or [] for none"),
        ("journey: [{team: Betta}]", "10:22: `Betta` is not a team of this policy\n    did you mean `beta`?"),
        ("journey: [Betta]", "10:15: `Betta` is not a team of this policy\n    did you mean `beta`?"),
        ("journey: [{teem: Beta}]", "10:16: a stint has no `teem`\n    did you mean `team`?"),
        ("journey: [{from: May}]", "10:22: `May` is not a date\n    write it as 2024-09-03"),
        ("journey: [{by: goodby}]", "10:20: `goodby` is not a point of this policy\n    did you mean `goodbye`?"),
        ("journey: [{status: presen}]", "10:24: `presen` is not the status of a stint\n    did you mean `present`?"),
        ("history: icpc held on", "10:14: `history` needs a date for each\n    write for example `date_of_birth: 2024-09-03`"),
        (
            "history: {icpc helt on: 2021-01-05}",
            "10:29: `icpc helt on` is not a fact of this policy\n    did you mean `icpc_held_on`?",
        ),
        ("assumptions: icpc helt on", "10:18: `icpc helt on` is not a fact of this policy\n    did you mean `icpc_held_on`?"),
        ("set aside: t9", "10:16: `t9` is not a clause of this policy"),
    ],
)
def test_a_journey_or_history_that_can_not_be_read(tmp_path: Path, expected: str, said: str) -> None:
    ran = whichteam("test", policy(tmp_path, f"{JOURNEY}    {expected}\n"))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"error: tiny/examples.yaml:{said}")
    assert ran.err.count("error:") == 1


def test_saved_examples_are_cases_for_the_other_commands(tmp_path: Path) -> None:
    home = policy(tmp_path, MOVES)
    assert whichteam("test", home, "--save", tmp_path / "cases").code == 0
    path = tmp_path / "cases" / "the-handover-moves-the-child.json"
    assert json.loads(path.read_text()) == {
        "case_id": "the-handover-moves-the-child",
        "policy": "tiny",
        "as_of": "2024-06-03",
        "facts": {"team_on_record": "alpha", "icpc_required": True, "referral_accepted_on": "2024-06-01"},
    }
    assert whichteam("decide", path, "--policy", home).out.startswith("On 3 June 2024 Beta holds the child.\n")


FAULTS = [
    ("on: 2024-06-03", "on: 2024-06-31", "2:7: `2024-06-31` is no day of the calendar\n    write the date as 2024-09-03"),
    ("on: 2024-06-03\n", "at: 2024-06-03\n", "2:3: an example has no `at`\n    write one of: example, on, given, expect, under"),
    ("icpc required", "icpc requird", "5:5: unknown fact `icpc requird`\n    did you mean `icpc_required`?"),
    (
        "icpc required",
        "initial child protection conference",
        "5:5: unknown fact `initial child protection conference`\n    did you mean `icpc_held_on`?",
    ),
    ("icpc required", "zzz", "5:5: unknown fact `zzz`\n    see `whichteam facts --policy {given}` for the names"),
    ("required: yes", "required: perhaps", "5:20: `perhaps` is not true or false"),
    ("record: Alpha", "record: alpah", "4:21: `alpah` is not a team of this policy\n    did you mean `alpha`?"),
    ("team: beta", "team: betta", "8:11: `betta` is not a team of this policy\n    did you mean `beta`?"),
    ("because: t2", "because: t9", "15:14: `t9` is not a clause of this policy\n    write the id of a clause of clauses.tsv"),
    ("    by: h", "    buy: h", "10:5: an expectation has no `buy`\n    did you mean `by`?"),
    ("dated: 2024-06-01", "dated: soon", "11:12: `soon` is not a date\n    write it as 2024-09-03"),
    (
        "due: 2024-06-08",
        "due: 2024-06-08 10:00",
        "14:18: `2024-06-08 10:00` is not a date\n    write it as 2024-09-03, with a time of day as 2024-09-03T10:00",
    ),
    ("visit due: ", "visit dew: ", "14:18: `visit dew` is not a deadline of this policy\n    did you mean `visit_due`?"),
    (
        "deadlines:\n      visit due: 2024-06-08",
        "deadlines: visit due",
        "13:16: `deadlines` needs a date for each\n    write for example `return_window_ends: 2024-09-03`",
    ),
    ("team on record", "team_on_record: beta\n    team on record", "5:5: `team on record` is given twice\n    keep one of them"),
    ("  given:", "  under: {mood: merry}\n  given:", "3:17: `merry` is not a setting of `mood`\n    settings: calm, stern, glad"),
    ("  given:", "  under: {moud: calm}\n  given:", "3:11: unknown reading `moud`\n    did you mean `mood`?"),
    ("  given:", "  under: {zzz: calm}\n  given:", "3:11: unknown reading `zzz`\n    readings: {readings}"),
    ("    by: h", "    zzz: h", "10:5: an expectation has no `zzz`\n    write one of: {keys}"),
]


@pytest.mark.parametrize(("old", "new", "said"), FAULTS, ids=[new.strip()[:20] for _, new, _ in FAULTS])
def test_faults_are_told_with_their_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert MOVES.count(old) == 1
    home = policy(tmp_path, MOVES.replace(old, new))
    ran = whichteam("test", home)
    keys = (key for key in FIELDS if not key.startswith(("only ", "no ", "not ")))
    told = said.replace("{given}", str(home)).replace("{readings}", ", ".join(load_policy(home).readings))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"error: tiny/examples.yaml:{told.replace('{keys}', ', '.join(keys))}\n")


def test_every_fault_is_told_and_none_of_it_twice(tmp_path: Path) -> None:
    ran = whichteam("test", policy(tmp_path, MOVES + MOVES + "- example: Too short\n- nothing\n"))
    assert ran.err == (
        "error: tiny/examples.yaml:31:3: `on` is missing\n    an example has example, on, given and expect\n"
        "error: tiny/examples.yaml:31:3: `given` is missing\n    an example has example, on, given and expect\n"
        "error: tiny/examples.yaml:31:3: `expect` is missing\n    an example has example, on, given and expect\n"
        "error: tiny/examples.yaml:32:3: is not an example\n    write names with values: example, on, given, expect, under\n"
        "error: tiny/examples.yaml:16:12: `The handover moves the child` is there already\n    first at tiny/examples.yaml:1:12\n"
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a: 1\n", "tiny/examples.yaml:1:1: is not a list of examples\n    start each with `- example: what it shows`\n"),
        ("- [1, 2\n", "tiny/examples.yaml:2:1: is not YAML: expected ',' or ']', but got '<stream end>'\n"),
    ],
)
def test_files_that_hold_no_examples(tmp_path: Path, content: str, said: str) -> None:
    ran = whichteam("test", policy(tmp_path, content))
    assert (ran.code, ran.out, ran.err) == (2, "", f"error: {said}")


def test_a_policy_without_examples(tmp_path: Path) -> None:
    ran = whichteam("test", make_policy(tmp_path, RULES))
    hint = "write `examples.yaml` in its folder: see docs/writing-a-policy.md"
    assert (ran.code, ran.err) == (2, f"error: tiny: has no examples\n    {hint}\n")


def test_coverage_is_told_by_clause_and_misses_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    ran = whichteam("test", policy(tmp_path, MOVES), "--coverage", "--misses")
    assert ran.out == (
        "tiny: 1 example, all as expected\n"
        "Over 1 case: 4 of 6 rules fire; 1 of 4 conditions are shown to matter.\n"
        "1 rule can't fire under the readings in use.\n"
        "\n"
        "file           clause  lines  rules fire  conditions shown\n"
        "tiny/rules.dl  t3      3          0 of 1            0 of 1\n"
        "tiny/rules.dl  t2      2          2 of 3            1 of 3\n"
        "tiny/rules.dl  t1      1          2 of 2      none to show\n"
        "\n"
        "tiny/rules.dl:10:1  [t3] gate_met(papers_ready)\n"
        "    never fires: in no case `record_up_to_date`\n"
        "\n"
        "tiny/rules.dl:5:1  [t2] route(alpha, beta, handover)\n"
        "    `known icpc_required` never fails\n"
        "\n"
        "tiny/rules.dl:6:1  [t2] duty(call_back)\n"
        "    never fires: in no case `known safeguarding_concern`\n"
        "\n"
        "tiny/rules.dl:7:1  [t2] limit(visit_due, On + 1 weeks)\n"
        "    `known referral_accepted_on(On)` never fails\n"
        "\n"
        "tiny/rules.dl:9:1  [t3] gate(alpha, handover, papers_ready)\n"
        "    never fires: it needs the reading mood = stern\n"
    )


def test_coverage_with_further_cases(tmp_path: Path) -> None:
    home = policy(tmp_path, MOVES)
    scenarios = [
        {"case": {"case_id": "x1", "policy": "tiny", "as_of": "2024-06-03", "facts": {"safeguarding_concern": True}}},
        {"case": {"case_id": "x2", "policy": "elsewhere", "as_of": "2024-06-03", "facts": {}}},
    ]
    (tmp_path / "scenarios.json").write_text(json.dumps(scenarios))
    ran = whichteam("test", home, "--cases", tmp_path / "scenarios.json")
    assert ran.out.splitlines()[1:] == [
        "Over 2 cases: 5 of 6 rules fire; 3 of 4 conditions are shown to matter.",
        "1 rule can't fire under the readings in use.",
        "1 case of another policy left out.",
    ]


def test_the_results_as_json(tmp_path: Path) -> None:
    home = policy(tmp_path, MOVES.replace("team: beta", "team: gamma"))
    ran = whichteam("test", home, "--format", "json")
    told = json.loads(ran.out)
    assert ran.code == 1
    assert told["examples"] == [
        {
            "example": "The handover moves the child",
            "case_id": "the-handover-moves-the-child",
            "at": "tiny/examples.yaml:1:12",
            "met": False,
            "unmet": [{"key": "team", "at": "tiny/examples.yaml:8:11", "expected": ["gamma"], "got": ["beta"]}],
        }
    ]
    coverage = told["coverage"]
    assert {key: coverage[key] for key in ("cases", "rules", "conditions")} == {
        "cases": 1,
        "rules": {"fired": 4, "of": 6, "that_can_not_fire": 1},
        "conditions": {"shown": 1, "of": 4},
    }
    assert coverage["by_rule"][2] == {
        "at": "tiny/rules.dl:5:1",
        "clause": "t2",
        "rule": "route(alpha, beta, handover) :- known icpc_required.",
        "can_fire": True,
        "fired": 1,
        "fired_by": ["The handover moves the child"],
        "missed": "",
        "conditions": [
            {
                "condition": "known icpc_required",
                "shown_false": 0,
                "shown_false_by": [],
                "shown_not_recorded": 0,
                "ever_true": True,
                "ever_false": False,
                "missed": "never fails",
            }
        ],
    }
    assert (
        whichteam("test", home, "--format", "xml").err == "error: --format: there is no format `xml`\n    choose text or json\n"
    )


@pytest.mark.parametrize("folder", sorted(p.parent for p in POLICIES.glob("*/policy.toml")), ids=lambda folder: folder.name)
def test_the_examples_of_every_policy_are_met(folder: Path) -> None:
    ran = whichteam("test", folder)
    assert (ran.code, ran.err) == (0, ""), ran.out
    examples = read_examples(folder, load_policy(folder))
    assert len(examples) >= (15 if folder != TEMPLATE else 3)
    reasons = {"clauses", "transfer.on"}  # parts that do not fix the answer by themselves
    assert all(any(e.field.path not in reasons for e in example.expectations) for example in examples)


def test_a_fault_of_several_examples_is_told_once(tmp_path: Path) -> None:
    """The places of the others stand behind the message."""
    wrong = MOVES.replace("icpc required", "icpc requird")
    home = policy(tmp_path, wrong + wrong.replace("The handover", "Another handover"))
    ran = whichteam("test", home)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "error: tiny/examples.yaml:5:5: unknown fact `icpc requird` (also at tiny/examples.yaml:20:5)\n"
        "    did you mean `icpc_required`?\n"
    )
