"""Sending: one message to one address, through Apprise.

Nothing that Apprise or a server says is shown or stored: it may contain the address. Only the kind
of failure is told, in words of our own.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Thread
from typing import Any

import apprise
from apprise import AppriseAsset, AppriseAttachment, NotifyFormat, NotifyType
from apprise.attachment.memory import AttachMemory

from meaux.data.notifying import Severity
from meaux.data.settings import Secret
from meaux.notify.messages import File, Format, Sent, Told

NAME = "Meaux Analytics"
"""What a message says it is from."""
WITHOUT_PICTURES: dict[str, Any] = dict.fromkeys(
    ("app_url", "image_url_mask", "image_url_logo"), ""
)
"""Apprise's own are on another site, which would see who reads a message."""
LONGEST = 30.0
"""Seconds after which a message counts as failed, whatever the server still does."""
WITH_FILES = 20.0
"""Seconds that a server may take for a step if a message has files: Apprise waits for four."""
FORMATS: dict[NotifyFormat, Format] = {
    NotifyFormat.TEXT: "text",
    NotifyFormat.MARKDOWN: "markdown",
    NotifyFormat.HTML: "html",
}
TYPES: dict[Severity, NotifyType] = {
    "Critical": NotifyType.FAILURE,
    "Error": NotifyType.FAILURE,
    "Warning": NotifyType.WARNING,
    "Info": NotifyType.INFO,
}
UNSENT = (
    (re.compile(r"Connection refused|Errno 111|Errno 61"), "connection refused"),
    (re.compile(r"Name or service not known|getaddrinfo|NameResolution"), "host not found"),
    (re.compile(r"CERTIFICATE_VERIFY_FAILED|certificate verify failed"), "invalid certificate"),
    (re.compile(r"SSLError|SSL:|\[SSL"), "no secure connection"),
    (re.compile(r"ConnectTimeout|connect timeout|No route to host"), "no connection"),
    (re.compile(r"Authentication|\(53[45], |error=40[13]"), "sign-in refused"),
    (re.compile(r"error=4(?!08)\d\d"), "refused by the server"),
)
"""How it shows that no message can have arrived, in words."""
AMBIGUOUS = (
    (re.compile(r"error=5\d\d|error=408"), "error of the server"),
    (re.compile(r"timed out|Timeout", re.IGNORECASE), "timed out"),
    (re.compile(r"SMTP"), "refused by the mail server"),
)
"""The same where a message may have arrived."""
OTHERWISE = "sending failed"


def parsed(address: Secret) -> Any:
    """Return Apprise's object for an address; None if it isn't one."""
    with _listening(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the libraries of all plugins
        try:
            asset = AppriseAsset(app_id=NAME, app_desc=NAME, **WITHOUT_PICTURES)
            return apprise.Apprise.instantiate(address.reveal(), asset=asset)
        except Exception:  # noqa: BLE001  its message may contain the address
            return None


def send(address: Secret, message: Told) -> Sent:
    """Send a message, and wait for at most half a minute."""
    server = parsed(address)
    if server is None:
        return Sent("not an Apprise URL")
    found: list[Sent] = []
    thread = Thread(target=_send, args=(server, message, found), daemon=True)
    thread.start()
    thread.join(LONGEST)
    return found[0] if found else Sent("timed out", maybe=True)


def _send(server: Any, message: Told, found: list[Sent]) -> None:
    declared = server.notify_format
    into = NotifyFormat(declared[0] if isinstance(declared, list | tuple) else declared)
    with _listening() as heard:
        try:
            files = message.files(FORMATS[into])
            server.inline = any(file.picture for file in files)  # of e-mail; others have none
            if files:
                server.socket_connect_timeout = max(server.socket_connect_timeout, WITH_FILES)
            arrived = server.notify(
                title=message.title,
                body=message.body(FORMATS[into]),
                notify_type=TYPES[message.severity],
                body_format=into,
                attach=_attached(files),
            )
        except Exception as error:  # noqa: BLE001  whatever a plugin raises, the others go on
            heard.append(f"{type(error).__name__}: {error}")
            arrived = False
    found.append(Sent() if arrived else _failure(" ".join(heard)))


def _attached(files: Sequence[File]) -> AppriseAttachment | None:
    if not files:
        return None
    return AppriseAttachment(
        [
            AttachMemory(content=one.content, name=one.name, mimetype=one.kind)  # type: ignore[no-untyped-call]
            for one in files
        ]
    )


def _failure(heard: str) -> Sent:
    for known, maybe in ((UNSENT, False), (AMBIGUOUS, True)):
        for pattern, words in known:
            if pattern.search(heard):
                return Sent(words, maybe)
    return Sent(OTHERWISE, maybe=True)


class _Ear(logging.Handler):
    def __init__(self, heard: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self._heard = heard

    def emit(self, record: logging.LogRecord) -> None:
        self._heard.append(record.getMessage())


LOGGERS = ("apprise", "urllib3", "requests_oauthlib", "slixmpp", "paho")
"""What may log an address: Apprise, and what its plugins send with."""


@contextmanager
def _listening() -> Iterator[list[str]]:
    """Collect what Apprise logs, and keep it from every other handler: it may name an address."""
    heard: list[str] = []
    ear = _Ear(heard)
    loggers = [logging.getLogger(name) for name in LOGGERS]
    before = [(one, one.level, one.propagate) for one in loggers]
    for one in loggers:
        one.addHandler(ear)
        one.propagate = False
    loggers[0].setLevel(logging.DEBUG)
    try:
        yield heard
    finally:
        for one, level, propagates in before:
            one.removeHandler(ear)
            one.setLevel(level)
            one.propagate = propagates
