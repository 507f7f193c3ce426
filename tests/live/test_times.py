"""When something happened, and when nothing did."""

import sqlite3

import pytest
from live_databases import NOVEMBER, OCTOBER, PEOPLE, PROJECTS, SECOND, THIRD, entries

from meaux.data.schema import encodings, instants


def test_what_happened_when_comes_before_what_was_written_when(live):
    found = live("""
        CREATE TABLE openai_spending (date TEXT PRIMARY KEY, amount_cents INTEGER,
        created_at TEXT DEFAULT current_timestamp);
        INSERT INTO openai_spending VALUES ('2026-10-05', 31000, '2026-11-02 08:00:00'),
        ('2026-11-05', 2400, '2026-11-06 02:00:00');
    """)
    assert (found.cost(NOVEMBER), found.cost(OCTOBER)) == (24, 310)


def test_a_row_without_its_day_is_dated_by_when_it_was_written(live):
    found = live("""
        CREATE TABLE ai_cost_tracking (model TEXT, usage_date TEXT, cost_usd REAL, created_at TEXT);
        CREATE INDEX by_day ON ai_cost_tracking (usage_date);
        INSERT INTO ai_cost_tracking VALUES ('m', '2026-10-30', 5, '2026-11-01 02:00:00'),
        ('m', NULL, 7, '2026-11-02 02:00:00'), ('m', '', 2, '2026-10-02 02:00:00');
    """)
    assert (found.cost(NOVEMBER), found.cost(OCTOBER)) == (7, 7)


TIMES = {
    "Go's text": ("TEXT", "'2026-11-02 09:00:00 +0000 UTC'"),
    "Go's text elsewhere": ("TEXT", "'2026-11-02 14:30:00.5 +0530 IST'"),
    "BigQuery's text": ("TEXT", "'2026-11-02 09:00:00 UTC'"),
    "nanoseconds": ("INTEGER", SECOND * 10**9),
    "nanoseconds as text": ("TEXT", f"'{SECOND * 10**9}'"),
    "microseconds as real": ("REAL", f"{SECOND * 10**6}.5"),
}


@pytest.mark.parametrize("index", ["", "CREATE INDEX by_start ON time_entries (started_at);"])
@pytest.mark.parametrize(("declared", "at"), TIMES.values(), ids=TIMES)
def test_a_time_is_read_however_it_is_written(live, declared, at, index):
    rows = entries(("'a'", "'p1'", "'u1'", at, "NULL", 3600, 100), started_at=declared)
    found = live(PROJECTS + PEOPLE + rows + index)
    assert (found.hours(), found.cost()) == (1, 100)
    assert str(found.frame("cost_by_day")["day"].iloc[0].date()) == "2026-11-02"


def test_a_day_and_a_julian_day_are_read_as_they_are_written(live):
    found = live("""
        CREATE TABLE cloudflare_usage (usage_date INTEGER, service TEXT, cost_usd REAL);
        INSERT INTO cloudflare_usage VALUES (20261102, 'w', 10), (20261103, 'r', 20),
        (20261031, 'w', 5), (3000000, 'w', 7);
        CREATE TABLE time_entries (started_at REAL, ended_at REAL);
        INSERT INTO time_entries VALUES
        (julianday('2026-11-02 09:00'), julianday('2026-11-02 10:30'));
    """)
    assert (found.cost(NOVEMBER), found.cost(OCTOBER), found.hours()) == (30, 5, 1.5)
    (said,) = found.ask("cost_by_day").unread
    assert said.startswith("Left out: values in cloudflare_usage.usage_date that can't be read")


UNSET = {
    None: True,
    "": True,
    " 0 ": True,
    "never\n": True,
    "None": True,
    "0000-00-00": True,
    "0001-01-01T00:00:00Z": True,
    "1970-01-01": True,
    "9999-12-31": True,
    "2026-11-02": False,
    "1793610000": False,
    "soon": False,
    0: True,
    -62135596800: True,
    3600: True,
    253402300799: True,
    253402300799000: True,
    253402300799.5: True,
    19700101: True,
    99991231: True,
    20261102: False,
    3000000: False,
    2461346.875: False,
    SECOND: False,
}


@pytest.mark.parametrize(("cell", "is_unset"), UNSET.items(), ids=map(repr, UNSET))
def test_what_means_no_time_means_it_in_python_in_sql_and_in_a_deletion(cell, is_unset):
    with sqlite3.connect(":memory:") as database:
        never, is_set = database.execute(
            f"SELECT {instants.never('x')}, {instants.is_set('x')} FROM (SELECT ? AS x)", (cell,)
        ).fetchone()
    assert encodings.is_unset(cell) is is_unset
    assert cell is None or bool(never) is is_unset
    assert bool(is_set) is not is_unset


