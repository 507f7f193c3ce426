"""Tokens: input and output of the models, and their cost."""

from __future__ import annotations

from typing import Annotated

import pandas as pd

from meaux.data.schema.vocabulary import UNNAMED
from meaux.query import queries, series
from meaux.query.answers import Answer
from meaux.query.filters import Selection
from meaux.query.needs import asking
from meaux.subjects.money.ledger import Ledger

PARTS = {
    "input_tokens": "Input",
    "output_tokens": "Output",
    "unsplit_tokens": "Input or output unknown",
}
"""What tokens are made of; some sources store their sum only."""

Used = Annotated[Answer, asking(queries.tokens_by_day)]
Spent = Annotated[Answer, asking(queries.model_cost_by_day)]
Conversations = Annotated[Answer, asking(queries.conversations_by_day)]


def requests(answer: Answer) -> float | None:
    """Return the requests to models: as recorded, otherwise one per entry; None if unknown."""
    column = "lines" if "model_usage.requests" in answer.without else "ai_requests"
    return summed(answer.frame, column)


def summed(frame: pd.DataFrame, column: str) -> float | None:
    """Sum the known values of a column; None if there are rows and no value is known."""
    return 0.0 if frame.empty else series.known_sum(frame[column])


def cost(by_day: pd.DataFrame) -> float | None:
    """Return the AI cost; None if no entry has a price. Column: cost."""
    return series.known_sum(by_day["cost"])


def unsplit(answer: Answer) -> str:
    """Say how many tokens aren't split into input and output; empty for none."""
    rows = answer.frame
    told = rows[["input_tokens", "output_tokens"]].sum(axis=1)
    left = float((rows["tokens"] - told).sum())
    return f"{left:,.0f} more tokens aren't split into input and output." if left > 0 else ""


def per_thousand(cost: float | None, tokens: float | None) -> float | None:
    """Return dollars / tokens * 1,000; None if either is unknown or there are no tokens."""
    return None if cost is None or not tokens else cost / tokens * 1_000


def by_part(answer: Answer, selection: Selection) -> Answer:
    """Sum input and output tokens per day, week or month.

    Columns: day, part, tokens, partial, ongoing.
    """

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        told = frame[["input_tokens", "output_tokens"]].sum(axis=1)
        split = frame.assign(unsplit_tokens=frame["tokens"] - told).rename(columns=PARTS)
        known = [part for part in PARTS.values() if split[part].fillna(0).any()]
        long = split[["day", *known]].melt("day", var_name="part", value_name="tokens")
        return series.over_time(long, "tokens", selection, "part", known)

    return answer.map(shape)


def by_model(answer: Answer, selection: Selection) -> Answer:
    """Sum tokens per model and day, week or month: day, model, tokens, partial, ongoing."""

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        named = _named(frame)
        totals = named.groupby("model")["tokens"].sum().sort_values(ascending=False)
        return series.over_time(named, "tokens", selection, "model", list(totals.index))

    return answer.map(shape)


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(model=frame["model"].fillna(UNNAMED))


def cost_by_model(by_day: Answer) -> Answer:
    """Sum the cost per model, highest first: model, model_cost."""

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        spent = _named(frame).groupby("model")["cost"].sum()
        dearest = spent.sort_values(ascending=False, kind="stable")
        return dearest.rename("model_cost").reset_index()

    return Ledger(by_day).priced.map(shape)


def table(used: Answer, spent: Answer) -> Answer:
    """List every model with its requests, tokens and cost, the highest cost first.

    Columns: model, ai_requests, input_tokens, output_tokens, tokens, model_cost, cost_per_1k.
    """
    counted = "lines" if "model_usage.requests" in used.without else "ai_requests"
    sums = ["input_tokens", "output_tokens", "tokens", counted]
    tokens = _named(used.frame).groupby("model")[sums].sum(min_count=1)
    dearest = cost_by_model(spent).frame.reindex(columns=["model", "model_cost"])
    rows = tokens.rename(columns={counted: "ai_requests"}).join(
        dearest.set_index("model"), how="outer"
    )
    rows["cost_per_1k"] = rows["model_cost"] / rows["tokens"].where(rows["tokens"] > 0) * 1_000
    columns = [
        "model",
        "ai_requests",
        "input_tokens",
        "output_tokens",
        "tokens",
        "model_cost",
        "cost_per_1k",
    ]
    rows = rows.sort_values(["model_cost", "tokens"], ascending=False).reset_index()
    base = used if used.answered else spent
    return base.with_frame(rows[columns])


def cost_over_time(by_day: Answer, selection: Selection) -> Answer:
    """Sum AI cost per day, week or month: day, model_cost, partial, ongoing."""

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        if frame["cost"].isna().all():
            return frame.head(0)
        named = frame.rename(columns={"cost": "model_cost"})
        return series.over_time(named, "model_cost", selection)

    return Ledger(by_day).explain(by_day).map(shape)


def sources(used: Answer, spent: Answer) -> str:
    """Name the tables of tokens and of cost, if they are two."""
    tokens, cost = used.sources.get("model_usage"), spent.sources.get("ai_usage")
    if tokens is None or cost is None or tokens == cost:
        return ""
    return f"Tokens from {tokens}, cost from {cost}."
