"""`python -m verify RECORD.json [HASH-OF-THE-RULES]`: checks one record with nothing but this folder.

Exit code 0 where it is sound and its rules are those of the hash, 1 where it is not sound, 2 where it can't be read, and 3
where it is sound under other rules than those of the hash, or no hash is given to compare them with.
"""

from __future__ import annotations

import sys
from pathlib import Path

from . import MAX_BYTES, Unreadable, read_record, verify

USAGE = "usage: python -m verify RECORD.json [HASH-OF-THE-RULES]"


def main(arguments: list[str]) -> int:
    """Checks one file and prints what was found; gives the exit code."""
    if len(arguments) not in (1, 2):
        print(USAGE, file=sys.stderr)
        return 2
    path = Path(arguments[0])
    try:
        with path.open("rb") as file:
            record = read_record(file.read(MAX_BYTES + 1))
    except (OSError, Unreadable) as error:
        why = error.strerror if isinstance(error, OSError) else error
        print(f"error: {path.name}: {why}", file=sys.stderr)
        return 2
    taken: list[str] = []
    problems = verify(record, None, taken)
    for problem in problems:
        print(f"NOT SOUND: {problem}")
    if problems:
        return 1
    rules = record["hashes"]["program"]
    print(f"Sound. Rules and tables: {rules}")
    for told in taken:
        print(f"Not checked: {told}")
    if arguments[1:] == [rules]:
        return 0
    print("Its rules are not those of the hash given." if arguments[1:] else "Not checked: its rules, as no hash was given.")
    return 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
