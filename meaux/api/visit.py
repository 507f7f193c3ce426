"""A visit: one request, who sent it, and what was read for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from time import monotonic
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from meaux.api import problems, rights
from meaux.api.limits import Limits
from meaux.api.problems import ProblemError
from meaux.api.service import Service
from meaux.api.tokens import Tokens
from meaux.data import keys
from meaux.data.access import Access, allowed
from meaux.data.database import Fetched, Outcome, Statement, deadline
from meaux.data.database.deadline import Deadline
from meaux.data.faults import Fault
from meaux.data.plan import Plan
from meaux.data.readers import near
from meaux.data.source import Source
from meaux.errors import DatabaseError
from meaux.query import queries
from meaux.query.answers import Answer, Ask, ask
from meaux.query.filters import Selection
from meaux.query.needs import Control, Met, Part, meet
from meaux.query.needs import Request as Needed
from meaux.query.queries import NotForTeams
from meaux.query.rollups import rolled_up

WAITED = 25.0
"""Seconds that a request waits for the database; as long as a page."""
LONGEST_NAME = 40
"""Characters of an unknown parameter that are repeated."""
CHALLENGE = {"www-authenticate": "Bearer"}
NO_KEY = "Send a key or a token of the sign-in provider: Authorization: Bearer …"
UNKNOWN_KEY = "This key or token is unknown, revoked or expired."
NOT_ALLOWED = "This account has no access to the API."

bearer = HTTPBearer(
    auto_error=False,
    scheme_name="key",
    description="A key (`.venv/bin/python -m meaux key new NAME`), or a token of the sign-in "
    "provider.",
)


@dataclass
class Visit:
    """A request of a caller: `caller` tells it from others, `access` says what it may see.

    `queries` are the names of what was asked, `rows_read` the rows that the database read for it.
    """

    service: Service
    limits: Limits
    caller: str
    access: Access
    queries: set[str] = field(default_factory=set)
    rows_read: int = 0
    fetched: dict[Statement, Fetched] = field(default_factory=dict)
    failure: DatabaseError | None = None
    deadline: Deadline = field(default_factory=lambda: Deadline(monotonic() + WAITED))

    @cached_property
    def plan(self) -> Plan:
        """The contents of `meaux.toml`."""
        return self.service.plan()

    @cached_property
    def source(self) -> Source:
        """The open database."""
        deadline.hold(self.deadline)
        return self.service.source()

    def narrowed(self, selection: Selection) -> Selection:
        """Return the selection, limited to what the caller may see."""
        return rights.narrowed(selection, self.access)

    def fetch(self, wanted: Sequence[Statement]) -> list[Outcome]:
        """Return the outcome of each statement, and count the rows that the caller pays for."""
        deadline.hold(self.deadline)  # each step of a request may run in a thread of its own
        barred = self.limits.barred(self.caller, self.plan.serving)
        outcomes, rows = self.service.outcomes(self.source, wanted, barred)
        self.limits.rows(self.caller).add(rows)
        self.rows_read += rows
        for statement, outcome in zip(wanted, outcomes, strict=True):
            if isinstance(outcome, Fetched):
                self.fetched[statement] = outcome
            else:
                self.failure = outcome
        return outcomes

    def answer(self, asked: Ask) -> Answer:
        """Return the answer to one ask.

        Raises:
            ProblemError: the database lacks what it needs, or failed, or it is not for the
                caller's teams.
        """
        self.queries.add(asked.query.name)
        found = ask([asked], self.source.binding, self.fetch, self.service.call)[0]
        if found.state == "unavailable":
            is_closed = found.reason.startswith(NotForTeams.about)
            raise ProblemError(403 if is_closed else 404, found.reason)
        if found.state == "failed":
            raise problems.of_error(self.failure or DatabaseError(found.reason))
        return found

    def met(self, parts: Iterable[Part], selection: Selection, *controls: Control) -> Met:
        """Return what some functions need, as a page does."""
        known = frozenset() if selection.only is None else self._known(selection)
        request = Needed(selection, self.plan, self.source.binding, controls, known)
        found = meet(parts, request, self.fetch, self.service.call, rolled_up)
        self.queries.update(asked.query.name for asked in found.answers)
        return found

    def _known(self, selection: Selection) -> frozenset[str]:
        """Return the ids and names of the teams and projects that the caller may see."""
        whole = selection.unnarrowed
        offered = [Ask(query, whole) for query in (queries.team_choices, queries.project_choices)]
        found = ask(offered, self.source.binding, self.fetch, self.service.call)
        return frozenset(str(one) for answer in found for one in answer.frame.to_numpy().flat)

    @property
    def faults(self) -> list[Fault]:
        """Invalid entries of the files; none for somebody with teams: they may name any."""
        if self.access.teams is not None:
            return []
        return [*self.plan.faults, *self.source.faults]

    def require_answers(self) -> None:
        """Do nothing if the database has answered all that was asked.

        Raises:
            ProblemError: it failed.
        """
        if self.failure is not None:
            raise problems.of_error(self.failure)


def visit(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
) -> Visit:
    """Find out who sends a request, and count it."""
    state = request.app.state
    service: Service = state.service
    if credentials is None or not credentials.credentials:
        raise ProblemError(401, NO_KEY, CHALLENGE)
    caller, access = _known(credentials.credentials, service, state.tokens)
    found = Visit(service, state.limits, caller, access)
    request.state.visit = found
    state.limits.count(caller, found.plan.serving.requests_per_minute)
    rights.require(access, "pages")
    _require_known(request)
    return found


def _require_known(request: Request) -> None:
    """Do nothing if the endpoint has all parameters of the request: a typo isn't passed over.

    Raises:
        ProblemError: it lacks one.
    """
    route: APIRoute = request.scope["route"]
    known = sorted(_parameters(route.dependant))
    for name in request.query_params:
        if name not in known:
            meant = near(name, known)
            instead = f"did you mean {meant}?" if meant else f"use {', '.join(known) or 'none'}."
            raise ProblemError(422, f"There is no parameter {name[:LONGEST_NAME]}; {instead}")


def _parameters(needed: Dependant) -> Iterator[str]:
    """Yield the names of the parameters that an endpoint and what it depends on read."""
    yield from (one.alias for one in needed.query_params)
    for dependency in needed.dependencies:
        yield from _parameters(dependency)


def _known(token: str, service: Service, tokens: Tokens) -> tuple[str, Access]:
    """Return who sends a token, in a text of its own, and what they may see."""
    if token.startswith(keys.PREFIX):
        key = keys.found(token, keys.read(keys.path_of(service.settings())))
        if key is None:
            raise ProblemError(401, UNKNOWN_KEY, CHALLENGE)
        return f"key {key.hash}", key.access
    auth = service.auth()
    claims: dict[str, Any] = dict(tokens.claims(token, auth)) if auth else {}
    if not claims:
        raise ProblemError(401, UNKNOWN_KEY, CHALLENGE)
    rules = service.plan().rules
    access = allowed(claims, rules)
    if access.role is None:
        raise ProblemError(403, rules.closed or NOT_ALLOWED)
    return f"person {claims.get('iss')} {claims.get('sub')}", access


Visiting = Annotated[Visit, Depends(visit)]
"""The visit of a request with a valid key or token."""
