"""What a cell means: numbers, flags, words, ids and currencies have one reading each."""

import sqlite3

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from live_databases import FOURTH, PEOPLE, PROJECTS, SECOND, THIRD, entries

from meaux.data.schema import reading
from meaux.subjects.money import frames as costs

COSTS = {
    "'1,200.50'": 1200.5,
    "'$12.00'": 12,
    "' 12 '": 12,
    "'12.00 USD'": 12,
    "'-$3.50'": -3.5,
    "'1.200,50'": 1200.5,
    "'0,75'": 0.75,
    "'1.5e-05'": 1.5e-05,
    "'3,600'": 3600,
}
UNREAD = ("'n/a'", "'12 apples'", "'1,20,000'", "'1$2'", "'EUR 5'", "9e999", "-9e999", "x'3132'")


@pytest.mark.parametrize("declared", ["REAL", "TEXT", "INTEGER", ""])
@pytest.mark.parametrize(("cell", "dollars"), COSTS.items(), ids=COSTS)
def test_a_text_that_has_one_meaning_is_a_cost(live, cell, dollars, declared):
    columns = "id, started_at, seconds, cost_usd"
    found = live(entries(("'a'", SECOND, 3600, cell), columns=columns, cost_usd=declared))
    assert found.cost() == pytest.approx(dollars)
    assert found.unpriced() == 0


@pytest.mark.parametrize("cell", UNREAD)
def test_a_cost_that_means_no_number_is_counted_and_said(live, cell):
    found = live(f"""
        CREATE TABLE ai_cost_tracking (model TEXT, cost_usd REAL, created_at TEXT);
        INSERT INTO ai_cost_tracking VALUES
        ('m', 10, '2026-11-02 09:00:00'), ('m', {cell}, '2026-11-03 09:00:00');
    """)
    assert (found.cost(), found.unpriced()) == (10, 1)
    said = found.ask("cost_by_day").unread
    assert len(said) == 1
    assert said[0].startswith("Left out: values in ai_cost_tracking.cost_usd that can't be read")


def test_a_cost_that_cannot_be_read_is_not_priced_by_a_rate_instead(live):
    columns = "id, started_at, seconds, cost_usd, hourly_rate"
    found = live(entries(("'a'", SECOND, 3600, "'about 5'", 100), columns=columns))
    assert (found.cost(), found.unpriced()) == (0, 1)


LENGTHS = {
    "hours TEXT '1,5'": 1.5,
    "hours TEXT '1:30'": 1.5,
    "hours TEXT '1:30:36'": 1.51,
    "hours REAL 0.5": 0.5,
    "seconds INTEGER '3,600'": 1,
    "seconds TEXT '0:45:00'": 0.75,
    "duration_minutes TEXT '90'": 1.5,
    "duration_minutes TEXT '1:30:00'": 1.5,
    "duration_ms INTEGER '5,400,000'": 1.5,
}


@pytest.mark.parametrize(("written", "hours"), LENGTHS.items(), ids=LENGTHS)
def test_a_length_is_read_however_it_is_written(live, written, hours):
    name, declared, cell = written.split(" ")
    found = live(
        entries(("'a'", SECOND, cell), columns=f"id, started_at, {name}", **{name: declared})
    )
    assert found.hours() == pytest.approx(hours)


@pytest.mark.parametrize("cell", ["'1:30'", "'an hour'", "9e999"])
def test_a_length_that_means_none_is_no_running_timer(live, cell):
    columns = "id, started_at, ended_at, seconds"
    found = live(
        entries(("'a'", SECOND, "NULL", cell), ("'b'", THIRD, "NULL", 60), columns=columns)
    )
    assert [found.counted(c) for c in ("entries", "running", "unread")] == [1, 0, 1]
    assert list(found.frame("odd_entries")["reason"]) == ["unread"]


