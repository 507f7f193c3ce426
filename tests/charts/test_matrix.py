"""A matrix shows who belongs to what, and how much; what is too small to show is added up."""

import json

import pandas as pd
import pytest

from meaux.charts import colours, matrix
from meaux.charts.matrix import LARGEST
from meaux.subjects.hours.metrics import HOURS


def assigned(*cells):
    return pd.DataFrame(cells, columns=["person", "project", "hours", "word"])


def draw(frame):
    return matrix(frame, HOURS, label="person", column="project", word="word")


def wide(drawn):
    """The cells that a chart draws where it has the room."""
    return [row for row in drawn.rows() if not row["narrow"]]


def narrow(drawn):
    return [row for row in drawn.rows() if row["narrow"]]


TWO = assigned(
    ("Zoe", "Atlas", 12.5, "lead"), ("Ann", "Atlas", None, "member"), ("Ann", "Echo", 0, None)
)


def crowd(people, projects):
    """Everybody in every project; the later, the more hours."""
    return assigned(
        *(
            (f"Person {n}", f"Project {m}", n + m + 1.0, "member")
            for n in range(people)
            for m in range(projects)
        )
    )


def test_columns_stand_by_name_without_regard_to_case_and_accents(spec):
    projects = ["Zydeco", "atlas", "\u00c9touff\u00e9e", "L'Atelier", "Fig"]
    axis = spec(draw(assigned(*(("Ann", project, 1.0, "") for project in projects)))).encoding("x")
    ordered = ["atlas", "\u00c9touff\u00e9e", "Fig", "L'Atelier", "Zydeco"]
    assert f"{json.dumps(ordered)})[datum.value]" in axis["axis"]["labelExpr"]


def test_rows_keep_the_order_of_the_frame(spec):
    drawn = spec(draw(TWO))
    assert '["Zoe", "Ann"]' in drawn.encoding("y")["axis"]["labelExpr"]
    assert '["Atlas", "Echo"]' in drawn.encoding("x")["axis"]["labelExpr"]
    assert drawn.encoding("y")["scale"]["domain"] == [0, 1]
    assert drawn.encoding("x")["sort"] == "ascending"


def test_only_what_has_a_row_in_the_frame_has_a_dot(spec):
    assert [(row["row"], row["column"], row["value"]) for row in wide(spec(draw(TWO)))] == [
        (0, 0, 12.5),
        (1, 0, None),
        (1, 1, 0),
    ]


def test_a_dot_is_hollow_where_nothing_above_zero_is_known(spec):
    hollow, dots, _ = spec(draw(TWO)).layers
    assert {"filter": "!(datum.value > 0)"} in hollow["transform"]
    assert {"filter": "datum.value > 0"} in dots["transform"]
    assert hollow["mark"]["fill"] == "transparent"
    assert "size" not in hollow["encoding"]


def test_the_area_of_a_dot_is_its_value_and_a_tiny_one_is_still_seen(spec):
    frame = assigned(("A", "p", 100.0, ""), ("B", "p", 50.0, ""), ("C", "p", 0.01, ""))
    drawn = spec(draw(frame))
    assert [row["drawn"] for row in wide(drawn)] == [100, 50, 4]
    scale = drawn.encoding("size", 1)["scale"]
    assert (scale["domain"][0], scale["range"][0]) == (0, 0)


def test_the_only_row_has_room_for_its_dot_under_the_legend_and_the_longest_name(spec):
    """A legend of sizes has 58 pixels, and 31 are around it and the names."""
    drawn = spec(draw(TWO[:1]))
    above = 58 + 31 + drawn.encoding("x")["axis"]["labelLimit"]
    assert drawn.height - above - drawn.whole["padding"]["bottom"] >= LARGEST


def test_the_legend_names_the_metric_its_unit_and_the_hollow_dot(spec):
    title = spec(draw(TWO)).encoding("size", 1)["title"]
    assert title == "Total time logged (h); \N{WHITE CIRCLE} none"


