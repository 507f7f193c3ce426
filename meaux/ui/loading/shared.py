"""Shared: the database of this process, opened and bound once, for all its visitors."""

from __future__ import annotations

import contextlib
from functools import partial

import streamlit as st

from meaux import demo
from meaux.data import source
from meaux.data.database import Database, Flights, Statement
from meaux.data.schema import Binding
from meaux.data.settings import Settings
from meaux.data.source import Source
from meaux.errors import MeauxError
from meaux.query.answers import Ask
from meaux.query.filters import Selection, month_to_date
from meaux.query.queries import Unanswerable
from meaux.subjects.page import CHOICES
from meaux.ui.loading import trial_mapping
from meaux.ui.loading.connection import DatabaseConnection
from meaux.ui.text import escaped

_Opening = tuple[Settings, str]

openings: Flights[_Opening, Source] = Flights()
"""The databases that are being opened; who wants the same one waits for it."""

_reopened: list[str] = []
"""The key of the source that was last reopened outside of a session."""


def current(given: Settings) -> Source:
    """Return the open database, bound once per process, or with this session's trial mapping.

    Raises:
        MeauxError: the mapping or the database is at fault.
    """
    if given.source == "demo":
        _build_demo(given)
    return trial_mapping.opened(_shared(given, _edition(given)), partial(_choices, given))


def outside(given: Settings) -> Source:
    """Return the open database outside of a session, for the API; the first caller opens it.

    Raises:
        MeauxError: the mapping or the database is at fault.
    """
    edition = _edition(given)
    if held := _opened(given, edition):
        return held
    [found] = openings.join([(given, edition)], _connected)
    if isinstance(found, MeauxError):
        raise found.with_traceback(None)
    return found


def reopen_once(opened: Source) -> None:
    """Have the next caller reload the schema, once per binding: a table or column is gone."""
    if opened.key not in _reopened:
        _reopened[:] = [opened.key]
        keep_open.clear()


def notice(words: str) -> None:
    """Show a notice that a refresh or reload failed."""
    st.toast(escaped(words), icon=":material/sync_problem:")


def _edition(given: Settings) -> str:
    """Return the day of the demo; empty for another database."""
    return str(source.demo_now(given).date()) if given.source == "demo" else ""


def _build_demo(given: Settings) -> None:
    """Bring the demo up to today, with a progress bar."""
    place = st.empty()

    def show(label: str, fraction: float) -> None:
        place.progress(min(fraction, 1.0), f"Building the demo database: {label}")

    demo.ensure(demo.DEFAULT_PATH, now=source.demo_now(given), progress=show)
    place.empty()


def _shared(given: Settings, edition: str) -> Source:
    """Return the shared source; concurrent callers wait for the same opening.

    If it can't be reopened, the previous one stays in use.
    """
    held = _opened(given, edition)
    anew = st.session_state.pop("reopen", False) or (held is not None and _is_empty_still(held))
    if held and not anew:
        return held
    # A connection outlives a change of the settings, unless its name tells them.
    named = f"{edition} {hash(given)}"
    database = st.connection("meauxos", type=DatabaseConnection, edition=named).database
    [found] = openings.join([(given, edition)], partial(_open, database, held))
    if not isinstance(found, MeauxError):
        return found
    if held is None:
        raise found.with_traceback(None)
    notice(f"The schema can't be reloaded; the previous one stays in use. {found}")
    return held


def _is_empty_still(held: Source) -> bool:
    """Return whether the database was empty when opened, and a refresh is requested."""
    return not held.binding.tables and bool(st.session_state.get("refresh", False))


def _connected(keys: list[_Opening]) -> list[Source]:
    [(given, _)] = keys
    return _open(source.connect(given), None, keys)


def _open(database: Database, held: Source | None, keys: list[_Opening]) -> list[Source]:
    """Open the database, unless another session has meanwhile, and keep it for all."""
    [(given, edition)] = keys
    now = _opened(given, edition)
    if now is not None and now is not held:
        return [now]
    opened = source.open_source(database, also=partial(_choices, given))
    keep_open.clear(given, edition)
    return [keep_open(given, edition, opened)]


def _opened(given: Settings, edition: str) -> Source | None:
    try:
        return keep_open(given, edition, None)
    except LookupError:
        return None


@st.cache_resource(show_spinner=False, max_entries=4, hash_funcs={Settings: hash})
def keep_open(given: Settings, edition: str, _source: Source | None) -> Source:  # noqa: ARG001
    """Return the kept source, or keep the given one; a LookupError is never cached."""
    if _source is None:
        raise LookupError
    return _source


def _choices(given: Settings, binding: Binding) -> list[Statement]:
    """Return the statements of the filters' choices that the database can answer."""
    selection = Selection(month_to_date(given.day(given.timezone)), given.day(given.timezone))
    found = []
    for query in CHOICES:
        with contextlib.suppress(Unanswerable):
            found.append(Ask(query, selection).compiled(binding).statement)
    return found
