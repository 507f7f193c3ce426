"""The server before the pages: what it tells browsers, whom it answers, what it keeps closed."""

import re

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


SCRIPT = r'static/js/index[^"]+'


@pytest.fixture(scope="module")
def script(dashboard):
    """The address of the largest file of a first visit."""
    page = requests.get(dashboard.url, timeout=20).text
    return f"{dashboard.url}/{re.search(SCRIPT, page)[0]}"


def test_scripts_are_sent_compressed_and_unpacked_are_the_same(script):
    plain = requests.get(script, headers={"Accept-Encoding": "identity"}, timeout=20)
    packed = requests.get(script, headers={"Accept-Encoding": "gzip"}, timeout=20)
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert packed.content == plain.content
    assert int(packed.headers.get("content-length", 0)) < len(plain.content)
    assert packed.raw.tell() < len(plain.content) / 2


def test_a_part_of_a_script_is_sent_as_it_is(script):
    asked = {"Accept-Encoding": "gzip", "Range": "bytes=0-9"}
    part = requests.get(script, headers=asked, timeout=20)
    assert (part.status_code, len(part.content)) == (206, 10)
    assert "content-encoding" not in part.headers


DEEDS = {
    "connect-src": "fetch('http://127.0.0.2:9/').catch(() => null)",
    "script-src-elem": "document.body.append(script)",
}
"""What a page may not do, by the rule that stops it."""


def test_the_policy_stops_calls_elsewhere_and_scripts_made_of_text(page, dashboard):
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
