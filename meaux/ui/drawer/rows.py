"""Rows: the drawer with the rows behind a number, latest first, page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pandas as pd
import streamlit as st

from meaux.data.schema.vocabulary import UNASSIGNED
from meaux.query import export
from meaux.query.answers import Answer
from meaux.query.filters import Selection
from meaux.query.metrics import DEFINITIONS, Metric
from meaux.subjects import listing
from meaux.subjects.behind import BEHIND
from meaux.subjects.listing import MOST_ROWS, Page, RowsAsked, Sums, Total
from meaux.subjects.money import frames as costs
from meaux.subjects.rows import DAYS, LEFT, SIDE, Apart, Behind, Opening
from meaux.ui import dataframe, files, opening, origin, visitor
from meaux.ui.drawer.dialog import opened, refuse
from meaux.ui.error_boundary import error_boundary
from meaux.ui.loading import data
from meaux.ui.text import LONGEST_QUOTED, escaped
from meaux.wording import counted, enumerated, sentences

LABELS = {
    "category": "Category",
    "team": "Team",
    "project": "Project",
    "person": "Person",
    "service": "Model or service",
    "log": "Log",
    "worker": "Worker",
    "step": "Step",
}
NONE = {"team": "No team", "project": UNASSIGNED, "person": "No person", "service": "No service"}
"""What rows without a value are called."""
CHOICE_WIDTH, SIDES_WIDTH = 150, 316
"""The width of a choice, and of that of a ratio's part, in pixels: two and one fit on a phone."""


def drawer(selection: Selection) -> None:
    """Draw the drawer of the rows in the URL, if it opens any."""
    wanted = opening.read()
    if wanted is None:
        return
    if wanted.metric not in BEHIND or not opening.may(wanted):
        why = "aren't for your role" if wanted.metric in BEHIND else "are unknown"
        refuse(
            f"The rows of {escaped(wanted.metric[:LONGEST_QUOTED])} in the link {why}.",
            opening.close,
        )
        return
    opened(f"Rows: {DEFINITIONS[wanted.metric].label}", _draw, opening.close)(selection)


def _draw(selection: Selection) -> None:
    """Draw the rows; a click inside the drawer reruns only this."""
    if not visitor.is_unchanged():
        st.rerun()
    wanted = opening.read()
    if wanted is None:
        st.rerun()
    metric = DEFINITIONS[wanted.metric]
    with data.alone(f"rows of {metric.label}"), error_boundary(f"The rows of {metric.label}"):
        behind = BEHIND[wanted.metric]
        _rows(listing.options(wanted, behind, selection, opening.start(), _apart), metric)


def _apart(behind: Behind) -> Apart:
    """Return the kinds of rows that no number contains, if the visitor may see tables."""
    if not visitor.current().may("catalog"):
        return {}
    return behind.source.apart_in(data.current_source().binding)


def _rows(options: list[RowsAsked], metric: Metric) -> None:
    """Draw the words and choices above the rows, a page of them, and what is below.

    The options are asked for in one call; the rows are those that the number is made of.
    """
    asks = [(asked, asked.asks(), asked.beside()) for asked in options]
    found = data.answers(
        {ask: ask for _, pages, beside in asks for ask in (*pages.values(), *beside.values())}
    )
    asked, told = listing.first_with_rows(
        (asked, {name: found[ask] for name, ask in beside.items()}) for asked, _, beside in asks
    )
    answers = {table: found[ask] for table, ask in asked.asks().items()}
    sums = listing.sums_of(asked, told)
    st.markdown(escaped(sentences(_words(asked), asked.behind.note)))
    if not sums.answer.answered:
        st.info(escaped(sums.answer.reason), icon=":material/link_off:")
        return
    _choices(asked, sums)
    page = listing.page(asked, answers, sums)
    total = listing.total(asked, sums)
    _sum(asked, metric, total)
    _left_out(asked, total)
    # The toolbar of a table is drawn over what is above it.
    st.space("medium")
    if len(page.frame):
        shown = _headed(_filled(page.frame, asked.behind.amount))
        dataframe.rows("Rows", shown, selection=asked.selection)
    else:
        st.info("No rows here.", icon=":material/inbox:")
    if said := sentences(*_gaps(asked, answers, sums), costs.abroad(told.get("abroad"))):
        st.caption(escaped(said))
    _pager(page)
    _files(asked, metric, sums, answers, total)


def _words(asked: RowsAsked) -> str:
    """Return the period and the filters of the rows."""
    over, of = asked.over, asked.values(asked.behind.source.by)
    rows = f", {over.rows_in_words} only" if over.narrowed else ""
    tables = f", {enumerated(sorted(of))} only" if of else ""
    return f"{over.period} ({over.zone}){rows}{tables}."


def _choices(asked: RowsAsked, sums: Sums) -> None:
    """Draw a choice for each group that has several values, and one for the days.

    Of a ratio, there is also a choice of the rows above and below its line.
    """
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        if sides := list(BEHIND[asked.opening.metric].sides):
            told = asked.opening.value(SIDE) in sides
            shown = asked.opening if told else asked.opening.choosing(SIDE, sides[0])
            words = dict(zip(sides, sides, strict=True))
            _choice(shown, SIDE, "Part of the ratio", words, SIDES_WIDTH, required=True)
        for group in asked.behind.source.groups:
            names = listing.choices(asked, sums, group)
            chosen = asked.opening.value(group)
            if len(names) > 1 or chosen is not None:
                words = {value: names[value] or NONE.get(group, "None") for value in names}
                _choice(asked.opening, group, LABELS.get(group, group.capitalize()), words)
        _choice(asked.opening, DAYS, "Days", _days(asked))


