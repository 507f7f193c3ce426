"""A ClickHouse server on loopback: its HTTP interface in front of the real engine, in this process.

The engine (`chdb`) does what concerns a statement: SQL, formats, parameters, settings and what a
`readonly` user may set, grants (a user is a role of the engine), counters, and the texts of errors.

This server does what concerns HTTP, as the source of ClickHouse 26 and its driver say: how a
request names its user, database, settings and parameters; passwords; statuses of errors; headers;
compression. An answer is complete before its first byte is sent, as with `wait_end_of_query=1`,
which the driver sets for each query. It has no sessions (`session_id` is refused), and no
`client_protocol_version`: the driver finds that out and reads the older form of `Native`.
"""

import base64
import json
import re
import ssl
import threading
import uuid
from collections import deque
from collections.abc import Callable
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlsplit

import chdb
import lz4.frame
from backports import zstd

from meaux.data.database.clickhouse import Place

OF_HTTP = {
    *("query", "database", "user", "password", "quota_key", "query_id", "role", "default_format"),
    *("wait_end_of_query", "buffer_size", "client_protocol_version", "compress", "decompress"),
    *("session_id", "session_timeout", "session_check", "close_session", "stacktrace"),
}
"""Parameters of the URL that are no settings."""
STATUSES = {
    194: 401,
    **dict.fromkeys((192, 193, 497, 512, 516), 403),
    **dict.fromkeys((6, 8, 27, 36, 38, 41, 44, 53, 62, 117), 400),
    **dict.fromkeys((46, 47, 50, 56, 60, 63, 73, 81, 115), 404),
    48: 501,
    159: 408,
}
"""The HTTP status of an error by its number, as in ClickHouse's source; of any other it is 500."""
COMPRESSIONS = {
    "lz4": (lz4.frame.compress, lz4.frame.decompress),
    "zstd": (zstd.compress, zstd.decompress),
}
USERS_FILE = """
<clickhouse>
  <profiles><default>
    <compile_expressions>0</compile_expressions>
    <compile_aggregate_expressions>0</compile_aggregate_expressions>
    <compile_sort_description>0</compile_sort_description>
  </default></profiles>
  <quotas><default/></quotas>
  <roles>
    <everything><grants><query>GRANT ALL ON *.*</query></grants></everything>
    <loader><grants><query>GRANT ALL ON loaded.*</query></grants></loader>
    <reader><grants>
      <query>GRANT SELECT ON copy_*.*</query>
      <query>GRANT SELECT ON loaded.*</query>
    </grants></reader>
    <nobody/>
  </roles>
  <users><default>
    <password/>
    <networks><ip>::/0</ip></networks>
    <profile>default</profile>
    <quota>default</quota>
    <grants><query>GRANT everything, loader, reader, nobody</query></grants>
  </default></users>
  <user_directories><users_xml><path>{itself}</path></users_xml></user_directories>
</clickhouse>
"""
"""The grants of roles, which the engine checks: those that docs/scale.md tells people to give.

Nothing is compiled to machine code: that takes longer than it saves on a few rows.
"""
VERSION = " (version 26.9.2.1 (official build))\n"
CODE = re.compile(r"Code: (\d+)")
REMEMBERED = 500
"""How many requests are remembered."""
KEPT_ALIVE = 30
"""After how many seconds an idle connection is closed."""


@dataclass(frozen=True)
class User:
    """Who may sign in: `role` is one of the engine, `settings` those of the user's profile."""

    password: str = field(repr=False)
    role: str
    settings: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """A request as it came: the statement, and the parameters of the URL."""

    sql: bytes
    options: dict[str, str]
    headers: dict[str, str]

    @property
    def settings(self) -> dict[str, object]:
        """The parameters that are settings of the engine."""
        return {k: v for k, v in self.options.items() if k not in OF_HTTP and k[:6] != "param_"}

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters of the statement by name."""
        return {k[6:]: v for k, v in self.options.items() if k[:6] == "param_"}


@dataclass(frozen=True)
class Answer:
    """What is sent: the status, the headers and the body, which is compressed already."""

    status: int
    headers: dict[str, str]
    body: bytes


class RefusedError(Exception):
    """An error of ClickHouse's with its number."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"Code: {code}. DB::Exception: {text}")


