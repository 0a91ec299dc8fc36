"""Both halves of every condition of both policies are the same in columns as in one case."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.random_table import random_steps
from kb.bulk.bits import unpack
from kb.bulk.conditions import BulkConditions
from kb.bulk.table import CaseTable
from kb.conditions import Conditions
from kb.language.model import AS_OF, Atom, AtTime, Constant, DayOf, FixedDate, OnOrAfter, Shifted, Term, ValueOf
from kb.program import Program
from queries.load import load_program
from tests.helpers import case_of, program
from tests.strategies import AS_OF as DAY


def differences(made: Program, table: CaseTable, atoms: list[Atom], chunk: int) -> list[tuple[str, str, object]]:
    """Conditions that differ in some case: (case, condition, expected value)."""
    vocabulary = made.policy.vocabulary
    whole = BulkConditions(table, vocabulary)
    found: list[tuple[str, str, object]] = []
    for start in range(0, len(table), chunk):
        stop = min(len(table), start + chunk)
        rows = whole.rows(start, stop)
        planes = [[unpack(plane, stop - start) for plane in rows.planes(atom)] for atom in atoms]
        for row in range(start, stop):
            one = Conditions(table.case(row, vocabulary), vocabulary)
            for atom, (certain, possible) in zip(atoms, planes):
                truth = one.truth(atom)
                if (bool(certain[row - start]), bool(possible[row - start])) != (truth is True, truth is not False):
                    found.append((table.ids[row], str(atom), truth))
    return found


@pytest.mark.parametrize("policy", ["blackpool", "sefton"])
@pytest.mark.parametrize("unknown", [0.2, 0.9])
def test_all_conditions_of_a_policy(policy: str, unknown: float) -> None:
    made = load_program(policy)
    atoms = [made.halves.atoms[number] for number in made.halves.conditions]
    assert differences(made, random_steps(made, 150, seed=7, unknown=unknown), atoms, chunk=128) == []


def test_facts_that_the_table_lacks_are_unknown_in_every_case() -> None:
    made = load_program("sefton")
    table = random_steps(made, 3)
    few = dict(list(table.columns.items())[:4])
    bare = CaseTable(table.policy, table.ids, table.as_of, few, {})
    atoms = [made.halves.atoms[number] for number in made.halves.conditions]
    assert differences(made, bare, atoms, chunk=64) == []
    whole = BulkConditions(bare, made.policy.vocabulary)
    open_everywhere = [atom for atom in atoms if whole.is_unknown(atom)]
    assert 0 < len(open_everywhere) < len(atoms)


BORN, MET, AGREED, WEEKS = (
    ValueOf("date_of_birth"),
    ValueOf("icpc_held_on"),
    ValueOf("managers_agreed_on"),
    ValueOf("gestation_weeks"),
)
TERMS: list[Term] = [
    *(Shifted(MET, Constant(n), unit) for n in (-3, 0, 1, 6) for unit in ("days", "working days", "weeks", "months", "years")),
    *(Shifted(MET, WEEKS, unit) for unit in ("days", "working days", "weeks", "months", "years")),
    Shifted(Shifted(MET, Constant(1), "months"), Constant(-5), "working days"),
    OnOrAfter("wednesday", MET),
    OnOrAfter("monday", Shifted(BORN, Constant(18), "years")),
    AtTime(Shifted(MET, Constant(1), "days"), 600),
    Shifted(AS_OF, Constant(-12), "months"),
    FixedDate(DAY.toordinal()),
    Shifted(FixedDate(DAY.toordinal()), Constant(2), "months"),
    Constant(4),
]


@pytest.mark.parametrize("term", TERMS, ids=str)
def test_a_term_of_any_kind_compared_with_another(term: Term) -> None:
    made = load_program("blackpool")
    table = random_steps(made, 130, seed=3)
    others: list[Term] = [AS_OF, AGREED, Constant(DAY.toordinal() + 10)]
    atoms = [Atom(operator, (term, other)) for operator in ("<", "<=", ">", ">=", "=", "!=") for other in others]
    assert differences(made, table, atoms, chunk=64) == []


def test_the_day_of_a_moment() -> None:
    made = load_program("sefton")
    moments = made.policy.vocabulary.of_type("datetime")
    assert moments
    for name in moments:
        days: list[Term] = [DayOf(ValueOf(name)), Shifted(DayOf(ValueOf(name)), Constant(1), "months")]
        atoms = [Atom(operator, (day, AS_OF)) for day in days for operator in ("<", "=", ">=")]
        assert differences(made, random_steps(made, 70), atoms, chunk=64) == []


def test_a_day_before_any_other_of_the_chunk_is_no_look_up_beyond_the_table(tmp_path: Path) -> None:
    made = program(tmp_path)
    from kb.bulk.table import from_cases

    cases = [case_of(made, {"date_of_birth": born}) for born in ("1900-01-01", "2024-06-03", "2008-02-29")]
    atoms = [Atom("<=", (Shifted(BORN, Constant(years), "years"), AS_OF)) for years in (0, 16, 18, 124)]
    table = from_cases(cases, made.policy.vocabulary)
    assert differences(made, table, atoms, chunk=64) == []
    whole = BulkConditions(table, made.policy.vocabulary)
    assert np.array_equal(whole.days(BORN)[[0, -1]], [693596, 739040])
    assert whole.days(AS_OF).tolist() == [739040]
