"""Cards: a title, a number, a chart or a table, and whatever state its data are in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from meaux import export
from meaux.answers import Answer
from meaux.figures import Figure
from meaux.filters import Selection
from meaux.metrics import MISSING, Metric, unit_of
from meaux.ui import pages, receipt
from meaux.ui.text import age, escaped

DELTA_COLOURS: dict[str, Literal["normal", "inverse", "off"]] = {
    "up": "normal",
    "down": "inverse",
    "neither": "off",
}
NUMBER_FORMATS: dict[str | None, str] = {
    "money": "dollar",
    "price": "$%.4g",
    "hours": "%.1f",
    "count": "localized",
    "ratio": "percent",
    "bytes": "bytes",
    "milliseconds": "%.0f",
    "days": "localized",
}
"""How a table writes each unit; where it stands in the heading, not in the cell too."""

NARROWEST = 230
"""Pixels below which cards of a row go under each other."""

ROWS_WITHOUT_SCROLLING = 10
TABLE_HEIGHT = 390


def row(columns: int) -> Any:
    """A row of cards of equal width and height, fewer beside each other where it is narrow."""
    return st.grid(columns, min_column_width=NARROWEST, gap="small")


def figure(shown: Figure, page: str = "") -> None:
    """A number card; `page` is the title of the page that says more."""
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.metric(
            shown.metric.label,
            shown.metric.short(shown.value),
            shown.delta,
            delta_color=DELTA_COLOURS[shown.metric.good],
            help=shown.metric.definition,
            chart_data=list(shown.trend) or None,
            chart_type="area",
            delta_description=shown.versus or None,
        )
        if shown.note:
            st.caption(escaped(shown.note))
        pages.link(page)
    receipt.figure(shown)


def chart(  # noqa: PLR0913  a card has that many parts
    title: str,
    answer: Answer,
    draw: Callable[..., Any],
    metric: Metric,
    *,
    about: str = "",
    note: str = "",
    empty: str = "",
    **how: Any,
) -> None:
    """A chart card: `draw(frame, metric, **how)`.

    `about` is its definition, `note` a caption, `empty` what to say where there is nothing.
    """
    with _framed(title, about or metric.definition) as head:
        _fill(title, head, answer, _drawn(title, draw, metric, how), note, empty)


def switched(
    title: str,
    options: Mapping[str, tuple[Answer, Metric]],
    draw: Callable[..., Any],
    *,
    key: str,
) -> None:
    """A chart card with a switch; `key` holds the chosen option in the URL."""
    definitions = dict.fromkeys(metric.definition for _, metric in options.values())
    with _framed(title, " ".join(definitions)) as head:
        with head:
            option = switch(f"Show {title.lower()} by", list(options), key)
        answer, metric = options[option]
        _fill(title, head, answer, _drawn(title, draw, metric, {}))


def switch(label: str, options: Sequence[str], key: str) -> str:
    """One of a few words, kept in the URL as they stand; the first unless chosen."""
    chosen = st.segmented_control(
        label,
        options,
        default=options[0],
        required=True,
        key=key,
        label_visibility="collapsed",
        bind="query-params",
    )
    return chosen if chosen in options else options[0]


def table(title: str, answer: Answer, *, about: str, note: str = "", empty: str = "") -> None:
    """A table card, headed as its CSV is; points in time are shown in the selected zone."""
    with _framed(title, about) as head:
        _fill(title, head, answer, lambda f: rows(title, f, answer.selection), note, empty)


def rows(title: str, frame: pd.DataFrame, selection: Selection, **how: Any) -> None:
    """A frame as the table of a card; `how` is passed on to it."""
    st.dataframe(
        frame,
        column_config={
            str(name): _column(str(name), values, selection) for name, values in frame.items()
        },
        hide_index=True,
        placeholder=MISSING,
        height="content" if len(frame) <= ROWS_WITHOUT_SCROLLING else TABLE_HEIGHT,
        alt=f"{title}: {len(frame)} rows",
        **how,
    )


def literal(title: str, frame: pd.DataFrame) -> None:
    """A frame whose columns go by the names that the database gives them."""
    st.dataframe(
        frame,
        hide_index=True,
        placeholder=MISSING,
        height="content" if len(frame) <= ROWS_WITHOUT_SCROLLING else TABLE_HEIGHT,
        alt=f"{title}: {len(frame)} rows",
    )


def custom(  # noqa: PLR0913  a card has that many parts
    title: str,
    answer: Answer,
    body: Callable[[pd.DataFrame], None],
    *,
    about: str,
    note: str = "",
    empty: str = "",
) -> None:
    """A card whose body is drawn by a function of the answer's frame."""
    with _framed(title, about) as head:
        _fill(title, head, answer, body, note, empty)


