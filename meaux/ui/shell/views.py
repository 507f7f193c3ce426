"""Saved views: names for pages with their filters, listed in the sidebar.

They are in the state file, each with its owner: the signed-in person, or else the browser.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from urllib.parse import parse_qs, urlencode, urlsplit

import streamlit as st

from meaux.data import state
from meaux.data.settings import Settings
from meaux.data.state import View, Views
from meaux.data.state.views import LONGEST
from meaux.errors import MeauxError, StateError
from meaux.ui import choices, owner, pages, visitor
from meaux.ui.live import wall
from meaux.ui.loading import data
from meaux.ui.pages import MenuItem
from meaux.ui.serving import wanted
from meaux.ui.text import escaped

HOME, NONE = "Home", 0
"""The start page without a view, and its number."""
NOT_KEPT = (
    "To save views, allow this site's cookies in your browser: they tell which views are yours."
)
SAVED = "Saved. The view is listed in the sidebar."
KEPT_HERE = "Views are kept for this browser only. Copy a link to open one elsewhere."
"""Said if nobody is signed in."""
KNOWN, SAID, DROPPED = "views", "said of views", "dropped views"
LINK = (
    "color:inherit;text-decoration:none;display:block;padding:0.2rem 0;overflow-wrap:anywhere;"
    "line-height:1.35"
)
TITLE = "font-size:0.875rem;opacity:0.75;margin:0 0 0.15rem"


def begin(page: MenuItem) -> None:
    """Read the visitor's views at the start of a session, and open the one it starts with.

    A link that asks for a page or for filters is followed instead.
    """
    if KNOWN in st.session_state:
        return
    found = _read()
    first = next((view for view in found if view.starts), None)
    if first is None or page is not pages.PAGES[0] or len(st.query_params):
        return
    parts = urlsplit(first.link)
    item = _page(parts.path)
    if item and visitor.current().may(item.right):
        st.switch_page(item.entry(), query_params=parse_qs(parts.query, keep_blank_values=True))


def _page(path: str) -> MenuItem | None:
    address = path.rstrip("/")
    return next((one for one in (*pages.PAGES, pages.OWN) if one.address == address), None)


def _read() -> tuple[View, ...]:
    """Read the visitor's views, and keep them for the session; none if they can't be read."""
    found: tuple[View, ...] = ()
    who = owner.current()
    try:
        if who:
            with state.reading(state.path_of(data.current_settings())) as file:
                found = Views(file.connection, who).all() if file else ()
    except MeauxError as error:
        _say(str(error))
    st.session_state[KNOWN] = found
    return found


def draw(page: MenuItem) -> None:
    """List the visitor's views in the sidebar, with buttons to save this view and to edit them.

    A view opens as a link does, in a session of its own: what it doesn't say has its default.
    """
    if words := st.session_state.pop(SAID, ""):
        st.toast(escaped(words), icon=":material/bookmark:")
    found: tuple[View, ...] = st.session_state.get(KNOWN, ())
    if wall.is_on():
        return
    with st.sidebar, st.container(gap="xsmall"):
        if found:
            st.html(_listed(found, _here(page)))
        saves = st.button("Save this view", icon=":material/bookmark_add:", type="tertiary")
        edits = bool(found) and st.button("Edit views", icon=":material/edit:", type="tertiary")
    if saves:
        _saving(page)
    if edits:
        _read()
        st.session_state[DROPPED] = ()
        _editor()


def _here(page: MenuItem) -> str:
    """Return the link of the open page with its filters."""
    return wanted.known(page.address or "/", urlencode(choices.in_url(), doseq=True))


def _listed(found: Iterable[View], here: str) -> str:
    """Return the list of views as HTML; a name is text."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    before = f"/{base}" if base else ""
    items = "".join(
        f'<li><a href="{escape(before + view.link)}" style="{LINK}"{_current(view, here)}>'
        f"{escape(view.name)}{' (start page)' if view.starts else ''}</a></li>"
        for view in found
    )
    return (
        f'<nav aria-label="Saved views"><p style="{TITLE}">Saved views</p>'
        f'<ul style="list-style:none;margin:0;padding:0">{items}</ul></nav>'
    )


def _current(view: View, here: str) -> str:
    return ' aria-current="page"' if view.link == here else ""


