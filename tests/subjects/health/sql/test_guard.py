"""No statement that is run tells anything of a masked column or a hidden table."""

import sqlite3
from contextlib import closing

import pytest
from hypothesis import strategies as st

from meaux.data.database import SQLiteFile, Statement
from meaux.data.schema.secrets import MASK, Secrecy
from meaux.data.source import open_source
from meaux.errors import DatabaseError
from meaux.subjects.health import sql
from meaux.subjects.health.sql import LIVE, Guard, Live, Masks, Refused

SCHEMA = """
CREATE TABLE users (
  id INTEGER PRIMARY KEY, name TEXT, password_hash TEXT, apiKey TEXT, token_count INTEGER
);
CREATE TABLE user_sessions (id TEXT, user_id INTEGER, session_token TEXT);
CREATE TABLE projects (
  id INTEGER, owner INTEGER, primary_key TEXT, tokens_used INTEGER, "key" TEXT
);
CREATE TABLE lone (secret TEXT);
CREATE VIEW people AS SELECT id, name FROM users;
CREATE VIEW counted AS SELECT count(*) AS n, sum(token_count * 2) AS double FROM users;
CREATE VIEW renamed AS SELECT id, password_hash AS harmless FROM users;
CREATE VIEW starred AS SELECT * FROM users;
CREATE VIEW twice AS SELECT * FROM renamed;
CREATE VIEW visits AS SELECT user_id FROM user_sessions;
CREATE VIRTUAL TABLE notes USING fts5 (body, secret);
"""
ROWS = [("anna", 3), ("ben", 1), ("cleo", 2), ("dora", 2)]


def written(path, secrets):
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(f"PRAGMA synchronous = OFF; {SCHEMA}")
        for number, ((name, count), secret) in enumerate(zip(ROWS, secrets, strict=True)):
            row = (number, name, secret, secret[::-1], count)
            connection.execute("INSERT INTO users VALUES (?, ?, ?, ?, ?)", row)
            connection.execute(
                "INSERT INTO user_sessions VALUES (?, ?, ?)", (secret, number, secret)
            )
            connection.execute("INSERT INTO projects VALUES (?, ?, 'p', 7, 'k')", (number, number))
            connection.execute("INSERT INTO lone VALUES (?)", (secret,))
            connection.execute("INSERT INTO notes VALUES ('a word', ?)", (secret,))
        connection.execute("ANALYZE")
        connection.commit()
    return open_source(SQLiteFile(path), override=path.with_suffix(".toml"))


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    """Two databases that differ in their secrets alone."""
    folder = tmp_path_factory.mktemp("secrets")
    return (
        written(folder / "one.db", ["qqaaqq", "qqccqq", "qqbbqq", "qqbbqq"]),
        written(folder / "two.db", ["wwzzww", "wwxxwwww", "wwyyww", "wwvvww"]),
    )


HIDES = Secrecy.of((), ["user_sessions"])


@pytest.fixture(scope="module")
def guard(worlds):
    return guard_of(worlds[0], HIDES)


def guard_of(source, secrecy):
    [now] = source.database.fetch([LIVE])
    return Guard(source.catalog, secrecy, Live.of(now.rows))


def asked(source, guard, text):
    """The answer of a database as it is shown; None if the statement isn't run."""
    try:
        reading = sql.read(text)
        masks = guard.check(reading)
    except Refused:
        return None
    try:
        [rows] = source.database.fetch([reading.limited(100)])
    except DatabaseError:
        return []
    return [rows.columns, masks.rows(rows.columns, rows.rows)]


