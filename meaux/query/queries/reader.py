"""Reader of query files: blocks of SQL with a name, a sentence and the returned columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import chain, pairwise
from pathlib import Path

from meaux.data.categories import CATEGORIES, Category
from meaux.data.schema import Model
from meaux.data.schema.bound_column import stem
from meaux.data.schema.vocabulary import VOCABULARIES
from meaux.errors import QueryFileError
from meaux.query.queries import categorised

COLUMN_TYPES = ("date", "text", "number", "integer", "instant", "stored", "days")
"""stored: a value exactly as the database stores it, the start of the next page."""

PARAMETERS = {
    "start_day": "the period's first local day",
    "end_day": "the local day after the period's last day",
    "comparable_end": "the local day after the last complete day of the period",
    "grain": "granularity of a trend: day, week or month",
    "teams": "JSON list of the selected team IDs",
    "projects": "JSON list of the selected project IDs",
    "people": "JSON list of the selected person IDs",
    "categories": "JSON list of the selected categories of cost",
    "services": "JSON list of the selected models and services, as the database spells them",
    "workers": "JSON list of the selected Workers, each by any of its names or its ID",
    "copied": "set if a copy on ClickHouse is read, which needs no lookups by an index",
}
"""The parameters of every query, besides those that its page sets."""

PAGE_PARAMETERS = {
    "limit": "maximum number of rows",
    "names": "JSON list of requested names",
    "text": "search text, case-insensitive",
    "paged": "set if only one page of rows is read",
    "counted": "set if the rows are those that a total contains",
    "apart": "the kind of the rows that a total leaves out, such as unpriced",
    "of_project": "JSON list of the projects of the rows; an empty text for rows without one",
    "of_person": "JSON list of the people of the rows",
    "of_service": "JSON list of the models, services or workflows of the rows",
    "of_team": "JSON list of the teams of the rows' projects",
    "of_kind": "JSON list of the kinds of the rows, such as their outcomes",
    "with_person": "set if rows without a person are left out",
    "before": "sort value of the previous page's last row",
    "before_key": "key of that row",
    "spans": "JSON list of budget periods; the query reads no row unless the database has a budget "
    "with one of them",
    "by_day": "set if sums are also per day",
    "by_project": "first day of sums per project",
    "by_person": "first day of sums per person",
    "by_service": "first day of sums per service",
    "by_resource": "first day of sums per resource",
    "by_worker": "first day of sums per Worker",
    "by_bucket": "first day of sums per duration bucket",
    "with_time": "first day of sums with hours",
    "only_time": "first day of sums of time entries only",
}

ZONE = "zone_offset"
"""The table of the zone's offsets, which the compiler generates: since, until, seconds."""

SOURCE_LINES = {
    "source_line": lambda category: "" if category.lines else category.line,
    "source_abroad": lambda category: "" if category.abroad_lines else category.abroad,
}
"""The views that stand for one view per category, and its name; empty if the category
has a view of its own."""

SOURCE_ROWS = "source_rows"
"""The query that stands for one query per category."""

GIVEN_TABLES = {"json_each", ZONE}
"""Tables that a query may read besides logical tables and views."""

KEPT = 4_000
"""The number of texts whose names are kept: a block has a few, one for each choice of clauses."""

_HEADER = re.compile(r"--\s*(name|view|each|returns|optional|needs|chosen):\s*(.*)\Z")
_MEMBER = re.compile(r"\b([a-z_][a-z0-9_]*)\.([a-z_][a-z0-9_]*)\b")
_READ = re.compile(r"\b(?:FROM|JOIN)\s+([a-z_][a-z0-9_]*)\b", re.IGNORECASE)
_LOCAL = re.compile(r"([a-z_][a-z0-9_]*)(?: \([a-z_, ]+\))? AS (?:(?:NOT )?MATERIALIZED )?\(")
MEANING = re.compile(r"\bmeaning\(\s*'([^']*)'")
_PARAMETER = re.compile(r":([a-z_][a-z0-9_]*)")
_CHOSEN = re.compile(r"\bAND (of_[a-z]+)\(([a-z_]+\.[a-z_]+)\)")
_OLDEST = re.compile(r"\boldest\(([a-z_]+)\.([a-z_]+)\)")
_PER_DAY = re.compile(r"\bper_day\(([a-z_]+\.[a-z_]+)\)")
_TEXT = re.compile(r"'(?:[^']|'')*'")

CHOICES = {
    "of_projects": "[[ AND {0} IN (SELECT value FROM json_each(:projects)) ]]"
    " [[ AND {0} IN (SELECT project.id FROM project"
    " WHERE project.team IN (SELECT value FROM json_each(:teams))) ]]",
    "of_people": "[[ AND {0} IN (SELECT value FROM json_each(:people)) ]]",
    "of_members": "[[ AND {0} IN (SELECT value FROM json_each(:people)) ]]"
    " [[ AND {0} IN (SELECT team_member.person FROM team_member WHERE team_member.departed IS NULL"
    " AND team_member.team IN (SELECT value FROM json_each(:teams))) ]]",
}
"""The ids that the filters select, by their name in a query. For a project key: the selected
projects and those of the selected teams. For a person key: the selected people, and these with the
members of the selected teams."""