@st.dialog("Save this view", icon=":material/bookmark_add:")
def _saving(page: MenuItem) -> None:
    """Draw a name and a button that save the open page with its filters.

    Saving closes the dialog; what is wrong is said in it.
    """
    if not owner.current():
        st.caption(NOT_KEPT)
        return
    link = _here(page)
    with st.form("save view", border=False, clear_on_submit=False):
        st.text_input(
            "Name of the view",
            key="view name",
            max_chars=LONGEST,
            placeholder=f"{page.title}, \N{HORIZONTAL ELLIPSIS}",
            label_visibility="collapsed",
        )
        st.form_submit_button(
            "Save view", on_click=_save, args=(link,), icon=":material/bookmark_add:"
        )
    _kept_here()
    if st.session_state.get(SAID) == SAVED:
        st.rerun()
    if words := st.session_state.pop(SAID, ""):
        st.warning(escaped(words), icon=":material/warning:")


def _kept_here() -> None:
    if visitor.section() is None:
        st.caption(KEPT_HERE)


def _save(link: str) -> None:
    name = str(st.session_state.get("view name") or "")
    if _change(lambda mine: mine.add(name, link)):
        st.session_state["view name"] = ""
        _say(SAVED)


def _change(change: Callable[[Views], None]) -> bool:
    """Change the visitor's views, and read them again; say what is wrong, if something is."""
    who = owner.current()
    try:
        given: Settings = data.current_settings()
        if not who:
            raise StateError(NOT_KEPT)
        with state.opened(state.path_of(given)) as file, file.step() as connection:
            mine = Views(connection, who)
            change(mine)
            st.session_state[KNOWN] = mine.all()
    except MeauxError as error:
        _say(str(error))
        return False
    return True


def _say(words: str) -> None:
    """Say something in the next run."""
    st.session_state[SAID] = words


@st.dialog("Saved views", icon=":material/bookmark:", on_dismiss="rerun")
def _editor() -> None:
    """Draw the views with their names to change, and the choice of the start page."""
    found: tuple[View, ...] = st.session_state[KNOWN]
    if words := st.session_state.pop(SAID, ""):
        st.warning(escaped(words), icon=":material/warning:")
    for view in found:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            key = f"view {view.id} {view.name}"
            st.text_input(
                f"Name of {escaped(view.name)}",
                view.name,
                max_chars=LONGEST,
                key=key,
                on_change=_rename,
                args=(view, key),
                label_visibility="collapsed",
            )
            st.button(
                "Delete",
                key=f"delete {view.id}",
                on_click=_drop,
                args=(view,),
                icon=":material/delete:",
                help=f"Delete {escaped(view.name)}",
            )
    for view in st.session_state[DROPPED]:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"Deleted: {escaped(view.name)}", width="stretch")
            st.button("Undo", key=f"undo {view.id}", on_click=_undo, args=(view,), type="tertiary")
    _start_page(found)
    _kept_here()


def _start_page(found: tuple[View, ...]) -> None:
    """Draw the choice of the view that the dashboard opens with."""
    names = {NONE: HOME, **{view.id: view.name for view in found}}
    first = next((view.id for view in found if view.starts), NONE)
    key = f"start page {first} of {' '.join(map(str, names))}"
    st.selectbox(
        "Start page",
        list(names),
        list(names).index(first),
        format_func=lambda id_: names.get(id_, HOME),
        key=key,
        on_change=_start,
        args=(key,),
        help="The dashboard opens with it, unless a link asks for a page or for filters.",
    )


def _rename(view: View, key: str) -> None:
    _change(lambda mine: mine.rename(view.id, str(st.session_state.get(key) or "")))


def _drop(view: View) -> None:
    if _change(lambda mine: mine.drop(view.id)):
        st.session_state[DROPPED] = (*st.session_state.get(DROPPED, ()), view)


def _undo(view: View) -> None:
    if _change(lambda mine: mine.add(view.name, view.link, starts=view.starts)):
        st.session_state[DROPPED] = tuple(v for v in st.session_state[DROPPED] if v != view)


def _start(key: str) -> None:
    id_ = int(st.session_state.get(key) or NONE)
    _change(lambda mine: mine.start(id_ or None))
