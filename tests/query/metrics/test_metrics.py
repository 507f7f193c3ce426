"""Metrics: each number has one name, one definition and one way to be written."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meaux.query.metrics import DEFINITIONS, MISSING, Metric, change, column
from meaux.query.queries import QUERIES
from meaux.subjects.ai.metrics import COST_PER_1K
from meaux.subjects.hours.metrics import HOURS
from meaux.subjects.money.metrics import COST
from meaux.subjects.projects.metrics import PROJECTS
from meaux.subjects.storage.metrics import GB_MONTH, STORED
from meaux.subjects.workers.metrics import P95
from meaux.wording import money

every_metric = pytest.mark.parametrize("metric", DEFINITIONS.values(), ids=DEFINITIONS)


@every_metric
def test_a_metric_is_defined_in_a_sentence(metric: Metric):
    assert metric.label[0].isupper()
    assert metric.definition.endswith(".")
    assert metric.column.startswith(metric.label)
    assert metric.axis_format


@every_metric
def test_a_metric_is_a_number_in_a_column_of_its_name_in_all_rows_of_its_queries(metric: Metric):
    for name in metric.queries:
        assert QUERIES[name].returns[metric.name] in ("number", "integer"), name
        assert "limit" not in QUERIES[name].parameters, name


SEVERAL = {name: metric for name, metric in DEFINITIONS.items() if len(metric.queries) > 1}


@pytest.mark.parametrize("metric", SEVERAL.values(), ids=SEVERAL)
def test_all_queries_of_a_metric_add_up_to_the_same(metric: Metric, answer):
    totals = [float(answer(QUERIES[q]).frame[metric.name].sum()) for q in metric.queries]
    assert totals[0] > 0
    assert totals == pytest.approx([totals[0]] * len(totals))


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("activity", "oldest_activity"),  # a date
        ("cost", "hours_by_day"),  # of hours
        ("cost", "cost_by_person"),  # of time and AI
        ("cost", "cost_by_service"),  # of AI and infrastructure
        ("cost", "reported_by_project"),  # of a lifetime, as reported
        ("cost", "runs_by_day"),  # of runs
        ("cost", "workflow_lifetimes"),
        ("hours", "unpriced_time"),
        ("images", "images_by_day"),  # uploaded
        ("messages", "mail_queue"),  # now, not in the period
        ("requests", "worker_errors"),  # of a known outcome
        ("runs", "workflow_lifetimes"),
    ],
)
def test_a_query_may_return_something_else_in_a_column_of_a_metrics_name(name, query):
    assert name in QUERIES[query].returns
    assert query not in DEFINITIONS[name].queries


@every_metric
def test_an_unknown_number_is_a_dash_and_never_a_zero(metric):
    for value in (None, math.nan):
        assert metric.short(value) == metric.exact(value) == MISSING


@every_metric
@settings(max_examples=20)
@given(value=st.floats(-1e9, 1e9))
def test_a_number_of_any_size_can_be_written(metric, value):
    assert len(metric.short(value)) <= 20
    assert metric.exact(value)


@every_metric
def test_zero_is_a_number(metric):
    assert "0" in metric.short(0)


@pytest.mark.parametrize(
    ("metric", "value", "short", "exact"),
    [
        (COST, 0, "$0.00", "$0.00"),
        (COST, 999.994, "$999.99", "$999.99"),
        (COST, 1234.5, "$1,234", "$1,234.50"),
        (COST, 12_345.678, "$12,346", "$12,345.68"),
        (COST, 999_949, "$999,949", "$999,949.00"),
        (COST, 999_950, "$1.0M", "$999,950.00"),
        (COST, -12_345.678, "-$12,346", "-$12,345.68"),
        (COST, -0.5, "-$0.50", "-$0.50"),
        (HOURS, 1234.56, "1,234.6 h", "1,234.6 h"),
        (PROJECTS, 25, "25", "25"),
        (GB_MONTH, 1_225.0417, "1,225.0 GB", "1,225.042 GB"),
        (P95, 637.4, "637 ms", "637.4 ms"),
        (P95, 4_210, "4.2 s", "4.210 s"),
        (P95, 1_862_373, "31.0 min", "31.040 min"),
        (STORED, 1_234_567, "1.2 MB", "1,234,567 B"),
        (COST_PER_1K, 0.0025312, "$0.00253", "$0.00253"),
        (PROJECTS, 1_234_567, "1.2M", "1,234,567"),
    ],
)
def test_a_number_is_short_on_a_card_and_exact_in_a_tooltip(metric, value, short, exact):
    assert (metric.short(value), metric.exact(value)) == (short, exact)


@pytest.mark.parametrize(
    ("metric", "values", "written"),
    [
        (COST, [693.18, 0.42, 0], ["$693.18", "$0.42", "$0.00"]),
        (COST, [7_426, 693.18, 11_100.4, -502.48], ["$7,426", "$693", "$11,100", "-$502"]),
        (COST, [7_426, 0.42, -0.42, 0], ["$7,426", "<$1", "-<$1", "$0"]),
        (COST, [2_500_000, 64_079, 2_046, 693.18], ["$2.5M", "$64.1k", "$2.0k", "$693"]),
        (COST, [1_000, math.nan], ["$1,000", MISSING]),
        (PROJECTS, [12_345, 7], ["12,345", "7"]),
        (PROJECTS, [1_234_567, 7], ["1.2M", "7"]),
        (HOURS, [1_234.56, 0.5], ["1,234.6 h", "0.5 h"]),
        (P95, [340, 4_210, 61_000], ["0.3 s", "4.2 s", "61.0 s"]),
        (P95, [340, 4_210], ["340 ms", "4,210 ms"]),
        (P95, [120_000, 90_000, 4], ["2.0 min", "1.5 min", "<0.1 min"]),
        (STORED, [4e12, 3e9, 1e9], ["4,000.0 GB", "3.0 GB", "1.0 GB"]),
        (COST, [], []),
    ],
)
def test_the_numbers_of_one_row_or_chart_have_one_unit_and_precision(metric, values, written):
    assert metric.alike(values) == written


@pytest.mark.parametrize(
    ("unit", "values", "heading", "written"),
    [
        (None, [3_343, 61.923], "Size", ["3,343.0", "61.9"]),
        (None, [3, 61], "Size", ["3", "61"]),
        ("count", [3_343, 61.923], "Size", ["3,343.0", "61.9"]),
        ("money", [3_343, 61.923], "Size", ["3,343.00", "61.92"]),
        ("price", [0.00234, 0.5], "Size", ["0.002", "0.500"]),
        ("ratio", [0.1123, 1], "Size", ["11.2", "100.0"]),
        ("milliseconds", [1_862_373, 61_000, 90_000], "Size (min)", ["31.0", "1.0", "1.5"]),
        ("milliseconds", [math.nan], "Size (ms)", ["nan"]),
        ("bytes", [4e9, 3e9, 1e6], "Size (GB)", ["4.0", "3.0", "0.0"]),
    ],
)
def test_the_numbers_of_a_column_have_one_unit_and_precision(unit, values, heading, written):
    given = {"milliseconds": "Size (ms)", "bytes": "Size (bytes)"}.get(unit, "Size")
    made = column(given, unit, values)
    assert made.heading == heading
    assert [made.written(value) for value in values] == written


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        (110.0, 100.0, 0.1),
        (0.0, 100.0, -1.0),
        (100.0, 0.0, None),
        (100.0, -5.0, None),
        (None, 100.0, None),
        (100.0, None, None),
        (math.nan, 100.0, None),
    ],
)
def test_a_change_has_no_meaning_without_something_to_change_from(now, before, expected):
    assert change(now, before) == (None if expected is None else pytest.approx(expected))


@given(st.floats(-1e12, 1e12))
def test_money_can_be_read_back_to_the_cent(value):
    text = money(value)
    assert float(text.replace("$", "").replace(",", "")) == pytest.approx(value, abs=0.0051)
