"""The two steps of sign-in that Streamlit takes with the provider, their failures put in words."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from http.cookies import SimpleCookie
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from meaux.ui import visitor
from meaux.ui.serving import wanted
from meaux.ui.serving.notice import notice

LOG = logging.getLogger(__name__)

BEGINS = "/auth/login"
BACK = "Back to sign-in"
DENIED = "access_denied"
OF_PROMPT = {"account_selection_required", "interaction_required", "invalid_request"}
"""The errors of a provider that doesn't know how to select an account."""
CODES = OF_PROMPT | {
    DENIED,
    *("consent_required", "invalid_scope", "login_required", "server_error"),
    *("temporarily_unavailable", "unauthorized_client", "unsupported_response_type"),
}
"""The errors that a provider may answer with; others are never repeated."""

WAS_DENIED = "The provider denied access. Sign in with another account."
PROMPT = (
    "If the provider can't let people select an account, set "
    f'client_kwargs = {{ prompt = "login" }} under {visitor.WHERE}.'
)
UNUSABLE = (
    "Sign-in failed: the provider's answer can't be used. Check client_id, client_secret and "
    f"redirect_uri under {visitor.WHERE}; the server's log has the reason."
)
SILENT = (
    "Sign-in failed: the provider doesn't answer as expected. Check server_metadata_url under "
    f"{visitor.WHERE}; the server's log has the reason."
)


class SignIn:
    """One step of sign-in: to the provider, or back from it."""

    def __init__(self, app: ASGIApp, path: str, auth: Mapping[str, Any], base: str) -> None:
        self._app = app
        self._path = path
        self._auth = auth
        self._base = base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a redirect, to the wanted link at last, or with what went wrong."""
        asked = HTTPConnection(scope)
        error = asked.query_params.get("error") if self._path == visitor.CALLBACK else None
        answer = None if error else await self._answer(scope, receive)
        if wrong := refused(error) if error else self._failure(asked, answer or []):
            status = HTTPStatus.FORBIDDEN if error else HTTPStatus.BAD_GATEWAY
            back = (self._base or "/", BACK)
            await notice(asked, status, wrong, back)(scope, receive, send)
            return
        for message in answer or []:
            await send(message)

    async def _answer(self, scope: Scope, receive: Receive) -> list[Message]:
        """Return Streamlit's answer; empty if it failed."""
        answer: list[Message] = []

        async def collect(message: Message) -> None:
            answer.append(message)

        try:
            await self._app(scope, receive, collect)
        except Exception:
            LOG.exception("A step of sign-in failed")
            return []
        return answer

    def _failure(self, asked: HTTPConnection, answer: list[Message]) -> str:
        """Return what went wrong in an answer; lead one that signs in to the wanted link."""
        if not answer or answer[0]["status"] >= HTTPStatus.BAD_REQUEST:
            return SILENT if self._path == BEGINS else UNUSABLE
        headers = MutableHeaders(scope=answer[0])
        if _signs_in(headers):
            if link := wanted.kept(asked.cookies):
                headers["location"] = f"{self._base}{link}"
            headers.append("set-cookie", wanted.cookie("", self._base))
        elif "code" in asked.query_params and not visitor.claims_of(asked.cookies, self._auth):
            return UNUSABLE
        return ""


def refused(error: str) -> str:
    """Return a sentence on the error with which a provider answered."""
    LOG.warning("The provider refused to sign somebody in: %s", error if error in CODES else "")
    if error == DENIED:
        return WAS_DENIED
    code = error if error in CODES else "an unknown error"
    words = f"The provider refused to sign you in: {code}."
    return f"{words} {PROMPT}" if error in OF_PROMPT else f"{words} Try again."


def _signs_in(answer: MutableHeaders) -> bool:
    """Return whether an answer sets the cookie of a signed-in user."""
    cookies = (SimpleCookie(header) for header in answer.getlist("set-cookie"))
    return any(USER_COOKIE_NAME in one and one[USER_COOKIE_NAME].value for one in cookies)