SHOWN = {
    "SELECT name FROM users": ("anna",),
    "SELECT password_hash FROM users": (MASK,),
    "SELECT u.password_hash, u.name FROM users AS u": (MASK, "anna"),
    "SELECT password_hash AS x FROM users": (MASK,),
    "SELECT name, password_hash x FROM users WHERE token_count > 2": ("anna", MASK),
    'SELECT "password_hash", [apiKey] FROM users': (MASK, MASK),
    "SELECT * FROM users": (0, "anna", MASK, MASK, 3),
    "SELECT a.*, b.name FROM users a JOIN users b ON a.id = b.id": (
        *(0, "anna", MASK, MASK, 3),
        "anna",
    ),
    "SELECT * FROM users a JOIN users b ON a.id = b.id": (0, "anna", MASK, MASK, 3) * 2,
    "SELECT password_hash, password_hash FROM users": (MASK, MASK),
    "SELECT * FROM users ORDER BY name": (0, "anna", MASK, MASK, 3),
    "SELECT count(*), sum(token_count) FROM users": (4, 8),
    'SELECT primary_key, tokens_used, "key" FROM projects': ("p", 7, "k"),
    "SELECT * FROM people": (0, "anna"),
    "SELECT * FROM counted": (4, 16),
    "SELECT * FROM (SELECT id, name FROM users)": (0, "anna"),
}

REFUSED = [
    "SELECT upper(password_hash) FROM users",
    "SELECT password_hash || '' FROM users",
    "SELECT (password_hash) FROM users",
    "SELECT +password_hash FROM users",
    "SELECT +password_hash, * FROM users",
    "SELECT *, + users . password_hash FROM users",
    "SELECT password_hash COLLATE nocase FROM users",
    "SELECT CAST(password_hash AS TEXT) FROM users",
    "SELECT max(password_hash) FROM users",
    "SELECT group_concat(password_hash) FROM users",
    "SELECT name FROM users WHERE password_hash LIKE 'a%'",
    "SELECT name FROM users WHERE users.\"password_hash\" > 'a'",
    "SELECT name FROM users WHERE users.'password_hash' > 'a'",
    "SELECT name FROM users WHERE PASSWORD_HASH GLOB 'a*'",
    "SELECT name FROM users ORDER BY password_hash",
    "SELECT name, password_hash FROM users ORDER BY 2",
    "SELECT * FROM users ORDER BY 3",
    "SELECT password_hash AS x FROM users ORDER BY x",
    "SELECT password_hash AS x FROM users WHERE x > 'a'",
    "SELECT u.password_hash AS x FROM users u JOIN projects p ON x > 'a'",
    "SELECT password_hash AS id FROM users WHERE id > 'a'",
    "SELECT password_hash FROM users GROUP BY 1",
    "SELECT DISTINCT password_hash FROM users",
    "SELECT password_hash FROM users UNION SELECT name FROM users",
    "SELECT name FROM users UNION ALL SELECT password_hash FROM users",
    "SELECT * FROM users UNION ALL SELECT * FROM users",
    "SELECT * FROM (SELECT password_hash AS x FROM users)",
    "SELECT * FROM (SELECT * FROM users)",
    "WITH t(a, b, c, d, e) AS (SELECT * FROM users) SELECT c FROM t",
    "WITH t AS (SELECT password_hash AS x FROM users) SELECT x FROM t",
    "SELECT (SELECT password_hash FROM users LIMIT 1)",
    "SELECT name FROM users WHERE EXISTS (SELECT 1 FROM users u WHERE u.password_hash > 'a')",
    "SELECT 1 WHERE (0, 'anna', 'x', 'y', 3) < (SELECT * FROM users LIMIT 1)",
    "SELECT name FROM users NATURAL JOIN users AS u",
    "SELECT 1 FROM users JOIN users AS u USING (password_hash)",
    "SELECT 1 FROM users JOIN users AS u USING ('password_hash')",
    "SELECT 'a' IN lone",
    "SELECT 'a' IN main.lone",
    "SELECT 'a' IN \"lone\"",
    "SELECT *, password_hash AS x FROM users",
    "SELECT json_each.value FROM users, json_each(json_array(password_hash))",
    "SELECT row_number() OVER (ORDER BY password_hash) FROM users",
    "SELECT name FROM users LIMIT (SELECT length(password_hash) FROM users)",
    "SELECT harmless FROM renamed",
    "SELECT id FROM starred",
    "SELECT id FROM twice",
    "SELECT * FROM visits",
    "SELECT * FROM user_sessions",
    'SELECT user_id FROM main."User_Sessions"',
    "SELECT 1 FROM 'user_sessions'",
    "SELECT 1 IN user_sessions",
    "SELECT body FROM notes WHERE notes MATCH 'secret: q*'",
    "SELECT * FROM notes_data",
    "SELECT * FROM notes_content",
    "SELECT * FROM sqlite_stat1",
    "SELECT * FROM sqlite_stat4",
    "SELECT * FROM dbstat",
]


