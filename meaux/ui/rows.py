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
from meaux.subjects import rows as behind_it
from meaux.subjects.behind import BEHIND
from meaux.subjects.money import frames as costs
from meaux.subjects.rows import DAYS, LEFT, MOST_ROWS, SIDE, Asked, Opening, Page, Sums, Total
from meaux.ui import data, dataframe, files, menu, opening, visitor
from meaux.ui.error_boundary import error_boundary
from meaux.ui.text import escaped
from meaux.wording import counted, enumerated, sentences

LABELS = {
    "category": "Category",
    "team": "Team",
    "project": "Project",
    "person": "Person",
    "service": "Model or service",
    "log": "Log",
}
NONE = {"team": "No team", "project": UNASSIGNED, "person": "No person", "service": "No service"}
"""What rows without a value are called."""
CHOICE_WIDTH = 158
"""The width of a choice, in pixels: two fit on a phone."""
LONGEST_QUOTED = 80
APART = (
    "Deleted, void and duplicate rows and rows that sum others don't count and aren't listed. "
    "Catalog on the page Data shows all rows of a table."
)


def drawer(selection: Selection) -> None:
    """Draw the drawer of the rows in the URL, if it opens any."""
    wanted = opening.read()
    if wanted is None:
        return
    if wanted.metric not in BEHIND or not opening.may(wanted):
        why = "aren't for your role" if wanted.metric in BEHIND else "are unknown"
        st.toast(
            f"The rows of {escaped(wanted.metric[:LONGEST_QUOTED])} in the link {why}.",
            icon=":material/filter_alt_off:",
            duration="infinite",
        )
        opening.close()
        return
    title = f"Rows: {DEFINITIONS[wanted.metric].label}"
    opened = st.dialog(title, width="large", position="right", on_dismiss=opening.close)
    opened(_draw)(selection)


def _draw(selection: Selection) -> None:
    """Draw the rows; a click inside the drawer reruns only this."""
    if not visitor.is_unchanged():
        st.rerun()
    wanted = opening.read()
    if wanted is None:
        st.rerun()
    metric = DEFINITIONS[wanted.metric]
    with data.alone(f"rows of {metric.label}"), error_boundary(f"The rows of {metric.label}"):
        asked = Asked(wanted, BEHIND[wanted.metric], selection, opening.start())
        _rows(asked, metric)


def _rows(asked: Asked, metric: Metric) -> None:
    """Draw the words and choices above the rows, a page of them, and what is below."""
    pages, beside = asked.asks(), asked.beside()
    found = data.answers({ask: ask for ask in (*pages.values(), *beside.values())})
    answers = {table: found[ask] for table, ask in pages.items()}
    told = {name: found[ask] for name, ask in beside.items()}
    sums = behind_it.sums_of(asked, told)
    st.markdown(escaped(_words(asked)))
    if not sums.answer.answered:
        st.info(escaped(sums.answer.reason), icon=":material/link_off:")
        return
    _choices(asked, sums)
    page = behind_it.page(asked, answers, sums)
    total = behind_it.total(asked, sums)
    _sum(asked, metric, total)
    if len(page.frame):
        dataframe.rows("Rows", _headed(page.frame), selection=asked.selection)
    else:
        st.info("No rows here.", icon=":material/inbox:")
    if said := sentences(*_gaps(answers, sums), costs.abroad(told.get("abroad"))):
        st.caption(escaped(said))
    _pager(page)
    _files(asked, metric, sums, answers, total)


def _words(asked: Asked) -> str:
    """Return the period and the filters of the rows."""
    over, of = asked.over, asked.values(asked.behind.source.by)
    rows = f", {over.rows_in_words} only" if over.narrowed else ""
    tables = f", {enumerated(sorted(of))} only" if of else ""
    return f"{over.period} ({over.zone}){rows}{tables}."


def _choices(asked: Asked, sums: Sums) -> None:
    """Draw a choice for each group that has several values, and one for the days.

    Of a ratio, there is also a choice of the rows above and below its line.
    """
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        if sides := list(asked.behind.sides):
            told = asked.opening.value(SIDE) in sides
            shown = asked.opening if told else asked.opening.choosing(SIDE, sides[0])
            words = dict(zip(sides, sides, strict=True))
            _choice(shown, SIDE, "Part of the ratio", words, required=True)
        for group in asked.behind.source.groups:
            names = behind_it.choices(asked, sums, group)
            chosen = asked.opening.value(group)
            if len(names) > 1 or chosen is not None:
                words = {value: names[value] or NONE.get(group, "None") for value in names}
                _choice(asked.opening, group, LABELS.get(group, group.capitalize()), words)
        _choice(asked.opening, DAYS, "Days", _days(asked))


def _days(asked: Asked) -> dict[str, str]:
    """Return the days, weeks or months of the metric's period, latest first."""
    whole = asked.behind.over(asked.selection).drawn_by("auto")
    parts = reversed(list(whole.period.parts(whole.drawn_grain)))
    return {f"{part.start}..{part.last}": str(part) for part in parts}


def _choice(
    rows: Opening, group: str, label: str, names: Mapping[str, str], *, required: bool = False
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

    with st.container(width=CHOICE_WIDTH):
        st.selectbox(
            label,
            options,
            0 if required else None,
            word,
            key=key,
            on_change=choose,
            placeholder="All",
        )


def _sum(asked: Asked, metric: Metric, total: Total) -> None:
    """Draw the sum and the number of the rows, and what the sum leaves out."""
    source = asked.behind.source
    left = f"{counted(total.left_out, source.noun)} {source.lacking}"
    if asked.left_out:
        st.markdown(escaped(f"Not in the number: {left}."))
        back = asked.opening.choosing(LEFT, None)
        st.button("Show the rows in the number", on_click=opening.open_, args=(back,))
        return
    rows = counted(total.lines, source.noun)
    st.markdown(f"{_amount(asked, metric, total)}{escaped(rows)}.")
    if total.left_out:
        out = asked.opening.choosing(LEFT, "out")
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.caption(escaped(f"Not in the number: {left}."), width="content")
            st.button("Show these", on_click=opening.open_, args=(out,), type="tertiary")


def _amount(asked: Asked, metric: Metric, total: Total) -> str:
    """Return the sum of the rows in bold; empty if it is their number."""
    if asked.behind.amount == "lines":
        return ""
    of = DEFINITIONS.get(asked.behind.amount, metric)
    return f"**{escaped(of.exact(total.amount))}**: "


def _gaps(answers: Mapping[str, Answer], sums: Sums) -> Iterator[str]:
    """Yield a sentence for each table that can't be listed, and on what else isn't."""
    for table, answer in answers.items():
        if not answer.answered:
            yield f"{table} not listed: {answer.reason}"
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
    asked: Asked, metric: Metric, sums: Sums, answers: Mapping[str, Answer], total: Total
) -> None:
    """Draw the CSV of all rows and the SQL, and what isn't listed."""
    rows = total.left_out if asked.left_out else total.lines
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
        if visitor.current().may("sql"):
            with st.popover("SQL", icon=":material/database:", type="tertiary"):
                for answer in (*answers.values(), sums.answer):
                    menu.origin(answer)
    if visitor.current().may("catalog"):
        st.caption(APART)


def _csv(asked: Asked, sums: Sums) -> Callable[[], bytes]:
    """Return a function that reads all rows, page by page, when the file is downloaded."""
    read = data.reading_later()
    zone = asked.over.zone
    return lambda: export.csv(_headed(behind_it.everything(asked, read, sums)), zone=zone)


def _headed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with columns that are named as in other lists of rows."""
    return rows.rename(columns={"hours": "length"})
