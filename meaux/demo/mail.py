"""Email messages: sent, with their events, and queued."""

from dataclasses import dataclass

import numpy as np

from meaux.demo import clock, projects
from meaux.demo.book import Book
from meaux.demo.clock import Seconds
from meaux.demo.dice import Floats, Mask, blank, chance
from meaux.demo.scene import Month, Scene

MESSAGES = clock.Rhythm(10, weekend=0.5)
WAITING = 14
BOUNCED, UNOPENED, UNHAPPY, UNCLICKED = 0.03, 0.5, 0.502, 0.88
SUBJECTS = {
    "welcome": "Welcome aboard, c'est parti!",
    "receipt": "Your receipt",
    "newsletter": "What's new & what's next",
    "reset": "Reset your password",
    "digest": "Your week in numbers",
}
SHARES = [0.15, 0.3, 0.35, 0.08, 0.12]


@dataclass(frozen=True)
class Messages:
    """Messages by column; `fate` is a number from 0 to 1 that decides what became of each."""

    ids: list[str]
    recipients: list[str]
    sent: Seconds
    fate: Floats


@dataclass(frozen=True)
class Happening:
    """One kind of event, the messages that it happened to, and how many seconds later."""

    kind: str
    messages: Mask
    delay: int


def write(book: Book, scene: Scene) -> None:
    """Write the queue: waiting, failed and recently sent messages."""
    rng = scene.random("resend_queue")
    age = np.sort(rng.integers(60, 7_200, WAITING))[::-1]
    status = rng.choice(["queued", "pending", "sent", "failed"], WAITING, p=[0.4, 0.2, 0.3, 0.1])
    queued = clock.text(scene.present - age)
    sent = clock.text(scene.present - age + 30)
    book.columns(
        "resend_queue",
        recipient=_recipients(rng, WAITING),
        template=rng.choice(list(SUBJECTS), WAITING, p=SHARES),
        status=status,
        attempts=np.where(status == "failed", 3, 1),
        queued_at=queued,
        sent_at=blank(sent, np.asarray(status != "sent")),
    )


def write_month(book: Book, scene: Scene, month: Month) -> None:
    """Write a month of messages and their events."""
    rng = scene.random("resend_log", month)
    sent = clock.moments(scene, month, rng, MESSAGES)
    count = len(sent)
    messages = Messages(
        book.numbers("msg", count), _recipients(rng, count), sent, rng.random(count)
    )
    _write_log(book, scene, month, rng, messages)
    for happening in _happenings(rng, messages):
        _write_events(book, scene, messages, happening)


def _recipients(rng: np.random.Generator, count: int) -> list[str]:
    return [f"reader{number}@mail.example" for number in rng.integers(1, 900, count)]


def _write_log(
    book: Book, scene: Scene, month: Month, rng: np.random.Generator, messages: Messages
) -> None:
    template = rng.choice(list(SUBJECTS), len(messages.ids), p=SHARES).tolist()
    project = projects.pick(scene, month, rng, len(messages.ids))
    bounced = messages.fate < BOUNCED
    book.columns(
        "resend_log",
        message_id=messages.ids,
        project_id=[projects.PROJECTS[p].id for p in project],
        recipient=messages.recipients,
        template=template,
        subject=[SUBJECTS[name] for name in template],
        status=np.where(bounced, "bounced", "delivered"),
        error=blank(["550 5.1.1 no such mailbox"] * len(bounced), ~bounced),
        created_at=messages.sent,
    )


def _happenings(rng: np.random.Generator, messages: Messages) -> list[Happening]:
    """Return what happened to the messages, from their sending on."""
    fate = messages.fate
    opened = fate > UNOPENED
    again = opened & chance(rng, len(fate), 0.3)
    return [
        Happening("sent", fate >= 0, 0),
        Happening("bounced", fate < BOUNCED, 5),
        Happening("delivered", fate >= BOUNCED, 4),
        Happening("opened", opened, 2_500),
        Happening("opened", again, 9_000),
        Happening("clicked", fate > UNCLICKED, 2_700),
        Happening("complained", opened & (fate < UNHAPPY), 3_600),
    ]


def _write_events(book: Book, scene: Scene, messages: Messages, happening: Happening) -> None:
    moment = messages.sent + happening.delay
    chosen = np.nonzero(happening.messages & (moment <= scene.present))[0]
    book.columns(
        "email_events",
        message_id=[messages.ids[index] for index in chosen],
        event_type=happening.kind,
        recipient=[messages.recipients[index] for index in chosen],
        created_at=clock.iso(moment[chosen]),
    )
