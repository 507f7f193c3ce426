"""Every chart stands what a query may return, and says in words what it shows."""

import json

import altair as alt
import pandas as pd
import pytest

from meaux import charts
from meaux.charts import axis, cells, ranking, share, trend
from meaux.metrics import ACTIVE_USERS, COST, HOURS, PROJECTS

HOSTILE = '<img src=x onerror="alert(1)"> \\" \' }} [0].x \\'


def costs(*values):
    """One row a cost, each with a name and a day of its own."""
    return pd.DataFrame(
        {
            "name": [f"Name {n}" for n in range(len(values))],
            "day": pd.date_range("2026-11-01", periods=len(values)),
            "cost": pd.Series(values, dtype="object"),
        }
    )


FRAMES = {
    "empty": costs(),
    "one row": costs(12.5),
    "three rows": costs(1234.5, 20.25, 3),
    "many rows": costs(*range(1, 400)),
    "negative": costs(50, -20.5, 10),
    "all negative": costs(-1, -2),
    "null": costs(5, None, float("nan")),
    "all null": costs(None, None),
    "not numbers": costs(7, "n/a", float("inf")),
    "all zero": costs(0, 0),
}


def draw(shape, frame, metric=COST, **more):
    by = {"series": "name"} if shape == "trend" else {"label": "name"}
    return charts.CHARTS[shape](frame, metric, **by, **more)


def daily(*values, partial=None):
    frame = costs(*values)
    return frame if partial is None else frame.assign(partial=partial)


def layers(chart):
    return chart.to_dict()["layer"]


def rows_of(chart, layer):
    spec = chart.to_dict()
    return spec["datasets"][spec["layer"][layer]["data"]["name"]]


def every_row(chart):
    return [row for rows in chart.to_dict()["datasets"].values() for row in rows]


@pytest.mark.parametrize("shape", charts.CHARTS)
@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
def test_a_chart_of_any_frame_is_a_valid_spec_with_a_description(shape, frame):
    chart = draw(shape, frame)
    assert isinstance(chart, alt.LayerChart)
    spec = chart.to_dict(validate=True)
    assert spec["description"].startswith("Cost")
    assert "NaN" not in json.dumps(spec)
    assert "Infinity" not in json.dumps(spec)


@pytest.mark.parametrize("shape", charts.CHARTS)
def test_a_chart_of_a_frame_without_columns_says_that_there_is_nothing(shape):
    assert draw(shape, pd.DataFrame()).description == "Cost: no values."


@pytest.mark.parametrize("shape", charts.CHARTS)
def test_the_description_has_the_exact_figures(shape):
    words = draw(shape, FRAMES["three rows"]).description
    assert "$1,234.50" in words
    assert "$20.25" in words


@pytest.mark.parametrize("shape", charts.CHARTS)
def test_a_chart_leaves_its_frame_as_it_was(shape):
    frame = FRAMES["null"].copy()
    draw(shape, frame)
    pd.testing.assert_frame_equal(frame, FRAMES["null"])


@pytest.mark.parametrize("shape", charts.CHARTS)
def test_a_hostile_name_stays_text(shape):
    frame = costs(3, 2).assign(name=[HOSTILE, None])
    spec = draw(shape, frame).to_dict()
    tooltips = [
        tip["title"]
        for layer in spec["layer"]
        for tip in layer.get("encoding", {}).get("tooltip", [])
    ]
    assert not any("\\" in title for title in tooltips)
    assert cells.UNNAMED in spec["description"]


@pytest.mark.parametrize("word", ["title", "image"])
def test_a_name_that_the_tooltip_keeps_for_itself_is_shown_as_a_name(word):
    assert cells.heading(word).strip("\N{NO-BREAK SPACE}") == word
    assert cells.heading(word) != word


def test_a_day_is_the_same_day_in_every_zone():
    chart = trend(daily(1, 2), COST)
    across = layers(chart)[0]["encoding"]["x"]
    assert across["scale"] == {"type": "utc"}
    assert across["axis"]["values"][0] == {"year": 2026, "month": 11, "date": 1, "utc": True}
    assert rows_of(chart, 0)[0]["at"] == 1793491200000


def test_an_axis_of_days_has_at_most_seven_labels():
    for count in (1, 7, 8, 31, 90, 366):
        ticks = layers(trend(daily(*range(1, count + 1)), COST))[0]["encoding"]["x"]["axis"]
        assert 1 <= len(ticks["values"]) <= 7


