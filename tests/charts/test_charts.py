"""Every chart stands what a query may return, and says in words what it shows."""

import json

import altair as alt
import pandas as pd
import pytest

from meaux import charts
from meaux.charts import (
    axis,
    bars,
    budgets,
    cells,
    cumulative,
    fan,
    movers,
    ranking,
    share,
    stacked,
    trend,
)
from meaux.data.schema.vocabulary import UNNAMED
from meaux.data.thresholds import Thresholds
from meaux.subjects.hours.cards import BY_BILLABLE, project_bars
from meaux.subjects.hours.metrics import HOURS
from meaux.subjects.money.cards.costs import MADE_OF
from meaux.subjects.money.metrics import CHANGE as CHANGE_IN_COST
from meaux.subjects.money.metrics import COST, SHARE
from meaux.subjects.people.metrics import ACTIVE_USERS
from meaux.subjects.projects.metrics import PROJECTS
from meaux.subjects.storage.metrics import CHANGE, STORED
from meaux.subjects.workers.metrics import ERROR_RATE, P95, REQUESTS

SHAPES = charts.__all__
"""Every shape of chart."""

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


HOW = {
    "trend": {"series": "name"},
    "ranking": {"label": "name"},
    "share": {"label": "name"},
    "stacked": {"label": "name", "series": "category"},
    "bars": {"series": "name"},
    "budgets": {"thresholds": Thresholds()},
    "fan": {},
    "cumulative": {"series": "name"},
    "movers": {"label": "name"},
    "heatmap": {
        "column": "category",
        "row": "name",
        "columns": ["AI", "Time"],
        "rows": ["Name 0", "Name 1", "Name 2", HOSTILE, UNNAMED],
    },
    "allocation": {"label": "name", "series": "category"},
    "matrix": {"label": "name", "column": "category"},
    "load": {"label": "name"},
    "scatter": {"label": "name", "across": SHARE, "series": "name"},
    "calendar": {"year": 2026},
    "gauge": {"thresholds": Thresholds()},
    "sunburst": {"rings": ["category", "name"]},
    "timeline": {"lanes": ["Deployments", "Costs"]},
    "spread": {"label": "name", "part": "category"},
}
"""What each shape is told besides its frame and its metric."""


def draw(shape, frame, metric=COST, **more):
    if shape == "fan":
        return fan(frame, metric, expected(len(frame)), **more)
    suited = SUITED.get(shape, pd.DataFrame.copy)(frame) if len(frame.columns) else frame
    return getattr(charts, shape)(suited, metric, **HOW[shape], **more)


def as_budgets(frame):
    return frame.assign(actual=frame["cost"], budget=1000.0, projected=None, status="Watch")


SUITED = {
    "stacked": lambda frame: frame.assign(category="AI"),
    "budgets": as_budgets,
    "heatmap": lambda frame: frame.assign(category="AI"),
    "allocation": lambda frame: frame.assign(category="AI"),
    "matrix": lambda frame: frame.assign(category="AI"),
    "load": lambda frame: frame.assign(capacity=40.0),
    "scatter": lambda frame: frame.assign(share=0.5),
    "spread": lambda frame: frame.assign(category="AI", even=10.0),
    "cumulative": lambda frame: frame.assign(day_of_month=frame["day"].dt.day),
    "gauge": lambda frame: frame.assign(used=frame["cost"], allowed=20.25),
    "sunburst": lambda frame: frame.assign(category="AI"),
    "timeline": lambda frame: frame.assign(
        at=frame["day"].dt.tz_localize("UTC"), lane="Costs", title=frame["name"]
    ),
}
"""How the frame of each test gets the columns that a shape needs besides."""


