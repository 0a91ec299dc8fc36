"""A record as self-contained JSON: facts, all ground rules, the proof, and hashes.

`explain/filed/verify` recomputes everything in it without this program.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from explain.decision_json import decision_json, move_claim, move_json, sources, with_team_json, witness_json
from explain.filed.content import Content
from explain.filed.verify.shape import MOST_WAYS
from explain.version import own_version
from explain.words import Words, capital
from kb.carried import (
    AGREED_LATER,
    CAME_AT,
    CAME_FROM,
    CLOSED,
    DEATH,
    HOLDER,
    INVOLVEMENTS,
    NOBODY,
    ON_RECORD,
    POINTS_PAST,
    SINCE,
    SOMETHING_EARLIER,
    STINT_FROM,
)
from kb.case import EARLIEST, LATEST, Case, Day, written
from kb.dates import bank_holidays_in, iso
from kb.engines.forward import Forward
from kb.language.model import Atom, AtTime, Constant, DayOf, FixedDate, Literal, OnOrAfter, Shifted, Term, ValueOf
from kb.lowering.ground import GroundRule
from kb.policy import Clause, Policy
from kb.program import CONTRADICTION, Model, Program, solve
from kb.vocabulary.model import Fact
from queries.decide import Decision, answer, read_decision
from queries.exact import Witness
from queries.journey import Branch, Journey, Move, Traveller
from queries.proof import Claim, Prover, Step, roots

FORMAT = "whichteam-record/4"
STEP = ("moved", "closes", "opens", "left", "starts_with", "reached")  # conclusions that decide whether a step moves the child
YEARS = (EARLIEST - 10, LATEST + 10)  # years whose bank holidays are included: allowed dates with a margin for counting
#: Facts and codes that the journey itself uses, by role.
NAMES = {
    **{"died": DEATH, "holder": HOLDER, "since": SINCE, "before": INVOLVEMENTS, "closed": CLOSED},
    **{"from": STINT_FROM, "origin": CAME_FROM, "point": CAME_AT, "had_effect": POINTS_PAST},
    **{"later": AGREED_LATER, "earlier": SOMETHING_EARLIER, "on_record": ON_RECORD},
}


def made_by() -> str:
    """Program name and version; other versions may word an answer differently."""
    return f"whichteam {own_version()}"


def canonical(value: Any) -> str:
    """JSON for hashing: sorted keys, no spaces."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256(text: str) -> str:
    """The SHA-256 of a text in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def record_json(content: Content) -> dict[str, Any]:
    """The record of a decision with its seal, the hash of everything else in it."""
    decision = content.decision
    program = decision.model.program
    tables = _Tables.of(program)
    case = {
        "case_id": decision.case.case_id,
        "policy": decision.case.policy,
        "as_of": iso(decision.case.as_of),
        "recorded_on": iso(decision.case.record_day),
        "facts": {name: written(decision.case.facts[name]) for name in sorted(decision.case.facts)},
    }
    answer_parts = {
        key: part for key, part in decision_json(decision, proof=False, assumed=content.assumed).items() if key != "proof"
    }
    who = content.confirmation
    record: dict[str, Any] = {
        "format": FORMAT,
        "question": content.question,
        "headline": content.headline,
        "contradictions": list(dict.fromkeys(str(a.args[0]) for a in decision.model.holding_of(CONTRADICTION))),
        "case": case,
        "decision": {**answer_parts, "finding_codes": list(decision.findings), **_with_team(decision)},
        "confirmation": {
            "confirmed_by": who.by,
            "confirmed_on": who.on,
            "overridden_to": who.overridden_to,
            "reason": who.reason,
        },
        "clauses": list(_clauses(content)),
        "document": {"given": content.document is not None, "differs": list(content.differs)},
        "journey": journey_of_ways(decision, tables),
        **_possible(decision, tables),
        "model": _model(decision.model, tables),
        "proof": _proof(decision.model, roots(decision.model, decision.status), tables),
        "program": tables.document,
        "hashes": {
            "program": tables.hash,
            "case": sha256(canonical(case)),
        },
    }
    return {**record, "seal": sha256(canonical(record))}


def as_json(content: Content) -> str:
    """The record as text, one line for each top-level part."""
    record = record_json(content)
    rows = [f"{json.dumps(key)}: {json.dumps(part, ensure_ascii=False)}" for key, part in record.items()]
    return "{\n" + ",\n".join(rows) + "\n}\n"


def program_hash(program: Program) -> str:
    """The hash of a program's ground rules and tables: equal for all records made with it."""
    return _Tables.of(program).hash


