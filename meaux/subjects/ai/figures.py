"""Figures of AI: tokens, requests, conversations and their cost."""

from __future__ import annotations

from functools import partial

from meaux.query import queries
from meaux.query.filters import Selection
from meaux.subjects.ai import frames as tokens
from meaux.subjects.ai.frames import Conversations, Spent, Used
from meaux.subjects.ai.metrics import (
    AI_REQUESTS,
    CONVERSATIONS,
    COST_PER_1K,
    INPUT_TOKENS,
    MODEL_COST,
    OUTPUT_TOKENS,
)
from meaux.subjects.figure import (
    Reading,
    Unknown,
    daily_values,
    figure,
    missing,
)
from meaux.subjects.money.ledger import Ledger
from meaux.wording import sentences

NO_PRICE = "Needs tokens and their cost in the period."

NO_COST = "No AI entry in the period has a price."

MODELS = ("model_usage",)


@figure(
    INPUT_TOKENS,
    partial(tokens.summed, column=INPUT_TOKENS.name),
    recorded=MODELS,
    against=queries.tokens_used,
)
def input_tokens(used: Used, selection: Selection) -> Reading:
    """Read the input tokens."""
    whole = tokens.summed(used.frame, "tokens")
    return Reading(
        trend=daily_values(used, INPUT_TOKENS.name, selection.period),
        note=f"{INPUT_TOKENS.exact(whole)} input and output tokens in total." if whole else "",
    )


@figure(
    OUTPUT_TOKENS,
    partial(tokens.summed, column=OUTPUT_TOKENS.name),
    recorded=MODELS,
    against=queries.tokens_used,
)
def output_tokens(used: Used, selection: Selection) -> Reading:
    """Read the output tokens."""
    return Reading(
        trend=daily_values(used, OUTPUT_TOKENS.name, selection.period), note=tokens.unsplit(used)
    )


@figure(MODEL_COST, tokens.cost, recorded=("ai_usage",))
def model_cost(spent: Spent, used: Used, selection: Selection) -> Reading:
    """Read the AI cost from the ledger."""
    if tokens.cost(spent.frame) is None:
        return Unknown(note=NO_COST)
    return Reading(
        trend=daily_values(spent, "cost", selection.period),
        note=sentences(Ledger(spent).unpriced, tokens.sources(used, spent)),
    )


@figure(COST_PER_1K)
def cost_per_thousand(spent: Spent, used: Used) -> Reading:
    """Divide AI cost by tokens."""
    if not used.answered:
        return missing(used)
    found = tokens.per_thousand(tokens.cost(spent.frame), tokens.summed(used.frame, "tokens"))
    return Reading(found, note=NO_PRICE if found is None else tokens.sources(used, spent))


@figure(AI_REQUESTS)
def ai_requests(used: Used) -> Reading:
    """Read the requests to models."""
    return Reading(tokens.requests(used))


@figure(
    CONVERSATIONS,
    partial(tokens.summed, column="conversations"),
    recorded=("ai_conversation",),
)
def conversations(begun: Conversations, selection: Selection) -> Reading:
    """Count the conversations that were started."""
    return Reading(trend=daily_values(begun, "conversations", selection.period))
