"""A timeline puts each event in its lane, at the time that a clock of the zone then showed."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from meaux.charts import colours, timeline
from meaux.charts.timeline import SHAPES
from meaux.data.schema import vocabulary
from meaux.query.metrics import DEFINITIONS
from meaux.subjects.events.metrics import EVENTS

COST = DEFINITIONS["cost"]
LANES = ["Deployments", "Alerts"]


def drawn(frame, metric=EVENTS, **how):
    return timeline(frame, metric, **how)


def events(*rows):
    """One row an event: instant (UTC), lane, title and severity."""
    frame = pd.DataFrame(rows, columns=["at", "lane", "title", "severity"])
    return frame.assign(at=pd.to_datetime(frame["at"], utc=True).astype("datetime64[ns, UTC]"))


def hourly(count, lane="Alerts", start="2026-01-01", step="h"):
    at = pd.date_range(start, periods=count, freq=step)
    return events(*((str(t), lane, f"Event {n}", "Error") for n, t in enumerate(at)))


def points(chart):
    spec = chart.to_dict()
    return spec["datasets"][spec["layer"][1]["data"]["name"]]


def encoding(chart, layer=1):
    return chart.to_dict()["layer"][layer]["encoding"]


ONE = events(("2026-11-22 20:30", "Alerts", "Disk full", "error"))


@pytest.mark.parametrize("zone", ["UTC", "America/Chicago", "Asia/Kolkata", "Australia/Lord_Howe"])
def test_an_event_is_drawn_where_a_clock_of_the_zone_stood(zone):
    chart = drawn(ONE, lanes=LANES, zone=zone)
    clock = datetime(2026, 11, 22, 20, 30, tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(zone))
    [point] = points(chart)
    assert point["at"] == clock.replace(tzinfo=ZoneInfo("UTC")).timestamp() * 1000
    assert point["when"] == f"{clock:%a} {clock.day} {clock:%b %Y}, {clock:%H:%M}"


def test_no_browser_moves_it_and_the_axis_names_the_zone():
    across = encoding(drawn(ONE, lanes=LANES, zone="Asia/Kolkata"))["x"]
    assert across["scale"]["type"] == "utc"
    assert across["title"] == "Asia/Kolkata"


def test_clocks_that_are_set_back_show_an_hour_twice():
    twice = events(
        ("2026-10-25 00:30", "Alerts", "x", None), ("2026-10-25 01:30", "Alerts", "y", None)
    )
    shown = points(drawn(twice, lanes=LANES, zone="Europe/Berlin"))
    assert [point["when"] for point in shown] == ["Sun 25 Oct 2026, 02:30"] * 2


def test_every_lane_is_drawn_in_its_order_and_one_that_nobody_named_after_them():
    frame = pd.concat([ONE, events(("2026-11-22", "Surprise", "?", None))])
    chart = drawn(frame, lanes=LANES)
    down = encoding(chart)["y"]
    assert down["scale"]["domain"] == [0, 1, 2]
    assert down["axis"]["labelExpr"] == '["Deployments", "Alerts", "Surprise"][datum.value]'
    rules = chart.to_dict()["datasets"][chart.to_dict()["layer"][0]["data"]["name"]]
    assert [rule["row"] for rule in rules] == [0, 1, 2]


@pytest.mark.parametrize(
    ("word", "severity"),
    [("CRITICAL", "Critical"), ("err", "Error"), ("warn", "Warning"), ("notice", "Info")],
)
def test_a_severity_in_any_spelling_has_its_colour_and_its_shape(word, severity):
    chart = drawn(events(("2026-11-22", "Alerts", "x", word)), lanes=LANES)
    assert points(chart)[0]["series"] == severity
    assert encoding(chart)["color"]["scale"]["range"] == [colours.SEVERITY[severity]]
    assert encoding(chart)["shape"]["scale"]["range"] == [SHAPES[severity]]


@pytest.mark.parametrize("word", [None, float("nan")])
def test_without_a_severity_it_has_none(word):
    chart = drawn(events(("2026-11-22", "Deployments", "x", word)), lanes=LANES)
    assert points(chart)[0]["series"] == "No severity"
    frame = ONE.drop(columns="severity")
    assert points(drawn(frame, lanes=LANES))[0]["series"] == "No severity"


def test_no_two_severities_share_a_shape():
    assert list(SHAPES) == list(colours.SEVERITY) == [*vocabulary.SEVERITIES, "No severity"]
    assert len(set(SHAPES.values())) == len(SHAPES)


def test_the_more_severe_lies_on_top():
    frame = events(
        ("2026-11-22", "Alerts", "x", "critical"),
        ("2026-11-22", "Alerts", "y", None),
        ("2026-11-22", "Alerts", "z", "warning"),
    )
    shown = [point["series"] for point in points(drawn(frame, lanes=LANES))]
    assert shown == ["No severity", "Warning", "Critical"]


def test_five_hundred_events_are_points_of_their_own():
    shown = points(drawn(hourly(500), lanes=LANES))
    assert [point["count"] for point in shown] == [1] * 500


@pytest.mark.parametrize(
    ("step", "size", "when"),
    [("min", 60, "Thu 1 Jan 2026, 00:00–01:00"), ("h", 24, "Thu 1 Jan 2026")],
)
def test_more_are_put_together_by_the_hour_or_the_day(step, size, when):
    shown = points(drawn(hourly(1000, step=step), lanes=LANES))
    assert sum(point["count"] for point in shown) == 1000
    assert max(point["count"] for point in shown) == size
    first = min(shown, key=lambda point: point["at"])
    assert first["when"] == when
    assert first["what"] == f"Event {size - 1} and {size - 1} more"


def test_events_of_a_zone_are_put_together_by_its_days():
    frame = pd.concat([hourly(600), hourly(1, start="2026-02-01 02:00")])
    shown = points(drawn(frame, lanes=LANES, zone="America/Chicago"))
    assert min(shown, key=lambda point: point["at"])["when"] == "Wed 31 Dec 2025"


def test_severities_that_are_put_together_stay_apart_in_their_lane():
    frame = pd.concat([hourly(400), hourly(400).assign(severity="info")])
    assert encoding(drawn(frame, lanes=LANES))["yOffset"]["scale"]["domain"] == ["Error", "Info"]
    assert "yOffset" not in encoding(drawn(ONE, lanes=LANES))


def test_a_row_may_stand_for_many_and_is_then_larger():
    frame = pd.concat([ONE, ONE]).assign(count=[1, 40])
    chart = drawn(frame, lanes=LANES)
    assert [point["what"] for point in points(chart)] == ["Disk full and 39 more", "Disk full"]
    assert encoding(chart)["size"]["scale"]["domain"] == [1, 40]
    assert "41 in total" in chart.description


def test_the_project_is_named_where_it_is_known():
    frame = pd.concat([ONE, ONE]).assign(project=["Shop", None])
    assert [point["what"] for point in points(drawn(frame, lanes=LANES))] == [
        "Disk full · Shop",
        "Disk full",
    ]


def test_a_choice_in_the_legend_is_of_a_severity():
    spec = drawn(ONE, lanes=LANES).to_dict()
    [param] = [param for layer in spec["layer"] for param in layer.get("params", [])]
    assert (param["bind"], param["select"]["fields"]) == ("legend", ["series"])


def test_it_says_when_how_many_in_each_lane_how_severe_and_the_latest():
    frame = events(
        ("2026-11-20 09:05", "Alerts", "Disk full", "error"),
        ("2026-11-21 10:00", "Alerts", "Slow", "warning"),
        ("2026-11-22 20:30", "Deployments", "Version 2", None),
    )
    chart = drawn(frame, lanes=LANES, zone="Europe/Berlin")
    assert chart.description == (
        "Events, Fri 20 Nov 2026, 10:05 \N{EN DASH} Sun 22 Nov 2026, 21:30 (Europe/Berlin), "
        "3 in total. "
        "Deployments 1, Alerts 2 (Error 1, Warning 1). "
        "Latest: Version 2 (Sun 22 Nov 2026, 21:30), Slow (Sat 21 Nov 2026, 11:00), "
        "Disk full (Fri 20 Nov 2026, 10:05)."
    )


def test_it_is_called_as_its_metric_is():
    assert drawn(ONE, COST, lanes=LANES).description.startswith("Cost, ")
    assert drawn(ONE.head(0), lanes=LANES).description == "Events: no values."


def test_what_has_no_time_is_not_drawn():
    frame = pd.concat([ONE, ONE.assign(at=pd.NaT)])
    assert len(points(drawn(frame, lanes=LANES))) == 1