@pytest.mark.parametrize(("text", "first"), SHOWN.items())
def test_a_plain_statement_runs_and_shows_masks(worlds, guard, text, first):
    [_, rows] = asked(worlds[0], guard, text)
    assert rows[0] == first


@pytest.mark.parametrize("text", REFUSED)
def test_a_statement_that_could_tell_a_secret_is_refused_in_a_sentence(guard, text):
    with pytest.raises(Refused) as refused:
        guard.check(sql.read(text))
    assert str(refused.value).endswith(".")


def test_the_sentence_names_the_column_and_the_way_out(guard):
    with pytest.raises(Refused, match=r"^users\.password_hash is masked: .*unmask"):
        guard.check(sql.read("SELECT lower(password_hash) FROM users"))
    with pytest.raises(Refused, match=r"^renamed can't be read: it uses users\.password_hash, "):
        guard.check(sql.read("SELECT * FROM renamed"))
    with pytest.raises(Refused, match=r"^The table user_sessions is hidden\.$"):
        guard.check(sql.read("SELECT * FROM user_sessions"))


def test_an_unmasked_column_is_like_any_other(worlds):
    guard = guard_of(worlds[0], Secrecy.of(["Users.Password_Hash"], []))
    [_, rows] = asked(worlds[0], guard, "SELECT upper(password_hash), apiKey FROM users")
    assert rows[0] == ("QQAAQQ", MASK)


# What the catalog doesn't know, generated columns, and SQLite's own tables.

AFTER = """
CREATE TABLE late_t (id INTEGER, api_key TEXT);
INSERT INTO late_t VALUES (1, 'qqlate');
ALTER TABLE t ADD COLUMN reset_token TEXT DEFAULT 'qqlate';
CREATE VIEW late_v AS SELECT reset_token AS harmless FROM t;
DROP VIEW old_v;
CREATE VIEW old_v AS SELECT reset_token AS id FROM t;
"""


@pytest.fixture(scope="module")
def changed(tmp_path_factory):
    """A database whose schema somebody else changed after it was opened."""
    path = tmp_path_factory.mktemp("changed") / "changed.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "CREATE TABLE t (id INTEGER); INSERT INTO t VALUES (1);"
            "CREATE VIEW old_v AS SELECT id FROM t; CREATE TABLE kept (id INTEGER);"
        )
        source = open_source(SQLiteFile(path), override=path.with_suffix(".toml"))
        connection.executescript(AFTER)
    return source


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM late_t",
        "SELECT api_key || '' FROM late_t",
        "SELECT reset_token FROM t",
        "SELECT reset_token || 1 FROM t",
        "SELECT * FROM t",
        "SELECT harmless FROM late_v",
        "SELECT id FROM old_v",
    ],
)
def test_a_table_that_changed_since_the_catalog_was_read_is_refused(changed, text):
    with pytest.raises(Refused, match="Reload schema"):
        guard_of(changed, Secrecy()).check(sql.read(text))


def test_a_table_that_did_not_change_is_still_read(changed):
    assert asked(changed, guard_of(changed, Secrecy()), "SELECT * FROM kept") == [("id",), []]


