"""The portfolio: every project and every other line of the ledger, beside its budget."""

import pytest

from meaux.query.filters.period import month_to_date
from meaux.subjects.money.portfolio import Portfolio


@pytest.fixture
def shown(met, demo_source):
    """The lines of the portfolio by name, on the demo or another source."""

    def shown(selection="30d", source=demo_source):
        lines = met(Portfolio, selection, source).frame.to_dict("records")
        return {line["name"]: line for line in lines}

    return shown


def known(value):
    """The number, to compare with; None where there is none."""
    return None if value is None else pytest.approx(value)


def read(cell):
    return None if cell != cell else cell  # noqa: PLR0124  an unknown number is no number


def test_every_project_stands_beside_its_team_and_its_cost_now_and_before(shown, books, select):
    selection = select("30d")
    found = shown(selection)
    now, then = (books.by("project", p) for p in (selection.period, selection.compared))
    stored = books.rows(
        "SELECT p.id, p.name, t.name FROM projects p LEFT JOIN teams t ON t.id = p.team_id"
    )
    for key, name, team in stored:
        line = found[name]
        assert read(line["team"]) == team
        assert read(line["cost"]) == known(now.get(key))
        assert read(line["before"]) == known(then.get(key))


def test_the_costs_add_up_to_the_total_with_what_is_unassigned(shown, books, select):
    selection = select("30d")
    found = shown(selection)
    costs = [line["cost"] for line in found.values() if line["cost"] == line["cost"]]
    assert sum(costs) == pytest.approx(books.total(selection.period))
    assert found["Unassigned"]["cost"] == pytest.approx(books.by("project", selection.period)["-"])
    assert sum(line["share"] for line in found.values() if read(line["share"])) == pytest.approx(1)


def test_a_monthly_budget_stands_beside_what_is_spent_of_it_this_month(shown, books, select):
    """Whatever the period is, and whoever is chosen."""
    stored = books.rows("SELECT id, name, lower(status), monthly_budget_usd FROM projects")
    month = month_to_date(select("30d").today)
    for selection in (select("30d"), select("7d"), select("30d", people=("usr_zoe",))):
        found = shown(selection)
        for key, name, status, budget in stored:
            line = found[name]
            assert read(line["budget"]) == budget
            if budget is None or status == "archived":
                assert read(line["spent_this_month"]) is None
                assert read(line["used"]) is None
            else:
                spent = books.total(month, project={key})
                assert line["spent_this_month"] == pytest.approx(spent, abs=1e-5)
                assert line["used"] == pytest.approx(spent / budget, abs=1e-6)


def test_a_line_of_a_project_that_is_gone_is_in_the_total_too(shown, database_of):
    source = database_of(
        "CREATE TABLE projects (id TEXT, name TEXT, status TEXT);"
        "INSERT INTO projects VALUES ('p1', 'Alpha', 'active'), ('p2', 'Beta', 'paused');"
        "CREATE TABLE ai_cost_tracking (created_at TEXT, project_id TEXT, cost_usd REAL);"
        "INSERT INTO ai_cost_tracking VALUES ('2026-11-20T09:00:00Z', 'p1', 5),"
        " ('2026-11-20T09:00:00Z', 'gone', 7), ('2026-11-20T09:00:00Z', NULL, 11);"
    )
    found = shown(source=source)
    assert {name: read(line["cost"]) for name, line in found.items()} == {
        "Unassigned": 11,
        "gone": 7,
        "Alpha": 5,
        "Beta": None,
    }
    assert [read(found[name]["status"]) for name in ("Alpha", "gone")] == ["Active", None]
