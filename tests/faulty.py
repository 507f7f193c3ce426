"""A D1 with a fault that is switched on by name; else it answers rightly, from a SQLite file.

`FAULTS` holds them all. Each is of one kind: `transport` spoils the bytes, `status` the HTTP
answer, `words` what D1 says, `shape` the JSON, `cell` what stands in the rows, `meta` what is told
of them.
"""

import gzip
import json
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from meaux.data.database import SQLiteFile, Statement
from meaux.errors import DatabaseError, QueryError

TOKEN = "the-one-good-token"  # noqa: S105 - made up
PAUSE = 5.0
"""Seconds between two bytes of what drips."""
FAULTS: dict[str, "Fault"] = {}


@dataclass(frozen=True)
class Fault:
    """What is done to one call: `play` is given the handler, which knows the right answer.

    `slow` faults take all the time that the client gives them. `harmless` ones change no row: then
    what is read is right. `meant` ones change rows into others that a D1 might hold.
    """

    name: str
    kind: str
    play: Callable[["Handler"], None]
    slow: bool = False
    harmless: bool = False
    meant: bool = False


def fault(kind, name, *, slow=False, harmless=False, meant=False):
    def put(play):
        assert name not in FAULTS
        FAULTS[name] = Fault(name, kind, play, slow, harmless, meant)
        return play

    return put


class FaultyD1:
    """The server: `fault` names what is wrong now, `calls` counts what came, also unread ones."""

    def __init__(self, path, *, pause=PAUSE):
        self.database = SQLiteFile(path)
        self.pause = pause
        self.fault = None
        self.calls = 0
        self.ended = threading.Event()
        self._server = self._port = None
        self._begin()

    @property
    def url(self):
        return f"http://127.0.0.1:{self._port}/client/v4"

    def break_by(self, name):
        """Switch a fault on."""
        self.fault = FAULTS[name]
        self.calls = 0
        if name == "refused":
            self._end()

    def mend(self):
        """Be well again."""
        self.ended.set()
        self.ended = threading.Event()
        self.fault = None
        if self._server is None:
            self._begin()

    def close(self):
        self.ended.set()
        if self._server is not None:
            self._end()

    def _begin(self):
        self._server = _Server(("127.0.0.1", self._port or 0), Handler)
        self._server.d1 = self
        self._port = self._server.server_port
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )
        self._thread.start()

    def _end(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._server = None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_):
        """Say nothing: whoever hangs up is meant to."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.d1 = self.server.d1
        self.ended = self.d1.ended
        self.asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.d1.calls += 1
        fault = self.d1.fault
        if fault is None:
            self.answer()
        else:
            fault.play(self)

    @property
    def statements(self):
        return [
            Statement(s["sql"], tuple(s["params"])) for s in self.asked.get("batch", [self.asked])
        ]

    def right(self):
        """The status and the JSON that a D1 which is well would answer."""
        if self.headers["authorization"] != f"Bearer {TOKEN}":
            return 401, complaint(10000, "Authentication error")
        try:
            answers = self.d1.database.fetch(self.statements)
        except QueryError as error:
            return 400, complaint(7500, f"{error.message}: SQLITE_ERROR")
        except DatabaseError as error:
            return 500, complaint(7500, str(error))
        results = [
            {
                "success": True,
                "results": {"columns": list(rows.columns), "rows": list(map(list, rows.rows))},
                "meta": {"rows_read": 7, "duration": 0.5, "served_by_region": "WNAM"},
            }
            for rows in answers
        ]
        return 200, {"success": True, "errors": [], "messages": [], "result": results}

    def body(self):
        return json.dumps(self.right()[1]).encode()

    def answer(self, change=lambda envelope: envelope):
        """Answer rightly, but for a change to the JSON."""
        status, envelope = self.right()
        self.say(json.dumps(change(envelope)).encode(), status)

    def say(self, body, status=200, headers=(), *, length=None):
        """Say these bytes under a head; `length` is what is announced, where that is another."""
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if length is not False:
            self.send_header("content-length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def raw(self, content):
        """Say these bytes and nothing else."""
        self.close_connection = True
        self.wfile.write(content)

    def reset(self):
        """Cut the line without an end."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True

    def silence(self):
        """Say nothing until the fault is over."""
        self.close_connection = True
        self.ended.wait()

    def drip(self, content):
        """Say a byte after each pause."""
        self.close_connection = True
        with suppress(OSError):
            for byte in content:
                if self.ended.wait(self.d1.pause):
                    return
                self.wfile.write(bytes([byte]))

    def log_message(self, *_):
        """Say nothing."""


