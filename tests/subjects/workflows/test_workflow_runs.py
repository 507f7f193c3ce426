"""Workflow runs: how they ended, how long they took and what they cost, worked out again."""

import statistics
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meaux.data.schema.vocabulary import OUTCOMES
from meaux.query.filters import Period
from meaux.subjects.workflows import cards, figures
from meaux.subjects.workflows import frames as workflows

ENDED = ("success", "completed", "failed", "cancelled")
RUNS = "id, workflow_name, project_id, status, started_at, completed_at, duration_ms, cost_usd"
REST = ("end", "took", "cost")
STEPS = "run_id, step_name, status, started_at, completed_at, duration_ms"
WIDTH = 1.04
DAY = 86_400_000
NOON = int(datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp() * 1000)


@pytest.fixture(scope="module")
def written(open_script, table):
    """A database of runs, each given as status and what else of its columns differs."""

    def written(*runs, columns=RUNS, more=""):
        rows = [
            (f"r{n}", "job", None, status, given.get("at", NOON), *map(given.get, REST))
            for n, (status, given) in enumerate(runs)
        ]
        return open_script(table("workflow_runs", columns, *rows) + more)

    return written


def plain_runs(demo_rows, period, only="1"):
    """Status, start, length in milliseconds and cost of the runs of a period, by plain SQL."""
    return demo_rows(
        "SELECT status, started_at, coalesce(duration_ms, completed_at - started_at), cost_usd"
        f" FROM workflow_runs WHERE {only}"
        " AND date(started_at / 1000, 'unixepoch') >= ?"
        " AND date(started_at / 1000, 'unixepoch') < ?",
        str(period.start),
        str(period.end),
    )


@pytest.mark.parametrize("period", ["7d", "30d", "all"])
def test_runs_and_their_outcomes_are_those_of_the_table(met, select, demo_rows, period):
    selection = select(period)
    runs = plain_runs(demo_rows, selection.period)
    statuses = [status for status, *_ in runs]
    ended = [status for status in statuses if status in ENDED]
    good = [status for status in ended if status in ("success", "completed")]
    assert met(figures.runs, selection).value == len(runs)
    assert met(figures.success_rate, selection).value == len(good) / len(ended)
    assert met(figures.failed_runs, selection).value == statuses.count("failed")
    assert sum(met(figures.runs, selection).trend) == len(runs)


def test_runs_are_compared_with_those_of_the_period_before(met, select, demo_rows):
    selection = select("30d")
    for side, days in (("before", selection.compared), ("compared", selection.comparable)):
        runs = plain_runs(demo_rows, days)
        ended = [status for status, *_ in runs if status in ENDED]
        good = sum(status in ("success", "completed") for status in ended)
        times = [took for status, _, took, _ in runs if status in ENDED]
        failed = sum(status == "failed" for status, *_ in runs)
        assert getattr(met(figures.runs, selection), side) == len(runs)
        assert getattr(met(figures.failed_runs, selection), side) == failed
        assert getattr(met(figures.success_rate, selection), side) == good / len(ended)
        durations = figures.run_durations
        median, tail = (getattr(met(figure, selection), side) for figure in durations)
        assert median == pytest.approx(np.percentile(times, 50), rel=WIDTH - 1)
        assert tail == pytest.approx(np.percentile(times, 95), rel=WIDTH - 1)


@pytest.mark.parametrize("period", ["30d", "all"])
def test_durations_are_those_of_the_runs_that_have_ended(met, select, demo_rows, period):
    selection = select(period)
    runs = plain_runs(demo_rows, selection.period)
    times = [took for status, _, took, _ in runs if status in ENDED]
    median, tail = (met(figure, selection) for figure in figures.run_durations)
    assert median.value == pytest.approx(np.percentile(times, 50), rel=WIDTH - 1)
    assert tail.value == pytest.approx(np.percentile(times, 95), rel=WIDTH - 1)


