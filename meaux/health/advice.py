"""Advice: what is wrong with a database, most important first, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from meaux.health.findings import Health
from meaux.plurals import counted

NAMED = 5
"""How many names a sentence lists."""


def advice(found: Health) -> list[str]:
    """A sentence for each thing to do; none where all is well."""
    if all(table.physical is None for table in found.logical):
        return [
            "No table that the product reads was found. Is this the right database? If its tables "
            "have other names, fill in the mapping that stands below Columns."
        ]
    return [*_unanswered(found), *_unfed(found), *_doubted(found), *_unnamed(found), *_slow(found)]


def _unanswered(found: Health) -> Iterator[str]:
    queries = [query for query in found.queries if not query.answerable]
    missing = [t.needs for t in found.logical if t.physical is None and t.queries]
    if queries:
        pages = dict.fromkeys(page for query in queries for page in query.pages)
        yield (
            f"{counted(len(queries), 'query')} can't be answered: what they would show is missing "
            f"on {_listed(pages)}. Queries says what each needs."
        )
    if missing:
        yield (
            f"{counted(len(missing), 'kind')} of rows {'is' if len(missing) == 1 else 'are'} not "
            f"found: {_listed(missing)}. If they stand elsewhere, fill in the mapping below Columns."
        )


def _unfed(found: Health) -> Iterator[str]:
    for cost in found.costs:
        if cost.source is None:
            yield f"Nothing feeds {cost.category}: its cost is unknown, and in no total."


def _doubted(found: Health) -> Iterator[str]:
    for table in found.logical:
        for needs in dict.fromkeys([table.needs, *(column.needs for column in table.columns)]):
            if needs.startswith("a mapping"):
                yield f"{table.name} needs {needs}: until then its cost is unknown."


def _unnamed(found: Health) -> Iterator[str]:
    for table in found.logical:
        for column in table.columns:
            if column.identity and column.identity.matched == 0:
                yield (
                    f"None of the tried values of {table.physical}.{column.stored} names a row of "
                    f"{column.identity.table}: its rows are shown under the values themselves."
                )


def _slow(found: Health) -> Iterator[str]:
    missing = found.missing_indexes
    if missing:
        yield (
            f"{counted(len(missing), 'column')} of periods {_have(len(missing))} no index, so that "
            "each page reads whole tables: Indexes has the statements to copy."
        )


def _have(number: int) -> str:
    return "has" if number == 1 else "have"


def _listed(names: Iterable[str]) -> str:
    """Some names, and how many more there are."""
    known = list(dict.fromkeys(names))
    more = len(known) - NAMED
    return ", ".join(known[:NAMED]) + (f" and {more} more" if more > 0 else "")
