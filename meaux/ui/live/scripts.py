"""Scripts: the components that do in the browser what Streamlit doesn't.

Each is a file of this server, because the pages' policy allows no other script. Streamlit knows
such a file from an installed package's manifest; this package isn't installed.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest
from streamlit.runtime import Runtime

from meaux.ui import ASSETS

PACKAGE = "meaux"
NAMES = ("presence", "arrival", "keyboard")


def mount(name: str, **how: Any) -> Any:
    """Mount a component and return its state; None without a server."""
    if not Runtime.exists():
        return None
    _declare()
    return _mounting(name)(key=name, width=1, height=1, **how)


def _declare() -> None:
    """Tell the server where the scripts are, once."""
    server = get_bidi_component_manager()
    if server.get_component_path(f"{PACKAGE}.{NAMES[0]}") is None:
        components = [ComponentConfig(name, name) for name in NAMES]
        server.register_from_manifest(ComponentManifest(PACKAGE, "1", components), ASSETS)


@lru_cache(maxsize=4)
def _mounting(name: str) -> Any:
    """Return the function that mounts a component."""
    return st.components.v2.component(f"{PACKAGE}.{name}", js=f"{name}.js")