CHOOSING = {
    "project": frozenset({"projects", "teams"}),
    "team": frozenset({"teams"}),
    "person": frozenset({"people"}),
}
"""The parameters of the filters on a column, by the filter's name."""

OLDEST = (
    "(SELECT iif(in_order({0}.{1}), {0}.{1}_day, :start_day) FROM {0}"
    " WHERE in_period({0}.{1}) ORDER BY {0}.{1}_stored LIMIT 1)"
)
"""The local day of the oldest record of a table by a time; its index gives one row."""

PER_DAY = "CASE WHEN FALSE THEN NULL [[ WHEN :by_day <> '' THEN {0} ]] END"
"""A day if sums are also per day, otherwise NULL."""


@dataclass(frozen=True, eq=False)
class Block:
    """The common parts of a query and a view: SQL, optional and required tables and columns.

    `needs` holds alternatives: of each tuple at least one must be bound. `chosen` are columns that
    must be bound if a filter uses them. `spelt` is the SQL with its categories of cost expanded,
    `each` names the table or column that a category must have to get a SELECT.
    """

    name: str
    about: str
    written: str
    optional: frozenset[str]
    needs: tuple[tuple[str, ...], ...]
    chosen: tuple[str, ...]
    file: Path
    line: int
    each: str = field(default="", kw_only=True)
    spelt: str = field(default="", kw_only=True)

    @cached_property
    def sql(self) -> str:
        """The SQL with its filters, its oldest instants and its optional days expanded."""
        spelt = self.spelt or self.written
        chosen = _CHOSEN.sub(lambda found: CHOICES[found[1]].format(found[2]), spelt)
        oldest = _OLDEST.sub(lambda found: OLDEST.format(*found.groups()), chosen)
        return _PER_DAY.sub(lambda found: PER_DAY.format(found[1]), oldest)

    @property
    def bare(self) -> str:
        """The SQL without its text literals, to search for names."""
        return bare(self.sql)


@dataclass(frozen=True, eq=False)
class Query(Block):
    """A named query; `returns` maps its columns to `COLUMN_TYPES`, in order."""

    returns: Mapping[str, str]

    @property
    def parameters(self) -> frozenset[str]:
        """All its parameters, including those of optional clauses."""
        return parameters_in(self.bare)


@dataclass(frozen=True, eq=False)
class View(Block):
    """A named selection that queries read like a table."""


def bare(sql: str) -> str:
    """Return SQL with its text literals empty, to search for names."""
    return _TEXT.sub("''", sql)


@lru_cache(maxsize=KEPT)
def members_in(sql: str) -> frozenset[tuple[str, str]]:
    """Return every `table.column` in some SQL."""
    return frozenset(_MEMBER.findall(bare(sql)))


@lru_cache(maxsize=KEPT)
def tables_in(sql: str) -> tuple[str, ...]:
    """Return every name that some SQL reads from, once each, in order."""
    return tuple(dict.fromkeys(_READ.findall(bare(sql))))


@lru_cache(maxsize=KEPT)
def parameters_in(sql: str) -> frozenset[str]:
    """Return every `:parameter` in some SQL."""
    return frozenset(_PARAMETER.findall(bare(sql)))


def read_files(files: Sequence[Path], model: Model) -> tuple[dict[str, Query], dict[str, View]]:
    """Read all queries and views of some files, by name.

    Raises:
        QueryFileError: A block breaks a rule; it names file and line.
    """
    read = (block for file in files for block in _read_file(file))
    blocks = [spelt for block in read for spelt in _spelt(block, model)]
    queries: dict[str, Query] = {}
    views: dict[str, View] = {}
    for block in blocks:
        if block.name in queries or block.name in views or model.has(block.name):
            raise _wrong(block, f"the name {block.name} is taken")
        if isinstance(block, Query):
            queries[block.name] = block
        elif isinstance(block, View):
            views[block.name] = block
    for block in blocks:
        for fault in _faults(block, model, views):
            raise _wrong(block, fault)
    return queries, views


def _read_file(file: Path) -> Iterator[Block]:
    starts: list[int] = []
    lines = file.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        header = _HEADER.match(line)
        if header and header[1] in ("name", "view"):
            starts.append(number)
        elif not starts and line.strip() and not line.startswith("--"):
            raise QueryFileError(file, number + 1, "SQL must stand below a `-- name:` line")
    for start, end in pairwise([*starts, len(lines)]):
        yield _read_block(file, start + 1, lines[start:end])


def _spelt(block: Block, model: Model) -> Iterator[Block]:
    """Yield the block with its categories expanded, and the views that this needs."""
    if block.name in SOURCE_LINES:
        for category in CATEGORIES:
            if name := SOURCE_LINES[block.name](category):
                arm = categorised.arm(block.written, category, model)
                yield replace(_headed(block, model, [category]), name=name, spelt=arm)
    elif block.name == SOURCE_ROWS:
        for category in CATEGORIES:
            arm = categorised.arm(block.written, category, model)
            yield replace(_headed(block, model, [category]), name=category.rows, spelt=arm)
    elif block.each:
        arms = categorised.arms(block.written, block.each, model)
        yield from _joined(_headed(block, model), arms)
    else:
        spelt = categorised.written_out(block.written, model)
        yield replace(_headed(block, model), spelt=spelt)


