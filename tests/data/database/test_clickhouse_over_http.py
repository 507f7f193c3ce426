"""A copy on ClickHouse is read over HTTP: requests, users, limits, and what breaks.

The server of these tests is the real engine behind an HTTP interface of their own: see
`clickhouse_server`.
"""

import logging
import traceback
from contextlib import closing
from dataclasses import replace
from urllib.parse import quote

import clickhouse_connect
import pytest
from clickhouse_server import LIMITS, PASSWORD, Answer, ClickHouseServer
from ports import free_port
from receivers import certificate

from meaux.data.database import Statement
from meaux.data.database.clickhouse import ClickHouse, connections
from meaux.data.settings import read
from meaux.data.source import connect, open_source
from meaux.errors import (
    DatabaseNotFound,
    LateAnswer,
    MissingTable,
    QueryError,
    QueryTimeout,
    Unauthorized,
    Unloaded,
    Unreachable,
)

DATABASE = "copy_http"
COUNTED = f"SELECT count() FROM {DATABASE}.seven"
SLOW = "SELECT sleep(2)"
FILTER = "a team nobody should read of"
PREPARING = 3
"""Requests of a new client: the server's version, its settings, its protocol."""


@pytest.fixture(scope="module", autouse=True)
def engine(chdb_folder):
    with closing(clickhouse_connect.get_client(interface="chdb", path=chdb_folder)) as engine:
        engine.command(f"CREATE DATABASE {DATABASE}")
        engine.command(f"CREATE TABLE {DATABASE}.seven (n UInt8) ENGINE = Log")
        engine.command(f"INSERT INTO {DATABASE}.seven SELECT number FROM numbers(7)")
        yield engine
        engine.command(f"DROP DATABASE {DATABASE} SYNC")


@pytest.fixture
def opened(clickhouse):
    """A database as a user opens it; its connections are closed at the end."""
    made = []

    def opened(user="reader", database=DATABASE, seconds=30, server=clickhouse, **options):
        made.append(ClickHouse(server.place(user, database, **options), seconds=seconds))
        server.looked()
        return made[-1]

    yield opened
    for database in made:
        database.close()


def own(sql, *params):
    return Statement(sql, params, native=True)


def rows(database, sql=COUNTED, *params):
    return database.fetch([own(sql, *params)])[0].rows


@pytest.fixture
def failure(caplog):
    """The sentence of a failure, if neither its trace nor a log has the password or a filter."""

    def failure(kind, database, sql=COUNTED):
        with caplog.at_level(logging.DEBUG, "meaux"), pytest.raises(kind) as failed:
            database.fetch([own(f"{sql} -- {{p1:String}}", FILTER)])
        told = "".join(traceback.format_exception(failed.value)) + caplog.text
        for secret in (PASSWORD, quote(PASSWORD, safe=""), FILTER):
            assert secret not in told
        return str(failed.value)

    return failure


def test_a_page_takes_a_request_for_each_statement_on_connections_that_stay_open(
    opened, clickhouse
):
    database, before = opened(), clickhouse.opened
    page = [own("SELECT 1")] * 12
    assert len(database.fetch(page)) == 12
    assert len(clickhouse.looked()) == PREPARING + 12
    once = clickhouse.opened
    assert once - before <= connections.SIDE_BY_SIDE
    database.fetch(page)
    assert len(clickhouse.looked()) == 12
    assert clickhouse.opened == once


def test_requests_have_no_session_and_no_password_in_the_url(opened, clickhouse):
    rows(opened(), "SELECT {p1:String}", "x\t\n\\'é%")
    for asked in clickhouse.looked():
        assert "session_id" not in asked.options
        assert not {"user", "password"} & asked.options.keys()


def test_parameters_arrive_as_they_are(opened):
    assert rows(opened(), "SELECT {p1:String}", "x\t\n\\'é%&=") == [("x\t\n\\'é%&=",)]


