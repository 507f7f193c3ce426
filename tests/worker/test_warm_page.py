"""A page through the gateway, warm, reads no row of D1."""

import json

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from worker.conftest import DEMO, GATEWAY_KEY

from meaux.data.database.transport import Transport
from meaux.data.settings import PROJECT
from meaux.ui.pages import PAGES

pytestmark = pytest.mark.d1

SECONDS = 120


@pytest.fixture
def told(worker, within_an_hour, monkeypatch):  # noqa: ARG001
    """Where each answer of the gateway was, and the rows that D1 read for it."""
    monkeypatch.setenv("CLOUDFLARE_DATABASE_ID", DEMO)
    monkeypatch.setenv("CLOUDFLARE_API_BASE_URL", worker.demo)
    monkeypatch.setenv("CLOUDFLARE_GATEWAY_KEY", GATEWAY_KEY)
    monkeypatch.setenv("MEAUX_TODAY", "2026-11-22")
    monkeypatch.setenv("MEAUX_OPEN", "yes")
    for name in ("CLOUDFLARE_ACCOUNT_ID", "CLOUDFLARE_API_TOKEN", "MEAUX_DATABASE"):
        monkeypatch.delenv(name, raising=False)
    found = []
    posted = Transport._posted

    def noted(self, body, seconds):
        answer = posted(self, body, seconds)
        metas = [one["meta"] for one in json.loads(answer.content)["result"]]
        [place] = {meta["from"] for meta in metas}
        found.append((place, sum(meta["rows_read"] for meta in metas)))
        return answer

    monkeypatch.setattr(Transport, "_posted", noted)
    yield found
    st.cache_data.clear()
    st.cache_resource.clear()


def opened(script):
    """A page in a new session, in a process that has no data cached."""
    st.cache_data.clear()
    page = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=SECONDS)
    if script != PAGES[0].script:
        page.switch_page(f"pages/{script}")
    page.run()
    assert not page.exception
    return page


def kept(told, script):
    """Open a page once, so that the gateway keeps its answers; return the rows that D1 read."""
    opened(script)
    *_, (place, rows) = told
    assert place == "D1"
    assert rows > 1_000
    told.clear()
    return rows


@pytest.mark.parametrize("script", ["overview/executive.py", "spend/financial.py"])
def test_a_warm_page_reads_no_row(told, script):
    kept(told, script)
    opened(script)
    assert told == [("edge cache", 0)]


def test_a_warm_page_reads_no_row_until_somebody_refreshes_it(told):
    home = PAGES[0].script
    rows = kept(told, home)
    warm = opened(home)
    assert told == [("edge cache", 0)]
    told.clear()
    [button] = [each for each in warm.button if each.label == "Refresh data"]
    button.click().run()
    assert {place for place, _ in told} == {"D1"}
    assert sum(read for _, read in told) >= rows
