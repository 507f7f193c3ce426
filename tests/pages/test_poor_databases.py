"""On a database that lacks things, each card says what it lacks, and nothing is silently zero."""

import sqlite3
from contextlib import closing

import pytest

from meaux.ui import pages

AI_TABLES = "AI, which needs the table ai_cost_tracking (or one of"
INFRASTRUCTURE_TABLES = "Infrastructure, which needs the table cloudflare_usage"


@pytest.fixture
def home(open_page, five_tables):
    return open_page(five_tables)


def test_projects_are_counted_without_a_trend_where_nothing_says_when_they_were_made(home):
    figure = home.figure("Total projects")
    assert figure.value == "3"
    assert figure.trend == []
    assert figure.delta == ""
    assert figure.versus == ""


def test_active_users_are_not_available_and_the_card_names_the_tables(home):
    figure = home.figure("Active users")
    assert figure.value == "-"
    assert figure.note.startswith("Needs the table user_sessions (or one of ")
    assert figure.trend == []


def test_the_month_cost_is_what_is_there_and_names_the_categories_that_are_not(home):
    figure = home.figure("This month's cost")
    assert figure.value == "$80.00"
    assert (figure.delta, figure.versus) == ("", "")
    assert figure.note.startswith("No comparison: no data before 20 Oct 2026.")
    assert "October total: $70.00." in figure.note
    assert AI_TABLES in figure.note
    assert INFRASTRUCTURE_TABLES in figure.note
    assert "1 entry has no price" in figure.note


def test_hours_are_there(home):
    assert home.figure("Total time logged").value == "3.0 h"


def test_the_cost_trend_draws_no_line_for_a_category_without_a_source(home):
    card = home.card("Cost trend")
    assert card.is_drawn
    assert "Time: $80.00 in total" in card.description
    assert "AI:" not in card.description
    assert "Infrastructure:" not in card.description
    assert AI_TABLES in card.note
    assert INFRASTRUCTURE_TABLES in card.note


def test_statuses_are_drawn_archived_ones_included(home):
    description = home.card("Project status").description
    assert "Projects: 4 in total" in description
    assert "Active 2 (50%), Paused 1 (25%), Archived 1 (25%)" in description


def test_projects_by_team_works_by_id_where_there_is_no_table_of_teams(home):
    description = home.card("Projects by team").description
    assert "Projects: 3 in total. team_red 2 (67%), No team 1 (33%)." in description


def test_the_ranking_by_cost_says_that_nothing_names_a_project(home):
    card = home.card("Top 5 projects")
    assert not card.is_drawn
    assert card.state.startswith("Not available for this database. Needs time_entries.project_id")


def test_the_ranking_by_activity_and_the_log_say_that_nothing_names_a_project(home):
    home.choose("top", "Activity")
    for title in ("Top 5 projects", "Latest activity"):
        assert not home.card(title).is_drawn
        assert "Needs time_entries.project_id" in home.card(title).state


def test_a_filter_that_has_nothing_to_offer_is_off_and_says_why(home):
    for key, needed in (("team", "the table teams"), ("person", "the table users")):
        widget = home.app.multiselect(key=key)
        assert widget.disabled
        assert needed in widget.help
    assert not home.app.multiselect(key="project").disabled


def test_a_card_that_cannot_be_offers_no_file(home):
    assert not home.data_of("Latest activity").get("download_button")
    assert home.data_of("Cost trend").get("download_button")


def test_tables_without_a_row_show_no_price_instead_of_nothing_spent(open_page, sixty_empty_tables):
    home = open_page(sixty_empty_tables)
    assert home.figure("This month's cost").value == "-"
    assert home.figure("Total projects").value == "0"
    assert home.figure("Active users").value == "0"
    assert home.figure("Total time logged").value == "0.0 h"


def test_a_cost_column_that_nobody_ever_filled_is_not_zero_dollars(open_page, file_of):
    home = open_page(
        file_of(
            "CREATE TABLE time_entries (id, started_at INTEGER, ended_at INTEGER, cost_usd REAL);"
            "INSERT INTO time_entries VALUES (1, 1795180000, 1795183600, NULL);"
        )
    )
    assert home.figure("This month's cost").value == "-"
    assert "no price" in home.figure("This month's cost").note
    assert home.figure("Total time logged").value == "1.0 h"
    assert "$0" not in home.card("Cost trend").state


def test_every_figure_names_what_it_needs_where_there_is_no_table(open_page, file_of):
    home = open_page(file_of())
    notes = {label: home.figure(label).note for label in home.figures()}
    assert notes["Total projects"] == "Needs the table projects."
    assert "the table time_entries" in notes["Total time logged"]
    assert "one of 8 alternatives" in notes["This month's cost"]


def test_every_card_names_what_it_needs_where_there_is_no_table(open_page, file_of):
    home = open_page(file_of())
    for title in home.titles():
        state = home.card(title).state
        assert state.startswith("Not available for this database. Needs the table "), title
        assert state.endswith(
            "If your tables use other names, map them in `.streamlit/schema.toml`."
        ), title


def test_a_value_that_cannot_be_read_is_told_once_and_only_where_it_counts(open_page, tmp_path):
    path = tmp_path / "unread.db"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(
            "CREATE TABLE ai_cost_tracking (model TEXT, cost_usd REAL, created_at TEXT);"
            "INSERT INTO ai_cost_tracking VALUES ('m', 10, '2026-11-02 09:00:00'),"
            " ('m', 9e999, '2026-11-03 09:00:00');"
        )
    page = open_page(path, page=pages.find("Financial analytics"))
    said = "Left out: values in ai_cost_tracking.cost_usd that can't be read"
    trend = page.card("Cost trend").note
    assert trend.count(said) == trend.count("left out of cost totals") == 1
    for title in ("Budget vs actual", "Budget details", "Reconciliation"):
        assert page.card(title).note == ""
    assert said in page.card("Forecast").note


def test_a_table_that_can_not_be_read_is_named_below_the_title(open_page, file_of):
    home = open_page(
        file_of(
            "CREATE TABLE projects (id TEXT, name TEXT, status TEXT);"
            "INSERT INTO projects VALUES ('p1', 'One', 'active');"
            "PRAGMA writable_schema = ON; INSERT INTO sqlite_master VALUES "
            "('table', 'users', 'users', 0, 'CREATE VIRTUAL TABLE users USING gone_tree (id)');"
        )
    )
    assert "Invalid: 1 entry in the schema; everything else is in use." in " ".join(home.between)
    assert home.figure("Total projects").value == "1"
    assert home.errors == []
