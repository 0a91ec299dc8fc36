"""Invented children in all five formats: the readers agree, and all planted teams and faults are found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from kb.case import make_case, occurrences
from kb.engines.forward import Forward
from kb.intake.model import Intake
from kb.intake.read import open_source, read_source
from kb.invented.faults import Planted, plant
from kb.invented.own import documents
from kb.invented.project import Tabled, tables_of
from kb.invented.score import score
from kb.invented.simulate import blocks
from kb.invented.steps import NEVER
from kb.invented.teams import Council, Recorded, record_teams
from kb.program import Program
from kb.vocabulary.model import Fact
from queries.bulk.stints import left_on
from queries.decide import decide
from queries.invented import one_by_one, write_tables
from queries.load import load_program

DAY = date(2024, 11, 20)
SIZES = {"blackpool": 64, "sefton": 40}
NORTHSHIRE = Path(__file__).parent.parent / "councils" / "northshire"
READ = ("annex_a", "ssd", "cin_census", "ssda903")
LEAST = {"annex_a": 7, "ssd": 7, "cin_census": 7, "ssda903": 1}  # facts of a child on average; most children are not in care
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
        return self.read_with(form, tables, home, [])[0]

    def read_with(self, form: str, tables: dict[str, Tabled], home: Path, key: list[Planted]) -> tuple[Intake, list[Planted]]:
        """What is read of the tables, and the key of their faults with the places in the files."""
        home.mkdir()
        files, placed = write_tables(form, tables, home, DAY.toordinal(), key)
        policy = self.program.policy
        sources = [open_source(str(file)) for file in files]
        return read_source(sources, policy.code, policy.vocabulary, DAY.toordinal()), placed


@cache
def made(policy: str) -> Made:
    program = load_program(policy)
    deciding = Council(policy, program.policy.vocabulary, one_by_one(program))
    block = next(blocks(SIZES[policy], 1, DAY.toordinal()))
    return Made(program, record_teams(block, deciding, 0.125, 1))


@pytest.fixture(params=list(SIZES))
def children(request: pytest.FixtureRequest) -> Made:
    return made(request.param)


def facts(intake: Intake) -> Facts:
    return {case.case_id: case.facts for case in intake.cases}


def carried(form: str, fact: Fact, ours: Any, theirs: Any) -> bool:
    """Whether a format has the same value: the workbook for the last six months, which it covers, the others in full.

    SSDA903 counts a placement from the day on which care began; it may be some days later here. In the census the day of the
    referral stands in for that of the contact.
    """
    near = {("ssda903", "placed_on"): 10, ("cin_census", "contact_received_on"): 10}.get((form, fact.name))
    if near is not None:
        pairs = list(zip(occurrences(ours), occurrences(theirs), strict=True))
        return all(abs(day - other) <= near for day, other in pairs)
    if form != "annex_a" or not isinstance(ours, tuple):
        return bool(theirs == ours)
    if not fact.recurs:
        return bool(theirs == ours[: len(theirs)])  # closings, the latest first
    days, shown = occurrences(ours), occurrences(theirs)
    recent = [day for day in days if day > DAY.toordinal() - 183]
    return list(days[-len(shown) :]) == list(shown) and len(shown) >= len(recent)


def test_the_readers_agree_on_the_same_child(children: Made, tmp_path: Path) -> None:
    """On every fact that two formats have, without faults from either reader."""
    found: dict[str, Facts] = {"own": children.own}
    for form in READ:
        intake = children.read(form, children.tables(form), tmp_path / form)
        assert [str(fault) for fault in intake.faults] == []
        assert all(count.adds_up and not count.refused for count in intake.counts)
        found[form] = facts(intake)
    facts_known = children.program.policy.vocabulary.facts
    several = 0
    for one, other in (*(("own", form) for form in READ), ("ssd", "annex_a")):
        assert set(found[one]) >= set(found[other])  # cases closed over six months ago are not in the workbook
        both = [(c, f) for c in found[other] for f in found[one][c] if f in found[other][c]]
        said = [(c, f, found[one][c][f], found[other][c][f]) for c, f in both]
        differ = [told for told in said if not carried(other, facts_known[told[1]], *told[2:])]
        assert differ == []
        assert len(both) > LEAST[other] * len(found[one])
        several += sum(facts_known[f].recurs and isinstance(theirs, tuple) for _, f, _, theirs in said)
    assert several > 0.4 * len(children.own)  # facts with several days


def test_what_the_readers_know_our_own_form_says(children: Made, tmp_path: Path) -> None:
    """No reader invents a fact: everything it reads is in our own table too."""
    for form in READ:
        read = facts(children.read(form, children.tables(form), tmp_path / form))
        made_up = {fact for child in read for fact in read[child] if fact not in children.own[child]}
        # an enquiry without a conference if none is due yet; involvements and lists of teams, all with days
        assert made_up <= {"icpc_required", "with_team_since"}


def test_the_dataset_says_since_when_the_team_has_had_the_child(children: Made, tmp_path: Path) -> None:
    """The day in the key, or that of the stint still on record; consecutive rows with one team are one stint."""
    read = facts(children.read("ssd", children.tables("ssd"), tmp_path / "ssd"))
    shown = dict(zip(children.recorded.children.ids(), children.recorded.children.stints))
    said = {child: found["with_team_since"].number for child, found in read.items() if "with_team_since" in found}
    assert said == {child: shown[child][-1].since for child in said}
    open_stints = {child for child, stints in shown.items() if stints and stints[-1].until == NEVER and stints[-1].since != NEVER}
    assert set(said) == open_stints
    assert len(said) > 0.4 * len(read)


def test_some_came_back_and_some_records_say_since_when(children: Made) -> None:
    """Each later contact comes after a closing, and the first day with the team is never after the day of the record."""
    own = list(children.own.values())
    again = [facts for facts in own if isinstance(facts["contact_received_on"], tuple)]
    for facts in again:
        contacts, closed = occurrences(facts["contact_received_on"]), occurrences(facts["case_closed_on"])
        assert sorted(entry["closed_on"].number for entry in facts["previous_involvements"]) == list(closed)
        assert all(contact < end for contact, end in zip(contacts, closed))
        assert all(end < contact for end, contact in zip(closed, contacts[1:]))
    since = [facts["with_team_since"].number for facts in own if "with_team_since" in facts]
    assert all(day <= DAY.toordinal() for day in since)
    assert len(again) >= 3
    assert 0.1 * len(own) < len(since) < 0.6 * len(own)


def test_the_key_says_where_each_child_was_when(children: Made) -> None:
    """Stints follow each other without gaps within an episode, episodes don't overlap, and the closing ends the last stint."""
    known = children.program.policy.vocabulary
    for lives, child in zip(children.recorded.stints, children.own.values()):
        for stints in lives:
            assert all(stint.team == "" or known.has("team", stint.team) or known.has("outcome", stint.team) for stint in stints)
            assert all(one.until == other.since for one, other in pairwise(stints))
        closed = {entry["closed_on"].number: entry["team"] for entry in child["previous_involvements"]}
        ends = {stints[-1].until: stints[-1].team for stints in lives[1:] if stints}
        assert ends.items() <= closed.items()
    led_on = [len(stints) > 1 for lives in children.recorded.stints for stints in lives[:1]]
    came_back = [sum(map(bool, lives)) > 1 for lives in children.recorded.stints]
    assert sum(led_on) > 0.15 * len(led_on)
    assert sum(came_back) >= 3


