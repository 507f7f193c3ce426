"""Advice: what is wrong with a database, most important first, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meaux.data import faults
from meaux.data.schema.model import bare
from meaux.data.schema.sizes import COUNTED
from meaux.subjects.health.findings import Health
from meaux.wording import counted

MAPPING = "Other names can be told in .streamlit/schema.toml; a mapping to fill in is ready."
NAMED = 5
"""How many names a sentence lists."""


def advice(found: Health) -> list[str]:
    """A sentence for each thing to do; none where all is well."""
    if all(table.physical is None for table in found.logical):
        nothing = "No table that the product reads was found: is this the right database?"
        return [f"{nothing} {MAPPING}", *_unused(found), *_fitting(found)]
    parts = (_unused, _unanswered, _missing, _fitting, _unfed, _doubted, _unnamed, _slow)
    return list(dict.fromkeys(sentence for part in parts for sentence in part(found)))


def _unused(found: Health) -> Iterator[str]:
    if found.faults:
        yield (
            f"{faults.counted_by_file(found.faults)}. The list of entries says why, and what holds "
            "until they are corrected."
        )


def _unanswered(found: Health) -> Iterator[str]:
    queries = [query for query in found.queries if not query.answerable]
    pages = dict.fromkeys(page for query in queries for page in query.pages)
    if queries:
        yield (
            f"{counted(len(queries), 'query')} can't be answered, and cards are missing on "
            f"{_listed(pages)}. The list of queries says what each needs."
        )


def _missing(found: Health) -> Iterator[str]:
    missing = [t.name for t in found.logical if t.physical is None and t.queries]
    if missing:
        number = len(missing)
        yield (
            f"{counted(number, 'kind')} of rows {'was' if number == 1 else 'were'} not found "
            f"of {len(found.logical)}: "
            f"{_listed(missing)}. {MAPPING}"
        )


def _fitting(found: Health) -> Iterator[str]:
    best = [one for one in found.suggestions if one.place == 1]
    if best:
        pairs = _listed(f"{one.table} for {one.logical}" for one in best)
        yield f"By their columns other tables would do: {pairs}. Nothing of it is read unasked."


def _unfed(found: Health) -> Iterator[str]:
    for cost in found.costs:
        if cost.source is None:
            yield f"Nothing feeds {cost.category}: its cost is unknown, and in no total."


def _doubted(found: Health) -> Iterator[str]:
    for table in found.logical:
        for needs in (table.needs, *(column.needs for column in table.columns)):
            if needs.startswith("a mapping"):
                yield f"{table.name} needs {needs}: until then it is unknown."


def _unnamed(found: Health) -> Iterator[str]:
    for table in found.logical:
        for column in table.columns:
            if column.identity and column.identity.matched == 0:
                stored = bare(column.stored)
                yield (
                    f"None of the values of {table.physical}.{stored} that were tried names a row "
                    f"of {column.identity.table}: they are shown as they are."
                )


def _slow(found: Health) -> Iterator[str]:
    """Of small tables nothing is said: to read all of one is cheap."""
    columns = [
        f"{one.table}.{one.column}"
        for one in found.missing_indexes
        if one.size.rows is None or one.size.rows > COUNTED
    ]
    if columns:
        has = "has" if len(columns) == 1 else "have"
        yield (
            f"{_listed(columns)} {has} no index, so that every period reads the whole table. The "
            "statements that make one are ready to copy."
        )


def _listed(names: Iterable[str]) -> str:
    """Some names, and how many more there are."""
    known = list(dict.fromkeys(names))
    more = len(known) - NAMED
    return ", ".join(known[:NAMED]) + (f" and {more} more" if more > 0 else "")
