"""Home in a browser: links, filters, files, themes, small screens, keys, and evil names."""

import csv
import io
import re
import sqlite3
import zipfile
from collections import defaultdict
from contextlib import closing
from datetime import date, datetime, timedelta
from itertools import pairwise
from urllib.parse import parse_qs, urlencode, urlsplit
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from accessibility import complaints
from layout import becomes, fits
from playwright.sync_api import expect
from visitors import EVIL, ON_A_PHONE

from meaux.ui import pages

TODAY = date(2026, 11, 22)
BACK = 30
CHART = '[data-testid="stVegaLiteChart"]'
DATA = '[class*="st-key-data-"] button:visible'
READABLE = 4.5
"""The contrast that WCAG 2 asks of text, level AA."""


def query(**words):
    return "/?" + urlencode(words, doseq=True)


def asked(page):
    """What the URL says."""
    return parse_qs(urlsplit(page.url).query)


def chosen(page, label):
    """What a filter of the sidebar shows."""
    return page.get_by_role("combobox", name=label, exact=True)


def choose(page, label, option):
    chosen(page, label).click()
    page.get_by_role("option", name=option, exact=True).click()


def trend(page):
    """The words of the cost trend for those who can't see it."""
    return page.locator(CHART).first


def says(chart, words):
    """What a chart says to those who can't see it begins with these words."""
    expect(chart).to_have_attribute("aria-label", re.compile(f"^{re.escape(words)}"))


def card(page, title):
    """The innermost framed block that has this title."""
    head = page.get_by_text(title, exact=True)
    return page.locator('[data-testid="stVerticalBlock"]').filter(has=head).last


def download(page, title):
    """The bytes and the name of a card's CSV."""
    heads = page.locator('[data-testid="stHorizontalBlock"]')
    heads.filter(has=page.get_by_text(title, exact=True)).last.locator(DATA).click()
    drawer = page.get_by_role("dialog")
    with page.expect_download() as started:
        drawer.get_by_role("button", name="CSV").click()
    drawer.get_by_role("button", name="Close").click()
    expect(drawer).to_be_hidden()
    return started.value.suggested_filename, started.value.path().read_bytes()