RUNNING = {
    "no seconds and no end": ("NULL", "NULL"),
    "0 seconds and no end": ("NULL", 0),
    "a negative length and no end": ("NULL", -5),
    "an end of 0": (0, "NULL"),
    "an end in the year 1": ("'0001-01-01T00:00:00Z'", 0),
    "an end in the year 9999": ("'9999-12-31'", 0),
    "the year 9999 in seconds": (253402300799, "NULL"),
}


@pytest.mark.parametrize(("ended", "seconds"), RUNNING.values(), ids=RUNNING)
def test_a_timer_without_an_end_and_without_a_length_is_running(live, ended, seconds):
    columns = "id, started_at, ended_at, seconds"
    rows = ("'a'", SECOND, SECOND + 3600, 3600), ("'run'", THIRD, ended, seconds)
    found = live(entries(*rows, columns=columns))
    assert [found.counted(c) for c in ("entries", "running")] == [1, 1]
    assert found.hours() == 1


YES_AND_NO = [
    ("1.0", "0.0"),
    ("'t'", "'f'"),
    ("'Yes'", "'NO '"),
    ("'on'", "'off'"),
    ("'1.0'", "'0.0'"),
]


@pytest.mark.parametrize(("yes", "no"), YES_AND_NO)
def test_a_flag_is_read_however_it_is_written(live, yes, no):
    columns = "id, started_at, seconds, billable"
    rows = ("'a'", SECOND, 3600, yes), ("'b'", THIRD, 7200, no), ("'c'", FOURTH, 60, "'perhaps'")
    by_kind = (
        live(entries(*rows, columns=columns)).frame("hours_by_day").groupby("billable")["hours"]
    )
    hours = by_kind.sum().round(3).to_dict()
    assert hours == {"Billable": 1, "Non-billable": 2, "Unspecified": 0.017}


IDS = {
    "case": ("TEXT", "'9B2E-0A'", "TEXT", "'9b2e-0a'"),
    "space": ("TEXT", "'p1 '", "TEXT", "'p1\n'"),
    "a real for a whole number": ("INTEGER", "7", "REAL", "7.0"),
    "a negative real": ("INTEGER", "-1", "REAL", "-1"),
    "a text of a negative real": ("INTEGER", "-1", "TEXT", "'-1.0'"),
    "a real of 18 digits": ("INTEGER", "100000000000000000", "REAL", "100000000000000000"),
    "bytes": (
        "BLOB",
        "x'80ff00112233445566778899aabbccdd'",
        "",
        "x'80FF00112233445566778899AABBCCDD'",
    ),
    "bytes that begin with none": ("BLOB", "x'00ff'", "BLOB", "x'00ff'"),
    "umlauts": ("TEXT", "'ÄrGER'", "TEXT", "'Ärger'"),
    "a text of a real": ("INTEGER", "7", "TEXT", "'7.0'"),
}


@pytest.mark.parametrize(("declared", "id_", "there", "named"), IDS.values(), ids=IDS)
def test_an_id_is_the_same_whatever_its_case_space_and_type(live, declared, id_, there, named):
    projects = f"CREATE TABLE projects (id {declared} PRIMARY KEY, name TEXT);"
    projects += f"INSERT INTO projects VALUES ({id_}, 'Alpha');"
    columns = "id, project_id, started_at, seconds, cost_usd"
    worked = entries(("'a'", named, SECOND, 3600, 100), columns=columns, project_id=there)
    found = live(projects + worked)
    assert found.costs() == {"Alpha": 100}
    binding = found.source.binding.tables["time_entry"].columns["project"]
    assert binding.identity.matched == 1


@pytest.mark.parametrize(
    "cell",
    [
        *("Ärger", "ÉCOLE", "İ", "\u212a", "ß", " P1\u00a0", "-1.0", "1.0", "1.5", "a.0"),
        *(-1.0, 1e17, 2.5, 7, -7, 0.0, b"ab", b"\x00\xff"),
    ],
)
def test_python_and_the_database_compare_an_id_alike(cell):
    with sqlite3.connect(":memory:") as database:
        sql = f"SELECT {reading.key('x', bytes_too=True)} FROM (SELECT ? AS x)"
        assert database.execute(sql, (cell,)).fetchone()[0] == reading.key_of(cell)


