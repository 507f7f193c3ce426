"""The copy on ClickHouse has a table for each logical one, and tells how it was bound."""

import sqlite3
from contextlib import closing

import pytest
from messy import MESSY

from meaux.data import warehouse
from meaux.data.database import SQLiteFile
from meaux.data.schema import read_model
from meaux.data.source import open_source
from meaux.data.warehouse import Evidence, copied
from meaux.errors import Unloaded
from meaux.query.queries import QUERIES, VIEWS
from meaux.query.queries.compiler import periods_in

MODEL = read_model()
OF_FEW_ROWS = {("person", "created"), ("milestone", "completed"), ("image", "uploaded")}
"""What is loaded as a whole although a query compares it with the period."""


@pytest.fixture(scope="module")
def messy_source(tmp_path_factory):
    path = tmp_path_factory.mktemp("messy") / "messy.db"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(f"PRAGMA synchronous = OFF; {MESSY}")
    return open_source(SQLiteFile(path), override=path.with_name("no.toml"))


def test_a_table_is_loaded_by_the_months_of_the_time_that_queries_compare(demo_source):
    blocks = [*QUERIES.values(), *VIEWS.values()]
    compared = {found for block in blocks for found in periods_in(block)} - OF_FEW_ROWS
    tables = copied(demo_source.binding).values()
    assert {(one.name, one.time) for one in tables if one.time} == compared


def test_each_logical_table_that_a_card_reads_has_a_copy(demo_source):
    read = {name for name, table in MODEL.tables.items() if not table.unread}
    assert copied(demo_source.binding).keys() == read & demo_source.binding.tables.keys()


def test_the_copy_has_the_columns_that_the_source_has(messy_source):
    table = copied(messy_source.binding)["team_member"]
    assert [(column.name, column.type) for column in table.columns] == [
        ("team", "LowCardinality(Nullable(String))"),
        ("person", "LowCardinality(Nullable(String))"),
    ]
    assert table.layout() == (
        "(\n  `loaded_month` UInt32,\n  `team` LowCardinality(Nullable(String)),\n"
        "  `person` LowCardinality(Nullable(String))\n)\n"
        "ENGINE = MergeTree\nPARTITION BY `loaded_month`\nORDER BY (tuple())"
    )


def test_an_amount_comes_with_what_the_copy_cannot_work_out(messy_source):
    table = copied(messy_source.binding)["ai_usage"]
    assert {c.name: c.read for c in table.columns if c.name.startswith(("at", "cost"))} == {
        "at": "ai_usage.at_milliseconds",
        "at_timed": "ai_usage.at_timed",
        "at_unread": "coalesce(ai_usage.at_unread, 0)",
        "cost": "ai_usage.cost",
        "cost_unread": "coalesce(ai_usage.cost_unread, 0)",
        "cost_foreign": "ai_usage.cost_foreign",
        "cost_span": "ai_usage.cost_span",
    }


@pytest.mark.parametrize("source", ["demo_source", "messy_source"])
def test_from_the_stored_evidence_comes_the_same_binding(source, request):
    opened = request.getfixturevalue(source)
    read = Evidence.read(opened.evidence.written())
    catalog, binding = read.bound(opened.binding.model)
    assert catalog == opened.catalog
    assert binding.fingerprint == opened.binding.fingerprint
    assert (binding.passed_over, binding.others) == (
        opened.binding.passed_over,
        opened.binding.others,
    )
    assert read.source == opened.database.title


@pytest.mark.parametrize(
    ("read_by", "said"),
    [
        (warehouse.evidence.FORMAT + 1, r"an older version\. Run: python -m meaux load clickhouse"),
        (warehouse.evidence.FORMAT - 1, r"a newer version\. Update this installation\."),
    ],
)
def test_evidence_of_another_version_says_what_to_do(read_by, said, messy_source, monkeypatch):
    written = messy_source.evidence.written()
    monkeypatch.setattr(warehouse.evidence, "FORMAT", read_by)
    with pytest.raises(Unloaded, match=said):
        Evidence.read(written)
