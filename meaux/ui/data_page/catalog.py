"""The Catalog tab: every table, its columns, and a few of its rows."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from meaux.data.database import Fetched
from meaux.data.schema import Catalog, PhysicalTable, preview
from meaux.data.schema.preview import Place, TablePage
from meaux.data.schema.secrets import Secrecy
from meaux.data.warehouse import copied
from meaux.data.warehouse.latest import latest_rows
from meaux.query.filters import Selection
from meaux.subjects.health import raw_rows, tables
from meaux.ui import cards, dataframe
from meaux.ui.data_page import console
from meaux.ui.data_page.table_choice import TableChoice, search
from meaux.ui.loading import data
from meaux.wording import counted, enumerated

if TYPE_CHECKING:
    from meaux.subjects.health.sql import Guard

PLACE, NOW = "rows", "schema"
CHOICE = TableChoice("table", PLACE)
COPY, SOURCE = "Copy", "Source"
NOT_COPIED = "This table isn't in the copy. Open the source to see its rows."
_PLACE = re.compile(r"(older|newer)-(-?[0-9]{1,19})")


def tab(selection: Selection) -> None:
    """Draw the list of tables, and the columns and rows of the selected one."""
    opened = data.current_source()
    if opened.binding.is_copy and cards.switch("Tables of", [COPY, SOURCE], "catalog") == COPY:
        _of_copy(selection)
        return
    catalog = shown()
    _list(catalog, selection)
    table = _chosen(catalog)
    if table is None:
        st.caption("Choose a table to see its columns and rows.")
        return
    about = "Columns of the table and the logical columns mapped to them."
    cards.made("Columns", about, tables.columns(table, opened.binding), selection)
    if not opened.binding.is_copy:
        console.offer(table)
    _rows(table, selection)


def _of_copy(selection: Selection) -> None:
    # The parser of statements is slow to import.
    from meaux.ui.copied import tables  # noqa: PLC0415
    from meaux.ui.data_page import copied_catalog  # noqa: PLC0415

    if read := tables():
        copied_catalog.draw(read, selection)


def shown() -> Catalog:
    """Return the catalog without hidden tables and the views that read them."""
    catalog, secrecy = data.current_source().catalog, data.secrecy()
    if not secrecy.hide or all(table.kind == "table" for table in catalog.tables.values()):
        return secrecy.shown(catalog)
    return _guard()[0].shown()


def _list(catalog: Catalog, selection: Selection) -> None:
    """Draw all tables that match the search; a click selects one."""
    words = search()
    binding = data.current_source().binding
    frame = tables.tables(catalog, binding, catalog.search(words), words)
    about = (
        "All tables and views except SQLite and D1 system tables. Shadow tables belong to a "
        "full-text index."
    )
    note = f"{len(frame):,} of {counted(len(catalog.tables), 'table')}."
    CHOICE.listed(frame, selection, about, note)


def _chosen(catalog: Catalog) -> PhysicalTable | None:
    names = [catalog.tables[name].name for name in sorted(catalog.tables)]
    name = CHOICE.chosen(names)
    return None if name is None else catalog.find(name)


def _rows(table: PhysicalTable, selection: Selection) -> None:
    """Draw a page of rows, with buttons for older and newer ones."""
    about = "Rows by rowid, latest first. Long text is truncated; blobs show their size."
    place, secrecy = _place(), data.secrecy()
    if data.current_source().binding.is_copy:
        _copied_rows(table, selection)
        return
    if why := _closed(table):
        cards.made("Rows", about, pd.DataFrame(), selection, state="empty", reason=why)
        return
    masked = secrecy.masked(table)
    statement = preview.preview(table, place, masked)
    outcome = data.read({PLACE: statement})[PLACE]
    if not isinstance(outcome, Fetched):
        cards.failed("Rows", about, selection, statement, outcome)
        return
    page = preview.page(table, place, outcome.rows)
    cards.made(
        "Rows",
        about,
        raw_rows.frame(page.columns, _shown(page, table, secrecy)),
        selection,
        partial(_page, page),
        note=_note(table, masked),
        empty="No rows.",
        statement=statement,
        fetched=outcome,
        literal=True,
    )


def _copied_rows(table: PhysicalTable, selection: Selection) -> None:
    """Draw the latest rows of what was copied of a table of the source."""
    # The parser of statements is slow to import.
    from meaux.ui.copied import tables  # noqa: PLC0415

    opened, read = data.current_source(), tables()
    if read is None:
        return
    names = read.copied_of(table.name)
    about = f"Latest rows in the copy: at most {preview.ROWS}. Long text is truncated."
    if not names:
        cards.made("Rows", about, pd.DataFrame(), selection, state="empty", reason=NOT_COPIED)
    for name in names:
        statement = latest_rows(copied(opened.binding)[name], read.database, preview.ROWS)
        outcome = data.read({PLACE: statement})[PLACE]
        title = f"Rows of {name}"
        if not isinstance(outcome, Fetched):
            cards.failed(title, about, selection, statement, outcome)
            continue
        columns, rows = read.shown(name, outcome.rows)
        cards.made(
            title,
            about,
            raw_rows.frame(columns, rows),
            selection,
            partial(dataframe.literal, title),
            empty="No rows.",
            statement=statement,
            fetched=outcome,
            literal=True,
        )


def _place() -> Place:
    """Return where the page in the URL begins; by default, at the latest row."""
    found = _PLACE.fullmatch(st.query_params.get(PLACE, ""))
    return Place(found[1], found[2]) if found else Place()


def _closed(table: PhysicalTable) -> str:
    """Return why the rows of a view or a full-text index can't be shown; empty if they can."""
    catalog = data.current_source().catalog
    is_plain = table.kind not in {"view", "virtual"} and table.name.lower() not in catalog.shadows
    if is_plain:
        return ""
    guard, failure = _guard()
    return failure or guard.closed(table.name)