def test_a_filter_finds_an_id_with_letters_beyond_those_of_english(live):
    projects = "CREATE TABLE projects (id TEXT PRIMARY KEY, name TEXT);"
    projects += "INSERT INTO projects VALUES ('Ärger', 'A'), ('Öl', 'B');"
    columns = "id, project_id, started_at, seconds, cost_usd"
    rows = ("'a'", "'Ärger'", SECOND, 3600, 100), ("'b'", "'Öl'", SECOND, 3600, 5)
    found = live(projects + entries(*rows, columns=columns))
    assert found.frame("cost_by_day", projects=("Ärger",))["cost"].sum() == 100


def test_what_is_in_a_column_of_dollars_is_in_dollars_whatever_was_billed(live):
    found = live("""
        CREATE TABLE ai_cost_tracking (
            usage_date TEXT, model TEXT, cost REAL, currency TEXT, cost_usd REAL);
        INSERT INTO ai_cost_tracking VALUES ('2026-11-02', 'm', 100, 'EUR', 108),
        ('2026-11-03', 'm', 2, 'USD', 2), ('2026-11-03', 'm', 30, 'EUR', NULL);
    """)
    assert (found.cost(), found.unpriced()) == (110, 0)
    other = found.frame("other_currencies").to_dict("records")
    assert [(line["currency"], line["lines"]) for line in other] == [("EUR", 1)]


def test_ids_that_differ_in_case_alone_are_two_where_a_key_keeps_them_apart(live):
    projects = "CREATE TABLE projects (id TEXT PRIMARY KEY, name TEXT);"
    projects += "INSERT INTO projects VALUES ('aB', 'Alpha'), ('Ab', 'Beta');"
    columns = "id, project_id, started_at, seconds, cost_usd"
    rows = ("'a'", "'aB'", SECOND, 3600, 100), ("'b'", "'Ab'", SECOND, 3600, 20)
    assert live(projects + entries(*rows, columns=columns)).costs() == {"Alpha": 100, "Beta": 20}


def test_what_is_in_another_currency_stands_beside_the_dollars(live):
    columns = "id, project_id, user_id, started_at, seconds, cost, currency"
    rows = [
        ("'a'", "'p1'", "'u1'", SECOND, 3600, 100, "' US$'"),
        ("'b'", "'p1'", "'u1'", THIRD, 3600, 100, "'EUR'"),
        ("'c'", "'p1'", "'u1'", THIRD, 3600, 7, "NULL"),
    ]
    found = live(PROJECTS + PEOPLE + entries(*rows, columns=columns, cost="REAL"))
    assert (found.cost(), found.unpriced(), found.hours()) == (107, 0, 3)
    others = found.frame("other_currencies").to_dict("records")
    assert others == [{"category": "Time", "currency": "EUR", "lines": 1, "amount": 100}]


def test_a_rate_does_not_price_in_dollars_what_is_in_another_currency(live):
    columns = "id, started_at, seconds, hourly_rate, currency"
    assert live(entries(("'a'", SECOND, 3600, 90, "'CHF'"), columns=columns)).cost() == 0


def test_a_row_is_read_from_the_first_column_of_one_meaning_that_has_a_value(live):
    columns = "id, project_id, user_id, started_at, duration_minutes, seconds, cost_cents, cost_usd"
    rows = [
        ("'old'", "'p1'", "'u1'", SECOND, 60, "NULL", 10000, "NULL"),
        ("'new'", "'p1'", "'u1'", THIRD, "NULL", 3600, "NULL", 100),
        ("'both'", "'p1'", "'u1'", FOURTH, 0, 1800, 5000, 0),
    ]
    zero = "DEFAULT 0"
    worked = entries(*rows, columns=columns, cost_usd=zero, duration_minutes=zero)
    found = live(PROJECTS + PEOPLE + worked)
    assert (found.hours(), found.cost(), found.counted("running")) == (2.5, 250, 0)