@pytest.mark.parametrize("choice", [{"projects": ("prj_oyster",)}, {"teams": ("team_lab",)}])
def test_a_chosen_project_or_team_narrows_the_runs(met, select, demo_rows, choice):
    selection = select("all", **choice)
    (ids,) = choice.values()
    only = "project_id = 'prj_oyster'"
    if "teams" in choice:
        only = f"project_id IN (SELECT id FROM projects WHERE team_id = '{ids[0]}')"
    runs = plain_runs(demo_rows, selection.period, only)
    assert runs
    assert met(figures.runs, selection).value == len(runs)
    steps = demo_rows(
        "SELECT count(*) FROM workflow_steps WHERE run_id IN"
        f" (SELECT id FROM workflow_runs WHERE {only})"
    )
    assert met(workflows.Steps, selection).frame["steps"].sum() == steps[0][0]


def test_a_running_run_is_in_neither_part_of_the_rate(met, written):
    source = written(("success", {}), ("failed", {}), ("running", {}), ("queued", {}))
    assert met(figures.runs, "7d", source).value == 4
    assert met(figures.runs, "7d", source).note == "2 still running."
    assert met(figures.success_rate, "7d", source).value == 0.5


def test_a_cancelled_run_has_ended_and_did_not_succeed(met, written):
    source = written(("done", {}), ("Cancelled", {}), ("canceled", {}))
    assert met(figures.success_rate, "7d", source).value == pytest.approx(1 / 3)
    assert met(figures.failed_runs, "7d", source).value == 0
    assert met(figures.failed_runs, "7d", source).note == "2 cancelled."


def test_an_unknown_status_is_other_is_named_and_is_in_no_rate(met, select, written):
    source = written(("success", {}), ("Zombie", {}), (None, {}), ("zombie", {}))
    assert met(figures.success_rate, "7d", source).value == 1
    by_day = met(workflows.RunsByDay, "7d", source)
    assert workflows.other_spellings(by_day) == "Statuses shown as Other: no status, zombie."
    over = workflows.over_time(by_day, select("7d")).frame
    assert over.groupby("outcome")["runs"].sum().to_dict() == {"Succeeded": 1, "Other": 3}


def test_where_nothing_has_ended_there_is_no_rate_and_no_duration(met, written):
    source = written(("running", {"took": 5_000}))
    rate = met(figures.success_rate, "7d", source)
    assert (rate.value, rate.note) == (None, "No finished runs in the period.")
    for wanted in figures.run_durations:
        figure = met(wanted, "7d", source)
        assert (figure.value, figure.note) == (None, "No finished run has a duration.")


def test_a_duration_that_is_not_stored_lies_between_start_and_end(met, written):
    source = written(
        ("success", {"end": NOON + 1_250}), ("success", {"end": NOON + 1_250, "took": 90_000})
    )
    short, long = sorted(met(workflows.ByWorkflow, "7d", source).frame["bucket"])
    assert WIDTH**short <= 1_250 < WIDTH ** (short + 1)
    assert WIDTH**long <= 90_000 < WIDTH ** (long + 1)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-11-20T12:00:00.250Z", "2026-11-20T12:00:01.500Z"),
        ("2026-11-20 12:00:00.250", "2026-11-20 12:00:01.500"),
        (1_795_176_000.25, 1_795_176_001.5),
        (1_795_176_000_250, 1_795_176_001_500),
        ("1795176000250", "1795176001500"),
    ],
)
def test_parts_of_a_second_count_in_every_way_to_write_time(open_script, table, met, start, end):
    source = open_script(
        table("workflow_runs", "id, status, started_at, completed_at", ("r", "ok", start, end))
    )
    median = met(figures.run_durations[0], "7d", source)
    assert median.value == pytest.approx(1_250, rel=WIDTH - 1)


def test_runs_that_do_not_say_how_long_they_took_are_counted(met, written):
    source = written(
        ("success", {"took": 1_000}), ("failed", {}), ("success", {"end": NOON - 60_000})
    )
    for wanted in figures.run_durations:
        figure = met(wanted, "7d", source)
        assert figure.value == pytest.approx(1_000, rel=WIDTH - 1)
        assert figure.note == "2 runs have no duration."


@given(times=st.lists(st.floats(0.01, 1e8), min_size=1, max_size=60))
def test_percentiles_are_within_a_bucket_of_the_exact_ones(times):
    buckets = pd.Series(np.floor(np.log(times) / np.log(WIDTH)))
    counted = pd.DataFrame({"bucket": buckets, "runs": 1, "outcome": "Succeeded"})
    found = workflows.latency.histogram(counted, "runs")
    for share in (0.5, 0.95):
        exact = np.percentile(times, share * 100)
        assert exact / WIDTH**1.01 <= found.percentile(share) <= exact * WIDTH**1.01


