"""The two languages of a card: logical tables, or the database's own; and the mistakes in each."""

import pytest

from meaux.data.schema.secrets import MASK, Secrecy
from meaux.subjects.own import asks, language

ON_LOGICAL = [
    "SELECT count(*) FROM time_entry",
    "SELECT project.name AS p FROM time_entry JOIN project ON project.id = time_entry.project",
    "WITH days AS (SELECT time_entry.started_day AS day FROM time_entry) SELECT day FROM days",
    "SELECT count(*) FROM time_entry -- FROM users\n/* FROM users */",
    "-- language: product\nSELECT 1 AS one",
]
ON_OWN = [
    "SELECT count(*) FROM time_entries",
    "WITH x AS (SELECT 1 AS n) SELECT n FROM x",
    "SELECT 1 AS one",
    "SELECT 'in_period(x)' AS told FROM users",
    "-- language: plain\nSELECT 1 AS one",
]


@pytest.mark.parametrize("text", ON_LOGICAL)
def test_sql_that_names_logical_tables_is_the_products(fault_of, own, text):
    assert fault_of(text) == ""
    shown = own(text).shown
    assert shown.answer.state == "ready"
    assert shown.answer.statement.sql.count("SELECT * FROM (") == 1


@pytest.mark.parametrize("text", ON_OWN)
def test_other_sql_is_the_databases_own(fault_of, own, text):
    assert fault_of(text) == ""
    shown = own(text).shown
    assert shown.answer.state == "ready"
    assert shown.answer.statement.sql.startswith("SELECT * FROM (\n")


OF_BOTH = {
    "SELECT 1 AS a;\nSELECT 2 AS b": "Only one statement at a time",
    "DELETE FROM users": "DELETE is not allowed: a card only reads",
    "WITH x AS (SELECT 1) DELETE FROM users": "DELETE is not allowed: a card only reads",
    "PRAGMA table_info(users)": "PRAGMA is not allowed",
    "ATTACH 'x' AS y": "ATTACH is not allowed",
    "SELECT load_extension('x') AS a": "The function load_extension is not allowed",
    "SELECT 'never closed": "Unclosed text: ' has no end",
    "SELECT 1 AS a FROM\n\nWHERE (": "line ",
}


@pytest.mark.parametrize("sql", OF_BOTH)
def test_a_statement_that_does_more_than_read_is_a_mistake(fault_of, sql):
    said = fault_of(f"-- title: Mine\n{sql}")
    assert said.startswith("cards/card.sql")
    assert OF_BOTH[sql] in said


OF_LOGICAL = {
    "SELECT sum(time_entry.hourz) AS h FROM time_entry": (2, "time_entry has no column hourz"),
    "SELECT sum(time_entry.second) AS h\nFROM time_entry": (2, "did you mean seconds?"),
    "SELECT 1 AS a\nFROM time_entri\nWHERE in_period(time_entri.at)": (
        3,
        "there is no logical table time_entri; did you mean time_entry?",
    ),
    "SELECT seconds FROM time_entry": (2, "write the column seconds with its table: time_entry.se"),
    "SELECT t.seconds AS s FROM time_entry AS t": (2, "don't rename time_entry"),
    "SELECT * FROM time_entry": (2, "list the columns"),
    "SELECT time_entry.* FROM time_entry": (2, "list the columns"),
    "SELECT 1 AS a FROM time_entry, project": (2, "write project in lower case, unquoted"),
    "SELECT 1 AS a FROM TIME_ENTRY": (2, "write time_entry in lower case, unquoted"),
    'SELECT 1 AS a FROM "time_entry"': (2, "write time_entry in lower case, unquoted"),
    "SELECT 1 AS a FROM main.time_entry": (2, "write time_entry in lower case, unquoted"),
    "SELECT 1 AS a FROM time_entry WHERE of_projects(time_entry.project)": (
        2,
        "write AND in capit",
    ),
    "SELECT 1 AS a FROM time_entry WHERE TRUE AND of_people(time_entry.note)": (
        2,
        "no filter choo",
    ),
    "SELECT 1 AS a FROM time_entry\nWHERE time_entry.started > :startday": (
        3,
        "there is no parameter :startday; did you mean :start_day?",
    ),
    "SELECT meaning('severities', log_entry.severity) AS a FROM log_entry": (2, "vocabulary"),
    "SELECT 'known(a.b)' AS a FROM time_entry": (2, "a text can't contain [[, ]] or a call"),
    "SELECT 1 AS a FROM time_entry WHERE TRUE [[ AND 1 = 1": (2, "close each [[ with ]]"),
    "WITH project AS (SELECT 1 AS n) SELECT 1 AS a FROM time_entry JOIN project": (
        2,
        "the name pro",
    ),
    "SELECT time_entry.person_rated AS a FROM time_entry": (2, "person_rated can't be read"),
    "SELECT time_entry.started_day_order AS a FROM time_entry": (2, "has no form started_day_ord"),
    "SELECT 1 AS a FROM time_entry WHERE in_period(time_entry.note)": (2, "use started or ended"),
    "SELECT known(users.email) AS a FROM time_entry": (2, "there is no logical table users"),
    "SELECT oldest(users.email) AS a FROM time_entry": (2, "oldest(…) can't be used in a card"),
    "SELECT 1 AS a FROM time_entry WHERE in_page(time_entry.started)": (2, "can't be used in a"),
}


