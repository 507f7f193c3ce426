"""What every card says of categories that the plugin `more_categories` has added.

`test_another_category.py` runs this; every sum is added up anew in plain SQL.
"""

import io
import json
import shutil
import sqlite3
from contextlib import closing
from functools import partial

import pandas as pd
import pytest
from typer.testing import CliRunner

from meaux.cli import app as command_line
from meaux.data import plan
from meaux.data.categories import CATEGORIES, NAMES
from meaux.data.database import SQLiteFile
from meaux.data.source import open_source
from meaux.query import queries
from meaux.query.export import csv
from meaux.subjects.money import frames as costs
from meaux.ui import pages
from meaux.ui.loading import data

ADDED = ("Contractors", "Office", "Travel", "Legal")
PERIOD = "Last 30 days"
INSIDE = "BETWEEN '2026-10-23' AND '2026-11-22'"

ROWS = """
CREATE TABLE contractor_invoices (
  invoiced_on TEXT, project_id TEXT, booked_by TEXT, vendor TEXT, amount_usd REAL, currency TEXT
);
CREATE TABLE office_bills (billed_on TEXT, what TEXT, amount_usd REAL);
CREATE TABLE trips (left_on TEXT, project_id TEXT, traveller TEXT, amount_usd REAL);
CREATE TABLE legal_bills (billed_on TEXT, amount_usd REAL);
INSERT INTO contractor_invoices
  SELECT '2026-11-03', id, (SELECT min(id) FROM users), 'Brass & Wood', 1000.25, 'USD'
  FROM (SELECT id FROM projects ORDER BY id LIMIT 2);
INSERT INTO contractor_invoices VALUES
  ('2026-11-10', NULL, NULL, NULL, 500.5, 'USD'), ('2026-11-11', NULL, NULL, NULL, 9, 'EUR'),
  ('2026-08-10', NULL, NULL, NULL, 77, 'USD');
INSERT INTO office_bills VALUES ('2026-11-01', 'Rent', 4000), ('2026-11-02', NULL, 12.75);
INSERT INTO trips SELECT '2026-11-05', min(id), (SELECT max(id) FROM users), 321.5 FROM projects;
INSERT INTO legal_bills VALUES ('2026-11-06', 650);
"""
TOTALS = {"Contractors": 2 * 1000.25 + 500.5, "Office": 4012.75, "Travel": 321.5, "Legal": 650.0}

PLAN = """
[[budgets]]
name = "Outside help"
monthly = 2000
scope = "category"
of = "contractors"

[[budgets]]
name = "Everything"
monthly = 1
scope = "total"
"""


@pytest.fixture(scope="module")
def enlarged(demo_file, tmp_path_factory):
    path = tmp_path_factory.mktemp("enlarged") / "meauxos.db"
    shutil.copyfile(demo_file, path)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(f"PRAGMA synchronous = OFF; {ROWS}")
    return path


@pytest.fixture
def opened(open_page, enlarged, world, tmp_path):
    """Open a page of this title on the enlarged database, with a plan."""
    path = tmp_path / "meaux.toml"
    path.write_text(PLAN, encoding="utf-8")
    declared = partial(plan.read_plan_file, path)
    for module in (data, plan):
        world.setattr(module, "read_plan_file", declared)

    def opened(title, **url):
        return open_page(enlarged, pages.find(title), period=PERIOD, **url)

    return opened


def sums(frame, by="category", column="cost"):
    return frame.groupby(by)[column].sum().to_dict()


def added(found):
    return {name: pytest.approx(found[name]) for name in ADDED}


def test_there_are_more_categories_than_a_compound_select_of_d1_takes():
    assert NAMES[-len(ADDED) :] == ADDED
    assert len(CATEGORIES) > 5


def test_the_trend_has_a_line_for_each_and_all_add_up(opened):
    page = opened("Home")
    lines = sums(page.sheets["Cost trend"])
    assert added(lines) == TOTALS
    assert lines.pop("Total") == pytest.approx(sum(lines.values()))
    spec = page.card("Cost trend").block.get("vega_lite_chart")[0].proto.spec
    for category in CATEGORIES:
        assert json.dumps(category.name) in spec
        assert json.dumps(category.colour) in spec


