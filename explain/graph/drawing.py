"""Draws DOT with graphviz-pure, a dependency of this package, or with Graphviz' own `dot`.

graphviz-pure gives the same bytes on every platform and draws SVG and PNG; `dot`, if installed, draws the rest.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sysconfig
from pathlib import Path

from kb.errors import Fault, InputError

PURE_DRAWS = ("svg", "png")
#: The creation date that `dot` writes into a PDF.
_DRAWN_AT = re.compile(rb"/CreationDate \([^)]*\)")


def draw(dot: str, kind: str) -> bytes:
    """A drawing as `svg`, `png` or `pdf`. Errors: `InputError` if no program for it is installed or it fails."""
    program = drawer(kind)
    try:
        ran = subprocess.run([program, "-Kdot", f"-T{kind}"], input=dot.encode(), capture_output=True, check=False)
    except OSError as error:
        raise _failed(program, error.strerror or "it can't be run") from None
    if ran.returncode or not ran.stdout:
        raise _failed(program, _last_line(ran.stderr) or f"it ended with code {ran.returncode}")
    return _timeless(ran.stdout) if kind == "pdf" else ran.stdout


def _timeless(pdf: bytes) -> bytes:
    """The PDF with its creation date blanked out. The length stays the same: PDF parts are found by byte offset."""
    return _DRAWN_AT.sub(lambda found: b" " * len(found[0]), pdf)


def drawer(kind: str) -> Path:
    """The program that draws a format. Errors: `InputError` naming what to install or use instead."""
    if kind in PURE_DRAWS and (program := _find("graphviz-pure")):
        return program
    if program := _find("dot"):
        return program
    if kind in PURE_DRAWS:
        hint = "install the package graphviz-pure, or Graphviz, or take --format text or mermaid"
        raise InputError([Fault(f"--format {kind}", "needs graphviz-pure or Graphviz' `dot`, and neither is here", hint)])
    hint = "install Graphviz, or take --format svg or html and print that to PDF from a browser"
    raise InputError([Fault(f"--format {kind}", "needs Graphviz' own `dot`, which is not installed", hint)])


def _find(name: str) -> Path | None:
    """A program beside this Python, else on PATH."""
    path = shutil.which(name, path=sysconfig.get_path("scripts")) or shutil.which(name)
    return Path(path) if path else None


def _failed(program: Path, reason: str) -> InputError:
    message = f"could not draw the graph: {reason}"
    return InputError([Fault(program.name, message, "take --format dot and draw it elsewhere")])


def _last_line(stderr: bytes) -> str:
    lines = stderr.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else ""
