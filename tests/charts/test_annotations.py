"""Annotations are drawn over any chart of days, folded where they crowd, and said."""

from datetime import date

import altair as alt
import pandas as pd
import pytest

from meaux import charts
from meaux.charts.annotations import SHAPES, annotated
from meaux.charts.layered import specification
from meaux.subjects.money.metrics import COST

DAYS = pd.date_range("2026-11-01", periods=30, unit="s")
FRAME = pd.DataFrame({"day": DAYS, "cost": range(30)})


def noted(*rows):
    """Annotations of days of November: day, kind, text."""
    days = pd.to_datetime([f"2026-11-{day:02}" for day, _, _ in rows]).astype("datetime64[s]")
    return pd.DataFrame(
        {"day": days, "kind": [kind for _, kind, _ in rows], "text": [text for *_, text in rows]}
    )


def marks(chart):
    """The rows of its marks."""
    return next(
        layer.data
        for layer in chart.layer
        if isinstance(layer.data, pd.DataFrame) and "heading" in layer.data
    )


@pytest.mark.parametrize("kind", SHAPES)
def test_each_kind_has_a_shape_of_its_own(kind):
    drawn = annotated(charts.trend(FRAME, COST), noted((13, kind, "A text")))
    assert list(marks(drawn)["shape"]) == [SHAPES[kind]]
    assert len(set(SHAPES.values())) == len(SHAPES)
    assert f"Annotated: Fri 13 Nov 2026: {kind}: A text." in drawn.description
    alt.LayerChart.from_dict(drawn.to_dict())
    assert specification(drawn)["datasets"]


def test_those_near_one_another_are_one_mark_with_their_number_and_texts():
    found = noted((13, "Note", "One"), (14, "Deployment", "Two"), (25, "Note", "Three"))
    drawn = marks(annotated(charts.trend(FRAME, COST), found))
    assert list(drawn["count"]) == ["2", ""]
    assert list(drawn["heading"]) == [
        "Fri 13 Nov 2026 \N{EN DASH} Sat 14 Nov 2026",
        "Wed 25 Nov 2026",
    ]
    assert list(drawn["kind0"]) == ["Two", "\N{EN DASH}"]
    assert list(drawn["kind1"]) == ["One", "Three"]


def test_those_outside_of_the_chart_are_left_out():
    early = noted((1, "Note", "Before"))
    chart = charts.trend(FRAME[FRAME["day"] > "2026-11-10"], COST)
    assert annotated(chart, early) is chart


def test_a_week_has_the_annotations_of_its_days():
    weeks = pd.DataFrame({"day": pd.to_datetime(["2026-11-02", "2026-11-09"]), "cost": [1, 2]})
    chart = charts.trend(weeks, COST, grain="week")
    drawn = annotated(chart, noted((13, "Note", "On a Friday")), "week")
    assert list(marks(drawn)["heading"]) == ["Week of 9 Nov 2026"]


def test_a_chart_without_days_stays_as_it_is():
    chart = charts.ranking(pd.DataFrame({"name": ["a"], "cost": [1.0]}), COST, label="name")
    assert annotated(chart, noted((13, "Note", "A text"))) is chart


def test_a_crowd_of_marks_has_no_rules_that_would_hide_the_chart():
    def rules(found):
        layers = annotated(charts.trend(FRAME, COST), found).to_dict()["layer"]
        of_annotations = [layer for layer in layers if "transform" in layer]
        return [
            layer["transform"][0]["filter"]
            for layer in of_annotations
            if layer["mark"]["type"] == "rule"
        ]

    assert rules(noted((1, "Note", "One"), (30, "Note", "Two"))) == ["width >= 560", "width < 560"]
    assert rules(noted(*((day, "Note", "Busy") for day in range(1, 31, 3)))) == ["width < 560"]


def test_a_narrow_chart_has_fewer_marks_so_that_their_numbers_do_not_touch():
    found = noted(*((day, "Note", "Busy") for day in range(1, 31, 2)))
    chart = annotated(charts.trend(FRAME, COST), found).to_dict()
    counts = {
        layer["transform"][0]["filter"]: len(chart["datasets"][layer["data"]["name"]])
        for layer in chart["layer"]
        if "transform" in layer and layer["mark"]["type"] == "text"
    }
    assert counts == {"width >= 560": 15, "width < 560": 8}


def test_the_days_of_this_month_are_annotated_on_its_running_total():
    months = pd.DataFrame(
        {
            "day_of_month": [*range(1, 32), *range(1, 23)],
            "month": ["Last month"] * 31 + ["This month"] * 22,
            "cost": range(53),
        }
    )
    month = date(2026, 11, 1)
    chart = charts.cumulative(months, COST, series="month", month=month)
    drawn = annotated(chart, noted((13, "Note", "A text"), (30, "Note", "Later")))
    assert list(marks(drawn)["at"]) == [13]
    assert list(marks(drawn)["heading"]) == ["Fri 13 Nov 2026"]
    specification(drawn)
    undated = charts.cumulative(months, COST, series="month")
    assert annotated(undated, noted((13, "Note", "A text"))) is undated


def test_the_days_of_a_calendar_are_marked_in_their_cells():
    chart = charts.calendar(FRAME, COST, year=2026)
    found = noted((13, "Note", "One"), (13, "Deployment", "Two"), (14, "Note", "Three"))
    drawn = annotated(chart, found)
    assert list(marks(drawn)["heading"]) == ["Fri 13 Nov 2026", "Sat 14 Nov 2026"]
    assert list(marks(drawn)["shape"]) == ["circle", SHAPES["Note"]]
    assert list(marks(drawn)["weekday"]) == [4, 5]
    assert "Annotated: Fri 13 Nov 2026: Deployment: Two; Note: One" in drawn.description
    assert specification(drawn)["datasets"]
    assert annotated(charts.calendar(FRAME, COST, year=2025), found).layer is not None


def test_columns_are_annotated_at_their_middle():
    chart = charts.bars(FRAME, COST)
    drawn = annotated(chart, noted((13, "Note", "A text")))
    [place] = marks(drawn)["at"]
    assert place in set(chart.layer[0].data["at"])
    specification(drawn)


def test_what_happens_all_the_time_is_not_marked_on_a_calendar():
    often = noted(*((day, "Deployment", "Again") for day in range(1, 30)), (13, "Note", "Once"))
    drawn = annotated(charts.calendar(FRAME, COST, year=2026), often)
    assert list(marks(drawn)["heading"]) == ["Fri 13 Nov 2026"]
    assert "Again" not in drawn.description