def expected(days, start="2026-11-20"):
    """A forecast of ten dollars a day."""
    bands = {"low80": 8.0, "high80": 12.0, "low95": 6.0, "high95": 14.0}
    return pd.DataFrame({"day": pd.date_range(start, periods=days), "value": 10.0, **bands})


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


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
def test_a_chart_of_any_frame_is_a_valid_spec_with_a_description(shape, frame):
    chart = draw(shape, frame)
    assert isinstance(chart, alt.LayerChart)
    spec = chart.to_dict(validate=True)
    assert spec["description"].startswith("Cost")
    assert "NaN" not in json.dumps(spec)
    assert "Infinity" not in json.dumps(spec)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_chart_of_a_frame_without_columns_says_that_there_is_nothing(shape):
    assert draw(shape, pd.DataFrame()).description == "Cost: no values."


@pytest.mark.parametrize("shape", [s for s in SHAPES if s not in {"fan", "timeline"}])
def test_the_description_has_the_exact_figures(shape):
    words = draw(shape, FRAMES["three rows"]).description
    assert "$1,234.50" in words
    assert "$20.25" in words


@pytest.mark.parametrize("shape", SHAPES)
def test_each_mark_says_its_tooltip_and_one_without_says_nothing(shape):
    for layer in layers(draw(shape, FRAMES["three rows"])):
        tooltip = layer.get("encoding", {}).get("tooltip")
        if tooltip and layer["mark"]["type"] != "text":
            said = layer["mark"]["description"]["expr"]
            for line in tooltip:
                assert f"datum[{json.dumps(line['field'])}]" in said
                assert line["title"] == "title" or json.dumps(f"{line['title']}: ") in said
        else:
            assert layer["mark"]["aria"] is False


@pytest.mark.parametrize("shape", SHAPES)
def test_a_chart_leaves_its_frame_as_it_was(shape):
    frame = FRAMES["null"].copy()
    draw(shape, frame)
    pd.testing.assert_frame_equal(frame, FRAMES["null"])


@pytest.mark.parametrize("shape", [s for s in SHAPES if s not in {"calendar", "gauge", "fan"}])
def test_a_hostile_name_stays_text(shape):
    frame = costs(3, 2).assign(name=[HOSTILE, None])
    spec = draw(shape, frame).to_dict()
    tooltips = [
        tip["title"]
        for layer in spec["layer"]
        for tip in layer.get("encoding", {}).get("tooltip", [])
    ]
    assert not any("\\" in title for title in tooltips)
    assert UNNAMED in spec["description"]


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
    [("day", "Sun 1 Nov 2026"), ("week", "Week of 1 Nov 2026"), ("month", "Nov 2026")],
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


def ends(*numbers):
    """What the vertical axis of these numbers leaves to its ticks, and what it doesn't."""
    scale = axis.up(pd.Series(numbers), COST).to_dict()["scale"]
    return scale["nice"], scale.get("domain")


def test_an_axis_goes_a_step_below_zero_only_where_that_much_is_negative():
    assert ends(0.0, 40.0) == ends(-10.0, 40.0) == ends(-4.0, -2.0) == (5, None)
    assert ends(-0.3, 40.0) == (False, [-0.3, 40.0])
    assert ends(0.0, 0.0) == (5, [0, 1])


def test_ticks_of_sizes_and_durations_are_round_in_the_unit_that_the_title_names():
    sizes, durations = pd.Series([4e11]), pd.Series([90_000.0, 500_000.0])
    assert axis.label(sizes, STORED) == "format(datum.value / 1e+09, ',.2~f')"
    up = axis.up(durations, P95).to_dict()
    assert up["title"] == "Response time, p95 (min)"
    assert up["axis"]["values"] == [0, 120_000, 240_000, 360_000, 480_000, 600_000]


@pytest.mark.parametrize(("highest", "pattern"), [(0.03, ".1~%"), (0.4, ".0%")])
def test_a_tick_of_a_small_ratio_has_tenths_so_that_no_two_read_the_same(highest, pattern):
    assert f"'{pattern}'" in axis.label(pd.Series([highest]), ERROR_RATE)


def test_a_failed_request_is_red_and_an_answered_one_is_not():
    rows = pd.DataFrame({"day": [pd.Timestamp("2026-11-01")] * 2, "requests": [9, 1]})
    endings = {"series": "ending", "colours": charts.colours.ENDING}
    chart = bars(rows.assign(ending=["Answered", "Failed"]), REQUESTS, **endings)
    colour = layers(chart)[0]["encoding"]["color"]["scale"]
    assert dict(zip(colour["domain"], colour["range"], strict=True)) == {
        "Answered": charts.colours.ACCENT,
        "Failed": charts.colours.WORSE,
    }


