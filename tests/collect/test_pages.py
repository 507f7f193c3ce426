"""What the pages show after a run: the service's own numbers."""

from collections import defaultdict
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from services import NOW, SCRIPTS

from meaux.data.database import SQLiteFile
from meaux.data.source import open_source
from meaux.query import queries
from meaux.query.filters import Period
from meaux.subjects.allowances import cards as allowances
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


def logs(world):
    first, end = (str(day) for day in (NOVEMBER.start, NOVEMBER.end))
    return [one for one in world.logs if first <= one["created_at"] < end]


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
    assert costs["AI"] == pytest.approx(sum(one["cost"] for one in logs(filled.world)))


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


def added(lines):
    """Sums by name."""
    sums = defaultdict(float)
    for name, value in lines:
        sums[name] += value or 0
    return dict(sums)


def test_costs_are_those_of_each_service_and_model(answer, select, source, filled):
    frame = answer(queries.cost_by_service, select(NOVEMBER), source=source).frame
    shown = frame.set_index("service")["cost"].to_dict()
    billed = ((one["ServiceName"], one["BilledCost"]) for one in filled.world.usage(*DAYS))
    logged = ((one["model"], one["cost"]) for one in logs(filled.world))
    assert shown == pytest.approx(added(billed) | added(logged))


def test_ai_costs_are_those_of_the_openai_bill_if_the_mapping_says_so(answer, select, filled, path):
    mapping = path.with_name("schema.toml")
    mapping.write_text('[ai_usage]\ntables = ["openai_spending"]\n', encoding="utf-8")
    source = open_source(SQLiteFile(filled.path), mapping)
    frame = answer(queries.model_cost_by_day, select(NOVEMBER), source=source).frame
    end = datetime(2026, 11, 22, tzinfo=UTC).timestamp()
    billed = [
        (one["line_item"] or "Other", float(one["amount"]["value"]))
        for bucket in filled.world.costs(NOVEMBER.start)
        for one in bucket["results"]
        if bucket["start_time"] < end
    ]
    assert frame.groupby("model")["cost"].sum().to_dict() == pytest.approx(added(billed))


def test_tokens_are_those_of_the_logs_by_model(answer, select, source, filled):
    frame = answer(queries.tokens_by_day, select(NOVEMBER), source=source).frame
    for column, name in (("input_tokens", "tokens_in"), ("output_tokens", "tokens_out")):
        told = added((one["model"], one[name]) for one in logs(filled.world))
        assert frame.groupby("model")[column].sum().to_dict() == told


def test_requests_are_those_of_each_worker(answer, select, source, filled):
    frame = answer(queries.requests_by_worker, select(NOVEMBER), source=source).frame
    ends = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 22, tzinfo=UTC)
    told = (
        (i["dimensions"]["scriptName"], i["sum"]["requests"]) for i in filled.world.hours(*ends)
    )
    assert frame.groupby("worker")["requests"].sum().to_dict() == added(told)


def test_deployed_workers_are_the_scripts(shown):
    assert shown(workers.deployed_workers).value == len(SCRIPTS)


def test_d1_and_kv_hold_what_all_databases_and_namespaces_do(answer, select, source, filled):
    frame = answer(queries.storage_levels, select(NOVEMBER), source=source).frame
    d1 = ((i["dimensions"]["date"], i["max"]["databaseSizeBytes"]) for i in filled.world.d1(*DAYS))
    kv = ((i["dimensions"]["date"], i["max"]["byteCount"]) for i in filled.world.kv(*DAYS))
    for name, told in (("d1", d1), ("kv", kv)):
        levels = frame[frame["source"] == name].set_index("day")["bytes"]
        assert {str(day.date()): size for day, size in levels.items()} == added(told)


def test_use_beside_the_allowances_is_that_of_the_month(met, select, source, filled):
    """Of the whole month with today, whatever the period."""
    use = met(allowances.storage, select("7d"), source).answer.frame.set_index("resource")["use"]
    world, month = filled.world, (NOVEMBER.start, NOW.date())
    d1 = added(item for one in world.d1_use(*month) for item in one["sum"].items())
    kinds = (
        (one["dimensions"]["actionType"], one["sum"]["requests"]) for one in world.kv_use(*month)
    )
    kv = added(kinds)
    actions = added(
        (one["dimensions"]["actionType"], one["sum"]["requests"])
        for one in world.operations(*month)
    )
    assert use.filter(regex="rows|keys|list|class").to_dict() == {
        "R2 class A operations": actions["PutObject"] + actions["ListObjects"],
        "R2 class B operations": actions["GetObject"],
        "D1 rows read": d1["rowsRead"],
        "D1 rows written": d1["rowsWritten"],
        "KV keys read": kv["read"],
        "KV keys written": kv["write"],
        "KV keys deleted": kv["delete"],
        "KV list requests": kv["list"],
    }
