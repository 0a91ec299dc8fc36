"""The app answers only requests from pages of this machine, with headers that stop browsers from loading anything else."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from explain.app.local_only import REFUSED, LocalOnly

OWN = "127.0.0.1:8501"


async def page(scope: Scope, receive: Receive, send: Send) -> None:
    """A stand-in for the app, which answers every request."""
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"the app"})
    else:
        await send({"type": "websocket.accept"})


def asked(kind: str, *headers: tuple[str, str]) -> list[Message]:
    """The messages sent in reply to a request with these headers."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: dict[str, Any] = {"type": kind, "headers": [(name.encode(), value.encode()) for name, value in headers]}
    with ThreadPoolExecutor(1) as apart:  # another test's browser may keep an event loop in this thread
        apart.submit(lambda: asyncio.run(LocalOnly(page)(scope, receive, send))).result()
    return sent


@pytest.mark.parametrize(
    "headers",
    [
        [("host", OWN)],
        [("host", OWN), ("origin", f"http://{OWN}")],
        [("host", "localhost:8501"), ("origin", "http://localhost:8501")],
        [("host", "127.0.0.1")],
    ],
)
def test_pages_of_this_machine_are_answered(headers: list[tuple[str, str]]) -> None:
    assert [message["type"] for message in asked("websocket", *headers)] == ["websocket.accept"]
    assert asked("http", *headers)[1]["body"] == b"the app"


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("host", "evil.example:8501")],
        [("host", "evil.example:8501"), ("origin", "http://evil.example:8501")],
        [("host", "127.0.0.1.evil.example")],
        [("host", "evil.example@127.0.0.1"), ("host", OWN)],
        [("host", "evil.example@127.0.0.1")],
        [("host", "127.0.0.1; script-src *")],
        [("host", "[127.0.0.1")],
        [("host", "0.0.0.0:8501")],
        [("host", OWN), ("origin", "http://evil.example")],
        [("host", OWN), ("origin", "https://127.0.0.1:8501")],
        [("host", OWN), ("origin", "http://127.0.0.1:9999")],
        [("host", OWN), ("origin", "http://localhost:8501")],
        [("host", OWN), ("origin", "null")],
        [("host", OWN), ("origin", "")],
        [("host", OWN), ("origin", f"http://{OWN}"), ("origin", "http://evil.example")],
    ],
)
def test_others_are_refused_before_the_app_hears_of_them(headers: list[tuple[str, str]]) -> None:
    assert asked("websocket", *headers) == [{"type": "websocket.close", "code": 1008}]
    start, body = asked("http", *headers)
    assert (start["status"], body["body"].decode()) == (403, REFUSED)


def test_a_browser_is_told_to_load_nothing_from_elsewhere_and_to_show_it_in_no_other_page() -> None:
    start, _ = asked("http", ("host", OWN))
    told = {name.decode(): value.decode() for name, value in start["headers"]}
    assert told == {
        "content-security-policy": (
            "default-src 'self'; script-src 'self' 'unsafe-inline' blob:; style-src 'self' 'unsafe-inline'; "
            "img-src 'self' data: blob:; font-src 'self' data:; "
            "connect-src 'self' ws://127.0.0.1:8501 wss://127.0.0.1:8501; object-src 'none'; base-uri 'self'; "
            "form-action 'self'; frame-ancestors 'none'"
        ),
        "x-frame-options": "DENY",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-resource-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
    }