def test_the_line_laid_through_a_level_stays_in_the_background():
    rows = daily(1, 2).rename(columns={"cost": "change_bytes"})
    both = pd.concat([rows.assign(line=line) for line in ("Trend", "All buckets")])
    chart = trend(both, CHANGE, series="line", colours=charts.colours.LEVEL)
    colour = layers(chart)[0]["encoding"]["color"]["scale"]
    assert colour["domain"] == ["All buckets", "Trend"]
    assert colour["range"] == [charts.colours.ACCENT, charts.colours.MUTED]


def test_the_running_day_is_hollow_dashed_and_worded_so_far():
    chart = trend(daily(4, 5, 1, partial=[False, False, True]), COST)
    dashed = next(n for n, layer in enumerate(layers(chart)) if "strokeDash" in layer["mark"])
    assert [row["value"] for row in rows_of(chart, dashed)] == [5, 1]
    assert [row["value"] for row in rows_of(chart, 0)] == [4, 5]
    assert "$1.00 so far" in [row.get("line0") for row in every_row(chart)]
    assert "Tue 3 Nov 2026 is not complete yet." in chart.description


def weeks(chart, frame):
    """A chart of weeks of which the first is cut off and the last not over."""
    marks = {"partial": [True, False, True], "ongoing": [False, False, True]}
    return chart(frame.assign(day=pd.date_range("2026-11-02", periods=3, freq="7D"), **marks))


@pytest.mark.parametrize(
    "chart",
    [
        lambda frame: trend(frame, COST, grain="week"),
        lambda frame: bars(frame, COST, grain="week"),
    ],
    ids=["trend", "bars"],
)
def test_a_week_that_is_cut_off_is_a_part_and_only_one_that_is_not_over_is_so_far(chart):
    drawn = weeks(chart, daily(4, 5, 1))
    said = [row["line0"] for row in every_row(drawn) if "line0" in row]
    assert said == ["$4.00 (partial)", "$5.00", "$1.00 so far"]
    assert "Partial: Week of 2 Nov 2026." in drawn.description
    assert "Week of 16 Nov 2026 is not complete yet." in drawn.description


@pytest.mark.parametrize("chart", [trend, bars], ids=["trend", "bars"])
def test_the_marks_above_a_chart_over_time_have_room_of_their_own(chart):
    scales = [
        layer["encoding"]["y"]["scale"]
        for layer in layers(chart(daily(4, 5, 1), COST))
        if "scale" in layer["encoding"].get("y", {})
    ]
    assert scales
    assert {scale["range"][1] for scale in scales} == {axis.HEADROOM}


def test_movers_say_a_change_above_999_per_cent_as_a_factor():
    frame = pd.DataFrame({"name": ["A", "B"], "change": [2500.0, 5.0], "share_change": [25, 0.05]})
    said = charts.movers(frame, CHANGE_IN_COST, label="name").description
    assert "A +$2,500.00 (26\N{MULTIPLICATION SIGN})" in said
    assert "B +$5.00 (+5.0%)" in said


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
    assert layers(chart)[0]["encoding"]["strokeDash"]["scale"]["range"] == [[1, 0], [2, 3]]
    assert layers(chart)[0]["encoding"]["color"]["scale"]["domain"] == ["Cost", "Comparison period"]
    assert "$3.50 (1 Oct)" in [row.get("line1") for row in every_row(chart)]
    assert "Comparison period: $3.50 in total." in chart.description


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


def test_the_legend_dots_the_previous_period_and_it_alone():
    ghost = pd.DataFrame({"day": ["2026-11-01"], "value": [2], "actual_day": ["1 Oct 2026"]})
    chart = trend(daily(4, 5), COST, series="name", ghost=ghost)
    behind = layers(chart)[0]["encoding"]
    dashes = dict(zip(*behind["strokeDash"]["scale"].values(), strict=True))
    assert dashes.pop("Comparison period") == [2, 3]
    assert set(map(tuple, dashes.values())) == {(1, 0)}
    assert behind["strokeDash"]["legend"] == behind["color"]["legend"]


