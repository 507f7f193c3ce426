"""History: since when things are recorded; before that they are unknown, not nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from meaux import queries
from meaux.answers import Answer, Ask, Rows
from meaux.filters import Period, Selection, preset

PRESENCE = ("user_session", "time_entry", "ai_conversation")
"""The logical tables that say who was there."""


def asks(selection: Selection) -> dict[str, Ask]:
    """What tells since when things are recorded, whatever period and filters are chosen."""
    always = selection.over(preset("all", selection.today))
    return {"oldest_records": Ask(queries.oldest_records, always)}


def began(rows: Rows, tables: Iterable[str]) -> date | None:
    """The first day on which any of these logical tables holds a record.

    None where there is no record, or nobody knows. Made of `oldest_records`.
    """
    oldest: Answer | None = getattr(rows, "oldest_records", None)
    if oldest is None or oldest.state != "ready":
        return None
    days = oldest.frame.loc[:, list(tables)].iloc[0].dropna()
    return days.min().date() if len(days) else None


def unrecorded(rows: Rows, then: Period | None, tables: Iterable[str]) -> str:
    """Why nothing is compared with a period that began before the first record of these tables.

    Empty where it can be compared, or nobody knows.
    """
    first = began(rows, tables)
    if then is None or first is None or first <= then.start:
        return ""
    return f"Not compared: no records before {first:%-d %b %Y}."
