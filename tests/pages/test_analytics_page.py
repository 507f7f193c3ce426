"""Analytics: the calendar, the gauges, the sunburst, the timeline, and what if."""

import pytest

from meaux.ui import pages

ANALYTICS = next(page for page in pages.PAGES if page.title == "Analytics")


@pytest.fixture
def open_analytics(open_page):
    def open_analytics(*database, **url):
        return open_page(*database, page=ANALYTICS, **url)

    return open_analytics


def amount(words):
    return float(words.replace("$", "").replace(",", "").replace("k", "e3"))


def test_the_calendar_shows_the_hours_of_this_year_and_its_cost_on_demand(
    open_analytics, counting, by_hand_hours
):
    page = open_analytics()
    assert page.exceptions == []
    shown = page.card("Calendar").description
    assert "2026" in shown
    assert f"{by_hand_hours(2026):,.1f} h" in shown
    before = len(counting[0].calls)
    page.choose("calendar", "Cost")
    assert "$" in page.card("Calendar").description
    assert len(counting[0].calls) == before


@pytest.fixture
def by_hand_hours(demo_rows):
    def by_hand_hours(year):
        [(hours,)] = demo_rows(
            "SELECT sum(coalesce(seconds, ended_at - started_at)) / 3600.0 FROM time_entries"
            " WHERE coalesce(seconds, ended_at - started_at) >= 0"
            " AND strftime('%Y', started_at, 'unixepoch') = ?",
            str(year),
        )
        return hours

    return by_hand_hours


def test_another_year_takes_one_call_and_shows_that_year(open_analytics, counting, by_hand_hours):
    page = open_analytics()
    before = len(counting[0].calls)
    page.choose("year", "2025")
    assert len(counting[0].calls) == before + 1
    assert f"{by_hand_hours(2025):,.1f} h" in page.card("Calendar").description


def test_gauges_say_use_allowance_and_where_that_comes_from(open_analytics, demo_rows):
    page = open_analytics()
    [(requests,)] = demo_rows(
        "SELECT count(*) FROM worker_logs WHERE timestamp >= unixepoch('2026-11-01') * 1000"
        " AND timestamp < unixepoch('2026-11-23') * 1000"
    )
    card = page.card("Workers requests")
    assert f"{requests:,}" in card.description
    assert "Allowance: Workers Paid plan (assumed), as of 3 Aug 2026." in card.note
    assert "Allowance: budget in openai_budgets" in page.card("AI spend").note


def test_without_a_budget_for_all_ai_the_gauge_says_how_to_set_an_allowance(
    open_analytics, demo_copy
):
    page = open_analytics(demo_copy("DELETE FROM openai_budgets"))
    assert "No allowance set" in page.card("AI tokens").description
    assert "Set an allowance" in page.card("AI tokens").note


def test_a_lane_of_which_only_the_newest_are_drawn_says_since_when(open_analytics, demo_copy):
    path = demo_copy(
        "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 250)"
        " INSERT INTO system_events (event_type, severity, message, created_at)"
        " SELECT 'x', 'error', 'Broke', datetime('2026-11-21', '-' || i || ' minutes') FROM n"
    )
    assert "Only the latest 200 of each type" in open_analytics(path).card("Activity timeline").note
    assert (
        "Only the latest" not in open_analytics(period="Last 7 days").card("Activity timeline").note
    )


def test_the_sunburst_holds_the_cost_of_the_period_and_says_what_it_leaves_out(open_analytics):
    page = open_analytics(period="Last month")
    card = page.card("Cost breakdown")
    assert card.is_drawn
    assert "Time" in card.description
    assert "Not drawn" in card.note


def test_the_timeline_stands_in_words_too(open_analytics):
    page = open_analytics()
    table = page.card("Timeline details").table
    assert table["at"].is_monotonic_decreasing
    assert {"Events", "Deployments"} <= set(table["lane"])
    assert page.card("Activity timeline").is_drawn


def test_without_a_scenario_both_ends_are_the_same(open_analytics):
    page = open_analytics()
    for end in ("Projected month-end cost", "Projected quarter-end cost"):
        plain = page.figure(end).value
        assert page.figure(end.replace("Projected", "Scenario")).value == plain
    assert "Same as the forecast." in page.figure("Scenario month-end cost").note


def test_a_scenario_moves_the_ends_takes_no_call_and_comes_back_by_its_link(
    open_analytics, counting
):
    page = open_analytics()
    before = len(counting[0].calls)
    page.choose("once", 5_000.0)
    page.choose("burn", 50)
    assert page.exceptions == []
    assert len(counting[0].calls) == before
    plain = amount(page.figure("Projected month-end cost").value)
    assert amount(page.figure("Scenario month-end cost").value) > plain + 5_000
    assert "Scenario" in page.words
    linked = open_analytics(burn="50", once="5000")
    assert (
        linked.figure("Scenario month-end cost").value
        == page.figure("Scenario month-end cost").value
    )


@pytest.mark.parametrize("url", [{"burn": "fast"}, {"once": "x"}, {"year": "1066"}, {"on": "0"}])
def test_a_word_that_is_none_of_the_scenario_is_dropped(open_analytics, url):
    page = open_analytics(**url)
    assert page.exceptions == []
    assert page.errors == []
    assert page.card("Calendar").is_drawn


def test_a_database_of_projects_alone_says_on_each_card_what_it_lacks(open_analytics, five_tables):
    page = open_analytics(five_tables)
    assert page.exceptions == []
    assert "worker_logs" in page.card("Workers requests").state
    assert "system_events" in page.card("Activity timeline").state
    assert page.card("Calendar").is_drawn
