"""Bound columns: the stored columns of a logical column, and the SQL that reads them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

from meaux.data.schema import encodings, instants, reading
from meaux.data.schema.identity import Identity, folded
from meaux.data.schema.model import NUMBER_TYPES, identifiers
from meaux.data.schema.vocabulary import SPANS

MOST_READ = 3
"""The maximum number of physical columns read for one logical column."""

STORED = tuple("_stored" + (f"_{n}" if n > 1 else "") for n in range(1, MOST_READ + 1))

DERIVED = (
    *STORED,
    *("_day", "_order", "_milliseconds", "_timed", "_unread", "_foreign", "_plain", "_span"),
    "_rated",
)
"""The suffixes of a column. An instant: its stored encodings, its local day, its sort key, its
milliseconds, and whether it has a time of day. All: whether the value is unreadable. Money: the
amount in another currency than dollars, and the period in the column's name. A name: the name
alone, without the id that makes duplicates unique. A person: the key to look up a rate, also of
somebody who isn't visible."""

_DERIVED = re.compile(f"(?:{'|'.join(DERIVED)})+$")
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
"""The words of a name in any case style."""


def stem(column: str) -> str:
    """Return the logical column of a suffixed name such as `started_day` or `started_stored`."""
    return _DERIVED.sub("", column)


