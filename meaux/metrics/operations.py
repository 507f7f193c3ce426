"""Operations: how workflows run, what becomes of email, and what the logs say."""

from meaux.metrics.metric import Metric

RUNS = Metric("runs", "Runs", "count", "Workflow runs that started in the period.", "neither")
SUCCESS_RATE = Metric(
    "success_rate",
    "Success rate",
    "ratio",
    "Runs that succeeded by runs that have ended: succeeded, failed or cancelled. A running one "
    "is in neither, nor is one whose status is not known.",
    total="ratio of sums",
)
FAILED_RUNS = Metric(
    "failed_runs", "Failed runs", "count", "Runs of the period that failed.", good="down"
)
RUN_P50 = Metric(
    "run_p50",
    "Median duration",
    "milliseconds",
    "Half of the runs that have ended took no longer; within 4 % of the exact value.",
    good="down",
    total="merged",
)
RUN_P95 = Metric(
    "run_p95",
    "Duration, 95th percentile",
    "milliseconds",
    "19 of 20 runs that have ended took no longer; within 4 % of the exact value.",
    good="down",
    total="merged",
)
RUN_COST = Metric(
    "run_cost",
    "Workflow cost",
    "money",
    "What was recorded as the daily cost of the workflows; what the runs themselves say where "
    "nothing was recorded.",
    good="down",
)
STEP_P95 = Metric(
    "step_p95",
    "Step duration, 95th percentile",
    "milliseconds",
    "19 of 20 steps of this name that have ended took no longer.",
    good="down",
    total="merged",
)
STEP_FAILURES = Metric(
    "step_failures",
    "Failed steps",
    "count",
    "How often a step failed in the period; the share is that of the steps of this name that have "
    "ended.",
    good="down",
)
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
EVENTS = Metric("events", "Events", "count", "Records of all logs in the period.", good="neither")
CRITICAL_EVENTS = Metric(
    "critical_events", "Critical", "count", "Records that are critical or fatal.", good="down"
)
ERROR_EVENTS = Metric(
    "error_events",
    "Errors",
    "count",
    "Records of an error that is not critical.",
    good="down",
)
WARNING_EVENTS = Metric(
    "warning_events", "Warnings", "count", "Records that are a warning.", good="down"
)
