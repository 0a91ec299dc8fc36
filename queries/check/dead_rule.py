"""Rules that can never fire: no case meets all their conditions."""

from __future__ import annotations

from kb.language.model import Constant, Literal, Rule
from queries.check.finding import Finding, Outcome
from queries.check.removal import also_needless
from queries.check.subject import Subject

NAME = "dead-rule"


def find(subject: Subject) -> Outcome:
    """Proves for each rule that some case fires it, or reports it."""
    findings: list[Finding] = []
    unsettled: list[str] = []
    proved = 0
    for source, (fires, _) in subject.firing.items():
        rule = subject.program.rules[source]
        if fires:
            proved += 1
        elif fires is None:
            unsettled.append(str(rule.position))
        elif not _switched_off(subject, source) and not _for_the_unknown(rule):
            what = f"No case can make this rule of {rule.clause} fire, so `{rule.head.predicate}` never follows from it."
            also = also_needless(subject.program.policy, rule)
            advice = (
                f"look for conditions that rule each other out, or one that nothing concludes; mend the rule or remove it{also}"
            )
            findings.append(Finding(NAME, "fault", what, rule.clauses, (str(rule.position),), advice=advice))
    return Outcome(tuple(findings), proved, tuple(unsettled))


def _switched_off(subject: Subject, source: int) -> bool:
    """Whether a rule needs a setting of a reading that is not in use, directly or through other rules."""
    return any(_is_off(subject, literal) for literal in subject.program.rules[source].body if literal.binds)


def _is_off(subject: Subject, literal: Literal) -> bool:
    atom = literal.atom
    if atom.predicate == "reading":
        name, wanted = atom.args
        settings = subject.program.policy.settings
        return isinstance(wanted, Constant) and str(settings.get(str(name))) != str(wanted)
    rules = subject.rules_for.get(atom.predicate, ())
    return atom.predicate not in subject.program.by_predicate and bool(rules) and all(_switched_off(subject, n) for n in rules)


def _for_the_unknown(rule: Rule) -> bool:
    """Whether a rule requires an atom that is neither known nor ruled out, so that it concludes possibilities only."""
    unrecorded = {
        literal.atom.predicate for literal in rule.body if literal.known and literal.negated and not literal.inner_negated
    }
    return any(literal.atom.predicate in unrecorded and literal.binds and not literal.known for literal in rule.body)
