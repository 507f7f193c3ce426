"""The reference: documentation pages generated from the code."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from meaux import demo, subjects
from meaux.collect import tokens
from meaux.data import access
from meaux.data.alerting import CONDITIONS
from meaux.data.categories import CATEGORIES
from meaux.data.declared import Key
from meaux.data.plan import ENTRIES, LISTS, TABLES, Thresholds
from meaux.data.schema import LogicalColumn, LogicalTable, Model, read_model
from meaux.data.schema.bound_column import MOST_READ
from meaux.data.schema.model import TYPES
from meaux.data.settings import IN_SECRETS, NO_SECRET, SETTINGS
from meaux.query import queries
from meaux.query.forecast import (
    DAYS_COMPARED,
    FARTHEST_USUAL,
    FEWEST_DAYS,
    MAD_TO_DEVIATION,
    SHARE_OF_WHOLE,
    TIMES_FARTHER,
    WEEKS_COMPARED,
)
from meaux.query.metrics import DEFINITIONS, Metric
from meaux.query.queries import QUERIES, Query, reads
from meaux.query.queries.reader import PAGE_PARAMETERS, PARAMETERS
from meaux.subjects.alerts import rules as alerts
from meaux.subjects.alerts.measures import OF_PARTS
from meaux.subjects.alerts.own import EARLIER
from meaux.subjects.allowances import frames as allowances
from meaux.subjects.allowances.frames import Listed
from meaux.subjects.behind import OF_METRICS, WITHOUT_ROWS
from meaux.subjects.money.anomalies import DAYS_BY_PART, MOST
from meaux.wording import counted, day_of, percent, plural

HEAD = "<!-- Written by `make docs` from the code; a test compares them. -->\n"
WIDTH = 88
"""Characters in a line of a command's help."""

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
COLUMN_WORDS = {
    "date": "a local day",
    "text": "a text",
    "number": "a number, which may have decimals",
    "integer": "a whole number",
    "instant": "a point in time",
    "stored": "a value exactly as the database stores it",
    "days": "a list of local days with amounts",
}
BETTER = {"up": "higher", "down": "lower", "neither": ""}
TOTALS = {
    "sum": "parts add up to the total",
    "last": "not added up over time: the last value, or one value for the whole period",
    "distinct": "parts may overlap, so they don't add up",
    "merged": "computed from merged counts; percentiles are never averaged",
    "ratio of sums": "sum divided by sum; ratios are never averaged",
}


def pages(command: Any) -> dict[str, str]:
    """Return all reference pages by file name; `command` is the root of the command line."""
    model = read_model()
    written = {
        "metrics.md": _metrics(),
        "schema.md": _schema(model),
        "queries.md": _queries(model),
        "alerts.md": _alerts(),
        "settings.md": _settings(),
        "cli.md": _commands(command),
    }
    return {name: HEAD + "\n".join(lines) + "\n" for name, lines in written.items()}


def _metrics() -> Iterator[str]:
    yield "# Metrics\n"
    yield "Definitions of all numbers, by subject. Card help, downloads and this page use the same"
    yield "text. The ledger is the list of all cost entries of all categories.\n"
    yield "“Returned by” lists the queries that return this metric in a column of its name, as a"
    yield "total or in parts that add up to it. In any other query, a column of that name has"
    yield "another meaning; see [queries](queries.md). “Computed by the app” means that no"
    yield "single query returns the metric. If several metrics have one label, the heading also has"
    yield "the name.\n"
    yield "“Rows” names what “Show rows” lists: their sum, their number or a ratio of two of these"
    yield "is the metric. Rows that it leaves out are counted and listed apart.\n"
    for module in subjects.METRICS:
        yield f"## {_about(module.__package__ or '')}\n"
        for metric in vars(module).values():
            if isinstance(metric, Metric) and DEFINITIONS.get(metric.name) is metric:
                yield from _metric(metric)


def _metric(metric: Metric) -> Iterator[str]:
    alike = [one for one in DEFINITIONS.values() if one.label == metric.label]
    yield f"### {metric.label} ({metric.name})\n" if len(alike) > 1 else f"### {metric.label}\n"
    yield f"{metric.defined(Thresholds())}\n"
    yield from _table(
        ("name", "unit", "better if", "aggregation", "returned by", "rows"),
        [
            (
                f"`{metric.name}`",
                metric.unit,
                BETTER[metric.good],
                TOTALS[metric.total],
                _codes(metric.queries) or "computed by the app",
                "none" if metric in WITHOUT_ROWS else _nouns(metric),
            )
        ],
    )
    if metric in WITHOUT_ROWS:
        yield f"No rows: {WITHOUT_ROWS[metric]}\n"


