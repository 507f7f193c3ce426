"""Through the gateway the client gets what D1's own API answers: rows, costs and errors."""

import json

import pytest
from d1.test_real_d1 import (
    test_a_table_is_sampled_for_a_few_rows_however_large_it_is,
    test_d1_and_a_file_answer_alike,
    test_d1_and_a_file_refuse_alike,
    test_one_refused_statement_does_not_cost_the_others_their_answers,
    test_the_first_record_of_six_tables_costs_six_rows,
)
from data.database.test_d1 import FINAL, SELECT, TOKEN, TRANSIENT
from worker.conftest import BUSY, DEMO, GATEWAY_KEY, in_node

from meaux.data.database import D1, Statement
from meaux.data.database.responses import Response
from meaux.data.database.retries import AgainError
from meaux.errors import DatabaseError, LateAnswer

__all__ = [
    "test_a_table_is_sampled_for_a_few_rows_however_large_it_is",
    "test_d1_and_a_file_answer_alike",
    "test_d1_and_a_file_refuse_alike",
    "test_one_refused_statement_does_not_cost_the_others_their_answers",
    "test_the_first_record_of_six_tables_costs_six_rows",
]
pytestmark = pytest.mark.d1

HUNDRED = range(1, 101)
ANSWERED = {
    "null": ("SELECT NULL AS a",),
    "numbers": ("SELECT 1 = 1 AS a, -1.5 AS b, -0.0 AS c, 1e308 AS d",),
    "integers past 2^53": ("SELECT 9007199254740993 AS a, 9223372036854775807 AS b",),
    "infinity": ("SELECT 1e999 AS a, -1e999 AS b",),
    "bytes": ("SELECT x'00ff' AS a, zeroblob(3) AS b, x'' AS c",),
    "texts": ("SELECT ?1 AS \"naïve 日本\", char(0) || 'x' AS n, '' AS e", "é😀\0'\"\\\n"),
    "a text that looks like a number": ("SELECT ?1 AS a, typeof(?1) AS b, ?1 > 9 AS c", "10"),
    "a hundred parameters": (
        f"SELECT {', '.join(f'?{n} AS c{n}' for n in HUNDRED)}",
        *map(str, HUNDRED),
    ),
    "as many bytes as there may be": (f"SELECT '{'é' * 49_900}' AS a",),
    "a large answer": ("SELECT printf('%.*c', 5000, 'x') AS a FROM time_entries LIMIT 500",),
    "no row": ("SELECT 1 AS a WHERE 0",),
    "two columns of one name": ("SELECT 1 AS a, 2 AS a",),
    "rows of a table": ("SELECT * FROM projects ORDER BY id",),
    "a scan": ("SELECT count(*) AS n FROM time_entries WHERE seconds % 7 = 1",),
    "values": ("VALUES (1, 'a'), (2, NULL)",),
    "a plan": ("EXPLAIN QUERY PLAN SELECT * FROM projects",),
    "the schema": ("SELECT name FROM pragma_table_xinfo('projects')",),
}
REFUSED = {
    "broken SQL": ("SELECT 1 FROM",),
    "a table that is missing": ("SELECT * FROM nope",),
    "a column that is missing": ("SELECT nope FROM projects",),
    "a function that D1 lacks": ("SELECT median(1)",),
    "six parts of a union": (" UNION ALL ".join(["SELECT 1"] * 6),),
    "a hundred and one columns": (f"SELECT {', '.join('1' * 101)}",),
    "a hundred and one parameters": ("SELECT ?1", *map(str, range(101))),
    "a statement that is too long": (f"SELECT '{'a' * 100_000}'",),
    "too deep": (f"SELECT {'+ '.join('1' * 120)}",),
    "too few values": ("SELECT ?1, ?2", "1"),
    "too many values": ("SELECT ?1", "1", "2"),
    "D1's own tables": ("SELECT * FROM _cf_KV",),
    "a pragma as a text": ("SELECT * FROM projects, 'pragma_user_version'",),
    "a number too large": ("SELECT abs(-9223372036854775808)",),
    "a list that is none": ("SELECT value FROM json_each('nope')",),
    "bytes without end": ("SELECT zeroblob(2000000000)",),
    "a comment behind its end": ("SELECT 1 AS a; -- x",),
}
SLOW = (
    "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT ?1) SELECT max(n) FROM c"
)
OF_THE_API = {6003, 9109, 10000, 1, 7404, 7003}
"""Codes of errors that D1's binding can't have: the API refuses the call itself."""


