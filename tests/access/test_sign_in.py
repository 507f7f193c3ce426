"""Sign-in: before it nothing of a page leaves the server; what survives it, and what ends it."""

import json
import re
import time

import pytest
import requests
from browsers import ACCESS
from itsdangerous import URLSafeTimedSerializer
from providers import SECRET
from visits import ADDRESSES

from meaux.ui.pages import PAGES

USER = "_streamlit_user"
PUBLIC = {
    "/_stcore/health",
    "/_stcore/host-config",
    "/auth/login",
    "/auth/logout",
    "/oauth2callback",
    "",
    "/",
}
"""The routes that answer everybody: none of them tells anything of the database."""


def titles(said):
    """The titles of pages, and what is said of them, that stand in what was sent."""
    rest = said.replace("Meaux Analytics", "")
    return [words for page in PAGES for words in (page.title, page.about) if words in rest]


def asked(url, path, method="GET", cookies=None):
    """The status of an answer to a program, which follows no redirect."""
    return requests.request(method, url + path, cookies=cookies, timeout=20, allow_redirects=False)


def test_every_route_but_a_few_asks_for_credentials(dashboard, signed_in):
    routes = signed_in("anna").get("/own").json()
    assert len(routes) > 12
    closed = set()
    for path, methods, kind in routes:
        filled = re.sub(r"\{[^}]*\}", "x", path)
        if path in PUBLIC or kind == "WebSocketRoute":
            continue
        for method in methods:
            assert asked(dashboard.url, filled, method).status_code == 401, (method, path)
        closed.add(path)
    assert {"/media/{file_id:path}", "/own", "/_stcore/metrics"} <= closed


@pytest.mark.parametrize(
    "path",
    ["/nowhere", "/time/x", "/media/x.csv", "/static/../own", "/own/", "/own/time", "/TIME"],
)
def test_a_path_that_is_no_page_asks_for_credentials(dashboard, path):
    answer = asked(dashboard.url, path)
    assert answer.status_code == 401
    assert answer.text == "Sign in first."


@pytest.mark.parametrize("page", ADDRESSES, ids=lambda page: page or "home")
def test_before_sign_in_a_page_has_only_the_button(browser, page):
    with browser.page(page, "team=Client%20work&tab=SQL&sql=SELECT%201") as seen:
        said = " ".join(str(message) for message in seen.said)
        assert [button.label for button in seen.drawn("button")] == ["Sign in"]
        assert seen.drawn("metric") == seen.drawn("vega_lite_chart") == []
    assert titles(said) == []
    assert "Client work" not in said.replace("team=Client%20work", "")


def test_a_link_to_a_page_survives_sign_in(browser):
    browser.get("/time?team=Client+work&period=7d&utm_source=mail")
    end = browser.sign_in("ben")
    assert end.url == f"{browser.url}/time?team=Client+work&period=7d"
    assert "meaux_wanted" not in browser.cookies
    browser.get("/auth/logout")
    assert browser.sign_in("ben").url == f"{browser.url}/"


def test_the_link_is_in_a_short_cookie_that_scripts_cannot_read(dashboard):
    cookie = asked(dashboard.url, "/time?team=x").headers["set-cookie"]
    assert re.search(r"^meaux_wanted=\S+; HttpOnly; Max-Age=600; Path=/; SameSite=lax$", cookie)
    assert "set-cookie" not in asked(dashboard.url, "/").headers


def test_who_has_signed_in_sees_the_pages_and_their_own_name(signed_in):
    with signed_in("cleo").page("time") as seen:
        assert "Signed in as cleo@example.com, viewer." in seen.words
        assert seen.drawn("metric")


def test_no_header_makes_somebody_another_person(signed_in, browser):
    headers = {"X-Email": "anna@example.com"}
    with signed_in("cleo").page(headers=headers) as seen:
        assert "Signed in as cleo@example.com, viewer." in seen.words
    with browser.page(headers=headers) as seen:
        assert seen.drawn("metric") == []


def test_signing_out_closes_the_pages_again(browser):
    browser.sign_in("ben")
    assert USER in browser.cookies
    browser.sign_out()
    assert USER not in browser.cookies
    with browser.page() as seen:
        assert [button.label for button in seen.drawn("button")] == ["Sign in"]
    assert browser.get("/own").status_code == 401


def test_somebody_else_reads_whom_to_ask_and_nothing_more(signed_in):
    browser = signed_in("eve")
    with browser.page("time") as seen:
        assert seen.alerts == [
            "This account has no access to the dashboard. Ask for access: Anna Meyer."
        ]
        assert [button.label for button in seen.drawn("button")] == ["Sign out"]
        assert titles(seen.words) == []
    for path in ("/own", "/media/x", "/_stcore/metrics", "/nowhere"):
        assert browser.get(path).status_code == 403


