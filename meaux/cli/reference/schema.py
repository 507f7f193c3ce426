"""Schema: the logical tables, and how a mapping file names what they are read from."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from meaux import demo
from meaux.cli.reference import markdown
from meaux.data.categories import CATEGORIES
from meaux.data.schema import LogicalColumn, LogicalTable, Model, read_model
from meaux.data.schema.bound_column import MOST_READ
from meaux.data.schema.model import TYPES
from meaux.query.queries import reads
from meaux.wording import counted

TABLE_KEYS = {
    "tables": "list of the database tables to read, best first; replaces the candidates",
    "columns": "table of logical columns and what each is read from",
    "only": "table of conditions. Key: name of a database table, in lower case; value: SQL "
    "condition with columns in braces. Only the rows that meet it are read",
    "deleted": "list of columns of the database that mark a deleted row if they are set; "
    "`deleted = []` reads these rows too, except those whose `status` says deleted",
    "void": "list of words of `status` for rows that don't count, besides words for deleted",
    "totals": "logical column that says Total, or a similar word, in rows that sum other rows",
    "adds": "list of amount columns, of which the first that exists is used: a row without a value "
    "in `totals` is a sum if its amount equals the total of the day's other rows",
    "scope": "list of columns; `adds` compares only rows with the same values in them",
    "one_per": "list of logical columns that identify a row; of several rows with the same values, "
    "only the newest is read",
    "snapshot_of": "the same as `one_per`, used only if the table has one of the columns listed in "
    "`newest`",
    "newest": "list of logical columns with the time by which the newest row is found",
    "parts": "list of columns that also identify a row, if the table has them",
    "told": "list of logical columns; among the tables with rows, the first that has one of these "
    "columns takes precedence",
    "identities": "list of identifiers with which other tables can refer to a row",
    "entry": "list of columns with the ID of a record; rows with the same ID count once",
    "entry_of": "list of logical columns; rows with the same `entry` count once only if these "
    "columns are equal too",
    "entry_shared": "the same as `entry_of`, but ignored for views and for tables that store "
    "several versions of a row",
    "entry_parts": "the same as `entry_of`, with names of database columns",
    "changed": "list of columns with the time of a change; of rows that count once, the one "
    "changed last is read",
    "written": "list of columns with the time of writing; it decides where `changed` doesn't",
}
"""The keys of a table in a mapping file."""
COLUMN_KEYS = {
    "from": "what the column is read from, as above; without it, the candidates stay",
    "encoding": "the encoding of a time column, from the list below; otherwise it is detected",
    "identity": "the identifier that a foreign key uses, from the list below; otherwise it is "
    "detected",
    "type": "another type, from the list below",
}
"""The keys of a column in a mapping file."""
ENCODINGS = {
    "julian": "`2461346.875`, a Julian day, as from julianday()",
    "yyyymmdd": "`20261122`, a local day, regardless of the time zone",
    "epoch_s": "`1795338000`, seconds since 1970",
    "epoch_ms": "`1795338000000`, milliseconds since 1970",
    "epoch_s_text": "seconds since 1970, stored as text",
    "epoch_us": "`1795338000000000`, microseconds since 1970",
    "epoch_ms_text": "milliseconds since 1970, stored as text",
    "epoch_us_text": "microseconds since 1970, stored as text",
    "epoch_ns": "`1795338000000000000`, nanoseconds since 1970",
    "epoch_ns_text": "nanoseconds since 1970, stored as text",
    "date": "`2026-11-22`, a local day, regardless of the time zone",
    "sqlite": "`2026-11-22 09:00:00`, meaning UTC",
    "iso": "`2026-11-22T09:00:00Z`, meaning UTC",
    "iso_offset": "`2026-11-22T09:00:00+02:00`",
    "zone_name": "`2026-11-22 09:00:00 +0200 CEST` or `2026-11-22 09:00:00 UTC`",
}
TYPE_WORDS = {
    "key": "an ID, compared as text",
    "text": "text, shown unchanged",
    "word": "a status or similar keyword, compared case-insensitively",
    "currency": "a currency code; all spellings of dollars are read as `usd`",
    "number": "a number, or a text with one meaning: `1,200.50`, ` 12 `",
    "money": "dollars; unknown if the row has another currency",
    "duration": "seconds; also `1:30:00`, and `1:30` in a column of hours",
    "percent": "percent; in a column without a unit, fractions (0 to 1) are multiplied by 100",
    "code": "an HTTP status: `503`, or `503 Service Unavailable`",
    "flag": "yes or no: 1, true, t, yes, y, on or 0, false, f, no, n, off",
    "instant": "a point in time or a date, in any of the encodings below",
}


def page(model: Model) -> Iterator[str]:
    """Yield the lines of the page of the schema."""
    yield "# Schema\n"
    yield "The app has its own names for tables and columns: logical tables and logical columns."
    yield "Queries use only these. For each, the app knows the names that a database may use: its"
    yield "candidates, listed under “read from”, best first. For each logical table the app reads"
    yield "the first candidate that has rows and every required column. For each logical column, a"
    yield f"row's value comes from the first candidate that has one (at most {MOST_READ} are read)."
    yield "A 0 that may be the default of a number column counts only if no other candidate has a"
    yield "value. If something isn't found, the cards that need it and `python -m meaux doctor` say"
    yield "so.\n"
    yield from _mapping()
    yield from _feeding()
    yield "## Logical tables\n"
    for table in model.tables.values():
        yield from _logical(table)
    yield from _physical(model)


def _mapping() -> Iterator[str]:
    yield "## Mapping other names\n"
    yield "`.streamlit/schema.toml` can map any logical table and any logical column to other"
    yield "names; all others keep their candidates:\n"
    yield "```toml"
    yield "[time_entry]"
    yield 'tables = ["timesheet"]'
    yield "[time_entry.columns]"
    yield 'started = { from = "begin", encoding = "epoch_ms" }'
    yield 'seconds = "{minutes_spent} * 60"'
    yield "```\n"
    yield "If a line is invalid, it is ignored and the default mapping is used; the Data page and"
    yield "`doctor` name the line. Write what a logical column is read from in one of three ways:"
    yield "the name of a column, an SQL expression with its columns in braces, or a list of these,"
    yield "best first. To set more than that, write `{ … }` with these keys:\n"
    yield from markdown.table(("key of a column", "what it is"), _keys(COLUMN_KEYS))
    yield "A table has these keys. Only `tables` and `columns` are needed to map other names:\n"
    yield from markdown.table(("key of a table", "what it is"), _keys(TABLE_KEYS))
    yield "The type of a logical column says how its values are read:\n"
    yield from markdown.table(
        ("type", "what it is"), [(f"`{name}`", TYPE_WORDS[name]) for name in TYPES]
    )
    yield "A foreign key to a project, a team or a person is matched against each identifier"
    yield "below. The app uses the identifier that matches most of the values in the sampled rows:"
    yield "the newest, the oldest and some between. To override the choice for one foreign key, set"
    yield "`identity` in that column:\n"
    yield "```toml"
    yield "[time_entry.columns]"
    yield 'project = { identity = "slug" }'
    yield "```\n"
    yield from markdown.table(
        ("table referred to", "identifiers"),
        [
            (f"`{table.name}`", markdown.codes(table.identities))
            for table in read_model().tables.values()
            if table.identities
        ],
    )
    yield "The encodings of a column are detected from sampled rows and, if it has an index,"
    yield "through the index, which finds all of them. To override them for one column, set its"
    yield "`encoding`:\n"
    yield from markdown.table(
        ("encoding", "how it is stored"),
        [(f"`{name}`", words) for name, words in ENCODINGS.items()],
    )


def _keys(keys: Mapping[str, str]) -> Iterator[Sequence[str]]:
    return ((f"`{name}`", words) for name, words in keys.items())


def _feeding() -> Iterator[str]:
    yield "## Source of each cost category\n"
    yield "If several tables record the same spend, each category reads only the first that has"
    yield "rows and every required column; they are never added up. The help text of each cost card"
    yield "names that table. The mapping file can set it:\n"
    yield "```toml"
    yield "[ai_usage]"
    yield 'tables = ["openai_spending"]'
    yield "```\n"
    yield from markdown.table(
        ("category", "logical table"), [(one.name, f"`{one.table}`") for one in CATEGORIES]
    )


def _logical(table: LogicalTable) -> Iterator[str]:
    yield f"### {table.name}\n"
    feeds = [category.name for category in CATEGORIES if category.table == table.name]
    fed = f" Source of the cost category {feeds[0]}." if feeds else ""
    yield f"{table.about}{fed}\n"
    yield f"- read from: {markdown.codes(table.candidates)}"
    yield f"- used by: {markdown.codes(reads.readers(table.name)) or 'no query'}\n"
    yield from markdown.table(("column", "type", "read from"), map(_column, table.columns.values()))


def _column(column: LogicalColumn) -> Sequence[str]:
    required = " (required)" if column.required else ""
    return f"`{column.name}`{required}", column.type, markdown.codes(column.candidates)


def _physical(model: Model) -> Iterator[str]:
    yield "## Demo tables\n"
    yield "The tables of the demo database, the logical tables that each can be read as, and"
    yield "the number of queries that read one of these logical tables. If several tables can be"
    yield "read as one logical table, the queries read only the first that has rows and every"
    yield "required column.\n"
    yield from markdown.table(
        ("table", "can be read as", "queries of the logical tables, or why none"),
        [(f"`{name}`", *_readers(model, name)) for name in _demo_tables()],
    )


def _readers(model: Model, physical: str) -> tuple[str, str]:
    """Return what a table can be read as, and how many queries read that, or why none does."""
    tables = [table for table in model.tables.values() if physical in table.candidates]
    asked = {query for table in tables for query in reads.readers(table.name)}
    unread = " ".join(table.unread for table in tables)
    return markdown.codes(t.name for t in tables), counted(len(asked), "query") if asked else unread


def _demo_tables() -> list[str]:
    script = Path(demo.__file__).with_name("schema.sql").read_text(encoding="utf-8")
    return re.findall(r"^CREATE TABLE (\w+)", script, re.MULTILINE)
