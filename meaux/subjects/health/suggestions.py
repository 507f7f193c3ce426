"""Suggestions: the tables that could fill each unmapped logical table, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from meaux.data.categories import CATEGORIES, SOURCES, of_table
from meaux.data.database import Fetched, Outcome, Statement, limits
from meaux.data.schema import LogicalTable, PhysicalTable, Size, likeness, quoted, sizes
from meaux.data.schema.encodings import MICROSECONDS_FROM, MILLISECONDS_FROM, NANOSECONDS_FROM
from meaux.data.schema.likeness import Likeness
from meaux.data.schema.secrets import Secrecy, is_secret
from meaux.data.source import Source
from meaux.query.filters import Selection
from meaux.query.queries import reads
from meaux.subjects.health.findings import Suggestion
from meaux.subjects.page import pages_asking
from meaux.wording import enumerated

LOOKED_AT = 3
"""How many tables are sampled for each logical table."""
ROWS = 10
"""How many of a table's newest rows, and of its oldest rows, are read."""
LONGEST_TEXT = 40
"""Characters read of a text: enough for a time, a number or a word."""

NOT_LOOKED: Mapping[str, Outcome] = {}
NOTHING_HIDDEN = Secrecy()

_CELL = (
    "CASE typeof({x}) WHEN 'text' THEN substr({x}, 1, {longest}) "
    "WHEN 'blob' THEN NULL ELSE {x} END AS {x}"
)


def looks(opened: Source, secrecy: Secrecy = NOTHING_HIDDEN) -> dict[str, Statement]:
    """Return statements that sample and count the rows of tables similar to a missing one."""
    found = {}
    for table in _likely(opened, secrecy):
        if table.kind != "view":  # a view may have to be read whole
            found[_rows_of(table)] = Statement(_few_rows(table))
        if size := sizes.measuring(table):
            found[_size_of(table)] = size
    return found


def suggested(
    opened: Source,
    selection: Selection,
    looked: Mapping[str, Outcome] = NOT_LOOKED,
    secrecy: Secrecy = NOTHING_HIDDEN,
) -> list[Suggestion]:
    """Return the tables for each unmapped logical table, the best first.

    `looked` are the outcomes of `looks`. If there are any, tables without one are left out.
    """
    tables = [table for table in opened.catalog.tables.values() if _size_of(table) in looked]
    values = {t.name.lower(): v for t in tables if (v := _values(t, looked.get(_rows_of(t))))}
    measured = {t.name.lower(): s for t in tables if (s := _size(t, looked.get(_size_of(t))))}
    empty = [name for name, size in measured.items() if size.rows == 0]

    def is_met(one: Likeness) -> bool:
        name = one.table.lower()
        return not looked or name in measured or opened.catalog.tables[name].kind == "view"

    def seen(one: Likeness) -> _Seen:
        name = one.table.lower()
        return _Seen(measured.get(name), values.get(name, {}))

    ranked = likeness.ranked(opened.binding, secrecy.shown(opened.catalog), values, empty)
    logical = opened.binding.model.tables
    return [
        _suggestion(logical[name], one, place, seen(one), selection)
        for name, options in ranked.items()
        for place, one in enumerate(filter(is_met, options), 1)
    ]


class _Seen(NamedTuple):
    """What is known of a table's rows."""

    size: Size | None
    values: Mapping[str, Sequence[Any]]


def _suggestion(
    logical: LogicalTable, one: Likeness, place: int, seen: _Seen, selection: Selection
) -> Suggestion:
    return Suggestion(
        logical.name,
        logical.about,
        one.table,
        place,
        min(one.score, 1.0),
        {fit.column: fit.source for fit in one.fits},
        {fit.column: fit.how for fit in one.fits},
        one.lacking,
        _only_some(one) or _of_others(logical.name, seen.values),
        seen.size,
        _newest(logical, one, seen.values, selection),
        pages_asking(reads.readers(logical.name)),
        one.mapping(),
    )


def _only_some(one: Likeness) -> str:
    if not one.only:
        return ""
    rows = f"with a {one.filled}" if one.filled else f"without a {one.blank}"
    return f"Only rows {rows} would count."


