"""Batches: what is asked again when the database refuses one of many, and how often."""

import pytest

from meaux import errors
from meaux.data.database import Fetched, Meta, Rows, Statement, deadline, fetch_each
from meaux.data.database.deadline import CALLS, Deadline


class Refusing:
    """A database that refuses some statements, each with an error of its own, and notes calls."""

    name = title = "refusing"

    def __init__(self, refusals):
        self.refusals = refusals
        self.calls = []

    def fetch(self, statements):
        assert deadline.now().calls.take()
        self.calls.append(list(statements))
        for statement in statements:
            if statement.sql in self.refusals:
                raise self.refusals[statement.sql]
        return [Rows(("n",), [(one.sql,)], Meta(1, 0.0, "x")) for one in statements]


def statements(count):
    return [Statement(f'SELECT n FROM main."t{number}"') for number in range(count)]


@pytest.fixture(params=[CALLS, 2, 1])
def calls(request):
    """How many calls the page may still make."""
    held = Deadline()
    held.calls.left = request.param
    token = deadline._NOW.set(held)
    yield request.param
    deadline._NOW.reset(token)


def failed(outcomes):
    return [number for number, one in enumerate(outcomes) if not isinstance(one, Fetched)]


def test_what_is_not_refused_takes_one_call():
    database = Refusing({})
    asked = statements(20)
    assert [one.rows.rows for one in fetch_each(database, asked)] == [[(s.sql,)] for s in asked]
    assert database.calls == [asked]


def test_a_refused_statement_is_found_among_many_where_calls_cost_nothing():
    asked = statements(21)
    refusals = {asked[n].sql: errors.QueryError("too much of it") for n in (3, 17)}
    outcomes = fetch_each(Refusing(refusals), asked)
    assert failed(outcomes) == [3, 17]
    assert outcomes[3] is refusals[asked[3].sql]


@pytest.mark.usefixtures("calls")
def test_no_more_calls_are_made_than_the_page_has(calls):
    asked = statements(64)
    database = Refusing({asked[9].sql: errors.QueryError("too much of it.")})
    outcomes = fetch_each(database, asked)
    assert len(database.calls) == calls
    assert 9 in failed(outcomes)
    sentence = str(outcomes[9])
    assert sentence.startswith("The database rejected one of ")
    assert sentence.endswith("too much of it. Try again in a moment.")


def test_a_page_with_all_its_calls_keeps_most_of_its_answers():
    asked = statements(64)
    token = deadline._NOW.set(Deadline())
    try:
        outcomes = fetch_each(Refusing({asked[9].sql: errors.QueryError("no")}), asked)
    finally:
        deadline._NOW.reset(token)
    assert len(failed(outcomes)) <= 64 // 4


def test_what_names_a_table_is_told_apart_by_that_name_in_one_more_call():
    asked = [*statements(12), Statement('SELECT t3 FROM t30 JOIN main."t3" ON 1')]
    missing = errors.MissingTable("t3")
    database = Refusing({asked[3].sql: missing, asked[12].sql: missing})
    assert failed(fetch_each(database, asked)) == [3, 12]
    assert [len(call) for call in database.calls] == [13, 11]


def test_a_word_that_is_no_table_of_a_statement_does_not_blame_it():
    asked = [Statement('SELECT 1 AS t3 FROM main."t1"'), *statements(4)]
    database = Refusing({asked[4].sql: errors.MissingTable("main.t3")})
    assert failed(fetch_each(database, asked)) == [4]


def test_what_names_a_column_is_told_apart_by_that_name():
    asked = [*statements(20), Statement("SELECT x.cost FROM t0 AS x")]
    database = Refusing({asked[20].sql: errors.MissingColumn("x.cost")})
    assert failed(fetch_each(database, asked)) == [20]
    assert [len(call) for call in database.calls] == [21, 20, 1]


def test_a_table_that_a_view_lacks_is_found_by_halves():
    asked = statements(8)
    database = Refusing({asked[5].sql: errors.MissingTable("beneath")})
    assert failed(fetch_each(database, asked)) == [5]


@pytest.mark.parametrize(
    "error",
    [
        errors.QueryTimeout(),
        errors.TooLarge("32 MB"),
        errors.OutOfMemory(),
        errors.Unreachable("Nobody is there."),
        errors.Unauthorized("No."),
        errors.BadAnswer("Nonsense."),
        errors.RateLimited(5),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_is_too_slow_too_large_or_not_there_ends_the_batch(error):
    asked = statements(20)
    database = Refusing({asked[0].sql: error})
    assert fetch_each(database, asked) == [error] * 20
    assert len(database.calls) == 1


def test_a_failure_in_a_part_ends_the_parts_that_wait_too():
    asked = statements(8)
    slow = errors.QueryTimeout()
    refusals = {asked[7].sql: errors.QueryError("no")}
    database = Refusing(refusals)
    ask = database.fetch

    def fetch(part):
        if len(database.calls) == 1:
            refusals[asked[0].sql] = slow
        return ask(part)

    database.fetch = fetch
    assert fetch_each(database, asked) == [slow] * 8
    assert len(database.calls) == 2
