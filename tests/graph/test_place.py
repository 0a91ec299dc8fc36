"""One case on the graph, and the flows of many."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import given

from explain.graph.overlays import of_case, of_flows
from kb.engines.forward import Forward
from kb.engines.pydatalog import PyDatalog
from kb.policy import load_policy
from kb.program import Program, compile_policy
from queries.decide import Decision, decide
from queries.graph.build import team_graph
from queries.graph.flows import flows
from queries.graph.model import TeamGraph
from queries.graph.place import Ahead, Place, Taken, place, with_agreed
from queries.load import load_case, load_program
from tests.helpers import case_of
from tests.strategies import blackpool, case, facts, laws

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
EASTBANK = Path(__file__).parent.parent / "councils" / "eastbank"
AST, SSF, ICPC = (
    "assessment_and_support_team",
    "strengthening_and_supporting_families",
    "initial_child_protection_conference",
)
CONFERENCE = {
    "team_on_record": AST,
    "icpc_required": True,
    "icpc_held_on": "2024-10-15",
    "icpc_outcome": "child_protection_plan",
}
CHECKED = dict.fromkeys(
    ["transfer_discussion_held", "transfer_agreed", "record_up_to_date", "family_notified_in_advance", "transfer_letters_sent"],
    True,
)


@cache
def blackpool_graph() -> TeamGraph:
    return team_graph(blackpool())


def decided(program: Program, recorded: dict[str, Any], day: str) -> Decision:
    return decide(program, case_of(program, recorded, day), PyDatalog())


def test_a_move_that_was_made() -> None:
    decision = decided(blackpool(), CONFERENCE, "2024-10-16")
    assert place(decision) == Place("decided", (SSF,), (AST,), (Taken((AST, SSF, ICPC), "2024-10-15"),), ())


def test_a_move_that_is_next() -> None:
    found = place(decided(blackpool(), CONFERENCE | CHECKED, "2024-10-14"))
    assert (found.possible, found.taken) == ((AST,), ())
    assert found.ahead[0].key == (AST, SSF, ICPC)
    assert (found.ahead[0].status, found.ahead[0].on, found.ahead[0].failing) == ("upcoming", "2024-10-15", ())


def test_a_move_that_is_blocked_names_the_check() -> None:
    program = blackpool()
    decision = decided(program, CONFERENCE | CHECKED | {"transfer_agreed": False}, "2024-10-16")
    found = place(decision)
    assert found.possible == (AST,)
    assert (found.ahead[0].key, found.ahead[0].status, found.ahead[0].failing) == (
        (AST, SSF, ICPC),
        "blocked",
        ("transfer_agreed",),
    )
    overlay = of_case(team_graph(program), decision, found)
    note = overlay.note("--".join((AST, SSF, ICPC)))
    assert note.startswith(
        "Next: held up (15 October 2024); it is not so that the managers have agreed the transfer; nobody recorded whether "
    )
    assert overlay.note(AST) == "The child is here"


def test_the_example_as_an_overlay() -> None:
    program, child = load_case(EXAMPLES / "conference.json")
    decision = decide(program, child, PyDatalog())
    overlay = of_case(team_graph(program), decision, place(decision))
    assert overlay.title == "Case example-conference: On 20 November 2024 Strengthening and Supporting Families holds the child."
    assert overlay.lines == (
        "The journey begins with Assessment and Support Team.",
        "Step 1: from Assessment and Support Team to Strengthening and Supporting Families "
        "at the initial child protection conference (19 November 2024).",
        "No move is ahead on what is recorded.",
    )
    assert dict(overlay.notes) == {
        SSF: "The child is here",
        "--".join((AST, SSF, ICPC)): "Step 1: taken (19 November 2024)",
    }
    assert overlay.strong == frozenset(overlay.notes)
    assert AST not in overlay.pale
    assert "awaken" in overlay.pale


def test_a_child_who_goes_up_down_and_up_again() -> None:
    """The same move twice: both are shown on its edge, and the present place is that of the last stint."""
    program = compile_policy(load_policy(EASTBANK))
    recorded = {
        "team_on_record": "front_desk",
        "contact_received_on": "2024-01-02",
        "referral_accepted_on": "2024-01-02",
        "district": "north",
        "step_up_meeting_held_on": ["2024-02-01", "2024-06-03"],
        "step_down_meeting_held_on": "2024-04-02",
    }
    decision = decided(program, recorded, "2024-10-16")
    found = place(decision)
    up, down = ("north_team", "intensive_team", "step_up_meeting"), ("intensive_team", "north_team", "step_down_meeting")
    assert (found.possible, found.began_with) == (("intensive_team",), ("front_desk",))
    assert found.taken == (
        Taken(("front_desk", "north_team", "acceptance"), "2024-01-02"),
        Taken(up, "2024-02-01"),
        Taken(down, "2024-04-02"),
        Taken(up, "2024-06-03"),
    )
    overlay = of_case(team_graph(program), decision, found)
    assert overlay.note("--".join(up)) == "Step 2: taken (1 February 2024); step 4: taken (3 June 2024)"
    assert flows([found]).taken[up] == 1


def test_a_closing_is_told_and_is_no_edge() -> None:
    decision = decided(blackpool(), {"team_on_record": AST, "case_closed_on": "2024-10-01"}, "2024-10-16")
    found = place(decision)
    assert (found.possible, found.taken) == (("case_closed",), (Taken((AST, "case_closed", ""), "2024-10-01"),))
    assert found.keys == ()
    lines = of_case(blackpool_graph(), decision, found).lines
    assert lines[1] == "Step 1: from Assessment and Support Team to case closed (1 October 2024)."


def test_several_teams_are_possible() -> None:
    program, child = load_case(EXAMPLES / "consent-not-recorded.yaml")
    decision = decide(program, child, PyDatalog())
    assert len(decision.possible_teams) > 1
    overlay = of_case(team_graph(program), decision, place(decision))
    assert {overlay.note(code) for code in decision.possible_teams} == {"The child may be here"}


def test_an_agreed_move_that_no_rule_names_is_added() -> None:
    program = load_program("blackpool")
    recorded = {"team_on_record": SSF, "managers_agreed_team": AST, "managers_agreed_on": "2024-10-15"}
    decision = decided(program, recorded, "2024-10-16")
    found = place(decision)
    assert (found.possible, [move.key for move in found.taken]) == ((AST,), [(SSF, AST, "managers_agreement")])
    before = team_graph(program)
    graph = with_agreed(before, found, decision.model)
    assert graph.moves[:-1] == before.moves
    assert graph.moves[-1].key == (SSF, AST, "managers_agreement")
    assert ([c.clause for c in graph.moves[-1].clauses], graph.moves[-1].discretionary) == (["bp6"], "yes")
    assert of_case(graph, decision, found).note(graph.moves[-1].id) == "Step 1: taken (15 October 2024)"


@laws(40)
@given(facts("blackpool"))
def test_every_place_can_be_shown(recorded: dict[str, Any]) -> None:
    """The place has the decision's upcoming moves and the certain moves of its journey, and each has an edge in the graph."""
    decision = decide(blackpool(), case(blackpool(), recorded), Forward())
    found = place(decision)
    told = [decision.transfer, *decision.further_transfers] if decision.transfer else []
    assert Counter(a.key for a in found.ahead) == Counter((t.origin, t.to, t.point) for t in told if t.status != "completed")
    journey = [s.moves[0] for s in decision.journey if s.status != "planned" and len(s.moves) == 1]
    assert {(m.origin, m.to, m.point or "") for m in journey} <= {taken.key for taken in found.taken}
    on_a_day = [taken.on for taken in found.taken if taken.on is not None]
    assert on_a_day == sorted(on_a_day)
    graph = with_agreed(blackpool_graph(), found, decision.model)
    overlay = of_case(graph, decision, found)
    known = {team.code for team in graph.teams} | {move.id for move in graph.moves}
    assert set(overlay.notes) <= known
    assert len(overlay.lines) == len(found.began_with) + len(found.taken) + max(len(found.ahead), 1)