@pytest.mark.parametrize("sql", OF_LOGICAL)
def test_a_mistake_on_logical_tables_names_its_line_and_what_to_do(fault_of, sql):
    line, words = OF_LOGICAL[sql]
    text = f"-- language: product\n{sql}"
    assert fault_of(text).startswith(f"cards/card.sql, line {line}: ")
    assert words.replace(":startday; did you mean :", ":startday; did you mean ") in fault_of(text)


OF_OWN = {
    "SELECT id FROM user": (2, "there is no table user; did you mean users?"),
    "SELECT id\nFROM ordrs": (3, "there is no table ordrs"),
    "SELECT emial FROM users": (2, "there is no column emial; did you mean email?"),
    "SELECT u.user_id AS a FROM users AS u JOIN team_members": (2, "users has no column user_id"),
    "SELECT id FROM users WHERE created_at > :stat_day": (2, "did you mean start_day?"),
    "SELECT id FROM users WHERE id IN (SELECT value FROM json_each(:people))": (
        2,
        "put the condition with :people in [[ … ]]",
    ),
    "SELECT id FROM users, time_entry": (
        2,
        "It is a logical table: write its columns as table.col",
    ),
    "SELECT id FROM users WHERE id = ?1": (2, "write the value itself, or a parameter such as"),
}


@pytest.mark.parametrize("sql", OF_OWN)
def test_a_mistake_on_the_databases_own_tables_names_its_line_and_what_to_do(fault_of, sql):
    line, words = OF_OWN[sql]
    said = fault_of(f"-- language: plain\n{sql}")
    assert said.startswith(f"cards/card.sql, line {line}: " if line else "cards/card.sql: ")
    assert words in said


def test_a_column_of_json_each_an_alias_and_a_rowid_are_no_mistakes(fault_of):
    for sql in (
        "SELECT value FROM users JOIN json_each('[1]')",
        "SELECT id AS mine FROM users ORDER BY mine",
        "SELECT rowid AS n FROM users",
        "WITH x(n) AS (SELECT id FROM users) SELECT n FROM x",
        "SELECT (SELECT name FROM teams LIMIT 1) AS t, u.email FROM users AS u",
        'SELECT "email" FROM users',
        "SELECT x.n FROM (SELECT count(*) AS n FROM users AS x) AS x",
        "WITH users AS (SELECT 1 AS one) SELECT users.one FROM users JOIN team_members",
    ):
        assert fault_of(f"-- language: plain\n{sql}") == "", sql


# What the filters do


def test_the_period_and_the_filters_narrow_a_card_on_logical_tables(rows_of, select, demo_rows):
    text = (
        "SELECT count(*) AS entries FROM time_entry WHERE in_period(time_entry.started)"
        " AND of_projects(time_entry.project) AND of_people(time_entry.person)"
    )
    [(project, person, expected)] = demo_rows(
        "SELECT project_id, user_id, count(*) FROM time_entries"
        " WHERE date(started_at, 'unixepoch') BETWEEN '2026-10-23' AND '2026-11-22'"
        " GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 1"
    )
    chosen = select("30d", projects=(project,), people=(person,))
    assert rows_of(text, chosen) == [(expected,)]


def test_plain_sql_may_use_the_period_and_clauses_for_the_filters(rows_of, select, demo_rows):
    text = (
        "SELECT count(*) AS n FROM work_time_sessions WHERE started_at >= :start_day"
        " AND started_at < :end_day"
        " [[ AND project_id IN (SELECT value FROM json_each(:projects)) ]]"
    )
    within = "date(started_at) BETWEEN '2026-10-23' AND '2026-11-22'"
    of_all = demo_rows(f"SELECT count(*) FROM work_time_sessions WHERE {within}")
    of_one = demo_rows(
        f"SELECT count(*) FROM work_time_sessions WHERE {within} AND project_id = 'prj_bolt'"
    )
    assert of_all > of_one > [(0,)]
    assert rows_of(text) == of_all
    assert rows_of(text, select("30d", projects=("prj_bolt",))) == of_one


