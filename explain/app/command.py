"""Starting the app from the command line."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from threading import Timer
from typing import Annotated

import typer

from kb.errors import Fault, InputError

ROOT = Path(__file__).parent.parent.parent
LAST_PORT = 65535
PATIENCE = 5.0  # seconds that the app has for ending


def register(cli: typer.Typer) -> None:
    """Adds the command to the command line."""

    @cli.command("app")
    def app(
        port: Annotated[int, typer.Option("--port", metavar="N", help="The port on this machine")] = 8501,
        browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open it in the browser")] = True,
    ) -> None:
        """Start the app, for this machine only. Ctrl-C ends it.

        Example:

            whichteam app
        """
        raise SystemExit(start(port, browser))


def start(port: int, browser: bool) -> int:
    """Runs the app until it is ended; gives its exit code. Errors: `InputError`."""
    script = ROOT / "app.py"
    if not script.is_file():
        raise InputError([Fault("app", f"`{script.name}` is not beside the program", "start it from the project's folder")])
    if not 1 <= port <= LAST_PORT:
        raise InputError([Fault("--port", f"`{port}` is not a port", f"choose one from 1 to {LAST_PORT}, such as 8501")])
    print(f"The app is at http://127.0.0.1:{port}, for this machine only. Ctrl-C ends it.", flush=True)
    with subprocess.Popen(command(script, port, browser), cwd=ROOT) as process:
        signal.signal(signal.SIGTERM, lambda *_: _end(process))  # whoever ends this command ends the app
        try:
            return process.wait()
        except KeyboardInterrupt:
            _end(process)
            return 0


def _end(process: subprocess.Popen[bytes]) -> None:
    """Asks the app to end, and ends it if it does not: Streamlit lets a signal pass that comes while it starts."""
    process.terminate()
    last = Timer(PATIENCE, process.kill)
    last.daemon = True
    last.start()


def command(script: Path, port: int, browser: bool) -> list[str]:
    """The command that runs the app. What keeps it on this machine is said here too, whatever a user's own settings say."""
    options = {
        "server.port": port,
        "server.address": "127.0.0.1",
        "server.headless": not browser,
        "server.showEmailPrompt": False,
        "browser.gatherUsageStats": False,
        "client.showErrorDetails": "none",
        "logger.hideWelcomeMessage": True,  # with it go Streamlit's own advertisements on the page
    }
    said = [f"--{name}={str(value).lower()}" for name, value in options.items()]
    return [sys.executable, "-m", "streamlit", "run", str(script), *said]