def rows_of(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def amount(words):
    return float(words.replace("$", "").replace(",", ""))


def test_a_cold_deep_link_shows_what_it_asks_for(asked_for, read):
    # No other test opens a page of this dashboard.
    page = read(query(period="Last 7 days", team="L'atelier d'idées", grain="Day"), asked_for)
    expect(page.get_by_text("15\N{EN DASH}22 Nov 2026 (UTC)")).to_be_visible()
    expect(chosen(page, "Period")).to_have_value("Last 7 days")
    expect(
        page.locator('[data-testid="stSidebar"]').get_by_text("L'atelier d'idées")
    ).to_be_visible()
    # The frame is there: app.py was not passed over.
    expect(page.locator('[data-testid="stSidebar"] img').first).to_be_visible()
    expect(page.get_by_role("button", name="Refresh data")).to_be_visible()
    expect(page.get_by_role("button", name="Reset filters")).to_be_visible()
    expect(page).to_have_title(re.compile("Meaux Analytics"))
    says(trend(page), "Cost, Sun 15 Nov 2026 \N{EN DASH} Sun 22 Nov")
    assert asked(page) == {
        "period": ["Last 7 days"],
        "team": ["L'atelier d'idées"],
        "grain": ["Day"],
    }


def test_another_period_changes_chart_and_url_and_survives_a_reload(read, settled):
    page = read()
    says(trend(page), "Cost, Fri 23 Oct 2026 \N{EN DASH} Sun 22 Nov")
    choose(page, "Period", "Last 7 days")
    says(trend(page), "Cost, Sun 15 Nov 2026")
    page.wait_for_url("**/?period=Last+7+days")

    page.reload()
    settled(page)
    expect(chosen(page, "Period")).to_have_value("Last 7 days")
    says(trend(page), "Cost, Sun 15 Nov 2026")


@pytest.mark.skipif(len(pages.PAGES) < 2, reason="needs a second page")
def test_filters_go_along_to_another_page_and_back_again(read, settled):
    page = read(query(period="Last 7 days"))
    other = pages.PAGES[1].title
    page.locator('[data-testid="stSidebarNavLink"]').filter(has_text=other).click()
    expect(page.get_by_role("heading", name=other)).to_be_visible()
    expect(chosen(page, "Period")).to_have_value("Last 7 days")
    expect(page.get_by_text("15\N{EN DASH}22 Nov 2026 (UTC)")).to_be_visible()

    page.go_back()
    settled(page)
    expect(page.get_by_role("heading", name="Home")).to_be_visible()
    expect(chosen(page, "Period")).to_have_value("Last 7 days")
    becomes(page, lambda: asked(page), {"period": ["Last 7 days"]})


def test_reset_clears_the_url_and_what_the_filters_show(read):
    page = read(query(period="Last 7 days", zone="Asia/Kolkata", compare="Nothing"))
    expect(page.get_by_text("(Asia/Kolkata)")).to_be_visible()
    page.get_by_role("button", name="Reset filters").click()
    expect(page.get_by_text("22 Nov 2026 (UTC)")).to_be_visible()
    expect(chosen(page, "Period")).to_have_value("Last 30 days")
    expect(chosen(page, "Compare with")).to_have_value("Previous period")
    page.wait_for_url(re.compile(r"/$"))


@pytest.fixture(scope="module")
def spent(demo_file):
    """Dollars by day and category, in plain SQL, of the thirty days up to today."""
    first = TODAY - timedelta(days=BACK)
    sql = """
        SELECT date(started_at, 'unixepoch'), 'Time', coalesce(cost_usd,
            CASE WHEN seconds >= 0 THEN seconds / 3600.0 * coalesce(hourly_rate,
            (SELECT hourly_rate FROM users WHERE id = user_id),
            (SELECT hourly_rate FROM projects WHERE id = project_id)) END) FROM time_entries
        UNION ALL SELECT substr(created_at, 1, 10), 'AI', cost_usd FROM ai_cost_tracking
        UNION ALL SELECT usage_date, 'Infrastructure', cost_usd FROM cloudflare_usage
            WHERE currency IS NULL OR currency = 'USD'
    """
    found = defaultdict(float)
    with closing(sqlite3.connect(f"file:{demo_file}?mode=ro", uri=True)) as connection:
        for day, category, cost in connection.execute(sql):
            if cost is not None and str(first) <= day <= str(TODAY):
                found[day, category] += cost
                found[day, "Total"] += cost
    return found


def test_the_csv_of_the_trend_is_what_the_chart_shows_and_what_sql_says(read, spent):
    page = read(kept=True)
    name, content = download(page, "Cost trend")
    assert name == "meaux_cost-trend_2026-10-23_2026-11-22.csv"
    header, *rows = rows_of(content)
    assert header == [
        "Day",
        "Category",
        "Cost (USD)",
        "Incomplete",
        "Not over yet",
        "Compared day",
        "Cost in comparison period (USD)",
        "Unusual",
    ]
    assert len(rows) == 4 * (BACK + 1)
    for day, category, cost, _, running, *_ in rows:
        assert float(cost) == pytest.approx(spent.get((day, category), 0), abs=6e-5)
        assert running == str(day == str(TODAY))
    said = trend(page).get_attribute("aria-label")
    for category in ("Time", "AI", "Infrastructure", "Total"):
        total = sum(float(cost) for _, named, cost, *_ in rows if named == category)
        shown = re.search(rf"{category}: (\$[\d,.]+) in total", said)[1]
        assert amount(shown) == pytest.approx(total, abs=0.008)
    before = [(date.fromisoformat(day), float(cost)) for *_, day, cost, _ in rows if day]
    assert [day for day, _ in before] == [TODAY - timedelta(BACK + 35 - n) for n in range(BACK)]
    shown = re.search(r"Comparison period: (\$[\d,.]+) in total", said)[1]
    assert amount(shown) == pytest.approx(sum(cost for _, cost in before), abs=0.008)


SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def test_the_page_export_is_a_workbook_with_a_sheet_for_each_card(read):
    page = read(kept=True)
    with page.expect_download() as started:
        page.get_by_role("button", name="Export page").click()
    assert started.value.suggested_filename == "meaux_home_2026-10-23_2026-11-22.xlsx"
    with zipfile.ZipFile(started.value.path()) as book:
        assert book.testzip() is None
        sheets = ET.fromstring(book.read("xl/workbook.xml")).iter(f"{SHEET}sheet")  # noqa: S314
        names = [sheet.get("name") for sheet in sheets]
        assert names[:2] == ["About", "Figures"]
        assert len(names) == len(set(names))
        cards = {"Cost trend", "Project status", "Top 5 projects", "Projects by team"}
        assert cards | {"Latest activity"} <= set(names)
        texts = book.read("xl/sharedStrings.xml").decode()
        assert "This month's cost (USD)" in texts.replace("&apos;", "'").replace("&#39;", "'")
        formulas = [name for name in book.namelist() if b"<f>" in book.read(name)]
        assert formulas == []


NAMELESS = """
elements => elements.filter(element => element.checkVisibility()).filter(element => {
    if (element.alt || element.getAttribute('aria-hidden') === 'true') return false;
    const by = (element.getAttribute('aria-labelledby') || '').split(' ').filter(Boolean);
    const words = [
        element.getAttribute('aria-label'),
        element.textContent,
        element.getAttribute('title'),
        ...by.map(id => document.getElementById(id)?.textContent),
        ...[...(element.labels || [])].map(label => label.textContent),
    ];
    return !words.some(text => text && text.trim());
}).map(element => element.outerHTML.slice(0, 200))
"""


def test_everything_that_can_be_used_or_seen_has_an_accessible_name(read):
    page = read(kept=True)
    everything = "button, a[href], input, select, textarea, [role=button], [role=combobox], img"
    becomes(page, lambda: page.locator(everything).evaluate_all(NAMELESS), [])
    charts = page.locator(CHART)
    expect(charts).to_have_count(4)
    for number, words in enumerate(("Cost, ", "Projects: ", "Cost, ", "Projects: ")):
        says(charts.nth(number), words)
    assert len({chart.get_attribute("aria-label") for chart in charts.all()}) == 4


WHOLE = """chart => {
    const svg = chart.querySelector('svg.marks'), all = svg.getBoundingClientRect();
    const names = [...svg.querySelectorAll('.role-legend text')];
    return all.width < 500 && names.length && names.every(name => {
        const box = name.getBoundingClientRect();
        return box.top >= all.top && box.right <= all.right + 1;
    });
}"""
"""Whether each name of a legend lies within its chart, which has become narrow."""


@pytest.mark.parametrize("width", [800, 390])
def test_a_legend_stays_whole_if_the_window_becomes_narrow(read, width):
    page = read(kept=True)
    page.set_viewport_size({"width": width, "height": 1000})
    page.wait_for_function(WHOLE, arg=trend(page).element_handle())


BEHIND = """element => {
    const style = getComputedStyle(element);
    const drawn = element instanceof SVGElement;
    const opaque = drawn ? style.opacity * style.fillOpacity : 1;
    const colours = [opaque, drawn ? style.fill : style.color];
    for (let behind = element; behind; behind = behind.parentElement)
        colours.push(getComputedStyle(behind).backgroundColor);
    return colours;
}"""
"""How opaque a text is, its colour, and that of everything behind it, the nearest first."""


def colours(page, text):
    """The colour of a text, and that of what lies behind it, all layers mixed."""
    found = page.locator(text).first if isinstance(text, str) else text
    opaque, *painted = found.evaluate(BEHIND)
    text, *layers = map(channels, painted)
    behind = (255, 255, 255)
    for layer in reversed(layers):
        behind = over(behind, layer)
    return over(behind, (*text[:3], text[3] * opaque)), behind


def over(behind, layer):
    """A colour with one of some opacity painted over it."""
    *colour, share = layer
    return [share * new + (1 - share) * old for new, old in zip(colour, behind, strict=True)]


def channels(colour):
    """Red, green and blue from 0 to 255, and how opaque the colour is."""
    red, green, blue, *opaque = map(float, re.findall(r"[\d.]+", colour))
    return (red, green, blue, *(opaque or [1.0]))


def luminance(colour):
    parts = [part / 255 for part in colour]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


READ = (
    "h1",
    '[data-testid="stMetricValue"] p',
    '[data-testid="stMetricDelta"] p',
    '[data-testid="stCaptionContainer"] p',
    ".stMarkdownBadge",
    '[data-testid="stSidebar"] label p',
    '[data-testid="stBaseButton-tertiary"]:visible',
)
"""Texts of every kind that a page has."""


@pytest.mark.parametrize(("theme", "is_dark"), [("light", False), ("dark", True)])
def test_each_theme_has_its_background_and_text_that_can_be_read(read, picture, theme, is_dark):
    page = read(color_scheme=theme, kept=True)
    assert (luminance(colours(page, "h1")[1]) < 0.05) == is_dark
    for selector in READ:
        text, behind = colours(page, selector)
        assert contrast(text, behind) >= READABLE, (selector, text, behind)
    for part in (".role-axis-label text", ".role-legend-label text", ".role-title-text text"):
        for drawn in page.locator(f"{CHART} {part}").all()[:1]:
            text, behind = colours(page, drawn)
            assert contrast(text, behind) >= READABLE, (part, text, behind)
    becomes(page, lambda: complaints(page), [])
    picture(page, f"home-{theme}")


def test_a_cell_that_looks_like_a_formula_is_disarmed(read):
    page = read(query(project="=SUM(Sugar) calculator", period="Last 12 months"))
    _, content = download(page, "Top 5 projects")
    header, row = rows_of(content)
    assert row[header.index("Name")] == "'=SUM(Sugar) calculator"


def stacked(elements):
    """Whether there are elements, and each lies below the one before, at the same left edge."""
    boxes = [element.bounding_box() for element in elements.all()]
    return len({box["x"] for box in boxes}) == 1 and all(
        above["y"] + above["height"] <= below["y"] for above, below in pairwise(boxes)
    )


def test_on_a_phone_nothing_is_wider_than_the_screen_and_cards_stack(read, picture):
    page = read(**ON_A_PHONE)
    for part in ("html", '[data-testid="stMain"]'):
        assert fits(page.locator(part))
        assert page.locator(part).evaluate("part => part.clientWidth") <= 390
    becomes(page, lambda: stacked(page.locator('[data-testid="stMetric"]')), True)
    expect(page.locator(CHART)).to_have_count(4)
    for chart in page.locator(CHART).all():
        becomes(page, lambda chart=chart: chart.bounding_box()["width"] > 250, True)
    picture(page, "home-phone")


def test_names_that_are_attacks_are_shown_as_text_and_run_nothing(read, hostile):
    page = read(query(project=EVIL, team=[EVIL, f"nobody {EVIL}"]), hostile)
    # A dialog would stand for a script that ran.
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    expect(page.get_by_text(EVIL, exact=True).first).to_be_visible()
    made = "img[src=x], a[href^=javascript], .katex, [data-testid=stMarkdown] a"
    expect(page.locator(made)).to_have_count(0)
    said = re.compile(re.escape(EVIL[:20]))
    expect(page.locator(CHART).nth(2)).to_have_attribute("aria-label", said)
    bar = page.locator(CHART).nth(2).locator(".mark-rect.role-mark path").first
    bar.hover()
    expect(page.locator("#vg-tooltip-element")).to_contain_text(EVIL[:20])
    expect(page.locator(made)).to_have_count(0)


def focused(page):
    """The lines of the name of what has the focus; the page as a whole has none."""
    return page.evaluate(
        """() => {
            const it = document.activeElement;
            if (it.tagName === 'MAIN') return [];
            return (it.ariaLabel || it.innerText || '').trim().split('\\n');
        }"""
    )


def tab_to(page, wanted):
    """Press Tab until this has the focus; the ways there."""
    passed = []
    while len(passed) < 60:
        page.keyboard.press("Tab")
        passed += [focused(page)]
        if wanted in passed[-1]:
            return passed
    pytest.fail(f"Tab never came to {wanted}: {passed}")


def test_the_keyboard_alone_reaches_filters_and_menus_and_opens_them(read):
    page = read()
    filters = tab_to(page, "Reset filters")
    for label in ("Period", "Compare with", "Team", "Project", "Person"):
        assert [label] in filters
    tab_to(page, "Data")
    page.keyboard.press("Enter")
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_role("button", name="CSV")).to_be_visible()
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()

    chosen(page, "Period").focus()
    page.keyboard.type("Last 7")
    expect(page.get_by_role("option").first).to_have_text("Last 7 days")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    says(trend(page), "Cost, Sun 15 Nov 2026")


@pytest.fixture(scope="module")
def latest(demo_file):
    """When the newest activities happened."""
    sql = "SELECT created_at FROM project_activity ORDER BY created_at DESC LIMIT 10"
    with closing(sqlite3.connect(f"file:{demo_file}?mode=ro", uri=True)) as connection:
        return [datetime.fromisoformat(at) for (at,) in connection.execute(sql)]


@pytest.mark.parametrize(
    ("zone", "browser_zone"),
    [("UTC", "America/Los_Angeles"), ("Asia/Kolkata", "Pacific/Auckland")],
)
def test_the_zone_of_the_browser_moves_no_day(read, latest, browser_zone, zone):
    page = read(query(zone=zone), timezone_id=browser_zone)
    cells = page.locator('[data-testid="stDataFrame"] td[aria-colindex="1"]')
    expect(cells).to_have_count(len(latest))
    shown = [datetime.fromisoformat(text) for text in cells.all_text_contents()]
    assert [at.replace(microsecond=0) for at in shown] == latest
    assert {at.utcoffset() for at in shown} == {latest[0].astimezone(ZoneInfo(zone)).utcoffset()}
    expect(trend(page).locator(".role-axis-label text").first).to_have_text("23 Oct")
