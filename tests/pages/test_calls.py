"""How often a page asks the database: as seldom as can be, and never twice for the same."""

import re
import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest

from meaux.data.database import in_flight
from meaux.errors import QueryError, RateLimited, Unauthorized
from meaux.subjects.page import CHOICES
from meaux.ui import pages
from meaux.ui.loading import cache

every_page = pytest.mark.parametrize("page", pages.PAGES, ids=lambda page: page.title)

OPENING = 2
"""The calls that read the schema and bind it; the choices of the sidebar come with the second."""


@pytest.fixture
def behind(world):
    """What would run behind a page of old rows, in the order in which it was begun."""
    begun = []

    def thread(*, target, args, daemon):
        if timedelta() < cache.FRESH:
            return threading.Thread(target=target, args=args, daemon=daemon)
        return SimpleNamespace(start=lambda: begun.append(lambda: target(*args)))

    world.setattr(in_flight, "Thread", thread)
    return begun


def calls(counting):
    return sum(len(database.calls) for database in counting)


@every_page
def test_a_cold_page_takes_one_call_after_the_two_that_open_the_database_and_a_warm_one_none(
    open_page, counting, page
):
    shown = open_page(page=page)
    assert [len(database.calls) for database in counting] == [OPENING + 1]
    assert "1 database call" in shown.strip
    shown.run()
    assert calls(counting) == OPENING + 1
    assert "cached" in shown.strip
    another_reader = open_page(page=page)
    assert calls(counting) == OPENING + 1
    assert "cached" in another_reader.strip
    if page.filtered:
        shown.choose("period", "Last 7 days")
        assert shown.exceptions == []
        assert calls(counting) == OPENING + 2


def test_rows_that_two_answers_share_are_counted_once(open_page, counting, loopback_d1, name_d1):
    name_d1(loopback_d1.url, loopback_d1.token)
    home = open_page(None)
    asked = len(counting[0].calls[-1]) + len(CHOICES)
    [read] = re.findall(r"([\d,]+) rows read", home.strip)
    assert int(read.replace(",", "")) == 7 * asked


def test_no_statement_is_ever_sent_twice(open_page, counting):
    home = open_page()
    home.choose("period", "Last 7 days")
    home.choose("compare", "Same period last year")
    home.choose("period", "Last 30 days")
    open_page(team="Client studio")
    sent = [s for database in counting for call in database.calls for s in call]
    assert len(sent) == len(set(sent))


def test_another_grain_and_the_switch_of_a_card_take_no_call(open_page, counting):
    home = open_page()
    before = calls(counting)
    for grain in ("Day", "Week", "Month"):
        home.choose("grain", grain)
        assert calls(counting) == before
        assert home.card("Cost trend").is_drawn
    home.choose("top", "Activity")
    assert calls(counting) == before
    assert "Activity" in home.card("Top 5 projects").description


def test_each_other_choice_takes_one_call(open_page, counting):
    page = open_page(page=pages.find("Project analytics"))
    chosen = {
        "period": "Last 7 days",
        "compare": "Same period last year",
        "zone": "Asia/Kolkata",
        "team": ["Client studio"],
        "project": page.app.multiselect(key="project").options[:1],
        "person": page.app.multiselect(key="person").options[:1],
    }
    for key, value in chosen.items():
        before = calls(counting)
        page.choose(key, value)
        assert calls(counting) == before + 1, key
        page.run()
        assert calls(counting) == before + 1, key


def test_refresh_fetches_everything_again_and_only_once(open_page, counting, demo_copy):
    home = open_page(demo_copy())
    assert home.figure("Total projects").value == "22"
    demo_copy("UPDATE projects SET status = 'archived' WHERE id = 'prj_bolt'")
    home.run()
    assert home.figure("Total projects").value == "22"
    sent = set(counting[0].calls[-1])
    before = calls(counting)
    home.press("Refresh data")
    assert home.figure("Total projects").value == "21"
    again = {statement for call in counting[0].calls[before:] for statement in call}
    assert sent <= again
    after = calls(counting)
    home.run()
    assert calls(counting) == after


def test_a_failed_refresh_keeps_the_old_rows(open_page, counting):
    home = open_page()
    values = [home.figure(label).value for label in home.figures()]
    counting[0].fail(RateLimited(60))
    home.press("Refresh data")
    assert home.exceptions == []
    assert [home.figure(label).value for label in home.figures()] == values
    assert all(home.card(title).is_drawn for title in home.titles())


def test_what_was_not_there_before_a_failed_call_says_so_in_each_card(open_page, counting, pass_by):
    home = open_page()
    counting[0].fail(RateLimited(60))
    home.choose("period", "Last 7 days")
    assert home.exceptions == []
    assert "Try again in 60 seconds" in home.card("Latest activity").state
    assert home.card("Latest activity").is_broken
    # Statuses and teams don't depend on the period: their rows were there.
    assert home.card("Project status").is_drawn
    assert home.figure("Total projects").value == "22"
    counting[0].recover()
    before = calls(counting)
    home.run()
    assert calls(counting) == before
    assert home.card("Latest activity").is_broken
    pass_by()
    home.run()
    assert all(home.card(title).is_drawn for title in home.titles())


