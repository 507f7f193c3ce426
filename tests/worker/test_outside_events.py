"""Events from outside Workers are taken if they are signed, and counted once."""

import base64
import hashlib
import hmac
import json
import time
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest
import requests
from worker.conftest import EVENTS_SECRET, RESEND_SECRET, SECONDS, signed

from meaux.query import latency

pytestmark = pytest.mark.d1

TOLERANCE = 300
MORNING = int(datetime(2026, 11, 20, 9, 30, tzinfo=UTC).timestamp())
NINE = MORNING - 1800


def body_of(*events):
    return json.dumps({"events": events}).encode()


def event(worker, **told):
    return {"worker": worker, "status": 200, "at": MORNING * 1000, "duration": 12.5} | told


def test_signed_events_are_counted_by_hour_and_status(worker):
    body = body_of(
        event("outside", project="shop"),
        event("outside", status=503, duration=None),
        event("outside", at=MORNING * 1000 + 3_600_000),
    )
    answer = worker.post("/events", body, signed(body))
    assert (answer.status_code, answer.json()) == (200, {"counted": 3})
    found = worker.sql(
        "SELECT hour, status, requests, errors, duration_ms_sum, source, sampled, project"
        " FROM tracked_hourly WHERE worker = 'outside' ORDER BY hour, status"
    )
    assert found == [
        (NINE, "200", 1, 0, 12.5, "events", 0, "shop"),
        (NINE, "503", 1, 1, None, "events", 0, ""),
        (NINE + 3600, "200", 1, 0, 12.5, "events", 0, ""),
    ]


def test_events_that_are_sent_again_count_once(worker):
    body = body_of(event("replayed"))
    headers = signed(body)
    counted = [worker.post("/events", body, headers).json()["counted"] for _ in range(3)]
    capitals = {**headers, "Meaux-Signature": headers["Meaux-Signature"].upper()}
    counted.append(worker.post("/events", body, capitals).json()["counted"])
    assert counted == [1, 0, 0, 0]
    assert worker.hourly("replayed") == {"200": (1, 0)}


WRONG = {
    "no signature": lambda _: {},
    "another secret": lambda body: signed(body, secret="another"),  # noqa: S106
    "another body": lambda body: signed(body + b" "),
    "too old": lambda body: signed(body, at=time.time() - TOLERANCE - 5),
    "from the future": lambda body: signed(body, at=time.time() + 2 * TOLERANCE),
    "another time": lambda body: signed(body) | {"Meaux-Timestamp": str(int(time.time()) - 9)},
    "no time": lambda body: signed(body) | {"Meaux-Timestamp": ""},
    "a time that is none": lambda body: signed(body) | {"Meaux-Timestamp": "-Infinity"},
    "no hexadecimal": lambda body: signed(body) | {"Meaux-Signature": "zz"},
    "half a signature": lambda body: signed(body) | {"Meaux-Signature": "ab12"},
}


@pytest.mark.parametrize("headers", WRONG.values(), ids=WRONG)
def test_what_is_not_signed_rightly_is_refused(worker, headers):
    body = body_of(event("unsigned"))
    assert worker.post("/events", body, headers(body)).status_code == 401
    assert worker.hourly("unsigned") == {}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no JSON",
        b"[]",
        b"null",
        b'{"events": {}}',
        body_of("a text"),
        body_of(event("")),
        body_of(event("invalid"), event("invalid", at=MORNING)),
        body_of(event("invalid", at=4e12)),
        body_of(event("invalid", status=None)),
        body_of(*[event("invalid")] * 1_001),
    ],
)
def test_signed_nonsense_is_refused_as_a_whole_with_a_reason(worker, body):
    answer = worker.post("/events", body, signed(body))
    assert answer.status_code == 400
    assert answer.json()["error"].endswith(".")
    assert worker.hourly("invalid") == {}


def in_pieces(size):
    """A body that doesn't say how long it is."""
    for _ in range(0, size, 50_000):
        yield b" " * 50_000


@pytest.mark.parametrize("body", [b" " * 1_000_001, in_pieces(1_200_000)], ids=["told", "untold"])
def test_a_body_that_is_too_long_is_refused(worker, body):
    answer = requests.post(f"{worker.url}/events", body, timeout=SECONDS)
    assert answer.status_code == 413
    assert answer.json() == {"error": "At most 1000000 bytes at a time."}


def test_another_page_may_not_ask(worker):
    answer = requests.options(
        f"{worker.url}/events",
        headers={"Origin": "https://example.com", "Access-Control-Request-Method": "POST"},
        timeout=SECONDS,
    )
    assert answer.status_code == 405
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


