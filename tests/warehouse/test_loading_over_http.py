"""A copy is loaded over HTTP: with the rights of the guide, and whatever breaks on the way."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import clickhouse_connect
import pytest
from clickhouse_server import PASSWORD, Answer
from copies import changed, loaded, sums_at_the_source, sums_of_the_copy
from ports import free_port

from meaux.data.settings import Secret
from meaux.data.warehouse.address import Address
from meaux.errors import TargetError
from meaux.warehouse import Target

DATABASE = "loaded"
ENTRIES = """
CREATE TABLE time_entries (id INTEGER PRIMARY KEY, started_at TEXT, hours REAL, note TEXT);
INSERT INTO time_entries VALUES
 (1, '2026-10-02T09:00:00Z', 1, 'a'), (2, '2026-11-02', 2.5, NULL), (3, '2026-11-03', 3, 'é');
"""
WRITTEN = "INSERT INTO time_entries VALUES (4, '2026-11-04', 4, 'new')"
BLOCK = b"INSERT INTO `loaded`.`time_entry"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "entries.db"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(ENTRIES)
    return path


@pytest.fixture(autouse=True)
def engine(chdb_folder):
    with closing(clickhouse_connect.get_client(interface="chdb", path=chdb_folder)) as engine:
        yield engine
        engine.command(f"DROP DATABASE IF EXISTS {DATABASE} SYNC")


@pytest.fixture
def address(clickhouse):
    clickhouse.looked()
    return Address.read(clickhouse.address("loader", DATABASE), "MEAUX_WAREHOUSE")


@pytest.fixture
def same(file, engine):
    """Whether the copy has the rows and sums of the file."""
    return lambda: sums_of_the_copy(engine, file, DATABASE) == sums_at_the_source(file)


def drops(_handler, answer):
    """The connection ends when the statement has run, before a byte of its answer."""
    answer()


def is_away(_handler, _answer):
    """The connection ends before the statement runs."""


def bad_gateway(handler, _answer):
    handler.send(Answer(502, {"Content-Type": "text/html"}, b"<html>Bad Gateway</html>"))


def test_a_second_load_finds_nothing_to_do(file, address, same, clickhouse):
    assert loaded(file, address).rows > 0
    assert same()
    assert loaded(file, address).months == 0
    assert same()
    assert not any("session_id" in asked.options for asked in clickhouse.looked())


@pytest.mark.parametrize("breaks", [is_away, drops, bad_gateway])
@pytest.mark.parametrize("at", [b"CREATE TABLE", BLOCK, b"REPLACE PARTITION", b"`meaux_loads`"])
def test_the_run_after_one_that_broke_goes_on(file, address, same, clickhouse, breaks, at):
    if at == b"REPLACE PARTITION":
        loaded(file, address)
        changed(file, WRITTEN)
    with clickhouse.broken_by(breaks, at, times=2), pytest.raises(TargetError) as failed:
        loaded(file, address)
    assert "MEAUX_WAREHOUSE" in str(failed.value)
    assert PASSWORD not in str(failed.value)
    loaded(file, address)
    assert same()


def test_a_block_that_breaks_once_before_it_is_written_is_sent_again(
    file, address, same, clickhouse
):
    with clickhouse.broken_by(is_away, BLOCK):
        loaded(file, address)
    assert same()


def test_a_block_that_was_written_twice_is_not_kept(file, address, same, clickhouse):
    with (
        clickhouse.broken_by(drops, BLOCK),
        pytest.raises(TargetError, match="broke while rows were written"),
    ):
        loaded(file, address)
    loaded(file, address)
    assert same()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"password": Secret("another")}, "refused the user or the password"),
        ({"user": "reader"}, "may not write to ClickHouse loaded on 127.0.0.1"),
        ({"port": None}, "Check the address in MEAUX_WAREHOUSE and the network."),
        ({"secure": True}, "doesn't speak HTTPS there"),
        ({"database": "elsewhere"}, "Give it all rights on the database."),
    ],
)
def test_what_is_wrong_with_the_address_is_said(address, changes, said):
    wrong = replace(address, **changes)
    if not wrong.port:
        wrong = replace(wrong, port=free_port())
    with pytest.raises(TargetError, match=said) as failed, closing(Target(wrong)) as target:
        target.prepare()
    assert PASSWORD not in str(failed.value)
