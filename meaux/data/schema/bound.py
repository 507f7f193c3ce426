"""Bound tables: the physical source of each logical table, and the SQL that reads its rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar

from meaux.data.schema import reading
from meaux.data.schema.bound_column import BoundColumn
from meaux.data.schema.model import identifiers, quoted
from meaux.data.schema.sums import BREAK, CENT, GROUP, IS_SUM, Refunds, Sums

MARKED, REFUNDED, REPEATED, SUMMED = "marked", "refunded", "repeated", "summed"
"""The kinds of rows that don't count: marked as deleted, void or a total; refunded charges without
a row of their refund; duplicates; sums of others."""


@dataclass(frozen=True)
class BoundTable:
    """A logical table, its physical table, and the columns found there.

    `only` is SQL for the rows that count; it is empty if all do. `none` is SQL for the deleted and
    void rows, `said_by` lists the columns that mark them. `of_kind` is SQL for the rows of this
    kind, including deleted and void ones, and `gone` is true if others may reference such a row.
    `doubted` maps a logical column to the physical one that may hold it, in dollars or in cents;
    `unreadable` maps it to one without readable values. `one_per` are logical columns, and `parts`
    SQL of others, whose values several rows may share: then the newest by `newest` counts. `own` is
    the one of them that is the row's own id; a row without it has no duplicate. `entry` is SQL for
    the columns that identify a row, its number first, if the database allows duplicates;
    `entry_order` is SQL that sorts the duplicate that counts first. `refunds` matches charges with
    their refunds, `sums` recognises rows that sum others. `repeated` are examples of duplicate ids;
    `alike` is true if several ids share a name. `apart` is a kind of rows that don't count: then
    only these are read.
    """

    logical: str
    physical: str
    columns: Mapping[str, BoundColumn]
    has_rows: bool
    only: str = ""
    doubted: Mapping[str, str] = field(default_factory=dict)
    unreadable: Mapping[str, str] = field(default_factory=dict)
    none: str = ""
    said_by: tuple[str, ...] = ()
    one_per: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    newest: str = ""
    own: str = ""
    of_kind: str = ""
    gone: bool = False
    entry: tuple[str, ...] = ()
    entry_order: str = ""
    sums: Sums | None = None
    refunds: Refunds | None = None
    alike: bool = False
    apart: str = ""
    repeated: tuple[str, ...] = field(default=(), compare=False, repr=False)

    settled: ClassVar[bool] = False
    """Whether its columns are read as they are: a loader has settled what is odd."""

    def unread(self, columns: Iterable[str], *, quoting: bool = True) -> Iterator[str]:
        """Yield a sentence for each of some logical columns that has unreadable sampled cells.

        Without `quoting` it has no examples and no numbers: they are of the whole database.
        """
        for name in columns:
            for one in self.columns[name].all if name in self.columns else ():
                if one.type == "code" and self._is_read_as_words(one.stored):
                    continue
                seen, column = one.seen, f"{self.physical}.{', '.join(identifiers(one.stored))}"
                if seen.unread and not quoting:
                    yield f"Left out: values in {column} that can't be read."
                elif seen.unread:
                    yield (
                        f"Left out: values in {column} that can't be read, such as "
                        f"{' and '.join(seen.examples)} ({seen.unread:,} of {seen.cells:,} "
                        "sampled)."
                    )

    def _is_read_as_words(self, stored: str) -> bool:
        """Return whether a numeric column is also read for its words."""
        words = (column.all for column in self.columns.values() if column.type == "word")
        return any(one.stored == stored for column in words for one in column)

    def rows(self, among: str = "", *, once: bool = True, kept: str = "", since: str = "") -> str:
        """Return SQL for the rows that count, to use after FROM.

        `among` is a condition; each of its rows counts once. `kept` is a condition on the result.
        Without `once`, duplicates are kept, and an index can serve any order. `since` is a
        condition on refund rows: a refunded charge counts if its refund meets it.
        """
        source = f"main.{quoted(self.physical)}"
        only = self._only(since)
        within = _where([*only, among])
        if not (once and self.entry) or self.apart in {MARKED, REFUNDED}:
            return source + _where([*only, among, kept])
        order = f" ORDER BY {self.entry_order}" if self.entry_order else ""
        shared = f"row_number() OVER (PARTITION BY {', '.join(self.entry)}{order})"
        first = f"(` entry` = 1 OR coalesce({self.entry[0]}, '') = '')"
        if self.apart == REPEATED:
            first = f"NOT {first}"
        numbered = f"{self.everything()}, {shared} AS ` entry`"
        return f"(SELECT {numbered} FROM {source}{within})" + _where([first, kept])

    def _only(self, since: str) -> list[str]:
        """Return the conditions of the rows that count, or of those that don't for a reason."""
        match self.apart:
            case "marked":
                return [self.of_kind, f"NOT coalesce(({self.only}), 0)"]
            case "refunded":
                return [self.only, f"NOT coalesce(({self._charges(since)}), 0)"]
        return [self.only, self._charges(since)]

    @property
    def kinds_apart(self) -> tuple[str, ...]:
        """The kinds of rows that may not count; none for a table that others reference."""
        if self.gone:
            return ()
        possible = {
            MARKED: self.only != self.of_kind,
            REFUNDED: self.refunds is not None,
            REPEATED: bool(self.entry or self.one_per),
            SUMMED: self.sums is not None,
        }
        return tuple(kind for kind, may_be in possible.items() if may_be)

    def only_apart(self, kind: str) -> BoundTable:
        """Return the table with only the rows that don't count for a reason."""
        if kind not in self.kinds_apart:
            return replace(self, only="0", entry=(), one_per=(), refunds=None, sums=None)
        key = self.columns.get("key")
        if kind != REPEATED or key is None or key.stored == quoted("rowid"):
            return replace(self, apart=kind)
        place = "` place`" if self.one_per else "` entry`"
        told_apart = replace(key, stored=f"({key.stored} || {BREAK} || {place})")
        return replace(self, apart=kind, columns={**self.columns, "key": told_apart})

    def missing(self, column: str) -> str:  # noqa: ARG002  a copy asks for its type
        """Return SQL for a logical column that the table lacks."""
        return "NULL"

    def everything(self) -> str:
        """Return SQL for all columns, and the rowid if it is read: `*` doesn't include it."""
        rowid = quoted("rowid")
        stored = {one.stored for column in self.columns.values() for one in column.all}
        return f"*, {rowid}" if rowid in stored else "*"

    def _charges(self, since: str) -> str:
        """Return SQL that leaves out refunded charges that have no refund row.

        A charge with a refund row counts, as the refund cancels it. Refund rows are read only if
        there is a refunded charge, and then once.
        """
        if self.refunds is None:
            return ""
        told, amount = self.refunds.paid_back, self.columns["cost"].value()
        is_charge = f"{told} AND coalesce({amount}, 0) >= 0"
        if not since:
            return f"NOT ({is_charge})"
        key = "".join(f" || {BREAK} || coalesce({one}, '')" for one in self.refunds.shared)
        kept = _where([self.only, since, told, f"{amount} < 0"])
        return (
            f"CASE WHEN {is_charge} THEN EXISTS (\n"
            "    WITH ` back` (` key`, ` amount`) AS MATERIALIZED (\n"
            f"    SELECT ''{key}, max({amount}) FROM main.{quoted(self.physical)}{kept}\n"
            "    GROUP BY 1),\n"
            f"    ` own` (` key`, ` amount`) AS (SELECT ''{key}, {amount} LIMIT 1)\n"
            "    SELECT 1 FROM ` own` JOIN ` back` USING (` key`)\n"
            f"    WHERE -` back`.` amount` <= ` own`.` amount` + {CENT}\n"
            "  ) ELSE 1 END"
        )

    def named(self) -> str:
        """Return SQL, for use after FROM, of rows that others may reference, even deleted ones."""
        if not self.gone:
            return self.rows()
        return f"main.{quoted(self.physical)}{_where([self.of_kind])}"

    def is_gone(self) -> str:
        """Return SQL for whether a row is deleted, but may be referenced: 1 or 0."""
        return f"coalesce({self.none}, 1)" if self.gone else "0"

    def is_sum(self, among: str, shift: str) -> str:
        """Return SQL for whether a row is the sum of others that meet the condition `among`.

        The others are read only if a row is unnamed, and then once. A sum equals the named rows,
        either alone or with all other unnamed rows. If there is a sum of all, a row that equals
        only the named ones is an ordinary row. `shift` is SQL for the zone's offset at `{at}`.
        """
        if self.sums is None:
            return "0"
        sums, amount = self.sums, self._in_its_currency(self.columns[self.sums.amount])
        named = f"{reading.text(self.columns[sums.name].value())} IS NOT NULL"
        day = self.columns[sums.at].local_day(shift)
        if "currency" in self.columns:
            day += f" || {BREAK} || coalesce({self.currency()}, 'usd')"
        key = day + "".join(f" || {BREAK} || coalesce({one}, '')" for one in sums.scope)
        whole = day + f" || {BREAK}" * len(sums.scope)
        groups = [f"SELECT ` key`, {GROUP} FROM ` lines` GROUP BY 1"]
        if sums.scope:
            within = "` is named` OR ` key` = ` whole`"
            groups.append(f"SELECT ` whole`, {GROUP} FROM ` lines` WHERE {within} GROUP BY 1")
        lines = replace(self, apart="").rows(among)
        return (
            f"CASE WHEN {named} THEN 0 ELSE EXISTS (\n"
            "    WITH ` lines` (` key`, ` whole`, ` is named`, ` amount`) AS MATERIALIZED (\n"
            f"    SELECT {key}, {whole}, {named}, {amount} FROM {lines}),\n"
            "    ` others` (` key`, ` named`, ` all`, ` least`, ` most`) AS MATERIALIZED (\n"
            f"    {' UNION ALL '.join(groups)}),\n"
            f"    ` own` (` key`, ` amount`) AS (SELECT {key}, {amount} LIMIT 1)\n"
            f"    SELECT 1 FROM ` own` JOIN ` others` USING (` key`) WHERE {IS_SUM}\n"
            "  ) END"
        )

    def is_none(self, among: str) -> str:
        """Return SQL for whether a row doesn't count: deleted, void or the sum of `among` rows.

        Nor does a refunded charge without its refund `among` them. Empty if every row counts.
        """
        sums = self.is_sum(among, "0") if self.sums else ""
        charge = f"NOT coalesce(({self._charges(among)}), 0)" if self.refunds else ""
        return " OR ".join(f"({one})" for one in [self.none, charge, sums] if one)

    def paid(self, column: BoundColumn) -> str:
        """Return SQL for an amount in dollars.

        It counts if the row's currency is the dollar or missing. With another currency it counts
        only if its column is one of `dollars`; there a 0 that may be a default is NULL.
        """
        in_dollars = self._in_dollars
        if not in_dollars:
            return column.value()

        def amount(one: BoundColumn) -> str:
            if not one.dollars:
                return f"iif({in_dollars}, {one.number}, NULL)"
            return f"nullif({one.number}, iif({in_dollars}, NULL, 0))" if one.zero else one.number

        return column.first(amount)

    def _in_its_currency(self, column: BoundColumn) -> str:
        """Return SQL for a number; an amount of money is in the row's `currency`."""
        others = [one for one in column.all if not one.dollars]
        if column.type != "money" or len(others) == len(column.all) or not self._in_dollars:
            return column.value()
        paid = self.paid(column)
        if not others:
            return paid
        return f"coalesce({paid}, {replace(others[0], later=tuple(others[1:])).value()})"

    def foreign(self, column: BoundColumn) -> str:
        """Return SQL for an amount in another currency that has no amount in dollars."""
        others = [one for one in column.all if not one.dollars]
        if not self._in_dollars or not others:
            return "NULL"
        amount = replace(others[0], later=tuple(others[1:])).value()
        if len(others) == len(column.all):
            return f"iif({self._in_dollars}, NULL, {amount})"
        return f"iif({self._in_dollars} OR {self.paid(column)} IS NOT NULL, NULL, {amount})"

    def currency(self) -> str:
        """Return SQL for the currency of a row: dollars if its cost is in a dollar column."""
        named = self.columns["currency"].value()
        cost = self.columns.get("cost")
        certain = [one for one in cost.all if one.dollars] if cost else []
        if not certain:
            return named
        is_there = " OR ".join(
            f"nullif({one.number}, 0) IS NOT NULL" if one.zero else f"{one.number} IS NOT NULL"
            for one in certain
        )
        return f"CASE WHEN {is_there} THEN 'usd' ELSE {named} END"

    @property
    def _in_dollars(self) -> str:
        """SQL for whether a row's currency is the dollar or missing; empty without a currency."""
        currency = self.columns.get("currency")
        return f"(coalesce({currency.value()}, 'usd') = 'usd')" if currency else ""


def _where(conditions: Iterable[str]) -> str:
    """Return SQL that keeps the rows that meet all conditions; empty conditions are ignored."""
    kept = " AND ".join(filter(None, conditions))
    return f"\n  WHERE {kept}" if kept else ""
