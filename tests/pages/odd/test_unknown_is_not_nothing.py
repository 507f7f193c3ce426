"""What nobody recorded is unknown: no zero stands for it, and a sentence says what is lacking.

What each card says is read from the texts in `said/`, which are compared with the pages.
"""

import pytest
from said import kept

from meaux.ui import pages

FINANCIAL, WORKERS = "Financial analytics", "Resource usage Workers"


@pytest.fixture(scope="module")
def line():
    """What a figure or a card says of a database on a page: all behind its title."""

    def line(name, view, title):
        lines = kept(name)[view].splitlines()
        said = (line.removeprefix("# ") for line in lines)
        return next(words for words in said if words.startswith(f"{title}: ")).partition(": ")[2]

    return line


def test_where_nobody_recorded_a_cost_no_card_says_zero_dollars():
    assert "$0.00" not in "".join(kept("unpriced").values())


@pytest.mark.parametrize(
    "title", ["Cost", "This month's cost", "Cost trend", "Cost by category", "Cost by project"]
)
def test_where_nobody_recorded_a_cost_each_says_in_which_tables(line, title):
    said = line("unpriced", "Executive overview" if "trend" not in title else "Home", title)
    assert said.startswith(("- | No cost recorded in ", "nothing drawn | No cost recorded in "))
    assert "time_entries, ai_cost_tracking or cloudflare_usage." in said


@pytest.mark.parametrize(
    "title", ["Daily burn rate", "Projected month-end cost", "Month to date", "Forecast"]
)
def test_without_a_recorded_cost_nothing_is_projected(line, title):
    assert "No cost recorded in time_entries" in line("unpriced", FINANCIAL, title)


def test_a_report_whose_costs_nobody_filled_is_named(line):
    lifetime = line("unpriced", FINANCIAL, "Lifetime reconciliation")
    assert "No cost recorded in project_costs." in lifetime
    weeks = line("unpriced", FINANCIAL, "Weekly spend reports")
    assert weeks == "nothing drawn | No cost recorded in weekly_spend_reports."


def test_a_ledger_that_cannot_be_is_compared_with_no_report(line):
    assert (
        "reports"
        not in line("only_the_five_tables", FINANCIAL, "Lifetime reconciliation").partition(
            "mapped"
        )[2]
    )


def test_a_budget_is_unknown_where_nobody_recorded_what_was_spent(line):
    assert line("unpriced", FINANCIAL, "Budgets over or at risk") == (
        "- | Spend against the budgets is unknown."
    )
    assert "of $2,600.00 (Unknown)" in line("unpriced", FINANCIAL, "Budget vs actual")


def test_a_total_says_which_column_of_a_table_would_hold_the_costs(line):
    said = line("without_optional_columns", "Home", "This month's cost")
    assert "No Time cost: needs time_entries.cost_usd (or one of " in said


def test_tables_without_a_row_are_named_in_place_of_advice_to_choose_otherwise(line):
    said = "nothing drawn | No data yet: {} no rows."
    assert line("all_tables_empty", "Home", "Latest activity") == said.format(
        "project_activity has"
    )
    assert line("all_tables_empty", "Home", "Cost trend") == said.format(
        "ai_cost_tracking, cloudflare_usage and time_entries have"
    )


def test_nothing_is_compared_with_nothing():
    for name in ("all_tables_empty", "only_the_five_tables", "without_optional_columns"):
        assert "(same vs" not in "".join(kept(name).values())


def test_no_project_is_stale_and_none_is_archived_where_no_status_is_told(line):
    assert line("renamed", "Project analytics", "Stale projects").startswith("- | Needs ")
    by_team = line("renamed", "Home", "Projects by team")
    assert (
        "| Includes archived projects; to leave them out, the database needs projects.status"
        in by_team
    )


def test_how_requests_ended_and_how_long_they_took_name_the_columns_that_would_tell(line):
    said = {
        title: line("without_optional_columns", WORKERS, title)
        for title in ("Error rate", "Response time, p50", "Response time", "Requests")
    }
    assert said["Error rate"].startswith("- | Needs worker_logs.status")
    assert "worker_logs.response_time_ms" in said["Response time, p50"]
    assert "If your tables use other names" in said["Response time"]


def test_how_runs_ended_is_unknown_where_they_have_no_status(line):
    said = line("without_optional_columns", "Operations Workflows", "Workflows")
    assert "succeeded none, failed none" in said


def test_where_no_log_tells_a_severity_their_numbers_are_unknown(line):
    for title in ("Critical", "Warnings"):
        said = line("without_optional_columns", "Operations Events", title)
        assert said.startswith("- | Needs system_events.severity (or ")
    assert line("without_optional_columns", "Operations Events", "Errors").startswith("4 ")


def test_reports_that_tell_nothing_do_not_agree(line):
    said = line("without_optional_columns", "Operations Email", "Email: calculated vs reported")
    assert "agree" not in said
    sent = line("without_optional_columns", "Operations Email", "Sent")
    assert sent.startswith("- | Needs email_analytics.sent (or ")


def test_logs_that_are_not_there_are_named_in_one_sentence(line):
    said = line("only_the_five_tables", "Operations Events", "Log")
    assert said.count("Needs") == 1
    assert "the table system_events (or one of 4 alternatives). See Data › Health " in said


def test_a_number_that_cannot_be_says_in_its_help_where_another_name_can_be_mapped(
    open_page, odd_file
):
    shown = open_page(odd_file("only_the_five_tables"), pages.PAGES[0])
    assert shown.figure("Active users").help.endswith("map them in `.streamlit/schema.toml`.")
    assert "map them" not in shown.figure("Total time logged").help
