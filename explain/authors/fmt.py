"""`whichteam fmt`: formats rule files, or lists those that are not formatted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kb import output
from kb.errors import Fault, InputError, many
from kb.language.layout import laid_out
from kb.language.parser import read_text
from kb.offered import quoted
from kb.policy import HOUSE, find_policy, installed


def fmt(places: Sequence[str], check: bool) -> int:
    """Formats the rule files of `places` (files, policies or folders; all policies if empty).

    With `check` nothing is written, and the result is 1 if a file is not formatted; else 0. If any file
    has a fault, nothing is written. Errors: `InputError`, the faults of all files.
    """
    texts: dict[Path, tuple[str, str]] = {}
    faults: list[Fault] = []
    for path in _files(places):
        try:
            before = read_text(path, told(path))
            texts[path] = before, laid_out(before, told(path))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    unformatted = [path for path, (before, after) in texts.items() if before != after]
    for path in unformatted:
        if not check:
            output.write(path, texts[path][1], private=False)
        print(f"{told(path)}: {'is not laid out' if check else 'laid out'}")
    if check and unformatted:
        command = f"whichteam fmt {' '.join(map(quoted, places))}".rstrip()
        print(f"{len(unformatted)} of {many(len(texts), 'file')} to be laid out: {command}")
        return 1
    if not unformatted:
        print("1 file, laid out" if len(texts) == 1 else f"{len(texts)} files, all laid out")
    return 0


def told(path: Path) -> str:
    """A path relative to the working folder where possible."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _files(places: Sequence[str]) -> list[Path]:
    """The rule files of some files, policies and folders, sorted, without duplicates. Errors: `InputError`."""
    folders = [HOUSE, *installed().values()] if not places else []
    files: list[Path] = []
    for place in places:
        path = Path(place)
        if path.is_file() and path.suffix != ".dl":
            raise InputError([Fault(place, "is not a rule file", "rule files end in .dl")])
        if path.is_file():
            files.append(path)
        else:
            folders.append(path if path.is_dir() else find_policy(place))
    for folder in folders:
        inside = sorted(folder.glob("*.dl"))
        if not inside:
            raise InputError([Fault(str(folder), "holds no rule file", "rule files end in .dl")])
        files += inside
    return list(dict.fromkeys(files))
