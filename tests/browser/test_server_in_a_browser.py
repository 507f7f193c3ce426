"""The server before the pages: what it tells browsers, whom it answers, what it keeps closed."""

import pytest
import requests

ANSWERS = (
    "/",
    "/financial",
    "/_stcore/health",
    "/_stcore/metrics",
    "/static/none.js",
    "/media/none",
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


DEEDS = {
    "connect-src": "fetch('http://127.0.0.2:9/').catch(() => null)",
    "script-src-elem": "document.body.append(script)",
}
"""What a page may not do, by the rule that stops it."""


def test_the_policy_stops_calls_elsewhere_and_scripts_made_of_text(chromium, dashboard):
    with chromium.new_page() as page:
        page.goto(dashboard.url)
        for rule, deed in DEEDS.items():
            stopped = page.evaluate(
                "() => new Promise(done => { document.addEventListener("
                "'securitypolicyviolation', e => done(e.violatedDirective), {once: true});"
                " const script = document.createElement('script');"
                f" script.textContent = 'window.ran = 1'; {deed} }})"
            )
            assert stopped == rule
        assert page.evaluate("window.ran") is None