@pytest.mark.parametrize("shape", SHAPES)
def test_every_chart_writes_in_the_colour_of_the_page(shape):
    config = draw(shape, FRAMES["three rows"]).to_dict()["config"]
    for part in ("axis", "legend"):
        assert config[part]["labelColor"] == config[part]["titleColor"] == "currentColor"


def test_one_line_needs_no_legend_and_more_filter_on_click():
    assert "params" not in str(layers(trend(daily(4), COST))[0]["encoding"]["color"])
    assert layers(trend(daily(4), COST))[0]["encoding"]["color"]["legend"] is None
    [picked] = chosen_in(trend(costs(4, 5), COST, series="name"))["params"]
    assert picked["bind"] == "legend"


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
    assert (row["end"], row["exact"]) == ("$48,210", "$48,210.50")


def test_a_missing_value_is_not_a_zero():
    rows = rows_of(ranking(costs(5, None), COST, label="name"), 0)
    assert [row["end"] for row in rows] == ["$5.00", "\N{EN DASH}"]


def test_shares_are_of_the_rows_shown_unless_the_frame_has_its_own():
    frame = costs(3, 1)
    shown = rows_of(ranking(frame, COST, label="name", shares=True), 0)
    own = rows_of(ranking(frame.assign(share=[0.3, 0.1]), COST, label="name", shares=True), 0)
    assert [row["portion"] for row in shown] == ["75%", "25%"]
    assert [row["portion"] for row in own] == ["30%", "10%"]


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
    assert chart.description.endswith("Not drawn (zero or negative): Name 1 -$2.00, Name 2 $0.00.")


def test_the_middle_of_the_ring_says_the_total():
    assert rows_of(share(costs(5, 7), COST, label="name"), 1) == [{"words": "$12.00"}]


def parts_of(**values):
    """One row a label and category, as `A_Time=5`."""
    both = [(*key.split("_"), value) for key, value in values.items()]
    return pd.DataFrame(both, columns=["name", "category", "cost"])


def stack(frame, **more):
    colours = charts.colours.CATEGORY
    return stacked(frame, COST, label="name", series="category", colours=colours, **more)


def test_segments_lie_end_to_end_in_the_order_of_the_colours():
    chart = stack(parts_of(A_AI=2, A_Time=5))
    drawn = [(row["series"], row["start"], row["stop"]) for row in rows_of(chart, 0)]
    assert drawn == [("Time", 0, 5), ("AI", 5, 7)]
    assert layers(chart)[0]["encoding"]["color"]["scale"]["domain"] == ["Time", "AI"]


def test_a_credit_lies_to_the_left_of_zero_and_the_total_is_of_both():
    chart = stack(parts_of(A_Time=5, A_AI=-2, A_Infrastructure=1))
    drawn = {row["series"]: (row["start"], row["stop"]) for row in rows_of(chart, 0)}
    assert drawn == {"Time": (0, 5), "AI": (0, -2), "Infrastructure": (5, 6)}
    assert [(row["value"], row["end"]) for row in rows_of(chart, 1)] == [(6, "$4.00")]


def test_stacked_bars_keep_the_order_in_which_their_labels_appear():
    chart = stack(parts_of(B_Time=1, A_Time=9, B_AI=2))
    assert [row["label"] for row in rows_of(chart, 1)] == ["B", "A"]
    assert [row["end"] for row in rows_of(chart, 1)] == ["$3.00", "$9.00"]


def test_two_labels_of_one_name_stay_apart_by_their_key():
    frame = parts_of(Same_Time=1, Same_AI=2)
    assert len(rows_of(stack(frame), 1)) == 1
    assert len(rows_of(stack(frame.assign(key=["p1", "p2"])), 1)) == 2


