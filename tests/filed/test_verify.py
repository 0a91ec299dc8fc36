"""The standalone checker: sound filed decisions pass, and a change in any one field is detected.

Every change is tried twice: with the old seal, which no longer matches, and with the seal recomputed, so that only the
content can reveal the change.
"""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import explain.filed.verify
from explain.filed.as_json import as_json
from explain.filed.content import Document, content_of
from explain.filed.verify import NOT_CHECKED, Unreadable, read_record, sha256, verify
from explain.filed.verify.check import OF_LEFT_OUT
from explain.filed.verify.dates import shift, weekday_holidays
from explain.filed.verify.facts import Column, _fits
from kb.case import make_case
from kb.dates import add_working_days, bank_holidays_in, iso
from kb.engines.pydatalog import PyDatalog
from kb.fingerprint import fingerprint
from queries.exact import decide_exactly
from queries.load import load_program
from tests.filed.cases import HELD, content, record, record_text, scenarios

CHECKER = Path(explain.filed.verify.__file__).parent
SEAL = "the seal does not fit the record"


def sealed(told: Any) -> Any:
    """The record with its seal recomputed."""
    return {**told, "seal": sha256({key: part for key, part in told.items() if key != "seal"})}


def step_where(told: Any, fits: Callable[[Any], bool]) -> Any:
    return next(step for step in told["proof"]["steps"].values() if fits(step))


def by_rule(told: Any) -> Any:
    return step_where(told, lambda s: "rule" in s and s["manner"] == "established" and len(s["premises"]) > 1)


def lack(told: Any) -> Any:
    return step_where(told, lambda s: "rule" not in s and "source" not in s and s["premises"])


def leaf(told: Any) -> Any:
    return step_where(told, lambda s: "source" in s and next(iter(s["source"].values())) is not None)


def rule_denied(told: Any) -> int:
    """The index of a rule that a denial in the proof has to refute."""
    atom = lack(told)["atom"]
    return next(n for n, rule in enumerate(told["program"]["rules"]) if rule[0] == atom)


def rehashed(told: Any) -> None:
    """Recomputes the hash of the program, in place."""
    told["hashes"]["program"] = sha256(told["program"])


def drop_a_rule_denied(told: Any) -> None:
    del told["program"]["rules"][rule_denied(told)]


def blank_a_rule_denied(told: Any) -> None:
    told["program"]["rules"][rule_denied(told)][1] = ""
    rehashed(told)


def other_rule_body(told: Any) -> None:
    told["program"]["rules"][by_rule(told)["rule"]][1] = ""
    rehashed(told)


def put_in_a_truth(told: Any) -> None:
    true = {*told["model"]["certain"], *told["model"]["open"]}
    told["model"]["certain"].append(next(rule[0] for rule in told["program"]["rules"] if rule[0] not in true))


def settle_what_is_open(told: Any) -> None:
    told["model"]["certain"].append(told["model"]["open"].pop())


def swap_premises(told: Any) -> None:
    step = by_rule(told)
    step["premises"] = step["premises"][1:]


def later(told: Any) -> None:
    told["decision"]["deadlines"][0]["due"] = "2024-12-24"


def set_(*path: Any, to: Any) -> Callable[[Any], None]:
    """A function that changes one field."""

    def change(told: Any) -> None:
        here = told
        for key in path[:-1]:
            here = here[key]
        assert here[path[-1]] != to
        here[path[-1]] = to

    return change


def on(find: Callable[[Any], Any], key: str, to: Any) -> Callable[[Any], None]:
    """A function that changes one part of a step of the proof."""

    def change(told: Any) -> None:
        step = find(told)
        assert step[key] != to
        step[key] = to

    return change


def premise_twice(told: Any) -> None:
    premises = lack(told)["premises"]
    premises.append(premises[0])


