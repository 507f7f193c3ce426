"""Queries: how they are written, and what each returns."""

import re
from collections.abc import Iterator
from pathlib import Path

from meaux import subjects
from meaux.cli.reference import markdown
from meaux.cli.reference.subject import about
from meaux.data.schema import Model
from meaux.query import queries
from meaux.query.queries import QUERIES, Query, reads
from meaux.query.queries.reader import PAGE_PARAMETERS, PARAMETERS

COLUMN_WORDS = {
    "date": "a local day",
    "text": "a text",
    "number": "a number, which may have decimals",
    "integer": "a whole number",
    "instant": "a point in time",
    "stored": "a value exactly as the database stores it",
    "days": "a list of local days with amounts",
}


def page(model: Model) -> Iterator[str]:
    """Yield the lines of the page of the queries."""
    yield "# Queries\n"
    yield "All named queries, by subject. `python -m meaux query NAME` writes the rows as CSV; in"
    yield "code, use `queries.NAME`.\n"
    yield "## File format\n"
    yield _written()
    yield "## Parameters\n"
    known = {**PARAMETERS, **PAGE_PARAMETERS}
    yield from markdown.table(
        ("parameter", "what it is"), [(f"`:{name}`", words) for name, words in known.items()]
    )
    yield "## Column types\n"
    yield from markdown.table(
        ("type", "what it is"), [(f"`{name}`", COLUMN_WORDS[name]) for name in queries.COLUMN_TYPES]
    )
    for file in dict.fromkeys(query.file for query in QUERIES.values()):
        yield f"## {_subject(file)}\n"
        for query in QUERIES.values():
            if query.file == file:
                yield from _query(query, model)


def _subject(file: Path) -> str:
    """Return what the queries of a file are about."""
    if file.stem != "queries":
        return file.stem.replace("choices", "filter choices").capitalize()
    return about(f"{subjects.__name__}.{file.parent.name}")


def _written() -> str:
    """Return the grammar from the docstring of its package, with the example as a block of code."""
    _, _, told = (queries.__doc__ or "").partition("\n\n")
    return re.sub(
        r"((?:^    .*\n)+)",
        lambda found: "```sql\n" + re.sub(r"(?m)^    ", "", found[1]) + "```\n",
        told,
        flags=re.MULTILINE,
    )


def _query(query: Query, model: Model) -> Iterator[str]:
    yield f"### {query.name}\n"
    yield f"{query.about}\n"
    yield from markdown.table(
        ("column", "type"), [(f"`{name}`", type_) for name, type_ in query.returns.items()]
    )
    yield f"Reads {markdown.codes(sorted(reads.tables(query.name) & model.tables.keys()))}.\n"
