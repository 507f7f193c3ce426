"""On a real D1 the product reads what it reads from a file, in few calls and few rows."""

from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from meaux.data.database import D1, SQLiteFile, Statement, fetch_each
from meaux.data.plan import Plan
from meaux.data.schema import sampled
from meaux.data.source import open_source
from meaux.errors import DatabaseError, MissingColumn, MissingTable, QueryError
from meaux.query import queries
from meaux.query.answers import Ask, ask
from meaux.query.filters import Period
from meaux.query.needs import Request, meet
from meaux.query.queries import QUERIES, VIEWS, Unanswerable, compile_query
from meaux.query.queries.calls import IN_PERIOD
from meaux.query.queries.reader import tables_in
from meaux.query.rollups import rolled_up
from meaux.subjects.money import frames as costs
from meaux.subjects.page import all_pages, parts

pytestmark = pytest.mark.d1

LIMIT = {"limit": 5}
CHOICES = {
    "thirty days": ("30d", {}),
    "teams, in another zone": (
        "90d",
        {"teams": ("team_lab", "team_client"), "zone": "America/St_Johns"},
    ),
    "projects": ("30d", {"projects": ("prj_cafe_etoile", "prj_nightjar")}),
    "people": ("30d", {"people": ("usr_zoe", "usr_remy")}),
}
"""Periods and filters: each optional clause of every query is run. The zone's clock changes once in
ninety days."""
ALL_TIME = "all"
FEW_A_TABLE = 80
"""Ten rows at each end, twenty between, each looked for first, and one for each class of encodings
that an index of time holds."""

ROWS_READ_PER_ROW = 5
"""How often a row in range may be read: once from the table, and again as often as it is sorted,
grouped or looked up. A table scan reads fifteen rows for one in range: thirty days of eighteen
months."""

HAVE_ROWS = 60
"""So many queries, of a hundred, have rows to compare whatever is chosen."""

ROWS_OF_BUDGETS = 200
"""What it costs to see that no budget is as long: the budgets and the projects."""


def same(rows):
    return [tuple(pytest.approx(c) if isinstance(c, float) else c for c in row) for row in rows]


def is_same(there, here):
    """Whether two answers are the same, but for the last digits of their numbers."""
    # Most are so to the last digit, which is quickly seen.
    alike = there.rows == here.rows or there.rows == same(here.rows)
    return alike and there.columns in (here.columns, ())


def test_the_schema_is_read_in_two_calls(counted, no_override):
    open_source(counted, no_override)
    assert counted.adapter.calls == 2


def test_a_table_is_sampled_for_a_few_rows_however_large_it_is(d1_source):
    statements = sampled(d1_source.binding.model, d1_source.catalog)
    assert statements
    for name, rows in zip(
        statements, d1_source.database.fetch(list(statements.values())), strict=True
    ):
        assert rows.meta.rows_read <= FEW_A_TABLE, name


def test_the_model_binds_on_d1_as_it_does_on_a_file(d1_source, file_source):
    assert d1_source.catalog == file_source.catalog
    assert d1_source.binding.tables == file_source.binding.tables
    assert d1_source.binding.fingerprint == file_source.binding.fingerprint


@pytest.mark.parametrize("chosen", CHOICES)
def test_every_query_has_the_same_rows_on_d1_and_on_a_file(d1_source, file_source, select, chosen):
    have_the_same_rows(d1_source, file_source, select, chosen)


def test_every_query_has_the_same_rows_of_all_time(small_d1_source, demo_source, select):
    have_the_same_rows(small_d1_source, demo_source, select, ALL_TIME)


def have_the_same_rows(d1_source, file_source, select, chosen):
    """Compare every query of a choice; most have rows."""
    period, choice = CHOICES.get(chosen, (chosen, {}))
    selection = select(period, **choice)
    statements = compiled(d1_source.binding, selection)
    on_d1 = d1_source.database.fetch(statements)
    on_file = file_source.database.fetch(statements)
    differ = [
        name
        for name, there, here in zip(QUERIES, on_d1, on_file, strict=True)
        if not is_same(there, here)
    ]
    assert differ == []
    assert sum(bool(rows.rows) for rows in on_d1) > HAVE_ROWS


