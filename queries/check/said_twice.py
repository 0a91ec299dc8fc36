"""Rules that are equal up to the names of their variables."""

from __future__ import annotations

import re

from kb.language.model import Rule, Variable
from queries.check.finding import Finding, Outcome
from queries.check.subject import Subject

NAME = "said-twice"


def find(subject: Subject) -> Outcome:
    """Reports each rule that repeats an earlier one."""
    first: dict[str, Rule] = {}
    findings: list[Finding] = []
    for source in subject.own_rules:
        rule = subject.program.rules[source]
        form = canonical(rule)
        twin = first.setdefault(form, rule)
        if twin is not rule:
            what = f"This rule of {rule.clause} says the same as one of {twin.clause} at {twin.position}."
            clauses = tuple(dict.fromkeys((*twin.clauses, *rule.clauses)))
            one = len(clauses) == 1
            shared = (
                f"if the document says it twice, write it once under `@clause {' '.join(clauses)}.`; else remove one of the two"
            )
            advice = "remove one of the two" if one else shared
            where = (str(twin.position), str(rule.position))
            findings.append(Finding(NAME, "fault" if one else "note", what, clauses, where, advice=advice))
    return Outcome(tuple(findings), len(first))


def canonical(rule: Rule) -> str:
    """A rule with its body sorted and its variables numbered in order of appearance."""
    names: dict[str, str] = {}

    def renamed(text: str) -> str:
        return "".join(names.get(word, word) for word in _words(text))

    literals = [str(rule.head), *sorted(map(str, rule.body), key=lambda text: _shape(text, rule))]
    for text in literals:
        for word in _words(text):
            if Variable(word).name[:1].isupper() and word not in names:
                names[word] = f"V{len(names)}"
    return " ".join([renamed(literals[0]), *sorted(set(map(renamed, literals[1:])))])


def _shape(text: str, rule: Rule) -> str:
    return "".join("V" if word[:1].isupper() else word for word in _words(text))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+|\W", text)