def test_a_reloaded_schema_is_read_again(changed, tmp_path):
    source = open_source(changed.database, override=tmp_path / "none.toml")
    [_, rows] = asked(source, guard_of(source, Secrecy()), "SELECT * FROM late_t")
    assert rows == [(1, MASK)]


def test_a_result_named_like_a_secret_is_masked_unless_it_is_shown():
    assert Masks().rows(["reset_token", "id"], [("qq", 1)]) == [(MASK, 1)]
    shown = Masks(shown=frozenset({"reset_token"}))
    assert shown.rows(["upper(reset_token)"], [("qq",)]) == [("qq",)]


GENERATED = """
CREATE TABLE gen_t (
  id INTEGER, api_key TEXT, shadow TEXT GENERATED ALWAYS AS (api_key || 'x') VIRTUAL,
  second TEXT AS (upper(shadow)) STORED
);
INSERT INTO gen_t (id, api_key) VALUES (1, 'qqaaqq');
CREATE TABLE plain_t (id INTEGER, double INTEGER AS (id * 2));
INSERT INTO plain_t (id) VALUES (2);
CREATE TABLE with_default (id INTEGER, password TEXT DEFAULT 'DEFPASS');
CREATE VIEW told AS SELECT sql AS harmless FROM sqlite_master;
CREATE VIEW named AS SELECT name FROM sqlite_master;
CREATE TABLE vault (body TEXT);
CREATE VIEW vault_view AS SELECT body FROM vault;
CREATE VIEW of_view AS SELECT body FROM vault_view;
"""


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    path = tmp_path_factory.mktemp("generated") / "generated.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(GENERATED)
    return open_source(SQLiteFile(path), override=path.with_suffix(".toml"))


def test_a_generated_column_is_masked_next_to_a_masked_one(generated):
    guard = guard_of(generated, Secrecy())
    [_, rows] = asked(generated, guard, "SELECT shadow, second, id FROM gen_t")
    assert rows == [(MASK, MASK, 1)]
    for text in ("SELECT upper(shadow) FROM gen_t", "SELECT id FROM gen_t WHERE second LIKE 'Q%'"):
        assert asked(generated, guard, text) is None
    assert asked(generated, guard, "SELECT double + 0 AS n FROM plain_t")[1] == [(4,)]


def test_a_generated_column_is_shown_if_it_is_unmasked(generated):
    guard = guard_of(generated, Secrecy.of(["gen_t.shadow"], []))
    [_, rows] = asked(generated, guard, "SELECT shadow, second FROM gen_t")
    assert rows == [("qqaaqqx", MASK)]


def test_the_sql_of_the_schema_is_masked_where_a_column_is(generated):
    guard = guard_of(generated, Secrecy())
    [_, rows] = asked(
        generated, guard, "SELECT name, sql FROM sqlite_master WHERE name = 'with_default'"
    )
    assert rows == [("with_default", MASK)]
    for text in ("SELECT lower(sql) FROM sqlite_schema", "SELECT * FROM told"):
        assert asked(generated, guard, text) is None


def test_no_table_of_sqlite_tells_of_hidden_tables(generated):
    guard = guard_of(generated, Secrecy.of((), ["vault"]))
    for table in ("sqlite_master", "sqlite_schema", "main.[SQLITE_MASTER]", "named"):
        with pytest.raises(Refused, match=r"\.$"):
            guard.check(sql.read(f"SELECT name FROM {table}"))
    listed = guard.shown().tables
    assert "gen_t" in listed
    assert {"vault", "vault_view", "of_view"}.isdisjoint(listed)


# Drawn statements: whatever is run says the same of both databases.

