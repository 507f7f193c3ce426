"""D1 over HTTP, against a server that answers from a script."""

import gzip
import json
import logging
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meaux import errors
from meaux.data.database import D1, Meta, Rows, Statement, deadline, freshness, limits, transport
from meaux.data.database.d1 import SILENCE
from meaux.data.database.deadline import AGAIN, CALLS, Calls, Deadline
from meaux.data.database.responses import LONGEST_WAIT, Response
from meaux.data.database.retries import AgainError, Retries

TOKEN = "s3cret-token-0123456789"  # noqa: S105 - made up, to be looked for
SELECT = Statement("SELECT 1 AS n")
ONE = {
    "success": True,
    "results": {"columns": ["n"], "rows": [[1]]},
    "meta": {"rows_read": 2, "duration": 0.3, "served_by_region": "WNAM"},
}
ONE_ROW = Rows(("n",), [(1,)], Meta(2, 0.3, "WNAM"))


def result(columns, rows, meta=None):
    return {"success": True, "results": {"columns": columns, "rows": rows}, "meta": meta}


@pytest.fixture
def make_d1(server, clock):
    """A maker of clients of the scripted server; half of each longest pause is slept."""
    made = []

    def make(account_id="acc", database_id="db-id-123456", api_token=TOKEN, **options):
        retries = Retries(sleep=clock.sleep, random=lambda: 0.5, clock=clock)
        options = {"base_url": server.url, "seconds": 10, "retries": retries} | options
        made.append(D1(account_id, database_id, api_token, **options))
        return made[-1]

    yield make
    for database in made:
        database.close()


@pytest.fixture
def d1(make_d1):
    return make_d1()


# What is asked


def test_one_statement_is_one_call_with_its_sql_and_params(server, d1):
    server.will_answer(ONE)
    assert d1.fetch([Statement("SELECT ?1", ("x",))]) == [ONE_ROW]
    (call,) = server.calls
    assert call.path == "/client/v4/accounts/acc/d1/database/db-id-123456/raw"
    assert call.headers["Authorization"] == f"Bearer {TOKEN}"
    assert call.body == {"sql": "SELECT ?1", "params": ["x"]}


def test_several_statements_are_one_batch_answered_in_order(server, d1):
    server.will_answer(*(result(["n"], [[number]]) for number in range(5)))
    statements = [Statement(f"SELECT {number}", (str(number),)) for number in range(5)]
    assert [rows.rows for rows in d1.fetch(statements)] == [[(number,)] for number in range(5)]
    (call,) = server.calls
    assert call.body == {"batch": [{"sql": s.sql, "params": list(s.params)} for s in statements]}


def test_no_statement_is_no_call(server, d1):
    assert d1.fetch([]) == []
    assert server.calls == []


def test_parameters_are_sent_as_text_only(server, d1):
    server.will_answer(ONE)
    d1.fetch([Statement("SELECT ?1", ("a", 7, 1.5, True, False, '["x"]'))])
    assert server.calls[0].body["params"] == ["a", "7", "1.5", "1", "0", '["x"]']


def test_a_local_d1_is_addressed_without_account_and_without_authorization(server, make_d1):
    server.will_answer(ONE)
    make_d1(account_id="", api_token="").fetch([SELECT])
    (call,) = server.calls
    assert call.path == "/client/v4/d1/database/db-id-123456/raw"
    assert "Authorization" not in call.headers


# Through the gateway


def test_a_gateway_is_sent_its_key_and_no_authorization(server, make_d1):
    server.will_answer(ONE)
    make_d1(gateway_key=TOKEN).fetch([SELECT])
    (call,) = server.calls
    assert call.headers["Meaux-Key"] == TOKEN
    assert "Authorization" not in call.headers


def test_a_gateway_is_asked_for_a_fresh_answer_unless_an_older_one_will_do(server, make_d1):
    gateway = make_d1(gateway_key=TOKEN)
    for since in (None, datetime.now(UTC), datetime.now(UTC) - timedelta(minutes=5)):
        server.will_answer(ONE)
        with freshness.since(since) if since else nullcontext():
            gateway.fetch([SELECT])
    names = ("Cache-Control", "Meaux-Max-Age")
    told = [tuple(map(call.headers.get, names)) for call in server.calls]
    assert told == [("no-cache", None), ("no-cache", None), (None, "300")]


