"""Names: the identifiers by which other tables reference the rows of a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from meaux.data.database import Rows, Statement
from meaux.data.schema import identity, reading
from meaux.data.schema.bound import BoundTable
from meaux.data.schema.bound_column import BoundColumn
from meaux.data.schema.catalog import Catalog, PhysicalTable
from meaux.data.schema.columns import EXAMPLES, Values, bound_column, plain, present
from meaux.data.schema.model import LogicalTable, Model, quoted
from meaux.data.schema.rows import counts_where

NAMES_TRIED = 10_000
"""The maximum number of rows that are read to detect the identifier of a reference."""


def naming(model: Model, catalog: Catalog) -> dict[str, Statement]:
    """Build a statement for each referenced logical table, which reads the identifiers of its rows.

    The columns are the id as stored, then the table's identities in the model's order; the last one
    is 1 if a row is deleted, else 0.
    """
    return {
        logical.name: Statement(
            f"SELECT {', '.join(expressions.values())}, {_is_gone(logical, table)} AS gone "
            f"FROM main.{quoted(table.name)} LIMIT {NAMES_TRIED}"
        )
        for logical in model.tables.values()
        for table, expressions in [_named_by(logical, catalog)]
        if table and expressions
    }


def _is_gone(logical: LogicalTable, table: PhysicalTable) -> str:
    where = counts_where(logical, table).removeprefix("WHERE ")
    return f"NOT coalesce({where}, 0)" if where else "0"


AS_WRITTEN = "as written"
"""The key of the id as stored among the identifiers of a row."""


def _named_by(
    logical: LogicalTable, catalog: Catalog
) -> tuple[PhysicalTable | None, dict[str, str]]:
    """Return the first table that holds the rows, and SQL for each of their identifiers."""
    found = filter(None, map(catalog.meant, logical.candidates if logical.identities else ()))
    table = next(found, None)
    columns = {
        by: bound_column(logical.columns[identity.column_of(by)], table, {})
        for by in logical.identities
        if table
    }
    names = {by: identity.written(by, column.value()) for by, column in columns.items() if column}
    own = columns.get(identity.OWN)
    as_written = {AS_WRITTEN: replace(own, folds=False, later=()).value()} if own else {}
    return table, as_written | names


Names = Mapping[str, Sequence[str | None]]
"""The identifiers of a table's rows: for each identity, one per row."""

SCOPES = ("org_id", "organization_id", "tenant_id", "account_id", "workspace_id", "company_id")
"""Columns that may form a two-column key with an id."""


@dataclass(frozen=True)
class Named:
    """The identifiers of the rows of a referenced table.

    `exact` is true if ids differ by case. `scope` is the first column of a two-column key, without
    which an id may mean several rows. `alike` is true if several ids share a name.
    """

    names: Names
    exact: bool
    scope: str = ""
    alike: bool = False


def named(model: Model, catalog: Catalog, name: str, rows: Rows) -> Named:
    """Return the identifiers of a table's rows from the answer to its statement of `naming`."""
    table, expressions = _named_by(model.tables[name], catalog)
    of_rows = [
        _names(expressions, [row[:-1] for row in rows.rows if (row[-1] == 1) is gone])
        for gone in (False, True)
    ]
    names, alike = of_rows[0], any(map(_are_alike, of_rows))
    own = bound_column(model.tables[name].columns[identity.OWN], table, {}) if table else None
    column = table.column(own.stored) if table and own else None
    if table is None or column is None:
        return Named(names, exact=False, alike=alike)
    if table.is_unique(column):
        return Named(names, _tells_case_apart(names[AS_WRITTEN]), alike=alike)
    there = (found.spelt for found in map(table.called, SCOPES) if found)
    scope = next((beside for beside in there if table.is_unique(beside, column)), "")
    return Named(names, exact=False, scope=scope, alike=alike)


def _names(bys: Iterable[str], rows: Sequence[Sequence[object]]) -> Names:
    """Return the identifiers of some rows, for each identity."""
    bys = list(bys)
    columns = zip(*rows, strict=True) if rows else [()] * len(bys)
    return {
        by: [None if value is None else str(value) for value in values]
        for by, values in zip(bys, columns, strict=True)
    }


def _tells_case_apart(ids: Iterable[str | None]) -> bool:
    """Return whether some ids differ only by case in a table with unique ids."""
    written = {id_ for id_ in ids if id_}
    return len({reading.folded(id_) for id_ in written}) < len(written)


def identified(
    option: BoundTable | str,
    model: Model,
    catalog: Catalog,
    values: Mapping[str, Values],
    known: Mapping[str, Named],
) -> BoundTable | str:
    """Return the table with the detected identity of each of its foreign keys."""
    if isinstance(option, str):
        return option
    table, met = catalog.tables[option.physical.lower()], values[option.physical.lower()]
    columns = dict(option.columns)
    for name, column in option.columns.items():
        wanted = model.tables[option.logical].columns[name]
        referred = model.referred(wanted)
        if referred and referred.name in known:
            named = known[referred.name]
            first, *later = (
                _naming_by(one, wanted.identity, referred.name, named, table, met)
                for one in column.all
            )
            columns[name] = replace(first, later=tuple(later))
    own = known.get(option.logical)
    if own is None:
        return replace(option, columns=columns)
    scope = quoted(own.scope) if own.scope else ""
    key = replace(columns[identity.OWN], folds=not own.exact, scope=scope)
    return replace(
        option,
        columns=columns | {identity.OWN: key},
        repeated=() if scope else _repeated(own.names),
        alike=own.alike,
    )


def _naming_by(  # noqa: PLR0913, PLR0917  the inputs of the detection
    column: BoundColumn,
    declared: str | None,
    referred: str,
    named: Named,
    table: PhysicalTable,
    values: Values,
) -> BoundColumn:
    """Return the column with the identity that its sampled values match.

    If an id needs a scope, the column of the same name is used. Without such a column, an id refers
    to the only row that has it.
    """
    met = present(values.get(plain(column.stored), ()))
    names = {
        by: {name for name in of_rows if name is not None}
        for by, of_rows in named.names.items()
        if by != AS_WRITTEN
    }
    found = identity.identified(referred, met, names, by=declared)
    scope = table.called(named.scope) if named.scope and found.is_own else None
    if named.scope and found.is_own and scope is None:
        found = replace(found, by=identity.BARE)
    return replace(
        column,
        identity=found,
        folds=not named.exact,
        scope=quoted(scope.spelt) if scope else "",
    )


def _repeated(names: Names) -> tuple[str, ...]:
    """Return examples of ids that several rows of a table share."""
    count = Counter(id_ for id_ in names.get(identity.OWN, ()) if id_)
    return tuple(id_ for id_, times in count.items() if times > 1)[:EXAMPLES]


def _are_alike(names: Names) -> bool:
    """Return whether several ids share a name, so that names need their id."""
    pairs = set(zip(names.get(identity.OWN, ()), names.get("name", ()), strict=False))
    count = Counter(name for _, name in pairs if name)
    return any(times > 1 for times in count.values())