def complaint(code, message):
    errors = [{"code": code, "message": message}]
    return {"success": False, "errors": errors, "messages": [], "result": None}


# Transport

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"

fault("transport", "refused")(lambda to: to.reset())  # nobody listens: see `break_by`
fault("transport", "reset")(lambda to: to.reset())
fault("transport", "closed without a word")(lambda to: to.raw(b""))
fault("transport", "silent", slow=True)(lambda to: to.silence())
fault("transport", "drip of the head", slow=True)(lambda to: to.drip(HEAD * 99))
fault("transport", "garbage")(lambda to: to.raw(b"\x00\xff\x13" * 99 + b"\r\n\r\n"))
fault("transport", "status line of nonsense")(lambda to: to.raw(b"HTTP/1.1 yes\r\n\r\n{}"))
fault("transport", "half a status line")(lambda to: to.raw(b"HTTP/1.1 2"))
fault("transport", "half of the headers")(lambda to: to.raw(HEAD + b"content-le"))
fault("transport", "header of 100 KB")(
    lambda to: to.raw(HEAD + b"x: " + b"y" * 100_000 + b"\r\n\r\n")
)
fault("transport", "two hundred headers")(
    lambda to: to.raw(HEAD + b"".join(b"x%d: y\r\n" % n for n in range(200)) + b"\r\n")
)
fault("transport", "length that is too long")(
    lambda to: to.say(to.body(), length=10**9) or to.reset()
)
fault("transport", "length that is too short")(lambda to: to.say(to.body(), length=20))
fault("transport", "length that is no number", slow=True)(
    lambda to: to.say(to.body(), length="many")
)
fault("transport", "length below zero")(lambda to: to.say(to.body(), length=-5) or to.reset())
fault("transport", "chunk of no size")(
    lambda to: to.raw(HEAD + b"transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n")
)
fault("transport", "chunks that end too early")(
    lambda to: to.raw(HEAD + b'transfer-encoding: chunked\r\n\r\n5\r\n{"suc\r\n')
)
fault("transport", "packed twice")(
    lambda to: to.say(gzip.compress(gzip.compress(to.body())), headers=[PACKED, PACKED])
)
fault("transport", "packed in another way")(
    lambda to: to.say(to.body(), headers=[("content-encoding", "br")])
)
fault("transport", "said to be packed")(lambda to: to.say(to.body(), headers=[PACKED]))
fault("transport", "packed and broken")(
    lambda to: to.say(b"\x1f\x8b" + to.body(), headers=[PACKED])
)
fault("transport", "packed and cut short")(
    lambda to: to.say(gzip.compress(to.body())[:-40], headers=[PACKED])
)
fault("transport", "packed bomb")(lambda to: to.say(BOMB, headers=[PACKED]))
fault("transport", "too large")(lambda to: to.say(b'{"a": "' + b" " * 33_000_000 + b'"}'))
PACKED = ("content-encoding", "gzip")
BOMB = gzip.compress(bytes(200_000_000), 1)


@fault("transport", "silent after the head", slow=True)
def _(to):
    to.raw(HEAD + b"content-length: 99\r\n\r\n")
    to.silence()


@fault("transport", "silent after half of the headers", slow=True)
def _(to):
    to.raw(HEAD)
    to.silence()