@pytest.mark.parametrize(
    ("declared", "dollars"),
    [
        ("REAL NOT NULL", 50),
        ("REAL", 50),
        ("REAL DEFAULT 1", 50),
        ("REAL NOT NULL DEFAULT 0.0", 100),
        ("REAL DEFAULT (0)", 100),
    ],
)
def test_a_cost_of_0_is_free_of_charge_unless_0_is_what_an_unfilled_column_holds(
    live, declared, dollars
):
    columns = "id, started_at, seconds, cost_usd, total_cost_usd"
    rows = ("'a'", SECOND, 3600, 50, 50), ("'b'", THIRD, 3600, 0, 50)
    found = live(entries(*rows, columns=columns, cost_usd=declared))
    assert (found.cost(), found.unpriced()) == (dollars, 0)


def test_a_text_that_no_sampled_row_has_is_a_cost_all_the_same(live):
    found = live("""
        CREATE TABLE ai_cost_tracking (
            id INTEGER PRIMARY KEY, usage_date TEXT, model TEXT, cost_usd REAL);
        WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 2000)
        INSERT INTO ai_cost_tracking SELECT n, '2026-11-02', 'm', 1 FROM c;
        UPDATE ai_cost_tracking SET cost_usd = '1,000.00' WHERE id IN (560, 561, 562);
    """)
    assert (found.cost(), found.unpriced()) == (1997 + 3000, 0)


def test_where_the_database_lets_no_text_into_a_column_none_is_looked_for(live):
    found = live("""
        CREATE TABLE ai_cost_tracking (usage_date TEXT, model TEXT, cost_usd REAL) STRICT;
        INSERT INTO ai_cost_tracking VALUES ('2026-11-02', 'm', 3);
    """)
    assert found.cost() == 3
    assert "typeof" not in found.source.binding.tables["ai_usage"].columns["cost"].number


def test_a_floating_point_is_no_number_of_cents(live):
    found = live("""
        CREATE TABLE ai_cost_tracking (usage_date TEXT, model TEXT, amount FLOATING POINT);
        INSERT INTO ai_cost_tracking VALUES ('2026-11-02', 'm', 5.0);
    """)
    assert found.cost() == 5


def test_a_project_is_read_from_the_first_column_that_names_one(live):
    columns = "id, project_id, project_name, started_at, seconds, cost_usd"
    rows = ("'a'", "'p1'", "NULL", SECOND, 3600, 10), ("'b'", "NULL", "'Beta'", SECOND, 3600, 5)
    assert live(PROJECTS + entries(*rows, columns=columns)).costs() == {"Alpha": 10, "Beta": 5}


def test_a_generated_column_is_a_column(live):
    found = live(
        PROJECTS
        + f"""
        CREATE TABLE time_entries (id TEXT PRIMARY KEY, project_id TEXT, started_at INTEGER,
        ended_at INTEGER, price REAL, cost_usd REAL GENERATED ALWAYS AS
        ((ended_at - started_at) / 3600.0 * price) VIRTUAL,
        seconds INTEGER GENERATED ALWAYS AS (ended_at - started_at) STORED);
        INSERT INTO time_entries (id, project_id, started_at, ended_at, price)
        VALUES ('a', 'p1', {SECOND}, {SECOND} + 3600, 100);
    """
    )
    assert (found.cost(), found.hours()) == (100, 1)


def test_a_total_of_tokens_that_was_never_written_is_the_sum_of_its_parts(live):
    found = live(f"""
        CREATE TABLE token_usage (model TEXT, prompt_tokens INTEGER, completion_tokens INTEGER,
        total_tokens INTEGER DEFAULT 0, cost REAL, created_at INTEGER);
        INSERT INTO token_usage (model, prompt_tokens, completion_tokens, cost, created_at)
        VALUES ('m', 1000, 100, 1, {SECOND}), ('m', 0, 0, 0, {SECOND});
    """)
    assert found.frame("tokens_by_day")["tokens"].sum() == 1100