def test_percentiles_of_added_up_hours_are_those_of_all_durations(worker):
    durations = np.random.default_rng(7).lognormal(4, 1, 900).round(3)
    for part in np.split(durations, 3):
        body = body_of(*(event("timed", duration=float(each)) for each in part))
        assert worker.post("/events", body, signed(body)).ok
    [(total, counted)] = worker.sql(
        "SELECT duration_ms_sum, durations FROM tracked_hourly WHERE worker = 'timed'"
    )
    assert total == pytest.approx(durations.sum())
    frame = pd.DataFrame(json.loads(counted).items(), columns=["bucket", "timed"])
    found = latency.histogram(frame.astype({"bucket": int}))
    assert found.total == len(durations)
    for share in latency.PERCENTILES.values():
        expected = np.quantile(durations, share)
        assert found.percentile(share) == pytest.approx(expected, rel=latency.GROWTH - 1)


# Resend's webhooks

SVIX = base64.b64decode(RESEND_SECRET.removeprefix("whsec_"))


def webhook(message, kind="email.delivered"):
    data = {"email_id": message, "to": ["zoe@example.com"], "subject": "Hello"}
    told = {"type": kind, "created_at": "2026-11-20T09:30:00.5+00:00", "data": data}
    return json.dumps(told).encode()


def sent_by_svix(body, name, at=None, secret=SVIX):
    at = str(int(time.time() if at is None else at))
    text = f"{name}.{at}.".encode() + body
    signature = base64.b64encode(hmac.new(secret, text, hashlib.sha256).digest()).decode()
    told = f"v1,bm90IHRoaXM= v1a,xx v1,{signature}"
    return {"svix-id": name, "svix-timestamp": at, "svix-signature": told}


def events_of(worker, message):
    return worker.sql(
        "SELECT event_type, recipient, created_at FROM email_events WHERE message_id = ?1", message
    )


def test_a_webhook_of_resend_is_written_once_however_often_it_comes(worker):
    body = webhook("msg-1")
    hours = [sent_by_svix(body, "svix-1", at=time.time() - seconds) for seconds in (200, 100, 0)]
    written = [worker.post("/events", body, each).json()["written"] for each in hours]
    assert written == [1, 0, 0]
    assert events_of(worker, "msg-1") == [
        ("delivered", "zoe@example.com", "2026-11-20T09:30:00.500Z")
    ]


@pytest.mark.parametrize(
    "headers",
    [
        lambda body: sent_by_svix(body, "svix-2", secret=b"another"),
        lambda body: sent_by_svix(body + b" ", "svix-2"),
        lambda body: sent_by_svix(body, "svix-2") | {"svix-id": "svix-3"},
        lambda body: sent_by_svix(body, "svix-2", at=time.time() - TOLERANCE - 5),
        lambda body: sent_by_svix(body, "svix-2", secret=EVENTS_SECRET.encode()),
        lambda _: {"svix-id": "svix-2"},
    ],
)
def test_a_webhook_that_is_not_signed_by_resend_is_refused(worker, headers):
    body = webhook("msg-2")
    assert worker.post("/events", body, headers(body)).status_code == 401
    assert events_of(worker, "msg-2") == []


def test_many_signatures_cost_no_more_than_one(worker):
    body = webhook("msg-6") + b" " * 900_000
    headers = sent_by_svix(body, "svix-6")
    wrong = "v1,bm90IHRoaXM= " * 1_500
    answer = worker.post("/events", body, headers | {"svix-signature": wrong})
    assert answer.status_code == 401
    right = wrong[: len(wrong) // 2] + headers["svix-signature"]
    answer = worker.post("/events", body, headers | {"svix-signature": right})
    assert answer.json() == {"written": 1}


def test_a_webhook_about_something_else_is_taken_and_not_written(worker):
    body = webhook("msg-3", kind="contact.created")
    answer = worker.post("/events", body, sent_by_svix(body, "svix-4"))
    assert (answer.status_code, answer.json()) == (200, {"written": 0})
    assert events_of(worker, "msg-3") == []


def test_webhooks_are_forgotten_after_three_days(worker):
    worker.sql("INSERT INTO meaux_webhooks VALUES ('old', unixepoch() - 3 * 86400 - 60)")
    body = webhook("msg-5")
    worker.post("/events", body, sent_by_svix(body, "svix-5"))
    assert worker.sql("SELECT id FROM meaux_webhooks WHERE id = 'old'") == []