def statement(sql, *params):
    return Statement(sql, params)


@pytest.fixture(scope="module")
def api(worker):
    """The same database through D1's own API."""
    database = D1("", DEMO, "", worker.explorer)
    yield database
    database.close()


def of(rows):
    return rows.columns, rows.rows, rows.meta.rows_read


def refusal(database, statements):
    with pytest.raises(DatabaseError) as caught:
        database.fetch(statements)
    return type(caught.value), str(caught.value)


@pytest.mark.parametrize("asked", ANSWERED.values(), ids=ANSWERED)
def test_an_answer_is_that_of_the_api(api, d1, asked):
    [over_api], [through_gateway] = (each.fetch([statement(*asked)]) for each in (api, d1))
    assert of(through_gateway) == of(over_api)


def test_the_answers_of_a_batch_are_those_of_the_api(api, d1):
    batch = [statement(*asked) for asked in ANSWERED.values()]
    assert list(map(of, d1.fetch(batch))) == list(map(of, api.fetch(batch)))


@pytest.mark.parametrize("asked", REFUSED.values(), ids=REFUSED)
def test_a_refusal_is_that_of_the_api(api, d1, asked):
    for batch in ([statement(*asked)], [Statement("SELECT 1 AS a"), statement(*asked)]):
        assert refusal(d1, batch) == refusal(api, batch)


@pytest.mark.parametrize("value", [None, 7, 1.5, True, ["x"], {"a": 1}])
def test_a_parameter_that_is_no_text_is_refused_as_the_api_refuses_it(worker, value):
    body = {"sql": "SELECT ?1 AS a", "params": [value]}
    over_api = worker.post(f"/d1/database/{DEMO}/raw", body, url=worker.explorer)
    gateway = {"headers": {"Meaux-Key": GATEWAY_KEY}, "url": worker.demo}
    found = []

    def is_refused():
        # A local wrangler answers 503 for a moment after it refused a request; no Worker does.
        found.append(worker.post("/raw", body, **gateway))
        return found[-1].status_code != BUSY

    worker.until(is_refused)
    assert found[-1].status_code == over_api.status_code == 400
    assert found[-1].json()["success"] is False


def test_an_answer_that_is_late_is_not_asked_for_again(worker, counted):
    impatient = D1("an-account", DEMO, "", worker.demo, gateway_key=GATEWAY_KEY, seconds=0.1)
    with pytest.raises(LateAnswer):
        impatient.fetch([Statement(SLOW, ("1500000",))])
    impatient.close()
    assert counted.fetch([Statement(SLOW, ("3",))])[0].rows == [(3,)]


# What can't be made to happen here: the gateway in front of a D1 that fails


@pytest.fixture(scope="module")
def failing(tmp_path_factory):
    """Return the gateway's answer where D1 fails with a message."""
    with in_node(tmp_path_factory.mktemp("failing"), "failing.ts") as answer:
        yield answer


def meant(status, content):
    """The error that an answer means, and whether the client asks again."""
    with pytest.raises((DatabaseError, AgainError)) as caught:
        Response(status, {}, content).rows([SELECT], TOKEN)
    error = caught.value
    return (type(error.error), True) if isinstance(error, AgainError) else (type(error), False)


FAILURES = [
    *((message, 500) for message in TRANSIENT),
    *((message, status) for message, code, status, _ in FINAL if code not in OF_THE_API),
]


@pytest.mark.parametrize(("message", "status"), FAILURES, ids=[text for text, _ in FAILURES])
def test_a_failure_of_d1_means_the_same_through_the_gateway(failing, message, status):
    errors = [{"code": 7500, "message": message}]
    direct = meant(status, json.dumps({"success": False, "errors": errors}).encode())
    for told in (message, f"D1_ERROR: {message.removeprefix('D1_ERROR: ')}"):
        through_gateway, content = failing(told)
        assert meant(through_gateway, content.encode()) == direct
