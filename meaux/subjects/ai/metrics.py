"""Metrics of AI: tokens, requests, conversations and their cost."""

from __future__ import annotations

from meaux.query.metrics.metric import Metric

TOKENS = Metric(
    "tokens",
    "Tokens",
    "count",
    "Input + output tokens in the period. Cached input counts once: for Anthropic, which reports "
    "it separately, it is added; for other or unknown providers, it is assumed to be part of the "
    "input.",
    good="neither",
    queries=("tokens_by_day", "tokens_used"),
)

INPUT_TOKENS = Metric(
    "input_tokens",
    "Input tokens",
    "count",
    "Input tokens in the period, including cached input: for Anthropic, which reports it "
    "separately, it is added; for other or unknown providers, it is assumed to be part of the "
    "input.",
    good="neither",
    queries=("tokens_by_day", "tokens_used"),
)

OUTPUT_TOKENS = Metric(
    "output_tokens",
    "Output tokens",
    "count",
    "Output tokens in the period.",
    good="neither",
    queries=("tokens_by_day", "tokens_used"),
)

MODEL_COST = Metric(
    "model_cost",
    "AI cost",
    "money",
    "AI cost in the period.",
    good="down",
)

COST_PER_1K = Metric(
    "cost_per_1k",
    "Cost per 1k tokens",
    "price",
    "Total AI cost \N{DIVISION SIGN} total tokens \N{MULTIPLICATION SIGN} 1,000.",
    good="down",
    total="ratio of sums",
)

AI_REQUESTS = Metric(
    "ai_requests",
    "AI requests",
    "count",
    "Model requests in the period. If the table doesn't record request counts, each entry counts "
    "as one.",
    good="neither",
)

CONVERSATIONS = Metric(
    "conversations",
    "Conversations",
    "count",
    "AI conversations started in the period.",
    good="neither",
    queries=("conversations_by_day",),
)
