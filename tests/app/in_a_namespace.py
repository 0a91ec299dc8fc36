"""Runs the app in a network namespace and reports every packet that leaves it. Run by `test_no_packet.py`.

The namespace's default route leads back into it, so that all outgoing packets can be captured. The app is opened as a
browser opens it and as a hostile website would, with user settings for Streamlit that would make it fetch things.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

ROOT = Path(__file__).parent.parent.parent
PORT = 8599
STREAM = "/_stcore/stream"
ALL_PACKETS = 0x0003
WAIT = 60
ELSEWHERE = "http://198.51.100.7"  # an address reserved for documentation
SETTINGS = f"""
[browser]
gatherUsageStats = true
serverAddress = "evil.example"
[server]
enableCORS = false
enableXsrfProtection = false
enableAgentApi = true
allowedHosts = ["*"]
address = "0.0.0.0"
[theme]
base = "{ELSEWHERE}/theme.toml"
"""


def main(command: list[str]) -> None:
    """Prints, as JSON, the responses and the packets that left."""
    for line in ("link set lo up", "addr add 192.0.2.1/32 dev lo", "route add default via 192.0.2.1 dev lo"):
        subprocess.run(["ip", *line.split()], check=True)
    seen: list[str] = []
    every = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ALL_PACKETS))
    threading.Thread(target=_watch, args=(every, seen), daemon=True).start()
    # Checks that capturing works: this packet leaves.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.sendto(b"probe", ("198.51.100.1", 9))
    _until(lambda: "198.51.100.1" in seen)
    probed = sorted(set(seen))
    seen.clear()
    told = _with_the_app(command)
    time.sleep(1)
    print(json.dumps({"probed": probed, "left": sorted(set(seen)), **told}))


def _watch(every: socket.socket, seen: list[str]) -> None:
    """Records the address of each IPv4 packet to another machine, and of each DNS query."""
    while True:
        frame = every.recv(65535)
        if frame[12:14] != b"\x08\x00":
            continue
        to, kind, start = socket.inet_ntoa(frame[30:34]), frame[23], 14 + (frame[14] & 15) * 4
        asked = kind == socket.IPPROTO_UDP and frame[start + 2 : start + 4] == b"\x00\x35"
        if asked or not to.startswith("127."):
            seen.append(to)


def _with_the_app(command: list[str]) -> dict[str, object]:
    home = Path(os.environ["HOME"]) / ".streamlit"
    home.mkdir()
    (home / "config.toml").write_text(SETTINGS, encoding="utf-8")
    settings = {**os.environ, "STREAMLIT_SERVER_ENABLE_CORS": "false", "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "true"}
    with subprocess.Popen(command, cwd=ROOT, env=settings, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        try:
            _until(lambda: process.poll() is not None or _answers())
            own = f"http://127.0.0.1:{PORT}"
            return {
                "own": opened(own, f"127.0.0.1:{PORT}"),
                "foreign origin": opened("http://evil.example", f"127.0.0.1:{PORT}"),
                "no origin of its own": opened("null", f"127.0.0.1:{PORT}"),
                "foreign name": opened(f"http://evil.example:{PORT}", f"evil.example:{PORT}"),
            }
        finally:
            process.terminate()


def opened(origin: str, host: str, port: int = PORT) -> str | int:
    """Opens a session as a browser does and waits for its page. Returns the page's title, or the status of a refusal."""
    try:
        # The request claims the host name `host`; the connection goes to this machine anyway.
        named: dict[str, Any] = {"origin": Origin(origin), "subprotocols": [Subprotocol("streamlit")], "max_size": None}
        with socket.create_connection(("127.0.0.1", port)) as there, connect(f"ws://{host}{STREAM}", sock=there, **named) as page:
            page.send(BackMsg(rerun_script=ClientState()).SerializeToString())
            title = ""
            while True:
                message = ForwardMsg.FromString(page.recv(WAIT, decode=False))
                if message.delta.new_element.HasField("heading") and message.delta.new_element.heading.tag == "h1":
                    title = message.delta.new_element.heading.body
                if message.WhichOneof("type") == "script_finished":
                    return title
    except InvalidStatus as refused:
        return refused.response.status_code


def _answers() -> bool:
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", PORT)) == 0


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT
    while not holds() and time.monotonic() < end:
        time.sleep(0.05)


if __name__ == "__main__":
    main(sys.argv[1:])
