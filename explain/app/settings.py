"""What the app runs with: settings that keep it on this machine, whatever a user set for Streamlit elsewhere."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from kb import cache

#: What runs for each session of the app.
SCRIPT = Path(__file__).parent / "main.py"

#: The names of this machine that only itself can use.
HOSTS = ("127.0.0.1", "localhost")


def environment(home: Path) -> dict[str, str]:
    """The environment that the app runs in: none of the user's own settings for Streamlit, which it looks for at home.

    They could open the app to other machines, have it fetch its colours from the internet as it starts, or have it
    ask for an e-mail address. What this program keeps between its runs is found where it always stands.
    """
    found = {name: value for name, value in os.environ.items() if not name.startswith("STREAMLIT_")}
    if not found.keys() & {"XDG_CACHE_HOME", "LOCALAPPDATA"}:
        found["XDG_CACHE_HOME"] = str(Path.home() / ".cache")
    for name in ("WHICHTEAM_POLICIES", cache.SWITCH):  # the app runs in another folder
        if found.get(name, cache.OFF) not in ("", cache.OFF):
            found[name] = str(Path(found[name]).absolute())
    return {**found, "HOME": str(home), "USERPROFILE": str(home)}


def command(script: Path, port: int) -> list[str]:
    """The command that runs the app. What keeps it on this machine is said here too, whatever other settings say."""
    options = {
        "server.port": port,
        "server.address": "127.0.0.1",
        "server.headless": True,
        "server.showEmailPrompt": False,
        "server.enableCORS": True,  # the protection, not the permission
        "server.enableXsrfProtection": True,
        "server.xsrfCookieSameSite": "strict",
        "server.enableAgentApi": False,
        "server.enableStaticServing": False,
        "server.maxUploadSize": 5,
        "browser.gatherUsageStats": False,
        "client.showErrorDetails": "none",
        "client.showErrorLinks": False,
        "client.toolbarMode": "minimal",
        "logger.enableRich": False,  # that way of logging shows what was in a case
        "logger.hideWelcomeMessage": True,  # with it go Streamlit's own advertisements on the page
    }
    said = [f"--{name}={str(value).lower()}" for name, value in options.items()]
    said += [f"--server.allowedHosts={host}" for host in HOSTS]
    return [sys.executable, "-m", "streamlit", "run", str(script), *said]