#: Changes detected from the content even if the seal is recomputed: name, record, change, message.
TAMPERED: list[tuple[str, str, Callable[[Any], None], str]] = [
    ("format", "held", set_("format", to="whichteam-record/5"), "the format is not"),
    ("case id", "held", set_("case", "case_id", to="c2"), "case_id"),
    ("day", "held", set_("case", "as_of", to="2024-10-14"), "does not fit its hash"),
    ("a fact", "held", set_("case", "facts", "icpc_held_on", to="2024-10-17"), "not what it was on that day: icpc_held_on"),
    ("a fact by one day", "held", set_("case", "facts", "icpc_held_on", to="2024-10-14"), "does not fit its hash"),
    (
        "a fact taken out",
        "held",
        set_("case", "facts", "transfer_discussion_held", to=None),
        "the fact `transfer_discussion_held` is not of its type, true or false",
    ),
    ("a fact put in", "held", lambda r: r["case"]["facts"].update(threshold_level=3), "does not fit its hash"),
    ("status", "held", set_("decision", "status", to="unknown"), "the answer's status"),
    ("team", "held", set_("decision", "responsible_team", to="awaken"), "the answer's responsible_team"),
    ("a premise told twice", "held", premise_twice, "it names a premise twice"),
    ("possible teams", "held", lambda r: r["decision"]["possible_teams"].append("awaken"), "the answer's possible_teams"),
    ("missing facts", "held", lambda r: r["decision"]["missing_facts"].append("icpc_outcome"), "the answer's missing_facts"),
    ("move", "held", set_("decision", "transfer", to=None), "the answer's transfer"),
    ("day of the move", "held", set_("decision", "transfer", "on", to="2024-10-16"), "the answer's transfer"),
    ("status of the move", "held", set_("decision", "transfer", "status", to="blocked"), "the answer's transfer"),
    (
        "further move",
        "held",
        lambda r: r["decision"]["further_transfers"].append(r["decision"]["transfer"]),
        "the answer's further_transfers",
    ),
    ("blocked by", "held", set_("decision", "blocked_by", to=["transfer_letters_sent"]), "the answer's blocked_by"),
    ("not confirmed", "held", set_("decision", "unconfirmed_gates", to=[]), "the answer's unconfirmed_gates"),
    ("duties", "held", lambda r: r["decision"]["duties"].pop(), "the answer's duties"),
    ("attendance", "held", set_("decision", "attendance", to=[]), "the answer's attendance"),
    ("co-working", "held", lambda r: r["decision"]["co_working"].append({}), "decision.co_working[0].code is missing"),
    ("escalation", "held", set_("decision", "escalate_to", to=["team_managers"]), "the answer's escalate_to"),
    ("finding code", "held", set_("decision", "finding_codes", to=["made_up"]), "the answer's finding_codes"),
    ("a field of the answer taken out", "held", lambda r: r["decision"].pop("duties"), "decision.duties is missing"),
    ("a field of the answer put in", "held", lambda r: r["decision"].update(more=1), "decision.more is no part"),
    ("deadline", "timed", later, "the answer's deadlines"),
    ("deadline kept", "timed", set_("decision", "deadlines", 0, "met", to=None), "the answer's deadlines"),
    ("deadline left out", "timed", lambda r: r["decision"]["deadlines"].pop(), "the answer's deadlines"),
    ("bank holiday taken out", "timed", lambda r: r["program"]["holidays"].remove("2024-08-26"), "the answer's deadlines"),
    ("bank holiday put in", "timed", lambda r: r["program"]["holidays"].append("2024-08-09"), "the answer's deadlines"),
    ("bank holidays taken out", "timed", lambda r: r["program"]["holidays"].clear(), "not those of the program named"),
    ("bank holidays as a part of their own", "timed", lambda r: r.update(holidays={}), "holidays is no part of a record"),
    ("clauses of the answer", "held", lambda r: r["decision"]["clauses"].pop(), "the answer's clauses"),
    ("clauses told", "held", lambda r: r["clauses"].pop(), "the clauses told"),
    ("line of a clause", "held", set_("clauses", 0, "lines", to=[6]), "the clauses told"),
    ("paraphrase", "held", set_("clauses", 0, "paraphrase", to="Anything goes."), "is not as the register has it"),
    ("fingerprint", "held", set_("clauses", 0, "fingerprints", to={"5": "0" * 16}), "is not as the register has it"),
    ("manner of a step", "held", on(by_rule, "manner", "excluded"), "does not follow from the facts"),
    ("atom of a step", "held", on(by_rule, "atom", 0), "step s"),
    ("premises of a step", "held", swap_premises, "its premises are not those of its rule"),
    ("rule of a step", "held", on(by_rule, "rule", 0), "step s"),
    ("source of a fact", "held", on(leaf, "source", {"icpc_held_on": "2024-10-01"}), "is not what the case records"),
    ("premises of a denial", "held", on(lack, "premises", []), "nothing is said against one of the rules"),
    ("a truth taken out", "held", lambda r: r["model"]["certain"].pop(), "what follows from the facts"),
    ("a truth put in", "held", put_in_a_truth, "what follows from the facts"),
    ("what is open settled", "held", settle_what_is_open, "what follows from the facts"),
    ("a contradiction put in", "held", set_("contradictions", to=["made_up"]), "the contradictions told are not"),
    ("conclusion taken out", "held", lambda r: r["proof"]["conclusions"].pop(), "does not prove what the answer says"),
    ("conclusion of another part", "held", set_("proof", "conclusions", 0, "part", to="duties"), "does not prove what"),
    (
        "a step that nothing rests on",
        "held",
        lambda r: r["proof"]["steps"].update(extra=leaf(r)),
        "steps that nothing rests on",
    ),
    ("a rule taken out", "held", drop_a_rule_denied, "not those of the program named"),
    ("a rule denied made to hold", "held", blank_a_rule_denied, "what follows from the facts"),
    ("a rule used made easier", "held", other_rule_body, "its premises are not those of its rule"),
    ("version of the policy", "held", set_("program", "version", to="v3"), "not those of the program named"),
    ("hash of the policy", "held", set_("program", "digest", to="0" * 64), "not those of the program named"),
    ("a reading", "held", set_("program", "settings", "event_day", to="moves_next_day"), "not those of the program named"),
    ("hash of the program", "held", set_("hashes", "program", to="0" * 64), "not those of the program named"),
    ("hash of the case", "held", set_("hashes", "case", to="0" * 64), "the case does not fit its hash"),
    ("question", "held", set_("question", to="Which team holds the child of case c9 on 16 October 2024?"), "the question is not"),
    ("question of another day", "held", set_("question", to="Which team holds the child of case c1?"), "the question is not"),
    ("headline with more", "held", lambda r: r.update(headline=r["headline"] + " Nothing is due."), "the headline does not say"),
    ("headline", "held", set_("headline", to="On 16 October 2024 Awaken holds the child."), "the headline does not say"),
    ("override without a reason", "held", set_("confirmation", "overridden_to", to="awaken"), "an override and its reason"),
    ("reason without an override", "held", set_("confirmation", "reason", to="Because."), "an override and its reason"),
    (
        "override to nobody",
        "held",
        lambda r: r["confirmation"].update(overridden_to="nobody", reason="Because."),
        "is none of this policy",
    ),
    ("confirmed before the answer", "held", set_("confirmation", "confirmed_on", to="2024-10-01"), "older than the answer"),
    ("document said to be given", "held", set_("document", "given", to=True), "does not show the passages"),
]
#: Changes of people's entries and of wording, which only the seal detects.
DESCRIBED: list[tuple[str, Callable[[Any], None]]] = [
    ("who confirmed", set_("confirmation", "confirmed_by", to="Somebody Else")),
    ("when it was confirmed", set_("confirmation", "confirmed_on", to="2024-10-18")),
    ("a sentence of the proof", on(leaf, "says", "All is well.")),
    ("the seal", set_("seal", to="0" * 64)),
]


