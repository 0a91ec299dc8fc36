"""The start scripts of an offline bundle (`tools/bundle.py`): one for a shell, one for Windows."""

from __future__ import annotations

from collections.abc import Iterable


def shell_script(pythons: Iterable[str]) -> str:
    """The start script for Linux. It looks for the versions of Python that the bundle has wheels for."""
    names = " ".join(f"python{python}" for python in pythons)
    return f"""#!/bin/sh
# Starts whichteam, and installs it into this folder first if need be. Needs no network.
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
for python in {names} python3; do
  if "$python" -c "" >/dev/null 2>&1; then
    exec "$python" "$here/start.py" "$@"
  fi
done
echo "error: whichteam: there is no Python on this machine: install {names.replace(" ", " or ")}" >&2
exit 2
"""


def batch_script(pythons: Iterable[str]) -> str:
    """The start script for Windows, where `py` is the launcher that comes with Python."""
    tries = "".join(f'py -{python} -c "" >nul 2>nul && (set "program=py -{python}" & goto :start)\n' for python in pythons)
    tries += 'python -c "" >nul 2>nul && (set "program=python" & goto :start)\n'
    return f"""@echo off
rem Starts whichteam, and installs it into this folder first if need be. Needs no network.
setlocal
{tries}echo error: whichteam: there is no Python {" or ".join(pythons)} on this machine 1>&2
exit /b 2
:start
%program% "%~dp0start.py" %*
exit /b %errorlevel%
""".replace("\n", "\r\n")