def hashes_of(record: dict[str, Any]) -> dict[str, str]:
    """The hashes of a record by display name."""
    return {"Rules and tables": record["hashes"]["program"], "Seal of the JSON form": record["seal"]}


class _Tables:
    """The ground program as numbered tables, made once for each program.

    Rules are sorted by predicate, so that the tables do not depend on the order of grounding.
    """

    def __init__(self, program: Program):
        self.program = program
        self.order = sorted(range(len(program.ground)), key=lambda index: program.ground[index].head.predicate)
        self.place = {index: place for place, index in enumerate(self.order)}
        self.numbers: dict[Atom, int] = {}
        for rule in (program.ground[index] for index in self.order):
            for atom in (rule.head, *(literal.atom for literal in (*rule.body, *rule.given))):
                self.numbers.setdefault(atom, len(self.numbers))
        self.document = self._document()
        self.hash = sha256(canonical(self.document))

    @cached_property
    def of_moves(self) -> frozenset[int]:
        """Numbers of the atoms that a move of the child can depend on."""
        by_head = self.program.by_head
        waiting = [atom for name in STEP for atom, _, _ in self.program.by_predicate.get(name, ())]
        seen = set(waiting)
        while waiting:
            rules = (self.program.ground[index] for index in by_head.get(waiting.pop(), ()))
            below = {literal.atom for rule in rules for literal in rule.body} - seen
            seen |= below
            waiting += below
        return frozenset(self.numbers[atom] for atom in seen if atom in by_head)

    @classmethod
    def of(cls, program: Program) -> _Tables:
        """The tables of a program, cached with it."""
        kept: _Tables | None = program.__dict__.get("filed")
        if kept is None:
            kept = program.__dict__["filed"] = cls(program)
        return kept

    def _document(self) -> dict[str, Any]:
        policy = self.program.policy
        vocabulary = policy.vocabulary
        used = sorted({rule.source for rule in self.program.ground})
        place = {source: n for n, source in enumerate(used)}
        return {
            "made_by": made_by(),
            "code": policy.code,
            "name": policy.name,
            "document": policy.document,
            "version": policy.version,
            "digest": policy.digest,
            "settings": policy.settings,
            "names": {**NAMES, "born": vocabulary.birth},
            "facts": [
                [f.name, f.type, _allowed(f), f.time, f.of, f.spell, f.part, f.episode, *f.after]
                for f in vocabulary.facts.values()
            ],
            "shown": [[shown.fact, shown.outcome, shown.value] for shown in vocabulary.shown],
            "begins": {f.name: list(f.begins) for f in vocabulary.facts.values() if f.begins},
            "calculated": {
                c.name: {"type": c.type, "how": c.how, "source": c.source, "key": c.key, "field": c.field}
                for c in vocabulary.calculated.values()
            },
            "tallies": {
                name: {"how": t.how, "source": t.source, "fields": list(t.fields), "count": t.count, "unit": t.unit}
                for name, t in vocabulary.tallies.items()
            },
            "holidays": [iso(day) for day in bank_holidays_in(*YEARS) if date.fromordinal(day).weekday() < 5],
            "codes": {kind: [[code.code, code.label] for code in codes] for kind, codes in vocabulary.codes.items()},
            "register": {clause.id: sha256(canonical(registered(clause, policy))) for clause in policy.clauses.values()},
            "sources": [self._source(source) for source in used],
            "atoms": [[atom.predicate, *map(_term, atom.args)] for atom in self.numbers],
            "rules": [
                [self.numbers[rule.head], self._literals(rule.body), [place[source] for source in self._sources(rule)]]
                for rule in (self.program.ground[index] for index in self.order)
            ],
        }

    def _sources(self, rule: GroundRule) -> list[int]:
        """The source rule, and the rules that conclude the bindings it takes as given."""
        given = (literal.atom for literal in rule.given if literal.binds)
        others = sorted({self.program.ground[index].source for atom in given for index in self.program.by_head.get(atom, ())})
        return list(dict.fromkeys([rule.source, *others]))

    def _source(self, source: int) -> dict[str, Any]:
        rule = self.program.rules[source]
        (_, lines), *others = [(name, list(self.program.policy.clauses[name].lines)) for name in rule.clauses]
        also = {"also": [{"id": name, "lines": its} for name, its in others]} if others else {}
        return {"at": str(rule.position), "clause": rule.clause, "lines": lines, **also, "text": self.program.written(source)}

    def _literals(self, literals: tuple[Literal, ...]) -> str:
        return ", ".join(self._literal(literal) for literal in literals)

    def _literal(self, literal: Literal) -> str:
        words = ["not"] * literal.negated + ["known"] * literal.known + ["not"] * literal.inner_negated
        return " ".join([*words, str(self.numbers[literal.atom])])