def test_flows_count_each_case_once() -> None:
    move = (AST, SSF, ICPC)
    places = [
        Place("decided", (SSF,), (AST,), (Taken(move, "2024-10-15"),), ()),
        Place("decided", (SSF,), (AST,), (Taken(move, None),), ()),
        Place("decided", (AST,), (AST,), (), (Ahead(move, "upcoming", None, (), ()),)),
        Place("unknown", (AST, SSF), (AST,), (), (Ahead(move, "unknown", None, (), ()),)),
        Place("silent", (), (), (), ()),
    ]
    found = flows(places)
    assert found.cases == 5
    assert found.taken == Counter({move: 2})
    assert found.ahead == Counter({(move, "upcoming"): 1, (move, "unknown"): 1})
    assert found.held == Counter({SSF: 2, AST: 1})
    assert found.open == Counter({"unknown": 1, "silent": 1})
    program = blackpool()
    overlay = of_flows(team_graph(program), found, program.policy.vocabulary.label)
    assert overlay.lines == ("No settled team, the policy names no team: 1 child.", "No settled team, not known: 1 child.")
    assert dict(overlay.notes) == {
        SSF: "2 children here now",
        AST: "1 child here now",
        "--".join(move): "2 children moved; 1 child: unsettled; 1 child: still to come",
    }
