"""Every budget there is, with what it covers, on the demo and on databases made for it."""

from datetime import date, timedelta

import pytest

from meaux.data.budgeting import Budget
from meaux.data.plan import Plan
from meaux.query.filters.period import month_to_date
from meaux.subjects.money import budget_status
from meaux.subjects.money.ledger import Ledger
from meaux.subjects.money.outlook import outlook
from meaux.subjects.money.spent import Company

TODAY = date(2026, 11, 22)
MONTH = month_to_date(TODAY)
DAYS_IN_NOVEMBER = 30
COME_AGAIN = -25.0 + 45.0
"""What the demo is billed once a month in dollars: a credit and a plan."""

LEDGER = """
CREATE TABLE projects (id TEXT, name TEXT, team_id TEXT, status TEXT);
CREATE TABLE teams (id TEXT, name TEXT);
CREATE TABLE ai_cost_tracking (created_at TEXT, project_id TEXT, model TEXT, cost_usd REAL);
INSERT INTO teams VALUES ('t1', 'Red'), ('t2', 'Blue');
INSERT INTO projects VALUES ('p1', 'Alpha', 't1', 'active'), ('p2', 'Beta', 't2', 'active'),
  ('p3', 'Gamma', 't2', 'active'), ('p4', 'p1', 't2', 'active');
INSERT INTO ai_cost_tracking VALUES
  ('2026-11-02T09:00:00Z', 'p1', 'm', 10), ('2026-11-03T09:00:00Z', 'p2', 'm', 20),
  ('2026-11-04T09:00:00Z', NULL, 'm', 40), ('2026-10-30T09:00:00Z', 'p1', 'm', 500),
  ('2026-11-05T09:00:00Z', 'p4', 'm', 80);
CREATE TABLE time_entries (started_at TEXT, project_id TEXT, seconds INTEGER, cost_usd REAL);
INSERT INTO time_entries VALUES ('2026-11-06T09:00:00Z', 'p1', 3600, 1000);
"""


@pytest.fixture
def stand(met, demo_source):
    """The budgets by name, of a source under a plan."""

    def stand(source=demo_source, budgets=(), selection="30d"):
        found = met(budget_status.Statuses, selection, source, plan=Plan(budgets=tuple(budgets)))
        return {budget.budget.name: budget for budget in found}

    return stand


def budget(scope, of="", monthly=1_000.0, name=None):
    return Budget(name or f"{scope} {of}".strip(), scope, of, monthly, "meaux.toml")


def others(books):
    """The services that the demo is billed for day by day, not once a month."""
    return set(books.lines["service"]) - {"Credit", "Plan"}


def test_the_demos_own_budgets_cover_what_plain_sql_finds(stand, books):
    found = stand()
    teams = {}
    for project, team in books.rows("SELECT id, team_id FROM projects"):
        teams.setdefault(team, set()).add(project)
    expected = {}
    for name, team, limit in books.rows(
        "SELECT name, team_id, monthly_limit_usd FROM openai_budgets WHERE period = 'monthly'"
    ):
        only = {"project": teams[team]} if team else {}
        expected[name] = (books.total(MONTH, category={"AI"}, **only), limit)
    for project, name, limit in books.rows(
        "SELECT id, name, monthly_budget_usd FROM projects"
        " WHERE monthly_budget_usd > 0 AND lower(status) <> 'archived'"
    ):
        expected[name] = (books.total(MONTH, project={project}), limit)
    assert found.keys() == expected.keys()
    for name, (spent, limit) in expected.items():
        assert found[name].actual == pytest.approx(spent, abs=1e-5), name
        assert found[name].budget.amount == limit
        assert found[name].used == pytest.approx(spent / limit, abs=1e-6)
        assert found[name].pace == pytest.approx(spent / limit - 22 / 30, abs=1e-6)
        assert found[name].remaining == pytest.approx(limit - spent, abs=1e-5)


def test_burn_and_run_rate_are_means_of_complete_days(stand, books):
    [found] = [s for name, s in stand(budgets=[budget("total")]).items() if name == "total"]
    other = others(books)
    week = books.each_day(TODAY - timedelta(7), TODAY - timedelta(1), service=other)
    month = books.each_day(TODAY - timedelta(30), TODAY - timedelta(1), service=other)
    passed = books.each_day(MONTH.start, TODAY - timedelta(1), service=other)
    assert found.burn7 == pytest.approx(sum(week) / 7)
    assert found.burn30 == pytest.approx(sum(month) / 30)
    assert found.run_rate == pytest.approx(sum(passed) / 21 * DAYS_IN_NOVEMBER + COME_AGAIN)


DECLARED = {
    ("total", ""): {},
    ("category", "Time"): {"category": {"Time"}},
    ("category", "AI"): {"category": {"AI"}},
    ("category", "Infrastructure"): {"category": {"Infrastructure"}},
    ("project", "prj_spillway"): {"project": {"prj_spillway"}},
    ("project", "<B>bolt</B> CHECKOUT"): {"project": {"prj_bolt"}},
    ("project", "Magnolia Migration"): {"project": {"prj_magnolia"}},
}
"""No project has another budget: what is read for one would serve the other too."""


