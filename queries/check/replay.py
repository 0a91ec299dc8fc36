"""The cases that were found, put to the pyDatalog engine: each must show what its finding says."""

from __future__ import annotations

from kb.engines.pydatalog import PyDatalog
from kb.language.model import Atom, Constant
from kb.program import Model, Program, solve
from queries.check.finding import Finding


def shows(program: Program, finding: Finding) -> bool:
    """Whether what a finding claims of its case follows from it. Without a case there is nothing to show."""
    if finding.case is None:
        return True
    model = solve(program, finding.case, PyDatalog())
    return not model.holding_of("contradiction") and all(_holds(model, claim) for claim in finding.claims)


def _holds(model: Model, claim: tuple[str, ...]) -> bool:
    """Whether some conclusion of a predicate, with these codes first, is certain."""
    predicate, *codes = claim
    wanted = tuple(map(Constant, codes))
    return any(_starts(atom, wanted) for atom in model.holding_of(predicate))


def _starts(atom: Atom, wanted: tuple[Constant, ...]) -> bool:
    return atom.args[: len(wanted)] == wanted
