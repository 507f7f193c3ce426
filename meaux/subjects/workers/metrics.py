"""Metrics of Workers: how many there are, requests, error rate and response time."""

from __future__ import annotations

from meaux.query.metrics.metric import Metric

WORKERS = Metric(
    "workers",
    "Deployed Workers",
    "count",
    "Workers that the database lists, tracks or has lifetime figures for, including inactive ones.",
    total="last",
)

REQUESTS = Metric(
    "requests",
    "Requests",
    "count",
    "Worker requests in the period. From a Worker's first full tracked hour on, tracked requests; "
    "otherwise those of Cloudflare's hours, from the first to the last stored hour; otherwise "
    "logged requests. Each counts once.",
    queries=("requests_over_time", "requests_by_duration", "requests_by_worker", "worker_use"),
)

LIFETIME_REQUESTS = Metric(
    "lifetime_requests",
    "Lifetime requests",
    "count",
    "Requests since deployment, as reported in the database.",
    queries=("known_workers",),
)

ERROR_RATE = Metric(
    "error_rate",
    "Error rate",
    "ratio",
    "Failed requests ÷ requests with a known outcome. Failed = status ≥ 500 or an exception; a "
    "client disconnect is not an error.",
    good="down",
    total="ratio of sums",
)

RESPONSE_TIME = Metric(
    "response_time",
    "Response time",
    "milliseconds",
    "Response time percentiles: p50 (median), p95 and p99; accurate to within 4%. p50 and p95 "
    "estimated from hourly percentiles: to within 15%.",
    good="down",
    total="merged",
)

P50 = Metric(
    "p50",
    "Response time, p50",
    "milliseconds",
    "Median (50th percentile) response time; accurate to within 4%, if it is estimated from hourly "
    "percentiles to within 15%.",
    good="down",
    total="merged",
)

P95 = Metric(
    "p95",
    "Response time, p95",
    "milliseconds",
    "95th percentile response time; accurate to within 4%, if it is estimated from hourly "
    "percentiles to within 15%.",
    good="down",
    total="merged",
)

P99 = Metric(
    "p99",
    "Response time, p99",
    "milliseconds",
    "99th percentile response time; accurate to within 4%.",
    good="down",
    total="merged",
)
