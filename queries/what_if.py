"""The effect of changed facts on the answer of a case."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from kb.case import Case, make_case
from kb.engines.interface import Engine
from kb.errors import Fault, InputError
from kb.language.model import Atom
from kb.nesting import MAX_DEPTH
from kb.program import Program
from kb.vocabulary.model import Vocabulary
from kb.vocabulary.naming import fact_hint
from queries.decide import Decision
from queries.exact import decide_exactly

UNRECORDED = ("null", "unknown")


@dataclass(frozen=True)
class Change:
    """Decisions before and after, and the policy's conclusions whose truth changed, as (atom, before, after)."""

    before: Decision
    after: Decision
    flipped: tuple[tuple[Atom, bool | None, bool | None], ...]


def parse_changes(items: list[str], vocabulary: Vocabulary) -> dict[str, Any]:
    """Changes typed as `FACT=VALUE`; `null` and `unknown` remove a fact. Errors: `InputError`."""
    found: dict[str, Any] = {}
    for item in items:
        name, equals, raw = item.partition("=")
        if not equals:
            hint = "write a fact, `=` and its value, such as true or 2024-09-03"
            raise InputError([Fault("what if", f"`{item}` is not fact=value", hint)])
        if name not in vocabulary.recorded:
            raise InputError([Fault("what if", f"unknown fact `{name}`", fact_hint(name, vocabulary.recorded))])
        if raw.count("[") > MAX_DEPTH:
            raise InputError(
                [Fault("what if", f"the value of `{name}` is nested more than {MAX_DEPTH} deep", "is it the right value?")]
            )
        found[name] = parse_value(raw)
    return found


def parse_value(raw: str) -> Any:
    """A typed value: JSON if it is valid JSON, else a list if in square brackets, else text."""
    if raw in UNRECORDED:
        return None
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        pass
    if raw.startswith("[") and raw.endswith("]"):
        return [parse_value(part.strip()) for part in raw[1:-1].split(",")]
    return raw


def changed_case(document: Any, changes: dict[str, Any], vocabulary: Vocabulary, name: str, as_of: int | None) -> Case:
    """A case document with some facts changed, as a case. Errors: `InputError`."""
    return make_case({**document, "facts": {**document["facts"], **changes}}, vocabulary, name, as_of)


def what_if(program: Program, before: Case, after: Case, engine: Engine) -> Change:
    """Both decisions, and the conclusions of the policy's own rules that changed."""
    first, second = decide_exactly(program, before, engine), decide_exactly(program, after, engine)
    house = {clause.id for clause in program.policy.clauses.values() if clause.house}
    flipped: list[tuple[Atom, bool | None, bool | None]] = []
    for atom, rules in program.by_head.items():
        own = any(program.rules[program.ground[rule].source].clause not in house for rule in rules)
        was, now = first.model.truth(atom), second.model.truth(atom)
        if own and was is not now:
            flipped.append((atom, was, now))
    return Change(first, second, tuple(flipped))
