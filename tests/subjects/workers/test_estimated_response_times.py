"""Response times from the percentiles of hours: as close as the help says, and never made up."""

import numpy as np
import pytest

from meaux.query import queries
from meaux.subjects.workers import figures, sources

SHARES = [0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999]
RNG = np.random.default_rng(11)


def even(spread):
    return [RNG.lognormal(3, spread, RNG.poisson(150)) for _ in range(48)]


def in_two_groups(share):
    """Cache hits and misses: `share` of the requests take thirty times as long."""
    hours = [RNG.poisson(150) for _ in range(48)]
    return [
        np.where(RNG.random(n) < share, RNG.lognormal(6, 0.3, n), RNG.lognormal(2.5, 0.3, n))
        for n in hours
    ]


def rising():
    return [RNG.lognormal(3 + 1.5 * (n % 24) / 24, 0.7, RNG.poisson(150)) for n in range(48)]


SHAPES = {
    "lognormal": even(0.7),
    "long tail": even(1.2),
    "few slow ones": in_two_groups(0.08),
    "many slow ones": in_two_groups(0.3),
    "rising over the day": rising(),
}


def table(hours):
    """The hours as Cloudflare tells them."""
    script = (
        "CREATE TABLE worker_hourly (worker_id TEXT, hour TEXT, requests, errors, wall_p25_ms,"
        " wall_p50_ms, wall_p75_ms, wall_p90_ms, wall_p95_ms, wall_p99_ms, wall_p999_ms);"
    )
    for n, durations in enumerate(hours):
        told = ", ".join(f"{value:.3f}" for value in np.quantile(durations, SHARES))
        at = f"2026-11-{19 + n // 24}T{n % 24:02}:00:00Z"
        script += f"INSERT INTO worker_hourly VALUES ('w', '{at}', {len(durations)}, 0, {told});"
    return script


@pytest.mark.parametrize("shape", SHAPES)
def test_the_median_and_p95_are_within_15_per_cent(open_script, met, shape):
    source, all_of_them = open_script(table(SHAPES[shape])), np.concatenate(SHAPES[shape])
    median, slow, slowest = (met(one, "7d", source) for one in figures.response_times)
    assert median.value == pytest.approx(np.quantile(all_of_them, 0.5), rel=0.15)
    assert slow.value == pytest.approx(np.quantile(all_of_them, 0.95), rel=0.15)
    assert "Estimated from hourly percentiles in worker_hourly" in slow.note
    assert slowest.value is None
    assert slowest.note.startswith("p99 can't be estimated from hourly percentiles.")


@pytest.mark.parametrize("requests", [100, 101, 137, 2_000])
def test_the_counts_of_an_hour_add_up_to_its_requests(open_script, answer, requests):
    source = open_script(table([RNG.lognormal(3, 0.7, requests)]))
    frame = answer(queries.requests_by_duration, "7d", source=source).frame
    assert (frame["timed"].sum(), frame["requests"].sum()) == (requests, requests)


def test_an_hour_with_few_requests_has_no_durations(open_script, met):
    hours = [RNG.lognormal(3, 0.7, sources.LEAST - 1), RNG.lognormal(5, 0.7, sources.LEAST)]
    both, few = open_script(table(hours)), table(hours[:1])
    slow = met(figures.response_times[1], "7d", both)
    assert slow.value == pytest.approx(np.quantile(hours[1], 0.95), rel=0.15)
    assert "99 requests have no duration." in slow.note
    alone = met(figures.response_times[1], "7d", open_script(few))
    assert (alone.value, alone.note.partition(".")[0]) == (
        None, "No request in the period has a duration",
    )  # fmt: skip


def test_hours_without_percentiles_have_no_durations(open_script, met):
    source = open_script(
        "CREATE TABLE worker_hourly (worker_id, hour, requests, errors, wall_p50_ms, wall_p99_ms);"
        "INSERT INTO worker_hourly VALUES ('w', '2026-11-20T12:00:00Z', 500, 1, 20, 90);"
    )
    assert met(figures.requests, "7d", source).value == 500
    assert met(figures.response_times[0], "7d", source).value is None
