"""Mount: the API below `/api`, or 404 there if it is off."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass

from starlette.responses import Response
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from meaux.api.service import Service

PATH = "/api"
OFF = (
    '{"type":"about:blank","title":"Not Found","status":404,"detail":"The API is off; [api] in '
    '.streamlit/meaux.toml turns it on."}'
)

Lifespan = Callable[[object], AbstractAsyncContextManager[object]]


@dataclass(frozen=True)
class Mounted:
    """The route of the API, and its lifespan, which the server around it has to enter."""

    route: Mount
    lifespan: Lifespan

    def within(self, outer: Lifespan) -> Lifespan:
        """Return a lifespan that enters another one, and then that of the API."""

        @asynccontextmanager
        async def both(app: object) -> AsyncIterator[None]:
            async with outer(app), self.lifespan(app):
                yield

        return both


def mounted(service: Service) -> Mounted:
    """Return the API, if the settings turn it on; otherwise what answers 404."""
    path = f"{service.base()}{PATH}"
    if not service.plan().serving.on:
        return Mounted(Mount(path, _closed), lambda _: nullcontext())
    from meaux.api.app import create  # noqa: PLC0415  it takes half a second to import

    app = create(service)
    return Mounted(Mount(path, app), lambda _: app.router.lifespan_context(app))


async def _closed(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        answer: ASGIApp = Response(OFF, 404, media_type="application/problem+json")
        await answer(scope, receive, send)
