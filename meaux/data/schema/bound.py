"""Bound tables and columns: what a logical one stands on, and the SQL that reads it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from meaux.data.schema import encodings, reading
from meaux.data.schema.identity import Identity
from meaux.data.schema.model import NUMBER_TYPES, identifiers, quoted
from meaux.data.schema.vocabulary import SPANS

CENT = 0.01
"""How far a sum may be away from what it sums: a cent, or a hundredth of it where that is less."""

MOST_READ = 3
"""How many columns of one meaning a logical column is read from at most."""

STORED = tuple("_stored" + (f"_{n}" if n > 1 else "") for n in range(1, MOST_READ + 1))

DERIVED = (
    *STORED,
    *("_day", "_order", "_milliseconds", "_timed", "_unread", "_foreign", "_plain", "_span"),
)
"""What a column offers besides itself. An instant: its stored forms, its local day, what to order
by, itself in milliseconds, and whether it has a time of day. All: whether something stands there
that can't be read. Money: the amount that is in another currency than dollars, and the period that
the name of its column says. A name: itself, without the id that tells it from others."""

_DERIVED = re.compile(f"(?:{'|'.join(DERIVED)})+$")
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
"""The words of a name, however they are joined."""

_BREAK = "char(31)"
"""What stands between the parts of a key: no text has it."""

_GROUP = (
    "sum(` amount`) FILTER (WHERE ` is named`), sum(` amount`), "
    "min(` amount`) FILTER (WHERE NOT ` is named`), max(` amount`) FILTER (WHERE NOT ` is named`)"
)
"""What the rows of a day come to: those that name something, all, and the ends of the others."""


def stem(column: str) -> str:
    """The logical column behind `started_day` or `started_stored`."""
    return _DERIVED.sub("", column)


def _is(one: str, other: str) -> str:
    """SQL for whether a sum is what it should be, as nearly as `CENT` says."""
    return f"abs({one} - {other}) <= min({CENT}, abs({one}) * {CENT}) + 1e-6"


def _is_all(amount: str) -> str:
    """SQL for whether an amount is that of all other rows."""
    return f"{_is(amount, f'(` all` - {amount})')} AND NOT {_is(amount, f'({amount} - ` named`)')}"


_IS_SUM = (
    f"` named` IS NOT NULL AND ({_is_all('` amount`')} OR {_is('` amount`', '` named`')} "
    f"AND NOT ({_is_all('` least`')} OR {_is_all('` most`')}))"
)
"""SQL for whether a row that names nothing is a sum: of all others, or of the named ones alone."""


@dataclass(frozen=True)
class Seen:
    """How many sampled cells of a column hold something; those that can't be read, some by name."""

    cells: int
    unread: int = 0
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class BoundColumn:
    """A logical column and the SQL that reads it as stored.

    `number` is SQL for its number, where it is one; `zero` says that a 0 there may be the default
    of a column that nobody filled, `dollars` that it is in dollars whatever currency the row names:
    its name says so, and another column holds the amount that the currency is of. `also` are
    encodings in which no sampled row has an instant, and in which any may. Of a key, `folds` says
    that case tells no ids apart, `bytes_too` that some may be bytes, `scope` is SQL for the column
    that stands before it in a key of two. `later` are the columns of the same meaning that are read
    where this one has no value.
    """

    type: str
    stored: str
    numeric: bool
    encodings: tuple[str, ...] = ()
    identity: Identity | None = None
    number: str = ""
    zero: bool = True
    dollars: bool = False
    also: tuple[str, ...] = ()
    folds: bool = True
    bytes_too: bool = False
    scope: str = ""
    later: tuple[BoundColumn, ...] = ()
    seen: Seen = field(default=Seen(0), compare=False, repr=False)

    @property
    def all(self) -> tuple[BoundColumn, ...]:
        """Every column that it is read from, in order."""
        return (self, *self.later)

    @property
    def sorts(self) -> bool:
        """Whether an instant's stored form sorts as time does."""
        return not self.later and not self.also and encodings.sorts_as_time(self.encodings)

    @property
    def kinds(self) -> tuple[tuple[str, ...], ...]:
        """The encodings of an instant: those that were met, and those that may be there, too."""
        return (self.encodings, self.also) if self.also else (self.encodings,)

    def each_kind(self, read: Callable[[str, tuple[str, ...]], str]) -> str:
        """SQL that reads an instant of this column alone, in whichever kind it is written."""
        values = [read(self.stored, kind) for kind in self.kinds]
        return f"coalesce({', '.join(values)})" if len(values) > 1 else values[0]

    def value(self) -> str:
        """SQL for the value in its logical type."""
        if self.type == "text" and not self.later:
            return self.stored  # an index may serve a comparison
        return self.first(BoundColumn.own_value)

    def own_value(self) -> str:
        """SQL for the value of this column alone."""
        read: dict[str, Callable[[], str]] = {
            "key": lambda: reading.key(
                self.stored, self.scope, folds=self.folds, bytes_too=self.bytes_too
            ),
            "word": lambda: reading.word(self.stored),
            "currency": lambda: reading.currency(self.stored),
            "text": lambda: reading.text(self.stored),
            "flag": lambda: reading.flag(self.stored),
            "instant": lambda: encodings.instant(self.stored, self.encodings + self.also),
        }
        return read[self.type]() if self.type in read else self.number

    def order(self) -> str:
        """SQL to order by: what is stored where that sorts rightly, so that an index serves it."""
        plain = self.sorts if self.encodings else self.numeric and not self.later
        return self.stored if plain else self.value()

    def milliseconds(self) -> str:
        """SQL for an instant in epoch milliseconds."""
        return self.first(lambda one: one.each_kind(encodings.milliseconds))

    def local_day(self, shift: str) -> str:
        """SQL for the local day of an instant; `shift` is the zone's offset as SQL of `{at}`."""
        day = partial(encodings.local_day, shift=shift)
        return self.first(lambda one: one.each_kind(day))

    def timed(self) -> str:
        """SQL for whether an instant has a time of day, 1 or 0."""
        arms = [
            (encodings.instant(one.stored, kind), encodings.timed(one.stored, kind))
            for one in self.all
            for kind in one.kinds
        ]
        *first, (_, last) = arms
        whens = " ".join(f"WHEN {at} IS NOT NULL THEN {timed}" for at, timed in first)
        return f"CASE {whens} ELSE {last} END" if whens else last

    def in_window(self, written: str = "") -> str:
        """SQL for "within the window", on the bare columns, called after `written` or as stored.

        A row is found by its first column that holds a time; each has a range of its own, so that
        an index serves each.
        """
        return self._ranges(written, encodings.in_window)

    def since_start(self, written: str = "") -> str:
        """SQL for "not before the window", as `in_window` says "within it"."""
        return self._ranges(written, encodings.since_start)

    def _ranges(self, written: str, within: Callable[[str, tuple[str, ...]], str]) -> str:
        ranges, before = [], ""
        for suffix, one in zip(STORED, self.all, strict=False):
            stored = f"{written}{suffix}" if written else one.stored
            for kind in one.kinds:
                ranges.append(f"({before}{within(stored, kind)})")
                before += f"{encodings.instant(stored, kind)} IS NULL AND "
        return f"({' OR '.join(ranges)})" if len(ranges) > 1 else ranges[0]

    def unread(self) -> str:
        """SQL for whether something stands there that can't be read, 1 or 0."""
        filled = " OR ".join(f"coalesce(trim({one.stored}), '') <> ''" for one in self.all)
        never = " AND ".join(f"NOT {encodings.never(one.stored)}" for one in self.all)
        is_meant = f"({filled}) AND {never}" if self.type == "instant" else f"({filled})"
        is_there = " OR ".join(f"{one.stored} IS NOT NULL" for one in self.all)
        return f"(({is_there}) AND {self.value()} IS NULL AND {is_meant})"

    def span(self) -> str:
        """SQL for the period that an amount is of: its column's name says so, `monthly_budget`."""
        spans = [_span_in(one.stored) for one in self.all]
        if not any(spans):
            return "NULL"
        arms = " ".join(
            f"WHEN {f'nullif({one.number}, 0)' if one.zero else one.number} IS NOT NULL "
            f"THEN nullif('{span}', '')"
            for one, span in zip(self.all, spans, strict=True)
        )
        return f"CASE {arms} END"

    def first(self, value: Callable[[BoundColumn], str]) -> str:
        """SQL for the first value; a number that may be a default counts behind all the others."""
        columns = self.all
        values = [value(column) for column in columns]
        if len(values) > 1 and self.type in NUMBER_TYPES:
            doubted = [found for found, one in zip(values, columns, strict=True) if one.zero]
            values = [
                f"nullif({found}, 0)" if one.zero else found
                for found, one in zip(values, columns, strict=True)
            ] + doubted
        return f"coalesce({', '.join(values)})" if len(values) > 1 else values[0]


