"""Cards: a title, a number, a chart or a table, and whatever state its data are in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from meaux.query import export
from meaux.query.answers import Answer
from meaux.query.filters import Selection
from meaux.query.metrics import MISSING, Metric, Unit, unit_of
from meaux.query.metrics.units import SECOND
from meaux.subjects.card import Card, Chart, Download, Notice, Sentence, Switched, Table, Unfolded
from meaux.subjects.figure import Figure
from meaux.subjects.money import frames as costs
from meaux.ui import data, pages, receipt
from meaux.ui.fence import fenced
from meaux.ui.pages import MenuItem
from meaux.ui.text import age, escaped, safe_url, shortly
from meaux.wording import counted, enumerated, sentences

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
    "ratio": "%.1f %%",
    "points": "%+.0f pts",
    "bytes": "bytes",
    "gigabytes": "%.1f",
    "milliseconds": "%,.0f",
    "days": "localized",
}
"""How a table writes each unit; where it stands in the heading, not in the cell too."""

LONG = 10 * SECOND
"""Milliseconds from which on a table writes all of a column in seconds."""

WITHOUT_SCHEME = r"^https?://(.*?)/?$"
"""The part of a link that a table shows."""

TO_THE_SECOND = {"logged"}
"""Columns whose points in time are only told apart by their seconds."""

PICKED = "picked"
"""The name of the choice of a mark in every chart that has one."""

MAPPABLE = "Another name can be mapped in `.streamlit/schema.toml`."

NAMES = {"Workers"}
"""What keeps its capital letter wherever it stands."""

NARROWEST = 230
"""Pixels below which cards of a row go under each other."""
CHARTS_ABREAST = 3
"""How many charts a row has at most; more are numbers."""
NARROWEST_NUMBER = 190
"""The same where a row has more cards than that: four numbers fit beside a laptop's sidebar."""


@contextmanager
def row(columns: int) -> Iterator[None]:
    """A row of cards of equal width and height, fewer beside each other where it is narrow.

    What breaks between its cards, while one's answer is worked out, ends the row and no more.
    """
    narrowest = NARROWEST_NUMBER if columns > CHARTS_ABREAST else NARROWEST
    grid = st.grid(columns, min_column_width=narrowest, gap="small")
    with grid, fenced("A row of cards"):
        yield


def number(name: str, made: Callable[[], Figure], page: str = "") -> None:
    """A number card of the figure that is made; `page` is the title of one that says more.

    `name` is what the log calls it, should it break.
    """
    with _framed_number(name):
        _shown(made(), page)


def table_with_foot(card: Table, foot: Callable[[], None]) -> None:
    """Draw a table card; `foot` draws what stands below its rows."""
    table(card.title, card.answer, about=card.about, note=card.note, empty=card.empty, foot=foot)


def draw(card: Card | None) -> None:
    """Draw a card; nothing where there is none."""
    match card:
        case Chart():
            chart(
                card.title,
                card.answer,
                card.draw,
                card.metric,
                about=card.about,
                note=card.note,
                empty=card.empty,
                file=card.file,
                opens=card.opens,
                by=card.by,
            )
        case Switched():
            switched(card.title, card.options, card.draw, key=card.key)
        case Table():
            table(
                card.title,
                card.answer,
                about=card.about,
                note=card.note,
                empty=card.empty,
                unit=card.unit,
                pinned=card.pinned,
                file=card.file,
                origin=card.origin,
            )
        case Sentence():
            st.caption(escaped(card.words))
        case Notice():
            st.info(escaped(card.words), icon=f":material/{card.icon}:")
        case Unfolded():
            _unfolded(card)
        case Download():
            _download(card)
        case None:
            pass


def _unfolded(card: Unfolded) -> None:
    with st.expander(
        card.label, key=card.key, icon=f":material/{card.icon}:", on_change="rerun"
    ) as it:
        if it.open:
            draw(card.made(data.answers(card.asks)))


def _download(card: Download) -> None:
    st.download_button(
        card.label,
        data.later(card.ask, card.made),
        export.file_name(card.subject, card.ask.selection.period, "csv"),
        "text/csv",
        on_click="ignore",
        icon=":material/download:",
        help=card.about,
    )


@contextmanager
def _framed_number(name: str) -> Iterator[None]:
    frame = st.container(border=True, height="stretch", gap="xsmall")
    with frame, fenced(f"The card {name}"):
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
    if page:
        pages.link(page)


def chart(  # noqa: PLR0913  a card has that many parts
    title: str,
    answer: Answer,
    draw: Callable[..., Any],
    metric: Metric,
    *,
    about: str = "",
    note: str = "",
    empty: str = "",
    file: pd.DataFrame | None = None,
    opens: str = "",
    by: str = "",
    **how: Any,
) -> None:
    """A chart card: `draw(frame, metric, **how)`.

    `about` is its definition, `note` a caption, `empty` what to say where there is nothing.
    `file` is what its CSV and its sheet hold, where the chart shows more than its frame. A click
    on a mark, or a link below, opens the page of the title `opens` with its filter `by` set to
    the mark's value in the column of that name.
    """
    body = (
        _opening(title, draw, metric, how, pages.find(opens), by)
        if opens
        else _drawn(title, draw, metric, how)
    )
    with _framed(title, about or data.defined(metric), answer) as head:
        _fill(title, head, answer, body, note, empty, file)


