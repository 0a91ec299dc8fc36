"""The vocabulary: case facts, calculated facts and answer codes, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

FACT_TYPES = (
    "bool",
    "int",
    "enum",
    "date",
    "datetime",
    "event",
    "team",
    "point",
    "list[enum]",
    "list[team]",
    "list[record]",
)


WITH_VALUES = ("enum", "list[enum]")  # types whose codes the fact itself lists

STEP = "step"  # set by the journey, not in case files
HAPPENS = ("event", "agreement")  # happens on a day, and may happen again

#: Kinds of time of a fact (column `time` of `facts.tsv`); `outcome` and `gate` may name the event that they belong to.
TIMES = ("trait", "state", "event", "outcome", "booking", "agreement", "gate", "record", STEP)

#: The part of a fact in a spell: `starts` and `ends` are the events that begin and end it (an outcome starts it with some
#: of its values, on the day of its event), `in` marks facts that belong to
#: it, `during` the state that holds while it lasts.
SPELL_PARTS = ("starts", "in", "during", "ends")

#: The part of an event in an episode: it `opens` the episode, `enters` it from outside (counts for the contact that
#: follows), `confirms` that the contact before it opened the case, or `ends` it.
EPISODE_PARTS = ("opens", "enters", "confirms", "ends")

#: Kinds of code in an answer. `outcome`: answers that are not a team.
KINDS = (
    "team",
    "outcome",
    "body",
    "escalation",
    "meeting",
    "point",
    "gate",
    "deadline",
    "duty",
    "attendance",
    "co_working",
    "finding",
    "contradiction",
    "status",
    "move_status",
    "day_count",
    "answer",
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A case fact (a row of `facts.tsv`): what may be recorded about a child, and its wording.

    values       the codes of an enum, in order
    minimum, maximum   bounds of an int
    fields       name and type of each field of a record
    fixed        nobody can change it by acting, such as a date of birth
    past         it can't be dated after the day of the record
    time, of     kind of time (see `TIMES`), and the event that it belongs to
    spell, part  its spell, and its part in it
    begins       of an outcome: the values that start the spell
    episode      its part in an episode
    after        events that it presupposes (any of them)
    after_birth  only a child who has been born can have it
    birth        it is the date of birth
    """

    name: str
    type: str
    label: str
    true: str
    false: str
    question: str
    values: tuple[str, ...] = ()
    minimum: int = 0
    maximum: int = 0
    unit: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    fixed: bool = False
    past: bool = False
    time: str = "state"
    of: str = ""
    spell: str = ""
    part: str = ""
    begins: tuple[str, ...] = ()
    episode: str = ""
    after: tuple[str, ...] = ()
    after_birth: bool = False
    birth: bool = False

    @property
    def recurs(self) -> bool:
        """Whether the fact is an event, which may have several occurrences."""
        return self.time in HAPPENS


@dataclass(frozen=True, slots=True)
class Calculated:
    """A fact computed from a list of records (a row of `calculated.tsv`).

    `how` is `latest` (the latest date in `field` for each value of `key`), `any` (whether `field` is true in some entry) or
    `some` (whether there is an entry).
    """

    name: str
    type: str
    how: str
    source: str
    key: str
    field: str
    label: str
    true: str
    false: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How a fact is counted from a list of records or the occurrences of an event (`source`); see `kb.vocabulary.tallies`.

    `fields` are the parts of an entry that are looked at, `count` and `unit` the time before the day of the answer.
    """

    how: str
    source: str
    fields: tuple[str, ...] = ()
    count: int = 0
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """One code that an answer may use, with the name shown for it."""

    kind: str
    code: str
    label: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Facts that are together on a form, with a heading."""

    title: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """An outcome implied by another event on the same day, such as a child protection plan begun on the conference's day."""

    fact: str
    outcome: str
    value: str


NUMBER = "number"  # what a column of a lookup table may hold besides codes
Cell = str | int


@dataclass(frozen=True, slots=True)
class LookupTable:
    """A table of the policy that rules ask by its name: for each column its heading and sort, and the rows."""

    name: str
    columns: tuple[str, ...]
    sorts: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Vocabulary:
    """All facts and codes that one policy may use, its lookup tables, and how facts that are counted are counted."""

    facts: dict[str, Fact]
    calculated: dict[str, Calculated]
    codes: dict[str, tuple[Code, ...]]
    groups: tuple[Group, ...] = ()
    shown: tuple[Shown, ...] = ()
    tables: tuple[LookupTable, ...] = ()
    tallies: dict[str, Tally] = field(default_factory=dict)

    @cached_property
    def by_code(self) -> dict[tuple[str, str], Code]:
        return {(kind, code.code): code for kind, codes in self.codes.items() for code in codes}

    def has(self, kind: str, code: str) -> bool:
        return (kind, code) in self.by_code

    def label(self, kind: str, code: str) -> str:
        """The name shown for a code; the code in words where none is declared."""
        found = self.by_code.get((kind, code))
        return found.label if found else code.replace("_", " ")

    def source(self, name: str) -> str:
        """The fact that a case records for a name that conditions use: of what is worked out, what it is worked out from."""
        if name in self.calculated:
            return self.calculated[name].source
        return self.tallies[name].source if name in self.tallies else name

    @cached_property
    def lookup(self) -> dict[str, LookupTable]:
        """The lookup tables by name."""
        return {table.name: table for table in self.tables}

    @cached_property
    def recorded(self) -> dict[str, Fact]:
        """The facts that a case file may have: all except those of a step."""
        return {name: fact for name, fact in self.facts.items() if fact.time != STEP}

    @cached_property
    def birth(self) -> str:
        """The fact for the date of birth; empty if there is none."""
        return next((name for name, fact in self.facts.items() if fact.birth), "")

    @cached_property
    def spells(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """The facts of each spell by their part in it."""
        found: dict[str, dict[str, tuple[str, ...]]] = {}
        for name, fact in self.facts.items():
            if fact.spell:
                parts = found.setdefault(fact.spell, dict.fromkeys(SPELL_PARTS, ()))
                parts[fact.part] = (*parts[fact.part], name)
        return found

    @cached_property
    def presupposed(self) -> tuple[tuple[str, str], ...]:
        """Events that presuppose exactly one event, with that event. Contacts don't count: an open case may have them too."""
        one = [(name, *fact.after) for name, fact in self.facts.items() if len(fact.after) == 1]
        return tuple((name, other) for name, other in one if self.facts[other].episode != "opens")

    def of_episode(self, part: str) -> tuple[str, ...]:
        """The facts with this part in an episode: opens, enters, confirms or ends."""
        return tuple(name for name, fact in self.facts.items() if fact.episode == part)

    def of_type(self, *types: str) -> tuple[str, ...]:
        return tuple(name for name, fact in self.facts.items() if fact.type in types)
