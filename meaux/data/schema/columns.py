"""Columns: the stored columns of a logical column, and how they are read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise, takewhile
from typing import Any

from meaux.data.schema import encodings, reading
from meaux.data.schema.bound import MOST_READ, BoundColumn, Seen
from meaux.data.schema.catalog import ANYTHING, TEXTS, Column, PhysicalTable
from meaux.data.schema.model import NUMBER_TYPES, LogicalColumn, bare, identifiers, quoted
from meaux.data.schema.sampling import NOT_LOOKED_FOR

Values = Mapping[str, Sequence[Any]]
"""Sampled values by column in lower case."""

NUMERIC = re.compile(r"INT|REAL|FLOA|DOUB|NUM|DEC|BOOL", re.IGNORECASE)
WHOLE = re.compile(r"(?<!PO)INT", re.IGNORECASE)
_PER_CENT = re.compile(r"perc|pct", re.IGNORECASE)
_NO_BYTES = re.compile(r"CHAR|CLOB|TEXT|INT|REAL|FLOA|DOUB|NUM|DEC|BOOL", re.IGNORECASE)
_OF_DOLLARS = re.compile(r"usd|dollar", re.IGNORECASE)
_OF_UNIT = re.compile(r"usd|dollar|cent|micro", re.IGNORECASE)
EXAMPLES = 2


def doubt(wanted: LogicalColumn, table: PhysicalTable) -> str | None:
    """Return the column that isn't read because its unit is unknown."""
    there = filter(None, map(table.called, wanted.doubtful))
    return next((column.spelt for column in there), None)


def illegible(wanted: LogicalColumn, table: PhysicalTable, values: Values) -> str | None:
    """Return what a time column needs if none of its values are readable."""
    for one in options_of(wanted, table, values):
        if _is_illegible(one):
            column = f"{table.name}.{bare(one.stored)}"
            return f"readable timestamps in {column} (found: {' and '.join(one.seen.examples)})"
    return None


def _is_illegible(column: BoundColumn) -> bool:
    """Whether an instant's values were met, and none is a way of writing time that is known."""
    seen = column.seen
    return column.type == "instant" and seen.cells > 0 and seen.unread == seen.cells


def bound_column(wanted: LogicalColumn, table: PhysicalTable, values: Values) -> BoundColumn | None:
    """The column as it is read: from the first candidate that has a value, row by row.

    A later candidate is only read where the ones before it may have none. Of times, where they are
    seen to have none: each takes a range of its own.
    """
    found: dict[str, BoundColumn] = {}
    for one in options_of(wanted, table, values):
        if not _is_illegible(one):
            found.setdefault(one.stored, one)
    if not found:
        return None
    first, *_ = read = list(found.values())[:MOST_READ]
    needed = takewhile(lambda pair: _may_lack(pair[0], table, values), pairwise(read))
    return replace(first, later=tuple(later for _, later in needed))


def _may_lack(column: BoundColumn, table: PhysicalTable, values: Values) -> bool:
    """Whether rows may have no value in a column: of times, whether that is seen."""
    if column.type == "instant":
        cells = values.get(plain(column.stored), ())
        return any(map(encodings.is_unset, present(cells)))
    if column.type in NUMBER_TYPES or column.stored == quoted("rowid"):
        return column.zero or not all(map(table.is_filled, identifiers(column.stored)))
    return True


def options_of(
    wanted: LogicalColumn, table: PhysicalTable, values: Values
) -> Iterator[BoundColumn]:
    """Every candidate that the table has, best first; a doubtful one only where none is certain."""
    certain = False
    for candidate in wanted.candidates:
        names = wanted.columns_of(candidate)
        found = {name.lower(): column for name in names if (column := table.called(name))}
        if len(found) < len({name.lower() for name in names}):
            continue
        declared = [column.declared for column in found.values()]
        doubtful = candidate in wanted.doubtful
        if doubtful and (certain or any(map(WHOLE.search, declared))):
            continue
        certain = True
        indexed = all(table.index_on(column.spelt) for column in found.values())
        one = _read_from(wanted, candidate, found, values, indexed=indexed)
        yield replace(one, dollars=_are_dollars(wanted, found, table))