NAMES = ["id", "name", "password_hash", "apiKey", "u.password_hash", "x", "token_count", "secret"]
TABLES = ["users", "users AS u", "users u, projects", "lone", "people", "renamed", "starred", "t"]
TABLES += ["(SELECT * FROM users) u", "(SELECT id, name FROM users) u", "projects", "twice"]
names = st.sampled_from(NAMES)
plain = st.one_of(names, st.just("*"), st.just("u.*"), names.map(lambda n: f"{n} AS x"))
made = st.one_of(
    names,
    names.map(lambda n: f"+{n}"),
    names.map(lambda n: f"length({n})"),
    names.map(lambda n: f"count({n})"),
    names.map(lambda n: f"(SELECT max({n}) FROM users)"),
    st.tuples(names, names).map(lambda n: f"{n[0]} || {n[1]}"),
    names.map(lambda n: f"{n} > 'r'"),
)
selects = st.builds(
    lambda distinct, columns, table, where, more: (
        f"SELECT {distinct}{', '.join(columns)} FROM {table}{where}{more}"
    ),
    st.sampled_from(["", "", "", "DISTINCT "]),
    st.lists(st.one_of(plain, plain, made), min_size=1, max_size=3),
    st.sampled_from(TABLES),
    st.one_of(st.just(""), made.map(lambda m: f" WHERE {m}")),
    st.one_of(
        st.just(""),
        st.one_of(made, st.sampled_from("123")).map(lambda m: f" ORDER BY {m}"),
        st.one_of(names, st.sampled_from("123")).map(lambda m: f" GROUP BY {m}"),
    ),
)

LISTED = ["id", "name", "password_hash", "apiKey", "u.password_hash", 'u."apiKey"', "token_count"]
LISTED += ["*", "u.*", "password_hash AS x", "apiKey x", "name AS x", "count(*)", "length(name)"]
LISTED += ["+apiKey", "u . [apiKey]", "token_count * 2", "password_hash AS password_hash"]
READ = ["users u", "users AS u JOIN projects ON owner = u.id", "users u JOIN people USING (id)"]
READ += [
    "users u, lone",
    "users u LEFT JOIN people p ON p.id = u.id",
    "users u NATURAL JOIN people",
]
WHERE = [
    "",
    "",
    "",
    "token_count > 1",
    "u.name <> 'ben'",
    "x > 'r'",
    "u.id IN (SELECT id FROM people)",
]
ORDER = ["", "", "u.name", "1", "2", "u.id DESC", "x", "token_count", "u.name COLLATE nocase", "+1"]
easy = st.builds(
    lambda columns, read, where, order: (
        f"SELECT {', '.join(columns)} FROM {read}"
        f"{where and f' WHERE {where}'}{order and f' ORDER BY {order}'}"
    ),
    st.lists(st.sampled_from(LISTED), min_size=1, max_size=4),
    st.sampled_from(READ),
    st.sampled_from(WHERE),
    st.sampled_from(ORDER),
)
either = st.one_of(easy, selects)
statements = st.one_of(
    easy,
    easy,
    selects,
    st.tuples(either, either).map(lambda two: f"{two[0]} UNION ALL {two[1]}"),
    st.tuples(either, either).map(lambda two: f"WITH t AS ({two[0]}) {two[1]}"),
    st.tuples(either, selects).map(lambda two: f"WITH t (x, id) AS ({two[0]}) {two[1]}"),
    either.map(lambda one: f"SELECT * FROM ({one})"),
    st.tuples(names, either).map(lambda two: f"SELECT {two[0]} IN ({two[1]}) FROM users u"),
)


@pytest.mark.examples(200, 5_000)
def test_what_is_run_says_the_same_whatever_the_secrets_are(fuzz, examples, worlds, guard):
    def check(text):
        one, two = (asked(source, guard, text) for source in worlds)
        assert one == two, text

    fuzz(check, examples, text=statements)


def test_without_the_guard_drawn_statements_tell_them_apart(worlds):
    text = "SELECT name FROM users ORDER BY password_hash"
    one, two = (source.database.fetch([Statement(text)])[0].rows for source in worlds)
    assert one != two
