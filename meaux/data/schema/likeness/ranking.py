"""Ranking: which tables could serve a logical table, best first, and how well."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from meaux.data.schema.binding import Binding
from meaux.data.schema.catalog import Catalog, PhysicalTable, plain
from meaux.data.schema.columns import Values
from meaux.data.schema.likeness import stems
from meaux.data.schema.likeness.fits import Fit, How, fits_of, known_names
from meaux.data.schema.likeness.kinds import Kind, kinds
from meaux.data.schema.likeness.looked import Looked
from meaux.data.schema.model import LogicalColumn, LogicalTable, Model, read_model

FLOOR = 0.5
"""The lowest score of a suggested table."""
STRENGTH: Mapping[How, float] = {"spelling": 1.0, "words": 0.7, "values": 0.4}
"""The weight of each way to find a column."""
TELLING, REQUIRED, PLAIN = 3, 2, 1
"""The weights of columns: those that identify the kind, required ones, and all others."""
NAMED = 0.25
"""The bonus for a table name that matches the kind."""
FEEDING = 0.5
"""The factor on the score of a table that already serves another kind."""


@dataclass(frozen=True)
class Likeness:
    """A table that could serve a logical one, with its score, its matching and missing columns.

    `score` is from 0 to 1. If the table also holds rows of another kind, only the rows with a value
    in `filled`, or those without one in `blank`, would count.
    """

    logical: str
    table: str
    score: float
    fits: tuple[Fit, ...]
    lacking: tuple[str, ...]
    filled: str = ""
    blank: str = ""

    @property
    def only(self) -> str:
        """SQL for the rows that would count, with columns in braces; empty if all do."""
        column = "{" + (self.filled or self.blank) + "}"
        if self.filled:
            return f"coalesce({column}, '') <> ''"
        return f"coalesce({column}, '') = ''" if self.blank else ""

    def mapping(self) -> str:
        """Return the entry of `schema.toml` that makes the table serve."""
        lines = [f"[{self.logical}]", f"tables = [{_text(self.table)}]"]
        if self.only:
            lines.append(f"only = {{ {_text(self.table.lower())} = {_text(self.only)} }}")
        entries = [f"{fit.column} = {_entry(fit)}" for fit in self.fits if fit.said]
        lines += [f"[{self.logical}.columns]", *entries] if entries else []
        return "\n".join(lines) + "\n"


def _entry(fit: Fit) -> str:
    if not fit.encoding:
        return _text(fit.source)
    return f"{{ from = {_text(fit.source)}, encoding = {_text(fit.encoding)} }}"


def _text(words: str) -> str:
    """Write a TOML string; TOML requires control characters to be escaped."""
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")


def missing(binding: Binding) -> list[LogicalTable]:
    """List the logical tables that a query reads and that have no physical table, or no rows."""
    fed = {bound.logical for bound in binding.tables.values() if bound.has_rows}
    tables = binding.model.tables.values()
    return [logical for logical in tables if logical.name not in fed and not logical.unread]


def ranked(
    binding: Binding,
    catalog: Catalog,
    values: Mapping[str, Values] | None = None,
    empty: Collection[str] = (),
) -> dict[str, list[Likeness]]:
    """Return similar tables for each missing logical table, best first.

    `values` are those of a few rows, by table in lower case; without them only names and types
    count. `empty` are the tables, in lower case, that are known to have no rows. The score of a
    table is halved if it serves another kind of row, or is more like one.
    """
    rowless = {*map(str.lower, empty), *_without_rows(binding)}
    tables = [
        Looked(table, (values or {}).get(table.name.lower()))
        for table in _eligible(catalog)
        if table.name.lower() not in rowless
    ]
    found = (_alike(binding.model, one, table) for one in missing(binding) for table in tables)
    return _apart(binding, filter(None, found))


def _alike(model: Model, logical: LogicalTable, looked: Looked) -> Likeness | None:
    """Score a table for a logical one; None if it holds another kind of row."""
    kind, table = kinds().get(logical.name, Kind()), looked.table
    named = _is_named(logical, kind, table)
    if kind.unlike & stems.stems(table.name) or not (named or _may_tell(logical, kind, looked)):
        return None
    fits = fits_of(logical, looked)
    bound = {fit.column for fit in fits}
    if any(column.required and column.name not in bound for column in logical.columns.values()):
        return None
    by_name = {fit.column for fit in fits if fit.how != "values"}
    told = [group for group in kind.tells if group <= by_name]
    if not (told or named):
        return None
    return Likeness(
        logical.name,
        table.name,
        _score(logical, fits, frozenset().union(*told), named=named),
        tuple(fits),
        tuple(n for n, c in logical.columns.items() if n not in bound and not c.quiet),
        *_apart_by(model, kind, looked, fits),
    )


def _is_named(logical: LogicalTable, kind: Kind, table: PhysicalTable) -> bool:
    """Return whether a table's name matches the kind: it is known but incomplete, or similar."""
    is_known = plain(table.name) in map(plain, logical.candidates)
    return is_known or any(stems.is_called(table.name, phrase) for phrase in kind.named)