@fault("transport", "silent after half of the answer", slow=True)
def _(to):
    body = to.body()
    to.say(body[: len(body) // 2], length=len(body))
    to.silence()


@fault("transport", "drip of the answer", slow=True)
def _(to):
    to.raw(HEAD + b"connection: close\r\n\r\n")
    to.drip(to.body())


@fault("transport", "chunks that never end", slow=True)
def _(to):
    to.raw(HEAD + b"transfer-encoding: chunked\r\n\r\n")
    to.drip(b"1\r\n \r\n" * 999)


@fault("transport", "cut off in the answer")
def _(to):
    body = to.body()
    to.say(body[: len(body) // 2], length=len(body))
    to.reset()


@fault("transport", "line that dies after each answer", harmless=True)
def _(to):
    to.answer()
    to.close_connection = True


@fault("transport", "more than was announced", harmless=True)
def _(to):
    to.answer()
    to.raw(b"HTTP/1.1 500 Late\r\n\r\n")


@fault("transport", "every second call is reset", harmless=True)
def _(to):
    to.reset() if to.d1.calls % 2 else to.answer()


@fault("transport", "two of three calls are reset", harmless=True)
def _(to):
    to.reset() if to.d1.calls % 3 else to.answer()


# HTTP

HTML = b"<html><body>Something is wrong.</body></html>"


def status(code, *headers, name="", body=HTML):
    fault("status", name or f"HTTP {code}")(lambda to: to.say(body, code, headers))


for code in (
    *(201, 203, 206, 400, 401, 402, 403, 404, 405, 406, 408, 409, 410, 413, 414, 418, 421, 422),
    *(425, 426, 431, 451, 500, 501, 502, 503, 504, 505, 507, 508, 511),
    *(520, 521, 522, 523, 524, 525, 526, 527, 530),
):
    status(code)
for code in (301, 302, 303, 307, 308):
    status(code, ("location", "http://127.0.0.1:1/elsewhere"))
status(302, name="HTTP 302 to nowhere")
status(429, name="HTTP 429")
for wait in ("0", "1", "120", "86400", "-1", "soon", "Fri, 27 Nov 2026 10:00:00 GMT", "9" * 400):
    status(429, ("retry-after", wait), name=f"HTTP 429, retry after {wait[:20]}")
status(503, ("retry-after", "3600"), name="HTTP 503, retry after 3600")
fault("status", "HTTP 204")(lambda to: to.say(b"", 204, length=False))
fault("status", "HTTP 999")(lambda to: to.say(HTML, 999))


# What D1 says

for code, http, message in (
    (7500, 500, "Network connection lost."),
    (7500, 500, "D1 DB reset because its code was updated."),
    (7500, 500, "Internal error in D1 DB storage caused object to be reset."),
    (7500, 500, "Cannot resolve D1 DB due to transient issue on remote node."),
    (7500, 500, "internal error"),
    (7429, 429, "D1 DB is overloaded. Requests queued for too long."),
    (7500, 429, "Your account has exceeded D1's free tier daily row read limit."),
    (7500, 500, "D1 DB exceeded its CPU time limit and was reset."),
    (7500, 500, "D1 DB storage operation exceeded timeout which caused object to be reset."),
    (7500, 500, "D1 DB's isolate exceeded its memory limit and was reset."),
    (7500, 400, "no such table: main.nowhere: SQLITE_ERROR"),
    (7500, 400, "no such column: nothing at offset 9: SQLITE_ERROR"),
    (7500, 400, "not authorized: SQLITE_AUTH"),
    (7500, 400, "something that nobody has seen yet"),
    (7500, 400, ""),
    (7500, 500, "x" * 20_000),
    (9109, 401, "Invalid access token"),
    (10000, 400, "Authentication error"),
    (7404, 404, "The database could not be found"),
    (7003, 400, "Could not route, is the identifier invalid?"),
):
    fault("words", f"says {message[:40]!r} ({http})")(
        lambda to, code=code, http=http, message=message: to.say(
            json.dumps(complaint(code, message)).encode(), http
        )
    )


@fault("words", "refuses one statement", harmless=True)
def _(to):
    # Few of many, always the same, in words that name nothing.
    if any("project_activity" in one.sql for one in to.statements):
        to.say(json.dumps(complaint(7500, "string or blob too big: SQLITE_TOOBIG")).encode(), 400)
    else:
        to.answer()


@fault("words", "refuses most statements", harmless=True)
def _(to):
    if any(hash_of(one) % 3 for one in to.statements):
        to.say(json.dumps(complaint(7500, "string or blob too big: SQLITE_TOOBIG")).encode(), 400)
    else:
        to.answer()


def hash_of(statement):
    return sum(map(ord, statement.sql))


# JSON


def each(change):
    """Change every result of an answer."""

    def changed(envelope):
        if envelope["result"] is None:
            return envelope
        return {**envelope, "result": [change(one) for one in envelope["result"]]}

    return changed


def rows_of(change):
    """Change every row of every result."""
    return each(
        lambda one: (
            one
            | {
                "results": {
                    "columns": one["results"]["columns"],
                    "rows": [change(row) for row in one["results"]["rows"]],
                }
            }
        )
    )


def without(one, *names):
    return {name: value for name, value in one.items() if name not in names}


BODIES = {
    "nothing": b"",
    "no JSON": b"{",
    "a web page": HTML,
    "no text": b"\xff\xfe\xfa\x00",
    "deep nesting": b"[" * 100_000,
    "deep nesting that ends": b"[" * 20_000 + b"]" * 20_000,
    "a list": b"[]",
    "null": b"null",
    "a number": b"7",
    "a text": b'"yes"',
    "a number of 5,000 digits": b'{"success": true, "result": ' + b"9" * 5_000 + b"}",
}
for name, body in BODIES.items():
    fault("shape", f"answers with {name}")(lambda to, body=body: to.say(body))

ENVELOPES = {
    "no success": lambda e: without(e, "success"),
    "success as a text": lambda e: e | {"success": "true"},
    "success that is false": lambda e: e | {"success": False},
    "errors that are no list": lambda e: e | {"success": False, "errors": {"a": 1}},
    "errors that are numbers": lambda e: e | {"success": False, "errors": [7]},
    "no result": lambda e: without(e, "result"),
    "result that is null": lambda e: e | {"result": None},
    "result that is an object": lambda e: e | {"result": {"a": 1}},
    "one result too few": lambda e: e | {"result": (e["result"] or [])[:-1]},
    "one result too many": lambda e: e | {"result": (e["result"] or []) * 2},
    "results that are null": each(lambda _: None),
    "results that failed": each(lambda one: one | {"success": False}),
    "results that are lists": each(lambda one: one | {"results": one["results"]["rows"]}),
    "no columns": each(lambda one: one | {"results": without(one["results"], "columns")}),
    "columns that are null": each(
        lambda one: one | {"results": one["results"] | {"columns": None}}
    ),
    "columns that are numbers": each(
        lambda one: (
            one
            | {"results": one["results"] | {"columns": list(range(len(one["results"]["columns"])))}}
        )
    ),
    "no rows": each(lambda one: one | {"results": without(one["results"], "rows")}),
    "rows that are null": each(lambda one: one | {"results": one["results"] | {"rows": None}}),
    "rows of nothing": each(lambda one: one | {"results": {"columns": [], "rows": [[]]}}),
    "a row that is null": rows_of(lambda _: None),
    "a row that is an object": rows_of(lambda row: {"0": row[0]}),
    "rows that are wider": rows_of(lambda row: [*row, 1]),
    "rows that are narrower": rows_of(lambda row: row[:-1]),
    "one column fewer": each(
        lambda one: (
            one
            | {
                "results": {
                    "columns": one["results"]["columns"][:-1],
                    "rows": [row[:-1] for row in one["results"]["rows"]],
                }
            }
        )
    ),
    "one column more": each(
        lambda one: (
            one
            | {
                "results": {
                    "columns": [*one["results"]["columns"], "more"],
                    "rows": [[*row, 1] for row in one["results"]["rows"]],
                }
            }
        )
    ),
}
for name, change in ENVELOPES.items():
    fault("shape", f"answers with {name}")(lambda to, change=change: to.answer(change))

fault("shape", "answers in UTF-16", harmless=True)(
    lambda to: to.say(to.body().decode().encode("utf-16"))
)
fault("shape", "answers with a mark of the order of bytes", harmless=True)(
    lambda to: to.say(b"\xef\xbb\xbf" + to.body())
)


# Cells

CELLS = {
    "NaN": b"NaN",
    "Infinity": b"Infinity",
    "-Infinity": b"-Infinity",
    "1e999": b"1e999",
    "-1e999": b"-1e999",
    "10^40": b"1" + b"0" * 40,
    "-10^40": b"-1" + b"0" * 40,
    "2^63": str(2**63).encode(),
    "1e300": b"1e300",
    "true": b"true",
    "an object": b'{"a": 1}',
    "a list of texts": b'["a"]',
    "a list of lists": b"[[1]]",
    "bytes": b"[0, 255]",
    "bytes beyond": b"[256]",
    "no bytes": b"[]",
    "half a character": b'"\\ud83d"',
    "a zero byte": b'"a\\u0000b"',
    "a text of 100 KB": b'"' + b"x" * 100_000 + b'"',
    "a number as a text": b'"12,5"',
    "markup": b'"<script>alert(1)</script> :red[x] $a$"',
    "null": b"null",
}
MEANT = {
    "2^63",
    "1e300",
    "bytes",
    "no bytes",
    "half a character",
    "a zero byte",
    "a text of 100 KB",
    "a number as a text",
    "markup",
    "null",
}
MARK = "the cell that is spoilt"
for name, cell in CELLS.items():
    for place, which in (("first", 0), ("last", -1)):

        @fault("cell", f"{place} cells are {name}", meant=name in MEANT)
        def _(to, cell=cell, which=which):
            def spoilt(row):
                row[which] = MARK
                return row

            status, envelope = to.right()
            body = json.dumps(rows_of(spoilt)(envelope)).encode()
            first, *others = body.split(json.dumps(MARK).encode())
            # One cell in fifty, and the first: an answer of long texts stays a small one.
            said = first + b"".join(
                (cell if number % 50 == 0 else b"null") + after
                for number, after in enumerate(others)
            )
            to.say(said, status)


# Meta

METAS = {
    "no meta": None,
    "meta that is a list": [1],
    "meta that is a text": "fast",
    "meta that is empty": {},
    "rows read of 10^400": {"rows_read": 10**400},
    "rows read below zero": {"rows_read": -1},
    "rows read as a text": {"rows_read": "many"},
    "rows read as a fraction": {"rows_read": 1.5},
    "rows read that are true": {"rows_read": True},
    "rows read as a list": {"rows_read": [1]},
    "a duration of 1e300": {"duration": 1e300},
    "a duration below zero": {"duration": -1},
    "a duration as a text": {"duration": "long"},
    "a duration of 10^400": {"duration": 10**400},
    "served by an object": {"served_by": {"a": 1}},
    "served by half a character": {"served_by_region": "\ud83d"},
    "served by 100 KB": {"served_by": "x" * 100_000},
}
for name, meta in METAS.items():
    fault("meta", f"tells {name}", harmless=True)(
        lambda to, meta=meta: to.answer(each(lambda one: one | {"meta": meta}))
    )


@fault("meta", "tells rows read that are NaN")
def _(to):
    to.say(to.body().replace(b'"rows_read": 7', b'"rows_read": NaN'))
