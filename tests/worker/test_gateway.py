"""The gateway answers as D1 does, only to who has its key, only to what reads, and from caches."""

import hashlib
import json
import time
from datetime import UTC, datetime, timedelta

import pytest
import requests
from d1.test_real_d1 import (
    have_the_same_rows,
    test_a_whole_page_is_one_call,
    test_the_model_binds_on_d1_as_it_does_on_a_file,
    test_the_schema_is_read_in_two_calls,
)
from worker.conftest import DATABASE, GATEWAY_KEY

from meaux.data.database import D1, Statement, freshness
from meaux.errors import (
    DatabaseNotFound,
    MissingColumn,
    MissingTable,
    QueryError,
    Unauthorized,
)

__all__ = [
    "test_a_whole_page_is_one_call",
    "test_the_model_binds_on_d1_as_it_does_on_a_file",
    "test_the_schema_is_read_in_two_calls",
]
pytestmark = pytest.mark.d1

PATHS = (
    "/raw",
    f"/d1/database/{DATABASE}/raw",
    f"/accounts/anybody/d1/database/{DATABASE}/raw",
    f"/client/v4/accounts/anybody/d1/database/{DATABASE}/raw",
)
KEY = {"Meaux-Key": GATEWAY_KEY}
TEN_MINUTES = {**KEY, "Meaux-Max-Age": "600"}
FRESH = {**TEN_MINUTES, "Cache-Control": "no-cache"}


def test_every_query_has_the_same_rows_through_the_gateway_as_on_a_file(
    d1_source, file_source, select
):
    have_the_same_rows(d1_source, file_source, select, "teams, in another zone")


def ask(worker, sql, headers=KEY, *params, url=None):
    return worker.post("/raw", {"sql": sql, "params": list(params)}, headers, url)


def meta(answer):
    return answer.json()["result"][0]["meta"]


def rows(answer):
    return answer.json()["result"][0]["results"]["rows"]


