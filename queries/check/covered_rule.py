"""A rule that others always cover: whenever it fires, another clause concludes the same."""

from __future__ import annotations

from collections import Counter

from kb.space.search import Unsettled
from kb.space.writing import fired
from queries.check.finding import Finding, Outcome
from queries.check.said_twice import canonical
from queries.check.subject import Subject

NAME = "covered-rule"


def find(subject: Subject) -> Outcome:
    """Every rule concludes something on its own in some case, or is reported with those that cover it."""
    plain = subject.program.halves.rules
    for_head: dict[int, list[int]] = {}
    for index, rule in enumerate(plain):
        if rule.certain:
            for_head.setdefault(rule.head, []).append(index)
    findings: list[Finding] = []
    unsettled: list[str] = []
    proved = 0
    forms = Counter(canonical(subject.program.rules[source]) for source in subject.own_rules)
    for source, rules in subject.instances.items():
        if forms[canonical(subject.program.rules[source])] > 1:
            continue  # told by said-twice
        try:
            alone, fires = _alone(subject, rules, for_head)
        except Unsettled:
            unsettled.append(str(subject.program.rules[source].position))
            continue
        if alone or not fires:
            proved += alone
            continue
        written = subject.program.rules[source]
        others = {plain[other].ground for index in rules for other in for_head[plain[index].head] if other not in rules}
        covering = subject.own({subject.rule_of(other).clause for other in others} - {written.clause}) or (written.clause,)
        conclusion = f"`{written.head.predicate}`"
        what = f"Whenever this rule of {written.clause} fires, another ({', '.join(covering)}) concludes the same {conclusion}."
        advice = "remove it, or, if both clauses are to be cited, leave it and note why in the register"
        clauses = tuple(dict.fromkeys((written.clause, *covering)))
        findings.append(Finding(NAME, "note", what, clauses, (str(written.position),), advice=advice))
    return Outcome(tuple(findings), proved, tuple(unsettled))


def _alone(subject: Subject, rules: tuple[int, ...], for_head: dict[int, list[int]]) -> tuple[bool, bool]:
    """Whether some instance is the only rule for its head in some case, and whether any fires at all."""
    plain = subject.program.halves.rules
    fires = False
    for index in rules:
        others = [other for other in for_head[plain[index].head] if plain[other].ground not in {plain[i].ground for i in rules}]
        goal = {fired(index): True, **{fired(other): False for other in others}}
        if subject.search.possible(goal):
            return True, True
        fires = fires or subject.search.possible({fired(index): True})
    return False, fires
