"""Operations: how workflows run, what becomes of email, and what the logs say."""

from meaux import figures
from meaux.cards import email, events, workflows
from meaux.events import Trail, View
from meaux.page import controlled, row, show, tabs

show(
    tabs(
        {
            "Workflows": (
                row(
                    3,
                    figures.runs,
                    figures.success_rate,
                    figures.failed_runs,
                    *figures.run_durations,
                    figures.run_cost,
                ),
                workflows.runs,
                workflows.cost,
                row(2, workflows.slowest_steps, workflows.failing_steps),
                workflows.table,
                row(
                    2,
                    workflows.failed_runs,
                    workflows.events,
                    workflows.optimizations,
                    workflows.recommendations,
                ),
                workflows.reported,
            ),
            "Email": (
                row(3, figures.mail_sent, *figures.mail_rates, figures.queue_backlog),
                email.over_time,
                row(2, email.by_template, email.queue),
                email.failures,
                email.compared,
            ),
            "Events": (
                row(4, figures.events, *figures.severities),
                events.severity,
                row(2, events.by_log, events.top_errors),
                controlled(View),
                controlled(Trail),
                events.log,
            ),
        }
    )
)
