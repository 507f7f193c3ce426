"""History: since when things are recorded; before that they are unknown, not nothing."""

from __future__ import annotations

from datetime import date

from meaux.query.filters import Selection
from meaux.wording import day_of

PRESENCE = ("user_session", "time_entry", "ai_conversation")
"""The logical tables that say who was there."""

MAIL = ("email_day", "email_event", "email_log")
"""The logical tables that tell what became of messages."""

LOGS = ("system_event", "platform_event", "audit", "log_entry", "error_entry")
"""The logical tables that hold events."""


def uncompared(selection: Selection, first: date | None) -> str:
    """Why a period that is to be compared isn't, in a sentence; empty where it can be.

    No day of it is over, or the compared days began before the day of the first record.
    """
    then = selection.compared
    if then is None or first is None or first <= then.start:
        return selection.uncompared
    return f"Not compared: no records before {day_of(first)}."
