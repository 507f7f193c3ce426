"""Guard: keeps secrets out of the answers of statements that somebody writes.

A masked column may only stand in the list of the outermost SELECT, as it is; its values are then
masked in the answer. Anything else could tell them: a condition, an order, an expression, a name
given in an inner SELECT. So names are looked for among all tokens of the statement, whatever they
mean there, and each must be accounted for by the parsed list. A table that is hidden, and a view
that reads such a table or a masked column, can't be read at all. Neither can a table that has
changed since the catalog was read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from sqlglot import exp

from meaux.data.schema import Catalog, PhysicalTable
from meaux.data.schema.secrets import MASK, Secrecy, is_secret, without_secrets
from meaux.subjects.health.sql.live import Live
from meaux.subjects.health.sql.reading import Reading, parsed
from meaux.subjects.health.sql.tokens import Refused, Token, tokens

SCHEMA = frozenset({"sqlite_master", "sqlite_schema", "sqlite_sequence"})
"""SQLite's own tables without a value of any row; others sample them, such as `sqlite_stat4`."""
TELLS_SQL = {"sql": "sqlite_master.sql"}
"""The column of SQLite's own tables that repeats default values, and texts in views."""
OWN = re.compile(r"sqlite_|dbstat\Z|_cf_|pragma_", re.IGNORECASE)
_AGAIN = re.compile(r":\d+\Z")
"""What SQLite adds to a name that an answer has twice."""


def spelt(token: Token) -> str:
    """Return a token as the name that it may be, without its quotes and in lower case."""
    match token.text[:1]:
        case '"' | "`" | "'":
            return token.text[1:-1].replace(token.text[0] * 2, token.text[0]).lower()
        case "[":
            return token.text[1:-1].lower()
    return token.text.lower() if token.kind == "word" else ""


