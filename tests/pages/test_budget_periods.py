"""A budget is judged by its own period, and outside of its days by nothing; on Financial.

What was spent is each a power of two, so that a sum tells which days it is of.
"""

import tomllib

import pandas as pd
import pytest

from meaux.data.plan import read_plan
from meaux.subjects.money import figures
from meaux.subjects.money.cards import budgets
from meaux.ui import pages

FINANCIAL = pages.find("Financial analytics")

SPENT = """
CREATE TABLE projects (
  id TEXT PRIMARY KEY, name TEXT, team_id TEXT, status TEXT, budget_usd REAL, budget_period TEXT,
  budget_end_date TEXT, currency TEXT
);
CREATE TABLE teams (id TEXT PRIMARY KEY, name TEXT);
CREATE TABLE ai_cost_tracking (created_at TEXT, project_id TEXT, model TEXT, cost_usd REAL);
CREATE INDEX by_time ON ai_cost_tracking (created_at);
CREATE TABLE openai_budgets (
  name TEXT, project_id TEXT, team_id TEXT, limit_usd, period TEXT, start_date TEXT,
  end_date TEXT, currency TEXT
);
INSERT INTO teams VALUES ('t1', 'Red');
INSERT INTO projects (id, name, team_id, status) VALUES
  ('p1', 'Alpha', 't1', 'active'), ('p2', 'Beta', 't1', 'active');
INSERT INTO ai_cost_tracking VALUES
  ('2025-12-31T23:00:00Z', 'p1', 'm', 1024), ('2026-01-01T01:00:00Z', 'p1', 'm', 1),
  ('2026-03-31T09:00:00Z', 'p2', 'm', 2), ('2026-09-30T23:00:00Z', 'p1', 'm', 4),
  ('2026-10-01T01:00:00Z', 'p1', 'm', 8), ('2026-10-31T23:00:00Z', 'p2', 'm', 16),
  ('2026-11-01T01:00:00Z', 'p1', 'm', 32), ('2026-11-15T23:00:00Z', 'p1', 'm', 64),
  ('2026-11-16T01:00:00Z', 'p1', 'm', 128), ('2026-11-22T09:00:00Z', 'p2', 'm', 256);
"""
ALL = {"week": 384, "month": 480, "quarter": 504, "year": 511}
OF_ALPHA = {"week": 128, "month": 224, "quarter": 232, "year": 237}
PASSED = {"week": 7 / 7, "month": 22 / 30, "quarter": 53 / 92, "year": 326 / 365}
SPELT = {"week": "weekly", "month": "", "quarter": "Quarterly", "year": "ANNUAL"}

OPENING = 2
"""The calls that read the schema and bind it."""

by_span = pytest.mark.parametrize("span", ALL)


def budgets_of(rows):
    """A script that writes budgets into the database."""
    values = ", ".join(
        f"('{name}', {project}, {team}, 1000, '{span}', NULL, NULL, NULL)"
        for name, project, team, span in rows
    )
    return SPENT + (f"INSERT INTO openai_budgets VALUES {values};" if rows else "")


@pytest.fixture
def stand(open_page, file_of):
    """The row of each budget on Financial, by its name, of a database with these rows more."""

    def stand(*rows, script=""):
        opened = open_page(file_of(budgets_of(rows) + script), FINANCIAL)
        assert opened.exceptions == opened.errors == []
        shown = opened.sheets.get("Budget details", pd.DataFrame(columns=["name"]))
        return opened, by_name(shown)

    return stand


@pytest.fixture
def judged(database_of, met):
    """The row of each budget, by its name, as the cards of Financial are made."""

    def judged(*rows, script="", plan=""):
        source = database_of(budgets_of(rows) + script)
        chart, table = met(budgets.status, source=source, plan=read_plan(tomllib.loads(plan)))
        assert chart.answer is table.answer
        return by_name(table.answer.frame)

    return judged


def by_name(frame):
    return {row["name"]: row for row in frame.to_dict("records")}


def test_a_budget_of_the_database_is_judged_by_its_own_period(stand):
    scopes = {"all": ("NULL", "NULL"), "alpha": ("'p1'", "NULL"), "red": ("NULL", "'t1'")}
    _, found = stand(
        *((f"{who} {span}", *of, SPELT[span]) for who, of in scopes.items() for span in ALL)
    )
    assert {name: row["actual"] for name, row in found.items()} == {
        f"{who} {span}": (OF_ALPHA if who == "alpha" else ALL)[span]
        for who in scopes
        for span in ALL
    }
    for span, spent in ALL.items():
        row = found[f"all {span}"]
        assert row["used"] == pytest.approx(spent / 1000)
        assert row["pace"] == pytest.approx(100 * (spent / 1000 - PASSED[span]))
        assert row["period"] == span.capitalize()


