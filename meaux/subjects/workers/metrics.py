"""Metrics of Workers: how many there are, what they answer, how fast, and what fails."""

from __future__ import annotations

from meaux.query.metrics.metric import Metric

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
    "How long requests took: the median (p50), and what 95 and 99 of 100 don't exceed; within 4%.",
    good="down",
    total="merged",
)

P50 = Metric(
    "p50",
    "Response time, p50",
    "milliseconds",
    "The median: half of the requests took no longer; within 4%.",
    good="down",
    total="merged",
)

P95 = Metric(
    "p95",
    "Response time, p95",
    "milliseconds",
    "What 95 of 100 requests took at most; within 4%.",
    good="down",
    total="merged",
)

P99 = Metric(
    "p99",
    "Response time, p99",
    "milliseconds",
    "What 99 of 100 requests took at most; within 4%.",
    good="down",
    total="merged",
)
