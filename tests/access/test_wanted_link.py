"""The wanted link leads to a page of the dashboard, with what that page reads, or nowhere."""

import pytest
from starlette.responses import Response

from meaux.ui.pages import PAGES
from meaux.ui.wanted import known


@pytest.mark.parametrize("page", PAGES[1:], ids=lambda page: page.title)
def test_a_link_to_a_page_keeps_what_the_page_reads(page):
    assert known(page.address, "team=A+b&team=C&tab=&period=7d") == (
        f"{page.address}?team=A+b&team=C&tab=&period=7d"
    )


def test_a_link_keeps_only_what_pages_read():
    assert known("/time", "utm_source=mail&next=https://evil.example&team=x&p1=2&p123=3") == (
        "/time?team=x&p1=2"
    )


def test_a_link_to_home_keeps_its_filters():
    assert known("/", "team=x") == "/?team=x"


ELSEWHERE = [
    *("", "//evil.example", "/\\evil.example", "https://evil.example", "///evil.example/time"),
    *("/auth/logout", "/media/x.csv", "/own", "/time/../own", "/time\n", "time", "/home", "/TIME"),
]


@pytest.mark.parametrize("path", ELSEWHERE)
def test_no_other_path_is_kept(path):
    assert known(path, "team=x") == ""


@pytest.mark.parametrize("value", ["x\r\nSet-Cookie: a=b", "x&next=//evil.example", "x#//", "é"])
def test_a_value_stays_a_value(value):
    kept = known("/time", f"team={value}")
    assert kept.startswith("/time?team=x") or kept == "/time?team=%C3%A9"
    assert not {"\r", "\n", "#"} & set(kept)
    assert "evil" not in kept
    assert Response(headers={"location": kept}).headers["location"] == kept


def test_a_link_that_fits_in_no_cookie_keeps_its_page():
    assert known("/time", "find=" + "x" * 5_000) == "/time"
