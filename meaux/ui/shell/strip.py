"""Strip: the line below the title with the age of the data, and what can be done with the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from zoneinfo import ZoneInfo

import streamlit as st

from meaux.data.database import ROWS
from meaux.data.source import Source
from meaux.query import export
from meaux.query.export import Names
from meaux.query.filters import Selection
from meaux.query.workbook import About, Facts, facts, now_in, workbook
from meaux.ui import files, filters, pages, paper, visitor
from meaux.ui.live import wall
from meaux.ui.loading import data, receipt
from meaux.ui.shell import header, link
from meaux.ui.text import clock_time
from meaux.wording import counted, enumerated, few

BY_AN_OLDER_VERSION = (
    "The copy was loaded by an older version, so its age is unknown: run "
    "python -m meaux load clickhouse"
)


def loaded(taken: receipt.Receipt, limit: int | None, zone: str) -> str:
    """Say when the data were read, with how many calls, and how much of the day's limit is used."""
    today = "" if limit is None else f". Today: {ROWS.used:,} of {limit:,} rows read"
    if taken.oldest is None or taken.newest is None:
        return f"No data loaded{today}."
    times = dict.fromkeys(clock_time(at, zone) for at in (taken.newest, taken.oldest))
    read = "" if taken.rows_read is None else f", {counted(taken.rows_read, 'row')} read"
    calls = f", {counted(taken.calls, 'database call')}" if taken.calls else ", cached"
    stale = "".join(f". Refresh failed: {reason}" for reason in sorted(taken.stale))
    return f"Data loaded {', oldest '.join(times)}{calls}{read}{stale}{today}"


def copied(opened: Source, zone: str) -> str:
    """Say as of when a copy is complete, and what lags; nothing of a database that isn't one."""
    found = data.loaded(opened.database)
    if found is None:
        return ""
    if found.by_an_older_version:
        return f". {BY_AN_OLDER_VERSION}"
    as_of = f"as of {clock_time(found.at, zone)}" if found.at else "not complete yet"
    said = f". The copy is {as_of}"
    return f"{said}; still to load: {few(found.left)}" if found.left else said


def buttons(title: str, selection: Selection, opened: Source) -> None:
    """Draw the buttons of the strip below the title: refresh, link, print and export."""
    st.button("Refresh data", on_click=data.refresh, icon=":material/refresh:", type="tertiary")
    if wall.is_on():
        return
    link.draw(selection)
    if not visitor.current().may("files"):
        return
    paper.button(
        pages.find(title), header.scope(title, selection), selection, files.database(opened)
    )
    taken = receipt.current()
    files.button(
        "Export page",
        partial(_workbook, taken, _about(title, selection, taken, opened), filters.naming()),
        export.file_name(title, selection, "xlsx"),
        type="tertiary",
    )


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
