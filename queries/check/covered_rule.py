"""Rules that are always covered: whenever one fires, another clause concludes the same."""

from __future__ import annotations

from collections import Counter

from queries.check.finding import Finding, Outcome
from queries.check.removal import also_needless
from queries.check.said_twice import canonical
from queries.check.subject import Subject

NAME = "covered-rule"


def find(subject: Subject) -> Outcome:
    """Proves for each rule that some case needs it, or reports it with the rules that cover it."""
    plain = subject.program.halves.rules
    findings: list[Finding] = []
    unsettled: list[str] = []
    proved = 0
    forms = Counter(canonical(subject.program.rules[source]) for source in subject.own_rules)
    for source, (fires, alone) in subject.firing.items():
        if forms[canonical(subject.program.rules[source])] > 1:
            continue  # reported by said-twice
        if alone or fires is False:
            proved += bool(alone)
            continue
        if alone is None or fires is None:
            unsettled.append(str(subject.program.rules[source].position))
            continue
        written = subject.program.rules[source]
        heads = {subject.program.ground[plain[index].ground].head for index in subject.instances[source]}
        others = {c for head in heads for other in subject.program.by_head[head] for c in subject.rule_of(other).clauses}
        covering = subject.own(others.difference(written.clauses)) or (written.clause,)
        conclusion = f"`{written.head.predicate}`"
        what = f"Whenever this rule of {written.clause} fires, another ({', '.join(covering)}) concludes the same {conclusion}."
        also = also_needless(subject.program.policy, written)
        advice = f"remove it{also}; or, if both clauses are to be cited, leave it and note why in the register"
        clauses = tuple(dict.fromkeys((*written.clauses, *covering)))
        findings.append(Finding(NAME, "note", what, clauses, (str(written.position),), advice=advice))
    return Outcome(tuple(findings), proved, tuple(unsettled))