def switched(
    title: str,
    options: Mapping[str, tuple[Answer, Metric]],
    draw: Callable[..., Any],
    *,
    key: str,
) -> None:
    """A chart card with a switch; `key` holds the chosen option in the URL."""
    definitions = dict.fromkeys(data.defined(metric) for _, metric in options.values())
    answers = [answer for answer, _ in options.values()]
    with _framed(title, " ".join(definitions), *answers) as head:
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


def table(  # noqa: PLR0913  a card has that many parts
    title: str,
    answer: Answer,
    *,
    about: str,
    note: str = "",
    empty: str = "",
    unit: Unit | None = None,
    pinned: str = "",
    file: pd.DataFrame | None = None,
    origin: str = "",
    foot: Callable[[], None] | None = None,
) -> None:
    """A table card, headed as its CSV is; points in time are shown in the selected zone.

    `unit` is that of the numbers whose column has none of its own; `pinned` names a column that
    stays in sight; `foot` draws what stands below the rows.
    """

    def body(frame: pd.DataFrame) -> None:
        rows(title, frame, answer.selection, unit, pinned)

    with _framed(title, _explained(about, origin), answer) as head:
        _fill(title, head, answer, body, note, empty, file)
        if foot:
            foot()


def rows(
    title: str,
    frame: pd.DataFrame,
    selection: Selection,
    unit: Unit | None = None,
    pinned: str = "",
    **how: Any,
) -> None:
    """A frame as the table of a card; the column `url` holds links to addresses of the web."""
    shown = _scaled(_linked(frame))
    st.dataframe(
        shown,
        column_config={
            str(name): _column(str(name), values, selection, unit)
            | {"pinned": str(name) == pinned or None}
            for name, values in frame.items()
        },
        hide_index=True,
        placeholder=MISSING,
        alt=f"{title}: {counted(len(frame), 'row')}",
        **how,
    )