def test_the_tooltip_of_a_stacked_bar_has_its_parts_its_total_and_its_share():
    chart = stack(parts_of(A_Time=2, A_AI=1, B_Time=1))
    titles = [tip["title"].strip() for tip in layers(chart)[0]["encoding"]["tooltip"]]
    assert titles == ["title", "Time", "AI", "Total", "Share"]
    row = rows_of(chart, 1)[0]
    assert [row[key] for key in ("line0", "line1", "total", "share")] == [
        "$2.00",
        "$1.00",
        "$3.00",
        "75%",
    ]
    own = stack(parts_of(A_Time=2, A_AI=1).assign(share=0.2))
    assert rows_of(own, 1)[0]["share"] == "20%"


def test_a_stacked_bar_without_a_known_value_is_not_a_zero():
    chart = stack(parts_of(A_Time=2, B_Time=None))
    assert [row["end"] for row in rows_of(chart, 1)] == ["$2.00", "\N{EN DASH}"]


def test_of_more_than_eight_parts_the_smallest_become_other_which_comes_last():
    frame = pd.DataFrame({"name": "A", "category": list("abcdefghij"), "cost": range(1, 11)})
    series = [row["series"] for row in rows_of(stack(frame), 0)]
    assert series == [*"defghij", "Other"]
    assert rows_of(stack(frame), 0)[-1]["stop"] == 55


def test_a_stacked_bar_says_its_parts_in_words():
    words = stack(parts_of(A_Time=2, A_AI=1)).description
    assert words == "Cost, 1 item in order: A $3.00 (Time $2.00, AI $1.00)."


@pytest.mark.parametrize(("grain", "days"), [("day", 1), ("week", 7), ("month", 28)])
def test_a_column_is_as_wide_as_its_day_week_or_month_and_around_its_first_instant(grain, days):
    row = rows_of(bars(costs(3, 4), COST, grain=grain), 0)[0]
    assert row["right"] - row["left"] == pytest.approx(0.8 * days * 86_400_000)
    assert (row["right"] + row["left"]) / 2 == row["at"] == 1793491200000


def test_columns_start_at_zero_and_a_single_one_is_no_wall():
    chart = bars(costs(3), COST)
    assert layers(chart)[0]["encoding"]["y"]["scale"]["zero"] is True
    [line] = rows_of(chart, 2)
    assert line["right"] - line["left"] == 6 * 86_400_000


def test_a_running_column_is_lighter_and_worded_so_far():
    chart = bars(costs(3, 4).assign(partial=[False, True]), COST)
    assert [row["partial"] for row in rows_of(chart, 0)] == [False, True]
    assert layers(chart)[0]["encoding"]["fillOpacity"]["condition"]["test"] == "datum.partial"
    assert [row["line0"] for row in rows_of(chart, 1)] == ["$3.00", "$4.00 so far"]
    assert "Mon 2 Nov 2026 is not complete yet." in chart.description


def test_stacked_columns_say_their_total_too():
    frame = pd.concat([costs(3).assign(name="AI"), costs(-1).assign(name="Time")])
    chart = bars(frame, COST, series="name", colours=charts.colours.CATEGORY)
    drawn = {row["series"]: (row["start"], row["stop"]) for row in rows_of(chart, 0)}
    assert drawn == {"Time": (0, -1), "AI": (0, 3)}
    [row] = rows_of(chart, 1)
    assert [row["line0"], row["line1"], row["line2"]] == ["-$1.00", "$3.00", "$2.00"]


def limits(*rows):
    columns = ["name", "actual", "budget", "used", "projected", "status"]
    return pd.DataFrame(rows, columns=columns)


def test_a_budget_says_its_amounts_its_part_and_how_it_stands():
    chart = budgets(limits(("OpenAI", 2412, 2500, 0.9648, 2700, "At risk")), COST, Thresholds())
    [row] = rows_of(chart, 1)
    assert row["long"] == "$2,412 of $2,500 \N{MIDDLE DOT} 96% \N{MIDDLE DOT} At risk"
    assert row["colour"] == charts.colours.STANDING["At risk"]
    assert (row["drawn"], row["ahead"]) == (0.9648, 1.08)
    assert chart.description == (
        "Cost, budgets, 1 item in order: OpenAI $2,412.00 of $2,500.00 "
        "(96%, At risk, projected $2,700.00)."
    )


