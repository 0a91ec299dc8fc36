"""A clause with its exceptions, and theirs, as a tree."""

from __future__ import annotations

from pathlib import Path

from explain.clause_tree import Branch, clause_tree, notes, one_line
from tests.helpers import START, make_policy, tiny, whichteam

RULES = (
    START
    + """@clause t2.
route(alpha, beta, handover).
duty(call_back).
@clause t3 exception_to t2.
route(alpha, gamma, handover) :- unborn.
not duty(call_back) :- unborn.
@clause t4 exception_to t3.
not route(_, gamma, _) :- icpc_required.
@clause t5 exception_to t2 t3.
route(alpha, beta, goodbye) :- cared_for.
"""
)
ROUTE, CALL = "takes its place in `route`", "takes away `duty(call_back)`"


def test_each_exception_stands_below_what_it_is_an_exception_to(tmp_path: Path) -> None:
    policy = tiny(tmp_path, RULES)
    innermost = Branch("t5", ROUTE, ())
    lifted = Branch("t4", "takes away `route(_, gamma, _)`", ())
    assert clause_tree("t2", policy) == Branch("t2", "", (Branch("t3", f"{ROUTE}; {CALL}", (lifted, innermost)), innermost))
    assert [one_line(lifted, policy), one_line(clause_tree("t1", policy), policy)] == [
        "t4 (line 4) takes away `route(_, gamma, _)`: Says t4.",
        "t1 (line 1): Says t1.",
    ]


def test_what_is_said_beneath(tmp_path: Path) -> None:
    policy = tiny(tmp_path, RULES)
    told = {name: list(notes(clause_tree(name, policy), policy)) for name in ("t1", "t2", "t3", "t5")}
    assert told == {
        "t1": ["No clause is an exception to it."],
        "t2": ["Where several apply, the innermost that takes a place decides; what is taken away gives back what it displaced."],
        "t3": ["It is itself an exception to t2."],
        "t5": ["No clause is an exception to it.", "It is itself an exception to t2, t3."],
    }


def test_a_circle_ends_where_it_closes(tmp_path: Path) -> None:
    policy = tiny(tmp_path, RULES.replace("@clause t2.", "@clause t2 exception_to t5."))
    found = clause_tree("t2", policy)
    assert found.exceptions[1].exceptions[0].clause == "t2"
    assert found.exceptions[1].exceptions[0].exceptions == ()


def test_the_command(tmp_path: Path) -> None:
    home = make_policy(tmp_path, RULES)
    ran = whichteam("clause", "t2", "--tree", "--policy", home)
    assert (ran.code, ran.err) == (0, "")
    assert [line.rstrip() for line in ran.out.splitlines()] == [
        "t2 (line 2): Says t2.",
        "├── unless t3 (line 3) takes its place in `route`; takes away `duty(call_back)`:",
        "│   Says t3.",
        "│   ├── unless t4 (line 4) takes away `route(_, gamma, _)`: Says t4.",
        "│   └── unless t5 (line 5) takes its place in `route`: Says t5.",
        "└── unless t5 (line 5) takes its place in `route`: Says t5.",
        "  Where several apply, the innermost that takes a place decides; what is taken",
        "  away gives back what it displaced.",
    ]
    assert whichteam("clause", "t2", "--policy", home).out.splitlines()[0].startswith("t2  Tiny Council, line 2")