def test_a_statement_that_is_none_without_its_clauses_says_so(own, select):
    for named in ("product", "plain"):
        text = (
            f"-- language: {named}\nSELECT count(*) AS n FROM time_entry"
            " WHERE [[ 'x' IN (SELECT value FROM json_each(:projects)) ]]"
        )
        if named == "plain":
            text = text.replace("time_entry", "time_entries")
        assert own(text, select("30d", projects=("x",))).shown.answer.state == "ready"
        for chosen in (select("30d"), select("30d", only=("team_lab",))):
            shown = own(text, chosen).shown
            assert not shown.answer.answered
            assert shown.answer.reason


def test_what_nobody_thought_of_fails_on_that_card_alone(own, monkeypatch, caplog):
    def broken(*_):
        raise KeyError("oops")

    monkeypatch.setattr(asks, "compile_query", broken)
    shown = own("SELECT count(*) AS never_seen_before FROM time_entry").shown
    assert (shown.answer.state, shown.answer.reason) == (
        "failed",
        "cards/card.sql: this SQL can't be compiled.",
    )
    assert "cards/card.sql can't be compiled" in caplog.text


NOTES = {
    "SELECT count(*) AS n FROM users": "Not filtered by period, team, project or person.",
    "SELECT count(*) AS n FROM users WHERE created_at < :end_day": (
        "Not filtered by team, project or person."
    ),
    "SELECT count(*) AS n FROM time_entry WHERE in_period(time_entry.started)"
    " AND of_projects(time_entry.project)": "Not filtered by person.",
    "SELECT count(*) AS n FROM time_entry WHERE in_period(time_entry.started)"
    " AND of_projects(time_entry.project) AND of_people(time_entry.person)": "",
}


@pytest.mark.parametrize("sql", NOTES)
def test_a_card_says_which_of_the_filters_in_use_it_does_not_use(own, select, sql):
    chosen = select("30d", teams=("team_lab",), projects=("prj_bolt",), people=("usr_remy",))
    assert own(sql, chosen).shown.note == NOTES[sql]
    unfiltered = own(sql).shown.note
    assert unfiltered == ("Not filtered by period." if "period," in NOTES[sql] else "")


# Secrets

SECRETS = """
CREATE TABLE users (id TEXT, name TEXT, password_hash TEXT, note TEXT);
INSERT INTO users VALUES ('u', 'Ann', 'hunter2hunter2', 'key sk_live_abcdefghijklmnop1234');
CREATE VIEW plainly AS SELECT id, name FROM users;
CREATE VIEW sneaky AS SELECT id, password_hash AS p FROM users;
CREATE TABLE hidden (id TEXT);
"""


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT password_hash FROM users",
        "SELECT * FROM users",
        "SELECT substr(password_hash, 1, 3) AS a FROM users",
        "SELECT name FROM users WHERE password_hash LIKE 'a%'",
        "SELECT name FROM users ORDER BY password_hash",
        "SELECT id FROM hidden",
        "SELECT sql FROM sqlite_master",
    ],
)
def test_what_could_tell_a_secret_is_a_mistake_and_never_sent(fault_of, database_of, sql):
    source = database_of(SECRETS)
    assert fault_of(sql, source, secrecy=Secrecy.of((), ("hidden",))) != ""


def test_a_view_on_a_secret_is_not_shown_and_another_view_is(own, rows_of, database_of):
    source = database_of(SECRETS)
    shown = own("SELECT p FROM sneaky", "30d", source).shown
    assert shown.answer.state == "failed"
    assert "password_hash, which is masked" in shown.answer.reason
    assert "hunter2" not in str(shown.answer.frame)
    assert rows_of("SELECT name FROM plainly", "30d", source) == [("Ann",)]


def test_a_value_that_looks_like_a_secret_is_masked(rows_of, database_of):
    source = database_of(SECRETS)
    assert rows_of("SELECT note, 'x' AS api_key FROM users", "30d", source) == [
        (f"key {MASK}", MASK)
    ]


def test_nothing_of_a_heading_gets_into_a_statement(own):
    text = (
        "-- title: '; DROP TABLE users; --\n-- about: ') UNION SELECT 1; --\n"
        "-- unit: n count\nSELECT count(*) AS n FROM users"
    )
    assert own(text).shown.answer.statement.sql == (
        "SELECT * FROM (\nSELECT count(*) AS n FROM users\n) LIMIT 1001"
    )


def test_comments_leave_every_line_where_it_stands():
    sql = "SELECT '--no' AS a, -- one\n/* two\nthree */ \"/*\" AS b"
    assert language.without_comments(sql) == (
        "SELECT '--no' AS a,       \n      \n         \"/*\" AS b"
    )
