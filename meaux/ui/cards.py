"""Cards: a title with a number, chart or table, or the state of its data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Literal

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from meaux.charts.layered import specification
from meaux.data.categories import capitalised
from meaux.query import export
from meaux.query.answers import Answer, without_query
from meaux.query.filters import Selection
from meaux.query.metrics import MISSING, Metric, Unit, unit_of
from meaux.query.metrics.units import SECOND
from meaux.subjects.absence import no_data, no_rows
from meaux.subjects.behind import BEHIND
from meaux.subjects.card import (
    Card,
    Chart,
    Download,
    Draw,
    Notice,
    Sentence,
    Switched,
    Table,
    Unfolded,
)
from meaux.subjects.figure import Figure
from meaux.subjects.money.ledger import Ledger
from meaux.subjects.rows import Opening
from meaux.ui import data, files, filters, opening, pages, receipt, visitor
from meaux.ui.error_boundary import error_boundary
from meaux.ui.text import age, escaped, safe_url
from meaux.wording import counted, enumerated, sentences, shortly

DELTA_COLOURS: dict[str, Literal["normal", "inverse", "off"]] = {
    "up": "normal",
    "down": "inverse",
    "neither": "off",
}
NUMBER_FORMATS: dict[str | None, str] = {
    "money": "dollar",
    "price": "$%.4g",
    "hours": "%,.1f",
    "count": "localized",
    "ratio": "%.1f%%",
    "points": "%+.0f pp",
    "bytes": "bytes",
    "gigabytes": "%.1f",
    "milliseconds": "%,.0f",
    "days": "localized",
}
"""How a table writes each unit; a unit in the heading isn't repeated in the cells."""

PRICES = ("money", "price")
"""The units of costs."""

LONG = 10 * SECOND
"""Milliseconds from which a table writes the whole column in seconds."""

WITHOUT_SCHEME = r"^https?://(.*?)/?$"
"""The part of a link that a table shows."""

TO_THE_SECOND = {"logged"}
"""Columns whose times need seconds to be distinct."""

PICKED = "picked"
"""The name of the mark selection in every chart that has one."""

MAPPABLE = "If your tables use other names, map them in `.streamlit/schema.toml`."

ARROW = "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"
"""Between a page and its tab."""

NARROWEST = 230
"""Minimum width of a card in pixels; narrower cards wrap."""
CHARTS_ABREAST = 3
"""Maximum number of charts in a row; a row with more cards has numbers."""
NARROWEST_NUMBER = 190
"""Minimum width in a row with more cards: four numbers fit beside a laptop's sidebar."""


@contextmanager
def row(columns: int) -> Iterator[None]:
    """Open a row of cards of equal width and height; a narrow row wraps.

    An error between its cards, while an answer is computed, ends only this row.
    """
    narrowest = NARROWEST_NUMBER if columns > CHARTS_ABREAST else NARROWEST
    grid = st.grid(columns, min_column_width=narrowest, gap="small")
    with grid, error_boundary("A row of cards"):
        yield


def number(name: str, made: Callable[[], Figure], page: str = "") -> None:
    """Draw a number card of the figure that is made; `page` is the title of a page to link to.

    `name` is the card's name in the log if it fails.
    """
    with _framed_number(name):
        _shown(made(), page)


def draw(card: Card) -> None:
    """Draw a card of any shared type."""
    match card:
        case Chart():
            chart(card)
        case Switched():
            _switched(card)
        case Table():
            table(card)
        case Sentence():
            st.caption(escaped(card.words))
        case Notice():
            st.info(escaped(card.words), icon=f":material/{card.icon}:")
        case Unfolded():
            _unfolded(card)
        case Download():
            _download(card)


def _unfolded(card: Unfolded) -> None:
    with st.expander(
        card.label, key=card.key, icon=f":material/{card.icon}:", on_change="rerun"
    ) as it:
        if it.open:
            draw(card.made(data.answers(card.asks)))


def _download(card: Download) -> None:
    if not visitor.current().may("files"):
        return
    files.button(
        card.label,
        data.later(card.ask, card.made),
        export.file_name(card.subject, card.ask.selection.period, "csv"),
        "text/csv",
        help=card.about,
    )


