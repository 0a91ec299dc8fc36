"""A small policy whose team graph is worked out by hand, used by the tests of the graph.

Moves: Door to Ash at the talk (t2, t4) or else to Birch (t5, an exception to t2); Ash to Birch at
the talk (t3, and at times for the managers by t6) and to Dell, for the managers; Birch back to
Ash, for the managers (t6), on to Oak at the birthday by age (t7) and to the end at the close
(t8). Cedar holds no cases, Dell lies outside, nothing leads to Elm.
"""

from __future__ import annotations

import os
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from kb.program import Program
from queries.graph.build import team_graph
from queries.graph.model import TeamGraph
from tests.helpers import CODES, program

NAMES = (
    ("team", "ash", "Ash Team", "Ash; the Ashes"),
    ("team", "birch", "Birch & Co"),
    ("team", "door", "Front Desk"),
    ("team", "cedar", "Cedar Advice"),
    ("team", "dell", "the next council"),
    ("team", "elm", "Elm Team"),
    ("team", "oak", "Oak Team"),
    ("body", "helper", "the helper"),
    ("point", "talk", "the first <talk>"),
    ("point", "birthday", "the 10th birthday"),
    ("point", "finish", "the close"),
    ("gate", "papers_ready", "the papers are ready"),
    ("gate", "asked", 'the family "was asked"'),
    ("attendance", "ash_comes", "Ash comes to the talk"),
    ("co_working", "side_by_side", "they work side by side"),
)
RULES = """
@clause t1.
front_door(door).
@clause t2.
route(door, ash, talk) :- threshold_met.
point_event(talk, conference_held).
@clause t3.
route(ash, birch, talk) :- reading(mood, calm), threshold_met.
gate(ash, talk, papers_ready).
gate_met(papers_ready) :- record_up_to_date.
condition_gate(ash, birch, talk, asked).
gate_met(asked) :- transfer_discussion_held.
attendance(ash_comes, ash, talk) :- threshold_met.
@clause t4.
route(door, ash, talk) :- not threshold_met.
@clause t5 exception_to t2.
route(door, birch, talk) :- known exploitation_is_primary_issue.
@clause t6.
discretion(ash, birch, talk) :- threshold_met.
discretion(ash, dell, talk) :- threshold_met.
discretion(birch, ash, talk) :- threshold_met.
@clause t7.
route(birch, oak, birthday) :- date_of_birth(_).
occurs(birthday, Born + 10 years) :- known date_of_birth(Born).
by_age_only(birthday).
@clause t8.
route(birch, case_closed, finish) :- threshold_met.
in_place_of(birch, case_closed) :- known threshold_met.
never_holds(cedar).
co_working(side_by_side, helper, ash) :- threshold_met.
co_working(side_by_side, cedar, ash) :- threshold_met.
outside(dell).
agreement_counts(elm).
"""
FACTS = (("conference_held", "event", "", "the talk", "the talk was held", "no talk is recorded", "When was the talk held?"),)


def missing(what: str) -> None:
    """Skips a test that needs something missing on this machine; fails it where nothing may be skipped (in CI)."""
    pytest.fail(what) if os.environ.get("CI") == "true" else pytest.skip(what)


@cache
def tiny_program(rules: str = RULES) -> Program:
    """The small policy, or one like it with other rules."""
    taken = {row[:2] for row in NAMES}
    codes = [*NAMES, *(row for row in CODES if row[0] not in ("team", "point") and row[:2] not in taken)]
    with TemporaryDirectory() as folder:
        return program(Path(folder), rules, codes=codes, facts=FACTS if FACTS[0][0] in rules else ())


def tiny_graph(rules: str = RULES) -> TeamGraph:
    """The graph of the small policy, with one move marked as taken by no case."""
    made = team_graph(tiny_program(rules))
    return replace(made, moves=tuple(replace(m, takable="no") if m.to == "dell" else m for m in made.moves))