def _nouns(metric: Metric) -> str:
    """Return the kinds of rows behind a metric."""
    behind = OF_METRICS[metric]
    sides = behind.sides.values() or [behind]
    kinds = dict.fromkeys(plural(source.noun) for side in sides for source in side.sources)
    return ", ".join(kinds)


def _schema(model: Model) -> Iterator[str]:
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
    yield from _table(("key of a column", "what it is"), _keys(COLUMN_KEYS))
    yield "A table has these keys. Only `tables` and `columns` are needed to map other names:\n"
    yield from _table(("key of a table", "what it is"), _keys(TABLE_KEYS))
    yield "The type of a logical column says how its values are read:\n"
    yield from _table(("type", "what it is"), [(f"`{name}`", TYPE_WORDS[name]) for name in TYPES])
    yield "A foreign key to a project, a team or a person is matched against each identifier"
    yield "below. The app uses the identifier that matches most of the values in the sampled rows:"
    yield "the newest, the oldest and some between. To override the choice for one foreign key, set"
    yield "`identity` in that column:\n"
    yield "```toml"
    yield "[time_entry.columns]"
    yield 'project = { identity = "slug" }'
    yield "```\n"
    yield from _table(
        ("table referred to", "identifiers"),
        [
            (f"`{table.name}`", _codes(table.identities))
            for table in read_model().tables.values()
            if table.identities
        ],
    )
    yield "The encodings of a column are detected from sampled rows and, if it has an index,"
    yield "through the index, which finds all of them. To override them for one column, set its"
    yield "`encoding`:\n"
    yield from _table(
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
    yield from _table(
        ("category", "logical table"), [(one.name, f"`{one.table}`") for one in CATEGORIES]
    )


def _logical(table: LogicalTable) -> Iterator[str]:
    yield f"### {table.name}\n"
    feeds = [category.name for category in CATEGORIES if category.table == table.name]
    fed = f" Source of the cost category {feeds[0]}." if feeds else ""
    yield f"{table.about}{fed}\n"
    yield f"- read from: {_codes(table.candidates)}"
    yield f"- used by: {_codes(reads.readers(table.name)) or 'no query'}\n"
    yield from _table(("column", "type", "read from"), map(_column, table.columns.values()))


def _column(column: LogicalColumn) -> Sequence[str]:
    required = " (required)" if column.required else ""
    return f"`{column.name}`{required}", column.type, _codes(column.candidates)


def _physical(model: Model) -> Iterator[str]:
    yield "## Demo tables\n"
    yield "The tables of the demo database, the logical tables that each can be read as, and"
    yield "the number of queries that read one of these logical tables. If several tables can be"
    yield "read as one logical table, the queries read only the first that has rows and every"
    yield "required column.\n"
    yield from _table(
        ("table", "can be read as", "queries of the logical tables, or why none"),
        [(f"`{name}`", *_readers(model, name)) for name in _demo_tables()],
    )


def _readers(model: Model, physical: str) -> tuple[str, str]:
    """What a table can be read as, and how many queries read that, or why none does."""
    tables = [table for table in model.tables.values() if physical in table.candidates]
    asked = {query for table in tables for query in reads.readers(table.name)}
    unread = " ".join(table.unread for table in tables)
    return _codes(t.name for t in tables), counted(len(asked), "query") if asked else unread


def _demo_tables() -> list[str]:
    script = Path(demo.__file__).with_name("schema.sql").read_text(encoding="utf-8")
    return re.findall(r"^CREATE TABLE (\w+)", script, re.MULTILINE)


def _queries(model: Model) -> Iterator[str]:
    yield "# Queries\n"
    yield "All named queries, by subject. `python -m meaux query NAME` writes the rows as CSV; in"
    yield "code, use `queries.NAME`.\n"
    yield "## File format\n"
    yield _written()
    yield "## Parameters\n"
    known = {**PARAMETERS, **PAGE_PARAMETERS}
    yield from _table(
        ("parameter", "what it is"), [(f"`:{name}`", words) for name, words in known.items()]
    )
    yield "## Column types\n"
    yield from _table(
        ("type", "what it is"), [(f"`{name}`", COLUMN_WORDS[name]) for name in queries.COLUMN_TYPES]
    )
    for file in dict.fromkeys(query.file for query in QUERIES.values()):
        yield f"## {_subject(file)}\n"
        for query in QUERIES.values():
            if query.file == file:
                yield from _query(query, model)


def _subject(file: Path) -> str:
    """Return what the queries of a file are about."""
    if file.stem != "queries":
        return file.stem.replace("choices", "filter choices").capitalize()
    return _about(f"{subjects.__name__}.{file.parent.name}")


def _about(package: str) -> str:
    """Return the subject of a package, as the package itself calls it."""
    return str(import_module(package).__doc__).partition(":")[0]


def _written() -> str:
    """The grammar, as the package that reads it tells it, with its example as a block of code."""
    _, _, told = (queries.__doc__ or "").partition("\n\n")
    return re.sub(
        r"((?:^    .*\n)+)",
        lambda found: "```sql\n" + re.sub(r"(?m)^    ", "", found[1]) + "```\n",
        told,
        flags=re.MULTILINE,
    )


def _query(query: Query, model: Model) -> Iterator[str]:
    yield f"### {query.name}\n"
    yield f"{query.about}\n"
    yield from _table(
        ("column", "type"), [(f"`{name}`", type_) for name, type_ in query.returns.items()]
    )
    yield f"Reads {_codes(sorted(reads.tables(query.name) & model.tables.keys()))}.\n"


def _settings() -> Iterator[str]:
    yield "# Settings\n"
    yield "A setting is an environment variable. Those with a key below can also be set under"
    yield "`[connections.meauxos]` (the name of the connection) in `.streamlit/secrets.toml`; if"
    yield "both are set, the variable is used. Those without a key can only be set as a variable."
    yield "If neither `MEAUX_DATABASE` nor a database ID is set, the demo opens. A secret is never"
    yield "printed, logged or shown.\n"
    yield from _table(
        ("variable", "key in the secrets file", "what it is", "default"),
        (_setting(one, IN_SECRETS) for one in SETTINGS.values()),
    )

    yield "## Tokens of collect\n"
    yield "Only `python -m meaux collect` reads these ([collecting](collect.md)). Those with a key"
    yield "can also be set under `[collect]` in `.streamlit/secrets.toml`.\n"
    yield from _table(
        ("variable", "key in the secrets file", "what it is", "default"),
        (_setting(one, tokens.IN_SECRETS) for one in tokens.TOKENS.values()),
    )

    yield "## Budgets, thresholds, capacity, allowances\n"
    yield "Set these in `.streamlit/meaux.toml`: copy `.streamlit/meaux.example.toml` and keep what"
    yield "you need. An invalid entry doesn't affect other entries: its default is used, or the"
    yield "budget is ignored. Every page says so; the Data page, `doctor` and `alerts` name the"
    yield "entry. Required: watch ≤ at_risk ≤ over.\n"
    yield from _table(("table", "key", "what it is", "default"), _declared())
    yield from _list_notify()
    yield from _list_access()
    yield from _list_prices()


def _list_notify() -> Iterator[str]:
    yield "## Alert rules of your own, who is told, and what runs when\n"
    yield "Set these in `.streamlit/meaux.toml`; [alerts](alerts.md) shows how. An address is a"
    yield "secret: it is under `[notify]` in `.streamlit/secrets.toml`, or a variable. An invalid"
    yield "entry is named by `alerts` and on the Data page; the others still work.\n"
    yield from _table(
        ("table", "key", "what it is", "default"),
        (
            (f"`[[{table}]]`", f"`{key.name}`", key.description, _default(key))
            for table, known in LISTS.items()
            for key in known.values()
        ),
    )


def _list_access() -> Iterator[str]:
    yield "## Access\n"
    yield "These keys, also in `.streamlit/meaux.toml`, say who may enter once"
    yield "[sign-in](hosting.md) is on. Each entry has exactly one of `addresses`, `domains`,"
    yield "`groups` and `everyone`; the first entry about a person decides. Without `[access]`,"
    yield "nobody may enter. An invalid entry and those after it let nobody in.\n"
    yield from _table(("table", "key", "what it is", "default"), _of_access())


def _list_prices() -> Iterator[str]:
    listed = [resource for resource in allowances.RESOURCES if resource.paid is not None]
    yield "## What Cloudflare includes\n"
    yield "Without `[allowances]`, the pages Resource usage and Analytics assume the Workers"
    yield f"Paid plan and say so. Prices as of {day_of(allowances.AS_OF)}:\n"
    columns = (
        "resource",
        "free plan",
        "paid plan (per month)",
        "overage price",
        "setting",
        "source",
    )
    yield from _table(columns, map(_listed, listed))


def _listed(resource: Listed) -> Sequence[str]:
    per = "per" if resource.per == 1 else f"per {resource.per:,.0f}"
    cents = round(resource.price or 0, 2) == resource.price
    price = f"${resource.price:,.2f}" if cents else f"${resource.price:g}"
    return (
        resource.name,
        resource.free,
        f"{resource.paid:,.0f} {resource.unit}",
        f"{price} {per} {resource.unit}",
        f"`{resource.setting}`" if resource.setting else "",
        f"[prices]({resource.url})",
    )


def _declared() -> Iterator[Sequence[str]]:
    """The rows of all that the plan's file may declare."""
    for table, known in TABLES.items():
        head = f"[[{table}]]" if table in ENTRIES else f"[{table}]"
        for key in known.values():
            yield f"`{head}`", f"`{key.name}`", key.description, _default(key)


def _of_access() -> Iterator[Sequence[str]]:
    """The rows of who may enter."""
    parts = (
        (f"[{access.TABLE}]", access.KEYS),
        (f"[[{access.TABLE}.{access.ENTRIES}]]", access.ENTRY_KEYS),
    )
    for head, known in parts:
        for key in known.values():
            yield f"`{head}`", f"`{key.name}`", key.description, _default(key)


def _default(key: Key) -> str:
    """Return the default of a key; empty for none."""
    match key.default:
        case tuple() as words:
            return f"`{', '.join(words)}`" if words else ""
        case float() as number:
            return f"`{number:g}`"
        case other:
            word = "" if other == NO_SECRET else str(other or "").strip("'")
            return f"`{word}`" if word else ""


def _alerts() -> Iterator[str]:
    yield "# Alerts\n"
    yield "Rules cover the whole company and ignore the filters. Alerts appear on Alerts, Home,"
    yield "Executive overview, Financial analytics and in `python -m meaux alerts`. An unknown"
    yield "value raises no alert; the command lists unknown values. For each budget, only the first"
    yield "rule that applies raises an alert. Thresholds are [settings](settings.md).\n"
    rules = [(f"`{rule.name}`", rule.told(Thresholds())) for rule in alerts.RULES]
    yield from _table(("rule", "raises an alert if (with the default thresholds)"), rules)
    far = f"{FARTHEST_USUAL:g} \N{MULTIPLICATION SIGN} {MAD_TO_DEVIATION}"
    yield "## Unusual days\n"
    yield "Days are judged in total and by part: category, project in it, model or service in it,"
    yield f"and both. The usual cost of a day is the median cost of the {WEEKS_COMPARED} days"
    yield f"before it that have the same weekday. The {DAYS_COMPARED} days before it are compared"
    yield "with the usual cost of their weekday, too. A day is unusual if its difference is larger"
    yield "than each of these:\n"
    yield "- `anomaly_floor_usd`;"
    yield f"- {percent(SHARE_OF_WHOLE)} of the median daily total;"
    yield f"- {far} \N{MULTIPLICATION SIGN} the median absolute deviation of those days, about"
    yield f"  {FARTHEST_USUAL:g} standard deviations (Iglewicz and Hoaglin, How to Detect and"
    yield "  Handle Outliers, 1993);"
    yield f"- {TIMES_FARTHER:g} \N{MULTIPLICATION SIGN} the second largest difference of those"
    yield f"  days, and {TIMES_FARTHER:g} \N{MULTIPLICATION SIGN} the largest of the days 27 to 33"
    yield "  before.\n"
    yield f"A part must have a cost on {FEWEST_DAYS} of those days. Recurring costs are left out of"
    yield "the day's cost and of the usual cost. One cause is one finding: the cause of an unusual"
    yield f"day is the smallest part with at least {percent(MOST)} of the difference. It is taken"
    yield "off all other parts before the next cause is looked for. Projects and models are judged"
    yield f"on the last {DAYS_BY_PART - DAYS_COMPARED} days of a period, categories on all.\n"
    yield "## Severities\n"
    yield "## Severities\n"
    yield f"Severities, the most severe first: {', '.join(alerts.SEVERITIES)}. Of the rules,"
    yield "only `budget over` is critical. Open alerts recorded in the database are listed too,"
    yield "marked as recorded. [Telling people](notify.md) says how alerts reach them.\n"
    yield from _own_rules()


def _own_rules() -> Iterator[str]:
    yield "## Rules of your own\n"
    yield "A rule under `[[alerts]]` in `.streamlit/meaux.toml` has a metric, a window and exactly"
    yield f"one condition: {', '.join(f'`{name}`' for name in CONDITIONS)}. Its keys are among the"
    yield "[settings](settings.md). Its alerts appear where those of the other rules do. All rules"
    yield "are read in the one call that the page or the command makes anyway.\n"
    yield "```toml"
    yield "[[alerts]]"
    yield 'name = "No time logged"'
    yield 'metric = "hours"'
    yield 'no_data = "3d"'
    yield ""
    yield "[[alerts]]"
    yield 'name = "Failing Worker"'
    yield 'metric = "error_rate"'
    yield 'each = "worker"'
    yield 'over = "1h"'
    yield "above = 0.02"
    yield 'severity = "Error"'
    yield ""
    yield "[[alerts]]"
    yield 'name = "AI cost jumps"'
    yield 'metric = "model_cost"'
    yield 'each = "project"'
    yield 'over = "7d"'
    yield "rises_by = 0.5"
    yield "at_least = 20"
    yield 'sentence = "AI of {name} costs at least {limit} more than last week: {value}."'
    yield "```\n"
    yield "- Days are complete days before today, in the time zone of the settings; `no_data` also"
    yield "  looks at today. Hours are complete hours. A month is the month to date.\n"
    yield "- A change is that of the pages: the same weekdays, whole weeks earlier; for a month,"
    yield "  the same days of the month before. If there was nothing before, there is no change.\n"
    yield "- An unknown value raises no alert, and ends none. `below` looks only at parts with"
    yield f"  entries; `no_data` finds those that had data in the {EARLIER} days before and now"
    yield "  have none.\n"
    yield "- A rule that can't be answered is named, with the reason, by `python -m meaux alerts`."
    yield "  `python -m meaux alerts try NAME` says how often a rule would have fired in the past"
    yield "  90 days.\n"
    yield "For the company, every metric that a page shows as a number can be used. Metrics of"
    yield "parts; over hours, these can also be used for the company:\n"
    metrics = dict.fromkeys(name for name, _ in OF_PARTS)
    rows = [
        (f"`{name}`", ", ".join(each for metric, each in OF_PARTS if metric == name))
        for name in metrics
    ]
    yield from _table(("metric", "for each"), rows)


def _setting(setting: Key, in_secrets: Iterable[str]) -> Sequence[str]:
    kept = f"`{setting.name}`" if setting.name in in_secrets else ""
    return f"`{setting.variable}`", kept, setting.description, _default(setting)


def _commands(root: Any) -> Iterator[str]:
    yield "# Command line\n"
    yield "Run in the repository with its virtual environment active. Results go to stdout, all"
    yield "other messages to stderr.\n"
    yield from _help(root, ())
    for name, command in root.commands.items():
        yield f"## {name}\n"
        yield from _help(command, (name,))
        for part, inner in getattr(command, "commands", {}).items():
            yield f"### {name} {part}\n"
            yield from _help(inner, (name, part))


def _help(command: Any, names: tuple[str, ...]) -> Iterator[str]:
    program = " ".join(("python -m meaux", *names))
    context = command.context_class(command, info_name=program, terminal_width=WIDTH)
    yield f"```\n{command.get_help(context)}\n```\n"


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A Markdown table and the empty line after it."""
    yield f"| {' | '.join(heads)} |"
    yield f"| {' | '.join('---' for _ in heads)} |"
    for row in rows:
        yield f"| {' | '.join(map(_cell, row))} |"
    yield ""


def _cell(text: str) -> str:
    """A text that can stand in a table."""
    return text.replace("|", "\\|")