def _guard() -> tuple[Guard, str]:
    """Return the guard and, if the database couldn't be asked, why; it then knows no view's SQL."""
    # Its parser takes a while to import, and few tables are views.
    from meaux.subjects.health.sql import LIVE, Guard, Live  # noqa: PLC0415

    now = data.read({NOW: LIVE})[NOW]
    rows, failure = (now.rows.rows, "") if isinstance(now, Fetched) else ([], str(now))
    return Guard(data.current_source().catalog, data.secrecy(), Live.of(rows)), failure


def _shown(page: TablePage, table: PhysicalTable, secrecy: Secrecy) -> list[tuple[object, ...]]:
    """Return the rows with everything masked that looks like a secret."""
    names = (table.name,) * len(page.columns)
    return [tuple(map(secrecy.cell, row, names, page.columns)) for row in page.rows]


def _note(table: PhysicalTable, masked: frozenset[str]) -> str:
    """Return a note on what the rows don't show."""
    notes = []
    if masked:
        listed = enumerated([table.spelling[name] for name in sorted(masked)])
        notes.append(f"Masked: {listed}.")
    if table.key is None:
        notes.append("This table has no rowid: the first rows are shown.")
    if len(table.spelling) > preview.MOST_COLUMNS:
        notes.append(f"Only the first {preview.MOST_COLUMNS} columns are shown.")
    return " ".join(notes)


def _page(page: TablePage, frame: pd.DataFrame) -> None:
    dataframe.literal("Rows", frame)
    with st.container(horizontal=True, horizontal_alignment="right"):
        _turn("Newer", page.newer, ":material/chevron_left:")
        _turn("Older", page.older, ":material/chevron_right:")


def _turn(label: str, place: Place | None, icon: str) -> None:
    words = f"{place.way}-{place.key}" if place else ""
    st.button(label, on_click=_go, args=(words,), icon=icon, disabled=place is None)


def _go(words: str) -> None:
    st.query_params[PLACE] = words
