"""Thresholds, working time and allowances: from what on something is reported.

They are the tables `[thresholds]`, `[capacity]` and `[allowances]` of `.streamlit/meaux.toml`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from meaux.data.declared import key
from meaux.data.readers import (
    WEEKDAYS,
    day,
    hours_of_a_day,
    not_negative,
    positive,
    ratio,
    weekdays,
)
from meaux.wording import money, percent, plural

SHARES = ("watch", "at_risk", "over", "error_rate")
"""The thresholds that are shares."""

RISING = ("watch", "at_risk", "over")
"""The thresholds that must be in ascending order."""


@dataclass(frozen=True)
class Thresholds:
    """The values from which something is reported."""

    over: float = key(1.0, positive, "Share of a budget or allowance from which it counts as over.")
    at_risk: float = key(
        0.8, positive, "Share of a budget or allowance from which it counts as at risk."
    )
    watch: float = key(
        0.5,
        positive,
        "Share of a budget from which its status is Watch, if it is over pace: the used share "
        "exceeds the elapsed share of its period.",
    )
    anomaly_floor_usd: float = key(
        50.0,
        not_negative,
        "A day counts as unusual only if its cost differs from the usual cost by more than this, "
        "in USD.",
    )
    error_rate: float = key(0.05, ratio, "Share of failed requests from which an alert is raised.")
    stale_days: float = key(
        7.0, positive, "Number of days without a new entry after which a cost source is stale."
    )
    stale_project_days: float = key(
        30.0,
        positive,
        "Number of days without activity after which an active or in-progress project is stale.",
    )

    @property
    def steps(self) -> tuple[float, ...]:
        """The shares at which a status begins, and the whole budget."""
        return (self.watch, self.at_risk, self.over, 1.0)

    @property
    def words(self) -> dict[str, str]:
        """Each threshold as text for a sentence: `80%`, `$50`, `7 days`."""
        shares = {name: percent(getattr(self, name), None) for name in SHARES}
        days = {name: getattr(self, name) for name in ("stale_days", "stale_project_days")}
        return {
            **shares,
            **{n: f"{days[n]:g} {'day' if days[n] == 1 else plural('day')}" for n in days},
            "anomaly_floor_usd": money(self.anomaly_floor_usd).removesuffix(".00"),
        }


@dataclass(frozen=True)
class Capacity:
    """Working time per person."""

    hours_per_day: float = key(8.0, hours_of_a_day, "Working hours per person per day.")
    working_days: tuple[str, ...] = key(WEEKDAYS[:5], weekdays, "Working days.")


@dataclass(frozen=True)
class Allowances:
    """Allowances of the Cloudflare and AI plans per month; None if not set."""

    as_of: date | None = key(None, day, "Day on which you looked up the allowances.")
    workers_requests: float | None = key(
        None, positive, "Workers requests that your Cloudflare plan includes per month."
    )
    r2_storage_gb: float | None = key(
        None, positive, "R2 storage that your Cloudflare plan includes, in decimal GB."
    )
    ai_tokens: float | None = key(
        None, positive, "AI tokens that your AI provider's plan includes per month."
    )
    ai_usd: float | None = key(
        None, positive, "AI spend that your AI provider's plan includes per month, in USD."
    )
