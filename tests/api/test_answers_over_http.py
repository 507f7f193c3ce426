"""What an answer carries besides its rows: its age and cost, its tag, its pages, its problems."""

import csv
import io
import json
import sqlite3
from contextlib import closing

import pytest
from starlette.testclient import TestClient

from meaux.data.schema.vocabulary import SEVERITIES
from meaux.query.queries import QUERIES
from meaux.ui.serving.service import Shared

JSON_PROBLEM = "application/problem+json"


def test_an_answer_says_when_its_data_were_read_and_of_which_query_it_is(ask):
    found = ask("/v1/queries/hours_by_day", period="7d", zone="Europe/Paris")
    told = found.json()
    assert told["query"] == found.headers["meaux-statement"] == "hours_by_day"
    assert told["period"] == {
        "first_day": "2026-11-15",
        "last_day": "2026-11-22",
        "zone": "Europe/Paris",
    }
    assert told["read_at"].endswith("Z")
    assert int(found.headers["age"]) >= 0
    assert "time_entries" in told["tables"]
    assert told["rows_read"] is None  # a SQLite file doesn't tell
    assert found.headers["cache-control"] == "private, max-age=60"
    assert found.headers["vary"] == "Authorization"


def test_an_answer_that_has_not_changed_is_not_sent_again(ask):
    first = ask("/v1/queries/hours_by_day")
    tag = first.headers["etag"]
    for header in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        again = ask("/v1/queries/hours_by_day", headers={"if-none-match": header})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    assert ask("/v1/queries/hours_by_day", headers={"if-none-match": '"x"'}).status_code == 200
    assert ask("/v1/queries/hours_by_day", period="7d").headers["etag"] != tag


def test_the_tag_of_a_file_is_another_one(ask):
    tags = {ask("/v1/queries/hours_by_day", format=f).headers["etag"] for f in ("json", "csv")}
    assert len(tags) == 2


def test_a_log_is_paged_by_key_and_no_row_is_lost_or_shown_twice(ask):
    whole = ask("/v1/queries/system_page", period="all", limit=10_000).json()
    assert whole["next"] is None
    rows, page = [], "?period=all&limit=7"
    while page:
        found = ask(f"/v1/queries/system_page{page}")
        told = found.json()
        rows += told["rows"]
        page = found.headers.get("link", "").removeprefix("<").removesuffix('>; rel="next"')
        assert (told["next"] or "") == page.partition("&page=")[2]
    assert len(rows) > 7
    assert rows == whole["rows"]


def test_a_log_is_narrowed_by_severity_and_by_text(ask):
    severity = next(iter(SEVERITIES))
    whole = ask("/v1/queries/system_page", period="all", limit=1_000).json()["rows"]
    found = ask("/v1/queries/system_page", period="all", limit=1_000, name=severity).json()["rows"]
    assert found == [row for row in whole if row["severity"] == severity]
    word = whole[0]["message"].split()[0]
    found = ask("/v1/queries/system_page", period="all", limit=1_000, text=word).json()["rows"]
    assert {row["key"] for row in found} >= {
        row["key"] for row in whole if word.lower() in (row["message"] or "").lower()
    }


@pytest.mark.parametrize("query", ["hours_by_day", "latest_activity"])
def test_a_limit_cuts_the_rows_in_both_forms(ask, query):
    whole = ask(f"/v1/queries/{query}", period="90d").json()["rows"]
    assert ask(f"/v1/queries/{query}", period="90d", limit=3).json()["rows"] == whole[:3]
    told = ask(f"/v1/queries/{query}", period="90d", limit=3, format="csv").text
    assert len(list(csv.reader(io.StringIO(told)))) == 4


def test_a_label_of_a_pages_link_is_read_as_its_name(ask):
    named = ask("/v1/queries/hours_by_day", period="7d", compare="year", grain="week").json()
    labelled = ask(
        "/v1/queries/hours_by_day",
        period="Last 7 days",
        compare="Same period last year",
        grain="Week",
    ).json()
    assert named == labelled


WRONG = [
    ("hours_by_day", {"period": "fortnight"}, "Invalid period: 'fortnight' is not a period"),
    ("hours_by_day", {"period": "2026-11-02..2026-11-01"}, "two days in order"),
    ("hours_by_day", {"period": "0001-01-01..9999-12-31"}, "from 2000 to 2099"),
    ("hours_by_day", {"zone": "Europe/Viena"}, "did you mean Europe/Vienna?"),
    ("hours_by_day", {"compare": "never"}, "use none, previous, month, year"),
    ("hours_by_day", {"grain": "hour"}, "use auto, day, week, month"),
    ("hours_by_day", {"team": "Nobody's"}, "Unknown team in the request."),
    ("hours_by_day", {"limit": 0}, "Invalid limit"),
    ("hours_by_day", {"limit": "many"}, "Invalid limit"),
    ("hours_by_day", {"format": "xlsx"}, "Invalid format"),
    ("system_page", {"page": "x"}, "Invalid page: send `next` of the page before."),
    ("system_page", {"page": "WzEsMl0"}, "Invalid page"),
    ("system_page", {"page": "W05hTiwiYSJd"}, "Invalid page"),
    ("system_page", {"page": "W3RydWUsImEiXQ"}, "Invalid page"),
]