def test_the_tooltip_has_both_names_the_word_the_value_and_the_totals(spec):
    assert spec(draw(TWO)).tooltip() == {
        "title": "Zoe \N{MIDDLE DOT} Atlas \N{MIDDLE DOT} lead",
        "Total time logged": "12.5 h",
        "Row total": "Zoe 12.5 h",
        "Column total": "Atlas 12.5 h",
    }
    rows = wide(spec(draw(TWO)))
    assert [row["exact"] for row in rows] == ["12.5 h", "\N{EN DASH}", "0.0 h"]
    assert rows[2]["title"] == "Ann \N{MIDDLE DOT} Echo"


def test_the_description_has_the_totals_and_counts_what_is_unknown(spec):
    assert spec(draw(TWO)).words == (
        "Total time logged, 2 rows and 2 columns. 12.5 h in total. Rows: Zoe 12.5 h, Ann 0.0 h. "
        "Columns: Atlas 12.5 h, Echo 0.0 h. Highest: 12.5 h (Zoe, Atlas). "
        "Cells without a value: 1."
    )


def test_hours_of_nobody_are_no_total(spec):
    assert spec(draw(assigned(("Ann", "Atlas", None, "")))).words == (
        "Total time logged, 1 row and 1 column. Cells without a value: 1."
    )


def test_thirty_rows_and_twenty_five_columns_are_drawn_one_by_one(spec):
    drawn = spec(draw(crowd(30, 25)))
    assert len(wide(drawn)) == 30 * 25
    assert "Other" not in drawn.words


@pytest.mark.parametrize("size", [(31, 26), (40, 60)])
def test_the_smallest_of_more_are_added_up_as_other_which_comes_last_and_is_said(spec, size):
    people, projects = size
    frame = crowd(people, projects)
    drawn = spec(draw(frame))
    rows = wide(drawn)
    assert (max(row["row"] for row in rows), max(row["column"] for row in rows)) == (29, 24)
    assert sum(row["value"] for row in rows) == frame["hours"].sum()
    assert f"Other = the {people - 29} smallest rows combined." in drawn.words
    assert f"Other = the {projects - 24} smallest columns combined." in drawn.words
    others = [row for row in rows if row["column"] == 24 and row["row"] < 29]
    kept = frame[frame["person"] == others[0]["title"].split(" \N{MIDDLE DOT} ")[0]]
    assert others[0]["value"] == kept["hours"].nsmallest(projects - 24).sum()
    assert {row["colour"] for row in others} == {colours.MUTED}


def test_a_narrow_chart_has_twelve_columns_and_the_same_total(spec):
    frame = crowd(15, 25)
    drawn = spec(draw(frame))
    assert max(row["column"] for row in narrow(drawn)) == 11
    assert sum(row["value"] for row in narrow(drawn)) == frame["hours"].sum()
    for layer in drawn.layers:
        assert {"filter": "datum.narrow === (width < 440)"} in layer["transform"]


def test_two_people_of_one_name_and_two_projects_of_one_name_stay_apart_by_their_keys(spec):
    frame = assigned(("Ann", "Site", 1.0, ""), ("Ann", "Site", 2.0, ""))
    assert [row["value"] for row in wide(spec(draw(frame)))] == [3]
    apart = frame.assign(key=["u1", "u2"], column_key=["p1", "p2"])
    places = [(row["row"], row["column"], row["value"]) for row in wide(spec(draw(apart)))]
    assert places == [(0, 0, 1), (1, 1, 2)]


def test_words_of_the_same_cell_are_each_said_once(spec):
    frame = assigned(
        ("Ann", "Site", 1.0, "lead"), ("Ann", "Site", 2.0, "member"), ("Ann", "Site", 4.0, "lead")
    )
    [row] = wide(spec(draw(frame)))
    assert row["title"].endswith("\N{MIDDLE DOT} lead, member")
