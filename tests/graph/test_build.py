"""The team graph has exactly the moves that the rules allow, each with all its clauses."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from kb.engines.forward import Forward
from kb.policy import installed
from kb.program import solve
from queries.graph.build import team_graph
from queries.graph.model import Citation, Key, Move, Named, Statement, around
from queries.load import load_program
from tests.graph.tiny import RULES, tiny_graph, tiny_program
from tests.helpers import program
from tests.strategies import blackpool, case, facts, laws

SCENARIOS = Path(__file__).parent.parent / "scenarios"


def cite(*clauses: str) -> tuple[Citation, ...]:
    return tuple(Citation(clause, (int(clause[1:]),), "must") for clause in clauses)


def line_of(text: str) -> str:
    return f"tiny/rules.dl:{next(n for n, line in enumerate(RULES.split(chr(10)), 1) if line.startswith(text))}"


def test_the_moves_in_full() -> None:
    made = team_graph(tiny_program(), {("ash", "dell", "talk"): False, ("door", "ash", "talk"): True})
    talk, papers = "the first <talk>", (Named("papers_ready", "the papers are ready"),)
    asked, comes = (Named("asked", 'the family "was asked"'),), (Named("ash_comes", "Ash comes to the talk"),)

    def at(*rules: str) -> tuple[str, ...]:
        return tuple(line_of(rule) for rule in rules)

    def plain(origin: str, to: str, point: str, name: str, clause: str, rule: str, decided: str = "no") -> Move:
        return Move(origin, to, point, name, decided, point == "birthday", cite(clause), at(rule), (), (), (), (), ())

    into_ash = at("route(door, ash, talk) :- threshold", "route(door, ash, talk) :- not")
    into_birch = at("route(ash, birch", "discretion(ash, birch")
    assert made.moves == (
        Move("door", "ash", "talk", talk, "no", False, cite("t2", "t4"), into_ash, ("t5",), (), (), (), comes, "yes"),
        plain("door", "birch", "talk", talk, "t5", "route(door, birch"),
        Move("ash", "birch", "talk", talk, "in part", False, cite("t3", "t6"), into_birch, (), ("mood",), papers, asked, comes),
        Move("ash", "dell", "talk", talk, "yes", False, cite("t6"), at("discretion(ash, dell"), (), (), papers, (), comes, "no"),
        replace(plain("birch", "ash", "talk", talk, "t6", "discretion(birch, ash", "yes"), attendance=comes),
        plain("birch", "oak", "birthday", "the 10th birthday", "t7", "route(birch, oak"),
        plain("birch", "case_closed", "finish", "the close", "t8", "route(birch, case_closed"),
    )


def test_the_teams_in_full() -> None:
    made = tiny_graph()
    assert [(team.code, team.kind) for team in made.teams] == [
        ("door", "team"),
        ("ash", "team"),
        ("birch", "team"),
        ("cedar", "team"),
        ("dell", "team"),
        ("elm", "team"),
        ("oak", "team"),
        ("case_closed", "outcome"),
        ("helper", "body"),
    ]
    assert made.team("ash").names == ("Ash Team", "Ash", "the Ashes")
    assert made.team("ash").clauses == ("t2", "t3", "t4", "t6", "t8")
    side = "they work side by side"
    assert {team.code: team.statements for team in made.teams} == {
        "door": (Statement("front_door", "", "", ("t1",)),),
        "ash": (Statement("attendance", "talk", "Ash comes to the talk", ("t3",)),),
        "birch": (Statement("in_place_of", "case_closed", "", ("t8",)),),
        "cedar": (Statement("never_holds", "", "", ("t8",)), Statement("co_working", "ash", side, ("t8",))),
        "dell": (Statement("outside", "", "", ("t8",)),),
        "elm": (Statement("agreement_counts", "", "", ("t8",)),),
        "oak": (),
        "case_closed": (),
        "helper": (Statement("co_working", "ash", side, ("t8",)),),
    }


def test_a_move_that_no_reading_allows_is_no_move(tmp_path: Path) -> None:
    rules = "@clause t1.\nfront_door(alpha).\nroute(alpha, beta, handover) :- reading(mood, {}), threshold_met.\n"
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert [move.id for move in team_graph(program(tmp_path / "a", rules.format("calm"))).moves] == ["alpha--beta--handover"]
    assert team_graph(program(tmp_path / "b", rules.format("stern"))).moves == ()


def test_a_move_to_the_same_team_is_no_move(tmp_path: Path) -> None:
    rules = "@clause t1.\nfront_door(alpha).\nroute(From, beta, handover) :- team(From), threshold_met.\n"
    assert [move.key[:2] for move in team_graph(program(tmp_path, rules)).moves] == [("alpha", "beta"), ("gamma", "beta")]


def test_around_keeps_names_of_teams_left_out() -> None:
    part = around(tiny_graph(), "case_closed")
    assert ([team.code for team in part.teams], [move.id for move in part.moves]) == (
        ["birch", "case_closed"],
        ["birch--case_closed--finish"],
    )
    assert part.name_of("door") == "Front Desk"


@pytest.mark.parametrize("policy", sorted(installed()))
def test_every_move_that_the_scenarios_expect_is_in_the_graph(policy: str) -> None:
    """The scenarios were written from the documents, not from our rules."""
    path = SCENARIOS / f"{policy}.json"
    made = team_graph(load_program(policy))
    known = {move.key for move in made.moves}
    agreeable = {team.code for team in made.teams if team.said("agreement_counts")}
    expected = set()
    for scenario in json.loads(path.read_text(encoding="utf-8")):
        transfer = scenario["expect"].get("transfer")
        for one in transfer if isinstance(transfer, list) else [transfer]:
            if one and all(isinstance(one.get(part), str) for part in ("from", "to", "point")):
                expected.add((one["from"], one["to"], one["point"]))
    missing = {key for key in expected - known if not (key[2] == "managers_agreement" and key[1] in agreeable)}
    assert missing == set()
    assert len(expected & known) > 8


@cache
def known_moves() -> set[Key]:
    return {move.key for move in team_graph(blackpool()).moves}


@laws(40)
@given(facts("blackpool"))
def test_no_case_takes_a_move_that_the_graph_lacks(recorded: dict[str, Any]) -> None:
    model = solve(blackpool(), case(blackpool(), recorded), Forward())
    known = known_moves()
    moved = {tuple(str(arg) for arg in atom.args[:3]) for atom in model.holding_of("moved") + model.open_of("moved")}
    assert moved <= known


@pytest.mark.parametrize("policy", sorted(installed()))
def test_clauses_and_places_are_real(policy: str) -> None:
    program_ = load_program(policy)
    rules = {f"{rule.position.file}:{rule.position.line}": rule for rule in program_.policy.rules}
    for move in team_graph(program_).moves:
        assert {rules[place].clause for place in move.rules} == {cited.clause for cited in move.clauses}
        assert all(cited.lines == program_.policy.clauses[cited.clause].lines for cited in move.clauses)
        assert all(rules[place].head.predicate in ("route", "discretion") for place in move.rules)
