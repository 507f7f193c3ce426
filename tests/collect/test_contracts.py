"""The check of requests and answers itself: what differs from what is documented is found."""

import contracts
import pytest
from services import ACCOUNT, NOW, World, enveloped

from meaux.collect.sources import storage

BASE = f"/accounts/{ACCOUNT}"
SENT = {"authorization": "Bearer x", "content-type": "application/json"}
BUCKETS = f"{BASE}/r2/buckets"
ROWS = storage.D1_LEVEL[0]
QUERY = (
    "query Collect($account: string!, $start: Date!, $end: Date!) { viewer { accounts(filter: "
    "{accountTag: $account}) { %s(limit: 10, filter: {date_geq: $start, date_leq: $end}) "
    "{ %s } } } }"
)
ENDS = {"account": ACCOUNT, "start": "2026-11-01", "end": "2026-11-02"}


@pytest.mark.parametrize(
    ("method", "address", "body", "headers", "said"),
    [
        ("GET", f"{BUCKETS}?per_page=1000", None, SENT, ""),
        ("GET", f"{BUCKETS}?per_page=1001", None, SENT, "1001 is greater than"),
        ("GET", f"{BUCKETS}?pages=2", None, SENT, "pages is not documented"),
        ("GET", "/accounts/me/r2/buckets", None, SENT, "does not match"),
        ("GET", f"{BASE}/r2/bucket", None, SENT, "is not documented"),
        ("POST", BUCKETS, {}, SENT, "is not documented"),
        ("GET", BUCKETS, None, {}, "no token"),
        ("GET", f"{BASE}/billable-usage?from=yesterday", None, SENT, 'is not a "date"'),
        ("GET", "/organization/costs?bucket_width=1d", None, SENT, "lacks start_time"),
        ("GET", "/organization/costs?start_time=1&group_by=model", None, SENT, "model"),
        (
            "POST",
            f"{BASE}/d1/database/x/raw",
            {"sql": "SELECT 1", "params": [1]},
            SENT,
            "not valid",
        ),
        ("POST", "/graphql", {"query": QUERY % (ROWS, "max { databaseSizeBytes }")}, SENT, "varia"),
        (
            "POST",
            "/graphql",
            {"query": QUERY % (ROWS, "max { sizeInBytes }"), "variables": ENDS},
            SENT,
            "Cannot query field 'sizeInBytes'",
        ),
        (
            "POST",
            "/graphql",
            {
                "query": QUERY % (ROWS, "max { databaseSizeBytes }"),
                "variables": ENDS | {"end": "now"},
            },
            SENT,
            "end is no Date",
        ),
    ],
)
def test_a_request_that_differs_is_found(method, address, body, headers, said):
    found = contracts.of_request(method, address, headers, body)
    assert any(said in one for one in found) if said else found == []


@pytest.mark.parametrize(
    ("address", "answer", "said"),
    [
        (BUCKETS, {"result": {"buckets": []}}, "required"),
        (BUCKETS, enveloped({"buckets": [{"name": "no_such_name"}]}), "does not match"),
        (f"{BASE}/workers/scripts", enveloped([{"created_on": "2026-01-01 00:00"}]), "date-time"),
        (f"{BASE}/billable-usage", enveloped([{"ServiceName": "R2"}]), "required"),
    ],
)
def test_an_answer_that_differs_is_found(address, answer, said):
    assert any(said in one for one in contracts.of_answer("GET", address, {}, answer))


def test_an_answer_with_other_fields_than_were_asked_for_is_found():
    asked = {"query": QUERY % (ROWS, "dimensions { date }"), "variables": ENDS}
    rows = [*World(NOW, 3).d1(NOW.date(), NOW.date())]
    answer = {"data": {"viewer": {"accounts": [{ROWS: rows}]}}, "errors": None}
    [said] = contracts.of_answer("POST", "/graphql", asked, answer)
    assert "other fields" in said
