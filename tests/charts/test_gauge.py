"""A gauge says which part of an allowance is used, in an arc and in words."""

import re

import pandas as pd
import pytest

from meaux.charts import gauge
from meaux.charts.colours import MUTED, STANDING
from meaux.data.thresholds import Thresholds
from meaux.query.metrics import DEFINITIONS, MISSING

COST = DEFINITIONS["cost"]


def measured(used, allowed, name="Workers requests"):
    return gauge(
        pd.DataFrame({"name": [name], "used": [used], "allowed": [allowed]}), COST, Thresholds()
    )


def layers(chart):
    return chart.to_dict()["layer"]


def row(chart):
    [[shown]] = chart.to_dict()["datasets"].values()
    return shown


def arcs(chart):
    """The colour and the angles in degrees of each arc, from the track on."""
    return [
        (
            layer["encoding"]["color"]["value"],
            *(_degrees(layer["encoding"][angle]["value"]["expr"]) for angle in ("theta", "theta2")),
        )
        for layer in layers(chart)
        if layer["mark"]["type"] == "arc"
    ]


def _degrees(expression):
    return float(re.fullmatch(r"PI \* (.+) / 180", expression)[1])


@pytest.mark.parametrize(
    ("used", "degrees"), [(25, -60), (50, 0), (75, 60), (100, 120), (150, 120), (900, 120)]
)
def test_the_arc_turns_through_as_large_a_part_of_240_degrees_as_is_used(used, degrees):
    track, drawn, *_ = arcs(measured(used, 100))
    assert track == (MUTED, -120, 120)
    assert drawn[1:] == (-120, pytest.approx(degrees))


@pytest.mark.parametrize(
    ("used", "standing"),
    [(0, "On track"), (79, "On track"), (80, "At risk"), (99.9, "At risk"), (100, "Over")],
)
def test_from_80_per_cent_on_it_is_at_risk_and_from_100_on_over(used, standing):
    chart = measured(used, 100)
    assert row(chart)["standing"] == standing
    if used:
        assert arcs(chart)[1][0] == STANDING[standing]


def test_where_it_will_be_at_risk_is_marked_on_the_track():
    mark = arcs(measured(10, 100))[-1]
    assert (mark[1] + mark[2]) / 2 == pytest.approx(-120 + 0.8 * 240)


@pytest.mark.parametrize(("used", "arrows"), [(99, 0), (100, 0), (101, 1), (250, 1)])
def test_more_than_all_ends_in_an_arrow_and_keeps_its_true_per_cent(used, arrows):
    chart = measured(used, 100)
    assert [layer["mark"]["type"] for layer in layers(chart)].count("point") == arrows
    assert row(chart)["percent"] == f"{used}%"


@pytest.mark.parametrize("allowed", [None, 0, -5, float("nan"), "n/a"])
def test_without_an_allowance_there_is_a_track_and_no_arc(allowed):
    chart = measured(12.5, allowed)
    assert arcs(chart) == [(MUTED, -120, 120)]
    assert row(chart)["standing"] == "No allowance set"
    assert row(chart)["percent"] == MISSING
    assert row(chart)["amounts"] == "$12.50 used"
    assert chart.description == "Cost: Workers requests, $12.50 (No allowance set)."


@pytest.mark.parametrize(
    ("used", "standing", "colour"),
    [(40, "Within allowance", STANDING["On track"]), (160, "Beyond allowance", STANDING["Over"])],
)
def test_what_is_full_has_one_colour_and_the_word_says_of_what(used, standing, colour):
    frame = pd.DataFrame({"name": ["R2 storage"], "used": [used], "allowed": [80]})
    chart = gauge(frame, COST, Thresholds(), limited=False)
    assert row(chart)["standing"] == standing
    assert [arc[0] for arc in arcs(chart)] == [MUTED, colour]


def test_an_unknown_use_is_not_zero():
    chart = measured(None, 80)
    assert arcs(chart) == [(MUTED, -120, 120)]
    assert (row(chart)["percent"], row(chart)["standing"]) == (MISSING, "Unknown")
    assert row(chart)["amounts"] == f"{MISSING} of $80.00"


def test_nothing_used_is_known_to_be_nothing():
    chart = measured(0, 80)
    assert [arc[0] for arc in arcs(chart)] == [MUTED, "currentColor"]
    assert row(chart)["percent"] == "0%"


@pytest.mark.parametrize(("used", "percent"), [(0.1, "<1%"), (99.7, ">99%"), (-3, "-3%")])
def test_a_part_is_neither_rounded_to_nothing_nor_to_all(used, percent):
    assert row(measured(used, 100))["percent"] == percent


def test_it_says_what_is_used_of_what_in_its_unit():
    chart = measured(2412, 2500, "AI budget")
    assert row(chart)["amounts"] == "$2,412 of $2,500"
    assert row(chart)["left"] == "$88.00"
    assert chart.description == "Cost: AI budget, $2,412.00 of $2,500.00 (96%, At risk)."


def test_the_name_may_be_of_any_kind():
    assert "Unnamed" in measured(1, 2, None).description
    assert row(measured(1, 2, '"]}<b>'))["label"] == '"]}<b>'
