"""A supposition stands beside the forecast, in a line, a word and a figure of its own."""

import pandas as pd

from meaux.charts import fan
from meaux.charts.colours import ACCENT, WHAT_IF
from meaux.query.metrics import DEFINITIONS

COST = DEFINITIONS["cost"]
HISTORY = pd.DataFrame({"day": pd.date_range("2026-11-20", periods=2), "cost": [4.0, 6.0]})
AHEAD = pd.DataFrame(
    {
        "day": pd.date_range("2026-11-22", periods=2),
        "value": [10.0, 10.0],
        "low80": 8.0,
        "high80": 12.0,
        "low95": 6.0,
        "high95": 14.0,
    }
)
SUPPOSED = AHEAD.assign(value=[10.0, 2000.0])


def chart(what_if):
    return fan(HISTORY, COST, AHEAD, what_if=what_if)


def lines(drawn):
    """The colour of each line and its values."""
    spec = drawn.to_dict()
    return {
        layer["mark"]["color"]: [row["value"] for row in spec["datasets"][layer["data"]["name"]]]
        for layer in spec["layer"]
        if layer["mark"]["type"] == "line" and "strokeDash" in layer["mark"]
    }


def legend(drawn):
    [domain] = [
        layer["encoding"]["shape"]["scale"]["domain"]
        for layer in drawn.to_dict()["layer"]
        if "shape" in layer["encoding"]
    ]
    return domain


def test_a_supposition_goes_on_from_the_last_complete_day_in_a_colour_of_its_own():
    assert lines(chart(SUPPOSED)) == {ACCENT: [6, 10, 10], WHAT_IF: [6, 10, 2000]}


def test_it_has_an_entry_in_the_legend_only_where_there_is_one():
    assert legend(chart(SUPPOSED)) == ["Actual", "Forecast", "80% range", "95% range", "Scenario"]
    for nothing in (None, SUPPOSED.head(0), pd.DataFrame()):
        assert "Scenario" not in legend(chart(nothing))
        assert WHAT_IF not in lines(chart(nothing))
        assert "Scenario" not in chart(nothing).description


def test_it_stands_in_the_tooltip_and_is_said_with_its_total():
    drawn = chart(SUPPOSED)
    texts = [row for rows in drawn.to_dict()["datasets"].values() for row in rows if "line4" in row]
    assert [row["line4"] for row in texts][-2:] == ["$10.00", "$2,000.00"]
    assert (
        "Scenario, Sun 22 Nov 2026 \N{EN DASH} Mon 23 Nov 2026: $2,010.00 in total."
        in drawn.description
    )


def test_the_axis_is_made_for_it_too():
    little = AHEAD.assign(**{column: 1.0 for column in AHEAD if column != "day"})
    for what_if, written in ((SUPPOSED, "$~s"), (None, "$,.2~f")):
        spec = fan(HISTORY, COST, little, what_if=what_if).to_dict()
        assert f"'{written}'" in spec["layer"][0]["encoding"]["y"]["axis"]["labelExpr"]


def test_each_line_and_band_belongs_to_an_entry_of_the_legend_and_is_faint_if_another_is_chosen():
    spec = chart(SUPPOSED).to_dict()
    met = set()
    for layer in spec["layer"]:
        if layer["mark"]["type"] in ("line", "area"):
            met |= {row["series"] for row in spec["datasets"][layer["data"]["name"]]}
            [condition] = layer["encoding"]["opacity"]["condition"]
            assert condition["param"] == "picked"
    assert met == set(legend(chart(SUPPOSED)))


def test_without_a_known_band_none_is_drawn_said_or_named():
    edges = dict.fromkeys(("low80", "high80", "low95", "high95"), float("nan"))
    drawn = fan(HISTORY, COST, AHEAD.assign(**edges)).to_dict()
    assert "% range" not in str(drawn)
    assert "% range" in str(fan(HISTORY, COST, AHEAD).to_dict())