def test_the_data_of_a_card_cost_no_call_and_are_not_drawn_before_they_are_opened(
    open_page, counting
):
    home = open_page()
    assert [one.label for one in home.app.get("download_button")] == ["Export page"]
    calls = len(counting[0].calls)
    files = [one.label for one in home.data_of("Cost trend").get("download_button")]
    assert (files, len(counting[0].calls)) == (["CSV", "PNG", "SVG"], calls)


def test_one_refused_statement_leaves_the_other_cards_standing(open_page, counting):
    home = open_page()
    refusal = QueryError("D1_ERROR: too much of it")
    counting[0].fail(refusal, lambda s: "latest" in s.sql)
    home.choose("period", "Last 7 days")
    assert home.exceptions == []
    broken = [title for title in home.titles() if home.card(title).is_broken]
    assert broken == ["Latest activity"]
    assert home.errors == ["The database rejected the query: D1_ERROR: too much of it."]
    assert home.card("Cost trend").is_drawn
    assert [one.label for one in home.data_of("Latest activity").get("download_button")] == []


def test_a_figure_whose_statement_is_refused_says_so_in_its_own_place(open_page, counting):
    home = open_page()
    counting[0].fail(QueryError("no"), lambda s: "first_seen" in s.sql)
    home.choose("period", "Last 7 days")
    assert home.figure("Active users").value == "-"
    assert home.figure("Active users").note == "The database rejected the query: no."
    assert home.figure("Total time logged").value.endswith(" h")


def test_old_rows_are_served_at_once_and_renewed_behind_in_one_call(
    open_page, counting, demo_copy, behind, world
):
    home = open_page(demo_copy())
    demo_copy("UPDATE projects SET status = 'archived' WHERE id = 'prj_bolt'")
    before = calls(counting)
    world.setattr(cache, "FRESH", timedelta(seconds=-1))
    home.run()
    assert calls(counting) == before
    assert home.figure("Total projects").value == "22"
    waiting = list(behind)
    assert waiting

    # Nobody fetches behind what is being fetched behind already.
    home.run()
    open_page(demo_copy())
    assert behind == waiting

    world.setattr(cache, "FRESH", timedelta(minutes=5))
    for go in waiting:
        go()
    renewed = counting[0].calls[before:]
    assert len(renewed) == len(waiting)
    statements = [statement for call in renewed for statement in call]
    assert len(statements) == len(set(statements))
    home.run()
    assert home.figure("Total projects").value == "21"
    assert calls(counting) == before + len(waiting)


def test_a_page_is_renewed_behind_in_one_call_beside_the_one_of_the_sidebar(
    open_page, behind, world
):
    home = open_page()
    world.setattr(cache, "FRESH", timedelta(seconds=-1))
    home.run()
    assert len(behind) == 2


def test_a_renewal_that_fails_keeps_the_old_rows_and_is_tried_again(
    open_page, counting, behind, world, pass_by
):
    home = open_page()
    value = home.figure("Total time logged").value
    world.setattr(cache, "FRESH", timedelta(seconds=-1))
    counting[0].fail(RateLimited(60))
    home.run()
    first = list(behind)
    for go in first:
        go()
    home.run()
    assert home.exceptions == []
    assert home.errors == []
    assert home.figure("Total time logged").value == value
    assert ", cached. Refresh failed: Cloudflare rate limit reached" in home.strip
    assert behind == first
    pass_by()
    home.run()
    assert len(behind) == 2 * len(first)
    counting[0].recover()
    for go in behind[len(first) :]:
        go()
    world.setattr(cache, "FRESH", timedelta(minutes=5))
    assert "Refresh failed" not in home.run().strip


def test_a_failure_is_shared_and_asked_anew_by_who_says_so(open_page, counting):
    home = open_page()
    counting[0].fail(Unauthorized("No."))
    home.choose("period", "Last 7 days")
    before = calls(counting)
    again = open_page(period="Last 7 days")
    assert again.card("Latest activity").is_broken
    assert calls(counting) == before
    counting[0].recover()
    again.press("Refresh data")
    assert not again.card("Latest activity").is_broken


def test_a_schema_that_can_not_be_read_anew_stays_as_it_was(open_page, counting):
    shown = open_page(page=pages.find("Data"))
    counting[0].fail(RateLimited(60))
    shown.app.session_state["reopen"] = True
    shown.run()
    assert not shown.is_closed
    assert "The schema can't be reloaded; the previous one stays in use." in " ".join(shown.toasts)
    counting[0].recover()
    before = calls(counting)
    open_page()
    assert calls(counting) == before + 1


def test_two_databases_never_share_rows(open_page, demo_copy, demo_file):
    changed = demo_copy("UPDATE projects SET status = 'archived' WHERE id = 'prj_bolt'")
    assert open_page(demo_file).figure("Total projects").value == "22"
    assert open_page(changed).figure("Total projects").value == "21"
    assert open_page(demo_file).figure("Total projects").value == "22"


def test_a_database_that_could_not_be_opened_is_tried_anew_at_the_next_run(
    open_page, demo_file, tmp_path
):
    late = tmp_path / "late.db"
    home = open_page(late)
    assert home.is_closed
    late.write_bytes(demo_file.read_bytes())
    home.press("Try again")
    assert home.figure("Total projects").value == "22"
