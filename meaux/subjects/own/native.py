"""Native: a card's SQL in ClickHouse's own language, on the tables of a copy.

The guard of the SQL console for copies reads it, before it is sent and whenever it runs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from meaux.data.database import Statement
from meaux.query.filters import Selection
from meaux.query.queries.calls import positional
from meaux.query.queries.compiler import with_chosen_clauses
from meaux.query.queries.reader import parameters_in
from meaux.subjects.health.sql import CopiedReading, CopiedTables, Live, Masks, Refused
from meaux.subjects.own import language
from meaux.subjects.own.heading import Mistake

LANGUAGE = "clickhouse"
"""What the heading of such a card says."""
TIMES = {
    "start_time": "the period's first instant, as a time",
    "end_time": "the first instant after the period, as a time",
}
PARAMETERS = {**language.PLAIN_PARAMETERS, **TIMES}
"""What such a statement may use."""

_NAMED = re.compile(r"""('(?:[^']|'')*+'|"(?:[^"]|"")*+"|`(?:[^`]|``)*+`)|:([a-z_][a-z0-9_]*)""")
_LISTS = ("teams", "projects", "people", "categories", "services", "workers")
_TYPED = {
    "start_day": "toDate(:start_day)",
    "end_day": "toDate(:end_day)",
    "comparable_end": "toDate(:comparable_end)",
    "start_seconds": "toInt64(:start_seconds)",
    "end_seconds": "toInt64(:end_seconds)",
    "start_time": "toDateTime64(toInt64(:start_seconds), 3, 'UTC')",
    "end_time": "toDateTime64(toInt64(:end_seconds), 3, 'UTC')",
    **{name: f"JSONExtract(:{name}, 'Array(String)')" for name in _LISTS},
}
"""Each parameter in the type that it has in ClickHouse: all are bound as texts."""


def reading(sql: str, tables: CopiedTables) -> CopiedReading:
    """Return a card's SQL, with all its optional clauses, as the guard reads it.

    Raises:
        Mistake: it isn't one SELECT that reads the copy's tables alone.
    """
    written = _typed(language.whole(sql))
    return _read(written, dict.fromkeys(parameters_in(written), ""), tables)[0]


def mistake(sql: str, tables: CopiedTables) -> Mistake | None:
    """Return the first mistake in a statement without comments; None if there is none."""
    try:
        first = next(language.of_parameters(sql, PARAMETERS), None)
        if first is None:
            guarded(reading(sql, tables), tables)
    except Mistake as found:
        return found
    except Refused as refusal:
        return Mistake(0, str(refusal).rstrip("."))
    return first


def statement(sql: str, selection: Selection, tables: CopiedTables, rows: int) -> Statement:
    """Return the statement of a card's SQL for a selection, with a row limit.

    Raises:
        Mistake: it can't be sent with the filters as they are.
        Refused: it could tell a secret.
    """
    first, last = selection.bounds
    bounds = {"start_seconds": str(first), "end_seconds": str(last)}
    given = {**selection.parameters(), **bounds, "copied": "1"}
    written = with_chosen_clauses(_typed(sql), given)
    if unset := parameters_in(written) - given.keys():
        raise Mistake(0, f"the parameter :{min(unset)} in [[ … ]]")
    found, values = _read(written, given, tables)
    guarded(found, tables)
    return replace(found.limited(rows, values), own=True)


def guarded(found: CopiedReading, tables: CopiedTables, live: Live | None = None) -> Masks:
    """Return what is masked in the rows of a statement.

    Raises:
        Refused: it could tell a secret, or lists a masked column.
    """
    return language.guarded(found.checked, tables.catalog, tables.secrecy, live)


def _typed(sql: str) -> str:
    """Return SQL with its parameters in their types."""
    return _NAMED.sub(lambda found: found[1] or _TYPED.get(found[2], found[0]), sql)


def _read(
    sql: str, given: Mapping[str, str], tables: CopiedTables
) -> tuple[CopiedReading, tuple[str, ...]]:
    """Return the statement as the guard reads it, and the values of its parameters."""
    if "?" in language.without_texts(sql):
        line = language.line_of(sql, "?")
        raise Mistake(line, "write the value itself, or a parameter such as :start_day")
    asked = positional(sql, given)
    try:
        found = tables.read(asked.sql)
    except Refused as refusal:
        raise language.mistake_of(refusal) from None
    if found.explains:
        raise Mistake(0, "a SELECT instead of EXPLAIN")
    return found, tuple(map(str, asked.params))