def _span_in(stored: str) -> str:
    """The period that the name of a column says, `month` for `monthlyBudget`; mostly none."""
    words = (word for name in identifiers(stored) for word in _WORDS.findall(name))
    said = (
        span for word in words for span, known in SPANS.items() if word.lower() in known.split()
    )
    return next(said, "")


@dataclass(frozen=True)
class Sums:
    """How a row that sums others is told: it names nothing, and has what those beside it come to.

    `name` and `amount` are logical columns, as is `at`, the time that tells the day; `scope` is SQL
    of what the rows beside it must share, besides the currency.
    """

    name: str
    amount: str
    at: str
    scope: tuple[str, ...]


@dataclass(frozen=True)
class Refunds:
    """How a charge and the payment that gave it back are told.

    `paid_back` is SQL for whether a row says that it was paid back, `at` the logical column of its
    time, `shared` SQL of what both rows have in common.
    """

    paid_back: str
    at: str
    shared: tuple[str, ...]


@dataclass(frozen=True)
class BoundTable:
    """A logical table, the physical one it stands on, and the columns found there.

    `only` is SQL for the rows that count, empty where all do. `none` is SQL for those that say that
    they are none, `said_by` the columns in which they do; `of_kind` SQL for the rows of the kind,
    whether or not they are none, and `gone` says that others may name such a row. `doubted` names,
    by logical column, the physical one that may hold it, in dollars or in cents; `unreadable` one
    that holds nothing that can be read. `one_per` are the logical columns of which several rows
    may share the values, `parts` the SQL of others: then the newest by `newest` counts. `own` is
    that of them which is the row's own id, without which it is no other row's double. `entry` is
    SQL of the columns that tell one row from another, its number first, where the database lets
    several share them, and `entry_order` SQL by which the one that counts comes first. `refunds`
    is how a charge that was paid back is told, `sums` how a row that sums others is.
    `repeated` are some ids that several rows share; `alike` says that several ids share a name.
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
    repeated: tuple[str, ...] = field(default=(), compare=False, repr=False)

    def unread(self, columns: Iterable[str]) -> Iterator[str]:
        """A sentence for each of some logical columns of which sampled cells can't be read."""
        for name in columns:
            for one in self.columns[name].all if name in self.columns else ():
                if one.type == "code" and self._is_read_as_words(one.stored):
                    continue
                seen, column = one.seen, f"{self.physical}.{', '.join(identifiers(one.stored))}"
                if seen.unread:
                    yield (
                        f"{seen.unread:,} of {seen.cells:,} sampled values in {column} can't be "
                        f"read, such as {' and '.join(seen.examples)}: they are left out of all "
                        "totals."
                    )

    def _is_read_as_words(self, stored: str) -> bool:
        """Whether a column of numbers is also read for the words in it."""
        words = (column.all for column in self.columns.values() if column.type == "word")
        return any(one.stored == stored for column in words for one in column)

    def rows(self, among: str = "", *, once: bool = True, kept: str = "", since: str = "") -> str:
        """SQL, to stand behind FROM, of the rows that count.

        Each counts once `among` those that one condition keeps; then another one says which are
        `kept`. Without `once` a row that is there twice is met twice, and an index serves any
        order. A charge that was paid back counts where the payment back is found `since` some time.
        """
        source = f"main.{quoted(self.physical)}"
        only = [self.only, self._charges(since)]
        within = _where([*only, among])
        if not (once and self.entry):
            return source + _where([*only, among, kept])
        order = f" ORDER BY {self.entry_order}" if self.entry_order else ""
        shared = f"row_number() OVER (PARTITION BY {', '.join(self.entry)}{order})"
        first = f"(` entry` = 1 OR coalesce({self.entry[0]}, '') = '')"
        return f"(SELECT *, {shared} AS ` entry` FROM {source}{within})" + _where([first, kept])

    def _charges(self, since: str) -> str:
        """SQL that leaves out charges that were paid back.

        The payment back undoes those that have one, so that both count. It is looked for only where
        such a charge is met, and then once.
        """
        if self.refunds is None:
            return ""
        told, amount = self.refunds.paid_back, self.columns["cost"].value()
        is_charge = f"{told} AND coalesce({amount}, 0) >= 0"
        if not since:
            return f"NOT ({is_charge})"
        key = "".join(f" || {_BREAK} || coalesce({one}, '')" for one in self.refunds.shared)
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
        """SQL, to stand behind FROM, of the rows that others may name, those that are gone too."""
        if not self.gone:
            return self.rows()
        return f"main.{quoted(self.physical)}{_where([self.of_kind])}"

    def is_gone(self) -> str:
        """SQL for whether a row is none, though others may name it: 1 or 0."""
        return f"coalesce({self.none}, 1)" if self.gone else "0"

    def is_sum(self, among: str, shift: str) -> str:
        """SQL for whether a row is the sum of others, `among` rows that a condition keeps.

        They are only read where a row names nothing, and then once. A sum has as much as those that
        name something, alone or with all others that name nothing; where such a sum of all is
        there, one that has as much as the named ones alone is a row as any other. `shift` is the
        zone's offset as SQL of `{at}`.
        """
        if self.sums is None:
            return "0"
        sums, amount = self.sums, self._in_its_currency(self.columns[self.sums.amount])
        named = f"{reading.text(self.columns[sums.name].value())} IS NOT NULL"
        day = self.columns[sums.at].local_day(shift)
        if "currency" in self.columns:
            day += f" || {_BREAK} || coalesce({self.currency()}, 'usd')"
        key = day + "".join(f" || {_BREAK} || coalesce({one}, '')" for one in sums.scope)
        whole = day + f" || {_BREAK}" * len(sums.scope)
        groups = [f"SELECT ` key`, {_GROUP} FROM ` lines` GROUP BY 1"]
        if sums.scope:
            within = "` is named` OR ` key` = ` whole`"
            groups.append(f"SELECT ` whole`, {_GROUP} FROM ` lines` WHERE {within} GROUP BY 1")
        return (
            f"CASE WHEN {named} THEN 0 ELSE EXISTS (\n"
            "    WITH ` lines` (` key`, ` whole`, ` is named`, ` amount`) AS MATERIALIZED (\n"
            f"    SELECT {key}, {whole}, {named}, {amount} FROM {self.rows(among)}),\n"
            "    ` others` (` key`, ` named`, ` all`, ` least`, ` most`) AS MATERIALIZED (\n"
            f"    {' UNION ALL '.join(groups)}),\n"
            f"    ` own` (` key`, ` amount`) AS (SELECT {key}, {amount} LIMIT 1)\n"
            f"    SELECT 1 FROM ` own` JOIN ` others` USING (` key`) WHERE {_IS_SUM}\n"
            "  ) END"
        )

    def is_none(self, among: str) -> str:
        """SQL for whether a row is none: it says so, or it sums others `among` some; else empty."""
        sums = self.is_sum(among, "0") if self.sums else ""
        return " OR ".join(f"({one})" for one in [self.none, sums] if one)

    def paid(self, column: BoundColumn) -> str:
        """SQL for an amount in dollars.

        It counts if the row names the dollar, or no currency. If it names another, it counts where
        its column is one of `dollars`; there a 0 that may be a default is none.
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
        """SQL for a number; of money in the currency that `currency` says."""
        others = [one for one in column.all if not one.dollars]
        if column.type != "money" or len(others) == len(column.all) or not self._in_dollars:
            return column.value()
        paid = self.paid(column)
        if not others:
            return paid
        return f"coalesce({paid}, {replace(others[0], later=tuple(others[1:])).value()})"

    def foreign(self, column: BoundColumn) -> str:
        """SQL for an amount that is in another currency than dollars, and nowhere in them."""
        others = [one for one in column.all if not one.dollars]
        if not self._in_dollars or not others:
            return "NULL"
        amount = replace(others[0], later=tuple(others[1:])).value()
        if len(others) == len(column.all):
            return f"iif({self._in_dollars}, NULL, {amount})"
        return f"iif({self._in_dollars} OR {self.paid(column)} IS NOT NULL, NULL, {amount})"

    def currency(self) -> str:
        """SQL for the currency of a row: dollars where its cost stands in a column of them."""
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
        """SQL for whether a row names the dollar or nothing; empty where none names a currency."""
        currency = self.columns.get("currency")
        return f"(coalesce({currency.value()}, 'usd') = 'usd')" if currency else ""


def _where(conditions: Iterable[str]) -> str:
    """SQL that keeps the rows that fulfil all of some conditions; an empty one is fulfilled."""
    kept = " AND ".join(filter(None, conditions))
    return f"\n  WHERE {kept}" if kept else ""
