"""Names: what a statement names, as the parser sees it and as SQLite's own tokens are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlglot import exp

from meaux.subjects.health.sql.guard import spelt
from meaux.subjects.health.sql.reading import Reading, parsed
from meaux.subjects.health.sql.tokens import Token, tokens


@dataclass(frozen=True)
class Names:
    """The names of a statement, in lower case.

    - `tables`: what it reads by a name, `made` by WITH or of the database; `functions`: what it
      reads by a call. `odd`: tables that are quoted, or named with their database.
    - `renamed`: tables that have an alias. `given`: every name that the statement gives.
    - `columns`: all columns; `bare`: those without a table; `qualified`: the others, each with the
      tables that its table or alias may be. `stars`: whether it lists all columns.
    - `tokens`: how often each name stands in it, whatever it means; `accounted`: how often the
      parser sees it as a column, an alias or a text, but not as a table.
    - `is_in_table`: whether IN is followed by a name instead of a list.
    """

    tables: frozenset[str]
    functions: frozenset[str]
    odd: frozenset[str]
    renamed: frozenset[str]
    made: frozenset[str]
    given: frozenset[str]
    columns: frozenset[str]
    bare: frozenset[str]
    qualified: frozenset[tuple[frozenset[str], str]]
    stars: bool
    tokens: Counter[str]
    accounted: Counter[str]
    is_in_table: bool


def named(reading: Reading) -> Names:
    """Return the names of a statement."""
    query = parsed(reading.sql)
    read = [*query.find_all(exp.Table)]
    by_name = [table for table in read if isinstance(table.this, exp.Identifier)]
    columns = [
        one
        for one in query.find_all(exp.Column)
        if isinstance(one.this, exp.Identifier) and not one.this.quoted
    ]
    found = [token for token in tokens(reading.sql) if token.kind != "space"]
    return Names(
        tables=_lowered(table.name for table in by_name),
        functions=_lowered(
            _name_of(table.this) for table in read if not isinstance(table.this, exp.Identifier)
        ),
        odd=_lowered(t.name for t in by_name if t.this.quoted or t.db or t.catalog),
        renamed=_lowered(t.name for t in by_name if t.alias and t.alias != t.name),
        made=_lowered(made.alias for made in query.find_all(exp.CTE)),
        given=_lowered(_given(query)),
        columns=_lowered(one.name for one in columns),
        bare=_lowered(one.name for one in columns if not one.table),
        qualified=frozenset(
            (reading.tables.get(one.table.lower(), frozenset()), one.name.lower())
            for one in columns
            if one.table
        ),
        stars=any(not isinstance(star.parent, exp.Count) for star in query.find_all(exp.Star)),
        tokens=Counter(filter(None, map(spelt, found))),
        accounted=_accounted(query),
        is_in_table=_is_in_table(found),
    )


def _given(query: exp.Expression) -> Iterator[str]:
    """Yield the names that a statement gives to columns and tables, and to columns of tables."""
    for alias in query.find_all(exp.Alias):
        yield alias.alias
    for table in query.find_all(exp.TableAlias):
        yield table.name
        yield from (column.name for column in table.columns)


def _lowered(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name.lower() for name in names)


def _name_of(call: exp.Expression) -> str:
    return call.name if isinstance(call, exp.Anonymous) else type(call).__name__


def _accounted(query: exp.Expression) -> Counter[str]:
    identifiers = (
        one for one in query.find_all(exp.Identifier) if not isinstance(one.parent, exp.Table)
    )
    texts = (one for one in query.find_all(exp.Literal) if one.is_string)
    return Counter(str(one.this).lower() for one in (*identifiers, *texts))


def _is_in_table(found: Sequence[Token]) -> bool:
    return any(one.word == "IN" and two.text != "(" for one, two in pairwise(found))