def test_runs_over_time_add_up_and_every_day_is_there(met, select):
    by_day = met(workflows.RunsByDay, "30d")
    over = workflows.over_time(by_day, select("30d")).frame
    assert over["runs"].sum() == by_day.frame["runs"].sum()
    assert over["day"].nunique() == 31
    assert set(over["outcome"]) <= {*OUTCOMES, "Other"}
    assert over.set_index("day").loc["2026-11-22", "partial"].all()


# Costs


def test_the_cost_is_what_was_recorded_for_the_days(met, select, demo_rows):
    selection = select("30d")
    [(cost,)] = demo_rows(
        "SELECT sum(cost_usd) FROM workflow_cost_daily WHERE usage_date >= ? AND usage_date < ?",
        str(selection.period.start),
        str(selection.period.end),
    )
    figure = met(figures.run_cost, selection)
    assert figure.value == pytest.approx(cost)
    assert np.nansum(figure.trend) == pytest.approx(cost)
    assert figure.note == ""
    drawn = workflows.cost_over_time(met(workflows.Costs, selection), selection)
    assert drawn.frame["run_cost"].sum() == pytest.approx(cost)


COSTS = "usage_date, workflow_name, cost_usd"


@pytest.mark.parametrize(
    ("recorded", "sentence"),
    [
        (4.0, ""),
        (4.004, ""),
        (5.0, "The runs' own cost is $4.00 ($1.00 less)."),
        (1.5, "The runs' own cost is $4.00 ($2.50 more)."),
    ],
)
def test_the_runs_own_cost_is_said_where_it_differs(met, written, table, recorded, sentence):
    source = written(
        ("success", {"cost": 1.5}),
        ("failed", {"cost": 2.5}),
        ("success", {"cost": 9.0, "at": NOON - DAY}),
        more=table("workflow_cost_daily", COSTS, ("2026-11-20", "job", recorded)),
    )
    assert met(figures.run_cost, "7d", source).value == recorded
    assert met(figures.run_cost, "7d", source).note == sentence


def test_the_cost_of_some_projects_runs_is_not_compared_with_that_of_all(met, select, demo_rows):
    selection = select("30d", projects=("prj_cafe_etoile",))
    first, end = (int(at) * 1000 for at in selection.bounds)
    [(own,)] = demo_rows(
        "SELECT sum(cost_usd) FROM workflow_runs WHERE project_id = 'prj_cafe_etoile'"
        f" AND started_at >= {first} AND started_at < {end}"
    )
    figure = met(figures.run_cost, selection)
    assert figure.value > own > 0
    assert figure.note == f"The runs of the selected projects cost ${own:.2f}."


def test_where_nothing_was_recorded_the_runs_say_what_they_cost(met, written):
    source = written(("success", {"cost": 1.5}), ("failed", {}), ("success", {"cost": 2.0}))
    figure = met(figures.run_cost, "7d", source)
    assert (figure.value, figure.note) == (3.5, "From the cost stored with the runs.")


def test_a_cost_that_nobody_knows_is_not_zero(met, written, table):
    more = table("workflow_cost_daily", COSTS, ("2026-11-20", "job", None))
    source = written(("success", {}), more=more)
    figure = met(figures.run_cost, "7d", source)
    assert figure.value is None
    assert figure.note == "No workflow cost recorded in the period."
    chart = met(cards.cost, "7d", source)
    assert (chart.answer.state, chart.empty) == ("empty", figure.note)


