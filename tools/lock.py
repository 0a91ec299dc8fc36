"""Reads lock files written by uv or pip-compile, and selects the entries that a system needs for some packages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from packaging.markers import Marker
from packaging.utils import canonicalize_name


@dataclass(frozen=True, slots=True)
class System:
    """An operating system: its platform tags for pip, the preferred first, and its values of environment markers (PEP 508)."""

    platforms: tuple[str, ...]
    markers: Mapping[str, str]


SYSTEMS = {
    "linux": System(
        (*(f"manylinux_2_{minor}_x86_64" for minor in range(28, 4, -1)), "manylinux2014_x86_64", "linux_x86_64"),
        {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64"},
    ),
    "windows": System(
        ("win_amd64",),
        {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64"},
    ),
}


@dataclass(frozen=True, slots=True)
class Locked:
    """An entry of a lock file: a package, its version, environment marker and hashes, and the packages that need it."""

    name: str
    version: str
    marker: str  # empty: needed everywhere
    hashes: tuple[str, ...]
    needed_by: frozenset[str]

    def wanted_on(self, system: System, python: str) -> bool:
        """Whether the entry applies to a system and a version of Python (such as 3.12)."""
        values = {
            **system.markers,
            "python_version": python,
            "python_full_version": f"{python}.0",
            "implementation_name": "cpython",
        }
        return not self.marker or Marker(self.marker).evaluate(values)

    def requirement(self, marker: bool) -> str:
        """The entry as a line of a requirements file, with or without its marker."""
        where = f" ; {self.marker}" if marker and self.marker else ""
        return " \\\n    ".join([f"{self.name}=={self.version}{where}", *(f"--hash={found}" for found in self.hashes)])


_ENTRY = re.compile(
    r"^(?P<name>[\w.-]+)==(?P<version>[^\s;]+)(?: ; (?P<marker>[^\\\n]+?))?(?P<rest>(?: \\\n|\n|$)(?:[ #].*(?:\n|$))*)", re.M
)


def read_lock(text: str) -> list[Locked]:
    """The entries of a lock file. Which packages need an entry is read from the `# via` comments."""
    return [
        Locked(
            name=canonicalize_name(found["name"]),
            version=found["version"],
            marker=found["marker"] or "",
            hashes=tuple(re.findall(r"--hash=(\S+)", found["rest"])),
            needed_by=frozenset(re.findall(r"^ +#(?: via |   )([\w.-]+)", found["rest"], re.M)),
        )
        for found in _ENTRY.finditer(text)
    ]


def closure(entries: Sequence[Locked], roots: Iterable[str]) -> list[Locked]:
    """The entries of some packages and of all their dependencies."""
    wanted: set[str] = {canonicalize_name(root) for root in roots}
    while more := {entry.name for entry in entries if entry.needed_by & wanted} - wanted:
        wanted |= more
    return [entry for entry in entries if entry.name in wanted]
