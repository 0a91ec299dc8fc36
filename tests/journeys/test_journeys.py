"""Invented children in all three forms: the readers agree, planted teams and faults are all found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from kb.case import make_case
from kb.engines.forward import Forward
from kb.intake.model import Intake
from kb.intake.read import open_source, read_source
from kb.journeys.faults import plant
from kb.journeys.own import documents
from kb.journeys.project import Tabled, tables_of
from kb.journeys.score import score
from kb.journeys.simulate import blocks
from kb.journeys.teams import Recorded, council, record_teams
from kb.journeys.write import write_folder, write_workbook
from kb.policy import load_policy
from kb.program import Program, compile_policy
from queries.decide import decide
from queries.journeys import Wanted, make_journeys, one_by_one
from queries.load import load_program
from tests.helpers import whichteam

DAY = date(2024, 11, 20)
SIZES = {"blackpool": 110, "sefton": 60}
NORTHSHIRE = Path(__file__).parent.parent / "councils" / "northshire"
Facts = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Made:
    program: Program
    recorded: Recorded

    @cached_property
    def own(self) -> Facts:
        vocabulary = self.program.policy.vocabulary
        return {d["case_id"]: make_case(d, vocabulary, d["case_id"]).facts for d in documents(self.recorded.table)}

    def tables(self, form: str) -> dict[str, Tabled]:
        return tables_of(form, iter([self.recorded.children]))

    def read(self, form: str, tables: dict[str, Tabled], home: Path) -> Intake:
        home.mkdir()
        if form == "annex_a":
            write_workbook(tables, home / "annex.xlsx", DAY)
            source = home / "annex.xlsx"
        else:
            write_folder(tables, home)
            source = home
        policy = self.program.policy
        return read_source(open_source(str(source)), policy.code, policy.vocabulary, DAY.toordinal())


@cache
def made(policy: str) -> Made:
    program = load_program(policy)
    deciding = council(policy, program.policy.vocabulary, one_by_one(program), 1, DAY.toordinal())
    block = next(blocks(SIZES[policy], 1, DAY.toordinal()))
    return Made(program, record_teams(block, deciding, 0.125, 1))


@pytest.fixture(params=list(SIZES))
def children(request: pytest.FixtureRequest) -> Made:
    return made(request.param)


def facts(intake: Intake) -> Facts:
    return {case.case_id: case.facts for case in intake.cases}


def test_the_readers_agree_on_the_same_child(children: Made, tmp_path: Path) -> None:
    """On every fact that two forms hold, and neither reader has anything to put right."""
    found: dict[str, Facts] = {"own": children.own}
    for form in ("annex_a", "ssd"):
        intake = children.read(form, children.tables(form), tmp_path / form)
        assert [str(fault) for fault in intake.faults] == []
        assert all(count.adds_up and not count.refused for count in intake.counts)
        found[form] = facts(intake)
    for one, other in combinations(found, 2):
        assert set(found[one]) >= set(found[other])  # what was closed over six months ago is on no list
        both = [(c, f) for c in found[other] for f in found[one][c] if f in found[other][c]]
        differ = [(c, f, found[one][c][f], found[other][c][f]) for c, f in both if found[one][c][f] != found[other][c][f]]
        assert differ == []
        assert len(both) > 7 * len(found[one])


def test_what_the_readers_know_the_journey_says(children: Made, tmp_path: Path) -> None:
    """No reader makes a fact up: what it takes as known is known in our own form too."""
    for form in ("annex_a", "ssd"):
        read = facts(children.read(form, children.tables(form), tmp_path / form))
        made_up = {fact for child in read for fact in read[child] if fact not in children.own[child]}
        assert made_up <= {"icpc_required"}  # an enquiry without a conference on record, where none is due yet


def test_every_wrong_team_is_found_and_no_other(children: Made) -> None:
    vocabulary, program = children.program.policy.vocabulary, children.program
    recorded, wrong = children.recorded.children.recorded.texts(), children.recorded.wrong
    differs: list[bool] = []
    for document, on_record in zip(documents(children.recorded.table), recorded):
        answer = decide(program, make_case(document, vocabulary, "c"), Forward())
        has_team = on_record in children.recorded.children.names
        differs.append(answer.status == "decided" and has_team and answer.responsible_team != on_record)
    assert differs == wrong.tolist()
    assert 0.1 <= wrong.mean() <= 0.15


@pytest.mark.parametrize("form", ["annex_a", "ssd"])
@pytest.mark.parametrize("seed", [1, 2])
def test_every_fault_is_met_and_nothing_else_is_lost(form: str, seed: int, tmp_path: Path) -> None:
    children = made("blackpool")
    good = children.read(form, children.tables(form), tmp_path / "good")
    tables = children.tables(form)
    key = plant(tables, 0.6, seed)
    result = score(good, children.read(form, tables, tmp_path / "bad"), key)
    kinds = {1, 2, 3, 4, 5, 6, 7} | ({8} if form == "ssd" else set())  # the workbook holds no JSON
    assert set(result.planted) == kinds
    assert (result.met, result.missed, result.changed, result.lost) == (result.planted, (), (), ())
    assert len(key) >= 0.55 * SIZES["blackpool"]


def test_the_score_tells_what_a_reader_misses(tmp_path: Path) -> None:
    """A reader that says nothing and reads nothing of the faulty rows scores as it should."""
    children = made("blackpool")
    good = children.read("annex_a", children.tables("annex_a"), tmp_path / "good")
    tables = children.tables("annex_a")
    key = plant(tables, 0.6, 1)
    silent = Intake(good.kind, good.as_of, good.cases[1:], good.sources, (), good.counts, (), (), {})
    result = score(good, silent, key)
    told = [fault for fault in key if fault.expected in ("told", "asked", "dropped")]
    assert set(told) <= set(result.missed)
    assert result.lost == (good.cases[0].case_id,)


def test_another_decider_can_be_put_in(tmp_path: Path) -> None:
    program = load_program("blackpool")
    first = next(code.code for code in program.policy.vocabulary.codes["team"])
    seen: list[int] = []

    def always(table: Any) -> list[str]:
        seen.append(table.num_rows)
        return [first] * table.num_rows

    result = make_journeys(program, Wanted(300, 1, DAY.toordinal()), tmp_path / "out", always)
    assert (result.children, result.wrong) == (300, 0)  # one team for all: nothing can be told to be wrong
    assert seen == [120, 300, 300]


def test_a_third_council_needs_no_line_of_python(tmp_path: Path) -> None:
    program = compile_policy(load_policy(NORTHSHIRE))
    result = make_journeys(program, Wanted(30, 1, DAY.toordinal(), "annex-a"), tmp_path / "out")
    policy = program.policy
    intake = read_source(open_source(str(tmp_path / "out" / "annex-a.xlsx")), policy.code, policy.vocabulary)
    assert (result.children, len(intake.cases), intake.faults) == (30, 30, ())


def test_the_same_seed_gives_the_same_files(tmp_path: Path) -> None:
    for name in ("one", "two"):
        ran = whichteam("journeys", "--policy", "blackpool", "--children", "20", "--seed", "5", "--out", tmp_path / name)
        assert ran.code == 0
        assert ran.out.startswith("20 invented children; ")
    for file in ("children.csv", "teams-key.tsv"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
    header, first, *_ = (tmp_path / "one" / "teams-key.tsv").read_text().splitlines()
    assert header == "child\ton record\tby policy\twrong"
    assert first.startswith("child-0000001\t")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--children", "0"], "error: --children: 0 is not from 1 to 5,000,000\n    the form `own` takes the most\n"),
        (["--format", "xml"], "error: --format: there is no form `xml`\n    forms: own, annex-a, ssd\n"),
        (["--faults", "0.1"], "error: --faults: our own form gets no faults\n    choose --format annex-a or ssd\n"),
        (["--as-of", "today"], "error: --as-of: `today` is not a date\n    write it as 2024-09-03\n"),
    ],
)
def test_what_is_asked_for_wrongly_is_told(tmp_path: Path, arguments: list[str], message: str) -> None:
    ran = whichteam("journeys", "--policy", "blackpool", "--out", tmp_path / "out", *arguments)
    assert (ran.code, ran.out, ran.err) == (2, "", message)
    assert not (tmp_path / "out").exists()
