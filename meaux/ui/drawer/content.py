"""Content: the drawer with a card's table, its rows, its files and its SQL.

For a row of the table it offers what a click does for a mark, also from the keyboard, and to show
what the row is made of.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from meaux.charts.cells import name
from meaux.data.schema.vocabulary import NO_TEAM, NOBODY, UNASSIGNED, UNNAMED
from meaux.query import export
from meaux.query.answers import Answer
from meaux.query.filters import Period, Selection
from meaux.query.workbook import Sheet
from meaux.subjects.behind import BEHIND
from meaux.subjects.card import Chart, Table, grain_of
from meaux.subjects.rows import DAYS, SIDE, Opening
from meaux.ui import (
    annotating,
    choices,
    dataframe,
    files,
    filters,
    marks,
    opening,
    origin,
    paper,
    visitor,
)
from meaux.ui.drawer.dialog import opened
from meaux.ui.error_boundary import error_boundary
from meaux.ui.text import LONGEST_QUOTED, escaped
from meaux.wording import enumerated

KEY = opening.DATA
"""The key in the URL of the title of the card whose data are shown."""
SHOWN = "card of the data"
GROUPS = {
    "team": ("team",),
    "project": ("project",),
    "person": ("person",),
    "category": ("category",),
    "service": ("service", "model"),
}
"""The groups of rows that a filter's value can be, by the filter."""
TOTAL = "Total"
"""What a row of all categories together is called."""
NONE = {UNASSIGNED, NOBODY, NO_TEAM, UNNAMED}
"""What rows without a value of a filter are called."""
HINT = f"Choose a row to filter the page by it, or to show what it is made of. {dataframe.KEYS}"


@dataclass(frozen=True)
class Shown:
    """A card whose data are shown: its file, and how its picture is drawn."""

    card: Chart | Table
    held: Sheet
    pictured: Chart | None


def button(card: Chart | Table) -> None:
    """Draw the button that opens the drawer; nothing if the drawer would have nothing.

    A card in a drawer has none: its data are folded below it.
    """
    may = visitor.current().may
    if marks.are_still() or not (_is_ready(card) or may("sql")):
        return
    parts = ["Table"] + ["files"] * may("files") + ["SQL"] * may("sql")
    st.button(
        "Data",
        key=f"data {card.title}",
        on_click=_open,
        args=(card.title,),
        icon=":material/table:",
        type="tertiary",
        help=f"{enumerated(parts)} of {escaped(card.title)}",
    )


def offer(card: Chart | Table, held: Sheet) -> None:
    """Keep a card for the drawer if the URL opens its data."""
    if st.query_params.get(KEY) == card.title and not marks.are_still():
        st.session_state[SHOWN] = _shown(card, held)


def folded(card: Chart | Table, held: Sheet) -> None:
    """Draw the rows, files and SQL of a card in a drawer, folded below it."""
    icon = ":material/table:"
    with st.expander("Data", key=f"data {card.title}", icon=icon, on_change="rerun") as fold:
        if fold.open:
            _files(_shown(card, held))
            origin.folded(card.answer.made_of, card.title)


def _shown(card: Chart | Table, held: Sheet) -> Shown:
    if isinstance(card, Chart) and _is_ready(card):
        return Shown(card, held, annotating.on_chart(card))
    return Shown(card, held, None)


def _is_ready(card: Chart | Table) -> bool:
    return card.answer.state == "ready"


def drawer(selection: Selection) -> None:
    """Draw the drawer of the data in the URL, if it opens any and the page has the card."""
    shown: Shown | None = st.session_state.pop(SHOWN, None)
    wanted = st.query_params.get(KEY)
    if wanted is None or opening.is_open():
        return
    if shown is None:
        st.toast(
            f"No data of {escaped(wanted[:LONGEST_QUOTED])} on this page.",
            icon=":material/filter_alt_off:",
        )
        _close()
        return
    opened(f"Data: {escaped(shown.card.title)}", _draw, _close)(shown, selection)


def _open(title: str) -> None:
    opening.close_all()
    st.query_params[KEY] = title


def _close() -> None:
    st.query_params.pop(KEY, None)


def _draw(shown: Shown, selection: Selection) -> None:
    """Draw the files, the rows with what can be done with one, and the SQL.

    A click reruns only this.
    """
    card = shown.card
    if st.query_params.get(KEY) != card.title or opening.is_open():
        st.rerun()
    with error_boundary(f"The data of {card.title}"):
        if _is_ready(card):
            _files(shown)
            _rows(card, selection)
        else:
            st.info("This card has no rows to show.", icon=":material/inbox:")
        origin.folded(card.answer.made_of, card.title)


