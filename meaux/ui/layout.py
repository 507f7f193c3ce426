"""Layout: the menu, filters and header around every page, and page-level errors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import Page as StreamlitPage

from meaux.data import faults
from meaux.data.database import ROWS
from meaux.data.faults import Fault
from meaux.data.settings import Settings
from meaux.data.source import Source
from meaux.errors import MeauxError
from meaux.query import export
from meaux.query.export import Names
from meaux.query.filters import Selection
from meaux.query.workbook import About, Facts, facts, now_in, workbook
from meaux.subjects.page import all_pages
from meaux.subjects.page import show as on_page
from meaux.subjects.page import stage as on_stage
from meaux.ui import (
    annotating,
    changes,
    chips,
    content,
    data,
    door,
    drawing,
    files,
    filters,
    link,
    live,
    own,
    pages,
    paper,
    receipt,
    rows,
    trial_mapping,
    views,
    visitor,
    wall,
)
from meaux.ui.error_boundary import broken, error_boundary
from meaux.ui.text import clock_time, escaped
from meaux.wording import counted, enumerated

UNFILTERED = "Period and filters don't apply here."

CHANGED = "The schema changed while the app was open and was reloaded."

WHERE_SAID = "Data"
"""The page that lists invalid entries."""

ASSETS = Path(__file__).with_name("assets")


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
    live.begin(title)
    head = st.container(gap="xsmall")
    top = head.container(gap="xsmall")
    strip = head.container(horizontal=True, vertical_alignment="center", gap="small")
    loaded = strip.container()
    followed = head.container()
    try:
        given = data.current_settings()
        opened = data.current_source()
        views.draw()
        selection = filters.draw(given, title, _place_of_filters(strip))
        door.mark()
    except MeauxError as error:
        _closed(title, str(error))
        return
    except Exception as error:  # noqa: BLE001  whatever it is, the reader may try again
        _closed(title, broken(f"The page {title}", error))
        return
    _title(top, title, selection, given, opened)
    filtered = pages.find(title).filtered
    with (
        error_boundary(f"The page {title}"),
        on_stage(partial(drawing.show, title=title)),
    ):
        _run(page, title)
        if filtered:
            rows.drawer(selection)
            changes.drawer(selection)
            content.drawer(selection)
    reason = live.why_not(selection, receipt.current().asks, filtered=filtered)
    loaded.caption(escaped(_took(receipt.current(), given.rows_a_day, selection.zone)))
    with strip:
        live.switch(reason)
        _buttons(title, selection, opened)
    receipt.log(visitor.current(), title)
    with head:
        trial_mapping.mark(opened)
        if data.was_changed():
            st.info(CHANGED, icon=":material/sync:")
    mistakes = [*data.current_plan().faults, *own.faults(), *annotating.faults()]
    _notice(head, title, [*opened.faults, *mistakes])
    st.session_state.pop("refresh", None)
    live.follow(followed, title, selection, given, reason)


def _run(page: StreamlitPage, title: str) -> None:
    """Run the opened page, or on a wall the cards of the page whose turn it is."""
    if page.title == title:
        page.run()
    else:
        [items] = [one.items for one in all_pages() if one.title == title]
        on_page(*items)


def _place_of_filters(strip: DeltaGenerator) -> DeltaGenerator:
    """Return the sidebar; on a wall, a popover in the strip."""
    if not wall.is_on():
        return st.sidebar
    with strip:
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


def _title(
    head: DeltaGenerator,
    title: str,
    selection: Selection,
    given: Settings,
    opened: Source,
) -> None:
    label, icon, colour = files.DATABASES[given.source]
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


def _buttons(title: str, selection: Selection, opened: Source) -> None:
    """Draw the buttons of the strip below the title: refresh, link, print and export."""
    st.button("Refresh data", on_click=data.refresh, icon=":material/refresh:", type="tertiary")
    if wall.is_on():
        return
    link.draw(pages.find(title), selection)
    if not visitor.current().may("files"):
        return
    paper.button(pages.find(title), _scope(title, selection), selection, opened.database.title)
    taken = receipt.current()
    files.button(
        "Export page",
        partial(_workbook, taken, _about(title, selection, taken, opened), filters.naming()),
        export.file_name(title, selection, "xlsx"),
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


def _took(taken: receipt.Receipt, limit: int | None, zone: str) -> str:
    today = "" if limit is None else f". Today: {ROWS.used:,} of {limit:,} rows read"
    if taken.oldest is None or taken.newest is None:
        return f"No data loaded{today}."
    times = dict.fromkeys(clock_time(at, zone) for at in (taken.newest, taken.oldest))
    read = "" if taken.rows_read is None else f", {counted(taken.rows_read, 'row')} read"
    calls = f", {counted(taken.calls, 'database call')}" if taken.calls else ", cached"
    stale = "".join(f". Refresh failed: {reason}" for reason in sorted(taken.stale))
    return f"Data loaded {', oldest '.join(times)}{calls}{read}{stale}{today}"


def _workbook(taken: receipt.Receipt, about: About, naming: Callable[[], Names]) -> bytes:
    """Return the page's workbook: what it is, the number cards, and each card's rows."""
    names = naming()
    figures = receipt.figures_sheet(taken, data.defined)
    sheets = [*([figures] if taken.figures else []), *taken.sheets.values()]
    return workbook(
        [
            one if one.literal else replace(one, frame=export.for_people(one.frame, names))
            for one in sheets
        ],
        replace(about, facts={**about.facts, "Made": now_in(about.zone)}),
    )


def _about(title: str, selection: Selection, taken: receipt.Receipt, opened: Source) -> About:
    """Return what the page's workbook is: its filters in words, its database, and its time."""
    told: Facts = {"Covers": _plainly_whole(selection)}
    if pages.find(title).filtered:
        told = facts(selection)
    told |= taken.choices
    told["Database"] = files.database(opened)
    if taken.oldest:
        told["Data read"] = taken.oldest.astimezone(ZoneInfo(selection.zone)).replace(tzinfo=None)
    return About(f"{title} \N{EN DASH} Meaux Analytics", told, selection.zone)


def _plainly_whole(selection: Selection) -> str:
    only = selection.only
    return "The whole database" if only is None else f"Only the teams {enumerated(only)}"
