"""Rights: what a caller may ask for, and the selection that its access allows.

This is the only place where the API turns an `Access` into a selection or a refusal.
"""

from __future__ import annotations

from dataclasses import replace

from meaux.api.problems import ProblemError
from meaux.data.access import NOT_FOR_TEAMS, OF_TEAMS, Access, Right
from meaux.query.filters import Selection
from meaux.query.queries import Query
from meaux.subjects.events.frames import LOGS

OF_LOGS = frozenset(query.name for query in LOGS.values())
"""The queries that only those with the right to the log may run."""


def require(access: Access, *rights: Right) -> None:
    """Do nothing if the access has all these rights.

    Raises:
        ProblemError: it lacks one.
    """
    for right in rights:
        if access.teams is not None and right not in OF_TEAMS:
            raise ProblemError(403, NOT_FOR_TEAMS)
        if not access.may(right):
            raise ProblemError(403, f"The role {access.role} doesn't include {right}.")


def require_query(access: Access, query: Query, *, as_file: bool) -> None:
    """Do nothing if the access may run this query, and get its rows as a file if asked so.

    Raises:
        ProblemError: it may not.
    """
    require(access, "pages")
    if query.name in OF_LOGS:
        require(access, "log")
    if as_file:
        require(access, "files")


def narrowed(selection: Selection, access: Access) -> Selection:
    """Return the selection, limited to the teams that the access is for."""
    return replace(selection, only=access.teams)