def test_d1_itself_is_told_nothing_of_ages(server, d1):
    server.will_answer(ONE)
    with freshness.since(datetime.now(UTC) - timedelta(minutes=5)):
        d1.fetch([SELECT])
    assert not {"Meaux-Key", "Meaux-Max-Age", "Cache-Control"} & set(server.calls[0].headers)


def test_the_gateways_key_is_never_shown(server, make_d1):
    gateway = make_d1(gateway_key=TOKEN)
    server.will_complain(f"your key {TOKEN} is odd", status=400)
    with pytest.raises(errors.QueryError) as caught:
        gateway.fetch([SELECT])
    assert TOKEN not in f"{caught.value} {gateway!r} {gateway._token!r}"


def test_ids_can_not_leave_their_place_in_the_address(server, make_d1):
    server.will_answer(ONE)
    make_d1(account_id="a/b", database_id="../x").fetch([SELECT])
    assert server.calls[0].path == "/client/v4/accounts/a%2Fb/d1/database/..%2Fx/raw"


def test_a_netrc_file_does_not_replace_the_token(server, d1, tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    server.will_answer(ONE)
    d1.fetch([SELECT])
    assert server.calls[0].headers["Authorization"] == f"Bearer {TOKEN}"


def test_connections_are_used_again(server, d1):
    for _ in range(3):
        server.will_answer(ONE)
        d1.fetch([SELECT])
    assert len({call.connection for call in server.calls}) == 1


def test_an_answer_that_would_fill_the_memory_is_not_read_and_not_asked_again(
    server, d1, monkeypatch
):
    monkeypatch.setattr(limits, "ANSWER_BYTES", 3_000_000)
    server.will_answer(result(["x"], [["a" * 3_000_000]]))
    with pytest.raises(errors.QueryError, match=r"larger than 3 MB\. Request fewer rows"):
        d1.fetch([SELECT])
    server.will_answer(result(["x"], [["a" * 2_000_000]]))
    assert len(d1.fetch([SELECT])[0].rows[0][0]) == 2_000_000
    assert len(server.calls) == 2


def test_many_threads_may_ask_at_once(server, d1):
    for _ in range(40):
        server.will_answer(ONE)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: d1.fetch([SELECT]), range(40)))
    assert answers == [[ONE_ROW]] * 40


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param(Statement("SELECT '" + "é" * 50_000 + "'"), id="more than 100 KB of SQL"),
        pytest.param(Statement("SELECT ?1", ("x",) * 101), id="more than 100 parameters"),
        pytest.param(Statement("SELECT ?1", (None,)), id="null"),
        pytest.param(Statement("SELECT ?1", (float("nan"),)), id="not a number"),
        pytest.param(Statement("SELECT ?1", (float("inf"),)), id="infinity"),
    ],
)
def test_what_d1_can_not_take_is_refused_before_any_call(server, d1, statement):
    with pytest.raises(errors.QueryError, match="not sent"):
        d1.fetch([SELECT, statement])
    assert server.calls == []


# What comes back


def test_an_empty_answer_without_columns_stays_without_columns(server, d1):
    server.will_answer(result([], []))
    (rows,) = d1.fetch([SELECT])
    assert (rows.columns, rows.rows) == ((), [])


