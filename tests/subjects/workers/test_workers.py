"""Workers: requests, errors and what is known of each, as plain Python finds them in the log."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from meaux.query import queries
from meaux.query.filters import Period
from meaux.subjects.workers import figures
from meaux.subjects.workers import frames as workers

EXCEPTIONS = {
    "exception", "scriptthrewexception", "exceededcpu", "exceededmemory", "exceededresources",
    "internalerror",
}  # fmt: skip
COUNTS = ["requests", "errors", "untold"]


@pytest.fixture(scope="session")
def log(demo_rows):
    """The demo's log: worker, instant, whether it failed, duration."""
    rows = demo_rows("SELECT worker_id, timestamp, status, outcome, duration_ms FROM worker_logs")
    return [
        SimpleNamespace(
            worker=worker,
            at=datetime.fromtimestamp(at / 1000, UTC),
            failed=status >= 500 or outcome.lower() in EXCEPTIONS,
            duration=duration,
        )
        for worker, at, status, outcome, duration in rows
    ]


@pytest.fixture(scope="session")
def logged_in(log):
    """The requests of the demo that lie in a selection."""

    def logged_in(selection):
        zone = ZoneInfo(selection.zone)
        return [r for r in log if r.at.astimezone(zone).date() in selection.period]

    return logged_in


def starts(day, grain):
    if grain == "week":
        return day - timedelta(day.weekday())
    return day.replace(day=1) if grain == "month" else day


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata", "America/St_Johns"])
@pytest.mark.parametrize(
    ("period", "grain"), [("30d", "day"), ("90d", "week"), ("12m", "month"), ("all", "auto")]
)
def test_every_day_week_and_month_has_its_requests_and_its_errors(
    met, select, logged_in, period, grain, zone
):
    selection = select(period, zone=zone, grain=grain)
    requests, errors = Counter(), Counter()
    for request in logged_in(selection):
        day = request.at.astimezone(ZoneInfo(zone)).date()
        requests[starts(day, selection.drawn_grain)] += 1
        errors[starts(day, selection.drawn_grain)] += request.failed
    over = met(workers.OverTime, selection).frame
    found = over[over["requests"] > 0]
    assert dict(zip(found["day"].dt.date, found["requests"], strict=True)) == requests
    assert dict(zip(found["day"].dt.date, found["errors"], strict=True)) == errors
    assert over["errors"].sum() == errors.total() > 0


def test_percentiles_over_time_are_those_of_each_days_durations(met, select, logged_in):
    selection = select("30d")
    over = met(workers.OverTime, selection).frame
    by_day = {}
    for request in logged_in(selection):
        by_day.setdefault(request.at.date(), []).append(request.duration)
    for row in over.itertuples():
        durations = by_day.get(row.day.date())
        if durations is None:
            assert np.isnan([row.p50, row.p95, row.p99]).all()
        else:
            exact = np.percentile(durations, [50, 95, 99])
            assert [row.p50, row.p95, row.p99] == pytest.approx(exact, rel=0.05)


@pytest.mark.parametrize("grain", ["day", "month"])
def test_the_figures_are_those_of_the_log_and_of_the_compared_one(met, select, logged_in, grain):
    selection = select("90d", grain=grain)
    now, then = logged_in(selection), logged_in(selection.over(selection.compared))
    requests, rate = met(figures.requests, selection), met(figures.error_rate, selection)
    assert (requests.value, requests.before) == (len(now), len(then))
    assert sum(requests.trend) == len(now)
    assert rate.value == pytest.approx(sum(r.failed for r in now) / len(now))
    assert rate.before == pytest.approx(sum(r.failed for r in then) / len(then))
    assert rate.note.startswith(f"{sum(r.failed for r in now)} of {len(now)} failed.")
    over = logged_in(selection.over(selection.comparable))
    assert requests.compared == len(over) < len(now)
    assert rate.compared == pytest.approx(sum(r.failed for r in over) / len(over))
    durations = [[r.duration for r in part] for part in (now, then, over)]
    for wanted, share in zip(figures.response_times, (50, 95, 99), strict=True):
        figure = met(wanted, selection)
        assert figure.value == pytest.approx(np.percentile(durations[0], share), rel=0.05)
        assert figure.before == pytest.approx(np.percentile(durations[1], share), rel=0.05)
        assert figure.compared == pytest.approx(np.percentile(durations[2], share), rel=0.05)
    deployed = met(figures.deployed_workers, selection)
    assert deployed.value == 12
    assert deployed.note == f"{len({r.worker for r in now})} with requests in the period."


