"""The wanted link leads to a page of the dashboard, with what that page reads, or nowhere."""

import ast
import re

import pytest
from starlette.responses import Response

from meaux.data.settings import PROJECT
from meaux.ui import choices, filters, opening, project, tabs
from meaux.ui.data_page import catalog, console, copied_catalog
from meaux.ui.live import following, wall
from meaux.ui.pages import PAGES
from meaux.ui.serving.wanted import PARAMETERS, known

READERS = {"several", "_several", "one", "text", "_listed", "_worded", "switch", "Switched"}
"""The functions that draw what the URL keeps; each is told its name in lower case."""


def read_from_addresses():
    """The names of all parameters that the sources read from an address."""
    names = {tabs.KEY, project.KEY, catalog.CHOICE.key, catalog.PLACE}
    names |= {opening.METRIC, opening.OF, opening.AFTER, *choices.IN_URL.values()}
    names |= {filters.ANNOTATED, opening.DATA, console.BOX, copied_catalog.CHOICE.key}
    names |= {opening.CHANGED, opening.WITHIN, opening.SPLIT, following.KEY, *wall.KEYS}
    places = ("ui/**/*.py", "subjects/*/cards.py", "subjects/*/cards/*.py")
    for path in [path for place in places for path in (PROJECT / "meaux").glob(place)]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func).rpartition(".")[2]
                keys = [one.value for one in node.keywords if one.arg == "key"]
                bound = any(one.arg == "bind" for one in node.keywords)
                given = [*node.args, *keys] if called in READERS else keys if bound else []
                words = {one.value for one in given if isinstance(one, ast.Constant)}
                names |= {word for word in words if re.fullmatch("[a-z]+", str(word))}
    return names


@pytest.mark.parametrize("page", PAGES[1:], ids=lambda page: page.title)
def test_a_link_to_a_page_keeps_what_the_page_reads(page):
    assert known(page.address, "team=A+b&team=C&tab=&period=7d") == (
        f"{page.address}?team=A+b&team=C&tab=&period=7d"
    )


def test_a_link_keeps_only_what_pages_read():
    assert known("/time", "utm_source=mail&next=https://evil.example&team=x&p1=2&p123=3") == (
        "/time?team=x&p1=2"
    )


def test_everything_that_a_page_reads_from_its_address_is_kept():
    assert read_from_addresses() == PARAMETERS


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