@pytest.mark.parametrize(("name", "which", "change", "said"), TAMPERED, ids=[entry[0] for entry in TAMPERED])
def test_a_change_is_found_even_under_a_new_seal(name: str, which: str, change: Callable[[Any], None], said: str) -> None:
    told = record(which)
    change(told)
    stale = verify(told)
    assert SEAL in stale or any("form of a record" in problem for problem in stale)
    problems = verify(sealed(told))
    assert SEAL not in problems
    assert any(said in problem for problem in problems), problems


@pytest.mark.parametrize(("name", "change"), DESCRIBED, ids=[entry[0] for entry in DESCRIBED])
def test_a_change_of_words_breaks_the_seal(name: str, change: Callable[[Any], None]) -> None:
    told = record()
    change(told)
    assert verify(told) == [SEAL]


def test_a_closed_case_among_the_possible_teams_is_nobody() -> None:
    """A case that an earlier team closed today is either closed, or open with another team."""
    told = json.loads(as_json(content({"previous_involvements": [{"team": "awaken", "closed_on": "2024-10-16"}]})))
    assert told["decision"]["possible_teams"][-1] == "case_closed"
    assert told["headline"].endswith("Targeted Intervention Services or nobody, as the case is closed.")
    assert verify(told) == []
    for other in ("closed to social work", "nobody", "Awaken"):
        forged = {**told, "headline": told["headline"].replace("nobody, as the case is closed", other)}
        assert verify(sealed(forged)) == ["the headline does not say what follows"]