@pytest.mark.parametrize(
    ("grain", "words"),
    [("day", "Sun 1 Nov 2026"), ("week", "Week of 1 Nov 2026"), ("month", "November 2026")],
)
def test_the_tooltip_names_the_day_the_week_or_the_month(grain, words):
    assert axis.words(pd.Timestamp("2026-11-01"), grain) == words
    chart = trend(daily(4), COST, grain=grain)
    assert words in [row.get("title") for row in every_row(chart)]


def test_the_axis_title_has_the_unit():
    chart = trend(pd.DataFrame({"day": [pd.Timestamp("2026-11-01")], "hours": [30.0]}), HOURS)
    assert layers(chart)[0]["encoding"]["y"]["title"] == "Total time logged (h)"


def test_a_tick_of_a_small_amount_is_not_written_in_milli():
    small, large = pd.Series([0.2]), pd.Series([2_000_000_000.0])
    assert "$,.2~f" in axis.label(small, COST)
    assert "$~s" in axis.label(large, COST)
    assert "'G', 'B'" in axis.label(large, COST)


def test_the_running_day_is_hollow_dashed_and_worded_so_far():
    chart = trend(daily(4, 5, 1, partial=[False, False, True]), COST)
    dashed = next(n for n, layer in enumerate(layers(chart)) if "strokeDash" in layer["mark"])
    assert [row["value"] for row in rows_of(chart, dashed)] == [5, 1]
    assert [row["value"] for row in rows_of(chart, 0)] == [4, 5]
    assert "$1.00 so far" in [row.get("line0") for row in every_row(chart)]
    assert "Tue 3 Nov 2026 is not complete." in chart.description


def test_the_tooltip_lists_every_series_of_the_day():
    frame = pd.concat([daily(4, 5).assign(name="AI"), daily(7).assign(name="Time")])
    chart = trend(frame, COST, series="name", colours=charts.colours.CATEGORY)
    rule = next(layer for layer in layers(chart) if layer["mark"]["type"] == "rule")
    assert [tip["title"] for tip in rule["encoding"]["tooltip"]] == ["title", "Time", "AI"]
    texts = [(row["line0"], row["line1"]) for row in every_row(chart) if "line0" in row]
    assert texts == [("$7.00", "$4.00"), ("\N{EN DASH}", "$5.00")]


def test_a_value_without_neighbours_is_a_point_however_many_days_there_are():
    values = [1.0] * 20 + [None, 9.0, None] + [1.0] * 20
    chart = trend(daily(*values), COST)
    points = next(n for n, layer in enumerate(layers(chart)) if layer["mark"]["type"] == "point")
    assert [row["value"] for row in rows_of(chart, points)] == [9]


def test_the_previous_period_is_a_dotted_line_with_its_own_day_and_name():
    ghost = pd.DataFrame(
        {"day": [pd.Timestamp("2026-11-01")], "value": [3.5], "actual_day": ["1 Oct"]}
    )
    chart = trend(daily(4), COST, ghost=ghost)
    assert layers(chart)[0]["mark"]["strokeDash"] == [2, 3]
    assert layers(chart)[0]["encoding"]["color"]["scale"]["domain"] == ["Cost", "Previous period"]
    assert "$3.50 (1 Oct)" in [row.get("line1") for row in every_row(chart)]
    assert "Previous period: $3.50 in total." in chart.description


def test_a_marked_day_has_a_shape_of_its_own_and_says_why():
    marks = pd.DataFrame(
        {"day": [pd.Timestamp("2026-11-01")], "value": [4.0], "text": ["twice the usual"]}
    )
    chart = trend(daily(4), COST, marks=marks)
    assert layers(chart)[-1]["mark"]["shape"] == "triangle-down"
    assert "Sun 1 Nov 2026 twice the usual" in chart.description


def test_a_metric_that_does_not_add_up_has_no_total_in_words():
    frame = daily(4, 6).rename(columns={"cost": "active_users"})
    assert "latest 6, highest 6" in trend(frame, ACTIVE_USERS).description


