"""The server before the pages: what it tells browsers, whom it answers, what it keeps closed."""

import re

import pytest
import requests
from playwright.sync_api import expect

from meaux.ui import pages

ADDRESSES = ["/", *("/" + page.script.rpartition("/")[2][:-3] for page in pages.PAGES[1:])]
ANSWERS = (
    "/",
    "/financial",
    "/_stcore/health",
    "/_stcore/metrics",
    "/static/none.js",
    "/media/none",
)
NOT_RUNNING = '[data-testid="stApp"][data-test-script-state="notRunning"]'
TELL = "document.addEventListener('securitypolicyviolation', e => told(e.violatedDirective))"


@pytest.fixture(scope="module")
def asked_for(start, demo_file):
    """A dashboard that answers one host, may be framed by one site, and shows its metrics."""
    return start(
        demo_file,
        "--server.allowedHosts=127.0.0.1",
        "--server.allowedHosts=*.example.com",
        MEAUX_FRAME_ANCESTORS="https://intranet.example.com",
        MEAUX_METRICS="yes",
    )


@pytest.mark.parametrize("address", ANSWERS)
def test_every_answer_tells_the_browser_what_it_may_do(dashboard, address):
    told = requests.get(dashboard.url + address, timeout=20).headers
    assert told["x-content-type-options"] == "nosniff"
    assert told["referrer-policy"] == "same-origin"
    assert told["x-frame-options"] == "SAMEORIGIN"
    policy = dict(part.split(" ", 1) for part in told["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == "'self'"
    assert not {"'unsafe-inline'", "'unsafe-eval'"} & set(policy["script-src"].split())


def test_only_the_site_that_is_named_may_frame_a_page(asked_for):
    told = requests.get(asked_for.url, timeout=20).headers
    assert "x-frame-options" not in told
    assert told["content-security-policy"].endswith("frame-ancestors https://intranet.example.com")


@pytest.mark.parametrize(
    "address", ["/_stcore/metrics", "/_stcore/metrics/", "/_stcore/metrics%0A"]
)
def test_metrics_are_closed_until_they_are_asked_for(dashboard, address):
    answer = requests.get(dashboard.url + address, timeout=20)
    assert (answer.status_code, answer.text) == (404, "Not found")


def test_metrics_answer_where_they_are_asked_for(asked_for):
    assert "# EOF" in requests.get(f"{asked_for.url}/_stcore/metrics", timeout=20).text


@pytest.mark.parametrize("address", ["/", "/financial", "/_stcore/host-config"])
@pytest.mark.parametrize(
    ("host", "status"),
    [("127.0.0.1", 200), ("a.example.com:8501", 200), ("evil.example", 400), ("example.com", 400)],
)
def test_another_host_than_those_allowed_gets_no_page(asked_for, address, host, status):
    answer = requests.get(asked_for.url + address, headers={"Host": host}, timeout=20)
    assert answer.status_code == status


@pytest.fixture
def watched(chromium, dashboard):
    """Open a page of the dashboard; gives it with the list of what its policy forbade."""
    context = chromium.new_context(viewport={"width": 1440, "height": 1000})
    context.set_default_timeout(60_000)
    forbidden = []
    page = context.new_page()
    page.expose_binding("told", lambda _source, directive: forbidden.append(directive))
    page.add_init_script(TELL)

    def watched(address):
        page.goto(dashboard.url + address)
        page.locator(NOT_RUNNING).wait_for()
        page.get_by_text(re.compile("Data loaded|No data loaded")).first.wait_for()
        return page, forbidden

    yield watched
    context.close()


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_page_does_what_its_policy_forbids(watched, address):
    page, forbidden = watched(address)
    for frame in page.locator('[data-testid="stVegaLiteChart"]').all():
        frame.scroll_into_view_if_needed()
        expect(frame.locator("svg.marks, canvas.marks").first).to_be_visible()
    assert forbidden == []


def test_theme_and_downloads_work_under_the_policy(watched):
    page, forbidden = watched("/")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export page").click()
    assert download.value.path().stat().st_size > 1_000
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        expect(page.locator('[data-testid="stVegaLiteChart"] svg.marks').first).to_be_visible()
    assert forbidden == []


@pytest.mark.parametrize(
    ("deed", "rule"),
    [
        ("fetch('http://127.0.0.2:9/').catch(() => null)", "connect-src"),
        ("document.body.append(script)", "script-src-elem"),
    ],
)
def test_the_policy_stops_calls_elsewhere_and_scripts_made_of_text(watched, deed, rule):
    page, _ = watched("/")
    stopped = page.evaluate(
        "() => new Promise(done => {"
        " document.addEventListener('securitypolicyviolation', e => done(e.violatedDirective));"
        " const script = document.createElement('script'); script.textContent = 'window.ran = 1';"
        f" {deed} }})"
    )
    assert stopped == rule
    assert page.evaluate("window.ran") is None
