"""All proofs of a conclusion, the smallest first: each a choice of one rule for every conclusion used.

A lack has one proof here, its smallest: it already answers every rule that might have served.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from queries.proof import Claim, Prover, Step

MOST = 100  # proofs of one conclusion that are looked for


@dataclass(frozen=True)
class OneProof:
    """One proof: the step chosen for each conclusion that it affirms, and its size in steps."""

    size: int
    steps: Mapping[Claim, Step] = field(default_factory=dict)


def all_proofs(prover: Prover, claim: Claim, most: int = MOST) -> list[OneProof]:
    """The proofs of a claim, smallest first; at most so many."""
    return _Proofs(prover, most).of(claim, frozenset())


class _Proofs:
    """Keeps what was found for each claim. Claims that rest on each other are not proved by each other."""

    def __init__(self, prover: Prover, most: int):
        self.prover, self.most = prover, most
        self.kept: dict[Claim, list[OneProof]] = {}

    def of(self, claim: Claim, above: frozenset[Claim]) -> list[OneProof]:
        if claim in above:
            return []
        found = self.kept.get(claim)
        if found is None:
            ways = [proof for step in self.prover.all_steps(claim) for proof in self._by(claim, step, above | {claim})]
            found = sorted(ways, key=lambda proof: proof.size)[: self.most]
            if not self.prover.model.program.halves.circular:
                self.kept[claim] = found
        return found

    def _by(self, claim: Claim, step: Step, above: frozenset[Claim]) -> Iterator[OneProof]:
        if not claim.affirms or step.is_condition:
            yield OneProof(step.size)
            return
        so_far = [OneProof(1, {claim: step})]
        for premise in step.premises:
            so_far = self._together(so_far, self.of(premise, above))
        yield from so_far

    def _together(self, some: Sequence[OneProof], others: Sequence[OneProof]) -> list[OneProof]:
        """Pairs of proofs that use the same step wherever both need the same conclusion."""
        pairs = (
            OneProof(one.size + other.size, {**one.steps, **other.steps})
            for one in some
            for other in others
            if all(one.steps.get(claim, step) == step for claim, step in other.steps.items())
        )
        return sorted(pairs, key=lambda proof: proof.size)[: self.most]
