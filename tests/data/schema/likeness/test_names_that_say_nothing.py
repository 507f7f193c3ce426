"""Columns alone tell most tables and none wrongly; without names nothing is said."""

from meaux.data.schema import likeness, read_model
from meaux.data.source import remapped

ASKED = [table for table in read_model().tables.values() if not table.unread]
MOST = 0.85


def best(found):
    return {one.logical: one.table for one in found if one.place == 1}


def test_on_the_demo_all_is_found_and_nothing_is_said(suggested, demo_source):
    assert suggested(demo_source) == []


def test_columns_alone_tell_most_tables_and_none_wrongly(
    suggested, opened, nameless, record_property
):
    path, was = nameless()
    found = best(suggested(opened(path)))
    known = {table.name: table.candidates for table in ASKED}
    wrong = {name: was[table] for name, table in found.items() if was[table] not in known[name]}
    record_property("found", f"{len(found)} of {len(ASKED)}")
    assert wrong == {}
    assert len(found) >= MOST * len(ASKED)


def test_what_columns_cannot_tell_is_left_alone(suggested, opened, nameless):
    path, _ = nameless()
    missed = {table.name for table in ASKED} - set(best(suggested(opened(path))))
    assert missed <= {"ai_conversation", "user_session", "bucket", "team", "tracked_hour"}


def test_values_without_names_are_not_enough(suggested, opened, nameless):
    path, _ = nameless(columns=True)
    assert suggested(opened(path)) == []


def test_a_table_that_serves_one_kind_is_not_offered_to_another(database_of, suggested):
    columns = "id, workflow_id TEXT, status TEXT, started_at INTEGER, duration_ms INTEGER"
    row = "VALUES (1, 'w', 'ok', 1795300000, 60)"
    script = f"CREATE TABLE workflow_runs_of_steps ({columns}, run_id TEXT, name TEXT);"
    script += f"CREATE TABLE my_workflow_runs ({columns}); INSERT INTO my_workflow_runs {row};"
    found = best(suggested(database_of(script)))
    assert found == {"workflow_run": "my_workflow_runs"}
    served = script.replace("my_workflow_runs", "workflow_runs")
    assert best(suggested(database_of(served))) == {}


OTHERS_OWN = """
CREATE TABLE orders (id, user_id, status TEXT, amount REAL, currency TEXT, created_at TEXT);
CREATE TABLE products (id, slug TEXT, name TEXT, color TEXT, category TEXT, url TEXT, status TEXT);
CREATE TABLE customers (id, name TEXT, email TEXT, created_at TEXT);
CREATE TABLE subscriptions (id, user_id, status TEXT, started_at INTEGER, ended_at INTEGER);
CREATE TABLE bookings (id, user_id, start_time TEXT, end_time TEXT, room TEXT);
CREATE TABLE payments (id, service TEXT, amount_usd REAL, date TEXT, status TEXT);
CREATE TABLE support_tickets (id, project_id, title TEXT, status TEXT, due_date TEXT);
CREATE TABLE form_fields (id, name TEXT, status TEXT, created_at TEXT);
"""


def test_a_shop_has_nothing_that_the_product_would_take_for_its_own(database_of):
    source = database_of(OTHERS_OWN)
    assert likeness.ranked(source.binding, source.catalog) == {}


def test_shadows_and_system_tables_are_never_named(database_of):
    source = database_of(
        "CREATE VIRTUAL TABLE llm_calls USING fts5 (model, cost_usd, created_at);"
        "CREATE TABLE _cf_llm_calls (model TEXT, cost_usd REAL, created_at TEXT);"
    )
    assert likeness.ranked(source.binding, source.catalog) == {}


HOSTILE = 'llm "calls" \x7f \N{SHRIMP} {x} <b> **llm_calls'


def test_whatever_a_table_is_called_its_mapping_can_be_read(database_of, suggested):
    name = '"' + HOSTILE.replace('"', '""') + '"'
    source = database_of(
        f"CREATE TABLE {name} (model TEXT, tokens_in INTEGER, cost_usd REAL, created_at INTEGER);"
        f"INSERT INTO {name} VALUES ('m', 5, 0.1, 1795300000);"
    )
    lines = "\n".join(one.mapping for one in suggested(source))
    tried = remapped(source, lines).binding.tables
    assert tried["ai_usage"].physical == tried["model_usage"].physical == HOSTILE
