"""A decision as JSON (`docs/reference/case-and-decision.md`), with its proof as a graph of steps.

The proof covers the last step and, under `moves`, every step that moved the child, each with the record as
it stood on its day. A step has its claim in words and as an atom, rule and clause, premises, what the policy
settles (readings and tables) and, for a condition, what is recorded. Shared steps appear once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from explain.history import unused_day, wrong_dates
from explain.words import Words, capital, full_stop
from kb.case import written
from kb.dates import iso
from kb.language.model import Atom, Constant, Literal
from kb.program import CONTRADICTION, Model, Program
from queries.assumptions import Assumptions
from queries.decide import Decision, StintTold
from queries.gates import MET, checks_of
from queries.journey import Move
from queries.missing import facts_of
from queries.proof import Claim, Prover, Step, roots
from queries.set_aside import Beaten, ClauseSetAside, beaten_routes, clauses_set_aside
from queries.undecided import PARTS, sure_by_ends, with_each_team

if TYPE_CHECKING:
    from queries.exact import Witness

PROOF_FORMAT = "whichteam-proof/2"
#: Parts that are proved in each end of an undecided answer.
OF_AN_END = ("holder", "deadlines", "duties", "attendance", "co_working", "findings")


def decision_json(decision: Decision, proof: bool = True, assumed: Assumptions | None = None) -> dict[str, Any]:
    """The decision as in `decision.schema.json`. Without `proof` or `assumed` that part is empty."""
    model = decision.model
    words = Words.of(model)
    conclusions = roots(model, decision.status)
    steps = Prover(model).proof(claim for _, claim in conclusions)
    return {
        **answer_json(decision),
        "journey": [stint_json(stint) for stint in decision.journey],
        "findings": finding_sentences(decision, words),
        "clauses": clauses_used(decision, steps),
        "assumptions": assumed.facts if assumed is not None else [],
        "set_aside": [_set_aside(each, model.program) for each in clauses_set_aside(decision)],
        "proof": _proof(decision, words, conclusions, steps) if proof else {},
    }


def answer_json(decision: Decision) -> dict[str, Any]:
    """The decision without reasons: no clauses, assumptions, set-aside clauses or proof, and only concluded findings."""
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
        "journey": [stint_json(stint, clauses=False) for stint in decision.journey],
        "assumptions": [],
        "history": [{"fact": past.fact, "on": iso(past.day)} for past in decision.history],
        "set_aside": [],
    }


def _set_aside(beaten: ClauseSetAside, program: Program) -> dict[str, Any]:
    clause = program.policy.clauses.get(beaten.clause)
    return {"clause": beaten.clause, "lines": list(clause.lines) if clause else [], "team": beaten.team, "by": beaten.by}


def stint_json(stint: StintTold, clauses: bool = True) -> dict[str, Any]:
    """A stint as in `journey` of a decision. Without `clauses` that list is empty."""
    entry: dict[str, Any] = {
        "team": stint.team,
        "from": None if stint.since is None else iso(stint.since),
        "until": None if stint.until is None else iso(stint.until),
        "point": stint.point,
        "status": stint.status,
        "clauses": _cited([name for move in stint.moves for name in move_clauses(move)], stint.moves) if clauses else [],
    }
    return {**entry, "possible_teams": list(stint.possible_teams)} if stint.team is None else entry


def move_claim(move: Move) -> Claim:
    """What the step of a move concludes: that the move is made or, if planned, that its route holds."""
    atom = Atom("route", move.atom.args[:3]) if move.atom.predicate == "candidate" else move.atom
    return Claim(atom, "established" if move.model.certain(atom) else "possible")


def move_clauses(move: Move) -> set[str]:
    """Ids of the clauses that the proof of a move uses."""
    claim = move_claim(move)
    return _used_by(move.model, [claim], Prover(move.model).proof([claim]))


def _cited(names: Iterable[str], moves: Sequence[Move]) -> list[dict[str, Any]]:
    return _in_order(names, moves[0].model.program) if moves else []


def _in_order(names: Iterable[str], program: Program) -> list[dict[str, Any]]:
    """The policy's own clauses as JSON in document order; clauses of the shared rules are left out."""
    clauses = [program.policy.clauses[name] for name in dict.fromkeys(names) if name in program.policy.clauses]
    cited = sorted((c for c in clauses if c.lines), key=lambda c: (c.lines, c.id))
    return [{"id": clause.id, "lines": list(clause.lines)} for clause in cited]


