"""What each source fills: its numbers, recomputed from the answers of the service."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import pytest
from services import NOW

from meaux.collect import SOURCES
from meaux.data import collecting

ALL = (date(2000, 1, 1), date(2100, 1, 1))
RUNNING = NOW.replace(minute=0)
"""The running hour, which is not stored."""


def test_the_sources_are_those_that_the_settings_name():
    assert set(SOURCES) == set(collecting.SOURCES)


def test_a_source_reads_and_writes_rows_and_says_which_days_they_have(filled):
    outcomes = {one.source: one for one in filled.outcomes}
    for outcome in outcomes.values():
        assert not outcome.problem
        assert outcome.read > 0
        assert outcome.written >= outcome.read
    assert outcomes["billing"].last == NOW.date()
    assert outcomes["workers"].first is None


def test_costs_are_those_of_the_bill_by_day_service_and_zone(filled):
    told = {
        (r["ChargePeriodStart"][:10], r["ServiceName"], r["ZoneName"] or ""): r["BilledCost"]
        for r in filled.world.usage(*ALL)
    }
    stored = filled.rows(
        "SELECT usage_date, service, resource, cost_usd, currency FROM cloudflare_usage"
    )
    assert {row[:3]: pytest.approx(row[3]) for row in stored} == told
    assert {row[4] for row in stored} == {"USD"}


def test_a_bill_covers_a_billing_period_in_cents(filled):
    told = defaultdict(float)
    for one in filled.world.usage(*ALL):
        day = date.fromisoformat(one["ChargePeriodStart"][:10])
        month = day if day.day >= 17 else day.replace(day=1) - timedelta(days=1)
        start = datetime(month.year, month.month, 17, tzinfo=UTC)
        told[one["ServiceName"], round(start.timestamp())] += 100 * one["BilledCost"]
    stored = filled.rows("SELECT service, period_start, amount_cents FROM billing_usage")
    assert {row[:2]: pytest.approx(row[2]) for row in stored} == told


def test_hours_of_workers_have_their_requests_errors_and_times(filled):
    told = {
        (one["dimensions"]["scriptName"], one["dimensions"]["datetimeHour"]): (
            *(one["sum"][name] for name in ("requests", "errors", "subrequests")),
            one["sum"]["cpuTimeUs"] / 1000,
            one["quantiles"]["wallTimeP99"] / 1000,
            one["avg"]["sampleInterval"],
        )
        for one in filled.world.hours(datetime(2000, 1, 1, tzinfo=UTC), RUNNING)
    }
    stored = filled.rows(
        "SELECT worker_id, hour, requests, errors, subrequests, cpu_total_ms, wall_p99_ms, "
        "mean_sample_interval FROM worker_hourly"
    )
    assert {row[:2]: row[2:] for row in stored} == told


def test_the_running_hour_is_left_out_and_read_once_it_is_complete(collected, rows):
    newest = "SELECT max(hour) FROM worker_hourly"
    collected("requests")
    assert rows(newest) == [("2026-11-22T14:00:00Z",)]
    collected("requests", now=NOW + timedelta(minutes=30))
    assert rows(newest) == [("2026-11-22T15:00:00Z",)]


def test_hours_have_the_quantiles_of_wall_time_in_milliseconds(filled):
    names = ("p25", "p50", "p75", "p90", "p95", "p999")
    columns = ", ".join(f"wall_{name}_ms" for name in names)
    found = filled.rows(f"SELECT DISTINCT {columns} FROM worker_hourly")
    assert found == [(10, 20, 40, 80, 120, 900)]


def test_a_worker_has_the_total_and_the_last_hour_of_its_hours(filled):
    hours = filled.rows(
        "SELECT worker_id, sum(requests), max(hour) FROM worker_hourly GROUP BY worker_id"
    )
    for worker, total, last in hours:
        at = round(datetime.fromisoformat(last).timestamp())
        found = filled.rows("SELECT * FROM worker_stats WHERE worker_id = ?", worker)
        assert found == [(worker, worker, None, None, None, total, at)]


def test_a_total_is_never_lowered(collected, rows, script):
    collected("requests")
    script("UPDATE worker_stats SET total_requests = 10000000 WHERE worker_id = 'api'")
    assert collected("requests")["requests"].written == 0
    [(total,)] = rows("SELECT total_requests FROM worker_stats WHERE worker_id = 'api'")
    assert total == 10_000_000


def test_scripts_and_buckets_are_listed(filled):
    assert filled.rows("SELECT id, created_at FROM cloudflare_workers ORDER BY id") == [
        *(("api", "2025-05-05T01:02:03Z"), ("cron's own", "2025-05-05T01:02:03Z")),
        ("site", "2025-05-05T01:02:03Z"),
    ]
    assert filled.rows("SELECT name, location FROM r2_buckets ORDER BY name") == [
        *(("eu-backups", "weur"), ("media", "weur")),
    ]


def test_a_bucket_has_its_bytes_objects_and_billed_operations_by_day(filled):
    found = filled.rows(
        "SELECT bucket, bytes, objects, class_a, class_b, sample_interval FROM r2_usage "
        "WHERE usage_date = '2026-11-22' ORDER BY bucket"
    )
    assert found == [
        ("eu-backups", 23_000_500, 32, None, None, None),
        ("media", 22_000_500, 32, 5 * 22, 40 * 22, 1),
    ]


def test_storage_is_that_of_all_databases_and_namespaces_by_day(filled):
    at = round(datetime(2026, 11, 20, tzinfo=UTC).timestamp())
    found = filled.rows("SELECT source, bytes, items FROM storage_usage WHERE recorded_at = ?", at)
    assert sorted(found) == [("d1", 2 * 4_096 * 20 + 1, None), ("kv", 2_000, 20)]


def test_use_of_d1_and_kv_is_that_of_each_day_and_an_unreported_kind_is_unknown(filled):
    found = filled.rows(
        "SELECT source, rows_read, rows_written, reads, writes, deletes, lists FROM storage_usage "
        "WHERE recorded_at = unixepoch(?) ORDER BY source",
        "2026-11-20",
    )
    assert found == [
        ("d1", 90_000 * 20, 700 * 20, 400 * 20, 30, None, None),
        ("kv", None, None, 50 * 20, 4 * 20, None, 2 * 20),
    ]


def test_spending_at_openai_is_that_of_each_day_line_item_and_project(filled):
    told = {
        (
            str(datetime.fromtimestamp(bucket["start_time"], UTC).date()),
            one["line_item"] or "Other",
            one["project_id"] or "",
        ): 100 * float(one["amount"]["value"])
        for bucket in filled.world.costs(date(2000, 1, 1))
        for one in bucket["results"]
    }
    stored = filled.rows(
        "SELECT date, line_item, openai_project, amount_cents FROM openai_spending"
    )
    assert {row[:3]: pytest.approx(row[3]) for row in stored} == told


def test_logged_requests_of_all_gateways_are_each_stored_once(filled):
    told = [
        (one["id"], one["model"], one["tokens_in"], one["tokens_out"], one["cost"], one["cached"])
        for one in filled.world.logs
    ]
    stored = filled.rows(
        "SELECT request_id, model, input_tokens, output_tokens, cost_usd, cached "
        "FROM ai_cost_tracking ORDER BY request_id"
    )
    assert stored == told


def test_openai_is_read_page_by_page(collected, rows, services):
    services.world.page = 3
    collected("openai")
    assert len([path for path, _ in services.asked if path.endswith("/costs")]) == 14
    assert rows("SELECT count(DISTINCT date), count(*) FROM openai_spending") == [(35, 4 * 35)]


def test_an_answer_that_is_full_is_asked_for_again_in_halves(
    collected, rows, monkeypatch, services
):
    services.limit = 200
    monkeypatch.setattr("meaux.collect.sources.graphql.MOST", 200)
    assert collected("requests")["requests"].problem == ""
    told = [*services.world.hours(datetime(2000, 1, 1, tzinfo=UTC), RUNNING)]
    assert rows("SELECT count(*), sum(requests) FROM worker_hourly") == [
        (len(told), sum(one["sum"]["requests"] for one in told))
    ]
