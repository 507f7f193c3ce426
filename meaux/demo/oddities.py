"""Odd rows that every real database has sooner or later."""

from meaux.demo import people
from meaux.demo.book import Book
from meaux.demo.scene import DAY, Scene

HOUR = 3_600
RATES = {person.id: person.rate for person in people.PEOPLE}
RUNNING = {"usr_zoe": 25 * 60, "usr_priya": 95 * 60, "usr_oona": 200 * 60}


def write(book: Book, scene: Scene) -> None:
    """Write running timers and runs, failed runs, and wrong time entries."""
    rows = [
        *_running(scene),
        _entry("te_negative", scene.ago(20), -900, "usr_felix", "Clock went backwards"),
        _entry("te_thirty_hours", scene.ago(33), 30 * HOUR, "usr_lars", "Forgot to stop"),
        _entry("te_overlap_a", scene.ago(6), 2 * HOUR, "usr_remy", "Call, noted twice"),
        _entry("te_overlap_b", scene.ago(6) + HOUR, 2 * HOUR, "usr_remy", "Call, noted twice"),
        *(_unpriced(scene, number) for number in range(4)),
    ]
    book.rows("time_entries", rows)
    book.rows("workflow_runs", [_running_workflow(scene)])
    book.rows("workflow_runs", [_failed_workflow(scene)])
    book.rows("workflow_steps", [_failed_step(scene)])


def _running(scene: Scene) -> list[dict[str, object]]:
    """Timers that were started today and have not been stopped."""
    midnight = scene.present - scene.present % DAY
    return [
        {
            **_entry(f"te_running_{user}", max(midnight, scene.present - since), 0, user, None),
            "ended_at": None,
            "seconds": None,
            "cost_usd": None,
        }
        for user, since in RUNNING.items()
    ]


def _running_workflow(scene: Scene) -> dict[str, object]:
    return {
        "id": "run_now",
        "workflow_name": "bot-training",
        "project_id": "prj_beignet_bot",
        "trigger": "manual",
        "status": "running",
        "started_at": (scene.present - 95) * 1_000,
    }


def _failed_workflow(scene: Scene) -> dict[str, object]:
    """Return a run that failed while nobody looked."""
    started = scene.ago(2)
    return {
        "id": "run_failed",
        "workflow_name": "invoice-run",
        "project_id": "prj_quiet_ledger",
        "trigger": "schedule",
        "status": "failed",
        "started_at": started * 1_000,
        "completed_at": (started + 62) * 1_000,
        "duration_ms": 62_000,
        "cost_usd": 0.02,
        "error_message": "The mail step gave up after 3 tries",
    }


def _failed_step(scene: Scene) -> dict[str, object]:
    """Return the step at which that run ended."""
    started = scene.ago(2)
    return {
        "run_id": "run_failed",
        "step_index": 2,
        "step_name": "mail",
        "status": "failed",
        "started_at": (started + 2) * 1_000,
        "completed_at": (started + 62) * 1_000,
        "duration_ms": 60_000,
    }


def _unpriced(scene: Scene, number: int) -> dict[str, object]:
    """Return an hour of the trainee, who has no rate, in a project that has none either."""
    row = _entry(f"te_unpriced_{number}", scene.ago(3 + 2 * number), HOUR, "usr_yuki", "Read")
    return {**row, "project_id": "prj_nightjar", "billable": None}


def _entry(key: str, started: int, seconds: int, user: str, note: str | None) -> dict[str, object]:
    rate = RATES[user]
    return {
        "id": key,
        "project_id": "prj_cafe_etoile",
        "user_id": user,
        "started_at": started,
        "ended_at": started + seconds,
        "seconds": seconds,
        "cost_usd": None if rate is None else round(seconds / HOUR * rate, 2),
        "billable": 1,
        "hourly_rate": rate,
        "note": note,
    }
