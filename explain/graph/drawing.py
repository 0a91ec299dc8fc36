"""Drawing DOT text: with graphviz-pure, which comes with the program, or Graphviz' own `dot`.

graphviz-pure draws the same bytes on every platform and is used wherever it can draw the
format; `dot`, where it is installed, draws the rest.
"""

from __future__ import annotations

import shutil
import sysconfig
from pathlib import Path
from threading import Lock

import graphviz  # type: ignore[import-untyped]
from graphviz.backend import dot_command  # type: ignore[import-untyped]

from kb.errors import Fault, InputError

PURE_DRAWS = ("svg", "png")
#: The graphviz package has one drawing program for all threads.
_CHOOSING = Lock()


def draw(dot: str, kind: str) -> bytes:
    """A drawing as `svg`, `png` or `pdf`. Errors: `InputError` where nothing here can draw it."""
    program = drawer(kind)
    try:
        with _CHOOSING:
            dot_command.DOT_BINARY = program
            return bytes(graphviz.Source(dot).pipe(format=kind, quiet=True))
    except (graphviz.ExecutableNotFound, graphviz.CalledProcessError) as error:
        message = f"could not draw the graph: {_reason(error)}"
        raise InputError([Fault(str(program.name), message, "take --format dot and draw it elsewhere")]) from None


def drawer(kind: str) -> Path:
    """The program that draws a format. Errors: `InputError` naming what to install or take instead."""
    if kind in PURE_DRAWS and (found := _find("graphviz-pure")):
        return found
    if found := _find("dot"):
        return found
    if kind in PURE_DRAWS:
        hint = "install the package graphviz-pure, or Graphviz, or take --format text or mermaid"
        raise InputError([Fault(f"--format {kind}", "needs graphviz-pure or Graphviz' `dot`, and neither is here", hint)])
    hint = "install Graphviz, or take --format svg or html and print that to PDF from a browser"
    raise InputError([Fault(f"--format {kind}", "needs Graphviz' own `dot`, which is not installed", hint)])


def _find(name: str) -> Path | None:
    """A program beside this Python, or else on the path."""
    found = shutil.which(name, path=sysconfig.get_path("scripts")) or shutil.which(name)
    return Path(found) if found else None


def _reason(error: Exception) -> str:
    stderr = getattr(error, "stderr", None)
    text = stderr.decode(errors="replace") if isinstance(stderr, bytes) else str(stderr or error)
    return text.strip().splitlines()[-1] if text.strip() else type(error).__name__
