"""Storage: levels, growth and GB-months, as plain SQL and plain Python find them."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meaux.data.plan import Plan
from meaux.data.thresholds import Allowances
from meaux.query import queries
from meaux.query.filters import Period, Selection
from meaux.subjects.allowances import figures as allowances_figures
from meaux.subjects.allowances.resources import R2_STORAGE
from meaux.subjects.storage import figures as storage_figures
from meaux.subjects.storage import frames as storage
from meaux.subjects.storage.metrics import STORED

TODAY = date(2026, 11, 22)
USAGE = "bucket, usage_date, bytes, objects, class_a, class_b"
GB = 10**9


@pytest.fixture
def usage(rows_of):
    """A script of r2_usage with such levels: bucket, day of November, decimal GB."""

    def usage(*levels):
        rows = [
            (bucket, f"2026-11-{day:02}", None if size is None else round(size * GB), 7, 1, 2)
            for bucket, day, size in levels
        ]
        return rows_of("r2_usage", USAGE, *rows)

    return usage


def over(first, last=22, today=TODAY, **choices):
    """The days of November from the first to the last."""
    period = Period(date(2026, 11, first), date(2026, 11, last) + timedelta(1))
    return Selection(period, today, **choices)


def by_day(demo_rows, selection, column="bytes"):
    """The demo's levels of each day in plain SQL: every bucket is recorded once a day."""
    return demo_rows(
        f"SELECT usage_date, sum({column}) FROM r2_usage WHERE usage_date >= ? AND usage_date < ?"
        " GROUP BY 1 ORDER BY 1",
        str(selection.period.start),
        str(selection.period.end),
    )


@pytest.mark.parametrize("period", ["7d", "30d", "last-month", "90d"])
def test_the_figures_of_the_demo_are_those_of_its_table(met, select, demo_rows, period):
    selection = select(period)
    days = by_day(demo_rows, selection)
    stored = met(storage_figures.stored, selection)
    assert (stored.value, stored.before) == (days[-1][1], days[0][1])
    assert list(stored.trend) == [size for _, size in days]
    assert stored.versus == f"since {selection.period.start:%-d %b %Y}"
    objects = met(storage_figures.objects, selection)
    assert objects.value == by_day(demo_rows, selection, "objects")[-1][1]
    complete = [size for day, size in days if day < str(TODAY)]
    slope = np.polyfit(range(len(complete)), complete, 1)[0]
    assert met(storage_figures.growth, selection).value == pytest.approx(slope)
    mean = sum(size for _, size in days) / len(days) / GB
    assert met(storage_figures.gb_month, selection).value == pytest.approx(mean)
    cost = met(allowances_figures.storage_cost, selection, plan=Plan())
    assert cost.value == pytest.approx((mean - 10) * 0.015)
    assert "Estimate: 10 GB included" in cost.note


def test_the_change_of_a_level_is_written_in_its_unit(met):
    stored = met(storage_figures.stored, "30d")
    assert stored.delta == f"+{(stored.value - stored.before) / GB:.1f} GB"


def test_each_bucket_of_the_demo_has_its_last_level_its_change_and_its_operations(
    met, select, demo_rows
):
    selection = select("30d")
    table = met(storage.Buckets, selection).frame
    rows = demo_rows(
        "SELECT u.bucket, p.name, sum(u.class_a), sum(u.class_b),"
        " max(u.bytes) FILTER (WHERE u.usage_date = '2026-11-22'),"
        " max(u.objects) FILTER (WHERE u.usage_date = '2026-11-22'),"
        " max(u.bytes) FILTER (WHERE u.usage_date = '2026-10-23')"
        " FROM r2_usage AS u JOIN r2_buckets AS b ON b.name = u.bucket"
        " LEFT JOIN projects AS p ON p.id = b.project_id"
        " WHERE u.usage_date >= '2026-10-23' GROUP BY 1"
    )
    assert len(table) == len(rows) == 6
    found = table.set_index("bucket")
    for bucket, project, class_a, class_b, last, objects, first in rows:
        row = found.loc[bucket]
        assert (row["class_a"], row["class_b"]) == (class_a, class_b)
        assert (row["bytes"], row["objects"], row["change_bytes"]) == (last, objects, last - first)
        assert row["recorded"] == pd.Timestamp(TODAY)
        assert (None if pd.isna(row["project"]) else row["project"]) == project
    assert found["bytes"].is_monotonic_decreasing
    assert found["bytes"].sum() == met(storage_figures.stored, selection).value


def test_the_alerts_count_the_same_bytes_as_the_page(answer, met, database_of, usage):
    [demo] = [answer(queries.stored_bytes, "30d").frame["bytes"].sum()]
    assert demo == met(storage_figures.stored, "30d").value
    source = database_of(usage(("a", 3, 5), ("a", 9, 6), ("b", 4, 2), ("b", 8, None)))
    alerted = answer(queries.stored_bytes, over(1), source=source).frame
    assert alerted.set_index("bucket")["bytes"].to_dict() == {"a": 6 * GB, "b": 2 * GB}
    assert met(storage_figures.stored, over(1), source).value == 8 * GB


