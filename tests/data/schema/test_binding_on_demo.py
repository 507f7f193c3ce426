"""The model on the demo: everything the product asks for is there, in its first place."""

import re
import sqlite3
from contextlib import closing

import pytest

from meaux.data.schema import read_model
from meaux.data.schema.encodings import ENCODINGS
from meaux.data.schema.instants import in_window, local_day
from meaux.data.schema.model import TYPES, LogicalColumn

MODEL = read_model()
NAME = re.compile(r"[a-z][a-z0-9_]*")
ELSEWHERE: dict[str, str] = {}
"""Logical tables that stand on another candidate than their first in the demo, and on which."""

tables = pytest.mark.parametrize("table", MODEL.tables.values(), ids=lambda table: table.name)


@tables
def test_a_logical_table_says_what_its_rows_are(table):
    assert NAME.fullmatch(table.name)
    assert table.about.endswith(".")
    assert len(table.candidates) == len(set(table.candidates)) > 0


@tables
def test_a_logical_column_has_a_name_a_type_and_places_to_stand(table):
    for name, column in table.columns.items():
        assert NAME.fullmatch(column.name), name
        assert column.type in TYPES, name
        assert len(column.candidates) == len(set(column.candidates)) > 0, name
        assert not column.name.endswith(("_day", "_stored")), "these are made of instants"


@tables
def test_a_logical_table_binds_to_its_first_candidate(demo_source, table):
    bound = demo_source.binding.tables[table.name]
    assert bound.physical == ELSEWHERE.get(table.name, table.candidates[0])
    assert bound.has_rows == (table.name != "tracked_hour"), "the demo has no tracked Worker"


@tables
def test_every_candidate_is_valid_sql(table):
    every = [(column, one) for column in table.columns.values() for one in column.candidates]
    for column, candidate in every:
        names = dict.fromkeys(LogicalColumn.columns_of(candidate))
        spelling = {name.lower(): name for name in names}
        declared = ", ".join(f'"{name}"' for name in names)
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.execute(f"CREATE TABLE t ({declared})")
            connection.execute(f"INSERT INTO t VALUES ({', '.join('7' for _ in names)})")
            sql = f"SELECT {column.expression(candidate, spelling)} FROM t"
            assert connection.execute(sql).fetchone()[0] is not None, column.name


KINDS = {
    "key": str,
    "text": str,
    "word": str,
    "currency": str,
    "number": int | float,
    "money": int | float,
    "duration": int | float,
    "percent": int | float,
    "code": int | float,
    "flag": int,
    "instant": int | float,
}


@tables
def test_every_bound_column_can_be_read_in_its_type(demo_source, demo_rows, table):
    bound = demo_source.binding.tables[table.name]
    for name, column in table.columns.items():
        if name not in bound.columns:
            assert demo_source.binding.lacks(table.name, name).startswith(bound.physical)
            continue
        sql = f'SELECT {bound.columns[name].value()} FROM "{bound.physical}" LIMIT 200'
        values = [value for (value,) in demo_rows(sql) if value is not None]
        assert all(isinstance(value, KINDS[column.type]) for value in values), name


@tables
def test_an_instant_is_bound_with_an_encoding_met_in_its_rows(demo_source, table):
    found = demo_source.binding.tables[table.name].columns
    for name, column in table.columns.items():
        if name in found and column.type == "instant":
            assert len(found[name].encodings) == 1, name
            assert set(found[name].encodings) <= set(ENCODINGS), name


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_has_valid_sql_for_a_day_and_a_window(encoding):
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE t (x)")
        day = local_day("x", (encoding,), "CASE WHEN {at} < 0 THEN 1 ELSE 2 END")
        named = dict.fromkeys(re.findall(r":(\w+)", in_window("x", (encoding,))), "1")
        connection.execute(f"SELECT {day} FROM t WHERE {in_window('x', (encoding,))}", named)
