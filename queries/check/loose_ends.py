"""Names that lead nowhere: points that no event reaches, codes and readings without a rule, variables and teams used idly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from kb.carried import AGREEMENT
from kb.errors import listed, nearest
from kb.language.model import Constant, Rule, variables
from kb.policy import house_readings
from kb.vocabulary.load import load_vocabulary
from queries.check.finding import Finding, Outcome
from queries.check.subject import Subject, code

NAME = "loose-ends"
#: Kinds of code of which every one is meant to be named by a rule or a table.
NAMED = ("team", "point", "gate", "deadline", "duty", "attendance", "co_working", "finding", "meeting", "body", "escalation")


def find(subject: Subject) -> Outcome:
    """Looks at what the policy declares and what its rules name; no search is needed."""
    points = sorted({code(atom, 2) for atom in subject.atoms("route")} - {AGREEMENT})
    named = [*_points(subject, points), *_codes(subject), *_readings(subject)]
    codes = subject.program.policy.vocabulary.codes
    looked_at = len(points) + sum(len(codes.get(kind, ())) for kind in NAMED) + len(subject.program.policy.readings)
    return Outcome((*named, *_variables(subject), *_twins(subject)), looked_at - len(named))


def _points(subject: Subject, points: list[str]) -> Iterator[Finding]:
    """Points of a move that no event, date or birthday reaches: the move is promised and can never be made."""
    reached = {code(atom) for name in ("occurs", "expected", "point_booking") for atom in subject.atoms(name)}
    for point in points:
        if point not in reached:
            label = subject.program.policy.vocabulary.label("point", point)
            rules = [rule for rule in _own(subject) if rule.head.predicate == "route" and rule.head.args[2] == Constant(point)]
            yield Finding(
                NAME,
                "fault",
                f"Nothing reaches the transfer point “{label}”, so its moves are never made.",
                subject.own({name for rule in rules for name in rule.clauses}),
                tuple(str(rule.position) for rule in rules),
                advice=f"say which event it is: `point_event({point}, EVENT).`, or conclude `occurs({point}, On)`",
            )


def _codes(subject: Subject) -> Iterator[Finding]:
    """Codes of the policy that neither a rule nor a lookup table names."""
    policy = subject.program.policy
    used = {str(arg.value) for rule in _own(subject) for arg in _constants(rule)}
    used |= {str(cell) for table in policy.vocabulary.tables for row in table.rows for cell in row}
    used |= {value for fact in policy.vocabulary.facts.values() for value in fact.values}
    shared = {(kind, entry.code) for kind, entries in load_vocabulary().codes.items() for entry in entries}
    for kind in NAMED:
        for entry in policy.vocabulary.codes.get(kind, ()):
            if entry.code not in used and (kind, entry.code) not in shared:
                what = f"No rule names the {kind.replace('_', ' ')} “{entry.label}” (`{entry.code}`)."
                yield Finding(NAME, "note", what, advice="write the rule, or take the code out of codes.tsv", topic=kind)


def _readings(subject: Subject) -> Iterator[Finding]:
    """Readings of the policy that no rule asks: whatever they are set to, nothing changes."""
    policy = subject.program.policy
    asked = {str(arg.value) for rule in policy.rules for arg in _constants(rule)}
    shared = house_readings()
    for name in policy.readings:
        if name not in asked and name not in shared:
            what = f"No rule asks for the reading `{name}`, so its setting changes nothing."
            yield Finding(NAME, "note", what, advice=f"ask `reading({name}, SETTING)` in a rule, or take it out of readings.tsv")


def _variables(subject: Subject) -> Iterator[Finding]:
    """Rules with a variable that occurs once: it is misspelt, or any value will do."""
    for rule in _own(subject):
        atoms = (rule.head, *(literal.atom for literal in rule.body))
        names = [name for atom in atoms for arg in atom.args for name in variables(arg) if not name.startswith("_")]
        once = [name for name in dict.fromkeys(names) if names.count(name) == 1]
        if once:
            near = nearest(once[0], set(names) - set(once))
            what = f"In this rule of {rule.clause} {listed(once)} occur{'s' * (len(once) == 1)} only once."
            advice = (f"is `{near}` meant? " if near else "") + "write `_` where any value will do"
            yield Finding(NAME, "note", what, rule.clauses, (str(rule.position),), advice=advice)


def _twins(subject: Subject) -> Iterator[Finding]:
    """Pairs of teams that no rule and no table tells apart: with their names exchanged all says the same."""
    policy = subject.program.policy
    said = [_words(rule) for rule in _own(subject)]
    said += [(table.name, *map(str, row)) for table in policy.vocabulary.tables for row in table.rows]
    named = {word for words in said for word in words}
    teams = [entry for entry in policy.vocabulary.codes.get("team", ()) if entry.code in named]
    for one, other in combinations(teams, 2):
        swapped = {one.code: other.code, other.code: one.code}
        about = {words for words in said if swapped.keys() & set(words)}
        if {tuple(swapped.get(word, word) for word in words) for words in about} == about:
            what = f"No rule tells {one.label} and {other.label} apart: what is said of one is said of the other."
            clauses = {name for rule in _own(subject) if swapped.keys() & set(_words(rule)) for name in rule.clauses}
            advice = "if they are one team, keep one code and make the other name an alias; else write what tells them apart"
            yield Finding(NAME, "note", what, subject.own(clauses), advice=advice)


def _words(rule: Rule) -> tuple[str, ...]:
    """The words and marks of a rule; blanks have no names."""
    return tuple(re.findall(r"\w+|[^\w\s]", re.sub(r"\b_\w+", "_", str(rule))))


def _own(subject: Subject) -> list[Rule]:
    clauses = subject.program.policy.clauses
    return [rule for rule in subject.program.policy.rules if not clauses[rule.clause].house]


def _constants(rule: Rule) -> Iterator[Constant]:
    for atom in (rule.head, *(literal.atom for literal in rule.body)):
        yield from (arg for arg in atom.args if isinstance(arg, Constant))