@by_span
def test_a_budget_of_a_project_is_judged_by_its_own_period(judged, span):
    found = judged(
        script=f"UPDATE projects SET budget_usd = 1000, budget_period = '{SPELT[span]}'"
        " WHERE id = 'p1';"
    )
    assert found["Alpha"]["actual"] == OF_ALPHA[span]


SCOPES = {
    'scope = "total"': ALL,
    'scope = "category"\nof = "AI"': ALL,
    'scope = "project"\nof = "Alpha"': OF_ALPHA,
    'scope = "team"\nof = "Red"': ALL,
}


def test_a_declared_budget_is_judged_by_its_own_period(judged):
    declared = {f"{n} {span}": (span, scope) for n, scope in enumerate(SCOPES) for span in ALL}
    plan = "".join(
        f'[[budgets]]\nname = "{name}"\namount = 1000\nperiod = "{span}"\n{scope}\n'
        for name, (span, scope) in declared.items()
    )
    found = judged(plan=plan)
    assert found.keys() == declared.keys()
    for name, (span, scope) in declared.items():
        spent = SCOPES[scope][span]
        assert found[name]["actual"] == spent
        assert found[name]["pace"] == pytest.approx(100 * (spent / 1000 - PASSED[span]))


def test_days_before_its_first_are_no_part_of_a_budget(judged):
    plan = (
        '[[budgets]]\nname = "mine"\nmonthly = 1000\nfirst_day = 2026-11-16\nscope = "total"\n'
        '[[budgets]]\nname = "half"\namount = 1000\nperiod = "year"\nlast_day = 2026-12-01\n'
        'scope = "total"\n'
    )
    found = judged(plan=plan)
    assert found["mine"]["actual"] == 128 + 256
    assert found["mine"]["pace"] == pytest.approx(100 * (0.384 - 7 / 15))
    assert found["half"]["actual"] == 511
    assert found["half"]["pace"] == pytest.approx(100 * (0.511 - 326 / 335))


def test_outside_of_its_days_a_budget_has_no_status_and_says_why(stand, declare):
    declare(
        '[[budgets]]\nname = "to come"\nmonthly = 1\nfirst_day = 2027-01-01\nscope = "total"\n'
        '[[budgets]]\nname = "over with"\nmonthly = 1\nlast_day = 2026-06-30\nscope = "total"\n'
    )
    opened, found = stand(
        script="INSERT INTO openai_budgets VALUES"
        " ('theirs', NULL, NULL, 1, 'monthly', '2026-12-01', '9999-12-31', NULL);"
        "UPDATE projects SET budget_usd = 1, budget_end_date = '2025-06-30' WHERE id = 'p1';"
    )
    assert {name: row["status"] for name, row in found.items()} == {
        "to come": "Starts on 1 Jan", "over with": "Ended on 30 Jun",
        "theirs": "Starts on 1 Dec", "Alpha": "Ended on 30 Jun 2025",
    }  # fmt: skip
    assert all(pd.isna(row["actual"]) and pd.isna(row["used"]) for row in found.values())
    card = opened.number_cards()["Budgets over or at risk"]
    assert (card.value, card.note) == ("-", "No budget can be assessed today.")


def test_on_a_day_that_is_its_first_and_its_last_a_budget_holds(judged):
    plan = (
        '[[budgets]]\nname = "today"\nmonthly = 1024\nfirst_day = 2026-11-22\n'
        'last_day = 2026-11-22\nscope = "total"\n'
    )
    found = judged(plan=plan)
    assert (found["today"]["status"], found["today"]["actual"]) == ("On track", 256)
    assert found["today"]["pace"] == pytest.approx(100 * (0.25 - 1))


def test_a_period_that_nobody_knows_is_said_and_not_used(stand):
    opened, found = stand(("odd", "NULL", "NULL", "fortnight"), ("ok", "NULL", "NULL", "week"))
    assert found.keys() == {"ok"}
    assert (
        "openai_budgets, “odd”: unknown period 'fortnight'; use week, month, quarter or "
        "year. This budget is ignored until corrected."
    ) in opened.card("Budget vs actual").note


