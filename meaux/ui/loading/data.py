"""Data access of the pages: from the cache, and the rest from the database in one call."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeVar

import streamlit as st

from meaux.data import settings
from meaux.data.access import NOT_FOR_TEAMS
from meaux.data.database import (
    Copy,
    Database,
    Fetched,
    Loaded,
    Outcome,
    Statement,
    deadline,
    fetch_each,
    memory,
)
from meaux.data.database.retries import ends_the_batch
from meaux.data.plan import Plan, read_plan_file
from meaux.data.schema.secrets import Secrecy
from meaux.data.settings import Settings
from meaux.data.source import Source
from meaux.errors import DatabaseError, MissingColumn, MissingTable
from meaux.query import needs
from meaux.query.answers import Answer, Ask, RolledUp, ask
from meaux.query.filters import Selection
from meaux.query.memo import Memo
from meaux.query.metrics import Metric
from meaux.query.needs import Met, Part, Request
from meaux.query.rollups import rolled_up
from meaux.ui import visitor
from meaux.ui.loading import cache, receipt, shared

FRESH_LIVE = timedelta(hours=1)
"""From this age on, an answer on a live page is read anew; its running day is read more often."""
LIVE = "page is live"
"""Whether the open page is live, in the session."""
COPY_BYTES = 10_000
COPY_FRESH = timedelta(minutes=1)
"""For how long it is known as of when a copy is."""
WAITED = 25.0
"""Total seconds that one run of a page waits for the database; drawing comes on top."""

AT_ONCE = 2
"""How many statements of the SQL console run at a time; they share SQLite's memory limit."""
PATIENT = 10.0
"""Seconds that such a statement waits for its turn."""

SQL_BOX = "SQL box"
"""What the access log calls a visitor's own SQL."""

Key = TypeVar("Key", bound=Hashable)
T = TypeVar("T")

_turns = threading.BoundedSemaphore(AT_ONCE)
_memo = Memo()


def begin() -> None:
    """Start the run of a page: reset its receipt and its deadline.

    A page that reruns because the schema has changed keeps its remaining time and calls.
    """
    receipt.begin()
    left = st.session_state.pop("deadline", None)
    if left is None:
        deadline.begin(WAITED)
    else:
        deadline.hold(left)


@contextlib.contextmanager
def alone(part: str) -> Iterator[None]:
    """Run a part of a page that may run alone: then it has its own deadline, receipt and log."""
    runs_alone = is_alone()
    if runs_alone:
        begin()
    yield
    if runs_alone:
        receipt.log(visitor.current(), part)


def is_alone() -> bool:
    """Return whether a part of a page runs alone, not within a run of the page."""
    return deadline.now().never_ends


def current_settings() -> Settings:
    """Return the settings of this process.

    Raises:
        SettingError: a value can't be read.
    """
    return settings.read(os.environ, settings.read_secrets())


def current_source() -> Source:
    """Return the open database, bound once per process, or with this session's trial mapping.

    Raises:
        MeauxError: a setting, the mapping or the database is at fault.
    """
    return shared.current(current_settings())


def only() -> tuple[str, ...] | None:
    """Return the only teams whose rows the visitor may see; None for all."""
    teams = visitor.current().teams
    return None if teams is None else tuple(one.strip() for one in teams)


def _narrowed(selection: Selection) -> Selection:
    """Return a selection for this visitor, whoever made it."""
    return replace(selection, only=only())


def meet(parts: Iterable[Part], request: Request) -> Met:
    """Return the answers that some functions need; those not cached come in one call."""
    narrowed = replace(request, selection=_narrowed(request.selection))
    found = needs.meet(parts, narrowed, _noted, _memo.call, _rolled_up)
    receipt.note_queries(asked.query.name for asked in found.answers)
    return found


def _rolled_up(asks: Sequence[Ask]) -> Mapping[Ask, RolledUp]:
    found = rolled_up(asks)
    receipt.note_asks(one for one in asks if one not in found)
    receipt.note_asks(of for rolled in found.values() for of in rolled.of)
    return found


