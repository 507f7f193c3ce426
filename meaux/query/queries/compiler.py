"""Compiler: turns a named query into one statement for one database."""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import chain

from meaux.data.database import Statement
from meaux.data.schema import Binding, BoundTable, encodings
from meaux.data.schema.bound_column import stem
from meaux.data.schema.identity import OWN
from meaux.data.schema.reading import SPACES, key_of
from meaux.data.schema.reading import folded as plain
from meaux.data.schema.window import Window
from meaux.errors import MeauxError
from meaux.query.filters import Selection
from meaux.query.queries import visible
from meaux.query.queries.calls import (
    IN_PERIOD,
    LOW,
    ONLY_WITH,
    expanded,
    positional,
    shift_at,
    zone_table,
)
from meaux.query.queries.logical_tables import lookups, none_of, selected
from meaux.query.queries.pruning import pruned, wanted_of
from meaux.query.queries.reader import (
    CHOOSING,
    KEPT,
    ZONE,
    Block,
    Query,
    members_in,
    parameters_in,
    tables_in,
)
from meaux.query.queries.reads import VIEWS

_CLAUSE = re.compile(r"\s*\[\[ (?:unless :([a-z_]+))?(.*?)\]\]", re.DOTALL)
_WITH_TABLE = re.compile(r"(\s*)\[\[ with ([a-z_]+):\s(.*?)\s\]\]", re.DOTALL)
_LOOKED_UP = re.compile(r"\b([a-z_]+)\.id\s*=\s*[a-z_]+\.[a-z_]+")


class Unanswerable(MeauxError):  # noqa: N818  it is an answer, too
    """A query needs tables or columns that the database doesn't have: `lacking`, in words."""

    def __init__(self, lacking: Iterable[str]) -> None:
        self.lacking = tuple(lacking)
        joint = "; and " if any(" or " in words for words in self.lacking) else " and "
        super().__init__(f"{self.about} {joint.join(self.lacking)}.")

    about = "Needs"


class NotForTeams(Unanswerable):
    """A query reads rows that belong to no team, for somebody who may see some teams only."""

    about = "Not for your teams: this needs"


@dataclass(frozen=True)
class Compiled:
    """A query ready to run.

    - `without`: for each missing optional table or column, what it would need.
    - `sources`: the physical table of each logical table.
    - `rowless`: the tables of its rows, if all of them are empty.
    - `unread`: sentences on columns with unreadable values.
    - `timed`: whether it reads the selection's period only.
    """

    query: Query
    statement: Statement
    without: Mapping[str, str]
    sources: Mapping[str, str]
    rowless: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    timed: bool = False


@dataclass(frozen=True)
class _Shown:
    """The binding of the whole database, for a selection of some teams only.

    `members`: whether the query is about members.
    """

    whole: Binding
    members: bool

    def veil(self, bound: BoundTable, columns: Iterable[str]) -> visible.Veil:
        """Return what is visible of a table."""
        return visible.Veil(bound, self.whole, columns, members=self.members)


@dataclass(frozen=True)
class _Text:
    """A block after its clauses are chosen."""

    block: Block
    sql: str


def compile_query(
    query: Query,
    binding: Binding,
    selection: Selection,
    page: Mapping[str, str | float] | None = None,
) -> Compiled:
    """Compile a query for a selection into one statement; `page` has the page's parameters.

    Raises:
        Unanswerable: The database lacks a table or column that the query requires.
        NotForTeams: The selection is for some teams only, and what the query requires isn't.
    """
    if selection.only is not None:
        binding = visible.discreet(binding)
    given = _given(_compared(selection, binding), binding, page)
    texts, without = _answerable(query, binding, given)
    shown = None
    if selection.only is not None:
        given["only"] = json.dumps([plain(one.strip(SPACES)) for one in selection.only])
        shown = _Shown(binding, members=any("of_members(" in t.block.written for t in texts))
        binding = visible.narrowed(binding, members=shown.members)
        lacking, without = _gaps(texts, binding, given)
        if lacking:
            raise NotForTeams(lacking)
    kept = _pruned(texts)
    main, *views = (
        replace(text, sql=expanded(text.sql, binding, selection, given)) for text in kept
    )
    tables = _common_tables([main, *views], binding, selection, shown)
    named = [f"{v.block.name} AS NOT MATERIALIZED (\n{v.sql}\n)" for v in reversed(views)]
    front = ",\n".join([*tables, *named])
    sql = f"WITH {front}\n{main.sql}" if front else main.sql
    window = Window(*selection.bounds, selection.period.start, selection.period.end)
    values = given | window.parameters() | {"zone": selection.zone}
    used = _logical(texts, binding)
    sources = {name: binding.tables[name].physical for name in used if name in binding.tables}
    return Compiled(
        query,
        replace(positional(sql, values), width=len(query.returns)),
        without,
        sources,
        _rowless(sources, binding),
        tuple(_unread(_logical(kept, binding), binding, quoting=shown is None)),
        timed=bool(LOW.search(sql)),
    )


