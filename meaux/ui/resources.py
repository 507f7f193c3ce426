"""The tabs of Resource usage: each loads what it shows, in one call, and draws its cards."""

from __future__ import annotations

from typing import Any

from meaux import allowances, charts, figures, queries, storage, tokens, workers
from meaux.answers import Answer, Ask, Rows
from meaux.filters import Selection
from meaux.metrics.resources import (
    CHANGE,
    ERROR_RATE,
    IMAGES_ADDED,
    MODEL_COST,
    REQUESTS,
    RESPONSE_TIME,
    STORED,
    TOKENS,
)
from meaux.plan import Plan
from meaux.ui import cards, data
from meaux.ui.fence import section
from meaux.wording import sentences

OBJECTS_SHOWN = 20

WHOLE_MONTH = (
    "Of the whole company, whatever the filters say; a dash stands where no table tells the use."
)
NO_USE = "No use of anything that is included was recorded this month."
NO_ALLOWANCE = (
    "No allowance is declared. Write yours below [allowances] in .streamlit/meaux.toml; "
    ".streamlit/meaux.example.toml shows how."
)


def workers_tab(selection: Selection, plan: Plan) -> None:
    """Workers: how many there are, what they answered, how fast, and what of it failed."""
    rows = data.load(
        selection,
        queries.known_workers,
        queries.requests_over_time,
        queries.requests_by_worker,
        **data.before(selection, queries.requests_by_duration, oldest=queries.oldest_requests),
        **allowances.asks(selection, "Workers"),
    )
    over = workers.over_time(rows.requests_over_time, selection)
    how: dict[str, Any] = {
        "note": sentences(
            workers.sampled(rows.requests_over_time.frame),
            selection.overlooked(project=True, person=False),
        ),
        "grain": selection.drawn_grain,
    }

    with cards.row(3):
        cards.figure(figures.deployed_workers, rows)
        cards.figure(figures.requests, rows, selection)
        cards.figure(figures.error_rate, rows, selection)
        cards.figures(figures.response_times, rows, selection)

    cards.chart("Requests", workers.endings(over), charts.endings, REQUESTS, **how)
    with cards.row(2):
        cards.chart("Error rate", workers.rates(over), charts.trend, ERROR_RATE, **how)
        times = workers.response_times(over)
        cards.chart("Response time", times, charts.trend, RESPONSE_TIME, series="percentile", **how)

    cards.table(
        "Workers",
        workers.table(rows.known_workers, rows.requests_by_worker),
        about="Every Worker that is registered, has lifetime figures or answered in the period.",
        note=sentences(workers.gaps(rows.requests_by_worker), how["note"]),
        empty=_how_to_fill(rows),
    )
    _allowances(rows, plan, selection, "Workers")


def _how_to_fill(rows: Rows) -> str:
    """How to have Workers in the tables, by the names these have in the database."""
    sources = {**rows.known_workers.sources, **rows.requests_by_worker.sources}
    steps = {
        "worker": "list each Worker in",
        "worker_stat": "keep its lifetime requests in",
        "worker_log": "have it log each request in",
    }
    said = [f"{step} {sources[table]}" for table, step in steps.items() if table in sources]
    return f"No Worker is known yet. To see some: {', '.join(said)}."


def storage_tab(selection: Selection, plan: Plan) -> None:
    """Storage: how full it is, how it grows, and what a month of it costs."""
    rows = data.load(
        selection,
        queries.bucket_levels,
        queries.bucket_peaks,
        queries.bucket_operations,
        queries.known_buckets,
        queries.storage_levels,
        queries.images_stored,
        queries.images_by_day,
        newest_objects=Ask(queries.newest_objects, selection, limit=OBJECTS_SHOWN),
        **allowances.asks(selection, "Storage"),
    )
    buckets = storage.buckets(
        rows.bucket_levels, rows.bucket_operations, rows.known_buckets, selection
    )
    note = selection.overlooked(project=True, person=False)

    with cards.row(3):
        cards.figure(figures.stored, rows, selection)
        cards.figure(figures.growth, rows, selection)
        cards.figure(figures.objects, rows, selection)
        cards.figure(figures.gb_month, rows, selection)
        cards.figure(figures.storage_cost, rows, plan, selection)
        cards.figure(figures.images, rows, selection)

    _storage_charts(rows, buckets, selection)
    cards.table(
        "Buckets",
        buckets,
        about="The last level of each bucket in the period, and how it changed since the first.",
        note=sentences(note, storage.silent(rows.bucket_levels)),
    )
    cards.table("Newest objects", rows.newest_objects, about="What was uploaded last.", note=note)
    _allowances(rows, plan, selection, "Storage")


