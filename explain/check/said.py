"""Sentences shared by all formats of a report of checks. The sentence of a finding is made by its check (`queries/check`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from explain.answer import headline
from explain.compare.sides import shown
from explain.values import value_words
from explain.words import capital, spans
from kb.case import EARLIEST, LATEST, Case
from kb.dates import in_words
from kb.engines.forward import Forward
from kb.policy import Policy
from kb.program import CONTRADICTION, Program
from kb.vocabulary.model import Fact, Vocabulary
from queries.check import Finding, Outcome, Report
from queries.check.replay import answer_of
from queries.check.settings import under
from queries.decide import decide
from queries.steps import step_decision

HEADINGS = {
    "gap": "Gaps: the policy leaves a child without an answer",
    "fault": "Faults: clauses contradict each other, or a rule does nothing",
    "note": "To know: it may well be meant",
    "choice": "Choices: the text can be read in more than one way",
}
#: What findings of each weight are called.
KINDS = {weight: heading.partition(":")[0] for weight, heading in HEADINGS.items()}
NOTHING_RECORDED = "a child of whom nothing is recorded"


@dataclass(frozen=True)
class Group:
    """Findings of one check with one cause (same clauses or topic). The first is shown in full."""

    first: Finding
    others: tuple[Finding, ...]


def grouped(findings: Iterable[Finding]) -> list[Group]:
    """Findings grouped by cause, in order; within a group the one with the smallest case comes first."""
    by_cause: dict[tuple[object, ...], list[Finding]] = {}
    for number, finding in enumerate(findings):
        topic = finding.topic or (finding.clauses if finding.case else ()) or number
        by_cause.setdefault((finding.check, finding.weight, topic), []).append(finding)
    groups = [sorted(same, key=lambda f: len(f.case.facts) if f.case else 0) for same in by_cause.values()]
    return [Group(same[0], tuple(same[1:])) for same in groups]


def clause_names(finding: Finding, policy: Policy) -> str:
    """The clauses of a finding with their lines, as `bp8 (line 5), bp12 (lines 7-8)`."""
    return ", ".join(clause_name(policy, clause) for clause in finding.clauses)


def clause_name(policy: Policy, clause: str) -> str:
    lines = policy.clauses[clause].lines
    return f"{clause} (line{'s' if len(lines) > 1 else ''} {spans(lines)})" if lines else clause


def case_lines(program: Program, case: Case) -> list[str]:
    """One line a recorded fact: label and value."""
    vocabulary = program.policy.vocabulary
    return [
        f"{capital(vocabulary.facts[name].label)}: {_value(vocabulary.facts[name], value, vocabulary)}"
        for name, value in case.facts.items()
    ] or [capital(NOTHING_RECORDED)]


def _value(fact: Fact, value: Any, vocabulary: Vocabulary) -> str:
    if fact.type == "list[record]" and value:
        return "; ".join(_entry(dict(fact.fields), entry, vocabulary) for entry in value)
    return value_words(fact, value, None, None, vocabulary)


def _entry(types: Mapping[str, str], entry: Mapping[str, Any], vocabulary: Vocabulary) -> str:
    """One entry of a list of records, as `team Alpha, closed on 16 July 2024`."""
    fields = {
        name: value_words(Fact(name, types[name], name, "", "", ""), value, None, None, vocabulary)
        for name, value in entry.items()
    }
    return ", ".join(f"{name.replace('_', ' ')} {words}" for name, words in fields.items()) or "one, of which nothing is recorded"


def answer_to(program: Program, case: Case, one_step: bool = False) -> str:
    """The headline of the answer to a case or, with `one_step`, to one step of a journey."""
    return headline((step_decision if one_step else decide)(program, case, Forward()))


def smallest(finding: Finding) -> str:
    """The heading of a finding's case."""
    return "Smallest case, as one step of a journey" if finding.one_step else "Smallest case"


def answers_to(program: Program, finding: Finding) -> list[tuple[str, str]]:
    """Pairs of (under which reading, answer) for the case of a finding.

    For a finding about a reading, the two answers are reduced to what differs between them.
    """
    other = finding.otherwise
    if finding.case is None:
        return []
    if other is None:
        return [("with the readings in use", answer_to(program, finding.case, finding.one_step))]
    programs = (program, under(program, {other.reading: other.setting}))
    first, second = (answer_of(p, finding, Forward()) for p in programs)
    sides = shown(first, second, other.kind, {}, {}), shown(second, first, other.kind, {}, {})
    settings = (program.policy.settings[other.reading], other.setting)
    return [
        (f"with `{other.reading}` as `{setting}`", " ".join(side.says) or "None of these.")
        for setting, side in zip(settings, sides)
    ]


def why_open(program: Program, finding: Finding) -> str:
    """Why the text can be read in more than one way, for a finding about a reading; else empty."""
    return program.policy.readings[finding.otherwise.reading].why if finding.otherwise else ""


def magnitude(number: int) -> str:
    """A number up to 1,000 as it is, above that as `about 6 x 10^72`."""
    if number <= 1000:
        return str(number)
    power = len(str(number)) - 1
    lead = round(number / 10**power)
    return f"about 1 x 10^{power + 1}" if lead == 10 else f"about {lead} x 10^{power}"


def settled(name: str, outcome: Outcome) -> str:
    """The counts of a check in one line."""
    return f"{name}: found {len(outcome.findings)}, proved {outcome.proved}, not settled {len(outcome.unsettled)}"


def conditions(program: Program, report: Report) -> list[str]:
    """The conditions under which the claims of the report hold, one sentence each."""
    policy = program.policy
    other = {name: value for name, value in report.settings.items() if value != policy.readings[name].default}
    chosen = ", ".join(f"{name} is {value}" for name, value in other.items())
    kinds = len(program.by_predicate.get(CONTRADICTION, ()))
    return [
        f"The answer is asked for on {in_words(report.as_of)}. Dates run from {EARLIEST} to {LATEST}.",
        f"Of {len(report.settings)} readings all are at their default" + (f", except: {chosen}." if chosen else "."),
        f"Left out are records that contradict themselves, such as a second review before the first ({kinds} kinds).",
        "A list that is recorded is taken as complete.",
        "Searched was each single step of a child's journey: any holder, since any day, whichever move began the stint. An event "
        "has one day that has passed and one that is planned at most; what had its effect is what was before the stint.",
        f"Searched were {magnitude(report.cases)} kinds of case; cases of one kind differ in nothing that a rule asks, "
        "save the order of their dates, which is searched as well.",
    ]
