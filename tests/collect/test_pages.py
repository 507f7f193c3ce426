"""What the pages show after a run: the service's own numbers."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from meaux.data.database import SQLiteFile
from meaux.data.source import open_source
from meaux.query import queries
from meaux.query.filters import Period
from meaux.subjects.workers import figures as workers

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 22))
DAYS = NOVEMBER.start, date(2026, 11, 21)


@pytest.fixture(scope="module")
def source(filled):
    return open_source(SQLiteFile(filled.path), Path("no-such-file.toml"))


@pytest.fixture
def shown(met, select, source):
    """A figure of November up to yesterday."""

    def shown(figure):
        return met(figure, select(NOVEMBER), source)

    return shown


def hours(world):
    ends = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 22, tzinfo=UTC)
    return [one["sum"] for one in world.hours(*ends)]


def test_requests_and_their_error_rate_are_those_of_the_hours(shown, filled):
    told = hours(filled.world)
    requests = sum(one["requests"] for one in told)
    errors = sum(one["errors"] for one in told)
    found = shown(workers.requests)
    assert found.value == requests
    assert "From worker_hourly. Sampled: Cloudflare measured " in found.note
    rate = shown(workers.error_rate)
    assert rate.value == pytest.approx(errors / requests, rel=1e-12)
    assert f"{errors:,} of {requests:,} failed." in rate.note


def test_costs_of_infrastructure_and_ai_are_those_of_the_bill_and_of_the_logs(
    answer, select, source, filled
):
    frame = answer(queries.cost_by_day, select(NOVEMBER), source=source).frame
    costs = frame.groupby("category")["cost"].sum()
    billed = sum(one["BilledCost"] for one in filled.world.usage(*DAYS))
    assert costs["Infrastructure"] == pytest.approx(billed)
    ends = (str(day) for day in (NOVEMBER.start, NOVEMBER.end))
    first, end = ends
    logs = [one for one in filled.world.logs if first <= one["created_at"] < end]
    assert costs["AI"] == pytest.approx(sum(one["cost"] for one in logs))


def test_the_size_of_a_bucket_is_that_of_the_service(answer, select, source, filled):
    frame = answer(queries.bucket_levels, select(NOVEMBER), source=source).frame
    stored = [*filled.world.stored(*DAYS)]
    told = sum(one["max"]["payloadSize"] + one["max"]["metadataSize"] for one in stored)
    assert frame["bytes"].sum() == told


def test_response_times_are_estimated_from_the_percentiles_of_hours(shown):
    """Each hour has the same percentiles but for the 99th, which can't be estimated."""
    median, slow, slowest = map(shown, workers.response_times)
    assert median.value == pytest.approx(20, rel=0.15)
    assert slow.value == pytest.approx(120, rel=0.15)
    assert slowest.value is None
    assert "Estimated from hourly percentiles in worker_hourly" in slow.note
    assert "requests have no duration" in slow.note
    assert slowest.note.startswith("p99 can't be estimated from hourly percentiles.")
