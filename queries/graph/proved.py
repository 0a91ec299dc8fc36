"""What is proved of the moves over all cases there are: whether any case can take each.

This is the one place to fill in. Until the case space is searched, nothing is proved and
every move reads `not checked`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kb.program import Program
from queries.graph.model import Key


@dataclass(frozen=True, slots=True)
class Proved:
    """For moves that were checked: whether some case takes them, and such a case as JSON text."""

    takable: Mapping[Key, bool] = field(default_factory=dict)
    witness: Mapping[Key, str] = field(default_factory=dict)


def proved(program: Program) -> Proved:
    """What is proved of the moves of a program."""
    return Proved()