def test_a_budget_says_what_its_month_end_is_projected_by():
    frame = limits(("A", 5, 10, 0.5, 9, "On track"), ("B", 5, 10, 0.5, None, "On track"))
    chart = budgets(frame.assign(projected_by=["Run rate", None]), COST, Thresholds())
    assert [row["forecast"] for row in rows_of(chart, 1)] == ["$9.00 (run rate)", "\N{EN DASH}"]
    assert "projected $9.00 (run rate)), B $5.00 of $10.00 (50%, On track)." in chart.description


def test_budgets_of_every_size_share_an_axis_of_at_least_120_per_cent():
    scale = layers(budgets(limits(("A", 1, 10, 0.1, None, "On track")), COST, Thresholds()))[1][
        "encoding"
    ]["x"]
    assert scale["scale"]["domain"] == [0, 1.2]
    scale = layers(budgets(limits(("A", 1, 10, 0.1, 20, "Watch")), COST, Thresholds()))[1][
        "encoding"
    ]["x"]
    assert scale["scale"]["domain"] == [0, 2]


def test_a_bar_far_over_its_budget_is_cut_off_with_an_arrow():
    chart = budgets(limits(("A", 990, 10, 99, None, "Over")), COST, Thresholds())
    assert rows_of(chart, 1)[0]["drawn"] == 3
    assert "9,900%" in rows_of(chart, 1)[0]["long"]
    arrows = [layer for layer in layers(chart) if layer["mark"].get("text") == "\u25b6"]
    assert len(arrows) == 1


def test_a_projection_beyond_the_edge_has_dashes_up_to_it_and_no_diamond():
    chart = budgets(limits(("A", 5, 10, 0.5, 90, "At risk")), COST, Thresholds())
    assert rows_of(chart, 1)[0]["ahead"] == 3
    [diamond] = [n for n, layer in enumerate(layers(chart)) if layer["mark"].get("shape")]
    assert rows_of(chart, diamond) == []


def test_what_has_no_budget_has_no_bar_and_says_so():
    chart = budgets(limits(("A", 88, None, None, None, None)), COST, Thresholds())
    [row] = rows_of(chart, 1)
    assert row["drawn"] is None
    assert row["long"] == "$88.00 \N{MIDDLE DOT} no budget in USD \N{MIDDLE DOT} Unknown"


def test_the_used_part_follows_from_the_amounts_where_it_is_not_given():
    frame = limits(("A", 5, 10, None, None, "Watch")).drop(columns=["used", "projected"])
    assert rows_of(budgets(frame, COST, Thresholds()), 1)[0]["used"] == 0.5


def test_a_forecast_goes_on_from_the_last_complete_day():
    chart = fan(daily(4, 5, 1, partial=[False, False, True]), COST, expected(2, "2026-11-03"))
    line = rows_of(chart, 0)
    assert [row["value"] for row in line] == [5, 10, 10]
    assert [row["low95"] for row in line] == [5, 6, 6]
    assert "Today: Tue 3 Nov 2026." in chart.description


def test_the_tooltip_of_a_forecast_has_its_bands():
    chart = fan(daily(4), COST, expected(1, "2026-11-02"))
    texts = [row for row in every_row(chart) if "line3" in row]
    assert [row["line0"] for row in texts] == ["$4.00", "\N{EN DASH}"]
    assert texts[1]["line1"] == "$10.00"
    assert texts[1]["line2"] == "$8.00\N{EN DASH}$12.00"
    assert texts[1]["line3"] == "$6.00\N{EN DASH}$14.00"


def test_a_forecast_says_its_figures_and_its_bands():
    chart = fan(daily(4, 6), COST, expected(2, "2026-11-03"))
    assert chart.description == (
        "Cost, Sun 1 Nov 2026 \N{EN DASH} Mon 2 Nov 2026. "
        "Actual: $10.00 in total, highest $6.00 (Mon 2 Nov 2026). "
        "Forecast, Tue 3 Nov 2026 \N{EN DASH} Wed 4 Nov 2026: $20.00 in total; "
        "on the last day $10.00 "
        "(80% range $8.00\N{EN DASH}$12.00, 95% range $6.00\N{EN DASH}$14.00). "
        "Today: Tue 3 Nov 2026."
    )