def test_the_total_is_that_of_plain_sql(opened, enlarged):
    with closing(sqlite3.connect(enlarged)) as connection:
        [(own,)] = connection.execute(
            "SELECT (SELECT sum(cost_usd) FROM cloudflare_usage WHERE usage_date "
            f"{INSIDE} AND coalesce(lower(currency), 'usd') = 'usd') + (SELECT sum(cost_usd) FROM "
            f"ai_cost_tracking WHERE substr(created_at, 1, 10) {INSIDE})"
        ).fetchall()
    page = opened("Financial analytics")
    shown = {f.metric.name: f.value for f in page.app.session_state["receipt"].figures}
    by_category = sums(page.sheets["Cost by category"])
    assert added(by_category) == TOTALS
    assert by_category["AI"] + by_category["Infrastructure"] == pytest.approx(own)
    assert shown["cost"] == pytest.approx(own + by_category["Time"] + sum(TOTALS.values()))


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("Cost by category", ADDED),
        ("Cost by project", ADDED),
        ("Cost by person", ("Contractors", "Travel")),
        ("Cost by model and service", ("Contractors", "Office", "Legal")),
    ],
)
def test_each_division_of_the_cost_has_them(opened, title, names):
    found = sums(opened("Financial analytics").sheets[title])
    assert {name: pytest.approx(found.get(name)) for name in names} == {
        name: TOTALS[name] for name in names
    }
    assert not (set(ADDED) - set(names)) & found.keys()


def test_the_csv_of_a_card_has_them(opened):
    page = opened("Financial analytics")
    found = pd.read_csv(io.BytesIO(csv(page.sheets["Cost by category"])))
    assert added(sums(found, "Category", "Cost (USD)")) == TOTALS


def test_the_focus_file_has_them(enlarged, answer):
    lines = costs.focus(answer(queries.billed_lines, source=open_source(SQLiteFile(enlarged))))
    found = sums(lines, "ServiceCategory", "BilledCost")
    assert added(found) == TOTALS
    assert "Brass & Wood" in set(lines["ServiceName"])


def test_the_sunburst_has_them_with_names_on_every_level(opened):
    tree = opened("Analytics").sheets["Cost breakdown"]
    assert added(sums(tree)) == TOTALS
    parts = tree[tree["category"] == "Contractors"]
    assert set(parts["leaf"]) == {"Brass & Wood", "No vendor named"}
    assert "Unassigned" in set(parts["branch"])
    assert set(tree[tree["category"] == "Office"]["branch"]) == {"Rent", "Unassigned"}
    assert tree.notna().all(axis=None)


def test_projects_and_people_carry_them(opened, enlarged):
    with closing(sqlite3.connect(enlarged)) as connection:
        [(person,)] = connection.execute("SELECT name FROM users ORDER BY id DESC LIMIT 1")
    portfolio = opened("Executive overview").sheets["Portfolio"]
    trend = opened("Home").sheets["Cost trend"]
    total = trend[trend["category"] == "Total"]["cost"].sum()
    assert portfolio["cost"].sum() == pytest.approx(total)
    people = opened("Financial analytics").sheets["Cost by person"]
    spent = people[(people["name"] == person) & (people["category"] == "Travel")]["cost"]
    assert spent.tolist() == [321.5]
    contributed = opened("Team performance").sheets["Contributions"]
    assert contributed["person_cost"].sum() == pytest.approx(people["cost"].sum())


def test_budgets_and_alerts_speak_of_them(opened):
    page = opened("Financial analytics")
    table = page.sheets["Budget details"].set_index("name")
    assert table.loc["Outside help", "actual"] == pytest.approx(TOTALS["Contractors"])
    assert table.loc["Outside help", "status"] == "Over"
    assert any("Outside help" in words for words in page.sheets["Alerts"]["sentence"])


def test_other_currencies_of_them_are_in_no_sum_and_said(opened):
    said = " ".join(info.value for info in opened("Financial analytics").app.info)
    assert "1 Contractors entry in EUR (EUR 9.00)" in said.replace("\\", "")


def test_health_names_the_table_that_feeds_each(opened):
    fed = opened("Data").sheets["Cost sources"].set_index("category")["source"]
    assert fed[list(ADDED)].tolist() == [
        "contractor_invoices",
        "office_bills",
        "trips",
        "legal_bills",
    ]


def test_a_definition_that_names_the_categories_names_them_too(opened):
    said = opened("Home").card("Cost trend").help
    assert "contractors, office, travel and legal cost in the period" in said
    for table in ("contractor_invoices", "office_bills", "trips", "legal_bills"):
        assert table in said


def test_the_commands_know_them(opened):
    opened("Home")
    run = CliRunner().invoke
    told = json.loads(run(command_line, ["doctor", "--json"]).stdout)
    assert {cost["category"] for cost in told["costs"]} == set(NAMES)
    alerts = json.loads(run(command_line, ["alerts", "--json"]).stdout)
    assert any("Outside help" in entry["sentence"] for entry in alerts)
    stale = [entry["sentence"] for entry in alerts if entry["rule"] == "stale data"]
    assert any(sentence.startswith("Contractors has no new entries since") for sentence in stale)