ENDINGS = {
    (200, "ok"): 0,
    (404, "ok"): 0,
    (499, "canceled"): 0,
    (499, None): 0,
    (500, None): 1,
    (500, "ok"): 1,
    (503, "ok"): 1,
    (200, "canceled"): 0,
    (0, "clientDisconnected"): 0,
    (200, "responseStreamDisconnected"): 0,
    (None, "exception"): 1,
    (200, "scriptThrewException"): 1,
    (200, "exceededCpu"): 1,
    (200, " ExceededMemory "): 1,
    (None, "exceededResources"): 1,
    (200, "internalError"): 1,
    ("500", None): 1,
    ("499", None): 0,
    (None, None): None,
}


@pytest.mark.parametrize(("ending", "failed"), ENDINGS.items(), ids=map(str, ENDINGS))
def test_an_error_is_a_status_from_500_on_or_an_exception(
    database_of, answer, logged, ended, ending, failed
):
    found = answer(queries.requests_by_duration, source=database_of(logged(ended(*ending)))).frame
    [(requests, errors, untold)] = found[COUNTS].itertuples(index=False, name=None)
    assert requests == 1
    assert untold == (failed is None)
    assert (None if pd.isna(errors) else errors) == failed


def test_the_rate_leaves_out_what_does_not_say_how_it_ended(
    database_of, select, met, logged, ended
):
    source = database_of(logged(ended(500), ended(), ended(), ended(), ended(None, None)))
    selection = select("7d")
    figure = met(figures.error_rate, selection, source)
    assert figure.value == 0.25
    assert figure.note == "1 of 4 failed. 1 request has no outcome."
    over = met(workers.OverTime, selection, source)
    parts = workers.endings(over).frame.groupby("ending")["requests"].sum()
    assert parts.to_dict() == {"Answered": 3, "Failed": 1, "Unknown": 1}
    assert workers.rates(over).frame["error_rate"].dropna().tolist() == [0.25]


def test_where_nothing_says_how_it_ended_the_rate_is_not_known_and_not_zero(
    database_of, select, met, rows_of
):
    script = rows_of("worker_logs", "worker_id, timestamp", ("w", "2026-11-20T12:00:00Z"))
    source, selection = database_of(script), select("7d")
    assert met(figures.requests, selection, source).value == 1
    figure = met(figures.error_rate, selection, source)
    assert figure.value is None
    assert figure.note.startswith("Needs worker_logs.status_code or ")
    for wanted in figures.response_times:
        figure = met(wanted, selection, source)
        assert figure.value is None
        assert figure.note.startswith("Needs worker_logs.response_time_ms or ")
    over = met(workers.OverTime, selection, source)
    assert workers.rates(over).state == "unavailable"
    assert workers.response_times(over).state == "unavailable"
    assert over.frame["requests"].sum() == 1


@pytest.mark.parametrize("seed", [1, 2])
def test_the_rate_is_of_sums_and_no_mean_of_rates(database_of, answer, logged, ended, seed):
    days = [("2026-11-19T12:00:00Z", 100 * seed, 1), ("2026-11-20T12:00:00Z", 2, 1)]
    script = logged(
        *(
            ended(500 if n < failed else 200, at=at)
            for at, count, failed in days
            for n in range(count)
        )
    )
    found = answer(queries.requests_over_time, source=database_of(script)).frame
    assert workers.error_rate(found) == pytest.approx(2 / (100 * seed + 2))


