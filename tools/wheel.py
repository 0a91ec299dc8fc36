"""Builds whichteam's wheel."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("kb", "queries", "explain", ".streamlit", "tools", "app.py", "whichteam.py", "pyproject.toml", "README.md", "LICENSE")


def build_wheel(into: Path) -> Path:
    """Builds whichteam's wheel into a folder and returns its path.

    Builds from a copy of the sources, so that files of earlier builds are not included.
    """
    with TemporaryDirectory(prefix="whichteam-build-") as folder:
        copy = Path(folder)
        for name in SOURCES:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
            else:
                shutil.copy(source, copy / name)
        build = f"from setuptools.build_meta import build_wheel; print(build_wheel({str(into.resolve())!r}))"
        built = subprocess.run([sys.executable, "-c", build], cwd=copy, capture_output=True, text=True)
    if built.returncode:
        sys.exit(f"The wheel could not be built:\n{built.stdout}{built.stderr}")
    return into / built.stdout.splitlines()[-1]
