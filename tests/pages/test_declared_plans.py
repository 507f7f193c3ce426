"""What the user declares, on every page: mistakes cost what they touch, thresholds reach all."""

import functools
import json
from dataclasses import replace

import pytest

from meaux.data import source
from meaux.data.database import SQLiteFile
from meaux.data.source import open_source
from meaux.data.thresholds import Thresholds
from meaux.query.metrics import DEFINITIONS
from meaux.ui import pages
from meaux.ui.loading import shared

FINANCIAL, ANALYTICS, DATA, HOME = map(
    pages.find, ("Financial analytics", "Analytics", "Data", "Home")
)
EVERY_PAGE = pytest.mark.parametrize("page", pages.PAGES, ids=lambda page: page.title)

MISTAKEN = """
[[budgets]]
name = "All of it"
monthly = 60_000
scope = "total"
[[budgets]]
name = "Models"
monthly = "lots"
scope = "total"
[thresholds]
at_risk = 0.9
watch = "half"
anomaly_floor_usd = -1
stale_project_days = 0
[capacity]
hours_per_day = 30
[allowances]
ai_tokens = "many"
"""
MAPPED = """
[ai_usage.columns]
model = 7
"""
UNUSUAL = """
[thresholds]
watch = 0.35
at_risk = 0.875
over = 1.05
anomaly_floor_usd = 123
error_rate = 0.03
stale_days = 11
stale_project_days = 17
[allowances]
ai_usd = 750
r2_storage_gb = 2_000
"""


@pytest.fixture
def declare_mapping(world, tmp_path):
    """Write a mapping by which the pages read the database."""

    def declare_mapping(text):
        override = tmp_path / "schema.toml"
        override.write_text(text, encoding="utf-8")
        opened = functools.partial(source.open_source.func, override=override)
        world.setattr(source, "open_source", opened)
        shared.keep_open.clear()

    return declare_mapping


def spec(card):
    return card.block.get("vega_lite_chart")[0].proto.spec


def notices(opened):
    """What stands below the title on what can't be used."""
    return [words for words in opened.between if "everything else is in use" in words]


@EVERY_PAGE
def test_a_page_stands_though_entries_are_wrong_and_says_so_in_one_line(open_page, declare, page):
    whole = open_page(page=page).number_cards().keys()
    declare(MISTAKEN)
    opened = open_page(page=page)
    assert opened.exceptions == opened.errors == []
    assert opened.number_cards().keys() == whole
    [said] = notices(opened)
    assert said.endswith("Invalid: 6 entries in meaux.toml; everything else is in use.")


def test_a_database_is_read_as_without_the_entries_of_a_mapping_that_are_wrong(demo_file, tmp_path):
    override = tmp_path / "mapped.toml"
    plain = open_source(SQLiteFile(demo_file), override).binding
    override.write_text(MAPPED, encoding="utf-8")
    mapped = open_source(SQLiteFile(demo_file), override).binding
    assert len(mapped.model.faults) == 1
    assert replace(mapped, model=plain.model) == plain


@pytest.mark.parametrize("page", [HOME, DATA], ids=lambda page: page.title)
def test_a_page_counts_the_wrong_entries_of_both_files(open_page, declare, declare_mapping, page):
    declare(MISTAKEN)
    declare_mapping(MAPPED)
    opened = open_page(page=page)
    assert opened.exceptions == opened.errors == []
    [said] = notices(opened)
    assert said.endswith(
        "Invalid: 6 entries in meaux.toml and 1 entry in schema.toml; everything else is in use."
    )


@pytest.mark.parametrize("page", [HOME, DATA], ids=lambda page: page.title)
def test_a_page_stands_though_both_files_are_no_toml(open_page, declare, declare_mapping, page):
    declare("[[budgets")
    declare_mapping("[ai_usage")
    opened = open_page(page=page)
    assert opened.exceptions == opened.errors == []
    [said] = notices(opened)
    assert "Invalid: 1 entry in meaux.toml and 1 entry in schema.toml" in said


@pytest.mark.parametrize("page", [HOME, FINANCIAL, ANALYTICS, DATA], ids=lambda page: page.title)
def test_a_page_says_nothing_where_all_can_be_used(open_page, declare, page):
    declare(UNUSUAL)
    opened = open_page(page=page)
    assert opened.exceptions == []
    assert notices(opened) == []


def test_the_cards_that_need_an_entry_say_what_is_wrong_with_it(open_page, declare):
    declare(MISTAKEN)
    financial, analytics = open_page(page=FINANCIAL), open_page(page=ANALYTICS)
    budgets = financial.card("Budget vs actual").note
    assert "meaux.toml, [[budgets]] number 2 (“Models”), monthly: 'lots' is not a number" in budgets
    assert "[thresholds], watch: 'half' is not a number" in budgets
    assert "capacity" not in budgets
    assert "[[budgets]] number 2" in financial.card("Month to date").note
    assert "Invalid: " in financial.figure("Budgets over or at risk").note
    assert "[allowances], ai_tokens" in analytics.card("Workers requests").note
    assert "[thresholds], anomaly_floor_usd" in analytics.card("Unusual days").note
    projects = open_page(page=pages.find("Project analytics"))
    assert "[thresholds], stale_project_days" in projects.card("Stale projects").note
    team = open_page(page=pages.find("Team performance"))
    assert "[capacity], hours_per_day" in team.card("Workload and capacity").note


