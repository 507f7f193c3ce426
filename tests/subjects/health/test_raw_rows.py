"""Rows of no named query as a frame: names apart, types kept, nothing that could hurt."""

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meaux import charts
from meaux.query.metrics import DEFINITIONS
from meaux.subjects.health import raw_rows
from meaux.subjects.health.metrics import of_column

CELLS = (
    st.none()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.text(max_size=5)
    | st.lists(st.integers(0, 255), max_size=3)
)


@settings(max_examples=40)
@given(st.data(), st.integers(0, 4))
def test_any_rows_make_a_frame_of_as_many_rows_and_columns(data, width):
    columns = data.draw(st.lists(st.sampled_from(["a", "b", ""]), min_size=width, max_size=width))
    row = st.lists(CELLS, min_size=width, max_size=width)
    rows = data.draw(st.lists(row, max_size=4)) if width else []
    frame = raw_rows.frame(columns, rows)
    assert frame.shape == (len(rows), width)
    assert len(set(frame.columns)) == width
    for column in raw_rows.numbers(frame):
        bars = raw_rows.by_label(frame, column, column)
        chart = charts.ranking(bars, of_column(column), label="label")
        assert chart.to_dict()["description"]


@pytest.mark.parametrize(
    ("cells", "dtype", "shown"),
    [
        ([1, None, 3], "Int64", [1, pd.NA, 3]),
        ([2**62, 1, 1], "Int64", [2**62, 1, 1]),
        ([2**63 - 1, -(2**63)], "Int64", [2**63 - 1, -(2**63)]),
        ([2**63, 1], "float64", [2.0**63, 1.0]),
        ([1, 1.5, None], "float64", [1.0, 1.5, math.nan]),
        (["a", None, "b"], "str", ["a", math.nan, "b"]),
        ([1, "a", 1.5], "str", ["1", "a", "1.5"]),
        ([[0, 255], None, [1]], "str", ["BLOB, 2 bytes", math.nan, "BLOB, 1 bytes"]),
        ([None, None, None], "Int64", [pd.NA] * 3),
    ],
)
def test_a_column_has_the_type_of_its_values(cells, dtype, shown):
    column = raw_rows.frame(["x"], [(cell,) for cell in cells])["x"]
    assert column.dtype == dtype
    assert list(column.astype(object).where(column.notna(), None)) == [
        None if pd.isna(value) else value for value in shown
    ]


def test_columns_of_one_name_are_numbered():
    frame = raw_rows.frame(["a", "a", "a (2)", "a"], [(1, 2, 3, 4)])
    assert list(frame.columns) == ["a", "a (2)", "a (2) (2)", "a (3)"]
    assert frame.iloc[0].tolist() == [1, 2, 3, 4]


def test_columns_of_days_and_of_numbers_are_known():
    frame = raw_rows.frame(
        ["day", "time", "mixed", "n", "nothing"],
        [("2026-01-01", "2026-01-01 10:00", "2026-01-01", 1, None),
         ("2026-01-02", "2026-01-02T10:00Z", "soon", 2.5, None)],
    )  # fmt: skip
    assert raw_rows.days(frame) == ["day", "time"]
    assert raw_rows.numbers(frame) == ["n"]


def test_rows_of_one_day_are_added_up():
    frame = raw_rows.frame(
        ["at", "n"], [("2026-01-02", 3), ("2026-01-01 09:00", 1), ("2026-01-01 10:00", 5)]
    )
    by_day = raw_rows.by_day(frame, "at", "n")
    assert by_day["day"].dt.strftime("%Y-%m-%d").tolist() == ["2026-01-01", "2026-01-02"]
    assert by_day["value"].tolist() == [6.0, 3.0]


def test_days_that_are_none_and_numbers_without_end_are_left_out():
    frame = raw_rows.frame(
        ["at", "n"], [("2026-13-45", 3), ("2026-01-01", math.inf), ("2026-01-02", 2)]
    )
    assert raw_rows.by_day(frame, "at", "n")["value"].tolist() == [2.0]
    assert raw_rows.by_label(frame, "at", "n")["value"].tolist() == [3.0, 2.0]


def test_a_column_that_is_asked_for_once_stands_in_no_list():
    before = dict(DEFINITIONS)
    metric = of_column(":red[x]")
    assert metric.exact(1234.5) == "1,234.5"
    assert metric.exact(0.000012) == "1.2e-05"
    assert before == DEFINITIONS
