"""History and misdated facts in words (`history` of a decision)."""

from __future__ import annotations

from explain.words import Words, capital
from kb.carried import HOLDER, SINCE
from kb.case import NO_TEAM_ON_RECORD, occurrences
from kb.dates import in_words
from kb.episode import Misdated
from queries.decide import Decision


def history(decision: Decision) -> tuple[str, ...]:
    """Each event that belongs to an earlier time, with its days."""
    facts = Words.of(decision.model).vocabulary.facts
    days: dict[str, list[str]] = {}
    for past in decision.history:
        days.setdefault(past.fact, []).append(in_words(past.day))
    return tuple(f"{capital(facts[name].label)}: {', '.join(of)}." for name, of in days.items())


def wrong_dates(decision: Decision) -> tuple[str, ...]:
    """Each misdated occurrence as a sentence with both facts and dates."""
    return tuple(_wrong_date(decision, wrong) for wrong in decision.misdated)


def unused_day(decision: Decision) -> tuple[str, ...]:
    """A warning if the record has the day a team took over but no team; empty otherwise."""
    facts = decision.case.facts
    since = occurrences(facts.get(SINCE))
    if not since or facts.get(HOLDER) != NO_TEAM_ON_RECORD:
        return ()
    return (
        f"The record says that no team has the child, and that a team took over on {in_words(since[0])}. "
        "That day is not used until the team is recorded.",
    )


def presupposed_day(decision: Decision, wrong: Misdated) -> int | None:
    """The day (ordinal) of the event that an occurrence should have come after; None if it has none."""
    return next((day for day in occurrences(decision.case.facts.get(wrong.presupposes)) if day > wrong.day), None)


def _wrong_date(decision: Decision, wrong: Misdated) -> str:
    facts = Words.of(decision.model).vocabulary.facts
    day = presupposed_day(decision, wrong)
    other = facts[wrong.presupposes].label + (f" ({in_words(day)})" if day is not None else "")
    return (
        f"{capital(facts[wrong.fact].label)} ({in_words(wrong.day)}) can't be before {other}; "
        "it counts as not having happened until one of the dates is corrected."
    )