def test_every_wrong_team_is_found_with_its_day_and_no_other(children: Made) -> None:
    """The back-test: the policy finds the records with a wrong team, and since when."""
    vocabulary, recorded = children.program.policy.vocabulary, children.recorded
    found: dict[str, int | None] = {}
    for document, on_record in zip(documents(recorded.table), recorded.children.recorded.texts()):
        answer = decide(children.program, make_case(document, vocabulary, "c"), Forward())
        has_team = on_record in recorded.children.names
        if answer.status == "decided" and has_team and answer.responsible_team != on_record:
            found[document["case_id"]] = left_on(answer.journey, on_record)
    planted = zip(recorded.children.ids(), recorded.wrong, recorded.wrong_since.tolist())
    assert found == {child: day for child, wrong, day in planted if wrong}
    assert 0.1 <= recorded.wrong.mean() <= 0.15


@pytest.mark.parametrize(
    ("form", "seed"), [("annex_a", 1), ("annex_a", 2), ("ssd", 1), ("ssd", 2), ("cin_census", 1), ("ssda903", 2)]
)
def test_every_fault_is_met_and_nothing_else_is_lost(form: str, seed: int, tmp_path: Path) -> None:
    children = made("blackpool")
    good = children.read(form, children.tables(form), tmp_path / "good")
    tables = children.tables(form)
    bad, key = children.read_with(form, tables, tmp_path / "bad", plant(tables, 0.6, seed))
    result = score(good, bad, key)
    # only the dataset has JSON, SSDA903 no yes or no, and the elements of XML have no headings
    kinds = {1, 2, 3, 4, 5, 6, 7} | ({8} if form == "ssd" else set())
    kinds -= {"ssda903": {4}, "cin_census": {5}}.get(form, set())
    assert set(result.planted) == kinds
    assert (result.met, result.missed, result.changed, result.lost) == (result.planted, (), (), ())
    assert len(key) >= 0.5 * SIZES["blackpool"]


def test_the_score_tells_what_a_reader_misses(tmp_path: Path) -> None:
    """The score of a reader that drops faulty rows without a message."""
    children = made("blackpool")
    good = children.read("annex_a", children.tables("annex_a"), tmp_path / "good")
    tables = children.tables("annex_a")
    key = plant(tables, 0.6, 1)
    silent = Intake(good.kind, good.as_of, good.cases[1:], good.sources, (), good.counts, (), (), {})
    result = score(good, silent, key)
    told = [fault for fault in key if fault.expected in ("told", "asked", "dropped")]
    assert set(told) <= set(result.missed)
    assert result.lost == (good.cases[0].case_id,)
