"""The pages about money: the same total everywhere, budgets of the plan, and a plan gone wrong."""

import pytest

from meaux.ui import pages

HOME, EXECUTIVE, FINANCIAL = (
    next(page for page in pages.PAGES if page.title == title)
    for title in ("Home", "Executive overview", "Financial analytics")
)
PLAN = """
[[budgets]]
name = "All of it"
monthly = 60_000
scope = "total"
"""


@pytest.mark.parametrize("period", ["Last 7 days", "Last 30 days", "Last month"])
def test_the_same_period_costs_the_same_on_every_page(open_page, period):
    executive = open_page(page=EXECUTIVE, period=period)
    financial = open_page(page=FINANCIAL, period=period)
    home = open_page(page=HOME, period=period)
    shown = executive.figure("Cost")
    assert financial.figure("Cost").value == shown.value
    assert financial.figure("Cost").delta == shown.delta
    assert financial.figure("Cost").trend == shown.trend
    total = sum(shown.trend)
    assert f"Total: ${total:,.2f} in total" in home.card("Cost trend").description
    assert f"Total: ${total:,.2f} in total" in financial.card("Cost trend").description
    month = home.figure("This month's cost")
    assert executive.figure("This month's cost").value == month.value


def test_a_declared_budget_stands_in_the_table_the_chart_and_the_month(open_page, declare):
    bare = open_page(page=FINANCIAL)
    declare(PLAN)
    page = open_page(page=FINANCIAL)
    assert page.exceptions == []
    assert "All of it" in page.card("Budget vs actual").description
    table = page.card("Budget details").table
    [line] = table[table["name"] == "All of it"].to_dict("records")
    assert line["budget"] == 60_000
    assert line["actual"] == pytest.approx(sum(open_page().figure("This month's cost").trend))
    assert "60,000" in page.card("Month to date").description
    assert "60,000" not in bare.card("Month to date").description


@pytest.mark.parametrize("page", [HOME, EXECUTIVE], ids=lambda page: page.title)
def test_a_budget_that_is_over_is_an_alert_with_its_numbers(open_page, declare, page):
    declare(PLAN.replace("60_000", "10"))
    opened = open_page(page=page)
    assert "All of it budget: $" in opened.words.replace("\\", "")
    assert "of $10.00 used" in opened.words.replace("\\", "")


def sheets(page):
    """What the page's workbook holds by card."""
    return page.sheets


def test_lifetimes_are_read_only_when_their_section_is_opened(open_page, counting, demo_rows):
    page = open_page(page=FINANCIAL)
    calls = len(counting[0].calls)
    assert "Lifetime reconciliation" not in page.titles()
    assert "loads all entries" in page.words
    page.app.session_state["lifetime"] = True
    page.run()
    assert page.exceptions == []
    [asked] = counting[0].calls[calls:]
    assert len(asked) == 2
    card = page.card("Lifetime reconciliation")
    total = card.table.iloc[-1]
    [(reported,)] = demo_rows("SELECT sum(total_cost) FROM project_costs")
    assert (total["name"], total["reported"]) == ("Total", pytest.approx(reported))
    assert total["ledger"] == pytest.approx(card.table["ledger"].iloc[:-1].sum())
    table = card.table.iloc[:-1]
    theirs = table.loc[table["reported"].notna(), "ledger"].sum()
    beside = table.loc[table["name"].isin(["Unassigned", "prj_removed"]), "ledger"].sum()
    assert theirs + beside == pytest.approx(total["ledger"])
    assert (
        f"project_costs reports ${reported:,.2f} for the lifetime of its projects; "
        f"the recorded costs add up to ${theirs:,.2f} (${theirs - reported:,.2f} more). "
        f"Another ${beside:,.2f} is recorded outside of them."
    ) in card.note
    page.run()
    assert len(counting[0].calls) == calls + 1


def test_lifetimes_heed_teams_and_projects_and_are_of_everybody(open_page):
    whole = open_page(page=FINANCIAL, team="Client studio")
    narrow = open_page(page=FINANCIAL, team="Client studio", person="Zoë Tupelo")
    tables = []
    for page in (whole, narrow):
        page.app.session_state["lifetime"] = True
        tables.append(page.run().card("Lifetime reconciliation").table)
    assert tables[0].equals(tables[1])
    assert set(tables[0]["known"]) == {"Both", ""}


def test_lifetimes_that_nobody_reports_say_what_they_need(open_page, demo_copy):
    page = open_page(demo_copy("DROP TABLE project_costs"), FINANCIAL)
    page.app.session_state["lifetime"] = True
    assert "Needs the table project_costs." in page.run().card("Lifetime reconciliation").state


@pytest.mark.parametrize("page", [HOME, FINANCIAL], ids=lambda page: page.title)
def test_the_workbook_holds_all_that_the_trend_shows(open_page, page):
    held = sheets(open_page(page=page))["Cost trend"]
    assert {"compared_day", "before", "unusual"} <= set(held)
    assert held["before"].sum() > 0


def test_the_workbook_holds_the_forecast_and_its_bands(open_page):
    held = sheets(open_page(page=FINANCIAL))["Forecast"]
    assert list(held) == [
        *("day", "actual", "forecast", "low80", "high80", "low95", "high95", "recurring", "ongoing")
    ]
    assert str(held["day"].iloc[-1].date()) == "2026-12-21"


