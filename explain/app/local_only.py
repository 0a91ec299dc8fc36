"""What stands before the app: only pages of this machine are answered, and they can load nothing from elsewhere.

A website may have a browser ask this machine in its name: under its own address (its `Origin`),
or under a name of its own that it lets point here (`Host`). Such requests are refused before
Streamlit sees them. Streamlit would ask an address on the internet for this machine's own one,
to compare it with a foreign `Origin`, and no setting turns that off.
"""

from __future__ import annotations

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from explain.app.settings import HOSTS

_OWN = re.compile(f"({'|'.join(map(re.escape, HOSTS))})(:[0-9]{{1,5}})?")
REFUSED = "This app answers pages of this machine only.\n"

#: What a browser may load for a page: this app's own files, and pictures that stand in the page itself.
_CONTENT = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self' ws://{host} wss://{host}; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)


class LocalOnly:
    """Middleware that refuses foreign requests, and tells the browser what the pages may load."""

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
            await receive()  # the request to connect
            await send({"type": "websocket.close", "code": 1008})  # before it is accepted: answered with 403


def allowed(headers: Headers) -> bool:
    """Whether a request names this machine, and comes from a page of this app or from no page at all."""
    hosts, origins = headers.getlist("host"), headers.getlist("origin")
    if len(hosts) != 1 or not _OWN.fullmatch(hosts[0]):
        return False
    return origins in ([], [f"http://{hosts[0]}"])


def _with_headers(send: Send, host: str) -> Send:
    """Sends an answer with what the browser has to know of it."""

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
