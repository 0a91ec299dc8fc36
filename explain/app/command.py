"""Starting the app from the command line."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
import webbrowser
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread, Timer
from typing import Annotated

import typer

from explain.app import case_register
from explain.app.settings import command, environment
from explain.extras import needed
from kb.errors import Fault, InputError

#: The folder of `app.py` and `.streamlit`: beside this file in a wheel (`tools/packing.py`), else the top of the project.
PACKED, PROJECT = Path(__file__).parent / "front", Path(__file__).parent.parent.parent
LAST_PORT = 65535
PATIENCE = 5.0  # seconds that the app gets to end by itself


def register(cli: typer.Typer) -> None:
    """Adds the command to the command line."""

    @cli.command("app")
    def app(
        port: Annotated[int, typer.Option("--port", metavar="N", help="The port on this machine")] = 8501,
        browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open it in the browser")] = True,
        register: Annotated[bool, typer.Option("--register/--no-register", help="Keep cases in the register")] = True,
    ) -> None:
        """Start the app, for this machine only. Ctrl-C ends it.

        Example:

            whichteam app
        """
        raise SystemExit(start(port, browser, register))


def start(port: int, browser: bool, register: bool = True) -> int:
    """Runs the app until it ends. Returns its exit code. Errors: `InputError`."""
    front = PACKED if PACKED.is_dir() else PROJECT
    if not (front / "app.py").is_file():
        raise InputError([Fault("app", "`app.py` is missing from this installation", "install whichteam anew, from its wheel")])
    needed("streamlit")
    if not 1 <= port <= LAST_PORT:
        raise InputError([Fault("--port", f"`{port}` is not a port", f"choose one from 1 to {LAST_PORT}, such as 8501")])
    with socket.socket() as asked:
        if asked.connect_ex(("127.0.0.1", port)) == 0:
            raise InputError([Fault("--port", f"port {port} is in use on this machine", "choose another, such as --port 8502")])
    with TemporaryDirectory(prefix="whichteam-app-") as home:
        settings = environment(Path(home), register)
        kept = _kept(settings[case_register.SWITCH])
        print(f"The app is at http://127.0.0.1:{port}, for this machine only. Ctrl-C ends it.\n{kept}", flush=True)
        process = subprocess.Popen(command(front / "app.py", port), cwd=front, env=settings)
        with process:
            signal.signal(signal.SIGTERM, lambda *_: _end(process))  # ending this command ends the app
            if browser:
                Thread(target=_open_browser, args=(process, port), daemon=True).start()
            try:
                return process.wait()
            except KeyboardInterrupt:
                _end(process)
                return 0


def _kept(register: str) -> str:
    """Where cases are kept, in words. Errors: `InputError` if the register can't be one."""
    if register == case_register.OFF:
        return "No register: a case stays in its browser tab until it is saved as a file."
    from kb.register.place import place_of

    return f"Cases are kept in the register, {place_of(register)}. --no-register keeps none."


def _open_browser(process: subprocess.Popen[bytes], port: int) -> None:
    """Opens the app in the browser as soon as it accepts connections."""
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
            continue
        webbrowser.open(f"http://127.0.0.1:{port}")
        return


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the app: terminates it, and kills it after PATIENCE seconds, as Streamlit ignores a signal during its start."""
    process.terminate()
    last = Timer(PATIENCE, process.kill)
    last.daemon = True
    last.start()
