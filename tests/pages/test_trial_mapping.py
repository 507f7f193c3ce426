"""A mapping that is tried is seen on every page of one session, and nowhere else."""

import sqlite3
from contextlib import closing

import pytest

from meaux.ui import pages
from meaux.ui.loading import trial_mapping

DATA, RESOURCES = (
    next(page for page in pages.PAGES if page.title == title)
    for title in ("Data", "Resource usage")
)
MARK = "Trying a mapping"
OPENING = 2


@pytest.fixture
def data_page(open_page, later_file):
    """The page Data, at Health, of the later database."""
    return lambda: open_page(later_file, page=DATA, tab="Health")


@pytest.fixture
def ai(later_file):
    """What the rows of AI use come to over the last 30 days, in plain SQL."""
    with closing(sqlite3.connect(later_file)) as database:
        [(cost, tokens)] = database.execute(
            "SELECT sum(cost_usd), sum(tokens_in + tokens_out) FROM agent_usage_events "
            "WHERE created_at >= unixepoch('2026-10-23') AND created_at < unixepoch('2026-11-23')"
        ).fetchall()
    return cost, tokens


def calls(counting):
    return sum(len(database.calls) for database in counting)


def try_it(page, logical, table):
    page.app.get_by_key(f"try {logical} {table}").click()
    return page.run()


def is_marked(page):
    return MARK in page.words


def on(page, other, **url):
    """The same session on another page."""
    for key, value in url.items():
        page.app.query_params[key] = value
        page.app.session_state[key] = value
    page.app.switch_page(f"pages/{other.script}")
    return page.run()


def test_health_names_what_fits_with_what_it_has_and_would_lack(data_page):
    page = data_page()
    shown = page.card("Suggested mappings").table
    best = shown[shown["logical_table"] == "ai_usage"].iloc[0]
    assert best["table"] == "agent_usage_events"
    assert best["rows"] == "240"
    assert best["newest"] == "today"
    assert best["would_lack"] == "project"
    assert '[ai_usage]\ntables = ["agent_usage_events"]' in [c.value for c in page.app.code]
    assert page.exceptions == []


def test_what_fits_is_looked_at_in_the_one_call_that_measures(data_page, counting):
    page = data_page()
    assert calls(counting) == OPENING + 1
    page.run()
    assert calls(counting) == OPENING + 1


def test_opening_reads_nothing_of_a_table_that_only_fits(open_page, later_file, counting):
    open_page(later_file)
    asked = [s.sql for database in counting for call in database.calls for s in call]
    assert not any("agent_usage_events" in sql for sql in asked)


def test_on_the_demo_nothing_is_suggested(open_page):
    page = open_page(page=DATA, tab="Health")
    assert "Suggested mappings" not in page.titles()


def test_nothing_is_bound_before_it_is_tried(open_page, later_file):
    page = open_page(later_file, page=RESOURCES, tab="AI")
    assert page.figure("AI cost").value == "-"
    assert not is_marked(page)


def test_what_is_tried_is_seen_on_other_pages_of_the_session(data_page, ai):
    page = try_it(data_page(), "ai_usage", "agent_usage_events")
    assert is_marked(page)
    page = try_it(page, "model_usage", "agent_usage_events")
    page = on(page, RESOURCES, tab="AI")
    cost, tokens = ai
    assert page.exceptions == []
    assert is_marked(page)
    said = "ai_usage and model_usage from agent_usage_events. Only you see it."
    assert said in page.between
    assert page.figure("AI cost").value == f"${cost:,.2f}"
    shown = page.sheets["Models"]
    assert shown["tokens"].sum() == tokens


def test_a_trial_takes_one_call_when_it_begins_and_none_after(data_page, counting):
    page = data_page()
    before = calls(counting)
    try_it(page, "error_entry", "worker_analytics_errors")
    assert calls(counting) == before + 2  # what is bound anew, and what of it Health measures
    page.run()
    assert calls(counting) == before + 2


def test_another_session_sees_nothing_of_it(data_page, open_page, later_file, counting):
    other = open_page(later_file, page=RESOURCES, tab="AI")
    try_it(data_page(), "ai_usage", "agent_usage_events")
    before = calls(counting)
    other.run()
    assert calls(counting) == before
    assert other.figure("AI cost").value == "-"
    assert not is_marked(other)
    third = open_page(later_file, page=RESOURCES, tab="AI")
    assert third.figure("AI cost").value == "-"
    assert calls(counting) == before


def test_stop_brings_back_what_everybody_sees(data_page):
    page = try_it(data_page(), "ai_usage", "agent_usage_events")
    page = on(page, RESOURCES, tab="AI")
    page.press("Stop")
    assert not is_marked(page)
    assert page.figure("AI cost").value == "-"


def test_health_shows_the_lines_that_are_tried_so_that_they_can_be_kept(data_page):
    page = try_it(data_page(), "ai_usage", "agent_usage_events")
    page = try_it(page, "workflow_run", "agent_workflow_runs")
    lines = (
        '[ai_usage]\ntables = ["agent_usage_events"]\n\n'
        '[workflow_run]\ntables = ["agent_workflow_runs"]'
    )
    assert lines in [code.value for code in page.app.code]
    kinds = set(page.card("Suggested mappings").table["logical_table"])
    assert not kinds & {"ai_usage", "workflow_run"}


def test_a_mapping_that_cannot_be_used_is_given_up_with_the_reason(data_page):
    page = data_page()
    page.app.session_state[trial_mapping.LINES] = {"ai_usage": '[ai_usage]\ntables = "x"\n'}
    page.run()
    assert page.toasts == [
        "This mapping doesn't work. The mapping, [ai_usage]: tables must be a list of table names."
    ]
    assert not is_marked(page)
    assert "Suggested mappings" in page.titles()


def test_reading_the_schema_anew_keeps_the_trial(data_page):
    page = try_it(data_page(), "ai_usage", "agent_usage_events")
    page.press("Reload schema")
    assert is_marked(page)
    assert page.exceptions == []
