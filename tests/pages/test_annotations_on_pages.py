"""Annotations on pages: in the page's one call, and without a query if they are off."""

import pytest

from meaux.ui import pages

MONEY = next(page for page in pages.PAGES if page.title == "Financial analytics")
NOTE = '[[notes]]\ndate = 2026-11-13\ntext = "Backlog answered"\n'


def asked(counting):
    """How many statements of annotations were run, and how many calls there were."""
    calls = [call for database in counting for call in database.calls]
    statements = [statement for call in calls for statement in call]
    return sum("recent_budget_change" in one.sql for one in statements), len(calls)


@pytest.mark.usefixtures("empty_caches")
def test_they_come_with_the_pages_call_and_cost_no_query_if_off(open_page, counting):
    page = open_page(page=MONEY, notes="false")
    assert page.app.get_by_key("notes").value is False
    assert "Annotated: " not in page.words
    off, calls = asked(counting)
    assert off == 0
    page.choose("notes", value=True)
    assert "Annotated: " in page.words
    assert asked(counting) == (1, calls + 1)
    page.run()
    assert asked(counting) == (1, calls + 1)


def test_a_note_is_on_the_chart_and_a_mistake_is_named(open_page, world, tmp_path):
    file = tmp_path / "notes.toml"
    file.write_text(f"{NOTE}[[notes]]\ndate = 2026-11-14\n", encoding="utf-8")
    world.setenv("MEAUX_NOTES", str(file))
    page = open_page(page=MONEY)
    assert "Note: Backlog answered" in page.words
    assert any("Invalid: 1 entry in notes.toml" in words for words in page.between)


def test_an_unusual_day_says_what_lies_beside_it(open_page, world, tmp_path):
    analytics = next(page for page in pages.PAGES if page.title == "Analytics")
    days = open_page(page=analytics, period="Last 90 days", notes="false").card("Unusual days")
    assert "beside" not in days.table
    day = days.table["day"].iloc[0]
    file = tmp_path / "notes.toml"
    file.write_text(f'[[notes]]\ndate = {day:%Y-%m-%d}\ntext = "Moved"\n', encoding="utf-8")
    world.setenv("MEAUX_NOTES", str(file))
    beside = open_page(page=analytics, period="Last 90 days").card("Unusual days").table["beside"]
    assert "Note: Moved" in beside.iloc[0]


def test_the_calendar_has_the_notes_of_its_year(open_page, world, tmp_path):
    analytics = next(page for page in pages.PAGES if page.title == "Analytics")
    file = tmp_path / "notes.toml"
    file.write_text('[[notes]]\ndate = 2026-03-02\ntext = "Moved"\n', encoding="utf-8")
    world.setenv("MEAUX_NOTES", str(file))
    page = open_page(page=analytics)
    assert page.exceptions == page.errors == []
    assert "Mon 2 Mar 2026: Note: Moved" in page.words


def test_only_a_page_with_annotated_charts_says_that_older_annotations_are_left_out(
    open_page, demo_copy
):
    deploy = "(SELECT id FROM projects LIMIT 1), 'deploy', '2026-11-20T08:00:00Z'"
    busy = demo_copy(
        "INSERT INTO project_activity (project_id, action, created_at)"
        f" SELECT {deploy} FROM time_entries LIMIT 120;"
    )
    said = "Charts show only the latest"
    assert said in open_page(busy, MONEY).words
    assert said not in open_page(busy, pages.find("Project analytics")).words
