"""The effect of other readings on one case. Each reading is a program of its own, which takes seconds to compile."""

from __future__ import annotations

from dataclasses import dataclass

from kb.engines.interface import Engine
from kb.policy import Policy
from kb.program import compile_policy
from queries.decide import Decision
from queries.exact import decide_exactly, exactly


@dataclass(frozen=True)
class Effect:
    """The decision under another setting of one reading. `changes`: team, status or moves differ."""

    reading: str
    setting: str
    decision: Decision
    changes: bool


def alternatives(policy: Policy) -> list[tuple[str, str]]:
    """All (reading, setting) pairs not in use. Ranges of numbers are left out: they have too many settings."""
    return [
        (reading.name, setting)
        for reading in policy.readings.values()
        for setting in (str(reading.default), *reading.alternatives)
        if setting != str(policy.settings[reading.name]) and ".." not in setting
    ]


def effect_of(decision: Decision, reading: str, setting: str, engine: Engine) -> Effect:
    """The same case with one reading changed. Errors: `InputError` for an unknown setting."""
    program = compile_policy(decision.model.program.policy.with_settings({reading: setting}))
    before = decision if decision.exact is not None else exactly(decision, engine)
    after = decide_exactly(program, decision.case, engine)
    return Effect(reading, setting, after, _compared(after) != _compared(before))


def _compared(decision: Decision) -> tuple[object, ...]:
    moves = (decision.transfer, *decision.further_transfers)
    return (decision.status, decision.possible_teams, *(move.as_json() if move else None for move in moves))