def test_one_line_needs_no_legend_and_more_filter_on_click():
    assert "params" not in str(layers(trend(daily(4), COST))[0]["encoding"]["color"])
    assert layers(trend(daily(4), COST))[0]["encoding"]["color"]["legend"] is None
    params = trend(costs(4, 5), COST, series="name").to_dict()["params"]
    assert {"legend"} <= {param.get("bind") for param in params}


def test_bars_keep_their_order_start_at_zero_and_grow_with_the_rows():
    chart = ranking(costs(3, 9, 5), COST, label="name")
    assert [row["value"] for row in rows_of(chart, 0)] == [3, 9, 5]
    assert layers(chart)[0]["encoding"]["x"]["scale"]["domain"] == [0, 9]
    assert ranking(costs(*range(1, 7)), COST, label="name").height == 2 * chart.height


def test_negative_bars_reach_to_the_left_of_zero():
    chart = ranking(costs(50, -20), COST, label="name")
    assert layers(chart)[0]["encoding"]["x"]["scale"]["domain"] == [-20, 50]


def test_two_rows_of_one_name_are_two_bars():
    chart = ranking(costs(3, 2).assign(name="Same"), COST, label="name")
    assert [row["row"] for row in rows_of(chart, 0)] == [0, 1]


def test_a_bar_says_its_short_value_and_the_tooltip_the_exact_one():
    row = rows_of(ranking(costs(48210.5), COST, label="name"), 0)[0]
    assert (row["end"], row["exact"]) == ("$48.2k", "$48,210.50")


def test_a_missing_value_is_not_a_zero():
    rows = rows_of(ranking(costs(5, None), COST, label="name"), 0)
    assert [row["end"] for row in rows] == ["$5.00", "\N{EN DASH}"]


def test_shares_are_of_the_rows_shown_unless_the_frame_has_its_own():
    frame = costs(3, 1)
    shown = rows_of(ranking(frame, COST, label="name", shares=True), 0)
    own = rows_of(ranking(frame.assign(share=[0.3, 0.1]), COST, label="name", shares=True), 0)
    assert [row["portion"] for row in shown] == ["75.0%", "25.0%"]
    assert [row["portion"] for row in own] == ["30.0%", "10.0%"]


def test_a_bar_has_its_own_colour_only_if_that_is_a_colour():
    frame = costs(3, 2, 1).assign(hue=["#ABCDEF", "javascript:alert(1)", None])
    rows = rows_of(ranking(frame, COST, label="name", colour="hue"), 0)
    accent = charts.colours.ACCENT
    assert [row["colour"] for row in rows] == ["#abcdef", accent, accent]


def test_a_slice_has_its_count_and_per_cent_in_the_legend():
    frame = pd.DataFrame({"status": ["Active", "Paused"], "projects": [12, 13]})
    chart = share(frame, PROJECTS, label="status", colours=charts.colours.STATUS)
    colour = layers(chart)[0]["encoding"]["color"]
    assert "12 (48%)" in colour["legend"]["labelExpr"]
    assert colour["scale"]["range"] == ["#1f9254", "#b27a0b"]
    assert chart.description == "Projects: 25 in total. Active 12 (48%), Paused 13 (52%)."


def test_of_more_than_eight_slices_the_smallest_become_other():
    chart = share(costs(*range(1, 11)), COST, label="name")
    rows = rows_of(chart, 0)
    assert len(rows) == 8
    assert (rows[-1]["label"], rows[-1]["value"]) == ("Other", 1 + 2 + 3)


def test_what_is_not_above_zero_has_no_slice_but_is_said():
    chart = share(costs(5, -2, 0), COST, label="name")
    assert len(rows_of(chart, 0)) == 1
    assert chart.description.endswith("Not drawn, not above zero: Name 1 -$2.00, Name 2 $0.00.")


def test_the_middle_of_the_ring_says_the_total_or_what_it_is_told():
    assert rows_of(share(costs(5, 7), COST, label="name"), 1) == [{"words": "$12.00"}]
    assert rows_of(share(costs(5), COST, label="name", centre="5 of 9"), 1) == [{"words": "5 of 9"}]


def test_long_names_are_shortened_in_the_description_and_whole_in_the_tooltip():
    name = "A name of a project that somebody wrote without ever thinking of any chart"
    chart = ranking(costs(5).assign(name=name), COST, label="name")
    assert name not in chart.description
    assert rows_of(chart, 0)[0]["label"] == name
