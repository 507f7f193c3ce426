"""The rows behind AI: usage per model, conversations, and AI entries of the ledger."""

from __future__ import annotations

from meaux.data.categories import AI
from meaux.query import queries
from meaux.query.metrics import Metric
from meaux.subjects.ai.metrics import (
    AI_REQUESTS,
    CONVERSATIONS,
    COST_PER_1K,
    INPUT_TOKENS,
    MODEL_COST,
    OUTPUT_TOKENS,
    TOKENS,
)
from meaux.subjects.money.rows import ENTRIES
from meaux.subjects.rows import Behind, Ratio, Source

USAGE = Source(
    "usage entry",
    {"Usage": queries.token_rows},
    queries.token_row_sums,
    "table",
    ("model", "project", "person"),
    (
        *("day", "model", "input_tokens", "output_tokens", "tokens", "ai_requests"),
        *("project", "person", "at"),
    ),
    of=("model_usage",),
)
TALKS = Source(
    "conversation",
    {"Conversations": queries.conversation_rows},
    queries.conversation_row_sums,
    "table",
    ("project", "person"),
    ("day", "project", "person", "at"),
    of=("ai_conversation",),
)
AI_COST = Behind(ENTRIES, "cost", of=(("category", AI),))
ALL_TOKENS = Behind(USAGE, "tokens")

BEHIND: dict[Metric, Behind | Ratio] = {
    MODEL_COST: AI_COST,
    TOKENS: ALL_TOKENS,
    COST_PER_1K: Ratio({"AI cost": AI_COST, "Tokens": ALL_TOKENS}),
    INPUT_TOKENS: Behind(USAGE, "input_tokens"),
    OUTPUT_TOKENS: Behind(USAGE, "output_tokens"),
    AI_REQUESTS: Behind(USAGE, "ai_requests"),
    CONVERSATIONS: Behind(TALKS),
}
