"""The API on a real D1, which tells how many rows it reads: what is told, logged and limited."""

import json

import pytest
import requests

from meaux.data import keys

pytestmark = pytest.mark.d1

ROWS_A_DAY = 20_000
"""Far more than it takes to open the database, far fewer than the costs of all time."""


@pytest.fixture(scope="module")
def key_file(tmp_path_factory):
    return tmp_path_factory.mktemp("keys") / "keys.json"


@pytest.fixture
def served(start, local_d1, key_file):
    """A dashboard on the D1 whose API is on, and what gets an answer from it."""
    key = keys.new(key_file, "script", "analyst")
    server = start(
        "",
        files={".streamlit/meaux.toml": "[api]\non = true\n"},
        MEAUX_API_KEYS=str(key_file),
        MEAUX_ROWS_A_DAY=str(ROWS_A_DAY),
        **local_d1.settings("DEMO"),
    )
    header = {"authorization": f"Bearer {key}"}
    return server, lambda path: requests.get(server.url + path, headers=header, timeout=60)


def test_rows_are_counted_once_and_when_those_of_the_day_are_used_up_no_more_is_read(served):
    server, get = served
    first, again = (get("/api/v1/queries/cost_by_project?period=all") for _ in range(2))
    assert first.status_code == 200, first.text
    assert first.json() == again.json()
    assert int(first.headers["meaux-rows-read"]) == first.json()["rows_read"] > 0
    lines = [json.loads(line) for line in server.log.splitlines() if line.startswith('{"log"')]
    assert [line["rows_read"] for line in lines] == [first.json()["rows_read"], 0]
    assert first.json()["rows_read"] > ROWS_A_DAY
    refused = get("/api/v1/queries/hours_by_day")
    assert refused.status_code == 503
    assert "The daily limit of 20,000 rows read is reached" in refused.json()["detail"]
    assert 0 < int(refused.headers["retry-after"]) <= 24 * 3600