@pytest.mark.parametrize(
    ("told", "meta"),
    [
        ({"rows_read": 5, "duration": 2, "served_by": "v3"}, Meta(5, 2.0, "v3")),
        ({"rows_read": 0, "served_by": "v3", "served_by_region": "E"}, Meta(0, 0.0, "E")),
        ({}, Meta(None, 0.0, "D1")),
        (
            {"rows_read": 0, "from": "KV", "age": 42, "served_by": "v3"},
            Meta(0, 0.0, "KV", age=42.0),
        ),
        ({"from": "edge cache", "age": 0}, Meta(None, 0.0, "edge cache")),
        ({"from": "D1", "age": 0, "served_by_region": "E"}, Meta(None, 0.0, "E")),
        ({"from": "elsewhere", "age": -1}, Meta(None, 0.0, "D1")),
        ({"from": ["KV"], "age": "old"}, Meta(None, 0.0, "D1")),
        (None, Meta(None, 0.0, "D1")),
        ({"rows_read": "many", "duration": "long"}, Meta(None, 0.0, "D1")),
        ({"rows_read": 10**400, "duration": 10**400}, Meta(None, 0.0, "D1")),
        ({"rows_read": -1, "duration": -1.5}, Meta(None, 0.0, "D1")),
        ({"rows_read": True, "duration": True}, Meta(None, 0.0, "D1")),
        ({"rows_read": 1.5, "duration": None}, Meta(None, 0.0, "D1")),
        (["rows_read"], Meta(None, 0.0, "D1")),
        ({"served_by": "\ud800"}, Meta(None, 0.0, "\ufffd")),
    ],
)
def test_meta_is_what_the_server_told(server, d1, told, meta):
    server.will_answer(result(["n"], [[1]], told))
    assert d1.fetch([SELECT])[0].meta == meta


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"{", id="broken JSON"),
        pytest.param(b"\xff\xfe\xfa", id="no text"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"[" * 100_000, id="deep nesting"),
        pytest.param(b"<html>hello</html>", id="a web page"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b'{"success": true}', id="no result"),
        pytest.param(b'{"success": true, "result": []}', id="no result for the statement"),
        pytest.param(b'{"success": true, "result": [{}, {}]}', id="too many results"),
        pytest.param(b'{"success": true, "result": [{"results": []}]}', id="rows as objects"),
        pytest.param(
            b'{"success": true, "result": [{"results": {"columns": ["a"], "rows": [[1, 2]]}}]}',
            id="rows wider than the columns",
        ),
        pytest.param(
            b'{"success": true, "result": [{"results": {"columns": ["a"], "rows": [1]}}]}',
            id="rows that are no lists",
        ),
        pytest.param(
            b'{"success": true, "result": [{"results": {"columns": [], "rows": [[]]}}]}',
            id="rows without columns",
        ),
        pytest.param(
            b'{"success": true, "result": [{"results": {"columns": [7], "rows": [[1]]}}]}',
            id="columns that are no names",
        ),
        pytest.param(
            b'{"success": true, "result": [{"success": false, "results": '
            b'{"columns": ["a"], "rows": [[1]]}}]}',
            id="a result that says it failed",
        ),
        pytest.param(b'{"success": false}', id="a failure without reason"),
        pytest.param(b'{"success": false, "errors": [7]}', id="a failure of another shape"),
    ],
)
def test_an_answer_of_another_shape_is_a_bad_answer_and_not_asked_again(server, d1, body):
    server.will_say(body)
    with pytest.raises(errors.BadAnswer):
        d1.fetch([SELECT])
    assert len(server.calls) == 1


NUMBERS_THAT_ARE_NONE = ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "1" + "0" * 40]


@pytest.mark.parametrize("number", NUMBERS_THAT_ARE_NONE)
def test_a_number_that_can_be_none_is_a_fault_of_the_answer_named_in_a_sentence(server, d1, number):
    body = json.dumps({"success": True, "result": [result(["cost"], [["?"]])]})
    server.will_say(body.replace('"?"', number).encode())
    with pytest.raises(errors.BadAnswer, match=r"Cloudflare's response can't be read: .*\.$"):
        d1.fetch([SELECT])
    assert len(server.calls) == 1


