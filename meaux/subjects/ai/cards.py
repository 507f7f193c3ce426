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
from meaux.subjects.rows import Opening

MODEL = {"model": "service"}


@card
def by_model(used: Used, selection: Selection) -> Chart:
    """Show the tokens of each model over time."""
    return Chart(
        "Tokens by model",
        tokens.by_model(used, selection),
        partial(charts.bars, series="model", grain=selection.drawn_grain),
        TOKENS,
        rows=Opening(TOKENS.name),
        picks=MODEL,
    )


@card
def by_day(used: Used, selection: Selection) -> Chart:
    """Show input and output tokens per day."""
    return _parts("Tokens per day", used, selection.drawn_by("day"))


@card
def by_week(used: Used, selection: Selection) -> Chart:
    """Show input and output tokens per week."""
    return _parts("Tokens per week", used, selection.drawn_by("week"))


def _parts(title: str, used: Answer, selection: Selection) -> Chart:
    return Chart(
        title,
        tokens.by_part(used, selection),
        partial(charts.bars, series="part", grain=selection.drawn_grain),
        TOKENS,
        rows=Opening(TOKENS.name),
    )


@card
def cost(spent: Spent, selection: Selection) -> Chart:
    """Show AI cost over time."""
    return Chart(
        "AI cost over time",
        tokens.cost_over_time(spent, selection),
        partial(charts.bars, grain=selection.drawn_grain),
        MODEL_COST,
        rows=Opening(MODEL_COST.name),
    )


@card
def cost_by_model(spent: Spent) -> Chart:
    """Show each model's cost and its share of the total."""
    return Chart(
        "Cost per model",
        tokens.cost_by_model(spent),
        partial(charts.ranking, label="model", shares=True),
        MODEL_COST,
        rows=Opening(MODEL_COST.name),
        picks=MODEL,
    )


@card
def table(used: Used, spent: Spent) -> Table:
    """List every model with its requests, tokens and cost."""
    return Table(
        "Models",
        tokens.table(used, spent),
        about="Requests, tokens and cost per model.",
        note=tokens.sources(used, spent),
        picks=MODEL,
    )
