"""A case as a document, the other way round of `kb.case.make_case`."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from kb.case import Case, Day
from kb.dates import MINUTES_A_DAY, iso
from kb.vocabulary.model import Vocabulary


def document_of(case: Case, vocabulary: Vocabulary) -> dict[str, Any]:
    """The document of a case, as in the contract. Facts are in the order of the vocabulary."""
    facts = {name: _plain(case.facts[name], fact.type) for name, fact in vocabulary.facts.items() if name in case.facts}
    return {"case_id": case.case_id, "policy": case.policy, "as_of": iso(case.as_of), "facts": facts}


def _plain(value: Any, kind: str) -> Any:
    if isinstance(value, Day):
        return iso(value.number)
    if kind == "datetime":
        midnight = datetime.combine(date.fromordinal(value // MINUTES_A_DAY), time())
        return (midnight + timedelta(minutes=value % MINUTES_A_DAY)).isoformat(timespec="minutes")
    if isinstance(value, tuple | list):
        return [_plain(part, "") for part in value]
    return {name: _plain(part, "") for name, part in value.items()} if isinstance(value, dict) else value