def days_only(query: Query, binding: Binding, selection: Selection) -> list[str]:
    """Return the columns that a query compares with the period and that hold days, not times."""
    return sorted(
        f"{binding.tables[table].physical}.{column}"
        for text in _reachable(query, _given(selection, binding, None), binding)
        for table, column in periods_in(text.block)
        if table in binding.tables
        and (bound := binding.tables[table].columns.get(column)) is not None
        and set(bound.encodings) & set(encodings.DAYS)
    )


def missing(
    query: Query,
    binding: Binding,
    selection: Selection,
    page: Mapping[str, str | float] | None = None,
) -> Mapping[str, str]:
    """Return what `compile_query` returns as `without`, or raise Unanswerable; no SQL is written.

    That takes a fifth of the time.
    """
    return _answerable(query, binding, _given(selection, binding, page))[1]


def _given(
    selection: Selection, binding: Binding, page: Mapping[str, str | float] | None
) -> dict[str, str | float]:
    """Return the parameters that are set."""
    copied = {"copied": "1"} if binding.is_copy else {}
    return {**selection.parameters(), **copied, **(page or {})}


def _answerable(
    query: Query, binding: Binding, given: Mapping[str, object]
) -> tuple[list[_Text], dict[str, str]]:
    """Return the texts that a query reads, and what is missing and optional."""
    texts = _reachable(query, given, binding)
    lacking, without = _gaps(texts, binding, given)
    if lacking:
        raise Unanswerable(lacking)
    return texts, without


def _compared(selection: Selection, binding: Binding) -> Selection:
    """Return the selection with each id in its compared form, like the keys of its table."""

    def compared(ids: Iterable[str], table: str) -> tuple[str, ...]:
        bound = binding.tables.get(table)
        folds = bound is None or OWN not in bound.columns or bound.columns[OWN].folds
        return tuple(key_of(id_, folds=folds) or id_ for id_ in ids)

    return replace(
        selection,
        teams=compared(selection.teams, "team"),
        projects=compared(selection.projects, "project"),
        people=compared(selection.people, "person"),
    )


def _unread(used: Mapping[str, Iterable[str]], binding: Binding, *, quoting: bool) -> Iterator[str]:
    """Yield a sentence for each used column with unreadable values, once each."""
    found = (
        binding.tables[table].unread(dict.fromkeys(map(stem, columns)), quoting=quoting)
        for table, columns in used.items()
        if table in binding.tables
    )
    return iter(dict.fromkeys(chain.from_iterable(found)))


def _rowless(sources: Mapping[str, str], binding: Binding) -> tuple[str, ...]:
    """Return the tables without a row, by name.

    Empty if a table has a row. Tables that others reference only count if there are no others.
    """
    counted = [name for name in sources if not binding.model.tables[name].identities]
    asked = counted or list(sources)
    if any(binding.tables[name].has_rows for name in asked):
        return ()
    return tuple(sorted({sources[name] for name in asked}))


@lru_cache(maxsize=KEPT)
def periods_in(block: Block) -> frozenset[tuple[str, str]]:
    """Return every table and instant that a block compares with the period."""
    return frozenset(IN_PERIOD.findall(block.sql))


def _reachable(query: Query, given: Mapping[str, object], binding: Binding) -> list[_Text]:
    """List the query and every view that it reads, each before the views that it reads itself."""

    def chosen(block: Block) -> _Text:
        return _Text(block, with_chosen_clauses(block.sql, given, binding.tables))

    conditions = [VIEWS[view] for name, view in ONLY_WITH.items() if name in given]
    texts = [chosen(block) for block in (query, *conditions)]
    pending = list(texts)
    while pending:
        for name in tables_in(pending.pop().sql):
            if name in VIEWS:
                texts = [text for text in texts if text.block.name != name]
                texts.append(chosen(VIEWS[name]))
                pending.append(texts[-1])
    return texts


def _pruned(texts: Iterable[_Text]) -> list[_Text]:
    """Remove from each view the columns that no earlier text reads."""
    query, *views = texts
    kept = [query]
    for view in views:
        wanted = wanted_of(view.block.name, [reader.sql for reader in kept])
        kept.append(view if wanted is None else replace(view, sql=pruned(view.sql, wanted)))
    return kept