@section
def _storage_charts(rows: Rows, buckets: Answer, selection: Selection) -> None:
    levels = rows.bucket_levels
    how: dict[str, Any] = {
        "note": selection.overlooked(project=True, person=False),
        "grain": selection.drawn_grain,
    }
    anywhere = how | {"note": selection.overlooked(project=False, person=False)}
    by_bucket = storage.over_time(levels, selection, "bucket")
    by_source = storage.over_time(rows.storage_levels, selection, "source")
    images = storage.images(rows.images_by_day, selection)

    grown = storage.grown(levels, selection)
    cards.chart("Growth of R2 storage", grown, charts.growth, CHANGE, **how)
    with cards.row(2):
        cards.chart("R2 storage over time", by_bucket, charts.bars, STORED, series="bucket", **how)
        cards.chart(
            "R2 storage by bucket",
            buckets,
            charts.ranking,
            STORED,
            note=how["note"],
            label="bucket",
            shares=True,
        )
        cards.chart("Other storage", by_source, charts.trend, STORED, series="source", **anywhere)
        cards.chart("Images uploaded", images, charts.bars, IMAGES_ADDED, **how)


def ai_tab(selection: Selection, plan: Plan) -> None:
    """AI: what went into the models, what came out, and what that cost."""
    rows = data.load(
        selection,
        queries.tokens_by_day,
        queries.conversations_by_day,
        queries.model_cost_by_day,
        **data.before(
            selection,
            queries.tokens_used,
            queries.conversations_by_day,
            queries.model_cost_by_day,
            oldest=queries.oldest_tokens,
        ),
        **allowances.asks(selection, "AI"),
    )

    with cards.row(3):
        cards.figure(figures.input_tokens, rows, selection)
        cards.figure(figures.output_tokens, rows, selection)
        cards.figure(figures.ai_requests, rows)
        cards.figure(figures.model_cost, rows, selection)
        cards.figure(figures.cost_per_thousand, rows)
        cards.figure(figures.conversations, rows, selection)

    _ai_charts(rows, selection)
    cards.table(
        "Models",
        tokens.table(rows.tokens_by_day, rows.model_cost_by_day),
        about="Requests, tokens and cost of each model; the cost is that of the ledger.",
        note=tokens.sources(rows.tokens_by_day, rows.model_cost_by_day),
    )
    _allowances(rows, plan, selection, "AI")


@section
def _ai_charts(rows: Rows, selection: Selection) -> None:
    used, grain = rows.tokens_by_day, selection.drawn_grain
    by_model = tokens.by_model(used, selection)
    cost = tokens.cost_over_time(rows.model_cost_by_day, selection)
    models = tokens.cost_by_model(rows.model_cost_by_day)

    cards.chart("Tokens by model", by_model, charts.bars, TOKENS, series="model", grain=grain)
    with cards.row(2):
        for title, step in (("Tokens a day", "day"), ("Tokens a week", "week")):
            parts = tokens.by_part(used, selection.drawn_by(step))
            cards.chart(title, parts, charts.bars, TOKENS, series="part", grain=step)
        cards.chart("AI cost over time", cost, charts.bars, MODEL_COST, grain=grain)
        cards.chart(
            "Cost per model", models, charts.ranking, MODEL_COST, label="model", shares=True
        )


@section
def _allowances(rows: Rows, plan: Plan, selection: Selection, subject: str) -> None:
    """This month's use of what the plans include of one subject."""
    cards.table(
        "Allowances this month",
        allowances.measured(rows, plan, selection, subject),
        about="What is used this month up to today, and an estimate of what goes beyond the "
        "allowance at list price.",
        note=sentences(WHOLE_MONTH, plan.said("allowances")),
        empty=NO_USE if allowances.included(plan, subject) else NO_ALLOWANCE,
    )
