"""Own cards: those of the folder, each on its page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from meaux.data.faults import Fault
from meaux.errors import SettingError
from meaux.query.metrics import MISSING, column
from meaux.subjects.card import Chart
from meaux.subjects.figure import Figure
from meaux.subjects.own import folder
from meaux.subjects.own.cards import ASK_THE_OWNER, Own
from meaux.subjects.own.folder import CardFile
from meaux.subjects.own.frames import Column
from meaux.subjects.own.heading import MY_CARDS
from meaux.subjects.page import Item, Row, Tabs
from meaux.ui import cards, dataframe, number, visitor
from meaux.ui.loading import data, receipt
from meaux.ui.text import escaped
from meaux.wording import counted

if TYPE_CHECKING:
    from meaux.subjects.own.parts import Part

NUMBERS_ABREAST = 4
CHARTS_ABREAST = 2

NONE_YET = (
    "No cards yet. Put a `.sql` file into the folder `cards` beside `app.py`; `docs/cards.md` "
    "shows how."
)


def files() -> tuple[CardFile, ...]:
    """Return the cards of the folder as their files are now; none without a folder."""
    return folder.files(folder.folder_of(data.current_settings().cards_folder))


def has_page() -> bool:
    """Return whether there is a card for the page of own cards."""
    try:
        return any(file.heading.page == MY_CARDS for file in files())
    except SettingError:
        return False


def below(items: tuple[Item, ...], title: str) -> tuple[Item, ...]:
    """Return the items of the page with this title, with its own cards below, in every tab."""
    mine = [part for part in _parts() if part.file.heading.page == title]
    if not mine:
        return items
    own = tuple(_arranged(mine))
    if items and isinstance(items[-1], Tabs):
        bodies = {tab: (*body, *own) for tab, body in items[-1].bodies.items()}
        return (*items[:-1], Tabs(bodies))
    return (*items, *own)


def faults() -> list[Fault]:
    """Return the mistakes in the folder and its files."""
    given = data.current_settings().cards_folder
    of_folder = folder.faults_of(folder.folder_of(given), given)
    return [*of_folder, *(part.fault for part in _parts() if part.fault)]


def _parts() -> tuple[Part, ...]:
    """Return the part of each card, for this visitor."""
    found = files()
    if not found:
        return ()
    # The parser takes a tenth of a second to import, which only a dashboard with own cards needs.
    from meaux.subjects.own.parts import parts  # noqa: PLC0415
    from meaux.ui import copied  # noqa: PLC0415

    opened, may_sql = data.current_source(), visitor.current().may("sql")
    given = (opened.binding, opened.catalog, data.secrecy(), may_sql, copied.tables())
    return data.kept(parts, found, *given)


def _arranged(mine: list[Part]) -> Iterator[Item]:
    """Place numbers and charts that follow each other abreast."""
    for numbers, group in groupby(mine, lambda one: one.file.heading.chart == "number"):
        row = tuple(group)
        abreast = min(len(row), NUMBERS_ABREAST if numbers else CHARTS_ABREAST)
        yield Row(abreast, row)


def none_yet() -> None:
    """Say how a card comes onto the page of own cards."""
    st.info(NONE_YET, icon=":material/dashboard_customize:")


def draw(card: Own) -> None:
    """Draw a card of one's own."""
    shown = replace(
        card.shown, title=receipt.titled(card.shown.title), about=escaped(card.shown.about)
    )
    if card.fault and not visitor.current().may("sql"):
        shown = replace(shown, answer=replace(shown.answer, reason=ASK_THE_OWNER))
    if isinstance(shown, Chart):
        cards.chart(shown)
    elif card.figure is not None:
        cards.table(shown, partial(_number, card.figure))
    else:
        cards.table(shown, partial(_rows, shown.title, card.columns, shown.answer.selection.zone))


def _number(figure: Figure, _frame: pd.DataFrame) -> None:
    st.metric(
        escaped(figure.metric.label),
        figure.written,
        figure.delta,
        delta_color=number.DELTA_COLOURS[figure.metric.good],
        delta_description=figure.versus if figure.delta is not None else None,
        label_visibility="collapsed",
    )


def _rows(title: str, columns: tuple[Column, ...], zone: str, frame: pd.DataFrame) -> None:
    """Draw the rows, each number in its unit and each time in the selected zone."""
    units = {column.heading: column.unit for column in columns}
    configured: dict[str, Any] = {
        str(name): _column(str(name), values, units.get(str(name)), zone)
        for name, values in frame.items()
    }
    factors = {name: column("", unit, frame[name]).factor for name, unit in units.items() if unit}
    st.dataframe(
        frame.assign(**{name: frame[name] * by for name, by in factors.items() if by != 1}),
        column_config=configured,
        hide_index=True,
        placeholder=MISSING,
        alt=f"{title}: {counted(len(frame), 'row')}",
    )


def _column(heading: str, values: pd.Series, unit: Any, zone: str) -> Any:
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        return st.column_config.DatetimeColumn(heading, format="D MMM YYYY, HH:mm", timezone=zone)
    if pd.api.types.is_datetime64_dtype(values.dtype):
        return st.column_config.DateColumn(heading, format="D MMM YYYY")
    if unit:
        return dataframe.number(heading, unit, values)
    return st.column_config.Column(heading)