@dataclass(frozen=True)
class Guard:
    """What may be read of a database, by its catalog and by what it holds now."""

    catalog: Catalog
    secrecy: Secrecy
    live: Live

    def check(self, reading: Reading) -> Masks:
        """Return what is masked in the answer of a statement.

        Raises:
            Refused: the statement could tell what is masked or hidden.
        """
        found = [token for token in tokens(reading.sql) if token.kind != "space"]
        names = Counter(filter(None, map(spelt, found)))
        for name in names:
            self._allow(name)
        masked = {
            column: f"{table.name}.{table.spelling[column]}"
            for table in self._read(names)
            for column in self.secrecy.masked(table)
        }
        if self._tells_sql(names):
            masked |= TELLS_SQL
        shown = {
            column
            for table in self._read(names)
            for column in table.spelling
            if self.secrecy.is_shown(table.name, column)
        } - masked.keys()
        if not masked:
            return Masks(shown=frozenset(shown))
        return _masks(reading.sql, found, names, masked, frozenset(shown))

    def _read(self, names: Iterable[str]) -> list[PhysicalTable]:
        """Return every table that a statement names, wherever it does so."""
        return [table for name in names if (table := self.catalog.find(name)) is not None]

    def _allow(self, name: str) -> None:
        """Refuse a statement that names a table which can't be read."""
        if OWN.match(name) and name not in SCHEMA:
            raise Refused(f"{name} can't be read: it may hold values of masked columns.")
        if name in SCHEMA and self.secrecy.hide:
            raise Refused(f"{name} can't be read: it names hidden tables. See the Catalog tab.")
        if why := self.closed(name) or self.live.news(name, self.catalog):
            raise Refused(why)

    def _tells_sql(self, names: Iterable[str]) -> bool:
        """Return whether names include a table that has `sql`, and there is something to mask."""
        return not SCHEMA.isdisjoint(names) and self._has_secrets

    @cached_property
    def _has_secrets(self) -> bool:
        """Whether any table has a masked column, or has got one since the catalog was read."""
        return any(map(self.secrecy.masked, self.catalog.tables.values())) or any(
            is_secret(column) and not self.secrecy.is_shown(table, column)
            for table, columns in self.live.columns.items()
            for column in columns
        )

    def closed(self, table: str) -> str:
        """Return a sentence on why a table or view can't be read; empty if it can."""
        name = table.lower()
        if self.secrecy.hides(name):
            return f"The table {table} is hidden."
        if name in self._closed:
            return f"{table} can't be read: it uses {self._closed[name]}."
        return ""

    def shown(self) -> Catalog:
        """Return the catalog without hidden tables, and without what reads or belongs to one."""
        hidden = {*self.secrecy.hide}
        while more := {n for n in self._used if n not in hidden and self._uses(n, hidden)}:
            hidden |= more
        hidden |= {s for s in self.catalog.shadows if any(s.startswith(f"{n}_") for n in hidden)}
        tables = {name: one for name, one in self.catalog.tables.items() if name not in hidden}
        return replace(self.catalog, tables=tables)

    def _uses(self, name: str, hidden: Iterable[str]) -> bool:
        """Return whether a view may read one of these tables."""
        names = self._used[name]
        return bool(hidden) and (names is None or not names.isdisjoint(hidden))

    @cached_property
    def _used(self) -> dict[str, frozenset[str] | None]:
        """The names in the SQL of each view and virtual table; None if they are unknown."""
        listed = {n: "'" for n, table in self.catalog.tables.items() if table.kind == "view"}
        return {name: _names(sql) for name, sql in (listed | {**self.live.made}).items()}

    @cached_property
    def _closed(self) -> dict[str, str]:
        """The views and full-text tables that can't be read, each with what it uses."""
        virtual = {name for name, table in self.catalog.tables.items() if table.kind == "virtual"}
        unknown = (name for name, names in self._used.items() if names is None)
        found = {name: "SQL that can't be parsed" for name in unknown if name not in virtual}
        found |= self._closed_virtual()
        while True:
            more = {
                name: why
                for name, names in self._used.items()
                if name not in found and names and (why := self._why(names, found))
            }
            if not more:
                return found
            found |= more

    def _why(self, names: frozenset[str], found: Mapping[str, str]) -> str:
        """Return what keeps a view from being read, by the names in its SQL; or empty."""
        for name in sorted(names):
            if self.secrecy.hides(name):
                return f"{name}, which is hidden"
            if name in found or (OWN.match(name) and (name not in SCHEMA or self.secrecy.hide)):
                return f"{name}, which can't be read"
            if news := self.live.news(name, self.catalog):
                return f"what has changed: {news.rstrip('.')}"
        if self._tells_sql(names) and not names.isdisjoint({"*", "sql"}):
            return "sqlite_master.sql, which is masked"
        for table in self._read(sorted(names)):
            masked = self.secrecy.masked(table)
            if masked and table.kind != "view" and ("*" in names or masked & names):
                column = table.spelling[min(masked & names or masked)]
                return f"{table.name}.{column}, which is masked"
        return ""

    def _closed_virtual(self) -> dict[str, str]:
        """Return virtual tables with a masked column or a hidden table, and all that belong to one.

        Which tables hold the words of which isn't known, so if there is one, none can be read.
        """
        virtual = [t for t in self.catalog.tables.values() if t.kind == "virtual"]
        why = next(
            (f"{t.name}.{min(self.secrecy.masked(t))}" for t in virtual if self.secrecy.masked(t)),
            next(
                (
                    t.name
                    for t in virtual
                    if self.secrecy.hides(t.name)
                    or self.secrecy.hide & (self._used.get(t.name.lower()) or frozenset())
                ),
                "",
            ),
        )
        if not why:
            return {}
        names = {*(t.name.lower() for t in virtual), *self.catalog.shadows}
        return dict.fromkeys(names, f"an index of words like {why}")


def _names(sql: str) -> frozenset[str] | None:
    """Return every name in the SQL of a view, and `*` if it has one; None if it can't be read."""
    try:
        found = tokens(sql.rstrip().rstrip(";"))
    except Refused:
        return None
    plain = [token for token in found if token.kind != "space"]
    stars = {"*"} if any(two.text == "*" and _lists(one) for one, two in pairwise(plain)) else set()
    return frozenset({*filter(None, map(spelt, plain)), *stars})


def _lists(before: Token) -> bool:
    """Return whether `*` after this token stands for columns, and isn't a sign."""
    return before.word in {"SELECT", "DISTINCT", "ALL"} or before.text in {",", "."}


@dataclass(frozen=True)
class Masks:
    """What is masked in an answer: columns by place, and by name in lower case.

    `shown` are the names of columns whose values are shown although they look like secrets.
    `starred`: whether `*` may stand for a masked column.
    """

    places: frozenset[int] = frozenset()
    names: frozenset[str] = frozenset()
    shown: frozenset[str] = frozenset()
    starred: bool = False

    def rows(
        self, columns: Sequence[str], rows: Iterable[tuple[object, ...]]
    ) -> list[tuple[object, ...]]:
        """Return the rows of an answer with secrets masked; an empty cell stays empty."""
        named = [_AGAIN.sub("", name).lower() for name in columns]
        masked = {n for n, name in enumerate(named) if name in self.names} | self.places
        plain = {n for n, name in enumerate(named) if name in self.shown}

        masked |= {n for n, name in enumerate(named) if n not in plain and self._is_secret(name)}

        def cell(place: int, value: object) -> object:
            if place in masked:
                return value if value is None else MASK
            shows = place in plain or not isinstance(value, str)
            return value if shows else without_secrets(str(value))

        return [tuple(cell(n, value) for n, value in enumerate(row)) for row in rows]

    def _is_secret(self, name: str) -> bool:
        """Return whether a column of an answer is named like a secret, and none that is shown."""
        return is_secret(name) and self.shown.isdisjoint(re.findall(r"\w+", name))


