"""Several servers behind one address, below a path: what one has signed, the others accept."""

import socket
from urllib.parse import urlsplit

import pytest
import requests
from browsers import ACCESS, Browser
from ports import free_port
from providers import secrets

BASE = "/dash"


@pytest.fixture(scope="module")
def replicas(start, demo_file, provider):
    """Two servers of one address, which is that of the first."""
    port = free_port()
    address = f"http://127.0.0.1:{port}{BASE}"
    files = {
        ".streamlit/secrets.toml": secrets(provider, address=address),
        ".streamlit/meaux.toml": ACCESS,
    }
    return [start(demo_file, port=one, base=BASE, files=files) for one in (port, free_port())]


def through(server):
    """A connection to a server, past the address that it is asked by."""
    parts = urlsplit(server.url)
    return socket.create_connection((parts.hostname, parts.port))


def test_sign_in_begins_on_one_replica_and_ends_on_the_other(replicas):
    first, second = (Browser(one.url, BASE) for one in replicas)
    second.session.cookies = first.session.cookies
    second.get("/time?team=Client+work")
    form = first.asks_to_sign_in()
    to_callback = first.session.post(
        form.url, data={"sub": "ben"}, timeout=20, allow_redirects=False
    ).headers["location"]
    end = second.follow(to_callback.removeprefix(first.url), allow_redirects=False)
    assert end.headers["location"] == f"{BASE}/time?team=Client+work"
    for server, shown in zip(replicas, (first, first), strict=True):
        with shown.page("time", sock=through(server)) as seen:
            assert "Signed in as ben@example.com, analyst." in seen.words
    for browser in (first, second):
        assert browser.get("/media/none").status_code == 404


@pytest.mark.parametrize("path", ["/", "/own", "/time", "/dashboard", "/dash2/time", "/dash/own"])
def test_below_a_path_everything_else_asks_for_credentials(replicas, path):
    assert requests.get(replicas[0].url + path, timeout=20).status_code == 401


def test_the_cookies_are_of_the_path(replicas):
    answer = requests.get(f"{replicas[0].url}{BASE}/time?team=x", timeout=20)
    assert f"Path={BASE};" in answer.headers["set-cookie"]