def _scaled(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows with ratios in per cent, and with long durations in seconds.

    A table writes each column with one number of decimals and in one unit.
    """
    numbers = frame.select_dtypes("number")
    factors = {str(name): _factor(str(name), values) for name, values in numbers.items()}
    return frame.assign(**{name: frame[name] * by for name, by in factors.items() if by != 1})


def _factor(name: str, values: pd.Series) -> float:
    """What a table multiplies a column by, to write it."""
    unit = unit_of(name)
    if unit == "ratio":
        return 100
    return 1 / SECOND if unit == "milliseconds" and _long(values) else 1


def _long(values: pd.Series) -> bool:
    """Whether durations in milliseconds are better read in seconds."""
    return bool((values.abs() >= LONG).any())


def literal(title: str, frame: pd.DataFrame) -> None:
    """A frame whose columns go by the names that the database gives them."""
    st.dataframe(
        frame,
        hide_index=True,
        placeholder=MISSING,
        alt=f"{title}: {counted(len(frame), 'row')}",
    )


def _linked(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows without what is no address of the web among their links."""
    if "url" not in frame:
        return frame
    return frame.assign(url=frame["url"].map(lambda words: safe_url(words) or None))


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
    with _framed(title, about, answer) as head:
        _fill(title, head, answer, body, note, empty)


def _column(name: str, values: pd.Series, selection: Selection, other: Unit | None) -> Any:
    """How a table shows a column; a number without a unit of its own has the other one."""
    heading = export.heading(name)
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        seconds = ":ss" if name in TO_THE_SECOND else ""
        return st.column_config.DatetimeColumn(
            heading, format=f"D MMM YYYY, HH:mm{seconds}", timezone=selection.zone
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
    """How a table shows numbers of a unit; long durations are `_scaled` to seconds."""
    if unit == "milliseconds" and _long(values):
        return st.column_config.NumberColumn(heading.replace("(ms)", "(s)"), format="%,.1f")
    return st.column_config.NumberColumn(heading, format=NUMBER_FORMATS[unit])


@contextmanager
def _framed(title: str, about: str, *answers: Answer) -> Iterator[DeltaGenerator]:
    """A card's border and its head, with the title; yields the head, for what else goes there."""
    parts = [part for answer in answers if _has_money(answer) for part in answer.parts or (answer,)]
    explained = _explained(about, *dict.fromkeys(map(costs.origin, parts)))
    with st.container(border=True, height="stretch", gap="medium"):
        head = st.container(horizontal=True, vertical_alignment="center", gap="xsmall")
        head.subheader(escaped(title), anchor=False, help=explained, width="stretch")
        with fenced(f"The card {title}"):
            yield head


def _has_money(answer: Answer) -> bool:
    """Whether a card of this answer tells costs, of which the tables are to be named."""
    return any(unit_of(str(column)) in ("money", "price") for column in answer.frame)


def _explained(about: str, *origins: str) -> str:
    """A definition, and which tables the numbers come from."""
    return " ".join([about, *map(escaped, filter(None, origins))])


def _fill(  # noqa: PLR0913, PLR0917  a card has that many parts
    title: str,
    head: DeltaGenerator,
    answer: Answer,
    body: Callable[[pd.DataFrame], None],
    note: str = "",
    empty: str = "",
    file: pd.DataFrame | None = None,
) -> None:
    """The card's menu, then its body or the state that stands in its place, then its note."""
    held = answer.frame if file is None else file
    with head:
        _menu(title, answer, held)
    if answer.state == "ready":
        body(answer.frame)
        receipt.sheet(title, held, literal=answer.literal)
    else:
        _state(title, answer, empty)
    if said := sentences(note, *_unread(answer, note, empty)):
        st.caption(escaped(shortly(said)))


def _unread(answer: Answer, note: str, empty: str) -> Iterator[str]:
    """What can't be read of a card's values; nothing where the card is empty for a reason.

    What the note says already of lines that are in no total isn't said again.
    """
    if answer.state == "empty" and empty and not answer.reason:
        return
    for words in dict.fromkeys(one for part in answer.parts or (answer,) for one in part.unread):
        told = costs.IN_NO_TOTAL in note
        yield words.replace(": they are in no total.", ".") if told else words


def _drawn(
    title: str, draw: Callable[..., Any], metric: Metric, how: Mapping[str, Any]
) -> Callable[[pd.DataFrame], None]:
    def body(frame: pd.DataFrame) -> None:
        drawn = draw(frame, metric, **how)
        st.altair_chart(drawn, width="stretch", key=f"chart {title}")

    return body


def _opening(  # noqa: PLR0913, PLR0917  a card has that many parts
    title: str,
    draw: Callable[..., Any],
    metric: Metric,
    how: Mapping[str, Any],
    page: MenuItem,
    by: str,
) -> Callable[[pd.DataFrame], None]:
    def body(rows: pd.DataFrame) -> None:
        chosen: Any = st.altair_chart(
            draw(rows, metric, **how),
            width="stretch",
            key=f"chart {title}",
            on_select="rerun",
            selection_mode=PICKED,
        )
        for mark in chosen.selection[PICKED]:
            pages.go(page, by, mark["label"])
        pages.links(page, by, rows[by])

    return body


def _state(title: str, answer: Answer, empty: str) -> None:
    match answer.state:
        case "empty" if answer.reason or empty:
            st.info(escaped(answer.reason or empty), icon=":material/inbox:")
        case "empty" if answer.rowless:
            have = "has" if len(answer.rowless) == 1 else "have"
            tables = escaped(enumerated(answer.rowless))
            st.info(f"Nothing recorded yet: {tables} {have} no rows.", icon=":material/inbox:")
        case "empty":
            st.info(
                f"Nothing recorded for {escaped(in_sentence(title))} in "
                f"{escaped(in_words(answer.selection))}. "
                "Choose a longer period or fewer filters.",
                icon=":material/inbox:",
            )
        case "unavailable":
            st.info(
                f"Not available on this database. {escaped(_needs(answer.reason))} {MAPPABLE}",
                icon=":material/link_off:",
            )
        case "failed":
            st.error(escaped(answer.reason), icon=":material/error:")


def _needs(reason: str) -> str:
    """What a card needs, in short; the page Data names all that would do."""
    short = shortly(reason)
    return short if short == reason else f"{short} Health, on the page Data, lists them all."


def in_sentence(title: str) -> str:
    """A title as it stands inside a sentence: its first letter small, unless it is a name."""
    first = title.partition(" ")[0]
    return title if first in NAMES or not first.istitle() else f"{title[:1].lower()}{title[1:]}"


def in_words(selection: Selection) -> str:
    """The selection as an empty state names it: `1-22 Nov 2026 for 2 teams`."""
    return " for ".join(filter(None, [str(selection.period), selection.rows_in_words]))


def _menu(title: str, answer: Answer, held: pd.DataFrame) -> None:
    """What stands behind a card: its CSV of what is held, its SQL and what that took."""
    with st.popover(
        "Data", type="tertiary", icon=":material/database:", help=f"CSV and SQL of {escaped(title)}"
    ):
        headings = str if answer.literal else export.heading
        st.download_button(
            "Download CSV",
            lambda: export.csv(held, headings),
            export.file_name(title, answer.selection.period, "csv"),
            "text/csv",
            key=f"csv {title}",
            on_click="ignore",
            icon=":material/download:",
            disabled=answer.state != "ready",
        )
        for part in answer.parts or (answer,):
            _origin(part)


def _origin(answer: Answer) -> None:
    """The SQL of an answer with its parameters, what it took, and what it had to do without."""
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