def _allowed(fact: Fact) -> Any:
    """The allowed values of a fact: codes of an enum, bounds of an int, fields of a record; else empty."""
    if fact.type == "int":
        return [fact.minimum, fact.maximum]
    return dict(fact.fields) if fact.type == "list[record]" else list(fact.values)


def registered(clause: Clause, policy: Policy) -> dict[str, Any]:
    """The content of a clause that its hash in the register covers."""
    return {
        "id": clause.id,
        "lines": list(clause.lines),
        "fingerprints": {str(line): policy.fingerprints.get(line, "") for line in clause.lines},
        "kind": clause.kind,
        "force": clause.force,
        "paraphrase": clause.paraphrase,
        "note": clause.note,
    }


def _clauses(content: Content) -> Iterator[dict[str, Any]]:
    for clause in content.clauses:
        entry = registered(content.policy.clauses[clause.id], content.policy)
        if content.document is not None:
            entry["passages"] = {str(line.number): line.passage for line in clause.lines if line.passage is not None}
        yield entry


def _term(term: Term) -> Any:
    """A term as JSON: constants as they are, computed terms as a tagged list."""
    if isinstance(term, Constant):
        return term.value
    if isinstance(term, ValueOf):
        return ["fact", term.fact] if term.key is None else ["fact", term.fact, term.key]
    if isinstance(term, FixedDate):
        return ["date", iso(term.day)]
    if isinstance(term, Shifted):
        return ["shift", _term(term.base), _term(term.amount), term.unit]
    if isinstance(term, OnOrAfter):
        return ["on_or_after", term.weekday, _term(term.base)]
    if isinstance(term, DayOf):
        return ["day", _term(term.base)]
    assert isinstance(term, AtTime)
    return ["at", _term(term.base), term.minutes]


def _model(model: Model, tables: _Tables) -> dict[str, list[int]]:
    """Numbers of the atoms that are certain and of those that are open; all others are false."""
    by_truth: dict[bool | None, list[int]] = {}
    for atom, number in tables.numbers.items():
        if atom in model.program.halves.numbers:
            by_truth.setdefault(model.truth(atom), []).append(number)
    return {"certain": by_truth.get(True, []), "open": by_truth.get(None, [])}


# the journey


def journey_of_ways(decision: Decision, tables: _Tables) -> dict[str, Any]:
    """Every way that the journey can have gone, the decision's first: its moves, and the days without a move.

    `open`: the ways part after the last step included. `left_out`: number of ways omitted for size.
    """
    traveller = Traveller(decision.model.program, Forward())
    journey = traveller.journey(decision.case)
    own = decision.branch
    answers = journey.answers if own is None or own.key in {way.key for way in journey.answers} else journey.branches
    ways = sorted(answers, key=lambda way: own is None or way.key != own.key)
    ends = [way for way in journey.branches if decision.ends and len(journey.branches) != len(answers)]
    return {
        "open": bool(journey.beyond) or len(journey.branches) != len(answers),
        "left_out": max(0, len(ways) - MOST_WAYS) + max(0, len(ends) - MOST_WAYS) + bool(journey.beyond),
        "ways": [_way(way, number, decision, traveller, journey, tables) for number, way in enumerate(ways[:MOST_WAYS])],
        **({"ends": [_way(end, 1, decision, traveller, journey, tables) for end in ends[:MOST_WAYS]]} if ends else {}),
    }