def kept(function: Callable[..., T], *of: object) -> T:
    """Return the result of a pure function, computed once per arguments."""
    return _memo.call(function, *of)


def answers(asks: Mapping[Key, Ask]) -> dict[Key, Answer]:
    """Return the answer to each ask, by name; those not cached come in one call."""
    narrowed = [replace(one, selection=_narrowed(one.selection)) for one in asks.values()]
    found = ask(narrowed, current_source().binding, _noted, _memo.call)
    receipt.note_queries(one.query.name for one in narrowed)
    return dict(zip(asks, found, strict=True))


def _noted(statements: Sequence[Statement]) -> list[Outcome]:
    """Return the outcome of each statement, and note it in the receipt."""
    outcomes = _through(current_source(), statements)
    for statement, outcome in zip(statements, outcomes, strict=True):
        receipt.note(statement, outcome)
    return outcomes


def read_since(since: datetime, statements: Sequence[Statement]) -> list[Outcome]:
    """Return the outcome of each statement, read since then; the others come in one call."""
    opened = current_source()
    if statements:
        receipt.count_call()
    outcomes = cache.ask(opened, since, statements)
    for statement, outcome in zip(statements, outcomes, strict=True):
        receipt.note(statement, outcome)
    return outcomes


def cached(statement: Statement) -> Fetched | None:
    """Return the cached answer to a statement, whatever its age."""
    return cache.look(current_source(), statement)


def replace_cached(answers: Mapping[Statement, Fetched]) -> None:
    """Keep these answers instead of the cached ones."""
    cache.keep(current_source(), dict(answers))


def read(statements: Mapping[Key, Statement]) -> dict[Key, Outcome]:
    """Return the outcome of each statement, by name; those not cached come in one call.

    Raises:
        DatabaseError: the visitor may see some teams only; the statements aren't limited to them.
    """
    _refuse()
    return dict(zip(statements, _noted(list(statements.values())), strict=True))


def _refuse() -> None:
    if only() is not None:
        raise DatabaseError(NOT_FOR_TEAMS)


def run(statements: Sequence[Statement]) -> list[Fetched]:
    """Fetch the rows of all statements in one call, without the cache.

    Raises:
        DatabaseError: the database doesn't respond, rejects a statement, or is busy with others;
            or the visitor may see some teams only.
    """
    _refuse()
    receipt.count_call()
    receipt.note_queries([SQL_BOX])
    opened = current_source()
    if not _turns.acquire(timeout=PATIENT):
        raise DatabaseError(f"{AT_ONCE} other statements are running. Try again when they finish.")
    try:
        with memory.of_people():
            rows = opened.database.fetch(statements)
    finally:
        _turns.release()
    now = datetime.now(UTC)
    fetched = [Fetched(one, now) for one in rows]
    for statement, one in zip(statements, fetched, strict=True):
        receipt.note(statement, one)
    return fetched


def current_plan() -> Plan:
    """Return the user's plan, with its invalid entries."""
    return read_plan_file()


def secrecy() -> Secrecy:
    """Return what is masked and hidden of raw rows."""
    return current_plan().secrecy


def defined(metric: Metric) -> str:
    """Return the definition of a metric, with the current thresholds."""
    told = metric.definition
    return metric.defined(current_plan().thresholds) if "{" in told else told


def later(wanted: Ask, made: Callable[[Answer], bytes]) -> Callable[[], bytes]:
    """Return a function that fetches and makes a file when it is downloaded."""
    read = reading_later()
    return lambda: made(read({"": wanted})[""])


def reading_later() -> Callable[[Mapping[str, Ask]], dict[str, Answer]]:
    """Return a function that answers asks for this visitor, without the cache, when it is called.

    It needs no session.
    """
    opened, seen = current_source(), only()

    def read(asks: Mapping[str, Ask]) -> dict[str, Answer]:
        narrowed = [replace(a, selection=replace(a.selection, only=seen)) for a in asks.values()]
        found = ask(narrowed, opened.binding, partial(fetch_each, opened.database))
        return dict(zip(asks, found, strict=True))

    return read


