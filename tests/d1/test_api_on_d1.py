"""The API on a real D1, which tells how many rows it reads: what is told, logged and limited."""

import json

import pytest
import requests

from meaux.data import keys

pytestmark = pytest.mark.d1


@pytest.fixture(scope="module")
def key_file(tmp_path_factory):
    return tmp_path_factory.mktemp("keys") / "keys.json"


@pytest.fixture(scope="module")
def served(start, local_d1, key_file):
    """Start a dashboard on the D1 whose API is on."""
    key = keys.new(key_file, "script", "analyst")

    def served(**more):
        server = start(
            "",
            files={".streamlit/meaux.toml": "[api]\non = true\n"},
            MEAUX_API_KEYS=str(key_file),
            **local_d1.settings("DEMO"),
            **more,
        )
        header = {"authorization": f"Bearer {key}"}
        return server, lambda path: requests.get(server.url + path, headers=header, timeout=60)

    return served


def test_rows_are_counted_when_they_are_read_and_not_when_they_are_cached(served):
    server, get = served()
    first, again = (get("/api/v1/queries/cost_by_project") for _ in range(2))
    assert first.status_code == 200, first.text
    assert first.json() == again.json()
    assert int(first.headers["meaux-rows-read"]) == first.json()["rows_read"] > 0
    lines = [json.loads(line) for line in server.log.splitlines() if line.startswith('{"log"')]
    assert [line["rows_read"] for line in lines] == [first.json()["rows_read"], 0]


def test_once_the_rows_of_the_day_are_used_up_nothing_more_is_read(served):
    _, get = served(MEAUX_ROWS_A_DAY="1")
    refused = get("/api/readyz")
    assert refused.status_code == 503
    assert "The daily limit of 1 row read is reached" in refused.json()["detail"]
    assert 0 < int(refused.headers["retry-after"]) <= 24 * 3600
