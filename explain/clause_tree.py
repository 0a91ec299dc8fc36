"""A clause with its exceptions, and theirs, as a tree: what takes the place of it, and what only takes something away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from explain.words import spans
from kb.lowering.exceptions import generals_of
from kb.policy import Policy

INNERMOST = "Where several apply, the innermost that takes a place decides; what is taken away gives back what it displaced."
NONE = "No clause is an exception to it."


@dataclass(frozen=True, slots=True)
class Branch:
    """A clause in the tree: its id, what it does to the one above (nothing for the first), and the exceptions to it."""

    clause: str
    does: str
    exceptions: tuple[Branch, ...]


def clause_tree(name: str, policy: Policy, does: str = "", above: tuple[str, ...] = ()) -> Branch:
    """The tree of a clause. Where exceptions run in a circle, it ends with the clause met before."""
    narrows = () if name in above else policy.exceptions.get(name, ())
    within = (*above, name)
    return Branch(name, does, tuple(clause_tree(n, policy, "; ".join(_does(n, name, policy)), within) for n in narrows))


def _does(narrow: str, general: str, policy: Policy) -> Iterator[str]:
    """What an exception does to a clause: the predicates in which it takes its place, the heads that it takes away."""
    about = {rule.head.predicate for rule in policy.rules if rule.clause == general}
    own = [rule for rule in policy.rules if rule.clause == narrow and rule.head.predicate in about]
    places = dict.fromkeys(rule.head.predicate for rule in own if rule.concludes)
    taken = dict.fromkeys(str(rule.head) for rule in own if not rule.concludes)
    if places:
        yield "takes its place in " + ", ".join(f"`{name}`" for name in places)
    if taken:
        yield "takes away " + ", ".join(f"`{head}`" for head in taken)


def one_line(branch: Branch, policy: Policy) -> str:
    """A clause of the tree in one line."""
    clause = policy.clauses[branch.clause]
    lines = f" (line{'s' if len(clause.lines) > 1 else ''} {spans(clause.lines)})" if clause.lines else ""
    does = f" {branch.does}" if branch.does else ""
    return f"{branch.clause}{lines}{does}: {clause.paraphrase}"


def notes(branch: Branch, policy: Policy) -> Iterator[str]:
    """What is said beneath the tree."""
    if not branch.exceptions:
        yield NONE
    generals = generals_of(branch.clause, policy.exceptions)
    if generals:
        yield f"It is itself an exception to {', '.join(generals)}."
    if any(inner.exceptions for inner in branch.exceptions):
        yield INNERMOST