def _masks(
    sql: str,
    found: Sequence[Token],
    names: Counter[str],
    masked: Mapping[str, str],
    shown: frozenset[str],
) -> Masks:
    """Return what is masked in a statement that reads tables with masked columns, or refuse it."""
    query = parsed(sql)
    places: dict[int, str] = {}
    given: set[str] = set()
    listed = query.expressions if isinstance(query, exp.Select) else []
    signed = _signed(found, masked)
    for place, one in enumerate(listed if not signed else ()):
        column = one.this if isinstance(one, exp.Alias) else one
        if _is_plain(column) and column.name.lower() in masked:
            places[place] = column.name.lower()
            if isinstance(one, exp.Alias):
                given.add(one.alias.lower())
    accounted = Counter([*places.values(), *(alias for alias in given if alias in masked)])
    for name in {*masked, *given}:
        if names[name] > max(accounted[name], 1 if name in given else 0):
            raise Refused(_only_listed(masked.get(name) or next(iter(masked.values()))))
    first = next(iter(masked.values()))
    stars = [one for one in listed if _is_star(one)]
    if _inner_stars(query, found) != len(stars):
        raise Refused(f"Write out the columns of inner SELECTs: {first} is masked.")
    if _tells_by_order(query, found, is_masked=bool(places or stars)):
        raise Refused(_only_listed(first))
    if stars and any(isinstance(listed[place], exp.Alias) for place in places):
        raise Refused(f"Don't rename columns next to *: {first} is masked.")
    fixed = frozenset() if stars else frozenset(places)
    return Masks(fixed, frozenset({*masked, *given}), shown - given, starred=bool(stars))


def _signed(found: Sequence[Token], masked: Mapping[str, str]) -> bool:
    """Return whether something stands before a masked column: the parser leaves a plus out."""
    for place, token in enumerate(found):
        if spelt(token) not in masked or token.kind == "text":
            continue
        first = place
        while first > 1 and found[first - 1].text == ".":
            first -= 2
        before = found[first - 1] if first else token
        if before.text != "," and before.word not in {"SELECT", "ALL", "AS"}:
            return True
    return False


def _only_listed(column: str) -> str:
    return (
        f"{column} is masked: it may only stand in the list of the outermost SELECT, as it is. "
        "[access] unmask in .streamlit/meaux.toml shows it."
    )


def _is_plain(column: exp.Expression) -> bool:
    return isinstance(column, exp.Column) and isinstance(column.this, exp.Identifier)


def _is_star(one: exp.Expression) -> bool:
    return isinstance(one, exp.Star) or (isinstance(one, exp.Column) and one.is_star)


def _inner_stars(query: exp.Expression, found: Sequence[Token]) -> int:
    """Return how many `*` of a statement stand for columns; -1 if the parser missed one."""
    stars = [star for star in query.find_all(exp.Star) if not isinstance(star.parent, exp.Count)]
    counted = sum(isinstance(star.parent, exp.Count) for star in query.find_all(exp.Star))
    signs = sum(1 for _ in query.find_all(exp.Mul))
    seen = len(stars) + counted + signs
    return len(stars) if seen == sum(token.text == "*" for token in found) else -1


def _tells_by_order(query: exp.Expression, found: Sequence[Token], *, is_masked: bool) -> bool:
    """Return whether rows are compared, sorted or grouped by what may be a masked column."""
    words = [token.word for token in found]
    if "NATURAL" in words or any(_reads_a_table(found, place) for place in _places(words, "IN")):
        return True
    if not is_masked:
        return False
    if not isinstance(query, exp.Select) or query.args.get("distinct"):
        return True
    listed = [one for name in ("order", "group", "limit") if (one := query.args.get(name))]
    if any(one.args.get("all") for one in listed):
        return True
    return any(term.find(exp.Literal) for one in listed for term in one.expressions)


def _places(words: Sequence[str], word: str) -> list[int]:
    return [place for place, one in enumerate(words) if one == word]


def _reads_a_table(found: Sequence[Token], place: int) -> bool:
    """Return whether IN is followed by a table instead of a list."""
    return found[place + 1 : place + 2] != [] and found[place + 1].text != "("