def _may_tell(logical: LogicalTable, kind: Kind, looked: Looked) -> bool:
    """Return whether names could match the kind at all: a quick test that excludes most tables."""
    return any(
        all(_may_be_there(logical.columns[column], looked) for column in group)
        for group in kind.tells
    )


def _may_be_there(wanted: LogicalColumn, looked: Looked) -> bool:
    """Return whether some name in a table might be of a column; the exact test comes later."""
    known = known_names(wanted.candidates, wanted.type)
    words = looked.words
    return (
        not known.plain.isdisjoint(looked.plain)
        or any(core <= words for core in known.cores)
        or (wanted.name == "duration_ms" and not stems.NANO.isdisjoint(words))
    )


def _score(
    logical: LogicalTable, fits: Iterable[Fit], telling: Collection[str], *, named: bool
) -> float:
    """Return the share of the columns' weight that was found, with the bonus for the table's name.

    How a column was found scales its weight. Row numbers have no weight.
    """
    weights = {
        c.name: TELLING if c.name in telling else REQUIRED if c.required else PLAIN
        for c in logical.columns.values()
        if c.candidates[:1] != ("rowid",) and not c.quiet
    }
    found = sum(STRENGTH[fit.how] * weights.get(fit.column, 0) for fit in fits)
    return round((1 - NAMED) * found / sum(weights.values()) + NAMED * named, 3)


def _eligible(catalog: Catalog) -> list[PhysicalTable]:
    """List the tables that hold user data."""
    return [
        table
        for name, table in sorted(catalog.tables.items())
        if table.kind != "virtual"
        and name not in catalog.shadows
        and not name.startswith(("_cf_", "sqlite_", "d1_migrations"))
    ]


def _without_rows(binding: Binding) -> set[str]:
    """Return the tables, in lower case, that are known from the binding to have no rows."""
    spare = (table for logical in binding.others for table in binding.spare(logical))
    bound = (*binding.tables.values(), *spare)
    return {table.physical.lower() for table in bound if not table.has_rows}


def _apart(binding: Binding, found: Iterable[Likeness]) -> dict[str, list[Likeness]]:
    """Assign the likenesses to logical tables, best first, without those below the floor.

    Each kind of row, the best match first, takes its most similar table; among equal scores, the
    table with more known columns.
    """
    owners = {b.physical: b.logical for b in binding.tables.values() if b.has_rows}
    placed: dict[str, list[Likeness]] = {}
    for one in sorted(found, key=_order):
        owner = owners.get(one.table)
        free = owner is None or _may_share(owner, one)
        placed.setdefault(one.logical, []).append(
            one if free else replace(one, score=round(one.score * FEEDING, 3))
        )
        if owner is None and len(placed[one.logical]) == 1:
            owners[one.table] = one.logical
    best = {
        name: sorted((one for one in options if one.score >= FLOOR), key=_order)
        for name, options in placed.items()
    }
    return {name: best[name] for name in binding.model.tables if best.get(name)}


def _order(one: Likeness) -> tuple[float, int, str, str]:
    return -one.score, -len(one.fits), one.table, one.logical


def _may_share(owner: str, one: Likeness) -> bool:
    """Return whether a table may serve two kinds: the product allows it, or its rows differ."""
    own = read_model().tables
    first, second = (set(own[name].candidates) for name in (owner, one.logical))
    return owner == one.logical or bool(one.only) or not first.isdisjoint(second)


def _apart_by(model: Model, kind: Kind, looked: Looked, fits: Iterable[Fit]) -> tuple[str, str]:
    """Return the column that rows of a kind fill, and the one that they leave empty; or ""."""
    if kind.without and (other := _column_of(model, kind.without, looked)):
        return "", other
    own = next((f.source for f in fits if f.column == kind.with_ and "{" not in f.source), "")
    return (own if own and _column_of(model, kind.shared, looked) else "", "")


def _column_of(model: Model, entry: str, looked: Looked) -> str | None:
    """Return the column of a table that a logical column of another kind would be read from."""
    table, _, column = entry.partition(".")
    fits = fits_of(model.tables[table], looked)
    return next((f.source for f in fits if f.column == column and "{" not in f.source), None)
