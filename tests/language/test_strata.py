"""A rule that would have to deny itself is refused; a circle without `not` is worked out."""

from __future__ import annotations

from pathlib import Path

from kb.engines.forward import Forward
from kb.engines.pydatalog import PyDatalog
from tests.helpers import START, faults, holding, model, program

P = 'predicate p "p" not "no p".\npredicate q "q" not "no q".\n'
LINKED = (
    'predicate linked(A: team, B: team) "{A} and {B} are linked" not "{A} and {B} are not linked".\n'
    + START
    + "linked(alpha, beta) :- cared_for.\n"
    + "linked(beta, gamma).\n"
    + "linked(gamma, alpha).\n"
    + "linked(A, C) :- linked(A, B), linked(B, C).\n"
    + "finding(odd) :- linked(alpha, alpha).\n"
)


def test_a_circle_through_not_is_shown(tmp_path: Path) -> None:
    assert faults(tmp_path, P + START + "p :- not q, cared_for.\nq :- p.\nduty(call_back) :- p.") == [
        "tiny/rules.dl:5:1: `p` would have to be settled before itself: "
        "t1 (tiny/rules.dl:5:1) concludes `p` from `not q`; t1 (tiny/rules.dl:6:1) concludes `q` from `p`\n"
        "    break the circle: no rule may rest on the denial of its own result"
    ]


def test_a_rule_that_denies_its_own_result_is_shown(tmp_path: Path) -> None:
    assert faults(tmp_path, P + START + "p :- cared_for, not p.\nq :- p.\nduty(call_back) :- q.") == [
        "tiny/rules.dl:5:1: `p` would have to be settled before itself: "
        "t1 (tiny/rules.dl:5:1) concludes `p` from `not p`\n"
        "    break the circle: no rule may rest on the denial of its own result"
    ]


def test_a_circle_through_known_not_is_shown(tmp_path: Path) -> None:
    assert faults(tmp_path, P + START + "p :- known not q, cared_for.\nq :- p.\nduty(call_back) :- p.") == [
        "tiny/rules.dl:5:1: `p` would have to be settled before itself: "
        "t1 (tiny/rules.dl:5:1) concludes `p` from `not q`; t1 (tiny/rules.dl:6:1) concludes `q` from `p`\n"
        "    break the circle: no rule may rest on the denial of its own result"
    ]


def test_a_circle_that_no_instance_closes_is_accepted(tmp_path: Path) -> None:
    """The circle is among predicates only: no team is linked to itself by it."""
    rules = (
        'predicate busy(Team: team) "{Team} is busy" not "{Team} is quiet".\n'
        + START
        + "busy(alpha) :- cared_for.\nbusy(beta) :- not busy(alpha).\nbusy(gamma) :- not busy(beta).\n"
        + "duty(call_back) :- busy(gamma).\n"
    )
    compiled = program(tmp_path, rules)
    assert holding(model(compiled, {"cared_for": True}), "busy") == {"busy(alpha)", "busy(gamma)"}
    assert holding(model(compiled, {"cared_for": False}), "busy") == {"busy(beta)"}
    assert holding(model(compiled, {}), "busy") == set()


def test_a_circle_without_not_is_worked_out(tmp_path: Path) -> None:
    compiled = program(tmp_path, LINKED)
    for engine in (PyDatalog(), Forward()):
        with_it = model(compiled, {"cared_for": True}, engine=engine)
        teams = ("alpha", "beta", "gamma")
        assert holding(with_it, "linked") == {f"linked({a}, {b})" for a in teams for b in teams}
        assert holding(with_it, "finding") == {"finding(odd)"}
        without = model(compiled, {"cared_for": False}, engine=engine)
        assert holding(without, "linked") == {"linked(beta, gamma)", "linked(gamma, alpha)", "linked(beta, alpha)"}
        assert holding(without, "finding") == set()


def test_a_circle_without_not_and_without_ground_holds_nothing(tmp_path: Path) -> None:
    compiled = program(tmp_path, P + START + "p :- q.\nq :- p.\nduty(call_back) :- p, cared_for.")
    for engine in (PyDatalog(), Forward()):
        assert holding(model(compiled, {"cared_for": True}, engine=engine), "duty") == set()


def test_a_circle_is_settled_before_a_part_of_it_is_denied(tmp_path: Path) -> None:
    """Whichever of the two stands first, and whichever of them a fact proves: both hold, so nothing that denies one does."""
    for number, (first, second, proved) in enumerate((a, b, c) for a, b in ("pq", "qp") for c in "pq"):
        rules = f"{first} :- {second}.\n{second} :- {first}.\n{proved} :- cared_for.\n"
        home = tmp_path / str(number)
        home.mkdir()
        compiled = program(home, P + START + rules + "finding(odd) :- known not p.\nduty(call_back) :- not q.\n")
        assert compiled.halves.circular
        for engine in (PyDatalog(), Forward()):
            found = {value: model(compiled, {"cared_for": value}, engine=engine) for value in (True, False)}
            assert [holding(found[True], name) for name in ("p", "q", "finding", "duty")] == [{"p"}, {"q"}, set(), set()]
            assert [holding(found[False], name) for name in ("p", "q")] == [set(), set()]
            assert [holding(found[False], name) for name in ("finding", "duty")] == [{"finding(odd)"}, {"duty(call_back)"}]
            assert holding(model(compiled, {}, engine=engine), "finding") == set()


def test_routes_that_lead_there_and_back_are_ordinary(tmp_path: Path) -> None:
    rules = START + (
        "@clause t2.\nroute(alpha, beta, handover) :- cared_for.\nroute(beta, alpha, goodbye) :- cared_for.\n"
        "point_event(handover, handover_on).\npoint_event(goodbye, case_closed_on).\n"
    )
    assert faults(tmp_path, rules) == []


def test_a_move_that_rests_on_what_is_told_is_refused_with_what_to_look_for(tmp_path: Path) -> None:
    rules = START + (
        "@clause t2.\nroute(alpha, beta, handover) :- cared_for, not known told(beta, alpha, goodbye, upcoming).\n"
        "route(beta, alpha, goodbye) :- cared_for.\n"
        "point_event(handover, handover_on).\npoint_event(goodbye, case_closed_on).\n"
    )
    (fault,) = faults(tmp_path, rules)
    assert fault == (
        "tiny/rules.dl:4:1: `route(alpha, beta, handover)` would have to be settled before itself: t2 (tiny/rules.dl:4:1) "
        "concludes `route(alpha, beta, handover)` from `not told(beta, alpha, goodbye, upcoming)`; the rules of the house "
        "conclude `told(beta, alpha, goodbye, upcoming)` from `route(alpha, beta, handover)`\n"
        "    let the move not wait for its own result (such as told or holds): ask starts_with or with_or_from instead"
    )
    (tmp_path / "good").mkdir()
    assert faults(tmp_path / "good", rules.replace("not known told(beta, alpha, goodbye, upcoming)", "with_or_from(alpha)")) == []


def test_a_circle_comes_before_what_is_not_finished(tmp_path: Path) -> None:
    """And after what is wrong with single rules, without which it can't be looked for."""
    circle = P + START + "p :- not q, cared_for.\nq :- p.\nduty(call_back) :- p."
    clauses = [(name, "1", "route", "must", "Says it.") for name in ("t1", "t2", "t3")]
    found = faults(tmp_path, circle, clauses=clauses)
    assert [fault.splitlines()[0].split(": ")[1] for fault in found] == [
        "`p` would have to be settled before itself",
        "2 clauses have no rule",
    ]