def test_numbers_that_are_too_large_to_be_added_as_whole_ones_are_added_all_the_same(live):
    found = live(f"""
        CREATE TABLE token_usage (model TEXT, total_tokens INTEGER, cost REAL, created_at INTEGER);
        INSERT INTO token_usage
        VALUES ('m', {2**63 - 1}, 1, {SECOND}), ('m', {2**63 - 1}, 1, {SECOND});
    """)
    assert found.frame("tokens_by_day")["tokens"].sum() == pytest.approx(2.0**64)


WORDS = {
    "'canceled'": (0, 0),
    "'exception'": (1, 0),
    "'weird'": (0, 1),
    "502": (1, 0),
    "200": (0, 0),
}


@pytest.mark.parametrize(("status", "ended"), WORDS.items(), ids=WORDS)
def test_a_word_in_a_column_of_codes_is_read_by_its_meaning(live, status, ended):
    found = live(f"""
        CREATE TABLE worker_logs (worker_id TEXT, timestamp INTEGER, status INTEGER);
        INSERT INTO worker_logs VALUES ('w', {SECOND}000, {status}), ('w', {THIRD}000, 200);
    """)
    frame = found.frame("requests_by_worker")
    assert (frame["errors"].sum(), frame["untold"].sum()) == ended


def test_a_status_with_its_words_behind_it_is_its_number(live):
    found = live("""
        CREATE TABLE worker_logs (worker_name TEXT, timestamp TEXT, status_code TEXT);
        INSERT INTO worker_logs VALUES ('w', '2026-11-02 09:00:00', '500 Internal Server Error'),
        ('w', '2026-11-02 09:00:00', '503'), ('w', '2026-11-02 09:00:00', ' 200 OK'),
        ('w', '2026-11-02 09:00:00', '9000 things');
    """)
    assert found.frame("worker_errors").iloc[0].to_list() == [3, 2]
    assert found.ask("worker_errors").unread[0].endswith("“9000 things” (1 of 4 sampled).")


PROGRESS = {
    "shares": ("progress", [0.65, 0, 1], [0.65, 0, 1]),
    "shares as texts": ("progress", ["'0.65'", "'1'"], [0.65, 1]),
    "per cent": ("progress", [0.5, 65, 1], [0.005, 0.65, 0.01]),
    "nothing between 0 and 1": ("progress", [0, 1], [0, 0.01]),
    "a name that says per cent": ("progress_percent", [0.65, 1], [0.0065, 0.01]),
    "a name that says a ratio": ("progress_ratio", [0.65, 1], [0.65, 1]),
}


@pytest.mark.parametrize(("name", "stored", "meant"), PROGRESS.values(), ids=PROGRESS)
def test_progress_is_a_share_or_per_cent_as_its_values_tell(live, name, stored, meant):
    ids = range(len(stored))
    projects = ", ".join(f"({n}, 'Project {n}')" for n in ids)
    rows = ", ".join(f"({n}, {cell}, '2026-11-02')" for n, cell in zip(ids, stored, strict=True))
    found = live(f"""
        CREATE TABLE projects (id INTEGER PRIMARY KEY, name TEXT);
        INSERT INTO projects VALUES {projects};
        CREATE TABLE project_progress (project_id INTEGER, {name}, recorded_at TEXT);
        INSERT INTO project_progress VALUES {rows};
    """)
    assert found.frame("project_list")["progress"].to_list() == pytest.approx(meant)


CELLS = (
    st.text(alphabet="0123456789.,:-+e$ u", max_size=9)
    | st.floats()
    | st.integers(-(10**12), 10**12)
)


