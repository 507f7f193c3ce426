"""Compiler: turns a named query into one statement for one database."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache, partial
from itertools import chain, pairwise

from meaux.data.database import Statement
from meaux.data.schema import Binding, BoundTable, encodings
from meaux.data.schema.bound import MARKED, REPEATED, STORED, SUMMED, BoundColumn, stem
from meaux.data.schema.encodings import Window
from meaux.data.schema.identity import OWN, Identity, column_of, folded, written
from meaux.data.schema.reading import SPACES, key_of
from meaux.data.schema.reading import folded as plain
from meaux.data.schema.vocabulary import VOCABULARIES
from meaux.errors import MeauxError
from meaux.query.filters import Offset, Period, Selection, offsets
from meaux.query.queries import visible
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

ONLY_WITH = {"spans": "spanned_budget"}
"""The parameters whose period is empty unless a view has a row."""

DELETED = "deleted"
"""The suffix of a deleted row's name in the rows that reference it."""
GONE = "gone"
"""The column that says whether a row is deleted, which `there(…)` reads."""

AFTERWARDS = timedelta(days=400)
"""How long after the period `zone_offset` has offsets: entries that begin in it may end later."""

_CLAUSE = re.compile(r"\s*\[\[ (?:unless :([a-z_]+))?(.*?)\]\]", re.DOTALL)
_WITH_TABLE = re.compile(r"(\s*)\[\[ with ([a-z_]+):\s(.*?)\s\]\]", re.DOTALL)
_LOOKED_UP = re.compile(r"\b([a-z_]+)\.id\s*=\s*[a-z_]+\.[a-z_]+")
_MEMBER = r"\(\s*([a-z_0-9]+)\.([a-z_0-9]+)\s*\)"
_IN_PERIOD = re.compile(r"\bin_(?:period|page)" + _MEMBER)
_CALL = re.compile(r"\b(in_period|in_page|since_start|in_order|newest|known|there)" + _MEMBER)
_OFFSET_AT = re.compile(r"\boffset_at\(([^()]+)\)")
_MEANING = re.compile(r"\bmeaning\(\s*'([a-z]+)',\s*([a-z_0-9]+\.[a-z_0-9]+)\s*\)")
_LOW = re.compile(r":(from_[a-z_]+|start_day|day_before)\b")
_HIGH = {"start_day": "end_day", "day_before": "day_after"}
_CASTS = {int: "INTEGER", float: "REAL"}
_NAMED = re.compile(r"""('(?:[^']|'')*'|`(?:[^`]|``)*`)|:([a-z_][a-z0-9_]*)""")


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
    given: dict[str, str | float] = {**_compared(selection, binding).parameters(), **(page or {})}
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
        replace(text, sql=_expanded(text.sql, binding, selection, given)) for text in kept
    )
    tables = _common_tables([main, *views], binding, selection, shown)
    named = [f"{v.block.name} AS NOT MATERIALIZED (\n{v.sql}\n)" for v in reversed(views)]
    front = ",\n".join([*tables, *named])
    sql = f"WITH {front}\n{main.sql}" if front else main.sql
    window = Window(*selection.bounds, selection.period.start, selection.period.end)
    values = given | window.parameters()
    used = _logical(texts, binding)
    sources = {name: binding.tables[name].physical for name in used if name in binding.tables}
    return Compiled(
        query,
        replace(positional(sql, values), width=len(query.returns)),
        without,
        sources,
        _rowless(sources, binding),
        tuple(_unread(_logical(kept, binding), binding, quoting=shown is None)),
        timed=bool(_LOW.search(sql)),
    )


