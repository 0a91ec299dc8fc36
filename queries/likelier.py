"""Which of several unrecorded facts is the likelier to be so, as far as the record and the vocabulary tell.

Nothing is known of how often an event happens. What is known is where the child stands: the stage of the last recorded event
that can move a child or open a case. What belongs to that stage comes first, then what comes after it, stage by stage, then
what would lie in the past. What brings a child in from outside, and what holds all life long, is rare or would be known: it
comes last.
"""

from __future__ import annotations

from collections.abc import Callable

from kb.case import Case, occurrences
from kb.program import Program
from kb.vocabulary.model import Fact, Vocabulary

FROM_OUTSIDE = ("opens", "enters")  # parts in an episode of events that begin it

Key = tuple[bool, int, bool, int, bool, int]


def likelier_first(program: Program, case: Case) -> Callable[[str], Key]:
    """A sort key for names of facts that nobody recorded in a case."""
    vocabulary = program.policy.vocabulary
    leading = {name for names in program.timing.facts_of_point.values() for name in names if not vocabulary.facts[name].episode}
    stages = {name: place for place, group in enumerate(vocabulary.groups) for name in group.facts}
    places = {name: place for place, name in enumerate(vocabulary.facts)}
    here = _stage(vocabulary, case, leading, stages)

    def key(name: str) -> Key:
        fact, stage = vocabulary.facts[name], stages.get(name, len(vocabulary.groups))
        after = name not in leading, places[fact.of or name], bool(fact.of), places[name]  # an event, then what came of it
        return _rare(fact, vocabulary), _way(here, stage), *after

    return key


def _stage(vocabulary: Vocabulary, case: Case, leading: set[str], stages: dict[str, int]) -> int | None:
    """The stage of the last event that happened by the day of the answer; None if no such day is recorded."""
    facts = vocabulary.facts
    marking = [name for name in case.facts if facts[name].recurs and (name in leading or facts[name].episode)]
    days = [(day, stages[name]) for name in marking if name in stages for day in occurrences(case.facts[name])]
    return max((each for each in days if each[0] <= case.as_of), default=(0, None))[1]


def _way(here: int | None, stage: int) -> int:
    """How far a stage is from the present one: those still to come by their distance, then those that are past."""
    if here is None:
        return 0
    return stage - here if stage >= here else 1_000 + here - stage


def _rare(fact: Fact, vocabulary: Vocabulary) -> bool:
    event = vocabulary.facts.get(fact.of, fact)
    return fact.time == "trait" or event.episode in FROM_OUTSIDE