@pytest.mark.parametrize("hour", [None, 1, 60, 3600])
@given(cell=CELLS)
@example(cell="1,200.50")
@example(cell="+$-56,131")
@example(cell="1e400")
def test_python_and_the_database_agree_on_what_a_cell_means(hour, cell):
    with sqlite3.connect(":memory:") as database:
        sql = f"SELECT {reading.number('x', hour, texts=True)} FROM (SELECT ? AS x)"
        read = database.execute(sql, (cell,)).fetchone()[0]
    meant = reading.number_of(cell, hour)
    assert read == (meant if meant is None else pytest.approx(meant, rel=1e-9))


@given(cell=CELLS | st.from_regex(r"\A ?[0-9]{2,4} ?[A-Z]{0,2}\Z"))
def test_python_and_the_database_agree_on_what_a_status_means(cell):
    with sqlite3.connect(":memory:") as database:
        sql = f"SELECT {reading.code('x', texts=True)} FROM (SELECT ? AS x)"
        read = database.execute(sql, (cell,)).fetchone()[0]
    meant = reading.code_of(cell)
    assert read == (meant if meant is None else pytest.approx(meant, rel=1e-9))


def test_words_in_a_column_of_codes_that_are_read_as_outcomes_are_not_told_as_unread(live):
    found = live(f"""
        CREATE TABLE worker_logs (worker_id TEXT, timestamp INTEGER, status TEXT);
        INSERT INTO worker_logs VALUES ('w', {SECOND}000, 'ok'), ('w', {THIRD}000, 'exception'),
        ('w', {THIRD}000, '503');
    """)
    asked = found.ask("requests_by_worker")
    assert (asked.frame["requests"].sum(), asked.frame["errors"].sum()) == (3, 2)
    assert not asked.unread


@pytest.mark.parametrize("default", ["DEFAULT 0", "NOT NULL DEFAULT 0.0"])
@pytest.mark.parametrize(("billed", "known"), [("net_amount", 30), ("amount", None)])
def test_a_0_that_nobody_wrote_is_no_price_in_dollars_of_a_line_in_another_currency(
    live, default, billed, known
):
    found = live(f"""
        CREATE TABLE ai_cost_tracking (
            usage_date TEXT, model TEXT, {billed} REAL, currency TEXT, cost_usd REAL {default});
        INSERT INTO ai_cost_tracking VALUES ('2026-11-02', 'm', 30, 'EUR', 0),
        ('2026-11-03', 'm', 2, 'USD', 2), ('2026-11-03', 'm', 0, 'USD', 0);
    """)
    assert (found.cost(), found.unpriced()) == (2, 0)
    [other] = found.frame("other_currencies").to_dict("records")
    assert (other["currency"], other["lines"]) == ("EUR", 1)
    assert other["amount"] == known or (known is None and other["amount"] != other["amount"])
    amount = " (EUR 30.00)" if known else ""
    assert (
        costs.abroad(found.ask("other_currencies"))
        == f"1 entry in EUR{amount} is left out of cost totals."
    )


def test_hours_in_another_currency_are_told_though_they_have_a_rate_alone(live):
    columns = "id, started_at, seconds, hourly_rate, currency"
    rows = ("'a'", SECOND, 3600, 90, "'EUR'"), ("'b'", SECOND, 3600, 50, "NULL")
    found = live(entries(*rows, columns=columns))
    assert (found.cost(), found.unpriced()) == (50, 0)
    said = costs.abroad(found.ask("other_currencies"))
    assert said == "1 entry in EUR (EUR 90.00) is left out of cost totals."


RATES = {
    "of the person": ("'EUR'", "NULL", "NULL", 60),
    "of the person, before one of the project in dollars": ("'EUR'", "'USD'", "NULL", 60),
    "of the person, though the entry names dollars": ("'EUR'", "NULL", "'USD'", 60),
    "of the person, as the entry says": ("'EUR'", "NULL", "'eur'", 60),
    "of the person, in another currency than the entry": ("'CHF'", "NULL", "'EUR'", None),
    "of the person in dollars, of an entry that is not": ("NULL", "NULL", "'EUR'", None),
}


