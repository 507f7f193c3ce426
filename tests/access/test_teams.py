"""Somebody with teams signs in: their rows alone, on every page, and nothing of the database."""

import sqlite3
from contextlib import closing

import pytest
from visits import ADDRESSES

TESS = "tess"


@pytest.fixture(scope="module")
def others(demo_file):
    """The names of the other teams, and of their projects."""
    with closing(sqlite3.connect(demo_file)) as database:
        found = database.execute(
            "SELECT name FROM teams WHERE id <> 'team_platform' UNION ALL "
            "SELECT name FROM projects WHERE team_id <> 'team_platform'"
        )
        return [name for (name,) in found if name.isascii() and name.replace(" ", "").isalpha()]


def named(names, words):
    return [name for name in names if name in words]


@pytest.mark.parametrize("page", [page for page in ADDRESSES if page != "data"])
def test_a_page_names_no_other_team_and_no_project_of_one(signed_in, others, page):
    with signed_in(TESS).page(page) as seen:
        assert "Your teams only" in seen.words
        assert named(others, seen.words) == []


def test_somebody_without_teams_sees_the_names(signed_in, others):
    with signed_in("anna").page("projects") as seen:
        assert named(others, seen.words) == others


@pytest.mark.parametrize("query", ["tab=Health", "tab=Catalog&table=teams", "tab=SQL&sql=SELECT+1"])
def test_whatever_their_role_nothing_of_the_whole_database_opens(signed_in, query):
    with signed_in(TESS).page("data", query) as seen:
        assert 'title: "Data"' not in seen.words
        assert seen.drawn("text_area") == []
