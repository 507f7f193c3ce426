"""Health on the screen: what the product found in the database, and what it lacks there."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from meaux.data.database import Fetched, together
from meaux.query.filters import Selection
from meaux.subjects import health
from meaux.subjects.health import Health, Suggestion, figures
from meaux.ui import cards, data, trial_mapping
from meaux.ui.error_boundary import section
from meaux.ui.text import escaped
from meaux.wording import sentences

CODE_HEIGHT = 260


def tab(selection: Selection) -> None:
    """Tables, columns, costs, queries, indexes and notes, for one call to the database."""
    opened = data.current_source()
    asks, looks = health.asks(opened), health.looks(opened)
    read = data.read(
        {("asks", n): s for n, s in asks.items()} | {("looks", n): s for n, s in looks.items()}
    )
    outcomes = {name: read["asks", name] for name in asks}
    looked = {name: read["looks", name] for name in looks}
    found = health.examine(opened, selection, outcomes, looked=looked, declared=data.current_plan())
    _advice(found)
    _faults(found, selection)
    with cards.row(4):
        for figure in (
            figures.tables_found,
            figures.columns_bound,
            figures.queries_answered,
            figures.missing_indexes,
        ):
            cards.number(figure.__name__, partial(figure, found))
    _suggestions(found, selection)
    _tables(found, selection, together(outcomes.values()))
    _columns(found, selection)
    with cards.row(2):
        _indexes(found, selection)
        _costs(found, selection)
    _queries(found, selection)
    _notes(found, selection)


@section
def _advice(found: Health) -> None:
    """What is wrong and what to do, before anything else."""
    sentences = health.advice(found)
    mark = "- " if sentences[1:] else ""
    words = "\n".join(f"{mark}{escaped(sentence)}" for sentence in sentences)
    if sentences:
        st.warning(words, icon=":material/build:")
    else:
        st.success(escaped(figures.all_well(found)), icon=":material/check_circle:")


@section
def _faults(found: Health, selection: Selection) -> None:
    if found.faults:
        about = (
            "What of .streamlit/meaux.toml and .streamlit/schema.toml, and of the tables and "
            "budgets in the database, can't be used. Everything else holds."
        )
        cards.made("Entries that can't be used", about, figures.faults(found), selection)


@section
def _suggestions(found: Health, selection: Selection) -> None:
    """What could hold the rows that were not found, and a way to see it on every page."""
    if trial_mapping.lines():
        st.caption("To keep the mapping that is tried, write it to `.streamlit/schema.toml`:")
        st.code(trial_mapping.lines(), language="toml")
    if not found.suggestions:
        return
    about = (
        "Tables that could hold what was not found by name. Fit is the share of the columns that "
        "were found, those most that tell one kind of rows from all others: by a spelling that is "
        "known, by the words of a name, or by the values of a few rows. Less than half is not "
        "shown. Nothing of it is read unless you try it or map it."
    )

    def body(frame: pd.DataFrame) -> None:
        cards.rows("What fits by shape", frame, selection)
        with st.container(gap="xsmall"):
            for logical in dict.fromkeys(one.logical for one in found.suggestions):
                _kind([one for one in found.suggestions if one.logical == logical])

    cards.made("What fits by shape", about, figures.suggestions(found), selection, body)


def _kind(options: list[Suggestion]) -> None:
    """The lines that would have a kind of row read from one of some tables, to try or to copy."""
    best = options[0]
    with st.expander(f"{best.logical}: {escaped(best.table)}", icon=":material/lightbulb:"):
        st.caption(best.about)
        names = {f"{one.table} ({one.percent})": one for one in options}
        name = st.selectbox("Table", list(names), key=f"fits {best.logical}")
        one = names[name]
        lacks = f"It would lack {', '.join(one.lacks)}." if one.lacks else "It would lack nothing."
        st.markdown(escaped(f"{one.why}. {sentences(lacks, one.caution)}"))
        st.code(one.mapping, language="toml")
        st.button(
            "Try it",
            key=f"try {one.logical} {one.table}",
            on_click=trial_mapping.begin,
            args=(one.logical, one.mapping),
            icon=":material/experiment:",
            help="Every page reads it, in this browser session alone, until you stop.",
        )


@section
def _tables(found: Health, selection: Selection, took: Fetched | None) -> None:
    about = (
        "Every table that the product may read. Rows are counted up to a thousand; of more, the "
        "numbers of the first and the last row say how many there are at most. Newest is the "
        "newest row by an index, or else among the last ones that were written."
    )
    cards.made("Tables", about, figures.tables(found), selection, fetched=took)
    st.button(
        "Read the schema anew",
        on_click=data.reopen,
        icon=":material/sync:",
        type="tertiary",
        help="What there is in the database is read once, when it is opened, and for everybody.",
    )


@section
def _columns(found: Health, selection: Selection) -> None:
    about = (
        "Every logical column and the column or expression that it is read from. Of an instant, "
        "how it is encoded and what tells so: an index tells numbers from texts in all rows, the "
        "rest is read from the values of a few rows. Of a key, by what it names rows of another "
        "table, and what share of the values in those rows was found there."
    )

    def body(frame: pd.DataFrame) -> None:
        cards.rows("Columns", frame, selection)
        if found.mapping:
            with st.expander("A mapping to fill in", icon=":material/content_copy:"):
                st.code(found.mapping, language="toml", height=CODE_HEIGHT)

    cards.made("Columns", about, figures.columns(found), selection, body)


@section
def _indexes(found: Health, selection: Selection) -> None:
    about = (
        "The columns that are compared with the period. Where no index serves one, every query of "
        "a period reads the whole table, and D1 bills each row."
    )

    def body(frame: pd.DataFrame) -> None:
        cards.rows("Indexes", frame, selection)
        if found.missing_indexes:
            st.caption("Whoever may write to the database makes the missing ones with:")
            st.code("\n".join(i.statement for i in found.missing_indexes), language="sql")

    empty = "No table with a column to compare with the period was found."
    cards.made("Indexes", about, figures.indexes(found), selection, body, empty=empty)


@section
def _costs(found: Health, selection: Selection) -> None:
    about = (
        "The one table that feeds each category of cost. Others that see the same spend from "
        "elsewhere are never added to it."
    )
    cards.made("Sources of cost", about, figures.costs(found), selection)


@section
def _queries(found: Health, selection: Selection) -> None:
    about = "Every query of the product, whether this database answers it, and who asks it."
    cards.made("Queries", about, figures.queries(found), selection)


@section
def _notes(found: Health, selection: Selection) -> None:
    if found.notes:
        about = "What is worth knowing of the data before they are believed."
        cards.made("Data notes", about, figures.notes(found), selection)
