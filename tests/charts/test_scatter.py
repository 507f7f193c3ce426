"""A scatter puts a point where both metrics are known, and names the highest it has room for."""

import pandas as pd
import pytest

from meaux.charts import colours, scatter
from meaux.subjects.hours.metrics import HOURS
from meaux.subjects.money.metrics import COST, SHARE


def points(*rows):
    return pd.DataFrame(rows, columns=["name", "cost", "share", "status"])


def draw(frame, **more):
    return scatter(frame, COST, across=SHARE, label="name", **more)


def named(drawn):
    """The least width for each name, of the points from the highest."""
    return {row["label"]: row["least"] for row in drawn.rows() if row["least"] is not None}


THREE = points(
    ("Atlas", 10.0, 0.25, "Active"), ("Echo", 1234.5, 0.8, "Paused"), ("Rook", None, 0.5, "Active")
)


def test_a_point_lies_where_both_metrics_put_it(spec):
    drawn = spec(draw(THREE))
    assert [(row["label"], row["x"], row["value"]) for row in drawn.rows()] == [
        ("Echo", 0.8, 1234.5),
        ("Atlas", 0.25, 10),
    ]
    assert drawn.encoding("x")["title"] == "Share of cost"
    assert drawn.encoding("y")["title"] == "Cost (USD)"


def test_rows_of_which_either_is_unknown_are_left_out_and_counted(spec):
    frame = pd.concat([THREE, points(("Sable", 5.0, None, "Active"))])
    assert spec(draw(frame)).words == (
        "Cost vs share of cost, 2 points, the highest first: Echo $1,234.50 at 80.0%, "
        "Atlas $10.00 at 25.0%. Not drawn (value unknown): 2."
    )
    assert "unknown" not in spec(draw(THREE.dropna())).words


@pytest.mark.parametrize(
    ("shares", "domain"), [((0.1, 0.4), [0, 1]), ((0.1, 1.5), [0, 1.5]), ((-0.2, 0.4), [-0.2, 1])]
)
def test_the_axis_of_a_ratio_reaches_from_nothing_to_the_whole(spec, shares, domain):
    frame = points(*(("A", 1.0, share, "Active") for share in shares))
    assert spec(draw(frame)).encoding("x")["scale"]["domain"] == domain


def test_the_axis_of_an_amount_reaches_from_zero_to_the_highest(spec):
    frame = THREE.assign(hours=[5.0, 20.0, 9.0])
    drawn = spec(scatter(frame, COST, across=HOURS, label="name"))
    assert drawn.encoding("x")["scale"]["domain"] == [0, 20]
    assert drawn.encoding("x")["title"] == "Total time logged (h)"


def test_a_series_has_its_colour_and_a_shape_that_says_the_same(spec):
    drawn = spec(draw(THREE, series="status", colours=colours.STATUS))
    colour, shape = drawn.encoding("color")["scale"], drawn.encoding("shape")["scale"]
    assert colour["domain"] == shape["domain"] == ["Active", "Paused"]
    assert colour["range"] == [colours.STATUS["Active"], colours.STATUS["Paused"]]
    assert shape["range"] == ["circle", "diamond"]


def test_a_shape_stays_with_its_status_whatever_else_is_drawn(spec):
    paused = points(("A", 1.0, 0.5, "Paused"), ("B", 2.0, 0.5, "Archived"))
    scale = spec(draw(paused, series="status", colours=colours.STATUS)).encoding("shape")["scale"]
    assert dict(zip(scale["domain"], scale["range"], strict=True))["Paused"] == "diamond"


def test_points_without_a_series_have_one_colour_and_no_legend(spec):
    drawn = spec(draw(THREE))
    assert drawn.encoding("color")["scale"]["range"] == [colours.ACCENT]
    assert drawn.encoding("color")["legend"] is None


def test_the_tooltip_has_the_name_both_values_and_the_series(spec):
    assert spec(draw(THREE, series="status")).tooltip() == {
        "title": "Echo",
        "Cost": "$1,234.50",
        "Share of cost": "80.0%",
        "Status": "Paused",
    }


def test_the_five_highest_carry_their_names_where_nothing_is_in_the_way(spec):
    frame = points(*((f"P{n}", 100.0 * n, 0.3, "Active") for n in range(1, 9)))
    assert list(named(spec(draw(frame)))) == ["P8", "P7", "P6", "P5", "P4"]


def test_a_name_stands_on_the_side_that_has_more_room(spec):
    assert {row["label"]: row["side"] for row in spec(draw(THREE)).rows()} == {
        "Atlas": 1,
        "Echo": -1,
    }


def test_a_name_needs_a_chart_wide_enough_for_it_to_touch_no_other_point(spec):
    alone = named(spec(draw(points(("Atlas", 100.0, 0.2, "")))))
    beside = named(spec(draw(points(("Atlas", 100.0, 0.2, ""), ("Echo", 99.0, 0.4, "")))))
    assert alone["Atlas"] == pytest.approx((20 + 7 * 5) / 0.8)
    assert beside["Atlas"] == pytest.approx((20 + 7 * 5) / 0.2)


def test_names_that_face_each_other_need_room_for_both(spec):
    facing = named(spec(draw(points(("Atlas", 100.0, 0.4, ""), ("Echo", 100.0, 0.6, "")))))
    assert facing["Atlas"] == facing["Echo"] == pytest.approx((20 + 35 + 20 + 28) / 0.2)


def test_points_in_the_same_place_have_no_names(spec):
    assert named(spec(draw(points(("Atlas", 100.0, 0.2, ""), ("Echo", 100.0, 0.2, ""))))) == {}


def test_a_long_name_is_shortened_beside_its_point_and_whole_in_the_tooltip(spec):
    drawn = spec(draw(points(("A project with a name that goes on", 1.0, 0.2, ""))))
    assert len(drawn.rows()[0]["name"]) <= 24
    assert drawn.tooltip()["title"] == "A project with a name that goes on"


@pytest.mark.parametrize("series", [None, "status"])
def test_the_point_nearest_to_the_pointer_says_what_it_is(spec, series):
    drawn = spec(draw(THREE, series=series))
    params = [param for layer in drawn.whole["layer"] for param in layer.get("params", [])]
    [nearest] = [param for param in params if param["name"] == "hovered"]
    assert nearest["select"]["nearest"] is True
    assert list(drawn.tooltip(2)) == list(drawn.tooltip())