def _with_team(decision: Decision) -> dict[str, Any]:
    return {"with_team": with_team_json(decision)} if decision.ends else {}


def _possible(decision: Decision, tables: _Tables) -> dict[str, Any]:
    """The possible teams of an undecided answer, each with the journey of a record that gives it."""
    if decision.exact is None:
        return {}
    witnesses = [{**witness_json(witness), "way": _witness(witness, tables)} for witness in decision.witnesses]
    return {"possible": {"exact": decision.exact, "witnesses": witnesses}}


def _witness(witness: Witness, tables: _Tables) -> dict[str, Any]:
    traveller = Traveller(tables.program, Forward())
    journey = traveller.journey(witness.case)
    answered = answer(traveller, journey)
    gives = [way for way in journey.answers if witness.team in _teams(traveller.step(journey, way), witness.case)]
    return _way(gives[0], 1, answered, traveller, journey, tables)


def _teams(model: Model, case: Case) -> tuple[str, ...]:
    return read_decision(model, case).possible_teams or (NOBODY,)


def _way(
    branch: Branch, number: int, decision: Decision, traveller: Traveller, journey: Journey, tables: _Tables
) -> dict[str, Any]:
    model = decision.model if number == 0 else traveller.step(journey, branch)
    began = (branch.moves[0].model if branch.moves else model).conditions.case.facts.get(STINT_FROM)
    first = journey.first.since if journey.first.since is not None else began.number if isinstance(began, Day) else None
    moved = {move.step.conditions.case.as_of for move in branch.moves}
    days = traveller.timing.days(decision.case, first, decision.case.as_of)
    last = {**_as_at(model), "gates": journey.seen(branch).gates}
    return {
        "assumed": {name: written(value) for name, value in branch.assumed},
        "moves": [_move(move, place >= journey.gates_from, tables) for place, move in enumerate(branch.moves)],
        "quiet": [iso(day) for day in days if day not in moved],
        "last": last if number == 0 else {**last, "model": _model(model, tables)},
    }


def _move(move: Move, gates: bool, tables: _Tables) -> dict[str, Any]:
    """A step that moved the child: its record, the conclusions that moves depend on, and its proof."""
    whole = _model(solve(tables.program, move.step.conditions.case, Forward()), tables)
    return {
        **move_json(move),
        **_as_at(move.model),
        "gates": gates,
        "undated": move.undated,
        "model": {kind: [number for number in numbers if number in tables.of_moves] for kind, numbers in whole.items()},
        "proof": _proof(move.model, [("move", move_claim(move))], tables),
    }


def _as_at(model: Model) -> dict[str, Any]:
    case = model.conditions.case
    return {"as_at": iso(case.as_of), "record": {name: written(case.facts[name]) for name in sorted(case.facts)}}


# the proof


def _proof(model: Model, conclusions: Sequence[tuple[str, Claim]], tables: _Tables) -> dict[str, Any]:
    words, steps = Words.of(model), Prover(model).proof(claim for _, claim in conclusions)
    names = {claim: f"s{number}" for number, claim in enumerate(steps, 1)}
    return {
        "conclusions": [{"part": part, "step": names[claim]} for part, claim in conclusions],
        "steps": {names[claim]: _step(model, words, tables, claim, step, names) for claim, step in steps.items()},
    }


def _step(model: Model, words: Words, tables: _Tables, claim: Claim, step: Step, names: dict[Claim, str]) -> dict[str, Any]:
    step_json: dict[str, Any] = {
        "says": capital(words.claim(claim)) + ".",
        "atom": tables.numbers[claim.atom],
        "manner": claim.manner,
        "premises": [names[premise] for premise in step.premises],
    }
    if step.rule is not None:
        step_json["rule"] = tables.place[step.rule]
    elif model.is_condition(claim.atom):
        step_json["source"] = {entry["fact"]: entry.get("assumed", entry["recorded"]) for entry in sources(model, claim.atom)}
    return step_json
