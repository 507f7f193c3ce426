"""`[[schedule]]` in meaux.toml: cron or plain words, by the clock of the zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from meaux.data.plan import read_plan
from meaux.data.scheduling import TABLE

PARIS = "Europe/Paris"
WORDS = {
    "every 15 minutes": "*/15 * * * *",
    "Every 1 minute": "*/1 * * * *",
    "hourly": "0 * * * *",
    "every 6 hours": "0 */6 * * *",
    "daily 08:00": "0 8 * * *",
    "weekdays 7:30": "30 7 * * 1-5",
    "Mon 08:00": "0 8 * * mon",
    "weekly fri 17:45": "45 17 * * fri",
    "monthly 00:05": "5 0 1 * *",
    "*/5 8-18 * * 1-5": "*/5 8-18 * * 1-5",
}


def times(at):
    [job] = read_plan({TABLE: [{"name": "A", "run": "alerts", "at": at}]}).schedule
    return job.times


def at(words):
    return int(datetime.fromisoformat(words).replace(tzinfo=ZoneInfo(PARIS)).timestamp())


@pytest.mark.parametrize(("words", "cron"), WORDS.items())
def test_plain_words_mean_a_cron_expression(words, cron):
    found = times(words)
    assert (found.cron, str(found)) == (cron, words)
    assert found.following(0, PARIS) > 0


WRONG = {
    "no name": ({"run": "alerts", "at": "hourly"}, "name is missing"),
    "nothing to run": ({"name": "A", "at": "hourly"}, "run is missing"),
    "no time": ({"name": "A", "run": "alerts"}, "at is missing"),
    "another run": ({"name": "A", "run": "rm", "at": "hourly"}, "unknown value 'rm'; use alerts"),
    "no words": ({"name": "A", "run": "alerts", "at": "soon"}, "write a cron expression, or words"),
    "no cron": ({"name": "A", "run": "alerts", "at": "61 * * * *"}, "'61 * * * *' is not a time"),
    "no day": ({"name": "A", "run": "alerts", "at": "0 0 30 2 *"}, "is not a time"),
    "uneven": ({"name": "A", "run": "alerts", "at": "every 7 minutes"}, "7 doesn't divide 60"),
}


@pytest.mark.parametrize(("entry", "said"), WRONG.values(), ids=WRONG)
def test_a_wrong_job_is_named_and_the_others_run(entry, said):
    plan = read_plan({TABLE: [entry, {"name": "B", "run": "collect", "at": "hourly"}]})
    assert [job.name for job in plan.schedule] == ["B"]
    assert said in plan.faults[0].sentence


def test_the_latest_due_time_is_not_after_now():
    daily = times("daily 08:00")
    assert daily.latest(at("2026-11-22 08:00"), PARIS) == at("2026-11-22 08:00")
    assert daily.latest(at("2026-11-22 07:59"), PARIS) == at("2026-11-21 08:00")
    assert daily.latest(at("2026-11-22 08:00") + 59, PARIS) == at("2026-11-22 08:00")
    assert daily.following(at("2026-11-22 08:00"), PARIS) == at("2026-11-23 08:00")


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_a_time_that_a_day_skips_or_repeats_is_due_once(day):
    nightly = times("daily 02:30")
    runs = range(at(f"{day} 00:00"), at(f"{day} 12:00"), 300)
    due = {nightly.latest(now, PARIS) for now in runs}
    assert len(due) == 2, "that of the day before and that of the day"


def test_every_hour_stays_every_hour_over_both_changes():
    hourly = times("hourly")
    for day in ("2026-03-29", "2026-10-25"):
        start = at(f"{day} 00:00")
        due = sorted({hourly.latest(now, PARIS) for now in range(start, start + 6 * 3600, 600)})
        assert due == list(range(start, start + 6 * 3600, 3600))
