"""Advice: what is wrong with a database, most important first, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meaux.data import faults
from meaux.data.schema.model import bare
from meaux.data.schema.sizes import COUNTED
from meaux.subjects.health.findings import Health
from meaux.wording import counted

MAPPING = "Map other names in .streamlit/schema.toml, with the mapping template."
NAMED = 5
"""Maximum number of names in a sentence."""


def advice(found: Health) -> list[str]:
    """Return a sentence for each thing to do; none if all is well."""
    if all(table.physical is None for table in found.logical):
        nothing = "No readable tables found. Is this the right database?"
        return [f"{nothing} {MAPPING}", *_unused(found), *_fitting(found)]
    parts = (_unused, _unanswered, _missing, _fitting, _unfed, _doubted, _unnamed, _slow)
    return list(dict.fromkeys(sentence for part in parts for sentence in part(found)))


def _unused(found: Health) -> Iterator[str]:
    if found.faults:
        yield (
            f"{faults.counted_by_file(found.faults)}. The list of invalid entries shows why and "
            "what applies until they are corrected."
        )


def _unanswered(found: Health) -> Iterator[str]:
    queries = [query for query in found.queries if not query.answerable]
    pages = dict.fromkeys(page for query in queries for page in query.pages)
    if queries:
        yield (
            f"{counted(len(queries), 'query')} can't be answered. Cards are missing on "
            f"{_listed(pages)}. See Queries for what each needs."
        )


def _missing(found: Health) -> Iterator[str]:
    missing = [t.name for t in found.logical if t.physical is None and t.queries]
    if missing:
        yield (
            f"{len(missing)} of {len(found.logical)} logical tables not mapped: "
            f"{_listed(missing)}. {MAPPING}"
        )


def _fitting(found: Health) -> Iterator[str]:
    best = [one for one in found.suggestions if one.place == 1]
    if best:
        pairs = _listed(f"{one.table} for {one.logical}" for one in best)
        yield f"Tables with similar columns: {pairs}. They are used only if you map them."


def _unfed(found: Health) -> Iterator[str]:
    for cost in found.costs:
        if cost.source is None:
            yield f"No source for {cost.category}: its cost is unknown and left out of cost totals."


def _doubted(found: Health) -> Iterator[str]:
    for table in found.logical:
        for needs in (table.needs, *(column.needs for column in table.columns)):
            if needs.startswith("a mapping"):
                yield f"{table.name} needs {needs}; unknown until then."


def _unnamed(found: Health) -> Iterator[str]:
    for table in found.logical:
        for column in table.columns:
            if column.identity and column.identity.matched == 0:
                stored = bare(column.stored)
                yield (
                    f"No sampled value of {table.physical}.{stored} matches a row in "
                    f"{column.identity.table}: raw values are shown."
                )


def _slow(found: Health) -> Iterator[str]:
    """Yield advice on missing indexes; small tables need none, as scanning them is cheap."""
    columns = [
        f"{one.table}.{one.column}"
        for one in found.missing_indexes
        if one.size.rows is None or one.size.rows > COUNTED
    ]
    if columns:
        has = "has" if len(columns) == 1 else "have"
        yield (
            f"{_listed(columns)} {has} no index, so every query scans the whole table. Copy the "
            "listed statements to add one."
        )


def _listed(names: Iterable[str]) -> str:
    """Return the first names, and how many more there are."""
    known = list(dict.fromkeys(names))
    more = len(known) - NAMED
    return ", ".join(known[:NAMED]) + (f" and {more} more" if more > 0 else "")
