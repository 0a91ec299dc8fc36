"""Words of the rule language that stand for plainer ones: `recorded p`, and `open` before a head.

`recorded p` becomes a conclusion of its own with two rules, one for `known p` and one for
`known not p`. A rule `open h :- unknown p, q.` becomes `h :- not known p, p, q.`: it holds
for certain in no case, and possibly where p is neither established nor ruled out.
"""

from __future__ import annotations

from dataclasses import replace

from kb.language.model import Atom, Constant, Literal, Rule, Term, Variable, variables

RECORDED = "recorded "  # before the name of a predicate: whether it is recorded
BLANK = Constant("_")


def lower_words(rules: tuple[Rule, ...], clause: str) -> tuple[Rule, ...]:
    """The same rules in plainer words, each in its place; what they need besides comes after them, under the clause given."""
    plain = tuple(_left_open(rule) if rule.form == "open" else rule for rule in rules)
    asked = [(_asked(literal, rule), literal) for rule in plain for literal in rule.body if literal.recorded]
    either = (rule for atom, literal in asked for rule in _either_way(atom, literal, clause))
    return (*map(_with_conclusions, plain), *dict.fromkeys(either))


def asked_whether_recorded(atom: Atom) -> Atom | None:
    """The atom that a conclusion made for `recorded` asks about; None for other atoms."""
    if not atom.predicate.startswith(RECORDED):
        return None
    args = (Variable(f"_{n}") if arg == BLANK else arg for n, arg in enumerate(atom.args))
    return Atom(atom.predicate.removeprefix(RECORDED), tuple(args))


def _left_open(rule: Rule) -> Rule:
    """Where `unknown p` says that p is not ruled out, p itself says so and leaves the head open."""

    def plain(literal: Literal) -> Literal:
        return Literal(literal.atom, position=literal.position) if literal.negated and literal.inner_negated else literal

    return replace(rule, body=tuple(map(plain, rule.body)), form="")


def _with_conclusions(rule: Rule) -> Rule:
    def plain(literal: Literal) -> Literal:
        return replace(literal, atom=_asked(literal, rule), recorded=False) if literal.recorded else literal

    return rule.with_body(tuple(map(plain, rule.body)))


def _asked(literal: Literal, rule: Rule) -> Atom:
    """The conclusion that stands for a literal. A variable that occurs nowhere else in the rule is blank: any value will do."""
    elsewhere = set[str]().union(*map(_names, (rule.head, *(other.atom for other in rule.body if other is not literal))))
    args = (BLANK if isinstance(arg, Variable) and arg.name not in elsewhere else arg for arg in literal.atom.args)
    return Atom(RECORDED + literal.atom.predicate, tuple(args))


def _names(atom: Atom) -> set[str]:
    return set[str]().union(*(variables(arg) for arg in atom.args))


def _either_way(atom: Atom, literal: Literal, clause: str) -> tuple[Rule, Rule]:
    """The two rules of a conclusion: what it asks about is established, or its opposite is."""
    names = {arg.name: Variable(f"V{n}") for n, arg in enumerate(atom.args) if isinstance(arg, Variable)}

    def renamed(arg: Term) -> Term:
        return names[arg.name] if isinstance(arg, Variable) else arg

    head = Atom(atom.predicate, tuple(map(renamed, atom.args)))
    asked = asked_whether_recorded(head)
    assert asked is not None
    return (
        Rule(head, (Literal(asked, known=True),), clause, literal.position),
        Rule(head, (Literal(asked, known=True, inner_negated=True),), clause, literal.position),
    )
