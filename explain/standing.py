"""How firm an answer is, in words for the app and the one-page record: marks, title and the sentence beneath it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from explain.answer import contradictions
from explain.answer_parts import list_of, team
from explain.deadlines import outcome
from explain.words import Words, capital
from kb.carried import CLOSED, HOLDER, SINCE
from kb.case import NO_TEAM_ON_RECORD, occurrences
from kb.dates import in_words
from queries.clashes import clashes
from queries.decide import Decision
from queries.facts_used import decides_nothing

NEAR = 31  # days from the day of the answer within which a date is given with its weekday
NAMED = 3  # teams that a title names; more are counted
SO_FAR, COVERED = "on what is recorded so far", "as far as this policy covers what is recorded"
ON_RECORD = "On what is recorded, "  # before a title that one more answer could change
COULD_CHANGE, ANOTHER = "One answer could change this", "What nobody recorded yet could give another team."


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark of status. `kind` gives the colour (settled, missing, held, clash, none, wrong); `sign` and `words` say it."""

    kind: str
    sign: str
    words: str


def day_words(day: int, as_of: int) -> str:
    """A day in words, with its weekday if it is within a month of the day of the answer. Days are ordinals."""
    weekday = f"{date.fromordinal(day):%A} " if abs(day - as_of) <= NEAR else ""
    return weekday + in_words(day)


