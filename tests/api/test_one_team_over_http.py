"""The API as somebody asks it who may see one team only: no mark of another team anywhere."""

import sqlite3
from contextlib import closing
from itertools import islice

import one_team
import pytest

from meaux.query.metrics import DEFINITIONS
from meaux.query.queries import QUERIES

PLAN = f"""
[[budgets]]
name = "Company {one_team.MARK}"
scope = "total"
monthly = {one_team.NUMBER}

[[budgets]]
name = "Client {one_team.MARK}"
scope = "team"
of = "team_client{one_team.MARK}"
monthly = {one_team.NUMBER}

[[budgets]]
name = "Wrong {one_team.MARK}"
scope = "project"
monthly = "{one_team.MARK}"

[[budgets]]
name = "The lab"
scope = "team"
of = "l'atelier d'Idées"
monthly = 5000

[allowances]
ai_tokens = {one_team.NUMBER}

[api]
requests_per_minute = 100_000
"""
PATHS = [
    *(f"/v1/queries/{name}" for name in QUERIES),
    *(f"/v1/metrics/{name}" for name in DEFINITIONS),
    *("/v1/metrics", "/v1/alerts", "/v1/budgets", "/v1/forecast", "/v1/health", "/readyz"),
]
MANY = 30
"""How many answers with a mark are enough."""


@pytest.fixture
def ask_as(ask, key_of, declare, world, marked_file):
    """Ask as an analyst of the team, or of the whole company."""
    declare(PLAN)
    world.setenv("MEAUX_DATABASE", str(marked_file))

    def ask_as(path, teams=one_team.GIVEN, **parameters):
        header = {"authorization": f"Bearer {key_of('analyst', *teams)}"}
        return ask(path, None, headers=header, **parameters)

    return ask_as


FILTERED = ("/v1/queries/", "/v1/metrics/", "/v1/forecast")


def filters(path):
    """The filters of an address that has some."""
    return {"period": "90d"} if path.startswith(FILTERED) else {}


@pytest.mark.parametrize("path", PATHS)
def test_nothing_tells_of_another_team(ask_as, path):
    found = ask_as(path, **filters(path))
    assert found.status_code in {200, 403, 404}, found.text
    for trace in (one_team.MARK, str(one_team.NUMBER)):
        assert trace not in found.text
        assert trace not in str(found.headers)
    if path.startswith("/v1/queries/") and found.status_code == 200:
        assert one_team.MARK not in ask_as(path, period="90d", format="csv").text


def test_the_whole_company_shows_the_marks(ask_as):
    """So that the test above would find them."""
    shown = (path for path in PATHS if one_team.MARK in ask_as(path, (), **filters(path)).text)
    assert len([*islice(shown, MANY)]) == MANY
    assert one_team.MARK in ask_as("/v1/budgets", ()).text


@pytest.mark.parametrize("key", ["team", "project"])
def test_another_team_is_as_unknown_as_one_that_does_not_exist(ask_as, key, marked_file):
    with closing(sqlite3.connect(marked_file)) as database:
        found = database.execute(f"SELECT id FROM {key}s WHERE id LIKE '%{one_team.MARK}'")
        strange = found.fetchone()[0]
    path = "/v1/queries/hours_by_day"
    answers = {ask_as(path, **{key: one}).text for one in (strange, "nobody's")}
    assert len(answers) == 1
    assert "Unknown" in answers.pop()


def test_what_covers_the_whole_database_is_not_for_somebody_with_teams(ask_as):
    for path in ("/v1/health", "/v1/queries/system_page", "/v1/queries/worker_errors"):
        found = ask_as(path)
        assert found.status_code == 403
        assert found.json()["detail"].startswith("Not for your teams")


def test_the_teams_own_budget_is_told(ask_as):
    names = {one["name"] for one in ask_as("/v1/budgets").json()["budgets"]}
    assert "The lab" in names
    assert "Everything" not in names
