"""Each named query is an endpoint, whose rows are those of the pages and of the command line."""

import csv
import io
import math

import pandas as pd
import pytest

from meaux.query import export
from meaux.query.answers import ROWS, Ask
from meaux.query.answers import ask as ask_database
from meaux.query.queries import QUERIES, reads


@pytest.fixture(scope="session")
def expected(demo_source, select, reading):
    """The frame of a query as a page would get it."""

    def expected(query, selection=None):
        limit = ROWS if "limit" in reads.parameters(query.name) else None
        asked = Ask(query, selection or select(), limit)
        return ask_database([asked], demo_source.binding, *reading(demo_source))[0]

    return expected


def plain(value):
    """A cell of a frame as it should stand in JSON, found another way than the API's."""
    if isinstance(value, tuple):
        return [[str(day), number] for day, number in value]
    if isinstance(value, pd.Timestamp):
        zoned = value.tzinfo is not None
        return value.isoformat().replace("+00:00", "Z") if zoned else str(value.date())
    return None if pd.isna(value) else value


def same(one, other):
    if isinstance(one, float) and isinstance(other, float | int):
        return math.isclose(one, other, rel_tol=1e-12)
    if isinstance(one, str) and isinstance(other, str) and one.endswith("Z"):
        return pd.Timestamp(one) == pd.Timestamp(other)
    return one == other


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_has_the_rows_that_a_page_gets(ask, expected, name):
    answer, found = expected(QUERIES[name]), ask(f"/v1/queries/{name}")
    if answer.state == "unavailable":
        assert (found.status_code, found.json()["detail"]) == (404, answer.reason)
        return
    assert found.status_code == 200, found.text
    rows = [[plain(cell) for cell in row] for row in answer.frame.itertuples(index=False)]
    told = [list(row.values()) for row in found.json()["rows"]]
    assert [list(row) for row in found.json()["rows"][:1]] == [list(QUERIES[name].returns)][
        : len(rows)
    ]
    assert len(told) == len(rows)
    assert all(
        same(one, other)
        for row, shown in zip(rows, told, strict=True)
        for one, other in zip(row, shown, strict=True)
    )


def test_last_months_cost_by_project_comes_as_csv(ask, expected, select):
    found = ask("/v1/queries/cost_by_project", period="last-month", format="csv")
    assert found.headers["content-type"] == "text/csv; charset=utf-8"
    frame = expected(QUERIES["cost_by_project"], select("last-month")).frame
    heads, *rows = csv.reader(io.StringIO(found.text))
    assert heads == [export.heading(column) for column in frame]
    assert len(rows) == len(frame) > 0
