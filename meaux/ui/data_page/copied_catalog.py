"""The Catalog tab of a copy: its tables, their columns, and a few rows of each."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from meaux.data.database import Fetched
from meaux.data.schema import PhysicalTable, preview
from meaux.data.warehouse import copied
from meaux.data.warehouse.latest import latest_rows, row_counts
from meaux.query.filters import Selection
from meaux.subjects.health import raw_rows, tables
from meaux.subjects.health.sql import CopiedTables
from meaux.ui import cards, dataframe
from meaux.ui.data_page import console
from meaux.ui.data_page.table_choice import TableChoice, search
from meaux.ui.loading import data
from meaux.wording import counted, enumerated, sentences

SKIPPED = "rows"
CHOICE = TableChoice("copied", SKIPPED)


def draw(read: CopiedTables, selection: Selection) -> None:
    """Draw the copy's tables, and the columns and rows of the selected one."""
    _list(read, selection)
    table = _chosen(read)
    if table is None:
        st.caption("Choose a table to see its columns and rows.")
        return
    opened = data.current_source()
    about = "Columns of the copy's table, and those of the source that they are read from."
    columns = tables.copied_columns(table, opened.binding, opened.catalog)
    cards.made("Columns", about, columns, selection)
    console.offer(table)
    _rows(read, table, selection)


def _list(read: CopiedTables, selection: Selection) -> None:
    words = search()
    rows, failure = _counts(read)
    frame = tables.copied_tables(read.catalog.search(words), read.sources, rows, words)
    about = "Tables of the copy: one for each logical table that the source has. SQL reads these."

    total = "" if failure else f" {counted(sum(rows.values()), 'row')} in all tables."
    note = sentences(
        f"{len(frame):,} of {counted(len(read.catalog.tables), 'table')}.{total}", failure
    )
    CHOICE.listed(frame, selection, about, note)


def _counts(read: CopiedTables) -> tuple[dict[str, int], str]:
    """Return the number of rows by table and, if they couldn't be counted, why."""
    outcome = data.read({"": row_counts(read.catalog.tables, read.database)})[""]
    if not isinstance(outcome, Fetched):
        return {}, str(outcome)
    return {str(name): int(rows) for name, rows in outcome.rows.rows}, ""


def _chosen(read: CopiedTables) -> PhysicalTable | None:
    name = CHOICE.chosen(sorted(read.catalog.tables))
    return None if name is None else read.catalog.find(name)


def _rows(read: CopiedTables, table: PhysicalTable, selection: Selection) -> None:
    """Draw a page of rows, with buttons for older and newer ones."""
    about = "Rows of the copy, latest first. Long text is truncated."
    skipped = _skipped()
    layout = copied(data.current_source().binding)[table.name]
    statement = latest_rows(layout, read.database, preview.ROWS + 1, skipped)
    outcome = data.read({SKIPPED: statement})[SKIPPED]
    if not isinstance(outcome, Fetched):
        cards.failed("Rows", about, selection, statement, outcome)
        return
    columns, rows = read.shown(table.name, outcome.rows)
    cards.made(
        "Rows",
        about,
        raw_rows.frame(columns, rows[: preview.ROWS]),
        selection,
        partial(_page, skipped, is_last=len(rows) <= preview.ROWS),
        note=_masked(read, table),
        empty="No rows.",
        statement=statement,
        fetched=outcome,
        literal=True,
    )


def _masked(read: CopiedTables, table: PhysicalTable) -> str:
    names = sorted(read.secrecy.masked(table))
    return f"Masked: {enumerated(names)}." if names else ""


def _skipped() -> int:
    """Return how many rows stand before the page in the URL; by default, none."""
    words = st.query_params.get(SKIPPED, "")
    return int(words) if words.isdecimal() and len(words) <= len("999999999") else 0


def _page(skipped: int, frame: pd.DataFrame, *, is_last: bool) -> None:
    dataframe.literal("Rows", frame)
    with st.container(horizontal=True, horizontal_alignment="right"):
        _turn("Newer", max(skipped - preview.ROWS, 0), ":material/chevron_left:", off=not skipped)
        _turn("Older", skipped + preview.ROWS, ":material/chevron_right:", off=is_last)


def _turn(label: str, skipped: int, icon: str, *, off: bool) -> None:
    st.button(label, on_click=_go, args=(skipped,), icon=icon, disabled=off)


def _go(skipped: int) -> None:
    if skipped:
        st.query_params[SKIPPED] = str(skipped)
    else:
        CHOICE.begin()
