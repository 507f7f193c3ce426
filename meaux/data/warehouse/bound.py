"""Bound copies: a binding whose tables are read from their copies, already in the model's types.

The loader has settled what is odd in the source: keys are resolved, words are folded, money is in
dollars, deleted and duplicate rows are in tables beside them. So plain columns are read. A column
keeps what is known of its source, for texts.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from meaux.data.schema import Binding, BoundTable
from meaux.data.schema.bound_column import STORED, BoundColumn
from meaux.data.schema.encodings import DAYS
from meaux.data.schema.model import TEXT_TYPES, quoted
from meaux.data.warehouse.tables import APART, KIND, copied_table

_Bounds = tuple[()] | tuple[str, str]

_START = "CAST(:from_s AS INTEGER)", ":start_day"
_END = "CAST(:to_s AS INTEGER)", ":end_day"
"""The bounds of the window: for times in epoch seconds, for bare days as days."""


@dataclass(frozen=True)
class BoundCopyColumn(BoundColumn):
    """A column of a copy, by its logical name.

    The SQL has the functions of ClickHouse where SQLite has no types for times.
    """

    name: str = ""
    beside: frozenset[str] = frozenset()
    """The suffixes of the columns that are stored beside it."""

    @property
    def lookups(self) -> tuple[()]:
        """No lookups: keys are resolved."""
        return ()

    def value(self) -> str:
        """Return SQL for the value in its logical type; a time in epoch seconds."""
        if self.type == "instant":
            return f"floor(toUnixTimestamp64Milli({self.name}) / 1000)"
        return self.name

    own_value = value
    meant = value

    def plain(self) -> str:
        """Return SQL for a name alone."""
        return f"{self.name}_plain"

    def raw(self, place: int) -> str:
        """Return SQL for the value as the source had it, if the copy keeps it, else the value."""
        if place > 0:
            return "NULL"
        return self._beside(STORED[0]) or self.name

    def _beside(self, suffix: str) -> str:
        return f"{self.name}{suffix}" if suffix in self.beside else ""

    def order(self) -> str:
        """Return SQL for the sort key."""
        return self.milliseconds() if self.type == "instant" else self.name

    def milliseconds(self) -> str:
        """Return SQL for an instant in epoch milliseconds."""
        return f"toFloat64(toUnixTimestamp64Milli({self.name}))"

    @property
    def _kinds(self) -> str:
        """Whether its values are `days`, `times`, or both."""
        read = {name for one in self.all for name in (*one.encodings, *one.also)}
        if read.isdisjoint(DAYS):
            return "times"
        return "days" if read <= set(DAYS) else "both"

    def _of_kinds(self, of_time: str, of_day: str, timed: str = "") -> str:
        """Return SQL that reads times in one way and bare days in another."""
        both = f"iif({timed or self.timed()}, {of_time}, {of_day})"
        return {"times": of_time, "days": of_day, "both": both}[self._kinds]

    def local_day(self, shift: str) -> str:  # noqa: ARG002 - the engine knows the zones
        """Return SQL for the local day; instead of `shift` it uses the parameter `:zone`."""
        # A block has few days: as words of a small dictionary, each is written and compared once.
        days = (
            f"toString(toLowCardinality(toDate({self.name}, {zone})))"
            for zone in (":zone", "'UTC'")
        )
        return self._of_kinds(*days)

    def timed(self) -> str:
        """Return SQL for whether an instant has a time of day, 1 or 0."""
        return {"times": "1", "days": "0", "both": f"{self.name}_timed"}[self._kinds]

    def in_window(self, written: str = "") -> str:
        """Return SQL for "within the window"."""
        return self._within(written, _START, _END)

    def since_start(self, written: str = "") -> str:
        """Return SQL for "not before the window"."""
        return self._within(written, _START)

    def _within(self, written: str, start: _Bounds = (), end: _Bounds = ()) -> str:
        """Return a range of times, and one of days where a value may be a bare day."""
        stored = f"{written}{STORED[0]}" if written else self.name

        def within(kind: int) -> str:
            bounds = [f"{stored} >= {_instant(start[kind])}"] if start else []
            bounds += [f"{stored} < {_instant(end[kind])}"] if end else []
            return f"({' AND '.join(bounds)})"

        time, day = within(0), within(1)
        kept = self._of_kinds(time, day, f"{written or self.name}_timed")
        # The plain ranges come first, so that the primary key serves them.
        return f"(({time} OR {day}) AND {kept})" if self._kinds == "both" else kept

    def newest(self, written: str, source: str) -> str:
        """Return SQL for the newest instant of a table up to the end of the window."""
        until = self._within(written, end=_END)
        last = f"ORDER BY {written}{STORED[0]} DESC LIMIT 1"
        return f"(SELECT {written} FROM {source} WHERE {until} {last})"

    def unread(self) -> str:
        """Return SQL for whether a value is unreadable, 1 or 0."""
        return self._beside("_unread") or "0"

    def span(self) -> str:
        """Return SQL for the period of an amount."""
        return self._beside("_span") or "NULL"


@dataclass(frozen=True)
class BoundCopy(BoundTable):
    """A logical table of a copy: each row counts once, and deleted ones are marked.

    `kinds` are those of the rows that don't count, which have a table of their own. `texts` are the
    columns of the logical table that hold texts, which the copy may lack.
    """

    kinds: tuple[str, ...] = ()
    texts: frozenset[str] = frozenset()
    settled = True

    def rows(self, among: str = "", *, once: bool = True, kept: str = "", since: str = "") -> str:
        """Return SQL for the rows that meet both conditions, to use after FROM."""
        del once, since
        table = self.logical + (APART if self.apart else "")
        kind = f"{KIND} = '{self.apart}'" if self.apart else ""
        where = " AND ".join(filter(None, (self.only, kind, among, kept)))
        return f"main.{quoted(table)}" + (f"\n  WHERE {where}" if where else "")

    def named(self) -> str:
        """Return SQL of all rows, for use after FROM; deleted ones of others may be referenced."""
        return self.rows()

    def is_gone(self) -> str:
        """Return SQL for whether a row is deleted: 1 or 0."""
        return "gone" if self.gone else "0"

    def missing(self, column: str) -> str:
        """Return SQL for a column that the copy lacks: joins need to know the type of a text."""
        return "CAST(NULL AS TEXT)" if column in self.texts else "NULL"

    def everything(self) -> str:
        """Return SQL for all columns."""
        return "*"

    @property
    def kinds_apart(self) -> tuple[str, ...]:
        """The kinds of rows that may not count, as at the source."""
        return self.kinds

    def only_apart(self, kind: str) -> BoundTable:
        """Return the table with only the rows that don't count for a reason."""
        return replace(self, apart=kind) if kind in self.kinds else replace(self, only="0")

    def foreign(self, column: BoundColumn) -> str:
        """Return SQL for an amount in another currency."""
        return f"{column.name}_foreign" if isinstance(column, BoundCopyColumn) else "NULL"


