"""What the words of a database mean, whoever said them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meaux import errors
from meaux.data.database.refusals import known_meaning, meaning


@pytest.mark.parametrize(
    ("message", "table"),
    [
        ("no such table: time_entries", "time_entries"),
        ("no such table: time_entries: SQLITE_ERROR", "time_entries"),
        ("D1_ERROR: no such table: main.x: SQLITE_ERROR", "main.x"),
        ("D1_EXEC_ERROR: D1_ERROR: no such table: odd: name", "odd: name"),
    ],
)
def test_a_missing_table_is_named_without_what_stands_around_it(message, table):
    error = meaning(message)
    assert isinstance(error, errors.MissingTable)
    assert error.table == table
    assert error.message == f"no such table: {table}"


@pytest.mark.parametrize(
    ("message", "column"),
    [
        ("no such column: cost", "cost"),
        ("D1_ERROR: no such column: t.cost at offset 7: SQLITE_ERROR", "t.cost"),
        (
            'no such column: "cost" - should this be a string literal in single-quotes?',
            "cost",
        ),
    ],
)
def test_a_missing_column_is_named_without_what_stands_around_it(message, column):
    error = meaning(message)
    assert isinstance(error, errors.MissingColumn)
    assert error.column == column


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ("interrupted", errors.QueryTimeout),
        ("database is locked", errors.Overloaded),
        ("database table is locked: x", errors.Overloaded),
        ('near "x": syntax error at offset 0: SQLITE_ERROR', errors.QueryError),
        ("no such table: D1 DB is overloaded", errors.MissingTable),
    ],
)
def test_a_message_means_one_error(message, error):
    assert type(meaning(message)) is error


@given(st.text())
def test_any_words_at_all_mean_some_error_with_a_sentence(words):
    error = meaning(words)
    assert isinstance(error, errors.DatabaseError)
    assert str(error)


def test_words_that_nobody_knows_are_a_refusal_that_keeps_them():
    assert known_meaning("the moon is full") is None
    assert meaning("the moon is full").message == "the moon is full"


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Z"]), min_size=1))
def test_every_table_name_is_found_in_its_message(name):
    error = meaning(f"D1_ERROR: no such table: {name}: SQLITE_ERROR")
    assert isinstance(error, errors.MissingTable)
    assert error.table == name
