"""The start scripts of an offline bundle (`tools/bundle.py`): one for a shell, one for Windows."""

from __future__ import annotations

from collections.abc import Iterable


def shell_script(pythons: Iterable[str]) -> str:
    """The start script for Linux. It tries the given versions of Python in order, then `python3`."""
    names = " ".join(f"python{python}" for python in pythons)
    return f"""#!/bin/sh
# Starts whichteam. Installs it into this folder first if necessary. Needs no network.
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
    """The start script for Windows. It tries the given versions with the launcher `py`, then `python`."""
    tries = "".join(f'py -{python} -c "" >nul 2>nul && (set "program=py -{python}" & goto :start)\n' for python in pythons)
    tries += 'python -c "" >nul 2>nul && (set "program=python" & goto :start)\n'
    return f"""@echo off
rem Starts whichteam. Installs it into this folder first if necessary. Needs no network.
setlocal
{tries}echo error: whichteam: there is no Python {" or ".join(pythons)} on this machine 1>&2
exit /b 2
:start
%program% "%~dp0start.py" %*
exit /b %errorlevel%
""".replace("\n", "\r\n")
