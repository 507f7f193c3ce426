"""The cards of one's own over HTTP: listed, with their rows, for whoever may see them."""

import csv
import io
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "cards"
OF_TABLES = "newest_sign_ups"
"""A card on the database's own tables."""


@pytest.fixture
def examples(world):
    world.setenv("MEAUX_CARDS", str(EXAMPLES))


@pytest.fixture
def card(world, tmp_path):
    """Write one card and return its folder's only name."""

    def card(sql):
        (tmp_path / "own.sql").write_text(sql, encoding="utf-8")
        world.setenv("MEAUX_CARDS", str(tmp_path))
        return "cards/own"

    return card


@pytest.mark.usefixtures("examples")
def test_every_card_is_listed_with_its_page(ask):
    listed = {card["name"]: card for card in ask("/v1/cards").json()["cards"]}
    assert listed.keys() == {file.stem for file in EXAMPLES.glob("*.sql")}
    assert listed["new_conversations"]["page"] == "Home"
    assert listed["hours_by_weekday"]["title"] == "Hours by weekday"


def test_without_a_folder_no_card_is_listed(ask, world, tmp_path):
    world.setenv("MEAUX_CARDS", str(tmp_path / "none"))
    assert ask("/v1/cards").json() == {"cards": []}


@pytest.mark.usefixtures("examples")
def test_a_card_has_the_rows_that_plain_sql_finds(ask, demo_file):
    with closing(sqlite3.connect(demo_file)) as database:
        expected = database.execute(
            "SELECT substr(started_at, 1, 7), sum(amount_cents) / 100.0 FROM work_time_sessions"
            " GROUP BY 1 ORDER BY 1"
        ).fetchall()
    found = ask("/v1/cards/revenue_by_month").json()
    assert [column["name"] for column in found["columns"]] == ["month", "billed"]
    assert found["columns"][1]["unit"] == "money"
    assert found["rows"] == [[f"{month}-01", pytest.approx(billed)] for month, billed in expected]


@pytest.mark.usefixtures("examples")
def test_a_number_is_beside_that_of_the_comparison_period(ask):
    found = ask("/v1/cards/new_conversations", period="2026-11-01..2026-11-14").json()
    before = ask("/v1/cards/new_conversations", period="2026-10-18..2026-10-31").json()
    assert found["rows"] == [[found["value"]]]
    assert (found["before"], found["versus"]) == (before["value"], "vs 18\N{EN DASH}31 Oct 2026")


@pytest.mark.usefixtures("examples")
def test_a_card_comes_as_csv_for_those_who_may_have_files(ask):
    shown = ask("/v1/cards/hours_by_weekday", "analyst").json()
    written = ask("/v1/cards/hours_by_weekday", "analyst", format="csv")
    rows = list(csv.reader(io.StringIO(written.text)))
    assert rows[0] == [column["heading"] for column in shown["columns"]]
    assert [[day, pytest.approx(float(hours))] for day, hours in rows[1:]] == shown["rows"]
    assert ask("/v1/cards/hours_by_weekday", "viewer", format="csv").status_code == 403


@pytest.mark.usefixtures("examples")
def test_a_card_on_the_databases_own_tables_is_for_those_who_may_write_sql(ask):
    assert len(ask(f"/v1/cards/{OF_TABLES}", "analyst").json()["rows"]) == 10
    refused = ask(f"/v1/cards/{OF_TABLES}", "viewer")
    assert (refused.status_code, "Not for your role" in refused.text) == (403, True)


@pytest.mark.usefixtures("examples")
def test_a_key_for_one_team_gets_no_rows_of_the_whole_database(ask, key_of):
    key = {"authorization": f"Bearer {key_of('analyst', 'Platform & data')}"}
    refused = ask(f"/v1/cards/{OF_TABLES}", None, headers=key)
    assert (refused.status_code, "rows" in refused.json()) == (403, False)


@pytest.mark.usefixtures("examples")
def test_an_unknown_card_is_named_with_a_similar_one(ask):
    found = ask("/v1/cards/hours_by_weekdays")
    assert found.status_code == 404
    assert found.json()["detail"].endswith("did you mean hours_by_weekday?")


def test_a_mistake_is_told_to_those_who_may_write_sql(ask, card):
    path = card("-- chart: bar\nSELECT 1 AS one")
    assert "cards/own.sql" not in ask(f"/v1/{path}", "viewer").text
    found = ask(f"/v1/{path}", "admin")
    assert (found.status_code, "own.sql, line 1: chart" in found.text) == (404, True)


def test_unknown_and_infinite_values_are_null(ask, card):
    path = card("SELECT NULL AS none, 9e999 AS endless, 1.5 AS half")
    assert ask(f"/v1/{path}").json()["rows"] == [[None, None, 1.5]]


def test_the_statement_that_fails_is_a_problem_and_no_empty_answer(ask, card):
    path = card("-- language: sql\nSELECT abs(-9223372036854775807 - 1) AS big FROM users")
    assert ask(f"/v1/{path}").status_code >= 400
