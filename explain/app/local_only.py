"""ASGI middleware that answers only pages of this machine, and restricts what they may load.

A website can make a browser send requests to this machine, under the site's own `Origin` or through
a host name that resolves to this machine (DNS rebinding). Such requests are refused before they reach
Streamlit. Streamlit alone is not enough: to check a foreign `Origin` it asks an address on the internet
for this machine's own address, and no setting turns that off.
"""

from __future__ import annotations

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from explain.app.settings import HOSTS

_OWN = re.compile(f"({'|'.join(map(re.escape, HOSTS))})(:[0-9]{{1,5}})?")
REFUSED = "This app answers pages of this machine only.\n"

#: Content-Security-Policy: only this app's own files, and images inlined in the page.
_CONTENT = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self' ws://{host} wss://{host}; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)


class LocalOnly:
    """Refuses foreign requests with 403 and adds security headers to responses."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
        elif allowed(Headers(scope=scope)):
            await self._app(scope, receive, _with_headers(send, Headers(scope=scope)["host"]))
        elif scope["type"] == "http":
            await PlainTextResponse(REFUSED, 403)(scope, receive, send)
        else:
            await receive()  # the connect message
            await send({"type": "websocket.close", "code": 1008})  # closing before accepting gives a 403


def allowed(headers: Headers) -> bool:
    """Whether `Host` names this machine, and `Origin` is absent or this app."""
    hosts, origins = headers.getlist("host"), headers.getlist("origin")
    if len(hosts) != 1 or not _OWN.fullmatch(hosts[0]):
        return False
    return origins in ([], [f"http://{hosts[0]}"])


def _with_headers(send: Send, host: str) -> Send:
    """A `send` that adds the security headers to the response."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["Content-Security-Policy"] = _CONTENT.format(host=host)
            headers["X-Frame-Options"] = "DENY"
            headers["X-Content-Type-Options"] = "nosniff"
            headers["Referrer-Policy"] = "no-referrer"
            headers["Cross-Origin-Resource-Policy"] = "same-origin"
            headers["Cross-Origin-Opener-Policy"] = "same-origin"
        await send(message)

    return sent
