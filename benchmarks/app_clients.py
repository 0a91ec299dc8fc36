"""Clients of the app's server over websockets, as browsers are, each with a child of its own, all at once.

A client begins a case with a number that no other has, records a team, goes to the answer page and there sets another day of
the answer again and again. It keeps how long the answer and the whole page took, and every message that names a child of
another client: there must be none.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from explain.app.settings import command, environment
from tests.helpers import free_port

ROOT = Path(__file__).parent.parent
STREAM = "/_stcore/stream"
WAIT = 120  # seconds for one page
NUMBERED = re.compile(rb"bench-(\d{3})")
POLICIES = ("sefton", "blackpool")  # of the clients in turn
FIRST_DAY = date(2024, 11, 20)
ANSWERED = "has the child"


@dataclass
class Seen:
    """What one client saw: milliseconds from a click to the answer and to the whole page, and numbers of other children."""

    answers: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    crossed: list[str] = field(default_factory=list)
    failed: str = ""


class Client:
    """One browser tab."""

    def __init__(self, socket: ClientConnection, number: int, seen: Seen):
        self.socket, self.own, self.seen = socket, f"{number:03}", seen
        self.page, self.title, self.named = "", "", 0
        self.elements: dict[str, Any] = {}
        self.states: dict[str, WidgetState] = {}

    def run(self, *clicked: WidgetState) -> tuple[float, float]:
        """Sends a click and reads the page that comes of it. Gives the milliseconds until its heading and until its end."""
        state = ClientState(page_script_hash=self.page)
        state.widget_states.widgets.extend([*self.states.values(), *clicked])
        start, heading = time.monotonic(), 0.0
        self.socket.send(BackMsg(rerun_script=state).SerializeToString())
        while True:
            raw = self.socket.recv(WAIT, decode=False)
            self._look(raw)
            message = ForwardMsg.FromString(raw)
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self.page = message.new_session.page_script_hash
            elif kind == "delta":
                element = message.delta.new_element
                self._keep(element)
                if not heading and element.HasField("heading") and element.heading.tag == "h1":
                    heading, self.title = 1000 * (time.monotonic() - start), element.heading.body
            elif kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return heading, 1000 * (time.monotonic() - start)

    def _look(self, raw: bytes) -> None:
        """Keeps the numbers of children of other clients that a message names, and counts those of its own."""
        numbers = [found.decode() for found in NUMBERED.findall(raw)]
        self.named += numbers.count(self.own)
        self.seen.crossed += [number for number in numbers if number != self.own]

    def _keep(self, element: Any) -> None:
        kind = element.WhichOneof("type")
        one = getattr(element, kind) if kind else None
        name = getattr(one, "id", "")
        if isinstance(name, str) and name:
            self.elements[name] = one

    def widget(self, key: str) -> Any:
        """The input or button with a key, or a key that ends so."""
        return next(one for name, one in reversed(self.elements.items()) if name.endswith(f"-{key}") or name.endswith(f":{key}"))

    def press(self, key: str) -> tuple[float, float]:
        return self.run(WidgetState(id=self.widget(key).id, trigger_value=True))

    def put(self, key: str, value: str) -> None:
        """Sets an input; an option is given by a part of it."""
        one = self.widget(key)
        options = [option for option in getattr(one, "options", ()) if value in str(option)]
        self.states[one.id] = WidgetState(id=one.id, string_value=str(options[0]) if options else value)

    def set_day(self, day: date) -> tuple[float, float]:
        one = next(one for one in reversed(self.elements.values()) if getattr(one, "label", "") == "Day of the answer")
        state = WidgetState(id=one.id)
        state.string_array_value.data.append(day.strftime("%Y/%m/%d"))
        self.states[one.id] = state
        return self.run()


def work(port: int, number: int, minutes: float, pause: float, seen: Seen) -> None:
    """One client from its first page on: `pause` is the mean of the seconds that it looks at an answer."""
    chance = random.Random(number)
    named: dict[str, Any] = {"origin": Origin(f"http://127.0.0.1:{port}"), "subprotocols": [Subprotocol("streamlit")]}
    try:
        with connect(f"ws://127.0.0.1:{port}{STREAM}", max_size=None, **named) as socket:
            client = Client(socket, number, seen)
            client.run()
            client.press("start-form")
            client.put("new-policy", POLICIES[number % len(POLICIES)].capitalize())
            client.put("new-number", f"bench-{number:03}")
            client.press("new-start")
            client.put("team_on_record", "Assessment")
            client.run()
            client.press("see-answer")
            end, day = time.monotonic() + 60 * minutes, FIRST_DAY
            while time.monotonic() < end:
                time.sleep(chance.uniform(0, 2 * pause))
                day += timedelta(1)
                client.named = 0
                answer, page = client.set_day(day)
                assert client.named, "no answer names its own child"
                assert ANSWERED in client.title, f"no answer, but {client.title}"
                seen.answers.append(answer)
                seen.pages.append(page)
    except Exception as error:
        seen.failed = f"{type(error).__name__}: {error}"


def together(clients: int, minutes: float, pause: float) -> tuple[list[Seen], tuple[int, int, int]]:
    """Lets clients work at once. Gives what each saw, and the server's memory in MB before, after and at its highest."""
    seen = [Seen() for _ in range(clients)]
    with serving() as (port, process):
        before = memory(process, "VmRSS")
        threads = [threading.Thread(target=work, args=(port, n, minutes, pause, one)) for n, one in enumerate(seen)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return seen, (before, memory(process, "VmRSS"), memory(process, "VmHWM"))


@contextmanager
def serving() -> Iterator[tuple[int, int]]:
    """Runs the app as `whichteam app --no-register` does. Gives its port and the number of its process."""
    port = free_port()
    with tempfile.TemporaryDirectory() as home:
        settings = {**environment(Path(home), register=False), "PYTHONPATH": str(ROOT)}
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        process = subprocess.Popen(command(ROOT / "app.py", port), cwd=ROOT, env=settings, **quiet)
        try:
            _wait_for(f"http://127.0.0.1:{port}/_stcore/health")
            yield port, process.pid
        finally:
            process.terminate()
            process.wait(WAIT)


def _wait_for(url: str) -> None:
    end = time.monotonic() + WAIT
    while True:
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            assert time.monotonic() < end, "the app did not start"
            time.sleep(0.1)


def memory(process: int, what: str) -> int:
    """Memory of a process in MB: `VmRSS` now, `VmHWM` the most so far; 0 where the system does not say."""
    status = f"/proc/{process}/status"
    if not os.path.exists(status):
        return 0
    lines = Path(status).read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith(f"{what}:"))