def test_only_a_failure_may_have_no_duration(database_of, met, logged, ended):
    """Most requests below took 0 ms: those that failed did before they began."""
    median, slow = figures.response_times[0], ended(duration=100.0)
    failed = database_of(logged(slow, *[ended(500, duration=0)] * 3))
    assert met(median, "7d", failed).value == pytest.approx(100, rel=0.05)
    answered = database_of(logged(slow, *[ended(duration=0)] * 3))
    assert met(median, "7d", answered).value < 0.001


def test_the_alerts_count_the_same_errors_as_the_page(answer, select, database_of, logged, ended):
    selection = select("30d")
    for source in ({}, {"source": database_of(logged(*(ended(*ending) for ending in ENDINGS)))}):
        rows = answer(queries.requests_over_time, selection, **source).frame
        [(requests, errors)] = answer(queries.worker_errors, selection, **source).frame.itertuples(
            index=False, name=None
        )
        assert (requests, errors) == (workers.ended(rows), rows["errors"].sum())


def test_a_log_that_mixes_encodings_has_each_request_on_its_day(
    database_of, answer, select, logged, ended
):
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    spelled = (
        int(noon.timestamp()),
        int(noon.timestamp()) * 1000,
        "2026-11-20T12:00:00Z",
        "2026-11-20 12:00:00",
        "2026-11-20",
        "2026-11-20T12:00:00+00:00",
    )
    script = logged(*(ended(500 if n % 2 else 200, at=at) for n, at in enumerate(spelled)))
    source = database_of(script)
    found = answer(queries.requests_over_time, select("7d"), source=source).frame
    assert found["day"].dt.date.unique().tolist() == [noon.date()]
    assert (found["requests"].sum(), found["errors"].sum()) == (6, 3)
    other = select(Period(noon.date() + timedelta(1), noon.date() + timedelta(2)))
    assert answer(queries.requests_over_time, other, source=source).state == "empty"


@pytest.fixture
def table_of(met):
    """The table of Workers over a selection."""

    def table_of(selection, *source):
        known, logged = (
            met(need, selection, *source) for need in (workers.Known, workers.ByWorker)
        )
        return workers.table(known, logged)

    return table_of


def test_each_worker_of_the_demo_has_what_the_log_says(table_of, select, logged_in):
    selection = select("30d")
    table = table_of(selection).frame.set_index("url")
    for worker in ("wrk_storefront", "wrk_payments"):
        own = [r for r in logged_in(selection) if r.worker == worker]
        [url] = [url for url in table.index if isinstance(url, str) and worker[4:] in url]
        row = table.loc[url]
        assert row["requests"] == len(own)
        assert row["error_rate"] == pytest.approx(sum(r.failed for r in own) / len(own))
        assert row["p95"] == pytest.approx(np.percentile([r.duration for r in own], 95), rel=0.05)
        assert row["last_request"].timestamp() == int(max(r.at for r in own).timestamp())
    assert table["requests"].is_monotonic_decreasing
    assert table["requests"].sum() == len(logged_in(selection))


REGISTRY = """
CREATE TABLE cloudflare_workers (id, name, script_name, project_id, status, url);
INSERT INTO cloudflare_workers VALUES
  ('w1', 'The shop', 'shop', 'p1', 'active', 'https://shop.example'),
  ('w2', 'The mailer', 'mailer', 'p2', 'INACTIVE', NULL);
CREATE TABLE projects (id, team_id);
INSERT INTO projects VALUES ('p1', 't1'), ('p2', 't2');
CREATE TABLE worker_stats (
  worker_id, worker_name, url, status, category, total_requests, last_request_at
);
"""
STATS = """
INSERT INTO worker_stats VALUES
  ('shop', 'shop', 'https://other.example', 'old', 'web', 900, 1700000000),
  ('w9', 'Gone', NULL, 'retired', 'web', 5, NULL);
"""


