"""What can never apply to a child because of its date of birth, such as routes for another age."""

from __future__ import annotations

from kb.language.model import Atom, Literal
from kb.program import Model
from queries.missing import facts_of
from queries.proof import Claim, Prover, leaves


class RuledOut:
    """Finds conditions that no further fact can make true of this child."""

    def __init__(self, model: Model, prover: Prover):
        self.model = model
        self.prover = prover
        facts = model.program.policy.vocabulary.facts
        self.births = {name for name, fact in facts.items() if fact.time == "trait" and fact.type == "date"}
        self.found: dict[Atom, bool] = {}

    def rules_out(self, literal: Literal) -> bool:
        """Whether this child can never meet a literal."""
        return self._never(literal.atom) if literal.binds else self._always(literal.atom)

    def _never(self, atom: Atom) -> bool:
        if atom not in self.found:
            self.found[atom] = False  # in a cycle of rules nothing is ruled out
            self.found[atom] = self._no_rule_serves(atom)
        return self.found[atom]

    def _no_rule_serves(self, atom: Atom) -> bool:
        if self.model.is_condition(atom):
            return self.model.truth(atom) is False and self._looks_at_birth(atom)
        rules = self.model.program.by_head.get(atom, ())
        return bool(rules) and all(any(map(self.rules_out, self.model.program.ground[rule].body)) for rule in rules)

    def _always(self, atom: Atom) -> bool:
        if not self.model.certain(atom) and self.model.truth(atom) is not True:
            return False
        claim = Claim(atom, "established")
        return any(self._looks_at_birth(leaf.atom) for leaf in leaves(self.prover, claim) if leaf.affirms)

    def _looks_at_birth(self, atom: Atom) -> bool:
        return atom.is_comparison and bool(self.births & set(facts_of(self.model.program.policy.vocabulary, atom)))
