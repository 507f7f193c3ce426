"""Keep as a card: the statement in the SQL console as a card's file, to copy, download or save."""

from __future__ import annotations

import streamlit as st

from meaux.subjects.health.sql import Reading
from meaux.subjects.own import folder, keeping
from meaux.subjects.own.heading import CHARTS, MY_CARDS
from meaux.ui import files, visitor
from meaux.ui.loading import data
from meaux.ui.text import escaped

SAVED = "saved card"
REMOVE = "To remove the card, delete that file."
OF_QUICK_CHART = {"Bars": "bars", "Line": "lines"}
"""The chart of a card, by the quick chart on the screen."""


def draw(reading: Reading, values: tuple[str, ...], quick_chart: str) -> None:
    """Draw the text of the file, with its title, chart and page to choose."""
    with st.expander("Keep as a card", icon=":material/bookmark_add:"):
        tables = sorted({name for names in reading.tables.values() for name in names})
        guessed = keeping.title_of(", ".join(tables).replace("_", " ").capitalize())
        with st.container(horizontal=True, vertical_alignment="bottom"):
            title = st.text_input("Title", guessed, key="card title", max_chars=100)
            first = CHARTS.index(OF_QUICK_CHART.get(quick_chart, "table"))
            chart = st.selectbox("Chart", CHARTS, first, key=f"card chart {first}")
            page = st.selectbox("Page", [MY_CARDS, *folder.pages()], key="card page")
        model = data.current_source().binding.model
        text = keeping.text_of(title or "", chart, page, reading, values, model)
        name = keeping.file_name(keeping.title_of(title or ""))
        st.code(text, language="sql", wrap_lines=True)
        where = folder.folder_of(data.current_settings().cards_folder).name
        st.caption(escaped(_where(where, name)))
        with st.container(horizontal=True, vertical_alignment="center"):
            if visitor.current().may("files"):
                files.button("Download file", text.encode, name, key="card file")
            if may_save():
                _saving(title or "", name, text)


def _where(folder_: str, name: str) -> str:
    """Say where the file belongs, and what saves it here."""
    if may_save():
        return f"The file is {name} in the folder {folder_}. docs/cards.md explains it."
    return (
        f"Put it as {name} into the folder {folder_} beside app.py; create the folder if there is "
        "none. Admins can save it here if MEAUX_SAVE_CARDS=yes is set (docs/cards.md)."
    )


def may_save() -> bool:
    """Return whether the visitor may save a card's file on the server.

    People who came in without sign-in because everybody may are nobody in particular.
    """
    given, access = data.current_settings(), visitor.current()
    return given.save_cards and access.may("cards") and not (given.open_to_all and not access.who)


def _saving(title: str, name: str, text: str) -> None:
    """Draw the button that saves the file; a file of that name is replaced only if confirmed."""
    said, of = st.session_state.get(SAVED, ("", ""))
    place = folder.folder_of(data.current_settings().cards_folder)
    is_there = (place / name).exists()
    is_saved = of == text and is_there
    replaces = is_there and not is_saved and st.checkbox(f"Replace {name}", key=f"replace {name}")
    st.button(
        "Save card",
        on_click=_save,
        args=(title, text, replaces),
        disabled=is_there and not replaces,
        icon=":material/save:",
        type="primary",
    )
    if of == text and said:
        st.markdown(escaped(said))
    elif is_there:
        st.markdown(escaped(f"There is a file {name} already."))


def _save(title: str, text: str, replaces: bool) -> None:  # noqa: FBT001  a callback's argument
    if not may_save():
        return
    place = folder.folder_of(data.current_settings().cards_folder)
    try:
        saved = keeping.save(place, keeping.title_of(title), text, replaces=replaces)
    except keeping.Unsaved as reason:
        st.session_state[SAVED] = str(reason), text
    else:
        st.session_state[SAVED] = f"Saved as {saved}. {REMOVE}", text
