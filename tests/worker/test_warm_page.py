"""A page through the gateway, warm, reads no row of D1."""

import re

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from worker.conftest import DEMO, GATEWAY_KEY

from meaux.data.settings import PROJECT

pytestmark = pytest.mark.d1

SECONDS = 120
LOADED = re.compile(r"Data loaded .*?, ([0-9,]+) database call.*?, ([0-9,]+) rows? read")


@pytest.fixture
def gateway(worker, monkeypatch):
    monkeypatch.setenv("CLOUDFLARE_DATABASE_ID", DEMO)
    monkeypatch.setenv("CLOUDFLARE_API_BASE_URL", worker.demo)
    monkeypatch.setenv("CLOUDFLARE_GATEWAY_KEY", GATEWAY_KEY)
    monkeypatch.setenv("MEAUX_TODAY", "2026-11-22")
    monkeypatch.setenv("MEAUX_OPEN", "yes")
    for name in ("CLOUDFLARE_ACCOUNT_ID", "CLOUDFLARE_API_TOKEN", "MEAUX_DATABASE"):
        monkeypatch.delenv(name, raising=False)
    yield worker
    st.cache_data.clear()
    st.cache_resource.clear()


def opened():
    """Home in a new session of a process that has no data cached."""
    st.cache_data.clear()
    return AppTest.from_file(str(PROJECT / "app.py"), default_timeout=SECONDS).run()


def loaded(page):
    """How many calls the page made, and how many rows D1 read for it."""
    assert not page.exception
    [told] = [found for each in page.caption if (found := LOADED.search(each.value))]
    return tuple(int(number.replace(",", "")) for number in told.groups())


def refreshed(page):
    [button] = [each for each in page.button if each.label == "Refresh data"]
    return button.click().run()


def test_a_warm_page_reads_no_row_until_somebody_refreshes_it(gateway):
    calls, rows = loaded(opened())
    assert calls == 1
    assert rows > 1_000
    gateway.until(lambda: loaded(opened()) == (1, 0))
    warm = opened()
    assert loaded(refreshed(warm)) == (1, rows)
