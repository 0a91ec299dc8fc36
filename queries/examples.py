"""Checks the expectations of a policy's examples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kb.examples import ALL_DATED, ALL_PAST, DATED, EACH, EXACT, NONE_OF, PAST, STINTS, Example, Expectation, stint_text
from kb.policy import Policy


@dataclass(frozen=True, slots=True)
class Unmet:
    """An expectation that the answer does not meet, and the actual values."""

    expectation: Expectation
    got: tuple[str, ...]


def unmet(example: Example, decision: Mapping[str, Any], policy: Policy) -> tuple[Unmet, ...]:
    """The expectations of an example that a decision (as JSON) does not meet."""
    found = ((wanted, _got(wanted, decision, policy)) for wanted in example.expectations)
    return tuple(Unmet(wanted, got) for wanted, got in found if not _meets(wanted, got))


def _meets(expectation: Expectation, got: tuple[str, ...]) -> bool:
    wanted = expectation.wanted
    if expectation.field.shape == STINTS and wanted:
        return _in_order(wanted, got)
    if expectation.field.shape in (EACH, DATED, PAST) and wanted:
        return set(wanted) <= set(got)
    if expectation.field.shape == NONE_OF:
        return not set(wanted) & set(got)
    if expectation.field.shape in (EXACT, ALL_DATED, ALL_PAST):
        return set(wanted) == set(got)
    return wanted == got


def _in_order(wanted: tuple[str, ...], got: tuple[str, ...]) -> bool:
    """Whether the expected stints occur in this order; others may be in between."""
    rest = iter(got)
    return all(any(set(stint.split("; ")) <= set(other.split("; ")) for other in rest) for stint in wanted)


def _got(expectation: Expectation, decision: Mapping[str, Any], policy: Policy) -> tuple[str, ...]:
    """The values of a decision that an expectation looks at."""
    value: Any = decision
    for part in expectation.field.path.split("."):
        value = [entry[part] for entry in value] if isinstance(value, list) else value and value.get(part)
    if value is None:
        return ()
    if not isinstance(value, list):
        return (str(value),)
    if expectation.field.met is not None:
        value = [entry for entry in value if entry["met"] is expectation.field.met]
    if expectation.field.shape in (DATED, ALL_DATED):
        return tuple(f"{entry['code']} {entry['due']}" for entry in value)
    if expectation.field.shape == STINTS:
        return tuple(stint_text(stint) for stint in value)
    if expectation.field.shape in (PAST, ALL_PAST):
        return tuple(f"{entry['fact']} {entry['on']}" for entry in value)
    if expectation.field.kinds == ("finding",):
        by_sentence = {code.label: code.code for code in policy.vocabulary.codes.get("finding", ())}
        # sentences without a code are about set-aside clauses
        return tuple(by_sentence[str(sentence)] for sentence in value if sentence in by_sentence)
    return tuple(
        str(entry.get("code", entry.get("id", entry.get("clause")))) if isinstance(entry, dict) else str(entry) for entry in value
    )