@dataclass(frozen=True)
class Seen:
    """The number of sampled cells that have a value, the unreadable ones, and examples of these."""

    cells: int
    unread: int = 0
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class BoundColumn:
    """A logical column and the SQL that reads it as stored.

    `number` is SQL for its number, if it has one. `zero` is true if a 0 may be the default of a
    column that was never filled. `dollars` is true if it is in dollars even if the row names
    another currency: its name says so, and another column holds the amount in that currency. `also`
    are the encodings that no sampled instant has, but any row may have. For a key: `folds` is true
    if ids ignore case, `bytes_too` if some may be bytes, and `scope` is SQL for the first column of
    a two-column key. `later` are the columns of the same meaning that are read if this one has no
    value.
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
        """Every column that is read, in order."""
        return (self, *self.later)

    @property
    def sorts(self) -> bool:
        """Return whether the stored form of an instant sorts by time."""
        return not self.later and not self.also and encodings.sorts_as_time(self.encodings)

    @property
    def kinds(self) -> tuple[tuple[str, ...], ...]:
        """The encodings of an instant: those found in the sample, and other possible ones."""
        return (self.encodings, self.also) if self.also else (self.encodings,)

    def each_kind(self, read: Callable[[str, tuple[str, ...]], str]) -> str:
        """Return SQL that reads an instant of this column alone, in each of its encodings."""
        values = [read(self.stored, kind) for kind in self.kinds]
        return f"coalesce({', '.join(values)})" if len(values) > 1 else values[0]

    def value(self) -> str:
        """Return SQL for the value in its logical type."""
        if self.type == "text" and not self.later:
            return self.stored  # an index may serve a comparison
        return self.first(BoundColumn.own_value)

    def own_value(self) -> str:
        """Return SQL for the value of this column alone."""
        read: dict[str, Callable[[], str]] = {
            "key": lambda: reading.key(
                self.stored, self.scope, folds=self.folds, bytes_too=self.bytes_too
            ),
            "word": lambda: reading.word(self.stored),
            "currency": lambda: reading.currency(self.stored),
            "text": lambda: reading.text(self.stored),
            "flag": lambda: reading.flag(self.stored),
            "instant": lambda: instants.instant(self.stored, self.encodings + self.also),
        }
        return read[self.type]() if self.type in read else self.number

    def order(self) -> str:
        """Return SQL for the sort key: the stored value if it sorts by time, for the index."""
        plain = self.sorts if self.encodings else self.numeric and not self.later
        return self.stored if plain else self.value()

    def milliseconds(self) -> str:
        """Return SQL for an instant in epoch milliseconds."""
        return self.first(lambda one: one.each_kind(instants.milliseconds))

    def local_day(self, shift: str) -> str:
        """Return SQL for the local day; `shift` is SQL for the zone's offset at `{at}`."""
        day = partial(instants.local_day, shift=shift)
        return self.first(lambda one: one.each_kind(day))

    def timed(self) -> str:
        """Return SQL for whether an instant has a time of day, 1 or 0."""
        arms = [
            (instants.instant(one.stored, kind), instants.timed(one.stored, kind))
            for one in self.all
            for kind in one.kinds
        ]
        *first, (_, last) = arms
        whens = " ".join(f"WHEN {at} IS NOT NULL THEN {timed}" for at, timed in first)
        return f"CASE {whens} ELSE {last} END" if whens else last

    def in_window(self, written: str = "") -> str:
        """Return SQL for "within the window" on the bare columns, named `written` or as stored.

        The first column that holds a time decides for a row. Each column has its own range, so that
        an index serves each.
        """
        return self._ranges(written, instants.in_window)

    def since_start(self, written: str = "") -> str:
        """Return SQL for "not before the window", like `in_window`."""
        return self._ranges(written, instants.since_start)

    def _ranges(self, written: str, within: Callable[[str, tuple[str, ...]], str]) -> str:
        ranges, before = [], ""
        for suffix, one in zip(STORED, self.all, strict=False):
            stored = f"{written}{suffix}" if written else one.stored
            for kind in one.kinds:
                ranges.append(f"({before}{within(stored, kind)})")
                before += f"{instants.instant(stored, kind)} IS NULL AND "
        return f"({' OR '.join(ranges)})" if len(ranges) > 1 else ranges[0]

    def unread(self) -> str:
        """Return SQL for whether a value is unreadable, 1 or 0."""
        filled = " OR ".join(f"coalesce(trim({one.stored}), '') <> ''" for one in self.all)
        never = " AND ".join(f"NOT {instants.never(one.stored)}" for one in self.all)
        is_meant = f"({filled}) AND {never}" if self.type == "instant" else f"({filled})"
        is_there = " OR ".join(f"{one.stored} IS NOT NULL" for one in self.all)
        return f"(({is_there}) AND {self.value()} IS NULL AND {is_meant})"

    def plain(self) -> str:
        """Return SQL for a name alone, without the id that tells it from others."""
        return self.value()

    @property
    def lookups(self) -> tuple[Identity, ...]:
        """The identities by which its ids are looked up."""
        found = (one.identity for one in self.all)
        return tuple(identity for identity in found if identity and not identity.is_own)

    def meant(self) -> str:
        """Return SQL for the id that a foreign key refers to; unmatched values stay as they are."""
        if not self.lookups:
            return self.value()
        meant = []
        for one in self.all:
            value, identity = one.own_value(), one.identity
            if identity and not identity.is_own:
                found = f"SELECT {identity.lookup}.id FROM {identity.lookup}"
                meant.append(f"({found} WHERE {identity.lookup}.name = {folded(value)})")
                value = replace(one, folds=False).own_value()
            meant.append(value)
        return f"coalesce({', '.join(meant)})"

    def raw(self, place: int) -> str:
        """Return SQL for the value as stored, of the column at a place in `all`."""
        return self.all[place].stored if place < len(self.all) else "NULL"

    def newest(self, written: str, source: str) -> str:
        """Return SQL for the newest instant of a source, by an index on each stored column.

        The source calls them by the name of the column, `written`, with `STORED`.
        """
        of_each = [
            instants.newest(written, f"{written}{suffix}", source, one.encodings, ended=True)
            if not one.also
            else f"(SELECT max({written}) FROM {source} WHERE {written} < CAST(:to_s AS INTEGER))"
            for suffix, one in zip(STORED, self.all, strict=False)
        ]
        if len(of_each) > 1:
            return f"(SELECT max(value) FROM json_each(json_array({', '.join(of_each)})))"
        return of_each[0]

    def span(self) -> str:
        """Return SQL for the period of an amount, from its column's name: `monthly_budget`."""
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
        """Return SQL for the first value; a number that may be a default comes after all others."""
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
    """Return the period in a column's name, `month` for `monthlyBudget`; empty if there is none."""
    words = (word for name in identifiers(stored) for word in _WORDS.findall(name))
    said = (
        span for word in words for span, known in SPANS.items() if word.lower() in known.split()
    )
    return next(said, "")
