"""A decision as JSON: the form of the contract, with its proof as a graph of steps.

Each step of the proof gives the claim in words and as an atom, the rule and clause it comes
by, its premises, what the policy itself settles (readings and tables) and, for a condition,
what the case records. Shared steps appear once.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from explain.words import Words, capital
from kb.case import Day
from kb.dates import iso
from kb.language.model import Atom, Constant, Literal
from kb.program import CONTRADICTION
from queries.decide import Decision
from queries.missing import facts_of
from queries.proof import Claim, Prover, Step, roots, set_aside_rules

PROOF_FORMAT = "whichteam-proof/1"


def decision_json(decision: Decision, proof: bool = True) -> dict[str, Any]:
    """The decision as `decision.schema.json` has it. Without `proof` that part is left empty."""
    model = decision.model
    words = Words.of(model)
    told = roots(model, decision.status)
    steps = Prover(model).proof(claim for _, claim in told)
    return {
        **answer_json(decision),
        "findings": finding_sentences(decision, words),
        "clauses": clauses_used(decision, steps),
        "proof": _proof(decision, words, told, steps) if proof else {},
    }


def answer_json(decision: Decision) -> dict[str, Any]:
    """The answer in the same form without its reasons; of the findings, those that rules conclude."""
    return {
        "case_id": decision.case.case_id,
        "policy": decision.case.policy,
        "as_of": iso(decision.case.as_of),
        "status": decision.status,
        "responsible_team": decision.responsible_team,
        "possible_teams": list(decision.possible_teams),
        "missing_facts": list(decision.missing_facts),
        "transfer": decision.transfer.as_json() if decision.transfer else None,
        "further_transfers": [transfer.as_json() for transfer in decision.further_transfers],
        "blocked_by": list(decision.blocked_by),
        "unconfirmed_gates": list(decision.unconfirmed_gates),
        "deadlines": list(decision.deadlines),
        "duties": list(decision.duties),
        "attendance": list(decision.attendance),
        "co_working": list(decision.co_working),
        "escalate_to": list(decision.escalate_to),
        "findings": _findings(decision),
    }


def _findings(decision: Decision) -> list[str]:
    return [decision.model.program.policy.vocabulary.label("finding", code) for code in decision.findings]


def finding_sentences(decision: Decision, words: Words) -> list[str]:
    """What people should be told besides: gaps and clashes, and defaults that were set aside."""
    model = decision.model
    sentences = _findings(decision)
    for beaten in set_aside_rules(model, "route"):
        if not model.possible(Atom("visited", model.program.ground[beaten.rule].head.args[:1])):
            continue  # the child never came to where that move starts
        general = model.program.rules[model.program.ground[beaten.rule].source].clause
        narrow = _clause_of(model.program, Prover(model).step(beaten.exception))
        team = words.argument("team", model.program.ground[beaten.rule].head.args[1])
        exception = words.clause_name(narrow)
        sentence = f"{capital(words.clause_name(general))} would give {team}; {exception} is an exception to it and comes first."
        if sentence not in sentences:
            sentences.append(sentence)
    return sentences


def clauses_used(decision: Decision, steps: dict[Claim, Step]) -> list[dict[str, Any]]:
    """Clauses of the policy that speak for the answer, in the order of the document.

    What was looked at and does not apply is part of the proof, but its clauses are not cited
    where a team is decided. Where none is, they are: the answer hangs on them.
    """
    program = decision.model.program
    used: set[str] = set()
    seen: set[Claim] = set()
    waiting = [claim for _, claim in roots(decision.model, decision.status)]
    while waiting:
        claim = waiting.pop()
        step = steps.get(claim)
        if claim in seen or step is None:
            continue
        seen.add(claim)
        waiting += [p for p in step.premises if p.affirms or decision.status != "decided"]
        if step.rule is None:
            continue
        used.add(_clause_of(program, step))
        for given in program.ground[step.rule].given:
            used |= _clauses_of_given(program, given)
    found = [program.policy.clauses[name] for name in used if name in program.policy.clauses]
    cited = sorted((c for c in found if c.lines), key=lambda c: (c.lines, c.id))
    return [{"id": clause.id, "lines": list(clause.lines)} for clause in cited]


def _clauses_of_given(program: Any, literal: Literal) -> set[str]:
    if not literal.binds:
        return set()
    return {program.rules[program.ground[i].source].clause for i in program.by_head.get(literal.atom, ())}


def _clause_of(program: Any, step: Step | None) -> str:
    if step is None or step.rule is None:
        return ""
    return str(program.rules[program.ground[step.rule].source].clause)


def _proof(decision: Decision, words: Words, told: list[tuple[str, Claim]], steps: dict[Claim, Step]) -> dict[str, Any]:
    policy = decision.model.program.policy
    names = {claim: f"s{number}" for number, claim in enumerate(steps, 1)}
    return {
        "format": PROOF_FORMAT,
        "policy": {"code": policy.code, "version": policy.version, "digest": policy.digest},
        "readings": _readings_used(decision, steps),
        "contradictions": [str(atom.args[0]) for atom in decision.model.holding_of(CONTRADICTION)],
        "conclusions": [{"part": part, "step": names[claim]} for part, claim in told if claim in names],
        "steps": {names[claim]: _step(decision, words, claim, step, names) for claim, step in steps.items()},
    }


def _step(decision: Decision, words: Words, claim: Claim, step: Step, names: dict[Claim, str]) -> dict[str, Any]:
    program = decision.model.program
    found: dict[str, Any] = {
        "says": capital(words.claim(claim)) + ".",
        "claim": str(claim.atom),
        "manner": claim.manner,
        "premises": [names[premise] for premise in step.premises if premise in names],
    }
    if step.rule is not None:
        ground = program.ground[step.rule]
        rule = program.rules[ground.source]
        clause = program.policy.clauses.get(rule.clause)
        found["rule"] = {
            "text": str(rule),
            "at": str(rule.position),
            "clause": rule.clause,
            "lines": list(clause.lines) if clause else [],
        }
        if ground.given:
            found["given"] = [str(literal) for literal in ground.given]
    elif step.failing:
        rules = sorted({program.ground[i].source for i in step.failing})
        found["no_rule_serves"] = [str(program.rules[source].position) for source in rules]
    elif decision.model.is_condition(claim.atom):
        found["source"] = sources(decision, claim.atom)
    return found


def sources(decision: Decision, atom: Atom) -> list[dict[str, Any]]:
    """What the case records for the facts in one condition."""
    facts = facts_of(decision.model.program.policy.vocabulary, atom)
    return [{"fact": name, "recorded": plain(decision.case.facts.get(name))} for name in facts]


def plain(value: Any) -> Any:
    """A value of a case as JSON has it; None where nothing is recorded."""
    if isinstance(value, Day):
        return iso(value.number)
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    return value


def _readings_used(decision: Decision, steps: Iterable[Claim] | dict[Claim, Step]) -> dict[str, Any]:
    program = decision.model.program
    used: dict[str, Any] = {}
    assert isinstance(steps, dict)
    for step in steps.values():
        if step.rule is None:
            continue
        for literal in program.ground[step.rule].given:
            if literal.atom.predicate == "reading" and isinstance(literal.atom.args[0], Constant):
                name = str(literal.atom.args[0].value)
                used[name] = program.policy.settings[name]
    return dict(sorted(used.items()))