def test_every_workflow_has_its_own_numbers(met, select, demo_rows):
    selection = select("all")
    table = workflows.table(met(workflows.ByWorkflow, selection)).frame
    names = [name for (name,) in demo_rows("SELECT DISTINCT workflow_name FROM workflow_runs")]
    assert sorted(table["workflow"]) == sorted(names)
    assert list(table["runs"]) == sorted(table["runs"], reverse=True)
    for row in table.itertuples():
        runs = plain_runs(demo_rows, selection.period, f"workflow_name = '{row.workflow}'")
        ended = [run for run in runs if run[0] in ENDED]
        assert row.runs == len(runs)
        assert row.failed == sum(run[0] == "failed" for run in runs)
        assert row.success_rate == pytest.approx(row.succeeded / len(ended))
        assert row.run_p50 == pytest.approx(statistics.median(r[2] for r in ended), rel=WIDTH - 1)
        assert row.cost == pytest.approx(sum(run[3] or 0 for run in runs))


def test_what_was_reported_stands_beside_what_is_recorded(met, select, demo_rows):
    selection = select("30d")
    needs = (workflows.ByWorkflow, workflows.Reported, workflows.Lifetimes)
    table = workflows.reported(*(met(need, selection) for need in needs))
    daily = dict(
        demo_rows(
            "SELECT workflow_name, sum(runs) FROM workflow_daily"
            " WHERE date >= ? AND date < ? GROUP BY 1",
            str(selection.period.start),
            str(selection.period.end),
        )
    )
    life = {
        name: rest
        for name, *rest in demo_rows(
            "SELECT workflow_name, total_runs, succeeded_runs, average_duration_ms, total_cost_usd"
            " FROM workflow_analytics"
        )
    }
    for row in table.frame.itertuples():
        runs, succeeded, took, cost = life[row.workflow]
        assert row.reported_runs == daily.get(row.workflow, 0)
        assert row.run_difference == row.runs - row.reported_runs
        assert row.lifetime_runs == runs
        assert row.lifetime_success_rate == pytest.approx(succeeded / runs)
        assert (row.lifetime_duration, row.lifetime_cost) == pytest.approx((took, cost))


def test_it_is_said_where_other_runs_are_reported_than_recorded(met, written, table):
    columns = "date, workflow_name, runs, succeeded, failed"
    reported = table("workflow_daily", columns, ("2026-11-20", "job", 3, 2, 1))
    source = written(("success", {}), more=reported)
    counted = met(workflows.ByWorkflow, "7d", source)
    sentence = workflows.disagreement(counted, met(workflows.Reported, "7d", source))
    assert sentence == "workflow_daily reports 3 runs, 1 is recorded."


# Steps and failures


def plain_steps(demo_rows, period):
    return demo_rows(
        "SELECT r.workflow_name, s.step_name, s.status, s.duration_ms FROM workflow_steps AS s"
        " LEFT JOIN workflow_runs AS r ON r.id = s.run_id"
        " WHERE date(s.started_at / 1000, 'unixepoch') >= ?"
        " AND date(s.started_at / 1000, 'unixepoch') < ?",
        str(period.start),
        str(period.end),
    )


def test_the_slowest_steps_are_those_of_plain_python(met, select, demo_rows):
    times = {}
    for workflow, step, status, took in plain_steps(demo_rows, select("all").period):
        if status in ENDED:
            times.setdefault(f"{step} ({workflow})", []).append(took)
    found = workflows.slowest_steps(met(workflows.Steps, "all")).frame
    exact = {name: float(np.percentile(values, 95)) for name, values in times.items()}
    assert len(found) == min(workflows.STEPS_SHOWN, len(exact))
    for row in found.itertuples():
        assert row.step_p95 == pytest.approx(exact[row.name], rel=WIDTH - 1)
        assert row.step_p50 == pytest.approx(np.percentile(times[row.name], 50), rel=WIDTH - 1)
        assert row.steps == len(times[row.name])
    assert list(found["step_p95"]) == sorted(found["step_p95"], reverse=True)
    assert max(exact.values()) == pytest.approx(found["step_p95"].max(), rel=WIDTH - 1)


def test_the_most_failing_steps_are_those_of_plain_python(met, select, demo_rows):
    failed, ended = {}, {}
    for workflow, step, status, _ in plain_steps(demo_rows, select("all").period):
        name = f"{step} ({workflow})"
        ended[name] = ended.get(name, 0) + (status in ENDED)
        failed[name] = failed.get(name, 0) + (status == "failed")
    found = workflows.failing_steps(met(workflows.Steps, "all")).frame
    assert list(found["step_failures"]) == sorted(filter(None, failed.values()), reverse=True)[:10]
    for row in found.itertuples():
        assert row.step_failures == failed[row.name]
        assert row.step_failure_rate == pytest.approx(failed[row.name] / ended[row.name])


