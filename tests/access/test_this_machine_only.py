"""Without sign-in, a database is shown to this machine only, unless that is meant otherwise."""

import pytest
import requests
from visits import visit
from websockets.exceptions import InvalidStatus

from meaux.ui.serving.gate import is_local

FORWARDED = {
    "for another": {"X-Forwarded-For": "203.0.113.9"},
    "for this machine": {"X-Forwarded-For": "127.0.0.1"},
    "by the standard": {"Forwarded": "for=127.0.0.1"},
    "by nginx": {"X-Real-IP": "127.0.0.1"},
    "by Cloudflare": {"CF-Connecting-IP": "203.0.113.9"},
    "by a proxy": {"Via": "1.1 proxy"},
    "for another host": {"X-Forwarded-Host": "dash.example.com"},
    "to another name": {"Host": "dash.example.com"},
    "to a name that points here": {"Host": "127.0.0.1.evil.example"},
}
PATHS = ["/", "/time?team=x", "/_stcore/host-config", "/media/x", "/static/js/x.js", "/nowhere"]


@pytest.fixture(scope="module")
def closed(start, demo_file):
    return start(demo_file)


@pytest.mark.parametrize("headers", FORWARDED.values(), ids=FORWARDED)
def test_a_request_from_elsewhere_reads_which_settings_are_missing(closed, headers):
    for path in PATHS:
        answer = requests.get(closed.url + path, headers=headers, timeout=20)
        assert answer.status_code == 403
        assert "[auth] in .streamlit/secrets.toml" in answer.text
        assert "set MEAUX_OPEN=yes" in answer.text
        assert len(answer.text) < 300


def test_a_browser_from_elsewhere_reads_it_on_a_page(closed):
    headers = {"X-Forwarded-For": "203.0.113.9", "Accept": "text/html"}
    answer = requests.get(closed.url, headers=headers, timeout=20)
    assert "text/html" in answer.headers["content-type"]
    assert "<script" not in answer.text


def test_a_session_from_elsewhere_is_refused(closed):
    headers = {"X-Forwarded-For": "203.0.113.9"}
    with pytest.raises(InvalidStatus, match="403"), visit(closed.url, headers=headers):
        pass


def test_this_machine_and_whoever_asks_for_the_health_are_answered(closed):
    assert requests.get(closed.url, timeout=20).ok
    port = closed.url.rpartition(":")[2]
    for host in ("localhost", f"localhost:{port}", f"[::1]:{port}", "127.0.0.1"):
        assert requests.get(closed.url, headers={"Host": host}, timeout=20).ok
    forwarded = {"X-Forwarded-For": "203.0.113.9"}
    assert requests.get(f"{closed.url}/_stcore/health", headers=forwarded, timeout=20).ok


def test_a_dashboard_that_is_meant_to_be_open_answers_everybody(start, demo_file):
    opened = start(demo_file, MEAUX_OPEN="yes")
    headers = {"X-Forwarded-For": "203.0.113.9"}
    assert requests.get(opened.url, headers=headers, timeout=20).ok
    with visit(opened.url, headers=headers) as seen:
        assert seen.open().drawn("metric")


def test_unreadable_secrets_close_what_was_meant_to_be_open(start, demo_file):
    broken = start(demo_file, MEAUX_OPEN="yes", files={".streamlit/secrets.toml": "[auth"})
    answer = requests.get(broken.url, headers={"X-Forwarded-For": "203.0.113.9"}, timeout=20)
    assert answer.status_code == 403
    assert answer.text == "This dashboard is closed: .streamlit/secrets.toml can't be read."
    with visit(broken.url) as seen:
        assert seen.open().alerts == ["secrets.toml can't be read; check its quotes."]
        assert seen.menu == []


def scope(peer, host="localhost:8501", **headers):
    named = {"host": host} | headers
    found = [(name.encode(), value.encode()) for name, value in named.items()]
    return {"type": "http", "client": None if peer is None else (peer, 5), "headers": found}


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
def test_every_address_of_this_machine_is_known(peer):
    assert is_local(scope(peer))


OTHERS = [None, "", "testclient", "10.0.0.1", "192.168.1.5", "203.0.113.9", "::ffff:10.0.0.1"]


@pytest.mark.parametrize("peer", [*OTHERS, "fe80::1", "172.17.0.1", "0.0.0.0", "127.0.0.1.evil"])  # noqa: S104
def test_no_other_address_is_of_this_machine(peer):
    assert not is_local(scope(peer))


@pytest.mark.parametrize("host", ["", ":", "evil.example", "[", "localhost.evil.example", "0:80"])
def test_a_name_that_is_not_this_machines_is_not_local(host):
    assert not is_local(scope("127.0.0.1", host))