def test_a_proof_that_goes_in_a_circle() -> None:
    told = record()
    steps = told["proof"]["steps"]
    name, step = next((name, step) for name, step in steps.items() if "rule" in step and len(step["premises"]) == 1)
    steps[name] = {**step, "premises": [name]}
    assert any("rests on itself" in problem for problem in verify(sealed(told)))


def test_a_record_of_other_rules_is_told_by_the_hash_of_the_program() -> None:
    told = record()
    told["program"]["version"] = "v3"
    rehashed(told)
    assert verify(sealed(told)) == []
    assert verify(sealed(told), record()["hashes"]["program"]) == ["the rules and tables are not those of the program named"]
    assert verify(record(), record()["hashes"]["program"]) == []


#: Values of the wrong type for their fact, with the expected type.
ILL_TYPED: list[tuple[str, Any, str]] = [
    ("icpc_required", "false", "true or false"),
    ("icpc_required", "true", "true or false"),
    ("icpc_required", 1, "true or false"),
    ("icpc_required", None, "true or false"),
    ("transfer_discussion_held", [True], "true or false"),
    ("icpc_held_on", "yes", "a date, dates in order, true or false"),
    ("icpc_held_on", "2024-13-45", "a date, dates in order, true or false"),
    ("icpc_held_on", "20241015", "a date, dates in order, true or false"),
    ("icpc_held_on", ["2024-10-15"], "a date, dates in order, true or false"),
    ("icpc_held_on", ["2024-10-15", "2024-10-01"], "a date, dates in order, true or false"),
    ("icpc_held_on", [], "a date, dates in order, true or false"),
    ("icpc_held_on", 0, "a date, dates in order, true or false"),
    ("icpc_outcome", "plan", "enum"),
    ("icpc_outcome", True, "enum"),
    ("icpc_outcome", {}, "enum"),
    ("team_on_record", "Awaken", "team"),
    ("team_on_record", ["awaken"], "team"),
    ("threshold_level", "3", "a whole number from 1 to 4"),
    ("threshold_level", 3.0, "a whole number from 1 to 4"),
    ("threshold_level", True, "a whole number from 1 to 4"),
    ("threshold_level", 5, "a whole number from 1 to 4"),
    ("date_of_birth", True, "a date"),
    ("date_of_birth", "1850-01-01", "a date"),
    ("previous_involvements", [{"team": "nobody"}], "list[record]"),
    ("previous_involvements", [{"who": "awaken"}], "list[record]"),
    ("previous_involvements", {}, "list[record]"),
]


@pytest.mark.parametrize(("fact", "value", "wanted"), ILL_TYPED)
def test_a_fact_is_of_its_type(fact: str, value: Any, wanted: str) -> None:
    told = record()
    told["case"]["facts"][fact] = value
    told["hashes"]["case"] = sha256(told["case"])
    assert verify(sealed(told)) == [f"the fact `{fact}` is not of its type, {wanted}"]


@pytest.mark.parametrize("name", ["icpc_held", "stint_from", "came_from", ""])
def test_a_fact_is_one_of_the_vocabulary(name: str) -> None:
    told = record()
    told["case"]["facts"][name] = True
    told["hashes"]["case"] = sha256(told["case"])
    assert verify(sealed(told)) == [f"the vocabulary has no fact `{name}`"]


@pytest.mark.parametrize("told", [None, [], {}, {"format": 1}, {"format": "whichteam-record/4"}, "x"])
def test_what_is_no_record_is_not_sound(told: Any) -> None:
    problems = verify(told)
    assert problems
    assert all(problem.startswith("the record is not in the form of a record: ") for problem in problems)