@pytest.mark.parametrize(
    "cell", [True, False, {}, {"a": 1}, ["x"], [256], [-1], [1.5], [True], [[1]], 10**21, -(10**21)]
)
def test_a_cell_that_d1_can_not_hold_is_named_by_its_column(server, d1, cell):
    server.will_answer(result(["id", "cost"], [["a", 1], ["b", cell]]))
    with pytest.raises(errors.BadAnswer, match="the column “cost” contains"):
        d1.fetch([SELECT])


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        (None, None),
        ("", ""),
        ("a\x00b", "a\x00b"),
        (-(2**63), -(2**63)),
        (2**63 - 1, 2**63 - 1),
        (2**63, float(2**63)),
        (10**20, 1e20),
        (1e40, 1e40),
        (1.7976931348623157e308, 1.7976931348623157e308),
        ([], []),
        ([0, 255], [0, 255]),
        ("half \ud83d of one", "half \ufffd of one"),
        ("é\U0001f600", "é\U0001f600"),
    ],
)
def test_a_cell_that_d1_can_hold_is_read(server, d1, cell, read):
    server.will_answer(result(["x"], [[cell]]))
    [(found,)] = d1.fetch([SELECT])[0].rows
    assert (type(found), found) == (type(read), read)


@pytest.mark.parametrize(("width", "rows"), [(None, [[1]]), (1, [[1]]), (2, [])])
def test_an_answer_has_as_many_columns_as_its_statement_or_no_row(server, d1, width, rows):
    server.will_answer(result(["n"], rows))
    assert d1.fetch([Statement("SELECT 1 AS n", width=width)])[0].columns == ("n",)


def test_an_answer_of_another_width_is_a_bad_one(server, d1):
    server.will_answer(result(["n"], [[1]]))
    with pytest.raises(errors.BadAnswer, match="it has 1 columns instead of 2"):
        d1.fetch([Statement("SELECT 1 AS n, 2 AS m", width=2)])


def test_two_columns_may_share_a_name(server, d1):
    server.will_answer(result(["n", "n"], [[1, 2]]))
    assert d1.fetch([SELECT])[0] == Rows(("n", "n"), [(1, 2)], Meta(None, 0.0, "D1"))


@pytest.mark.parametrize("packed", ["br", "zstd", "gzip, gzip", "nonsense", "gzip"])
def test_an_answer_that_can_not_be_unpacked_is_a_bad_answer(server, d1, packed):
    server.will_say(b'{"success": true}', headers=[("content-encoding", packed)])
    with pytest.raises(errors.BadAnswer, match="unknown compression"):
        d1.fetch([SELECT])
    assert len(server.calls) == 1


def test_a_packed_answer_is_no_larger_than_another_may_be(server, d1, monkeypatch):
    monkeypatch.setattr(limits, "ANSWER_BYTES", 1_000_000)
    bomb = gzip.compress(b" " * 50_000_000)
    server.will_say(bomb, headers=[("content-encoding", "gzip")])
    with pytest.raises(errors.TooLarge):
        d1.fetch([SELECT])


def test_a_redirect_is_not_followed_with_the_token(server, d1):
    elsewhere = [("location", f"http://localhost:{server.server_port}/elsewhere")]
    for status in (301, 302, 307, 308):
        server.will_say(b"", status=status, headers=elsewhere)
        with pytest.raises(errors.BadAnswer, match=f"redirects .HTTP {status}"):
            d1.fetch([SELECT])
    assert len(server.calls) == 4


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
shapes = st.fixed_dictionaries(
    {},
    optional={
        "success": st.booleans() | json_values,
        "errors": st.lists(
            st.fixed_dictionaries({"code": json_values, "message": json_values}) | json_values
        )
        | json_values,
        "result": st.lists(
            st.fixed_dictionaries(
                {
                    "results": st.fixed_dictionaries(
                        {"columns": json_values, "rows": st.lists(json_values)}
                    ),
                    "meta": st.dictionaries(
                        st.sampled_from(["rows_read", "duration", "served_by"]), json_values
                    ),
                }
            )
        ),
    },
)


@given(
    status=st.sampled_from([200, 201, 302, 400, 401, 403, 404, 418, 429, 500, 502, 503, 504]),
    content=st.binary() | (shapes | json_values).map(lambda value: json.dumps(value).encode()),
    retry_after=st.text(),
)
def test_any_answer_at_all_is_rows_or_a_named_error(status, content, retry_after):
    try:
        rows = Response(status, {"retry-after": retry_after}, content).rows([SELECT], TOKEN)
    except (errors.DatabaseError, AgainError):
        return
    assert [type(each) for each in rows] == [Rows]