@pytest.mark.parametrize("cell", ["yes", "1", 1, 1.0, -1, "someone"])
def test_what_means_yes_is_a_deletion_though_it_is_no_time(cell):
    with sqlite3.connect(":memory:") as database:
        sql = f"SELECT {instants.is_set('x')} FROM (SELECT ? AS x)"
        assert database.execute(sql, (cell,)).fetchone()[0] == 1


ROWS = """
    WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 2000)
    INSERT INTO {table} SELECT n, iif(n BETWEEN 580 AND 650, {odd}, {usual}), 'm', 1 FROM c;
"""
UNSEEN = {
    "milliseconds among texts": ("1793610000000", "'2026-11-02'"),
    "texts among seconds": ("'2026-11-02T09:00:00Z'", str(SECOND)),
    "milliseconds among seconds": ("1793610000000", str(SECOND)),
}


@pytest.mark.parametrize("declared", ["", "DATETIME"])
@pytest.mark.parametrize(("odd", "usual"), UNSEEN.values(), ids=UNSEEN)
def test_a_row_is_dated_in_whatever_way_a_column_may_hold_time(live, odd, usual, declared):
    columns = f"id INTEGER PRIMARY KEY, usage_date {declared}, model TEXT, cost_usd REAL"
    table = f"CREATE TABLE ai_cost_tracking ({columns});"
    found = live(table + ROWS.format(table="ai_cost_tracking", odd=odd, usual=usual))
    assert found.cost() == found.frame("cost_by_service")["cost"].sum() == 2000
    assert found.cost(OCTOBER) == 0
    assert str(found.frame("newest_lines")["at"].max().date()) == "2026-11-02"


@pytest.mark.parametrize(
    "tables",
    [
        """
        CREATE TABLE ai_cost_tracking (id TEXT PRIMARY KEY, usage_date, model TEXT, cost_usd)
        WITHOUT ROWID;
        """,
        """
        CREATE TABLE raw (id TEXT PRIMARY KEY, usage_date TEXT, model TEXT, cost_usd);
        CREATE TABLE more (id TEXT PRIMARY KEY, usage_date INTEGER, model TEXT, cost_usd);
        CREATE VIEW ai_cost_tracking AS SELECT * FROM raw UNION ALL SELECT * FROM more;
        """,
    ],
    ids=["a table without numbers of rows", "a view of two tables"],
)
def test_rows_that_nothing_numbers_are_dated_however_they_are_written(live, tables):
    first, then = ("raw", "more") if "raw" in tables else ("ai_cost_tracking",) * 2
    found = live(f"""
        {tables}
        WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 50)
        INSERT INTO {first} SELECT printf('%04d', n), '2026-11-02', 'm', '1' FROM c;
        WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 50)
        INSERT INTO {then} SELECT printf('%04d', n + 50), {SECOND}, 'm', '$1.00' FROM c;
    """)
    assert found.cost() == 100


ILLEGIBLE = ("'Mon Nov 02 2026'", "'02.11.2026'", "'11/02/2026 9:00'", "'2026-13-45'")


@pytest.mark.parametrize("at", ILLEGIBLE)
def test_times_that_cannot_be_read_are_unknown_on_every_card_and_zero_on_none(live, at):
    found = live(PROJECTS + PEOPLE + entries(("'a'", "'p1'", "'u1'", at, "NULL", 3600, 100)))
    for query in ("hours_by_day", "hours_recorded", "cost_by_day", "cost_by_project"):
        answer = found.ask(query)
        assert answer.state == "unavailable"
        assert (
            f"readable timestamps in time_entries.started_at (found: “{at[1:-1]}”)" in answer.reason
        )


def test_a_few_times_that_cannot_be_read_are_said_and_dated_on_no_card(live):
    rows = [
        ("'a'", "'p1'", "'u1'", "'2026-11-02 09:00:00'", "NULL", 3600, 100),
        ("'b'", "'p1'", "'u1'", "'2026-11-31 25:00:00'", "NULL", 3600, 100),
        ("'c'", "'p1'", "'u1'", "'soon'", "NULL", 3600, 100),
    ]
    found = live(PROJECTS + PEOPLE + entries(*rows))
    assert found.frame("hours_recorded")["hours"].sum() == found.hours() == 1
    assert found.cost() == sum(found.costs().values()) == 100
    (said,) = found.ask("hours_recorded").unread
    assert said.startswith("Left out: values in time_entries.started_at that can't be read")


NEVER = (
    "NULL",
    "''",
    "0",
    "'0001-01-01T00:00:00Z'",
    "'0000-00-00 00:00:00'",
    "'1970-01-01'",
    "'9999-12-31'",
)