def _days(asked: RowsAsked) -> dict[str, str]:
    """Return the days, weeks or months of the metric's period, latest first."""
    whole = asked.behind.over(asked.selection).drawn_by("auto")
    parts = reversed(list(whole.period.parts(whole.drawn_grain)))
    days = {f"{part.start}..{part.last}": str(part) for part in parts}
    chosen = asked.opening.value(DAYS)
    return days if chosen is None else {chosen: str(asked.over.period)} | days


def _choice(  # noqa: PLR0913
    rows: Opening,
    group: str,
    label: str,
    names: Mapping[str, str],
    width: int = CHOICE_WIDTH,
    *,
    required: bool = False,
) -> None:
    """Draw the choice of one group; the URL keeps it."""
    key, chosen = f"rows by {group}", rows.value(group)
    options = list(names)
    if chosen is not None and chosen not in names:
        options.append(chosen)
    st.session_state[key] = chosen

    def choose() -> None:
        opening.open_(rows.choosing(group, st.session_state[key]))

    def word(value: str) -> str:
        return names.get(value, value[:LONGEST_QUOTED])

    with st.container(width=width):
        st.selectbox(
            label,
            options,
            0 if required else None,
            word,
            key=key,
            on_change=choose,
            placeholder="All",
        )


def _sum(asked: RowsAsked, metric: Metric, total: Total) -> None:
    """Draw the sum and the number of the rows; of those left out, only their number."""
    if asked.left_out is None:
        rows = counted(total.lines, asked.behind.source.noun)
        st.markdown(f"{_amount(asked, metric, total)}{escaped(rows)}.")
        return
    st.markdown(escaped(f"Not in the number: {_kind(asked, total, asked.left_out)}."))
    back = asked.opening.choosing(LEFT, None)
    st.button("Show the rows in the number", on_click=opening.open_, args=(back,))


def _left_out(asked: RowsAsked, total: Total) -> None:
    """Draw, for each kind of rows that the number leaves out, how many there are, and a button."""
    kinds = asked.behind.source.kinds
    for kind in [kind for kind in kinds if kind in total.left_out and kind != asked.left_out]:
        out = asked.opening.choosing(LEFT, kind)
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            words = f"Not in the number: {_kind(asked, total, kind)}."
            st.caption(escaped(words), width="content")
            st.button(
                "Show these",
                key=f"left out {kind}",
                on_click=opening.open_,
                args=(out,),
                type="tertiary",
            )


def _kind(asked: RowsAsked, total: Total, kind: str) -> str:
    """Return the number and the kind of rows that the number leaves out."""
    source = asked.behind.source
    return f"{counted(total.left_out.get(kind, 0), source.noun)} {source.kinds[kind]}"


def _amount(asked: RowsAsked, metric: Metric, total: Total) -> str:
    """Return the sum of the rows in bold; empty if it is their number."""
    if asked.behind.amount == "lines":
        return ""
    of = metric if metric.name == asked.behind.amount else DEFINITIONS.get(asked.behind.amount)
    words = of.exact(total.amount) if of else f"{total.amount or 0:,.0f}"
    return "" if words == f"{total.lines:,}" else f"**{escaped(words)}** in "


def _gaps(asked: RowsAsked, answers: Mapping[str, Answer], sums: Sums) -> Iterator[str]:
    """Yield a sentence for each table that can't be listed, and on what else isn't."""
    yield from listing.unlisted(asked, answers, sums)
    unread = (words for answer in (sums.answer, *answers.values()) for words in answer.unread)
    yield from dict.fromkeys(unread)


def _pager(page: Page) -> None:
    """Draw the buttons for newer and older rows."""
    pages = opening.trail()
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="right"):
        first = len(pages) == 1
        st.button("Latest", on_click=opening.turn, args=("",), disabled=first)
        st.button(
            "Newer",
            on_click=opening.turn,
            args=(pages[-2] if not first else "",),
            disabled=first,
            icon=":material/chevron_left:",
        )
        st.button(
            "Older",
            on_click=opening.older,
            args=(page.older,),
            disabled=page.older is None,
            icon=":material/chevron_right:",
        )


def _files(
    asked: RowsAsked, metric: Metric, sums: Sums, answers: Mapping[str, Answer], total: Total
) -> None:
    """Draw the CSV of all rows, and the SQL."""
    rows = total.left_out.get(asked.left_out, 0) if asked.left_out else total.lines
    named = counted(rows, "row")
    if rows > MOST_ROWS:
        named = f"the latest {MOST_ROWS:,} of {named}"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        files.button(
            f"Download {named} as CSV",
            _csv(asked, sums),
            export.file_name(f"rows {metric.label}", asked.over, "csv"),
            disabled=not rows,
        )
    origin.folded((*answers.values(), sums.answer), "rows")


def _csv(asked: RowsAsked, sums: Sums) -> Callable[[], bytes]:
    """Return a function that reads all rows, page by page, when the file is downloaded."""
    read = data.reading_later()
    zone = asked.over.zone
    return lambda: export.csv(_headed(listing.everything(asked, read, sums)), zone=zone)


def _filled(rows: pd.DataFrame, amount: str) -> pd.DataFrame:
    """Return the rows without empty columns, except the amount's."""
    kept = [str(name) for name in rows if name == amount or rows[name].notna().any()]
    return rows[kept]


def _headed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with columns that are named as in other lists of rows."""
    return rows.rename(columns={"hours": "length"})
