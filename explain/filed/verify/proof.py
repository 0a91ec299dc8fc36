"""Each step of a proof against the rules and the truths; and that the proof is one of the answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .model import Model
from .reading import sha256
from .rules import MANNERS, OPPOSITE, Claim

#: Parts of the answer that are proved, with the predicate of each.
PROVED = [
    *[("transfer", "told"), ("blocked_by", "blocked_by"), ("unconfirmed_gates", "unconfirmed"), ("duties", "duty")],
    *[("escalate_to", "escalate_to"), ("deadlines", "deadline"), ("deadlines", "kept"), ("attendance", "attendance")],
    *[("co_working", "co_working"), ("findings", "finding"), ("further_transfers", "further"), ("missing_facts", "ask")],
]


def proof_faults(model: Model, proof: Any) -> Iterator[str]:
    """The proof of the last step: that it proves what the answer says."""
    yield from step_faults(model, proof)
    claims: dict[str, Claim] = {name: (step["atom"], step["manner"]) for name, step in proof["steps"].items()}
    holders = [next(n for n in model.heads("holds") if model.atoms[n][1:] == args) for args in model.sure("may_hold")]
    expected = [("holder", (n, "possible" if model.open(n) else "established")) for n in holders]
    for part, predicate in PROVED:
        expected += [(part, (n, "established")) for n in model.heads(predicate) if (n, True) in model.true]
    if sorted((told["part"], claims[told["step"]]) for told in proof["conclusions"]) != sorted(expected):
        yield "the proof does not prove what the answer says"


def step_faults(model: Model, proof: Any, of: str = "") -> Iterator[str]:
    """Each step of a proof against the rules, the facts and the truths; and that nothing rests on itself."""
    claims: dict[str, Claim] = {name: (step["atom"], step["manner"]) for name, step in proof["steps"].items()}
    for name, step in proof["steps"].items():
        fault = _fault(model, step, claims[name], [claims[premise] for premise in step["premises"]])
        if fault:
            yield f"{of}step {name} of the proof: {fault}"
    waiting = {name: set(step["premises"]) for name, step in proof["steps"].items()}
    while ready := {name for name, premises in waiting.items() if not premises & waiting.keys()}:
        waiting = {name: premises for name, premises in waiting.items() if name not in ready}
    if waiting:
        yield f"{of}a step of the proof rests on itself"
    rested_on = {told["step"] for told in proof["conclusions"]} | {p for s in proof["steps"].values() for p in s["premises"]}
    if rested_on != set(claims):
        yield f"{of}the proof has steps that nothing rests on"


def _fault(model: Model, step: Any, claim: Claim, premises: list[Claim]) -> str:
    atom, (certain, affirms) = claim[0], MANNERS[claim[1]]
    if not model.holds(claim):
        return "what it claims does not follow from the facts"
    if len(set(premises)) < len(premises):
        return "it names a premise twice"
    if atom in model.conditions:
        recorded = {name: model.facts.get(name) for name in model.facts_in(atom)}
        return "" if sha256(step["source"]) == sha256(recorded) and not premises else "its source is not what the case records"
    if affirms:
        if step["rule"] not in model.by_head.get(atom, []):
            return "its rule does not conclude it"
        return "" if premises == model.bodies[step["rule"]][certain] else "its premises are not those of its rule"
    used: set[Claim] = set()
    for body in (model.bodies[index][certain] for index in model.by_head.get(atom, [])):
        against = {(needed, OPPOSITE[manner]) for needed, manner in body}
        lacking = {needed for needed, manner in against if model.holds((needed, manner))}
        if not against & set(premises) and not model.leads_to(lacking, atom):  # what leads back to it needs no answer
            return "nothing is said against one of the rules that might have served"
        used |= against & set(premises)
    return "" if used == set(premises) else "it has premises that deny no rule"
