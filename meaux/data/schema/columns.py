"""Columns: the stored columns of a logical column, and the SQL that reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise, takewhile
from typing import Any

from meaux.data.schema import encodings, reading
from meaux.data.schema.bound_column import MOST_READ, BoundColumn, Seen
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


FOUND = " (found: "
"""What comes before the values that a reason quotes."""


def illegible(wanted: LogicalColumn, table: PhysicalTable, values: Values) -> str | None:
    """Return what a time column needs if none of its values are readable."""
    for one in options_of(wanted, table, values):
        if _is_illegible(one):
            column = f"{table.name}.{bare(one.stored)}"
            return f"readable timestamps in {column}{FOUND}{' and '.join(one.seen.examples)})"
    return None


def _is_illegible(column: BoundColumn) -> bool:
    """Return whether an instant has sampled values, but none in a known encoding."""
    seen = column.seen
    return column.type == "instant" and seen.cells > 0 and seen.unread == seen.cells


def bound_column(wanted: LogicalColumn, table: PhysicalTable, values: Values) -> BoundColumn | None:
    """Build the bound column: each row reads the first candidate that has a value.

    A later candidate is read only if the earlier ones may lack a value. For instants, the sample
    must show that they do, because each needs its own range.
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
    """Return whether rows may lack a value in a column; for instants, only as sampled."""
    if column.type == "instant":
        cells = values.get(plain(column.stored), ())
        return any(map(encodings.is_unset, present(cells)))
    if column.type in NUMBER_TYPES or column.stored == quoted("rowid"):
        return column.zero or not all(map(table.is_filled, identifiers(column.stored)))
    return True


def options_of(
    wanted: LogicalColumn, table: PhysicalTable, values: Values
) -> Iterator[BoundColumn]:
    """Yield the candidates that the table has, best first; if any is certain, no doubtful ones."""
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
    """Build the bound column of one candidate from the sample."""
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
    """Return whether a percentage column without a unit in its name holds ratios of 1 instead."""
    numbers = [number for cell in cells if (number := reading.number_of(cell)) is not None]
    is_told = "{" in candidate or _PER_CENT.search(candidate)
    return (
        not is_told
        and all(0 <= number <= 1 for number in numbers)
        and any(0 < number < 1 for number in numbers)
    )


def present(cells: Iterable[Any]) -> list[Any]:
    """Return the sampled cells of rows, without those of the index."""
    return [cell for cell in cells if cell is not NOT_LOOKED_FOR]


def _seen(type_: str, cells: Iterable[Any], hour: float | None) -> Seen:
    """Count the cells that can be read as a type, and those that can't."""
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
    """Return whether a column is in dollars although the row may name another currency.

    That is so if its name says so and another column holds the amount in that currency.
    """
    if wanted.type != "money" or not all(map(_OF_DOLLARS.search, found)):
        return False
    plain = (one for one in wanted.candidates if "{" not in one and not _OF_UNIT.search(one))
    return any(map(table.called, plain))


def timed(
    wanted: LogicalColumn, column: BoundColumn, cells: Iterable[Any], holds: frozenset[str]
) -> BoundColumn:
    """Return the column of an instant with its encodings: declared, sampled, or those of its type.

    A column that isn't declared numeric may hold both numbers and texts. If no index shows which,
    both are read.
    """
    if wanted.encoding:
        return replace(column, encodings=(wanted.encoding,), seen=Seen(0))
    assumed = "epoch_s" if column.numeric else "sqlite"
    met = encodings.encodings_of(cells) or (assumed,)
    also = encodings.others(met) if holds == ANYTHING and not column.numeric else ()
    return replace(column, encodings=met, also=also)


def plain(stored: str) -> str:
    """Return the column in lower case if the SQL is just a column."""
    return bare(stored).lower()
