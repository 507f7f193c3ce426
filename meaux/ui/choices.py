"""Choices: the filters that a mark, a row or a chip sets and takes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import cast

import streamlit as st

from meaux.data.categories import NAMES as CATEGORIES
from meaux.query.filters import PRESETS, Period
from meaux.query.filters.period import DAY as ONE_DAY
from meaux.subjects.projects.frames import STATUS_ORDER
from meaux.ui import pages

CUSTOM = "Custom"
PERIODS = {label: name for name, (label, _) in PRESETS.items()}
DEFAULT_PERIOD = PRESETS["30d"][0]

LABELS = {
    "team": "Team",
    "project": "Project",
    "person": "Person",
    "category": "Category",
    "service": "Model or service",
    "worker": "Worker",
    "status": "Status",
}
"""Each filter's name in words."""
NAMED = ("team", "project", "person")
"""The filters of every page, whose values are names that the sidebar offers."""
IN_URL = {"category": "cost_category", "service": "service", "worker": "worker"}
"""The filters that some pages have besides, by their key in the URL; the sidebar has none."""
FIELDS = {
    "team": "teams",
    "project": "projects",
    "person": "people",
    "category": "categories",
    "service": "services",
    "worker": "workers",
}
"""The filters that narrow a selection, by their names in it."""

DAY = "day"
"""What a mark of a day, week or month stands for: it sets the period."""
BACK = "back"
"""The key in the URL of the period before a mark set another."""
MOST_VALUES = 100
"""The most values of a filter in the URL that are read."""
LONGEST = 200
"""The longest of them, in characters."""


def noun(kind: str) -> str:
    """Return a filter's name inside a sentence."""
    return LABELS[kind] if kind == "worker" else LABELS[kind].lower()


def offered(page: str) -> tuple[str, ...]:
    """Return the filters that the page with this title has."""
    item = pages.find(page)
    return (*NAMED, *item.narrowed_by) if item.filtered else ()


def in_url() -> dict[str, list[str]]:
    """Return all values of the open page's URL, by key."""
    return {key: st.query_params.get_all(key) for key in st.query_params}


def here() -> tuple[str, ...]:
    """Return the filters of the page that is drawn."""
    return cast("tuple[str, ...]", st.session_state.get("filters here", ()))


def is_set(kind: str) -> bool:
    """Return whether a filter is set; of days, whether a mark has set the period."""
    return is_of_days() if kind == DAY else bool(get(kind))


def of_url(page: str) -> dict[str, tuple[str, ...]]:
    """Return what the URL chooses of the filters that only some pages have."""
    return {FIELDS[kind]: get(kind) for kind in offered(page) if kind in IN_URL}


def get(kind: str) -> tuple[str, ...]:
    """Return the values that a filter is set to."""
    if kind not in IN_URL:
        # A filter that is drawn below the chips has its first value from the URL.
        first = st.query_params.get_all(kind)[:MOST_VALUES]
        if kind == "status":
            first = [one for one in first if one in STATUS_ORDER]
        return tuple(st.session_state.get(kind, first) or ())
    given = st.query_params.get_all(IN_URL[kind])[:MOST_VALUES]
    known = [one[:LONGEST] for one in given if kind != "category" or one in CATEGORIES]
    return tuple(sorted(dict.fromkeys(known)))


def put(kind: str, values: Sequence[str]) -> None:
    """Set a filter to some values; none takes it back. Only in a callback."""
    if kind not in IN_URL:
        st.session_state[kind] = list(values)
    elif values:
        st.query_params[IN_URL[kind]] = list(values)
    else:
        st.query_params.pop(IN_URL[kind], None)


def toggle(wanted: Mapping[str, Sequence[str]]) -> None:
    """Set some filters; if all of them are so already, take them back."""
    is_set = all(set(get(kind)) == set(values) for kind, values in wanted.items())
    for kind, values in wanted.items():
        put(kind, () if is_set else values)


def toggle_days(period: Period, now: Period) -> None:
    """Set the period to some days, or take them back if a mark has set it to just these."""
    if is_of_days() and period == now:
        take_days_back()
        return
    if not is_of_days():
        label = st.session_state.get("period", CUSTOM)
        dates = f"{now.start}..{now.last}"
        st.query_params[BACK] = dates if label == CUSTOM else label
    _set_days(period)


def is_of_days() -> bool:
    """Return whether a mark has set the period."""
    return BACK in st.query_params and st.session_state.get("period") == CUSTOM


def take_days_back() -> None:
    """Set the period to what it was before a mark set it. Only in a callback."""
    words = st.query_params.get(BACK, "")
    st.query_params.pop(BACK, None)
    first, _, last = words.partition("..")
    try:
        _set_days(Period(date.fromisoformat(first), date.fromisoformat(last) + ONE_DAY))
    except ValueError:
        st.session_state["period"] = words if words in PERIODS else DEFAULT_PERIOD


def _set_days(period: Period) -> None:
    st.session_state["period"] = CUSTOM
    st.session_state["days"] = (period.start, period.last)
    if "days" not in st.query_params:
        # Streamlit writes the value of a widget into the URL from its second run on.
        st.query_params["days"] = [str(period.start), str(period.last)]


def options(kind: str) -> Mapping[str, str]:
    """Return the ids of the values of a filter in the sidebar, by their names."""
    offered = cast("Mapping[str, Mapping[str, str]]", st.session_state.get("options", {}))
    return offered.get(kind, {})
