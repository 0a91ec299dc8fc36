"""The cases that were found, put to the pyDatalog engine: each must show what its finding says."""

from __future__ import annotations

from kb.engines.pydatalog import PyDatalog
from kb.language.model import Atom, Constant
from kb.program import Model, Program
from queries.check.finding import Finding
from queries.check.settings import under
from queries.decide import decide
from queries.rows import changed_kinds


def shows(program: Program, finding: Finding) -> bool:
    """Whether what a finding claims of its case follows from it. Without a case there is nothing to show."""
    if finding.case is None:
        return True
    first = decide(program, finding.case, PyDatalog())
    if first.model.holding_of("contradiction") or not all(_holds(first.model, claim) for claim in finding.claims):
        return False
    other = finding.otherwise
    if other is None:
        return True
    second = decide(under(program, {other.reading: other.setting}), finding.case, PyDatalog())
    return not second.model.holding_of("contradiction") and other.kind in changed_kinds(first, second)


def _holds(model: Model, claim: tuple[str, ...]) -> bool:
    """Whether some conclusion of a predicate, with these codes first, is certain."""
    predicate, *codes = claim
    wanted = tuple(map(Constant, codes))
    return any(_starts(atom, wanted) for atom in model.holding_of(predicate))


def _starts(atom: Atom, wanted: tuple[Constant, ...]) -> bool:
    return atom.args[: len(wanted)] == wanted