PASSWORD = "p@ss:w/örd%?#&+ 'x"  # noqa: S105 - made up
LIMITS = {"readonly": 1, "max_execution_time": 30}
"""The settings that docs/scale.md tells people to give to who reads."""
USERS = {
    "loader": User(PASSWORD, "loader"),
    "reader": User(PASSWORD, "reader", LIMITS),
    "limited": User(PASSWORD, "reader", {"readonly": 2}),
    "nobody": User(PASSWORD, "nobody", {"readonly": 1}),
}


def opened(folder: Path):
    """Open the engine with the roles of users; other connections to it have them, too."""
    users = folder.with_suffix(".xml")
    users.write_text(USERS_FILE.format(itself=users), encoding="utf-8")
    return chdb.connect(f"{folder}?config-file={users}")


Fault = Callable[["Handler", Callable[[], Answer]], None]
"""What a request gets instead of its answer."""


class ClickHouseServer:
    """The server: `asked` are the requests since the last look, `opened` counts connections."""

    def __init__(self, folder: str, certificate=None) -> None:
        self.folder, self.users = folder, dict(USERS)
        with closing(chdb.connect(folder)) as engine:
            self.zone = engine.query("SELECT timezone()", "TSVRaw").data().strip()
        self.asked: deque[Asked] = deque(maxlen=REMEMBERED)
        self.opened = 0
        self._certificate = certificate
        self._faults: list[tuple[bytes, Fault]] = []
        self._lock = threading.Lock()
        self._connections: set = set()
        self.port = 0
        self.start()

    def start(self) -> None:
        """Listen, again on the same port after `stop`."""
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._server.daemon_threads = True
        self._server.of = self
        if self._certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self._certificate)
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Stop listening, and close all connections."""
        self._server.shutdown()
        self._server.server_close()
        with self._lock:
            for connection in self._connections:
                with suppress(OSError):
                    connection.shutdown(2)

    def place(
        self, user: str, database: str, password: str = PASSWORD, secure: bool | None = None
    ) -> Place:
        """A database of the server, and who signs in."""
        secure = self._certificate is not None if secure is None else secure
        return Place(database, "127.0.0.1", self.port, secure, user, password)

    def address(self, user: str, database: str) -> str:
        """The same as it is written in the settings."""
        return f"clickhouse://{user}:{quote(PASSWORD, safe='')}@127.0.0.1:{self.port}/{database}"

    @contextmanager
    def broken_by(self, fault: Fault, at: bytes = b"", *, times: int = 1):
        """Have the next requests whose statement contains `at` get a fault."""
        self._faults = [(at, fault)] * times
        try:
            yield
        finally:
            self._faults = []

    def fault(self, sql: bytes) -> Fault | None:
        """Return what is wrong with this request, once."""
        with self._lock:
            if self._faults and self._faults[0][0] in sql:
                return self._faults.pop(0)[1]
        return None

    def looked(self) -> list[Asked]:
        """Return the requests since the last look."""
        with self._lock:
            asked = [*self.asked]
            self.asked.clear()
        return asked

    def heard(self, asked: Asked) -> None:
        with self._lock:
            self.asked.append(asked)

    def connected(self, connection) -> None:
        with self._lock:
            self.opened += 1
            self._connections.add(connection)

    def disconnected(self, connection) -> None:
        with self._lock:
            self._connections.discard(connection)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = KEPT_ALIVE
    disable_nagle_algorithm = True

    def setup(self):
        super().setup()
        self.server.of.connected(self.connection)

    def finish(self):
        self.server.of.disconnected(self.connection)
        with suppress(OSError):
            super().finish()

    def handle(self):
        with suppress(OSError):
            super().handle()

    def log_message(self, *_):
        pass

    def do_POST(self):
        asked = self._asked()
        self.server.of.heard(asked)
        fault = self.server.of.fault(asked.sql)
        if fault:
            self.close_connection = True
            fault(self, lambda: self._answer(asked))
        else:
            self.send(self._answer(asked))

    def do_GET(self):
        if urlsplit(self.path).path == "/ping":
            self.send(Answer(200, {"Content-Type": "text/html; charset=UTF-8"}, b"Ok.\n"))
        else:
            self.do_POST()

    def begin(self, answer: Answer) -> None:
        """Send the status and the headers."""
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Keep-Alive", f"timeout={KEPT_ALIVE}")
        self.end_headers()

    def send(self, answer: Answer) -> None:
        self.begin(answer)
        if answer.body:
            self.wfile.write(b"%x\r\n%b\r\n" % (len(answer.body), answer.body))
        self.wfile.write(b"0\r\n\r\n")

    def _asked(self) -> Asked:
        options = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        body = self._body()
        encoding = self.headers.get("Content-Encoding")
        if encoding:
            body = COMPRESSIONS[encoding][1](body)
        first = options.get("query", "").encode()
        return Asked(first + b"\n" + body if first else body, options, dict(self.headers))

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        chunks = []
        while size := int(self.rfile.readline(), 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def _answer(self, asked: Asked) -> Answer:
        headers = {
            "Content-Type": "text/plain; charset=UTF-8",
            "X-ClickHouse-Server-Display-Name": "loopback",
        }
        settings = asked.settings
        try:
            user = self._user(asked)
            settings = user.settings | settings
            headers["X-ClickHouse-Query-Id"] = asked.options.get("query_id") or str(uuid.uuid4())
            headers["X-ClickHouse-Timezone"] = self.server.of.zone
            result, counted = run(self.server.of.folder, user, asked, read_only=self.is_get)
            status, body = 200, result
            headers["X-ClickHouse-Summary"] = json.dumps(counted, separators=(",", ":"))
        except (RuntimeError, RefusedError) as error:
            text = str(error)
            text = text[text.find("Code: ") :]
            code = int(CODE.search(text)[1])
            headers["X-ClickHouse-Exception-Code"] = str(code)
            status, body = STATUSES.get(code, 500), (text + VERSION).encode()
        if str(settings.get("enable_http_compression", 1)) == "1":
            known = [one.strip() for one in self.headers.get("Accept-Encoding", "").split(",")]
            name = next((one for one in known if one in COMPRESSIONS), None)
            if name and body:
                headers["Content-Encoding"], body = name, COMPRESSIONS[name][0](body)
        return Answer(status, headers, body)

    @property
    def is_get(self) -> bool:
        return self.command == "GET"

    def _user(self, asked: Asked) -> User:
        name, password = self.headers.get("X-ClickHouse-User"), self.headers.get("X-ClickHouse-Key")
        scheme, _, secret = self.headers.get("Authorization", "").partition(" ")
        if name is None and scheme == "Basic":
            name, _, password = base64.b64decode(secret).decode().partition(":")
        if name is None:
            name = asked.options.get("user", "default")
            password = asked.options.get("password", "")
        user = self.server.of.users.get(name)
        if user is None or user.password != password:
            raise RefusedError(
                516,
                f"{name}: Authentication failed: password is incorrect, or there is no user with "
                "such name. (AUTHENTICATION_FAILED)",
            )
        return user


def run(folder: str, user: User, asked: Asked, *, read_only: bool) -> tuple[bytes, dict[str, str]]:
    """Return what the engine answers this user, and its counters."""
    options = asked.options
    if "session_id" in options:
        raise RefusedError(48, "this server has no sessions. (NOT_IMPLEMENTED)")
    profile = {**user.settings, **({"readonly": 2} if read_only else {})}
    connection = chdb.connect(folder)
    try:
        if options.get("database"):
            connection.query(f"USE `{options['database']}`")
        connection.query(f"SET ROLE {user.role}")
        for settings in (profile, asked.settings):
            if settings:
                connection.query(
                    f"SET {', '.join(f'{k} = {quoted(v)}' for k, v in settings.items())}"
                )
        result = connection.query(
            asked.sql, options.get("default_format", "TabSeparated"), params=asked.parameters
        )
        return result.bytes() or b"", {
            "read_rows": str(result.storage_rows_read()),
            "read_bytes": str(result.storage_bytes_read()),
            "written_rows": str(result.rows_written()),
            "written_bytes": str(result.bytes_written()),
            "total_rows_to_read": "0",
            "elapsed_ns": str(int(result.elapsed() * 1e9)),
        }
    finally:
        connection.close()


def quoted(value: object) -> str:
    return "'" + str(value).replace("\\", "\\\\").replace("'", "\\'") + "'"
