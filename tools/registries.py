"""Finds host names of package registries in files. Each machine configures its own registry, so no file may name one.

Run: python -m tools.registries FILE...     (exit code 1 if there is any)
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

#: Written with spaces, so that the check does not find this file.
_HOSTS = (
    "pypi org",
    "pypi python org",
    "pythonhosted org",
    "anaconda org",
    "npmjs org",
    "npmjs com",
    "yarnpkg com",
    "crates io",
    "proxy golang org",
    "maven org",
    "maven apache org",
    "rubygems org",
    "nuget org",
    "docker io",
    "ghcr io",
    "quay io",
    "deb debian org",
    "archive ubuntu com",
)
_NAMED = re.compile("|".join(rf"\b{re.escape('.'.join(host.split()))}\b" for host in _HOSTS), re.IGNORECASE)


def named(text: str) -> Iterator[tuple[int, int, str]]:
    """Line, column (both from 1) and name of each registry host in a text."""
    for number, line in enumerate(text.splitlines(), 1):
        for found in _NAMED.finditer(line):
            yield number, found.start() + 1, found[0]


def main(files: Sequence[str]) -> int:
    """Prints each registry host in some files. Returns 1 if there is any, else 0."""
    told = [
        f"{file}:{line}:{column}: `{host}` is the host of a package registry: leave it out, pip and others have their own setting"
        for file in files
        for line, column, host in named(Path(file).read_text(encoding="utf-8", errors="replace"))
    ]
    print(*told, sep="\n", end="\n" if told else "")
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
