"""All proofs of a conclusion, smallest first. A proof chooses one rule for every conclusion it uses.

A negative claim has one proof here, its smallest: it already refutes every rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from queries.proof import Claim, Prover, Step

MOST = 100  # proofs of one conclusion that are searched for


@dataclass(frozen=True)
class OneProof:
    """A proof: the step chosen for each affirming claim, and its size in steps."""

    size: int
    steps: Mapping[Claim, Step] = field(default_factory=dict)


def all_proofs(prover: Prover, claim: Claim, most: int = MOST) -> list[OneProof]:
    """The proofs of a claim, smallest first, at most `most`."""
    return _Proofs(prover, most).of(claim, frozenset())


class _Proofs:
    """The search, with memoised results for each claim. No claim is used in its own proof."""

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
        """Pairs of proofs that agree on the step of every claim they share."""
        pairs = (
            OneProof(one.size + other.size, {**one.steps, **other.steps})
            for one in some
            for other in others
            if all(one.steps.get(claim, step) == step for claim, step in other.steps.items())
        )
        return sorted(pairs, key=lambda proof: proof.size)[: self.most]