@contextmanager
def _framed_number(name: str) -> Iterator[None]:
    frame = st.container(border=True, height="stretch", gap="xsmall")
    with frame, error_boundary(f"The card {name}"):
        yield


def _shown(shown: Figure, page: str = "") -> None:
    receipt.figure(shown)
    st.metric(
        shown.metric.label,
        shown.metric.short(shown.value),
        shown.delta,
        delta_color=DELTA_COLOURS[shown.metric.good],
        help=_explained(data.defined(shown.metric), shown.origin)
        + (f" {MAPPABLE}" if shown.unanswered else ""),
        chart_data=list(shown.trend) or None,
        chart_type="area",
        delta_description=shown.versus if shown.delta is not None else None,
    )
    if shown.note:
        st.caption(escaped(shortly(shown.note)))
    known = shown.metric.name in BEHIND and shown.value is not None
    rows = Opening(shown.metric.name) if known else None
    if page or (rows and opening.may(rows)):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            if page:
                pages.link(page)
            opening.button(rows, shown.metric.name)


def chart(card: Chart) -> None:
    """Draw a chart card."""
    priced = [card.answer] if card.metric.unit in PRICES else []
    with _framed(card.title, card.about or data.defined(card.metric), *priced) as head:
        _fill(card, head, partial(_drawn, card))


def _switched(card: Switched) -> None:
    definitions = (f"{option}: {data.defined(of)}" for option, (_, of) in card.options.items())
    answers = [answer for answer, _ in card.options.values()]
    with _framed(card.title, " ".join(definitions), *answers) as head:
        option = switch(f"{card.title} by", list(card.options), card.key)
        answer, metric = card.options[option]
        shown = Chart(card.title, answer, card.draw, metric)
        _fill(shown, head, partial(_drawn, shown))


def switch(label: str, options: Sequence[str], key: str) -> str:
    """Return the selected word; the URL keeps it unchanged, and the first is the default."""
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


def table(
    card: Table,
    body: Callable[[pd.DataFrame], None] | None = None,
    foot: Callable[[], None] | None = None,
) -> None:
    """Draw a table card; `body` draws its rows in another way, `foot` draws below them."""
    listed = partial(
        rows, card.title, selection=card.answer.selection, unit=card.unit, pinned=card.pinned
    )
    with _framed(card.title, _explained(card.about, card.origin), card.answer) as head:
        _fill(card, head, body or listed)
        if foot:
            foot()


def made(  # noqa: PLR0913  a card has that many parts
    title: str,
    about: str,
    frame: pd.DataFrame,
    selection: Selection,
    body: Callable[[pd.DataFrame], None] | None = None,
    *,
    note: str = "",
    empty: str = "",
    **how: Any,
) -> None:
    """Draw a table card of a frame without a query; `how` sets other fields of its answer."""
    answer = without_query(about, frame, selection, **how)
    table(Table(title, answer, about, note, empty), body)


def rows(
    title: str,
    frame: pd.DataFrame,
    selection: Selection,
    unit: Unit | None = None,
    pinned: str = "",
    **how: Any,
) -> None:
    """Draw a frame as the table of a card; the column `url` holds web links."""
    shown, columns = data.kept(_arranged, frame, selection.zone, unit, pinned)
    st.dataframe(
        shown,
        column_config=columns,
        hide_index=True,
        placeholder=MISSING,
        alt=f"{title}: {counted(len(frame), 'row')}",
        **how,
    )


