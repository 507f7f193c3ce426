"""Layout: the menu, filters and header around every page, and page-level errors."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Literal

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from meaux.data import faults
from meaux.data.database import ROWS
from meaux.data.faults import Fault
from meaux.data.settings import Settings
from meaux.data.source import Source
from meaux.errors import MeauxError
from meaux.query import export
from meaux.query.filters import Selection
from meaux.subjects.page import stage as on_stage
from meaux.ui import (
    chips,
    content,
    data,
    door,
    drawing,
    files,
    filters,
    link,
    own,
    pages,
    paper,
    receipt,
    rows,
    trial_mapping,
    views,
    visitor,
)
from meaux.ui.error_boundary import broken, error_boundary
from meaux.ui.text import age, escaped
from meaux.wording import counted, enumerated

UNFILTERED = "Period and filters don't apply here."

CHANGED = "The schema changed while the app was open and was reloaded."

WHERE_SAID = "Data"
"""The page that lists invalid entries."""

ASSETS = Path(__file__).with_name("assets")
DATABASES: dict[str, tuple[str, str, Literal["orange", "blue", "green"]]] = {
    "demo": ("Demo data", ":material/science:", "orange"),
    "file": ("SQLite file", ":material/description:", "blue"),
    "d1": ("Cloudflare D1", ":material/cloud:", "green"),
}


def run() -> None:
    """Draw the layout and run the open page in it, if the visitor may see pages."""
    icon = str(ASSETS / "icon.svg")
    st.set_page_config(page_title="Meaux Analytics", page_icon=icon, layout="wide")
    if not door.enter():
        return
    page = pages.menu(visitor.current(), my_cards=own.has_page())
    st.set_page_config(page_title=f"{page.title} \N{EN DASH} Meaux Analytics")
    st.logo(str(ASSETS / "logo.svg"), icon_image=str(ASSETS / "icon.svg"), size="large")
    if not door.opens(pages.find(page.title)):
        return
    views.begin(pages.find(page.title))
    data.begin()
    head = st.container(gap="xsmall")
    try:
        given = data.current_settings()
        opened = data.current_source()
        views.draw()
        selection = filters.draw(given, page.title)
        door.mark()
    except MeauxError as error:
        _closed(page.title, str(error))
        return
    except Exception as error:  # noqa: BLE001  whatever it is, the reader may try again
        _closed(page.title, broken(f"The page {page.title}", error))
        return
    _title(head, page.title, selection, given, opened)
    with (
        error_boundary(f"The page {page.title}"),
        on_stage(partial(drawing.show, title=page.title)),
    ):
        page.run()
        if pages.find(page.title).filtered:
            rows.drawer(selection)
            content.drawer(selection)
    _strip(head, page.title, selection, given, opened)
    receipt.log(visitor.current(), page.title)
    with head:
        trial_mapping.mark(opened)
        if data.was_changed():
            st.info(CHANGED, icon=":material/sync:")
    _notice(head, page.title, [*data.current_plan().faults, *opened.faults, *own.faults()])
    st.session_state.pop("refresh", None)


def _closed(title: str, reason: str) -> None:
    """Draw the error that replaces a page if no database can be opened."""
    door.mark()
    st.title(title)
    st.error(escaped(reason), icon=":material/power_off:")
    st.caption(
        "Settings are read from .streamlit/secrets.toml or from environment variables. "
        "Without settings, the demo database opens."
    )
    st.button("Try again", on_click=data.try_again, icon=":material/refresh:", type="primary")


def _title(
    head: DeltaGenerator,
    title: str,
    selection: Selection,
    given: Settings,
    opened: Source,
) -> None:
    label, icon, colour = DATABASES[given.source]
    page = pages.find(title)
    with head, st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.title(title, anchor=False, width="content", help=page.about)
        st.badge(label, icon=icon, color=colour, help=escaped(opened.database.title))
    with head:
        st.markdown(escaped(_scope(title, selection)))
        chips.draw(title, selection)
        if words := filters.unmatched(selection):
            st.warning(escaped(words), icon=":material/group_off:")


def _scope(title: str, selection: Selection) -> str:
    """Say what a page covers: its period and filters, if these apply."""
    if pages.find(title).filtered:
        return selection.sentence
    if selection.only is None:
        return f"Covers the whole database. {UNFILTERED}"
    return f"Your teams only: {enumerated(selection.only)}. {UNFILTERED}"


def _strip(
    head: DeltaGenerator, title: str, selection: Selection, given: Settings, opened: Source
) -> None:
    """Draw the strip below the title, after the page has run: data age, refresh, link and files."""
    taken = receipt.current()
    with head, st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(escaped(_took(taken, given.rows_a_day)), width="stretch")
        st.button("Refresh data", on_click=data.refresh, icon=":material/refresh:", type="tertiary")
        link.draw(pages.find(title), selection)
        if not visitor.current().may("files"):
            return
        paper.button(pages.find(title), _scope(title, selection), selection, opened.database.title)
        files.button(
            "Export page",
            lambda: export.workbook(_sheets(taken, selection), taken.literal),
            export.file_name(title, selection.period, "xlsx"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            type="tertiary",
        )


def _notice(head: DeltaGenerator, title: str, found: list[Fault]) -> None:
    """Draw one line that counts invalid entries, if there are any."""
    if found and data.only() is None:
        words = f"{faults.counted_by_file(found)}; everything else is in use."
        with head, st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(f":material/info: {escaped(words)}", width="content")
            if title != WHERE_SAID and visitor.current().may("health"):
                pages.tab_link(WHERE_SAID, "Health", "Details")


def _took(taken: receipt.Receipt, limit: int | None) -> str:
    today = "" if limit is None else f". Today: {ROWS.used:,} of {limit:,} rows read"
    if taken.oldest is None or taken.newest is None:
        return f"No data loaded{today}."
    ages = dict.fromkeys(map(age, (taken.newest, taken.oldest)))
    read = "" if taken.rows_read is None else f", {counted(taken.rows_read, 'row')} read"
    calls = f", {counted(taken.calls, 'database call')}" if taken.calls else ", cached"
    stale = "".join(f". Refresh failed: {reason}" for reason in sorted(taken.stale))
    return f"Data loaded {', oldest '.join(ages)}{calls}{read}{stale}{today}"


def _sheets(taken: receipt.Receipt, selection: Selection) -> dict[str, pd.DataFrame]:
    """Return the workbook's sheets: the filters, the number cards, and each card's rows."""
    named = selection.named
    chosen = {
        "First day": str(selection.period.start),
        "Last day": str(selection.period.last),
        "Time zone": selection.zone,
        "Compared days": str(selection.comparable or "none"),
        "Comparison period": str(selection.compared or "none"),
        "Teams": ", ".join(named.get("team") or selection.only or ()) or "all",
        "Projects": ", ".join(named.get("project", ())) or "all",
        "People": ", ".join(named.get("person", ())) or "all",
    }
    about = pd.DataFrame(list(chosen.items()), columns=["filter", "value"])
    return {"Filters": about, "Figures": receipt.figures_frame(taken), **taken.sheets}
