"""First records: the day since when data is recorded; before it, data is unknown, not zero."""

from __future__ import annotations

from datetime import date

from meaux.query.filters import Selection
from meaux.wording import day_of

PRESENCE = ("user_session", "time_entry", "ai_conversation")
"""The logical tables that record activity of people."""

MAIL = ("email_day", "email_event", "email_log")
"""The logical tables that record the outcome of messages."""

LOGS = ("system_event", "platform_event", "audit", "log_entry", "error_entry")
"""The logical tables that hold events."""


def uncompared(selection: Selection, first: date | None) -> str:
    """Return a sentence on why the period isn't compared; empty if it can be.

    It isn't if it has no complete day, or if the comparison period starts before the first record.
    """
    then = selection.compared
    if then is None or first is None or first <= then.start:
        return selection.uncompared
    return f"No comparison: no data before {day_of(first)}."
