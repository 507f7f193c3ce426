"""The set-up of sign-in: what is missing or weak in [auth] is named, and opens nothing."""

import asyncio
import re
import tomllib

import pytest

from meaux.data.access import Access, Rules
from meaux.data.plan import read_plan
from meaux.data.settings import PROJECT
from meaux.ui import visitor
from meaux.ui.serving import gate, sign_in

KEYS = ("client_id", "client_secret", "server_metadata_url")
PROVIDER = dict.fromkeys(KEYS, "https://provider.example.com")
SHARED = {"redirect_uri": "https://meaux.example.com/oauth2callback", "cookie_secret": "x" * 32}
RIGHT = SHARED | PROVIDER


@pytest.mark.parametrize(
    ("auth", "providers"),
    [
        (RIGHT, ["default"]),
        (RIGHT | {"client_kwargs": {"prompt": "login"}}, ["default"]),
        (RIGHT | {"google": PROVIDER}, ["default", "google"]),
        (SHARED | {"google": PROVIDER, "okta": PROVIDER}, ["google", "okta"]),
    ],
)
def test_a_right_set_up_names_its_providers(auth, providers):
    assert visitor.mistakes(auth) == ""
    assert visitor.providers(auth) == providers


@pytest.mark.parametrize("key", RIGHT)
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_key_is_named(key, value):
    said = visitor.mistakes(RIGHT | {key: value})
    assert said == f"Sign-in isn't set up: add {key} to [auth] in .streamlit/secrets.toml."


def test_everything_that_is_missing_is_named_at_once():
    assert "redirect_uri, cookie_secret, client_id, client_secret and server_metadata_url" in (
        visitor.mistakes({})
    )
    assert "add google.client_secret to" in visitor.mistakes(
        SHARED | {"google": PROVIDER | {"client_secret": ""}}
    )


TENANT = "https://login.microsoftonline.com/{}/v2.0/.well-known/openid-configuration"
WEAK = {
    "a short secret": ({"cookie_secret": "x" * 31}, "32 or more random characters"),
    "another callback": ({"redirect_uri": "https://meaux.example.com/"}, "/oauth2callback"),
    "an underscore": ({"my_provider": PROVIDER}, "without an underscore"),
    "any tenant": ({"server_metadata_url": TENANT.format("common")}, "your own tenant"),
    "any tenant of a named provider": (
        {"microsoft": PROVIDER | {"server_metadata_url": TENANT.format("Organizations")}},
        "your own tenant",
    ),
}


@pytest.mark.parametrize(("keys", "words"), WEAK.values(), ids=WEAK)
def test_a_weak_set_up_is_named_and_accepts_no_cookie(keys, words):
    assert words in visitor.mistakes(RIGHT | keys)
    assert visitor.claims_of({"_streamlit_user": "any"}, RIGHT | keys) == {}


HOSTING = (PROJECT / "docs" / "hosting.md").read_text(encoding="utf-8")
EXAMPLES = [tomllib.loads(block) for block in re.findall(r"```toml\n(.*?)```", HOSTING, re.DOTALL)]


def test_the_examples_of_the_docs_are_right():
    [auth] = [one["auth"] for one in EXAMPLES if "auth" in one]
    assert visitor.mistakes(auth | {"cookie_secret": "x" * 32}) == ""
    rules = [read_plan(one) for one in EXAMPLES if "access" in one]
    assert [len(plan.rules.entries) for plan in rules] == [3, 1]
    assert [plan.faults for plan in rules] == [(), ()]


def test_ones_own_tenant_is_right():
    assert visitor.mistakes(RIGHT | {"server_metadata_url": TENANT.format("8eaef023")}) == ""


def test_who_is_limited_to_teams_enters_and_who_has_no_role_does_not():
    assert visitor.refusal(Access("viewer", ("Platform",)), Rules()) == ""
    assert visitor.refusal(Access(None, ()), Rules()).startswith(visitor.NOT_ALLOWED)


def cookies_sent(redirect_uri, *cookies):
    """The cookies that reach the browser."""
    sent = []

    async def send(message):
        sent.append(message)

    headers = [(b"set-cookie", cookie) for cookie in cookies]
    start = {"type": "http.response.start", "status": 200, "headers": headers}
    asyncio.run(gate._secured(send, {"redirect_uri": redirect_uri})(start))
    return [value for _, value in sent[0]["headers"]]


def test_with_tls_every_cookie_is_sent_through_tls_only():
    given = (b"a=1; Path=/", b"b=2; Secure; HttpOnly")
    assert cookies_sent("https://x.example/oauth2callback", *given) == [
        b"a=1; Path=/; Secure",
        b"b=2; Secure; HttpOnly",
    ]
    assert cookies_sent("http://localhost:8501/oauth2callback", *given) == [*given]


@pytest.mark.parametrize("error", sorted(sign_in.CODES))
def test_every_error_of_a_provider_has_a_sentence(error):
    said = sign_in.refused(error)
    assert said.endswith(".")
    assert (error in said) == (error != "access_denied")
    assert ("client_kwargs" in said) == (error in sign_in.OF_PROMPT)


def test_an_error_that_is_unknown_is_not_repeated():
    assert "call" not in sign_in.refused("call 0800 555")
