"""Tables of the copy: the name, the columns and the types of each, made from a binding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from meaux.data.schema import Binding, BoundTable, Model
from meaux.data.schema.model import NUMBER_TYPES, LogicalColumn, LogicalTable

MONTH = "loaded_month"
"""The column by which a table is split: 202611, or 0 for rows without a time. A month is loaded as
a whole and replaced at once, so no row is there twice."""

GONE = "gone"
"""Whether a row is deleted, but may be referenced."""

APART = "__apart"
"""The end of the name of a table with the rows that don't count, which no number reads."""
KIND = "apart"
"""The column that says why such a row doesn't count."""

NUMBER = "Nullable(Float64)"
TEXT = "Nullable(String)"
FEW_TEXTS = "LowCardinality(Nullable(String))"
FLAG = "Nullable(UInt8)"
MARK = "UInt8"
INSTANT = "Nullable(DateTime64(3, 'UTC'))"

_TYPES = {
    **dict.fromkeys(NUMBER_TYPES, NUMBER),
    **dict.fromkeys(("key", "text"), TEXT),
    **dict.fromkeys(("word", "currency"), FEW_TEXTS),
    "flag": FLAG,
    "instant": INSTANT,
}
_CHECKED = (*NUMBER_TYPES, "flag", "instant")
"""The types whose values may be unreadable."""

TIMES = {"workflow_step": "started", "stored_object": "uploaded"}
"""The time of the rows of tables in which none is required."""
WHOLE = frozenset({"email_queue", "progress"})
"""Tables that have a time, but of which every query reads all rows."""


@dataclass(frozen=True)
class CopiedColumn:
    """A column of the copy, its ClickHouse type, and how it is read: in the language of queries.

    An instant is read in milliseconds since 1970.
    """

    name: str
    type: str
    read: str


@dataclass(frozen=True)
class CopiedTable:
    """A table of the copy: its logical name, its columns, and the instant that tells its months.

    Without `time` the table is loaded as a whole, as month 0. `kinds` are those of rows that don't
    count, if the table is of such.
    """

    name: str
    columns: tuple[CopiedColumn, ...]
    time: str
    kinds: tuple[str, ...] = ()

    @property
    def logical(self) -> str:
        """The logical table whose rows it has."""
        return self.name.removesuffix(APART)

    @property
    def title(self) -> str:
        """The name shown to people."""
        return f"{self.logical}, not counted" if self.kinds else self.name

    @property
    def order(self) -> tuple[str, ...]:
        """The columns by which the rows are sorted."""
        names = {column.name for column in self.columns}
        first = (self.time,) if self.time else ()
        return first + tuple(one for one in ("key", "id") if one in names)[:1]

    def layout(self) -> str:
        """Return the columns and the engine, as they follow the table's name in CREATE TABLE."""
        columns = [(MONTH, "UInt32"), *((one.name, one.type) for one in self.columns)]
        return _layout(columns, self.order, split=MONTH)


def _layout(columns: list[tuple[str, str]], order: tuple[str, ...], split: str = "") -> str:
    lines = ",\n".join(f"  `{name}` {type_}" for name, type_ in columns)
    partition = f"\nPARTITION BY `{split}`" if split else ""
    by = ", ".join(f"`{name}`" for name in order) if order else "tuple()"
    settings = "\nSETTINGS allow_nullable_key = 1" if order else ""
    return f"(\n{lines}\n)\nENGINE = MergeTree{partition}\nORDER BY ({by}){settings}"


EVIDENCE, LOADS, RUNS = "meaux_evidence", "meaux_loads", "meaux_runs"
_AT = "DateTime64(3, 'UTC')"


@dataclass(frozen=True)
class OwnTable:
    """A table of the loader's own: its columns with their types, and its engine."""

    columns: Mapping[str, str]
    engine: str

    def layout(self) -> str:
        """Return the columns and the engine, as they follow the table's name in CREATE TABLE."""
        lines = ",\n".join(f"  `{name}` {type_}" for name, type_ in self.columns.items())
        return f"(\n{lines}\n)\nENGINE = {self.engine}"