def _findings(decision: Decision) -> list[str]:
    return [decision.model.program.policy.vocabulary.label("finding", code) for code in decision.findings]


def finding_sentences(decision: Decision, words: Words) -> list[str]:
    """Sentences for people: findings of the rules, general rules set aside, and problems with dates."""
    beaten = [_beaten(each, words) for each in beaten_routes(decision)]
    return list(dict.fromkeys([*_findings(decision), *beaten, *unused_day(decision), *wrong_dates(decision)]))


def _beaten(beaten: Beaten, words: Words) -> str:
    general, narrow = capital(words.clause_name(beaten.general)), words.clause_name(beaten.narrow)
    team = words.argument("team", beaten.route.args[1])
    return f"{general} would give {team}; {narrow} is an exception to it and comes first."


def clauses_used(decision: Decision, steps: dict[Claim, Step]) -> list[dict[str, Any]]:
    """The clauses that the answer and its journey rest on, as JSON in document order.

    Clauses of rules that fire are cited, and for an open answer those of rules that may or may not: what is ruled
    out is no reason. A move that was made rests on its checks, recorded as met or not recorded.
    """
    told = [claim for part, claim in roots(decision.model, decision.status) if _is_told(decision, part, claim)]
    used = _used_by(decision.model, told, steps) | _clauses_of_checks_met(decision)
    for move in proved_moves(decision):
        used |= move_clauses(move)
    used |= _clauses_of_what_does_not_count(decision) | decision.may_apply
    sure = [Claim(atom, "established") for _, atom in sure_by_ends(decision)]
    for end in decision.ends if sure else ():
        used |= _used_by(end.model, sure, Prover(end.model).proof(sure))
    return _in_order(used, decision.model.program)


def _is_told(decision: Decision, part: str, claim: Claim) -> bool:
    """Whether an answer says what its last step concludes: a row that does not hold for every possible team is left out."""
    rows = getattr(decision, part) if part in PARTS else ()
    codes = {row["code"] if isinstance(row, dict) else row for row in rows}
    return part not in PARTS or str(claim.atom.args[0]) in codes


def _clauses_of_checks_met(decision: Decision) -> set[str]:
    """The clauses of the checks that are recorded as met, where the answer tells of a completed move."""
    model, move = decision.model, decision.transfer
    if move is None or move.status != "completed":
        return set()
    met = (atom for atom in checks_of(model, move.atom) if model.certain(Atom(MET, atom.args[-1:])))
    return {name for atom in met for name in _clauses_that_conclude(model, atom)}


def _clauses_of_what_does_not_count(decision: Decision) -> set[str]:
    """The clauses by which an event that is history or misdated would lead out of the present team."""
    program = decision.model.program
    facts = {past.fact for past in decision.history} | {wrong.fact for wrong in decision.misdated}
    leading = program.timing.out_of.get(str(decision.responsible_team), frozenset())
    clauses: set[str] = set()
    for atom, indices in program.by_head.items():
        if atom.predicate == "point_event" and str(atom.args[0]) in leading and str(atom.args[1]) in facts:
            clauses |= {name for index in indices for name in program.rules[program.ground[index].source].clauses}
    return clauses