def test_a_declared_budget_covers_what_it_names(stand, books):
    found = stand(budgets=[budget(*named) for named in DECLARED])
    for (scope, of), only in DECLARED.items():
        spent = pytest.approx(books.total(MONTH, **only), abs=1e-5)
        assert found[f"{scope} {of}".strip()].actual == spent, (scope, of)


EARLIER = """
INSERT INTO ai_cost_tracking VALUES
  ('2026-10-02T09:00:00Z', 'p1', 'm', 3000), ('2026-02-01T09:00:00Z', 'p1', 'm', 5000);
"""
ALONE = {
    ("total", ""): 4_650,
    ("category", "AI"): 3_650,
    ("project", "Alpha"): 4_510,
    ("team", "Red"): 4_510,
}


def test_a_long_budget_covers_its_earlier_days_though_it_is_the_only_one(stand, database_of):
    source = database_of(LEDGER + EARLIER)
    for (scope, of), spent in ALONE.items():
        for span, before in {"quarter": 0, "year": 5_000}.items():
            alone = Budget("mine", scope, of, 1_000, "meaux.toml", span)
            assert stand(source, [alone])["mine"].actual == spent + before, (scope, of, span)


def test_a_declared_team_is_found_by_id_and_by_name_in_any_case(stand, books):
    teams = books.rows("SELECT id, name FROM teams")
    words = {of: team for team, name in teams for of in (team, name, name.upper())}
    found = stand(budgets=[budget("team", of) for of in words])
    for of, team in words.items():
        theirs = {p for (p,) in books.rows("SELECT id FROM projects WHERE team_id = ?", team)}
        spent = pytest.approx(books.total(MONTH, project=theirs), abs=1e-5)
        assert found[f"team {of}"].actual == spent, of


def test_a_budget_of_what_does_not_exist_is_unknown_and_never_zero(stand):
    reasons = {
        ("project", "Gumbo Grpah"): "no project has the name or ID “Gumbo Grpah”",
        ("team", "Nobody's team"): "no team has the name or ID “Nobody's team”",
        ("person", "zoe@meaux.example"): "no person has the name or ID “zoe@meaux.example”",
        ("model", "gpt-5"): "no recent AI entry is of the model “gpt-5”",
    }
    found = stand(budgets=[budget(*declared) for declared in reasons])
    for (scope, of), why in reasons.items():
        one = found[f"{scope} {of}"]
        assert (one.status, one.actual) == ("unknown", None)
        assert one.sentence == f"{scope} {of} budget: spend this month is unknown: {why}."


def test_a_budget_of_a_project_that_cost_nothing_has_all_of_it_left(stand, database_of):
    found = stand(database_of(LEDGER), [budget("project", "Gamma")])["project Gamma"]
    assert (found.status, found.actual, found.remaining) == ("on track", 0, 1_000)


def test_an_id_is_taken_before_a_name_that_reads_the_same(stand, database_of):
    found = stand(database_of(LEDGER), [budget("project", "p1"), budget("project", "P1")])
    assert found["project p1"].actual == 1_010
    assert found["project P1"].actual == 80


def test_filters_change_no_standing(stand, select):
    declared = [budget("total"), budget("team", "team_lab"), budget("project", "prj_bolt")]
    whole = stand(budgets=declared)
    narrow = select("7d", teams=("team_lab",), projects=("prj_bolt",), people=("usr_zoe",))
    assert stand(budgets=declared, selection=narrow) == whole


def test_the_most_severe_standing_comes_first(stand):
    found = list(stand(budgets=[budget("total", monthly=1.0)]).values())
    assert found[0].status == "over"
    order = ["over", "at risk", "watch", "on track", "unknown"]
    places = [order.index(s.status) for s in found]
    assert places == sorted(places)
    assert len(budget_status.frame(found)) == len(found)


def test_budgets_of_ai_cover_their_project_their_team_or_all(stand, database_of):
    found = stand(
        database_of(
            f"{LEDGER} CREATE TABLE openai_budgets (name, project_id, team_id, limit_usd, period);"
            "INSERT INTO openai_budgets VALUES ('project', 'p1', NULL, 100, 'monthly'),"
            " ('named', 'ALPHA', NULL, 100, 'monthly'), ('team', NULL, 't2', 100, 'MONTH'),"
            " ('all', NULL, NULL, 1000, NULL), ('year', NULL, NULL, 9, 'yearly'),"
            " ('day', NULL, 't1', 9, 'daily'), ('nothing', 'p1', NULL, 0, 'monthly'),"
            " ('gone', 'p9', NULL, 100, 'monthly');"
        )
    )
    actual = {name: s.actual for name, s in found.items()}
    of_month = {"project": 10, "named": 10, "team": 100, "all": 150, "gone": None}
    assert actual == of_month | {"year": 650}
    assert found["gone"].status == "unknown"
    assert found["all"].budget.source == "openai_budgets"