def test_a_bucket_that_stopped_reporting_keeps_its_level_and_is_told_of(database_of, usage, met):
    source = database_of(usage(*(("a", day, 10) for day in range(1, 23)), ("b", 1, 4), ("b", 5, 6)))
    stored = met(storage_figures.stored, over(1), source)
    assert list(stored.trend) == [14 * GB] * 4 + [16 * GB] * 18
    assert storage.silent(met(storage.Levels, over(1), source)) == (
        "1 bucket has no measurement on 22 Nov 2026: its last value is used."
    )
    gb_month = met(storage_figures.gb_month, over(1), source).value
    assert gb_month == pytest.approx((4 * 14 + 18 * 16) / 22)
    table = met(storage.Buckets, over(1), source).frame.set_index("bucket")
    assert table.loc["b", "recorded"] == pd.Timestamp("2026-11-05")
    assert (table.loc["b", "bytes"], table.loc["b", "change_bytes"]) == (6 * GB, 2 * GB)


def test_a_bucket_that_began_in_the_period_counts_from_then_on(database_of, usage, met):
    source = database_of(usage(*(("a", day, 10) for day in range(1, 23)), ("b", 20, 3)))
    stored = met(storage_figures.stored, over(1), source)
    assert list(stored.trend) == [10 * GB] * 19 + [13 * GB] * 3


def test_of_several_records_a_day_the_last_is_its_level_and_the_highest_its_peak(
    database_of, rows_of, met, answer
):
    spelled = [("a", "2026-11-20 06:00:00", 2), ("a", "2026-11-20 18:00:00", 5),
               ("a", 1795212000, 4), ("a", "2026-11-21", 3)]  # fmt: skip
    rows = [(bucket, at, size * GB, 1, 1, 1) for bucket, at, size in spelled]
    source = database_of(rows_of("r2_usage", USAGE, *rows))
    assert met(storage.Levels, over(19), source).frame["bytes"].tolist() == [4 * GB, 3 * GB]
    assert met(storage.Peaks, over(19), source).frame["peak"].tolist() == [5 * GB, 3 * GB]
    assert met(storage_figures.stored, over(19), source).value == 3 * GB
    assert met(storage_figures.gb_month, over(19), source).value == pytest.approx((5 + 3 + 3) / 3)
    assert answer(queries.stored_bytes, over(19), source=source).frame["bytes"].tolist() == [3 * GB]


def test_a_day_without_a_measurement_peaks_at_its_level_and_not_at_the_last_peak(
    database_of, rows_of, met
):
    sizes = {"06": 5, "18": 2}
    rows = [("a", f"2026-11-20 {hour}:00:00", n * GB, 1, 1, 1) for hour, n in sizes.items()]
    source = database_of(rows_of("r2_usage", USAGE, *rows))
    assert met(storage_figures.gb_month, over(20), source).value == pytest.approx((5 + 2 + 2) / 3)


@pytest.mark.parametrize("grain", ["day", "week", "month"])
def test_a_level_is_never_summed_over_days(database_of, usage, met, grain):
    source = database_of(usage(*(("a", day, day) for day in range(2, 16))))
    selection = over(2, 15, grain=grain)
    levels = met(storage.Levels, selection, source)
    drawn = storage.over_time(levels, selection, "bucket").frame
    last = {"day": 15 * GB, "week": 15 * GB, "month": 15 * GB}[grain]
    assert drawn["bytes"].iloc[-1] == last
    assert drawn["bytes"].max() == last
    assert len(drawn) == {"day": 14, "week": 2, "month": 1}[grain]


def test_what_is_drawn_as_growth_starts_at_zero_and_ends_at_the_change(database_of, usage, met):
    source = database_of(usage(*(("a", day, 100 + 2 * day) for day in range(1, 23))))
    lines = storage.grown(met(storage.Levels, over(1), source), over(1)).frame.pivot_table(
        index="day", columns="line", values="change_bytes"
    )
    assert (lines[storage.TOTAL] / GB).tolist() == [2.0 * n for n in range(22)]
    assert (lines[storage.FIT] / GB).tolist() == pytest.approx([2.0 * n for n in range(22)])
    stored = met(storage_figures.stored, over(1), source)
    assert lines[storage.TOTAL].iloc[-1] == stored.value - stored.before


@given(st.floats(-1e9, 1e9), st.floats(1e9, 1e15), st.integers(storage.FIT_NEEDS, 60))
def test_a_level_that_grows_evenly_grows_by_so_much_a_day(slope, height, days):
    found = pd.DataFrame(
        {
            "day": pd.date_range(end="2026-11-21", periods=days).astype("datetime64[s]"),
            "bytes": [height + slope * n for n in range(days)],
        }
    )
    assert storage.growth(found, TODAY) == pytest.approx(slope, rel=1e-6, abs=height * 1e-9)


