"""Live and the wall, as their first run draws them; what follows needs a browser."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from meaux.data.database import ROWS
from meaux.ui import pages
from meaux.ui.live import wall
from meaux.ui.text import clock_time

FINANCIAL = pages.find("Financial analytics")
PAST = "Live has nothing to read: the period doesn't include today."
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def followed(page):
    """What the page says of following the running day; empty if it isn't live."""
    return next((words for words in page.between if words.startswith("Live")), "")


def test_a_page_is_not_live_unless_it_is_asked_for(open_page):
    home = open_page()
    assert home.app.get_by_key("live").value == "Off"
    assert followed(home) == ""
    assert "live" not in home.app.query_params


def test_the_url_makes_a_page_live(open_page):
    home = open_page(live="30s")
    assert home.app.get_by_key("live").value == "30s"
    assert followed(home) == "Live: waiting for the first check."


def test_the_switch_makes_a_page_live_and_ends_it(open_page):
    home = open_page().choose("live", "1min")
    assert followed(home) == "Live: waiting for the first check."
    assert followed(home.choose("live", "Off")) == ""


def test_an_unknown_interval_is_off(open_page):
    assert followed(open_page(live="1ms")) == ""


def test_a_period_without_today_has_nothing_to_read(open_page):
    assert followed(open_page(live="30s", period="Last month")) == PAST


def test_a_page_without_sums_per_day_has_nothing_to_read(open_page):
    said = followed(open_page(live="30s", page=pages.find("Data")))
    assert said == "Live has nothing to read: this page has no sums per day that include today."


def test_live_stops_at_the_limit_of_rows_a_day(open_page, world):
    world.setenv("MEAUX_ROWS_A_DAY", "1000")
    world.setattr(type(ROWS), "used", 1_000)
    assert followed(open_page(live="30s")) == (
        "Live has stopped: today's limit of 1,000 rows read is reached. It resumes at 00:00 UTC."
    )


def test_the_strip_tells_the_time_at_which_the_data_were_loaded(open_page):
    assert re.match(r"Data loaded \d\d:\d\d:\d\d", open_page().strip)


@pytest.mark.parametrize(
    ("hours", "zone", "words"),
    [
        (0, "UTC", "12:00:00"),
        (-2, "Europe/Paris", "11:00:00"),
        (-13, "UTC", "21 Nov 2026, 23:00"),
        (-13, "America/New_York", "21 Nov 2026, 18:00"),
    ],
)
def test_a_time_has_its_day_unless_it_is_today(hours, zone, words):
    assert clock_time(NOON + timedelta(hours=hours), zone, NOON) == words


def test_a_wall_has_no_sidebar_and_is_live(open_page):
    home = open_page(wall="1")
    assert not home.app.sidebar.children
    assert home.app.get_by_key("live").value == "30s"
    assert "Leave wall" in home.buttons
    assert "Export page" not in home.words


def test_a_wall_says_what_is_wrong_with_its_url(open_page):
    home = open_page(wall="1", pages="home,finance,finance", every="soon")
    [said] = home.warnings
    assert said.startswith("Unknown pages are left out: finance. pages= lists any of home, exec")
    assert said.endswith("every=soon is no duration: each page stays 1 min. Write 45s, 5min or 1h.")


def test_a_wall_whose_url_is_right_warns_of_nothing(open_page):
    assert not open_page(wall="1", pages="home", every="30s").warnings
    assert not open_page(pages="finance", every="soon").warnings


def test_a_wall_keeps_its_filters(open_page):
    home = open_page(wall="1", period="Last 7 days")
    assert home.sentence.startswith("15-22 Nov 2026")


def test_who_leaves_the_wall_finds_the_sidebar(open_page):
    home = open_page(wall="1", pages="home,financial", every="30s").press("Leave wall")
    assert home.app.sidebar.selectbox
    assert not {"wall", "pages", "every"} & set(home.app.query_params)


def test_a_page_is_put_on_a_wall_by_a_button(open_page):
    home = open_page().press("Copy link").press("Show on a wall")
    assert home.app.query_params["wall"] == "1"
    assert not home.app.sidebar.children


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("45s", 45),
        ("45", 45),
        ("5min", 300),
        ("1 h", 3600),
        ("9h", 3600),
        ("1s", 10),
        ("", 60),
        ("soon", 60),
        ("-5s", 60),
    ],
)
def test_a_page_of_a_wall_stays_from_ten_seconds_to_an_hour(words, seconds):
    assert wall.duration(words) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", ""),
        ("10s", ""),
        ("1h", ""),
        ("9s", "every=9s isn't between 10s and 1h: each page stays 10 s."),
        ("61min", "every=61min isn't between 10s and 1h: each page stays 1 h."),
        ("-5s", "every=-5s is no duration: each page stays 1 min. Write 45s, 5min or 1h."),
    ],
)
def test_a_wall_says_if_its_pages_stay_longer_or_shorter_than_asked(words, said):
    assert wall.wrong_duration(words) == said


@pytest.mark.parametrize(
    ("named", "titles"),
    [
        ("home,financial", ["Home", "Financial analytics"]),
        ("financial, home,financial", ["Financial analytics", "Home"]),
        ("home,nothing,data", ["Home", "Data"]),
        ("", []),
    ],
)
def test_the_pages_of_a_wall_are_those_that_are_named(named, titles):
    assert [page.title for page in wall.listed(named, lambda _: True)] == titles


def test_a_wall_shows_no_page_that_the_visitor_may_not_open():
    found = wall.listed("home,data", lambda right: right == "pages")
    assert [page.title for page in found] == ["Home"]
    said = wall.wrong_pages("home,data", lambda right: right == "pages")
    assert said.startswith("Pages that your role may not open are left out: data. pages= lists")


def test_the_pages_of_a_wall_take_turns():
    home, financial = wall.listed("home,financial", lambda _: True)
    assert wall.after("Home", [home, financial]) == financial
    assert wall.after("Financial analytics", [home, financial]) == home
    assert wall.after("Alerts", [home, financial]) == home
    assert wall.after("Home", [home]) is None
    assert wall.after("Home", []) is None