def test_a_history_without_a_forecast_and_a_forecast_without_a_history_are_drawn():
    assert "Forecast" not in fan(daily(4), COST, expected(0)).description
    assert "Forecast" in fan(daily(), COST, expected(3)).description


def monthly():
    frame = pd.DataFrame(
        {
            "day_of_month": [2, 1, 1, 31],
            "month": ["This month", "This month", "Last month", "Last month"],
            "cost": [30.0, 10, 12, 400],
            "partial": [True, False, False, False],
        }
    )
    return cumulative(frame, COST, series="month", budget=500)


def test_a_running_total_has_a_colour_for_this_month_and_the_muted_one_for_the_last():
    colour = layers(monthly())[0]["encoding"]["color"]["scale"]
    assert colour["domain"] == ["This month", "Last month"]
    assert colour["range"] == [charts.colours.ACCENT, charts.colours.MUTED]


def test_a_running_total_always_has_the_whole_month_and_room_for_its_budget():
    spec = layers(monthly())
    assert spec[0]["encoding"]["x"]["scale"]["domain"] == [1, 31]
    assert "Budget $500.00" in [row.get("words") for row in every_row(monthly())]


def test_a_running_total_says_what_was_reached_and_by_which_day():
    assert monthly().description == (
        "Cost, running total of the month: This month $30.00 by day 2 so far, "
        "Last month $400.00 by day 31. Budget $500.00."
    )
    assert [row["line0"] for row in every_row(monthly()) if row.get("title") == "Day 2"] == [
        "$30.00 so far"
    ]


def test_a_change_has_its_sign_its_per_cent_and_the_word_where_there_is_none():
    frame = costs(1204.5, 800, -20, 0).assign(
        share_change=[0.342, None, -0.5, 0], word=[None, "new", None, None]
    )
    rows = every_row(movers(frame, COST, label="name"))
    assert [row["said"] for row in rows] == [
        "+$1,204.50 (+34.2%)",
        "+$800.00 (new)",
        "-$20.00 (-50.0%)",
        "$0.00 (0.0%)",
    ]


def test_costs_that_rise_are_red_and_hours_that_rise_are_green():
    worse, better = charts.colours.WORSE, charts.colours.BETTER
    colour = layers(movers(costs(1), COST, label="name"))[0]["encoding"]["color"]["scale"]
    assert dict(zip(colour["domain"], colour["range"], strict=True)) == {
        "Costs more": worse,
        "Costs less": better,
    }
    frame = pd.DataFrame({"name": ["A"], "hours": [1.0]})
    colour = layers(movers(frame, HOURS, label="name"))[0]["encoding"]["color"]["scale"]
    assert dict(zip(colour["domain"], colour["range"], strict=True)) == {
        "More": better,
        "Less": worse,
    }


def chosen_in(chart):
    """The layer with the choice that a click on the legend makes."""
    [layer] = [
        layer
        for layer in layers(chart)
        for param in layer.get("params", [])
        if (param["name"], param.get("bind")) == ("picked", "legend")
    ]
    return layer


def follows(layer):
    """Whether a layer is faint where something else is chosen."""
    opacity = layer.get("encoding", {}).get("opacity", {})
    return any(one.get("param") == "picked" for one in opacity.get("condition", []))


@pytest.mark.parametrize(
    "shape", ["stacked", "bars", "cumulative", "movers", "allocation", "scatter", "fan"]
)
def test_a_legend_filters_on_click_and_its_choice_is_on_the_first_layer_that_has_it(shape):
    chart = draw(shape, FRAMES["three rows"])
    legends = [chosen_in(chart)["encoding"].get(channel, {}) for channel in ("color", "shape")]
    assert any(one.get("legend") and one["field"].startswith("series") for one in legends)
    assert any(map(follows, layers(chart)))