def _headed(block: Block, model: Model, of: Sequence[Category] = CATEGORIES) -> Block:
    """Return the block with the tables and columns of its headers expanded per category."""

    def spelt(entries: Iterable[str]) -> list[str]:
        return [e for entry in entries for e in categorised.entries(entry, model, of)]

    headed = replace(
        block,
        optional=frozenset(spelt(block.optional)),
        needs=tuple(tuple(spelt(alternatives)) for alternatives in block.needs),
    )
    if not isinstance(headed, Query):
        return headed
    returned = {
        name: type_
        for column, type_ in headed.returns.items()
        for name in categorised.returned(column, block.written, model)
    }
    return replace(headed, returns=returned)


def _joined(block: Block, arms: Sequence[str]) -> Iterator[Block]:
    """Yield the SELECTs as one; those beyond D1's maximum are in a view of their own."""
    shown, more = arms, f"{block.name}_more"
    if len(arms) > categorised.ARMS:
        columns = categorised.columns_of(block.written)
        listed = ",\n    ".join(f"{more}.{column} AS {column}" for column in columns)
        shown = [*arms[: categorised.ARMS - 1], f"SELECT\n    {listed}\nFROM {more}"]
        headers = (block.optional, block.needs, block.chosen, block.file, block.line)
        rest = View(more, block.about, block.written, *headers)
        yield from _joined(rest, arms[categorised.ARMS - 1 :])
    yield replace(block, spelt="\nUNION ALL\n".join(shown))


def _read_block(file: Path, line: int, lines: Sequence[str]) -> Block:
    headers: dict[str, str] = {}
    about: list[str] = []
    sql: list[str] = []
    for text in lines:
        header = _HEADER.match(text)
        if header and not sql:
            headers[header[1]] = ", ".join(filter(None, [headers.get(header[1]), header[2]]))
        elif text.startswith("--") and not sql:
            about.append(text.removeprefix("--").strip())
        elif text.strip() or sql:
            sql.append(text)
    optional = frozenset(_listed(headers.get("optional", "")))
    needs = tuple(tuple(entry.split(" or ")) for entry in _listed(headers.get("needs", "")))
    name = headers.get("name") or headers["view"]
    chosen = tuple(_listed(headers.get("chosen", "")))
    each = headers.get("each", "")
    body = (name, " ".join(about), "\n".join(sql).strip(), optional, needs, chosen, file, line)
    if "name" in headers:
        return Query(*body, _returns(headers, file, line), each=each)
    return View(*body, each=each)


def _listed(text: str) -> list[str]:
    return [entry.strip() for entry in text.split(",") if entry.strip()]


def _returns(headers: Mapping[str, str], file: Path, line: int) -> dict[str, str]:
    columns: dict[str, str] = {}
    for entry in _listed(headers.get("returns", "")):
        words = entry.split()
        if len(words) != len(("name", "type")) or words[1] not in COLUMN_TYPES:
            types = ", ".join(COLUMN_TYPES)
            raise QueryFileError(
                file, line, f"returns needs `name type` pairs with commas; types are {types}"
            )
        columns[words[0]] = words[1]
    return columns


def _faults(block: Block, model: Model, views: Mapping[str, View]) -> Iterator[str]:
    """Yield each rule that a block breaks."""
    if not block.about or not block.sql:
        yield "a block needs a sentence that says what it returns, and SQL"
    if isinstance(block, Query) and not block.returns:
        yield "a query needs `-- returns:` with its columns"
    known = PARAMETERS | PAGE_PARAMETERS
    for parameter in parameters_in(block.sql) - known.keys():
        yield f"the parameter :{parameter} is not known; use {', '.join(known)}"
    for name in set(MEANING.findall(block.sql)) - VOCABULARIES.keys():
        yield f"there is no vocabulary {name!r}; use {', '.join(VOCABULARIES)}"
    for table, column in members_in(block.sql):
        if model.has(table) and not model.has(table, stem(column)):
            yield f"{table}.{column} is no column of the model"
    yield from _faults_of_headers(block, model)
    tables = {*model.tables, *views, *GIVEN_TABLES, *_LOCAL.findall(block.sql)}
    for table in set(tables_in(block.sql)) - tables:
        yield f"{table} is no logical table and no view"


def _faults_of_headers(block: Block, model: Model) -> Iterator[str]:
    for entry in chain(block.optional, *block.needs, block.chosen):
        table, _, column = entry.partition(".")
        if not model.has(table, column or None):
            yield f"{entry} is not in the model"
        elif entry in block.chosen and column not in CHOOSING:
            yield f"the filters do not choose by {entry}"


def _wrong(block: Block, problem: str) -> QueryFileError:
    return QueryFileError(block.file, block.line, f"{block.name}: {problem}")
