"""Receivers of messages on loopback: a mail server, and web servers that behave and misbehave."""

import http.server
import json
import logging
import socket
import ssl
import threading
import warnings
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from ipaddress import ip_address

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from ports import free_port

PATIENCE = 20
"""How many seconds a sender waits for an answer that comes."""
PASSWORD = "correct-horse-battery"  # noqa: S105  of servers on loopback


class Web:
    """A web server; the last part of an address says how it answers, or `answer` does for all."""

    def __init__(self):
        self.messages = []
        self.answer = ""
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                length = int(self.headers["content-length"])
                how = receiver.answer or self.path.rpartition("/")[2].partition("?")[0]
                getattr(receiver, f"_{how}", receiver._ok)(self, length)

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._released = threading.Event()
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def url(self, how="ok"):
        """The address of an answer; only the slow one is not waited for."""
        seconds = 0.4 if how == "slow" else PATIENCE
        return f"json://anna:{PASSWORD}@127.0.0.1:{self.port}/{how}?rto={seconds}&cto={PATIENCE}"

    @property
    def texts(self):
        """The title and the text of each message that came."""
        return [f"{one['title']}\n{one['message']}" for one in self.messages]

    def secure(self, folder):
        """Speak TLS with a certificate that nobody vouches for."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate(folder))
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def stop(self):
        self._released.set()
        self._server.shutdown()
        self._server.server_close()

    def _take(self, handler, length):
        self.messages.append(json.loads(handler.rfile.read(length)))

    def _ok(self, handler, length):
        self._take(handler, length)
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(b"ok")

    def _error(self, handler, length):
        handler.rfile.read(length)
        handler.send_error(500, f"never say {PASSWORD}")

    def _denied(self, handler, length):
        handler.rfile.read(length)
        handler.send_error(403)

    def _slow(self, handler, length):
        self._take(handler, length)
        self._released.wait(5)

    def _half(self, handler, length):
        handler.rfile.read(length // 2)
        handler.connection.shutdown(socket.SHUT_RDWR)

    def _gone(self, handler, length):
        """Take the message, and break off before saying so."""
        self._take(handler, length)
        handler.connection.shutdown(socket.SHUT_RDWR)


logging.getLogger("mail.log").setLevel(logging.WARNING)
"""At a lower level, aiosmtpd logs every line of a message, which takes longer than sending it."""


class Mail:
    """A mail server that asks for a password; `refuses` refuses every message after its text."""

    def __init__(self):
        self.messages = []
        self.refuses = False
        self._controller = Controller(
            self,
            hostname="127.0.0.1",
            port=free_port(),
            authenticator=lambda *of: AuthResult(
                success=of[4].password == PASSWORD.encode(), handled=False
            ),
            auth_require_tls=False,
            auth_required=True,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a password without TLS: on loopback it's meant
            self._controller.start()

    def url(self, password=PASSWORD):
        port = self._controller.port
        return (
            f"mailto://anna:{password}@127.0.0.1:{port}"
            "?from=meaux@example.com&to=team@example.com&mode=insecure"
        )

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802  aiosmtpd's name
        if self.refuses:
            return "554 this message is refused"
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def stop(self):
        self._controller.stop()


HOST = ip_address("127.0.0.1")


def certificate(folder):
    """A key and a certificate in one file, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "both.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path