def test_new_rules_hold_from_the_next_click_on(dashboard, signed_in):
    browser, rules = signed_in("cleo"), dashboard.folder / ".streamlit" / "meaux.toml"
    with browser.page() as seen:
        rules.write_text(ACCESS.replace("example.com", "example.org"), encoding="utf-8")
        try:
            seen.press("Refresh data")
            assert browser.get("/own").status_code == 403
        finally:
            rules.write_text(ACCESS, encoding="utf-8")
        assert seen.drawn("metric") == []
        assert seen.alerts[0].startswith("This account has no access to the dashboard.")
    assert browser.get("/own").status_code == 200


def test_a_mistake_in_the_rules_keeps_people_out_and_says_so(dashboard, signed_in):
    rules = dashboard.folder / ".streamlit" / "meaux.toml"
    rules.write_text(ACCESS.replace("admin", "boss"), encoding="utf-8")
    try:
        with signed_in("anna").page() as seen:
            assert "An entry of [access] in .streamlit/meaux.toml is invalid" in seen.alerts[0]
    finally:
        rules.write_text(ACCESS, encoding="utf-8")


def signed(claims, secret=SECRET, age=0):
    """A cookie with these claims that was signed some seconds ago."""

    class Then(URLSafeTimedSerializer.default_signer):
        def get_timestamp(self):
            return int(time.time()) - age

    maker = URLSafeTimedSerializer(secret, salt=USER, signer=Then)
    return maker.dumps(json.dumps(claims))


def tampered(cookie, place):
    """The cookie with another character at this place than it has."""
    signs = [*cookie]
    signs[place] = "y" if signs[place] == "x" else "x"
    return "".join(signs)


@pytest.fixture
def claims(dashboard):
    known = {"sub": "anna", "email": "anna@example.com", "is_logged_in": True}
    return known | {"origin": dashboard.url, "provider": "default"}


def test_a_cookie_as_streamlit_signs_it_opens_the_door(dashboard, claims):
    answer = asked(dashboard.url, "/own", cookies={USER: signed(claims)})
    assert answer.status_code == 200


A_DAY = 24 * 60 * 60
FALSE = {
    "of another secret": lambda claims: signed(claims, secret="x" * 40),
    "32 days old": lambda claims: signed(claims, age=32 * A_DAY),
    "of another address": lambda claims: signed(claims | {"origin": "https://evil.example"}),
    "of nobody": lambda claims: signed(claims | {"is_logged_in": False}),
    "tampered at its end": lambda claims: tampered(signed(claims), -2),
    "tampered at its start": lambda claims: tampered(signed(claims), 0),
    "unsigned": json.dumps,
    "empty": lambda _: "",
    "no text": lambda _: "\xff\xfe",
}


@pytest.mark.parametrize("cookie", FALSE.values(), ids=FALSE)
def test_a_false_or_old_cookie_opens_nothing(dashboard, browser, claims, cookie):
    headers = {"Cookie": f"{USER}={cookie(claims)}".encode("latin-1")}
    answer = requests.get(f"{dashboard.url}/own", headers=headers, timeout=20)
    assert answer.status_code in (401, 403)
    browser.session.cookies.set(USER, cookie(claims))
    if cookie(claims).isascii():
        with browser.page("time") as seen:
            assert seen.drawn("metric") == []


def test_a_provider_that_refuses_is_quoted_and_the_setting_is_named(browser):
    answer = browser.get("/oauth2callback?error=invalid_request&error_description=<b>x</b>")
    assert answer.status_code == 403
    assert "The provider refused to sign you in: invalid_request." in answer.text
    assert "client_kwargs = { prompt = &quot;login&quot; }" in answer.text
    assert "<b>" not in answer.text


def test_an_error_that_no_provider_sends_is_not_repeated(browser):
    answer = browser.get("/oauth2callback?error=call+0800+555")
    assert "an unknown error" in answer.text
    assert "0800" not in answer.text


def test_who_presses_deny_at_the_provider_reads_so(browser):
    form = browser.asks_to_sign_in()
    answer = browser.session.post(form.url, data={"action": "deny"}, timeout=20)
    assert (answer.status_code, "The provider denied access." in answer.text) == (403, True)


def test_an_answer_of_the_provider_that_is_false_says_what_to_check(browser):
    form = browser.asks_to_sign_in()
    state = re.search(r"[?&]state=([^&]+)", form.url)[1]
    answer = browser.get(f"/oauth2callback?code=false&state={state}")
    assert answer.status_code == 502
    assert "Check client_id, client_secret and redirect_uri" in answer.text


def test_an_answer_that_comes_twice_leaves_who_has_signed_in_alone(signed_in):
    browser = signed_in("cleo")
    assert browser.get("/oauth2callback?code=old&state=old").status_code == 200
    with browser.page() as seen:
        assert seen.drawn("metric")