# What goes wrong

TRANSIENT = [
    "Network connection lost.",
    "D1_ERROR: Network connection lost.",
    "D1 DB reset because its code was updated.",
    "Internal error while starting up D1 DB storage caused object to be reset.",
    "Internal error in D1 DB storage caused object to be reset.",
    "Cannot resolve D1 DB due to transient issue on remote node.",
    "Internal error.",
    "D1_ERROR: internal server error",
]
FINAL = [
    ("D1 DB is overloaded. Requests queued for too long.", 7429, 429, errors.Overloaded),
    ("D1 DB is overloaded. Too many requests queued.", 7500, 500, errors.Overloaded),
    (
        "Your account has exceeded D1's free tier daily row read limit. Upgrade, or wait.",
        7500,
        429,
        errors.DailyLimitReached,
    ),
    ("Authentication error", 10000, 403, errors.Unauthorized),
    ("Authentication error", 10000, 400, errors.Unauthorized),
    ("Invalid access token", 9109, 401, errors.Unauthorized),
    ("Invalid request headers", 6003, 400, errors.Unauthorized),
    ("nothing that is known", 1, 403, errors.Unauthorized),
    ("The database x could not be found", 7404, 404, errors.DatabaseNotFound),
    ("Could not route, is the identifier invalid?", 7003, 400, errors.DatabaseNotFound),
    ("no such table: nope: SQLITE_ERROR", 7500, 400, errors.MissingTable),
    ("D1_ERROR: no such column: nope at offset 7: SQLITE_ERROR", 10001, 500, errors.MissingColumn),
    ("D1 DB exceeded its CPU time limit and was reset.", 7500, 500, errors.QueryTimeout),
    (
        "D1 DB storage operation exceeded timeout which caused object to be reset.",
        7500,
        500,
        errors.QueryTimeout,
    ),
    ("D1 DB's isolate exceeded its memory limit and was reset.", 7500, 500, errors.QueryError),
    ("not authorized: SQLITE_AUTH", 7500, 400, errors.QueryError),
    ("Malformed JSON in request body", 10000, 500, errors.QueryError),
    ("something that nobody has seen yet", 7500, 400, errors.QueryError),
]
TABLE = [
    *((message, 7500, 500, errors.Unreachable, 3) for message in TRANSIENT),
    *((message, code, status, error, 1) for message, code, status, error in FINAL),
]


@pytest.mark.parametrize(("message", "code", "status", "error", "tries"), TABLE)
def test_a_message_means_one_error_after_so_many_tries(
    server, d1, clock, message, code, status, error, tries
):
    server.will_complain(message, code=code, status=status, times=tries)
    with pytest.raises(errors.DatabaseError) as raised:
        d1.fetch([SELECT])
    assert type(raised.value) is error
    assert len(server.calls) == tries
    assert clock.sleeps == [0.125, 0.25][: tries - 1]


@pytest.mark.parametrize("message", TRANSIENT)
def test_a_transient_failure_is_not_seen_when_the_next_try_succeeds(server, d1, clock, message):
    server.will_complain(message)
    server.will_answer(ONE)
    assert d1.fetch([SELECT]) == [ONE_ROW]
    assert len(server.calls) == 2
    assert clock.sleeps == [0.125]


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504, 520, 522, 526, 530])
def test_a_gateway_page_is_asked_again_up_to_three_times(server, d1, clock, status):
    for _ in range(3):
        server.will_say(b"<html>Bad gateway</html>", status=status)
    with pytest.raises(errors.Unreachable, match=f"HTTP {status}"):
        d1.fetch([SELECT])
    assert len(server.calls) == 3
    assert clock.sleeps == [0.125, 0.25]


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, errors.BadAnswer),
        (401, errors.Unauthorized),
        (403, errors.Unauthorized),
        (404, errors.DatabaseNotFound),
        (413, errors.BadAnswer),
    ],
)
def test_any_other_page_is_final(server, d1, status, error):
    server.will_say(b"<html>no</html>", status=status)
    with pytest.raises(error):
        d1.fetch([SELECT])
    assert len(server.calls) == 1


