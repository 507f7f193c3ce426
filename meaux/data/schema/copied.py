"""Copied tables: logical tables in a warehouse, whose values are stored as a binding read them.

The loader has settled what is odd in the source: keys are resolved, words are folded, money is in
dollars, deleted and duplicate rows are left out. So a copy reads plain columns. A column keeps what
is known of its source, for texts.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from meaux.data.schema.binding import Binding
from meaux.data.schema.bound import BoundTable
from meaux.data.schema.bound_column import STORED, BoundColumn
from meaux.data.schema.encodings import DAYS
from meaux.data.schema.model import quoted

_START = "CAST(:from_s AS INTEGER)", ":start_day"
_END = "CAST(:to_s AS INTEGER)", ":end_day"
"""The bounds of the window: for times in epoch seconds, for bare days as days."""


@dataclass(frozen=True)
class CopiedColumn(BoundColumn):
    """A column of a copy, by its logical name.

    The SQL has the functions of ClickHouse where SQLite has no types for times.
    """

    name: str = ""

    @property
    def lookups(self) -> tuple[()]:
        """No lookups: keys are resolved."""
        return ()

    @property
    def sorts(self) -> bool:
        """Whether the stored form sorts by time: always."""
        return True

    def value(self) -> str:
        """Return SQL for the value in its logical type; a time in epoch seconds."""
        if self.type == "instant":
            return f"intDiv(toUnixTimestamp64Milli({self.name}), 1000)"
        return self.name

    own_value = value
    meant = value

    def plain(self) -> str:
        """Return SQL for a name alone."""
        return f"{self.name}_plain"

    def raw(self, place: int) -> str:
        """Return SQL for the value as it is stored, of one of the source's columns."""
        if self.type == "instant":
            return self.name if place == 0 else "NULL"
        return f"{self.name}{STORED[place]}"

    def order(self) -> str:
        """Return SQL for the sort key."""
        return self.milliseconds() if self.type == "instant" else self.name

    def milliseconds(self) -> str:
        """Return SQL for an instant in epoch milliseconds."""
        return f"toUnixTimestamp64Milli({self.name})"

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
        days = (f"toString(toDate({self.name}, {zone}))" for zone in (":zone", "'UTC'"))
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

    def _within(self, written: str, start: tuple[str, str], end: tuple[str, ...] = ()) -> str:
        """Return a range of times, and one of days where a value may be a bare day."""
        stored = f"{written}{STORED[0]}" if written else self.name

        def within(kind: int) -> str:
            until = f" AND {stored} < {_instant(end[kind])}" if end else ""
            return f"({stored} >= {_instant(start[kind])}{until})"

        time, day = within(0), within(1)
        kept = self._of_kinds(time, day, f"{written or self.name}_timed")
        # The plain ranges come first, so that the primary key serves them.
        return f"(({time} OR {day}) AND {kept})" if self._kinds == "both" else kept

    def newest(self, written: str, source: str) -> str:
        """Return SQL for the newest instant of a table up to the end of the window."""
        return f"(SELECT max({written}) FROM {source} WHERE {written} < {_END[0]})"

    def unread(self) -> str:
        """Return SQL for whether a value is unreadable, 1 or 0."""
        return f"{self.name}_unread"

    def span(self) -> str:
        """Return SQL for the period of an amount."""
        return f"{self.name}_span"


@dataclass(frozen=True)
class CopiedTable(BoundTable):
    """A logical table of a copy: each row counts once, and deleted ones are marked."""

    settled = True

    def rows(self, among: str = "", *, once: bool = True, kept: str = "", since: str = "") -> str:
        """Return SQL for the rows that meet both conditions, to use after FROM."""
        del once, since
        where = " AND ".join(filter(None, (self.only, among, kept)))
        return f"main.{quoted(self.logical)}" + (f"\n  WHERE {where}" if where else "")

    def named(self) -> str:
        """Return SQL of all rows, for use after FROM; deleted ones of others may be referenced."""
        return self.rows()

    def is_gone(self) -> str:
        """Return SQL for whether a row is deleted: 1 or 0."""
        return "gone" if self.gone else "0"

    def everything(self) -> str:
        """Return SQL for all columns."""
        return "*"

    @property
    def kinds_apart(self) -> tuple[str, ...]:
        """No kinds: the copy has only rows that count."""
        return ()

    def foreign(self, column: BoundColumn) -> str:
        """Return SQL for an amount in another currency."""
        return f"{_name_of(column)}_foreign" if "currency" in self.columns else "NULL"


def copied(binding: Binding) -> Binding:
    """Return a binding of the same tables that reads their copies."""
    tables = {name: _copied_table(bound) for name, bound in binding.tables.items()}
    return replace(binding, tables=tables, others={})


def _copied_table(bound: BoundTable) -> CopiedTable:
    columns = {name: _copied_column(name, column) for name, column in bound.columns.items()}
    return CopiedTable(
        bound.logical,
        bound.physical,
        columns,
        bound.has_rows,
        doubted=bound.doubted,
        unreadable=bound.unreadable,
        gone=bound.gone,
        repeated=bound.repeated,
    )


def _copied_column(name: str, column: BoundColumn) -> CopiedColumn:
    known = {one.name: getattr(column, one.name) for one in fields(column)}
    return CopiedColumn(**known, name=name)


def _name_of(column: BoundColumn) -> str:
    return column.name if isinstance(column, CopiedColumn) else ""


def _instant(at: str) -> str:
    """Return SQL for a bound of a range, given as epoch seconds or a day."""
    return f"toDateTime64({at}, 3, 'UTC')"
