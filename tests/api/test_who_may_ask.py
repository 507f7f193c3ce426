"""Who may ask the API: keys, and tokens of the sign-in provider, each with its role."""

import base64
import hmac
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from process import Process

from meaux.api.app import create
from meaux.data import keys

CLIENT = "the-dashboard"
ACCESS = """
[api]
requests_per_minute = 10_000
[access]
[[access.people]]
addresses = ["anna@example.com"]
role = "admin"
[[access.people]]
domains = ["example.com"]
role = "viewer"
[[access.people]]
groups = ["platform"]
role = "viewer"
teams = ["Platform"]
"""

OURS, FOREIGN = (RSAKey.generate_key(2048, {"kid": name}) for name in ("ours", "ours"))


class Provider(ThreadingHTTPServer):
    """A provider that publishes its metadata and its keys."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server_port}"
        self.calls = 0
        self.keys = [OURS]
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def auth(self):
        """`[auth]` of the secrets file."""
        metadata = f"{self.issuer}/.well-known/openid-configuration"
        return {"client_id": CLIENT, "server_metadata_url": metadata}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.calls += 1
        jwks = {"keys": [key.as_dict(private=False) for key in self.server.keys]}
        metadata = {"issuer": self.server.issuer, "jwks_uri": f"{self.server.issuer}/keys"}
        body = json.dumps(jwks if self.path == "/keys" else metadata).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(scope="module")
def provider():
    with Provider() as server:
        yield server
        server.shutdown()


@pytest.fixture(scope="module")
def signed_app(provider):
    return create(Process(provider.auth))


@pytest.fixture
def signed(declare, signed_app):
    """The API with sign-in by the provider, and rules of access."""
    declare(ACCESS)
    return signed_app


@pytest.fixture
def token(provider):
    def token(key=OURS, algorithm="RS256", **claims):
        now = int(time.time())
        whole = {
            "iss": provider.issuer,
            "aud": CLIENT,
            "sub": "1",
            "exp": now + 300,
            "email": "anna@example.com",
            **claims,
        }
        given = {name: value for name, value in whole.items() if value is not None}
        return jwt.encode({"alg": algorithm, "kid": "ours"}, given, key, algorithms=[algorithm])

    return token


@pytest.fixture
def with_token(ask, signed):
    def with_token(token, path="/readyz"):
        return ask(path, None, headers={"authorization": f"Bearer {token}"}, app=signed)

    return with_token


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"authorization": "Bearer "},
        {"authorization": "Basic YTpi"},
        {"authorization": "Bearer meaux_wrong"},
        {"authorization": "Bearer not.a.token"},
        {"authorization": "Bearer \xff".encode("latin-1")},
        {"cookie": "_streamlit_user=anything"},
    ],
)
@pytest.mark.parametrize("path", ["/readyz", "/v1/queries/cost_by_day", "/v1/health"])
def test_without_a_valid_key_nothing_is_told(ask, path, header):
    found = ask(path, None, headers=header)
    assert found.status_code == 401
    assert found.headers["www-authenticate"] == "Bearer"
    assert found.json()["status"] == 401


def test_every_endpoint_but_that_of_life_needs_a_key(ask, app):
    for path in app.openapi()["paths"]:
        found = ask(path.replace("{name}", "cost"), None)
        assert found.status_code == (200 if path == "/livez" else 401), path


def test_a_revoked_key_is_refused_from_the_next_request_on(ask, own_world, key_of):  # noqa: ARG001
    made = keys.new(own_world / "keys.json", "for a moment")
    header = {"authorization": f"Bearer {made}"}
    assert ask("/readyz", None, headers=header).status_code == 200
    keys.revoke(own_world / "keys.json", "for a moment")
    assert ask("/readyz", None, headers=header).status_code == 401


def test_an_invalid_file_of_keys_closes_the_api(ask, world, tmp_path):
    path = tmp_path / "keys.json"
    path.write_text("nothing", encoding="utf-8")
    world.setenv("MEAUX_API_KEYS", str(path))
    found = ask("/readyz", None, headers={"authorization": "Bearer meaux_x"})
    assert found.status_code == 503
    assert "not a valid file of keys" in found.json()["detail"]


@pytest.mark.parametrize(
    ("role", "path", "allowed"),
    [
        ("viewer", "/v1/queries/cost_by_day", True),
        ("viewer", "/v1/queries/cost_by_day?format=csv", False),
        ("viewer", "/v1/queries/system_page", False),
        ("viewer", "/v1/health", False),
        ("viewer", "/v1/metrics/tables_found", False),
        ("viewer", "/v1/alerts", True),
        ("analyst", "/v1/queries/cost_by_day?format=csv", True),
        ("analyst", "/v1/queries/system_page", True),
        ("analyst", "/v1/health", False),
        ("admin", "/v1/health", True),
        ("admin", "/v1/metrics/tables_found", True),
    ],
)
def test_a_role_may_ask_for_what_its_pages_show(ask, role, path, allowed):
    found = ask(path, role)
    assert found.status_code == (200 if allowed else 403)
    if not allowed:
        assert f"The role {role} doesn't include" in found.json()["detail"]


def test_a_token_of_the_provider_has_the_role_of_its_person(with_token, token):
    assert with_token(token(), "/v1/health").status_code == 200
    assert with_token(token(email="ben@example.com"), "/v1/health").status_code == 403
    assert with_token(token(email="ben@example.com"), "/v1/alerts").status_code == 200


def test_a_person_whom_no_entry_is_about_is_refused(with_token, token):
    found = with_token(token(email="eve@elsewhere.org"))
    assert (found.status_code, "no access" in found.json()["detail"]) == (403, True)


BAD = {
    "another issuer": {"iss": "https://elsewhere.example"},
    "no issuer": {"iss": None},
    "another audience": {"aud": "somebody else's"},
    "no audience": {"aud": None},
    "expired": {"exp": 1_700_000_000},
    "no expiry": {"exp": None},
    "an expiry that is no time": {"exp": "tomorrow"},
    "not valid yet": {"nbf": 4_000_000_000},
    "a foreign key": {"key": FOREIGN},
}


@pytest.mark.parametrize("claims", BAD.values(), ids=BAD)
def test_a_token_that_was_not_made_for_us_now_is_refused(with_token, token, claims):
    assert with_token(token(**claims)).status_code == 401


def test_a_token_without_a_subject_is_nobodys(with_token, token):
    assert with_token(token(sub=None)).status_code == 403


def test_a_public_key_is_no_shared_secret(with_token, token):
    payload = token().split(".")[1]
    head = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"ours"}').decode().rstrip("=")
    signature = hmac.digest(OURS.as_pem(private=False), f"{head}.{payload}".encode(), "sha256")
    signed = base64.urlsafe_b64encode(signature).decode().rstrip("=")
    assert with_token(f"{head}.{payload}.{signed}").status_code == 401


def test_a_token_without_a_signature_is_refused(with_token, token):
    head = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    assert with_token(f"{head}.{token().split('.')[1]}.").status_code == 401


def test_the_keys_are_fetched_once_and_again_only_after_a_pause(with_token, token, provider):
    with_token(token())
    before = provider.calls
    for _ in range(5):
        with_token(token(key=FOREIGN))
        with_token(token())
    assert provider.calls == before


def test_without_sign_in_a_token_is_unknown_and_a_key_is_needed_all_the_same(ask, token):
    assert ask("/readyz", None, headers={"authorization": f"Bearer {token()}"}).status_code == 401
