"""The API as it is served: on the port of the pages, behind the same middleware."""

import json
import subprocess
import sys

import pytest
import requests

from meaux.data import keys

ON = {".streamlit/meaux.toml": "[api]\non = true\n"}


@pytest.fixture(scope="module")
def key_file(tmp_path_factory):
    return tmp_path_factory.mktemp("keys") / "keys.json"


@pytest.fixture(scope="module")
def key(key_file):
    return {"authorization": f"Bearer {keys.new(key_file, 'script', 'analyst')}"}


@pytest.fixture(scope="module")
def served(start, demo_file, key_file):
    return start(demo_file, files=ON, base="/dash", MEAUX_API_KEYS=str(key_file))


@pytest.fixture(scope="module")
def get(served, key):
    with requests.Session() as session:

        def get(path, headers=key, **parameters):
            url = f"{served.url}/dash{path}"
            return session.get(url, headers=headers, params=parameters, timeout=30)

        yield get


def test_a_script_reads_last_months_cost_by_project_as_csv(get):
    found = get("/api/v1/queries/cost_by_project", period="last-month", format="csv")
    assert found.status_code == 200, found.text
    assert found.headers["content-type"] == "text/csv; charset=utf-8"
    assert len(found.text.splitlines()) > 2
    assert found.text.startswith('"')


def test_an_answer_that_has_not_changed_is_not_sent_again_though_it_is_compressed(get, key):
    first = get("/api/v1/queries/hours_by_day")
    assert first.headers["content-encoding"] == "gzip"
    again = get(
        "/api/v1/queries/hours_by_day",
        headers={**key, "if-none-match": first.headers["etag"]},
    )
    assert (again.status_code, again.content) == (304, b"")


def test_an_answer_has_the_security_headers_of_a_page(get):
    page, found = get("/"), get("/api/v1/metrics/cost")
    for name in ("content-security-policy", "x-content-type-options", "referrer-policy"):
        assert found.headers[name] == page.headers[name]


def test_without_a_key_only_life_answers(get):
    for path in ("/api/v1/metrics", "/api/readyz", "/api/v1/nothing", "/api/v1/queries/x"):
        assert get(path, headers={}).status_code in {401, 404}
    assert get("/api/livez", headers={}).json() == {"status": "ok"}


def test_the_gate_of_the_pages_lets_a_forwarded_request_with_a_key_through(get, key):
    """A proxy forwards requests from elsewhere: pages stay closed, the API has its keys."""
    forwarded = {"x-forwarded-for": "203.0.113.9"}
    assert get("/", headers=forwarded).status_code == 403
    assert get("/api/docs", headers=forwarded).status_code == 403
    assert get("/api/openapi.json", headers=forwarded).status_code == 403
    assert get("/api/readyz", headers=forwarded).status_code == 401
    assert get("/api/readyz", headers=key | forwarded).json() == {"status": "ok"}


def test_the_docs_load_their_files_from_this_server_only(get):
    page = get("/api/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "://" not in page.text
    assert "<script>" not in page.text
    for name in ("swagger-ui-bundle.js", "swagger-ui.css", "start.js"):
        assert f'"docs/{name}"' in page.text
        assert get(f"/api/docs/{name}").status_code == 200
    document = get("/api/openapi.json").json()
    assert document["servers"] == [{"url": "/dash/api"}]


def test_a_request_writes_a_line_to_standard_output(get, served):
    get("/api/v1/queries/entries_by_hour", marker="1")
    get("/api/v1/queries/hours_by_day")
    lines = [json.loads(line) for line in served.log.splitlines() if line.startswith('{"log"')]
    assert lines[-1]["who"] == "script"
    assert lines[-1]["what"].endswith("/api/v1/queries/hours_by_day")
    assert lines[-1]["queries"] == ["hours_by_day"]


def test_without_the_setting_there_is_no_api(start, demo_file, key_file, key):
    plain = start(demo_file, MEAUX_API_KEYS=str(key_file))
    for path in ("/api/v1/metrics", "/api/livez", "/api/docs", "/api/"):
        found = requests.get(f"{plain.url}{path}", headers=key, timeout=30)
        assert found.status_code == 404
        assert found.headers["content-type"] == "application/problem+json"


def test_a_server_whose_api_is_off_does_not_load_its_libraries():
    said = "import meaux.api, sys; print({'fastapi', 'joserfc', 'pydantic'} & sys.modules.keys())"
    told = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert told.stdout == "set()\n"