def test_the_legend_of_columns_before_a_shadow_filters_the_columns():
    chart = bars(costs(3, 4), COST, series="name", ghost=shadows(5.0, 2.0))
    assert chosen_in(chart) == layers(chart)[1]
    assert [follows(layer) for layer in layers(chart)[:2]] == [False, True]


def test_a_bar_has_the_colour_of_its_label_before_its_own():
    frame = costs(3, 2).assign(hue="#112233")
    chart = ranking(frame, COST, label="name", colour="hue", colours={"Name 1": "#445566"})
    assert [row["colour"] for row in rows_of(chart, 0)] == ["#112233", "#445566"]


def test_long_names_are_shortened_in_the_description_and_whole_in_the_tooltip():
    name = "A name of a project that somebody wrote without ever thinking of any chart"
    chart = ranking(costs(5).assign(name=name), COST, label="name")
    assert name not in chart.description
    assert rows_of(chart, 0)[0]["label"] == name


def shadows(*values):
    """A previous period of these values on the days of `costs`."""
    days = [pd.Timestamp(2026, 11, n + 1) for n in range(len(values))]
    actual = [f"{n + 1} Oct 2026" for n in range(len(values))]
    return pd.DataFrame({"day": days, "value": values, "actual_day": actual})


def test_the_previous_period_lies_behind_the_columns_and_is_told_with_its_own_day():
    chart = bars(costs(3, 4), COST, ghost=shadows(5.0, 2.0))
    shadow, columns, hovered = (rows_of(chart, n) for n in range(3))
    assert [row["value"] for row in shadow] == [5.0, 2.0]
    assert shadow[0]["left"] < columns[0]["left"] < columns[0]["right"] < shadow[0]["right"]
    assert [row["line1"] for row in hovered] == ["$5.00 (1 Oct 2026)", "$2.00 (2 Oct 2026)"]
    assert "Comparison period: $7.00 in total." in chart.description


def test_the_axis_reaches_up_to_the_previous_period():
    flat = bars(costs(0, 0), COST, ghost=shadows(5.0, 2.0))
    assert "domain" not in layers(flat)[0]["encoding"]["y"]["scale"]


def test_a_day_of_the_previous_period_that_has_no_column_has_no_shadow():
    chart = bars(costs(3), COST, ghost=shadows(5.0, 2.0))
    assert [row["value"] for row in rows_of(chart, 0)] == [5.0]


@pytest.mark.parametrize("ghost", [None, shadows()], ids=["nothing", "no days"])
def test_without_a_previous_period_there_is_no_shadow(ghost):
    chart = bars(costs(3), COST, ghost=ghost)
    assert "Comparison period" not in chart.description
    assert len(layers(chart)) == 3


def test_the_parts_of_a_bar_have_the_colours_of_what_they_mean():
    kinds = ["Unspecified", "Billable", "Non-billable"]
    worked = pd.DataFrame({"name": "Ann", "billable": kinds, "hours": 1.0})
    for chart, colours in (
        (BY_BILLABLE(worked, HOURS), charts.colours.BILLABLE),
        (MADE_OF(parts_of(A_Time=2, A_AI=1), COST), charts.colours.CATEGORY),
    ):
        scale = layers(chart)[0]["encoding"]["color"]["scale"]
        given = dict(zip(scale["domain"], scale["range"], strict=True))
        assert given == {name: colours[name] for name in given}


def test_a_bar_of_hours_has_its_projects_own_colour_and_the_rest_is_muted():
    frame = pd.DataFrame(
        {
            "project": ["p1", "p2", None],
            "name": ["Site", "Plain", "3 others"],
            "color": ["#112233", None, None],
            "hours": [3.0, 2.0, 5.0],
            "share": [0.3, 0.2, 0.5],
        }
    )
    rows = rows_of(project_bars(frame, HOURS), 0)
    colours = charts.colours
    assert [row["colour"] for row in rows] == ["#112233", colours.ACCENT, colours.MUTED]
    assert rows[2]["end"] == "5.0 h \N{MIDDLE DOT} 50%"
