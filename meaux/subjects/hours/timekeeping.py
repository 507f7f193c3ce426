"""Timekeeping: time entries to review, and the hours of the other time tables."""

from __future__ import annotations

from collections.abc import Mapping
from math import nan
from typing import Annotated, NamedTuple

import pandas as pd

from meaux.data.schema import Binding, BoundTable
from meaux.query import queries
from meaux.query.answers import Answer, Ask
from meaux.query.filters import Selection
from meaux.query.needs import asking, each
from meaux.subjects.hours.frames import WORTH_A_WORD, ByDay
from meaux.wording import hours_of


class Oddity(NamedTuple):
    """Why an entry should be reviewed, and how it is counted."""

    name: str
    treatment: str


ODDITIES = {
    "running": Oddity("Running timer", "Counted as running; left out of hours until stopped."),
    "negative": Oddity("Negative duration", "Left out of hours; a stored cost counts."),
    "long": Oddity("Longer than 24 hours", "Counted in full on the day it started."),
    "overlapping": Oddity(
        "Overlapping entry",
        "Starts before an earlier entry of the same person ends; both count in full.",
    ),
    "unassigned": Oddity("No project", "Included in all totals, shown as Unassigned."),
    "unread": Oddity("Unreadable duration", "Left out of hours until stored as a number."),
}
"""Each reason of `odd_entries`, in the order of the page."""

NEWEST = 5
"""How many entries the page shows for each reason."""

DIGITS = 9
"""The decimals of a difference: in later ones, equal hours added up in another order differ."""

COMPANY = "Whole company: {} in the table in use."

OF_COMPANY, OTHERS = "of the company", "in "
"""The names of the asks; the last is a prefix, which the name of another table follows."""


class Line(NamedTuple):
    """A time table: its hours and entries in the period, and its difference to the one in use."""

    table: str
    hours: float
    entries: float
    hours_apart: float
    note: str


Odd = Annotated[Answer, asking(queries.odd_entries, limit=NEWEST)]


def _odd(answer: Answer) -> Answer:
    """Sort the odd entries by reason, in the order of the page."""
    place = list(ODDITIES).index
    return answer.map(
        lambda frame: frame.sort_values(
            "reason", key=lambda r: r.map(place), kind="stable", ignore_index=True
        )
    )


def notes(answer: Answer) -> Answer:
    """Count the odd entries per reason: finding, entries, length (hours), treatment."""

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        first = frame.drop_duplicates("reason", ignore_index=True)
        return pd.DataFrame(
            {
                "finding": [ODDITIES[reason].name for reason in first["reason"]],
                "entries": first["entries"],
                "length": first["all_hours"],
                "treatment": [ODDITIES[reason].treatment for reason in first["reason"]],
            }
        )

    return _odd(answer).map(shape)


def newest(answer: Answer) -> Answer:
    """Return the latest odd entries of each reason.

    Columns: finding, at (or day, if the time of day is unknown), person, project, length (hours),
    note.
    """

    def shape(frame: pd.DataFrame) -> pd.DataFrame:
        when = ["at"] if frame["at"].notna().all() else ["day", "at"]
        named = frame.assign(
            finding=[ODDITIES[reason].name for reason in frame["reason"]], length=frame["hours"]
        )
        return named[["finding", *when, "person", "project", "length", "note"]]

    return _odd(answer).map(shape)


def elsewhere(selection: Selection, binding: Binding) -> dict[str, Ask]:
    """Ask for the hours of the period in all time tables but the one in use.

    A table that can't be filtered as selected is asked for the whole company, and so is then the
    table in use. Nothing is compared for somebody who may see some teams only: another table may
    name no project. A copy has only the table in use.
    """
    if selection.only is not None or binding.is_copy:
        return {}
    recorded, company = queries.hours_recorded, selection.unnarrowed
    asks = {}
    for name, bound in binding.filled("time_entry").items():
        asked = selection if _can_narrow(bound, selection) else company
        asks[OTHERS + name] = Ask(recorded, asked, on={"time_entry": name})
    if any(ask.selection != selection for ask in asks.values()):
        asks[OF_COMPANY] = Ask(recorded, company)
    return asks


def _can_narrow(bound: BoundTable | str, selection: Selection) -> bool:
    """Return whether a table has the columns to filter by, with values that match."""
    if isinstance(bound, str):
        return False
    chosen = {"project": selection.projects or selection.teams, "person": selection.people}
    return all(_tells(bound, column) for column, ids in chosen.items() if ids)


def _tells(bound: BoundTable, name: str) -> bool:
    """Return whether a column exists, unless every value that was tried matches no row."""
    column = bound.columns.get(name)
    return column is not None and (column.identity is None or column.identity.matched != 0)


Recorded = Annotated[
    Mapping[str, Answer],
    each(lambda request: elsewhere(request.selection, request.binding), queries.hours_recorded),
]


def other_tables(by_day: ByDay, recorded: Recorded) -> Answer:
    """Compare the other time tables with the one in use; empty if all show the same hours.

    Columns: table, hours, entries, hours_apart, note.
    """
    if not by_day.answered:
        return by_day
    lines = [_line(table, answer, by_day, recorded) for table, answer in _others(recorded)]
    if all(abs(line.hours_apart) < WORTH_A_WORD for line in lines):
        return by_day.with_frame(pd.DataFrame(columns=list(Line._fields)))
    own = Line(by_day.sources["time_entry"], *_in_all(by_day), nan, "In use.")
    return by_day.with_frame(pd.DataFrame([own, *lines]).astype({"entries": "Int64"}))


def widened(recorded: Recorded, selection: Selection) -> str:
    """Return a sentence that names the tables that can't be filtered as selected; or nothing."""
    tables = [
        table
        for table, answer in _others(recorded)
        if answer.selection != selection and answer.state == "ready"
    ]
    if not tables:
        return ""
    named = ", ".join(tables)
    return f"Compared for the whole company because they can't be filtered: {named}."


def _others(recorded: Recorded) -> list[tuple[str, Answer]]:
    """Return the time tables not in use, by their names in the database."""
    return [
        (name.removeprefix(OTHERS), answer)
        for name, answer in recorded.items()
        if name.startswith(OTHERS)
    ]


def _line(table: str, answer: Answer, by_day: Answer, recorded: Recorded) -> Line:
    """Compare a table with the one in use, or return the reason why it has no hours."""
    if answer.state != "ready":
        return Line(table, nan, nan, nan, answer.reason)
    alike = answer.selection == by_day.selection
    hours, entries = _in_all(answer)
    whole, _ = _in_all(by_day if alike else recorded[OF_COMPANY])
    apart = round(hours - whole, DIGITS) + 0.0  # never -0.0
    return Line(table, hours, entries, apart, "" if alike else COMPANY.format(hours_of(whole)))


def _in_all(answer: Answer) -> tuple[float, float]:
    """Return all hours and entries of an answer; NaN if there is none."""
    if not answer.answered:
        return nan, nan
    return float(answer.frame["hours"].sum()), float(answer.frame["entries"].sum())
