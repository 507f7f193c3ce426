"""Annotations: what charts over time are annotated with, from the database and from notes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Annotated

import pandas as pd

from meaux.data.notes import Note
from meaux.query import queries
from meaux.query.answers import Answer, Ask
from meaux.query.filters import Selection
from meaux.query.needs import Request, asking, choosing
from meaux.subjects.money.cards.calendar import Year
from meaux.wording import day_of, enumerated, span_of

NEWEST = 100
"""The most annotations of each kind from the database."""
NOTE = "Note"
COLUMNS = ["day", "kind", "text"]
MOST_BESIDE = 3


def _of_year(request: Request) -> Ask:
    over = request.given(Year).days(request.selection)
    return Ask(queries.annotations, over, limit=NEWEST)


def recorded(
    rows: Annotated[Answer, asking(queries.annotations, limit=NEWEST)], selection: Selection
) -> pd.DataFrame:
    """Return the annotations in the database: day (datetime64, local), kind, text, times."""
    frame = rows.frame
    if rows.state != "ready":
        nothing = {"day": pd.Series(dtype="datetime64[s]"), "kind": [], "text": [], "times": []}
        return pd.DataFrame(nothing)
    local = frame["at"].dt.tz_convert(selection.zone).dt.tz_localize(None).dt.normalize()
    texts = [
        title if pd.isna(project) else f"{title} ({project})"
        for title, project in zip(frame["title"], frame["project"], strict=True)
    ]
    return _once_a_day(
        pd.DataFrame({"day": local.astype("datetime64[s]"), "kind": frame["kind"], "text": texts})
    )


def recorded_in_year(
    rows: Annotated[Answer, choosing(_of_year, queries.annotations)], selection: Selection
) -> pd.DataFrame:
    """Return the annotations of the calendar's year, which may have more days than the period."""
    return recorded(rows, selection)


def with_year(found: pd.DataFrame, of_year: pd.DataFrame, selection: Selection) -> pd.DataFrame:
    """Return the annotations of the period, and those of the other days of a year."""
    period = selection.period
    inside = of_year["day"].between(pd.Timestamp(period.start), pd.Timestamp(period.last))
    return pd.concat([found, of_year[~inside]], ignore_index=True)


def _once_a_day(listed: pd.DataFrame) -> pd.DataFrame:
    """Return each text of a day once, with how often it is there: `Budget: update (2x)`."""
    often = listed.groupby(COLUMNS, sort=False, dropna=False).size().rename("times").reset_index()
    more = " (" + often["times"].astype("str") + "\N{MULTIPLICATION SIGN})"
    return often.assign(text=often["text"] + more.where(often["times"] > 1, ""))


def together(
    found: pd.DataFrame, notes: tuple[Note, ...], selection: Selection, known: frozenset[str]
) -> pd.DataFrame:
    """Return the annotations of the database and the notes on the period, in order of their days.

    `known` are the ids and names of the teams and projects that somebody may see who may see some
    teams only.
    """
    period = selection.period
    rows = [
        {"day": max(note.date, period.start), "kind": NOTE, "text": _worded(note)}
        for note in notes
        if note.date
        and note.date < period.end
        and (note.last_day or note.date) >= period.start
        and _is_about(note, selection, known)
    ]
    own = pd.DataFrame(rows, columns=COLUMNS).astype({"day": "datetime64[s]"})
    parts = [part for part in (found[COLUMNS], own) if len(part)]
    if not parts:
        return own
    return pd.concat(parts).sort_values("day", kind="stable", ignore_index=True)


def _worded(note: Note) -> str:
    if note.date and note.last_day and note.last_day > note.date:
        return f"{note.text} ({span_of(note.date, note.last_day)})"
    return note.text


def _is_about(note: Note, selection: Selection, known: frozenset[str]) -> bool:
    """Return whether a note is about what is selected, and may be seen."""
    if selection.only is not None and not _overlap((*note.projects, *note.teams), known):
        return False
    chosen = {
        "project": (note.projects, selection.projects),
        "team": (note.teams, selection.teams),
        "worker": (note.workers, selection.workers),
    }
    return all(
        not named or not ids or _overlap(named, _called(kind, ids, selection))
        for kind, (named, ids) in chosen.items()
    )


def _called(kind: str, ids: Iterable[str], selection: Selection) -> set[str]:
    """Return the ids of selected rows and their names."""
    return {one for id_ in ids for one in (id_, selection.names.get((kind, id_), id_))}


def _overlap(named: Iterable[str], known: Collection[str]) -> bool:
    return bool({one.casefold() for one in named} & {one.casefold() for one in known})


def cut_off(found: pd.DataFrame) -> str:
    """Say which kinds of annotations show the latest only; empty for none."""
    counted = found.groupby("kind").agg(times=("times", "sum"), first=("day", "min"))
    full = counted[counted["times"] >= NEWEST]
    told = [f"{kind} since {day_of(first)}" for kind, first in full["first"].items()]
    if not told:
        return ""
    return f"Charts show only the latest {NEWEST} annotations of a kind: {enumerated(told)}."


def beside(day: date, annotations: pd.DataFrame) -> str:
    """Return what lies on a day, or on the day before, in words; empty for nothing."""
    distance = pd.Timestamp(day) - annotations["day"]
    near = annotations[(distance >= pd.Timedelta(0)) & (distance <= pd.Timedelta(days=1))]
    listed = [
        f"{row.kind}: {row.text}" + ("" if row.day == pd.Timestamp(day) else ", the day before")
        for row in near.sort_values("day", ascending=False, kind="stable").itertuples()
    ]
    more = [f"{len(listed) - MOST_BESIDE} more"] if len(listed) > MOST_BESIDE else []
    return "; ".join(listed[:MOST_BESIDE] + more)


def with_beside(frame: pd.DataFrame, annotations: pd.DataFrame) -> pd.DataFrame:
    """Add what lies beside each day of a frame (`day`, datetime64): beside, text or None."""
    said = [beside(day, annotations) or None for day in frame["day"].dt.date]
    return frame.assign(beside=pd.Series(said, index=frame.index, dtype="object"))