def test_a_step_whose_run_is_gone_keeps_its_own_name(met, written, table):
    steps = table("workflow_steps", STEPS, ("gone", "load", "failed", NOON, None, 7_000))
    source = written(("success", {}), more=steps)
    steps = met(workflows.Steps, "7d", source)
    assert workflows.failing_steps(steps).frame["name"].tolist() == ["load"]
    assert workflows.slowest_steps(steps).frame["name"].tolist() == ["load"]


def test_the_newest_failed_runs_come_first_with_what_they_said(met, demo_rows):
    found = met(workflows.FailedRuns, "all").frame
    newest = demo_rows(
        "SELECT started_at / 1000, workflow_name, error_message FROM workflow_runs"
        " WHERE status = 'failed' ORDER BY started_at DESC LIMIT 20"
    )
    shown = [
        (int(row.at.timestamp()), row.workflow, row.error) for row in found.itertuples(index=False)
    ]
    assert shown == newest


def test_only_open_advice_is_listed(met, demo_rows):
    titles = demo_rows(
        "SELECT title FROM workflow_optimizations WHERE status = 'open'"
        " ORDER BY estimated_savings_usd DESC"
    )
    advice = demo_rows(
        "SELECT recommendation FROM workflow_recommendations WHERE status = 'new'"
        " ORDER BY confidence DESC"
    )
    assert met(workflows.Optimizations).frame["title"].tolist() == [title for (title,) in titles]
    assert met(workflows.Recommendations).frame["recommendation"].tolist() == [
        text for (text,) in advice
    ]


def test_events_come_newest_first_with_their_workflow(met, demo_rows):
    found = met(workflows.RunEvents).frame
    newest = demo_rows(
        "SELECT unixepoch(e.created_at), r.workflow_name FROM workflow_events AS e"
        " LEFT JOIN workflow_runs AS r ON r.id = e.run_id ORDER BY e.created_at DESC LIMIT 20"
    )
    shown = [(int(row.at.timestamp()), row.workflow) for row in found.itertuples()]
    assert [at for at, _ in shown] == [at for at, _ in newest]
    assert {name for _, name in shown} == {name for _, name in newest}


def test_without_a_status_the_rate_says_what_it_needs_and_runs_are_still_counted(
    open_script, table, met
):
    source = open_script(table("workflow_runs", "id, started_at", ("a", NOON), ("b", NOON)))
    assert met(figures.runs, "7d", source).value == 2
    needs = "Needs workflow_runs.status or workflow_runs.state or workflow_runs.status_name."
    assert met(figures.success_rate, "7d", source).value is None
    assert met(figures.success_rate, "7d", source).note == needs
    assert met(figures.failed_runs, "7d", source).value is None
    for wanted in figures.run_durations:
        figure = met(wanted, "7d", source)
        assert figure.value is None
        assert figure.note.startswith("Needs workflow_runs.duration_ms or")
    assert met(workflows.FailedRuns, "7d", source).state == "unavailable"


def test_without_the_table_every_figure_says_so(open_script, met):
    source = open_script("CREATE TABLE other (x);")
    wanted = (
        figures.runs,
        figures.success_rate,
        figures.failed_runs,
        figures.run_cost,
        *figures.run_durations,
    )
    found = [met(figure, "7d", source) for figure in wanted]
    assert [figure.value for figure in found] == [None] * len(found)
    assert all(figure.note.startswith("Needs the table workflow_") for figure in found)


def test_an_empty_period_has_no_run_and_no_rate(met, select):
    empty = Period(datetime(2003, 3, 1, tzinfo=UTC).date(), datetime(2003, 3, 8, tzinfo=UTC).date())
    assert met(figures.runs, select(empty)).value == 0
    assert met(figures.success_rate, select(empty)).value is None
    assert met(figures.run_cost, select(empty)).value is None


def test_a_recommendation_stands_in_a_column_with_room(met):
    shown = met(cards.recommendations, "30d").answer.frame
    assert list(shown)[:2] == ["workflow", "recommendation"]
