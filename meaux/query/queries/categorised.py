"""Categorised: expands the parts of a query file that stand for every category of cost.

The categories come from `meaux.data.categories`; the docstring of `meaux.query.queries` describes
the syntax.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from meaux.data.categories import CATEGORIES, SOURCES, Category
from meaux.data.schema import Model
from meaux.data.schema.bound_column import stem

ARMS = 5
"""The maximum number of SELECTs in a UNION ALL on D1."""

_SOURCE = re.compile(r"\bsource\b(?:\.([a-z_]+))?")
_LINE = re.compile(r"\bline\b")
_ABROAD = re.compile(r"\babroad\b")
_ENTRY = re.compile(r"(?:(personal|serviced) )?source\b(\.[a-z_]+)?")
_OF_CATEGORY = re.compile(r"\b([a-z_]+)\.category_cost\b")
_REPEATED = re.compile(r"\b(?:sum\()?[a-z_]+\.category_cost\)? AS category_cost\b")
_OLDEST = re.compile(r"\boldest\(source\.at\) AS source\b")
_NAMES = re.compile(r"'\{(?:category of ([a-z_]+)|(personal|serviced)|(branch|leaf): ([a-z]+))\}'")
_COLUMN = re.compile(r"(?m)^    \S.*\bAS ([a-z_]+),?$")


def arms(sql: str, each: str, model: Model) -> list[str]:
    """Return a SELECT for each category that has what `each` names: `source`, or a column of it."""
    column = each.partition(".")[2]
    return [arm(sql, c, model) for c in CATEGORIES if not column or _column(c, column, model)]


def arm(sql: str, category: Category, model: Model) -> str:
    """Return the SELECT of one category; a column that its table lacks is NULL."""

    def source(found: re.Match[str]) -> str:
        if found[1] is None:
            return category.table
        column = _column(category, found[1], model)
        return f"{category.table}.{column}" if column else "NULL"

    named = sql.replace("'{category}'", _literal(category.name))
    lines = _ABROAD.sub(category.abroad, _LINE.sub(category.line, named))
    return _SOURCE.sub(source, lines)


def columns_of(sql: str) -> list[str]:
    """List the columns of a SELECT that is written with one column per line."""
    return _COLUMN.findall(sql)


def written_out(sql: str, model: Model) -> str:
    """Expand category names, and each column that stands for one column per category."""

    def reported(found: re.Match[str]) -> str:
        return ",\n    ".join(
            found[0].replace("category_cost", column) for column in _reported(found[0], model)
        )

    oldest = ",\n    ".join(f"oldest({c.table}.{c.at}) AS {c.table}" for c in CATEGORIES)
    repeated = _REPEATED.sub(reported, _OLDEST.sub(oldest, sql))
    return _NAMES.sub(_named, repeated)


def returned(column: str, sql: str, model: Model) -> list[str]:
    """List the columns that a returned column stands for: one per category, or itself."""
    if column == "category_cost":
        return _reported(sql, model)
    return list(SOURCES) if column == "source" and _OLDEST.search(sql) else [column]


def entries(entry: str, model: Model, of: Sequence[Category] = CATEGORIES) -> list[str]:
    """List what an entry of a header stands for: a table or column of each category, or itself."""
    if "category_cost" in entry:
        return [entry.replace("category_cost", column) for column in _reported(entry, model)]
    if not (found := _ENTRY.fullmatch(entry)):
        return [entry]
    kind, column = found[1], (found[2] or "")[1:]
    chosen = [c for c in of if kind is None or getattr(c, kind)]
    if not column:
        return [category.table for category in chosen]
    there = [(category.table, _column(category, column, model)) for category in chosen]
    return [f"{table}.{name}" for table, name in there if name]


def _column(category: Category, name: str, model: Model) -> str:
    """Return a column of a category's table, by its own name; empty if the model has none."""
    own = category.at if stem(name) == "at" else stem(name)
    return own + name.removeprefix(stem(name)) if model.has(category.table, own) else ""


def _reported(sql: str, model: Model) -> list[str]:
    """List the columns that separate the categories in the reports that some SQL reads."""
    tables = _OF_CATEGORY.findall(sql)
    return [c.reported for c in CATEGORIES if any(model.has(t, c.reported) for t in tables)]


def _named(found: re.Match[str]) -> str:
    """Return the category names that a placeholder stands for, as a list of literals."""
    table, flag, level, kind = found.groups()
    if table:
        chosen = [category for category in CATEGORIES if category.table == table]
    elif flag:
        chosen = [category for category in CATEGORIES if getattr(category, flag)]
    else:
        chosen = [category for category in CATEGORIES if getattr(category, level) == kind]
    return ", ".join(_literal(category.name) for category in chosen) or "NULL"


def _literal(name: str) -> str:
    doubled = name.replace("'", "''")
    return f"'{doubled}'"
