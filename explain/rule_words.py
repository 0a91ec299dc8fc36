"""A rule in English. Variables are named by sort and letter: team A, team B, day A."""

from __future__ import annotations

from collections.abc import Iterator
from string import ascii_uppercase

from explain.words import Words, full_stop
from kb.language.model import Atom, Rule, variables
from kb.program import Program

_NOUNS = {"date": "day", "datetime": "time", "point": "transfer point", "gate": "check", "who": "party", "dated": "event"}

#: What a rule makes of its head, by the word that stands before it.
_HEADS = {"": "{}", "open": "it is left open whether {}", "not": "as an exception, it does not follow that {}"}


def rule_words(rule: Rule, program: Program) -> str:
    """The rule as a sentence: its conclusion, then its conditions."""
    words = Words(program, names=names_of(rule, program))
    head = _HEADS[rule.form].format(words.statement(rule.head, True).removesuffix("."))
    body = "; and ".join(words.conditions_of(rule))
    return full_stop(f"{head}, if {body}" if body else head)


def names_of(rule: Rule, program: Program) -> dict[str, str]:
    """A name for each variable of a rule, by its sort, in order of appearance."""
    names: dict[str, str] = {}
    used: dict[str, int] = {}
    for name, sort in _sorts(rule, program):
        noun = _NOUNS.get(sort, sort.split(" ")[0].replace("_", " "))
        if name in names:
            continue
        if name.startswith("_"):
            names[name] = f"any {noun}"
            continue
        letter = ascii_uppercase[used.get(noun, 0) % len(ascii_uppercase)]
        names[name] = f"{noun} {letter}"
        used[noun] = used.get(noun, 0) + 1
    return names


def _sorts(rule: Rule, program: Program) -> Iterator[tuple[str, str]]:
    """The variables of a rule with their sorts. Predicates determine the sort; in comparisons alone it is `value`."""
    atoms: list[Atom] = [rule.head, *(literal.atom for literal in rule.body)]
    for atom in atoms:
        signature = None if atom.is_comparison else program.table.get(atom.predicate)
        for sort, term in zip(signature.sorts if signature else (), atom.args):
            for name in sorted(variables(term)):
                yield name, sort
    for atom in atoms:
        for term in atom.args:
            for name in sorted(variables(term)):
                yield name, "value"