def _of_others(logical: str, values: Mapping[str, Sequence[Any]]) -> str:
    """Return a warning if rows of a table are marked with another cost category; or empty."""
    if logical not in SOURCES:
        return ""
    others = [one for one in CATEGORIES if one.table != logical]
    for column, met in values.items():
        words = {value.strip().casefold() for value in met if isinstance(value, str)}
        named = [one for one in others if one.name.casefold() in words]
        if named:
            what = enumerated([one.word for one in named])
            return (
                f"Some rows are {what} according to {column}. They would count as "
                f"{of_table(logical).word}, and twice if another table has them too."
            )
    return ""


def _likely(opened: Source, secrecy: Secrecy) -> list[PhysicalTable]:
    """Return the tables most like each missing kind of row, by their columns alone."""
    ranked = likeness.ranked(opened.binding, secrecy.shown(opened.catalog))
    names = (one.table for options in ranked.values() for one in options[:LOOKED_AT])
    return [opened.catalog.tables[name.lower()] for name in dict.fromkeys(names)]


def _rows_of(table: PhysicalTable) -> str:
    return f"rows of {table.name.lower()}"


def _size_of(table: PhysicalTable) -> str:
    return f"size of {table.name.lower()}"


def _columns(table: PhysicalTable) -> list[str]:
    return [name for name in table.spelling.values() if not is_secret(name)][: limits.COLUMNS]


def _few_rows(table: PhysicalTable) -> str:
    """Return SQL for the newest and the oldest rows of a table; for any if rows have no numbers."""
    cells = ", ".join(_CELL.format(x=quoted(c), longest=LONGEST_TEXT) for c in _columns(table))
    rows = f"SELECT {cells} FROM main.{quoted(table.name)}"
    if table.key is None:
        return f"{rows} LIMIT {ROWS + ROWS}"
    ends = (f"SELECT * FROM ({rows} ORDER BY {table.key} {way} LIMIT {ROWS})" for way in _ENDS)
    return " UNION ALL ".join(ends)


_ENDS = ("DESC", "ASC")


def _values(table: PhysicalTable, outcome: Outcome | None) -> dict[str, list[Any]]:
    """Return the values by column in lower case; none if the table couldn't be read."""
    if not isinstance(outcome, Fetched):
        return {}
    rows = outcome.rows.rows
    return {name.lower(): [row[n] for row in rows] for n, name in enumerate(_columns(table))}


def _size(table: PhysicalTable, outcome: Outcome | None) -> Size | None:
    return sizes.measured(outcome.rows, table) if isinstance(outcome, Fetched) else None


def _newest(
    logical: LogicalTable, one: Likeness, values: Mapping[str, Sequence[Any]], selection: Selection
) -> str:
    """Write the day of the newest row that was looked at: `today` or a date; empty if unknown."""
    instants = (fit for fit in one.fits if logical.columns[fit.column].type == "instant")
    needed = sorted(instants, key=lambda fit: not logical.columns[fit.column].required)
    met = values.get(needed[0].read[0].lower(), ()) if needed else ()
    days = [day for value in met if (day := _day(value, selection.zone))]
    if not days:
        return ""
    return "today" if max(days) == selection.today else str(max(days))


def _day(value: object, zone: str) -> date | None:
    """Return the local day of a stored point in time; None if it isn't one."""
    try:
        if isinstance(value, str) and not value.isdigit():
            at = datetime.fromisoformat(value.strip())
            has_time = len(value.strip()) > len("2026-01-01")
            return (
                at.replace(tzinfo=at.tzinfo or UTC).astimezone(ZoneInfo(zone)).date()
                if has_time
                else at.date()
            )
        if isinstance(value, int | float | str):
            return datetime.fromtimestamp(_seconds(float(value)), ZoneInfo(zone)).date()
    except (ValueError, OverflowError, OSError):
        return None
    return None


def _seconds(number: float) -> float:
    """Return epoch seconds of a number that counts since 1970, in any unit."""
    units = (
        (NANOSECONDS_FROM, 1e9),
        (MICROSECONDS_FROM, 1e6),
        (MILLISECONDS_FROM, 1e3),
    )
    return number / next((unit for floor, unit in units if number >= floor), 1)


def best(found: Iterable[Suggestion]) -> dict[str, Suggestion]:
    """Return the best suggestion for each logical table."""
    return {one.logical: one for one in found if one.place == 1}