def compiled(binding, selection):
    """The statement of each query."""
    return [compile_query(query, binding, selection, LIMIT).statement for query in QUERIES.values()]


OTHER_SOURCES = {"request_hour_rows", "request_track_rows"}
"""The demo's requests come from the log, so these sources have no rows that count."""


def test_a_whole_page_is_one_call(counted, d1_source, select):
    asks = [Ask(query, select(), 5) for query in QUERIES.values()]
    answers = ask(asks, d1_source.binding, lambda wanted: fetch_each(counted, wanted))
    assert counted.adapter.calls == 1
    states = {answer.query.name: answer.state for answer in answers}
    assert {name for name, state in states.items() if state != "ready"} == OTHER_SOURCES


def dated(query):
    """Each `table.instant` by which a query, or a view it reads, keeps to the period."""
    found, pending, seen = set(), [query], set()
    while pending:
        block = pending.pop()
        found |= set(IN_PERIOD.findall(block.sql))
        views = {name for name in tables_in(block.sql) if name in VIEWS} - seen
        seen |= views
        pending += [VIEWS[name] for name in views]
    return found


def rows_in_range(source, selection):
    """Return a count, of any query, of its tables' rows in the period and all of the small ones'.

    Each table and instant is counted once.
    """

    @cache
    def counted(table, instant):
        sql = f"SELECT count(*) AS n FROM {table} WHERE in_period({table}.{instant})"
        any_query = next(iter(QUERIES.values()))
        count = replace(any_query, written=sql, spelt="", optional=frozenset(), needs=())
        statement = compile_query(count, source.binding, selection).statement
        return source.database.fetch([statement])[0].rows[0][0]

    undated = {bound.physical for bound in source.binding.tables.values()} & SMALL
    counts = [Statement(f"SELECT count(*) FROM {table}") for table in undated]
    small = sum(rows.rows[0][0] for rows in source.database.fetch(counts))
    return lambda query: small + sum(counted(*named) for named in dated(query))


SMALL = {
    "projects", "users", "teams", "team_members", "project_costs", "project_milestones",
    "project_stats", "project_progress",
}  # fmt: skip


def test_thirty_days_cost_no_more_than_a_few_reads_of_the_rows_in_them(
    d1_source, file_source, select
):
    selection = select("30d")
    in_range = rows_in_range(file_source, selection)
    read = d1_source.database.fetch(compiled(d1_source.binding, selection))
    for query, rows in zip(QUERIES.values(), read, strict=True):
        assert rows.meta.rows_read is not None, query.name
        assert rows.meta.rows_read <= ROWS_READ_PER_ROW * in_range(query), query.name


@pytest.mark.parametrize("title", ["Home", "Executive overview", "Financial analytics"])
def test_a_page_reads_each_cost_and_sorts_it_once(d1_source, file_source, select, title):
    read, selection = [], select("30d")

    def fetch(statements):
        found = fetch_each(d1_source.database, statements)
        read.extend(zip(statements, found, strict=True))
        return found

    [page] = [page for page in all_pages() if page.title == title]
    meet(parts(page.items), Request(selection, Plan(), d1_source.binding), fetch, roll_up=rolled_up)
    days = costs.recent(selection)
    [asked] = [rows for statement, rows in read if "keyed_line.day AS day" in statement.sql]
    in_range = rows_in_range(file_source, days)(queries.cost_by_day)
    assert asked.rows.meta.rows_read <= 2 * in_range
    others = [queries.cost_by_day, queries.cost_by_project, queries.cost_of_budgets]
    for query in others:
        for over in (selection, days, selection.over(selection.compared)):
            statement = Ask(query, over).compiled(d1_source.binding).statement
            assert statement not in [one for one, _ in read]


