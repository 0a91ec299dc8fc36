"""Invented children as a table with one row a child and one column a fact, by the lines of `own.tsv`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from kb.carried import SINCE
from kb.case import written
from kb.invented.steps import HERE, NEVER, Block, Days, Draw, Flags, coded, told_as
from kb.invented.values import Children, column
from kb.tables import read_table
from kb.vocabulary.model import Fact, Vocabulary

HEADER = ("case_id", "policy", "as_of")
_UNIX = 719163  # date(1970, 1, 1).toordinal()
_TRUTH = {"yes": True, "no": False}
PARTED_BY = "; "  # separates several days in one cell
_WITHOUT_DAY = {"true": True, "false": False}  # values of events without a day


@dataclass(frozen=True, slots=True)
class Line:
    """One line of `own.tsv`: where the condition `when` holds, the fact is `value`."""

    fact: str
    when: str
    value: str


@cache
def lines() -> tuple[Line, ...]:
    return tuple(Line(row["fact"], row["when"], row["value"]) for row in read_table(HERE / "own.tsv", ("fact", "when", "value")))


def recorded_fact() -> str:
    """The name of the fact for the team on record."""
    return next(line.fact for line in lines() if line.value == "recorded")


def given_teams(block: Block) -> Draw:
    """The team on record as far as the lines of `own.tsv` determine it (children with no team); none for other children."""
    found = Draw(("",), np.zeros(len(block), np.int16))
    for line in lines():
        if line.fact == recorded_fact() and line.value.startswith("word "):
            found = _joined(found, Draw(("", line.value[5:]), block.holds(line.when).astype(np.int16)))
    return found


def own_table(children: Children, policy: str, vocabulary: Vocabulary) -> Any:
    """The children as a `pyarrow.Table` with a column for each fact; null where it is not recorded."""
    import pyarrow as pa  # type: ignore[import-untyped]

    count = len(children.block)
    arrays: dict[str, Any] = {
        "case_id": pa.array(children.ids(), pa.string()),
        "policy": as_words(Draw(("", policy), np.ones(count, np.int8))),
        "as_of": _dates(children.block.day("as_of")),
    }
    for name in dict.fromkeys(line.fact for line in lines()):
        fact = vocabulary.facts.get(name)
        if fact is not None:
            arrays[name] = _of_life(fact, children, vocabulary)
    return pa.table(arrays)


def with_recorded(table: Any, recorded: Draw) -> Any:
    """The table with other teams on record."""
    name = recorded_fact()
    if name not in table.column_names:
        return table
    return table.set_column(table.column_names.index(name), name, as_words(recorded))


def with_since(table: Any, days: Days, vocabulary: Vocabulary) -> Any:
    """The table with the days on which the teams on record took over, if the vocabulary has that fact."""
    return table if SINCE not in vocabulary.facts else table.append_column(SINCE, _dates(days, days == NEVER))


def _of_life(fact: Fact, children: Children, vocabulary: Vocabulary) -> Any:
    """One fact for every child over all episodes: all occurrences of an event, and traits from earlier episodes."""
    present = _fact(fact, children)
    earlier = children.earlier
    if earlier is None or fact.type == "list[record]":
        return present
    assert earlier.block.lived is not None
    rows = np.flatnonzero(earlier.block.lived)
    if fact.recurs:
        return _with_days(present, _of_life(fact, earlier, vocabulary), rows)
    if fact.of:
        told = _fact(vocabulary.facts[fact.of], children).is_valid().to_numpy(zero_copy_only=False)
        return _filled(present, _of_life(fact, earlier, vocabulary), rows[~told[rows]])
    if fact.time == "trait" or fact.part == "during":
        return _filled(present, _of_life(fact, earlier, vocabulary), rows)
    return present


def _with_days(present: Any, before: Any, rows: Any) -> Any:
    """Days as texts, with the days of earlier episodes (of the children in `rows`) before those of the present one."""
    texts, earlier = _as_texts(present), _as_texts(before).take(rows).to_pylist()
    found: list[str | None] = []
    for now, then in zip(texts.take(rows).to_pylist(), earlier):
        dated = [part for cell in (then, now) if cell and cell not in _WITHOUT_DAY for part in cell.split(PARTED_BY)]
        found.append(PARTED_BY.join(sorted(set(dated))) if dated else now or then)
    return _replaced(texts, rows, found)


def _filled(present: Any, before: Any, rows: Any) -> Any:
    """Values of the present episode, or else of earlier ones."""
    if not len(rows):
        return present
    plain = _as_texts(present) if _is_words(present) else present
    then = (_as_texts(before) if _is_words(before) else before).take(rows).to_pylist()
    now = plain.take(rows).to_pylist()
    return _replaced(plain, rows, [old if new is None else new for new, old in zip(now, then)])


def _replaced(array: Any, rows: Any, values: list[Any]) -> Any:
    import pyarrow as pa

    order = np.arange(len(array))
    order[rows] = len(array) + np.arange(len(rows))
    return pa.concat_arrays([array, pa.array(values, array.type)]).take(pa.array(order))


def _is_words(array: Any) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_dictionary(array.type))


def _as_texts(array: Any) -> Any:
    import pyarrow as pa

    return array.cast(pa.string())


def _fact(fact: Fact, children: Children) -> Any:
    """One fact for every child in one episode, from the first line that holds and gives a value."""
    of_fact = [line for line in lines() if line.fact == fact.name]
    if fact.type == "list[record]":
        return _records(fact, of_fact[0].value, children)
    days = np.zeros(len(children.block), np.int32)
    words = Draw(("",), np.zeros(len(children.block), np.int16))
    for line in of_fact:
        found = column(line.value, children)
        where = children.holds(line.when)
        if isinstance(found, Draw):
            words = _joined(words, Draw(found.words, np.where(where & (days == NEVER), found.codes, 0)))
        else:
            where &= (days == NEVER) & (words.codes == 0)
            days[where] = found[where]
    return _as_arrow(fact, days, told_as(words, {word: "" if word == "unknown" else word for word in words.words}))


def _joined(first: Draw, then: Draw) -> Draw:
    """The words of `first`, or else of `then`."""
    words = (*first.words, *(word for word in then.words if word not in first.words))
    places = np.array([words.index(word) for word in then.words], np.int16)
    return Draw(words, np.where(first.codes != 0, first.codes, places[then.codes]))


def _as_arrow(fact: Fact, days: Days, words: Draw) -> Any:
    import pyarrow as pa

    if fact.type == "date":
        return _dates(days, days == NEVER)
    if fact.type == "event":
        return _events(days, words)
    if fact.type == "bool":
        truths = np.array([False, *(_TRUTH[word] for word in words.words[1:])])
        return pa.array(truths[words.codes], mask=words.codes == 0)
    if fact.type == "int":
        numbers = np.array([0, *map(int, words.words[1:])], np.int32)
        return pa.array(numbers[words.codes], mask=words.codes == 0)
    if fact.type == "list[enum]":
        offsets = np.concatenate([[0], np.cumsum(words.codes != 0)]).astype(np.int32)
        known = np.append(words.codes == 0, False)
        entries = as_words(Draw(words.words, words.codes[words.codes != 0])).cast(pa.string())
        return pa.ListArray.from_arrays(pa.array(offsets, mask=known), entries)
    return as_words(words)


def _events(days: Days, words: Draw) -> Any:
    """Events as texts: the day if there is one, else `true` or `false`."""
    import pyarrow as pa

    found, places = np.unique(days, return_inverse=True)
    texts = [text or "" for text in _dates(found, found == NEVER).cast(pa.string()).to_pylist()]
    truths = [{"yes": "true", "no": "false"}[word] for word in words.words[1:]]
    codes = np.where(days != NEVER, places, np.where(words.codes != 0, len(texts) - 1 + words.codes, 0))
    unknown = (days == NEVER) & (words.codes == 0)
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32), mask=unknown), [*texts, *truths])


def as_words(words: Draw) -> Any:
    """A draw as a string array."""
    import pyarrow as pa

    codes = pa.array((words.codes - 1).astype(np.int16), mask=words.codes == 0)
    return pa.DictionaryArray.from_arrays(codes, pa.array(list(words.words[1:]), pa.string()))


def _dates(days: Days, unknown: Flags | None = None) -> Any:
    import pyarrow as pa

    return pa.array((days.astype(np.int64) - _UNIX).astype("datetime64[D]"), pa.date32(), mask=unknown)


def _records(fact: Fact, value: str, children: Children) -> Any:
    head, _, rest = value.partition(" ")
    return _closings(fact, rest, children) if head == "closings" else _siblings(rest, children.block)


def _closings(fact: Fact, step: str, children: Children) -> Any:
    """The earlier closings of each child with the team that closed, the latest first; an empty list if none."""
    import pyarrow as pa

    team = next(name for name, kind in fact.fields if kind == "team")
    on = next(name for name, kind in fact.fields if kind == "date")
    lives = children.lives()
    come = np.stack([episode.holds(f"{step} happened") for episode in lives], axis=1)
    days = np.stack([episode.block.days[step] for episode in lives], axis=1)
    offsets = np.concatenate([[0], np.cumsum(come.sum(axis=1))]).astype(np.int32)
    teams = coded(np.stack([_told_teams(episode) for episode in lives], axis=1)[come].tolist())
    entries = pa.StructArray.from_arrays([as_words(teams).cast(pa.string()), _dates(days[come])], [team, on])
    return pa.ListArray.from_arrays(pa.array(offsets), entries)


def _told_teams(episode: Children) -> Any:
    return np.array([team or "" for team in episode.closing.texts()], dtype=object)


def _siblings(parts: str, block: Block) -> Any:
    """The other children of each family who are born by the day; an empty list if none."""
    import pyarrow as pa

    starts = np.flatnonzero(np.concatenate([[True], block.first[1:] != block.first[:-1]]))
    sizes = np.diff(np.append(starts, len(block)))
    size_of = np.repeat(sizes, sizes)
    total = int((size_of * 1).sum())
    owner = np.repeat(np.arange(len(block)), size_of)
    other = np.repeat(block.first, size_of) + np.arange(total) - np.repeat(np.cumsum(size_of) - size_of, size_of)
    keep = (owner != other) & (block.days["born"][other] <= block.day("as_of")[owner])
    owner, other = owner[keep], other[keep]
    offsets = np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=len(block)))]).astype(np.int32)
    arrays, names = [], []
    for name, _, told in (part.strip().partition("=") for part in parts.split(";")):
        names.append(name)
        arrays.append(pa.array(np.full(len(other), _TRUTH[told])) if told in _TRUTH else _dates(block.days[told][other]))
    return pa.ListArray.from_arrays(pa.array(offsets), pa.StructArray.from_arrays(arrays, names))


def documents(table: Any) -> Iterator[dict[str, Any]]:
    """The rows of a table of `own_table` as case documents."""
    for row in table.to_pylist():
        facts = {name: written(_cell_value(value) if isinstance(value, str) else value) for name, value in row.items()}
        given = {name: value for name, value in facts.items() if value is not None and name not in HEADER}
        yield {"case_id": row["case_id"], "policy": row["policy"], "as_of": facts["as_of"], "facts": given}


def _cell_value(cell: str) -> Any:
    """The value of a text cell, which may hold several days."""
    return cell.split(PARTED_BY) if PARTED_BY in cell else _WITHOUT_DAY.get(cell, cell)
