"""The cases that were found, put to the pyDatalog engine: each must show what its finding says."""

from __future__ import annotations

from dataclasses import replace

from kb.engines.forward import Forward
from kb.engines.interface import Engine
from kb.engines.pydatalog import PyDatalog
from kb.language.model import Atom, Constant
from kb.program import Model, Program
from queries.check.finding import Finding, Outcome
from queries.check.settings import under
from queries.decide import Decision, decide
from queries.rows import changed_kinds
from queries.steps import models_of, records_of, step_decision

OF_THE_ANSWER = ("status", "holds")  # what is claimed of the answer is no matter of an earlier step


def shows(program: Program, finding: Finding, engine: Engine | None = None) -> bool:
    """Whether what a finding claims of its case follows from it. Without a case there is nothing to show.

    It follows in the step that the case is, or in one step of the journey that its record leads to.
    """
    if finding.case is None:
        return True
    by = engine or PyDatalog()
    first = answer_of(program, finding, by)
    models = [first.model]
    if not finding.one_step and not any(predicate in OF_THE_ANSWER for predicate, *_ in finding.claims):
        models = list(models_of(program, first, by))
    if not any(all(_holds(model, claim) for claim in finding.claims) for model in models):
        return False
    if finding.answer and first.status != finding.answer:
        return False
    if any(model.holding_of("contradiction") for model in models):
        return False
    other = finding.otherwise
    if other is None:
        return True
    second = answer_of(under(program, {other.reading: other.setting}), finding, by)
    return not second.model.holding_of("contradiction") and other.kind in changed_kinds(first, second)


def answer_of(program: Program, finding: Finding, engine: Engine) -> Decision:
    """The answer to the case of a finding: to the step that it is, or to the record."""
    assert finding.case is not None
    return (step_decision if finding.one_step else decide)(program, finding.case, engine)


def for_people(program: Program, outcome: Outcome) -> Outcome:
    """The findings with a record as their case, where a record comes to the same as the step that was found."""
    return replace(outcome, findings=tuple(in_record(program, finding) for finding in outcome.findings))


def in_record(program: Program, finding: Finding) -> Finding:
    """A finding with the smallest record that shows the same as its step; else as it is, and a gap is then only a note."""
    if finding.case is None or not finding.one_step:
        return finding
    for record in records_of(finding.case, program.policy.vocabulary):
        told = replace(finding, case=record, one_step=False)
        if not any(predicate == "status" for predicate, *_ in finding.claims):
            told = replace(told, answer=answer_of(program, told, Forward()).status)
        if shows(program, told, Forward()):
            return told
    return replace(finding, weight="note") if finding.weight == "gap" else finding


def _holds(model: Model, claim: tuple[str, ...]) -> bool:
    """Whether some conclusion of a predicate, with these codes first, is certain."""
    predicate, *codes = claim
    wanted = tuple(map(Constant, codes))
    return any(_starts(atom, wanted) for atom in model.holding_of(predicate))


def _starts(atom: Atom, wanted: tuple[Constant, ...]) -> bool:
    return atom.args[: len(wanted)] == wanted
