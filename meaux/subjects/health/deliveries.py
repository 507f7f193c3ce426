"""Deliveries: the destinations of alerts that fail, as the state file tells."""

from __future__ import annotations

from meaux.data import state
from meaux.data.plan import Plan
from meaux.data.settings import Settings
from meaux.errors import StateError


def failing(settings: Settings, plan: Plan) -> list[str]:
    """Return a sentence for each destination that fails; none if nobody is told of alerts."""
    named = {entry.name for entry in plan.notify}
    if not named:
        return []
    try:
        with state.reading(state.path_of(settings)) as file:
            known = state.Alerts(file.connection).destinations() if file else []
    except StateError as error:
        return [str(error)]
    return [said for one in known if one.name in named and (said := one.failure(settings.timezone))]
