"""Cache: the answer to each statement, shared by all visitors for a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from types import MappingProxyType

import streamlit as st

from meaux.data.database import Fetched, Flights, Outcome, Statement, fetch_each, freshness
from meaux.data.database.retries import ends_the_batch
from meaux.data.source import Source
from meaux.errors import DatabaseError, MeauxError

FRESH = timedelta(minutes=5)
"""An older answer is still served, while a new one is fetched in the background."""
KEPT = timedelta(hours=24)
ENTRIES_KEPT = 2_000
KEPT_BYTES = 64_000_000
"""Maximum size of all kept answers: those of 400 pages, or one of maximum size."""

_Question = tuple[str, Statement]
_Ends = Callable[[DatabaseError], bool]

questions: Flights[_Question, Fetched] = Flights()
"""The statements that are being answered; who asks the same one waits for it."""


def look(
    opened: Source, statement: Statement, shelf: Mapping[Statement, Fetched] = MappingProxyType({})
) -> Fetched | None:
    """Return the kept answer to a statement, or keep that of the shelf; None without any."""
    try:
        return _kept(opened.key, statement.digest, statement, shelf)
    except KeyError:
        return None


def keep(opened: Source, shelf: dict[Statement, Fetched]) -> None:
    """Keep these answers instead of the earlier ones."""
    for statement in shelf:
        _kept.clear(opened.key, statement.digest, statement)
        _kept(opened.key, statement.digest, statement, shelf)


@st.cache_data(ttl=KEPT, max_entries=ENTRIES_KEPT, max_size=KEPT_BYTES, show_spinner=False)
def _kept(
    source_key: str,  # noqa: ARG001  it keeps the databases apart
    digest: str,  # noqa: ARG001  it is hashed each time; the statement would take long
    _statement: Statement,
    _shelf: Mapping[Statement, Fetched],
) -> Fetched:
    """Return the cached answer, or cache that of the shelf; a KeyError is never cached."""
    return _shelf[_statement]


def ask(
    opened: Source, since: datetime, statements: Sequence[Statement], ends: _Ends = ends_the_batch
) -> list[Outcome]:
    """Return the outcome of each statement, read since then, and keep the answers.

    Who asks for the same statement meanwhile waits for it. A failure that `ends` the batch stands
    for the statements behind it, too.
    """
    asked = [(opened.key, statement) for statement in statements]
    found = questions.join(asked, partial(_ask, opened, since, ends=ends), opened.database.name)
    return [_outcome(one) for one in found]


def ask_behind(opened: Source, statements: Sequence[Statement]) -> list[str]:
    """Read statements anew in the background, and return why the last time failed, if it did."""
    asked = [(opened.key, statement) for statement in statements]
    failures = [str(one) for one in map(questions.failure, asked) if one]
    questions.behind(asked, partial(_ask, opened, datetime.now(UTC) - FRESH), opened.database.name)
    return failures


def _ask(
    opened: Source, since: datetime, asked: list[_Question], ends: _Ends = ends_the_batch
) -> list[Outcome]:
    """Return the outcome of each question, with one call for those not read since then."""
    known = {s: found for _, s in asked if (found := look(opened, s)) and found.oldest >= since}
    missing = [s for _, s in asked if s not in known]
    with freshness.since(since):
        fetched = dict(zip(missing, fetch_each(opened.database, missing, ends), strict=True))
    keep(opened, {s: one for s, one in fetched.items() if isinstance(one, Fetched)})
    return [known.get(s) or fetched[s] for _, s in asked]


def _outcome(found: Fetched | MeauxError) -> Outcome:
    return found if isinstance(found, Fetched | DatabaseError) else DatabaseError(str(found))


def is_stale(found: Fetched, fresh: timedelta = FRESH) -> bool:
    """Return whether an answer is older than it should be."""
    return datetime.now(UTC) - found.oldest > fresh
