"""The program's entry: the command `whichteam`, and `python -m whichteam`.

Its three packages have names that other distributions use as well. Before anything of them is imported, `main` makes
sure that Python finds whichteam's own.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

HOME = Path(__file__).resolve().parent
PACKAGES = ("kb", "queries", "explain")
MARK = "Part of whichteam:"  # how the docstring of each of the packages begins
EXIT_NOT_OWN = 2


def main() -> None:
    """Runs the command line. Exits with 2 if one of the packages is not whichteam's own."""
    told = list(not_own(HOME))
    if told:
        print("error: whichteam: Python takes other modules for parts of it", *told, sep="\n    ", file=sys.stderr)
        raise SystemExit(EXIT_NOT_OWN)
    from explain.cli import main as run

    run()


def not_own(home: Path) -> Iterator[str]:
    """What to say of the packages that Python finds elsewhere than in `home`, or overwritten there; nothing if all is well."""
    foreign = [(name, found, home / name) for name in PACKAGES if (found := _found(name)) != home / name or not _marked(found)]
    for name, found, own in foreign:
        if found is None:
            yield f"`{name}` is missing: it should be at {own}"
        elif found == own:
            yield f"`{name}` at {own} was overwritten by {_distribution_of(own) or 'something else'}"
        else:
            yield f"`{name}` comes from {found} ({_distribution_of(found) or 'no distribution'}) instead of {own}"
    if foreign:
        yield "install whichteam into an environment of its own: python -m venv ENV, then ENV/bin/pip install WHEEL"
        yield "or take these modules from Python's path (PYTHONPATH, or the folder where you started `python -m`)"


def _found(name: str) -> Path | None:
    """The package's folder, or the file of a module that is no package; None if there is nothing of that name."""
    spec = find_spec(name)
    if spec is None:
        return None
    if spec.origin is None:  # a folder without __init__.py
        return Path(next(iter(spec.submodule_search_locations or ()))).resolve()
    origin = Path(spec.origin).resolve()
    return origin.parent if origin.name == "__init__.py" else origin


def _marked(package: Path | None) -> bool:
    init = package / "__init__.py" if package else None
    return init is not None and init.is_file() and MARK in init.read_text(encoding="utf-8", errors="replace")


def _distribution_of(place: Path) -> str | None:
    """The other distribution that installed a file or folder, as `name version`."""
    from importlib.metadata import distributions

    for found in distributions():
        root = Path(str(found.locate_file(""))).resolve()
        if found.name == "whichteam" or not place.is_relative_to(root):
            continue
        name = place.relative_to(root).as_posix()
        if any(str(file) == name or str(file).startswith(f"{name}/") for file in found.files or ()):
            return f"the distribution {found.name} {found.version}"
    return None


if __name__ == "__main__":
    main()
