"""`whichteam verify`: a filed decision is compared with a new decision of its case, and its rules with those installed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from benchmarks.forgeries import forgeries, taken_for_sound
from explain.filed.again import check, differences
from explain.filed.as_json import as_json, program_hash
from explain.filed.content import content_of
from explain.filed.verify import sha256, verify
from kb.engines.pydatalog import PyDatalog
from kb.policy import POLICIES
from queries.exact import decide_exactly
from queries.load import load_program
from tests.filed.cases import record, record_text
from tests.helpers import whichteam
from tests.laws.histories import record as history
from tests.strategies import blackpool


def sealed(told: Any) -> Any:
    """The record with its hashes and seal recomputed."""
    told["hashes"] = {"program": sha256(told["program"]), "case": sha256(told["case"])}
    return {**told, "seal": sha256({key: part for key, part in told.items() if key != "seal"})}


def first_step(told: Any) -> Any:
    return told["proof"]["steps"]["s1"]


def other_words(told: Any) -> None:
    first_step(told)["says"] = "All is well."


def other_finding(told: Any) -> None:
    told["decision"]["findings"].append("Nothing is due.")


def plan_made_up(told: Any) -> None:
    last = told["decision"]["journey"][-1]
    move = {"from": last["team"], "to": "awaken", "point": "section_20_consent", "status": "upcoming", "on": "2024-12-01"}
    told["decision"]["journey"].append(
        {**last, "status": "planned", "from": "2024-12-01", "team": "awaken", "point": "section_20_consent"}
    )
    told["decision"]["further_transfers"].append(move)


def other_order(told: Any) -> None:
    told["decision"]["duties"].reverse()


def assumed(told: Any) -> None:
    told["decision"]["assumptions"].append("icpc_required")


def flag(told: Any) -> None:
    told["journey"]["ways"][0]["last"]["gates"] = False


#: Changes that the standalone checker does not detect, and the message of `verify`.
MADE_UP: list[tuple[Callable[[Any], None], str]] = [
    (other_words, 'proof.steps.s1.says is "All is well."; the policy gives "'),
    (other_finding, 'decision.findings is ["Nothing is due."]; the policy gives []'),
    (plan_made_up, 'decision.further_transfers is [{"from": "strengthening_and_supporting_families", "to": "awaken"'),
    (other_order, 'decision.duties[0] is "transfer_letters"; the policy gives "complete_assessment"'),
    (assumed, 'decision.assumptions is ["first_hearing_held_on", '),
    (flag, "journey.ways[0].last.gates is false; the policy gives true"),
]


@pytest.mark.parametrize(("forge", "said"), MADE_UP, ids=[forge.__name__ for forge, _ in MADE_UP])
def test_what_the_checker_alone_does_not_see_is_compared(forge: Callable[[Any], None], said: str) -> None:
    told = record("moved")
    forge(told)
    told = sealed(told)
    assert verify(told) == []
    assert differences(told, blackpool())[0].startswith(said)


def test_a_record_as_it_was_made_has_no_differences() -> None:
    assert differences(record("moved"), blackpool()) == []


def test_a_case_that_can_not_be_is_told() -> None:
    told = record("moved")
    told["case"]["facts"]["date_of_birth"] = "2025-01-01"
    (said, *_) = differences(told, blackpool())
    assert said.startswith("case: facts.date_of_birth: 2025-01-01 is after the day of the record 2024-10-16")


@pytest.mark.parametrize(("policy", "seed"), [("blackpool", 27), ("sefton", 8)])
def test_forgeries_of_a_random_history(policy: str, seed: int) -> None:
    program = load_program(policy)
    told = json.loads(as_json(content_of(decide_exactly(program, history(program, Random(seed)), PyDatalog()))))
    rules, draw = program_hash(program), Random(3)
    found = [
        forged for forged in forgeries(told, draw, 1) if not forged.kind.startswith(("program", "journey.ways.*.last.record"))
    ]
    passed = [(forged.path, forged.change) for forged in draw.sample(found, 12) if any(taken_for_sound(forged, program, rules))]
    assert passed == []


def test_sound_under_the_rules_installed(tmp_path: Path) -> None:
    (tmp_path / "good.json").write_text(record_text("held"), encoding="utf-8")
    told = record()
    ran = whichteam("verify", tmp_path / "good.json")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        f"Sound: the answer, all {len(told['proof']['steps'])} steps of its proof and 1 earlier move "
        "follow from the facts and rules given.",
        "Not checked: Who confirmed the answer, when, and the reason for setting it aside.",
        "Not checked: Whether the council's document was given, and which of its lines differ from those that the clauses cite.",
        "Not checked: Punctuation, and letters other than a to z, in the council's own passages.",
        f"Its rules are those installed here: `blackpool`, {told['program']['version']}, files {told['program']['digest'][:16]}.",
        f"Rules and tables: {told['hashes']['program']}",
        f"Seal: {told['seal']}",
    ]


def test_not_sound_and_not_readable(tmp_path: Path) -> None:
    told = record()
    told["decision"]["duties"] = []
    (tmp_path / "bad.json").write_text(json.dumps(sealed(told)), encoding="utf-8")
    ran = whichteam("verify", tmp_path / "bad.json")
    assert (ran.code, ran.out.splitlines()[0]) == (1, "not sound: the answer's duties is not what follows")
    (tmp_path / "twice.json").write_text('{"seal": 1, ' + record_text("held").strip()[1:], encoding="utf-8")
    ran = whichteam("verify", tmp_path / "twice.json")
    twice = "error: twice.json: says `seal` twice in one object, so readers may differ on what it says\n"
    assert (ran.code, ran.out, ran.err) == (2, "", twice)
    ran = whichteam("verify", tmp_path / "none.json")
    assert (ran.code, ran.err) == (2, "error: none.json: there is no such file\n    check the path\n")


def test_sound_under_other_rules(tmp_path: Path) -> None:
    told = record()
    told["program"]["version"] = "v3"
    told = sealed(told)
    found = check(told, None, "r.json")
    assert (found.problems, found.code) == ((), 3)
    assert found.rules == (
        "Its rules are not those installed here: what it tells of the policy `blackpool` is not what the files here say.",
        f"It says that they are `blackpool`, v3, files {told['program']['digest'][:16]}, made by {told['program']['made_by']}.",
        f"Rules and tables: {told['hashes']['program']}",
    )
    for part in ("case", "decision"):
        told[part]["policy"] = "northshire"
    told["program"]["code"] = "northshire"
    found = check(sealed(told), None, "r.json")
    assert (found.problems, found.code) == ((), 3)
    assert found.rules[0] == "Its rules are not those installed here: no policy `northshire` is installed."


def test_a_record_may_not_name_the_folder_that_it_is_compared_with(tmp_path: Path) -> None:
    shutil.copytree(POLICIES / "blackpool", tmp_path / "blackpool")
    told = record()
    for part in ("case", "decision"):
        told[part]["policy"] = str(tmp_path / "blackpool")
    told["program"]["code"] = str(tmp_path / "blackpool")
    (tmp_path / "r.json").write_text(json.dumps(sealed(told)), encoding="utf-8")
    ran = whichteam("verify", tmp_path / "r.json")
    assert (ran.code, ran.out) == (2, "")
    assert "is a folder, and a policy is named here by the code of an installed one" in ran.err
    (tmp_path / "good.json").write_text(record_text("held"), encoding="utf-8")
    assert whichteam("verify", tmp_path / "good.json", "--policy", tmp_path / "blackpool").code == 0
    assert whichteam("verify", tmp_path / "good.json", "--policy", "sefton").code == 3


def test_nothing_that_was_kept_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def kept(*_: object) -> None:
        raise AssertionError("something kept was read")

    told = record("timed")
    monkeypatch.setattr("kb.cache._read", kept)
    assert check(told, None, "r.json").code == 0
