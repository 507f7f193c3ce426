"""A sunburst shows what a total is made of, and a click on a part leads into it."""

import math

import pandas as pd
import pytest

from meaux.charts import colours, sunburst
from meaux.query.metrics import DEFINITIONS

COST = DEFINITIONS["cost"]
RINGS = ["category", "project", "person"]
ROWS = [
    ("Time", "Website", "Ann", 30),
    ("Time", "Website", "Bo", 10),
    ("Time", "Shop", "Ann", 20),
    ("AI", "Website", "Ann", 15),
    ("AI", "Shop", "Refund", -5),
    ("AI", "Shop", "Bo", 0),
]
FRAME = pd.DataFrame(ROWS, columns=[*RINGS, "cost"])


def drawn(frame=FRAME, rings=RINGS):
    return sunburst(frame, COST, rings=rings, colours=colours.CATEGORY)


def rows_of(chart, layer):
    spec = chart.to_dict()
    return spec["datasets"][spec["layer"][layer]["data"]["name"]]


def arcs(chart):
    return {row["path"]: row for row in rows_of(chart, 0)}


def middle(chart):
    """What the middle says and leads to, by the path that is zoomed into."""
    return {row["path"]: row for row in rows_of(chart, 2)}


def target(row):
    return row["left"], row["right"], row["ring"]


def bounds(row):
    return row["start"], row["stop"], row["depth"]


def test_there_is_an_arc_for_each_part_on_each_ring():
    assert list(arcs(drawn())) == [
        "Time",
        "Time › Website",
        "Time › Website › Ann",
        "Time › Website › Bo",
        "Time › Shop",
        "Time › Shop › Ann",
        "AI",
        "AI › Website",
        "AI › Website › Ann",
    ]


def test_an_arc_says_its_path_its_exact_value_and_its_parts():
    row = arcs(drawn())["Time › Website"]
    assert row["exact"] == "$40.00"
    assert row["of_parent"] == "67% of Time"
    assert row["of_whole"] == "53%"


def test_every_part_has_the_colour_of_the_innermost_arc_it_lies_in():
    chart = drawn()
    assert {row["root"] for row in arcs(chart).values()} == {"Time", "AI"}
    assert all(path.startswith(row["root"]) for path, row in arcs(chart).items())
    scale = chart.to_dict()["layer"][0]["encoding"]["color"]["scale"]
    assert scale["domain"] == ["Time", "AI"]
    assert scale["range"] == [colours.CATEGORY["Time"], colours.CATEGORY["AI"]]


def test_a_click_on_an_arc_zooms_into_it_and_one_on_the_outermost_ring_into_its_parent():
    shown = arcs(drawn())
    assert target(shown["Time"]) == bounds(shown["Time"])
    assert target(shown["Time › Website"]) == bounds(shown["Time › Website"])
    assert target(shown["Time › Website › Bo"]) == bounds(shown["Time › Website"])


def test_a_click_on_the_middle_leads_one_ring_out_and_says_where_to():
    chart = drawn()
    shown, said = arcs(chart), middle(chart)
    assert target(said["Time › Website"]) == bounds(shown["Time"])
    assert target(said["Time"]) == target(said["Cost"]) == (0, 1, 0)
    assert said["Time › Website"]["click"] == "Back to Time"
    assert said["Time"]["click"] == "Back to Cost"


def test_the_middle_says_the_total_of_what_is_zoomed_into_and_what_is_left_out():
    said = {path: (row["short"], row["note"]) for path, row in middle(drawn()).items()}
    assert said == {
        "Cost": ("$75.00", "-$5.00 not drawn"),
        "Time": ("$60.00", "80% of total"),
        "Time › Website": ("$40.00", "53% of total"),
        "Time › Shop": ("$20.00", "27% of total"),
        "AI": ("$15.00", "20% of total"),
        "AI › Website": ("$15.00", "20% of total"),
    }
    assert middle(drawn(FRAME[FRAME["cost"] > 0]))["Cost"]["note"] == ""


def test_the_choice_of_what_to_zoom_into_is_made_by_a_click_and_starts_with_the_whole():
    spec = drawn().to_dict()
    given = [*spec["params"], *(one for layer in spec["layer"] for one in layer.get("params", []))]
    params = {param["name"]: param for param in given}
    assert params["zoom"]["select"] == {
        "type": "point",
        "fields": ["left", "right", "ring"],
        "on": "click",
        "clear": False,
    }
    assert params["begin"]["expr"].endswith(": 0")
    assert params["end"]["expr"].endswith(": 1")
    assert params["inner"]["expr"].endswith(": 0")


def test_it_says_its_parts_the_largest_of_theirs_and_what_is_not_drawn():
    assert drawn().description == (
        "Cost by category, project, person: $75.00 in total. "
        "Time $60.00 (80%; Website $40.00, Shop $20.00), AI $15.00 (20%; Website $15.00). "
        "Not drawn (zero or negative): AI › Shop › Refund -$5.00, AI › Shop › Bo $0.00."
    )


@pytest.mark.parametrize("rings", [RINGS[:1], RINGS[:2], RINGS])
def test_the_arcs_of_each_ring_add_up_to_the_whole(rings):
    shown = arcs(drawn(FRAME[FRAME["cost"] > 0], rings)).values()
    for depth in range(1, len(rings) + 1):
        spans = [row["stop"] - row["start"] for row in shown if row["depth"] == depth]
        assert math.isclose(sum(spans), 1)


def test_two_hundred_leaves_stay_few_enough_to_see():
    leaves = [
        (category, f"Project {p}", f"Person {n}", 1 + n * p)
        for category in ("Time", "AI")
        for p in range(20)
        for n in range(5)
    ]
    shown = arcs(drawn(pd.DataFrame(leaves, columns=[*RINGS, "cost"]))).values()
    rings = [[row for row in shown if row["depth"] == depth] for depth in (1, 2, 3)]
    assert [len(ring) for ring in rings] == [2, 24, 24 * 5]
    assert sum(row["label"] == "Other" for row in rings[1]) == 2