def on_copy(binding: Binding) -> Binding:
    """Return the same binding of tables that are read from the copy."""
    tables = {name: _copy(bound, binding) for name, bound in binding.tables.items()}
    return replace(binding, tables=tables)


def _copy(bound: BoundTable, binding: Binding) -> BoundCopy:
    stored = {column.name for column in copied_table(bound, binding.model).columns}
    logical = binding.model.tables[bound.logical].columns
    columns = {}
    for name, column in bound.columns.items():
        known = {one.name: getattr(column, one.name) for one in fields(column)}
        beside = frozenset(one.removeprefix(name) for one in stored if one.startswith(name))
        columns[name] = BoundCopyColumn(**known, name=name, beside=beside)
    return BoundCopy(
        bound.logical,
        bound.physical,
        columns,
        bound.has_rows,
        doubted=bound.doubted,
        unreadable=bound.unreadable,
        said_by=bound.said_by,
        of_kind=bound.of_kind,
        gone=bound.gone,
        repeated=bound.repeated,
        kinds=bound.kinds_apart,
        texts=frozenset(name for name, one in logical.items() if one.type in TEXT_TYPES),
    )


def _instant(at: str) -> str:
    """Return SQL for a bound of a range, given as epoch seconds or a day."""
    return f"toDateTime64({at}, 3, 'UTC')"
