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
        assert seen.alerts == ["Your teams have no access to Data. Ask for access: Anna Meyer."]


def test_the_sidebar_names_the_teams(signed_in):
    with signed_in(TESS).page("time") as seen:
        assert "Signed in as tess@example.com, admin." in seen.words
        assert "Teams: Platform & data" in seen.words


@pytest.mark.parametrize(("label", "query"), [("CSV", "data=Cost+trend"), ("Export page", "")])
def test_a_file_is_only_for_whom_it_was_made_or_for_who_sees_all_teams(signed_in, label, query):
    signed_in("nora")
    with signed_in("ben").page("", query) as everything, signed_in("tom").page("", query) as own:
        made = [everything.download(label), own.download(label)]
        answers = {
            name: [signed_in(name).get(url).status_code for url in made]
            for name in ("ben", "tom", "nora")
        }
    assert answers == {"ben": [200, 200], "tom": [403, 200], "nora": [403, 403]}


def test_a_file_that_is_not_there_is_refused_to_people_with_teams(signed_in):
    assert signed_in("nora").get("/media/none.csv").status_code == 403