@pytest.mark.parametrize(("count", "spent"), [(1, 150), (2, None)])
def test_budgets_that_nothing_tells_apart_are_unknown_and_never_guessed(
    stand, database_of, count, spent
):
    rows = ", ".join(f"('b{n}', 1000)" for n in range(count))
    found = stand(
        database_of(
            f"{LEDGER} CREATE TABLE openai_budgets (name, limit_usd);"
            f"INSERT INTO openai_budgets VALUES {rows};"
        )
    )
    assert [s.actual for s in found.values()] == [spent] * count


@pytest.mark.parametrize("columns", ["created_at TEXT, cost_usd REAL", None])
def test_ai_spend_that_names_no_project_leaves_the_budget_of_a_team_unknown(
    stand, database_of, columns
):
    ai = f"CREATE TABLE ai_cost_tracking ({columns});" if columns else ""
    fill = "INSERT INTO ai_cost_tracking VALUES ('2026-11-02T09:00:00Z', 10);" if columns else ""
    found = stand(
        database_of(
            "CREATE TABLE projects (id TEXT, team_id TEXT);"
            "INSERT INTO projects VALUES ('p1', 't1');"
            "CREATE TABLE time_entries (started_at TEXT, project_id TEXT, cost_usd REAL);"
            "INSERT INTO time_entries VALUES ('2026-11-02T09:00:00Z', 'p1', 5);"
            "CREATE TABLE openai_budgets (name, team_id, limit_usd);"
            "INSERT INTO openai_budgets VALUES ('theirs', 't1', 100);"
            f"{ai} {fill}"
        )
    )
    assert found["theirs"].status == "unknown"


def test_budgets_of_projects_count_all_categories_and_leave_archived_ones_out(stand, database_of):
    found = stand(
        database_of(
            f"{LEDGER} ALTER TABLE projects ADD COLUMN budget_cents INTEGER;"
            "UPDATE projects SET budget_cents = 200000 WHERE id IN ('p1', 'p2');"
            "UPDATE projects SET status = 'ARCHIVED' WHERE id = 'p2';"
        )
    )
    assert {name: (s.budget.amount, s.actual) for name, s in found.items()} == {
        "Alpha": (2_000, 1_010)
    }


def test_a_category_without_a_source_leaves_its_budget_unknown(stand, database_of):
    found = stand(database_of(LEDGER), [budget("category", "Infrastructure"), budget("total")])
    assert found["category Infrastructure"].status == "unknown"
    assert found["total"].actual == 1_150


def test_the_budget_of_a_team_is_unknown_where_no_project_names_its_team(stand, database_of):
    source = database_of(LEDGER + "ALTER TABLE projects DROP COLUMN team_id;")
    found = stand(source, [budget("team", "Red"), budget("project", "Alpha")])
    assert (found["team Red"].status, found["team Red"].actual) == ("unknown", None)
    assert found["project Alpha"].actual == 1_010


def test_a_company_without_budgets_has_no_standing(stand, database_of):
    assert stand(database_of(LEDGER)) == {}
    assert stand(database_of("")) == {}
    assert stand(database_of(""), [budget("total")])["total"].status == "unknown"


def test_three_days_of_data_burn_what_the_card_says_they_burn(stand, database_of, met, select):
    lines = ", ".join(f"('2026-11-{day}T09:00:00Z', {day})" for day in (19, 20, 21, 22))
    source = database_of(
        "CREATE TABLE ai_cost_tracking (created_at TEXT, cost_usd REAL);"
        f"INSERT INTO ai_cost_tracking VALUES {lines};"
    )
    found = stand(source, [budget("total")])["total"]
    selection = select("30d")
    seen = outlook(Ledger(met(Company, selection, source)), selection)
    assert found.burn7 == seen.burn(7) == 20
    assert found.run_rate == seen.month.run_rate == 600
    assert found.forecast == pytest.approx(seen.month.forecast)
    assert found.actual == 82


@pytest.mark.parametrize("day", [date(2026, 11, 1), date(2026, 10, 31), date(2026, 3, 31)])
def test_a_month_is_only_its_own_days(stand, select, books, day):
    found = stand(budgets=[budget("total")], selection=select("30d", today=day))["total"]
    month = month_to_date(day)
    assert found.actual == pytest.approx(books.total(month), abs=1e-5)
    assert (found.run_rate is None) == (day.day <= 3)


def test_a_leap_february_has_29_days(stand, leap_year, books_of, select):
    found = stand(leap_year.source, [budget("total")], select("30d", today=leap_year.today))[
        "total"
    ]
    books = books_of(leap_year.file)
    spent = books.each_day(date(2028, 2, 1), date(2028, 2, 28), service=others(books))
    assert found.run_rate == pytest.approx(sum(spent) / 28 * 29 + COME_AGAIN)
    assert found.pace == pytest.approx(found.used - 1)
