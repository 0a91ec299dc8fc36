"""The vocabulary: case facts, calculated facts and answer codes, as data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

FACT_TYPES = (
    "bool",
    "int",
    "enum",
    "date",
    "datetime",
    "event",
    "team",
    "list[enum]",
    "list[team]",
    "list[record]",
)


#: Kinds of code that an answer is made of. `outcome` are the answers that are no team.
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
    """One case fact: what may be recorded about a child, and how it reads in English.

    `values` are the allowed codes of an enum, in order. `minimum` and `maximum` bound an
    int. `fields` gives name and type of each part of a record. `fixed` says that nobody
    can change it by acting, such as a date of birth; `past` that it can't lie after the
    day of the answer.
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


@dataclass(frozen=True, slots=True)
class Calculated:
    """A fact worked out from a list.

    `how` is `latest` (date per key), `any` (whether some entry says yes in `field`) or `some`
    (whether there is an entry at all).
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
class Code:
    """One code that an answer may use, with the name shown for it."""

    kind: str
    code: str
    label: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Facts that belong together on a form, by a heading that a social worker would use."""

    title: str
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Vocabulary:
    """All facts and codes that one policy may use."""

    facts: dict[str, Fact]
    calculated: dict[str, Calculated]
    codes: dict[str, tuple[Code, ...]]
    groups: tuple[Group, ...] = ()

    @cached_property
    def by_code(self) -> dict[tuple[str, str], Code]:
        return {(kind, code.code): code for kind, codes in self.codes.items() for code in codes}

    def has(self, kind: str, code: str) -> bool:
        return (kind, code) in self.by_code

    def label(self, kind: str, code: str) -> str:
        """The name shown for a code; the code in words where none is declared."""
        found = self.by_code.get((kind, code))
        return found.label if found else code.replace("_", " ")

    def of_type(self, *types: str) -> tuple[str, ...]:
        return tuple(name for name, fact in self.facts.items() if fact.type in types)
