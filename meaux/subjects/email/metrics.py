"""Metrics of email: what is sent, what becomes of it, and what waits."""

from __future__ import annotations

from meaux.query.metrics.metric import Metric

MAIL_SENT = Metric(
    "sent", "Sent", "count", "Messages that were sent in the period.", good="neither"
)

DELIVERY_RATE = Metric(
    "delivery_rate",
    "Delivery rate",
    "ratio",
    "Messages delivered by messages sent.",
    total="ratio of sums",
)

BOUNCE_RATE = Metric(
    "bounce_rate",
    "Bounce rate",
    "ratio",
    "Messages bounced by messages sent.",
    good="down",
    total="ratio of sums",
)

OPEN_RATE = Metric(
    "open_rate",
    "Open rate",
    "ratio",
    "Of the messages delivered in the period, the share that was opened, at any time since.",
    total="ratio of sums",
)

CLICK_RATE = Metric(
    "click_rate",
    "Click rate",
    "ratio",
    "Of the messages delivered in the period, the share that was clicked in, at any time since.",
    total="ratio of sums",
)

MESSAGES = Metric("messages", "Messages", "count", "Messages in the period.", good="neither")

QUEUE_BACKLOG = Metric(
    "queue_backlog",
    "Queue backlog",
    "count",
    "Messages in the queue now that are not yet sent; one that failed or was cancelled waits no "
    "longer.",
    good="down",
    total="last",
)

QUEUE_AGE = Metric(
    "queue_age",
    "Oldest in the queue",
    "milliseconds",
    "How long the oldest message that waits had been in the queue when that was read.",
    good="down",
    total="last",
)