#: Files that can't be read as a record, with the reason.
UNREADABLE: list[tuple[bytes, str]] = [
    (b"", "is not JSON: expecting value (line 1, column 1)"),
    (b"\xff", "is not text: byte 1 is not UTF-8"),
    (b"[" * 100_000, "is not usable JSON: nested too deeply"),
    (b'{"a": ' + b"1" * 5_000 + b"}", "is not usable JSON: a number has too many digits"),
    (b'{"a": NaN}', "is not JSON: NaN is not a number"),
    (b"[]", "is no record: name the JSON form of a record"),
    (b"{}", "is no record: name the JSON form of a record"),
    (b'{"format": "whichteam-record/3"}', 'is a record of the form "whichteam-record/3"; this program reads whichteam-record/4'),
    (b'{"format": 1, "format": 2}', "says `format` twice in one object, so readers may differ on what it says"),
]


@pytest.mark.parametrize(("raw", "why"), UNREADABLE, ids=[why for _, why in UNREADABLE])
def test_what_can_not_be_read(raw: bytes, why: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_record(raw)
    assert str(refused.value) == why


@pytest.mark.parametrize("part", ['"headline": "Awaken."', '"case": {}', '"seal": ""'])
def test_a_part_that_is_said_twice_is_refused_whichever_is_true(part: str) -> None:
    text = record_text("held").strip().removeprefix("{")
    name = part.split('"')[1]
    for told in (f"{{{part}, {text}", f"{{{text.removesuffix('}')}, {part}}}"):
        with pytest.raises(Unreadable, match=f"says `{name}` twice in one object"):
            read_record(told.encode())


def test_passages_are_held_against_their_fingerprints() -> None:
    program = load_program("blackpool")
    own = next(line for clause in program.policy.clauses.values() for line in clause.lines if line in program.policy.fingerprints)
    lines = tuple("Some other text." for _ in range(own + 1))
    told = json.loads(as_json(content(HELD, None, Document(lines))))
    assert told["document"]["given"] is True
    assert verify(told) == []
    told["clauses"][0]["passages"] = {"5": "What was never said."}
    told["document"]["differs"].remove(5)
    problems = verify(sealed(told))
    assert "the passage of line 5 is not the one that the rules were read from" in problems
    assert fingerprint("  Some, OTHER text ") == fingerprint("some other text")


@pytest.mark.parametrize("case", scenarios(), ids=lambda case: case["case_id"])
def test_records_of_the_scenarios_are_sound(case: Any) -> None:
    program = load_program(case["policy"])
    told = json.loads(
        as_json(content_of(decide_exactly(program, make_case(case, program.policy.vocabulary, "case"), PyDatalog())))
    )
    assert verify(told) == []


def test_it_leans_on_the_standard_library_and_itself_only() -> None:
    names: set[str] = set()
    for path in CHECKER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level != 1:
                names.add((node.module or "..").split(".")[0])
    assert names <= sys.stdlib_module_names


def test_it_runs_alone(tmp_path: Path) -> None:
    shutil.copytree(CHECKER, tmp_path / "verify", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "good.json").write_text(record_text("held"), encoding="utf-8")
    told = record()
    told["decision"]["duties"] = []
    (tmp_path / "bad.json").write_text(json.dumps(sealed(told)), encoding="utf-8")
    (tmp_path / "twice.json").write_text('{"format": 1, "format": 2}', encoding="utf-8")
    rules = record()["hashes"]["program"]

    def run(*arguments: str) -> tuple[int, list[str], str]:
        command = [sys.executable, "-S", "-m", "verify", *arguments]
        env = {"PYTHONPATH": str(tmp_path)}
        ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=env)
        return ran.returncode, ran.stdout.splitlines(), ran.stderr

    sound = [f"Sound. Rules and tables: {rules}", *(f"Not checked: {part}" for part in dict.fromkeys(NOT_CHECKED.values()))]
    assert run("good.json", rules) == (0, sound, "")
    assert run("good.json") == (3, [*sound, "Not checked: its rules, as no hash was given."], "")
    assert run("good.json", "0" * 64) == (3, [*sound, "Its rules are not those of the hash given."], "")
    assert run("bad.json", rules) == (1, ["NOT SOUND: the answer's duties is not what follows"], "")
    twice = "error: twice.json: says `format` twice in one object, so readers may differ on what it says\n"
    assert run("twice.json", rules) == (2, [], twice)
    assert run("none.json") == (2, [], "error: none.json: No such file or directory\n")
    assert run() == (2, [], "usage: python -m verify RECORD.json [HASH-OF-THE-RULES]\n")


