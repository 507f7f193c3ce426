"""A heatmap draws every cell there is, tells none from little, and adds its rows and columns up."""

import pandas as pd
import pytest

from meaux.charts import colours, heatmap
from meaux.subjects.hours.metrics import HOURS
from meaux.subjects.money.metrics import COST
from meaux.subjects.people.metrics import ACTIVE_USERS

DAYS = ["Mon", "Tue", "Wed"]
TIMES = ["09", "10"]


def hours(*cells):
    return pd.DataFrame(cells, columns=["weekday", "hour", "hours"])


def draw(frame, metric=HOURS, columns=TIMES, rows=DAYS):
    return heatmap(frame, metric, column="hour", row="weekday", columns=columns, rows=rows)


LOGGED = hours(("Mon", "09", 2.0), ("Mon", "10", 0.5), ("Wed", "10", 3.0))


def test_every_row_and_column_is_drawn_in_its_order_also_without_a_value(spec):
    drawn = spec(draw(LOGGED))
    assert [row["title"] for row in drawn.rows()] == [
        f"{day} \N{MIDDLE DOT} {time}" for day in DAYS for time in TIMES
    ]
    assert [row["value"] for row in drawn.rows()] == [2, 0.5, None, None, None, 3]
    assert drawn.encoding("y")["scale"]["domain"] == [0, 1, 2]
    assert drawn.encoding("x")["scale"]["domain"] == [0, 1]


def test_a_cell_without_a_value_is_hollow_and_a_small_one_is_filled(spec):
    hollow, filled = spec(draw(LOGGED)).layers
    assert (hollow["transform"], filled["transform"]) == (
        [{"filter": "!isValid(datum.value)"}],
        [{"filter": "isValid(datum.value)"}],
    )
    assert hollow["mark"]["fill"] == "transparent"
    assert hollow["mark"]["stroke"] == colours.MUTED
    assert "color" not in hollow["encoding"]


def test_a_known_zero_is_filled_and_written_as_zero(spec):
    row = spec(draw(hours(("Mon", "09", 0.0)))).rows()[0]
    assert (row["value"], row["exact"]) == (0, "0.0 h")


@pytest.mark.parametrize(
    ("values", "domain"), [((2.0, 3.0), [0, 3]), ((-1.0, 3.0), [-1, 3]), ((0.0, 0.0), [0, 1])]
)
def test_the_colour_begins_faint_at_zero_and_is_strongest_at_the_highest_value(
    spec, values, domain
):
    frame = hours(*(("Mon", time, value) for time, value in zip(TIMES, values, strict=True)))
    scale = spec(draw(frame)).encoding("color", 1)["scale"]
    assert scale["domain"] == domain
    assert scale["range"] == [colours.SEQUENTIAL[0], colours.SEQUENTIAL[-1]]


def test_the_legend_of_the_colour_has_the_unit(spec):
    colour = spec(draw(LOGGED)).encoding("color", 1)
    assert colour["title"] == "Total time logged (h)"
    assert colour["legend"]["orient"] == "top"


def test_the_tooltip_has_the_exact_value_and_the_totals_of_its_row_and_column(spec):
    assert spec(draw(LOGGED)).tooltip() == {
        "title": "Mon \N{MIDDLE DOT} 09",
        "Total time logged": "2.0 h",
        "Row total": "Mon 2.5 h",
        "Column total": "09 2.0 h",
    }


def test_the_description_has_the_totals_of_rows_and_columns_and_the_highest_cell(spec):
    assert spec(draw(LOGGED)).words == (
        "Total time logged, 3 rows and 2 columns. 5.5 h in total. Rows: Mon 2.5 h, Wed 3.0 h. "
        "Columns: 09 2.0 h, 10 3.5 h. Highest: 3.0 h (Wed, 10). Cells without a value: 3."
    )


def test_values_of_the_same_cell_are_added_up(spec):
    drawn = spec(draw(hours(("Mon", "09", 2.0), ("Mon", "09", 1.0), ("Mon", "09", None))))
    assert drawn.rows()[0]["value"] == 3


def test_what_has_no_place_among_the_labels_is_said_and_in_no_total(spec):
    words = spec(draw(pd.concat([LOGGED, hours(("Someday", "09", 7.25))]))).words
    assert "5.5 h in total" in words
    assert words.endswith("Not drawn: 7.2 h outside these rows and columns.")


def test_what_does_not_add_up_has_no_totals(spec):
    frame = LOGGED.rename(columns={"hours": "active_users"})
    drawn = spec(draw(frame, ACTIVE_USERS))
    assert list(drawn.tooltip()) == ["title", "Active users"]
    assert "total" not in drawn.words
    assert "Highest: 3 (Wed, 10)." in drawn.words


def test_hours_of_the_day_lose_labels_rather_than_overlap(spec):
    axis = spec(draw(LOGGED)).encoding("x")["axis"]
    assert (axis["labelOverlap"], axis["labelAngle"]) == ("parity", 0)


def test_a_column_that_holds_only_a_part_says_so_wherever_it_is_named(spec):
    frame = hours(("Mon", "09", 2.0), ("Mon", "10", 1.0))
    drawn = spec(
        heatmap(
            frame, HOURS, column="hour", row="weekday", columns=TIMES, rows=DAYS, partial=["09"]
        )
    )
    assert '[["09", "partial"], "10"][datum.value]' in drawn.encoding("x")["axis"]["labelExpr"]
    assert drawn.rows()[0]["title"] == "Mon \N{MIDDLE DOT} 09 (partial)"
    assert drawn.rows()[0]["column_total"] == "09 (partial) 2.0 h"
    assert "Columns: 09 (partial) 2.0 h, 10 1.0 h." in drawn.words
    assert "Not drawn" not in drawn.words


def test_labels_that_are_no_text_find_their_cells(spec):
    frame = pd.DataFrame({"weekday": ["Mon"], "hour": [9], "cost": [12.5]})
    drawn = spec(draw(frame, COST, columns=range(8, 11), rows=["Mon"]))
    assert [row["exact"] for row in drawn.rows()] == ["\N{EN DASH}", "$12.50", "\N{EN DASH}"]
