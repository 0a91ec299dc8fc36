"""Commands that a message offers name the policy as the user gave it, so that they can be run as they stand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kb.errors import Fault
from kb.offered import for_its_cases, naming, policy_option, quoted
from tests.helpers import START, make_policy, whichteam

MOVE = "@clause t2.\nroute(alpha, beta, handover) :- known icpc_required.\npoint_event(handover, referral_accepted_on).\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a policy `tiny` and a case of it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    clauses = [(f"t{n}", str(n), "route", "must", f"Says {n}.", "background" if n == 3 else "") for n in (1, 2, 3)]
    make_policy(tmp_path, START + MOVE, clauses=clauses)
    write_case(tmp_path / "case.json", {"team_on_record": "alpha"})
    return tmp_path


def write_case(path: Path, facts: dict[str, object], policy: str = "tiny") -> None:
    document = {"case_id": "c1", "policy": policy, "as_of": "2024-06-03", "facts": facts}
    path.write_text(json.dumps(document), encoding="utf-8")


@pytest.mark.parametrize(
    ("given", "option", "for_cases"),
    [
        (None, "", None),
        ("./tiny", " --policy ./tiny", " --policy ./tiny"),
        ("my policies/tiny", ' --policy "my policies/tiny"', ' --policy "my policies/tiny"'),
        ("blackpool", " --policy blackpool", ""),  # the code in its cases finds it
    ],
)
def test_the_option_for_a_policy(given: str | None, option: str, for_cases: str | None) -> None:
    assert policy_option(given) == option
    if given is not None:
        assert for_its_cases(given) == for_cases


def test_an_argument_with_a_space_is_quoted() -> None:
    assert (quoted("a/b"), quoted("a b/c")) == ("a/b", '"a b/c"')


def test_the_facts_of_a_policy_are_looked_up_under_it() -> None:
    fault = Fault("here", "unknown fact `zzz`", "see `whichteam facts` for the names")
    assert [f.hint for f in naming([fault], "./tiny")] == ["see `whichteam facts --policy ./tiny` for the names"]
    assert naming([fault], None) == [fault]


@pytest.mark.parametrize(
    ("arguments", "ending"),
    [
        (("decide", "case.json"), "For the reasons: whichteam why CASE --policy ./tiny"),
        (("journey", "case.json"), "For the reasons: whichteam why CASE --policy ./tiny"),
        (("why-not", "alpha", "case.json"), "Alpha is the team that holds the child: see whichteam why CASE --policy ./tiny."),
    ],
)
def test_what_to_run_next(here: Path, arguments: tuple[str, ...], ending: str) -> None:
    ran = whichteam(*arguments, "--policy", "./tiny")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.rstrip().endswith(ending)


@pytest.mark.parametrize(
    ("facts", "arguments", "expected"),
    [
        (
            {"zzz": True},
            ("decide", "case.json", "--policy", "./tiny"),
            "case.json: facts.zzz: unknown fact `zzz`\n    see `whichteam facts --policy ./tiny` for the names",
        ),
        (
            {},
            ("why-not", "case.json", "alpha", "--policy", "./tiny"),
            "case.json: is a file, where a team is expected\n    write: whichteam why-not alpha case.json --policy ./tiny",
        ),
        (
            {},
            ("explain-sql", "t3", "--policy", "./tiny"),
            "clause: no rule follows from `t3`, so there is no SQL for it\n"
            "    for the reason: whichteam clause t3 --policy ./tiny",
        ),
    ],
)
def test_what_a_fault_offers(here: Path, facts: dict[str, object], arguments: tuple[str, ...], expected: str) -> None:
    write_case(here / "case.json", facts)
    ran = whichteam(*arguments)
    assert (ran.code, ran.out, ran.err) == (2, "", f"error: {expected}\n")


def test_without_an_option_none_is_repeated(here: Path) -> None:
    write_case(here / "case.json", {"zzz": True}, "blackpool")
    ran = whichteam("decide", "case.json")
    hint = "see `whichteam facts` for the names"
    assert (ran.code, ran.err) == (2, f"error: case.json: facts.zzz: unknown fact `zzz`\n    {hint}\n")


def test_a_new_policy_in_a_folder_with_a_space(here: Path) -> None:
    (here / "my policies").mkdir()
    ran = whichteam("new-policy", "northshire", "--into", "my policies")
    assert ran.out == 'Made my policies/northshire. Check it with: whichteam check "./my policies/northshire"\n'
