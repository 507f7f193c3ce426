"""Operations: how workflows run, what becomes of email, and what the logs say."""

from meaux.subjects.email import cards as email
from meaux.subjects.email.figures import mail_rates, mail_sent, queue_backlog
from meaux.subjects.events import cards as logs
from meaux.subjects.events.figures import events, severities
from meaux.subjects.events.frames import Trail, View
from meaux.subjects.page import controlled, row, show, tabs
from meaux.subjects.workflows import cards as workflows
from meaux.subjects.workflows.figures import (
    failed_runs,
    run_cost,
    run_durations,
    runs,
    success_rate,
)

WORKFLOWS = (
    row(3, runs, success_rate, failed_runs, *run_durations, run_cost),
    workflows.runs,
    workflows.cost,
    row(2, workflows.slowest_steps, workflows.failing_steps),
    workflows.table,
    workflows.failed_runs,
    workflows.events,
    row(2, workflows.optimizations, workflows.recommendations),
    workflows.reported,
)
EMAIL = (
    row(3, mail_sent, *mail_rates, queue_backlog),
    email.over_time,
    row(2, email.by_template, email.queue),
    email.failures,
    email.compared,
)
EVENTS = (
    row(4, events, *severities),
    logs.severity,
    row(2, logs.by_log, logs.top_errors),
    controlled(View),
    controlled(Trail),
    logs.log,
)

show(tabs({"Workflows": WORKFLOWS, "Email": EMAIL, "Events": EVENTS}))
