"""Keeping lowered programs between runs, so that a command answers at once.

Programs are kept in the user's cache folder under a hash of everything they are made from:
the policy's files, its settings and the code that lowers them. Reading is restricted to the
classes of the rule model, so a file there can't run code; a damaged one is made again.
Set WHICHTEAM_CACHE to a folder to keep them elsewhere, or to `off` to keep none. The folder holds
no more than MOST bytes: what was not used for longest is let go.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import pickle
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

_ALLOWED = ("kb.language.", "kb.lowering.", "kb.vocabulary.", "kb.policy", "kb.program")
MOST = 200_000_000
_BUILTINS = {"frozenset", "set", "dict", "tuple", "list"}


def remember(key: str, make: Callable[[], Any]) -> Any:
    """What was made before under this key, or what `make` gives, which is then kept."""
    folder = _folder()
    if folder is None:
        return make()
    path = folder / f"{hashlib.sha256(f'{_code_digest()} {key}'.encode()).hexdigest()[:32]}.program"
    with contextlib.suppress(Exception):  # whatever is wrong with a kept file, the program is made anew
        kept = _Reader(io.BytesIO(path.read_bytes())).load()
        with contextlib.suppress(OSError):  # a folder that can only be read is of use too
            os.utime(path)
        return kept
    made = make()
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as beside:
            pickle.dump(made, beside, protocol=pickle.HIGHEST_PROTOCOL)
        os.replace(beside.name, path)
        _let_go(folder)
    return made


def _let_go(folder: Path) -> None:
    """Removes the files that were not used for longest, as many as are over the limit."""
    files = [(entry.stat(), entry.path) for entry in os.scandir(folder) if entry.name.endswith(".program")]
    over = sum(stat.st_size for stat, _ in files) - MOST
    for stat, path in sorted(files, key=lambda file: file[0].st_mtime):
        if over <= 0:
            break
        os.unlink(path)
        over -= stat.st_size


def _folder() -> Path | None:
    chosen = os.environ.get("WHICHTEAM_CACHE")
    if chosen:
        return None if chosen == "off" else Path(chosen)
    home = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(home) if home else Path.home() / ".cache") / "whichteam"


@cache
def _code_digest() -> str:
    """A hash of the code that makes programs: a change of it makes them anew."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")) + sorted(Path(__file__).parent.rglob("*.lark")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if module.startswith(_ALLOWED) or (module == "builtins" and name in _BUILTINS):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} does not belong in a kept program")
