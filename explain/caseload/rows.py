"""A decided caseload as a table for people: one row a child, in words.

Each distinct text is made once and then taken for all rows, and pyarrow joins the lists, so that a
million rows take seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from kb.bulk import arrays
from kb.bulk.arrow import UNIX_DAY
from kb.dates import iso
from kb.vocabulary.model import Vocabulary
from queries.bulk.caseload import (
    BOUNDS,
    DUE,
    EXACT,
    KEPT,
    MISSED,
    NONE_OF_THEM,
    OVERDUE,
    RECORD,
    TO_COME,
    Caseload,
    Numbers,
    Several,
)

DUE_WORDS = {TO_COME: "to come, no date", DUE: "due", OVERDUE: "overdue", RECORD: "made, the record shows another team"}
DIFFERS_WORDS = {1: "yes", 0: "no", -1: "not known"}
EXACT_WORDS = {BOUNDS: "cautious: some may be impossible", EXACT: "exact"}
STATE_WORDS = {KEPT: "kept", MISSED: "missed"}
TEAM_KINDS = ("team", "outcome")
PARTED_BY = "; "  # between the entries of a list in one cell
BLOCKED = "Blocked: not shown that"  # column title


def as_rows(caseload: Caseload, most_first: bool = True) -> Any:
    """The caseload as a `pyarrow.Table`; dates as `date32`, everything else as text.

    `most_first`: order missing facts by the number of children whose answer waits for them, not by the vocabulary.
    """
    vocabulary = caseload.program.policy.vocabulary
    teams = [team_label(vocabulary, code) for code in caseload.teams]
    moves = list(zip(*caseload.moves)) or [(), (), (), ()]
    point_names, status_names = (
        [vocabulary.label(kind, code) for code in moves[n]] for kind, n in (("point", 2), ("move_status", 3))
    )
    first, last = _next_limit(caseload)
    missing = ranked(caseload.missing) if most_first else caseload.missing
    return arrays.table(
        {
            "Child": arrays.texts(caseload.table.ids),
            "Read from": arrays.texts(caseload.table.places or [""] * len(caseload)),
            "As of": days(caseload.table.as_of),
            "Team on record": _named(caseload.record, teams),
            "Answer": _named(caseload.status, [vocabulary.label("status", code) for code in caseload.statuses]),
            "Team by policy": _named(caseload.team, teams),
            "Since": days(caseload.since),
            "Possible teams": _joined(caseload.possible, lambda code: team_label(vocabulary, code)),
            "Possible teams are": _worded(caseload.exact, EXACT_WORDS),
            "Differ": _worded(caseload.differs, DIFFERS_WORDS),
            "Record wrong since": days(caseload.wrong_since),
            "Transfer": _worded(caseload.due, DUE_WORDS),
            "Move": _named(caseload.move, status_names),
            "From": _named(caseload.move, [team_label(vocabulary, code) for code in moves[0]]),
            "To": _named(caseload.move, [team_label(vocabulary, code) for code in moves[1]]),
            "At": _named(caseload.move, point_names),
            "On": days(caseload.on),
            "Next move": _named(caseload.next_move, _next_moves(caseload)),
            "Next move on": days(caseload.next_on),
            BLOCKED: _joined(caseload.blocked_by, lambda code: vocabulary.label("gate", code)),
            "Next deadline": first,
            "Next deadline on": last,
            "Deadlines": _limits(caseload),
            "Missing facts": _joined(missing, lambda name: vocabulary.facts[name].label),
        }
    )


def _next_moves(caseload: Caseload) -> list[str]:
    vocabulary = caseload.program.policy.vocabulary
    return [f"to {team_label(vocabulary, to)} at {vocabulary.label('point', point)}" for _, to, point, _ in caseload.moves]


def team_label(vocabulary: Vocabulary, code: str) -> str:
    """The name of a team or outcome; for an unknown code, the code with spaces."""
    return next((vocabulary.label(kind, code) for kind in TEAM_KINDS if vocabulary.has(kind, code)), code.replace("_", " "))


def ranked(several: Several) -> Several:
    """The same lists, each sorted by how many cases have the name, most frequent first."""
    order = list(several.counts())
    rank = np.array([order.index(name) if name in order else len(order) for name in several.names], np.int64)
    rows = np.repeat(np.arange(len(several.offsets) - 1), np.diff(several.offsets))
    return Several(several.names, several.offsets, several.codes[np.lexsort((rank[several.codes], rows))])


def days(numbers: Numbers) -> Any:
    """Ordinals as dates; NONE_OF_THEM becomes null."""
    return arrays.numbers(numbers.astype(np.int32) - np.int32(UNIX_DAY), numbers == NONE_OF_THEM, pa.date32())


def _named(numbers: Numbers, names: Sequence[str]) -> Any:
    return arrays.coded(numbers.astype(np.int32), names, numbers == NONE_OF_THEM).dictionary_decode()


def _worded(numbers: Numbers, words: dict[int, str]) -> Any:
    values, codes = np.unique(numbers, return_inverse=True)
    return arrays.texts([words.get(int(value), "") for value in values]).take(arrays.numbers(codes))


def _joined(several: Several, label: Callable[[str], str]) -> Any:
    labels = arrays.texts([label(name) for name in several.names])
    return _join(several.offsets, labels.take(arrays.numbers(several.codes)))


def _join(offsets: Numbers, texts: Any) -> Any:
    return pc.binary_join(pa.ListArray.from_arrays(arrays.numbers(offsets.astype(np.int32)), texts), arrays.texts([PARTED_BY])[0])


def _limits(caseload: Caseload) -> Any:
    limits = caseload.deadlines
    passed = limits.due < np.repeat(caseload.table.as_of, np.diff(limits.offsets))
    one_number = ((limits.due.astype(np.int64) * len(DUE_WORDS) + limits.state) * 2 + passed) * (
        len(limits.kinds) + 1
    ) + limits.codes
    _, first, places = np.unique(one_number, return_index=True, return_inverse=True)
    each = [(int(limits.codes[n]), int(limits.due[n]), int(limits.state[n]), bool(passed[n])) for n in first]
    words = arrays.texts([_limit(caseload, *one) for one in each])
    return _join(limits.offsets, words.take(arrays.numbers(places)))


def _limit(caseload: Caseload, kind: int, due: int, state: int, passed: bool) -> str:
    code, count = caseload.deadlines.kinds[kind]
    vocabulary = caseload.program.policy.vocabulary
    open_words = "passed, not recorded whether it was kept" if passed else "not yet passed"
    name, counted = vocabulary.label("deadline", code), vocabulary.label("day_count", count)
    return f"{name}: {iso(due)} ({counted}), {STATE_WORDS.get(state, open_words)}"


def _next_limit(caseload: Caseload) -> tuple[Any, Any]:
    """The nearest deadline that has not passed and is not met, and its day; null where there is none."""
    limits = caseload.deadlines
    rows = np.repeat(np.arange(len(caseload)), np.diff(limits.offsets))
    ahead = np.flatnonzero((limits.state != KEPT) & (limits.due >= caseload.table.as_of[rows]))
    row, place = np.unique(rows[ahead], return_index=True)
    kind = np.full(len(caseload), NONE_OF_THEM, np.int32)
    due = np.full(len(caseload), NONE_OF_THEM, np.int32)
    kind[row], due[row] = limits.codes[ahead[place]], limits.due[ahead[place]]
    label = caseload.program.policy.vocabulary.label
    return _named(kind, [label("deadline", code) for code, _ in limits.kinds]), days(due)