@pytest.mark.parametrize(("query", "parameters", "said"), WRONG)
def test_an_invalid_parameter_is_a_problem_in_a_sentence(ask, query, parameters, said):
    found = ask(f"/v1/queries/{query}", **parameters)
    assert found.status_code == 422
    assert found.headers["content-type"] == JSON_PROBLEM
    told = found.json()
    assert said in told["detail"]
    assert told | {"detail": ""} == {
        "type": "about:blank",
        "title": "Unprocessable Content",
        "status": 422,
        "detail": "",
    }


def test_an_unknown_query_is_404_and_a_similar_name_is_told(ask):
    found = ask("/v1/queries/hours_by_dya")
    assert found.status_code == 404
    assert "did you mean hours_by_day" in found.json()["detail"]
    assert ask("/v1/queries/hours_by_dya", None).status_code == 401


def test_all_queries_are_listed_with_their_columns(ask):
    listed = ask("/v1/queries").json()["queries"]
    assert {one["name"]: one["columns"] for one in listed} == {
        name: list(query.returns) for name, query in QUERIES.items()
    }


def test_the_document_is_told_to_those_with_a_key(ask, app):
    assert ask("/v1/openapi.json").json()["paths"] == app.openapi()["paths"]
    assert ask("/v1/openapi.json", None).status_code == 401


@pytest.mark.parametrize("path", ["/nothing", "/v1/queries/nothing", "/v1", "/docs/nothing.js"])
def test_what_is_not_there_is_a_problem_too(ask, path):
    found = ask(path)
    assert (found.status_code, found.headers["content-type"]) == (404, JSON_PROBLEM)


def test_another_method_is_a_problem_that_names_the_right_one(app, key_of):
    header = {"authorization": f"Bearer {key_of('admin')}"}
    found = TestClient(app).post("/v1/queries/hours_by_day", headers=header)
    assert (found.status_code, found.headers["content-type"]) == (405, JSON_PROBLEM)
    assert found.headers["allow"] == "GET"
    assert "use GET or HEAD" in found.json()["detail"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("projects=Delta", "There is no parameter projects; did you mean project?"),
        ("nosuch=1", "There is no parameter nosuch; use compare, format, grain, limit, "),
        ("text=%25", "There is no parameter text; "),
        (f"{'x' * 500}=1", f"There is no parameter {'x' * 40}; "),
    ],
)
def test_a_parameter_that_the_endpoint_lacks_is_not_passed_over(ask, asked, said):
    found = ask(f"/v1/queries/cost_by_project?{asked}")
    assert found.status_code == 422
    assert found.json()["detail"].startswith(said)


@pytest.mark.parametrize("path", ["/livez", "/v1/queries/hours_by_day"])
def test_head_has_the_headers_of_get_and_no_body(app, key_of, path):
    header = {"authorization": f"Bearer {key_of('admin')}"}
    client = TestClient(app)
    head, whole = client.head(path, headers=header), client.get(path, headers=header)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == whole.headers["content-length"]


def test_a_query_that_the_database_cannot_answer_says_what_it_needs(ask, world, tmp_path):
    path = tmp_path / "bare.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("CREATE TABLE unrelated (id);")
    world.setenv("MEAUX_DATABASE", str(path))
    found = ask("/v1/queries/hours_by_day")
    assert (found.status_code, found.headers["content-type"]) == (404, JSON_PROBLEM)
    assert found.json()["detail"].startswith("Needs the table time_entries")
    assert "Needs the table" in ask("/v1/metrics/hours").json()["note"]


def test_a_database_that_is_gone_is_503_in_the_sentence_of_the_pages(ask, world, tmp_path):
    world.setenv("MEAUX_DATABASE", str(tmp_path / "secret-folder" / "gone.db"))
    for path in ("/readyz", "/v1/queries/hours_by_day", "/v1/alerts"):
        found = ask(path)
        assert found.status_code == 503
        assert found.json()["detail"] == (
            "MEAUX_DATABASE points to gone.db, but the file doesn't exist."
        )


def test_a_mistake_of_ours_is_told_without_its_text(ask, world):
    def broken(*_):
        raise ValueError("the row (1, 'a secret')")

    world.setattr(Shared, "outcomes", broken)
    found = ask("/v1/queries/hours_by_day")
    assert (found.status_code, found.headers["content-type"]) == (500, JSON_PROBLEM)
    assert "secret" not in found.text


def test_the_access_log_has_a_line_per_request_without_a_key_or_a_value(ask, capsys, key_of):
    ask("/v1/queries/hours_by_day", team="Nobody's", role="analyst")
    ask("/v1/metrics/hours", role="analyst")
    ask("/v1/metrics/a-secret-word", role="analyst")
    ask("/a-secret-word", role=None)
    told = capsys.readouterr().out
    lines = [json.loads(line) for line in told.splitlines()]
    assert [(line["who"], line["what"], line["status"]) for line in lines] == [
        ("analyst", "GET /v1/queries/hours_by_day", 422),
        ("analyst", "GET /v1/metrics/hours", 200),
        ("analyst", "GET unknown address", 404),
        ("", "GET unknown address", 404),
    ]
    assert "hours_by_day" in lines[1]["queries"]
    for word in (key_of("analyst"), "Nobody", "secret"):
        assert word not in told


def test_every_query_is_documented_with_its_columns_and_its_sentence(app):
    document = app.openapi()
    for name, query in QUERIES.items():
        told = document["paths"][f"/v1/queries/{name}"]["get"]
        assert told["summary"] == query.about
        assert {"200", "304", "401", "403", "404", "422", "429", "503"} == told["responses"].keys()
        title = "".join(part.capitalize() for part in name.split("_"))
        assert list(document["components"]["schemas"][f"{title}Row"]["properties"]) == list(
            query.returns
        )
