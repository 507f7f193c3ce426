"""A selection: what it compares with, how it is drawn, what it asks of a query."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meaux.query.filters import COMPARISONS, GRAINS, Period, Selection, preset

TODAY = date(2026, 11, 22)
HOSTILE = ("", "a'b", 'a"b', "?1", ":projects", "[[ x ]]", "'; DROP TABLE projects; --", "🦐", "ä")


def over(days, **choices):
    return Selection(Period(TODAY - timedelta(days - 1), TODAY + timedelta(1)), TODAY, **choices)


@pytest.mark.parametrize(
    ("compare", "then"),
    [
        ("none", None),
        ("previous", Period(date(2026, 10, 1), date(2026, 10, 22))),
        ("month", Period(date(2026, 10, 1), date(2026, 10, 22))),
        ("year", Period(date(2025, 11, 1), date(2025, 11, 22))),
    ],
)
def test_each_comparison_means_its_period(compare, then):
    selection = Selection(preset("mtd", TODAY), TODAY, compare=compare)
    assert selection.compared == then


@pytest.mark.parametrize("compare", COMPARISONS)
def test_there_is_nothing_before_all(compare):
    assert Selection(preset("all", TODAY), TODAY, compare=compare).compared is None


@pytest.mark.parametrize("compare", COMPARISONS)
def test_what_is_asked_for_is_the_same_whatever_it_is_compared_with(compare):
    assert over(30, compare=compare).parameters() == over(30).parameters()


@pytest.mark.parametrize(
    ("period", "compare", "said"),
    [
        ("today", "previous", "No comparison: today is not complete."),
        ("today", "year", "No comparison: today is not complete."),
        ("today", "none", ""),
        ("30d", "previous", ""),
        ("last-month", "month", ""),
        ("all", "previous", ""),
    ],
)
def test_a_period_without_a_day_that_is_over_says_so(period, compare, said):
    selection = Selection(preset(period, TODAY), TODAY, compare=compare)
    assert selection.uncompared == said
    assert bool(selection.compared) == (not said and period != "all" and compare != "none")


@pytest.mark.parametrize(
    ("start", "said"), [(22, "today is not complete"), (23, "the period is in the future")]
)
def test_a_period_ahead_is_compared_with_nothing(start, said):
    period = Period(date(2026, 11, start), date(2026, 11, 29))
    selection = Selection(period, TODAY)
    assert selection.compared is selection.comparable is None
    assert selection.uncompared.startswith(f"No comparison: {said}")


@pytest.mark.parametrize(
    ("days", "grain"),
    [(1, "day"), (92, "day"), (93, "week"), (370, "week"), (371, "month"), (9_000, "month")],
)
def test_a_grain_nobody_chose_follows_the_length_of_the_period(days, grain):
    assert over(days).drawn_grain == grain


@pytest.mark.parametrize("grain", [grain for grain in GRAINS if grain != "auto"])
def test_a_chosen_grain_is_drawn_whatever_the_length(grain):
    assert {over(days, grain=grain).drawn_grain for days in (1, 92, 371)} == {grain}


def test_a_choice_that_is_not_made_is_no_parameter():
    assert over(30).parameters() == {
        "start_day": "2026-10-24",
        "end_day": "2026-11-23",
        "comparable_end": "2026-11-22",
        "grain": "day",
    }
    assert not over(30).narrowed


@pytest.mark.parametrize("name", ["teams", "projects", "people"])
def test_a_choice_is_one_parameter_however_long_its_list(name):
    ids = tuple(f"id_{n}" for n in range(2_000))
    selection = over(30, **{name: ids})
    assert json.loads(selection.parameters()[name]) == list(ids)
    assert len(selection.parameters()) == 5
    assert selection.narrowed


@given(st.lists(st.sampled_from(HOSTILE) | st.text(), min_size=1))
def test_an_id_reaches_the_parameter_as_it_is(ids):
    assert json.loads(over(30, projects=tuple(ids)).parameters()["projects"]) == ids


def test_the_same_choices_can_be_made_over_another_period():
    selection = over(30, zone="Europe/Paris", teams=("t",), people=("p",), grain="week")
    moved = selection.over(preset("7d", TODAY))
    assert moved.period == preset("7d", TODAY)
    assert moved.over(selection.period) == selection


@pytest.mark.parametrize(
    ("choices", "known", "said"),
    [
        ({}, {}, ""),
        ({"people": ("p",)}, {"person": True}, ""),
        ({"people": ("p",)}, {}, "person"),
        ({"teams": ("t",)}, {"project": True}, ""),
        ({"teams": ("t",)}, {}, "team"),
        ({"projects": ("x",), "people": ("p",)}, {}, "project or person"),
        ({"projects": ("x",), "people": ("p",)}, {"project": True}, "person"),
    ],
)
def test_a_choice_that_rows_can_not_heed_is_named(choices, known, said):
    found = over(30, **choices).overlooked(**{"project": False, "person": False} | known)
    expected = f"Not filtered by {said}." if said else ""
    assert found == expected


def test_the_grain_can_be_chosen_without_any_other_choice_moving():
    selection = over(30, zone="Europe/Paris", teams=("t",))
    assert selection.drawn_by("week").drawn_grain == "week"
    assert selection.drawn_by("week").drawn_by("auto") == selection
