"""A spread says how far the parts of each whole lie apart, and from an even one."""

import pandas as pd
import pytest

from meaux.charts import spread
from meaux.subjects.people.metrics import MEMBER_SHARE


def shared(*rows):
    return pd.DataFrame(rows, columns=["team", "name", "member_share", "even"])


RED = (("Red", "Ann", 0.5, 0.25), ("Red", "Bo", 0.3, 0.25), ("Red", "Cy", 0.2, 0.25))
LINE, EVEN, DOTS, NAMES, WORDS = range(5)


@pytest.fixture
def drawn(spec):
    return lambda *rows: spec(spread(shared(*rows), MEMBER_SHARE, label="team", part="name"))


def test_every_part_is_a_dot_on_the_line_of_its_whole(drawn):
    chart = drawn(*RED, ("Blue", "Di", 1, 0.5))
    assert [(dot["row"], dot["part"], dot["value"]) for dot in chart.rows(DOTS)] == [
        (0, "Ann", 0.5),
        (0, "Bo", 0.3),
        (0, "Cy", 0.2),
        (1, "Di", 1),
    ]
    assert [(line["low"], line["high"]) for line in chart.rows(LINE)] == [(0.2, 0.5), (1, 1)]


def test_an_even_part_is_marked_once_for_each_whole(drawn):
    chart = drawn(*RED, ("Blue", "Di", 1, 0.5))
    assert chart.layers[EVEN]["mark"]["type"] == "tick"
    assert chart.encoding("x", EVEN)["field"] == "even"
    assert [row["even"] for row in chart.rows(EVEN)] == [0.25, 0.5]


def test_the_words_name_the_largest_part_and_the_even_one(drawn):
    [row] = drawn(*RED).rows(WORDS)
    assert row["long"] == "Ann 50.0% \N{MIDDLE DOT} even 25.0%"
    assert row["brief"] == "highest 50.0% \N{MIDDLE DOT} even 25.0%"
    assert drawn(*RED).words == (
        "Share of the team's hours, and the even share, 1 item in order: "
        "Red (Ann 50.0%, Bo 30.0%, Cy 20.0%; even 25.0%)."
    )


def test_wholes_keep_the_order_of_the_frame_and_the_chart_grows_with_them(drawn):
    one, two = drawn(*RED), drawn(("Zed", "Ann", 1, 1), *RED)
    assert [row["label"] for row in two.rows(NAMES)] == ["Zed", "Red"]
    assert two.height > one.height


def test_the_axis_begins_at_zero_and_holds_the_even_part(drawn):
    assert drawn(*RED).encoding("x", DOTS)["scale"]["domain"] == [0, 0.5]
    assert drawn(("Red", "Ann", 0.1, 0.4)).encoding("x", DOTS)["scale"]["domain"] == [0, 0.4]


def test_a_part_that_is_not_known_has_no_dot(drawn):
    chart = drawn(*RED, ("Red", "Di", None, 0.25))
    assert [dot["part"] for dot in chart.rows(DOTS)] == ["Ann", "Bo", "Cy"]


def test_the_tooltip_has_the_part_its_whole_and_an_even_part(drawn):
    assert drawn(*RED).tooltip(DOTS) == {
        "title": "Ann",
        "Share of the team's hours": "50.0%",
        "Even share": "25.0%",
        "Of": "Red",
    }