# what is made up to take long, or to be left alone


def quiet_days_made_up(told: Any) -> None:
    told["journey"]["ways"][0]["quiet"] = [f"{year}-01-01" for year in range(1000, 9000)]


def far_days(told: Any) -> None:
    term: Any = ["date", "2024-01-01"]
    for _ in range(3):
        term = ["shift", ["shift", term, 99_999, "working days"], -99_999, "working days"]
    told["program"]["atoms"] = [
        [name, term, *args[1:]] if name in ("<", "<=", ">", ">=") else [name, *args] for name, *args in told["program"]["atoms"]
    ]


def no_way(told: Any) -> None:
    told["journey"]["ways"] = []


def many_ways(told: Any) -> None:
    told["journey"]["ways"] *= 300


def odd_rule(told: Any) -> None:
    told["program"]["rules"][0][1] = "9" * 40


OUT_OF_FORM = "the record is not in the form of a record: "
#: Records made up to take long, or to break off a check, and what is said of them.
MADE_TO_BREAK: list[tuple[Callable[[Any], None], str]] = [
    (quiet_days_made_up, "1000-01-01 is told as quiet, and nothing that a move looks at falls on it"),
    (far_days, "the move of 2024-09-03: a step of the proof: its source is not what the case records"),
    (no_way, OUT_OF_FORM + "journey.ways has 0 entries, not 1 to 16"),
    (many_ways, OUT_OF_FORM + "journey.ways has 300 entries, not 1 to 16"),
    (odd_rule, OUT_OF_FORM + "its rules, facts or proof name what is not there or can't be"),
]


@pytest.mark.parametrize(("change", "said"), MADE_TO_BREAK, ids=[change.__name__ for change, _ in MADE_TO_BREAK])
def test_what_is_made_up_to_break_the_check_is_told(change: Callable[[Any], None], said: str) -> None:
    told = record("moved")
    change(told)
    told["hashes"]["program"] = sha256(told["program"])
    problems = verify(sealed(told))
    assert said in [re.sub(r"step s\d+", "a step", problem) for problem in problems]
    assert len(problems) <= 100


def test_ways_that_are_left_out_do_not_hide_another_answer() -> None:
    told, taken = record("moved"), list[str]()
    told["journey"]["left_out"] = 1
    assert verify(sealed(told), None, taken) == []
    assert OF_LEFT_OUT in taken
    true = told["decision"]
    told["decision"] = {**true, "responsible_team": "awaken", "possible_teams": ["awaken"], "duties": ["no_such_duty"]}
    told["decision"]["journey"] = [*true["journey"][:-1], {**true["journey"][-1], "team": "awaken"}]
    told["headline"] = "On 16 October 2024 Awaken holds the child."
    assert verify(sealed(told)) == [
        "the answer's possible_teams is without a team of the ways told",
        "the answer's duties has what does not hold in all of the ways told",
    ]
    told["decision"] |= {"possible_teams": [*true["possible_teams"], "awaken"], "duties": []}
    assert verify(sealed(told))[0] == "the answer's responsible_team is not the one that is possible"


def test_working_days_are_counted_as_the_program_counts_them() -> None:
    days = weekday_holidays([iso(day) for day in bank_holidays_in(2019, 2030)])
    for start in range(date(2023, 12, 20).toordinal(), date(2024, 1, 10).toordinal()):
        for count in (-25, -1, 0, 1, 7, 260):
            assert shift(start, count, "working days", days) == add_working_days(start, count)


def test_a_moment_is_written_in_plain_digits() -> None:
    column = Column("met_at", "datetime", [], "state", "", "", "", "", ())
    assert [_fits(column, text, {}) for text in ("2024-09-03T09:05", "2024-09-03T09:0\u0665", "2024-09-03T24:00")] == [
        True,
        False,
        False,
    ]