OWN_TABLES = {
    EVIDENCE: OwnTable(
        {"at": _AT, "evidence": "String"}, "ReplacingMergeTree(`at`)\nORDER BY tuple()"
    ),
    LOADS: OwnTable(
        {"table": "String", "month": "UInt32", "at": _AT, "rows": "UInt64", "recipe": "String"},
        "ReplacingMergeTree(`at`)\nORDER BY (`table`, `month`)",
    ),
    RUNS: OwnTable(
        {
            "started": _AT,
            "ended": _AT,
            "source": "String",
            "months": "UInt32",
            "rows": "UInt64",
            "complete": "UInt8",
            "left": "Array(String)",
        },
        "MergeTree\nORDER BY `started`",
    ),
}
"""The loader's own tables, by name. A column may be added; a copy of before gets it at a load.

- `meaux_evidence`: what the binding was made from (`Evidence`), read with FINAL.
- `meaux_loads`: per table and month, when it was read from the source, its rows, and a digest of
  how they were read; read with FINAL.
- `meaux_runs`: each run of the loader, again after each table. `left` are the tables that it has
  not loaded yet; it is `complete` if it ended with none. The copy is as old as the newest `started`
  of a complete run.
"""


def copied(binding: Binding) -> dict[str, CopiedTable]:
    """Return the table of each bound logical table that some card reads, by name."""
    model = binding.model
    return {
        name: copied_table(bound, model)
        for name, bound in binding.tables.items()
        if not model.tables[name].unread
    }


def copied_apart(binding: Binding) -> dict[str, CopiedTable]:
    """Return the tables of rows that don't count, by name: one if a copied table may have some."""
    found = ((table, binding.tables[name].kinds_apart) for name, table in copied(binding).items())
    kind = CopiedColumn(KIND, FEW_TEXTS, KIND)
    return {
        table.name + APART: CopiedTable(
            table.name + APART, (kind, *table.columns), table.time, kinds
        )
        for table, kinds in found
        if kinds
    }


def copied_table(bound: BoundTable, model: Model) -> CopiedTable:
    """Return the copy's table of a logical table, with the columns that the binding has."""
    logical = model.tables[bound.logical]
    time = _time(logical)
    columns = [
        column
        for name in bound.columns
        for column in _columns(logical, logical.columns[name], model, is_timed=bool(time))
    ]
    if logical.identities:
        columns.append(CopiedColumn(GONE, MARK, f"NOT there({logical.name}.id)"))
    return CopiedTable(logical.name, tuple(columns), time if time in bound.columns else "")


def _time(logical: LogicalTable) -> str:
    """Return the instant by whose months a table is loaded; empty if it is loaded as a whole."""
    if logical.name in WHOLE:
        return ""
    required = (c.name for c in logical.columns.values() if c.type == "instant" and c.required)
    return TIMES.get(logical.name) or next(required, "")


def _columns(
    logical: LogicalTable, column: LogicalColumn, model: Model, *, is_timed: bool
) -> Iterator[CopiedColumn]:
    """Yield a column and what queries read besides its value, which the copy can't work out."""
    name, read = column.name, f"{logical.name}.{column.name}"
    is_instant, refers = column.type == "instant", model.referred(column) is not None
    type_ = FEW_TEXTS if refers else _TYPES[column.type]
    yield CopiedColumn(name, type_, f"{read}_milliseconds" if is_instant else read)
    if is_instant:
        yield CopiedColumn(f"{name}_timed", FLAG, f"{read}_timed")
    if column.type in _CHECKED:
        yield CopiedColumn(f"{name}_unread", MARK, f"coalesce({read}_unread, 0)")
    if column.type == "money":
        yield CopiedColumn(f"{name}_foreign", NUMBER, f"{read}_foreign")
        yield CopiedColumn(f"{name}_span", FEW_TEXTS, f"{read}_span")
    if column.type == "money" and not is_timed:
        stored = f"nullif({read}_stored, ''), nullif({read}_stored_2, ''), {read}_stored_3"
        yield CopiedColumn(f"{name}_stored", TEXT, f"coalesce({stored})")
    if name == "name":
        yield CopiedColumn(f"{name}_plain", TEXT, f"{read}_plain")