def try_again() -> None:
    """Forget all failures, so that the next run retries."""
    shared.openings.forget()
    cache.questions.forget()


def refresh() -> None:
    """Make the next run fetch everything again."""
    try_again()
    st.session_state["refresh"] = True


def reopen() -> None:
    """Make the next run reload the schema and fetch everything again."""
    refresh()
    st.session_state["reopen"] = True


def was_changed() -> bool:
    """Return once whether the schema was reloaded because a table or column was gone."""
    return bool(st.session_state.pop("said changed", False))


def _may_reread(opened: Source) -> bool:
    """Return whether this session may still reload the schema of the open source."""
    return bool(st.session_state.get("changed") != opened.key)


def _reread(opened: Source) -> None:
    """Reload the schema and rerun the page, once per open source."""
    if _may_reread(opened):
        st.session_state["changed"] = opened.key
        st.session_state["said changed"] = True
        st.session_state["deadline"] = deadline.now()
        reopen()
        st.rerun()


def loaded(database: Database) -> Loaded | None:
    """Return as of when a copy is complete; None if it isn't one, or doesn't say."""
    return _loaded(database.name, database) if isinstance(database, Copy) else None


@st.cache_data(ttl=COPY_FRESH, max_entries=10, max_size=COPY_BYTES, show_spinner=False)
def _loaded(name: str, _database: Copy) -> Loaded | None:  # noqa: ARG001  it keeps them apart
    with contextlib.suppress(DatabaseError):
        return _database.loaded()
    return None


def _through(opened: Source, wanted: Sequence[Statement]) -> list[Outcome]:
    known = {statement: cache.look(opened, statement, opened.fetched) for statement in wanted}
    anew = st.session_state.get("refresh", False)
    missing = [statement for statement, found in known.items() if found is None or anew]
    outcomes = dict(zip(missing, _fetched(opened, missing, anew=anew), strict=True))
    if any(is_gone(outcome) for s, outcome in outcomes.items() if not s.own):
        _reread(opened)
    for reason in sorted(
        {str(o) for s, o in outcomes.items() if known[s] and not isinstance(o, Fetched)}
    ):
        shared.notice(f"The data can't be refreshed; showing the previous data. {reason}")
    fresh = FRESH_LIVE if st.session_state.get(LIVE) else cache.FRESH
    kept = {s: found for s, found in known.items() if found and s not in outcomes}
    stale = [statement for statement, found in kept.items() if cache.is_stale(found, fresh)]
    for failure in cache.ask_behind(opened, stale):
        receipt.note_stale(failure)
    return [_best(known[s], outcomes.get(s)) for s in wanted]


def _fetched(opened: Source, missing: list[Statement], *, anew: bool) -> list[Outcome]:
    if not missing:
        return []
    receipt.count_call()
    since = datetime.now(UTC) if anew else datetime.now(UTC) - cache.FRESH
    rereads = _may_reread(opened) and not any(statement.own for statement in missing)
    ends = _is_gone_or_over if rereads else ends_the_batch
    return cache.ask(opened, since, missing, ends)


def _is_gone_or_over(failure: DatabaseError) -> bool:
    """Return whether to end the batch; a missing table or column reloads the schema."""
    return is_gone(failure) or ends_the_batch(failure)


def is_gone(outcome: Outcome) -> bool:
    """Return whether a table or column was missing: the schema has changed."""
    return isinstance(outcome, MissingTable | MissingColumn)


def _best(known: Fetched | None, outcome: Outcome | None) -> Outcome:
    """Return the new rows, or the previous ones if the refresh failed."""
    if isinstance(outcome, Fetched) or known is None:
        return outcome or DatabaseError("The database didn't respond. Refresh the data.")
    return known
