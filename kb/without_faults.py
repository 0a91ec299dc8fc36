"""The part of a policy that stands although some of its rules are faulty, so that it can be checked meanwhile."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from kb.errors import MAX_FAULTS, Fault, InputError
from kb.language.checks import not_finished, wrong
from kb.language.model import ClauseMark, Position, Predicate, Rule
from kb.language.signature import signatures
from kb.policy import Policy, load_policy
from kb.program import Program, compile_standing

MAX_CIRCLES = 20  # circles that are broken one after the other; each takes a compilation of the whole

Item = Rule | Predicate | ClauseMark
Of = TypeVar("Of", Rule, Predicate, ClauseMark, Item)


@dataclass(frozen=True)
class Standing:
    """A program without the faulty rules of its policy.

    clauses  those that lost a rule, in document order
    rules    number of rules left out, with statements that can't be read
    faults   of all files; what is not used is told only where every statement can be read
    """

    program: Program
    clauses: tuple[str, ...]
    rules: int
    faults: tuple[Fault, ...]


def standing(folder: Path) -> Standing | None:
    """What stands of a policy without its faulty statements, and without the rules that can't be understood without these.

    A circle of rules is broken at the rule where it is told. None if a fault is not one of a single statement, as in a
    table, or there are more than `MAX_CIRCLES`. Errors: `InputError` if the policy has faults of that kind before its rules
    are looked at.
    """
    unread: list[Fault] = []
    whole = load_policy(folder, unread)
    if len(unread) >= MAX_FAULTS - 1:
        return None
    lost = {mark.clause for fault in unread if (mark := _last_before(fault.where, whole.marks)) is not None}
    table = signatures(whole.vocabulary, whole.predicates)
    emptied = {str(mark.position) for mark in whole.marks if mark.clause in lost}  # by a statement that can't be read
    told = [fault for fault in wrong(whole, table) if fault.where not in emptied]
    unfinished = () if unread else not_finished(whole, table)
    left = _without_wrong(whole)
    circles: list[Fault] = []
    while left is not None and len(circles) <= MAX_CIRCLES:
        kept = {id(rule) for rule in left.rules}
        gone = [rule for rule in whole.rules if id(rule) not in kept]
        omitted = f"{[str(rule.position) for rule in gone]} {[fault.where for fault in unread]}"
        try:
            program = compile_standing(replace(left, digest=f"{left.digest} without {omitted}"))
        except InputError as error:
            circles += error.faults
            left = _without_faulty(left, error.faults)
            left = None if left is None else _without_wrong(left)
            continue
        lost |= {name for rule in gone for name in rule.clauses}
        clauses = tuple(sorted(lost & whole.clauses.keys(), key=lambda name: (whole.clauses[name].lines, name)))
        return Standing(program, clauses, len(gone) + len(unread), (*unread, *told, *circles, *unfinished))
    return None


def _without_wrong(policy: Policy) -> Policy | None:
    """The policy without the statements that are wrong, and those that are wrong without these. None: see `standing`."""
    left: Policy | None = policy
    while left is not None and (faults := wrong(left, signatures(left.vocabulary, left.predicates))):
        left = _without_faulty(left, faults)
    return left


def _without_faulty(policy: Policy, faults: Iterable[Fault]) -> Policy | None:
    """The policy without the statements in which the faults lie; None if a fault lies in none, or in a shared one."""
    items: list[Item] = [*policy.rules, *policy.predicates.values(), *policy.marks]
    faulty: list[Item] = []
    for fault in faults:
        item = _last_before(fault.where, items)
        if item is None or item.position.file.startswith("house/"):
            return None
        faulty.append(item)
    smaller = _without(policy, faulty)
    same = (smaller.rules, smaller.predicates, smaller.marks) == (policy.rules, policy.predicates, policy.marks)
    return None if same else smaller


def _without(policy: Policy, faulty: Collection[Item]) -> Policy:
    """The policy without some rules, predicates and marks; with a mark the rules under it go too."""
    gone = {id(item) for item in faulty}
    under = {(item.position.file, item.clause) for item in faulty if isinstance(item, ClauseMark)}
    rules = tuple(r for r in policy.rules if id(r) not in gone and (r.position.file, r.clause) not in under)
    predicates: Mapping[str, Predicate] = {name: p for name, p in policy.predicates.items() if id(p) not in gone}
    marks = tuple(mark for mark in policy.marks if id(mark) not in gone)
    return replace(policy, rules=rules, predicates=dict(predicates), marks=marks)


def _last_before(where: str, items: Iterable[Of]) -> Of | None:
    """The item in which a place lies: the last one of its file that begins at it or before it."""
    place = _place(where)
    if place is None:
        return None
    at = (place.line, place.column)
    before = [i for i in items if i.position.file == place.file and (i.position.line, i.position.column) <= at]
    return max(before, key=lambda item: item.position, default=None)


def _place(where: str) -> Position | None:
    file, _, rest = where.partition(":")
    parts = rest.split(":")
    return Position(file, *map(int, parts)) if len(parts) == 2 and all(part.isdigit() for part in parts) else None