@pytest.mark.parametrize("never", NEVER)
def test_a_way_to_write_that_there_is_no_time_is_no_time(live, never):
    found = live(f"""
        CREATE TABLE teams (id TEXT PRIMARY KEY, name TEXT); INSERT INTO teams VALUES ('t1', 'Eng');
        CREATE TABLE team_members (team_id TEXT, user_id TEXT, left_at TEXT);
        INSERT INTO team_members VALUES ('t1', 'u1', {never}), ('t1', 'u2', '2026-10-01');
        CREATE TABLE resend_queue (status TEXT, queued_at TEXT, sent_at TEXT);
        INSERT INTO resend_queue VALUES ('queued', '2026-11-25T09:00:00Z', {never});
        CREATE TABLE project_milestones (
            project_id TEXT, title TEXT, completed_at TEXT, due_date TEXT);
        INSERT INTO project_milestones VALUES ('p1', 'One', {never}, '2026-11-30');
    """)
    assert found.frame("members_by_team")["members"].sum() == 1
    assert found.frame("mail_queue").iloc[0].to_dict()["state"] == "Waiting"
    assert found.frame("milestones_of_projects")["completed"].isna().all()


def test_of_the_messages_delivered_in_the_period_those_opened_at_any_time_are_a_share(live):
    found = live("""
        CREATE TABLE email_events (email_id TEXT, event_type TEXT, created_at TEXT);
        INSERT INTO email_events VALUES
        ('new', 'email.delivered', '2026-11-02T09:00:00Z'),
        ('o1', 'email.delivered', '2026-10-30T09:00:00Z'),
        ('o2', 'email.delivered', '2026-10-30T09:00:00Z'),
        ('o1', 'email.opened', '2026-11-03T09:00:00Z'),
        ('o2', 'email.opened', '2026-11-03T09:00:00Z');
    """)
    for period, delivered, opened in ((NOVEMBER, 1, 0), (OCTOBER, 2, 2)):
        states = found.frame("distinct_mail", period).set_index("state")
        assert states["messages"]["Delivered"] == delivered
        assert states["of_delivered"]["Opened"] == opened


def test_a_message_that_bounced_and_was_then_delivered_is_delivered(live):
    found = live("""
        CREATE TABLE email_events (email_id TEXT, event_type TEXT, created_at TEXT);
        INSERT INTO email_events VALUES ('a', 'bounced', '2026-11-02T09:00:00Z'),
        ('a', 'delivered', '2026-11-02T10:00:00Z'), ('b', 'bounced', '2026-11-02T09:00:00Z');
    """)
    states = found.frame("distinct_mail").set_index("state")["messages"]
    assert (states["Bounced"], states["Delivered"]) == (1, 1)


def test_an_event_comes_before_its_writing_in_every_log(live):
    found = live(f"""
        CREATE TABLE platform_events (id INTEGER PRIMARY KEY, event_type TEXT, message TEXT,
        created_at INTEGER, occurred_at INTEGER);
        INSERT INTO platform_events VALUES (1, 'a', 'x', {THIRD + 86400 * 60}, {SECOND});
    """)
    columns = found.source.binding.tables["platform_event"].columns
    assert columns["at"].stored == "`occurred_at`"


OTHERWISE = {
    "the number of a day": "20261102",
    "a Julian day": "julianday('2026-11-02 09:00')",
    "a fraction of a Julian day": "2461346.999",
}


@pytest.mark.parametrize(
    "usual", ["'2026-10-02'", "'2026-10-02T09:00:00Z'", str(SECOND - 30 * 86400)]
)
@pytest.mark.parametrize("declared", ["", "DATE", "DATETIME"])
@pytest.mark.parametrize("odd", OTHERWISE.values(), ids=OTHERWISE)
@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin"])
def test_a_day_that_is_a_number_is_read_where_no_sample_met_one(live, usual, declared, odd, zone):
    found = live(f"""
        CREATE TABLE cloudflare_usage (usage_date {declared}, service TEXT, cost_usd REAL);
        WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 500)
        INSERT INTO cloudflare_usage SELECT iif(n = 13, {odd}, {usual}), 'w', 1 FROM n;
    """)
    column = found.source.binding.tables["infrastructure_usage"].columns["at"]
    assert not {"julian", "yyyymmdd"} & set(column.encodings)
    [day] = found.frame("cost_by_day", zone=zone).to_dict("records")
    assert (str(day["day"].date()), day["cost"]) == ("2026-11-02", 1)
    [spent] = found.frame("cost_by_day", OCTOBER, zone=zone)["cost"]
    assert spent == 499
