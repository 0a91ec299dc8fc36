"""What another reading of the text would change for one case. Each reading makes a program of its own, which takes a while."""

from __future__ import annotations

from dataclasses import dataclass

from kb.engines.interface import Engine
from kb.policy import Policy
from kb.program import compile_policy
from queries.decide import Decision
from queries.exact import decide_exactly, exactly


@dataclass(frozen=True)
class Effect:
    """The decision under another setting of one reading; `changes` where team, status or move differ."""

    reading: str
    setting: str
    decision: Decision
    changes: bool


def alternatives(policy: Policy) -> list[tuple[str, str]]:
    """Every setting that is not in use, with its reading. Ranges of numbers are left out: they have no end of settings."""
    return [
        (reading.name, setting)
        for reading in policy.readings.values()
        for setting in (str(reading.default), *reading.alternatives)
        if setting != str(policy.settings[reading.name]) and ".." not in setting
    ]


def effect_of(decision: Decision, reading: str, setting: str, engine: Engine) -> Effect:
    """The same case with one reading changed. Errors: `InputError` for a setting that the reading has not."""
    program = compile_policy(decision.model.program.policy.with_settings({reading: setting}))
    before = decision if decision.exact is not None else exactly(decision, engine)
    after = decide_exactly(program, decision.case, engine)
    return Effect(reading, setting, after, _told(after) != _told(before))


def _told(decision: Decision) -> tuple[object, ...]:
    moves = (decision.transfer, *decision.further_transfers)
    return (decision.status, decision.possible_teams, *(move.as_json() if move else None for move in moves))
