"""`whichteam fmt`: all files are formatted or none, and `--check` changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.policy import POLICIES
from tests.helpers import START, make_policy, whichteam

UNTIDY = "@clause t2.\nroute(alpha,beta,handover):-known icpc_required.% why\n"
TIDY = "@clause t2.\nroute(alpha, beta, handover) :- known icpc_required.  % why\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return make_policy(tmp_path, files={"more.dl": UNTIDY})


def test_files_that_are_not_laid_out_are_named_and_left_alone(home: Path) -> None:
    ran = whichteam("fmt", "tiny", "--check")
    assert (ran.code, ran.err) == (1, "")
    assert ran.out == "tiny/more.dl: is not laid out\n1 of 2 files to be laid out: whichteam fmt tiny\n"
    assert (home / "more.dl").read_text() == UNTIDY


def test_files_are_laid_out_once(home: Path) -> None:
    assert whichteam("fmt", "tiny/more.dl").out == "tiny/more.dl: laid out\n"
    assert (home / "more.dl").read_text() == TIDY
    assert (home / "rules.dl").read_text() == START
    ran = whichteam("fmt", "tiny", "--check")
    assert (ran.code, ran.out) == (0, "2 files, all laid out\n")
    assert sorted(path.name for path in home.iterdir() if path.suffix in (".dl", ".part")) == ["more.dl", "rules.dl"]


def test_a_fault_in_one_file_leaves_all_as_they_are(home: Path) -> None:
    (home / "z.dl").write_text("@clause t3.\nduty(call_back :- x.\n")
    ran = whichteam("fmt", "tiny")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "error: tiny/z.dl:2:16: `:-` can't stand here\n"
        "    duty(call_back :- x.\n                   ^\n    close the bracket before it: `)`\n"
    )
    assert (home / "more.dl").read_text() == UNTIDY


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("tiny/codes.tsv", "error: tiny/codes.tsv: is not a rule file\n    rule files end in .dl\n"),
        ("empty", "error: empty: holds no rule file\n    rule files end in .dl\n"),
        ("nowhere", "error: policy: there is no policy `nowhere`\n    policies: blackpool, sefton\n"),
    ],
)
def test_what_can_not_be_laid_out_is_refused(home: Path, place: str, said: str) -> None:
    Path("empty").mkdir()
    ran = whichteam("fmt", place)
    assert (ran.code, ran.out, ran.err) == (2, "", said)


def test_without_a_name_every_policy_and_the_house_are_looked_at() -> None:
    files = [*(POLICIES.parent / "house").glob("*.dl"), *POLICIES.glob("[!t]*/*.dl")]
    ran = whichteam("fmt", "--check")
    assert (ran.code, ran.out) == (0, f"{len(files)} files, all laid out\n")
