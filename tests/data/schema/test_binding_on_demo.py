"""The model on the demo: everything the product asks for is there, in its first place."""

import re
import sqlite3
from contextlib import closing

import pytest

from meaux.data.schema import read_model
from meaux.data.schema.encodings import ENCODINGS, in_window, local_day
from meaux.data.schema.model import TYPES, LogicalColumn

MODEL = read_model()
NAME = re.compile(r"[a-z][a-z0-9_]*")
ELSEWHERE: dict[str, str] = {}
"""Logical tables that stand on another candidate than their first in the demo, and on which."""

tables = pytest.mark.parametrize("table", MODEL.tables.values(), ids=lambda table: table.name)
columns = pytest.mark.parametrize(
    ("table", "column"),
    [(table, column) for table in MODEL.tables.values() for column in table.columns.values()],
    ids=lambda part: part.name,
)


@tables
def test_a_logical_table_says_what_its_rows_are(table):
    assert NAME.fullmatch(table.name)
    assert table.about.endswith(".")
    assert len(table.candidates) == len(set(table.candidates)) > 0


@columns
def test_a_logical_column_has_a_name_a_type_and_places_to_stand(table, column):
    assert NAME.fullmatch(column.name), table.name
    assert column.type in TYPES
    assert len(column.candidates) == len(set(column.candidates)) > 0
    assert not column.name.endswith(("_day", "_stored")), "these are made of instants"


@tables
def test_a_logical_table_binds_to_its_first_candidate(demo_source, table):
    bound = demo_source.binding.tables[table.name]
    assert bound.physical == ELSEWHERE.get(table.name, table.candidates[0])
    assert bound.has_rows == (table.name != "tracked_hour"), "the demo has no tracked Worker"


@columns
def test_every_candidate_is_valid_sql(table, column):
    for candidate in column.candidates:
        names = dict.fromkeys(LogicalColumn.columns_of(candidate))
        spelling = {name.lower(): name for name in names}
        declared = ", ".join(f'"{name}"' for name in names)
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.execute(f"CREATE TABLE t ({declared})")
            connection.execute(f"INSERT INTO t VALUES ({', '.join('7' for _ in names)})")
            sql = f"SELECT {column.expression(candidate, spelling)} FROM t"
            assert connection.execute(sql).fetchone()[0] is not None, table.name


@columns
def test_every_bound_column_can_be_read_in_its_type(demo_source, demo_rows, table, column):
    bound = demo_source.binding.tables[table.name]
    found = bound.columns.get(column.name)
    if found is None:
        assert demo_source.binding.lacks(table.name, column.name).startswith(bound.physical)
        return
    sql = f'SELECT {found.value()} FROM "{bound.physical}"'
    values = [value for (value,) in demo_rows(f"{sql} LIMIT 200") if value is not None]
    kinds = {
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
    assert all(isinstance(value, kinds[column.type]) for value in values)


@columns
def test_an_instant_is_bound_with_an_encoding_met_in_its_rows(demo_source, table, column):
    found = demo_source.binding.tables[table.name].columns.get(column.name)
    if found is not None and column.type == "instant":
        assert len(found.encodings) == 1
        assert set(found.encodings) <= set(ENCODINGS)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_encoding_has_valid_sql_for_a_day_and_a_window(encoding):
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE t (x)")
        day = local_day("x", (encoding,), "CASE WHEN {at} < 0 THEN 1 ELSE 2 END")
        named = dict.fromkeys(re.findall(r":(\w+)", in_window("x", (encoding,))), "1")
        connection.execute(f"SELECT {day} FROM t WHERE {in_window('x', (encoding,))}", named)
