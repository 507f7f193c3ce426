"""Workflow runs, their steps and events, and advice on them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from meaux.demo import clock
from meaux.demo.book import Book
from meaux.demo.clock import Seconds
from meaux.demo.dice import Indexes, blank
from meaux.demo.scene import Month, Scene

RHYTHM = clock.Rhythm(9, weekend=0.8, hours=clock.ALL_DAY)
COST_A_SECOND = 4e-4
UNFINISHED = {"running", "failed", "cancelled"}


@dataclass(frozen=True)
class Workflow:
    """A workflow with its steps, its median seconds and its share of failures."""

    name: str
    project: str | None
    steps: tuple[str, ...]
    median: float
    failing: float
    share: float


WORKFLOWS = [
    Workflow("nightly-import", "prj_oyster", ("fetch", "check", "load", "index"), 210, 0.04, 0.2),
    Workflow("order-sync", "prj_cafe_etoile", ("fetch", "match", "push"), 35, 0.02, 0.3),
    Workflow("invoice-run", "prj_quiet_ledger", ("collect", "render", "mail"), 90, 0.05, 0.1),
    Workflow("newsletter", "prj_marais", ("segment", "render", "queue"), 140, 0.03, 0.12),
    Workflow("bot-training", "prj_beignet_bot", ("crawl", "embed", "evaluate"), 900, 0.12, 0.13),
    Workflow("backup", None, ("dump", "upload", "verify"), 60, 0.01, 0.15),
]


@dataclass(frozen=True)
class Runs:
    """Runs by column: identifier, workflow, start, length and how they ended."""

    ids: list[str]
    kind: Indexes
    started: Seconds
    seconds: Indexes
    state: NDArray[np.str_]

    def each(self) -> Iterator[tuple[str, Workflow, int, int, str]]:
        """Return an iterator over the runs."""
        workflows = (WORKFLOWS[kind] for kind in self.kind)
        columns = (self.started.tolist(), self.seconds.tolist(), self.state.tolist())
        return zip(self.ids, workflows, *columns, strict=True)


OPTIMIZATIONS = [
    ("bot-training", "Embed changed pages only", 38.0, 420, "open"),
    ("nightly-import", "Load in batches of 500", 4.5, 90, "open"),
    ("order-sync", "Skip orders without changes", 6.0, 12, "applied"),
    ("newsletter", "Render once per segment", 2.0, 45, "open"),
    ("backup", "Verify a sample instead of everything", 1.5, 30, "dismissed"),
]

RECOMMENDATIONS = [
    ("bot-training", "Retry the crawl step; most failures there pass a second time.", 0.86, "high"),
    ("invoice-run", "Warn when the mail step waits longer than 5 minutes.", 0.71, "medium"),
    ("order-sync", "Run every 30 minutes; half of the runs find nothing to do.", 0.64, "medium"),
    ("nightly-import", "Start at 03:00; the source answers faster then.", 0.52, "low"),
]


def write(book: Book, scene: Scene) -> None:
    """Write the advice."""
    book.rows(
        "workflow_optimizations", [_optimization(scene, n) for n in range(len(OPTIMIZATIONS))]
    )
    advice = [_recommendation(scene, n) for n in range(len(RECOMMENDATIONS))]
    book.rows("workflow_recommendations", advice)


def write_month(book: Book, scene: Scene, month: Month) -> None:
    """Write a month of runs, with their steps and events."""
    rng = scene.random("workflow_runs", month)
    runs = _runs(book, scene, month, rng)
    if runs.ids:
        _write_runs(book, rng, runs)
        book.rows("workflow_steps", [step for run in runs.each() for step in _steps(*run)])
        book.rows("workflow_events", [event for run in runs.each() for event in _events(*run)])


def _runs(book: Book, scene: Scene, month: Month, rng: np.random.Generator) -> Runs:
    started = clock.moments(scene, month, rng, RHYTHM)
    shares = [workflow.share for workflow in WORKFLOWS]
    kind = rng.choice(len(WORKFLOWS), len(started), p=shares)
    seconds = _durations(rng, kind)
    state = _states(scene, rng, kind, started + seconds)
    return Runs(book.numbers("run", len(started)), kind, started, seconds, state)


def _durations(rng: np.random.Generator, kind: Indexes) -> Indexes:
    median = np.array([workflow.median for workflow in WORKFLOWS])[kind]
    return np.maximum(median * rng.lognormal(0, 0.45, len(kind)), 2).astype(np.int64)


def _states(
    scene: Scene, rng: np.random.Generator, kind: Indexes, ended: Seconds
) -> NDArray[np.str_]:
    """Return how each run ended, in two spellings of success; one that has not ended is running."""
    failing = np.array([workflow.failing for workflow in WORKFLOWS])[kind]
    dice = rng.random(len(kind))
    good = rng.choice(["success", "completed"], len(kind), p=[0.6, 0.4])
    state = np.select([dice < failing, dice < failing + 0.01], ["failed", "cancelled"], good)
    return np.where(ended > scene.present, "running", state)


def _write_runs(book: Book, rng: np.random.Generator, runs: Runs) -> None:
    running = np.asarray(runs.state == "running")
    failed = np.asarray(runs.state == "failed")
    book.columns(
        "workflow_runs",
        id=runs.ids,
        workflow_name=[WORKFLOWS[kind].name for kind in runs.kind],
        project_id=[WORKFLOWS[kind].project for kind in runs.kind],
        trigger=rng.choice(["schedule", "webhook", "manual"], len(running), p=[0.7, 0.2, 0.1]),
        status=runs.state,
        started_at=runs.started * 1_000,
        completed_at=blank((runs.started + runs.seconds) * 1_000, running),
        duration_ms=blank(runs.seconds * 1_000, running),
        cost_usd=np.where(running, np.nan, np.round(runs.seconds * COST_A_SECOND, 4)),
        error_message=blank(["A step failed after 3 tries"] * len(failed), ~failed),
    )


def _steps(
    run: str, workflow: Workflow, started: int, seconds: int, state: str
) -> Iterator[dict[str, object]]:
    """Yield the steps of a run; one that did not succeed stopped at its first or second step."""
    length = seconds * 1_000 // len(workflow.steps)
    reached = {"running": 1, "failed": 2, "cancelled": 2}.get(state, len(workflow.steps))
    for index, name in enumerate(workflow.steps[:reached]):
        broken = state in UNFINISHED and index == reached - 1
        start = started * 1_000 + index * length
        yield {
            "run_id": run,
            "step_index": index,
            "step_name": name,
            "status": state if broken else "success",
            "started_at": start,
            "completed_at": None if state == "running" else start + length,
            "duration_ms": None if state == "running" else length,
        }


def _events(
    run: str, workflow: Workflow, started: int, seconds: int, state: str
) -> Iterator[dict[str, object]]:
    """Yield the events of a run: that it started and, once it has ended, how."""
    yield _event(run, "run.started", workflow.name, started)
    if state != "running":
        yield _event(run, f"run.{state}", workflow.name, started + seconds)


def _event(run: str, kind: str, name: str, moment: int) -> dict[str, object]:
    return {
        "run_id": run,
        "event_type": kind,
        "message": f"{name}: {kind.removeprefix('run.')}",
        "created_at": clock.one_iso(moment),
    }


def _optimization(scene: Scene, number: int) -> dict[str, object]:
    workflow, title, dollars, seconds, status = OPTIMIZATIONS[number]
    return {
        "workflow_name": workflow,
        "title": title,
        "estimated_savings_usd": dollars,
        "estimated_seconds_saved": seconds,
        "status": status,
        "created_at": clock.one_text(scene.ago(6 + 11 * number)),
    }


def _recommendation(scene: Scene, number: int) -> dict[str, object]:
    workflow, advice, confidence, priority = RECOMMENDATIONS[number]
    return {
        "workflow_name": workflow,
        "recommendation": advice,
        "confidence": confidence,
        "priority": priority,
        "status": "accepted" if priority == "low" else "new",
        "created_at": scene.ago(2 + 7 * number),
    }