def _used_by(model: Model, claims: Iterable[Claim], steps: dict[Claim, Step]) -> set[str]:
    """The clauses of the rules in some proofs, without those of negative claims.

    A proof has one rule for each conclusion. Where several clauses conclude what the shared rules ask for (a
    move, a duty, whom to ask), all are cited.
    """
    program = model.program
    used: set[str] = set()
    seen: set[tuple[Claim, bool]] = set()
    waiting = [(claim, True) for claim in claims]
    while waiting:
        claim, asked_by_house = waiting.pop()
        step = steps.get(claim)
        if (claim, asked_by_house) in seen or step is None:
            continue
        seen.add((claim, asked_by_house))
        rule = None if step.rule is None else program.ground[step.rule]
        clauses = () if rule is None else program.rules[rule.source].clauses
        in_house = all(program.policy.clauses[name].house for name in clauses)
        waiting += [(p, asked_by_house and in_house) for p in step.premises if p.affirms]
        if rule is None:
            continue
        used.update(clauses)
        if asked_by_house and claim.manner == "established":
            used |= _clauses_that_conclude(model, claim.atom)
        for given in rule.given:
            used |= _clauses_of_given(program, given)
    return used


def _clauses_that_conclude(model: Model, atom: Atom) -> set[str]:
    """The clauses of every rule that concludes an atom in this case."""
    program = model.program
    certain, _ = model.fired_ground
    rules = [program.rules[program.ground[i].source] for i in program.by_head.get(atom, ()) if i in certain]
    return {name for rule in rules for name in rule.clauses}


def _clauses_of_given(program: Any, literal: Literal) -> set[str]:
    if not literal.binds:
        return set()
    return {name for i in program.by_head.get(literal.atom, ()) for name in program.rules[program.ground[i].source].clauses}


def _proof(decision: Decision, words: Words, conclusions: list[tuple[str, Claim]], steps: dict[Claim, Step]) -> dict[str, Any]:
    """The proof of the last step and of every step that moved the child, with the records as they stood."""
    policy = decision.model.program.policy
    used = list(steps.values())
    moves = []
    for move in proved_moves(decision):
        claim = move_claim(move)
        proof_steps = Prover(move.model).proof([claim])
        used += proof_steps.values()
        shown = _proved(move.model, Words.of(move.model), [("move", claim)], proof_steps)
        moves.append({**move_json(move), **_as_at(move.model), **shown})
    return {
        "format": PROOF_FORMAT,
        "policy": {"code": policy.code, "version": policy.version, "digest": policy.digest},
        "readings": _readings_used(decision.model.program, used),
        "contradictions": [str(atom.args[0]) for atom in decision.model.holding_of(CONTRADICTION)],
        **_as_at(decision.model),
        **_proved(decision.model, words, conclusions, steps),
        "moves": moves,
        **_of_open(decision, used),
        "rules": _rule_texts(decision.model.program, used),
    }


def _of_open(decision: Decision, used: list[Step]) -> dict[str, Any]:
    """For an undecided answer: the possible teams, what depends on the team, and the proof of each end."""
    parts: dict[str, Any] = {}
    if decision.exact is not None:
        parts |= {"exact": decision.exact, "possible": [witness_json(witness) for witness in decision.witnesses]}
    if decision.ends:
        parts |= {"with_team": with_team_json(decision), "ends": [_end(end, decision, used) for end in decision.ends]}
    return parts


def witness_json(witness: Witness) -> dict[str, Any]:
    """A possible team with the facts that would have to be recorded."""
    return {"team": witness.team, "filled": {name: written(value) for name, value in witness.filled}}


def with_team_json(decision: Decision) -> list[dict[str, Any]]:
    """What depends on the team, for each possible team, in the fields of an answer."""
    return [
        {
            "team": each.team,
            "moves": [move.as_json() for move in each.moves],
            "deadlines": list(each.deadlines),
            "duties": list(each.duties),
            "attendance": list(each.attendance),
            "co_working": list(each.co_working),
            "finding_codes": list(each.findings),
        }
        for each in with_each_team(decision)
    ]


def _end(end: Decision, decision: Decision, used: list[Step]) -> dict[str, Any]:
    """The proof of one end: who holds the child, and what the answer's own step does not conclude."""
    own = decision.model
    claims = [(part, claim) for part, claim in roots(end.model, end.status) if part in OF_AN_END]
    conclusions = [(part, claim) for part, claim in claims if part == "holder" or not own.certain(claim.atom)]
    steps = Prover(end.model).proof(claim for _, claim in conclusions)
    used += steps.values()
    teams = list(end.possible_teams)
    return {"possible_teams": teams, **_as_at(end.model), **_proved(end.model, Words.of(end.model), conclusions, steps)}


