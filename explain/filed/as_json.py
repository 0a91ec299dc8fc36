"""A record as JSON that stands alone: with the facts, all ground rules, the proof and every hash.

`explain/filed/verify.py` re-derives everything in it without this program.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

from explain.filed.content import Content
from explain.record import decision_json
from explain.words import Words, capital
from kb.case import written
from kb.dates import is_working_day, iso
from kb.language.model import Atom, AtTime, Constant, DayOf, FixedDate, Literal, OnOrAfter, Shifted, Term, ValueOf, inner
from kb.lowering.ground import GroundRule
from kb.policy import Clause, Policy
from kb.program import CONTRADICTION, Model, Program
from queries.decide import Decision
from queries.proof import Claim, Prover, Step, roots

FORMAT = "whichteam-record/2"


def canonical(value: Any) -> str:
    """The one way to write a value, for hashing: sorted keys, no spaces."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256(text: str) -> str:
    """The hash of a text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def record_json(content: Content) -> dict[str, Any]:
    """The record of a decision, sealed."""
    decision = content.decision
    program = decision.model.program
    tables = _Tables.of(program)
    case = {
        "case_id": decision.case.case_id,
        "policy": decision.case.policy,
        "as_of": iso(decision.case.as_of),
        "facts": {name: recorded(decision, name) for name in sorted(decision.case.facts)},
    }
    told = {key: part for key, part in decision_json(decision, proof=False).items() if key != "proof"}
    who = content.confirmation
    record: dict[str, Any] = {
        "format": FORMAT,
        "question": content.question,
        "headline": content.headline,
        "contradictions": list(dict.fromkeys(str(a.args[0]) for a in decision.model.holding_of(CONTRADICTION))),
        "case": case,
        "decision": {**told, "finding_codes": list(decision.findings)},
        "confirmation": {
            "confirmed_by": who.by,
            "confirmed_on": who.on,
            "overridden_to": who.overridden_to,
            "reason": who.reason,
        },
        "clauses": list(_clauses(content)),
        "document": {"given": content.document is not None, "differs": list(content.differs)},
        "model": _model(decision.model, tables),
        "proof": _proof(decision, tables),
        "holidays": _holidays(decision.model, tables),
        "program": tables.document,
        "hashes": {
            "program": tables.hash,
            "case": sha256(canonical(case)),
        },
    }
    return {**record, "seal": sha256(canonical(record))}


def as_json(content: Content) -> str:
    """The record as text: one line a part, so that it can be looked through."""
    record = record_json(content)
    rows = [f"{json.dumps(key)}: {json.dumps(part, ensure_ascii=False)}" for key, part in record.items()]
    return "{\n" + ",\n".join(rows) + "\n}\n"


def program_hash(program: Program) -> str:
    """The hash of a program's ground rules and tables: the same for all records made with it."""
    return _Tables.of(program).hash


def hashes_of(record: dict[str, Any]) -> dict[str, str]:
    """The hashes of a record, with names for people."""
    return {"Rules and tables": record["hashes"]["program"], "Seal of the JSON form": record["seal"]}


def recorded(decision: Decision, name: str) -> Any:
    """What a case records for a fact, in the form in which cases are written."""
    return written(decision.model.program.policy.vocabulary.facts[name], decision.case.facts.get(name))


class _Tables:
    """The ground program as numbered tables; made once for each program.

    Rules stand by predicate, so that the tables do not hang on the order of grounding.
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

    @classmethod
    def of(cls, program: Program) -> _Tables:
        """The tables of a program, worked out once and kept with it."""
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
            "code": policy.code,
            "name": policy.name,
            "document": policy.document,
            "version": policy.version,
            "digest": policy.digest,
            "settings": policy.settings,
            "facts": [[fact.name, fact.type] for fact in vocabulary.facts.values()],
            "calculated": {
                c.name: {"type": c.type, "how": c.how, "source": c.source, "key": c.key, "field": c.field}
                for c in vocabulary.calculated.values()
            },
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
        """The rule itself, and those of the policy that lay down what it takes as settled."""
        given = (literal.atom for literal in rule.given if literal.binds)
        others = sorted({self.program.ground[index].source for atom in given for index in self.program.by_head.get(atom, ())})
        return list(dict.fromkeys([rule.source, *others]))

    def _source(self, source: int) -> dict[str, Any]:
        rule = self.program.rules[source]
        clause = self.program.policy.clauses.get(rule.clause)
        lines = list(clause.lines) if clause else []
        return {"at": str(rule.position), "clause": rule.clause, "lines": lines, "text": str(rule)}

    def _literals(self, literals: tuple[Literal, ...]) -> str:
        return ", ".join(self._literal(literal) for literal in literals)

    def _literal(self, literal: Literal) -> str:
        words = ["not"] * literal.negated + ["known"] * literal.known + ["not"] * literal.inner_negated
        return " ".join([*words, str(self.numbers[literal.atom])])


def registered(clause: Clause, policy: Policy) -> dict[str, Any]:
    """A clause as its hash in the register covers it."""
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
    """A term as JSON: codes and numbers as they are, anything worked out from the case as a list."""
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
    """The atoms that are true for certain, and those that the case leaves open; all others are false."""
    found: dict[bool | None, list[int]] = {}
    for atom, number in tables.numbers.items():
        if atom in model.program.halves.numbers:
            found.setdefault(model.truth(atom), []).append(number)
    return {"certain": found.get(True, []), "open": found.get(None, [])}


# the proof


def _proof(decision: Decision, tables: _Tables) -> dict[str, Any]:
    model = decision.model
    told = roots(model, decision.status)
    prover, words = Prover(model), Words.of(model)
    steps = prover.proof(claim for _, claim in told)
    names = {claim: f"s{number}" for number, claim in enumerate(steps, 1)}
    return {
        "conclusions": [{"part": part, "step": names[claim]} for part, claim in told],
        "steps": {names[claim]: _step(decision, words, tables, claim, step, names) for claim, step in steps.items()},
    }


def _step(decision: Decision, words: Words, tables: _Tables, claim: Claim, step: Step, names: dict[Claim, str]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "says": capital(words.claim(claim)) + ".",
        "atom": tables.numbers[claim.atom],
        "manner": claim.manner,
        "premises": [names[premise] for premise in step.premises],
    }
    if step.rule is not None:
        found["rule"] = tables.place[step.rule]
    elif decision.model.is_condition(claim.atom):
        found["source"] = {name: recorded(decision, name) for name in _sources(decision, claim.atom)}
    return found


def _sources(decision: Decision, atom: Atom) -> list[str]:
    from explain.record import sources

    return [entry["fact"] for entry in sources(decision, atom)]


# bank holidays


def _holidays(model: Model, tables: _Tables) -> dict[str, list[str]]:
    """The bank holidays on weekdays of every year through which working days are counted."""
    years: set[int] = set()
    for atom in tables.numbers:
        for term in atom.args:
            years |= _years(model, term)
    return {str(year): list(_closed(year)) for year in sorted(years)}


def _years(model: Model, term: Term) -> set[int]:
    found = set().union(*(_years(model, part) for part in inner(term)))
    if isinstance(term, Shifted) and term.unit == "working days":
        ends = [model.conditions.value(term.base), model.conditions.value(term)]
        years = sorted(date.fromordinal(day).year for day in ends if day is not None)
        found |= set(range(years[0], years[-1] + 1)) if len(years) == 2 else set()
    return found


@cache
def _closed(year: int) -> tuple[str, ...]:
    days = range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
    return tuple(iso(day) for day in days if date.fromordinal(day).weekday() < 5 and not is_working_day(day))