def test_the_days_before_are_read_only_for_a_budget_as_long(d1_source, select, today):
    year = select(Period(date(today.year, 1, 1), today))

    def read(query, *spans):
        statement = Ask(query, year, spans=spans).compiled(d1_source.binding).statement
        [rows] = d1_source.database.fetch([statement])
        return rows.rows, rows.meta.rows_read

    for query in (queries.cost_by_day, queries.cost_of_budgets):
        (found, many), (none, few) = read(query, "month"), read(query, "year")
        assert found == read(query)[0] != []
        assert none == []
        assert few <= ROWS_OF_BUDGETS < many, query.name


def test_the_first_record_of_six_tables_costs_six_rows(d1_source, select):
    asked = Ask(queries.oldest_records, select("30d")).compiled(d1_source.binding)
    [rows] = d1_source.database.fetch([asked.statement])
    assert rows.meta.rows_read == 6
    assert None not in rows.rows[0]


REFUSED = {
    "a table that is missing": ("SELECT * FROM nope", MissingTable),
    "a column that is missing": ("SELECT nope FROM projects", MissingColumn),
    "broken SQL": ("SELECT FROM WHERE", QueryError),
    "a function that D1 lacks": ("SELECT median(1)", QueryError),
    "six parts of a union": (" UNION ALL ".join(["SELECT 1"] * 6), QueryError),
    "D1's own tables": ("SELECT * FROM _cf_KV", QueryError),
    "a long pattern": (f"SELECT 1 WHERE 'a' LIKE '{'a' * 51}'", QueryError),
    "a hundred and one parameters": (
        f"SELECT {' + '.join(f'?{n}' for n in range(1, 102))}",
        QueryError,
    ),
    "an attached file": ("ATTACH 'x' AS x", QueryError),
}


@pytest.mark.parametrize(("sql", "error"), REFUSED.values(), ids=REFUSED)
def test_d1_and_a_file_refuse_alike(d1, full_demo_file, sql, error):
    params = ("1",) * sql.count("?")
    for database in (d1, SQLiteFile(full_demo_file)):
        with pytest.raises(error):
            database.fetch([Statement(sql, params)])


@pytest.mark.parametrize(
    ("sql", "params"),
    [
        ("SELECT ?1 AS x", ("it's :x ?2 [[ 🦐",)),
        ("SELECT typeof(?1) AS x", (7,)),
        ("SELECT CAST(?1 AS INTEGER) > 600 AS x", (1_000,)),
        ("SELECT count(*) AS x FROM json_each(?1)", (str(list(range(5_000))),)),
        ("SELECT NULL AS x", ()),
        ("SELECT 1.5 AS x UNION ALL SELECT 9007199254740991", ()),
        ("SELECT 1 AS x WHERE 0", ()),
    ],
)
def test_d1_and_a_file_answer_alike(d1, full_demo_file, sql, params):
    [on_d1] = d1.fetch([Statement(sql, params)])
    [on_file] = SQLiteFile(full_demo_file).fetch([Statement(sql, params)])
    assert on_d1.rows == on_file.rows
    assert on_d1.columns in (on_file.columns, ())


def test_one_refused_statement_does_not_cost_the_others_their_answers(d1):
    statements = [Statement("SELECT 1"), Statement("SELECT * FROM nope"), Statement("SELECT 2")]
    one, none, two = fetch_each(d1, statements)
    assert (one.rows.rows, two.rows.rows) == ([(1,)], [(2,)])
    assert isinstance(none, MissingTable)


def test_an_empty_d1_binds_to_nothing_and_says_what_each_query_needs(empty_d1, no_override, select):
    source = open_source(empty_d1, no_override)
    assert source.binding.tables == {}
    for query in QUERIES.values():
        with pytest.raises(Unanswerable, match=r"Needs .*the table"):
            compile_query(query, source.binding, select(), LIMIT)


def test_a_database_that_is_not_there_is_an_error_in_words(local_d1):
    with pytest.raises(DatabaseError) as caught:
        D1("", "00000000-0000-4000-8000-0000000000ff", "", local_d1.url).fetch(
            [Statement("SELECT 1")]
        )
    assert str(caught.value).endswith(".")
