"""Where clauses give a child to different teams and a setting of a reading settles which: both answers, and the setting.

The shared rules conclude `clash(Finding, Other)` for it. Where nothing settles it, the status is `conflict` instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kb.language.model import Constant
from kb.program import Model
from queries.decide import Decision
from queries.proof import Claim, Prover


@dataclass(frozen=True)
class Clash:
    """Another team that a clause names.

    finding  code of what is at odds
    other    the team that the clause set aside would give
    clauses  the clauses by which it would
    reading  the reading that settles it; empty where none is asked
    """

    finding: str
    other: str
    clauses: tuple[str, ...]
    reading: str


def clashes(decision: Decision) -> tuple[Clash, ...]:
    """The clashes behind a decided answer that name another team than the answer."""
    if decision.status != "decided":
        return ()
    model = decision.model
    found = dict.fromkeys(
        Clash(str(atom.args[0]), str(atom.args[1]), *_by(model, Claim(atom, "established"))) for atom in model.holding_of("clash")
    )
    return tuple(clash for clash in found if clash.other != decision.responsible_team)


def _by(model: Model, claim: Claim) -> tuple[tuple[str, ...], str]:
    """The clauses and the reading of the rule that concludes a clash."""
    step = Prover(model).step(claim)
    if step is None or step.rule is None:
        return (), ""
    rule = model.program.ground[step.rule]
    return model.program.rules[rule.source].clauses, next(_readings(model, step.rule), "")


def _readings(model: Model, rule: int) -> Iterator[str]:
    for literal in model.program.ground[rule].given:
        first = literal.atom.args[0] if literal.atom.args else None
        if literal.atom.predicate == "reading" and isinstance(first, Constant):
            yield str(first.value)