def test_the_budget_that_is_right_stands_beside_the_one_that_is_not(open_page, declare):
    declare(MISTAKEN)
    names = set(open_page(page=FINANCIAL).sheets["Budget details"]["name"])
    assert "All of it" in names
    assert "Models" not in names


def test_health_lists_every_entry_that_can_not_be_used(open_page, declare, declare_mapping):
    declare(MISTAKEN)
    declare_mapping(MAPPED)
    listed = open_page(page=DATA).sheets["Invalid entries"]
    assert len(listed) == 7
    assert listed["file"].tolist() == ["meaux.toml"] * 6 + ["schema.toml"]
    assert listed.notna().all(axis=None)


def test_bad_budgets_of_the_database_are_listed_and_left_out(open_page, demo_copy):
    path = demo_copy(
        "UPDATE projects SET monthly_budget_usd = 'plenty' WHERE id = "
        "(SELECT id FROM projects WHERE monthly_budget_usd > 0 AND status = 'active' LIMIT 1)"
    )
    listed = open_page(path, DATA).sheets["Invalid entries"]
    assert listed["file"].tolist() == ["projects"]
    assert listed["reason"].tolist() == ["'plenty' is not an amount above 0"]
    financial = open_page(path, FINANCIAL)
    assert "'plenty' is not an amount above 0" in financial.card("Budget vs actual").note
    [name] = [entry.strip("“”") for entry in listed["entry"]]
    assert name not in set(financial.sheets["Budget details"]["name"])


OLD = ("80%", "50%", "100%", "0.8,", "0.5,", "$50 ", "$50.")


def test_every_card_speaks_of_the_thresholds_in_force(open_page, declare):
    declare(UNUSUAL)
    financial, analytics = open_page(page=FINANCIAL), open_page(page=ANALYTICS)
    helped = [
        financial.card("Budget vs actual").help,
        financial.figure("Budgets over or at risk").help,
        analytics.card("AI spend").help,
        analytics.card("Unusual days").help,
        open_page(page=pages.find("Project analytics")).figure("Stale projects").help,
    ]
    expected = [
        ("35%", "87.5%", "105%"),
        ("87.5%", "105%"),
        ("87.5%", "105%"),
        ("$123",),
        ("17 days",),
    ]
    for words, wanted in zip(helped, expected, strict=True):
        assert [word for word in wanted if word not in words] == []
        assert [word for word in OLD if word in words] == []


def test_the_ticks_of_the_budgets_stand_at_the_thresholds_in_force(open_page, declare):
    declare(UNUSUAL)
    drawn = json.loads(spec(open_page(page=FINANCIAL).card("Budget vs actual")))
    layers = [layer for layer in drawn["layer"] if layer["mark"].get("type") == "tick"]
    assert [layer["encoding"]["x"]["datum"] for layer in layers] == [0.35, 0.875, 1.05]
    heavy = [layer["encoding"]["x"]["datum"] for layer in layers if layer["mark"]["thickness"] == 2]
    assert heavy == [1.05]
    axes = [layer.get("encoding", {}).get("x", {}).get("axis") for layer in drawn["layer"]]
    assert [0, 0.35, 0.875, 1.05] in [axis["values"] for axis in axes if axis]


@pytest.mark.parametrize(
    ("at_risk", "standing"), [(0.875, "At risk"), (0.95, "On track"), (0.5, "At risk")]
)
def test_a_gauge_turns_at_the_threshold_in_force(open_page, declare, demo_rows, at_risk, standing):
    [(spent,)] = demo_rows(
        "SELECT sum(cost_usd) FROM ai_cost_tracking WHERE created_at >= '2026-11-01'"
    )
    declare(
        f"[thresholds]\nat_risk = {at_risk}\nwatch = 0.4\n[allowances]\nai_usd = {spent / 0.9}\n"
    )
    card = open_page(page=ANALYTICS).card("AI spend")
    assert f"(90%, {standing})" in card.description
    angle = 120 * (2 * at_risk - 1)
    assert f"{angle - 0.5}" in spec(card)
    assert ("PI * 71.5" in spec(card)) == (at_risk == 0.8)


def test_alerts_come_at_the_threshold_in_force(open_page, declare):
    declare(UNUSUAL.replace("r2_storage_gb = 2_000", "r2_storage_gb = 1"))
    rows = open_page(page=HOME).sheets["Alerts"]
    found = rows[rows["found"] == "Open"]["sentence"]
    assert not found.str.contains("80%|50%").any()


@pytest.mark.parametrize("metric", DEFINITIONS.values(), ids=lambda metric: metric.name)
def test_a_definition_has_no_figure_of_a_threshold_but_the_one_in_force(metric):
    unusual = Thresholds(over=1.05, at_risk=0.875, watch=0.35, stale_project_days=17)
    said = metric.defined(unusual)
    assert "{" not in said
    assert [word for word in (*OLD, "30 days") if word in said] == []
