"""Tables: what the catalog shows of tables and of the columns of one."""

from meaux.subjects.health import tables

SCRIPT = """
CREATE TABLE time_entries (id TEXT PRIMARY KEY, started_at INTEGER, seconds INTEGER, mood);
CREATE INDEX by_time ON time_entries (started_at, mood);
CREATE VIEW seen AS SELECT mood FROM time_entries;
CREATE VIRTUAL TABLE notes USING fts5 (mood);
CREATE TABLE note_pages (x);
"""


def test_every_table_is_of_one_kind(database_of):
    source = database_of(SCRIPT)
    frame = tables.tables(source.catalog, source.binding, source.catalog.search(""), "")
    kinds = frame.set_index("table")["kind"].to_dict()
    assert kinds["time_entries"] == kinds["note_pages"] == "table"
    assert kinds["seen"] == "view"
    assert kinds["notes"] == "virtual table"
    assert kinds["notes_data"] == "shadow table"
    assert "found" not in frame


def test_a_search_names_the_columns_it_found(database_of):
    source = database_of(SCRIPT)
    frame = tables.tables(source.catalog, source.binding, source.catalog.search("MOOD"), "MOOD")
    assert frame.set_index("table")["found"].to_dict() == {
        "notes": "mood",
        "seen": "mood",
        "time_entries": "mood",
    }


def test_a_column_names_its_type_its_indexes_and_what_reads_it(database_of):
    source = database_of(SCRIPT)
    frame = tables.columns(source.catalog.find("time_entries"), source.binding)
    columns = frame.set_index("column")
    assert columns.loc["started_at"].to_dict() == {
        "type": "INTEGER",
        "indexes": "by_time",
        "read_as": "time_entry.started",
    }
    assert columns.loc["mood"].to_dict() == {"type": "", "indexes": "by_time", "read_as": ""}


def test_an_empty_search_of_an_empty_database_is_an_empty_frame(database_of):
    source = database_of("")
    assert tables.tables(source.catalog, source.binding, source.catalog.search(""), "").empty
