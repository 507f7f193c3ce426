"""Events of systems and people in five logs."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from meaux.demo import clock, people, projects
from meaux.demo.book import Book
from meaux.demo.clock import Seconds
from meaux.demo.scene import Month, Scene

Rng = np.random.Generator
Writer = Callable[[Book, Scene, Month, Rng, Seconds], None]

SYSTEM = [
    ("backup.completed", "info", "backup", "Backup of meauxos completed"),
    ("deploy.finished", "INFO", "pipeline", "Deployment finished"),
    ("queue.slow", "warning", "queues", "mail-out is 40 messages behind"),
    ("worker.restarted", "warn", "workers", "nightly-cron was restarted"),
    ("database.busy", "error", "d1", "D1 took longer than 2 s to answer"),
    ("certificate.expiring", "critical", "dns", "A certificate expires in 7 days"),
]
SYSTEM_SHARES = [0.4, 0.28, 0.14, 0.1, 0.07, 0.01]
PLATFORM = ["project.created", "member.invited", "domain.added", "key.rotated", "limit.reached"]
ACTIONS = ["update", "create", "delete", "login", "export"]
ENTITIES = ["project", "time_entry", "budget", "user", "invoice"]
BUDGETS_CHANGE_ONE_IN = 40
"""One in this many budget entries stays one; the others become entries about invoices."""
ERRORS = [
    ("error", "TypeError: Cannot read properties of undefined (reading 'id')", "pelican-portal"),
    ("error", "D1_ERROR: no such column: total", "gumbo-graph"),
    ("ERROR", "Timeout after 30 s", "beignet-bot"),
    ("fatal", "Exceeded memory limit", "image-resizer"),
    ("warning", "Retrying <fetch> of https://feed.example/items", "marais-mailer"),
]


def write_month(book: Book, scene: Scene, month: Month) -> None:
    """Write a month of each log."""
    for table, daily, write in LOGS:
        rng = scene.random(table, month)
        rhythm = clock.Rhythm(daily, weekend=0.6, hours=clock.ALL_DAY)
        moment = clock.moments(scene, month, rng, rhythm)
        if len(moment):
            write(book, scene, month, rng, moment)


def _system(book: Book, _scene: Scene, _month: Month, rng: Rng, moment: Seconds) -> None:
    kinds, severities, sources, messages = _chosen(rng, SYSTEM, SYSTEM_SHARES, len(moment))
    book.columns(
        "system_events",
        event_type=kinds,
        severity=severities,
        source=sources,
        message=messages,
        created_at=clock.text(moment),
    )


def _platform(book: Book, scene: Scene, month: Month, rng: Rng, moment: Seconds) -> None:
    kinds = rng.choice(PLATFORM, len(moment), p=[0.1, 0.2, 0.2, 0.3, 0.2]).tolist()
    project = projects.pick(scene, month, rng, len(moment))
    book.columns(
        "platform_events",
        event_type=kinds,
        severity=["warning" if kind == "limit.reached" else "info" for kind in kinds],
        project_id=[projects.PROJECTS[p].id for p in project],
        message=[f"{projects.PROJECTS[p].name}: {k}" for p, k in zip(project, kinds, strict=True)],
        metadata='{"by": "api"}',
        created_at=moment * 1_000,
    )


def _audit(book: Book, scene: Scene, month: Month, rng: Rng, moment: Seconds) -> None:
    here = [person.id for person in people.WORKERS if person.here(scene, month.first)]
    who = rng.choice(here, len(moment))
    action = rng.choice(ACTIONS, len(moment), p=[0.45, 0.25, 0.05, 0.2, 0.05])
    kinds = rng.choice(ENTITIES, len(moment))
    number = rng.integers(1, 400, len(moment))
    often = (kinds == "budget") & (number % BUDGETS_CHANGE_ONE_IN != 0)
    book.columns(
        "audit_log",
        user_id=who,
        action=action,
        entity_type=np.where(often, "invoice", kinds),
        entity_id=[f"e{one}" for one in number],
        created_at=clock.iso(moment),
    )


def _general(book: Book, scene: Scene, month: Month, rng: Rng, moment: Seconds) -> None:
    here = [person.id for person in people.WORKERS if person.here(scene, month.first)]
    categories = rng.choice(["auth", "billing", "mail", "sync"], len(moment)).tolist()
    book.columns(
        "event_log",
        level=rng.choice(["info", "debug", "warn", "error"], len(moment), p=[0.7, 0.15, 0.1, 0.05]),
        category=categories,
        message=[f"{category} job finished" for category in categories],
        user_id=rng.choice(here, len(moment)),
        created_at=moment,
    )


def _errors(book: Book, _scene: Scene, _month: Month, rng: Rng, moment: Seconds) -> None:
    levels, messages, sources = _chosen(rng, ERRORS, [0.4, 0.25, 0.2, 0.03, 0.12], len(moment))
    book.columns(
        "error_logs",
        level=levels,
        message=messages,
        source=sources,
        stack=[f"at handle ({source}.js:1:{204 + len(source)})" for source in sources],
        created_at=clock.iso(moment),
    )


def _chosen(
    rng: Rng, choices: Sequence[tuple[str, ...]], shares: list[float], count: int
) -> list[list[Any]]:
    """Random rows of a table of choices, by column."""
    index = rng.choice(len(choices), count, p=shares)
    return [[row[i] for i in index] for row in zip(*choices, strict=True)]


LOGS: list[tuple[str, float, Writer]] = [
    ("system_events", 8, _system),
    ("platform_events", 3, _platform),
    ("audit_log", 12, _audit),
    ("event_log", 9, _general),
    ("error_logs", 4, _errors),
]