@pytest.mark.parametrize(("person", "project", "entry", "amount"), RATES.values(), ids=RATES)
def test_hours_are_in_the_currency_of_the_rate_that_prices_them(
    live, person, project, entry, amount
):
    columns = "id, project_id, user_id, started_at, seconds, currency"
    rows = [
        ("'a'", "'p1'", "'u1'", SECOND, 7200, entry),
        ("'b'", "'p1'", "'u2'", SECOND, 3600, "NULL"),
        ("'c'", "'p1'", "'u1'", SECOND, "NULL", "NULL"),
    ]
    found = live(f"""
        CREATE TABLE users (id TEXT PRIMARY KEY, hourly_rate REAL, currency TEXT);
        INSERT INTO users VALUES ('u1', 30, {person}), ('u2', 50, NULL);
        CREATE TABLE projects (id TEXT PRIMARY KEY, name TEXT, hourly_rate REAL, currency TEXT);
        INSERT INTO projects VALUES ('p1', 'Alpha', 90, {project});
        {entries(*rows, columns=columns)}
    """)
    assert (found.cost(), found.unpriced(), found.hours()) == (50, 0, 3)
    [other] = found.frame("other_currencies").fillna({"amount": -1}).to_dict("records")
    assert other == {"category": "Time", "currency": "EUR", "lines": 1, "amount": amount or -1}


def test_hours_are_in_the_currency_of_their_project_where_nobody_has_a_rate(live):
    columns = "id, project_id, user_id, started_at, seconds, cost_usd"
    rows = [
        ("'a'", "'p1'", "'u1'", SECOND, 7200, "NULL"),
        ("'b'", "'p2'", "'u1'", SECOND, 3600, "NULL"),
        ("'c'", "'p1'", "'u1'", SECOND, 3600, 5),
        ("'d'", "'p1'", "'u2'", SECOND, 3600, "NULL"),
    ]
    found = live(f"""
        CREATE TABLE users (id TEXT PRIMARY KEY, hourly_rate REAL);
        INSERT INTO users VALUES ('u1', NULL), ('u2', 40);
        CREATE TABLE projects (id TEXT PRIMARY KEY, name TEXT, hourly_rate REAL, currency TEXT);
        INSERT INTO projects VALUES ('p1', 'Alpha', 90, 'GBP'), ('p2', 'Beta', 60, 'usd');
        {entries(*rows, columns=columns)}
    """)
    assert (found.cost(), found.unpriced()) == (105, 0)
    assert found.costs() == {"Alpha": 45, "Beta": 60}
    others = found.frame("other_currencies").to_dict("records")
    assert others == [{"category": "Time", "currency": "GBP", "lines": 1, "amount": 180}]


def test_an_amount_in_another_currency_is_only_told_where_all_of_it_is_known(live):
    columns = "id, started_at, seconds, cost, currency"
    rows = [("'a'", SECOND, 3600, 90, "'EUR'"), ("'b'", SECOND, 3600, "NULL", "'EUR'")]
    rows += [("'c'", SECOND, 3600, 7, "'CHF'"), ("'d'", SECOND, 3600, 8.5, "'CHF'")]
    said = costs.abroad(live(entries(*rows, columns=columns, cost="REAL")).ask("other_currencies"))
    assert said == "2 entries in CHF (CHF 15.50) and 2 entries in EUR are left out of cost totals."


def test_a_cost_of_0_that_somebody_wrote_is_a_price_in_dollars(live):
    found = live("""
        CREATE TABLE ai_cost_tracking (
            usage_date TEXT, model TEXT, amount REAL, currency TEXT, cost_usd REAL);
        INSERT INTO ai_cost_tracking VALUES ('2026-11-02', 'm', 30, 'EUR', 0);
    """)
    assert (found.cost(), found.unpriced()) == (0, 0)
    assert found.frame("other_currencies").empty
