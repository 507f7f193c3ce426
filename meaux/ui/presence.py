"""Presence: whether somebody can look at the page, as a component in the browser tells it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest
from streamlit.runtime import Runtime

PACKAGE, NAME = "meaux", "presence"
COMPONENT = f"{PACKAGE}.{NAME}"
ASSETS = Path(__file__).with_name("assets")
HIDDEN, BUSY = "hidden", "busy"
"""Why nobody is looking: the tab is hidden, or a dialog or menu is open."""


def away() -> str:
    """Mount the component and return why nobody is looking; empty if somebody is, or it is unknown.

    A change reruns the fragment that calls this.
    """
    if not Runtime.exists():
        return ""
    _declare()
    told: Any = _mounting()(
        key=NAME, default={"away": ""}, width=1, height=1, on_away_change=_nothing
    )
    words = str(told.away)
    return words if words in (HIDDEN, BUSY) else ""


def _declare() -> None:
    """Tell the server where the component's script is, once.

    The script is a file of this server, because the pages' policy allows no other. Streamlit knows
    such a file from an installed package's manifest; this package isn't installed.
    """
    server = get_bidi_component_manager()
    if server.get_component_path(COMPONENT) is None:
        manifest = ComponentManifest(PACKAGE, "1", [ComponentConfig(NAME, NAME)])
        server.register_from_manifest(manifest, ASSETS)


@lru_cache(maxsize=1)
def _mounting() -> Any:
    """Return the function that mounts the component."""
    return st.components.v2.component(COMPONENT, js="presence.js")


def _nothing() -> None:
    """Do nothing: the fragment reads the state itself."""