def _column(name: str, values: pd.Series, selection: Selection) -> Any:
    """How a table shows a column."""
    heading = export.heading(name)
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        return st.column_config.DatetimeColumn(
            heading, format="D MMM YYYY, HH:mm", timezone=selection.zone
        )
    if pd.api.types.is_datetime64_dtype(values.dtype):
        return st.column_config.DateColumn(heading, format="D MMM YYYY")
    unit = unit_of(name)
    if unit in NUMBER_FORMATS:
        return st.column_config.NumberColumn(heading, format=NUMBER_FORMATS[unit])
    return st.column_config.Column(heading)


@contextmanager
def _framed(title: str, about: str) -> Iterator[DeltaGenerator]:
    """A card's border and its head, with the title; yields the head, for what else goes there."""
    with st.container(border=True, height="stretch", gap="medium"):
        head = st.container(horizontal=True, vertical_alignment="center", gap="xsmall")
        head.subheader(escaped(title), anchor=False, help=about, width="stretch")
        yield head


def _fill(  # noqa: PLR0913, PLR0917  a card has that many parts
    title: str,
    head: DeltaGenerator,
    answer: Answer,
    body: Callable[[pd.DataFrame], None],
    note: str = "",
    empty: str = "",
) -> None:
    """The card's menu, then its body or the state that stands in its place, then its note."""
    with head:
        _menu(title, answer)
    if answer.state == "ready":
        body(answer.frame)
        receipt.sheet(title, answer.frame, literal=answer.literal)
    else:
        _state(title, answer, empty)
    if note:
        st.caption(escaped(note))


def _drawn(
    title: str, draw: Callable[..., Any], metric: Metric, how: Mapping[str, Any]
) -> Callable[[pd.DataFrame], None]:
    def body(frame: pd.DataFrame) -> None:
        st.altair_chart(draw(frame, metric, **how), width="stretch", key=f"chart {title}")

    return body


def _state(title: str, answer: Answer, empty: str) -> None:
    match answer.state:
        case "empty" if empty:
            st.info(escaped(empty), icon=":material/inbox:")
        case "empty":
            st.info(
                f"Nothing recorded for {escaped(title.lower())} in "
                f"{escaped(in_words(answer.selection))}. "
                "Choose a longer period or fewer filters.",
                icon=":material/inbox:",
            )
        case "unavailable":
            st.info(
                f"Not available on this database. {escaped(answer.reason)} "
                "Another name can be mapped in `.streamlit/schema.toml`.",
                icon=":material/link_off:",
            )
        case "failed":
            st.error(escaped(answer.reason), icon=":material/error:")


def in_words(selection: Selection) -> str:
    """The selection as an empty state names it: `1-22 Nov 2026 for 2 teams`."""
    return " for ".join(filter(None, [str(selection.period), selection.rows_in_words]))


def _menu(title: str, answer: Answer) -> None:
    """What stands behind a card: its CSV, its SQL and what that took."""
    with st.popover(
        "Data", type="tertiary", icon=":material/database:", help=f"CSV and SQL of {escaped(title)}"
    ):
        frame, headings = answer.frame, str if answer.literal else export.heading
        st.download_button(
            "Download CSV",
            lambda: export.csv(frame, headings),
            export.file_name(title, answer.selection.period, "csv"),
            "text/csv",
            key=f"csv {title}",
            on_click="ignore",
            icon=":material/download:",
            disabled=answer.state != "ready",
        )
        st.caption(escaped(_took(answer)))
        missing = [words for words in answer.without.values() if words.startswith("the table")]
        if missing:
            st.caption(escaped(f"Answered without {'; '.join(missing)}."))
        if answer.statement:
            st.code(answer.statement.sql, language="sql", height=280)
            for number, value in enumerate(answer.statement.params, 1):
                st.caption(escaped(f"?{number} = {value}"))


def _took(answer: Answer) -> str:
    if answer.fetched is None:
        return "Nothing was read."
    meta = answer.fetched.rows.meta
    read = "Rows read: not counted" if meta.rows_read is None else f"Rows read: {meta.rows_read:,}"
    return (
        f"{answer.query.about} {read}, {meta.duration_ms:,.1f} ms, served by {meta.served_by}, "
        f"{age(answer.fetched.at)}."
    )
