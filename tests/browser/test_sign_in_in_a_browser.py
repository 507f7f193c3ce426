"""Sign-in at a strict provider, in a real browser."""

import re

import pytest
import requests
from layout import fits
from playwright.sync_api import expect
from ports import free_port
from providers import secrets, strict
from visitors import PHONE

ACCESS = """
[access]
ask = "Anna Meyer"

[[access.people]]
addresses = ["anna@example.com"]
role = "analyst"
"""
KNOWS_NO_PROMPT = """
client_kwargs = { prompt = "login" }

[auth.picky]
client_id = "meaux"
client_secret = "a secret of the tests, of no other use"
server_metadata_url = "URL/.well-known/openid-configuration"
"""
"""The default provider is not asked to select an account; `picky`, the same one, is."""


@pytest.fixture(scope="module")
def guarded(start, demo_file, tmp_path_factory):
    """A dashboard with sign-in at the strict provider."""
    port = free_port()
    callback = f"http://127.0.0.1:{port}/oauth2callback"
    with strict(tmp_path_factory.mktemp("provider"), callback) as url:
        files = {
            ".streamlit/secrets.toml": secrets(url, KNOWS_NO_PROMPT.replace("URL", url)),
            ".streamlit/meaux.toml": ACCESS,
        }
        yield start(demo_file, port=port, files=files)


def sign_in(page, name):
    """Press the button, and fill in the forms of the provider."""
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill("any")
    page.locator("button[type=submit]").click()
    page.get_by_role("button", name="Continue").click()


def test_a_person_signs_in_gets_the_page_they_asked_for_and_signs_out(page, guarded):
    page.goto(f"{guarded.url}/time?period=Last+7+days")
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Home")).to_have_count(0)
    expect(page).to_have_title("Meaux Analytics")
    sign_in(page, "anna")
    expect(page.get_by_role("heading", name="Time tracking", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile(r"/time\?period=Last\+7\+days$"))
    expect(page.get_by_text("Signed in as anna@example.com, analyst.")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Yes, sign me out").click()
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    page.goto(f"{guarded.url}/time")
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()


def test_a_file_is_for_the_browser_that_has_signed_in(page, guarded):
    page.goto(guarded.url)
    sign_in(page, "anna")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export page").click()
    assert re.search(r"/media/\w+\.xlsx", download.value.url)
    assert download.value.path().stat().st_size > 1_000
    assert requests.get(download.value.url, timeout=20).status_code == 401


def test_who_may_not_enter_reads_whom_to_ask(page, guarded):
    page.goto(guarded.url)
    sign_in(page, "eve")
    expect(page.get_by_text("Ask for access: Anna Meyer.")).to_be_visible()
    expect(page.get_by_text("Signed in as eve@example.com.")).to_be_visible()
    expect(page.get_by_role("link", name="Time tracking")).to_have_count(0)


def test_a_provider_that_refuses_the_prompt_leads_to_the_setting(page, guarded):
    page.goto(guarded.url)
    page.get_by_role("button", name="Sign in with picky").click()
    expect(page.get_by_text('client_kwargs = { prompt = "login" }')).to_be_visible()
    page.get_by_role("link", name="Back to sign-in").click()
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()


def test_the_sign_in_page_fits_on_a_phone(page, guarded):
    page.set_viewport_size(PHONE)
    page.goto(f"{guarded.url}/financial")
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    assert fits(page.locator("html"))
