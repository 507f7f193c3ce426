"""A load says how much of its own capacity each row carries."""

import pandas as pd
import pytest

from meaux.charts import colours, load
from meaux.subjects.hours.metrics import HOURS


def carried(*rows, columns=("name", "hours", "capacity")):
    return pd.DataFrame(rows, columns=columns)


def draw(frame):
    return load(frame, HOURS, label="name")


def bar(drawn):
    return drawn.rows(1)[0]


def test_a_load_says_its_value_its_capacity_and_its_part(spec):
    drawn = spec(draw(carried(("Ann", 31.5, 40))))
    assert bar(drawn)["long"] == "31.5 h of 40.0 h \N{MIDDLE DOT} 79%"
    assert bar(drawn)["brief"] == "79%"
    assert bar(drawn)["drawn"] == 0.7875
    assert (
        drawn.words
        == "Total time logged, compared with capacity, 1 item in order: Ann 31.5 h of 40.0 h (79%)."
    )


def test_what_is_over_its_capacity_has_the_colour_and_the_word_for_it(spec):
    drawn = spec(draw(carried(("Ann", 44, 40), ("Bo", 40, 40))))
    over, full = drawn.rows(1)
    assert over["long"] == "44.0 h of 40.0 h \N{MIDDLE DOT} 110% \N{MIDDLE DOT} Over"
    assert (over["colour"], full["colour"]) == (colours.STANDING["Over"], colours.ACCENT)
    assert "Over" not in full["long"]
    assert "Ann 44.0 h of 40.0 h (110%, Over)" in drawn.words


def test_what_is_over_by_less_than_seconds_add_up_to_is_not_over(spec):
    assert bar(spec(draw(carried(("Ann", 40.0000001, 40)))))["colour"] == colours.ACCENT


def test_the_track_ends_at_the_capacity_and_a_tick_stands_there(spec):
    track, _, tick, *_ = spec(draw(carried(("Ann", 10, 40)))).layers
    assert (track["encoding"]["x"]["datum"], track["encoding"]["x2"]["datum"]) == (0, 1)
    assert (tick["mark"]["type"], tick["encoding"]["x"]["datum"]) == ("tick", 1)


def test_a_load_far_over_its_capacity_is_cut_off_and_says_by_how_much(spec):
    drawn = spec(draw(carried(("Ann", 400, 40))))
    assert bar(drawn)["drawn"] == 3
    assert "1,000%" in bar(drawn)["long"]
    assert [row["label"] for row in drawn.rows(3)] == ["Ann"]


@pytest.mark.parametrize("capacity", [None, 0, "n/a"])
def test_what_has_no_capacity_has_no_bar_no_track_and_says_so(spec, capacity):
    drawn = spec(draw(carried(("Ann", 20, capacity))))
    assert bar(drawn)["drawn"] is None
    assert bar(drawn)["long"] == "20.0 h \N{MIDDLE DOT} no capacity"
    assert drawn.rows(0) == []


def test_an_unknown_value_is_no_zero(spec):
    _, unknown = spec(draw(carried(("Ann", 0, 40), ("Bo", None, 40)))).rows(1)
    assert unknown["drawn"] is None
    assert unknown["long"] == "\N{EN DASH} of 40.0 h"
    assert unknown["brief"] == "\N{EN DASH}"


def test_the_part_is_the_given_one_where_there_is_one(spec):
    columns = ("name", "hours", "capacity", "used")
    given, reckoned = spec(
        draw(carried(("Ann", 10, 40, 0.5), ("Bo", 10, 40, None), columns=columns))
    ).rows(1)
    assert (given["used"], reckoned["used"]) == (0.5, 0.25)


def test_the_tooltip_has_the_exact_numbers(spec):
    assert spec(draw(carried(("Ann", 44, 40)))).tooltip(1) == {
        "title": "Ann",
        "Total time logged": "44.0 h",
        "Capacity": "40.0 h",
        "Used": "110%",
        "Remaining": "-4.0 h",
    }
