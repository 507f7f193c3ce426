"""The settings in force, as an admin reads them: never a secret, no folder of this machine."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from meaux.data.plan import TABLES, Plan
from meaux.data.settings import SETTINGS, Secret, Settings

UNSET = "not set"


def in_force(settings: Settings, plan: Plan) -> pd.DataFrame:
    """Return a row for each setting: its name, its value in words, and whether it is the default.

    Budgets and access rules are lists of entries, and have no rows.
    """
    rows = [
        (
            one.variable,
            _shown(name, getattr(settings, name)),
            getattr(settings, name) == one.default,
        )
        for name, one in SETTINGS.items()
    ]
    tables: dict[str, Any] = {
        "thresholds": plan.thresholds,
        "capacity": plan.capacity,
        "allowances": plan.allowances,
        "api": plan.serving,
    }
    for table, held in tables.items():
        rows += [
            (
                f"{table}.{name}",
                _shown(name, getattr(held, name)),
                getattr(held, name) == one.default,
            )
            for name, one in TABLES[table].items()
        ]
    return pd.DataFrame(
        [(name, value, "yes" if default else "no") for name, value, default in rows],
        columns=["setting", "value", "default"],
    )


def _shown(name: str, value: Any) -> str:
    if isinstance(value, Secret):
        return "set" if value else UNSET
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    words = ", ".join(value) if isinstance(value, tuple) else str("" if value is None else value)
    return SAFE.get(name, str)(words) or UNSET


def _without_password(address: str) -> str:
    parts = urlsplit(address)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="").geturl()


def _file_name(path: str) -> str:
    return PurePath(path).name


SAFE = {
    "base_url": _without_password,
    "url": _without_password,
    "database": _file_name,
    "keys_file": _file_name,
    "state_file": _file_name,
    "cards_folder": _file_name,
    "notes_file": _file_name,
}
"""How settings are shown that may contain more than anybody should read."""