def _rule_texts(program: Program, steps: Iterable[Step]) -> dict[str, str]:
    """Text of each rule that some steps use, by position."""
    sources = dict.fromkeys(program.ground[step.rule].source for step in steps if step.rule is not None)
    return {str(program.rules[source].position): program.written(source) for source in sources}


def proved_moves(decision: Decision) -> list[Move]:
    """The moves of the journey up to the day of the answer, oldest first. Each has a step and proof of its own."""
    own = decision.branch.moves if decision.branch is not None else ()
    shown = [move for stint in decision.journey if stint.status != "planned" for move in stint.moves]
    same = {(m.origin, m.to, m.point, m.day): m for m in (*own, *shown)}
    return sorted(same.values(), key=lambda move: (move.day is None, move.day or 0))


def move_json(move: Move) -> dict[str, Any]:
    """A move as JSON: teams, transfer point and day."""
    return {"from": move.origin, "to": move.to, "point": move.point, "on": None if move.day is None else iso(move.day)}


def _as_at(model: Model) -> dict[str, Any]:
    """The record as it stood on the day of a step, with what the journey carried over."""
    case = model.conditions.case
    facts = {name: written(value) for name, value in case.facts.items()}
    assumed = {name: value for name, value in facts.items() if name in case.assumed}
    recorded = {name: value for name, value in facts.items() if name not in case.assumed}
    return {"as_at": iso(case.as_of), "record": recorded, **({"assumed": assumed} if assumed else {})}


def _proved(model: Model, words: Words, conclusions: list[tuple[str, Claim]], steps: dict[Claim, Step]) -> dict[str, Any]:
    names = {claim: f"s{number}" for number, claim in enumerate(steps, 1)}
    return {
        "conclusions": [{"part": part, "step": names[claim]} for part, claim in conclusions if claim in names],
        "steps": {names[claim]: _step(model, words, claim, step, names) for claim, step in steps.items()},
    }


def _step(model: Model, words: Words, claim: Claim, step: Step, names: dict[Claim, str]) -> dict[str, Any]:
    program = model.program
    entry: dict[str, Any] = {
        "says": full_stop(words.claim(claim)),
        "claim": str(claim.atom),
        "manner": claim.manner,
        "premises": [names[premise] for premise in step.premises if premise in names],
    }
    if step.rule is not None:
        ground = program.ground[step.rule]
        rule = program.rules[ground.source]
        clause = program.policy.clauses.get(rule.clause)
        entry["rule"] = {"at": str(rule.position), "clause": rule.clause, "lines": list(clause.lines) if clause else []}
        if rule.also:
            entry["rule"]["also"] = list(rule.also)
        if ground.given:
            entry["given"] = [str(literal) for literal in ground.given]
    elif step.failing:
        rules = sorted({program.ground[i].source for i in step.failing})
        entry["no_rule_serves"] = [str(program.rules[source].position) for source in rules]
    elif model.is_condition(claim.atom):
        entry["source"] = sources(model, claim.atom)
    return entry


def sources(model: Model, atom: Atom) -> list[dict[str, Any]]:
    """The recorded or assumed values of the facts in a condition, as of the day of the step."""
    facts = facts_of(model.program.policy.vocabulary, atom)
    assumed = model.conditions.case.assumed
    return [
        {"fact": name, "recorded": None, "assumed": written(model.conditions.raw(name))}
        if name in assumed
        else {"fact": name, "recorded": written(model.conditions.raw(name))}
        for name in facts
    ]


def _readings_used(program: Program, steps: Iterable[Step]) -> dict[str, Any]:
    used: dict[str, Any] = {}
    for step in steps:
        if step.rule is None:
            continue
        for literal in program.ground[step.rule].given:
            if literal.atom.predicate == "reading" and isinstance(literal.atom.args[0], Constant):
                name = str(literal.atom.args[0].value)
                used[name] = program.policy.settings[name]
    return dict(sorted(used.items()))
