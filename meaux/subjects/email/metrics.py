"""Metrics of email: messages sent, their rates, and the queue."""

from __future__ import annotations

from meaux.query.metrics.metric import Metric

MAIL_SENT = Metric("sent", "Sent", "count", "Messages sent in the period.", good="neither")

DELIVERY_RATE = Metric(
    "delivery_rate",
    "Delivery rate",
    "ratio",
    "Delivered ÷ sent messages.",
    total="ratio of sums",
)

BOUNCE_RATE = Metric(
    "bounce_rate",
    "Bounce rate",
    "ratio",
    "Bounced ÷ sent messages.",
    good="down",
    total="ratio of sums",
)

OPEN_RATE = Metric(
    "open_rate",
    "Open rate",
    "ratio",
    "Share of messages delivered in the period that have been opened since. If the line below "
    "the number says that it comes from reported daily totals: opened ÷ delivered messages of "
    "the period.",
    total="ratio of sums",
)

CLICK_RATE = Metric(
    "click_rate",
    "Click rate",
    "ratio",
    "Of the messages delivered in the period, the share with a link clicked since. If the line "
    "below the number says that it comes from reported daily totals: clicked ÷ delivered "
    "messages of the period.",
    total="ratio of sums",
)

MESSAGES = Metric(
    "messages",
    "Messages",
    "count",
    "Messages in the period.",
    good="neither",
    queries=("distinct_mail",),
)

QUEUE_BACKLOG = Metric(
    "queue_backlog",
    "Queue backlog",
    "count",
    "Messages waiting in the queue now. Failed and cancelled messages are left out.",
    good="down",
    total="last",
)

QUEUE_AGE = Metric(
    "queue_age",
    "Oldest in the queue",
    "milliseconds",
    "Waiting time of the oldest message in the queue, as of the last refresh.",
    good="down",
    total="last",
)
