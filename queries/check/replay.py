"""Replays the cases of findings on an engine: each case must show what its finding claims."""

from __future__ import annotations

from dataclasses import replace

from kb.case import Case
from kb.engines.forward import Forward
from kb.engines.interface import Engine
from kb.engines.pydatalog import PyDatalog
from kb.language.model import Atom, Constant
from kb.program import Model, Program
from kb.space.limit import Limit
from queries.answer_rows import changed_kinds
from queries.check.finding import Finding, Outcome
from queries.check.kept import Questions
from queries.check.settings import under
from queries.decide import Decision, decide
from queries.steps import models_of, records_of, step_decision

OF_THE_ANSWER = ("status", "holds")  # claims about the answer are checked in the last step only


def shows(program: Program, finding: Finding, engine: Engine | None = None) -> bool:
    """Whether the claims of a finding hold in its case; True without a case. `engine` defaults to pyDatalog.

    They hold in the step that the case is or, for a record, in one step of its journey.
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
    """The answer to the case of a finding, as a step or as a record."""
    assert finding.case is not None
    return (step_decision if finding.one_step else decide)(program, finding.case, engine)


def for_people(program: Program, outcome: Outcome, limit: Limit, search: Questions) -> Outcome:
    """The outcome with records in place of steps where a record shows the same; steps stay once the time is over."""
    findings = tuple(finding if limit.over else kept_record(program, finding, search) for finding in outcome.findings)
    return replace(outcome, findings=findings)


def kept_record(program: Program, finding: Finding, search: Questions) -> Finding:
    """As `in_record`, with a record that was found by an earlier check."""
    if finding.case is None or not finding.one_step or finding.otherwise is not None:
        return in_record(program, finding)

    def found() -> tuple[Case | None, bool, str, str]:
        told = in_record(program, finding)
        return told.case, told.one_step, told.answer, told.weight

    case, one_step, answer, weight = search.kept.value(search.place_of_record(finding), found)
    return replace(finding, case=case, one_step=one_step, answer=answer, weight=weight)


def in_record(program: Program, finding: Finding) -> Finding:
    """The finding with the smallest record that shows the same as its step; unchanged if none does, and a gap becomes a note."""
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
    """Whether a conclusion of a predicate with these first codes is certain."""
    predicate, *codes = claim
    wanted = tuple(map(Constant, codes))
    return any(_starts(atom, wanted) for atom in model.holding_of(predicate))


def _starts(atom: Atom, wanted: tuple[Constant, ...]) -> bool:
    return atom.args[: len(wanted)] == wanted
