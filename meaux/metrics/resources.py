"""Resources: what Workers, storage and AI models do, hold and take."""

from meaux.metrics.metric import Metric

WORKERS = Metric(
    "workers",
    "Deployed Workers",
    "count",
    "Workers in the registry or with lifetime figures, whatever their status.",
    total="last",
)
REQUESTS = Metric("requests", "Requests", "count", "Requests in the Workers' logs in the period.")
LIFETIME_REQUESTS = Metric(
    "lifetime_requests",
    "Lifetime requests",
    "count",
    "Requests that a Worker has answered since it was deployed, as its statistics say.",
)
ERROR_RATE = Metric(
    "error_rate",
    "Error rate",
    "ratio",
    "Failed requests by requests that say how they ended: a status of 500 or more, or an "
    "exception; a client that went away is no error.",
    good="down",
    total="ratio of sums",
)
RESPONSE_TIME = Metric(
    "response_time",
    "Response time",
    "milliseconds",
    "How long requests took: the median (p50), and what 95 and 99 of 100 don't exceed; within 4 %.",
    good="down",
    total="merged",
)
P50 = Metric(
    "p50",
    "Response time, p50",
    "milliseconds",
    "The median: half of the requests took no longer; within 4 %.",
    good="down",
    total="merged",
)
P95 = Metric(
    "p95",
    "Response time, p95",
    "milliseconds",
    "What 95 of 100 requests took at most; within 4 %.",
    good="down",
    total="merged",
)
P99 = Metric(
    "p99",
    "Response time, p99",
    "milliseconds",
    "What 99 of 100 requests took at most; within 4 %.",
    good="down",
    total="merged",
)
STORED = Metric(
    "bytes",
    "Stored",
    "bytes",
    "How full storage was when that was last recorded in the period.",
    good="neither",
    total="last",
)
CHANGE = Metric(
    "change_bytes",
    "Change",
    "bytes",
    "How much more is stored than when that was first recorded in the period.",
    good="neither",
    total="last",
)
OBJECTS = Metric(
    "objects",
    "Objects",
    "count",
    "Objects in the buckets when that was last recorded in the period.",
    good="neither",
    total="last",
)
GROWTH = Metric(
    "growth",
    "Growth a day",
    "bytes",
    "The slope of a straight line through the levels of the period's complete days.",
    good="down",
    total="last",
)
GB_MONTH = Metric(
    "gb_month",
    "GB-month",
    "gigabytes",
    "The mean of the daily peaks in the period, in decimal GB: what R2 bills.",
    good="down",
    total="last",
)
STORAGE_COST = Metric(
    "storage_cost",
    "Storage a month, estimate",
    "money",
    "What a month of R2 storage like this period's costs beyond what is included, at the list "
    "price of standard storage.",
    good="down",
    total="last",
)
IMAGES = Metric(
    "images", "Images", "count", "Images that are stored today.", good="neither", total="last"
)
IMAGES_ADDED = Metric(
    "images_added", "Images uploaded", "count", "Images that were uploaded.", good="neither"
)
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
