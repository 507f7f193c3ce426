"""The database as a connection of Streamlit, for a script of one's own."""

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from meaux.errors import DatabaseError, QueryError
from meaux.ui.loading.connection import DatabaseConnection

pytestmark = pytest.mark.usefixtures("empty_caches")
"""A connection is kept by its name, whatever the settings say by now."""


def script(sql, params):
    import streamlit as st

    from meaux.errors import DatabaseError
    from meaux.ui.loading.connection import DatabaseConnection

    connection = st.connection("anything", type=DatabaseConnection)
    try:
        st.dataframe(connection.query(sql, params))
    except DatabaseError as refusal:
        st.error(str(refusal))


@pytest.fixture
def ask(monkeypatch, demo_file):
    """Run the script on the demo with a statement of one's own."""
    monkeypatch.setenv("MEAUX_DATABASE", str(demo_file))

    def ask(sql, *params):
        return AppTest.from_function(script, args=(sql, params), default_timeout=30).run()

    return ask


def test_a_query_gives_a_frame_with_the_names_of_its_columns(ask, demo_rows):
    app = ask("SELECT id, name FROM projects WHERE team_id = ?1 ORDER BY id", "team_lab")
    assert not app.exception
    frame = app.dataframe[0].value
    assert list(frame.columns) == ["id", "name"]
    expected = demo_rows("SELECT id, name FROM projects WHERE team_id = 'team_lab' ORDER BY id")
    assert list(frame.itertuples(index=False, name=None)) == expected


def test_a_query_without_rows_keeps_its_columns(ask):
    frame = ask("SELECT id, name FROM projects WHERE id = 'none'").dataframe[0].value
    assert list(frame.columns) == ["id", "name"]
    assert len(frame) == 0


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM projects",
        "UPDATE projects SET name = 'x'",
        "INSERT INTO teams (id, name) VALUES ('x', 'x')",
        "DROP TABLE projects",
        "CREATE TABLE x (y)",
        "ATTACH 'x.db' AS x",
        "SELECT 1; DELETE FROM projects",
        "PRAGMA query_only = OFF",
    ],
)
def test_a_statement_that_would_write_is_refused_in_one_sentence(ask, demo_rows, sql):
    before = demo_rows("SELECT count(*) FROM projects")
    app = ask(sql)
    assert not app.exception
    [error] = [error.value for error in app.error]
    assert error.endswith(".")
    assert demo_rows("SELECT count(*) FROM projects") == before


def test_a_table_that_is_not_there_is_named(ask):
    [error] = ask("SELECT * FROM nowhere").error
    assert "nowhere" in error.value


def test_the_same_query_is_fetched_once(ask, counting):
    ask("SELECT 1 AS one")
    ask("SELECT 1 AS one")
    ask("SELECT 2 AS two")
    assert [len(database.calls) for database in counting] == [2]


def test_a_refused_query_is_asked_anew(ask, counting):
    ask("SELECT * FROM nowhere")
    ask("SELECT * FROM nowhere")
    assert [len(database.calls) for database in counting] == [2]


def test_settings_given_by_hand_name_the_database(monkeypatch, loopback_d1):
    monkeypatch.delenv("MEAUX_DATABASE", raising=False)
    connection = DatabaseConnection(
        "anything",
        account_id="an-account",
        database_id="a-database",
        api_token=loopback_d1.token,
        base_url=loopback_d1.url,
    )
    assert connection.query("SELECT count(*) AS n FROM projects")["n"].tolist() == [25]
    assert loopback_d1.token not in repr(connection)
    assert loopback_d1.token not in repr(connection.database)


def test_several_statements_can_be_fetched_in_one_call(monkeypatch, demo_file):
    from meaux.data.database import Statement

    monkeypatch.setenv("MEAUX_DATABASE", str(demo_file))
    connection = st.connection("anything", type=DatabaseConnection)
    one, two = connection.database.fetch([Statement("SELECT 1"), Statement("SELECT 2")])
    assert (one.rows, two.rows) == ([(1,)], [(2,)])


def test_a_refusal_outside_a_page_is_an_error_of_the_product(monkeypatch, demo_file):
    monkeypatch.setenv("MEAUX_DATABASE", str(demo_file))
    connection = st.connection("anything", type=DatabaseConnection)
    with pytest.raises(QueryError) as caught:
        connection.query("DELETE FROM projects")
    assert isinstance(caught.value, DatabaseError)
