"""Raw rows on pages: no secret, no hidden table, for whoever looks."""

import pytest

from meaux.data.schema.secrets import MASK
from meaux.ui import pages

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dBjftJeZ4CVPmB92K27u"
SECRETS = ("qqaaqq", "eyJ", "zzkkzz")
SCRIPT = f"""
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, password_hash TEXT, note TEXT,
  shadow TEXT AS (password_hash || 'x'));
INSERT INTO users VALUES (1, 'Anna', 'qqaaqq', 'token {JWT} was used'), (2, 'Ben', NULL, '');
CREATE TABLE user_sessions (id INTEGER PRIMARY KEY, user_id INTEGER, value TEXT);
INSERT INTO user_sessions VALUES (1, 1, 'zzkkzz');
CREATE VIEW renamed AS SELECT id, password_hash AS harmless FROM users;
CREATE VIEW visits AS SELECT * FROM user_sessions;
"""
HIDE = '[access]\nhide = ["user_sessions"]\n'


@pytest.fixture
def open_data(declare, open_page, file_of):
    written = file_of(SCRIPT)

    def open_data(plan=HIDE, **url):
        declare(plan)
        shown = open_page(written, pages.find("Data"), **url)
        assert shown.exceptions == []
        return shown

    return open_data


def secrets(shown):
    taken = shown.sheets
    told = shown.words + "".join(sheet.to_csv() for sheet in taken.values())
    return [secret for secret in SECRETS if secret in told]


@pytest.mark.parametrize("table", ["users", "user_sessions", "renamed", "visits"])
def test_the_catalog_shows_no_secret(open_data, table):
    shown = open_data(tab="Catalog", table=table)
    assert secrets(shown) == []


def test_masked_values_say_so_and_empty_ones_stay_empty(open_data):
    rows = open_data(tab="Catalog", table="users").card("Rows")
    assert rows.table["password_hash"].tolist()[1:] == [MASK]
    assert rows.table["note"].tolist() == ["", f"token {MASK} was used"]
    assert "Masked: password_hash and shadow." in rows.note


def test_a_view_of_a_masked_column_says_why_it_isnt_shown(open_data):
    rows = open_data(tab="Catalog", table="renamed").card("Rows")
    assert "renamed can't be read: it uses users.password_hash, which is masked." in rows.state


def test_a_hidden_table_is_in_no_list(open_data):
    shown = open_data(tab="Catalog")
    assert "user_sessions" not in shown.card("Tables").table["table"].tolist()
    assert "user_sessions" not in shown.app.selectbox(key="table").options
    assert "user_sessions" not in open_data(tab="SQL").words
    assert "visits" not in shown.card("Tables").table["table"].tolist()
    assert "visits" not in shown.app.selectbox(key="table").options
    assert secrets(open_data(tab="Health")) == []


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM users",
        "SELECT password_hash AS x, note FROM users",
        "SELECT upper(password_hash) FROM users",
        "SELECT harmless FROM renamed",
        "SELECT * FROM visits",
        "SELECT * FROM user_sessions",
        "SELECT name, sql FROM sqlite_master",
        "SELECT shadow FROM users",
    ],
)
def test_the_console_and_its_files_show_no_secret(open_data, text):
    shown = open_data(tab="SQL", sql=text).press("Run")
    assert shown.exceptions == []
    assert secrets(shown) == []
    assert shown.errors or MASK in shown.card("Result").table.to_csv()


def test_what_is_unmasked_is_shown(open_data):
    plan = '[access]\nunmask = ["users.password_hash", "users.note"]\n'
    assert secrets(open_data(plan, tab="Catalog", table="users")) == ["qqaaqq", "eyJ"]
    shown = open_data(plan, tab="SQL", sql="SELECT upper(password_hash) AS x FROM users").press(
        "Run"
    )
    assert "QQAAQQ" in shown.card("Result").table["x"].tolist()