def days_only(query: Query, binding: Binding, selection: Selection) -> list[str]:
    """Return the columns that a query compares with the period and that hold days, not times."""
    return sorted(
        f"{binding.tables[table].physical}.{column}"
        for text in _reachable(query, selection.parameters(), binding)
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
    return _answerable(query, binding, {**selection.parameters(), **(page or {})})[1]


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
    return frozenset(_IN_PERIOD.findall(block.sql))


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

    return _CLAUSE.sub(clause, _WITH_TABLE.sub(with_table, sql))


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
    shift = _shift(selection.offsets)
    indexed, counted = _looked_up(texts), _counted(texts)
    used = _logical(texts, binding)
    mapped = _lookups(used, binding)
    if shown:
        read = visible.columns_read(used, shown.whole, members=shown.members)
        mapped = _lookups(read, shown.whole)
        mapped += visible.tables(shown.whole, partial(_selected, shift=shift, once=False))
    for table, columns in used.items():
        bound = binding.tables.get(table)
        how = "MATERIALIZED" if bound and table in indexed else "NOT MATERIALIZED"
        veil = shown.veil(bound, columns) if shown and bound else None
        once = table in counted
        rows = _selected(bound, columns, shift, once=once, veil=veil) if bound else _none(columns)
        mapped.append(f"{table} AS {how} ({rows})")
    zoned = any(ZONE in tables_in(text.sql) for text in texts)
    return [*mapped, _zone_table(selection)] if zoned else mapped


def _offsets(selection: Selection) -> tuple[Offset, ...]:
    """Return the zone's offsets from the period's start until after its end."""
    period = Period(selection.period.start, selection.period.end + AFTERWARDS)
    return offsets(period, selection.zone)


def _zone_table(selection: Selection) -> str:
    """Return SQL for the offsets, each with its start and end; the first and last are unbounded."""
    found = _offsets(selection)
    changes = [str(offset.until) for offset in found[:-1]]
    seconds = [str(offset.seconds) for offset in found]
    rows = zip(["-9e999", *changes], [*changes, "9e999"], seconds, strict=True)
    values = ", ".join(f"({', '.join(row)})" for row in rows)
    return f"{ZONE} (since, until, seconds) AS NOT MATERIALIZED (\n  VALUES {values}\n)"


def _lookups(used: Mapping[str, Iterable[str]], binding: Binding) -> list[str]:
    """Return the lookup tables from the identifiers of rows to their ids.

    A name that two rows share matches neither; a name that is a row's id matches that row.
    """
    met = {
        (identity.table, identity.by): identity
        for table, columns in used.items()
        for name in columns
        if table in binding.tables and stem(name) in binding.tables[table].columns
        for column in binding.tables[table].columns[stem(name)].all
        if (identity := column.identity) and not identity.is_own
    }
    return [_lookup(identity, binding) for _, identity in sorted(met.items())]


def _lookup(identity: Identity, binding: Binding) -> str:
    bound = binding.tables[identity.table]
    column = replace(bound.columns[column_of(identity.by)], scope="")
    named = written(identity.by, column.value())
    own = bound.columns[OWN].value()
    rows = f"{identity.lookup}_rows"
    gone, ids, there = "", "min(id)", "count(DISTINCT id)"
    if bound.gone:  # A name matches a deleted row only if no other row has it.
        gone, only = f", {bound.is_gone()} AS gone", "FILTER (WHERE NOT gone)"
        ids = f"coalesce(min(id) {only}, min(id))"
        there = f"coalesce(nullif(count(DISTINCT id) {only}, 0), count(DISTINCT id))"
    return (
        f"{rows} AS MATERIALIZED (\n"
        f"  SELECT {named} AS name, {own} AS id, {folded(own)} AS key{gone}\n"
        f"  FROM {bound.named()}\n),\n"
        f"{identity.lookup} AS MATERIALIZED (\n"
        f"  SELECT name, {ids} AS id FROM {rows}\n"
        f"  GROUP BY name HAVING {there} = 1 AND name NOT IN (\n"
        f"    SELECT key FROM {rows} WHERE id IS NOT NULL\n"
        "  )\n"
        f"  UNION ALL SELECT key, id FROM {rows}\n)"
    )


def _meant(column: BoundColumn) -> str:
    """Return SQL for the id that a foreign key refers to; unmatched values stay as they are."""
    if all(one.identity is None or one.identity.is_own for one in column.all):
        return column.value()
    meant = []
    for one in column.all:
        value, identity = one.own_value(), one.identity
        if identity and not identity.is_own:
            found = f"SELECT {identity.lookup}.id FROM {identity.lookup}"
            meant.append(f"({found} WHERE {identity.lookup}.name = {folded(value)})")
            value = replace(one, folds=False).own_value()
        meant.append(value)
    return f"coalesce({', '.join(meant)})"


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
    return {found[1] for sql in written for found in _IN_PERIOD.finditer(sql)}


def _none(columns: Iterable[str]) -> str:
    nothing = ", ".join(f"NULL AS {column}" for column in columns) or "NULL"
    return f"SELECT {nothing} WHERE 0"


def _selected(
    bound: BoundTable,
    columns: Iterable[str],
    shift: str,
    *,
    once: bool,
    veil: visible.Veil | None = None,
) -> str:
    def meant(column: str) -> str:
        return _meant(bound.columns[column])

    def read(column: str) -> str:
        sql = _column(bound, column, shift)
        return veil.column(column, sql, meant) if veil else sql

    body = ",\n    ".join(f"{read(column)} AS {column}" for column in columns) or "1"
    is_one_each = bound.one_per and bound.apart != MARKED
    rows = _one_row_each(bound) if is_one_each else _rows(bound, shift, once=once)
    if bound.alike and "name" in columns:
        rows = f"(SELECT *, {_alike(bound)} FROM {rows})"
    if veil:
        rows = veil.rows(rows, meant)
    return f"\n  SELECT\n    {body}\n  FROM {rows}\n"


def _rows(bound: BoundTable, shift: str, *, once: bool) -> str:
    """Return SQL for the rows that count; `once` leaves out duplicates and sums of others.

    A table that others reference also has its deleted rows, marked as such.
    """
    if bound.gone:
        return bound.named()
    since = bound.columns[bound.refunds.at].since_start() if once and bound.refunds else ""
    if not (once and bound.sums):
        return bound.rows(once=once, since=since)
    is_sum = bound.is_sum(bound.columns[bound.sums.at].in_window(), shift)
    kept = {SUMMED: is_sum, "": f"NOT {is_sum}"}.get(bound.apart, "")
    return bound.rows(kept=kept, since=since)


def _alike(bound: BoundTable) -> str:
    """Return SQL for the number of rows that share a row's name."""
    gone = f", {bound.is_gone()}" if bound.gone else ""
    return f"count(*) OVER (PARTITION BY {bound.columns['name'].value()}{gone}) AS ` alike`"


def _one_row_each(bound: BoundTable) -> str:
    """Return SQL for one row per value of the identifying columns: the newest, else the first.

    A row without an id of its own has no duplicate.
    """
    names = ", ".join((*(bound.columns[name].value() for name in bound.one_per), *bound.parts))
    times = [f"{bound.columns[bound.newest].value()} DESC"] if bound.newest else []
    order = ", ".join([bound.is_gone(), *times] if bound.gone else times)
    order = f" ORDER BY {order}" if order else ""
    place = f"row_number() OVER (PARTITION BY {names}{order}) AS ` place`"
    alone = f" OR {bound.columns[bound.own].value()} IS NULL" if bound.own else ""
    first = f"{'NOT ' if bound.apart == REPEATED else ''}(` place` = 1{alone})"
    return f"(SELECT {bound.everything()}, {place} FROM {bound.named()}) WHERE {first}"


def _column(bound: BoundTable, name: str, shift: str) -> str:
    if name == GONE:
        return bound.is_gone()
    own = stem(name)
    column = bound.columns.get(own)
    if column is None:
        return "NULL"
    suffix = name.removeprefix(own)
    if suffix in STORED:
        place = STORED.index(suffix)
        return column.all[place].stored if place < len(column.all) else "NULL"
    derived: dict[str, Callable[[], str]] = {
        "": lambda: _own(bound, own, column),
        "_day": lambda: column.local_day(shift),
        "_plain": column.value,
        "_order": column.order,
        "_milliseconds": column.milliseconds,
        "_timed": column.timed,
        "_unread": column.unread,
        "_span": column.span,
        "_foreign": lambda: bound.foreign(column),
        visible.PAID: lambda: _own(bound, own, column),
    }
    return derived[suffix]()


def _own(bound: BoundTable, name: str, column: BoundColumn) -> str:
    """Return SQL for a column's own value."""
    if column.type == "currency":
        return bound.currency()
    return _told(bound, name) if name == "name" else _paid(bound, column)


def _told(bound: BoundTable, name: str) -> str:
    """Return SQL for a row's name, with its id if it is a duplicate, and "deleted" if so."""
    if not (bound.alike or bound.gone):
        return _paid(bound, bound.columns[name])
    value, own = bound.columns[name].value(), bound.columns[OWN].value()
    arms = ""
    if bound.gone:
        id_ = f"iif(` alike` > 1, coalesce({own} || ', ', ''), '') || " if bound.alike else ""
        arms = f" WHEN {bound.is_gone()} THEN {value} || ' (' || {id_}'{DELETED})'"
    if bound.alike:
        arms += f" WHEN ` alike` > 1 THEN {value} || coalesce(' (' || {own} || ')', '')"
    return f"CASE{arms} ELSE {value} END"


def _paid(bound: BoundTable, column: BoundColumn) -> str:
    """Return SQL for a value; an amount of money only if it is in dollars."""
    return bound.paid(column) if column.type == "money" else _meant(column)


def _shift(offsets: tuple[Offset, ...]) -> str:
    """Return SQL for the zone's offset at the instant `{at}`.

    The numbers are in the SQL, not in parameters: twenty years of daylight saving have more of them
    than the hundred parameters that D1 binds, and they are the product's own integers. The newest
    comes first, because most rows are new.
    """
    first, *later = offsets
    if not later:
        return str(first.seconds)
    since = [(before.until, after.seconds) for before, after in pairwise(offsets)]
    arms = " ".join(f"WHEN {{at}} >= {at} THEN {seconds}" for at, seconds in reversed(since))
    return f"CASE {arms} ELSE {first.seconds} END"


def _expanded(sql: str, binding: Binding, selection: Selection, given: Mapping[str, object]) -> str:
    """Expand the ranges, meanings and offsets of the SQL."""
    conditions = [view for name, view in ONLY_WITH.items() if name in given]

    def called(found: re.Match[str]) -> str:
        call, table, name = found.groups()
        bound, written = binding.tables.get(table), f"{table}.{name}"
        column = bound.columns.get(name) if bound else None
        match call:
            case "in_period" | "in_page":
                later = call == "in_page" and "before" in given
                return _only_with(conditions, _in_range(table, written, column, later=later))
            case "since_start":
                return column.since_start(written) if column else "0"
            case "in_order":
                return str(int(column is None or column.sorts))
            case "newest":
                return _newest(table, written, column)
            case "known":
                return "0" if binding.lacks(table, name) else "1"
        is_rated = table == "person" and selection.only is not None
        return f"NOT {table}.{GONE}" if bound and (bound.gone or is_rated) else "TRUE"

    def offset(found: re.Match[str]) -> str:
        return _shift(_offsets(selection)).format(at=found[1])

    shifted = _OFFSET_AT.sub(offset, _CALL.sub(called, sql))
    return _MEANING.sub(lambda found: VOCABULARIES[found[1]].sql(found[2]), shifted)


def _in_range(table: str, written: str, column: BoundColumn | None, *, later: bool) -> str:
    """Return SQL for "in the period", and on a later page for "after the rows already shown"."""
    if column is None:
        return "0"
    if not later:
        return column.in_window(written)
    within = column.since_start(written) if column.sorts else column.in_window(written)
    return f"({within} AND ({written}_order, {table}.key_order) < (:before, :before_key))"


def _only_with(views: Iterable[str], ranged: str) -> str:
    """Return a range that is empty unless each of these views has a row.

    SQLite computes the bound once and uses it for the index: an empty range reads nothing.
    """

    def low(found: re.Match[str]) -> str:
        name = found[1]
        high = _HIGH.get(name) or name.replace("from_", "to_")
        rows = " AND ".join(f"EXISTS (SELECT 1 FROM {view})" for view in views)
        return f"iif({rows}, :{name}, :{high})"

    return _LOW.sub(low, ranged) if views else ranged


def _newest(table: str, written: str, column: BoundColumn | None) -> str:
    """Return SQL for the newest instant of all rows, by an index on each of its columns."""
    of_each = [
        encodings.newest(written, f"{written}{suffix}", table, one.encodings, ended=True)
        if not one.also
        else f"(SELECT max({written}) FROM {table} WHERE {written} < CAST(:to_s AS INTEGER))"
        for suffix, one in zip(STORED, column.all if column else (), strict=False)
    ]
    if len(of_each) > 1:
        return f"(SELECT max(value) FROM json_each(json_array({', '.join(of_each)})))"
    return of_each[0] if of_each else "NULL"


def positional(sql: str, values: Mapping[str, str | float]) -> Statement:
    """Return the SQL with `?1, ?2 …`; D1 binds only text, so numbers are cast in the SQL."""
    order: dict[str, int] = {}

    def placeholder(found: re.Match[str]) -> str:
        if found[1]:
            return found[1]
        mark = f"?{order.setdefault(found[2], len(order) + 1)}"
        kind = _CASTS.get(type(values[found[2]]))
        return f"CAST({mark} AS {kind})" if kind else mark

    numbered = _NAMED.sub(placeholder, sql)
    return Statement(numbered, tuple(str(values[name]) for name in order))
