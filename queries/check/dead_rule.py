"""A rule that can never fire: no case meets all its conditions."""

from __future__ import annotations

from queries.check.finding import Finding, Outcome
from queries.check.subject import Subject

NAME = "dead-rule"


def find(subject: Subject) -> Outcome:
    """Every rule of the policy fires in some case, or is reported."""
    among = [rule for rules in subject.instances.values() for rule in rules]
    firing, given_up = subject.rules_that_fire(among)
    findings: list[Finding] = []
    unsettled: list[str] = []
    proved = 0
    for source, rules in subject.instances.items():
        rule = subject.program.rules[source]
        if any(index in firing for index in rules):
            proved += 1
        elif any(index in given_up for index in rules):
            unsettled.append(str(rule.position))
        elif not _switched_off(subject, source):
            what = f"No case can make this rule of {rule.clause} fire, so `{rule.head.predicate}` never follows from it."
            advice = "look for conditions that rule each other out, or for one that nothing concludes; mend the rule or remove it"
            findings.append(Finding(NAME, "fault", what, (rule.clause,), (str(rule.position),), advice=advice))
    return Outcome(tuple(findings), proved, tuple(unsettled))


def _switched_off(subject: Subject, source: int) -> bool:
    """Whether the rule belongs to a setting of a reading other than the one in use."""
    settings = subject.program.policy.settings
    for literal in subject.program.rules[source].body:
        if literal.atom.predicate == "reading":
            name, wanted = (str(arg) for arg in literal.atom.args)
            if name in settings and wanted[:1].islower() and (str(settings[name]) == wanted) is literal.negated:
                return True
    return False
