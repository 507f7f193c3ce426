"""Every query of the product, on the demo: documented, typed, and reading no more than it must."""

import functools
import re
import sqlite3
from contextlib import closing

import pandas as pd
import pytest

from meaux.data.database import limits
from meaux.query.queries import COLUMN_TYPES, QUERIES, VIEWS, compile_query
from meaux.query.queries.calls import ONLY_WITH
from meaux.query.queries.reader import PAGE_PARAMETERS, PARAMETERS, tables_in
from meaux.query.typed import typed_frame

CHOICES = {
    "all": {},
    "team": {"teams": ("team_lab", "team_client")},
    "project": {"projects": ("prj_cafe_etoile", "prj_nightjar")},
    "person": {"people": ("usr_zoe", "usr_remy")},
}
PAGE = dict.fromkeys(PAGE_PARAMETERS, 5)

SMALL = {
    "projects", "project_stats", "project_costs", "project_members", "teams", "team_members",
    "users", "user_profiles", "user_preferences", "cloudflare_workers", "worker_stats",
    "openai_budgets", "openai_spending_alerts", "workflow_analytics", "workflow_optimizations",
    "workflow_recommendations", "cost_optimization", "r2_buckets", "project_milestones",
    "project_progress", "cloudflare_images", "cost_analytics", "billing_usage",
    "weekly_spend_reports", "resend_queue",
}  # fmt: skip
"""Tables that grow with the business and not with its days: reading all of one is cheap."""

OF_HOURS = {"request_hour_rows", "request_track_rows"}
"""Queries of tables that the demo has without rows of these days."""

READS_ONE_END = {"newest_lines"}
"""Queries that go along an index and stop at the first row, which a plan calls a scan too."""

KINDS = {
    "date": lambda values: values.dtype == "datetime64[s]",
    "text": pd.api.types.is_string_dtype,
    "number": lambda values: values.dtype == "float64",
    "integer": lambda values: values.dtype == "Int64",
    "instant": lambda values: isinstance(values.dtype, pd.DatetimeTZDtype),
    "stored": lambda values: values.dtype == object,
    "days": lambda values: values.dtype == object,
}
SCAN = re.compile(r"\bSCAN (?:main\.)?(\w+)")

every_query = pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)


def is_read(view):
    blocks = [*QUERIES.values(), *VIEWS.values()]
    return view in ONLY_WITH.values() or any(view in tables_in(block.sql) for block in blocks)


@every_query
def test_a_query_is_documented(query):
    assert query.about.endswith(".")
    assert query.returns
    assert set(query.returns.values()) <= set(COLUMN_TYPES)
    assert query.parameters <= PARAMETERS.keys() | PAGE_PARAMETERS.keys()


BLOCKS = {
    name: block for name, block in (QUERIES | VIEWS).items() if block.file.parent.name != "events"
}
"""The five logs are read as one: each page of a log has its own `chosen`, and the others stay."""


@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS)
def test_what_the_filters_choose_by_is_optional_only_until_they_do(block):
    chosen = set(re.findall(r"AND of_[a-z]+\((\w+\.\w+)\)", block.written))
    assert chosen & block.optional <= set(block.chosen)


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_is_documented_and_read_by_something(view):
    assert VIEWS[view].about.endswith(".")
    assert is_read(view)


@pytest.mark.parametrize("table", sorted(SMALL))
def test_a_table_that_is_called_small_is_in_the_demo(demo_source, table):
    assert demo_source.catalog.find(table)


@pytest.fixture(scope="module")
def statements_of(demo_source, select):
    """The statements of a query by what the filters choose."""

    @functools.cache
    def statements_of(query):
        return {
            name: compile_query(query, demo_source.binding, select(**choice), PAGE).statement
            for name, choice in CHOICES.items()
        }

    return statements_of


@every_query
def test_a_query_runs_on_the_demo_and_returns_what_it_declares(demo_source, statements_of, query):
    statements = statements_of(query)
    found = demo_source.database.fetch([*statements.values()])
    for (choice, statement), rows in zip(statements.items(), found, strict=True):
        assert len(statement.params) <= limits.PARAMETERS, choice
        assert list(rows.columns) == list(query.returns), choice
        frame = typed_frame(rows.rows, query)
        stored = pd.DataFrame(rows.rows, columns=list(query.returns), dtype=object)
        for name, type_ in query.returns.items():
            assert KINDS[type_](frame[name]), (choice, name)
            nulls = frame[name].isna() == stored[name].isna()
            assert nulls.all(), f"{name} holds no {type_} of {choice}"


@every_query
def test_a_query_answers_something_on_the_demo(answer, query):
    expected = "empty" if query.name in OF_HOURS else "ready"
    assert answer(query, "90d", limit=5).state == expected


@pytest.fixture(scope="module")
def steps_of(demo_file):
    """The steps of a statement's plan."""
    with closing(sqlite3.connect(f"file:{demo_file}?mode=ro", uri=True)) as connection:

        def steps_of(statement):
            plan = connection.execute(f"EXPLAIN QUERY PLAN {statement.sql}", statement.params)
            return [step[3] for step in plan]

        yield steps_of


@every_query
def test_a_query_over_thirty_days_scans_no_table_that_grows_with_time(
    demo_source, statements_of, steps_of, query
):
    growing = demo_source.catalog.tables.keys() - SMALL
    for choice, statement in statements_of(query).items():
        steps = steps_of(statement)
        if query.name in READS_ONE_END:
            steps = [step for step in steps if " INDEX " not in step]
        scanned = {found for step in steps for found in SCAN.findall(step)}
        assert scanned & growing == set(), choice