def test_rows_read_are_those_that_the_server_counted(opened):
    [found] = opened().fetch([own(f"SELECT max(n) FROM {DATABASE}.seven")])
    assert (found.rows, found.meta.rows_read) == ([(6,)], 7)
    assert found.meta.duration_ms > 0
    assert found.meta.served_by == "127.0.0.1"


def test_a_user_with_readonly_1_sets_nothing(opened, clickhouse):
    rows(opened("reader"))
    own_settings = {"readonly", "max_execution_time", "date_time_input_format"}
    assert not any(own_settings & asked.options.keys() for asked in clickhouse.looked())


def test_a_user_with_readonly_1_is_held_to_the_time_of_its_profile(
    opened, clickhouse, failure, monkeypatch
):
    held = replace(clickhouse.users["reader"], settings=LIMITS | {"max_execution_time": 1})
    monkeypatch.setitem(clickhouse.users, "reader", held)
    told = failure(QueryTimeout, opened("reader"), SLOW)
    assert told == "The query timed out. Choose a shorter period."


def test_answers_are_compressed(opened, clickhouse):
    assert rows(opened(), "SELECT repeat('x', 1000)") == [("x" * 1000,)]
    [*_, asked] = clickhouse.looked()
    assert "lz4" in asked.headers["Accept-Encoding"]


def test_a_user_with_readonly_2_is_held_to_the_time_of_the_page(opened, clickhouse, failure):
    database = opened("limited", seconds=1)
    assert rows(database) == [(7,)]
    [*_, asked] = clickhouse.looked()
    assert asked.options["max_execution_time"] == "1"
    assert "timed out" in failure(QueryTimeout, database, SLOW)


@pytest.mark.parametrize("user", ["reader", "limited"])
@pytest.mark.parametrize(
    "sql",
    [
        f"INSERT INTO {DATABASE}.seven VALUES (1)",
        f"DROP TABLE {DATABASE}.seven",
        "SELECT 1 SETTINGS readonly = 0",
    ],
)
def test_nobody_who_reads_can_write(opened, user, sql):
    with pytest.raises((QueryError, Unauthorized)):
        rows(opened(user), sql)
    assert rows(opened(user)) == [(7,)]


def test_a_wrong_password_is_said(opened, failure):
    said = failure(Unauthorized, opened(password="another"))  # noqa: S106 - made up
    assert said.endswith("refused the user or the password. Check MEAUX_DATABASE.")


def test_a_user_without_rights_is_said(opened, failure):
    assert "Grant it SELECT on the database." in failure(Unauthorized, opened("nobody"))


def test_a_missing_database_is_said(opened, failure):
    said = failure(DatabaseNotFound, opened(database="copy_missing"))
    assert "python -m meaux load clickhouse" in said


def test_a_missing_table_is_named(opened, failure):
    assert "no table gone" in failure(MissingTable, opened(), f"SELECT 1 FROM {DATABASE}.gone")


def test_a_database_without_a_copy_says_how_to_load_one(opened):
    with pytest.raises(Unloaded, match="python -m meaux load clickhouse"):
        open_source(opened())


def test_a_password_with_special_characters_is_read_from_the_setting(clickhouse):
    given = read({"MEAUX_DATABASE": clickhouse.address("reader", DATABASE)}, {})
    with closing(connect(given)) as database:
        assert rows(database) == [(7,)]


def drops_before(_handler, answer):
    """The connection ends after the statement has run, before a byte of its answer."""
    answer()


