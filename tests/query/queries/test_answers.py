"""Answers: a frame in declared types, or the reason why there is none."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pandas as pd
import pytest

from meaux.data.database import Fetched, Meta, Rows
from meaux.errors import BadAnswer, DailyLimitReached
from meaux.query import queries
from meaux.query.answers import Ask, ask
from meaux.query.typed import typed_frame, unusable

QUERY = replace(
    queries.cost_by_day,
    returns={
        "day": "date",
        "name": "text",
        "cost": "number",
        "lines": "integer",
        "at": "instant",
    },
)


def fetched(rows, columns=()):
    return Fetched(Rows(columns, rows, Meta(None, 0.0, "")), datetime.now(UTC))


def test_a_frame_has_the_declared_columns_in_the_declared_types():
    frame = typed_frame([("2026-11-22", "One", 1.5, 2, 1_700_000_000)], QUERY)
    assert list(frame) == list(QUERY.returns)
    row = frame.iloc[0]
    assert row["day"] == pd.Timestamp("2026-11-22")
    assert row["name"] == "One"
    assert (row["cost"], row["lines"]) == (1.5, 2)
    assert row["at"] == pd.Timestamp("2023-11-14T22:13:20Z")


@pytest.mark.parametrize(
    "rows", [[], [(None,) * 5], [("x",) * 5], [(7,) * 5], [("2026-13-40",) * 5]]
)
def test_the_types_do_not_depend_on_what_came(rows):
    usual = typed_frame([("2026-11-22", "One", 1.5, 2, 1_700_000_000)], QUERY).dtypes
    assert list(typed_frame(rows, QUERY).dtypes) == list(usual)


def test_nothing_is_a_frame_with_its_columns():
    frame = typed_frame([], QUERY)
    assert frame.empty
    assert list(frame) == list(QUERY.returns)


def test_what_is_null_stays_unknown():
    assert typed_frame([(None,) * 5], QUERY).isna().all().all()


HUGE = [float("inf"), -float("inf"), 10**400, "n/a", b"\0", [1, 2], {}]
"""What no column of numbers can hold."""


@pytest.mark.parametrize("value", [*HUGE, 2**63, 1e19, -(10**40)], ids=str)
def test_what_is_no_integer_is_left_out_and_counted(value):
    rows = [("2026-11-22", "One", 1.5, value, None), ("2026-11-22", "Two", 1.5, 2, None)]
    frame = typed_frame(rows, QUERY)
    assert frame["lines"].tolist() == [pd.NA, 2]
    assert unusable(rows, QUERY, frame) == ["Left out: 1 value in lines that can't be read."]


@pytest.mark.parametrize("value", HUGE, ids=str)
def test_what_is_no_number_is_left_out_and_counted(value):
    rows = [("2026-11-22", "One", value, 1, None), ("2026-11-22", "Two", 2.5, 2, None)]
    frame = typed_frame(rows, QUERY)
    assert frame["cost"].sum() == 2.5
    assert unusable(rows, QUERY, frame) == ["Left out: 1 value in cost that can't be read."]


def test_what_is_null_is_not_counted_as_left_out():
    rows = [(None,) * 5]
    assert unusable(rows, QUERY, typed_frame(rows, QUERY)) == []


@pytest.mark.parametrize("value", [99_999_999_999_999, -1e18, 1e300])
def test_an_impossible_instant_is_unknown_and_breaks_nothing(value):
    frame = typed_frame([("2026-11-22", "One", 1.5, 2, value)], QUERY)
    assert len(frame) == 1


def test_a_row_of_another_width_is_a_bad_answer():
    with pytest.raises(BadAnswer, match="returned unexpected columns"):
        typed_frame([(1, 2)], QUERY)


def test_all_that_can_be_answered_is_fetched_at_once_and_in_order(database_of, select):
    source = database_of("CREATE TABLE teams (id TEXT); CREATE TABLE users (id TEXT);")
    batches = []

    def fetch(statements):
        batches.append(len(statements))
        return [fetched([(f"row {n}", "x")]) for n in range(len(statements))]

    asked = (queries.team_choices, queries.project_choices, queries.person_choices)
    found = ask([Ask(query, select()) for query in asked], source.binding, fetch)
    assert batches == [2]
    assert [answer.query for answer in found] == list(asked)
    assert [answer.state for answer in found] == ["ready", "unavailable", "ready"]
    assert found[2].frame["id"].tolist() == ["row 1"]
    assert found[1].reason == "Needs the table projects."


@pytest.mark.parametrize(
    ("query", "timed"),
    [
        (queries.hours_by_day, True),
        (queries.reported_by_day, True),
        (queries.cost_by_service, True),
        (queries.savings, False),
        (queries.projects_by_status, False),
    ],
    ids=lambda of: getattr(of, "name", ""),
)
def test_an_answer_knows_whether_it_depends_on_the_period(answer, query, timed):
    assert answer(query, limit=1).timed == timed


def test_an_error_is_the_answer_of_what_failed_only(demo_source, select):
    failure = DailyLimitReached("No more today.")
    asked = [Ask(queries.team_choices, select()), Ask(queries.person_choices, select())]
    found = ask(asked, demo_source.binding, lambda _: [failure, fetched([("u", "Una")])])
    assert [answer.state for answer in found] == ["failed", "ready"]
    assert found[0].reason == "No more today."
    assert found[0].frame.empty


def test_rows_of_another_width_fail_in_words(demo_source, select):
    [found] = ask(
        [Ask(queries.team_choices, select())], demo_source.binding, lambda _: [fetched([(1,)])]
    )
    assert found.state == "failed"
    assert "unexpected columns" in found.reason


def test_no_rows_are_an_empty_answer(demo_source, select):
    [found] = ask(
        [Ask(queries.team_choices, select())], demo_source.binding, lambda _: [fetched([])]
    )
    assert found.state == "empty"
    assert found.map(lambda _: pd.DataFrame()) is found


def test_a_shaped_answer_without_rows_is_empty(answer):
    found = answer(queries.team_choices)
    assert found.map(lambda frame: frame.head(1)).state == "ready"
    assert found.map(lambda frame: frame.head(0)).state == "empty"


def test_days_with_their_numbers_are_read_and_what_is_none_is_left_out_and_said():
    query = replace(QUERY, returns={"paid": "days"})
    texts = [
        '[["2026-11-22", 5], ["2026-11-23", -2.5]]',
        "[]",
        None,
        "<b>5</b>",
        '[["22 November", 5]]',
        '[["2026-11-22", 1e999]]',
        '[["2026-11-22"]]',
        "[" * 100_000,
        5.0,
        b"[]",
    ]
    rows = [(text,) for text in texts]
    frame = typed_frame(rows, query)
    assert list(frame["paid"])[:2] == [((date(2026, 11, 22), 5.0), (date(2026, 11, 23), -2.5)), ()]
    assert frame["paid"][2:].isna().all()
    assert unusable(rows, query, frame) == ["Left out: 7 values in paid that can't be read."]
