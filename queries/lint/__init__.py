"""Checks a policy document before rules exist: one check, one module, one page.

Each module has `NAME` and `find(subject)`, which yields findings; its page is the `.md` file of the same name beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from types import ModuleType

from kb.edition import Edition
from kb.policy import Policy
from queries.lint import (
    acronyms,
    broken,
    cited,
    contents,
    dates,
    disputes,
    duties,
    fields,
    limits,
    names,
    numbering,
    references,
    register,
    repeats,
    replaced,
    terms,
    topics,
    vague,
)
from queries.lint.finding import Finding, Report, Subject

CHECKS: tuple[ModuleType, ...] = (
    contents,
    numbering,
    references,
    fields,
    dates,
    replaced,
    cited,
    names,
    terms,
    acronyms,
    repeats,
    broken,
    limits,
    duties,
    disputes,
    vague,
    topics,
    register,
)

__all__ = ["CHECKS", "Finding", "Report", "Subject", "check_names", "lint"]


def check_names() -> tuple[str, ...]:
    return tuple(module.NAME for module in CHECKS)


def lint(edition: Edition, as_of: date, policy: Policy | None = None, only: Iterable[str] = ()) -> Report:
    """The findings of the checks in `only`, or of all checks, in a document.

    as_of   the day for which the document is checked, such as for dates that have passed
    policy  a policy whose teams and clauses are compared with the document
    """
    subject = Subject(edition, as_of, policy)
    wanted = set(only) or set(check_names())
    found = {module.NAME: _in_order(subject, module) for module in CHECKS if module.NAME in wanted}
    text = subject.text
    code = policy.code if policy else ""
    return Report(edition.name, as_of, code, len(edition.blocks), text.words, found, edition.notes, text.order)


def _in_order(subject: Subject, module: ModuleType) -> tuple[Finding, ...]:
    """The findings of a check, each once, in the order of the document."""
    found: Iterable[Finding] = dict.fromkeys(module.find(subject))
    return tuple(sorted(found, key=lambda f: [subject.text.order.get(place, -1) for place in f.places]))
