"""The Health tab: what was found in the database, and what is missing."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from meaux.data.database import Fetched, together
from meaux.query.filters import Selection
from meaux.subjects import health
from meaux.subjects.health import Health, Suggestion, deliveries, figures, settings
from meaux.ui import cards, dataframe, number, own
from meaux.ui.error_boundary import section
from meaux.ui.loading import data, trial_mapping
from meaux.ui.text import escaped
from meaux.wording import sentences

CODE_HEIGHT = 260


def tab(selection: Selection) -> None:
    """Draw tables, columns, costs, queries, indexes and notes, with one database call."""
    opened = data.current_source()
    asks, looks = health.asks(opened, selection.today), health.looks(opened, data.secrecy())
    read = data.read(
        {("asks", n): s for n, s in asks.items()} | {("looks", n): s for n, s in looks.items()}
    )
    outcomes = {name: read["asks", name] for name in asks}
    looked = {name: read["looks", name] for name in looks}
    given = (opened, selection, outcomes, looked, data.current_plan())
    plans = health.examination.NOTHING_PREPARED
    found = data.kept(health.examine, *given, plans, tuple(own.faults()))
    _advice(found)
    _deliveries()
    _faults(found, selection)
    with cards.row(4):
        for figure in (
            figures.tables_found,
            figures.columns_bound,
            figures.queries_answered,
            figures.missing_indexes,
        ):
            number.draw(figure.__name__, partial(figure, found))
    _suggestions(found, selection)
    _tables(found, selection, together(outcomes.values()))
    _columns(found, selection)
    with cards.row(2):
        _indexes(found, selection)
        _costs(found, selection)
    _queries(found, selection)
    _notes(found, selection)
    _settings(selection)


@section
def _advice(found: Health) -> None:
    """Draw what is wrong and what to do, above everything else."""
    sentences = health.advice(found)
    mark = "- " if sentences[1:] else ""
    words = "\n".join(f"{mark}{escaped(sentence)}" for sentence in sentences)
    if sentences:
        st.warning(words, icon=":material/build:")
    else:
        st.success(escaped(figures.all_well(found)), icon=":material/check_circle:")


@section
def _deliveries() -> None:
    """Draw which destinations of alerts fail."""
    for sentence in deliveries.failing(data.current_settings(), data.current_plan()):
        st.warning(escaped(sentence), icon=":material/notifications_off:")


@section
def _faults(found: Health, selection: Selection) -> None:
    if found.faults:
        about = (
            "Invalid entries in .streamlit/meaux.toml and .streamlit/schema.toml, mistakes in "
            "cards' files, and unusable tables and budgets in the database. Everything else is in "
            "use."
        )
        cards.made("Invalid entries", about, figures.faults(found), selection)


@section
def _suggestions(found: Health, selection: Selection) -> None:
    """Draw the suggested mappings, with a button to try each on every page."""
    if trial_mapping.lines():
        st.caption("To keep this mapping, add it to `.streamlit/schema.toml`:")
        st.code(trial_mapping.lines(), language="toml")
    if not found.suggestions:
        return
    about = (
        "Tables that could fill logical tables that were not found by name. Fit = share of "
        "columns found (by exact name, name similarity or sampled values), weighted by how "
        "distinctive they are. Fits below 50% are hidden. Nothing is used until you try it or "
        "map it."
    )

    def body(frame: pd.DataFrame) -> None:
        dataframe.rows("Suggested mappings", frame, selection)
        with st.container(gap="xsmall"):
            for logical in dict.fromkeys(one.logical for one in found.suggestions):
                _kind([one for one in found.suggestions if one.logical == logical])

    cards.made("Suggested mappings", about, figures.suggestions(found), selection, body)


def _kind(options: list[Suggestion]) -> None:
    """Draw the mapping of a logical table to one of several tables, to try or to copy."""
    best = options[0]
    with st.expander(f"{best.logical}: {escaped(best.table)}", icon=":material/lightbulb:"):
        st.caption(best.about)
        names = {f"{one.table} ({one.percent})": one for one in options}
        name = st.selectbox("Table", list(names), key=f"fits {best.logical}")
        one = names[name]
        lacks = f"Missing columns: {', '.join(one.lacks)}." if one.lacks else "No columns missing."
        st.markdown(escaped(f"{one.why}. {sentences(lacks, one.caution)}"))
        st.code(one.mapping, language="toml")
        st.button(
            "Try it",
            key=f"try {one.logical} {one.table}",
            on_click=trial_mapping.begin,
            args=(one.logical, one.mapping),
            icon=":material/experiment:",
            help="Applies to all pages in this browser session until you stop.",
        )


@section
def _tables(found: Health, selection: Selection, took: Fetched | None) -> None:
    about = (
        "All tables that the dashboard knows. Rows: exact up to 1,000; above that, a lower "
        "or an upper bound (see “Count precision”). Newest: time of the newest row, found "
        "through an index; without an index, the newest time among the rows inserted last."
    )
    cards.made("Tables read", about, figures.tables(found), selection, fetched=took)
    st.button(
        "Reload schema",
        on_click=data.reopen,
        icon=":material/sync:",
        type="tertiary",
        help="The schema is loaded once for all users when the database is opened.",
    )


@section
def _columns(found: Health, selection: Selection) -> None:
    about = (
        "Logical columns and the column or expression they are mapped to. For timestamps: their "
        "encoding, detected from an index (all rows) or from sampled values. For foreign keys: the "
        "column that they are matched by, and the share of sampled values that matched."
    )

    def body(frame: pd.DataFrame) -> None:
        dataframe.rows("Columns", frame, selection)
        if found.mapping:
            with st.expander("Mapping template", icon=":material/content_copy:"):
                st.code(found.mapping, language="toml", height=CODE_HEIGHT)

    cards.made("Columns", about, figures.columns(found), selection, body)


@section
def _indexes(found: Health, selection: Selection) -> None:
    about = (
        "Date columns used by the period filter. Without an index, each query scans the whole "
        "table and D1 bills every row read."
    )

    def body(frame: pd.DataFrame) -> None:
        dataframe.rows("Indexes", frame, selection)
        if found.missing_indexes:
            st.caption("Run these statements to add the missing indexes (needs write access):")
            st.code("\n".join(i.statement for i in found.missing_indexes), language="sql")

    empty = "No table with a date column found."
    cards.made("Indexes", about, figures.indexes(found), selection, body, empty=empty)


@section
def _costs(found: Health, selection: Selection) -> None:
    about = (
        "The table that feeds each cost category. If several tables record the same spend, each "
        "category reads only the first that has rows and every required column."
    )
    cards.made("Cost sources", about, figures.costs(found), selection)


@section
def _queries(found: Health, selection: Selection) -> None:
    about = (
        "All dashboard queries, whether this database can answer them, and the pages that use them."
    )
    cards.made("Queries", about, figures.queries(found), selection)


@section
def _notes(found: Health, selection: Selection) -> None:
    if found.notes:
        about = "Data quality issues to know about."
        cards.made("Data notes", about, figures.notes(found), selection)


@section
def _settings(selection: Selection) -> None:
    about = (
        "Settings of the environment, .streamlit/secrets.toml and .streamlit/meaux.toml, with "
        "their defaults. Secrets are not shown. Budgets and access rules are in the files."
    )
    frame = settings.in_force(data.current_settings(), data.current_plan())
    cards.made("Settings in force", about, frame, selection)
