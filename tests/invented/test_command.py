"""`whichteam invent`: the files it writes, for any policy and decision function, and messages for bad options."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kb.intake.read import open_source, read_source
from kb.invented.steps import NEVER
from kb.invented.teams import Told
from kb.invented.values import Stint
from kb.policy import load_policy
from kb.program import compile_policy
from queries.invented import Wanted, make_invented
from queries.load import load_program
from tests.helpers import whichteam

DAY = date(2024, 11, 20)
NORTHSHIRE = Path(__file__).parent.parent / "councils" / "northshire"


def test_another_decider_can_be_put_in(tmp_path: Path) -> None:
    program = load_program("blackpool")
    first = next(code.code for code in program.policy.vocabulary.codes["team"])
    seen: list[int] = []

    def always(table: Any) -> Told:
        seen.append(table.num_rows)
        return Told([first] * table.num_rows, [(Stint(first, NEVER, NEVER),)] * table.num_rows)

    result = make_invented(program, Wanted(300, 1, DAY.toordinal()), tmp_path / "out", always)
    assert (result.children, result.wrong) == (300, 0)  # with one team for all, no team on record can be wrong
    assert seen[-2:] == [300, 300]
    assert len(seen) > 3  # earlier episodes and closed ones, on the day before the closing


def test_a_third_council_needs_no_line_of_python(tmp_path: Path) -> None:
    program = compile_policy(load_policy(NORTHSHIRE))
    result = make_invented(program, Wanted(30, 2, DAY.toordinal(), "annex-a"), tmp_path / "out")
    policy = program.policy
    intake = read_source(open_source(str(tmp_path / "out" / "annex-a.xlsx")), policy.code, policy.vocabulary)
    assert (result.children, len(intake.cases), intake.faults) == (30, 30, ())


def test_the_same_seed_gives_the_same_files(tmp_path: Path) -> None:
    for name in ("one", "two"):
        ran = whichteam("invent", "--policy", "blackpool", "--children", "20", "--seed", "5", "--out", tmp_path / name)
        assert ran.code == 0
        assert ran.out.startswith("20 invented children; ")
    for file in ("children.csv", "teams-key.tsv", "stints-key.tsv"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
    header, first, *_ = (tmp_path / "one" / "teams-key.tsv").read_text().splitlines()
    assert header == "child\ton record\tby policy\twrong\twrong since"
    assert first.startswith("child-0000001\t")
    header, first, *_ = (tmp_path / "one" / "stints-key.tsv").read_text().splitlines()
    assert header == "child\tepisode\tteam\tfrom\tuntil"
    assert first.startswith("child-0000001\t1\t")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--children", "0"], "error: --children: 0 is not from 1 to 5,000,000\n    the form `own` takes the most\n"),
        (["--format", "xml"], "error: --format: there is no form `xml`\n    forms: own, annex-a, ssd, cin-census, ssda903\n"),
        (["--faults", "0.1"], "error: --faults: our own form gets no faults\n    choose another --format\n"),
        (["--as-of", "today"], "error: --as-of: `today` is not a date\n    write it as 2024-09-03\n"),
    ],
)
def test_what_is_asked_for_wrongly_is_told(tmp_path: Path, arguments: list[str], message: str) -> None:
    ran = whichteam("invent", "--policy", "blackpool", "--out", tmp_path / "out", *arguments)
    assert (ran.code, ran.out, ran.err) == (2, "", message)
    assert not (tmp_path / "out").exists()
