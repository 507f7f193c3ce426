"""The API of a dashboard with sign-in: tokens of its real provider, never its cookie."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from browsers import ACCESS, Browser
from providers import CLIENT, secrets

from meaux.data import keys

BACK = "http://127.0.0.1:1/back"


@pytest.fixture(scope="module")
def key_file(tmp_path_factory):
    return tmp_path_factory.mktemp("keys") / "keys.json"


@pytest.fixture(scope="module")
def dashboard(start, demo_file, provider, key_file):
    """A dashboard with sign-in whose API is on."""
    files = {
        ".streamlit/secrets.toml": secrets(provider),
        ".streamlit/meaux.toml": f"[api]\non = true\n{ACCESS}",
    }
    return start(demo_file, files=files, MEAUX_API_KEYS=str(key_file))


@pytest.fixture(scope="module")
def token_of(provider):
    """The token that the provider gives to a program of this person."""
    told = requests.get(f"{provider}/.well-known/openid-configuration", timeout=20).json()

    def token_of(name, client="meaux"):
        wanted = {
            "client_id": client,
            "redirect_uri": BACK,
            "response_type": "code",
            "scope": "openid email",
        }
        form = requests.post(
            told["authorization_endpoint"],
            params=wanted,
            data={"sub": name},
            timeout=20,
            allow_redirects=False,
        )
        [code] = parse_qs(urlsplit(form.headers["location"]).query)["code"]
        given = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK}
        answer = requests.post(
            told["token_endpoint"], data=given, auth=(client, CLIENT), timeout=20
        )
        return answer.json()["id_token"]

    return token_of


@pytest.fixture
def ask(dashboard):
    def ask(path, token="", **how):
        header = {"authorization": f"Bearer {token}"} if token else {}
        return requests.get(f"{dashboard.url}/api{path}", headers=header, timeout=30, **how)

    return ask


def test_without_credentials_no_address_of_the_api_answers_but_that_of_life(ask, token_of):
    paths = ask("/v1/openapi.json", token_of("anna")).json()["paths"]
    assert len(paths) > 100
    others = ["/docs", "/docs/start.js", "/openapi.json", "/v1/openapi.json", "/v1/queries/x"]
    answered = [path for path in [*paths, *others] if ask(path).status_code != 401]
    assert answered == ["/livez"]


@pytest.mark.parametrize(
    ("name", "statuses"),
    [("anna", (200, 200, 200)), ("ben", (200, 200, 403)), ("cleo", (200, 403, 403))],
)
def test_a_token_of_the_provider_gives_the_role_of_its_person(ask, token_of, name, statuses):
    token = token_of(name)
    paths = ("/v1/alerts", "/v1/queries/cost_by_day?format=csv", "/v1/health")
    assert tuple(ask(path, token).status_code for path in paths) == statuses


def test_who_may_not_enter_the_pages_may_not_ask_the_api(ask, token_of):
    assert ask("/v1/alerts", token_of("eve")).status_code == 403


def test_a_token_for_another_client_is_not_for_us(ask, token_of):
    assert ask("/v1/alerts", token_of("anna", "another-client")).status_code == 401


def test_the_cookie_of_a_signed_in_browser_opens_the_docs_but_not_the_data(dashboard):
    browser = Browser(dashboard.url)
    browser.sign_in("anna")
    assert browser.get("/api/docs").status_code == 200
    assert browser.get("/api/openapi.json").status_code == 200
    assert browser.get("/api/v1/alerts").status_code == 401


def test_a_key_works_beside_sign_in(ask, key_file):
    assert ask("/v1/alerts", keys.new(key_file, "script")).status_code == 200
