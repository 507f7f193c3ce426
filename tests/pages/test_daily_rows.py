"""The limit of rows a day: pages keep to it, say what of it is used, and show what is cached."""

import json
from datetime import UTC, datetime

import pytest
from faulty import TOKEN, FaultyD1

from meaux.data.access import Access
from meaux.data.database import ROWS
from meaux.ui import pages, visitor

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOME, EXECUTIVE = (
    next(page for page in pages.PAGES if page.title == title)
    for title in ("Home", "Executive overview")
)


@pytest.fixture
def d1(world, demo_file, name_d1):
    """A D1 that tells how many rows it reads, on a day on which nothing was read yet."""
    server = FaultyD1(demo_file)
    name_d1(server.url, TOKEN)
    world.setattr(ROWS, "_clock", lambda: NOON)
    world.setattr(ROWS, "_used", 0)
    yield server
    server.close()


@pytest.mark.usefixtures("empty_caches", "d1")
def test_the_strip_says_how_much_of_the_limit_is_used_today(open_page, world):
    assert "Today:" not in open_page(None, HOME).strip
    world.setenv("MEAUX_ROWS_A_DAY", "1_000_000")
    page = open_page(None, HOME)
    assert page.strip.endswith(f"Today: {ROWS.used:,} of 1,000,000 rows read")
    assert ROWS.used > 0


def sheets(page):
    """The rows of each card."""
    return {title: frame.to_csv() for title, frame in page.sheets.items()}


@pytest.mark.usefixtures("empty_caches")
def test_once_it_is_used_up_a_known_page_is_drawn_and_another_says_why_not(open_page, world, d1):
    world.setenv("MEAUX_ROWS_A_DAY", "1_000_000")
    known = open_page(None, HOME)
    ROWS.add(1_000_000)
    calls = d1.calls
    assert sheets(open_page(None, HOME)) == sheets(known)
    other = open_page(None, EXECUTIVE)
    assert any("The daily limit of 1,000,000 rows read is reached." in one for one in other.errors)
    assert d1.calls == calls


@pytest.mark.usefixtures("empty_caches", "d1")
def test_a_signed_in_visitors_page_is_in_the_access_log(open_page, world, capsys):
    open_page(None, HOME)
    assert '"log": "access"' not in capsys.readouterr().out
    world.setattr(visitor, "current", lambda: Access("viewer", None, "anna@example.com"))
    open_page(None, EXECUTIVE)
    [line] = [json.loads(one) for one in capsys.readouterr().out.splitlines()]
    assert (line["who"], line["what"], line["status"]) == (
        "anna@example.com",
        "page Executive overview",
        200,
    )
    assert "cost_by_day" in line["queries"]
    assert line["rows_read"] > 0
