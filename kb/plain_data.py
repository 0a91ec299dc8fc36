"""Serialises values of a declared type to JSON data, and reads them back with every part checked.

The declared type decides what is read: str, int, bool, None, tuples, frozen sets, dicts, and the dataclasses named in the
declaration. The data can't cause any other object to be created. A dataclass is made from its fields, each of exactly the
declared type.

Each object is written once, in batches of one class, with a column for each field. Objects refer to others by number, and
only to those of earlier batches, so reading needs no recursion and the types of a whole column are checked at once.
"""

from __future__ import annotations

import dataclasses
import sys
import types
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, islice
from typing import Any, Literal, TypeVar, cast, get_args, get_origin, get_type_hints

SCALARS = (str, int, bool, types.NoneType)
Value = TypeVar("Value")


class Damaged(ValueError):
    """The data are not a value of the declared type."""


def to_plain(declared: type[Value], value: Value) -> Any:
    """A value of a declared type as JSON data. Errors: `TypeError` if it has another type, or one that is not supported."""
    root = shape(declared)
    writer = _Writer()
    writer.height(root, value)
    return [writer.batches(), writer.column(root, [value])]


def from_plain(declared: type[Value], plain: Any) -> Value:
    """The value that `to_plain` serialised. Errors: `Damaged`."""
    names = {kept.__name__: kept for kept in classes_in(declared)}
    reader = _Reader()
    try:
        batches, root = plain
        for name, columns in batches:
            reader.add(names[name], columns)
        (value,) = reader.column(shape(declared), root)
    except (ValueError, TypeError, IndexError, KeyError, OverflowError) as error:
        raise Damaged(f"{type(error).__name__}: {error}") from None
    return cast(Value, value)


# Types ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shape:
    """The structure of a declared type.

    kind     scalar, object, tuple (of any length), row (a tuple of fixed length), set or dict
    parts    the shapes of its elements
    classes  the exact types of a scalar or object
    allowed  the values of a `Literal`
    """

    kind: str
    parts: tuple[Shape, ...] = ()
    classes: frozenset[type] = frozenset()
    allowed: frozenset[object] | None = None


def shape(declared: Any) -> Shape:
    """The shape of a declared type. Errors: `TypeError` if it is not supported."""
    origin, inside = get_origin(declared), get_args(declared)
    if declared in SCALARS:
        return Shape("scalar", classes=frozenset([declared]))
    if isinstance(declared, type) and dataclasses.is_dataclass(declared):
        return Shape("object", classes=frozenset([declared]))
    if origin is Literal:
        return Shape("scalar", classes=frozenset(map(type, inside)), allowed=frozenset(inside))
    if origin is types.UnionType:
        shapes = [shape(part) for part in inside]
        if {one.kind for one in shapes} in ({"scalar"}, {"object"}) and all(one.allowed is None for one in shapes):
            return Shape(shapes[0].kind, classes=frozenset().union(*(one.classes for one in shapes)))
    if origin is tuple:
        return Shape("tuple", (shape(inside[0]),)) if inside[1:] == (...,) else Shape("row", tuple(map(shape, inside)))
    if origin is frozenset:
        return Shape("set", (shape(inside[0]),))
    if origin is dict:
        return Shape("dict", tuple(map(shape, inside)))
    raise TypeError(f"{declared} can't be kept as plain data")


@cache
def fields_of(kept: type) -> dict[str, Shape]:
    """The fields of a dataclass in order, with their shapes."""
    hints = get_type_hints(kept)
    return {field.name: shape(hints[field.name]) for field in dataclasses.fields(kept)}


def classes_in(declared: Any) -> frozenset[type]:
    """All dataclasses that occur in a declared type."""
    found: set[type] = set()
    waiting = [shape(declared)]
    while waiting:
        one = waiting.pop()
        new = one.classes - found if one.kind == "object" else ()
        found.update(new)
        waiting += [*one.parts, *(part for kept in new for part in fields_of(kept).values())]
    return frozenset(found)


# Writing ----------------------------------------------------------------------------------


