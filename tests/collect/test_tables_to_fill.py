"""Into which tables rows are written, and what is said of one that can't be filled."""

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from services import NOW, enveloped

from meaux.collect import SOURCES
from meaux.collect.fitting import made
from meaux.data.schema import mapped, read_model

DAYS_WITH_COSTS = [day.day for n in range(41) if (day := NOW.date() - timedelta(days=n)).day % 7]
MODEL = read_model(Path("no-such-file.toml"))
TABLES = {table.name: table for source in SOURCES.values() for table in source.tables}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_table_has_its_columns_in_the_schema_and_in_the_model(table):
    create = made(table)[0].sql
    assert all(f"\n  {column.name} " in create for column in table.columns)
    logical = MODEL.tables[table.logical]
    assert table.name in logical.candidates
    assert {one.logical for one in table.columns} - {""} <= set(logical.columns)
    assert set(table.key) <= {one.name for one in table.columns}


def test_a_missing_table_is_named_and_not_made(collected, path):
    outcome = collected("buckets", create=False)["buckets"]
    assert outcome.problem.startswith("There is no table r2_buckets. Run with --create")
    assert not path.exists()


def test_a_table_that_lacks_a_part_of_the_key_is_refused_as_rows_would_replace_each_other(
    collected, script
):
    script("CREATE TABLE cloudflare_usage (usage_date TEXT, service TEXT, cost_usd REAL);")
    problem = collected("billing", create=False)["billing"].problem
    assert problem.startswith("The table cloudflare_usage has no column resource")


def test_a_table_of_the_user_is_filled_through_the_mapping(collected, script, rows, run):
    script(
        "CREATE TABLE buckets_seen "
        "(bucket_id TEXT PRIMARY KEY, title TEXT, born INTEGER, note TEXT);"
    )
    model = mapped(
        run.model,
        """
        [bucket]
        tables = ["buckets_seen"]
        [bucket.columns]
        id = "bucket_id"
        name = "title"
        created = { from = "born", encoding = "epoch_ms" }
        """,
    )
    outcome = collected("buckets", model=model, create=False)["buckets"]
    assert outcome.problem == ""
    assert rows("SELECT * FROM buckets_seen ORDER BY title") == [
        ("eu-backups", "eu-backups", 1_735_689_600_000, None),
        ("media", "media", 1_735_689_600_000, None),
    ]


def test_cents_and_other_names_are_found_as_the_dashboard_finds_them(collected, script, rows):
    script("CREATE TABLE openai_spending (day TEXT PRIMARY KEY, cost_cents INTEGER);")
    assert collected("openai", create=False)["openai"].problem == ""
    [(cents,)] = rows("SELECT cost_cents FROM openai_spending WHERE day = '2026-11-20'")
    assert cents == pytest.approx(100 * (0.06 * 20 + 1.25 + 0.5 + 0.01))


BY_DAY = "CREATE TABLE openai_spending (date TEXT PRIMARY KEY, amount_cents INTEGER, currency TEXT"


@pytest.mark.parametrize("columns", ["", ", line_item TEXT", ", openai_project TEXT"])
def test_a_table_with_a_row_a_day_keeps_the_sum_of_each_day(collected, script, rows, columns):
    """An earlier version made it like that; it may have a part of the new columns."""
    key = "".join(f", {name.split()[0]}" for name in columns.split(", ")[1:])
    made = f"{BY_DAY}{columns});".replace(" PRIMARY KEY", "")
    script(f"{made}CREATE UNIQUE INDEX a_key ON openai_spending (date{key});")
    for _ in range(2):
        assert collected("openai", create=False)["openai"].problem == ""
    assert rows("SELECT count(DISTINCT date), sum(amount_cents) FROM openai_spending") == [
        (35, pytest.approx(sum(100 * (0.06 * day + 1.76) for day in DAYS_WITH_COSTS)))
    ]


def test_the_sum_of_a_day_never_stands_beside_its_parts(collected, script, rows):
    script(
        f"{BY_DAY}, line_item TEXT, openai_project TEXT);".replace(" PRIMARY KEY", "")
        + "INSERT INTO openai_spending (date, amount_cents) "
        "VALUES ('2026-01-01', 7), ('2026-11-10', 236), ('2026-11-20', 296);"
    )
    problem = collected("openai")["openai"].problem
    told, _, sql = problem.partition(": DELETE")
    assert told == (
        "The table openai_spending has rows without line_item: each is the sum of a day, and "
        "would count twice. Delete them, then run again"
    )
    assert rows("SELECT count(*) FROM openai_spending") == [(3,)]
    script(f"DELETE{sql.removesuffix('.')};")
    assert collected("openai")["openai"].problem == ""
    assert rows("SELECT date FROM openai_spending WHERE line_item IS NULL") == [("2026-01-01",)]
    assert rows("SELECT count(*) FROM openai_spending") == [(1 + 4 * 35,)]


