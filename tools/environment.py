"""The project's own virtual environment, made from a lock file. Standard library only."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".venv"
BIN = FOLDER / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
NEEDED = (3, 11)


def ready(lock: str) -> Path:
    """The Python of the project's environment with the packages of a lock file. Creates or updates it if necessary."""
    if sys.version_info < NEEDED:
        sys.exit(f"whichteam needs Python {NEEDED[0]}.{NEEDED[1]} or newer; this is {sys.version.split()[0]}")
    wanted = hashlib.sha256((ROOT / lock).read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    stamp = FOLDER / f"made-from-{lock}"
    if not stamp.exists() or stamp.read_text() != wanted:
        print(f"Setting up the environment from {lock} (once) ...", file=sys.stderr)
        if not PYTHON.exists() or run(str(PYTHON), "-c", "import pip", quiet=True):
            venv.create(FOLDER, with_pip=True, clear=True, symlinks=os.name != "nt")
        pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        failed = run(*pip, "--require-hashes", "-r", lock) or run(*pip, "--no-deps", "--no-build-isolation", "-e", ".")
        if failed:
            sys.exit(f"The environment could not be set up (see above). Mend that, or remove {FOLDER} and try again.")
        stamp.write_text(wanted)
    return PYTHON


def run(*command: str, quiet: bool = False) -> int:
    """Runs a command in the project's folder and returns its exit code. `quiet`: without its error output."""
    return subprocess.run(command, cwd=ROOT, stderr=subprocess.DEVNULL if quiet else None).returncode