class _Writer:
    """Collects the objects in a value, sorts them by height (one more than the objects they refer to), and writes them."""

    def __init__(self) -> None:
        self.heights: dict[int, int] = {}
        self.found: dict[tuple[int, str], list[Any]] = {}
        self.numbers: dict[int, int] = {}

    def height(self, of: Shape, value: Any) -> int:
        """The height of a value. Collects all objects in it."""
        if of.kind == "scalar":
            return 0
        if of.kind == "object":
            known = self.heights.get(id(value))
            if known is not None:
                return known
            kept: Any = type(value)
            _check(kept in of.classes, value)
            above = 1 + max((self.height(part, getattr(value, name)) for name, part in fields_of(kept).items()), default=0)
            self.heights[id(value)] = above
            self.found.setdefault((above, kept.__name__), []).append(value)
            return above
        if of.kind == "dict":
            inside: Iterable[tuple[Shape, Any]] = ((of.parts[n], part) for item in value.items() for n, part in enumerate(item))
        elif of.kind == "row":
            inside = zip(of.parts, value)
        else:
            inside = ((of.parts[0], part) for part in value)
        return max((self.height(part, one) for part, one in inside), default=0)

    def batches(self) -> list[Any]:
        """All objects as (class name, columns), the lowest first."""
        order = sorted(self.found.items())
        self.numbers = {id(one): n for n, one in enumerate(chain.from_iterable(objects for _, objects in order))}
        return [
            [name, [self.column(part, [getattr(one, field) for one in objects]) for field, part in _fields(objects)]]
            for (_, name), objects in order
        ]

    def column(self, of: Shape, values: Sequence[Any]) -> Any:
        """Values of one shape as JSON data."""
        if of.kind == "scalar":
            _check_scalars(of, values)
            return list(values)
        if of.kind == "object":
            return [self.numbers[id(value)] for value in values]
        expected = {"tuple": tuple, "row": tuple, "set": frozenset, "dict": dict}[of.kind]
        _check(all(type(value) is expected for value in values), values)
        if of.kind == "row":
            return [self.column(part, column) for part, column in zip(of.parts, _turned(values, len(of.parts)))]
        lengths = [len(value) for value in values]
        inside = chain.from_iterable(value.items() if of.kind == "dict" else value for value in values)
        columns = _turned(list(inside), 2) if of.kind == "dict" else [list(inside)]
        return [lengths, *(self.column(part, column) for part, column in zip(of.parts, columns))]


def _fields(objects: Sequence[Any]) -> Iterable[tuple[str, Shape]]:
    kept: Any = type(objects[0])
    return fields_of(kept).items()


def _turned(rows: Sequence[Sequence[Any]], width: int) -> list[list[Any]]:
    """Rows transposed to `width` columns."""
    _check(all(len(row) == width for row in rows), rows)
    return [[row[place] for row in rows] for place in range(width)]


# Reading ----------------------------------------------------------------------------------


class _Reader:
    """Reads batches; holds the objects read so far, by number."""

    def __init__(self) -> None:
        self.objects: list[Any] = []

    def add(self, kept: type, columns: Any) -> None:
        """Creates the objects of one batch."""
        shapes = fields_of(kept).values()
        _check_lists([columns])
        _check(len(columns) == len(shapes), columns)
        read = [self.column(part, column) for part, column in zip(shapes, columns)]
        _check(len({len(column) for column in read}) == 1, columns)
        self.objects += map(kept, *read)

    def column(self, of: Shape, plain: Any) -> list[Any]:
        """The values of one shape from JSON data."""
        _check_lists([plain])
        if of.kind == "scalar":
            _check_scalars(of, plain)
            return list(map(sys.intern, plain)) if of.classes == {str} else list(plain)
        if of.kind == "object":
            _check_numbers(plain)
            found = [self.objects[number] for number in plain]
            _check(set(map(type, found)) <= of.classes, of)
            return found
        if of.kind == "row":
            _check(len(plain) == len(of.parts), plain)
            return list(zip(*(self.column(part, column) for part, column in zip(of.parts, plain)), strict=True))
        lengths, *columns = plain
        _check_lists([lengths])
        _check_numbers(lengths)
        _check(len(columns) == len(of.parts), plain)
        inside = [self.column(part, column) for part, column in zip(of.parts, columns)]
        _check(all(len(column) == sum(lengths) for column in inside), lengths)
        return list(_cut(of.kind, lengths, inside))


def _cut(kind: str, lengths: Sequence[int], inside: Sequence[Sequence[Any]]) -> Iterator[Any]:
    """Concatenated columns, cut into values of these lengths."""
    make: Any = {"tuple": tuple, "set": frozenset, "dict": dict}[kind]
    rest: Iterator[Any] = iter(zip(*inside)) if kind == "dict" else iter(inside[0])
    return (make(islice(rest, length)) for length in lengths)


def _check(held: bool, what: object) -> None:
    if not held:
        raise TypeError(f"not as declared: {str(what)[:80]}")


def _check_lists(values: Sequence[Any]) -> None:
    _check(set(map(type, values)) <= {list}, values)


def _check_numbers(values: Sequence[Any]) -> None:
    _check(set(map(type, values)) <= {int} and min(values, default=0) >= 0, values)


def _check_scalars(of: Shape, values: Sequence[Any]) -> None:
    _check(set(map(type, values)) <= of.classes, of)
    _check(of.allowed is None or set(values) <= of.allowed, of)
