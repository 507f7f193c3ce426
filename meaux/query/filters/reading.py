"""Reading: filters written as text, on the command line, in a link or in a request."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from meaux.query.filters.period import DAY, EARLIEST, PRESETS, Period, preset

LATEST = date(2100, 1, 1)
"""The first day that no period includes; a later time in a table is not a record either."""


def period_of(text: str, today: date) -> Period:
    """Read a period: a preset by its name or label, or START..END, both included.

    Raises:
        ValueError: it is none of these; the text says what to write.
    """
    names = {label: name for name, (label, _) in PRESETS.items()}
    if (name := names.get(text, text)) in PRESETS:
        return preset(name, today)
    start, dots, last = text.partition("..")
    try:
        if dots:
            period = Period(date.fromisoformat(start), date.fromisoformat(last) + DAY)
            if period.start >= EARLIEST and period.end <= LATEST:
                return period
    except (ValueError, OverflowError):
        pass
    raise ValueError(
        f"{text!r} is not a period; use {', '.join(PRESETS)}, or two days in order, from "
        f"{EARLIEST.year} to {LATEST.year - 1}, such as {today.replace(day=1)}..{today}"
    )


def option_of(options: Mapping[str, str], text: str) -> str:
    """Read an option by its name or by its words on the pages; return its name.

    Raises:
        ValueError: there is no such option; the text lists them.
    """
    names = {words: name for name, words in options.items()}
    if (name := names.get(text, text)) in options:
        return name
    raise ValueError(f"{text!r} is unknown; use {', '.join(options)}")