def test_a_cut_line_is_asked_again_up_to_three_times(server, d1, clock):
    for _ in range(3):
        server.will_cut_the_line()
    with pytest.raises(errors.Unreachable, match="Can't connect"):
        d1.fetch([SELECT])
    assert len(server.calls) == 3
    assert clock.sleeps == [0.125, 0.25]


def test_a_cut_line_is_not_seen_when_the_next_try_succeeds(server, d1):
    server.will_cut_the_line()
    server.will_answer(ONE)
    assert d1.fetch([SELECT]) == [ONE_ROW]


def test_an_answer_that_does_not_come_in_time_is_not_asked_for_again(server, make_d1):
    server.will_be_silent()
    with pytest.raises(errors.LateAnswer, match=r"didn't respond within 0\.05 seconds"):
        make_d1(seconds=0.05).fetch([SELECT])
    assert len(server.all_calls) == 1


def test_an_answer_that_stops_half_way_counts_as_one_that_does_not_come(server, make_d1):
    server.will_say(b'{"success": ', announced=1_000)
    with pytest.raises(errors.Unreachable, match="didn't respond within"):
        make_d1(seconds=0.05).fetch([SELECT])
    assert len(server.all_calls) == 1


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\ncontent-length: 90\r\n\r\n"])
@pytest.mark.parametrize("closes", [False, True])
def test_an_answer_that_drips_is_cut_at_the_deadline_of_the_whole_call(
    server, make_d1, head, closes
):
    # Each byte comes well within the deadline, and a timeout of the socket begins anew with it.
    if closes:
        head = head.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n")
    server.will_drip(head, pause=0.02)
    with pytest.raises(errors.Unreachable, match=r"didn't respond within 0\.2 seconds"):
        make_d1(seconds=0.2).fetch([SELECT])
    assert len(server.all_calls) == 1


def test_a_call_that_ends_late_can_not_cut_the_connection_of_the_next_one(server, d1, monkeypatch):
    def cut_and_read(*of):
        transport._THREAD.call.cut()
        return Response(*of)

    server.will_answer(ONE)
    server.will_answer(ONE)
    with monkeypatch.context() as patched:
        patched.setattr(transport, "Response", cut_and_read)
        with pytest.raises(errors.LateAnswer):
            d1.fetch([SELECT])
    assert d1.fetch([SELECT]) == [ONE_ROW]
    assert server.calls[0].connection == server.calls[1].connection


def test_a_closed_port_is_unreachable_after_three_tries(clock, make_d1, server):
    nobody = make_d1(base_url="http://127.0.0.1:1")
    with pytest.raises(errors.Unreachable, match=r"Can't connect to 127\.0\.0\.1:1"):
        nobody.fetch([SELECT])
    assert server.calls == []
    assert clock.sleeps == [0.125, 0.25]


def test_one_refused_statement_refuses_the_whole_batch(server, d1):
    server.will_complain("D1_ERROR: no such table: nope: SQLITE_ERROR")
    with pytest.raises(errors.MissingTable) as raised:
        d1.fetch([SELECT, Statement("SELECT * FROM nope")])
    assert raised.value.table == "nope"
    assert raised.value.message == "no such table: nope"


# Too many calls


def test_a_long_wait_is_told_at_once(server, d1, clock):
    server.will_complain("slow down", code=971, status=429, headers=[("retry-after", "120")])
    with pytest.raises(errors.RateLimited, match="120 seconds") as raised:
        d1.fetch([SELECT])
    assert raised.value.retry_after == 120
    assert len(server.calls) == 1
    assert clock.sleeps == []


