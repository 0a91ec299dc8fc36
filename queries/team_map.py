"""Team maps: tables of matching codes of two councils, with the columns `first` and `second`."""

from __future__ import annotations

from pathlib import Path

from kb.errors import Fault, InputError, did_you_mean
from kb.tables import Row, read_table
from kb.vocabulary.model import Vocabulary

COLUMNS = ("first", "second")


def read_team_map(path: Path, first: Vocabulary, second: Vocabulary) -> dict[str, str]:
    """Codes of the second council to codes of the first, for teams, points and other kinds.

    Errors: `InputError` for unknown codes, codes of different kinds, and codes mapped twice.
    """
    if not path.is_file():
        raise InputError([Fault(str(path), "is not a file", "name a table with the columns first and second")])
    found: dict[str, str] = {}
    faults: list[Fault] = []
    for row in read_table(path, COLUMNS):
        fault = _fault(row, first, second, found)
        if fault is None:
            found[row["second"]] = row["first"]
        else:
            faults.append(fault)
    taken = {code.code for codes in second.codes.values() for code in codes} - set(found)
    faults += [
        Fault(path.name, f"`{ours}` stands for `{other}`, but the second policy has its own `{ours}`", "map that one too")
        for other, ours in found.items()
        if other != ours and ours in taken
    ]
    if faults:
        raise InputError(faults)
    return found


def _fault(row: Row, first: Vocabulary, second: Vocabulary, found: dict[str, str]) -> Fault | None:
    kinds: list[set[str]] = []
    for column, vocabulary in zip(COLUMNS, (first, second)):
        kinds.append({kind for kind, codes in vocabulary.codes.items() for code in codes if code.code == row[column]})
        if not kinds[-1]:
            known = [code.code for codes in vocabulary.codes.values() for code in codes]
            return row.fault(column, f"the {column} policy has no code `{row[column]}`", did_you_mean(row[column], known))
    if not kinds[0] & kinds[1]:
        ours, theirs = (" and ".join(sorted(kind)) for kind in kinds)
        return row.fault("second", f"`{row['first']}` is a {ours}, `{row['second']}` a {theirs}", "map codes of one kind")
    if row["second"] in found:
        return row.fault("second", f"`{row['second']}` is mapped twice", "keep one of the rows")
    if row["first"] in found.values():
        return row.fault("first", f"`{row['first']}` is mapped twice", "keep one of the rows")
    return None
