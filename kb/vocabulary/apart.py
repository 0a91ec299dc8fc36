"""Checks that codes are not reserved words, and that their names can't be confused."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from kb.errors import Fault
from kb.tables import Row

#: Kinds of code that are shown together, so that their names must differ across these kinds.
TOGETHER = ("team", "outcome", "body", "escalation")
SHARED_FOLDER = "vocabulary/"  # of the codes that every policy has, as their places name it
#: Kinds of code that a route names side by side, so that no code may be of two of them.
ROUTED = ("team", "point")
#: Reserved words of case files, decisions and the rule language, with their meaning there.
RESERVED = {
    **{"none": "no team has the child open", "no_team": "the policy names no team"},
    **dict.fromkeys(("not", "known", "unknown", "predicate", "day", "on_or_after", "at"), "a word of the rule language"),
    "as_of": "the day of the answer",
}
#: Letters and digits that look like others, as `similar=letter`.
_LOOKS_LIKE = str.maketrans(
    {
        **dict(zip("АВЕЅІЈКМНОРСТУХҮԌԚԜаеорсухіјѕһԁԛԝүӏ", "ABESIJKMHOPCTYXYGQWaeopcyxijshdqwyl")),
        **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹοανικρτυχϲ", "ABEZHIKMNOPTYXCoavikptuxc")),
        **dict(zip("ıɑɡⅼ", "iagl")),
    }
)
_STROKES = str.maketrans({"I": "l", "1": "l", "|": "l", "0": "o"})


def keys_of(name: str) -> frozenset[str]:
    """Keys of a name without case, width, accents, punctuation and similar letters. Names that share a key look alike."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).translate(_LOOKS_LIKE)
    return frozenset({_words(plain), _words(plain.translate(_STROKES))})


def looks_like(character: str) -> str:
    """The letter of our alphabet that another character looks like; empty if it looks like none."""
    plain = unicodedata.normalize("NFKC", character).translate(_LOOKS_LIKE)
    return plain if len(plain) == 1 and plain.isascii() and plain.isalnum() else ""


def alike(one: str, other: str) -> bool:
    """Whether people could confuse two names."""
    return bool(keys_of(one) & keys_of(other))


def distinct(names: Sequence[str]) -> tuple[bool, ...]:
    """For each name whether no other one is alike."""
    return tuple(not any(n != m and alike(name, other) for m, other in enumerate(names)) for n, name in enumerate(names))


def reserved_faults(rows: Iterable[Row]) -> Iterator[Fault]:
    """Faults for codes that are reserved words."""
    for row in rows:
        if row["code"] in RESERVED:
            message = f"`{row['code']}` can't be a code: it means {RESERVED[row['code']]}"
            yield row.fault("code", message, "give it another code")


def twofold_faults(shared: Iterable[Row], own: Iterable[Row]) -> Iterator[Fault]:
    """Faults for a council's codes that stand for a team and a transfer point: a rule with the two exchanged would be right."""
    first: dict[str, Row] = {}
    for row in (row for row in (*shared, *own) if row["kind"] in ROUTED):
        other = first.setdefault(row["code"], row)
        if other["kind"] != row["kind"]:
            message = f"`{row['code']}` is a {row['kind']} here and a {other['kind']} at {other.place('code')}"
            yield row.fault("code", message, "give one of them another code: rules name both in one place")


def name_faults(shared: Iterable[Row], own: Iterable[Row]) -> Iterator[Fault]:
    """Faults for a council's codes whose names could be confused with those of another of its codes or a shared one."""
    seen: dict[tuple[str, str], tuple[Row, str]] = {}
    for row in shared:
        for column, name in _names(row):
            seen |= {(_group(row["kind"]), key): (row, column) for key in keys_of(name)}
    for row in (row for row in own if row["code"] not in RESERVED):
        for column, name in _names(row):
            for key in keys_of(name):
                first, there = seen.setdefault((_group(row["kind"]), key), (row, column))
                repeated = (first["kind"], first["code"]) == (row["kind"], row["code"])  # is reported elsewhere
                if first is not row and not repeated:
                    yield _same(row, column, name, first, there)
                    break


def _names(row: Row) -> Iterator[tuple[str, str]]:
    """The names of a code (code, label, aliases), with their columns."""
    yield from (("label", row["label"]), ("code", row["code"]))
    yield from (("aliases", name) for name in map(str.strip, row["aliases"].split(";")) if name)


def _same(row: Row, column: str, name: str, first: Row, there: str) -> Fault:
    other = next(n for c, n in _names(first) if c == there and alike(n, name))
    told = f"`{other}` (`{first['code']}`)" if other != first["code"] else f"the code `{other}`"
    message = f"people can't tell `{name}` (`{row['code']}`) from {told} at {first.place(there)}"
    hint = "give one of them another name: case, accents and similar letters do not tell names apart"
    if first.file.startswith(SHARED_FOLDER) and first["kind"] == row["kind"]:
        hint = f"if it is the same, take this row out and write `{first['code']}`, which every policy has; if not, {hint}"
    return row.fault(column, message, hint)


def _group(kind: str) -> str:
    return TOGETHER[0] if kind in TOGETHER else kind


def _words(name: str) -> str:
    """A name in lower case, without article, and with single spaces between words."""
    kept = "".join(_kept(c) for c in name.casefold())
    return " ".join(kept.split()).removeprefix("the ")


def _kept(character: str) -> str:
    if character in "'’‘`´":
        return ""
    kind = unicodedata.category(character)
    return "" if kind == "Cf" else " " if kind[0] in "PZC" else character
