"""A copy on ClickHouse is read like every other database, and its failures say what to do."""

import logging
import socket

import pytest

from meaux.data.database import Copy, Statement
from meaux.data.database.clickhouse import ClickHouse, Place
from meaux.data.database.clickhouse.failures import meant
from meaux.errors import (
    DatabaseNotFound,
    MissingColumn,
    MissingTable,
    QueryError,
    QueryTimeout,
    TooLarge,
    Unauthorized,
    Unreachable,
)

SECRET = "s3cret-passw0rd"  # noqa: S105
ELSEWHERE = Place("copy", "db.example.com", 8443, secure=True, user="reader", password=SECRET)


@pytest.fixture(scope="module")
def engine(chdb_folder):
    return ClickHouse(Place("default", folder=chdb_folder))


def own(sql, *params):
    return Statement(sql, params, native=True)


def test_statements_are_answered_in_their_order_with_the_engines_own_counters(engine):
    asked = [own(f"SELECT number FROM numbers({rows})") for rows in (3, 1, 2)]
    found = engine.fetch(asked)
    assert [len(one.rows) for one in found] == [3, 1, 2]
    assert [one.meta.rows_read for one in found] == [3, 1, 2]
    assert all(one.meta.duration_ms > 0 for one in found)


def test_parameters_are_bound_as_text(engine):
    [found] = engine.fetch(
        [Statement("SELECT ?1 AS a, CAST(?2 AS INTEGER) + 1 AS b", ("x'; --", 2))]
    )
    assert found.rows == [("x'; --", 3)]


def test_a_percent_sign_is_no_parameter(engine):
    asked = [Statement("SELECT 7 % 4 AS a"), own("SELECT 7 % 4", "not used")]
    assert [one.rows for one in engine.fetch(asked)] == [[(3,)], [(3,)]]


def test_cells_are_of_the_types_that_d1_has(engine):
    sql = "SELECT true, toDate('2026-11-02'), [1, 2], inf, toDecimal32(1.5, 1), 2.0, NULL"
    assert engine.fetch([own(sql)])[0].rows == [(1, "2026-11-02", "[1, 2]", None, 1.5, 2, None)]


def test_nothing_is_written(engine):
    with pytest.raises(QueryError, match="only reading is allowed"):
        engine.fetch([own("CREATE TABLE default.mine (a Int8) ENGINE = Memory")])


def test_an_empty_database_holds_no_copy(engine):
    assert isinstance(engine, Copy)
    assert engine.evidence() == ""
    assert engine.loaded() is None


@pytest.mark.parametrize(
    ("sql", "error", "said"),
    [
        ("SELECT nope FROM numbers(1)", MissingColumn, "no column nope"),
        ("SELECT 1 FROM default.nope", MissingTable, "no table nope"),
        ("SELEC 1", QueryError, "Syntax error"),
        ("SELECT throwIf(1)", QueryError, "non-zero"),
        ("SELECT repeat('x', 1000) FROM numbers(100000)", TooLarge, "larger than 32 MB"),
    ],
)
def test_a_refused_statement_has_a_sentence(engine, sql, error, said):
    with pytest.raises(error, match=said):
        engine.fetch([own(sql)])


def test_a_statement_has_a_time_limit(chdb_folder):
    engine = ClickHouse(Place("default", folder=chdb_folder), seconds=1)
    with pytest.raises(QueryTimeout):
        engine.fetch(
            [own("SELECT max(sleepEachRow(0.05)) FROM numbers(60) SETTINGS max_block_size = 1")]
        )


def test_a_database_that_is_missing_is_named(chdb_folder):
    with pytest.raises(DatabaseNotFound, match="ClickHouse missing doesn't exist"):
        ClickHouse(Place("missing", folder=chdb_folder)).fetch([own("SELECT 1 FROM missing.a")])


def test_an_address_without_a_server_can_t_be_reached():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        place = Place("copy", "127.0.0.1", port, user="reader", password=SECRET)
        with pytest.raises(Unreachable, match="Check the address in MEAUX_DATABASE") as failed:
            ClickHouse(place).fetch([own("SELECT 1")])
    assert SECRET not in f"{failed.value}{failed.value.__context__}"


@pytest.mark.parametrize(
    ("code", "error", "said"),
    [
        (516, Unauthorized, "refused the user or the password"),
        (497, Unauthorized, "Grant it SELECT"),
        (81, DatabaseNotFound, "python -m meaux load clickhouse"),
    ],
)
def test_what_a_server_refuses_says_what_to_do(code, error, said):
    from clickhouse_connect.driver.exceptions import DatabaseError

    failure = meant(DatabaseError(f"Code: {code}. DB::Exception: no", code=code), ELSEWHERE.title)
    assert isinstance(failure, error)
    assert said in str(failure)


def test_the_password_is_in_no_name_and_no_text():
    database = ClickHouse(ELSEWHERE)
    assert database.name == "clickhouse:reader@db.example.com:8443/copy"
    assert SECRET not in f"{database!r}{database.name}{database.title}{ELSEWHERE!r}"


def test_the_driver_logs_nothing():
    assert not logging.getLogger("clickhouse_connect").isEnabledFor(logging.ERROR)