def _arranged(
    frame: pd.DataFrame, zone: str, unit: Unit | None, pinned: str
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Return the rows as a table shows them, and the configuration of its columns."""
    columns = {
        str(name): _column(str(name), values, zone, unit) | {"pinned": str(name) == pinned or None}
        for name, values in frame.items()
    }
    return _scaled(_linked(frame)), columns


def _scaled(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with ratios in percent and long durations in seconds.

    A table writes each column in one unit with a fixed number of decimals.
    """
    numbers = frame.select_dtypes("number")
    factors = {str(name): _factor(str(name), values) for name, values in numbers.items()}
    return frame.assign(**{name: frame[name] * by for name, by in factors.items() if by != 1})


def _factor(name: str, values: pd.Series) -> float:
    """Return the factor that a table multiplies a column by."""
    unit = unit_of(name)
    if unit == "ratio":
        return 100
    return 1 / SECOND if unit == "milliseconds" and _long(values) else 1


def _long(values: pd.Series) -> bool:
    """Return whether durations in milliseconds read better in seconds."""
    return bool((values.abs() >= LONG).any())


def literal(title: str, frame: pd.DataFrame) -> None:
    """Draw a frame with the column names of the database."""
    st.dataframe(
        frame,
        hide_index=True,
        placeholder=MISSING,
        alt=f"{title}: {counted(len(frame), 'row')}",
    )


def _linked(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with links only to web addresses."""
    if "url" not in frame:
        return frame
    return frame.assign(url=frame["url"].map(lambda words: safe_url(words) or None))


def _column(name: str, values: pd.Series, zone: str, other: Unit | None) -> Any:
    """Return a column's configuration; a number without a unit of its own has the `other` one."""
    heading = export.heading(name)
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        seconds = ":ss" if name in TO_THE_SECOND else ""
        return st.column_config.DatetimeColumn(
            heading, format=f"D MMM YYYY, HH:mm{seconds}", timezone=zone
        )
    if pd.api.types.is_datetime64_dtype(values.dtype):
        return st.column_config.DateColumn(heading, format="D MMM YYYY")
    if name == "url":
        return st.column_config.LinkColumn(heading, display_text=WITHOUT_SCHEME)
    if isinstance(next(iter(values), None), list):
        highest = max(max(line) for line in values)
        return st.column_config.AreaChartColumn(heading, y_min=0, y_max=highest)
    unit = (unit_of(name) or other) if pd.api.types.is_numeric_dtype(values.dtype) else None
    if unit in NUMBER_FORMATS:
        return _number(heading, unit, values)
    return st.column_config.Column(heading)


def _number(heading: str, unit: Unit | None, values: pd.Series) -> Any:
    """Return the configuration of a number column; long durations are `_scaled` to seconds."""
    if unit == "milliseconds" and _long(values):
        return st.column_config.NumberColumn(heading.replace("(ms)", "(s)"), format="%,.1f")
    return st.column_config.NumberColumn(heading, format=NUMBER_FORMATS[unit])


@contextmanager
def _framed(title: str, about: str, *answers: Answer) -> Iterator[DeltaGenerator]:
    """Draw a card's border and its head with the title; yield the head, to add to it."""
    parts = [part for answer in answers if _has_money(answer) for part in answer.parts or (answer,)]
    explained = _explained(about, *dict.fromkeys(Ledger(part).origin for part in parts))
    with st.container(border=True, height="stretch", gap="medium"):
        head = st.container(horizontal=True, vertical_alignment="center", gap="xsmall")
        receipt.current().titles.append(title)
        head.header(escaped(title), anchor=False, help=explained, width="stretch")
        with error_boundary(f"The card {title}"):
            yield head


def _has_money(answer: Answer) -> bool:
    """Return whether the answer has costs, so that the card names their tables."""
    return any(unit_of(str(column)) in PRICES for column in answer.frame)


def _explained(about: str, *origins: str) -> str:
    """Return a definition, followed by the tables that the numbers come from."""
    return " ".join([about, *map(escaped, filter(None, origins))])


def _fill(card: Chart | Table, head: DeltaGenerator, body: Callable[[pd.DataFrame], None]) -> None:
    """Draw the card's menu, then its body or the state of its data, then its note.

    A reason for the state isn't repeated in the note.
    """
    answer = card.answer
    held = answer.frame if card.file is None else card.file
    with head:
        _menu(card.title, answer, held, card.rows)
    if answer.state == "ready":
        body(answer.frame)
        receipt.sheet(card.title, held, literal=answer.literal)
    else:
        _state(card.title, answer, card.empty)
    note = card.note.replace(answer.reason, "").strip() if answer.state == "empty" else card.note
    if said := sentences(note, *_unread(answer, card.empty)):
        st.caption(escaped(shortly(said)))


def _unread(answer: Answer, empty: str) -> Iterator[str]:
    """Yield a sentence for each column with unreadable values; none if the card gives a reason."""
    if answer.state == "empty" and empty and not answer.reason:
        return
    for part in answer.parts or (answer,):
        yield from part.unread


def _drawn(card: Chart, frame: pd.DataFrame) -> None:
    drawn = data.kept(_specification, card.draw, frame, card.metric)
    # Streamlit takes the rows out of what it is given.
    show = partial(st.vega_lite_chart, spec={**drawn}, width="stretch", key=f"chart {card.title}")
    if not card.opens:
        show()
        return
    page = pages.find(card.opens)
    chosen: Any = show(on_select="rerun", selection_mode=PICKED)
    for mark in chosen.selection[PICKED]:
        pages.go(page, card.by, mark["label"])
    pages.links(page, card.by, frame[card.by])


def _specification(draw: Draw, frame: pd.DataFrame, metric: Metric) -> dict[str, Any]:
    return specification(draw(frame, metric))


def _state(title: str, answer: Answer, empty: str) -> None:
    match answer.state:
        case "empty" if answer.reason or empty:
            st.info(escaped(shortly(answer.reason or empty)), icon=":material/inbox:")
        case "empty" if answer.rowless:
            st.info(no_rows(answer, escaped), icon=":material/inbox:")
        case "empty":
            st.info(
                escaped(no_data(title, answer, filters.current().period)), icon=":material/inbox:"
            )
        case "unavailable" if answer.selection.only is not None:
            st.info(escaped(answer.reason), icon=":material/group_off:")
        case "unavailable":
            st.info(
                f"Not available for this database. {escaped(_needs(answer.reason))} {MAPPABLE}",
                icon=":material/link_off:",
            )
        case "failed":
            st.error(escaped(answer.reason), icon=":material/error:")


def _needs(reason: str) -> str:
    """Return what a card needs, in short; the page Data lists all alternatives."""
    short = shortly(reason)
    if short == reason or not visitor.current().may("health"):
        return short
    return f"{short} See Data {ARROW} Health for all alternatives."


def _menu(title: str, answer: Answer, held: pd.DataFrame, rows: Opening | None) -> None:
    """Draw a card's menu: its rows, a CSV of the `held` rows, the SQL, and what the query took.

    It has only what the visitor may see.
    """
    csv, sql = visitor.current().may("files"), visitor.current().may("sql")
    if not csv and not sql:
        return
    behind = rows is not None and opening.may(rows) and answer.state == "ready"
    deeds = ["Show the rows"] * behind + ["download the CSV"] * csv + ["see the SQL"] * sql
    with st.popover(
        enumerated(["Rows"] * behind + ["CSV"] * csv + ["SQL"] * sql, "&"),
        type="tertiary",
        icon=":material/database:",
        help=capitalised(f"{enumerated(deeds, 'or')} of {escaped(title)}"),
    ):
        if behind:
            opening.button(rows, title)
        if csv:
            _csv(title, answer, held)
        if sql:
            for part in answer.parts or (answer,):
                origin(part)


def _csv(title: str, answer: Answer, held: pd.DataFrame) -> None:
    headings = str if answer.literal else export.heading
    files.button(
        "Download CSV",
        lambda: export.csv(held, headings),
        export.file_name(title, answer.selection.period, "csv"),
        "text/csv",
        key=f"csv {title}",
        disabled=answer.state != "ready",
    )


def origin(answer: Answer) -> None:
    """Draw the SQL of an answer with its parameters, what it took, and missing tables."""
    st.caption(escaped(_took(answer)))
    missing = [words for words in answer.without.values() if words.startswith("the table")]
    if missing:
        st.caption(escaped(f"Calculated without {'; '.join(missing)}."))
    if answer.statement:
        st.code(answer.statement.sql, language="sql", height=280)
        for number, value in enumerate(answer.statement.params, 1):
            st.caption(escaped(f"?{number} = {value}"))


def _took(answer: Answer) -> str:
    if answer.fetched is None and answer.query.name:
        return f"{answer.query.about} Not read."
    if answer.fetched is None:
        return "From the schema, which was read when the database was opened; no query."
    meta = answer.fetched.rows.meta
    read = "Rows read: unknown" if meta.rows_read is None else f"Rows read: {meta.rows_read:,}"
    return (
        f"{answer.query.about} {read}, {meta.duration_ms:,.1f} ms, served by {meta.served_by}, "
        f"{age(answer.fetched.at)}."
    )
