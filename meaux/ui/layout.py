"""Layout: the menu, filters and header around every page, and page-level errors."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import Page as StreamlitPage

from meaux.data.settings import Settings
from meaux.data.source import Source
from meaux.errors import MeauxError
from meaux.query.filters import Selection
from meaux.subjects.page import all_pages
from meaux.subjects.page import show as on_page
from meaux.subjects.page import stage as on_stage
from meaux.ui import ASSETS, annotating, door, drawing, filters, own, pages, visitor
from meaux.ui.drawer import changes, content, rows
from meaux.ui.error_boundary import broken, error_boundary
from meaux.ui.live import following, scripts, wall
from meaux.ui.loading import data, receipt, trial_mapping
from meaux.ui.shell import header, strip, views
from meaux.ui.text import escaped

NO_TABLES = "This database has no tables yet. Each card fills once its table exists and has rows."
NO_KNOWN_TABLES = (
    "The dashboard knows none of this database's tables. The page Data, Health, suggests which of "
    "them could be used, and how to map them."
)
CHANGED = "The schema changed while the app was open and was reloaded."


@dataclass(frozen=True)
class _Frame:
    """The places above a page's cards: title, strip with the age of the data, line of Live."""

    head: DeltaGenerator
    top: DeltaGenerator
    strip: DeltaGenerator
    loaded: DeltaGenerator
    followed: DeltaGenerator


def run() -> None:
    """Draw the layout and run the open page in it, if the visitor may see pages."""
    st.set_page_config("Meaux Analytics", str(ASSETS / "icon.svg"), "wide")
    if not door.enter():
        return
    page = pages.menu(visitor.current(), my_cards=own.has_page(), hidden=wall.is_on())
    title = wall.shown(page.title)
    st.set_page_config(page_title=f"{title} \N{EN DASH} Meaux Analytics")
    if not wall.is_on():
        st.logo(str(ASSETS / "logo.svg"), icon_image=str(ASSETS / "icon.svg"), size="large")
    if not door.opens(pages.find(title)):
        return
    views.begin(pages.find(title))
    data.begin()
    following.begin(title)
    frame = _frame()
    try:
        given, opened = data.current_settings(), data.current_source()
        views.draw(pages.find(title))
        selection = filters.draw(given, title, _place_of_filters(frame.strip))
        door.mark()
    except MeauxError as error:
        _closed(title, str(error))
        return
    except Exception as error:  # noqa: BLE001  whatever it is, the reader may try again
        _closed(title, broken(f"The page {title}", error))
        return
    with frame.top:
        header.draw(title, selection, given, opened)
    _cards(page, title, selection)
    _around(frame, title, selection, given, opened)


def _frame() -> _Frame:
    head = st.container(gap="xsmall")
    top = head.container(gap="xsmall")
    line = head.container(horizontal=True, vertical_alignment="center", gap="small")
    return _Frame(head, top, line, line.container(), head.container())


def _cards(page: StreamlitPage, title: str, selection: Selection) -> None:
    """Run the page, and draw the drawer that the URL opens."""
    with error_boundary(f"The page {title}"), on_stage(partial(drawing.show, title=title)):
        _run(page, title)
        if pages.find(title).filtered:
            rows.drawer(selection)
            changes.drawer(selection)
        content.drawer(selection)


def _around(
    frame: _Frame, title: str, selection: Selection, given: Settings, opened: Source
) -> None:
    """Fill the strip and the notices, after the page has run."""
    filtered, taken = pages.find(title).filtered, receipt.current()
    reason = following.why_not(selection, taken.asks, filtered=filtered)
    words = strip.loaded(taken, given.rows_a_day, selection.zone)
    frame.loaded.caption(escaped(words + strip.copied(opened, selection.zone)))
    with frame.strip:
        following.switch()
        strip.buttons(title, selection, opened)
    receipt.log(visitor.current(), title)
    of_files = [*data.current_plan().faults, *opened.faults, *own.faults(), *annotating.faults()]
    with frame.head:
        trial_mapping.mark(opened)
        if data.was_changed():
            st.info(CHANGED, icon=":material/sync:")
        header.notice(title, of_files)
        if words := wall.wrong():
            st.warning(escaped(words), icon=":material/tv_off:")
        if not opened.binding.tables:
            words = NO_KNOWN_TABLES if opened.catalog.tables else NO_TABLES
            st.info(words, icon=":material/database:")
    st.session_state.pop("refresh", None)
    following.follow(frame.followed, title, selection, given, reason)
    scripts.mount("keyboard")


def _run(page: StreamlitPage, title: str) -> None:
    """Run the opened page, or on a wall the cards of the page whose turn it is."""
    if page.title == title:
        page.run()
    else:
        [items] = [one.items for one in all_pages() if one.title == title]
        on_page(*items)


def _place_of_filters(line: DeltaGenerator) -> DeltaGenerator:
    """Return the sidebar; on a wall, a popover in the strip."""
    if not wall.is_on():
        return st.sidebar
    with line:
        place = st.popover("Filters", icon=":material/filter_list:", type="tertiary")
        wall.way_out()
    return place


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