def counted(number: int, one: str, many: str = "") -> str:
    """`1 check`, `2 checks`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def marks(decision: Decision, doubtful: bool = False) -> tuple[Mark, ...]:
    """The marks above an answer: its status, then what else a reader has to know before acting on it.

    doubtful  some reply to an open question would give another team (`queries.ask.giving_another`)
    """
    return (*_status(decision, doubtful), *_besides(decision))


def _status(decision: Decision, doubtful: bool) -> tuple[Mark, ...]:
    if decision.status == "unknown":
        count = len(decision.missing_facts)
        return (Mark("missing", "?", f"{counted(count, 'answer')} missing" if count else "Not settled"),)
    if decision.status == "silent":
        return (Mark("none", "–", "The policy names no team"),)
    if decision.status == "conflict":
        return (Mark("clash", "≠", "Clauses clash"),)
    found = [Mark("clash", "≠", "Clauses differ")] if clashes(decision) else []
    if decision.blocked_by:
        found.append(Mark("held", "‖", "Move held up"))
    if doubtful:
        found.append(Mark("missing", "?", COULD_CHANGE))
    uncovered = len(passed_over(decision))
    if uncovered:
        found.append(Mark("none", "–", f"No clause on {uncovered} of the recorded facts"))
    if not found and not contradictions(decision):
        found.append(Mark("settled", "✓", "Settled on what is recorded"))
    return tuple(found)


def heading(decision: Decision, doubtful: bool = False) -> str:
    """The title, no surer than the answer: `doubtful` as for `marks`."""
    said = title(decision)
    return f"{ON_RECORD}{said[0].lower() if said.startswith('The ') else said[0]}{said[1:]}" if doubtful else said


def _besides(decision: Decision) -> tuple[Mark, ...]:
    found = []
    if contradictions(decision):
        found.append(Mark("wrong", "!", "Dates can't be in this order" if decision.misdated else "The record contradicts itself"))
    late = missed(decision)
    if late:
        found.append(Mark("wrong", "!", f"{counted(late, 'time limit')} missed"))
    unconfirmed = len(decision.unconfirmed_gates)
    if unconfirmed:
        found.append(Mark("missing", "?", f"{counted(unconfirmed, 'check')} not confirmed"))
    return tuple(found)


def missed(decision: Decision) -> int:
    """How many time limits were not kept, however their days are counted; a limit counted in two ways is missed in both."""
    kept: dict[str, list[bool]] = {}
    for row in decision.deadlines:
        kept.setdefault(str(row["code"]), []).append(row["met"] is False)
    return sum(all(ways) for ways in kept.values())


def title(decision: Decision) -> str:
    """The answer as a heading: who has the child, since when, and what keeps it from being final."""
    words = Words.of(decision.model)
    names = [_name(words, code) for code in decision.possible_teams]
    if decision.status == "silent":
        return "The policy names no team for this child"
    if decision.status == "conflict":
        return f"The clauses give the child to {list_of(names, 'and')}"
    if decision.status == "unknown":
        return _open(decision, names)
    holder = str(decision.responsible_team)
    name = team(words, holder)
    if words.vocabulary.has("outcome", holder):
        return f"The case is {name}{_since(decision)}"
    said = f"{name} has the child{_since(decision)}"
    others = list(dict.fromkeys(team(words, clash.other) for clash in clashes(decision)))
    if others:
        return f"{said}. Another clause would give the child to {list_of(others, 'or')}."
    if decision.blocked_by and decision.transfer is not None:
        return f"{said}. The move to {team(words, decision.transfer.to)} is held up."
    return said


def _name(words: Words, code: str) -> str:
    return "nobody, as the case is closed" if code == CLOSED else team(words, code)


def _open(decision: Decision, names: list[str]) -> str:
    if HOLDER in decision.missing_facts and len(names) > NAMED:
        return "Start here: which team has the child on record?"
    if len(names) > NAMED:
        return f"It is not known yet which of {len(names)} teams has the child"
    either = capital(list_of(names, "or"))
    if len(decision.missing_facts) == 1:
        label = Words.of(decision.model).vocabulary.facts[decision.missing_facts[0]].label
        return f"{either}: it depends on {label}"
    return f"{either}: it is not known yet which"


def _since(decision: Decision) -> str:
    day = since(decision)
    return f", since {day_words(day, decision.case.as_of)}" if day is not None else ""


def since(decision: Decision) -> int | None:
    """The first day (ordinal) of the present team; None if it is not known."""
    return next((stint.since for stint in decision.journey if stint.status == "present"), None)


def beneath(decision: Decision, doubtful: bool = False) -> str:
    """The sentence beneath the title: the day, on what it rests, and what the record itself says of the team.

    doubtful  as for `marks`: the title says on what it rests
    """
    day = decision.case.as_of
    if doubtful:
        return f"{date.fromordinal(day):%A} {in_words(day)}. {ANOTHER}"
    covered = not (decision.status == "decided" and passed_over(decision))
    said = f"{date.fromordinal(day):%A} {in_words(day)}, {SO_FAR if covered else COVERED}."
    held = on_record(decision)
    if decision.status == "unknown" and held:
        since_day = occurrences(decision.case.facts.get(SINCE))
        when = f" since {day_words(since_day[0], day)}" if since_day else ""
        return (
            f"{said} On the record, {held} has had the child{when}." if when else f"{said} On the record, {held} has the child."
        )
    if decision.status == "decided" and clashes(decision):
        return f"{said} The policy gives two answers for this child and does not say which comes first."
    if decision.status == "conflict":
        return f"{said} Nothing settles which of them."
    return said


def on_record(decision: Decision) -> str:
    """The name of the team on the record; empty if none is recorded."""
    code = decision.case.facts.get(HOLDER)
    return team(Words.of(decision.model), str(code)) if code not in (None, NO_TEAM_ON_RECORD) else ""


def record_lags(decision: Decision) -> str:
    """That the record still names another team than the answer, and which it should name since when; empty otherwise."""
    held = on_record(decision)
    if decision.status != "decided" or not held or decision.case.facts.get(HOLDER) == decision.responsible_team:
        return ""
    words, now = Words.of(decision.model), str(decision.responsible_team)
    day = since(decision)
    when = f" since {day_words(day, decision.case.as_of)}" if day is not None else ""
    if words.vocabulary.has("outcome", now):
        return f"The record still names {held}. By the policy the case is {team(words, now)}{when}."
    return f"The record still names {held}. By the policy it should name {team(words, now)}{when}."


def passed_over(decision: Decision) -> tuple[str, ...]:
    """The labels of recorded facts that no clause of the policy looks at."""
    program, recorded = decision.model.program, decision.case.facts
    facts = program.policy.vocabulary.facts
    return tuple(facts[name].label for name in decides_nothing(program) if recorded.get(name) is not None)


def passed_over_told(decision: Decision) -> str:
    """A sentence on recorded facts that no clause of the policy looks at; empty where there are none."""
    names = passed_over(decision)
    return f"No clause of this policy looks at {list_of(list(names), 'or')}: it decides nothing here." if names else ""


def limit_outcome(decision: Decision, row: dict[str, object]) -> str:
    """What became of one time limit, in words. `row` is an entry of the decision's `deadlines`."""
    due = date.fromisoformat(str(row["due"])).toordinal()
    met = row["met"]
    return outcome(decision.model, str(row["code"]), due, met if isinstance(met, bool) else None, decision.case.as_of)