def test_no_call_is_made_until_the_wait_is_over(server, d1, clock):
    server.will_say(b"", status=429, headers=[("retry-after", "120")])
    with pytest.raises(errors.RateLimited):
        d1.fetch([SELECT])
    clock.now += 100
    with pytest.raises(errors.RateLimited) as raised:
        d1.fetch([SELECT])
    assert raised.value.retry_after == 20
    assert len(server.calls) == 1
    clock.now += 20
    server.will_answer(ONE)
    assert d1.fetch([SELECT]) == [ONE_ROW]


@pytest.mark.parametrize("told", ["601", "86400", "9" * 400])
def test_no_wait_is_believed_that_is_longer_than_ten_minutes(server, d1, clock, told):
    server.will_say(b"", status=429, headers=[("retry-after", told)])
    with pytest.raises(errors.RateLimited) as raised:
        d1.fetch([SELECT])
    assert raised.value.retry_after == LONGEST_WAIT == 600
    clock.now += LONGEST_WAIT
    server.will_answer(ONE)
    assert d1.fetch([SELECT]) == [ONE_ROW]


@pytest.mark.parametrize("headers", [[], [("retry-after", "soon")], [("retry-after", "-1")]])
def test_a_wait_of_unknown_length_is_a_minute_of_silence(server, d1, clock, headers):
    server.will_say(b"", status=429, headers=headers)
    with pytest.raises(errors.RateLimited, match="a few minutes") as raised:
        d1.fetch([SELECT])
    assert raised.value.retry_after is None
    with pytest.raises(errors.RateLimited):
        d1.fetch([SELECT])
    assert len(server.calls) == 1
    clock.now += SILENCE
    server.will_answer(ONE)
    assert d1.fetch([SELECT]) == [ONE_ROW]


def test_a_short_wait_is_made_once(server, d1, clock):
    server.will_say(b"", status=429, headers=[("retry-after", "2")])
    server.will_answer(ONE)
    assert d1.fetch([SELECT]) == [ONE_ROW]
    assert clock.sleeps == [2]


def test_a_second_short_wait_is_told(server, d1, clock):
    for _ in range(2):
        server.will_say(b"", status=429, headers=[("retry-after", "1")])
    with pytest.raises(errors.RateLimited, match="1 second"):
        d1.fetch([SELECT])
    assert len(server.calls) == 2
    assert clock.sleeps == [1]


# Retries by themselves


def fail_after(clock, seconds, *, told=None):
    """An attempt that takes so long, notes the seconds it was given, and asks for another."""

    def attempt(left):
        if told is not None:
            told.append(left)
        clock.now += seconds
        raise AgainError(errors.Unreachable("Nobody is there."))

    return attempt


def test_all_tries_share_one_deadline(clock):
    told = []
    with pytest.raises(errors.Unreachable):
        Retries(clock.sleep, lambda: 1.0, clock).run(fail_after(clock, 12, told=told), 30)
    assert told == [30, 30 - 12 - 0.25, 30 - 24 - 0.75]


def test_no_try_begins_that_could_not_end_in_time(clock):
    with pytest.raises(errors.Unreachable):
        Retries(clock.sleep, lambda: 1.0, clock).run(fail_after(clock, 29.9), 30)
    assert clock.sleeps == []


@pytest.fixture
def page():
    """A page asks, with patience, until the test is over."""
    token = deadline._NOW.set(Deadline())
    yield deadline.now()
    deadline._NOW.reset(token)


def test_a_page_makes_no_more_calls_than_it_may(server, d1, page):
    server.will_complain("D1_ERROR: no such thing", times=CALLS)
    for _ in range(CALLS):
        with pytest.raises(errors.QueryError):
            d1.fetch([SELECT])
    with pytest.raises(errors.PageSpent, match=r"made too many queries\. Try again in a moment"):
        d1.fetch([SELECT])
    assert len(server.calls) == CALLS
    assert page.calls.left == 0


def test_second_tries_leave_calls_for_what_was_not_asked_yet(server, d1, page):
    server.will_complain(TRANSIENT[0], times=4)
    for _ in range(2):
        with pytest.raises(errors.Unreachable):
            d1.fetch([SELECT])
    assert len(server.calls) == 2 + AGAIN
    assert page.calls.left == CALLS - 2 - AGAIN