def with_chosen_clauses(sql: str, given: Mapping[str, object], tables: Container[str] = ()) -> str:
    """Return the SQL with only the optional clauses that apply.

    A clause applies if all its parameters are set; one with a table, if the database has that
    table, too; one with `unless`, if that parameter isn't set.
    """

    def with_table(found: re.Match[str]) -> str:
        space, table, clause = found.groups()
        is_set = parameters_in(clause) <= given.keys()
        return space + clause if table in tables and is_set else ""

    def clause(found: re.Match[str]) -> str:
        barred, sql = found.groups()
        applies = barred not in given if barred else parameters_in(sql) <= given.keys()
        return " " + sql.strip() if applies else ""

    return _CLAUSE.sub(clause, _WITH_TABLE.sub(with_table, sql)).strip()


def _logical(texts: Iterable[_Text], binding: Binding) -> dict[str, list[str]]:
    """Return every logical table that is read, with the columns used of it."""
    used: dict[str, set[str]] = {}
    for text in texts:
        for table in tables_in(text.sql):
            if binding.model.has(table):
                used.setdefault(table, set())
        for table, column in members_in(text.sql):
            if binding.model.has(table):
                used.setdefault(table, set()).add(column)
    return {table: sorted(columns) for table, columns in used.items()}


def _gaps(
    texts: Iterable[_Text], binding: Binding, given: Mapping[str, object]
) -> tuple[list[str], dict[str, str]]:
    """Return what is missing and required, and what is missing and optional."""
    lacking: dict[str, None] = {}
    without: dict[str, str] = {}
    for text in texts:
        for entry, words in _missing(text, binding):
            if entry in text.block.optional:
                without[entry] = words
            else:
                lacking[words] = None
        chosen = [
            (entry,)
            for entry in text.block.chosen
            if not CHOOSING[entry.partition(".")[2]].isdisjoint(given)
        ]
        for alternatives in [*text.block.needs, *chosen]:
            missing = [binding.lacks(*entry.split(".")) for entry in alternatives]
            said = list(dict.fromkeys(filter(None, missing)))
            if all(missing) and lacking.keys().isdisjoint(said):
                lacking[" or ".join(said)] = None
    return list(lacking), without


def _missing(text: _Text, binding: Binding) -> Iterator[tuple[str, str]]:
    """Yield each table, or column of an existing table, that the database lacks for a text."""
    for table, columns in _logical([text], binding).items():
        words = binding.lacks(table)
        if words is not None:
            yield table, words
            continue
        for column in dict.fromkeys(map(stem, columns)):
            words = binding.lacks(table, column)
            if words is not None and not binding.model.tables[table].columns[column].quiet:
                yield f"{table}.{column}", words


def _common_tables(
    texts: Sequence[_Text], binding: Binding, selection: Selection, shown: _Shown | None
) -> list[str]:
    shift = shift_at(selection.offsets)
    indexed, counted = _looked_up(texts), _counted(texts)
    used = _logical(texts, binding)
    mapped = lookups(used, binding)
    if shown:
        read = visible.columns_read(used, shown.whole, members=shown.members)
        mapped = lookups(read, shown.whole)
        mapped += visible.tables(shown.whole, partial(selected, shift=shift, once=False))
    for table, columns in used.items():
        bound = binding.tables.get(table)
        how = "MATERIALIZED" if bound and table in indexed else "NOT MATERIALIZED"
        veil = shown.veil(bound, columns) if shown and bound else None
        once = table in counted
        rows = selected(bound, columns, shift, once=once, veil=veil) if bound else none_of(columns)
        mapped.append(f"{table} AS {how} ({rows})")
    zoned = any(ZONE in tables_in(text.sql) for text in texts)
    return [*mapped, zone_table(selection)] if zoned else mapped


def _looked_up(texts: Sequence[_Text]) -> set[str]:
    """Return the tables in which rows are looked up by key, except those read by period.

    Materialised, they get an index from SQLite. Otherwise D1 reads, and bills, the whole table for
    each row that looks something up in it.
    """
    looked_up = {table for text in texts for table in _LOOKED_UP.findall(text.block.sql)}
    return looked_up - {table for text in texts for table, _ in periods_in(text.block)}


def _counted(texts: Iterable[_Text]) -> set[str]:
    """Return the tables whose rows are counted or summed over the period.

    Other tables keep duplicates and sums: the oldest and the newest row are the same with them, and
    an index gives these.
    """
    written = (text.block.spelt or text.block.written for text in texts)
    return {found[1] for sql in written for found in IN_PERIOD.finditer(sql)}
