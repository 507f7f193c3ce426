"""Every named query gives the same rows on a copy on ClickHouse as on its source.

They are in the same order if the query has one. The copy is read over HTTP, by a user who may set
nothing.
"""

import json
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import date
from pathlib import Path

import clickhouse_connect
import pytest
from copies import sums_at_the_source, sums_of_the_copy
from messy import IN_OTHER_UNITS, MESSY

from meaux.data.database import SQLiteFile
from meaux.data.source import open_source
from meaux.query.filters import Period
from meaux.query.queries import QUERIES, Unanswerable, compile_query

PAGE = {"limit": 100}
CHOICES = {
    "UTC": {},
    "New York, over the change of clocks": {
        "period": Period(date(2026, 10, 20), date(2026, 11, 15)),
        "zone": "America/New_York",
    },
    "Paris, with filters": {
        "period": "90d",
        "zone": "Europe/Paris",
        "teams": ("team_lab", "team_client"),
        "people": ("usr_zoe", "usr_remy"),
    },
}
OF = {
    "demo": ("New York, over the change of clocks", "Paris, with filters"),
    "odd": ("UTC", "New York, over the change of clocks"),
}
"""What is chosen of each database: all pages of the demo are compared in UTC, and the odd one has
no such teams."""
POOR = """
CREATE TABLE time_entries (started_at INTEGER, ended_at INTEGER, seconds INTEGER, cost_usd REAL);
INSERT INTO time_entries VALUES (1793610000, 1793613600, 3600, 12), (1793696400, NULL, 60, NULL);
CREATE TABLE workflow_runs (id TEXT, run_id TEXT, attempt INTEGER, status TEXT, started_at INTEGER);
INSERT INTO workflow_runs VALUES ('1', 'a', NULL, 'failed', 1793610000),
    ('2', 'a', 2, 'failed', 1793610060), ('3', 'a', 2, 'success', 1793610120),
    ('4', 'b', 1, 'failed', 1793610000), ('5', NULL, 1, 'success', 1793696400);
CREATE TABLE workflow_steps (run_id TEXT, step_name TEXT, status TEXT, started_at INTEGER);
INSERT INTO workflow_steps VALUES ('a', 's', 'success', 1793610000), ('?', 's', 'no', 1793610000);
"""
"""A database without projects and people, and runs whose attempts are numbered."""
NO_MAPPING = Path("no-such-file.toml")


@pytest.fixture(scope="session")
def both(demo_file, copy_of, tmp_path_factory):
    """A database and its copy, opened, by name."""
    files = {"demo": demo_file}
    for name, script in (("odd", MESSY + IN_OTHER_UNITS), ("poor", POOR)):
        files[name] = tmp_path_factory.mktemp(name) / f"{name}.db"
        with closing(sqlite3.connect(files[name])) as database:
            database.executescript(script)
    return {
        name: (
            open_source(SQLiteFile(file), NO_MAPPING),
            open_source(copy_of(file), NO_MAPPING),
        )
        for name, file in files.items()
    }


def test_each_table_of_the_demo_has_its_rows_and_amounts(demo_file, both, chdb_folder):
    name = both["demo"][1].database.name.rpartition("/")[2]
    client = clickhouse_connect.get_client(interface="chdb", path=chdb_folder)
    source, copy = sums_at_the_source(demo_file), sums_of_the_copy(client, demo_file, name)
    assert copy.keys() == source.keys()
    for table, sums in source.items():
        assert copy[table] == pytest.approx(sums), table


def comparable(rows, query):
    """The rows, with numbers to 12 digits and without the places of pages, which differ."""
    return [tuple(map(cell, row, query.returns.values())) for row in rows]


def cell(value, type_):
    match value:
        case int() | float():
            return float(f"{value:.12g}") if type_ != "stored" else None
        case str() if type_ == "days":
            return repr(sorted((day, float(amount)) for day, amount in json.loads(value)))
    return None if type_ == "stored" else value


def answers(source, query, selections, page=PAGE):
    statements = [compile_query(query, source.binding, one, page).statement for one in selections]
    # One by one: on few rows, threads cost more than they save.
    found = {one: source.database.fetch([one])[0].rows for one in dict.fromkeys(statements)}
    return [comparable(found[one], query) for one in statements]


def is_ordered(query):
    return "\nORDER BY" in query.written


@pytest.mark.parametrize("name", ["demo", "odd"])
@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_a_query_gives_the_same_rows_on_clickhouse(both, select, name, query):
    source, copy = both[name]
    selections = [select(**CHOICES[choice]) for choice in OF[name]]
    try:
        expected = answers(source, query, selections)
    except Unanswerable:
        with pytest.raises(Unanswerable):
            answers(copy, query, selections)
        return
    for asked, found in zip(expected, answers(copy, query, selections), strict=True):
        assert Counter(found) == Counter(asked)
        if is_ordered(query):
            assert found == asked


@pytest.mark.parametrize(
    "query",
    ["cost_by_day", "hours_by_day", "time_rows", "time_row_sums", "runs_by_day", "steps"],
)
def test_a_database_that_lacks_tables_and_columns_gives_the_same_rows(both, select, query):
    source, copy = both["poor"]
    selections = [select(Period(date(2026, 11, 1), date(2026, 11, 20)))]
    expected = answers(source, QUERIES[query], selections)
    assert expected != [[]]
    found = answers(copy, QUERIES[query], selections)
    assert [*map(Counter, found)] == [*map(Counter, expected)]


@pytest.mark.parametrize("query", ["cost_by_day", "project_choices", "hours_by_day"])
def test_somebody_with_one_team_sees_the_same_rows_on_clickhouse(both, select, query):
    source, copy = both["demo"]
    selections = [select("90d", only=("team_lab",))]
    expected = answers(source, QUERIES[query], selections)
    assert expected != [[]]
    found = answers(copy, QUERIES[query], selections)
    assert [*map(Counter, found)] == [*map(Counter, expected)]


def test_costs_of_one_category_are_the_same_on_clickhouse(both, select):
    source, copy = both["demo"]
    selections = [select("90d", categories=(name,)) for name in ("Time", "AI", "Infrastructure")]
    expected = answers(source, QUERIES["cost_by_day"], selections)
    assert all(expected)
    found = answers(copy, QUERIES["cost_by_day"], selections)
    assert [*map(Counter, found)] == [*map(Counter, expected)]


@pytest.mark.parametrize("limit", [1, 5])
def test_the_latest_entries_to_review_are_the_same_on_clickhouse(both, select, limit):
    selections = [select(**choice) for choice in CHOICES.values()]
    query = QUERIES["odd_entries"]
    expected, found = (answers(one, query, selections, {"limit": limit}) for one in both["demo"])
    assert len(expected[0]) > limit
    assert found == expected


def test_a_page_of_rows_begins_after_the_last_one_shown(both, select):
    _, copy = both["demo"]
    query, selection = QUERIES["time_rows"], select("90d")

    def rows(page):
        statement = compile_query(query, copy.binding, selection, page).statement
        return copy.database.fetch([statement])[0].rows

    first = rows({"limit": 20, "paged": "1"})
    place, key = (list(query.returns).index(name) for name in ("place", "key"))
    last = first[9]
    before = {"before": last[place], "before_key": last[key]}
    assert rows({"limit": 10, "paged": "1", **before}) == first[10:]
