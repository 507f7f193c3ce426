"""Limits: requests a minute and rows a day, for each key and for the process."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from faulty import TOKEN, FaultyD1

from meaux.api.limits import Limits
from meaux.api.problems import ProblemError
from meaux.data import keys
from meaux.data.database import ROWS, Meter
from meaux.data.serving import Serving
from meaux.errors import RowsUsedUp

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Clock:
    """A clock that a test sets."""

    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now


def test_a_key_may_ask_so_often_a_minute_and_then_waits_for_the_next():
    clock = Clock(100.0)
    limits = Limits(clock)
    for _ in range(3):
        limits.count("one", 3)
    clock.now += 20
    with pytest.raises(ProblemError) as refused:
        limits.count("one", 3)
    assert (refused.value.status, refused.value.headers["retry-after"]) == (429, "40")
    limits.count("another", 3)
    clock.now += 40
    limits.count("one", 3)


def test_rows_are_counted_per_day_in_utc():
    clock = Clock(NOON)
    meter = Meter(clock)
    meter.add(3)
    meter.add(4)
    assert (meter.used, meter.left) == (7, 12 * 3600)
    with pytest.raises(RowsUsedUp, match="daily limit of 7 rows read is reached") as refused:
        meter.check(7)
    assert refused.value.retry_after == 12 * 3600
    meter.check(8)
    meter.check(None)
    clock.now += timedelta(hours=12)
    assert meter.used == 0
    meter.add(1)
    assert meter.used == 1


def test_a_key_reads_no_more_rows_than_its_own_limit():
    limits = Limits(meter=lambda: Meter(Clock(NOON)))
    serving = Serving(rows_per_day=100)
    assert limits.barred("one", serving) is None
    limits.rows("one").add(100)
    assert "this key's daily limit of 100 rows" in str(limits.barred("one", serving)).lower()
    assert limits.barred("another", serving) is None
    assert limits.barred("one", Serving()) is None


@pytest.fixture
def d1(world, demo_file, declare, tmp_path):
    """A D1 on loopback that tells how many rows it reads, as the dashboard's database."""
    server = FaultyD1(demo_file)
    world.delenv("MEAUX_DATABASE")
    world.setenv("CLOUDFLARE_ACCOUNT_ID", "account")
    world.setenv("CLOUDFLARE_DATABASE_ID", tmp_path.name)
    world.setenv("CLOUDFLARE_API_TOKEN", TOKEN)
    world.setenv("CLOUDFLARE_API_BASE_URL", server.url)
    declare("[api]\nrequests_per_minute = 1_000\n")
    world.setattr(ROWS, "_clock", Clock(NOON))
    world.setattr(ROWS, "_used", 0)
    yield server
    server.close()


A_STATEMENT = 7
"""The rows that this D1 tells of each statement."""


def test_the_rows_of_a_request_are_counted_once_and_cached_answers_cost_none(ask, d1):
    first = ask("/v1/queries/hours_by_day")
    assert first.json()["rows_read"] == A_STATEMENT
    used, calls = ROWS.used, d1.calls
    again = ask("/v1/queries/hours_by_day")
    assert (ROWS.used, d1.calls) == (used, calls)
    assert again.json() == first.json()
    ask("/v1/queries/cost_by_day")
    assert (ROWS.used, d1.calls) == (used + A_STATEMENT, calls + 1)


def test_when_the_rows_of_the_process_are_used_up_cached_answers_are_served_and_others_say_why(
    ask, d1, world
):
    world.setenv("MEAUX_ROWS_A_DAY", "1_000_000")
    known = ask("/v1/queries/hours_by_day")
    ROWS.add(1_000_000)
    calls = d1.calls
    assert ask("/v1/queries/hours_by_day").json() == known.json()
    refused = ask("/v1/queries/cost_by_day")
    assert refused.status_code == 503
    assert refused.headers["retry-after"] == str(12 * 3600)
    assert "The daily limit of 1,000,000 rows read is reached." in refused.json()["detail"]
    assert d1.calls == calls


def test_when_the_rows_of_a_key_are_used_up_another_key_may_still_read(ask, d1, declare, own_world):
    declare("[api]\nrows_per_day = 10\n")
    one, other = (
        {"authorization": f"Bearer {keys.new(own_world / 'keys.json', name, 'admin')}"}
        for name in (f"{d1.url} one", f"{d1.url} other")
    )
    paths = [f"/v1/queries/{name}" for name in ("hours_by_day", "cost_by_day", "cost_by_project")]
    assert [ask(p, None, headers=one).status_code for p in paths] == [200, 200, 429]
    refused = ask(paths[-1], None, headers=one)
    assert "This key's daily limit of 10 rows read is reached." in refused.json()["detail"]
    assert int(refused.headers["retry-after"]) > 0
    assert ask(paths[0], None, headers=one).status_code == 200
    assert ask(paths[-1], None, headers=other).status_code == 200
    assert ask(paths[-1], None, headers=one).status_code == 200


def test_too_many_requests_are_429_and_say_how_long_to_wait(ask, declare, own_world):
    declare("[api]\nrequests_per_minute = 2\n")
    own = {"authorization": f"Bearer {keys.new(own_world / 'keys.json', 'in a hurry')}"}
    assert [ask("/readyz", None, headers=own).status_code for _ in range(3)] == [200, 200, 429]
    refused = ask("/readyz", None, headers=own)
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert "may send 2 requests a minute" in refused.json()["detail"]


def test_who_asks_at_the_same_time_shares_one_call(ask, d1):
    ask("/readyz")
    calls = d1.calls
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(ask, ["/v1/queries/hours_by_day"] * 8))
    assert {one.status_code for one in found} == {200}
    assert len({one.text for one in found}) == 1
    assert d1.calls == calls + 1
