"""Streamlit settings that keep the app on this machine, whatever the user has configured for Streamlit."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from explain.app import case_register
from kb import cache

#: The script that Streamlit runs for each session of the app.
SCRIPT = Path(__file__).parent / "main.py"

#: Host names that are reachable from this machine only.
HOSTS = ("127.0.0.1", "localhost")


def environment(home: Path, register: bool = True) -> dict[str, str]:
    """Environment variables for the app: no `STREAMLIT_*`, and `home` as home folder, where Streamlit looks for settings.

    register    whether cases are kept in the register: that of WHICHTEAM_REGISTER, or the user's own

    The user's own Streamlit settings could open the app to other machines, load themes from the internet
    or prompt for an e-mail address. The cache stays in the user's own cache folder.
    """
    variables = {name: value for name, value in os.environ.items() if not name.startswith("STREAMLIT_")}
    if not variables.keys() & {"XDG_CACHE_HOME", "LOCALAPPDATA"}:
        variables["XDG_CACHE_HOME"] = str(Path.home() / ".cache")
    for name in ("WHICHTEAM_POLICIES", cache.SWITCH):  # the app runs in another folder
        if variables.get(name, cache.OFF) not in ("", cache.OFF):
            variables[name] = str(Path(variables[name]).absolute())
    return {**variables, case_register.SWITCH: _register(register), "HOME": str(home), "USERPROFILE": str(home)}


def _register(wanted: bool) -> str:
    """Where the app is to keep cases: a file, the address of a database, or `off`."""
    chosen = os.environ.get(case_register.SWITCH, "")
    if not wanted or chosen == case_register.OFF or not case_register.installed():
        return case_register.OFF
    if "://" in chosen:
        return chosen
    from kb.register.place import place_of

    return str(place_of(chosen).file)  # the app runs in another folder, with another home


def command(script: Path, port: int) -> list[str]:
    """The command line that starts the app. Its options override any other setting."""
    options = {
        "server.port": port,
        "server.address": "127.0.0.1",
        "server.headless": True,
        "server.showEmailPrompt": False,
        "server.enableCORS": True,  # in Streamlit this enables the protection
        "server.enableXsrfProtection": True,
        "server.xsrfCookieSameSite": "strict",
        "server.enableAgentApi": False,
        "server.enableStaticServing": False,
        "server.maxUploadSize": 5,
        "browser.gatherUsageStats": False,
        "client.showErrorDetails": "none",
        "client.showErrorLinks": False,
        "client.toolbarMode": "minimal",
        "logger.enableRich": False,  # rich tracebacks show local variables, which may hold case data
        "logger.hideWelcomeMessage": True,  # also removes Streamlit's promotions from the page
    }
    arguments = [f"--{name}={str(value).lower()}" for name, value in options.items()]
    arguments += [f"--server.allowedHosts={host}" for host in HOSTS]
    return [sys.executable, "-m", "streamlit", "run", str(script), *arguments]
