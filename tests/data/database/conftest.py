"""A D1 that answers from a script, on loopback, and a clock that nobody has to wait for."""

import json
import socket
import struct
import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

PATIENCE = 20
"""How many seconds a call may take to come."""


@dataclass(frozen=True)
class Reply:
    """What the server does with one call: answer, be silent, or cut the line."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    announced: int | None = None
    drips: float = 0.0
    is_silent: bool = False
    is_cut: bool = False


@dataclass(frozen=True)
class Call:
    """What the client sent."""

    path: str
    headers: dict[str, str]
    body: dict[str, object]
    connection: tuple[str, int]


class ScriptedServer(ThreadingHTTPServer):
    """Plays its script, one reply a call, and notes the calls."""

    def __init__(self):
        self.script = deque()
        self.calls = []
        self.came, self.released = threading.Event(), threading.Event()
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/client/v4"

    def will_answer(self, *results, status=200, headers=()):
        body = {"success": True, "errors": [], "messages": [], "result": list(results)}
        self.will_say(json.dumps(body).encode(), status=status, headers=headers)

    def will_complain(self, message, *, code=7500, status=500, times=1, headers=()):
        errors = [{"code": code, "message": message}]
        body = {"success": False, "errors": errors, "messages": [], "result": None}
        for _ in range(times):
            self.will_say(json.dumps(body).encode(), status=status, headers=headers)

    def will_say(self, body, *, status=200, headers=(), announced=None):
        """Say these bytes, after announcing that there will be so many."""
        self.script.append(Reply(status, body, tuple(headers), announced))

    def will_be_silent(self):
        self.script.append(Reply(is_silent=True))

    def will_drip(self, head, *, pause):
        """Say a head at once, and then a byte after each pause until the client has had enough."""
        self.script.append(Reply(body=head, drips=pause))

    def will_cut_the_line(self):
        self.script.append(Reply(is_cut=True))

    @property
    def all_calls(self):
        """The calls, the first of which has come: who gives up on it may be earlier than it."""
        assert self.came.wait(PATIENCE)
        return self.calls


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.calls.append(Call(self.path, dict(self.headers), body, self.client_address))
        self.server.came.set()
        script = self.server.script
        self._play(script.popleft() if script else Reply(418, b"the script is over"))

    def _play(self, reply):
        if reply.drips:
            self._drip(reply)
            return
        if reply.is_silent:
            self.server.released.wait()
        if reply.is_silent or reply.is_cut:
            reset = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
            self.close_connection = True
            return
        self.send_response(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        announced = len(reply.body) if reply.announced is None else reply.announced
        self.send_header("content-length", str(announced))
        self.end_headers()
        self.wfile.write(reply.body)

    def _drip(self, reply):
        self.close_connection = True
        with suppress(OSError):
            self.wfile.write(reply.body)
            while not self.server.released.wait(reply.drips):
                self.wfile.write(b"H")

    def log_message(self, *_):
        """Say nothing."""


@dataclass
class Clock:
    """Time that passes only when somebody sleeps."""

    now: float = 1000.0
    sleeps: list[float] = field(default_factory=list)

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.sleeps.append(seconds)
        self.now += seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def server():
    with ScriptedServer() as scripted:
        thread = threading.Thread(target=scripted.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield scripted
        scripted.released.set()
        scripted.shutdown()
        thread.join()
