"""AI models: conversations, usage, cost, budgets and alerts."""

from dataclasses import dataclass

import numpy as np

from meaux.demo import clock, people, projects
from meaux.demo.book import Book
from meaux.demo.clock import Seconds
from meaux.demo.dice import Floats, Indexes
from meaux.demo.scene import Month, Scene

CALLS = clock.Rhythm(38, weekend=0.4)
CONVERSATIONS = clock.Rhythm(9)
RUNAWAY = 5.5
RUNAWAY_PROJECT = "prj_beignet_bot"
TITLES = [
    "Summarise the ticket",
    "Draft a reply",
    "Explain the query",
    "Plan the sprint",
    "Name it",
]


@dataclass(frozen=True)
class Model:
    """A model, with its prices in dollars per million tokens."""

    provider: str
    name: str
    share: float
    input_price: float
    output_price: float


MODELS = [
    Model("openai", "gpt-4o", 0.34, 2.5, 10),
    Model("openai", "gpt-4o-mini", 0.2, 0.15, 0.6),
    Model("openai", "o3-mini", 0.08, 1.1, 4.4),
    Model("anthropic", "claude-sonnet-4", 0.26, 3, 15),
    Model("anthropic", "claude-3-5-haiku", 0.07, 0.8, 4),
    Model("workers-ai", "@cf/meta/llama-3.1-8b-instruct", 0.05, 0.28, 0.83),
]

BUDGETS = [
    ("bud_all", "All models", 2_600.0, None),
    ("bud_client", "Client assistants", 950.0, "team_client"),
    ("bud_lab", "Lab & experiments", 500.0, "team_lab"),
]

Alert = tuple[str, str, str, float, float, float, float | None]
ALERTS: list[Alert] = [
    (
        "bud_lab",
        "critical",
        "Lab & experiments is over its monthly budget",
        100,
        540.20,
        11.6,
        None,
    ),
    (
        "bud_all",
        "warning",
        "All models: daily cost 6\N{MULTIPLICATION SIGN} the usual",
        80,
        561.40,
        11.5,
        None,
    ),
    ("bud_client", "Warning", "Client assistants passed 80% of the budget", 80, 768.75, 2.2, None),
    ("bud_all", "warning", "All models passed 80% of the budget", 80, 2_104.90, 48, 45),
    ("bud_client", "info", "Client assistants passed 50% of the budget", 50, 611.05, 75, 74),
    ("bud_all", "critical", "All models is over its monthly budget", 100, 2_611.10, 160, 152),
    ("bud_lab", "info", "Lab & experiments passed 50% of the budget", 50, 254.30, 230, 229),
]


def write(book: Book, scene: Scene) -> None:
    """Write the budgets and the alerts."""
    book.rows("openai_budgets", [_budget(scene, *budget) for budget in BUDGETS])
    book.rows("openai_spending_alerts", [_alert(scene, alert) for alert in ALERTS])


def write_month(book: Book, scene: Scene, month: Month) -> None:
    """Write a month of model usage and conversations."""
    _write_calls(book, scene, month)
    _write_conversations(book, scene, month)


def _write_calls(book: Book, scene: Scene, month: Month) -> None:
    rng = scene.random("ai_cost_tracking", month)
    moment = clock.moments(scene, month, rng, CALLS)
    project = _project_ids(scene, month, rng, len(moment))
    moment, project = _with_runaway(scene, month, rng, moment, project)
    model = rng.choice(len(MODELS), len(moment), p=[model.share for model in MODELS])
    tokens_in = rng.lognormal(np.log(680_000), 0.7, len(moment)).astype(np.int64)
    tokens_out = (tokens_in * rng.uniform(0.05, 0.2, len(moment))).astype(np.int64)
    book.columns(
        "ai_cost_tracking",
        project_id=project,
        user_id=_people(scene, month, rng, len(moment)),
        provider=[MODELS[m].provider for m in model],
        model=[MODELS[m].name for m in model],
        input_tokens=tokens_in,
        output_tokens=tokens_out,
        cost_usd=_price(model, tokens_in, tokens_out),
        created_at=clock.iso(moment),
    )


def _with_runaway(
    scene: Scene, month: Month, rng: np.random.Generator, moment: Seconds, project: list[str | None]
) -> tuple[Seconds, list[str | None]]:
    """Return the month's calls and, on the day of the spike, those of a batch job that ran away."""
    if not month.first <= scene.spike < month.end:
        return moment, project
    count = max(1, round(RUNAWAY * CALLS.daily * scene.scale))
    start = clock.midnight(scene.spike)
    batch = np.sort(start + rng.integers(2 * 3_600, 22 * 3_600, count))
    return np.concatenate([moment, batch]), [*project, *[RUNAWAY_PROJECT] * count]


def _price(model: Indexes, tokens_in: Indexes, tokens_out: Indexes) -> Floats:
    price_in = np.array([m.input_price for m in MODELS])[model]
    price_out = np.array([m.output_price for m in MODELS])[model]
    return np.asarray(np.round((tokens_in * price_in + tokens_out * price_out) / 1e6, 6))


def _write_conversations(book: Book, scene: Scene, month: Month) -> None:
    rng = scene.random("ai_conversations", month)
    moment = clock.moments(scene, month, rng, CONVERSATIONS)
    count = len(moment)
    names = [model.name for model in MODELS]
    last = np.minimum(moment + rng.integers(60, 5_400, count), scene.present)
    book.columns(
        "ai_conversations",
        id=book.numbers("conv", count),
        project_id=_project_ids(scene, month, rng, count),
        user_id=_people(scene, month, rng, count),
        title=rng.choice(TITLES, count),
        model=rng.choice(names, count, p=[model.share for model in MODELS]),
        message_count=1 + rng.poisson(9, count),
        started_at=clock.iso(moment),
        updated_at=clock.iso(last),
    )


def _project_ids(
    scene: Scene, month: Month, rng: np.random.Generator, count: int
) -> list[str | None]:
    return projects.ids(rng, projects.pick(scene, month, rng, count), unassigned=0.04)


def _people(scene: Scene, month: Month, rng: np.random.Generator, count: int) -> list[str]:
    here = [person.id for person in people.WORKERS if person.here(scene, month.first)]
    return list(rng.choice(here, count))


def _budget(scene: Scene, key: str, name: str, limit: float, team: str | None) -> dict[str, object]:
    return {
        "id": key,
        "name": name,
        "team_id": team,
        "monthly_limit_usd": limit,
        "period": "monthly",
        "created_at": clock.one_text(scene.ago(400)),
    }


def _alert(scene: Scene, alert: Alert) -> dict[str, object]:
    budget, severity, message, threshold, amount, raised, resolved = alert
    return {
        "budget_id": budget,
        "severity": severity,
        "message": message,
        "threshold_percent": threshold,
        "amount_usd": amount,
        "status": "open" if resolved is None else "resolved",
        "created_at": clock.one_iso(scene.ago(raised)),
        "resolved_at": None if resolved is None else clock.one_iso(scene.ago(resolved)),
    }