def key_of(sql, *params):
    """The name of an answer in KV, as the documentation gives it."""
    told = [DATABASE, int(time.time()) // 3600, [[sql, list(params)]]]
    text = json.dumps(told, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture(scope="module")
def client(worker):
    database = D1("an-account", DATABASE, "", worker.url, gateway_key=GATEWAY_KEY)
    yield database
    database.close()


@pytest.fixture
def many(worker, within_an_hour, request):  # noqa: ARG001
    """A statement that reads a hundred rows, and what adds one more."""
    table = f"t{hashlib.md5(request.node.name.encode()).hexdigest()}"  # noqa: S324 - a name
    worker.sql(f"CREATE TABLE {table} (n INTEGER)")
    add = f"INSERT INTO {table} WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c"
    worker.sql(f"{add} LIMIT 100) SELECT n FROM c")
    yield f"SELECT count(*) AS n FROM {table}", f"INSERT INTO {table} VALUES (0)"
    worker.sql(f"DROP TABLE {table}")


# As D1


@pytest.mark.parametrize("path", PATHS)
def test_an_answer_has_the_shape_of_d1s(worker, path):
    body = {"sql": "SELECT ?1 AS a, 1.5 AS b, NULL AS c, x'00ff' AS d", "params": ["7"]}
    answer = worker.post(path, body, KEY).json()
    assert {name: answer[name] for name in ("success", "errors", "messages")} == {
        "success": True,
        "errors": [],
        "messages": [],
    }
    [result] = answer["result"]
    assert result["success"] is True
    assert result["results"] == {"columns": list("abcd"), "rows": [["7", 1.5, None, [0, 255]]]}
    assert result["meta"]["rows_read"] == 0
    assert result["meta"]["from"] == "D1"


def test_a_batch_is_answered_in_its_order(client):
    found = client.fetch([Statement(f"SELECT ?1 || {n} AS n", (n,)) for n in range(30)])
    assert [each.rows for each in found] == [[(f"{n}{n}",)] for n in range(30)]


def test_errors_are_those_of_d1(client):
    for sql, error in (
        ("SELECT * FROM nope", MissingTable),
        ("SELECT nope", MissingColumn),
        ("SELECT 1 FROM", QueryError),
        ("DELETE FROM worker_stats", QueryError),
    ):
        with pytest.raises(error):
            client.fetch([Statement(sql)])
        with pytest.raises(error):
            client.fetch([Statement("SELECT 1"), Statement(sql)])


def test_the_client_is_told_what_is_wrong_with_its_address(worker):
    for database, error in (
        (D1("", DATABASE, "", worker.url, gateway_key="another"), Unauthorized),
        (D1("", DATABASE, "", worker.url), Unauthorized),
        (D1("", "another", "", worker.url, gateway_key=GATEWAY_KEY), DatabaseNotFound),
    ):
        with pytest.raises(error) as raised:
            database.fetch([Statement("SELECT 1")])
        assert GATEWAY_KEY not in str(raised.value)
        database.close()


def test_the_key_may_come_as_a_bearer_token(worker):
    database = D1("an-account", DATABASE, GATEWAY_KEY, worker.url)
    assert database.fetch([Statement("SELECT 1 AS n")])[0].rows == [(1,)]
    database.close()


@pytest.mark.parametrize("body", [b"", b"no", b"[]", b"{}", b'{"sql": 1}', b'{"batch": []}'])
def test_a_body_without_a_statement_is_refused_as_d1_refuses(worker, body):
    answer = worker.post("/raw", body, KEY)
    assert answer.status_code == 400
    assert answer.json()["success"] is False
    assert answer.json()["errors"][0]["message"]


def test_nothing_else_is_answered(worker):
    assert requests.get(f"{worker.url}/raw", timeout=9).status_code == 405
    assert worker.post("/query", {"sql": "SELECT 1"}, KEY).status_code == 404


def test_nothing_is_written(worker, many):
    count, add = many
    for sql in (add, f"{count}; {add}", f"WITH c AS (SELECT 1) {add}", f"EXPLAIN {add}"):
        assert ask(worker, sql).status_code == 400
        assert (
            worker.post("/raw", {"batch": [{"sql": count}, {"sql": sql}]}, KEY).status_code == 400
        )
    assert worker.sql(count) == [(100,)]


# From caches


def test_a_warm_answer_reads_no_row_and_says_where_it_was_and_its_age(worker, many):
    count, add = many
    cold = ask(worker, count, TEN_MINUTES)
    assert (rows(cold), meta(cold)["rows_read"], meta(cold)["from"]) == ([[100]], 100, "D1")
    worker.until(lambda: worker.in_kv(key_of(count)))
    worker.sql(add)
    warm = ask(worker, count, TEN_MINUTES)
    assert (rows(warm), meta(warm)["rows_read"]) == ([[100]], 0)
    assert meta(warm)["from"] == "edge cache"
    assert 0 <= meta(warm)["age"] < 60


def test_where_the_edge_cache_has_none_kv_has_one(worker, many):
    count, add = many
    ask(worker, count, TEN_MINUTES)
    worker.until(lambda: worker.in_kv(key_of(count)))
    worker.sql(add)
    far = ask(worker, count, TEN_MINUTES, url=worker.elsewhere)
    assert (rows(far), meta(far)["from"], meta(far)["rows_read"]) == ([[100]], "KV", 0)


def test_a_refresh_goes_past_both_and_is_what_others_see(worker, many):
    count, add = many
    ask(worker, count, TEN_MINUTES)
    worker.until(lambda: worker.in_kv(key_of(count)))
    worker.sql(add)
    fresh = ask(worker, count, FRESH)
    assert (rows(fresh), meta(fresh)["from"]) == ([[101]], "D1")
    worker.until(lambda: rows(ask(worker, count, TEN_MINUTES)) == [[101]])


def test_who_does_not_say_how_old_an_answer_may_be_gets_a_new_one(worker, many):
    count, add = many
    ask(worker, count, TEN_MINUTES)
    worker.sql(add)
    assert rows(ask(worker, count)) == [[101]]


def test_other_parameters_are_another_answer(worker, many):
    count, _ = many
    sql = f"SELECT ?1 AS p, ({count}) AS n"
    found = [rows(ask(worker, sql, TEN_MINUTES, value)) for value in ("a", "b", "a")]
    assert found == [[["a", 100]], [["b", 100]], [["a", 100]]]


def test_an_answer_of_few_rows_is_not_kept_in_kv(worker, many):
    count, _ = many
    few = f"SELECT n FROM {count.split()[-1]} LIMIT 49"
    ask(worker, few, TEN_MINUTES)
    worker.until(lambda: meta(ask(worker, few, TEN_MINUTES))["from"] == "edge cache")
    # What came later is in KV, so this had its time.
    ask(worker, count, TEN_MINUTES)
    worker.until(lambda: worker.in_kv(key_of(count)))
    assert not worker.in_kv(key_of(few))


def test_kv_is_written_at_most_a_thousand_times_a_day(worker, many):
    count, _ = many
    written = "SELECT writes FROM meaux_kept WHERE day = date('now')"
    ask(worker, count, TEN_MINUTES)
    worker.until(lambda: worker.in_kv(key_of(count)))
    [(before,)] = worker.sql(written)
    worker.sql("UPDATE meaux_kept SET writes = 999 WHERE day = date('now')")
    last, beyond = count.replace("AS n", "AS last"), count.replace("AS n", "AS beyond")
    try:
        ask(worker, last, TEN_MINUTES)
        worker.until(lambda: worker.in_kv(key_of(last)))
        ask(worker, beyond, TEN_MINUTES)
        worker.until(lambda: meta(ask(worker, beyond, TEN_MINUTES))["from"] == "edge cache")
        assert worker.sql(written) == [(1_000,)]
        assert not worker.in_kv(key_of(beyond))
    finally:
        worker.sql(f"UPDATE meaux_kept SET writes = {before} WHERE day = date('now')")


# Through the dashboard's client


def test_the_client_says_where_an_answer_was_and_when_it_was_read(worker, client, many):
    count, add = many
    statement = Statement(count)
    since = datetime.now(UTC) - timedelta(minutes=5)
    with freshness.since(since):
        [cold] = client.fetch([statement])
        worker.until(lambda: worker.in_kv(key_of(count)))
        worker.sql(add)
        [warm] = client.fetch([statement])
    assert (cold.meta.rows_read, cold.meta.age) == (100, 0)
    assert (warm.rows, warm.meta.rows_read, warm.meta.served_by) == ([(100,)], 0, "edge cache")
    assert client.fetch([statement])[0].rows == [(101,)]
    with freshness.since(datetime.now(UTC)):
        assert client.fetch([statement])[0].rows == [(101,)]
