"""Metrics of AI: what goes into the models, what comes out, and what that costs."""

from __future__ import annotations

from meaux.query.metrics.metric import Metric

TOKENS = Metric(
    "tokens",
    "Tokens",
    "count",
    "Tokens that went into and came out of the models in the period. Cached input is counted once: "
    "Anthropic reports it beside the input, so that it is added; for others, and where neither the "
    "provider nor the model tells, it is taken to be within it.",
    good="neither",
)

INPUT_TOKENS = Metric(
    "input_tokens",
    "Input tokens",
    "count",
    "Tokens that went into the models in the period, those of a cache included: added where the "
    "provider or the model says Anthropic, which reports them beside the input, else within it.",
    good="neither",
)

OUTPUT_TOKENS = Metric(
    "output_tokens",
    "Output tokens",
    "count",
    "Tokens that came out of the models in the period.",
    good="neither",
)

MODEL_COST = Metric(
    "model_cost",
    "AI cost",
    "money",
    "What AI cost in the period, as the ledger of all costs has it.",
    good="down",
)

COST_PER_1K = Metric(
    "cost_per_1k",
    "Cost per 1k tokens",
    "price",
    "AI cost by tokens, times 1,000: of sums, never a mean of prices.",
    good="down",
    total="ratio of sums",
)

AI_REQUESTS = Metric(
    "ai_requests",
    "AI requests",
    "count",
    "Requests to models in the period: as counted, else one for each line of use.",
    good="neither",
)

CONVERSATIONS = Metric(
    "conversations",
    "Conversations",
    "count",
    "Conversations with a model that began in the period.",
    good="neither",
)