def test_a_worker_is_one_whatever_word_names_it(database_of, table_of, select, logged, ended):
    words = ["w1", "shop", "The shop", "w2", "stranger", ""]
    source = database_of(REGISTRY + STATS + logged(*(ended(worker=word) for word in words)))
    found = table_of(select("7d"), source).frame.set_index("name")
    assert found["requests"].to_dict() == {
        "The shop": 3, "The mailer": 1, "Gone": 0, "stranger": 1, "Unnamed": 1,
    }  # fmt: skip
    shop = found.loc["The shop"]
    assert (shop["status"], shop["category"], shop["url"]) == (
        "Active", "web", "https://shop.example",
    )  # fmt: skip
    assert shop["lifetime_requests"] == 900
    assert found.loc["The mailer", "status"] == "Inactive"
    assert pd.isna(found.loc["stranger", "lifetime_requests"])


def test_the_newest_request_is_that_of_the_log_or_of_the_lifetime_figures(
    database_of, table_of, select, logged, ended
):
    source = database_of(REGISTRY + STATS + logged(ended(worker="w2")))
    found = table_of(select("7d"), source).frame.set_index("name")["last_request"]
    assert found["The shop"] == pd.Timestamp(1_700_000_000, unit="s", tz="UTC")
    assert found["The mailer"] == pd.Timestamp("2026-11-20T12:00:00Z")
    assert pd.isna(found["Gone"])


def test_a_choice_of_projects_or_teams_leaves_their_workers(
    database_of, table_of, select, logged, ended
):
    words = ["w1", "shop", "w2", "stranger"]
    source = database_of(REGISTRY + STATS + logged(*(ended(worker=word) for word in words)))
    for choice in ({"projects": ("p1",)}, {"teams": ("t1",)}):
        found = table_of(select("7d", **choice), source).frame
        assert found["name"].tolist() == ["The shop"]
        assert found["requests"].tolist() == [2]
        assert found["lifetime_requests"].tolist() == [900]


def test_where_nothing_says_whose_a_worker_is_a_choice_of_projects_is_not_available(
    database_of, answer, select, logged, ended
):
    source = database_of(logged(ended()))
    found = answer(queries.requests_over_time, select("7d", projects=("p1",)), source=source)
    assert found.state == "unavailable"
    assert found.reason.startswith("Needs the table cloudflare_workers")
    assert answer(queries.requests_over_time, select("7d"), source=source).state == "ready"


def test_without_a_log_the_registry_still_stands_and_no_request_is_made_up(
    database_of, table_of, select, met
):
    source, selection = database_of(REGISTRY), select("7d")
    table = table_of(selection, source)
    assert table.state == "ready"
    assert table.frame["name"].tolist() == ["The mailer", "The shop"]
    assert table.frame["requests"].isna().all()
    assert met(figures.deployed_workers, selection, source).value == 2
    for wanted in (figures.requests, figures.error_rate, *figures.response_times):
        figure = met(wanted, selection, source)
        assert figure.value is None
        assert figure.note == (
            "Needs the table worker_logs or the table worker_hourly or the table tracked_hourly."
        )


def test_without_a_registry_the_log_alone_makes_the_table(
    database_of, table_of, select, logged, ended
):
    source = database_of(logged(ended(worker="a"), ended(worker="a"), ended(worker="b")))
    table = table_of(select("7d"), source)
    assert table.state == "ready"
    assert table.frame["name"].tolist() == ["a", "b"]
    assert table.frame["lifetime_requests"].isna().all()


def test_empty_tables_are_no_workers_and_an_empty_table(database_of, table_of, select, met):
    source = database_of(
        REGISTRY.partition("INSERT")[0] + "CREATE TABLE worker_stats (worker_id, total_requests);"
    )
    assert table_of(select("7d"), source).state == "empty"
    figure = met(figures.deployed_workers, "7d", source)
    assert (figure.value, figure.note) == (0, "")


def test_a_worker_that_is_only_in_the_logs_is_counted_apart(database_of, met, logged, ended):
    source = database_of(REGISTRY + logged(ended(worker="w1"), ended(worker="stranger")))
    figure = met(figures.deployed_workers, "7d", source)
    assert figure.value == 2
    assert figure.note == (
        "2 with requests in the period, 1 of them not registered and without statistics."
    )
