"""Reports in a browser: accessible, as wide as the window, and without anything from elsewhere."""

from functools import cache

import pytest
from axe_playwright_python.sync_playwright import Axe
from visitors import EVIL

from meaux.data.database import SQLiteFile
from meaux.data.plan import Plan
from meaux.data.source import open_source
from meaux.query.filters import Selection
from meaux.reports import find, make

WIDTHS = (1280, 390)


@pytest.fixture(scope="module")
def shown(chromium, tmp_path_factory):
    """Open a page of HTML in a window of some width; returns the page and what it complained of."""
    folder = tmp_path_factory.mktemp("reports")
    # axe-core is a script, and a report's policy allows none.
    context = chromium.new_context(bypass_csp=True, offline=True)

    @cache
    def shown(name, html, width):
        path = folder / f"{name}.html"
        path.write_text(html, encoding="utf-8")
        page, complaints = context.new_page(), []
        page.set_viewport_size({"width": width, "height": 900})
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("requestfailed", lambda request: complaints.append(request.url))
        page.goto(path.as_uri())
        return page, complaints

    yield shown
    context.close()


@pytest.fixture(scope="module")
def report(demo_source, today):
    made = {}

    def report(name):
        if name not in made:
            kind = find(name)
            selection = Selection(kind.period(today), today)
            made[name] = make(kind, demo_source, Plan(), selection)
        return made[name]

    return report


@pytest.mark.parametrize(
    ("name", "width"), [("weekly", WIDTHS[0]), ("weekly", WIDTHS[1]), ("projects", WIDTHS[1])]
)
def test_a_report_is_accessible_and_fits_the_window(shown, report, name, width):
    page, complaints = shown(name, report(name).html, width)
    is_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert complaints == []


def test_a_message_is_accessible(shown, report):
    body = report("weekly").message(attached=False).get_body(("html",)).get_content()
    page, _ = shown("message", body.replace("cid:", "about:blank#"), WIDTHS[0])
    is_accessible(page)


def is_accessible(page):
    found = Axe().run(page, options={}).response
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
    assert len(found["passes"]) > 15


@pytest.mark.parametrize("width", WIDTHS)
def test_a_report_shows_the_chart_that_fits(shown, report, width):
    page, _ = shown("weekly", report("weekly").html, width)
    charts = page.locator("svg[role=img]:visible")
    shown_widths = charts.evaluate_all("all => all.map(one => one.getBoundingClientRect().width)")
    assert len(shown_widths) > 10
    assert max(shown_widths) <= min(width, 752)
    assert min(shown_widths) > 200


def test_what_a_hostile_name_says_is_text(shown, demo_file, today, hostile_file):
    source = open_source(SQLiteFile(hostile_file), override=demo_file.with_name("none.toml"))
    kind = find("projects")
    made = make(kind, source, Plan(), Selection(kind.period(today), today))
    page, complaints = shown("hostile", made.html, WIDTHS[0])
    assert page.get_by_role("cell", name=" ".join(EVIL.split()), exact=True).count() >= 1
    assert complaints == []
    assert made.pdf.startswith(b"%PDF-")
