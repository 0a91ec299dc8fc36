"""The statements by which two answers to one case differ, with proofs and clauses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from explain.answer import headline
from explain.answer_parts import move
from explain.compare.two import Pair
from explain.tree import Sentence, Teller, holder_claims, route_claims
from explain.words import Words, capital, recorded, spans
from kb.language.model import Atom
from queries.answer_rows import outcome, rows
from queries.compare import Differing
from queries.compare_rules import MOVE_DATE, TEAM
from queries.decide import Decision
from queries.proof import Claim, Prover

DEPTH, LINES = 3, 8  # of a proof that are printed


@dataclass(frozen=True)
class Shown:
    """What only one of two answers says: sentences, their proofs, and clauses."""

    says: tuple[str, ...]
    because: tuple[Sentence, ...]
    clauses: tuple[str, ...]


def sides_of(two: Pair, differing: Differing) -> tuple[Shown, Shown]:
    """What only the first and what only the second says in the case of a difference."""
    return (
        shown(differing.first, differing.second, differing.kind, {}, two.codes),
        shown(differing.second, differing.first, differing.kind, two.codes, {}),
    )


def shown(decision: Decision, other: Decision, kind: str, codes: Mapping[str, str], other_codes: Mapping[str, str]) -> Shown:
    """What `decision` says of one kind of answer and `other` does not.

    `codes` and `other_codes` map each side's codes to common ones.
    """
    mine, theirs = rows(decision, kind, codes), rows(other, kind, other_codes)
    own = {row: atom for row, atom in mine.items() if row not in theirs}
    lacking = [atom for row, atom in theirs.items() if row not in mine]
    words = Words.of(decision.model)
    says = tuple(_says(words, decision, kind, atom, row) for row, atom in own.items())
    if kind == TEAM:
        claims = holder_claims(decision.model)
    else:
        claims = [claim for atom in own.values() for claim in _claims(decision, kind, atom)]
        if not own and not codes and not other_codes:
            claims = [Claim(atom, "unproved") for atom in lacking if not atom.is_comparison]
    prover = Prover(decision.model)
    held = [claim for claim in claims if prover.holds(claim)]
    teller = Teller(decision.model)
    return Shown(says, tuple(map(teller.tell, held)), _clauses(decision, prover, held))


def _says(words: Words, decision: Decision, kind: str, atom: Atom, row: tuple[Any, ...]) -> str:
    if kind == TEAM:
        return headline(decision)
    if kind in ("move", "further moves", MOVE_DATE):
        moves = [m for m in (decision.transfer, *decision.further_transfers) if m is not None and m.atom == atom]
        return move(words, moves[0], decision.case.as_of) if moves else capital(words.statement(atom, True)) + "."
    text = capital(words.statement(atom, True))
    if kind == "deadlines":
        return text + {True: ", kept.", False: ", not kept.", None: "."}[row[-1]]
    return text if text.endswith(".") else text + "."


def _claims(decision: Decision, kind: str, atom: Atom) -> list[Claim]:
    """The claims that prove one statement of an answer."""
    if kind == "possible teams":
        return [claim for claim in holder_claims(decision.model) if claim.atom == atom]
    if kind in ("move", "further moves", MOVE_DATE):
        return route_claims(decision.model, atom)
    return [Claim(atom, "established")]


def _clauses(decision: Decision, prover: Prover, claims: Sequence[Claim]) -> tuple[str, ...]:
    """The policy's own clauses in the proofs of some claims, in document order."""
    program = decision.model.program
    steps = prover.proof(claims)
    rules = (program.ground[s.rule].source for s in steps.values() if s.rule is not None and s.claim.affirms)
    used = {name for source in rules for name in program.rules[source].clauses}
    known = program.policy.clauses
    return tuple(sorted({c for c in used if not known[c].house}, key=lambda c: (known[c].lines, c)))


def lines(because: Sequence[Sentence], most: int = LINES) -> list[str]:
    """The first `most` lines of some proofs, indented, each with its clause."""
    printed: list[str] = []

    def tell(sentence: Sentence, depth: int) -> None:
        if depth < DEPTH and not sentence.repeated:
            cited = f" [{sentence.clause}]" if sentence.clause else ""
            printed.append(f"{'  ' * depth}{sentence.text}{cited}")
            for reason in sentence.reasons:
                tell(reason, depth + 1)

    for sentence in because:
        tell(sentence, 0)
    return printed if len(printed) <= most else [*printed[:most], "…"]


def outcome_name(decision: Decision) -> str:
    """The name of the responsible team, or of the status if there is none."""
    vocabulary = decision.model.program.policy.vocabulary
    name = outcome(decision)
    kind = next(kind for kind in ("team", "outcome", "status") if vocabulary.has(kind, name))
    return vocabulary.label(kind, name)


def cited(decision: Decision) -> list[str]:
    """Clauses that an answer cites, as `bp8 (line 5)`."""
    from explain.decision_json import decision_json

    cited = decision_json(decision, proof=False)["clauses"]
    return [f"{clause['id']} (line {spans(tuple(clause['lines']))})" for clause in cited]


def recorded_facts(two: Pair, differing: Differing) -> list[tuple[str, str]]:
    """Label and value of each fact in the case of a difference."""
    vocabulary, other = two.first.policy.vocabulary, two.second.policy.vocabulary
    facts = [(vocabulary.facts.get(name) or other.facts[name], value) for name, value in differing.case.facts.items()]
    return [(capital(fact.label), _value(two, fact.type, value)) for fact, value in facts]


def _value(two: Pair, kind: str, value: object) -> str:
    label = two.first.policy.vocabulary.label
    if kind == "team" and isinstance(value, str):
        return label("team", value)
    if isinstance(value, tuple) and any(isinstance(part, dict) for part in value):
        entries = [", ".join(f"{k.replace('_', ' ')} {recorded(v)}" for k, v in part.items()) for part in value]
        return "; ".join(entry or "an entry that says nothing more" for entry in entries)
    return recorded(value)