def test_a_budget_in_another_currency_is_shown_without_a_status_and_said(stand):
    opened, found = stand(
        script="INSERT INTO openai_budgets VALUES"
        " ('euros', NULL, NULL, 250, 'monthly', NULL, NULL, 'eur'),"
        " ('dollars', NULL, NULL, 960, 'monthly', NULL, NULL, 'USD');"
    )
    assert found["euros"]["status"] == "EUR 250.00"
    assert pd.isna(found["euros"]["budget"])
    assert pd.isna(found["euros"]["used"])
    assert found["dollars"]["used"] == 0.5
    note = opened.card("Budget vs actual").note
    assert "“euros”: amount in EUR; costs are in USD." in note


def test_a_budget_of_nothing_that_is_known_says_so_beside_those_that_stand(met, database_of):
    source = database_of(budgets_of([("all", "NULL", "NULL", "month")]))
    plan = read_plan(
        tomllib.loads('[[budgets]]\nname = "lab"\nmonthly = 9\nscope = "team"\nof = "Blue"')
    )
    chart, _ = met(budgets.status, source=source, plan=plan)
    said = "lab budget: spend this month is unknown: no team has the name or ID “Blue”."
    assert said in chart.note
    counted = met(figures.budgets_in_danger, source=source, plan=plan)
    assert counted.note.startswith("Of 1 budget, each in its own period. Spend against 1 more is")


def test_of_budgets_of_one_name_the_one_that_holds_today_stands(stand):
    opened, found = stand(
        script="INSERT INTO openai_budgets VALUES"
        " ('AI', NULL, NULL, 100, 'monthly', '2026-10-01', '2026-10-31', NULL),"
        " ('AI', NULL, NULL, 960, 'monthly', '2026-11-01', '2026-11-30', NULL);"
    )
    assert len(opened.sheets["Budget details"]) == 1
    assert found["AI"]["used"] == 0.5
    assert "another budget with this name" not in opened.card("Budget vs actual").note


def test_budgets_of_one_name_and_several_periods_all_stand(stand):
    opened, _ = stand(("AI", "NULL", "NULL", "month"), ("AI", "NULL", "NULL", "year"))
    assert list(opened.sheets["Budget details"]["actual"]) == [511, 480]


def test_a_page_with_budgets_of_every_period_stays_one_call(open_page, file_of, declare, counting):
    declare('[[budgets]]\nname = "mine"\namount = 1000\nperiod = "year"\nscope = "total"\n')
    rows = ", ".join(f"('{span}', 'p1', NULL, 1000, '{span}', NULL, NULL, NULL)" for span in ALL)
    opened = open_page(file_of(f"{SPENT} INSERT INTO openai_budgets VALUES {rows};"), FINANCIAL)
    assert "1 database call" in opened.strip
    assert [len(database.calls) for database in counting] == [OPENING + 1]


def test_a_budget_that_is_over_says_since_when_and_whose_lines_made_it_so(
    open_page, file_of, declare, counting
):
    declare(
        '[[budgets]]\nname = "mine"\namount = 240\nperiod = "quarter"\nscope = "team"\n'
        'of = "Red"\n[[budgets]]\nname = "alpha"\nmonthly = 200\nscope = "project"\nof = "p1"\n'
    )
    opened = open_page(file_of(SPENT), FINANCIAL)
    assert len(counting[0].calls) == OPENING + 1
    opened.app.session_state["over"] = True
    opened.run()
    assert len(counting[0].calls) == OPENING + 2
    shown = opened.sheets["Why budgets are over"]
    rows = [tuple(row) for row in shown[["budget_name", "kind", "what", "cost"]].to_numpy()]
    assert rows == [
        ("mine", "Day", "Sun 22 Nov 2026", 256),
        ("mine", "Day", "Mon 16 Nov 2026", 128),
        ("mine", "Day", "Sun 15 Nov 2026", 64),
        ("mine", "Item", "AI · m · Beta", 272),
        ("mine", "Item", "AI · m · Alpha", 232),
        ("alpha", "Day", "Mon 16 Nov 2026", 128),
        ("alpha", "Day", "Sun 15 Nov 2026", 64),
        ("alpha", "Day", "Sun 1 Nov 2026", 32),
        ("alpha", "Item", "AI · m · Alpha", 224),
    ]
    since = dict(zip(shown["budget_name"], shown["over_since"].dt.day, strict=True))
    assert since == {"mine": 16, "alpha": 16}