def _files(shown: Shown) -> None:
    """Draw the way to the rows behind the card, its CSV and its picture."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if _is_ready(shown.card):
            opening.button(shown.card.rows, shown.card.title)
        if visitor.current().may("files"):
            _csv(shown.held, shown.card.answer)
            if shown.pictured:
                paper.pictures(shown.pictured)


def _csv(held: Sheet, answer: Answer) -> None:
    names = filters.naming()

    def made() -> bytes:
        if held.literal:
            return export.csv(held.frame, str, answer.selection.zone)
        named = export.for_people(held.frame, names())
        return export.csv(named, zone=answer.selection.zone, unit=held.unit)

    files.button(
        "CSV",
        made,
        export.file_name(held.title, answer.selection, "csv"),
        key=f"csv {held.title}",
        disabled=answer.state != "ready",
        type="tertiary",
    )


def _rows(card: Chart | Table, selection: Selection) -> None:
    """Draw the rows, and what can be done with the chosen one."""
    frame = card.answer.frame
    able = bool(choices.here()) and (bool(_kinds(card)) or "day" in frame)
    how: dict[str, Any] = {}
    if able:
        st.caption(HINT)
        how = {"key": "row of data", "on_select": "rerun", "selection_mode": "single-row"}
    if card.answer.literal:
        dataframe.literal(card.title, frame)
        return
    unit, pinned = (card.unit, card.pinned) if isinstance(card, Table) else (None, "")
    chosen = dataframe.rows(card.title, _marked(frame), selection, unit, pinned, **how)
    rows = chosen["selection"]["rows"] if able else []
    if rows and rows[0] < len(frame):
        _offers(card, frame.iloc[rows[0]], selection)


def _marked(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows without the columns of flags that no row has."""
    flags = frame.select_dtypes("bool")
    return frame.drop(columns=[name for name in flags if not flags[name].any()])


def _kinds(card: Chart | Table) -> dict[str, str]:
    """Return the filter of each column that this page has a filter for."""
    here = choices.here()
    return {column: kind for column, kind in card.picks.items() if kind in here}


def _offers(card: Chart | Table, row: pd.Series, selection: Selection) -> None:
    """Draw the buttons that filter the page by a row, and the one that shows its rows."""
    days = days_of(card, row, selection)
    found = list(_values(card, row))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for kind, value in found:
            if kind in choices.here():
                is_set = choices.get(kind) == (value,)
                _offer(f"{choices.noun(kind)} {value}", kind, partial(_filter, kind, value), is_set)
        if days:
            _offer(str(days), "days", partial(_filter_days, days, selection.period), is_set=False)
        opening.button(rows_of(card, row, days), f"of row of {card.title}")
        if not found and not days:
            st.caption("This row stands for nothing to filter by.")


def _offer(words: str, key: str, apply: Any, is_set: bool) -> None:  # noqa: FBT001
    label = f"Take away the filter {words}" if is_set else f"Filter the page by {words}"
    icon = "filter_alt_off" if is_set else "filter_alt"
    st.button(escaped(label), key=f"filter by {key}", on_click=apply, icon=f":material/{icon}:")


def _filter(kind: str, value: str) -> None:
    choices.toggle({kind: [value]})
    _close()


def _filter_days(days: Period, now: Period) -> None:
    choices.toggle_days(days, now)
    _close()


def _values(card: Chart | Table, row: pd.Series) -> Iterator[tuple[str, str]]:
    """Yield each filter that a row stands for, with its value."""
    for column, kind in card.picks.items():
        if column in row and pd.notna(row[column]):
            alone = pd.DataFrame([row])
            value = marks.value_of(kind, alone, column, name(row[column]))
            if value is not None:
                yield kind, value


def days_of(card: Chart | Table, row: pd.Series, selection: Selection) -> Period | None:
    """Return the days that a row stands for; None if it is of no day, or of all that are shown."""
    day = row.get("day")
    if not isinstance(day, pd.Timestamp) or pd.isna(day):
        return None
    grain = grain_of(card.draw) if isinstance(card, Chart) else "day"
    days = marks.within(marks.part_of(day.date(), grain), selection.period)
    return None if days == selection.period else days


def rows_of(card: Chart | Table, row: pd.Series, days: Period | None) -> Opening | None:
    """Return the rows that one row of the card is made of; None if they can't be told."""
    rows = card.rows
    if rows is None or not _is_told(card, row):
        return None
    known = BEHIND[rows.metric].side(rows.value(SIDE)).source.groups
    values = dict(_values(card, row))
    for column, kind in card.picks.items():
        shown = name(row[column]) if column in row else TOTAL
        group = next((one for one in GROUPS.get(kind, ()) if one in known), None)
        if shown == TOTAL:
            continue
        if group is None or (kind not in values and shown not in NONE):
            return None
        value = values.get(kind)
        id_ = "" if value is None else choices.options(kind).get(value, value)
        rows = rows.choosing(group, id_)
    if days:
        rows = rows.choosing(DAYS, f"{days.start}..{days.last}")
    return None if rows == card.rows else rows


def _is_told(card: Chart | Table, row: pd.Series) -> bool:
    """Return whether nothing but filters and a day tells a row from others."""
    beside = {*card.picks, *choices.LABELS, "day", "color"}
    return all(
        isinstance(value, Real | np.bool_) or value is None or pd.isna(value)
        for column, value in row.items()
        if column not in beside
    )