def test_the_files_hold_the_budget_that_is_drawn(open_page, declare):
    assert "budget" not in sheets(open_page(page=FINANCIAL))["Month to date"]
    declare(PLAN)
    assert set(sheets(open_page(page=FINANCIAL))["Month to date"]["budget"]) == {60_000}


FED = (
    "Cost sources: Time from time_entries, AI from ai_cost_tracking, "
    "Infrastructure from cloudflare_usage."
)


@pytest.mark.parametrize(
    ("page", "cards", "figures"),
    [
        (HOME, ["Cost trend", "Top 5 projects"], ["This month's cost"]),
        (EXECUTIVE, ["Cost by category", "Cost by project", "Portfolio"], ["Cost"]),
        (
            FINANCIAL,
            ["Cost trend", "Month to date", "Budget vs actual", "Forecast", "Cost by person"],
            ["Cost", "Daily burn rate", "Projected month-end cost"],
        ),
    ],
    ids=lambda value: getattr(value, "title", ""),
)
def test_the_help_of_each_cost_names_the_tables_that_feed_it(open_page, page, cards, figures):
    opened = open_page(page=page)
    for title in cards:
        assert FED in opened.card(title).help, title
    for label in figures:
        assert FED in opened.figure(label).help, label


def test_what_is_no_cost_names_no_table_that_feeds_it(open_page):
    home = open_page(page=HOME)
    assert "from time_entries" not in home.figure("Total time logged").help
    assert "from time_entries" not in home.card("Project status").help


def test_the_hours_of_people_name_no_table_that_feeds_a_cost_though_none_is_logged(
    open_page, sixty_empty_tables
):
    team = open_page(sixty_empty_tables, page=pages.find("Team performance"))
    assert "from time_entries" not in team.card("Workload and capacity").help
    assert "from time_entries" in team.card("Contributions").help


def test_a_comparison_with_a_time_before_the_records_is_no_rise(open_page):
    page = open_page(page=EXECUTIVE, period="Last 12 months", compare="Same period last year")
    for label in ("Cost", "Active users"):
        figure = page.figure(label)
        assert figure.delta == ""
        assert figure.versus == ""
        assert figure.note.startswith("No comparison: no data before 22 May 2025.")
    assert page.card("Biggest movers").state == "No comparison: no data before 22 May 2025."
    assert page.card("Biggest movers").note == ""
    assert page.card("Portfolio").note == "No comparison: no data before 22 May 2025."
    assert page.card("Portfolio").table["change"].isna().all()
    assert page.figure("Recent signups").versus.startswith("vs 23 Nov 2024")


def test_what_a_change_is_of_stands_below_the_movers_and_the_portfolio(open_page):
    page = open_page(page=EXECUTIVE)
    said = "Change: 23 Oct - 21 Nov 2026 vs 18 Sep - 17 Oct 2026."
    for title in ("Biggest movers", "Portfolio"):
        assert page.card(title).note.startswith(said), title


def test_each_status_has_a_link_to_its_projects_for_those_who_use_no_mouse(open_page):
    card = open_page(page=EXECUTIVE).card("Projects by status")
    statuses = ["Active", "In progress", "Paused", "Completed", "Archived", "Other"]
    assert [label for label, _ in card.links] == statuses
    assert card.links[1] == ("In progress", "status=In+progress")


def test_teams_of_one_name_are_told_apart(open_page, demo_copy, demo_rows):
    path = demo_copy("UPDATE teams SET name = 'Twins' WHERE id IN ('team_lab', 'team_client')")
    said = open_page(path, HOME).card("Projects by team").description
    for team in ("team_lab", "team_client"):
        [(count,)] = demo_rows(
            "SELECT count(*) FROM projects WHERE team_id = ? AND lower(status) <> 'archived'", team
        )
        assert f"Twins ({team}) {count} (" in said


def test_a_report_of_the_whole_company_is_not_held_against_a_part_of_the_ledger(open_page):
    assert "daily_spend" in set(open_page(page=FINANCIAL).card("Reconciliation").table["source"])
    narrow = open_page(page=FINANCIAL, team="Client studio")
    assert narrow.card("Reconciliation").state.startswith("Reported totals cover the whole company")
    assert "cover the whole company" in narrow.card("Weekly spend reports").note
    assert "daily_spend reports" in open_page(page=EXECUTIVE).words.replace("\\", "")
    executive = open_page(page=EXECUTIVE, team="Client studio")
    assert "daily_spend reports" not in executive.words.replace("\\", "")


def test_what_ignores_the_period_says_which_days_it_covers(open_page):
    page = open_page(page=FINANCIAL, period="Last month")
    assert page.figure("Daily burn rate").note.startswith("Covers 15-21 Nov 2026.")
    assert page.figure("Projected month-end cost").note.startswith("Covers 1-30 Nov 2026.")
    assert page.card("Month to date").note.startswith("Covers 1-22 Nov 2026.")
    assert page.card("Budget details").note.startswith("Each budget covers its own period.")
    assert "Covers" not in page.card("Cost by project").note + page.figure("Cost").note


def test_what_covers_the_selected_days_does_not_repeat_them(open_page):
    page = open_page(page=FINANCIAL, period="Month to date")
    assert "Covers" not in page.card("Month to date").note
