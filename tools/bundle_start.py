"""Starts whichteam from an offline bundle. Installs it beside this file first if necessary. Standard library only.

`tools/bundle.py` copies it into each bundle as `start.py`.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ENVIRONMENT = HERE / "environment"
EXIT_BAD = 2


def main() -> int:
    """Runs whichteam with this process's arguments and returns its exit code."""
    about = json.loads((HERE / "bundle.json").read_text(encoding="utf-8"))
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    if python not in about["pythons"]:
        return _fail(
            f"this folder is for Python {' or '.join(about['pythons'])}, and this is {python}", "start it with that Python"
        )
    system = "windows" if os.name == "nt" else "linux"
    if system not in about["systems"]:
        return _fail(f"this folder has no wheels for {system}", f"make one with: python -m tools.bundle --system {system}")
    program = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = ENVIRONMENT / "made-from.txt"
    # Install again if the folder was moved or the environment was made with another Python.
    wanted = f"{hashlib.sha256((HERE / 'requirements.txt').read_bytes()).hexdigest()}\n{HERE}\n{python}\n"
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != wanted:
        print("Setting up whichteam in this folder (once) ...", file=sys.stderr, flush=True)
        try:
            venv.create(ENVIRONMENT, with_pip=True, clear=True, symlinks=os.name != "nt")
        except OSError as error:
            return _fail(f"{ENVIRONMENT} can't be made: {error.strerror}", "copy this folder to where you may write")
        except subprocess.CalledProcessError:
            return _fail("this Python can't make environments", "install what it lacks (on Debian and Ubuntu: python3-venv)")
        pip = [str(program), "-m", "pip", "--isolated", "install", "--quiet", "--disable-pip-version-check", "--no-index"]
        if subprocess.run(
            [*pip, "--find-links", str(HERE / "wheels"), "--require-hashes", "-r", str(HERE / "requirements.txt")]
        ).returncode:
            return _fail("it could not be installed (see above)", "copy the folder again, or make it anew")
        stamp.write_text(wanted, encoding="utf-8")
    return subprocess.run([str(program), "-m", "whichteam", *sys.argv[1:]]).returncode


def _fail(message: str, hint: str) -> int:
    print(f"error: start.py: {message}\n    {hint}", file=sys.stderr)
    return EXIT_BAD


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