def test_todays_level_is_in_no_rate(database_of, usage, met):
    even = [("a", day, day) for day in range(1, 22)]
    source = database_of(usage(*even, ("a", 22, 500)))
    figure = met(storage_figures.growth, over(1), source)
    assert figure.value == pytest.approx(GB)
    assert figure.note == "30.0 GB in 30 days at this rate."


def test_two_days_are_too_few_for_a_line(database_of, usage, met):
    source = database_of(usage(("a", 20, 1), ("a", 21, 2), ("a", 22, 3)))
    figure = met(storage_figures.growth, over(20), source)
    assert (figure.value, figure.note) == (None, "Needs measurements on 3 complete days.")
    levels = met(storage.Levels, over(20), source)
    assert set(storage.grown(levels, over(20)).frame["line"]) == {storage.TOTAL}


def test_no_level_is_not_zero_bytes(database_of, usage, met):
    source = database_of(usage(("a", 3, None)))
    assert met(storage.Levels, over(1), source).state == "empty"
    for wanted in (
        storage_figures.stored,
        storage_figures.objects,
        storage_figures.gb_month,
        allowances_figures.storage_cost,
        storage_figures.growth,
    ):
        figure = met(wanted, over(1), source)
        assert figure.value is None
        assert figure.note.endswith(".")


def test_a_period_of_the_future_has_no_level(database_of, usage, met):
    source = database_of(usage(("a", 25, 3)))
    assert met(storage_figures.stored, over(24, 30), source).value is None


REGISTRY = """
CREATE TABLE r2_buckets (id, name, project_id);
INSERT INTO r2_buckets VALUES ('b1', 'media', 'p1'), ('b2', 'backups', NULL), ('b3', 'new', 'p1');
CREATE TABLE projects (id, name, team_id);
INSERT INTO projects VALUES ('p1', 'Shop', 't1');
"""


def test_a_bucket_is_named_by_the_registry_and_may_have_no_level_yet(database_of, usage, met):
    source = database_of(REGISTRY + usage(("b1", 20, 5), ("backups", 20, 9), ("stray", 20, 1)))
    table = met(storage.Buckets, over(1), source).frame
    assert table["bucket"].tolist() == ["backups", "media", "stray", "new"]
    assert table["bytes"].fillna(-1).tolist() == [9 * GB, 5 * GB, 1 * GB, -1]
    assert table["project"].fillna("").tolist() == ["", "Shop", "", "Shop"]
    assert table["class_a"].fillna(-1).tolist() == [1, 1, 1, -1]


@pytest.mark.parametrize("choice", [{"projects": ("p1",)}, {"teams": ("t1",)}])
def test_a_choice_of_projects_or_teams_leaves_their_buckets(database_of, usage, answer, choice):
    source = database_of(REGISTRY + usage(("b1", 20, 5), ("media", 21, 6), ("backups", 20, 9)))
    selection = over(1, **choice)
    found = answer(queries.bucket_levels, selection, source=source).frame
    assert set(found["bucket"]) == {"b1", "media"}
    assert set(answer(queries.bucket_operations, selection, source=source).frame["bucket"]) == {
        "b1",
        "media",
    }


def test_kinds_of_storage_are_levels_too(answer, select, demo_rows):
    selection = select("90d", grain="week")
    found = storage.over_time(answer(queries.storage_levels, selection), selection, "source").frame
    last = dict(
        demo_rows(
            "SELECT source, bytes FROM storage_usage WHERE recorded_at ="
            " (SELECT max(recorded_at) FROM storage_usage)"
        )
    )
    newest = found[found["day"] == found["day"].max()]
    assert dict(zip(newest["source"], newest["bytes"], strict=True)) == last


def test_images_are_counted_with_their_bytes_and_what_the_period_brought(met, select, demo_rows):
    selection = select("90d")
    [(count, size, added)] = demo_rows(
        "SELECT count(*), sum(bytes), count(*) FILTER (WHERE uploaded_at >= ?)"
        " FROM cloudflare_images",
        str(selection.period.start),
    )
    figure = met(storage_figures.images, selection)
    assert (figure.value, figure.value - figure.before) == (count, added)
    assert added > 0
    assert figure.note == f"{STORED.short(size)} in cloudflare_images."
    drawn = storage.images(met(storage.ImagesByDay, selection), selection).frame
    assert drawn["images_added"].sum() == added


def test_the_newest_objects_come_newest_first(answer, demo_rows):
    found = answer(queries.newest_objects, "90d", limit=5).frame
    expected = demo_rows("SELECT key, size FROM r2_objects ORDER BY uploaded_at DESC LIMIT 5")
    assert list(zip(found["name"], found["size"], strict=True)) == expected


def test_a_month_within_what_is_included_costs_nothing_more(database_of, usage, met):
    source = database_of(usage(("a", 22, 8)))
    assert met(allowances_figures.storage_cost, over(22), source, plan=Plan()).value == 0
    small = Plan(allowances=Allowances(r2_storage_gb=2))
    figure = met(allowances_figures.storage_cost, over(22), source, plan=small)
    assert figure.value == pytest.approx((8 - 2) * R2_STORAGE.price)
    assert "2 GB included" in figure.note
