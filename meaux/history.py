"""History: since when things are recorded; before that they are unknown, not nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from meaux import queries
from meaux.answers import Answer, Ask, Rows
from meaux.filters import Selection, preset
from meaux.queries import Query

PRESENCE = ("user_session", "time_entry", "ai_conversation")
"""The logical tables that say who was there."""

MAIL = ("email_day", "email_event", "email_log")
"""The logical tables that tell what became of messages."""

LOGS = ("system_event", "platform_event", "audit", "log_entry", "error_entry")
"""The logical tables that hold events."""


def asks(selection: Selection, also: Query | None = None) -> dict[str, Ask]:
    """What tells since when things are recorded, whatever period and filters are chosen.

    `also` tells it of what few pages compare.
    """
    always = selection.over(preset("all", selection.today))
    others = {"oldest_others": Ask(also, always)} if also else {}
    return {"oldest_records": Ask(queries.oldest_records, always), **others}


def began(rows: Rows, tables: Iterable[str]) -> date | None:
    """The first day on which any of these logical tables holds a record.

    None where there is no record, or nobody knows. Made of the answers to `asks`.
    """
    answers: list[Answer | None] = [
        getattr(rows, name, None) for name in ("oldest_records", "oldest_others")
    ]
    days = [
        day
        for answer in answers
        if answer is not None and answer.state == "ready"
        for day in answer.frame.filter(list(tables)).iloc[0].dropna()
    ]
    return min(days).date() if days else None


def uncompared(selection: Selection, first: date | None) -> str:
    """Why a period that is to be compared isn't, in a sentence; empty where it can be.

    No day of it is over, or the compared days began before the day of the first record.
    """
    then = selection.compared
    if then is None or first is None or first <= then.start:
        return selection.uncompared
    return f"Not compared: no records before {first:%-d %b %Y}."


def uncompared_of(rows: Rows, selection: Selection, tables: Iterable[str]) -> str:
    """The same, made of the answers to `asks`."""
    return uncompared(selection, began(rows, tables))
