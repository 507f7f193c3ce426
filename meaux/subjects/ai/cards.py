"""AI: the tokens that went into the models and came out of them, and what that cost."""

from __future__ import annotations

from functools import partial

from meaux import charts
from meaux.query.answers import Answer
from meaux.query.filters import Selection
from meaux.subjects.ai import frames as tokens
from meaux.subjects.ai.frames import Spent, Used
from meaux.subjects.ai.metrics import MODEL_COST, TOKENS
from meaux.subjects.card import Chart, Table, card


@card
def by_model(used: Used, selection: Selection) -> Chart:
    """Tokens of each model over time."""
    return Chart(
        "Tokens by model",
        tokens.by_model(used, selection),
        partial(charts.bars, series="model", grain=selection.drawn_grain),
        TOKENS,
    )


@card
def by_day(used: Used, selection: Selection) -> Chart:
    """Tokens of each day by whether they went in or came out."""
    return _parts("Tokens a day", used, selection.drawn_by("day"))


@card
def by_week(used: Used, selection: Selection) -> Chart:
    """Tokens of each week by whether they went in or came out."""
    return _parts("Tokens a week", used, selection.drawn_by("week"))


def _parts(title: str, used: Answer, selection: Selection) -> Chart:
    return Chart(
        title,
        tokens.by_part(used, selection),
        partial(charts.bars, series="part", grain=selection.drawn_grain),
        TOKENS,
    )


@card
def cost(spent: Spent, selection: Selection) -> Chart:
    """What AI cost over time."""
    return Chart(
        "AI cost over time",
        tokens.cost_over_time(spent, selection),
        partial(charts.bars, grain=selection.drawn_grain),
        MODEL_COST,
    )


@card
def cost_by_model(spent: Spent) -> Chart:
    """What each model cost of all."""
    return Chart(
        "Cost per model",
        tokens.cost_by_model(spent),
        partial(charts.ranking, label="model", shares=True),
        MODEL_COST,
    )


@card
def table(used: Used, spent: Spent) -> Table:
    """Every model with its requests, tokens and cost."""
    return Table(
        "Models",
        tokens.table(used, spent),
        about="Requests, tokens and cost of each model; the cost is that of the ledger.",
        note=tokens.sources(used, spent),
    )
