"""The log of the API: one line for each request."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from meaux.api.visit import Visit
from meaux.data import access_log

NOBODY = ""
NOWHERE = "unknown address"
UNKNOWN = {404, 422}
"""The statuses of a name that isn't known."""


class Logged:
    """Writes who asked for what, once it is answered; the address is that of the endpoint."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request, and write its line before the end of the answer is sent."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})
        line = _Line(scope)

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                line.status = message["status"]
            elif not message.get("more_body"):
                line.write()
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            line.write()


@dataclass
class _Line:
    """The line of a request, which is written once."""

    scope: Scope
    status: int = 500
    began: float = field(default_factory=perf_counter)
    written: bool = False

    def write(self) -> None:
        if self.written:
            return
        self.written = True
        visit: Visit | None = self.scope["state"].get("visit")
        access_log.write(
            visit.access.who if visit else NOBODY,
            f"{self.scope['method']} {_address(self.scope, self.status)}",
            self.status,
            visit.queries if visit else (),
            visit.rows_read if visit else 0,
            (perf_counter() - self.began) * 1000,
        )


def _address(scope: Scope, status: int) -> str:
    """Return the address of an endpoint; what is no endpoint's may be anything, even a key."""
    if "route" not in scope or (scope.get("path_params") and status in UNKNOWN):
        return NOWHERE
    return str(scope["path"])
