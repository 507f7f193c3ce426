"""Timekeeping: what is odd in the time entries, and what other tables say of the same time."""

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
from meaux.subjects.hours.frames import WORTH_A_WORD


class Oddity(NamedTuple):
    """Why an entry needs a look, and how it is treated."""

    name: str
    treatment: str


ODDITIES = {
    "running": Oddity("Running timer", "Counted, and in no total of hours until it is stopped."),
    "negative": Oddity("Negative length", "In no total of hours; a cost that is stored counts."),
    "long": Oddity("Longer than 24 hours", "Counted in full, on the day on which it started."),
    "overlapping": Oddity(
        "Overlap", "Begins before an earlier entry of the same person ended; both count in full."
    ),
    "unassigned": Oddity("Without a project", "Part of every total, and shown as Unassigned."),
    "unread": Oddity(
        "Length can't be read", "In no total of hours until it is written as a number."
    ),
}
"""Each reason of `odd_entries`, in the order in which the page tells them."""

NEWEST = 5
"""How many entries the page shows for each reason."""

COMPANY = "Whole company: {:,.1f} h in use."

USED, OF_COMPANY, OTHERS = "used", "of the company", "in "
"""The names of what is asked of the time tables; that of another one stands behind the last."""


class Line(NamedTuple):
    """A time table: its hours and entries in the period, and how far it is from the one in use."""

    table: str
    hours: float
    entries: float
    hours_apart: float
    note: str


Odd = Annotated[Answer, asking(queries.odd_entries, limit=NEWEST)]


def _odd(answer: Answer) -> Answer:
    """The odd entries in the order in which the page tells their reasons."""
    place = list(ODDITIES).index
    return answer.map(
        lambda frame: frame.sort_values(
            "reason", key=lambda r: r.map(place), kind="stable", ignore_index=True
        )
    )


def notes(answer: Answer) -> Answer:
    """How many entries are odd for each reason: finding, entries, length (hours), treatment."""

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
    """The newest odd entries of each reason.

    Columns: finding, at (where no time of day is known, day), person, project, length (hours),
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
    """Asks for the hours of the period in the time table that is in use, and in all others.

    One that can't be narrowed as the filters say is asked for the whole company.
    """
    recorded = queries.hours_recorded
    asks = {
        USED: Ask(recorded, selection),
        OF_COMPANY: Ask(recorded, selection.unnarrowed),
    }
    for name, bound in binding.filled("time_entry").items():
        asked = selection if _can_narrow(bound, selection) else selection.unnarrowed
        asks[OTHERS + name] = Ask(recorded, asked, on={"time_entry": name})
    return asks


def _can_narrow(bound: BoundTable | str, selection: Selection) -> bool:
    """Whether a table names what the filters choose by, in a way that means anything."""
    if isinstance(bound, str):
        return False
    chosen = {"project": selection.projects or selection.teams, "person": selection.people}
    return all(_tells(bound, column) for column, ids in chosen.items() if ids)


def _tells(bound: BoundTable, name: str) -> bool:
    """Whether a column is there, and not every value that was tried in it means nobody."""
    column = bound.columns.get(name)
    return column is not None and (column.identity is None or column.identity.matched != 0)


Recorded = Annotated[
    Mapping[str, Answer],
    each(lambda request: elsewhere(request.selection, request.binding), queries.hours_recorded),
]


def other_tables(recorded: Recorded) -> Answer:
    """What the other time tables say beside the one in use; empty where all say the same.

    Columns: table, hours, entries, hours_apart, note.
    """
    used = recorded[USED]
    if used.state != "ready":
        return used
    lines = [_line(table, answer, recorded) for table, answer in _others(recorded)]
    if all(abs(line.hours_apart) < WORTH_A_WORD for line in lines):
        return used.with_frame(pd.DataFrame(columns=list(Line._fields)))
    own = Line(used.sources["time_entry"], *_in_all(used), nan, "In use.")
    return used.with_frame(pd.DataFrame([own, *lines]).astype({"entries": "Int64"}))


def widened(recorded: Recorded) -> str:
    """A sentence on the tables that can't be narrowed as chosen; empty where there is none."""
    tables = [
        table
        for table, answer in _others(recorded)
        if answer.selection != recorded[USED].selection and answer.state == "ready"
    ]
    if not tables:
        return ""
    return f"Compared for the whole company, as they can't be narrowed: {', '.join(tables)}."


def _others(recorded: Recorded) -> list[tuple[str, Answer]]:
    """The time tables that are not in use, by their names in the database."""
    return [
        (name.removeprefix(OTHERS), answer)
        for name, answer in recorded.items()
        if name.startswith(OTHERS)
    ]


def _line(table: str, answer: Answer, recorded: Recorded) -> Line:
    """A table beside the one in use, or the reason why it has no hours."""
    if answer.state != "ready":
        return Line(table, nan, nan, nan, answer.reason)
    alike = answer.selection == recorded[USED].selection
    against = recorded[USED if alike else OF_COMPANY]
    hours, entries = _in_all(answer)
    whole, _ = _in_all(against)
    return Line(table, hours, entries, hours - whole, "" if alike else COMPANY.format(whole))


def _in_all(answer: Answer) -> tuple[float, float]:
    """The hours and the entries of an answer to `hours_recorded`; NaN where there is none."""
    if answer.state != "ready":
        return nan, nan
    return float(answer.frame["hours"].item()), float(answer.frame["entries"].item())