def drops_amid(handler, answer):
    """The connection ends in the middle of the answer."""
    found = answer()
    handler.begin(found)
    handler.wfile.write(b"%x\r\n%b" % (len(found.body), found.body[: len(found.body) // 2]))


def waits(handler, _answer):
    """Nothing is answered until the client has gone."""
    handler.connection.recv(1)


def proxy_says(status):
    def says(handler, _answer):
        page = b"<html><body><h1>Bad Gateway</h1></body></html>"
        handler.send(Answer(status, {"Content-Type": "text/html"}, page))

    return says


ELSEWHERE = "gave an answer that isn't ClickHouse's"
BROKE = "broke. Try again soon."


@pytest.mark.parametrize("at", [b"version()", b"seven"], ids=["connecting", "reading"])
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (drops_before, BROKE),
        (drops_amid, BROKE),
        (proxy_says(502), f"{ELSEWHERE} (HTTP status 502). Check the address in MEAUX_DATABASE"),
        (proxy_says(503), f"{ELSEWHERE} (HTTP status 503)"),
        (proxy_says(200), ""),
    ],
)
def test_what_breaks_says_what_to_do_and_the_next_page_is_well(
    opened, clickhouse, failure, at, fault, said
):
    database = opened()
    with clickhouse.broken_by(fault, at, times=2):
        assert said in failure(Unreachable, database)
    assert rows(database) == [(7,)]


def test_a_connection_that_breaks_once_is_not_noticed(opened, clickhouse):
    database = opened()
    assert rows(database) == [(7,)]
    with clickhouse.broken_by(drops_before, b"seven"):
        assert rows(database) == [(7,)]


@pytest.mark.parametrize("at", [b"version()", b"seven"], ids=["connecting", "reading"])
def test_an_answer_that_takes_too_long_is_not_waited_for(
    opened, clickhouse, failure, monkeypatch, at
):
    monkeypatch.setattr(connections, "AFTER_THE_LIMIT", 0)
    with clickhouse.broken_by(waits, at):
        assert "didn't respond in time." in failure(LateAnswer, opened(seconds=1))


def test_a_server_that_was_restarted_is_read_again(opened, clickhouse, failure):
    database = opened()
    database.fetch([own("SELECT 1")] * 8)
    clickhouse.stop()
    clickhouse.start()
    database.fetch([own("SELECT 1")] * 8)
    clickhouse.stop()
    try:
        said = failure(Unreachable, database)
    finally:
        clickhouse.start()
    assert "Check the address in MEAUX_DATABASE and the network." in said
    assert rows(database) == [(7,)]


def test_rights_that_change_are_seen_after_one_failure(opened, clickhouse, monkeypatch):
    database = opened("limited")
    assert rows(database) == [(7,)]
    monkeypatch.setitem(clickhouse.users, "limited", clickhouse.users["reader"])
    with pytest.raises(QueryError):
        rows(database)
    assert rows(database) == [(7,)]


def test_a_server_that_is_away_is_tried_once_for_a_page(clickhouse, monkeypatch):
    port, tried = free_port(), []
    made = clickhouse_connect.get_client
    monkeypatch.setattr(clickhouse, "port", port)
    monkeypatch.setattr(
        clickhouse_connect, "get_client", lambda **options: tried.append(1) or made(**options)
    )
    with pytest.raises(Unreachable):
        ClickHouse(clickhouse.place("reader", DATABASE)).fetch([own("SELECT 1")] * 8)
    assert len(tried) == 1


@pytest.fixture(scope="module")
def over_tls(chdb_folder, tmp_path_factory):
    file = certificate(tmp_path_factory.mktemp("tls"))
    server = ClickHouseServer(chdb_folder, file)
    yield server, file
    server.stop()


def test_a_certificate_that_is_not_trusted_is_said(opened, over_tls, failure):
    said = failure(Unreachable, opened(server=over_tls[0]))
    assert "isn't trusted" in said
    assert "SSL_CERT_FILE" in said


def test_a_certificate_authority_of_ones_own_is_trusted(opened, over_tls, monkeypatch):
    server, file = over_tls
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    assert rows(opened(server=server)) == [(7,)]


def test_https_and_http_at_the_wrong_port_are_said(opened, over_tls, clickhouse, failure):
    said = failure(Unreachable, opened(server=clickhouse, secure=True))
    assert "doesn't speak HTTPS there" in said
    assert "clickhouses:// (HTTPS)" in failure(
        Unreachable, opened(server=over_tls[0], secure=False)
    )