@pytest.mark.usefixtures("page")
def test_a_page_that_has_waited_long_enough_makes_no_call(server, d1):
    deadline.hold(Deadline(until=0.0, calls=Calls()))
    with pytest.raises(errors.PageSpent, match="ran too long"):
        d1.fetch([SELECT])
    assert server.calls == []


@given(st.floats(0, 1, exclude_max=True))
def test_pauses_are_random_below_a_limit_that_doubles(chance):
    pauses = []

    def failure(_seconds):
        raise AgainError(errors.Unreachable("Nobody is there."))

    with pytest.raises(errors.Unreachable):
        Retries(pauses.append, lambda: chance, lambda: 0.0).run(failure)
    assert pauses == [chance * 0.25, chance * 0.5]


# Who it is, and its secret


def test_name_and_title_tell_the_database_and_no_secret():
    database = D1("acc", "1234abcd-0000", TOKEN, "https://user:pass@d1.example:8443/v4")
    assert database.name == "d1:d1.example:8443:1234abcd-0000"
    assert database.title == "D1 database 1234abcd…"
    assert repr(database) == "D1('d1:d1.example:8443:1234abcd-0000')"


def test_spaces_and_line_ends_around_what_was_pasted_do_not_count(server, make_d1):
    server.will_answer(ONE)
    make_d1(" acc\n", " db ", f" {TOKEN}\n").fetch([SELECT])
    assert server.calls[0].path == "/client/v4/accounts/acc/d1/database/db/raw"
    assert server.calls[0].headers["Authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize("address", ["", "api.cloudflare.com", "ftp://x", "https://", "http://x:y"])
def test_an_address_that_is_not_http_is_a_bad_setting(address):
    with pytest.raises(errors.SettingError, match="address"):
        D1("acc", "db", TOKEN, address)


def test_an_empty_database_id_is_a_bad_setting():
    with pytest.raises(errors.SettingError, match="database ID"):
        D1("acc", " ", TOKEN, "https://d1.example")


@pytest.mark.parametrize("token", ["two words", "line\nend", "schlüssel"])
def test_a_token_that_can_be_none_is_a_bad_setting_and_not_shown(token):
    with pytest.raises(errors.SettingError) as raised:
        D1("acc", "db", token, "https://d1.example")
    assert token not in str(raised.value)


def failures(server):
    """Every way to fail, the server repeating the token where it can."""
    retry_after = [("retry-after", "99")]
    return {
        "token": lambda: server.will_complain(f"bad {TOKEN}", code=9109, status=401),
        "query": lambda: server.will_complain(f'near "{TOKEN}": syntax error'),
        "table": lambda: server.will_complain(f"no such table: {TOKEN}"),
        "transient": lambda: server.will_complain(f"Network connection lost {TOKEN}", times=3),
        "rate": lambda: server.will_say(TOKEN.encode(), status=429, headers=retry_after),
        "page": lambda: [server.will_say(TOKEN.encode(), status=500) for _ in range(3)],
        "json": lambda: server.will_say(TOKEN.encode()),
        "cut": lambda: [server.will_cut_the_line() for _ in range(3)],
        "silent": server.will_be_silent,
    }


def chain(error):
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize(
    "way",
    ["token", "query", "table", "transient", "rate", "page", "json", "cut", "silent"],
)
def test_the_token_is_in_no_error_no_traceback_and_no_log(server, make_d1, caplog, way):
    caplog.set_level(logging.DEBUG)
    database = make_d1(seconds=0.05 if way == "silent" else 10)
    failures(server)[way]()
    with pytest.raises(errors.DatabaseError) as raised:
        database.fetch([SELECT])
    shown = [
        str(raised.value),
        repr(raised.value),
        repr(vars(raised.value)),
        *traceback.format_exception(raised.value),
        repr(database),
        repr(vars(database)),
        caplog.text,
    ]
    assert TOKEN not in "\n".join(shown)
    assert [type(error).__module__ for error in chain(raised.value)] == ["meaux.errors"]
    assert server.all_calls[0].headers["Authorization"] == f"Bearer {TOKEN}"