def _read_from(
    wanted: LogicalColumn,
    candidate: str,
    found: Mapping[str, Column],
    values: Values,
    *,
    indexed: bool,
) -> BoundColumn:
    """One candidate as it is read, with what was seen in the sample."""
    spelling = {name: column.spelt for name, column in found.items()}
    numeric = all(NUMERIC.search(column.declared) for column in found.values())
    hour = wanted.hour_in(candidate)
    worked_out = "{" in candidate and wanted.type == "instant"
    sampled = () if worked_out else (values.get(column.key, ()) for column in found.values())
    cells = [cell for cells in sampled for cell in present(cells)]

    def number(column: str) -> str:
        texts = any(TEXTS in one.holds for one in found.values())
        if wanted.type == "code":
            return reading.code(column, texts=texts)
        read = reading.number(column, hour, texts=texts)
        return f"({read}) * iif({read} <= 1, 100, 1)" if are_shares else read

    are_shares = wanted.type == "percent" and _are_shares(candidate, cells)
    is_number = wanted.type in NUMBER_TYPES
    bound = BoundColumn(
        wanted.type,
        wanted.expression(candidate, spelling),
        numeric,
        number=wanted.expression(candidate, spelling, number) if is_number else "",
        zero=candidate not in wanted.apart and any(column.zero for column in found.values()),
        bytes_too=not all(_NO_BYTES.search(column.declared) for column in found.values()),
        seen=_seen(wanted.type, cells, hour),
    )
    if wanted.type != "instant":
        return bound
    holds = frozenset() if indexed else frozenset.union(*(c.holds for c in found.values()))
    return timed(wanted, bound, cells, holds)


def _are_shares(candidate: str, cells: Iterable[Any]) -> bool:
    """Whether a column of per cent that doesn't name its unit holds shares of 1 instead."""
    numbers = [number for cell in cells if (number := reading.number_of(cell)) is not None]
    is_told = "{" in candidate or _PER_CENT.search(candidate)
    return (
        not is_told
        and all(0 <= number <= 1 for number in numbers)
        and any(0 < number < 1 for number in numbers)
    )


def present(cells: Iterable[Any]) -> list[Any]:
    """The sampled cells of rows."""
    return [cell for cell in cells if cell is not NOT_LOOKED_FOR]


def _seen(type_: str, cells: Iterable[Any], hour: float | None) -> Seen:
    """What of some cells can be read as a type."""
    if type_ == "instant":
        filled = [cell for cell in cells if not encodings.is_unset(cell)]
        unread = [cell for cell in filled if not encodings.reads(cell)]
    else:
        filled = [cell for cell in cells if cell is not None and str(cell).strip()]
        unread = []
        if type_ in NUMBER_TYPES:
            read = reading.code_of if type_ == "code" else partial(reading.number_of, hour=hour)
            unread = [cell for cell in filled if read(cell) is None]
        elif type_ == "flag":
            unread = [cell for cell in filled if reading.flag_of(cell) is None]
    examples = dict.fromkeys(f"“{str(cell)[:40]}”" for cell in unread)
    return Seen(len(filled), len(unread), tuple(examples)[:EXAMPLES])


def _are_dollars(wanted: LogicalColumn, found: Mapping[str, Column], table: PhysicalTable) -> bool:
    """Whether a column is in dollars though the row may name another currency.

    It is where its name says so, and another column holds the amount that the currency is of.
    """
    if wanted.type != "money" or not all(map(_OF_DOLLARS.search, found)):
        return False
    plain = (one for one in wanted.candidates if "{" not in one and not _OF_UNIT.search(one))
    return any(map(table.called, plain))


def timed(
    wanted: LogicalColumn, column: BoundColumn, cells: Iterable[Any], holds: frozenset[str]
) -> BoundColumn:
    """The column of an instant with its encodings: as declared, as met, else as its type says.

    A column that is not declared as numbers may hold both numbers and texts. Where an index doesn't
    tell which, it is read for either.
    """
    if wanted.encoding:
        return replace(column, encodings=(wanted.encoding,), seen=Seen(0))
    assumed = "epoch_s" if column.numeric else "sqlite"
    met = encodings.encodings_of(cells) or (assumed,)
    also = encodings.others(met) if holds == ANYTHING and not column.numeric else ()
    return replace(column, encodings=met, also=also)


def plain(stored: str) -> str:
    """The column that SQL of nothing but a column reads, in lower case."""
    return bare(stored).lower()
