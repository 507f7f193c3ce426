"""An allocation divides each label's own total; nothing of it gets lost."""

import pandas as pd
import pytest

from meaux.charts import allocation, colours
from meaux.subjects.money.metrics import COST


def parts_of(**values):
    """One row a label and category, as `A_Time=5`."""
    both = [(*key.split("_"), value) for key, value in values.items()]
    return pd.DataFrame(both, columns=["name", "category", "cost"])


def draw(frame):
    return allocation(frame, COST, label="name", series="category", colours=colours.CATEGORY)


def test_segments_are_parts_of_their_own_label_and_reach_from_end_to_end(spec):
    rows = spec(draw(parts_of(A_AI=1, A_Time=3, B_Time=1000))).rows()
    assert [(row["label"], row["series"], row["start"], row["stop"]) for row in rows] == [
        ("A", "Time", 0, 0.75),
        ("A", "AI", 0.75, 1),
        ("B", "Time", 0, 1),
    ]


def test_the_parts_of_a_label_add_up_to_the_whole(spec):
    frame = pd.DataFrame({"name": "A", "category": list("abcdefghijk"), "cost": range(1, 12)})
    rows = spec(draw(frame)).rows()
    assert len(rows) == 8
    assert rows[-1]["series"] == "Other"
    assert sum(row["stop"] - row["start"] for row in rows) == pytest.approx(1)
    assert rows[-1]["stop"] == pytest.approx(1)


def test_labels_keep_the_order_of_the_frame_and_their_totals_stand_at_the_end(spec):
    ends = spec(draw(parts_of(B_Time=1, A_Time=9, B_AI=2))).rows(1)
    assert [(row["label"], row["end"], row["whole"]) for row in ends] == [
        ("B", "$3.00", 1),
        ("A", "$9.00", 1),
    ]


def test_a_credit_has_no_segment_but_is_in_the_total_and_in_the_words(spec):
    drawn = spec(draw(parts_of(A_Time=4, A_AI=-1, A_Infrastructure=4)))
    assert [(row["series"], row["stop"]) for row in drawn.rows()] == [
        ("Time", 0.5),
        ("Infrastructure", 1),
    ]
    assert drawn.rows(1)[0]["end"] == "$7.00"
    assert drawn.tooltip(1) == {
        "title": "A",
        "Time": "$4.00 (50%)",
        "AI": "-$1.00",
        "Infrastructure": "$4.00 (50%)",
        "Total": "$7.00",
    }


def test_a_label_with_nothing_above_zero_keeps_its_row_and_its_total(spec):
    drawn = spec(draw(parts_of(A_Time=4, B_Time=0, C_Time=None)))
    assert {row["label"] for row in drawn.rows()} == {"A"}
    assert [row["end"] for row in drawn.rows(1)] == ["$4.00", "$0.00", "\N{EN DASH}"]


def test_two_labels_of_one_name_stay_apart_by_their_key(spec):
    frame = parts_of(Same_Time=1, Same_AI=2)
    assert len(spec(draw(frame)).rows(1)) == 1
    assert len(spec(draw(frame.assign(key=["p1", "p2"]))).rows(1)) == 2


def test_the_axis_is_in_per_cent(spec):
    across = spec(draw(parts_of(A_Time=4))).encoding("x")
    assert across["scale"]["domain"] == [0, 1]
    assert across["axis"]["format"] == ".0%"


def test_the_description_divides_each_label(spec):
    assert spec(draw(parts_of(A_Time=3, A_AI=1, B_Time=2))).words == (
        "Cost, split by part, 2 items in order: "
        "A $4.00 (Time $3.00 (75%), AI $1.00 (25%)), B $2.00 (Time $2.00 (100%))."
    )
