"""Infrastructure costs by entry, and savings opportunities."""

from dataclasses import dataclass
from datetime import date

from meaux.demo import clock
from meaux.demo.book import Book
from meaux.demo.scene import DAY, SATURDAY, Month, Scene

CREDIT_DAY = 3
EURO_DAY = 15


@dataclass(frozen=True)
class Service:
    """A metered resource, its usual cost a day and its price per unit."""

    service: str
    resource: str
    project: str | None
    daily: float
    unit: str
    price: float


SERVICES = [
    Service("Workers", "spillway-api", "prj_spillway", 2.4, "requests", 3e-7),
    Service("Workers", "cafe-etoile-storefront", "prj_cafe_etoile", 1.9, "requests", 3e-7),
    Service("Workers", "pelican-portal", "prj_pelican", 1.5, "requests", 3e-7),
    Service("Workers", "shared scripts", None, 0.8, "requests", 3e-7),
    Service("D1", "meauxos", None, 2.2, "rows read", 1e-9),
    Service("D1", "oyster", "prj_oyster", 0.9, "rows read", 1e-9),
    Service("R2", "media", "prj_cafe_etoile", 1.6, "GB-month", 0.015),
    Service("R2", "backups", None, 1.1, "GB-month", 0.015),
    Service("KV", "sessions", "prj_pelican", 0.6, "reads", 5e-7),
    Service("Images", "transformations", "prj_cafe_etoile", 1.2, "transformations", 5e-4),
    Service("Queues", "mail-out", "prj_marais", 0.5, "operations", 4e-7),
    Service("Vectorize", "bot-memory", "prj_beignet_bot", 1.4, "dimensions", 1e-8),
    Service("Pages", "delta-docs", "prj_delta_docs", 0.3, "builds", 0.05),
]

SAVINGS = [
    ("prj_cafe_etoile", "infrastructure", "Cache resized images for a week", 28.0, "low", "open"),
    (
        None,
        "infrastructure",
        "Move backups older than 90 days to infrequent access",
        17.5,
        "low",
        "open",
    ),
    ("prj_beignet_bot", "ai", "Use the small model for greetings", 140.0, "medium", "open"),
    ("prj_beignet_bot", "ai", "Cap the nightly batch at 2 million tokens", 420.0, "low", "open"),
    ("prj_pelican", "time", "Drop the weekly status deck", 610.0, "low", "in review"),
    ("prj_oyster", "infrastructure", "Add an index to the stock look-up", 12.0, "low", "applied"),
    ("prj_gumbo_graph", "ai", "Reuse embeddings of unchanged pages", 65.0, "high", "dismissed"),
]


def write(book: Book, scene: Scene) -> None:
    """Write the list of possible savings."""
    book.rows("cost_optimization", [_saving(scene, number) for number in range(len(SAVINGS))])


def write_month(book: Book, scene: Scene, month: Month) -> None:
    """Write a month of the bill."""
    rng = scene.random("cloudflare_usage", month)
    rows = [
        _line(day, service, rng.normal(1, 0.08) * _load(scene, day))
        for day in month.days
        for service in SERVICES
    ]
    extras = [row for day in month.days for row in _extras(day)]
    book.rows("cloudflare_usage", rows + extras)


def _load(scene: Scene, day: date) -> float:
    """Return how busy a day was; of today, only the part that has passed."""
    week = 0.8 if day.weekday() >= SATURDAY else 1.0
    passed = scene.present % DAY / DAY if day == scene.today else 1.0
    return scene.growth(day) * week * passed


def _line(day: date, service: Service, load: float) -> dict[str, object]:
    cost = round(service.daily * load, 4)
    return {
        "usage_date": str(day),
        "service": service.service,
        "resource": service.resource,
        "project_id": service.project,
        "quantity": round(cost / service.price, 3),
        "unit": service.unit,
        "cost_usd": cost,
        "currency": "USD",
    }


def _extras(day: date) -> list[dict[str, object]]:
    """Return the monthly lines: plan and credit early in the month, domains in euros later."""
    if day.day == CREDIT_DAY:
        return [
            _extra(day, "Plan", 45.0, "USD", "prj_spillway"),
            _extra(day, "Credit", -25.0, "USD"),
        ]
    return [_extra(day, "Domains", 19.9, "EUR")] if day.day == EURO_DAY else []


def _extra(
    day: date, service: str, cost: float, currency: str, project: str | None = None
) -> dict[str, object]:
    return {
        "usage_date": str(day),
        "service": service,
        "resource": None,
        "project_id": project,
        "quantity": 1,
        "unit": "month",
        "cost_usd": cost,
        "currency": currency,
    }


def _saving(scene: Scene, number: int) -> dict[str, object]:
    project, category, title, savings, effort, status = SAVINGS[number]
    return {
        "project_id": project,
        "category": category,
        "title": title,
        "description": f"{title}: about ${savings:.0f} a month.",
        "estimated_savings_usd": savings,
        "effort": effort,
        "status": status,
        "created_at": clock.one_text(scene.ago(4 + 9 * number)),
    }
