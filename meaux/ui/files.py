"""Files to download, and for whom each was made.

Streamlit serves a file to whoever knows its address, which it makes of the contents. So this
remembers whose rows the contents are: a person with teams gets only what was made for them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256
from threading import Lock
from typing import Any, Literal

import streamlit as st
from streamlit import runtime

from meaux.data.access import Access
from meaux.data.source import Source
from meaux.ui import visitor
from meaux.ui.loading import data

DATABASES: dict[str, tuple[str, str, Literal["orange", "blue", "green", "violet"]]] = {
    "demo": ("Demo data", ":material/science:", "orange"),
    "file": ("SQLite file", ":material/description:", "blue"),
    "d1": ("Cloudflare D1", ":material/cloud:", "green"),
    "clickhouse": ("Copy on ClickHouse", ":material/dns:", "violet"),
}
"""The name, icon and colour of each kind of database."""

KINDS = {
    "csv": "text/csv",
    "pdf": "application/pdf",
    "png": "image/png",
    "sql": "text/plain",
    "svg": "image/svg+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""The media type of each file, by the ending of its name."""
PATH = "/media/"
MOST = 10_000
"""Files that are remembered; people with teams must make an older one again."""

Made = tuple[bytes, str, tuple[str, ...] | None]

_made: OrderedDict[Made, None] = OrderedDict()
_lock = Lock()


def button(label: str, make: Callable[[], bytes], name: str, **how: Any) -> None:
    """Draw a download button whose file is made when it is pressed, for the page's visitor."""
    access = visitor.current()

    def made() -> bytes:
        content = make()
        remember(content, access)
        return content

    st.download_button(
        label,
        made,
        name,
        KINDS[name.rpartition(".")[2]],
        on_click="ignore",
        icon=":material/download:",
        **how,
    )


def database(opened: Source) -> str:
    """Return what kind of database is open, and its name, for a file."""
    return f"{DATABASES[data.current_settings().source][0]}: {opened.database.title}"


def remember(content: bytes, access: Access) -> None:
    """Remember for whom this was made, and forget the oldest if there are too many."""
    entry = _entry(content, access)
    with _lock:
        _made[entry] = None
        _made.move_to_end(entry)
        while len(_made) > MOST:
            _made.popitem(last=False)


def may_have(path: str, access: Access) -> bool:
    """Return whether somebody may have the file at this path.

    With teams, only what was made for the same person with the same teams; otherwise any.
    """
    if access.teams is None:
        return True
    file = runtime.get_instance().media_file_mgr.read_file(path.removeprefix(PATH))
    if file is None:
        return False
    with _lock:
        return _entry(file.content, access) in _made


def _entry(content: bytes, access: Access) -> Made:
    return sha256(content).digest(), access.who, access.teams