@pytest.mark.parametrize(
    ("sql", "lines", "said"),
    [
        ("CREATE TABLE r2_buckets (made TEXT PRIMARY KEY);", "", "has no column id"),
        ("CREATE VIEW r2_buckets AS SELECT 1 AS id;", "", "is a view"),
        (
            "CREATE TABLE r2_buckets (id TEXT PRIMARY KEY, name TEXT, created INTEGER);",
            "",
            "The encoding of r2_buckets.created is unknown",
        ),
        (
            "CREATE TABLE r2_buckets (id TEXT PRIMARY KEY, name TEXT, created REAL);",
            '[bucket.columns]\ncreated = { from = "created", encoding = "julian" }',
            "stored as julian, which can't be written",
        ),
        (
            "CREATE TABLE r2_buckets (id TEXT, name TEXT);",
            "",
            "CREATE UNIQUE INDEX IF NOT EXISTS `collect_r2_buckets` ON `r2_buckets` (`id`)",
        ),
    ],
)
def test_a_table_that_cannot_be_filled_is_refused_with_a_sentence(
    collected, script, run, sql, lines, said
):
    script(sql)
    model = mapped(run.model, lines) if lines else run.model
    problem = collected("buckets", model=model, create=False)["buckets"].problem
    assert said in problem
    assert problem.endswith(".")


def test_another_currency_is_refused_where_no_column_could_tell_it(collected, script, services):
    script("CREATE TABLE openai_spending (date TEXT PRIMARY KEY, amount_cents INTEGER);")
    amount = {"amount": {"value": 1, "currency": "eur"}}
    services.refuse = {
        "costs": (200, {"data": [{"start_time": 1_795_305_600, "results": [amount]}]})
    }
    outcome = collected("openai")["openai"]
    assert "no column for a currency, but there are amounts in EUR" in outcome.problem
    assert outcome.written == 0


def test_a_name_with_half_a_character_is_stored_as_text_that_can_be_read(collected, services, rows):
    services.refuse = {"workers/scripts": (200, enveloped([{"id": "a\ud800'; DROP TABLE x"}]))}
    assert collected("workers")["workers"].problem == ""
    assert rows("SELECT id FROM cloudflare_workers") == [("a\ufffd'; DROP TABLE x",)]


def test_rows_that_share_a_key_are_named_and_kept(collected, script, rows):
    script(
        "CREATE TABLE r2_buckets (id TEXT, name TEXT);INSERT INTO r2_buckets VALUES (1,2),(1,3);"
    )
    problem = collected("buckets")["buckets"].problem
    assert problem.startswith("The table r2_buckets has rows with the same id. Remove the")
    assert rows("SELECT count(*) FROM r2_buckets") == [(2,)]


def test_an_index_is_made_once_and_only_if_it_is_missing(collected, script, rows):
    script("CREATE TABLE r2_buckets (id TEXT, name TEXT);")
    assert collected("buckets")["buckets"].written == 2
    assert collected("buckets", create=False)["buckets"].problem == ""
    assert rows("SELECT name FROM sqlite_master WHERE type = 'index'") == [("collect_r2_buckets",)]


def test_a_dry_run_makes_no_file_and_counts_every_row_as_new(collected, path):
    outcomes = collected(dry=True)
    assert not path.exists()
    assert not any(one.problem for one in outcomes.values())
    assert [one.written for one in outcomes.values()] == [one.read for one in outcomes.values()]
    assert outcomes["buckets"].sample["r2_buckets"][0]["name"] == "media"


def test_a_dry_run_counts_the_rows_that_are_new_or_differ_and_shows_them(
    collected, path, script, filled
):
    path.write_bytes(filled.path.read_bytes())
    script(
        "UPDATE cloudflare_usage SET cost_usd = 99 WHERE usage_date = '2026-11-20' "
        "AND resource = 'example.com';"
        "DELETE FROM cloudflare_usage WHERE usage_date = '2026-11-21' AND resource = '';"
        "UPDATE r2_buckets SET storage_class = 'Standard';"
    )
    before = hashlib.sha256(path.read_bytes()).digest()
    outcomes = collected(dry=True, create=False)
    assert hashlib.sha256(path.read_bytes()).digest() == before
    assert {name: one.written for name, one in outcomes.items() if one.written} == {"billing": 2}
    told = outcomes["billing"].sample["cloudflare_usage"]
    assert [(one["usage_date"], one["resource"], one["cost_usd"]) for one in told] == [
        ("2026-11-20", "example.com", 2.0),
        ("2026-11-21", "", 0.015),
    ]
    written = {name: one.written for name, one in collected(create=False).items() if one.written}
    assert written == {"billing": 2}


def test_a_file_that_is_no_database_ends_the_run(collected, path):
    path.write_bytes(b"no database at all" * 100)
    outcomes = collected("buckets", "workers")
    assert len({one.problem for one in outcomes.values()}) == 1
    assert "is not a readable SQLite database" in outcomes["workers"].problem
