"""Deployed Workers and their requests."""

from dataclasses import dataclass

import numpy as np

from meaux.demo import clock
from meaux.demo.book import Book
from meaux.demo.clock import Seconds
from meaux.demo.dice import Floats, Indexes, Mask, chance
from meaux.demo.scene import Month, Scene

REQUESTS = clock.Rhythm(115, weekend=0.7, hours=clock.ALL_DAY)
INCIDENT_WORKER = "wrk_payments"
INCIDENT_AGE = 5
PATHS = ["/", "/api/items", "/api/search", "/api/orders", "/login", "/webhook", "/assets/app.js"]
METHODS = ["GET", "GET", "GET", "POST", "GET", "POST", "GET"]
FAILURES = ["exception", "exception", "exceededCpu", "exceededMemory", "scriptThrewException"]


@dataclass(frozen=True)
class Worker:
    """A deployed Worker; `share` of the requests, median milliseconds, share of failures."""

    id: str
    script: str
    project: str | None
    share: float
    median: float
    failing: float
    status: str = "active"
    born: int = 500
    web: bool = True

    @property
    def url(self) -> str | None:
        """Its route; scheduled Workers have none."""
        return f"https://{self.script}.meaux.example" if self.web else None


WORKERS = [
    Worker(
        "wrk_storefront", "cafe-etoile-storefront", "prj_cafe_etoile", 0.22, 38, 0.004, born=640
    ),
    Worker("wrk_pelican", "pelican-portal", "prj_pelican", 0.15, 55, 0.006, born=490),
    Worker("wrk_spillway", "spillway-api", "prj_spillway", 0.2, 24, 0.003, born=680),
    Worker("wrk_payments", "praline-payments", "prj_praline", 0.09, 120, 0.012, born=690),
    Worker("wrk_graph", "gumbo-graph", "prj_gumbo_graph", 0.08, 85, 0.008, born=590),
    Worker("wrk_mailer", "marais-mailer", "prj_marais", 0.07, 210, 0.015, born=460),
    Worker("wrk_bot", "beignet-bot", "prj_beignet_bot", 0.06, 640, 0.02, born=250),
    Worker("wrk_oyster", "oyster-inventory", "prj_oyster", 0.05, 62, 0.005, born=180),
    Worker("wrk_images", "image-resizer", None, 0.04, 150, 0.009, "healthy", 620),
    Worker("wrk_cron", "nightly-cron", "prj_heron", 0.02, 900, 0.02, "Active", 420, web=False),
    Worker("wrk_beacon", "analytics-beacon", None, 0.02, 9, 0.001, born=360),
    Worker("wrk_legacy", "legacy-redirects", "prj_cypress", 0.0, 12, 0.0, "inactive", 880),
]


def write(book: Book, scene: Scene) -> None:
    """Write the registry of Workers."""
    book.rows("cloudflare_workers", [_worker(scene, worker) for worker in WORKERS])


def write_month(book: Book, scene: Scene, month: Month) -> None:
    """Write a month of requests."""
    rng = scene.random("worker_logs", month)
    moment = clock.moments(scene, month, rng, REQUESTS)
    moment, worker = _while_deployed(scene, rng, moment)
    failed = rng.random(len(moment)) < _failing(scene, worker, moment)
    duration = _durations(rng, worker, failed)
    path = rng.integers(0, len(PATHS), len(moment))
    book.columns(
        "worker_logs",
        worker_id=[WORKERS[w].id for w in worker],
        timestamp=moment * 1_000 + rng.integers(0, 1_000, len(moment)) * (moment < scene.present),
        status=_statuses(rng, failed),
        outcome=_outcomes(rng, failed),
        duration_ms=duration,
        cpu_ms=np.round(np.minimum(duration * rng.uniform(0.05, 0.4, len(moment)), 50), 2),
        method=[METHODS[p] for p in path],
        path=[PATHS[p] for p in path],
    )


def _while_deployed(
    scene: Scene, rng: np.random.Generator, moment: Seconds
) -> tuple[Seconds, Indexes]:
    share = np.array([worker.share for worker in WORKERS])
    worker = rng.choice(len(WORKERS), len(moment), p=share / share.sum())
    deployed = moment > np.array([scene.ago(w.born) for w in WORKERS])[worker]
    return moment[deployed], worker[deployed]


def _failing(scene: Scene, worker: Indexes, moment: Seconds) -> Floats:
    """Return how likely each request is to fail; one Worker had a bad day lately."""
    usual = np.array([w.failing for w in WORKERS])[worker]
    start = clock.midnight(scene.day_ago(INCIDENT_AGE))
    hit = np.array([w.id == INCIDENT_WORKER for w in WORKERS])[worker]
    bad = hit & (moment >= start) & (moment < start + 86_400)
    return np.where(bad, 0.35, usual)


def _durations(rng: np.random.Generator, worker: Indexes, failed: Mask) -> Floats:
    median = np.array([w.median for w in WORKERS])[worker]
    spread = rng.lognormal(0, 0.7, len(worker))
    return np.round(median * spread * np.where(failed, 3, 1), 2)


def _statuses(rng: np.random.Generator, failed: Mask) -> Indexes:
    fine = rng.choice([200, 304, 404, 401, 429], len(failed), p=[0.9, 0.05, 0.03, 0.01, 0.01])
    broken = rng.choice([500, 503], len(failed), p=[0.7, 0.3])
    return np.where(failed, broken, fine)


def _outcomes(rng: np.random.Generator, failed: Mask) -> list[str]:
    failure = rng.choice(FAILURES, len(failed))
    fine = np.where(chance(rng, len(failed), 0.01), "canceled", "ok")
    return list(map(str, np.where(failed, failure, fine)))


def _worker(scene: Scene, worker: Worker) -> dict[str, object]:
    return {
        "id": worker.id,
        "name": worker.script.replace("-", " ").capitalize(),
        "script_name": worker.script,
        "project_id": worker.project,
        "status": worker.status,
        "url": worker.url,
        "created_at": clock.one_iso(scene.ago(worker.born)),
        "modified_at": clock.one_iso(scene.ago(worker.born / 20)),
    }
